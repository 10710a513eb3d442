"""The exercises on scores and softmax accept what is right in another form, and tell the traps apart."""

import numpy as np
import pytest

from gdlib.exercises import find_exercise
from gdlib.exercises.judge import judge


def loss_by_cases(z, y):
    return np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))


def softmax_by_logarithms(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))


def slopes_row_by_row(Z, y):
    slopes = softmax_by_logarithms(Z)
    for i, each in enumerate(y):
        slopes[i, each] -= 1
    return slopes / len(Z)


@pytest.mark.parametrize(
    ("name", "answer"),
    [("stable", loss_by_cases), ("softmax", softmax_by_logarithms), ("softmax-slope", slopes_row_by_row)],
)
def test_another_form_is_right(name, answer):
    assert judge(find_exercise(f"classification-{name}"), answer)


@pytest.mark.parametrize(
    ("name", "answer", "mistake"),
    [
        ("stable", lambda z, y: np.log(1 + np.exp((1 - 2 * y) * z)), "overflow, class by class"),
        ("stable", lambda z, y: -np.log(np.where(y == 1, p := 1 / (1 + np.exp(-z)), 1 - p)), "overflow in p"),
        ("softmax", lambda Z: (e := np.exp(Z)) / e.sum(axis=1, keepdims=True), "max not taken"),
        ("softmax", lambda Z: (e := np.exp(Z - Z.max())) / e.sum(axis=1, keepdims=True), "max of the whole table"),
    ],
)
def test_what_overflows_is_named(name, answer, mistake):
    assert judge(find_exercise(f"classification-{name}"), answer).mistake == mistake
