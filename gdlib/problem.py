"""What descent walks down: a loss L(θ) and its gradient ∇L(θ).

A problem has three things: the ``names`` of its parameters, ``loss(theta)`` and ``gradient(theta)``. θ is one vector,
bias last, of shape ``(..., p)``; leading axes broadcast, so one gradient serves a single θ and a thousand at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import filled_array, finite_array, finite_number, float_array

#: Up to here residuals are cheapest; beyond, the loss is kept as a quadratic, so that a step no longer costs n.
FEW_ROWS = 256

#: The least eigenvalue of AᵀA, its columns scaled to length 1, for which the quadratic keeps 12 digits of a loss.
WELL_CONDITIONED = 0.01

#: The least length of a column for the quadratic: the squares of shorter ones near the smallest float, and lose digits.
SHORTEST = 1e-140

#: How many numbers fit into a processor's cache, with room for others.
CACHEFUL = 2**17

#: How many residuals are worked out at once.
LARGEST_TABLE = 2**22

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Problem(Protocol):
    """Anything with a loss to lower: what `descend` asks for."""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, in the order of θ."""

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return the loss at θ of shape ``(..., p)``, with shape ``(...)``."""

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return the gradient at θ of shape ``(..., p)``, with the same shape."""


# --- one parameter ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Curve:
    """A loss of one parameter, with its derivative.

    ``curve.f(x)`` and ``curve.slope(x)`` work on plain numbers and arrays, element by element; ``loss`` and
    ``gradient`` take θ of shape ``(..., 1)``, as every problem does.
    """

    f: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    name: str = "L(θ)"
    names: tuple[str, ...] = ("θ",)

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return L(θ); shape ``(..., 1)`` in, ``(...)`` out."""
        x = _parameters(theta, 1)[..., 0]
        return _like(x, self.f(x))

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return dL/dθ; shape ``(..., 1)`` in and out."""
        x = _parameters(theta, 1)
        return _like(x, self.slope(x))


def _like(x: np.ndarray, values: ArrayLike) -> np.ndarray:
    """Return the values as floats of x's shape; a slope that is the same everywhere may be written as one number."""
    values = np.asarray(values, dtype=float)
    return values if values.shape == x.shape else np.broadcast_to(values, x.shape)


def parabola(curvature: float = 1.0, minimum: float = 0.0) -> Curve:
    """Return the curve L = ½·λ·(θ − m)²: its slope changes by λ = ``curvature`` for each unit of θ."""
    curvature, minimum = finite_number("curvature", curvature), finite_number("minimum", minimum)
    if curvature <= 0:
        raise ValueError(f"curvature must be positive for a parabola with a minimum, got {curvature:g}")
    return Curve(
        lambda x: 0.5 * curvature * (x - minimum) ** 2,
        lambda x: curvature * (x - minimum),
        "parabola",
    )


def two_minima() -> Curve:
    """Return the curve L = (θ²/4 − 1)² + 0.15·θ + 0.31: a low minimum near −2.07, a higher one near 1.92."""
    return Curve(
        lambda x: (x**2 / 4 - 1) ** 2 + 0.15 * x + 0.31,
        lambda x: x * (x**2 / 4 - 1) + 0.15,
        "two minima",
    )


def plateau() -> Curve:
    """Return the curve L = 1 − exp(−θ²/2): one minimum at 0, and ever flatter ground away from it."""
    return Curve(
        lambda x: 1 - np.exp(-(x**2) / 2),
        lambda x: x * np.exp(-(x**2) / 2),
        "plateau",
    )


# --- a linear model and its squared error -----------------------------------------------------------------------------


class LinearRegression:
    """The mean squared error of ŷ = w·x + b over the rows of a data set.

    Parameters
    ----------
    x
        Features, shape ``(n, d)``, or ``(n,)`` for a single feature.
    y
        Targets, shape ``(n,)``.

    Notes
    -----
    With a = (x₁, …, x_d, 1) and θ = (w₁, …, w_d, b) an output is a·θ. Losses and gradients are *means* over the rows;
    ``problem[0]`` and ``problem[rows]`` are problems on those rows alone, so the squared error of one sample is the
    mean over one row. Few rows are copied and worked out from their residuals. Many are not copied, so leave their
    arrays as they are; their loss is kept as a quadratic (`_Quadratic`), and a step does not cost n.
    """

    def __init__(self, x: ArrayLike, y: ArrayLike) -> None:
        x, y = filled_array("x", x), finite_array("y", y)
        if y.ndim != 1:
            raise ValueError(f"y must hold one target a row, shape (n,), got shape {y.shape}")
        if x.ndim == 1:
            x = x[:, np.newaxis]
        if x.ndim != 2:
            raise ValueError(f"x must have shape (n, d) or (n,), got {x.shape}")
        if len(x) != len(y):
            raise ValueError(f"x and y must have as many rows as each other, got {len(x)} and {len(y)}")
        few = len(y) <= FEW_ROWS  # its own rows, unless a copy of so many would cost more than a descent
        self.x, self.y = (x.copy(), y.copy()) if few else (x, y)
        if self._quadratic is None:  # where there is one, a look at each number has been taken
            finite_array("x", x)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names: ``("w", "b")`` for one feature, else ``("w₁", …, "b")``."""
        d = self.x.shape[1]
        weights = ["w"] if d == 1 else [f"w{i}".translate(_SUBSCRIPTS) for i in range(1, d + 1)]
        return (*weights, "b")

    @cached_property
    def design(self) -> np.ndarray:
        """The rows a = (x₁, …, x_d, 1), shape ``(n, p)``."""
        return np.column_stack([self.x, np.ones(len(self.x))])

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.y)

    def __getitem__(self, rows: int | slice | ArrayLike) -> LinearRegression:
        """Return the problem made of these rows alone: an index, a slice, or a sequence of indices."""
        rows = list(rows) if isinstance(rows, tuple) else rows  # to numpy a tuple would say (row, column)
        try:
            x, y = np.atleast_2d(self.x[rows]), np.atleast_1d(self.y[rows])
        except IndexError as error:
            raise IndexError(f"rows: {rows!r} does not fit {len(self)} rows ({error})") from None
        if y.ndim != 1:
            raise IndexError(f"rows: {rows!r} is neither an index, a slice, nor a sequence of indices")
        if len(y) == 0:
            raise ValueError(f"rows: {rows!r} takes no row; at least one is needed")
        part = object.__new__(LinearRegression)  # the rows were checked when this problem was made
        part.x, part.y = x, y
        return part

    def __repr__(self) -> str:
        """Say how many rows and which parameters."""
        rows = "row" if len(self) == 1 else "rows"
        return f"LinearRegression({len(self)} {rows}, θ = ({', '.join(self.names)}))"

    def predict(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return the outputs ŷ = w·x + b, shape ``(..., n)``, equation (2).

        ``x`` stands for new inputs, shape ``(m, d)`` (or ``(m,)`` for one feature, or one row of ``d`` numbers);
        without it the problem's own rows are used.
        """
        theta, x = _parameters(theta, self._p), self.x if x is None else self._inputs(x)
        return np.ascontiguousarray(theta[..., :-1]) @ x.T + theta[..., -1:]

    def residuals(self, theta: ArrayLike) -> np.ndarray:
        """Return the errors ŷ − y, shape ``(..., n)``."""
        return self.predict(theta) - self.y

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return the mean over the rows of (ŷ − y)², equations (3) and (4); shape ``(..., p)`` in, ``(...)`` out."""
        theta = _parameters(theta, self._p)
        if self._quadratic is not None:
            return self._quadratic.loss(theta)
        flat, transposed, n = theta.reshape(-1, self._p), self._rows[0], len(self)
        losses = np.empty(len(flat))
        size = max(1, LARGEST_TABLE // n)  # thousands of θ and of rows at once would not fit in memory
        for first in range(0, len(flat), size):
            residuals = flat[first : first + size].dot(transposed) - self.y
            losses[first : first + size] = np.einsum("ij,ij->i", residuals, residuals) / n
        return losses.reshape(theta.shape[:-1])

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return the mean over the rows of 2(ŷ − y)·a, equations (5)–(13); shape ``(..., p)`` in and out."""
        theta = _parameters(theta, self._p)
        if self._quadratic is not None:
            return self._quadratic.gradient(theta)
        transposed, twice_mean = self._rows
        return (theta.dot(transposed) - self.y).dot(twice_mean)

    def hessian(self) -> np.ndarray:
        """Return the second derivatives (2/n)·AᵀA, shape ``(p, p)``; they are the same at every θ."""
        if self._quadratic is not None:
            return self._quadratic.hessian.copy()
        triangle = np.linalg.qr(self.design, mode="r")  # AᵀA = RᵀR, and the n roundings of a sum stay out of it
        return 2 / len(self) * (triangle.T @ triangle)

    def minimizer(self) -> np.ndarray:
        """Return the θ of least loss, shape ``(p,)``; where there are many, the shortest of them."""
        return np.linalg.lstsq(self.design, self.y, rcond=None)[0]

    @cached_property
    def _p(self) -> int:
        return self.x.shape[1] + 1

    @cached_property
    def _rows(self) -> tuple[np.ndarray, np.ndarray]:
        """Aᵀ, for outputs, and (2/n)·A, for gradients: a step on few rows is two small products."""
        return np.ascontiguousarray(self.design.T), self.design * (2 / len(self))

    @cached_property
    def _quadratic(self) -> _Quadratic | None:
        return _Quadratic.of(self) if len(self) > FEW_ROWS else None

    def _inputs(self, x: ArrayLike) -> np.ndarray:
        x, d = finite_array("x", x), self.x.shape[1]
        if x.ndim <= 1:
            x = x.reshape(-1, 1) if d == 1 else np.atleast_2d(x)
        if x.ndim != 2 or x.shape[1] != d:
            raise ValueError(f"x must have {d} feature(s) a row, got shape {x.shape}")
        return x


@dataclass(frozen=True)
class _Quadratic:
    """Many rows, kept as the Taylor expansion of their loss about its minimum: exact, since the loss is a quadratic.

    With s = θ·root − target, L = value + ½·‖s‖², where root·rootᵀ is the Hessian: a sum of squares, never negative.
    """

    target: np.ndarray
    value: float
    root: np.ndarray
    hessian: np.ndarray
    pull: np.ndarray  # root·target, which is −∇L(0)

    @classmethod
    def of(cls, problem: LinearRegression) -> _Quadratic | None:
        """Return the expansion, or None where the columns are too close to dependent for it to be exact."""
        shift = np.zeros(problem.x.shape[1])
        for _ in range(2):
            with np.errstate(over="ignore", invalid="ignore"):
                gram, projection, squares = _moments(problem, shift)
            lengths = np.sqrt(np.diag(gram))
            if not (np.isfinite(gram).all() and np.isfinite(squares) and lengths.min() > SHORTEST):
                return None
            eigenvalues, vectors = np.linalg.eigh(gram / np.outer(lengths, lengths))
            if eigenvalues[0] >= WELL_CONDITIONED:
                break
            shift = gram[-1, :-1] / len(problem)  # a feature far from zero looks like the bias until it is centred
        else:
            return None
        root = lengths[:, np.newaxis] * vectors * np.sqrt(eigenvalues)  # gram = root·rootᵀ
        inverse = vectors / lengths[:, np.newaxis] / np.sqrt(eigenvalues)
        coefficients = projection @ inverse
        root[:-1] += np.outer(shift, root[-1])  # from (w, b + w·shift) back to (w, b)
        root *= np.sqrt(2 / len(problem))
        left = squares - coefficients @ coefficients  # what the best fit leaves, unless little is left of large numbers
        if left < squares / 1000:
            centre = inverse @ coefficients
            centre[-1] -= centre[:-1] @ shift
            left = np.square(problem.residuals(centre)).sum()
        target = np.sqrt(2 / len(problem)) * coefficients
        return cls(target, float(left) / len(problem), root, root @ root.T, root @ target)

    def loss(self, theta: np.ndarray) -> np.ndarray:
        stretched = theta @ self.root - self.target
        return self.value + 0.5 * np.einsum("...i,...i->...", stretched, stretched)

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        return theta.dot(self.hessian) - self.pull


def _moments(problem: LinearRegression, shift: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Return AᵀA, Aᵀy and yᵀy for the rows a = (x − shift, 1)."""
    n, d = problem.x.shape
    gram, projection = np.zeros((d + 1, d + 1)), np.zeros(d + 1)
    size = max(1, CACHEFUL // d)
    for first in range(0, n, size):  # so that a row comes from memory once, for all three products
        rows, y = problem.x[first : first + size], problem.y[first : first + size]
        if shift.any():
            rows = rows - shift
        gram[:-1, :-1] += rows.T @ rows
        gram[-1, :-1] += np.ones(len(rows)) @ rows
        projection[:-1] += y @ rows
    gram[:-1, -1], gram[-1, -1], projection[-1] = gram[-1, :-1], n, problem.y.sum()
    return gram, projection, float(problem.y @ problem.y)


# --- is a gradient right? ---------------------------------------------------------------------------------------------


class GradientCheck(NamedTuple):
    """A gradient beside its numerical twin.

    ``relative_error`` is ‖analytic − numerical‖ divided by the longer of the two: about 1e-9 speaks for a right
    gradient, 1e-3 or more for a wrong one. Where both are close to zero, as at a minimum, look at ``absolute_error``.
    """

    analytic: np.ndarray
    numerical: np.ndarray
    absolute_error: float
    relative_error: float


def numerical_gradient(loss: Callable[[np.ndarray], Any], theta: ArrayLike, h: float | None = None) -> np.ndarray:
    """Return the gradient of ``loss`` at θ by central differences, (L(θ + h·eᵢ) − L(θ − h·eᵢ)) / 2h.

    Parameters
    ----------
    loss
        A function of θ whose leading axes broadcast, such as ``problem.loss``.
    theta
        Where, shape ``(..., p)``.
    h
        How far to go to either side. Without it, the cube root of the machine's precision, times the size of θᵢ where
        that is above 1: there the truncation error, growing like h², and the rounding error, growing like 1/h, balance
        (Nocedal and Wright, *Numerical Optimization*, § 8.1).
    """
    theta = np.atleast_1d(finite_array("theta", theta))
    if h is None:
        steps = np.finfo(float).eps ** (1 / 3) * np.maximum(1.0, np.abs(theta))
    else:
        h = finite_number("h", h)
        if h <= 0:
            raise ValueError(f"h must be positive, got {h:g}")
        steps = np.full_like(theta, h)
    sideways = steps[..., np.newaxis] * np.eye(theta.shape[-1])  # row i moves parameter i alone
    here = theta[..., np.newaxis, :]
    return (np.asarray(loss(here + sideways)) - loss(here - sideways)) / (2 * steps)


def check_gradient(problem: Problem, theta: ArrayLike, h: float | None = None) -> GradientCheck:
    """Return the problem's gradient at one θ, shape ``(p,)``, beside central differences, and how far they differ."""
    theta = np.atleast_1d(finite_array("theta", theta))
    if theta.ndim != 1:
        raise ValueError(f"theta must be a single vector, shape (p,), got shape {theta.shape}")
    analytic, numerical = problem.gradient(theta), numerical_gradient(problem.loss, theta, h)
    error = float(np.linalg.norm(analytic - numerical))
    longer = max(float(np.linalg.norm(analytic)), float(np.linalg.norm(numerical)))
    return GradientCheck(analytic, numerical, error, error / longer if longer else 0.0)


def _parameters(theta: ArrayLike, p: int) -> np.ndarray:
    """Return θ as an array whose last axis has the problem's p parameters; it may hold ∞, as a diverging run does."""
    if type(theta) is not np.ndarray or theta.dtype != float:
        theta = float_array("theta", theta)
    if theta.shape[-1:] != (p,):
        raise ValueError(f"theta must have {p} parameter(s) in its last axis, got shape {theta.shape}")
    return theta
