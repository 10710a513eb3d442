"""The first exercises on a network accept what is right in another form, and what they count has been counted."""

import numpy as np
import pytest

from gdlib.exercises import find_exercise
from gdlib.exercises.judge import judge
from gdlib.exercises.network import LEARN_XOR, STARTS

CORNERS, XOR = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0.0, 1, 1, 0])


def learnt(starts):
    """Return how many of these starts learn XOR: two tanh neurons, log-loss, batch, η = 0.5, 2,000 steps."""
    A = np.column_stack([CORNERS, np.ones(4)]).T
    hidden, v, c = starts[:, :6].reshape(-1, 2, 3), starts[:, 6:8], starts[:, 8:]
    for _ in range(2000):
        h = np.tanh(hidden @ A)
        delta = (1 / (1 + np.exp(-(np.einsum("sj,sjn->sn", v, h) + c))) - XOR) / 4
        deltas = delta[:, np.newaxis] * v[:, :, np.newaxis] * (1 - h * h)
        v = v - 0.5 * np.einsum("sjn,sn->sj", h, delta)
        c = c - 0.5 * delta.sum(axis=1, keepdims=True)
        hidden = hidden - 0.5 * deltas @ A.T
    z = np.einsum("sj,sjn->sn", v, np.tanh(hidden @ A)) + c
    return int(((np.logaddexp(0, z) - XOR * z).mean(axis=1) < 0.1).sum())


def test_about_half_of_some_starts_learn_xor():
    assert 0.4 < learnt(np.random.default_rng(1).standard_normal((STARTS, 9))[:100]) / 100 < 0.6


@pytest.mark.long
def test_all_starts_are_counted():
    assert learnt(np.random.default_rng(1).standard_normal((STARTS, 9))) == LEARN_XOR


@pytest.mark.parametrize("answer", [[0.5] * 4, np.full(4, 0.5), 1 / 2])
def test_the_line_on_xor_may_be_said_corner_by_corner(answer):
    assert judge(find_exercise("network-predict-xor"), answer)


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (XOR, "the targets"),
        (XOR.tolist(), "the targets"),
        ([0, 1, 0, 1], "x₂ alone"),
        ([1, 1, 0, 0], "x₁ turned round"),
        ([0, 1, 1, 2], "both switches added"),
        (0, "0"),
        (np.ones(4), "1"),
    ],
)
def test_other_lines_on_xor_have_their_names(answer, mistake):
    assert judge(find_exercise("network-predict-xor"), answer).mistake == mistake


def by_inverse(s, t):
    z, w = np.log(s / (1 - s)), np.arctanh(t)
    return [np.exp(-z) / (1 + np.exp(-z)) ** 2, 1 / np.cosh(w) ** 2]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("sigma-slope", by_inverse),
        ("count", lambda d, m, K: m * d + m + K * m + K),
        ("count", lambda d, m, K: np.zeros((m, d + 1)).size + np.zeros((K, m + 1)).size),
        ("delta", np.array([-0.54, -0.0])),
        ("forward", np.float64(-0.6)),
        ("predict-zero", 1.0),
        ("predict-slip", "larger"),
    ],
)
def test_another_form_is_right(name, answer):
    assert judge(find_exercise(f"network-{name}"), answer)


def test_one_slope_that_is_right_is_told_from_the_other():
    reply = judge(find_exercise("network-sigma-slope"), lambda s, t: (s * (1 - s), 1 - t))
    assert reply.mistake == "1 − h"
    assert reply.text.startswith("Right: σ′. Not yet: tanh′.")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda s, t: (s * (1 - s), t * (1 - t)), "σ′ is right. tanh has σ's slope"),
        (lambda s, t: (1 - s**2, 1 - t**2), "tanh′ is right. σ has tanh's slope"),
        (lambda s, t: (1 - s**2, t * (1 - t)), "Each has the other's slope"),
        (lambda s, t: s * (1 - s), "It returns a single number; a list of 2 numbers was asked: σ′, tanh′."),
    ],
)
def test_one_slope_for_both_is_not_called_changed_over(answer, said):
    assert judge(find_exercise("network-sigma-slope"), answer).text.startswith(said)


def test_one_delta_that_is_right_is_told_from_the_other():
    assert judge(find_exercise("network-delta"), [-0.54, 3]).text.startswith("Right: δ₁. Not yet: δ₂.")


@pytest.mark.parametrize(("answer", "mistake"), [([-0.9, 0], "v left out"), ([-0.9, -0.9], "v and the gate left out")])
def test_missing_links_of_a_delta_are_counted(answer, mistake):
    assert judge(find_exercise("network-delta"), answer).mistake == mistake
