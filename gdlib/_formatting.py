"""Numbers as text: with a proper minus sign, powers of ten, and small digits above and below the line."""

_RAISED = str.maketrans("0123456789-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁽⁾")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def number(value: float, digits: int = 4) -> str:
    """Return a number in so many significant digits, as it is printed: −1.5, 4.1·10⁻⁵; never −0."""
    mantissa, _, exponent = f"{value + 0.0:.{digits}g}".partition("e")  # + 0.0 turns −0 into 0
    return mantissa.replace("-", "−") + (f"·10{superscript(int(exponent))}" if exponent else "")


def superscript(text: object) -> str:
    """Return digits, signs and brackets as small ones above the line."""
    return str(text).translate(_RAISED)


def subscript(text: object) -> str:
    """Return digits as small ones below the line; letters stay as they are."""
    return str(text).translate(_LOWERED)
