"""Notebook 6, classification, its second sitting: what the exercises on scores compute, rightly and wrongly."""

import numpy as np

from gdlib.exercises import slips
from gdlib.exercises.kinds import Exercise, Mistake, exercise
from gdlib.exercises.measuring import measured_slopes
from gdlib.exercises.scores import (
    Y_MINUS_P,
    by_score,
    comparable,
    cost,
    first_below,
    log_loss,
    separable,
    sigmoid,
    softmax,
)

NOTEBOOK = "06-classification"


@exercise("classification-stable")
def _stable() -> Exercise:
    scores = (
        (np.array([-800.0, 2.0, 40.0]), np.array([1, 1, 0])),
        (np.array([0.5, -1.0, 900.0, -900.0]), np.array([0, 1, 1, 0])),
        (np.array([-3.0, 750.0]), np.array([0, 0])),
    )

    return Exercise.function(
        log_loss,
        scores,
        Mistake(
            "overflow in p",
            "Right for small scores. For large ones p is 0 or 1 in the computer, and ln 0 is −∞. Can you leave p out?",
            _naive,
        ),
        Mistake(
            "overflow, and 0·∞",
            "For large scores one term is 0 times infinity, which is no number. Can you leave p out?",
            lambda z, y: cost(1 / (1 + np.exp(-z)), y),
        ),
        Mistake(
            "overflow in the power",
            "The formula is right, but $e^z$ is too large for the computer. `np.logaddexp(0, z)` knows a way round it.",
            lambda z, y: np.log(1 + np.exp(z)) - y * z,
        ),
        Mistake(
            "overflow, class by class",
            "The formula is right, but some power is too large. `np.logaddexp(0, …)` knows a way round it.",
            lambda z, y: np.log(1 + np.exp((1 - 2 * y) * z)),
        ),
        *(
            Mistake(
                f"clipped at {least:g}",
                f"Clipped, no row costs more than {np.ceil(-np.log(least)):.0f}: the slope there is 0, a plateau.",
                lambda z, y, least=least: _clipped(z, y, least),
            )
            for least in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7)
        ),
        Mistake(
            "y·z forgotten",
            "Rows of class 1 pay as if they were of class 0. What is taken away?",
            lambda z, y: log_loss(z, 0),
        ),
        Mistake("sign of y·z", "Is y·z added, or taken away?", lambda z, y: np.logaddexp(0, z) + y * z),
        Mistake(
            "sign of z", "Classes are changed over: a high score speaks for class 1.", lambda z, y: log_loss(-z, y)
        ),
        Mistake("averaged", "You return one number. Entry by entry was asked.", lambda z, y: log_loss(z, y).mean()),
        seen=comparable,
    )


_TOO_LARGE = (  # powers that the computer cannot hold
    Mistake(
        "max not taken",
        "Right for small scores; $e^{1000}$ is too large. What may one take from all scores of a row?",
        lambda z: _under(z, 0),
    ),
    Mistake(
        "max of the whole table",
        "One maximum for all rows: a row far below it becomes 0 divided by 0. Each row needs its own.",
        lambda z: _under(z, z.max()),
    ),
    Mistake(
        "max not taken, summed over the table",
        "All rows together add up to 1. Each should. (And $e^{1000}$ is too large.)",
        lambda z: np.exp(z) / np.exp(z).sum(),
    ),
    Mistake(
        "max not taken, divided down the columns",
        "Your columns add up to 1. The rows should. (And $e^{1000}$ is too large.)",
        lambda z: np.exp(z) / np.exp(z).sum(axis=0),
    ),
)


@exercise("classification-softmax")
def _softmax() -> Exercise:
    tables = (
        (np.array([[0.0, 1.0, 2.0], [1.0, -1.0, 0.5]]),),
        (np.array([[1000.0, 1001.0, 999.0], [-1000.0, -1001.0, -1000.5]]),),
        (np.array([[0.3, -0.2]]),),
    )
    return Exercise.function(
        softmax,
        tables,
        *_TOO_LARGE,
        Mistake(
            "no powers",
            "The scores themselves are divided. What makes them positive?",
            lambda z: z / z.sum(axis=1, keepdims=True),
        ),
        Mistake("wrong axis", "Your columns add up to 1. The rows should.", lambda z: softmax(z.T).T),
        Mistake("summed over the table", "All rows together add up to 1. Each should.", lambda z: _over(z, None)),
        Mistake("divided down the columns", "Right powers. Sum them along the rows.", lambda z: _over(z, 0)),
        Mistake(
            "not divided",
            "Your rows do not add up to 1. What is each power divided by?",
            lambda z: np.exp(z - z.max(axis=1, keepdims=True)),
        ),
        Mistake("sigmoid", "Each class for itself: your rows do not add up to 1.", sigmoid),
        Mistake(
            "sigmoid, divided",
            "That adds up to 1, but softmax takes powers, not sigmoids.",
            lambda z: sigmoid(z) / sigmoid(z).sum(axis=1, keepdims=True),
        ),
        Mistake("sign of the score", "The lowest score has your highest probability.", lambda z: softmax(-z)),
        Mistake(
            "the largest only",
            "That is the class chosen. Probabilities were asked.",
            lambda z: 1.0 * (z == z.max(axis=1, keepdims=True)),
        ),
        Mistake("applied twice", "Softmax of softmax is nearly even. Once is enough.", lambda z: softmax(softmax(z))),
        Mistake("its logarithm", "Those are the logarithms. Leave them out.", lambda z: np.log(softmax(z))),
        seen=comparable,
    )


@exercise("classification-softmax-slope")
def _softmax_slope() -> Exercise:
    generator = np.random.default_rng(3)
    tables = tuple((2 * generator.normal(size=(n, c)), np.arange(n) % c) for n, c in ((4, 3), (5, 4)))
    return Exercise.function(
        _slopes,
        tables,
        Mistake(
            "y subtracted from the score",
            "The number of the class is taken from every probability. Take 1, and from the right class alone.",
            lambda z, y: (softmax(z) - y[:, np.newaxis]) / len(z),
        ),
        Mistake(*Y_MINUS_P, lambda z, y: -_slopes(z, y)),
        Mistake(*slips.SUM_FOR_MEAN, lambda z, y: len(z) * _slopes(z, y)),
        Mistake(
            "mean over classes",
            "You divide by the entries of the table. The loss is a mean over the rows alone.",
            lambda z, y: _slopes(z, y) / z.shape[1],
        ),
        Mistake(
            "softmax left out",
            "The scores themselves are compared. What makes probabilities of them?",
            lambda z, y: (z - _hot(z, y)) / len(z),
        ),
        Mistake(
            "the right class alone",
            "The slopes of the other classes are 0. But they take their part of the probability.",
            lambda z, y: _slopes(z, y) * _hot(z, y),
        ),
        Mistake(
            "applied twice",
            "Softmax of softmax: the slopes are nearly those of a guess.",
            lambda z, y: _slopes(softmax(z), y),
        ),
        Mistake("applied twice, with its chain", "That is the slope of a loss with softmax twice.", _through_two),
        Mistake(
            "p(1 − p) left in",
            "A factor p(1 − p) too many: it cancels, as with two classes.",
            lambda z, y: _slopes(z, y) * softmax(z) * (1 - softmax(z)),
        ),
        Mistake("1 from every class", "Which class alone has y = 1?", lambda z, y: (softmax(z) - 1) / len(z)),
        Mistake("p alone", "What does the class say to the probabilities?", lambda z, y: softmax(z) / len(z)),
        Mistake(
            "sigmoids for softmax",
            "Each class has a sigmoid of its own. Here they share one softmax.",
            lambda z, y: (sigmoid(z) - _hot(z, y)) / len(z),
        ),
        measured=lambda z, y: measured_slopes(lambda at: _mean_cost(at, y), z),
    )


@exercise("classification-first-step")
def _first_step() -> Exercise:
    x, y = separable()
    cases = ((x, y, 1.0, 2), (x, y, 1.0, 1), (np.array([-1.0, 0.5, 3.0]), np.array([0, 1, 1]), 0.5, 2))
    right = first_below(_mean_loss, by_score)
    return Exercise.function(
        right,
        cases,
        Mistake(
            "one step too few",
            "You are one step early. Does your count begin at 0?",
            lambda *case: right(*case) - 1,
        ),
        Mistake(
            "one step too many",
            "You are one step late. Weigh after each step, and count from 1.",
            lambda *case: right(*case) + 1,
        ),
        Mistake(
            "sum for mean in the loss",
            "The sum of the losses is weighed, not their mean.",
            first_below(_sum_loss, by_score),
        ),
        Mistake(
            "sum for mean in the slope",
            "Each step is n times too long: the slope is a mean, too.",
            lambda x, y, eta, m: right(x, y, len(x) * eta, m),
        ),
        Mistake("factor 2 kept", "Each step is twice too long.", lambda x, y, eta, m: right(x, y, 2 * eta, m)),
        Mistake(
            "the squared error weighed",
            "The steps are right; but (p − y)² is weighed.",
            first_below(lambda z, y: np.square(by_score(z, y)).mean(), by_score),
        ),
        Mistake(
            "the largest loss",
            "You wait until each row is below. Its mean was asked.",
            first_below(lambda z, y: log_loss(z, y).max(), by_score),
        ),
        Mistake("a rule of thumb", "k·L goes to 1 only for some η and rows. Run it.", lambda x, y, eta, m: 10**m),
    )


def _mean_loss(z: np.ndarray, y: np.ndarray) -> float:
    return log_loss(z, y).mean()


def _sum_loss(z: np.ndarray, y: np.ndarray) -> float:
    return log_loss(z, y).sum()


def _naive(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    p = 1 / (1 + np.exp(-z))
    return np.where(y == 1, -np.log(p), -np.log(1 - p))


def _clipped(z: np.ndarray, y: np.ndarray, least: float) -> np.ndarray:
    return cost(np.clip(sigmoid(z), least, 1 - least), y)


def _under(z: np.ndarray, most: np.ndarray | float) -> np.ndarray:
    """Return softmax with this taken from the scores in place of the maximum of each row."""
    powers = np.exp(z - most)
    return powers / powers.sum(axis=1, keepdims=True)


def _over(z: np.ndarray, axis: int | None) -> np.ndarray:
    """Return powers divided by their sum along another axis than the row's."""
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def _hot(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return a 1 in the column of each row's class, and 0 elsewhere."""
    return np.eye(z.shape[1])[y]


def _mean_cost(z: np.ndarray, y: np.ndarray) -> float:
    return float(-np.log((softmax(z) * _hot(z, y)).sum(axis=1)).mean())


def _slopes(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the slopes of the mean loss by the scores, equation (21)."""
    return (softmax(z) - _hot(z, y)) / len(z)


def _through_two(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the slopes where softmax is applied twice, with the chain rule through both."""
    inner = softmax(z)
    outer = _slopes(inner, y)
    return inner * (outer - (inner * outer).sum(axis=1, keepdims=True))
