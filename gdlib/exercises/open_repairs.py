"""The repairs of the bug hunt with many right answers: a rate, a feature, an order of the rows.

Any rate that converges is right, any zero and unit that make a round bowl, and any order that keeps pairs together.
"""

from functools import partial
from typing import Any

import numpy as np

from gdlib._formatting import number
from gdlib.data import rents, six_points, standardised
from gdlib.exercises.kinds import Exercise, Mistake
from gdlib.exercises.repairs import as_it_was
from gdlib.linear import LinearRegression

#: Numbers that differ by less than this part of their size are the same, also where they are of single precision.
SAME = 1e-6


def _raw_feature() -> Exercise:
    area = rents()[0][:, 1]
    return Exercise.function(
        standardised,
        ((area,), (np.array([31.0, 44.0, 52.0, 78.0]),), (np.array([250.0, 90.0, 140.0, 120.0, 310.0]),)),
        as_it_was(8),
        Mistake(
            "only divided",
            "The spread is 1 now, and the numbers lie far from zero still. The other half does more here.",
            lambda area: area / area.std(),
        ),
        Mistake("only centred", "The mean is 0 now. How large is the spread?", lambda area: (area - area.mean()) / 10),
        Mistake(
            "from 0 to 1",
            "It runs from 0 to 1 now. Where is its mean, and how large is its spread?",
            lambda area: (area - area.min()) / np.ptp(area),
        ),
        Mistake(
            "the mean of the old numbers",
            "Divided by the spread, and then the mean of other numbers is taken away. Of which?",
            lambda area: area / area.std() - area.mean(),
        ),
        accepts=_is_standardised,
        falls_short=_how_narrow,
    )


def _shuffled() -> Exercise:
    x, y = six_points()
    return Exercise.function(
        lambda x, y, seed: np.array([x, y]),
        ((x, y, 4), (x[:4], y[:4] - 2, 1), (np.array([2.0, -1.0, 0.5, 3.0, 1.0]), np.arange(5.0), 0)),
        as_it_was(9),
        Mistake(
            "the features alone",
            "The features are shuffled, and the targets stay behind.",
            lambda x, y, seed: (np.random.default_rng(seed).permutation(x), y),
        ),
        Mistake(
            "the targets alone",
            "The targets are shuffled, and the features stay behind.",
            lambda x, y, seed: (x, np.random.default_rng(seed).permutation(y)),
        ),
        Mistake(
            "sorted apart",
            "Each is sorted by itself. Does a target still stand by its own feature?",
            lambda x, y, seed: (np.sort(x), np.sort(y)),
        ),
        seen=_in_order,
        accepts=_keeps_pairs,
        falls_short=_strange_row,
    )


def _rate(program: int) -> Exercise:
    """Return what is asked of a mended rate: any below 2/λ of the steepest axis."""
    generator = np.random.default_rng(3)
    features = (six_points()[0], rents()[0][:, 1], generator.normal(size=(4, 2)) + 1)
    return Exercise.function(
        lambda A: 1 / np.linalg.eigvalsh(_hessian(A))[-1],
        tuple((LinearRegression(x, np.zeros(len(x))).design,) for x in features),
        as_it_was(program),
        Mistake(
            "the edge itself",
            "At the edge it jumps to and fro, and comes no nearer. Which side of it is safe?",
            lambda A: 2 / np.linalg.eigvalsh(_hessian(A))[-1],
        ),
        Mistake(
            "the gentlest axis",
            "That is safe along the gentlest axis. Which axis fails first?",
            lambda A: 1 / np.linalg.eigvalsh(_hessian(A))[0],
        ),
        Mistake(
            "upside down",
            "That is the curvature. The steeper, the smaller the rate.",
            lambda A: np.linalg.eigvalsh(_hessian(A))[-1],
        ),
        accepts=lambda case, eta: np.shape(eta) == () and eta > 0 and eta < (1 - 1e-9) * _edge(*case),
        falls_short=_how_far,
    )


def _hessian(A: np.ndarray) -> np.ndarray:
    return 2 / len(A) * A.T @ A


def _edge(A: np.ndarray) -> float:
    """Return 2/λ of the steepest axis: below it every axis shrinks its error."""
    return 2 / float(np.linalg.eigvalsh(_hessian(A))[-1])


def _worst_factor(A: np.ndarray, eta: float) -> float:
    """Return by how much a step multiplies the error along the axis that does worst."""
    with np.errstate(over="ignore"):
        return float(np.abs(1 - eta * np.linalg.eigvalsh(_hessian(A))).max())


def _how_far(arguments: tuple[Any, ...], eta: np.ndarray) -> str:
    """Return in words why a rate will not do."""
    if eta <= 0:
        return "a rate is larger than 0, or nothing goes downhill"
    return (
        f"each step multiplies the error along one axis by {number(_worst_factor(*arguments, float(eta)), 4)} in size"
    )


def _is_standardised(arguments: tuple[Any, ...], result: np.ndarray) -> bool:
    """Return whether a feature is the old one but for a factor and a shift, and makes a bowl that is nearly round.

    So the spread may be measured with n − 1, too, and the middle by the median.
    """
    (area,) = arguments
    return _is_old_feature(area, result) and _narrowness(result) < 2


def _how_narrow(arguments: tuple[Any, ...], result: np.ndarray) -> str:
    """Return in words what a feature lacks."""
    if not _is_old_feature(*arguments, result):
        return "that is not the old feature with another zero and another unit"
    return f"the condition number of its rows is {number(_narrowness(result), 3)}, and a round bowl has 1"


def _is_old_feature(area: np.ndarray, result: np.ndarray) -> bool:
    if np.shape(result) != area.shape or not np.isfinite(result).all():
        return False
    return bool(np.isclose(abs(np.mean(standardised(area) * standardised(result))), 1, rtol=SAME))


def _narrowness(feature: np.ndarray) -> float:
    """Return the condition number of the bowl of the rows (x, 1)."""
    with np.errstate(over="ignore"):
        return float(np.square(np.linalg.cond(np.column_stack([feature, np.ones(len(feature))]))))


def _in_order(rows: np.ndarray) -> np.ndarray:
    """Return rows (x, y) in one order, whatever order they came in."""
    return rows[:, np.lexsort(rows)] if np.shape(rows)[:1] == (2,) and np.ndim(rows) == 2 else rows


def _keeps_pairs(arguments: tuple[Any, ...], rows: np.ndarray) -> bool:
    """Return whether these are the old rows (x, y), in any order."""
    old = np.array(arguments[:2])
    return rows.shape == old.shape and np.allclose(_in_order(rows), _in_order(old), rtol=SAME, atol=0)


def _strange_row(arguments: tuple[Any, ...], rows: np.ndarray) -> str:
    """Return in words what is wrong with rows that are not the old ones."""
    old = np.array(arguments[:2]).T
    strange = next((row for row in rows.T if not np.isclose(row, old, rtol=SAME, atol=0).all(axis=1).any()), None)
    if strange is None:
        return "a row is there more than once, and another is missing"
    return f"({number(strange[0], 4)}, {number(strange[1], 4)}) is none of the old rows"


#: What is asked, by the number of the program.
OPEN_REPAIRS = {2: partial(_rate, 2), 8: _raw_feature, 9: _shuffled, 13: partial(_rate, 13)}
