"""The repairs of the bug hunt: what a mended gradient or descent has to do, and what it does if it is mended by half.

The functions at fault are those of `gdlib.exercises.bugs`; each is its own first mistake. The sound program has a
repair, too, for a missing one would give it away: its function is right as it is.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from gdlib.exercises import slips
from gdlib.exercises.bugs import faulty, mean_gradient, plain_descent
from gdlib.exercises.kinds import Computation, Exercise, Mistake
from gdlib.exercises.measuring import measured_slopes

# --- gradients --------------------------------------------------------------------------------------------------------


def _sign() -> Exercise:
    return _gradient(
        1,
        Mistake(
            "sizes of the errors",
            "The signs of the errors are lost. On which side of its target is each output?",
            lambda A, y, theta: 2 / len(y) * A.T @ np.abs(A @ theta - y),
        ),
        Mistake(
            "added",
            "Output and target are added. What is the error of an output that meets its target?",
            lambda A, y, theta: 2 / len(y) * A.T @ (A @ theta + y),
        ),
        Mistake(*slips.FACTOR_FORGOTTEN, _times(1 / 2)),
    )


def _half() -> Exercise:
    return _gradient(
        3,
        Mistake("4 for 2", "Too much: now each slope is twice the measured one.", _times(2)),
        Mistake("sign flipped", "The size is right now, and the sign has turned.", _times(-1)),
        Mistake(
            "one parameter only",
            "w has its slope now, and b has half of it still.",
            lambda A, y, theta: mean_gradient(A, y, theta) * [1, 0.5],
        ),
    )


def _no_bias() -> Exercise:
    return _gradient(
        4,
        Mistake(
            "the slope of w for both",
            "b moves as w does. What is the input of b?",
            lambda A, y, theta: np.full(2, mean_gradient(A, y, theta)[0]),
        ),
        Mistake(
            "a number for a slope",
            "b has the same slope on every data set. It shall answer the errors.",
            lambda A, y, theta: np.array([mean_gradient(A, y, theta)[0], 1.0]),
        ),
        Mistake(
            "factor 2 forgotten",
            "b moves now, by half of what it should. What does w have that b lacks?",
            lambda A, y, theta: mean_gradient(A, y, theta) * [1, 0.5],
        ),
        Mistake(
            "sum for mean, for b",
            "b moves now, and too much on many rows. What makes a sum a mean?",
            lambda A, y, theta: mean_gradient(A, y, theta) * [1, len(y)],
        ),
    )


def _axis() -> Exercise:
    return _gradient(
        10,
        Mistake(
            "the mean of all pulls",
            "That is one number, the mean of the whole table. Each parameter has a slope of its own.",
            lambda A, y, theta: np.mean(_pulls(A, y, theta)),
        ),
        Mistake(
            "no mean",
            "That is the whole table: a row for each row of the data. Which of its directions is averaged away?",
            lambda A, y, theta: _pulls(A, y, theta),
        ),
    )


def _not_zeroed() -> Exercise:
    before = (np.array([0.5, -2.0]), np.array([1.0, 3.0]), np.array([-0.7, 0.2]))
    return Exercise.function(
        lambda A, y, theta, grad: mean_gradient(A, y, theta),
        tuple((*table, grad) for table, grad in zip(_tables(), before, strict=True)),
        as_it_was(12),
        Mistake(
            "zeroed too late",
            "That is zero, whatever comes in. When must the old slopes go: before the new ones come, or after?",
            lambda A, y, theta, grad: np.zeros(2),
        ),
        Mistake(
            "the old slopes",
            "Those are the slopes of the last call. Which are asked?",
            lambda A, y, theta, grad: grad,
        ),
        Mistake(
            "halfway",
            "Half of the old slopes is still in it.",
            lambda A, y, theta, grad: (grad + mean_gradient(A, y, theta)) / 2,
        ),
        Mistake(
            "taken away",
            "Now the old slopes are taken away. They should have no say.",
            lambda A, y, theta, grad: mean_gradient(A, y, theta) - grad,
        ),
        measured=lambda A, y, theta, grad: _measured(A, y, theta),
        may_change=(3,),  # libraries set their own gradient to zero, and add to it
    )


def _twice() -> Exercise:
    return _gradient(
        15,
        Mistake("both gone", "Too little: now each slope is half of the measured one.", _times(1 / 2)),
        Mistake("sign flipped", "The size is right now, and the sign has turned.", _times(-1)),
    )


def _gradient(program: int, *mistakes: Mistake) -> Exercise:
    """Return what is asked of a mended gradient (A, y, θ)."""
    summed = Mistake(*slips.SUM_FOR_MEAN, lambda A, y, theta: len(y) * mean_gradient(A, y, theta))
    return Exercise.function(mean_gradient, _tables(), as_it_was(program), summed, *mistakes, measured=_measured)


def as_it_was(program: int) -> Mistake:
    """Return the bug itself as a mistake."""
    return Mistake("the bug as it was", "It still does what it did. Look at the lines with an arrow.", faulty(program))


def _tables() -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]:
    """Return (A, y, θ) for a line through two, five and seven points."""
    generator = np.random.default_rng(7)
    return tuple(
        (
            np.column_stack([generator.normal(size=n) + 1, np.ones(n)]),
            generator.normal(size=n),
            generator.normal(size=2),
        )
        for n in (2, 5, 7)
    )


def _pulls(A: np.ndarray, y: np.ndarray, theta: np.ndarray) -> np.ndarray:
    return 2 * (A @ theta - y)[:, np.newaxis] * A


def _measured(A: np.ndarray, y: np.ndarray, theta: np.ndarray) -> np.ndarray:
    return measured_slopes(lambda each: np.mean((A @ each - y) ** 2), theta)


def _times(factor: float) -> Computation:
    return lambda A, y, theta: factor * mean_gradient(A, y, theta)


# --- descents ---------------------------------------------------------------------------------------------------------


def _all_overwritten() -> Exercise:
    return _descent(
        5,
        Mistake(
            "the first alone",
            "The first entry is right now. All the others still hold the last θ.",
            lambda *run: _overwritten(plain_descent(*run), slice(1, None)),
        ),
        Mistake(
            "all but the first",
            "All entries are right now but the first: it holds the last θ.",
            lambda *run: _overwritten(plain_descent(*run), slice(0, 1)),
        ),
    )


def _whole_numbers() -> Exercise:
    pull = _bowls()
    starts = ((pull[0], [0, 3], 0.1, 4), (pull[1], [2, -1], 0.3, 4), (pull[2], np.array([1, 4, -2]), 0.2, 3))
    return _descent(
        6,
        Mistake("rounded", "Rounded in place of cut off: still whole numbers.", _rounding),
        Mistake(
            "one start for all",
            "It begins at (0, 3), wherever it is told to begin. Mend what is made of `start`.",
            lambda gradient, start, eta, steps: plain_descent(gradient, [0, 3], eta, steps),
        ),
        cases=starts,
    )


def _stale() -> Exercise:
    return _descent(
        7,
        Mistake(
            "one step behind",
            "Each slope is that of the place before. Where does θ stand when the step begins?",
            _one_behind,
        ),
        Mistake(
            *slips.RATE_LEFT_OUT,
            lambda gradient, start, eta, steps: plain_descent(gradient, start, 1, steps),
        ),
        Mistake(
            "uphill",
            "It walks uphill now.",
            lambda gradient, start, eta, steps: plain_descent(gradient, start, -eta, steps),
        ),
    )


def _shared() -> Exercise:
    return _descent(
        11,
        Mistake(
            "a start of zeros",
            "It begins at zero, wherever it is told to begin.",
            lambda gradient, start, eta, steps: plain_descent(gradient, np.zeros(len(start)), eta, steps),
        ),
        Mistake(
            "back to the start each time",
            "Each step begins at the start again. How often must the start be taken?",
            lambda gradient, start, eta, steps: np.array([start, *[start - eta * gradient(start)] * steps]),
        ),
        Mistake(
            "record overwritten",
            "The start is safe. But now the record holds the last θ throughout.",
            lambda *run: _overwritten(plain_descent(*run), slice(None)),
        ),
        old=False,  # its numbers are right: what tells is that the start has changed
    )


def _sound() -> Exercise:
    return _descent(
        14,
        Mistake(
            "half the rate",
            "It goes half of the way that it is told to go. Was the old way wrong?",
            lambda gradient, start, eta, steps: plain_descent(gradient, start, eta / 2, steps),
        ),
        Mistake(
            "uphill",
            "It walks uphill now. What was there to mend?",
            lambda gradient, start, eta, steps: plain_descent(gradient, start, -eta, steps),
        ),
        old=False,  # what was shown is right
    )


def _first_overwritten() -> Exercise:
    return _descent(
        16,
        Mistake(
            "all of them",
            "Now the whole record holds the last θ. What is missing where?",
            lambda *run: _overwritten(plain_descent(*run), slice(None)),
        ),
        Mistake(
            "zeros for the start",
            "The record begins at zero, wherever the descent begins.",
            lambda *run: np.concatenate([np.zeros((1, len(run[1]))), plain_descent(*run)[1:]]),
        ),
    )


def _too_early() -> Exercise:
    return _descent(
        17,
        Mistake(
            "the other way round",
            "Now the last parameter goes first, and the others see that it has moved. When may anything move?",
            partial(_in_turn, turns=lambda p: reversed(range(p))),
        ),
        Mistake(*slips.STALE_GRADIENT, faulty(7)),
        Mistake(
            "the first parameter alone",
            "One parameter moves now, and the others stand still.",
            lambda *run: _some(*run, which=slice(0, 1)),
        ),
    )


def _frozen() -> Exercise:
    return _descent(
        18,
        Mistake(*slips.BIAS_BY_NEW_WEIGHTS, partial(_in_turn, turns=lambda p: (slice(None, -1), -1))),
        Mistake(
            "the bias alone",
            "The bias moves now, and the weights stand still.",
            lambda *run: _some(*run, which=slice(-1, None)),
        ),
        Mistake(
            "the slope of another",
            "The bias moves now, by the slope of a weight. It has one of its own.",
            lambda gradient, *run: plain_descent(
                lambda theta: np.append(gradient(theta)[:-1], gradient(theta)[0]), *run
            ),
        ),
        Mistake(
            "η left out for the bias",
            "The bias moves now, by the whole of its slope. What do the weights have that it lacks?",
            lambda gradient, start, eta, steps: plain_descent(
                lambda theta: gradient(theta) * np.append(np.ones(len(theta) - 1), 1 / eta), start, eta, steps
            ),
        ),
    )


def _descent(program: int, *mistakes: Mistake, cases: tuple[tuple[Any, ...], ...] = (), old: bool = True) -> Exercise:
    """Return what is asked of a mended descent (gradient, start, η, steps): its record."""
    bowls, starts = _bowls(), ([3.0, 1.0], [-1.5, 0.5], [0.5, -2.0, 1.0])
    runs = ((0.1, 4), (0.3, 4), (0.2, 3))
    usual = tuple((bowl, np.array(start), *run) for bowl, start, run in zip(bowls, starts, runs, strict=True))
    bug = (as_it_was(program),) if old else ()
    return Exercise.function(plain_descent, cases or usual, *bug, *mistakes)


def _bowls() -> tuple[Computation, ...]:
    """Return the gradients of three bowls: two with two parameters, one with three."""
    return (
        lambda theta: np.array([2.0, 0.6]) * (theta - np.array([1.0, -2.0])),
        lambda theta: np.array([[1.5, 0.5], [0.5, 1.0]]) @ theta - np.array([0.3, 1.7]),
        lambda theta: np.array([3.0, 1.0, 0.5]) * (theta - np.array([0.2, 0.9, 2.4])),
    )


def _overwritten(path: np.ndarray, which: slice) -> np.ndarray:
    """Return a record in which these entries hold the last θ."""
    path[which] = path[-1]
    return path


def _one_behind(gradient: Computation, start: np.ndarray, eta: float, steps: int) -> np.ndarray:
    path = [start, start - eta * gradient(start)]
    for _ in range(steps - 1):
        path.append(path[-1] - eta * gradient(path[-2]))
    return np.array(path)


def _in_turn(
    gradient: Computation, start: np.ndarray, eta: float, steps: int, turns: Callable[[int], Iterable[int | slice]]
) -> np.ndarray:
    """Return the record of a descent whose parameters move one after the other; ``turns`` says in which order."""
    theta, path = start.copy(), [start]
    for _ in range(steps):
        for which in turns(len(theta)):
            theta[which] -= eta * gradient(theta)[which]
        path.append(theta.copy())
    return np.array(path)


def _some(gradient: Computation, start: np.ndarray, eta: float, steps: int, which: slice) -> np.ndarray:
    """Return the record of a descent in which these parameters alone move."""
    moving = np.zeros(len(start))
    moving[which] = 1
    return plain_descent(lambda theta: gradient(theta) * moving, start, eta, steps)


def _rounding(gradient: Computation, start: np.ndarray, eta: float, steps: int) -> np.ndarray:
    path = [np.array(start, dtype=float)]
    for _ in range(steps):
        path.append(np.round(path[-1] - eta * gradient(path[-1])))
    return np.array(path)


#: What is asked, by the number of the program.
REPAIRS = {
    1: _sign,
    3: _half,
    4: _no_bias,
    5: _all_overwritten,
    6: _whole_numbers,
    7: _stale,
    10: _axis,
    11: _shared,
    12: _not_zeroed,
    14: _sound,
    15: _twice,
    16: _first_overwritten,
    17: _too_early,
    18: _frozen,
}
