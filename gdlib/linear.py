"""Models that are linear in their parameters θ = (w₁, …, w_d, b), and the loss of a line.

`LinearModel` holds what they share: the rows of a data set, the parameters' names, the scores w·x + b. A kind of model
adds a loss and its gradient: `LinearRegression` the mean squared error, those of `gdlib.classify` the log-loss.
"""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import parameters
from gdlib._many_rows import Expansion, expand
from gdlib._rows import RowModel

FEW_ROWS = 256  # up to here residuals are cheapest; beyond, the loss is kept as a quadratic where that is exact

Kind = TypeVar("Kind", bound="LinearModel")


class LinearModel(RowModel):
    """The rows of a data set, and what all models on them that are linear in θ share.

    Parameters
    ----------
    x
        Features, shape ``(n, d)``, or ``(n,)`` for a single feature.
    y
        Targets, shape ``(n,)``.

    Notes
    -----
    With a = (x₁, …, x_d, 1) a row's score is a·θ. ``model[0]`` and ``model[rows]`` are models of the same class on
    those rows alone. What else a subclass keeps, they keep too; if it keeps an entry for each row, such as weights, it
    defines ``__getitem__`` itself. Large tables are not copied: leave them as they are.
    """

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names: ``("w", "b")`` for one feature, else ``("w₁", …, "b")``."""
        return (*(name.replace("x", "w") for name in self.features), "b")

    @property
    def biases(self) -> tuple[str, ...]:
        """Which of the parameters are no weights: a penalty leaves them free."""
        return tuple(name for name in self.names if name.startswith("b"))

    def scores(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return w·x + b for each row, shape ``(..., n)``.

        ``x`` stands for new inputs, shape ``(m, d)`` (or ``(m,)`` for one feature, or one row of ``d`` numbers);
        without it the model's own rows are used.
        """
        theta, x = parameters(theta, self._p), self.x if x is None else self._inputs(x)
        return np.ascontiguousarray(theta[..., :-1]) @ x.T + theta[..., -1:]

    @cached_property
    def _p(self) -> int:
        return self.x.shape[1] + 1


class LinearRegression(LinearModel):
    """The mean squared error of ŷ = w·x + b over the rows of a data set, given as for every `LinearModel`.

    Losses and gradients are *means* over the rows, so the squared error of one sample, ``problem[0]``, is the mean over
    one row. On many rows the cost of a step does not grow with n: the loss is kept as a quadratic (`gdlib._many_rows`).
    """

    def predict(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return the outputs ŷ = w·x + b, shape ``(..., n)``, equation (2); ``x`` as in `scores`."""
        return self.scores(theta, x)

    def residuals(self, theta: ArrayLike) -> np.ndarray:
        """Return the errors ŷ − y, shape ``(..., n)``."""
        return self.predict(theta) - self.y

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return the mean over the rows of (ŷ − y)², equations (3) and (4); shape ``(..., p)`` in, ``(...)`` out."""
        theta = parameters(theta, self._p)
        if self._expansion is not None:
            return self._expansion.loss(theta)
        return self._in_tables(theta, self._mean_squares, len(self))

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return the mean over the rows of 2(ŷ − y)·a, equations (5)–(13); shape ``(..., p)`` in and out."""
        theta = parameters(theta, self._p)
        if self._expansion is not None:
            return self._expansion.gradient(theta)
        # Plainly: 2 / n * (residuals @ design).
        transposed, twice_mean = self._products
        return (theta.dot(transposed) - self.y).dot(twice_mean)

    def hessian(self) -> np.ndarray:
        """Return the second derivatives (2/n)·AᵀA, shape ``(p, p)``; they are the same at every θ."""
        if type(self).hessian is LinearRegression.hessian:  # else a subclass asks, which knows what it does
            squared_error(self)
        if self._expansion is not None:
            return self._expansion.hessian.copy()
        triangle = np.linalg.qr(self.design, mode="r")  # AᵀA = RᵀR, and the n roundings of a sum stay out of it
        return 2 / len(self) * (triangle.T @ triangle)

    def minimizer(self) -> np.ndarray:
        """Return the θ of least loss, shape ``(p,)``; where there are many, the shortest of them."""
        if type(self).minimizer is LinearRegression.minimizer:
            squared_error(self)
        return np.linalg.lstsq(self.design, self.y, rcond=None)[0]

    def _mean_squares(self, theta: np.ndarray) -> np.ndarray:
        # Plainly: np.mean(residuals**2, axis=-1).
        residuals = theta.dot(self._products[0]) - self.y
        return np.einsum("ij,ij->i", residuals, residuals) / len(self)

    @cached_property
    def _products(self) -> tuple[np.ndarray, np.ndarray]:
        """Aᵀ, for outputs, and (2/n)·A, for gradients: a step on few rows is two small products."""
        return np.ascontiguousarray(self.design.T), self.design * (2 / len(self))

    @cached_property
    def _expansion(self) -> Expansion | None:
        return expand(self.x, self.y) if len(self) > FEW_ROWS else None

    @property
    def _known_to_be_finite(self) -> bool:
        return self._expansion is not None


def squared_error(problem: object) -> LinearRegression:
    """Return the problem, if its loss is that of `LinearRegression`; raises as `unaltered` does."""
    return unaltered(problem, LinearRegression)


def unaltered(problem: object, kind: type[Kind]) -> Kind:
    """Return the problem, if it is of this kind and its loss is the kind's own.

    Raises
    ------
    TypeError
        If it is of no such kind, or of a subclass with a loss of its own: inherited formulas need not hold there.
    """
    if not isinstance(problem, kind):
        raise TypeError(f"problem must be a {kind.__name__}, got {type(problem).__name__}")
    if own := _own_formula(type(problem), kind):
        mine, theirs = type(problem).__name__, kind.__name__
        raise TypeError(f"{mine} has {own}() of its own, so what holds for {theirs} need not hold for {mine}")
    return problem


def offers(problem: object, method: str) -> bool:
    """Return whether a problem has this method, and not one from `LinearRegression` that its own loss makes untrue."""
    inherited = getattr(type(problem), method, None) is getattr(LinearRegression, method)
    return hasattr(problem, method) and not (inherited and _own_formula(type(problem), LinearRegression))


def _own_formula(subclass: type[LinearModel], kind: type[LinearModel]) -> str | None:
    """Return which method of a subclass changes the loss or its gradient, None if none does."""
    methods = ("scores", "probabilities", "predict", "residuals", "loss", "gradient")
    return next((name for name in methods if getattr(subclass, name, None) is not getattr(kind, name, None)), None)
