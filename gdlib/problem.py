"""What is minimised: a loss L(θ) and its gradient ∇L(θ).

A problem has three things: the ``names`` of its parameters, ``loss(theta)`` and ``gradient(theta)``. θ is one vector,
bias last, shape ``(p,)``. The course's own problems take θ of shape ``(..., p)`` as well: one gradient serves a single
θ and a thousand at once. A reader's may be written for one θ; then they are called for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sized
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import finite_array, finite_number, float_array, parameters, quoted
from gdlib._calls import Function, at_each, is_ours, must_be_steady
from gdlib._moved import moved

__getattr__ = moved(__name__, LinearRegression="gdlib.linear")


class Problem(Protocol):
    """Anything with a loss to lower: what `descend` asks for."""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, in the order of θ."""

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return the loss at θ of shape ``(p,)``; at ``(..., p)``, shape ``(...)``, if it takes leading axes."""

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return the gradient at θ of shape ``(p,)``, or ``(..., p)`` if it takes leading axes; the same shape."""


class FiniteSum(Problem, Protocol):
    """A problem whose loss is a mean over rows: what `descend` asks for in every order but batch."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def __getitem__(self, rows: int | slice | ArrayLike) -> Problem:
        """Return the problem of the same kind made of these rows alone; its loss is their mean."""


@dataclass(frozen=True)
class Curve:
    """A loss of one parameter, with its derivative.

    ``f`` and ``slope`` take a number; if they take an array as well, element by element, they are called once for many.
    ``loss`` and ``gradient`` take θ of shape ``(..., 1)``, as the course's own problems do.
    """

    f: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    name: str = "L(θ)"
    names: tuple[str, ...] = ("θ",)

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return L(θ); shape ``(..., 1)`` in, ``(...)`` out."""
        return _elementwise(self.f, parameters(theta, 1)[..., 0], "Curve.f")

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return dL/dθ; shape ``(..., 1)`` in and out."""
        return _elementwise(self.slope, parameters(theta, 1), "Curve.slope")


def _elementwise(function: Function, x: np.ndarray, name: str) -> np.ndarray:
    """Return a function of one number at each entry of x, in x's shape."""
    if is_ours(function):
        return function(x)
    return at_each(partial(_at_numbers, function), x[..., np.newaxis], name)


def _at_numbers(function: Function, theta: np.ndarray) -> Any:  # noqa: ANN401
    """Return a function at θ = (x,), or at a stack of them; a slope that is one number is the same for all."""
    if theta.ndim == 1:
        return function(np.float64(theta[0]))
    values = function(theta[:, 0])
    return values if np.shape(values) else np.broadcast_to(values, len(theta))


class Penalised:
    """A problem with a price on its weights: L(θ) + λ/2·‖w‖², known as L2 regularisation, or ridge; biases are free.

    Parameters
    ----------
    problem
        What to penalise. Its ``biases`` are the names of the parameters that are free; without it, none is.
    penalty
        λ ≥ 0. The mean over the rows is penalised once, and so is each part: ``Penalised(problem, λ)[0]`` is
        ``Penalised(problem[0], λ)``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is said above.
    """

    def __init__(self, problem: Problem, penalty: float) -> None:
        self.problem, self.penalty = as_problem(problem), finite_number("penalty", penalty)
        if self.penalty < 0:
            raise ValueError(f"penalty must not be negative, got {self.penalty:g}: it would reward large weights")
        self._priced = np.array([name not in self.biases for name in problem.names])  # the weights

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, those of the problem."""
        return self.problem.names

    @property
    def biases(self) -> tuple[str, ...]:
        """Which of the parameters are free, those of the problem."""
        return tuple(getattr(self.problem, "biases", ()))

    def __len__(self) -> int:
        """Return the number of rows, 0 for a problem that has none."""
        return len(self.problem) if isinstance(self.problem, Sized) else 0

    def __getitem__(self, rows: int | slice | ArrayLike) -> Penalised:
        """Return the problem of the same kind made of these rows alone, under the same penalty."""
        part = copy(self)
        part.problem = self.problem[rows]
        return part

    def __repr__(self) -> str:
        """Say what is penalised, and how much."""
        return f"Penalised({self.problem!r}, {self.penalty:g})"

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return L(θ) + λ/2·‖w‖²; shape ``(..., p)`` in, ``(...)`` out."""
        theta = parameters(theta, len(self._priced))
        bare = at_each(self.problem.loss, theta, "problem.loss")
        return bare + self.penalty / 2 * (theta[..., self._priced] ** 2).sum(axis=-1)

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return ∇L(θ) + λ·w, and ∇L(θ) itself for biases; shape ``(..., p)`` in and out."""
        theta = parameters(theta, len(self._priced))
        slopes = float_array("what problem.gradient returns", self.problem.gradient(theta))
        if slopes.shape != theta.shape:
            raise ValueError(f"problem.gradient must return shape {theta.shape}, as theta has, got {slopes.shape}")
        return slopes + np.where(self._priced, self.penalty * theta, 0)

    def hessian(self, theta: ArrayLike | None = None) -> np.ndarray:
        """Return the second derivatives, shape ``(p, p)``: λ more for each weight; at θ, where they depend on it."""
        if not hasattr(self.problem, "hessian"):
            raise TypeError(f"problem must have a hessian() to be penalised, got {quoted(self.problem)}")
        bare = self.problem.hessian() if theta is None else self.problem.hessian(theta)
        return bare + np.diag(self.penalty * self._priced)


def as_problem(problem: object) -> Problem:
    """Return what has names, a loss and a gradient; raise a TypeError that says what is missing."""
    for name in ("names", "loss", "gradient"):
        if not hasattr(problem, name):
            wanted = "names, loss(theta) and gradient(theta), as LinearRegression(x, y) has"
            raise TypeError(f"problem must have {wanted}; there is no {name} in {quoted(problem)}")
    if isinstance(problem.names, str):
        raise TypeError(f"problem.names must be a tuple, a name for each parameter, got {quoted(problem.names)}")
    return problem


def parabola(curvature: float = 1.0, minimum: float = 0.0) -> Curve:
    """Return the curve L = ½·λ·(θ − m)²: its slope changes by λ = ``curvature`` for each unit of θ."""
    curvature, minimum = finite_number("curvature", curvature), finite_number("minimum", minimum)
    if curvature <= 0:
        raise ValueError(f"curvature must be positive for a parabola with a minimum, got {curvature:g}")
    return Curve(lambda x: 0.5 * curvature * (x - minimum) ** 2, lambda x: curvature * (x - minimum), "parabola")


def two_minima() -> Curve:
    """Return the curve L = (θ²/4 − 1)² + 0.15·θ + 0.31: a low minimum near −2.07, a higher one near 1.92."""
    return Curve(lambda x: (x**2 / 4 - 1) ** 2 + 0.15 * x + 0.31, lambda x: x * (x**2 / 4 - 1) + 0.15, "two minima")


def plateau() -> Curve:
    """Return the curve L = 1 − exp(−θ²/2): one minimum at 0, and from a distance of 1 on ever flatter ground."""
    return Curve(lambda x: 1 - np.exp(-(x**2) / 2), lambda x: x * np.exp(-(x**2) / 2), "plateau")


class GradientCheck(NamedTuple):
    """A gradient beside its numerical estimate.

    ``relative_error`` is ‖analytic − numerical‖ divided by the longer of the two: about 1e-9 speaks for a right
    gradient, 1e-3 or more for a wrong one; where θ is very large, rounding alone may make 1e-6. Where both are close to
    zero, as at a minimum, look at ``absolute_error``.
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
        A function of one θ, shape ``(p,)``, that returns a number, such as ``problem.loss``. If it takes leading axes,
        too, it is called once for many θ.
    theta
        Where, shape ``(..., p)``.
    h
        How far to go to either side. Without it, the cube root of the machine's precision, times the size of θᵢ where
        that is above 1: at this h the truncation error, growing like h², and the rounding error, like 1/h, balance
        (Nocedal and Wright, *Numerical Optimization*, § 8.1).

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is said above, or ``loss`` returns no number, or another one at the second call.
    """
    return _central_differences(loss, np.atleast_1d(finite_array("theta", theta)), h, "loss")


def check_gradient(problem: Problem, theta: ArrayLike, h: float | None = None) -> GradientCheck:
    """Return the problem's gradient at one θ, shape ``(p,)``, beside central differences, and how far they differ."""
    theta = np.atleast_1d(finite_array("theta", theta))
    if theta.ndim != 1:
        raise ValueError(f"theta must be a single vector, shape (p,), got shape {theta.shape}")
    theta = parameters(theta, len(as_problem(problem).names))
    analytic = must_be_steady(problem.gradient, theta, "problem.gradient", theta.shape)
    analytic = finite_array("what problem.gradient returns", analytic)
    numerical = _central_differences(problem.loss, theta, h, "problem.loss")
    error = float(np.linalg.norm(analytic - numerical))
    longer = max(float(np.linalg.norm(analytic)), float(np.linalg.norm(numerical)))
    return GradientCheck(analytic, numerical, error, error / longer if longer else 0.0)


def _central_differences(
    loss: Callable[[np.ndarray], Any], theta: np.ndarray, h: float | None, name: str
) -> np.ndarray:
    if h is None:
        steps = np.finfo(float).eps ** (1 / 3) * np.maximum(1.0, np.abs(theta))
    else:
        h = finite_number("h", h)
        if h <= 0:
            raise ValueError(f"h must be positive, got {h:g}")
        steps = np.full_like(theta, h)
    must_be_steady(loss, theta.reshape(-1, theta.shape[-1])[0], name)
    sideways = steps[..., np.newaxis] * np.eye(theta.shape[-1])  # row i moves parameter i alone
    here = theta[..., np.newaxis, :]
    above, below = (at_each(loss, here + move, name) for move in (sideways, -sideways))
    return finite_array(f"{name} beside theta", (above - below) / (2 * steps))
