"""The learning rate's own way of judging: a search may be off a little, and many rates arrive."""

import numpy as np
import pytest

from gdlib.exercises import find_exercise
from gdlib.exercises.judge import judge
from gdlib.exercises.rate import _between


def test_search_may_be_a_little_off():
    asked = find_exercise("rate-two-rows")
    assert judge(asked, lambda one, two: asked.right(one, two) * (1 + 1e-5))
    assert not judge(asked, lambda one, two: asked.right(one, two) * (1 + 1e-3))


@pytest.mark.parametrize("part", [1.0, 1.5])
def test_the_narrow_valley_accepts_any_rates_that_arrive(part):
    asked = find_exercise("rate-ten-steps")

    def other(x):  # the two landing rates somewhere, and mild ones around them
        rates = np.full(10, asked.right(x).min() / 2 * part)
        rates[[3, 7]] = asked.right(x)[:2]
        return rates

    assert judge(asked, other)


def test_what_is_left_is_written_with_a_power_of_ten():
    asked = find_exercise("rate-ten-steps")
    reply = judge(asked, lambda x: 1.1 * asked.right(x))
    assert "after these ten steps 7.59·10³ of the distance is left" in " ".join(repr(reply).split())


@pytest.mark.parametrize(("limit", "word"), [(1.0, "the smaller"), (1.5, "between"), (2.0, "the larger")])
def test_where_a_limit_lies_is_said(limit, word):
    assert _between(limit, np.array([2.0, 1.0])) == word
