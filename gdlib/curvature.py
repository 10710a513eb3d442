"""Which learning rates are stable, and what each does: curvatures, limits, the best rate, regimes.

On a quadratic loss a step of batch descent multiplies the distance to the minimum, along each eigenvector of the
Hessian, by 1 − ηλ. Everything here follows from that factor, except for the limits of descent by single rows: that of
a row alone follows from 1 − 2η‖a‖², by which a step on it multiplies its own error, that of a round from the product
of all (I − 2η·aaᵀ).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import finite_array, rates
from gdlib.linear import LinearRegression, squared_error

# What a rate can do along a direction of curvature λ, by the product ηλ: 0, below 1, 1, between 1 and 2, 2, above 2.
REGIMES = ("stays", "glides", "lands", "overshoots", "bounces", "diverges")


class Quadratic(Protocol):
    """A problem whose second derivatives are the same everywhere."""

    def hessian(self) -> np.ndarray:
        """Return the second derivatives, shape ``(p, p)``."""


def curvatures(problem: Quadratic, theta: ArrayLike | None = None) -> np.ndarray:
    """Return the Hessian's eigenvalues λ, smallest first, shape ``(p,)``; what is zero up to rounding is 0.

    ``theta`` says where, shape ``(p,)``, for a problem whose ``hessian(theta)`` depends on it, such as
    `LogisticRegression`. The limits and rates below need one without θ.
    """
    return _eigen(problem, theta)[0]


def principal_directions(problem: Quadratic, theta: ArrayLike | None = None) -> np.ndarray:
    """Return the Hessian's unit eigenvectors as columns, in the order of `curvatures`, shape ``(p, p)``.

    An eigenvector and its negative say the same; here the entry of greatest size is positive. ``theta`` as there.
    """
    return _eigen(problem, theta)[1]


def stability_limit(problem: Quadratic) -> float:
    """Return 2/λ_max: batch descent converges below it and diverges above, along the steepest direction."""
    return 2 / float(curvatures(problem)[-1])


def best_rate(problem: Quadratic) -> float:
    """Return 2/(λ_min + λ_max) over the curvatures that are not zero: no constant rate shrinks the worst error faster.

    At it ``|1 − ηλ_min|`` and ``|1 − ηλ_max|`` are equal, and any other rate makes one of them larger. Nesterov,
    *Introductory Lectures on Convex Optimization*, theorem 2.1.15, bounds the error at this rate, not on bowls alone.
    """
    bent = curvatures(problem)
    bent = bent[bent > 0]
    return 2 / float(bent[0] + bent[-1])


def condition_number(problem: Quadratic) -> float:
    """Return λ_max/λ_min over the curvatures that are not zero: (length / width)² of the bowl's ellipses."""
    bent = curvatures(problem)
    bent = bent[bent > 0]
    return float(bent[-1] / bent[0])


def contraction(eta: ArrayLike, curvature: ArrayLike) -> np.ndarray:
    """Return 1 − ηλ, by which a step multiplies the distance to the minimum along a direction of curvature λ."""
    return 1 - rates("eta", eta) * finite_array("curvature", curvature)


def regime(eta: ArrayLike, curvature: ArrayLike, tolerance: float = 1e-6) -> str | np.ndarray:
    """Return what the rate does along a direction of this curvature; arrays give an array of words.

    ``"glides"``: ever closer from one side (ηλ < 1). ``"lands"``: there in one step (ηλ = 1). ``"overshoots"``: to the
    other side, and closer all the same (1 < ηλ < 2). ``"bounces"``: to and fro for ever (ηλ = 2). ``"diverges"``: ever
    farther away (ηλ > 2). ``"stays"``: a rate or a curvature of zero moves nothing.

    Parameters
    ----------
    eta, curvature
        Rates η ≥ 0 and curvatures λ ≥ 0 that broadcast. For the steepest direction take ``curvatures(problem)[-1]``.
    tolerance
        How close to 1 or 2 the product ηλ has to be to land or to bounce.
    """
    eta, curvature, tolerance = rates("eta", eta), finite_array("curvature", curvature), rates("tolerance", tolerance)
    if (curvature < 0).any():
        raise ValueError(f"curvature must not be negative, got {curvature.min():g}: there is no minimum that way")
    with np.errstate(over="ignore"):  # ∞ diverges as well
        z = eta * curvature
    conditions = [z == 0, np.abs(z - 1) <= tolerance, np.abs(z - 2) <= tolerance, z < 1, z < 2]
    words = np.select(conditions, ["stays", "lands", "bounces", "glides", "overshoots"], default="diverges")
    return words if words.ndim else str(words)


def sample_limits(problem: LinearRegression) -> np.ndarray:
    """Return 1/‖a‖² for each row, shape ``(n,)``: steps on a row alone diverge above it, and land at half of it."""
    return 1 / np.square(squared_error(problem).design).sum(axis=1)


def round_radius(problem: LinearRegression, eta: ArrayLike) -> np.ndarray:
    """Return by how much a round of one-by-one steps, an epoch, multiplies the error in the long run; η's shape.

    It is the spectral radius of the product of all (I − 2η·aaᵀ), first row's factor rightmost, on the rows' span: the
    part of θ at right angles to the span never moves.
    """
    eta = rates("eta", eta)
    coordinates = _coordinates(squared_error(problem).design)
    product = np.broadcast_to(np.eye(coordinates.shape[1]), (*eta.shape, *2 * coordinates.shape[1:]))
    with np.errstate(over="ignore", invalid="ignore"):
        for a in coordinates:
            pull = 2 * eta[..., np.newaxis, np.newaxis] * a[:, np.newaxis]
            product = product - pull * (a @ product)[..., np.newaxis, :]
    finite = np.isfinite(product).all(axis=(-2, -1), keepdims=True)
    radius = np.abs(np.linalg.eigvals(np.where(finite, product, 0))).max(axis=-1)
    return np.where(finite[..., 0, 0], radius, np.inf)[()]


def round_limit(problem: LinearRegression) -> float:
    """Return the η at which one-by-one descent, round and round, first stops converging: its `round_radius` reaches 1.

    It lies between the smallest and the largest of the `sample_limits`: below the smallest no step takes θ farther from
    a θ that meets all rows; from the largest on no step's determinant is below 1 in size, nor then is their product's.
    In between the rounds may converge again: those of (−3, 1) and (−0.8, 1) do below 0.1212, and from 0.2951 to 0.3549.
    The first crossing is bracketed on a grid, which may overlook a very narrow gap, and halved down to rounding.
    """
    limits = sample_limits(problem)
    low, high = float(limits.min()), float(limits.max())
    grid = np.geomspace(low, high, 513)
    crossed = round_radius(problem, grid) >= 1
    if crossed[0] or not crossed.any():
        return low if crossed[0] else high
    first = int(crossed.argmax())
    low, high = grid[first - 1], grid[first]
    while low < (middle := (low + high) / 2) < high:
        low, high = (low, middle) if round_radius(problem, middle) >= 1 else (middle, high)
    return float(high)


def _eigen(problem: Quadratic, theta: ArrayLike | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues and eigenvectors, rounding taken out of both."""
    if not hasattr(problem, "hessian"):
        raise TypeError(f"problem must have the same hessian() everywhere, as LinearRegression has, got {problem!r}")
    values, vectors = np.linalg.eigh(problem.hessian() if theta is None else problem.hessian(theta))
    values[np.abs(values) <= len(values) * np.finfo(float).eps * np.abs(values).max()] = 0.0
    largest = np.abs(vectors).argmax(axis=0)
    return values, vectors * np.sign(vectors[largest, np.arange(len(values))])


def _coordinates(rows: np.ndarray) -> np.ndarray:
    """Return the rows' coordinates in an orthonormal basis of their own span, shape ``(n, rank)``.

    A direction that a round moves by less than 1e-12 of the error counts as outside: rounding alone would say whether
    the error along it shrinks or grows.
    """
    left, sizes, _ = np.linalg.svd(rows, full_matrices=False)
    kept = sizes > 1e-6 * sizes[0]
    return left[:, kept] * sizes[kept]
