"""Numbers as text: a proper minus sign, powers of ten, small digits."""

import pytest

from gdlib._formatting import number, subscript, superscript


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1, "0.1"), (-0.25, "−0.25"), (-0.0, "0"), (1.5e-7, "1.5·10⁻⁷"), (-2e30, "−2·10³⁰"), (1234567, "1.235·10⁶")],
)
def test_a_number_is_written_as_in_a_text(value, text):
    assert number(value) == text


def test_as_many_digits_as_are_asked_for():
    assert [number(2 / 3, digits) for digits in (1, 3, 6)] == ["0.7", "0.667", "0.666667"]


def test_small_digits():
    assert superscript("(-12)") == superscript("(−12)") == "⁽⁻¹²⁾"
    assert subscript("w10") == "w₁₀"
    assert superscript(7) + subscript(7) == "⁷₇"
