"""Arithmetic that `gdlib.explain` displays: what is written, what that comes to, and numbers as in a textbook."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Self

from gdlib._formatting import superscript

#: The significant digits in which a float is read: shown with as many, whatever goes into a step stands unrounded.
FLOAT_DIGITS = 15

#: From 10⁻⁴ on and below 10⁷ a number is written without a power of ten.
PLAIN = (-4, 7)


@dataclass(frozen=True)
class Expression:
    """What is written, what that comes to, and whether every number in it stands unrounded."""

    tokens: tuple[str, ...]
    value: Fraction
    exact: bool = True
    unit: Fraction = Fraction(0)  # of the last place of a number; an exact zero has none

    def __add__(self, other: Self) -> Self:
        return self._then(" + ", other, self.value + other.value)

    def __sub__(self, other: Self) -> Self:
        return self._then(" − ", other, self.value - other.value)

    def __mul__(self, other: Self) -> Self:
        return self._then("·", other, self.value * other.value)

    def _then(self, sign: str, other: Self, value: Fraction) -> Self:
        first, *rest = other.tokens
        if first.startswith("−") or (sign == "·" and "·" in first):  # 2·(−0.3), 2·(1.2·10⁻⁷)
            first = f"({first})"
        return Expression((*self.tokens, sign, first, *rest), value, self.exact and other.exact)

    def bracketed(self) -> Self:
        """Return it in brackets."""
        return Expression(("(", *self.tokens, ")"), self.value, self.exact)

    def squared(self) -> Self:
        """Return it, a single token or in brackets, with a ² behind it."""
        return Expression((*self.tokens, "²"), self.value**2, self.exact)


def mean(terms: Sequence[Expression]) -> Expression:
    """Return the mean of the terms; of a single one, the term itself."""
    if len(terms) == 1:
        return terms[0]
    total = reduce(add, terms).bracketed()
    return Expression((*total.tokens, f"/{len(terms)}"), total.value / len(terms), total.exact)


TWO = Expression(("2",), Fraction(2))


def read(name: str, value: float) -> Expression:
    """Return a symbol that stands for the decimal which a float is read as."""
    return Expression((name,), Fraction(f"{value:.{FLOAT_DIGITS}g}"))


def in_digits(value: Fraction, digits: int) -> Expression:
    """Return a number in so many significant digits."""
    return in_units(value, exponent(value) - digits + 1)


def keeping_gap(exact: Expression, anchor: Expression, shown: Expression, digits: int, kept: int) -> Expression:
    """Return a number in so many digits, or more, so that its gap to the anchor (itself ``shown``) keeps some too."""
    value, gap = exact.value, exact.value - anchor.value
    return in_units(value, min(exponent(value) - digits, exponent(gap) - kept) + 1) if gap else shown


def exponent(value: Fraction) -> int:
    """Return the power of ten of the leading digit."""
    guess = len(str(abs(value.numerator))) - len(str(value.denominator))
    return guess if abs(value) >= Fraction(10) ** guess else guess - 1


def in_units(value: Fraction, place: int) -> Expression:
    """Return a number in whole units of 10^place."""
    if not value:
        return Expression(("0",), value)
    unit = Fraction(10) ** place
    whole = round(value / unit)
    exact = whole * unit == value
    if exact and place > 0 and abs(value) < 10 ** PLAIN[1]:  # 1200 in units of 100 is written out, to the last 0
        return in_units(value, 0)
    return Expression((_text(whole, place),), whole * unit, exact, unit)


def _text(whole: int, place: int) -> str:
    """Write whole·10^place: plainly if its last place shows and it is neither huge nor tiny, else with a power of ten.

    Very many digits are split where that is shorter: 0.5 − 1.2·10⁻³⁰.
    """
    length, digits = len(str(abs(whole))), str(abs(whole)).rstrip("0")
    leading = length - 1 + place
    if place <= 0 and PLAIN[0] <= leading < PLAIN[1]:
        text = format(Decimal(f"{digits}e{leading - len(digits) + 1}"), "f")
    else:
        power = "10" + superscript(leading)
        text = power if digits == "1" else f"{digits[0]}.{digits[1:]}".rstrip(".") + f"·{power}"
    text = "−" * (whole < 0) + text
    if len(digits) <= FLOAT_DIGITS:
        return text
    head = round(whole, FLOAT_DIGITS - length)
    tail = _text(whole - head, place).lstrip("−")
    return min(text, f"{_text(head, place)} {'−' if whole < head else '+'} {tail}", key=len)


def to_float(value: Fraction) -> float:
    """Return the nearest float; beyond the largest, an infinity."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
