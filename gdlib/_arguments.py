"""Arguments checked once, in one place: what is wrong, where, what came, and what was wanted.

Every function here returns its argument in the form the course computes with, or raises an error that names it.
"""

from __future__ import annotations

from decimal import Decimal
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike

_LINE = 80  # the most characters that a message quotes


def finite_array(name: str, value: ArrayLike) -> np.ndarray:
    """Return ``value`` as an array of finite floats.

    Raises
    ------
    TypeError
        If it is not made of real numbers (text, None, complex numbers, ragged lists).
    ValueError
        If it is empty, holds NaN or infinity, or has masked entries.
    """
    array = nonempty_array(name, value)
    with np.errstate(over="ignore", invalid="ignore"):  # one fast pass says yes; only a no needs the slow look
        finite = np.isfinite(np.vdot(array, array)) or np.isfinite(array).all()
    if not finite:
        where = np.argwhere(~np.isfinite(array))[0]
        raise ValueError(f"{name} must be finite, but it holds {array[tuple(where)]}{_place(where)}")
    return array


def float_array(name: str, value: ArrayLike) -> np.ndarray:
    """Return ``value`` as an array of floats, finite or not; numbers of any honest kind are taken.

    Raises
    ------
    TypeError
        If it is not made of real numbers.
    ValueError
        If it has masked entries, which would come back as numbers.
    """
    if type(value) is np.ndarray and value.dtype == float:
        return value
    if np.ma.is_masked(value):
        where = np.argwhere(np.ma.getmaskarray(value))[0]
        raise ValueError(f"{name} has a masked entry{_place(where)}: fill it, or leave its row out")
    try:
        array = np.asarray(value)
    except Exception:  # numpy, and whatever an unknown object does when it is looked at
        raise TypeError(f"{name} must be made of numbers in rows of one length, got {quoted(value)}") from None
    if array.dtype.kind in "fiu":
        return array.astype(float, copy=False)
    if array.dtype.kind == "b":
        raise TypeError(f"{name} must be made of real numbers, got True and False: take 1 and 0")
    if array.dtype.kind != "O" or (array.ndim == 0 and not is_real(array.item())):
        raise TypeError(f"{name} must be made of real numbers, got {quoted(value)}")
    floats = np.empty(array.shape)
    for where in np.ndindex(array.shape):  # Fractions, Decimals, a table of mixed columns
        floats[where] = _real(name, array[where], where)
    return floats


def nonempty_array(name: str, value: ArrayLike) -> np.ndarray:
    """Return ``value`` as an array of floats, finite or not; raise ValueError where it is empty, else as above."""
    array = float_array(name, value)
    if array.size == 0:
        raise ValueError(f"{name} is empty; at least one number is needed")
    return array


def targets(y: ArrayLike) -> np.ndarray:
    """Return targets as finite floats, one a row."""
    y = finite_array("y", y)
    if y.ndim != 1:
        raise ValueError(f"y must hold one target a row, shape (n,), got shape {y.shape}")
    return y


def finite_number(name: str, value: ArrayLike) -> float:
    """Return ``value`` as one finite float; raise TypeError or ValueError that names it otherwise."""
    array = finite_array(name, value)
    if array.ndim:
        raise ValueError(f"{name} must be a single number, got an array of shape {array.shape}")
    return float(array)


def rates(name: str, value: ArrayLike) -> np.ndarray:
    """Return learning rates as an array of finite floats, none of them negative (zero is allowed: it stays put)."""
    array = finite_array(name, value)
    if (array < 0).any():
        raise ValueError(
            f"{name} must not be negative, got {array.min():g}: the update rule has its minus sign already"
        )
    return array


def count(name: str, value: ArrayLike, least: int = 1, most: int | None = None) -> int:
    """Return ``value`` as a whole number from ``least`` to ``most``; raise TypeError or ValueError otherwise."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, got {quoted(value)}")
    if value < least or (most is not None and value > most):
        wanted = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {wanted}, got {value}")
    return int(value)


def parameters(theta: ArrayLike, p: int) -> np.ndarray:
    """Return θ as an array whose last axis has a problem's p parameters; it may hold ∞, as a diverging run does."""
    if type(theta) is not np.ndarray or theta.dtype != float:
        theta = float_array("theta", theta)
    if theta.shape[-1:] != (p,):
        raise ValueError(f"theta must have {p} parameter(s) in its last axis, got shape {theta.shape}")
    return theta


def quoted(value: object) -> str:
    """Return what came, on one short line."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # whatever an unknown object does when it is looked at
        text = f"something of type {type(value).__name__}"
    return text if len(text) <= _LINE else f"{text[:_LINE]}… ({type(value).__name__})"


def is_real(entry: object) -> bool:
    """Return whether a thing is one real number of an honest kind, such as a Fraction; True and False are none."""
    return isinstance(entry, Real | Decimal) and not isinstance(entry, bool)


def _real(name: str, entry: object, where: tuple[int, ...]) -> float:
    """Return one entry of a table as a float."""
    entry = entry[()] if isinstance(entry, np.ndarray) and entry.ndim == 0 else entry
    if is_real(entry):
        try:
            return float(entry)
        except (OverflowError, ValueError):
            raise ValueError(f"{name} holds a number that no float can hold{_place(where)}: {quoted(entry)}") from None
    raise TypeError(f"{name} must be made of real numbers, but it holds {quoted(entry)}{_place(where)}")


def _place(where: np.ndarray | tuple[int, ...]) -> str:
    """Return where an entry is, in words: numbers from 0, as Python counts."""
    places = [int(i) for i in where]
    if len(places) == 2:
        return " at row {}, column {}".format(*places)
    return f" at position {places[0] if len(places) == 1 else tuple(places)}" if places else ""
