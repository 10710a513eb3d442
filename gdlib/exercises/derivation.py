"""Notebook 3, the derivation: what its exercises compute, rightly and wrongly."""

import numpy as np

from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.exercises import slips
from gdlib.exercises.kinds import Computation, Exercise, Mistake, chosen, exercise
from gdlib.exercises.steps import on_sample, one_step, step_mistakes
from gdlib.linear import LinearRegression
from gdlib.problem import numerical_gradient

NOTEBOOK = "03-derivation"


@exercise("derivation-predict-nudge")
def _predict_nudge() -> Exercise:
    rows = LinearRegression(*worked_example())
    return Exercise.value(
        lambda: float(rows[0].predict([0.5, 0, 0])[0] - rows[0].predict([0, 0, 0])[0]),
        Mistake("the nudge itself", "ŷ does not feel all of it: w₁ stands beside a factor.", lambda: 0.5),
        Mistake("per unit", "That is per unit of w₁. The nudge is less than a unit.", lambda: rows.x[0, 0]),
        Mistake("the other input", "You used x₂. Which input belongs to w₁?", lambda: 0.5 * rows.x[0, 1]),
    )


@exercise("derivation-predict-farthest")
def _predict_farthest() -> Exercise:
    rows = LinearRegression(*worked_example())
    return Exercise.word(
        lambda: rows.names[int(np.abs(descend(rows[0], [0, 0, 0], 0.1, 1).theta).argmax())],
        rows.names,
        chosen("w₁", "Its input is the smallest of the three."),
        chosen("w₂", "Its input is larger than that of w₁. But what is the input of the bias?"),
    )


@exercise("derivation-by-hand")
def _by_hand() -> Exercise:
    rows = LinearRegression(*worked_example())
    second, lifted = rows[1], np.array([0, 0, 0.2])
    return Exercise.value(
        lambda: second.gradient(lifted),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda: second.gradient(lifted) / 2),
        Mistake(*slips.ERROR_TURNED, lambda: -second.gradient(lifted)),
        Mistake(*slips.X_LEFT_OUT, lambda: np.full(3, second.gradient(lifted)[-1])),
        Mistake(
            "bias forgotten",
            "The third slope is not zero: the bias has an input.",
            lambda: second.gradient(lifted) * [1, 1, 0],
        ),
        Mistake("bias left out of ŷ", "ŷ is not 0 here: what is added last?", lambda: second.gradient([0, 0, 0])),
        Mistake("the other sample", "Those are the slopes at sample 1.", lambda: rows[0].gradient(lifted)),
        Mistake(
            "all samples for one", "Those are the slopes of the mean over both samples.", lambda: rows.gradient(lifted)
        ),
        Mistake(
            "the 2 of the bias forgotten",
            "The two weights are right. The bias shares the same factor.",
            lambda: second.gradient(lifted) * [1, 1, 0.5],
        ),
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
        Mistake(*slips.FACTOR_FORGOTTEN, lambda rows, y, theta: rows.T @ (rows @ theta - y) / len(y)),
        Mistake(*slips.SUM_FOR_MEAN, lambda rows, y, theta: 2 * rows.T @ (rows @ theta - y)),
        Mistake(*slips.ERROR_TURNED, lambda rows, y, theta: 2 / len(y) * rows.T @ (y - rows @ theta)),
        Mistake(
            "2/n forgotten",
            "Two things are missing: the 2 that the square brings, and the mean.",
            lambda rows, y, theta: rows.T @ (rows @ theta - y),
        ),
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
            "divided by the parameters",
            "The sum is divided by the number of parameters. A mean over rows counts rows.",
            lambda rows, y, theta: 2 / len(theta) * rows.T @ (rows @ theta - y),
        ),
        Mistake(
            "targets left out",
            "The targets have no say in it. What is a residual?",
            lambda rows, y, theta: 2 / len(y) * rows.T @ (rows @ theta),
        ),
    )


@exercise("derivation-measure")
def _measure() -> Exercise:
    nudged = (
        (_wavy, np.array([0.5, -1.2]), 0.1),
        (_wavy, np.array([1.5, 0.3, 0.7]), 0.5),
        (_wavy, np.array([-0.8]), 0.25),
    )
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
            "not divided",
            "That is the rise. Rise over run was asked.",
            lambda f, theta, h: 2 * h * numerical_gradient(f, theta, h),
        ),
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
            "links added",
            "The links are added. Rates along a chain multiply.",
            lambda output, y: 2 * (output - y) ** 2 + 2 * (output - y),
        ),
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
    )


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
