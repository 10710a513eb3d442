"""What came, and what was wanted, in words."""

import numpy as np
import pytest

from gdlib.exercises import all_exercises
from gdlib.exercises.wording import numbers_as_text, told_sort


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
