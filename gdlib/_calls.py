"""A reader's function, called as the reader wrote it: for one θ at a time, or for many at once where that is the same.

A function written for one θ (``t[0]``, ``np.sum``, an ``if``) may take a stack of them without a murmur, and return
something else. So a stacked call is compared with single ones before it is trusted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from gdlib._arguments import float_array

Function = Callable[[Any], Any]

AGREE = 1e-12  # values that differ by less than this part of the largest agree: the rest is rounding


def is_ours(function: Function) -> bool:
    """Return whether a function is the mathematics' own, whose leading axes broadcast: tests see to it.

    The method of a problem that wraps another one, as `Penalised` does, is ours where the wrapped one's is.
    """
    wrapped = getattr(getattr(function, "__self__", None), "problem", None)
    inner = getattr(wrapped, getattr(function, "__name__", ""), None)
    ours = re.match(r"gdlib\.(?!exercises\b)", str(getattr(function, "__module__", None)))
    return bool(ours) and (inner is None or is_ours(inner))


def at_one(function: Function, theta: np.ndarray, name: str, shape: tuple[int, ...] = ()) -> np.ndarray:
    """Return what a function of one θ gives there, as floats of this shape.

    Raises
    ------
    TypeError, ValueError
        If it returns nothing, something else than real numbers, or another shape; ``name`` is what it is called.
    """
    try:
        value = function(theta.copy())  # of a copy: what the function does to it hurts nobody
    except OverflowError:  # math.exp(1000): where numpy says ∞, Python's own mathematics raises
        return np.full(shape, np.nan)
    if value is None:
        raise TypeError(f"{name} must return its result, got None; is there a `return`?")
    array = float_array(f"what {name} returns", value)
    if array.shape != shape and not (array.size == 1 and shape == ()):
        wanted = f"shape {shape}, a slope for each parameter" if shape else "one number, such as a mean over the rows"
        raise ValueError(f"{name} must return {wanted}, got shape {array.shape} for one theta of shape {theta.shape}")
    return array.reshape(shape)


def at_each(function: Function, thetas: np.ndarray, name: str) -> np.ndarray:
    """Return the number that a function gives at each of many θ, shape ``(..., p)`` in and ``(...)`` out.

    One call serves all of them where that is the same as a call for each. Raises as `at_one` does.
    """
    if is_ours(function):
        return np.asarray(function(thetas))
    flat = thetas.reshape(-1, thetas.shape[-1])
    values = stacked(function, flat, name)
    if values is None:
        values = np.array([at_one(function, theta, name) for theta in flat])
    return values.reshape(thetas.shape[:-1])


def stacked(function: Function, flat: np.ndarray, name: str, shape: tuple[int, ...] = ()) -> np.ndarray | None:
    """Return what one call gives at all of (m, p) θ, if it agrees with single calls at three of them, else None."""
    m, p = flat.shape
    if m < 2:
        return None
    # As many θ as parameters would let a function that takes t[0] for a number return something of the right shape:
    # then the first comes once more. A copy, so that what the function does to it hurts nobody.
    stack = np.resize(flat, (m + (m == p), p))
    try:
        values = float_array(name, function(stack))
    except Exception:  # it is not made for a stack: single calls will do, and they say what is wrong, if anything is
        return None
    if values.shape != (len(stack), *shape):
        return None
    some = [0, m // 2, m - 1]
    single = np.array([at_one(function, flat[k], name, shape) for k in some])
    return values[:m] if agree(values[some], single) else None


def must_be_steady(function: Function, theta: np.ndarray, name: str, shape: tuple[int, ...] = ()) -> np.ndarray:
    """Return what a function gives at one θ; raise a ValueError that names it if a second call gives something else."""
    once, again = (at_one(function, theta, name, shape) for _ in range(2))
    if not agree(once, again):
        raise ValueError(
            f"{name} gives two results at one theta, {once} and then {again}: it must depend on theta alone, "
            "not on chance or on earlier calls"
        )
    return once


def agree(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether two results are the same up to rounding; what is not finite must be so in both."""
    size = max(np.abs(each[np.isfinite(each)]).max(initial=0) for each in (one, other))
    return bool(np.allclose(one, other, rtol=0, atol=AGREE * size, equal_nan=True))
