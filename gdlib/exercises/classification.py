"""Notebook 6, classification: what its exercises compute, rightly and wrongly."""

import numpy as np

from gdlib.data import iris, standardised, worked_example
from gdlib.exercises import slips
from gdlib.exercises.kinds import Exercise, Mistake, chosen, exercise
from gdlib.exercises.measuring import measured_slopes
from gdlib.exercises.scores import (
    UPHILL,
    by_score,
    comparable,
    cost,
    gradient,
    log_loss,
    separable,
    sigmoid,
    slips_of,
    softmax,
    step,
    step_mistakes,
    with_ones,
)
from gdlib.linear import LinearRegression

NOTEBOOK = "06-classification"
BIAS_FIRST = "Your bias stands first. It was asked last."


@exercise("classification-predict-line")
def _predict_line() -> Exercise:
    def above_one() -> str:
        x, y = iris()
        line = LinearRegression(x[50:, 2], y[50:] - 1)
        return "yes" if (line.predict(line.minimizer()) > 1).any() else "no"

    return Exercise.word(
        above_one,
        ("yes", "no"),
        chosen("no", "A line rises at the same rate everywhere. What stops it at 1?"),
    )


@exercise("classification-predict-push")
def _predict_push() -> Exercise:
    def nearest() -> str:
        p = sigmoid(-6.0)
        ratio = (p - 1) / (2 * (p - 1) * p * (1 - p))
        words = {2: "twice", 20: "20 times", 200: "200 times"}
        return words[min(words, key=lambda times: abs(np.log(times / ratio)))]

    return Exercise.word(
        nearest,
        ("twice", "20 times", "200 times"),
        chosen("twice", "The square brings a 2, but into the smaller slope. How fast does p answer z at −6?"),
        chosen("20 times", "p is about 1/400 there. How fast does it answer z?"),
        synonyms={"2 times": "twice", "2": "twice", "20": "20 times", "200": "200 times"},
    )


@exercise("classification-predict-w1")
def _predict_w1() -> Exercise:
    row, start, eta = worked_example()[0][0], np.zeros(3), 0.1
    new = step(by_score)(start, row, 1, eta)
    return Exercise.value(
        lambda: new[0],
        Mistake("x₁ or η left out", "Both are 0.1 here, and one of the two is missing.", lambda: new[2]),
        Mistake("w₂ for w₁", "That is w₂. Which input belongs to w₁?", lambda: new[1]),
        Mistake(
            "p taken as 0",
            "At the start the score is 0. Which probability is that?",
            lambda: eta * row[0],
        ),
        Mistake(*UPHILL, lambda: -new[0]),
        Mistake("the slope alone", "That is the slope for w₁. Now η, and the minus.", lambda: -new[0] / eta),
        Mistake(
            "notebook 4's step",
            "That is the step of notebook 4: squared error, and target 0.8. Here the class is 1, and p is compared.",
            lambda: 2 * eta * 0.8 * row[0],
        ),
        Mistake(
            "p(1 − p) left in",
            "p(1 − p) has cancelled: the slope by the score is p − y, and no more.",
            lambda: new[0] / 4,
        ),
        Mistake("x₁ and η left out", "That is p − y turned round. Times x₁ and η?", lambda: new[2] / eta),
        Mistake(*slips.RATE_SQUARED, lambda: eta * new[0]),
        Mistake(
            "all rows for one",
            "That is a step on the mean of both rows.",
            lambda: -eta * gradient(by_score)(worked_example()[0], np.array([1, 0]), start)[0],
        ),
    )


@exercise("classification-predict-rest")
def _predict_rest() -> Exercise:
    def rests() -> str:
        x, y = separable()
        losses = [log_loss(w * x, y).mean() for w in 2.0 ** np.arange(9)]
        return "no" if (np.diff(losses) < 0).all() else "yes"

    return Exercise.word(
        rests,
        ("yes", "no"),
        chosen("yes", "Wherever w stands: what does the loss do if all four scores double?"),
    )


@exercise("classification-predict-sides")
def _predict_sides() -> Exercise:
    def changes() -> str:
        x, y = iris()
        x, y, theta = standardised(x[:100, 2:]), y[:100], np.zeros(3)
        sides = []
        for _ in range(100):
            theta = theta - gradient(by_score)(x, y, theta)
            sides.append(with_ones(x) @ theta > 0)
        return "no" if np.all(sides == sides[0]) else "yes"

    return Exercise.word(
        changes,
        ("yes", "no"),
        chosen(
            "yes", "After step 1 no flower is on the wrong side. Would a growing ‖w‖ move the line, or make it surer?"
        ),
    )


@exercise("classification-predict-three")
def _predict_three() -> Exercise:
    at_zero = float(softmax(np.zeros(3))[0])
    return Exercise.value(
        lambda: -np.log(at_zero),
        Mistake("p itself", "That is p of each class. The loss is −ln of it.", lambda: at_zero),
        Mistake(
            "two classes for three", "That is the loss at zero for two classes. Now there are three.", lambda: np.log(2)
        ),
        Mistake("minus lost", "A loss below 0? Look at the sign.", lambda: np.log(at_zero)),
        Mistake(
            "another logarithm", "That is the logarithm to the base 10. Here ln is meant.", lambda: -np.log10(at_zero)
        ),
        Mistake("base 2", "That is the logarithm to the base 2. Here ln is meant.", lambda: -np.log2(at_zero)),
        Mistake("one over p", "That is 1/p. Its ln is wanted.", lambda: 1 / at_zero),
        Mistake("zero", "At zero all classes are equally likely. Is that free?", lambda: 0.0),
        Mistake(
            "sum over the classes",
            "You have added the classes up. Only the right one counts.",
            lambda: -3 * np.log(at_zero),
        ),
    )


@exercise("classification-predict-twice")
def _predict_twice() -> Exercise:
    def reaches_zero() -> str:
        sure = softmax(softmax(np.array([1000.0, 0.0, 0.0])))[0]
        return "yes" if -np.log(sure) < 0.01 else "no"

    return Exercise.word(
        reaches_zero,
        ("yes", "no"),
        chosen("yes", "The second softmax is given numbers from 0 to 1. How far apart can they be?"),
    )


@exercise("classification-score")
def _score() -> Exercise:
    chances = ((np.array([0.1, 0.5, 0.8]),), (np.array([0.999, 0.3]),), (0.25,))
    return Exercise.function(
        _log_odds,
        chances,
        Mistake("ln left out", "Those are the odds. The score is their logarithm.", lambda p: p / (1 - p)),
        Mistake(
            "log₁₀ for ln",
            "That is the logarithm to the base 10. `np.log` is ln.",
            lambda p: np.log10(p / (1 - p)),
        ),
        Mistake("log₂ for ln", "That is the logarithm to the base 2. `np.log` is ln.", lambda p: np.log2(p / (1 - p))),
        Mistake("sign of the score", "Your score falls when p grows. Look at the sign.", lambda p: -_log_odds(p)),
        Mistake("1/p − 1", "1/p − 1 is $e^{-z}$. What leads from it to z?", lambda p: 1 / p - 1),
        Mistake("minus the power", "1/p − 1 is $e^{-z}$. What leads from it to z?", lambda p: 1 - 1 / p),
        Mistake("ln p alone", "That is ln p. The odds compare p with another probability.", np.log),
        Mistake(
            "minus ln p alone", "That is −ln p. The odds compare p with another probability.", lambda p: -np.log(p)
        ),
        Mistake("1 lost", "In (14) a 1 is added to $e^{-z}$. Where has it gone?", lambda p: np.log(1 / p + 1)),
        Mistake(
            "brackets lost",
            "`p / 1 - p` divides p by 1 and then subtracts. What should p be divided by?",
            lambda p: np.log(p / 1 - p),
        ),
        Mistake(
            "logarithms divided",
            "ln of a quotient is the difference of two logarithms, not their quotient.",
            lambda p: np.log(p) / np.log(1 - p),
        ),
        Mistake("ln of p, divided", "ln is taken of all of p/(1 − p).", lambda p: np.log(p) / (1 - p)),
        Mistake("logarithms added", "ln of a quotient is a difference.", lambda p: np.log(p) + np.log(1 - p)),
        Mistake("σ once more", "You bend p once more. The way back was asked.", sigmoid),
        Mistake("the slope of σ", "That is p(1 − p), the slope. The score was asked.", lambda p: p * (1 - p)),
        Mistake("p − ½", "At p = ½ that is 0, as it should be; but the bend is not undone.", lambda p: p - 0.5),
        seen=comparable,
    )


@exercise("classification-log-loss")
def _log_loss() -> Exercise:
    rows = ((np.array([0.8, 0.2, 0.5]), np.array([1, 0, 1])), (np.array([0.01, 0.6]), np.array([1, 0])), (0.3, 0))
    return Exercise.function(
        cost,
        rows,
        Mistake(
            "minus lost", "Below 0: ln of a number below 1 is negative. What turns it round?", lambda p, y: -cost(p, y)
        ),
        Mistake(
            "log₁₀ for ln",
            "That is the logarithm to the base 10. `np.log` is ln.",
            lambda p, y: cost(p, y) / np.log(10),
        ),
        Mistake(
            "log₂ for ln", "That is the logarithm to the base 2. `np.log` is ln.", lambda p, y: cost(p, y) / np.log(2)
        ),
        Mistake("one of two terms", "Rows of class 0 cost nothing. Which term is theirs?", lambda p, y: -y * np.log(p)),
        Mistake(
            "the other of two terms",
            "Rows of class 1 cost nothing. Which term is theirs?",
            lambda p, y: -(1 - y) * np.log(1 - p),
        ),
        Mistake(
            "classes changed over",
            "You charge p to class 0. It is the probability of class 1.",
            lambda p, y: cost(1 - p, y),
        ),
        Mistake(
            "−ln p for every row",
            "What happened in a row of class 0 has the probability 1 − p.",
            lambda p, y: -np.log(p) + 0 * y,
        ),
        Mistake("the squared error", "That is (p − y)². The log-loss was asked.", lambda p, y: (p - y) ** 2.0),
        Mistake(
            "second sign lost",
            "Right for rows of class 1; rows of class 0 come out below 0. Look at the sign of the second term.",
            lambda p, y: -(y * np.log(p) - (1 - y) * np.log(1 - p)),
        ),
        Mistake("averaged", "You return one number. Entry by entry was asked.", lambda p, y: np.mean(cost(p, y))),
        Mistake("added up", "You return one number. Entry by entry was asked.", lambda p, y: np.sum(cost(p, y))),
    )


@exercise("classification-by-hand")
def _by_hand() -> Exercise:
    row = np.array([0.5, -0.5, 0.0]), np.array([2.0, 1.0]), 0.0, 0.4
    return Exercise.value(lambda: step(by_score)(*row), *step_mistakes(*row), parts=("w₁", "w₂", "b"))


@exercise("classification-border")
def _border() -> Exercise:
    lines = ((np.array([1.0, 2.0, -3.0]), 0.5), (np.array([-1.0, 0.5, 0.2]), 2.0), (np.array([0.3, -0.7, 1.0]), -1.0))
    return Exercise.function(
        lambda theta, x1: -(theta[0] * x1 + theta[2]) / theta[1],
        lines,
        Mistake(
            "½ for the score",
            "You set the score to ½. Which score has the probability ½?",
            lambda theta, x1: (0.5 - theta[0] * x1 - theta[2]) / theta[1],
        ),
        Mistake(
            "sign lost",
            "The sign: bring the other terms to the right side.",
            lambda theta, x1: (theta[0] * x1 + theta[2]) / theta[1],
        ),
        Mistake(
            "bias forgotten",
            "The line you found passes through 0. What does b do?",
            lambda theta, x1: -theta[0] * x1 / theta[1],
        ),
        Mistake(
            "weights changed over",
            "Which weight belongs to x₂, the one you solve for?",
            lambda theta, x1: -(theta[1] * x1 + theta[2]) / theta[0],
        ),
        Mistake(
            "bias on the wrong side",
            "b has kept its sign on its way across.",
            lambda theta, x1: (theta[2] - theta[0] * x1) / theta[1],
        ),
        Mistake(
            "multiplied for divided",
            "The last link: w₂·x₂ is known. How do you get x₂?",
            lambda theta, x1: -(theta[0] * x1 + theta[2]) * theta[1],
        ),
        Mistake(
            "only b divided",
            "Both terms are divided by w₂. Where do brackets belong?",
            lambda theta, x1: -theta[0] * x1 - theta[2] / theta[1],
        ),
    )


@exercise("classification-gradient")
def _gradient() -> Exercise:
    right = gradient(by_score)
    return Exercise.function(
        right,
        _tables(),
        *slips_of(gradient),
        Mistake(*slips.SUM_FOR_MEAN, lambda x, y, theta: len(x) * right(x, y, theta)),
        Mistake(*slips.BIAS_FORGOTTEN, lambda x, y, theta: right(x, y, theta)[:-1]),
        Mistake(
            "bias not averaged",
            "The slopes of the weights are right. The bias has the mean of p − y, not the sum.",
            lambda x, y, theta: right(x, y, theta) * np.append(np.ones(x.shape[1]), len(x)),
        ),
        Mistake(
            "bias left out of the score",
            "The score is missing something: what is added last?",
            lambda x, y, theta: with_ones(x).T @ by_score(x @ theta[:-1], y) / len(x),
        ),
        Mistake(
            "mean over all entries",
            "You divide by the number of entries of the table. Divide by that of its rows.",
            lambda x, y, theta: right(x, y, theta) / (x.shape[1] + 1),
        ),
        Mistake("bias first", BIAS_FIRST, lambda x, y, theta: np.roll(right(x, y, theta), 1)),
        Mistake("ones in front", BIAS_FIRST, _ones_in_front),
        measured=lambda x, y, theta: measured_slopes(lambda at: log_loss(with_ones(x) @ at, y).mean(), theta),
    )


def _log_odds(p: np.ndarray) -> np.ndarray:
    """Return the score that has this probability: equation (14) turned round."""
    return np.log(p / (1 - p))


def _ones_in_front(x: np.ndarray, y: np.ndarray, theta: np.ndarray) -> np.ndarray:
    rows = np.column_stack([np.ones(len(x)), x])
    return rows.T @ by_score(rows @ theta, y) / len(x)


def _tables() -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]:
    """Return a few data sets of two classes, each with a θ."""
    generator = np.random.default_rng(6)
    return tuple(
        (generator.normal(size=(n, d)), np.arange(n) % 2, 2 * generator.normal(size=d + 1))
        for n, d in ((5, 2), (6, 1), (3, 3))  # never as many rows as parameters: a table that is turned would fit
    )
