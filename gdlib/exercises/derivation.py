"""Notebook 3, the derivation: what its exercises compute, rightly and wrongly."""

import numpy as np

from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.exercises import slips
from gdlib.exercises.kinds import Computation, Exercise, Mistake, chosen, exercise
from gdlib.exercises.measuring import measured_slopes
from gdlib.exercises.steps import on_sample, one_step, step_mistakes
from gdlib.linear import LinearRegression
from gdlib.problem import numerical_gradient

NOTEBOOK = "03-derivation"


@exercise("derivation-predict-limit")
def _predict_limit() -> Exercise:
    error = float(LinearRegression(*worked_example())[0].residuals([0, 0, 0])[0])
    return Exercise.value(
        lambda: 2 * error,
        Mistake("the last entry", "That is the last entry. Do the entries stand still?", lambda: 2 * error + 1e-3),
        Mistake("nothing", "The change shrinks to nothing. But so does the nudge by which it is divided.", lambda: 0),
        Mistake("sign flipped", "The size is right. The loss shrinks: which sign has its change?", lambda: -2 * error),
        Mistake("the error", "That is the error, ŷ − y. What does the last column have to do with it?", lambda: error),
        Mistake("the loss", "That is the loss itself. The last column tells how it changes.", lambda: error**2),
    )


@exercise("derivation-predict-nudge")
def _predict_nudge() -> Exercise:
    rows = LinearRegression(*worked_example())
    return Exercise.value(
        lambda: float(rows[0].predict([0.5, 0, 0])[0] - rows[0].predict([0, 0, 0])[0]),
        Mistake("the nudge itself", "ŷ does not feel all of it: w₁ stands beside a factor.", lambda: 0.5),
        Mistake("per unit", "That is per unit of w₁. The nudge is less than a unit.", lambda: rows.x[0, 0]),
        Mistake("the other input", "You used x₂. Which input belongs to w₁?", lambda: 0.5 * rows.x[0, 1]),
        Mistake("added", "A weight and its input are multiplied, not added.", lambda: 0.5 + rows.x[0, 0]),
        Mistake("divided", "Divided by its input. ŷ has w₁ times x₁.", lambda: 0.5 / rows.x[0, 0]),
    )


@exercise("derivation-predict-chain")
def _predict_chain() -> Exercise:
    row = LinearRegression(*worked_example())[0]
    (by_w1, by_w2, by_b), x2 = row.gradient([0, 0, 0]), row.x[0, 1]
    return Exercise.value(
        lambda: float(by_w2),
        Mistake("added", "The rates are added. What did the bicycle do with its two?", lambda: by_b + x2),
        Mistake("divided", "One rate is divided by the other. What did the bicycle do?", lambda: by_b / x2),
        Mistake("sign flipped", "The size is right. Which sign has the first rate?", lambda: -by_w2),
        Mistake("one link alone", "That is the first rate alone. What arrives of a nudge of w₂?", lambda: by_b),
        Mistake("the other weight", "That is the slope for w₁. Which rate belongs to w₂?", lambda: by_w1),
    )


@exercise("derivation-predict-farthest")
def _predict_farthest() -> Exercise:
    rows = LinearRegression(*worked_example())
    return Exercise.word(
        lambda: rows.names[int(np.abs(descend(rows[0], [0, 0, 0], 0.1, 1).theta).argmax())],
        rows.names,
        chosen("w₁", "Its input is the smallest of the three."),
        chosen("w₂", "Its input is larger than that of w₁. But what is the input of the bias?"),
        synonyms={"bias": "b"},
    )


@exercise("derivation-predict-entry")
def _predict_entry() -> Exercise:
    rows = LinearRegression(*worked_example())
    (first, second, third), inputs = rows.gradient([0, 0, 0]), rows.x[:, 1]
    mixed = "Either a row is left out, or an input has met the other row's residual."
    return Exercise.value(
        lambda: float(second),
        Mistake(*slips.ERROR_TURNED, lambda: -second),
        Mistake("mean forgotten", "Twice too large. What is 2/n for two rows?", lambda: 2 * second),
        Mistake("factor 2 forgotten", "Half of it. What is 2/n for two rows?", lambda: second / 2),
        Mistake("one row, or residuals exchanged", mixed, lambda: inputs[0] * rows.residuals([0, 0, 0])[0]),
        Mistake("row 2 alone", "Row 1 is left out.", lambda: inputs[1] * rows.residuals([0, 0, 0])[1]),
        Mistake("sums multiplied", "Multiply within each row first, then add.", lambda: inputs.sum() * third),
        Mistake("the first entry", "That is the first entry again. Which column is the second's?", lambda: first),
        Mistake("the third entry", "That is the entry of the bias. Which column is the second's?", lambda: third),
    )


@exercise("derivation-predict-central")
def _predict_central() -> Exercise:
    row = LinearRegression(*worked_example())[0]
    ratio = measured_slopes(row.loss, np.zeros(3), 0.5)[-1] / row.gradient([0, 0, 0])[-1]
    return Exercise.word(
        lambda: "exact" if np.isclose(ratio, 1) else "too flat" if ratio < 1 else "too steep",
        ("too flat", "exact", "too steep"),
        chosen("too flat", "Its right end makes it flatter. What does its left end do?"),
        chosen("too steep", "Its left end makes it steeper. What does its right end do?"),
        synonyms={"flat": "too flat", "flatter": "too flat", "steep": "too steep", "steeper": "too steep"},
    )


@exercise("derivation-predict-missed")
def _predict_missed() -> Exercise:
    rows, zero = LinearRegression(*worked_example()), np.zeros(3)
    measured = numerical_gradient(rows.loss, zero)
    sees = "That slip changes the gradient itself. Which one leaves it as it is?"
    return Exercise.value(
        lambda: 1.0 + [np.allclose(gradient(zero), measured) for gradient, _ in _four_slips(rows)].index(True),
        *(Mistake(f"slip {slip}", sees, lambda slip=slip: slip) for slip in (2, 3, 4)),
    )


@exercise("derivation-predict-falling")
def _predict_falling() -> Exercise:
    rows = LinearRegression(*worked_example())
    few, many = "Too few. A step may be wrong and lead downhill.", "Too many. Which of these steps lead uphill?"
    return Exercise.value(
        lambda: float(sum(rows.loss(_walked(*slip)) < rows.loss(np.zeros(3)) for slip in _four_slips(rows))),
        *(Mistake(f"{n} of four", few if n < 2 else many, lambda n=n: n) for n in (0, 1, 3, 4)),
    )


@exercise("derivation-by-hand")
def _by_hand() -> Exercise:
    rows = LinearRegression(*worked_example())
    second, lifted = rows[1], np.array([0, 0, 0.2])
    return Exercise.value(
        lambda: second.gradient(lifted),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda: second.gradient(lifted) / 2),
        Mistake(*slips.ERROR_TURNED, lambda: -second.gradient(lifted)),
        Mistake(
            "x left out",
            "All three are alike, as if each parameter had the input 1.",
            lambda: np.full(3, second.gradient(lifted)[-1]),
        ),
        Mistake(
            "bias forgotten",
            "The third slope is not zero: the bias has an input.",
            lambda: second.gradient(lifted) * [1, 1, 0],
        ),
        Mistake("bias left out of ŷ", "ŷ is not 0 here: what is added last?", lambda: second.gradient([0, 0, 0])),
        Mistake("the other row", "Those are the slopes at row 1.", lambda: rows[0].gradient(lifted)),
        Mistake("all rows for one", "Those are the slopes of the mean over both rows.", lambda: rows.gradient(lifted)),
        Mistake(
            "the 2 of the bias forgotten",
            "The two weights are right. The bias shares the same factor.",
            lambda: second.gradient(lifted) * [1, 1, 0.5],
        ),
        Mistake("the inputs alone", "Those are the slopes of ŷ. How does the loss answer ŷ?", lambda: second.design[0]),
        Mistake("η too much", "No step was asked: the slopes, without η.", lambda: 0.1 * second.gradient(lifted)),
        Mistake(
            "the loss for its slope",
            "You multiplied the inputs by the loss. Its slope for ŷ belongs there.",
            lambda: second.loss(lifted) * second.design[0],
        ),
        parts=rows.names,
    )


@exercise("derivation-update")
def _update() -> Exercise:
    return Exercise.function(
        on_sample(one_step),
        _samples(),
        *step_mistakes(on_sample),
        Mistake(*slips.STEP_ALONE, on_sample(lambda theta, a, y, eta: one_step(theta, a, y, eta) - theta)),
        Mistake("θ as it was", "Nothing has moved: that is the θ you were given.", lambda theta, x, y, eta: theta),
        Mistake(
            "bias first",
            "The numbers are right, their order is not. Where does the bias stand in θ?",
            lambda theta, x, y, eta: np.roll(on_sample(one_step)(theta, x, y, eta), 1),
        ),
        Mistake(*slips.RATE_LEFT_OUT, on_sample(lambda theta, a, y, eta: one_step(theta, a, y, 1))),
        Mistake(
            "a factor 2 too many",
            "Your step is twice as long: the square brings one 2, not two.",
            on_sample(lambda theta, a, y, eta: one_step(theta, a, y, eta, 4)),
        ),
        Mistake(
            "y left out",
            "The target has no say in your step. What is the error?",
            on_sample(lambda theta, a, y, eta: one_step(theta, a, 0, eta)),
        ),
    )


@exercise("derivation-gradient")
def _gradient() -> Exercise:
    generator = np.random.default_rng(3)
    tables = tuple(
        (np.column_stack([generator.normal(size=(n, p - 1)), np.ones(n)]), generator.normal(size=n), np.arange(p) - 0.4)
        for n, p in ((3, 3), (5, 3), (4, 2))
    )
    return Exercise.function(
        lambda rows, y, theta: 2 / len(y) * rows.T @ (rows @ theta - y),
        tables,
        *_wrong_factors(),
        Mistake(*slips.ERROR_TURNED, lambda rows, y, theta: 2 / len(y) * rows.T @ (y - rows @ theta)),
        Mistake(
            "A not transposed",
            "Where A is not square the shapes do not even fit. Each entry of the gradient goes down a column.",
            lambda rows, y, theta: 2 / len(y) * rows @ (rows @ theta - y),
        ),
        Mistake(*slips.X_LEFT_OUT, lambda rows, y, theta: np.full(len(theta), 2 * np.mean(rows @ theta - y))),
        Mistake(
            "bias forgotten",
            "The last entry must not be zero: the column of ones has a slope, too.",
            lambda rows, y, theta: 2 / len(y) * np.append((rows.T @ (rows @ theta - y))[:-1], 0),
        ),
        Mistake(
            "one row for all",
            "That is the gradient of the first row alone. The mean over all rows was asked.",
            lambda rows, y, theta: 2 * (rows[0] @ theta - y[0]) * rows[0],
        ),
        Mistake(
            "targets left out",
            "The targets have no say in it. What is a residual?",
            lambda rows, y, theta: 2 / len(y) * rows.T @ (rows @ theta),
        ),
        Mistake(
            "the residuals alone",
            "Those are the residuals, one for each row. The gradient has an entry for each parameter.",
            lambda rows, y, theta: rows @ theta - y,
        ),
        Mistake(
            "sizes of the residuals",
            "The signs of the residuals are lost. On which side of its target is each output?",
            lambda rows, y, theta: 2 / len(y) * rows.T @ np.abs(rows @ theta - y),
        ),
        measured=lambda rows, y, theta: measured_slopes(lambda each: np.mean((rows @ each - y) ** 2), theta),
    )


def _wrong_factors() -> tuple[Mistake, ...]:
    """Return the mistakes about the factor 2/n of the gradient."""
    return (
        Mistake(*slips.SUM_FOR_MEAN, lambda rows, y, theta: 2 * rows.T @ (rows @ theta - y)),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda rows, y, theta: rows.T @ (rows @ theta - y) / len(y)),
        Mistake(
            "2/n forgotten",
            "Two things are missing: the 2 that the square brings, and the mean.",
            lambda rows, y, theta: rows.T @ (rows @ theta - y),
        ),
        Mistake(
            "divided by the parameters",
            "The sum is divided by the number of parameters. A mean over rows counts rows.",
            lambda rows, y, theta: 2 / len(theta) * rows.T @ (rows @ theta - y),
        ),
        Mistake(
            "multiplied by n",
            "Multiplied by n, where the mean divides. `2 / n * …` or `… / n`?",
            lambda rows, y, theta: 2 * len(y) * rows.T @ (rows @ theta - y),
        ),
        Mistake(
            "a factor 2 too many",
            "Twice too large: the square brings one 2, not two.",
            lambda rows, y, theta: 4 / len(y) * rows.T @ (rows @ theta - y),
        ),
    )


@exercise("derivation-measure")
def _measure() -> Exercise:
    places = (((0.5, -1.2), 0.1), ((1.5, 0.3, 0.7), 0.5), ((-0.8,), 0.25))
    nudged = tuple((_wavy, np.array(place), h) for place, h in places)
    return Exercise.function(
        numerical_gradient,
        nudged,
        Mistake(
            "forward for central",
            "You nudge to one side. A central difference nudges to both.",
            lambda f, theta, h: (_sides(f, theta, h)[0] - f(theta)) / h,
        ),
        Mistake(
            "divided by h",
            "Twice too large. How far apart are the two places?",
            lambda f, theta, h: 2 * numerical_gradient(f, theta, h),
        ),
        Mistake(
            "divided by 2, multiplied by h",
            "`/ 2 * h` divides by 2 and then multiplies by h. Where do brackets belong?",
            lambda f, theta, h: numerical_gradient(f, theta, h) * h**2,
        ),
        Mistake(
            "sign flipped",
            "The size is right and the sign is not. Which loss is taken from which?",
            lambda f, theta, h: -numerical_gradient(f, theta, h),
        ),
        Mistake(
            "all parameters at once",
            "All parameters are nudged together. Move one and hold the others still.",
            lambda f, theta, h: np.full(len(theta), (f(theta + h) - f(theta - h)) / (2 * h)),
        ),
        Mistake(
            "nudges kept",
            "The first entry is right. Later ones begin where the last nudge left θ: begin from a fresh copy.",
            _nudges_kept,
        ),
        Mistake(
            "not divided", "That is the rise. What is divided by what?", lambda *a: 2 * a[2] * numerical_gradient(*a)
        ),
        Mistake("one array", "`up` and `down` are one array: make two.", lambda f, theta, h: 0 * np.array(theta)),
        Mistake(
            "backward for central",
            "You nudge downwards only. A central difference nudges to both sides.",
            lambda f, theta, h: (f(theta) - _sides(f, theta, h)[1]) / h,
        ),
        measured=numerical_gradient,
    )


@exercise("derivation-fourth-power")
def _fourth_power() -> Exercise:
    pairs = ((0.3, 0.8), (2.0, -0.5), (np.array([1.0, -1.5, 0.2]), np.array([0.1, 0.4, 0.9])))
    return Exercise.function(
        lambda output, y: 4 * (output - y) ** 3,
        pairs,
        Mistake(
            "inner link forgotten",
            "That is 2u. u itself answers ŷ at a rate of its own.",
            lambda output, y: 2 * (output - y) ** 2,
        ),
        Mistake(
            "outer link forgotten", "That is how u answers ŷ. How does u² answer u?", lambda output, y: 2 * (output - y)
        ),
        Mistake(
            "a factor 2 forgotten",
            "Half as large as it should be: each of the two links brings a 2.",
            lambda output, y: 2 * (output - y) ** 3,
        ),
        Mistake(*slips.ERROR_TURNED, lambda output, y: -4 * (output - y) ** 3),
        Mistake(
            "power not lowered",
            "The power is still 4. The slope of a power has one less.",
            lambda output, y: 4 * (output - y) ** 4,
        ),
        Mistake(
            "power lowered by two",
            "The power is 2 now. The slope of a power has one less, not two.",
            lambda output, y: 4 * (output - y) ** 2,
        ),
        Mistake(
            "the 4 forgotten",
            "The power is right. What stands in front of it?",
            lambda output, y: (output - y) ** 3,
        ),
        Mistake(
            "links added",
            "The links are added. Rates along a chain multiply.",
            lambda output, y: 2 * (output - y) ** 2 + 2 * (output - y),
        ),
        measured=lambda output, y: measured_slopes(lambda each: np.sum((each - y) ** 4), output),
    )


@exercise("derivation-tanh")
def _tanh() -> Exercise:
    bent = tuple((theta, x, y) for theta, x, y, _ in _samples())
    return Exercise.function(
        lambda theta, x, y: _bent(theta, x, y),
        bent,
        Mistake(
            "the new link left out",
            "The bend has no say in it. How does ŷ answer z?",
            lambda theta, x, y: _bent(theta, x, y, lambda z: 1.0),
        ),
        Mistake(
            "1 − z² for 1 − ŷ²",
            "The new link is 1 − tanh², and z is not yet bent.",
            lambda theta, x, y: _bent(theta, x, y, lambda z: 1 - z**2),
        ),
        Mistake(
            "not squared in the new link",
            "The new link needs a square.",
            lambda theta, x, y: _bent(theta, x, y, lambda z: 1 - np.tanh(z)),
        ),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda theta, x, y: _bent(theta, x, y) / 2),
        Mistake(*slips.ERROR_TURNED, lambda theta, x, y: -_bent(theta, x, y)),
        Mistake(*slips.X_LEFT_OUT, lambda theta, x, y: np.full(len(theta), _bent(theta, x, y)[-1])),
        Mistake(
            "bias forgotten",
            "The last slope must not be zero.",
            lambda theta, x, y: np.append(_bent(theta, x, y)[:-1], 0),
        ),
        Mistake(
            "the output not bent",
            "The error uses z for the output. The output is tanh(z).",
            lambda theta, x, y: (
                2 * (np.append(x, 1) @ theta - y) * (1 - np.tanh(np.append(x, 1) @ theta) ** 2) * np.append(x, 1)
            ),
        ),
        Mistake(
            "tanh for its slope",
            "Where the slope of tanh belongs, tanh itself stands.",
            lambda theta, x, y: _bent(theta, x, y, np.tanh),
        ),
        measured=lambda theta, x, y: measured_slopes(lambda each: (np.tanh(np.append(x, 1) @ each) - y) ** 2, theta),
    )


def _four_slips(rows: LinearRegression) -> tuple[tuple[Computation, int], ...]:
    """Return the notebook's slips, each as a gradient and the sign with which a step takes it."""
    return (
        (rows.gradient, +1),
        (lambda theta: -rows.gradient(theta), -1),
        (lambda theta: rows.gradient(theta) / 2, -1),
        (lambda theta: rows.gradient(theta) * [1, 1, 0], -1),
    )


def _walked(gradient: Computation, sign: int) -> np.ndarray:
    """Return θ after twenty steps from zero."""
    theta = np.zeros(3)
    for _ in range(20):
        theta = theta + sign * 0.1 * gradient(theta)
    return theta


def _samples() -> tuple[tuple[np.ndarray, np.ndarray, float, float], ...]:
    """Return a few (θ, x, y, η)."""
    generator = np.random.default_rng(3)
    return tuple(
        (generator.normal(size=d + 1), generator.normal(size=d), float(generator.normal()), eta)
        for d, eta in ((2, 0.1), (3, 0.3), (1, 0.7))
    )


def _wavy(theta: np.ndarray) -> np.ndarray:
    """Return a loss that is no parabola, so that a forward difference and a central one differ by more than h."""
    theta = np.asarray(theta, dtype=float)
    weights = np.arange(1, theta.shape[-1] + 1)
    return (np.sin(weights * theta) + theta**3 / 4).sum(axis=-1) + theta.prod(axis=-1)


def _sides(f: Computation, theta: np.ndarray, h: float) -> np.ndarray:
    return np.array([[f(theta + nudge) for nudge in sign * h * np.eye(len(theta))] for sign in (1, -1)])


def _nudges_kept(f: Computation, theta: np.ndarray, h: float) -> np.ndarray:
    theta, slopes = theta.copy(), []
    for i in range(len(theta)):
        theta[i] += h
        above = f(theta)
        theta[i] -= 2 * h
        slopes.append((above - f(theta)) / (2 * h))
    return np.array(slopes)


def _bent(theta: np.ndarray, x: np.ndarray, y: float, link: Computation = lambda z: 1 - np.tanh(z) ** 2) -> np.ndarray:
    a = np.append(x, 1.0)
    z = a @ theta
    return 2 * (np.tanh(z) - y) * link(z) * a
