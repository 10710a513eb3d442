"""Arithmetic on display: what is written is what it comes to, and = stands only where nothing was rounded."""

import math
from fractions import Fraction

import pytest

from gdlib._arithmetic import TWO, exponent, in_digits, in_units, keeping_gap, mean, read, to_float


@pytest.mark.parametrize("k", [-300, -3, -1, 0, 1, 7, 300])
def test_a_power_of_ten_has_its_own_exponent_and_what_is_just_below_it_one_less(k):
    power = Fraction(10) ** k
    assert [exponent(sign * power) for sign in (1, -1)] == [k, k]
    assert exponent(power * Fraction(999999, 1000000)) == k - 1


@pytest.mark.parametrize(
    ("value", "digits", "text", "exact"),
    [
        ("0.128", 6, "0.128", True),
        ("1/3", 6, "0.333333", False),
        ("-2/3", 2, "−0.67", False),
        ("1200", 2, "1200", True),
        ("12345678", 3, "1.23·10⁷", False),
        ("0.00001", 6, "10⁻⁵", True),
        ("0", 6, "0", True),
    ],
)
def test_a_number_has_so_many_digits_and_says_whether_that_is_all_of_it(value, digits, text, exact):
    number = in_digits(Fraction(value), digits)
    assert ("".join(number.tokens), number.exact) == (text, exact)
    assert exact == (number.value == Fraction(value))
    assert abs(number.value - Fraction(value)) <= number.unit / 2


def test_expressions_write_brackets_where_a_calculator_wants_them():
    w, x, b = read("w", -0.3), in_digits(Fraction("-0.3"), 6), in_digits(Fraction("0.00000012"), 6)
    assert "".join((TWO * w + x).tokens) == "2·w + (−0.3)"
    assert "".join((TWO * b).tokens) == "2·(1.2·10⁻⁷)"
    assert "".join((w - x).bracketed().squared().tokens) == "(w − (−0.3))²"
    assert (TWO * w + x).value == Fraction("-0.9")


def test_a_mean_divides_by_how_many_there_are_and_one_is_itself():
    terms = [in_digits(Fraction(n), 6) for n in (1, 2, 6)]
    assert "".join(mean(terms).tokens) == "(1 + 2 + 6)/3"
    assert mean(terms).value == 3
    assert mean(terms[:1]) is terms[0]


def test_a_gap_is_not_rounded_away():
    target = in_digits(Fraction("0.5"), 6)
    near = read("ŷ", 0.5000000012)
    assert keeping_gap(near, target, target, 3, 2).tokens == ("0.5000000012",)
    assert keeping_gap(read("ŷ", 0.5), target, target, 3, 2) is target


def test_a_float_is_read_as_its_fifteen_digits():
    assert read("w", 0.12800000000000003).value == Fraction("0.128")
    assert [to_float(sign * Fraction(10) ** 400) for sign in (1, -1)] == [math.inf, -math.inf]
    assert to_float(Fraction("0.25")) == 0.25
    assert in_units(Fraction("1234"), 2).value == 1200
