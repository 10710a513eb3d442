"""Scores of classes, and what is made of them: probabilities, losses, slopes and steps, right and wrong."""

from collections.abc import Callable

import numpy as np

from gdlib.exercises import slips
from gdlib.exercises.kinds import Computation, Mistake

Slope = Callable[[np.ndarray, np.ndarray], np.ndarray]

Y_MINUS_P = ("y − p", "The size is right and the sign is not. Which of p and y is taken from the other?")
UPHILL = (
    "y − p, or plus for minus",
    "The size is right and the sign is not. Either p − y is turned round, or there is a plus where the rule has its "
    "minus: look at both.",
)
SQUARE_KEPT = (
    "the squared error's slope",
    "That is the slope of (p − y)²: a 2 and a p(1 − p) too many. The loss here is the log-loss.",
)
FACTOR_KEPT = ("factor 2 kept", "Twice too large. There is no square here whose slope would bring a 2.")
SIGMA_KEPT = ("p(1 − p) left in", "A factor p(1 − p) too many. What does the slope of the log-loss by p do to it?")
SCORE_FOR_P = ("score for p", "The score itself is compared with the class. What makes a probability of it?")


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return p = σ(z), equation (14), for any z."""
    return np.exp(-np.logaddexp(0.0, -np.asarray(z)))


def log_loss(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the log-loss of each score, equation (19)."""
    return np.logaddexp(0.0, z) - np.multiply(y, z)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return the probabilities of each row of scores, equation (20)."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def with_ones(x: np.ndarray) -> np.ndarray:
    """Return the rows with a 1 at the end of each."""
    return np.column_stack([x, np.ones(len(x))])


def by_score(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the slope of the log-loss by the score, equation (16)."""
    return sigmoid(z) - y


def _bend(z: np.ndarray) -> np.ndarray:
    return sigmoid(z) * (1 - sigmoid(z))


#: The known slips in the slope by the score, beside its sign, which a step and a gradient share.
SLIPS: tuple[tuple[tuple[str, str], Slope], ...] = (
    (SQUARE_KEPT, lambda z, y: 2 * by_score(z, y) * _bend(z)),
    (FACTOR_KEPT, lambda z, y: 2 * by_score(z, y)),
    (SIGMA_KEPT, lambda z, y: by_score(z, y) * _bend(z)),
    (SCORE_FOR_P, lambda z, y: z - y),
    (
        (
            "classes for probabilities",
            "p is rounded to a class, so rows on the right side do not pull. Leave it as it is.",
        ),
        lambda z, y: (sigmoid(z) > 0.5) - y,
    ),
    (
        ("σ turned round", "Your p falls when the score grows. Look at the sign in the exponent."),
        lambda z, y: sigmoid(-z) - y,
    ),
)


def slips_of(build: Callable[[Slope], Computation], turned: tuple[str, str] = Y_MINUS_P) -> tuple[Mistake, ...]:
    """Return the slips in the slope by the score as mistakes of what ``build`` makes of such a slope.

    ``turned`` is what a wrong sign is called, and what to tell who made it.
    """
    slips_and_sign = ((turned, lambda z, y: -by_score(z, y)), *SLIPS)
    return tuple(Mistake(*words, build(slope)) for words, slope in slips_and_sign)


def gradient(slope: Slope) -> Computation:
    """Return the gradient of the mean loss of all rows, as a function of (X, y, θ)."""

    def mean(x: np.ndarray, y: np.ndarray, theta: np.ndarray) -> np.ndarray:
        rows = with_ones(x)
        return rows.T @ slope(rows @ theta, y) / len(rows)

    return mean


def step(slope: Slope) -> Computation:
    """Return a step on one row, as a function of (θ, x, y, η): equations (17) and (18)."""

    def stepped(theta: np.ndarray, x: np.ndarray, y: float, eta: float) -> np.ndarray:
        a = np.append(x, 1.0)
        return theta - eta * slope(a @ theta, y) * a

    return stepped


def step_mistakes(theta: np.ndarray, x: np.ndarray, y: float, eta: float) -> tuple[Mistake, ...]:
    """Return the mistakes of a step on this row, as values."""
    right, a = step(by_score)(theta, x, y, eta), np.append(x, 1.0)
    shared = by_score(a @ theta, y)
    return (
        *slips_of(lambda slope: lambda: step(slope)(theta, x, y, eta), UPHILL),
        Mistake(*slips.BIAS_STILL, lambda: np.append(right[:-1], theta[-1])),
        Mistake(*slips.X_LEFT_OUT, lambda: theta - eta * shared),
        Mistake(*slips.RATE_LEFT_OUT, lambda: theta - shared * a),
        Mistake(*slips.RATE_SQUARED, lambda: theta - eta**2 * shared * a),
        Mistake(*slips.STEP_ALONE, lambda: right - theta),
        Mistake("the gradient alone", "That is the gradient. Now η, the minus, and the start.", lambda: shared * a),
        Mistake(
            "class 1 for class 0",
            "That is a step for a row of the other class. Which target has this one?",
            lambda: step(by_score)(theta, x, 1 - y, eta),
        ),
    )


def first_below(loss_of: Computation, pull: Slope) -> Computation:
    """Return the first step after which a loss is below 10⁻ᵐ, as a function of (x, y, η, m).

    The descent begins at w = 0 and has the scores w·x; ``loss_of`` weighs them, ``pull`` is the slope by each.
    """

    def search(x: np.ndarray, y: np.ndarray, eta: float, m: int) -> int:
        w, k = 0.0, 0
        while loss_of(w * x, y) >= 10.0**-m:
            w, k = w - eta * (pull(w * x, y) * x).mean(), k + 1
        return k

    return search


def separable() -> tuple[np.ndarray, np.ndarray]:
    """Return four places on a line, and their classes: 1 to the right of 0."""
    x = np.array([-2.0, -1.0, 1.0, 2.0])
    return x, (x > 0).astype(float)


def cost(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the log-loss of each probability, equation (15)."""
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def comparable(result: np.ndarray) -> np.ndarray:
    """Return a result with numbers, none of them right, for what is infinite or no number at all."""
    return np.where(np.isfinite(result), result, np.where(np.isnan(result), -3.0, -2.0))
