"""What came, and what was wanted, in words."""

import numpy as np
import pytest

from gdlib.exercises import all_exercises
from gdlib.exercises.wording import numbers_as_text, slopes_side_by_side, told_sort


def test_numbers_arenumbers_as_text_in_short():
    assert numbers_as_text(np.zeros(12)).count("0") == 12
    assert numbers_as_text(np.zeros((13, 2))) == "an array of shape (13, 2)"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (-1.5, 6, "−1.5"),
        (4.1e-5, 6, "4.1·10⁻⁵"),
        (np.array(2e7), 6, "2·10⁷"),
        ([1 / 3, -0.0], 3, "[0.333, 0]"),
        ([[1, 2], [3, 4]], 6, "[[1, 2], [3, 4]]"),
        (-np.inf, 6, "−inf"),
    ],
)
def test_numbers_are_written_as_everywhere_in_the_course(value, digits, text):
    assert numbers_as_text(value, digits) == text


def test_what_is_asked_is_said():
    exercises = all_exercises()
    assert told_sort(exercises["concept-step"]).startswith("A function is asked here")
    assert told_sort(exercises["concept-one-step"]).startswith("A number is asked here")
    assert told_sort(exercises["concept-predict-rate"]).startswith("A word is asked here")


def test_slopes_stand_side_by_side_where_one_is_wrong():
    exercise = all_exercises()["derivation-gradient"]
    case = exercise.cases[0]
    measured = np.asarray(exercise.measured(*case))
    assert slopes_side_by_side(exercise, case, measured) == ""
    wrong = measured.copy()
    wrong[1] += 1
    lines = slopes_side_by_side(exercise, case, wrong).splitlines()
    assert [line.endswith("<- the first wrong one") for line in lines[1:]] == [i == 1 for i in range(len(measured))]
