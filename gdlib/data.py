"""The data of the course: small, the same each time, made of plain numbers or read from the folder ``tables``.

Each function returns ``(x, y)``: features, shape ``(n, d)`` or ``(n,)`` for one feature, and targets, shape ``(n,)``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import finite_array

Rows = tuple[np.ndarray, np.ndarray]


def worked_example() -> Rows:
    """Return the two rows of the worked example: two features, and a target of 0.8 and of 0.5."""
    return np.array([[0.1, 0.8], [0.5, 0.3]]), np.array([0.8, 0.5])


def six_points() -> Rows:
    """Return six points near a line, one feature; both axes span about 0 to 4, so that a square can be drawn square."""
    return np.array([0.5, 1.0, 1.5, 2.5, 3.0, 3.5]), np.array([1.1, 1.0, 1.9, 2.0, 2.9, 2.7])


def noisy_line(n: int = 40, seed: int = 1) -> Rows:
    """Return ``n`` points around y = 1.5·x + 0.5 for x from −1 to 1, with noise of standard deviation 0.5."""
    generator = np.random.default_rng(seed)
    x = np.linspace(-1, 1, n)
    return x, 1.5 * x + 0.5 + 0.5 * generator.standard_normal(n)


def narrow_valley() -> Rows:
    """Return eight flats: rooms, and rent in thousands. Rooms lie far from zero for their spread: a narrow valley."""
    (rooms_and_area, rent) = rents()
    return rooms_and_area[:, 0].copy(), rent


def rents() -> Rows:
    """Return eight flats: rooms (1 to 4) and floor area (40 to 160 m²), scales far apart, and rent in thousands."""
    rooms = np.array([1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0])
    area = np.array([40.0, 55.0, 60.0, 85.0, 90.0, 115.0, 130.0, 160.0])
    rent = np.array([0.62, 0.75, 0.86, 1.05, 1.18, 1.36, 1.58, 1.83])
    return np.column_stack([rooms, area]), rent


def overfitting(n: int = 14, features: int = 10, seed: int = 3) -> tuple[Rows, Rows]:
    """Return ``(training, held_out)``: ``n`` rows to learn from and 200 to judge by, of which one feature matters.

    Targets are 1 + x₁ plus noise of standard deviation 0.5; the other features are noise to be learnt by heart.
    """
    generator = np.random.default_rng(seed)
    x = generator.standard_normal((n + 200, features))
    y = 1 + x[:, 0] + 0.5 * generator.standard_normal(n + 200)
    return (x[:n], y[:n]), (x[n:], y[n:])


def iris() -> Rows:
    """Return 150 iris flowers: sepal length and width, petal length and width, in cm, and the species.

    Species are 0 setosa, 1 versicolor, 2 virginica, 50 rows of each in this order. A line in the petals' length and
    width separates the first pair of species, the first 100 rows; no line separates the second pair, the last 100.

    Measured by Edgar Anderson, published by R. A. Fisher (1936); scikit-learn's copy, under the BSD licence. More in
    ``gdlib/tables/NOTICE``.
    """
    return _table("iris.csv", first=1)


def digits() -> Rows:
    """Return 1,797 handwritten digits: 64 pixels, row by row, each from 0 (paper) to 16 (ink), and which digit it is.

    ``x[i].reshape(8, 8)`` is a picture. By E. Alpaydin and C. Kaynak (1998), from the UCI Machine Learning Repository;
    scikit-learn's copy, under the BSD licence. More in ``gdlib/tables/NOTICE``.
    """
    return _table("digits.csv.gz")


def _table(name: str, first: int = 0) -> Rows:
    """Return the columns of a table, its last column as targets; the table begins at line ``first``."""
    table = np.loadtxt(Path(__file__).parent / "tables" / name, delimiter=",", skiprows=first)
    return table[:, :-1].copy(), table[:, -1].copy()


def standardised(x: ArrayLike) -> np.ndarray:
    """Return the features with mean 0 and standard deviation 1 each, the shape unchanged.

    A feature that never varies is only centred: there is no spread to divide by.

    Raises
    ------
    TypeError, ValueError
        If ``x`` is not made of finite numbers, one row or number after the other.
    """
    x = finite_array("x", x)
    if x.ndim not in (1, 2):
        raise ValueError(f"x must have shape (n, d) or (n,), got {x.shape}")
    size = np.abs(x).max(axis=0)
    odd = (size > 1e150) | ((size < 1e-150) & (size > 0))  # squares would leave the floats: first to a size of 1
    x = x / np.where(odd, size, 1) if odd.any() else x
    varies = x.max(axis=0) > x.min(axis=0)  # asked of the numbers themselves: rounding gives ten 0.1 a spread of 1e-17
    return (x - x.mean(axis=0)) / np.where(varies, x.std(axis=0), 1)
