"""Scores, probabilities and slopes of the exercises on classes, held against their definitions."""

import numpy as np
import pytest

from gdlib.exercises.measuring import measured_slopes
from gdlib.exercises.scores import (
    by_score,
    comparable,
    cost,
    first_below,
    gradient,
    log_loss,
    separable,
    sigmoid,
    softmax,
    step,
    with_ones,
)

Z = np.array([-3.0, -0.5, 0.0, 2.0])
Y = np.array([0, 1, 1, 0])


def test_scores_give_what_the_formulas_give_where_these_can_be_computed():
    assert sigmoid(Z) == pytest.approx(1 / (1 + np.exp(-Z)))
    assert log_loss(Z, Y) == pytest.approx(cost(sigmoid(Z), Y))
    assert softmax(Z) == pytest.approx(np.exp(Z) / np.exp(Z).sum())
    assert by_score(Z, Y) == pytest.approx(measured_slopes(lambda z: log_loss(z, Y).sum(), Z), abs=1e-9)


def test_scores_of_any_size_are_no_trouble():
    assert sigmoid(np.array([-1000.0, 1000.0])) == pytest.approx([0, 1])
    assert log_loss(np.array([-1000.0, 1000.0]), np.array([1, 1])) == pytest.approx([1000, 0])
    assert softmax(np.array([1000.0, -1000.0])) == pytest.approx([1, 0])


def test_a_step_is_one_of_the_gradient_on_a_single_row():
    theta, x = np.array([0.5, -0.5, 0.2]), np.array([[2.0, 1.0]])
    expected = theta - 0.4 * gradient(by_score)(x, np.array([0.0]), theta)
    assert step(by_score)(theta, x[0], 0.0, 0.4) == pytest.approx(expected)
    assert with_ones(x).tolist() == [[2, 1, 1]]


@pytest.mark.parametrize("m", [1, 2])
def test_the_first_step_below_is_the_first(m):
    x, y = separable()
    k = first_below(lambda z, y: log_loss(z, y).mean(), by_score)(x, y, 1.0, m)
    w, losses = 0.0, []
    for _ in range(k):
        w = w - (by_score(w * x, y) * x).mean()
        losses.append(log_loss(w * x, y).mean())
    assert losses[-1] < 10.0**-m <= losses[-2]


def test_what_is_no_number_can_be_compared():
    assert comparable(np.array([0.5, np.inf, np.nan, -np.inf])).tolist() == [0.5, -2, -3, -2]
