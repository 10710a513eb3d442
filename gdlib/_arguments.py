"""Arguments checked once, in one place: what is wrong, what came, what was wanted.

Every function here returns its argument in the form the course computes with, or raises an error that names it.
"""

from __future__ import annotations

from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike


def finite_array(name: str, value: ArrayLike) -> np.ndarray:
    """Return ``value`` as an array of finite floats.

    Raises
    ------
    TypeError
        If it is not made of real numbers (text, None, complex numbers, ragged lists).
    ValueError
        If it is empty or holds NaN or infinity.
    """
    array = nonempty_array(name, value)
    with np.errstate(over="ignore", invalid="ignore"):  # one fast pass says yes; only a no needs the slow look
        finite = np.isfinite(np.vdot(array, array)) or np.isfinite(array).all()
    if not finite:
        raise ValueError(f"{name} must be finite, but it holds {_first_odd(array)}")
    return array


def float_array(name: str, value: ArrayLike) -> np.ndarray:
    """Return ``value`` as an array of floats, finite or not; raise TypeError where it is not made of real numbers."""
    if type(value) is np.ndarray and value.dtype == float:
        return value
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError(f"{name} must be made of numbers in rows of one length, got {value!r}") from None
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name} must be made of real numbers, got {value!r}")
    return array.astype(float)


def nonempty_array(name: str, value: ArrayLike) -> np.ndarray:
    """Return ``value`` as an array of floats, finite or not; raise ValueError where it is empty, TypeError as above."""
    array = float_array(name, value)
    if array.size == 0:
        raise ValueError(f"{name} is empty; at least one number is needed")
    return array


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
        raise TypeError(f"{name} must be a whole number, got {value!r}")
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


def _first_odd(array: np.ndarray) -> str:
    """Say which entry is not finite, and where."""
    where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
    return f"{array[where]} at position {where[0] if len(where) == 1 else where}" if where else f"{array}"
