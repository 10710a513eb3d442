"""The rows of a data set, and what every model on them does with them: checks, parts, features, losses of many θ."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import finite_array, nonempty_array, targets
from gdlib._formatting import subscript

COPIED = 2**16  # tables of at most so many numbers are copied: a copy costs nothing beside a descent
LARGEST_TABLE = 2**22  # at most so many residuals, or scores, are worked out at once


class RowModel:
    """The rows of a data set, features and targets, and what all models on them share.

    ``model[0]`` and ``model[rows]`` are models of the same class on those rows alone. What else a subclass keeps, they
    keep too; if it keeps an entry for each row, such as weights, it defines ``__getitem__`` itself. Large tables are
    not copied: leave them as they are. A subclass has ``names``, and ``_p``, how many there are.
    """

    _of_all = frozenset({"names", "_p"})  # the cached properties that are the same for every part
    _targets = staticmethod(targets)  # how a subclass reads y
    _of_rows: frozenset[str] = frozenset()  # the others hang on the rows: a part works out its own

    def __init_subclass__(cls) -> None:
        """Find out which cached properties a subclass has."""
        cached = {name for name in dir(cls) if isinstance(getattr(cls, name), cached_property)}
        cls._of_rows = frozenset(cached - cls._of_all)

    def __init__(self, x: ArrayLike, y: ArrayLike) -> None:
        x, y = nonempty_array("x", x), self._targets(y)
        if x.ndim == 1:
            x = x[:, np.newaxis]
        if x.ndim != 2:
            raise ValueError(f"x must have shape (n, d) or (n,), got {x.shape}")
        if len(x) != len(y):
            raise ValueError(f"x and y must have as many rows as each other, got {len(x)} and {len(y)}")
        self.x, self.y = (x.copy(), y.copy()) if x.size <= COPIED else (x, y)
        if not self._known_to_be_finite:
            finite_array("x", x)

    @property
    def features(self) -> tuple[str, ...]:
        """The features' names: ``("x",)`` for one, else ``("x₁", …)``."""
        d = self.x.shape[1]
        return ("x",) if d == 1 else tuple(f"x{subscript(i)}" for i in range(1, d + 1))

    @cached_property
    def design(self) -> np.ndarray:
        """The rows a = (x₁, …, x_d, 1), shape ``(n, d + 1)``."""
        return with_ones(self.x)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.y)

    def __getitem__(self, rows: int | slice | ArrayLike) -> Self:
        """Return the model of these rows alone: an index, a slice, or a sequence of indices."""
        rows = list(rows) if isinstance(rows, tuple) else rows  # to numpy a tuple would say (row, column)
        try:
            x, y = self.x[rows], self.y[rows]
        except IndexError as error:
            raise IndexError(f"rows: {rows!r} does not fit {len(self)} rows ({error})") from None
        x, y = (x[np.newaxis], y[np.newaxis]) if x.ndim == 1 else (x, y)  # an index takes the axis of rows away
        if x.ndim != 2:
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

    @property
    def _known_to_be_finite(self) -> bool:
        """Whether something has met each number of x already, so that a second look can be saved."""
        return False

    def _in_tables(self, theta: np.ndarray, losses_of: Callable[[np.ndarray], np.ndarray], numbers: int) -> np.ndarray:
        """Return the losses at θ, shape ``(...)``, worked out in parts: each θ takes so many numbers."""
        flat = theta.reshape(-1, self._p)
        losses = np.empty(len(flat))
        size = max(1, LARGEST_TABLE // numbers)
        for first in range(0, len(flat), size):
            losses[first : first + size] = losses_of(flat[first : first + size])
        return losses.reshape(theta.shape[:-1])

    def _inputs(self, x: ArrayLike) -> np.ndarray:
        x, d = finite_array("x", x), self.x.shape[1]
        if x.ndim <= 1:
            x = x.reshape(-1, 1) if d == 1 else np.atleast_2d(x)
        if x.ndim != 2 or x.shape[1] != d:
            raise ValueError(f"x must have {d} feature(s) a row, got shape {x.shape}")
        return x


def with_ones(x: np.ndarray) -> np.ndarray:
    """Return rows with a one behind each: what a bias is the weight of."""
    design = np.ones((len(x), x.shape[1] + 1))
    design[:, :-1] = x
    return design
