"""What a reader has handed over, read as numbers whatever their type, or named in words where it is none."""

import re
import warnings
from collections.abc import Iterator
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from gdlib._arguments import is_real

_NUMBER = r"(?<![\w.,/+−-])[-+−]?(?:\d{1,20}[.,]?\d{0,20}|[.,]\d{1,20})(?:e[-+]?\d{1,3})?(?:/\d{1,20})?(?![\w.,/])"

#: What a thing may be that is not made of numbers.
_KINDS = (
    (complex | np.complexfloating, "a complex number"),
    (dict, "a dictionary"),
    (set | frozenset, "a set, which has no order"),
    (Iterator, "an iterator, not yet a list"),
    (Real | Decimal, "a number that no float can hold"),
    (np.ma.MaskedArray, "an array with masked entries"),
)


def real_numbers(value: Any) -> np.ndarray | None:  # noqa: ANN401
    """Return a result as an array of floats, or None if it is not made of real numbers.

    Fractions, decimals and numpy's numbers of any size count; True, text and masked entries do not.
    """
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            array = np.asarray(value)
            if np.ma.is_masked(value) or array.dtype.kind not in "fiuO":
                return None
            if array.dtype.kind == "O" and not all(map(is_real, array.flat)):
                return None
            return array.astype(float)
    except Exception:  # whatever an unknown object does when it is looked at
        return None


def roundoff(value: Any) -> float:  # noqa: ANN401
    """Return the relative rounding error of the coarsest type in which ``value`` has numbers, such as a float32."""
    try:
        entries = np.asarray(value, dtype=object).flat if isinstance(value, list | tuple) else ()
        types = {np.asarray(value).dtype, *(each.dtype for each in entries if isinstance(each, np.floating))}
        return max((float(np.finfo(each).eps) for each in types if each.kind == "f"), default=0.0)
    except Exception:  # as above
        return 0.0


def kind(value: Any) -> str:  # noqa: ANN401
    """Return in words what a thing is."""
    other = f"something of the type {type(value).__name__[:40]}, not made of plain numbers"
    try:
        if is_text(value):
            return "text" if str.strip(value) else "empty text"
        if isinstance(value, bool | np.bool_):
            return f"{value}, yes or no"
        if callable(value):
            return "a function"
        return next((words for types, words in _KINDS if isinstance(value, types)), other)
    except Exception:  # as above
        return other


def is_text(value: Any) -> bool:  # noqa: ANN401
    """Return whether a thing is text; it is not asked itself, as `isinstance` would."""
    return issubclass(type(value), str)


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text that stand apart by commas and blanks, a point in each decimal; else none."""
    parts = [part for part in re.split(r"[,;\s]+", str.strip(text, " .![]()")[:200]) if part]
    whole = all(re.fullmatch(r"[-+−]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20})", part) for part in parts)
    return [part.replace("−", "-") for part in parts] if whole else []


def number_in(text: str) -> str | None:
    """Return the one number that a text has in it, as it was typed; None if there is none, or more than one."""
    found = re.findall(_NUMBER, str.strip(text, " .!"))
    return found[0] if len(found) == 1 else None


def comma_meant(value: Any, many: int) -> str | None:  # noqa: ANN401
    """Return the first number as it was meant, if Python may have made ``value`` of so many with a decimal comma.

    ``0,5`` is the tuple (0, 5). A list stands for itself, unless several numbers are asked.
    """
    if type(value) not in ((tuple,) if many == 1 else (tuple, list)) or len(value) != 2 * many:
        return None
    if not all(type(each) is int and abs(each) < 10**15 for each in value) or min(value[1::2]) < 0:
        return None
    return f"{value[0]}.{value[1]}"
