"""What every model made of rows shares: parts, inputs, and losses of many θ worked out in tables."""

from functools import cached_property

import numpy as np
import pytest

import gdlib._rows
from gdlib._rows import COPIED, RowModel

X, Y = np.arange(8.0).reshape(4, 2), np.arange(4.0)


class Means(RowModel):
    """A model of one parameter, whose loss is the mean of (θ − y)²."""

    names = ("θ",)
    _p = 1

    @cached_property
    def double(self):
        return 2 * self.y

    def loss(self, theta):
        return self._in_tables(theta, lambda each: ((each - self.y) ** 2).mean(axis=1), len(self))


class Several(Means):
    """The same with any number of targets a row."""

    @staticmethod
    def _targets(y):
        return np.asarray(y, dtype=float)


@pytest.mark.parametrize("kind", [Means, Several])
@pytest.mark.parametrize(
    "rows", [2, -1, np.int64(1), slice(1, 3), [3, 0], (3, 0), np.array([True, False, True, False])]
)
def test_a_part_has_the_rows_of_numpy(kind, rows):
    model = kind(X, Y if kind is Means else np.column_stack([Y, Y + 1]))
    assert (model.double == 2 * model.y).all()
    part, picked = model[rows], np.atleast_1d(np.arange(4)[list(rows) if isinstance(rows, tuple) else rows])
    assert type(part) is kind
    np.testing.assert_array_equal(part.x, X[picked])
    np.testing.assert_array_equal(part.y, model.y[picked])
    np.testing.assert_array_equal(part.double, 2 * part.y)
    assert len(part) == len(picked)


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        (4, IndexError, "rows: 4 does not fit 4 rows"),
        ("first", IndexError, "rows: 'first' does not fit 4 rows"),
        (None, IndexError, "rows: None is neither an index, a slice, nor a sequence of indices"),
        ([[0, 1]], IndexError, r"rows: \[\[0, 1\]\] is neither an index"),
        (slice(2, 2), ValueError, "takes no row; at least one is needed"),
    ],
)
@pytest.mark.parametrize("kind", [Means, Several])
def test_rows_that_are_none_are_named(kind, rows, error, message):
    with pytest.raises(error, match=message):
        kind(X, Y if kind is Means else np.column_stack([Y, Y]))[rows]


def test_losses_of_many_parameters_are_worked_out_in_tables(monkeypatch):
    model, theta = Means(X, Y), np.linspace(-1, 1, 30).reshape(5, 6, 1)
    whole = model.loss(theta)
    np.testing.assert_allclose(whole, ((theta - Y) ** 2).mean(axis=-1))
    for largest in (1, 4, 17, 10_000):
        monkeypatch.setattr(gdlib._rows, "LARGEST_TABLE", largest)
        np.testing.assert_array_equal(model.loss(theta), whole)


def test_small_tables_are_copied_and_large_ones_are_not():
    small, large = np.ones((3, 2)), np.ones((COPIED + 1, 1))
    assert not np.shares_memory(Means(small, np.ones(3)).x, small)
    assert np.shares_memory(Means(large, np.ones(len(large))).x, large)


def test_new_inputs_have_the_features_of_the_rows():
    assert Means(X, Y)._inputs([1, 2]).shape == (1, 2)
    assert Means(Y, Y)._inputs([1, 2]).shape == (2, 1)
    assert (Means(X, Y).features, Means(Y, Y).features) == (("x₁", "x₂"), ("x",))
    with pytest.raises(ValueError, match=r"x must have 2 feature\(s\) a row, got shape \(1, 3\)"):
        Means(X, Y)._inputs([1, 2, 3])
