"""The worked example's own way of judging: a direction may point either way."""

from gdlib.exercises import find_exercise
from gdlib.exercises.judge import judge


def test_both_signs_of_a_direction_are_right():
    asked = find_exercise("example-flat")
    assert judge(asked, lambda one, two: -asked.right(one, two))
