"""Notebook 4, the worked example: what its exercises compute, rightly and wrongly."""

from typing import Any

import numpy as np

from gdlib.curvature import contraction
from gdlib.data import overfitting, worked_example
from gdlib.descent import descend
from gdlib.exercises import slips
from gdlib.exercises.kinds import Computation, Exercise, Mistake, chosen, exercise
from gdlib.exercises.steps import in_turn, one_step, parameter_by_parameter, step_mistakes
from gdlib.linear import LinearRegression

NOTEBOOK = "04-worked-example"


@exercise("example-predict-w1")
def _predict_w1() -> Exercise:
    rows, start, eta = _article()
    return Exercise.value(
        lambda: descend(rows[0], start, eta, 1).theta[0],
        Mistake(*slips.FACTOR_FORGOTTEN, lambda: descend(rows[0], start, eta / 2, 1).theta[0]),
        Mistake(*slips.SIGN_FLIPPED, lambda: -descend(rows[0], start, eta, 1).theta[0]),
        Mistake(*slips.RATE_SQUARED, lambda: descend(rows[0], start, eta**2, 1).theta[0]),
        Mistake(*slips.X_LEFT_OUT, lambda: descend(rows[0], start, eta, 1).theta[2]),
        Mistake(
            "w₂ for w₁", "That is w₂. Which input belongs to w₁?", lambda: descend(rows[0], start, eta, 1).theta[1]
        ),
        Mistake(
            "all rows for one",
            "That is a step on the mean of both rows.",
            lambda: descend(rows, start, eta, 1).theta[0],
        ),
    )


@exercise("example-predict-again")
def _predict_again() -> Exercise:
    rows, start, eta = _article()
    words = {"more": "above", "less": "below", "the same": "exactly"}
    return Exercise.word(
        lambda: words[_compare(rows.predict(descend(rows[0], start, eta, 1).theta)[0], rows.y[0])],
        ("below", "exactly", "above"),
        chosen("exactly", "That would be nice. Put the new knobs into equation (2)."),
        chosen("above", "Put the new knobs into equation (2): what do they add up to?"),
        synonyms=dict.fromkeys(("under", "lower"), "below") | dict.fromkeys(("over", "higher"), "above"),
    )


@exercise("example-predict-slips")
def _predict_slips() -> Exercise:
    rows, start, eta = _article()
    there = descend(rows[0], start, eta, 1).theta
    printed = [0.1, 0.1, 2, 0.2064, 0.5, 0.1]
    right = [there[0], eta, 2, rows.predict(there)[1], rows.y[1], rows.x[1, 0]]
    wrong = int((~np.isclose(printed, right)).sum())
    return Exercise.value(
        lambda: wrong,
        Mistake("none", "Typed in, the line does not give what it prints.", lambda: 0),
        Mistake("one overlooked", "There is another. Where does w₁ stand now, and which row is it?", lambda: wrong - 1),
        Mistake(
            "one too many",
            "One of yours is right, or you have counted the first line too. Hold each number against equation (9).",
            lambda: wrong + 1,
        ),
    )


@exercise("example-predict-order")
def _predict_order() -> Exercise:
    rows, start, eta = _article()
    return Exercise.word(
        lambda: _compare(
            parameter_by_parameter(start, rows.design[0], rows.y[0], eta)[2],
            one_step(start, rows.design[0], rows.y[0], eta)[2],
        ),
        ("more", "less", "the same"),
        chosen("more", "After w₁ and w₂ have moved, is the error larger or smaller?"),
        chosen("the same", "The output has moved before b's turn comes. So has the error."),
        synonyms={"same": "the same", "equal": "the same", "larger": "more", "smaller": "less", "fewer": "less"},
    )


@exercise("example-predict-third")
def _predict_third() -> Exercise:
    rows, start, eta = _article()
    return Exercise.word(
        lambda: "yes" if np.argmin(descend(rows, start, eta, 3, order="one by one").step_losses) == 2 else "no",
        ("yes", "no"),
        chosen("yes", "Whose loss does step 3 print? And how often has that row been helped?"),
    )


@exercise("example-predict-batch")
def _predict_batch() -> Exercise:
    rows, start, eta = _article()
    return Exercise.word(
        lambda: _compare(descend(rows, start, eta, 1).theta[0], descend(rows[0], start, eta, 1).theta[0]),
        ("more", "less", "the same"),
        chosen("less", "Row 2 has the smaller error. What else decides how hard it pulls w₁?"),
        chosen("the same", "Two rows pull now, and the step takes the mean. Does row 2 pull w₁ as hard as row 1?"),
        synonyms={"same": "the same", "equal": "the same", "larger": "more", "smaller": "less", "fewer": "less"},
    )


@exercise("example-predict-how-many")
def _predict_how_many() -> Exercise:
    rows, _, _ = _article()
    return Exercise.word(
        lambda: "endless" if np.linalg.matrix_rank(rows.design) < len(rows.names) else "one",
        ("one", "two", "endless"),
        chosen("one", "Descent has found one. Fix b at another number: can w₁ and w₂ still meet both rows?"),
        chosen("two", "If two of them meet both rows, what does the θ halfway between them do?"),
        synonyms={"1": "one", "2": "two", "infinite": "endless", "endlessly many": "endless", "many": "endless"},
    )


@exercise("example-predict-held-out")
def _predict_held_out() -> Exercise:
    def shape() -> str:
        training, held_out = (LinearRegression(*rows) for rows in overfitting())
        losses = held_out.loss(descend(training, np.zeros(11), 0.1, 300).parameters)
        return {0: "rises", 300: "falls"}.get(int(losses.argmin()), "turns")

    return Exercise.word(
        shape,
        ("falls", "turns", "rises"),
        chosen("falls", "So does the training loss. Can descent tell noise from what matters?"),
        chosen("rises", "x₁ matters on all rows. Which steps find it?"),
    )


@exercise("example-other-first")
def _other_first() -> Exercise:
    rows, start, eta = _article()
    other = rows[[1, 0]]

    def two_steps(step: Computation) -> Computation:
        return lambda: in_turn(step)(other.x, other.y, start, eta, 2)

    return Exercise.value(
        lambda: descend(other, start, eta, 2, order="one by one").theta,
        Mistake(
            "the old order",
            "That is row 1 first, then row 2. Take them the other way round.",
            lambda: descend(rows, start, eta, 2, order="one by one").theta,
        ),
        Mistake(*slips.ONE_STEP_LESS, lambda: descend(other, start, eta, 1, order="one by one").theta),
        Mistake(*slips.ONE_STEP_MORE, lambda: descend(other, start, eta, 3, order="one by one").theta),
        Mistake(
            "all rows for one",
            "Those are two batch steps. One row at a time was asked.",
            lambda: descend(rows, start, eta, 2).theta,
        ),
        Mistake(
            "one batch step",
            "That is a step on the mean of both rows. Two steps were asked, each on a row of its own.",
            lambda: descend(rows, start, eta, 1).theta,
        ),
        Mistake(
            "the same row twice",
            "Both steps are on row 2. The second is on row 1.",
            lambda: descend(other[0], start, eta, 2).theta,
        ),
        Mistake(*slips.STALE_GRADIENT, lambda: -2 * eta * rows.gradient(start)),
        Mistake(*slips.ROUNDED_BETWEEN, lambda: _rounded_steps(other.x, other.y, start, eta, 2, 2)),
        *step_mistakes(two_steps)[:7],
        parts=rows.names,
    )


@exercise("example-slip")
def _slip() -> Exercise:
    rows, start, eta = _article()
    return Exercise.value(
        lambda: rows.x[1, 1],
        Mistake(
            "x₁ for x₂",
            "That is x₁ of the right row, or its target. Which input belongs to w₂?",
            lambda: rows.x[1, 0],
        ),
        Mistake("the wrong row", "That is η, or an input of row 1. This step is on row 2.", lambda: rows.x[0, 0]),
        Mistake("left as it is", "That is the number that is printed there.", lambda: rows.x[0, 1]),
        Mistake("the old w₁", "That is the old w₁. This line is about w₂.", lambda: 0.016),
        Mistake("the old w₂", "That is the old w₂, and it is printed correctly. Look at the factors.", lambda: 0.128),
        Mistake("the factor 2", "The 2 is right: it comes from the square.", lambda: 2),
        Mistake(
            "the output",
            "That is the output, and it is printed correctly. Look at the factors.",
            lambda: rows.predict([0.016, 0.128, 0.16])[1],
        ),
        Mistake(
            "the result",
            "That is the new w₂. One of the factors was asked.",
            lambda: descend(rows, start, eta, 2, order="one by one").theta[1],
        ),
        Mistake("the article's slip", "The output is 0.2064 here, and right. The slip is elsewhere.", lambda: 0.2065),
    )


@exercise("example-one-by-one")
def _one_by_one() -> Exercise:
    runs = tuple((*table, steps) for table, steps in zip(_tables(), (7, 4, 5), strict=True))
    turns = in_turn(one_step)
    return Exercise.function(
        turns,
        runs,
        Mistake("all rows for one", "Each step uses all rows. One row at a time was asked.", _batch_steps),
        Mistake(
            "the sum of all rows for one",
            "Each step uses all rows, and adds their pulls. One row at a time was asked.",
            lambda x, y, theta, eta, steps: _batch_steps(x, y, theta, eta * len(y), steps),
        ),
        Mistake(
            "one step only",
            "You come back after the first step. How far in does the `return` stand?",
            lambda x, y, theta, eta, steps: turns(x, y, theta, eta, 1),
        ),
        Mistake(
            "the first step left out",
            "You begin with the second step, on the second row. Python counts from zero.",
            lambda x, y, theta, eta, steps: turns(np.roll(x, -1, 0), np.roll(y, -1), theta, eta, steps - 1),
        ),
        *_other_turns(),
        Mistake(*slips.ONE_STEP_MORE, lambda x, y, theta, eta, steps: turns(x, y, theta, eta, steps + 1)),
        Mistake(*slips.ONE_STEP_LESS, lambda x, y, theta, eta, steps: turns(x, y, theta, eta, steps - 1)),
        Mistake(
            "rounds for steps",
            "You take that many rounds through all rows. A step is a single row.",
            lambda x, y, theta, eta, steps: turns(x, y, theta, eta, steps * len(x)),
        ),
        Mistake(
            "one pass only",
            "You stop at the last row, or never reach it. After the last row the first comes again.",
            lambda x, y, theta, eta, steps: turns(x, y, theta, eta, len(x)),
        ),
        Mistake(*slips.STALE_GRADIENT, _stale_steps),
        Mistake(*slips.ROUNDED_BETWEEN, lambda *a: _rounded_steps(*a, 3)),
        *step_mistakes(in_turn),
    )


def _other_turns() -> tuple[Mistake, ...]:
    """Return the mistakes about whose turn it is in a step."""
    turns = in_turn(one_step)
    return (
        Mistake(
            "always the first row",
            "Every step is on the first row. Whose turn is it in step k?",
            lambda x, y, theta, eta, steps: turns(x[:1], y[:1], theta, eta, steps),
        ),
        Mistake(
            "two rows only",
            "Only the first two rows have a turn. What does `k % 2` become where there are n rows?",
            lambda x, y, theta, eta, steps: turns(x[:2], y[:2], theta, eta, steps),
        ),
        Mistake(
            "each row for a while",
            "The first row keeps its turn too long: the rows take turns step by step. `%` or `//`?",
            lambda x, y, theta, eta, steps: _by_index(x, y, theta, eta, [k // len(x) for k in range(steps)]),
        ),
        Mistake(
            "backwards",
            "The rows are taken from the last to the first.",
            lambda x, y, theta, eta, steps: turns(x[::-1], y[::-1], theta, eta, steps),
        ),
        Mistake(
            "begins with the second row",
            "The first step is on the second row. Python counts from zero.",
            lambda x, y, theta, eta, steps: turns(np.roll(x, -1, 0), np.roll(y, -1), theta, eta, steps),
        ),
    )


@exercise("example-batch")
def _batch() -> Exercise:
    return Exercise.function(
        _batch_steps,
        _tables(),
        Mistake(*slips.SUM_FOR_MEAN, lambda x, y, theta, eta: _batch_steps(x, y, theta, eta * len(y))),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda x, y, theta, eta: _batch_steps(x, y, theta, eta / 2)),
        Mistake(*slips.SIGN_FLIPPED, lambda x, y, theta, eta: theta + eta * LinearRegression(x, y).gradient(theta)),
        Mistake(*slips.RATE_SQUARED, lambda x, y, theta, eta: _batch_steps(x, y, theta, eta**2)),
        Mistake(
            "one row after the other",
            "Each row moves θ before the next one looks. In a batch step all look at the same θ.",
            lambda x, y, theta, eta: in_turn(one_step)(x, y, theta, eta, len(x)),
        ),
        Mistake(
            "one row for all",
            "That is a step on the first row. All rows take part.",
            lambda x, y, theta, eta: in_turn(one_step)(x, y, theta, eta, 1),
        ),
        Mistake(*slips.BIAS_BY_NEW_WEIGHTS, _batch_new_w),
        Mistake(*slips.BIAS_STILL, lambda x, y, theta, eta: np.append(_batch_steps(x, y, theta, eta)[:-1], theta[-1])),
        Mistake(
            *slips.X_LEFT_OUT, lambda x, y, theta, eta: theta - eta * 2 * LinearRegression(x, y).residuals(theta).mean()
        ),
        Mistake(*slips.STEP_ALONE, lambda x, y, theta, eta: -eta * LinearRegression(x, y).gradient(theta)),
        Mistake(
            "divided by 2, not by n",
            "The sum is divided by 2, whatever n is. How many rows are there?",
            lambda x, y, theta, eta: _batch_steps(x, y, theta, eta * len(y) / 2),
        ),
        Mistake(*slips.RATE_LEFT_OUT, lambda x, y, theta, eta: _batch_steps(x, y, theta, 1)),
        Mistake(
            "divided by n twice",
            "The step is n times too short: the mean divides by n once.",
            lambda x, y, theta, eta: _batch_steps(x, y, theta, eta / len(y)),
        ),
        Mistake(
            "divided by the parameters",
            "The sum is divided by the number of parameters. A mean over rows counts rows.",
            lambda x, y, theta, eta: _batch_steps(x, y, theta, eta * len(y) / len(theta)),
        ),
    )


@exercise("example-left-over")
def _left_over() -> Exercise:
    inputs = ((np.array([0.1, 0.8]), 0.1), (np.array([2.0]), 0.3), (np.array([0.5, -1.0, 0.2]), 0.05))
    return Exercise.function(
        lambda x, eta: float(contraction(eta, 2 * (x @ x + 1))),
        inputs,
        Mistake("bias forgotten", "The bias moves, too. Which input has it?", lambda x, eta: 1 - 2 * eta * (x @ x)),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda x, eta: 1 - eta * (x @ x + 1)),
        Mistake(
            "inputs not squared",
            "An input counts twice: for how far its weight moves, and for how far that moves ŷ.",
            lambda x, eta: 1 - 2 * eta * (x.sum() + 1),
        ),
        Mistake(
            "plus for minus",
            "A step takes away a part of the error. Yours adds one.",
            lambda x, eta: 1 + 2 * eta * (x @ x + 1),
        ),
        Mistake(
            "what is taken away", "That part is taken away. Which part is left?", lambda x, eta: 2 * eta * (x @ x + 1)
        ),
        Mistake(*slips.RATE_SQUARED, lambda x, eta: 1 - 2 * eta**2 * (x @ x + 1)),
        Mistake(
            "length not squared",
            "You used the length of a. Its square is needed: an input counts twice.",
            lambda x, eta: 1 - 2 * eta * np.sqrt(x @ x + 1),
        ),
        Mistake(
            "the 1 forgotten, minus kept",
            "That is how the error changes, in parts of itself. Which part is left?",
            lambda x, eta: -2 * eta * (x @ x + 1),
        ),
        Mistake("η left out", "η is left out: how large is the step?", lambda x, eta: 1 - 2 * (x @ x + 1)),
        Mistake(
            "of the loss",
            "That is what is left of the loss. The error was asked.",
            lambda x, eta: (1 - 2 * eta * (x @ x + 1)) ** 2,
        ),
    )


@exercise("example-flat")
def _flat() -> Exercise:
    twos = (worked_example()[0], np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[-1.0, 0.3], [2.0, 0.1]]))
    return Exercise.function(
        lambda one, two: _unit(np.cross(np.append(one, 1), np.append(two, 1))),
        tuple((pair[0], pair[1]) for pair in twos),
        Mistake(
            "not of length 1",
            "The direction is right, its length is not 1.",
            lambda one, two: np.cross(np.append(one, 1), np.append(two, 1)),
        ),
        Mistake(
            "bias left still",
            "You let the bias stand still. Then one output or the other changes: the bias has to balance.",
            lambda one, two: _unit(np.array([two[1] - one[1], one[0] - two[0], 0])),
        ),
        Mistake(
            "the difference of the rows",
            "Along the difference of the rows the outputs change. You look for a right angle to both rows.",
            lambda one, two: _unit(np.append(one - two, 0)),
        ),
        Mistake(
            "the sum of the rows",
            "Along the sum of the rows the outputs change. You look for a right angle to both rows.",
            lambda one, two: _unit(np.append(one + two, 2)),
        ),
        Mistake(
            "column of ones forgotten",
            "Your vector belongs to rows (x₁, x₂, 0). The bias has the input 1.",
            lambda one, two: _unit(np.cross(np.append(one, 0), np.append(two, 0))),
        ),
        seen=_either_sign,
    )


def _article() -> tuple[LinearRegression, np.ndarray, float]:
    """Return the rows, the start and the rate of the worked example."""
    return LinearRegression(*worked_example()), np.zeros(3), 0.1


def _tables() -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray, float], ...]:
    """Return a few (X, y, θ, η)."""
    generator = np.random.default_rng(4)
    return tuple(
        (generator.normal(size=(n, d)), generator.normal(size=n), generator.normal(size=d + 1), rate)
        for n, d, rate in ((3, 2, 0.1), (5, 1, 0.04), (4, 3, 0.07))
    )


def _compare(one: float, other: float) -> str:
    return "the same" if np.isclose(one, other) else "more" if one > other else "less"


def _batch_steps(x: np.ndarray, y: np.ndarray, theta: np.ndarray, eta: float, steps: int = 1) -> np.ndarray:
    return descend(LinearRegression(x, y), theta, eta, steps).theta


def _batch_new_w(x: np.ndarray, y: np.ndarray, theta: np.ndarray, eta: float) -> np.ndarray:
    moved = np.append(_batch_steps(x, y, theta, eta)[:-1], theta[-1])
    return np.append(moved[:-1], _batch_steps(x, y, moved, eta)[-1])


def _by_index(x: np.ndarray, y: np.ndarray, theta: np.ndarray, eta: float, order: list[int]) -> np.ndarray:
    """Return θ after a step on each row of ``order``."""
    return in_turn(one_step)(x[order], y[order], theta, eta, len(order))


def _stale_steps(x: np.ndarray, y: np.ndarray, theta: np.ndarray, eta: float, steps: int) -> np.ndarray:
    """Return θ after steps that all take their error at the start."""
    rows = [LinearRegression(x, y)[k % len(y)] for k in range(steps)]
    return theta - eta * sum(row.gradient(theta) for row in rows)


def _rounded_steps(x: np.ndarray, y: np.ndarray, theta: np.ndarray, eta: float, steps: int, digits: int) -> np.ndarray:
    return in_turn(lambda theta, a, target, eta: np.round(one_step(theta, a, target, eta), digits))(
        x, y, theta, eta, steps
    )


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def _either_sign(vector: Any) -> Any:  # noqa: ANN401
    """Return the vector or its negative: the one whose entry of greatest size is positive."""
    vector = np.asarray(vector)
    return vector * np.sign(vector[np.abs(vector).argmax()]) if vector.ndim == 1 and vector.size else vector
