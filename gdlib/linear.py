"""Models that are linear in their parameters θ = (w₁, …, w_d, b), and the loss of a line.

`LinearModel` holds what they share: the rows of a data set, the parameters' names, the scores w·x + b. A kind of model
adds a loss and its gradient; `LinearRegression` adds the mean squared error.
"""

from __future__ import annotations

from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import finite_array, nonempty_array, parameters
from gdlib._formatting import subscript
from gdlib._many_rows import Expansion, expand

COPIED = 2**16  # tables of at most so many numbers are copied: a copy costs nothing beside a descent
FEW_ROWS = 256  # up to here residuals are cheapest; beyond, the loss is kept as a quadratic where that is exact
LARGEST_TABLE = 2**22  # at most so many residuals are worked out at once


class LinearModel:
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

    _of_rows = frozenset({"design"})  # the cached properties that hang on the rows: a part works out its own

    def __init_subclass__(cls) -> None:
        """Find out which cached properties a subclass has."""
        cached = {name for name in dir(cls) if isinstance(getattr(cls, name), cached_property)}
        cls._of_rows = frozenset(cached - {"names", "_p"})

    def __init__(self, x: ArrayLike, y: ArrayLike) -> None:
        x, y = nonempty_array("x", x), finite_array("y", y)
        if y.ndim != 1:
            raise ValueError(f"y must hold one target a row, shape (n,), got shape {y.shape}")
        if x.ndim == 1:
            x = x[:, np.newaxis]
        if x.ndim != 2:
            raise ValueError(f"x must have shape (n, d) or (n,), got {x.shape}")
        if len(x) != len(y):
            raise ValueError(f"x and y must have as many rows as each other, got {len(x)} and {len(y)}")
        self.x, self.y = (x.copy(), y.copy()) if x.size <= COPIED else (x, y)
        if not self._known_to_be_finite:
            finite_array("x", x)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names: ``("w", "b")`` for one feature, else ``("w₁", …, "b")``."""
        return (*(name.replace("x", "w") for name in self.features), "b")

    @property
    def features(self) -> tuple[str, ...]:
        """The features' names: ``("x",)`` for one, else ``("x₁", …)``."""
        d = self.x.shape[1]
        return ("x",) if d == 1 else tuple(f"x{subscript(i)}" for i in range(1, d + 1))

    @cached_property
    def design(self) -> np.ndarray:
        """The rows a = (x₁, …, x_d, 1), shape ``(n, p)``."""
        return np.column_stack([self.x, np.ones(len(self.x))])

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.y)

    def __getitem__(self, rows: int | slice | ArrayLike) -> Self:
        """Return the model of these rows alone: an index, a slice, or a sequence of indices."""
        rows = list(rows) if isinstance(rows, tuple) else rows  # to numpy a tuple would say (row, column)
        try:
            x, y = np.atleast_2d(self.x[rows]), np.atleast_1d(self.y[rows])
        except IndexError as error:
            raise IndexError(f"rows: {rows!r} does not fit {len(self)} rows ({error})") from None
        if y.ndim != 1:
            raise IndexError(f"rows: {rows!r} is neither an index, a slice, nor a sequence of indices")
        if len(y) == 0:
            raise ValueError(f"rows: {rows!r} takes no row; at least one is needed")
        kept = {name: own for name, own in vars(self).items() if name not in self._of_rows}
        for name, own in kept.items():
            if name not in ("x", "y") and isinstance(own, np.ndarray) and own.shape[:1] == (len(self),) != (1,):
                raise TypeError(f"{type(self).__name__}.{name} has an entry for each row: define __getitem__ beside it")
        part = object.__new__(type(self))  # the rows were checked when this model was made
        vars(part).update(kept, x=x, y=y)
        return part

    def __repr__(self) -> str:
        """Say how many rows and which parameters."""
        rows = "row" if len(self) == 1 else "rows"
        return f"{type(self).__name__}({len(self)} {rows}, θ = ({', '.join(self.names)}))"

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

    @property
    def _known_to_be_finite(self) -> bool:
        """Whether something has met each number of x already, so that a second look can be saved."""
        return False

    def _inputs(self, x: ArrayLike) -> np.ndarray:
        x, d = finite_array("x", x), self.x.shape[1]
        if x.ndim <= 1:
            x = x.reshape(-1, 1) if d == 1 else np.atleast_2d(x)
        if x.ndim != 2 or x.shape[1] != d:
            raise ValueError(f"x must have {d} feature(s) a row, got shape {x.shape}")
        return x


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
        # Plainly: np.mean(residuals**2, axis=-1).
        flat, transposed, n = theta.reshape(-1, self._p), self._products[0], len(self)
        losses = np.empty(len(flat))
        size = max(1, LARGEST_TABLE // n)  # thousands of θ and of rows at once would not fit in memory
        for first in range(0, len(flat), size):
            residuals = flat[first : first + size].dot(transposed) - self.y
            losses[first : first + size] = np.einsum("ij,ij->i", residuals, residuals) / n
        return losses.reshape(theta.shape[:-1])

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
    """Return the problem, if its loss is the mean squared error of `LinearRegression`.

    Raises
    ------
    TypeError
        If it is no `LinearRegression`, or of a subclass with a loss of its own: inherited formulas need not hold there.
    """
    if not isinstance(problem, LinearRegression):
        raise TypeError(f"problem must be a LinearRegression, got {type(problem).__name__}")
    if own := _own_formula(type(problem)):
        kind = type(problem).__name__
        raise TypeError(f"{kind} has {own}() of its own, so what holds for LinearRegression need not hold for {kind}")
    return problem


def offers(problem: object, method: str) -> bool:
    """Return whether a problem has this method, and not one from `LinearRegression` that its own loss makes untrue."""
    inherited = getattr(type(problem), method, None) is getattr(LinearRegression, method)
    return hasattr(problem, method) and not (inherited and _own_formula(type(problem)))


def _own_formula(kind: type[LinearRegression]) -> str:
    """Return which method of a subclass changes the loss or its gradient, "" if none does."""
    methods = ("scores", "predict", "residuals", "loss", "gradient")
    return next((name for name in methods if getattr(kind, name) is not getattr(LinearRegression, name)), "")
