"""The exercises on classes accept what is right in another form, and see overflow for what it is."""

import math

import numpy as np
import pytest

from gdlib.exercises import find_exercise
from gdlib.exercises.judge import judge


def piecewise(z):
    z = np.asarray(z, dtype=float)
    powers = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + powers), powers / (1 + powers))


def pull(x, y, theta):
    a = np.append(x, 1)
    return (piecewise(a @ theta) - y) * a


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("score", lambda p: -np.log(1 / p - 1)),
        ("score", lambda p: np.log(p) - np.log1p(-np.asarray(p))),
        ("score", lambda p: 2 * np.arctanh(2 * p - 1)),
        ("log-loss", lambda p, y: -np.log(np.where(y == 1, p, 1 - np.asarray(p)))),
        ("gradient", lambda X, y, theta: sum(map(pull, X, y, [theta] * len(X))) / len(X)),
        ("border", lambda theta, x1: np.roots([theta[1], theta[0] * x1 + theta[2]])[0]),
    ],
)
def test_another_form_is_right(name, answer):
    assert judge(find_exercise(f"classification-{name}"), answer)


def test_scores_found_by_a_search_are_right():
    def score(p):
        low, high = np.full(np.shape(p), -50.0), np.full(np.shape(p), 50.0)
        for _ in range(80):
            middle = (low + high) / 2
            above = piecewise(middle) > p
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return low

    assert judge(find_exercise("classification-score"), score)


@pytest.mark.parametrize("number", [200, 200.0, np.array([200])])
def test_a_number_stands_for_the_choice_that_has_it_in_words(number):
    assert judge(find_exercise("classification-predict-push"), number)
    assert judge(find_exercise("classification-predict-push"), number / 10).mistake == "chose “20 times”"


@pytest.mark.parametrize(
    ("answer", "cure"),
    [
        (lambda p: np.log(p / (1 - p)) if p > 0 else 0, "`np.where` chooses entry by entry."),
        (lambda p: math.log(p / (1 - p)), "for arrays there are `np.exp` and `np.log`."),
    ],
)
def test_what_takes_a_single_number_is_told_how_an_array_is_taken(answer, cure):
    assert judge(find_exercise("classification-score"), answer).text.endswith(cure)


def test_an_unknown_gradient_is_told_where_it_differs_first():
    said = judge(find_exercise("classification-gradient"), lambda X, y, theta: 0.3 + 0 * theta).text
    assert said.startswith("Your result and the measured one differ first on: X = [[")


def test_no_data_set_has_as_many_rows_as_parameters():
    """A table that is turned must not fit by chance."""
    assert all(len(X) != len(theta) for X, _, theta in find_exercise("classification-gradient").cases)
    assert all(len(Z) != len(Z.T) for Z, _ in find_exercise("classification-softmax-slope").cases)
