"""σ, tanh and ln, written out: no calculator has them to the last digit, here they have many more than are shown."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from gdlib._arithmetic import Expression, exponent, to_float

LARGEST_SCORE = 700  # e⁷⁰⁰ is about the largest power that a float holds
MORE_DIGITS = 400  # worked out beyond those that a number near 0 or 1 needs: scores may differ by 10⁻³⁰⁰
ONE = Expression(("1",), Fraction(1))


def sigma(score: Expression) -> Expression:
    """Return σ(z); σ(−z) is 1 − σ(z) to the last digit, so that rows that pull against each other cancel."""
    with localcontext() as context:
        context.prec = _digits(score)
        larger = Fraction(1 / (1 + (-_decimal(abs(score.value))).exp()))
    value = larger if score.value > 0 else 1 - larger
    return Expression(("σ(", *score.tokens, ")"), value, score.exact)


def tanh(score: Expression) -> Expression:
    """Return tanh(z); tanh(−z) is −tanh(z) to the last digit."""
    with localcontext() as context:
        context.prec = _digits(score)
        power = (-2 * _decimal(abs(score.value))).exp()
        size = Fraction((1 - power) / (1 + power))
    value = size if score.value > 0 else -size
    return Expression(("tanh(", *score.tokens, ")"), value, score.exact)


def ln(number: Expression) -> Expression:
    """Return ln of a number between 0 and 1."""
    with localcontext() as context:
        context.prec = MORE_DIGITS - 2 * exponent(1 - number.value)  # near 1 the logarithm is small
        value = Fraction(_decimal(number.value).ln())
    alone = len(number.tokens) == 1 and " " not in number.tokens[0] and "·" not in number.tokens[0]
    return Expression(("ln ", *number.tokens) if alone else ("ln(", *number.tokens, ")"), value, number.exact)


def _digits(score: Expression) -> int:
    """Return how many digits keep those of 1 − σ and 1 − tanh where z is large, and of σ − ½ and tanh where it is tiny.

    Raises
    ------
    ValueError
        If the score is so large that e to it is near the largest float, or beyond.
    """
    if abs(score.value) > LARGEST_SCORE:
        wanted = f"theta must give each score from −{LARGEST_SCORE} to {LARGEST_SCORE}"
        raise ValueError(f"{wanted}, got {to_float(score.value):.6g}: beyond, e to the score nears the largest float")
    return MORE_DIGITS + int(abs(score.value)) - min(exponent(score.value), 0)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def one_number(number: Expression) -> Expression:
    """Return a number in brackets if it is written as a sum, 1 − 4.2·10⁻¹⁸."""
    return number.bracketed() if " " in number.tokens[0] else number
