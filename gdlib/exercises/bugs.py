"""Broken descents, for the bug hunt. Stop reading here if you want to find the bugs by their symptoms.

Each program below fits a line ŷ = w·x + b, θ = (w, b), and is really run: what a reader sees of it, in `Symptoms`, is
what it did. A program is a sound frame with one function in it that is at fault; an arrow marks the lines. A right
diagnosis shows the source of that very function, so it needs nothing but numpy and its arguments.
"""
# ruff: noqa: ANN001, ANN202, RET504 (a reader is shown these functions, and mends them)

import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from gdlib._arguments import count
from gdlib.curvature import stability_limit
from gdlib.data import Rows, rents, six_points
from gdlib.linear import LinearRegression
from gdlib.problem import numerical_gradient

Function = Callable[..., Any]

#: Where each program's gradient is asked for, one after the other, and compared with measured slopes.
PLACES = ((0.5, 0.5), (1.0, -0.5), (-0.3, 1.2))

#: What may be wrong, and what that would look like.
CULPRITS = MappingProxyType(
    {
        "sign": "Then the loss would grow at once, and each slope would be the measured one turned round.",
        "factor 2": "Then each slope would be half of the measured one, or twice as large.",
        "shared array": "Then the run would begin where an earlier one ended, and go on from there.",
        "record overwritten": "Then entries of the record that belong to earlier steps would hold the last θ.",
        "whole numbers": "Then θ would hold whole numbers only, cut off: 2.9 becomes 2, and 0.9 becomes 0.",
        "rate too large": "Then the slopes would be right, and θ would jump across the valley, farther each time.",
        "features not standardised": (
            "Then the slopes would be right; the loss would drop, then creep on far above its least."
        ),
        "gradient not zeroed": "Then the first slopes would be right, and later ones would contain them.",
        "wrong axis": "Then the slopes would be wrong from the first place on, and not by one factor.",
        "no bias": "Then b would never move, and its slope would be 0 everywhere.",
        "bias frozen": "Then the slopes would be right, that of b too, and b would stay where it began.",
        "updated too early": (
            "Then the slopes would be right, and b would move, though not by what its slope and the rate make of it."
        ),
        "stale gradient": "Then all steps would be alike, straight on through the valley and up the other side.",
        "rows shuffled": "Then the slopes would be right for a loss of its own, which stands still on its high floor.",
        "no bug": (
            "Then the slopes would be right, the record begin at its start, each step be the rate times the slopes, "
            "and the loss come down to its least."
        ),
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


@dataclass(frozen=True)
class Program:
    """A program, and what is wrong with it."""

    culprit: str  #: a key of CULPRITS
    faulty: Function  #: the function at fault; in the sound program one without an arrow
    run: Callable[[Function], Symptoms]  #: the rest: what is seen of it with this function in that place


def symptoms(number: int, mended: Function | None = None) -> Symptoms:
    """Return what can be seen of program 1, 2, …, as it is or with a mended function in place of the faulty one.

    Raises
    ------
    TypeError, ValueError
        If there is no program of this number, or ``mended`` is no function. What it raises itself is not caught.
    """
    program = _program(number)
    if mended is not None and not callable(mended):
        raise TypeError(f"mended must be a function, got {type(mended).__name__}")
    return program.run(program.faulty if mended is None else mended)


def culprit(number: int) -> str:
    """Return what is wrong with program 1, 2, …: a key of ``CULPRITS``; raise as `symptoms` does."""
    return _program(number).culprit


def faulty(number: int) -> Function:
    """Return the function of program 1, 2, … that is at fault, or of a sound one; raise as `symptoms` does."""
    return _program(number).faulty


def faulty_lines(number: int) -> str:
    """Return the source of the function at fault, with an arrow at the lines; raise as `symptoms` does."""
    return textwrap.dedent(inspect.getsource(faulty(number))).rstrip()


def _program(number: int) -> Program:
    return _PROGRAMS[count("number", number, most=len(_PROGRAMS)) - 1]()


# --- the sound frame --------------------------------------------------------------------------------------------------


def mean_gradient(A: np.ndarray, y: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Return the gradient of the mean squared error at θ for rows (x, 1), a row of A each."""
    return 2 / len(y) * A.T @ (A @ theta - y)


def plain_descent(gradient: Function, start: Sequence[float], eta: float, steps: int) -> np.ndarray:
    """Return the record of θ: the start, and what follows each step."""
    path = [np.array(start, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - eta * gradient(path[-1]))
    return np.array(path)


def _run(
    eta: float,
    steps: int,
    *,
    gradient: Function = mean_gradient,
    descend: Function = plain_descent,
    start: Sequence[float] | np.ndarray = (0.0, 0.0),
    rows: Rows | None = None,
    true_rows: Rows | None = None,
) -> Symptoms:
    """Return what is seen of a descent on these rows; where they are not the true ones, the least loss is of those."""
    problem = LinearRegression(*(six_points() if rows is None else rows))
    true = problem if true_rows is None else LinearRegression(*true_rows)

    def slopes(theta: np.ndarray) -> np.ndarray:
        return gradient(problem.design, problem.y, theta)

    record = np.array(descend(slopes, np.asarray(start), eta, steps), dtype=float)
    return Symptoms(
        record,
        problem.loss(record),
        round(float(true.loss(true.minimizer())), 9),  # a perfect fit has 0
        np.array([slopes(np.array(place)) for place in PLACES]),
        numerical_gradient(problem.loss, np.array(PLACES)),
    )


# --- the programs -----------------------------------------------------------------------------------------------------


def _sign() -> Program:
    def gradient(A, y, theta):
        errors = y - A @ theta  # ←
        return 2 / len(y) * A.T @ errors

    return Program("sign", gradient, lambda gradient: _run(0.005, 30, gradient=gradient))


def _rate_past_the_edge() -> Program:
    def rate(A):
        steepest = np.linalg.eigvalsh(2 / len(A) * A.T @ A)[-1]
        return 1.02 * 2 / steepest  # ←

    return Program("rate too large", rate, lambda rate: _run(rate(LinearRegression(*six_points()).design), 40))


def _half() -> Program:
    def gradient(A, y, theta):
        errors = A @ theta - y
        return A.T @ errors / len(y)  # ←

    return Program("factor 2", gradient, lambda gradient: _run(0.1, 60, gradient=gradient))


def _no_bias() -> Program:
    def gradient(A, y, theta):
        errors = A @ theta - y
        slope_w = 2 * np.mean(errors * A[:, 0])
        return np.array([slope_w, 0.0])  # ←

    return Program("no bias", gradient, lambda gradient: _run(0.1, 60, gradient=gradient))


def _overwritten() -> Program:
    def descend(gradient, start, eta, steps):
        theta = start.copy()
        path = [theta]  # ←
        for _ in range(steps):
            theta -= eta * gradient(theta)
            path.append(theta)  # ←
        return np.array(path)

    return Program("record overwritten", descend, lambda descend: _run(0.1, 60, descend=descend))


def _whole_numbers() -> Program:
    def descend(gradient, start, eta, steps):
        theta = np.array(start)  # ←
        path = [theta.copy()]
        for _ in range(steps):
            theta[:] = theta - eta * gradient(theta)  # ←
            path.append(theta.copy())
        return np.array(path)

    return Program("whole numbers", descend, lambda descend: _run(0.1, 40, descend=descend, start=[0, 3]))


def _stale() -> Program:
    def descend(gradient, start, eta, steps):
        theta, path = start, [start]
        slope = gradient(theta)  # ←
        for _ in range(steps):
            theta = theta - eta * slope
            path.append(theta)
        return np.array(path)

    return Program("stale gradient", descend, lambda descend: _run(0.01, 20, descend=descend))


def _raw_feature() -> Program:
    def prepared(area):
        x = area / 10  # in units of 10 m²
        return x  # ←

    def run(prepared: Function) -> Symptoms:
        features, rent = rents()
        rows = prepared(features[:, 1]), rent
        return _run(0.5 * stability_limit(LinearRegression(*rows)), 60, start=(0.0, 3.0), rows=rows)

    return Program("features not standardised", prepared, run)


def _shuffled() -> Program:
    def shuffled(x, y, seed):
        generator = np.random.default_rng(seed)
        return generator.permutation(x), generator.permutation(y)  # ←

    def run(shuffled: Function) -> Symptoms:
        return _run(0.1, 400, rows=shuffled(*six_points(), 4), true_rows=six_points())

    return Program("rows shuffled", shuffled, run)


def _axis() -> Program:
    def gradient(A, y, theta):
        pulls = 2 * (A @ theta - y)[:, np.newaxis] * A
        return pulls.mean(axis=1)  # ←

    two = np.array([0.5, 3.5]), np.array([1.1, 2.7])  # as many rows as parameters, so the shapes fit by chance
    return Program("wrong axis", gradient, lambda gradient: _run(0.1, 12, gradient=gradient, rows=two))


def _shared() -> Program:
    def descend(gradient, start, eta, steps):
        theta = start  # ←
        path = [theta.copy()]
        for _ in range(steps):
            theta -= eta * gradient(theta)
            path.append(theta.copy())
        return np.array(path)

    def run(descend: Function) -> Symptoms:
        start = np.zeros(2)  # one array for both runs
        _run(0.1, 60, descend=descend, start=start)
        return _run(0.05, 60, descend=descend, start=start)

    return Program("shared array", descend, run)


def _not_zeroed() -> Program:
    def backward(A, y, theta, grad):  # grad: what the last call returned
        grad = grad + 2 / len(y) * A.T @ (A @ theta - y)  # ←
        return grad

    def remembering(backward: Function) -> Function:
        grad = np.zeros(2)

        def gradient(A, y, theta):
            nonlocal grad
            grad = backward(A, y, theta, grad)
            return grad

        return gradient

    def run(backward: Function) -> Symptoms:
        descent = _run(0.02, 60, gradient=remembering(backward))
        afresh = _run(0.02, 0, gradient=remembering(backward))  # asked for its slopes before any step
        return replace(descent, slopes=afresh.slopes)

    return Program("gradient not zeroed", backward, run)


def _rate_by_entries() -> Program:
    def rate(A):
        hessian = 2 / len(A) * A.T @ A
        return 1.9 / np.diag(hessian).max()  # ←

    def run(rate: Function) -> Symptoms:
        return _run(rate(LinearRegression(*six_points()).design), 30, start=(0.0, 2.2))

    return Program("rate too large", rate, run)


def _sound() -> Program:
    def descend(gradient, start, eta, steps):
        path = [start]
        for _ in range(steps):
            path.append(path[-1] - eta * gradient(path[-1]))
        return np.array(path)

    return Program("no bug", descend, lambda descend: _run(0.15, 100, descend=descend))


def _twice() -> Program:
    def gradient(A, y, theta):
        pulls = 2 * (A @ theta - y)  # ←
        return 2 / len(y) * A.T @ pulls  # ←

    return Program("factor 2", gradient, lambda gradient: _run(0.1, 12, gradient=gradient))


def _first_overwritten() -> Program:
    def descend(gradient, start, eta, steps):
        theta = start.copy()
        path = [theta]  # ←
        for _ in range(steps):
            theta -= eta * gradient(theta)
            path.append(theta.copy())
        return np.array(path)

    return Program("record overwritten", descend, lambda descend: _run(0.1, 60, descend=descend))


def _too_early() -> Program:
    def descend(gradient, start, eta, steps):
        theta = start.copy()
        path = [theta.copy()]
        for _ in range(steps):
            for i in range(len(theta)):
                theta[i] -= eta * gradient(theta)[i]  # ←
            path.append(theta.copy())
        return np.array(path)

    return Program("updated too early", descend, lambda descend: _run(0.15, 60, descend=descend, start=PLACES[0]))


def _frozen() -> Program:
    def descend(gradient, start, eta, steps):
        theta = start.copy()
        path = [theta.copy()]
        for _ in range(steps):
            theta[:-1] -= eta * gradient(theta)[:-1]  # ←
            path.append(theta.copy())
        return np.array(path)

    return Program("bias frozen", descend, lambda descend: _run(0.02, 40, descend=descend, start=(0.0, -1.0)))


#: In no telling order; a reader's progress file knows each by its number.
_PROGRAMS: tuple[Callable[[], Program], ...] = (
    *(_sign, _rate_past_the_edge, _half, _no_bias, _overwritten, _whole_numbers, _stale, _raw_feature),
    *(_shuffled, _axis, _shared, _not_zeroed, _rate_by_entries, _sound, _twice, _first_overwritten),
    *(_too_early, _frozen),
)

#: How many programs there are.
PROGRAMS = len(_PROGRAMS)
