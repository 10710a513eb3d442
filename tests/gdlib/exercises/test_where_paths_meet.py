"""The exercises near a kink and on shared weights accept what is right in another form, and tell the traps apart."""

import numpy as np
import pytest

from gdlib.exercises import find_exercise
from gdlib.exercises.judge import judge


@pytest.mark.parametrize("h", [1e-3, 1e-5, 1e-7])
def test_any_nudge_that_stays_on_its_side_will_do(h):
    assert judge(find_exercise("network-kink"), lambda loss, w: (loss(w + h) - loss(w - h)) / (2 * h))


def test_kinks_lie_as_far_away_as_the_question_says():
    for loss, w in find_exercise("network-kink").cases:
        away = np.sort([abs(w + loss.b / x) for x in loss.x])
        assert 1e-3 < away[0] < 1e-2 < 0.1 < away[1]
        assert loss.slope(w) == pytest.approx((loss(w + 1e-6) - loss(w - 1e-6)) / 2e-6, rel=1e-7)
        assert loss.slope(w) != pytest.approx(loss.slope(-loss.b / loss.x[0] * 2 - w), rel=0.1)  # the other side


def test_a_long_nudge_and_one_to_one_side_are_told_apart():
    asked = find_exercise("network-kink")
    long = judge(asked, lambda loss, w: (loss(w + 0.01) - loss(w - 0.01)) / 0.02)
    one_sided = judge(asked, lambda loss, w: (loss(w + 1e-4) - loss(w)) / 1e-4)
    assert "across the kink" in long.text
    assert "to one side" in one_sided.text


@pytest.mark.parametrize("h", [1e-11, 1e-12, 1e-13, 1e-14, 1e-15, np.finfo(float).eps, 1e-16, 1e-17])
@pytest.mark.parametrize("ends", [(1, 1), (1, 0), (0, 1)])
def test_a_nudge_that_leaves_rounding_is_told(h, ends):
    up, down = h * ends[0], h * ends[1]
    reply = judge(find_exercise("network-kink"), lambda loss, w: (loss(w + up) - loss(w - down)) / (up + down))
    assert "rounding" in reply.text


@pytest.mark.parametrize("h", [0.05, 0.01, -0.01, 0.002])
def test_a_long_nudge_to_one_side_is_told(h):
    reply = judge(find_exercise("network-kink"), lambda loss, w: (loss(w + h) - loss(w)) / h)
    assert "to one side, and so far" in reply.text


@pytest.mark.parametrize("step", [lambda w: (w, w + 3e-5), lambda w: (w - 3e-12, w + 3e-12)])
def test_nearly_right_at_a_kink_is_not_told_to_search_finer(step):
    def measured(loss, w):
        one, other = step(w)
        return (loss(other) - loss(one)) / (other - one)

    reply = judge(find_exercise("network-kink"), lambda loss, w: loss.slope(w) * (1 + 1e-5))
    assert reply.text.startswith("Close, and six digits are asked.")
    assert "finer" not in judge(find_exercise("network-kink"), measured).text


def by_names(w, b, x, y, n):
    """Nudge w and b into the imaginary: the slope is what comes out there."""

    def loss(w, b):
        h = x
        for _ in range(n):
            h = np.tanh(w * h + b)
        return (h - y) ** 2

    return loss(w + 1e-30j, b).imag / 1e-30, loss(w, b + 1e-30j).imag / 1e-30


def round_by_round(w, b, x, y, n, add):
    h = [x]
    for _ in range(n):
        h.append(np.tanh(w * h[-1] + b))
    slopes, delta = np.zeros(2), 2 * (h[-1] - y)
    for k in range(n, 0, -1):
        delta = delta * (1 - h[k] ** 2)
        slopes = add(slopes, delta * np.array([h[k - 1], 1]))
        delta = delta * w
    return slopes


def test_uses_may_be_added_in_another_form():
    assert judge(find_exercise("network-twice"), by_names)


@pytest.mark.parametrize(
    ("add", "mistake"),
    [
        (lambda old, new: new, "= for +="),
        (lambda old, new: np.where(old == 0, new, old), "the last use alone"),
        (lambda old, new: np.where(old == 0, new, old * new), "uses multiplied"),
    ],
)
def test_what_is_done_where_paths_meet_has_its_name(add, mistake):
    asked = find_exercise("network-twice")
    assert judge(asked, lambda *case: round_by_round(*case, add)).mistake == mistake
    assert judge(asked, lambda *case: round_by_round(*case, np.add))
