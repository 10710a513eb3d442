"""Broken descents, for the bug hunt. Stop reading here if you want to find the bugs by their symptoms.

Each function below is a small program with one bug in it, and it is really run: what a reader sees of it, in
`Symptoms`, is what it did. All of them fit a line ŷ = w·x + b, θ = (w, b).
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gdlib._arguments import count
from gdlib.curvature import stability_limit
from gdlib.data import rents, six_points
from gdlib.linear import LinearRegression
from gdlib.problem import numerical_gradient

Gradient = Callable[[np.ndarray], np.ndarray]

#: Where each program's gradient is asked for, one after the other, and compared with measured slopes.
PLACES = ((0.5, 0.5), (1.0, -0.5), (-0.3, 1.2))

#: What may be wrong, and what that would look like.
CULPRITS = MappingProxyType(
    {
        "sign": "Then the loss would grow at once, and each slope would be the measured one turned round.",
        "factor 2": "Then each slope would be half of the measured one, and the descent would arrive all the same.",
        "shared array": "Then the run would begin where an earlier one ended, and go on from there.",
        "record overwritten": "Then every entry of the record would be the same θ: the last one.",
        "whole numbers": "Then θ would hold whole numbers only: each rise of less than 1 lost, each fall a whole 1.",
        "rate too large": "Then the slopes would be right, and θ would jump across the valley, farther each time.",
        "features unscaled": "Then the slopes would be right; the loss would drop, then creep on far above its least.",
        "gradient not zeroed": "Then the first slopes would be right, and later ones would contain them.",
        "wrong axis": "Then the slopes would be wrong from the first place on, and not by one factor.",
        "no bias": "Then b would never move, and its slope would be 0 everywhere.",
        "stale gradient": "Then all steps would be alike, straight on through the valley and up the other side.",
        "rows shuffled": "Then the slopes would be right for a loss of its own, which stands still on its high floor.",
    }
)


@dataclass(frozen=True, eq=False)
class Symptoms:
    """What can be seen of a program without reading it."""

    path: np.ndarray  #: its record of θ = (w, b), shape (K + 1, 2)
    losses: np.ndarray  #: the mean squared error at each θ of the record, on the rows that the program uses
    least: float  #: the least loss that a line can have on the data
    slopes: np.ndarray  #: the gradient that the program computes at each of PLACES, shape (3, 2)
    measured: np.ndarray  #: the slopes of its loss measured there

    def table(self) -> str:
        """Return the gradient check as text: what the program computes, and what was measured."""
        lines = ["  θ = (w, b)      computed by the program        measured"]
        for place, computed, seen in zip(PLACES, self.slopes, self.measured, strict=True):
            numbers = "".join(f"{value:z12.5f}" for value in (*computed, *seen))
            lines.append(f"({place[0]:4.1f}, {place[1]:4.1f}) {numbers}")
        return "\n".join(lines)


def symptoms(number: int) -> Symptoms:
    """Return what can be seen of program 1, 2, …; raise TypeError or ValueError if there is none of this number."""
    return _PROGRAMS[count("number", number, most=len(_PROGRAMS)) - 1][1]()


def culprit(number: int) -> str:
    """Return what is wrong with program 1, 2, …: a key of ``CULPRITS``; raise as `symptoms` does."""
    return _PROGRAMS[count("number", number, most=len(_PROGRAMS)) - 1][0]


# --- the programs -----------------------------------------------------------------------------------------------------


def _seen(
    problem: LinearRegression, path: list[np.ndarray], gradient: Gradient, least: float | None = None
) -> Symptoms:
    """Return the symptoms of a program with this record and this gradient."""
    record, places = np.array(path, dtype=float), np.array(PLACES)
    return Symptoms(
        record,
        problem.loss(record),
        round(float(problem.loss(problem.minimizer())), 9) if least is None else least,  # a perfect fit has 0
        np.array([gradient(place) for place in places]),
        numerical_gradient(problem.loss, places),
    )


def _points() -> LinearRegression:
    """Return the problem of a line through six points."""
    return LinearRegression(*six_points())


def _record(gradient: Gradient, start: np.ndarray, eta: float, steps: int) -> list[np.ndarray]:
    """Return the record of a descent that has no bug of its own."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - eta * gradient(path[-1]))
    return path


def _sign() -> Symptoms:
    problem = _points()
    rows, y = problem.design, problem.y

    def gradient(theta: np.ndarray) -> np.ndarray:
        return 2 / len(y) * rows.T @ (y - rows @ theta)

    return _seen(problem, _record(gradient, np.zeros(2), 0.005, 30), gradient)


def _factor() -> Symptoms:
    problem = _points()
    rows, y = problem.design, problem.y

    def gradient(theta: np.ndarray) -> np.ndarray:
        return 1 / len(y) * rows.T @ (rows @ theta - y)

    return _seen(problem, _record(gradient, np.zeros(2), 0.1, 60), gradient)


def _shared() -> Symptoms:
    problem = _points()
    start = np.zeros(2)

    def descend(eta: float, steps: int) -> list[np.ndarray]:
        theta = start  # the very same array: no copy
        path = [theta.copy()]
        for _ in range(steps):
            theta -= eta * problem.gradient(theta)
            path.append(theta.copy())
        return path

    descend(0.1, 60)
    return _seen(problem, descend(0.05, 60), problem.gradient)


def _overwritten() -> Symptoms:
    problem = _points()
    theta = np.zeros(2)
    path = [theta]
    for _ in range(60):
        theta -= 0.1 * problem.gradient(theta)
        path.append(theta)
    return _seen(problem, path, problem.gradient)


def _whole() -> Symptoms:
    problem = _points()
    theta = np.array([0, 3])
    path = [theta.copy()]
    for _ in range(40):
        theta[:] = theta - 0.1 * problem.gradient(theta)
        path.append(theta.copy())
    return _seen(problem, path, problem.gradient)


def _too_large() -> Symptoms:
    problem = _points()
    return _seen(problem, _record(problem.gradient, np.zeros(2), 1.02 * stability_limit(problem), 40), problem.gradient)


def _unscaled() -> Symptoms:
    features, rent = rents()
    problem = LinearRegression(features[:, 1] / 10, rent)  # the area in units of 10 m²
    path = _record(problem.gradient, np.array([0.0, 3.0]), 0.5 * stability_limit(problem), 60)
    return _seen(problem, path, problem.gradient)


def _not_zeroed() -> Symptoms:
    problem = _points()

    def accumulating() -> Gradient:
        total = np.zeros(2)

        def gradient(theta: np.ndarray) -> np.ndarray:
            nonlocal total
            total = total + problem.gradient(theta)
            return total

        return gradient

    return _seen(problem, _record(accumulating(), np.zeros(2), 0.02, 60), accumulating())


def _axis() -> Symptoms:
    problem = LinearRegression([0.5, 3.5], [1.1, 2.7])  # as many rows as parameters, so the shapes fit by chance
    rows, y = problem.design, problem.y

    def gradient(theta: np.ndarray) -> np.ndarray:
        pulls = 2 * (rows @ theta - y)[:, np.newaxis] * rows
        return pulls.mean(axis=1)

    return _seen(problem, _record(gradient, np.zeros(2), 0.1, 12), gradient)


def _no_bias() -> Symptoms:
    problem = _points()
    rows, y = problem.design, problem.y

    def gradient(theta: np.ndarray) -> np.ndarray:
        return np.array([2 * np.mean((rows @ theta - y) * rows[:, 0]), 0.0])

    return _seen(problem, _record(gradient, np.zeros(2), 0.1, 60), gradient)


def _stale() -> Symptoms:
    problem = _points()
    start = np.zeros(2)
    theta, path = start, [start]
    for _ in range(20):
        theta = theta - 0.01 * problem.gradient(start)
        path.append(theta)
    return _seen(problem, path, problem.gradient)


def _shuffled() -> Symptoms:
    x, y = six_points()
    least = LinearRegression(x, y).loss(LinearRegression(x, y).minimizer())
    generator = np.random.default_rng(4)
    generator.shuffle(x)
    generator.shuffle(y)  # apart from x: no target stands by its own row now
    problem = LinearRegression(x, y)
    return _seen(problem, _record(problem.gradient, np.zeros(2), 0.1, 400), problem.gradient, float(least))


#: In no telling order.
_PROGRAMS: tuple[tuple[str, Callable[[], Symptoms]], ...] = (
    ("sign", _sign),
    ("rate too large", _too_large),
    ("factor 2", _factor),
    ("no bias", _no_bias),
    ("record overwritten", _overwritten),
    ("whole numbers", _whole),
    ("stale gradient", _stale),
    ("features unscaled", _unscaled),
    ("rows shuffled", _shuffled),
    ("wrong axis", _axis),
    ("shared array", _shared),
    ("gradient not zeroed", _not_zeroed),
)

#: How many programs there are.
PROGRAMS = len(_PROGRAMS)
