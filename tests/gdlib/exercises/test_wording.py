"""What came, and what was wanted, in words."""

import numpy as np

from gdlib.exercises import all_exercises
from gdlib.exercises.wording import numbers_as_text, told_sort


def test_numbers_arenumbers_as_text_in_short():
    assert numbers_as_text(np.zeros(12)).count("0") == 12
    assert numbers_as_text(np.zeros((13, 2))) == "an array of shape (13, 2)"


def test_what_is_asked_is_said():
    exercises = all_exercises()
    assert told_sort(exercises["concept-step"]).startswith("A function is asked here")
    assert told_sort(exercises["concept-one-step"]).startswith("A number is asked here")
    assert told_sort(exercises["concept-predict-rate"]).startswith("A word is asked here")
