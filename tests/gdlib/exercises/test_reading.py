"""What is handed over is read as numbers, or named, whatever it does when it is looked at."""

import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from gdlib.exercises.reading import comma_meant, kind, number_in, real_numbers, roundoff


class Hostile:
    """Refuses even to say of which class it is."""

    @property
    def __class__(self):
        raise RuntimeError("no")


class Word(str):
    """Text with a will of its own."""

    def strip(self, *arguments):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (Fraction(1, 4), 0.25),
        ([Decimal("0.5"), 1, np.float32(2)], [0.5, 1, 2]),
        (np.ma.array([1, 2]), [1, 2]),
        (np.array([1, 2.5], dtype=object), [1, 2.5]),
        (10**30, 1e30),
        (
            np.finfo(np.longdouble).max,
            np.inf if np.finfo(np.longdouble).max > np.finfo(float).max else np.finfo(float).max,
        ),
    ],
)
def test_any_real_numbers_are_read(value, numbers):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(real_numbers(value), numbers)


@pytest.mark.parametrize(
    "value",
    [None, True, [None, 0.5], [None], "1", ["1"], 1j, 10**400, Decimal("sNaN"), np.ma.array([1], mask=True)],
)
def test_what_is_no_real_number_is_none(value):
    assert real_numbers(value) is None


@pytest.mark.parametrize(
    ("value", "eps"),
    [
        *((1, 0), (Fraction(1, 3), 0), (0.5, 2.0**-52), (np.float32(1), 2.0**-23), (np.zeros(2, np.float16), 2.0**-10)),
        *(([1.0, np.float32(1)], 2.0**-23), ([], 2.0**-52), ([[1], [1, 2]], 0)),
    ],
)
def test_coarsest_type_decides(value, eps):
    assert roundoff(value) == eps


def test_hostile_object_is_no_number():
    assert real_numbers(Hostile()) is None
    assert roundoff([Hostile()]) == 0


def test_kind_is_short_and_needs_no_help():
    assert kind(Hostile()) == "something of the type Hostile, not made of plain numbers"
    assert kind(Word("a")) == "text"
    assert kind(Word(" ")) == "empty text"
    assert len(kind(type("T" * 5000, (), {})())) < 100


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        *(("0.5", "0.5"), (" -0,4 ", "-0,4"), ("−.5!", "−.5"), ("η=0.5.", "0.5"), ("1e-3", "1e-3"), ("2/3", "2/3")),
        *(("", None), ("w2", None), ("1 or 2", None), ("1.2.3", None), ("7" * 5000, None), ("a-4", None)),
    ],
)
def test_one_number_is_found_in_text(text, typed):
    assert number_in(Word(text)) == typed


@pytest.mark.parametrize(
    ("value", "many", "meant"),
    [
        *(((0, 5), 1, "0.5"), ((-1, 25), 1, "-1.25"), ([0, 5], 1, None), ((0, -5), 1, None), ((0.0, 5), 1, None)),
        *(
            ((1, 2, 3), 1, None),
            ([0, 3, 0, 18], 2, "0.3"),
            ((True, 5), 1, None),
            ((0, 10**20), 1, None),
            ("05", 1, None),
        ),
    ],
)
def test_decimal_comma_is_guessed(value, many, meant):
    assert comma_meant(value, many) == meant
