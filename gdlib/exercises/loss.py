"""Notebook 2, the loss: what its exercises compute, rightly and wrongly."""

import numpy as np

from gdlib.data import narrow_valley, six_points, worked_example
from gdlib.exercises import slips
from gdlib.exercises.kinds import Exercise, Mistake, chosen, exercise
from gdlib.exercises.measuring import measured_slopes
from gdlib.linear import LinearRegression

NOTEBOOK = "02-loss"


@exercise("loss-predict-cancel")
def _predict_cancel() -> Exercise:
    points = LinearRegression(*six_points())
    return Exercise.word(
        lambda: "yes" if _cancels(points, -0.5) else "no",
        ("yes", "no"),
        chosen("no", "A line may be lifted as you like. What happens to the signs of its residuals on the way up?"),
    )


@exercise("loss-predict-double")
def _predict_double() -> Exercise:
    rows = LinearRegression(*worked_example())
    one = rows[0]
    return Exercise.value(
        lambda: one.loss([0, 0, 2 + one.y[0]]) / one.loss([0, 0, 1 + one.y[0]]),
        Mistake("doubled", "The side doubles. Does the area, too? Draw both squares.", lambda: 2),
        Mistake("twice the square", "One doubling too many: an area has a length and a width, no height.", lambda: 8),
        Mistake("three times", "Count again: how many squares of the old side fit into the new one?", lambda: 3),
    )


@exercise("loss-predict-cut")
def _predict_cut() -> Exercise:
    points = LinearRegression(*six_points())
    return Exercise.word(
        lambda: _shape(points),
        ("line", "V", "parabola"),
        chosen("line", "Downhill for ever? How low can a loss get that is made of squares?"),
        chosen("V", "One residual's size would draw that. The loss squares it. What does a square do at its bottom?"),
        synonyms={"straight line": "line", "straight": "line", "V-shape": "V", "quadratic": "parabola"},
    )


@exercise("loss-predict-steeper")
def _predict_steeper() -> Exercise:
    one = LinearRegression(*worked_example())[0]
    return Exercise.value(
        lambda: one.gradient([0, 0, 0])[-1] / one.gradient([0, 0, 0.4])[-1],
        Mistake(
            "how high for how steep",
            "That is how many times as high the loss is. How steep was asked.",
            lambda: one.loss([0, 0, 0]) / one.loss([0, 0, 0.4]),
        ),
        Mistake(
            "turned round",
            "Upside down: from which of the two places is it farther to the target?",
            lambda: one.gradient([0, 0, 0.4])[-1] / one.gradient([0, 0, 0])[-1],
        ),
        Mistake("alike", "A straight line is equally steep everywhere. What does a curve do?", lambda: 1),
        Mistake(
            "the slope itself",
            "That is the slope at ŷ = 0. How many times the other is it?",
            lambda: one.gradient([0, 0, 0])[-1],
        ),
    )


@exercise("loss-predict-trap")
def _predict_trap() -> Exercise:
    rows = LinearRegression(*worked_example())
    one = rows[0]
    return Exercise.word(
        lambda: _way(one),
        ("falls", "stays", "grows"),
        chosen("falls", "Descent trusts the slope it is given. This one points the wrong way."),
        chosen("stays", "At one and the same output the loss does not notice. But where does the walk go?"),
        synonyms={
            "fall": "falls",
            "stay": "stays",
            "grow": "grows",
            "rise": "grows",
            "rises": "grows",
            "increases": "grows",
            "decreases": "falls",
            "shrinks": "falls",
            "unchanged": "stays",
        },
    )


@exercise("loss-predict-rate")
def _predict_rate() -> Exercise:
    points = LinearRegression(*six_points())
    return Exercise.value(
        lambda: 0.1 * points.gradient([0, 0])[0] / sum(points[i].gradient([0, 0])[0] for i in range(6)),
        Mistake("turned round", "That makes the longer step longer still. Which loss is steeper?", lambda: 0.1 * 6),
        Mistake(
            "no change", "With one η for both, the steps are as different as the slopes. Are they alike?", lambda: 0.1
        ),
        Mistake("the half's rate", "That suits the half, which is less steep than the mean.", lambda: 0.1 * 2),
        Mistake("the half's slopes", "That is for who comes from the half. You come from the mean.", lambda: 0.1 / 12),
        Mistake("the factor alone", "That is a factor. The mean's η goes in, too.", lambda: 1 / 6),
        Mistake("the slopes' ratio", "That is how many times as steep the sum is. Which η makes up for it?", lambda: 6),
        tolerance=0.005,  # 0.0167 will do
    )


@exercise("loss-predict-mean")
def _predict_mean() -> Exercise:
    rows = LinearRegression(*worked_example())
    one = rows[0]
    return Exercise.value(
        lambda: rows.loss([0, 0, 0]),
        Mistake(*slips.SUM_FOR_MEAN, lambda: 2 * rows.loss([0, 0, 0])),
        Mistake("half of the mean", "A half too many: no half stands in front.", lambda: rows.loss([0] * 3) / 2),
        Mistake("the first row alone", "That is row 1 alone. There are two.", lambda: one.loss([0, 0, 0])),
        Mistake(
            "the mean, then the square",
            "You took the mean of the residuals and squared that. First square, then take the mean.",
            lambda: rows.residuals([0, 0, 0]).mean() ** 2,
        ),
        Mistake(
            "residuals not squared",
            "That is the mean of the residuals' sizes. The loss squares them.",
            lambda: np.abs(rows.residuals([0, 0, 0])).mean(),
        ),
        Mistake("the second row alone", "That is row 2 alone. There are two.", lambda: rows[1].loss([0, 0, 0])),
        Mistake("the residuals added", "Those are the residuals, added. The loss squares each.", lambda: -1.3),
        Mistake("the mean residual", "That is the mean of the residuals. The loss squares each first.", lambda: -0.65),
        Mistake("sizes added", "Those are the residuals' sizes, added. The loss squares each.", lambda: 1.3),
    )


@exercise("loss-by-hand")
def _by_hand() -> Exercise:
    rows = LinearRegression(*worked_example())
    one, guess = rows[0], np.array([0.5, 0.5, 0.2])
    return Exercise.value(
        lambda: one.loss(guess),
        Mistake("not squared", "That is the residual. The loss is its square.", lambda: one.residuals(guess)[0]),
        Mistake(
            "not squared, and turned round",
            "That is target minus output. The loss is a square, so the sign goes; but square it.",
            lambda: -one.residuals(guess)[0],
        ),
        Mistake("residual doubled", "Squared, not doubled.", lambda: abs(2 * one.residuals(guess)[0])),
        Mistake(*slips.BIAS_FORGOTTEN, lambda: one.loss(guess * [1, 1, 0])),
        Mistake(
            "x left out",
            "The weights were added as they are. What does each of them multiply?",
            lambda: (guess.sum() - one.y[0]) ** 2,
        ),
        Mistake("half of it", "A half too many: no half stands in front.", lambda: one.loss(guess) / 2),
        Mistake("the other row", "That is the loss of row 2.", lambda: rows[1].loss(guess)),
        Mistake(
            "the output alone", "That is the output. How far is it from the target?", lambda: one.predict(guess)[0]
        ),
        Mistake(
            "the output squared",
            "You squared the output. First take the target from it.",
            lambda: one.predict(guess)[0] ** 2,
        ),
        Mistake(
            "squares of both, subtracted",
            "You subtracted two squares. First subtract, then square.",
            lambda: abs(one.predict(guess)[0] ** 2 - one.y[0] ** 2),
        ),
        Mistake("all rows for one", "That is the mean over both rows. One row was asked.", lambda: rows.loss(guess)),
    )


@exercise("loss-mse")
def _mse() -> Exercise:
    return Exercise.function(
        lambda x, y, w, b: LinearRegression(x, y).loss([*w, b]),
        _tables(),
        Mistake(*slips.SUM_FOR_MEAN, lambda x, y, w, b: np.sum((x @ w + b - y) ** 2)),
        Mistake(
            "half of the mean",
            "Everything is half as large as asked: no half stands in front.",
            lambda x, y, w, b: np.mean((x @ w + b - y) ** 2) / 2,
        ),
        Mistake(
            "not squared",
            "That is the mean of the residuals. Signs cancel in it; squares do not.",
            lambda x, y, w, b: np.mean(x @ w + b - y),
        ),
        Mistake(
            "the mean, then the square",
            "First square, then take the mean: the other way round, signs cancel.",
            lambda x, y, w, b: np.mean(x @ w + b - y) ** 2,
        ),
        Mistake(
            "size for square",
            "That is the mean of the residuals' sizes. The loss squares them.",
            lambda x, y, w, b: np.mean(np.abs(x @ w + b - y)),
        ),
        Mistake(
            "root taken",
            "That is the root of the mean squared error. No root was asked.",
            lambda x, y, w, b: np.sqrt(np.mean((x @ w + b - y) ** 2)),
        ),
        Mistake(*slips.BIAS_FORGOTTEN, lambda x, y, w, b: np.mean((x @ w - y) ** 2)),
        Mistake(
            "divided by the features",
            "The sum is divided by the number of features. A mean over rows counts rows.",
            lambda x, y, w, b: np.sum((x @ w + b - y) ** 2) / x.shape[1],
        ),
        Mistake(
            "plus for minus in the residual",
            "Output and target are added. How far apart are they?",
            lambda x, y, w, b: np.mean((x @ w + b + y) ** 2),
        ),
        Mistake(
            "all targets for each row",
            "Every output is compared with every target. Look at the shapes before the minus: (n, 1) and (n,) "
            "make a whole table.",
            lambda x, y, w, b: np.mean((x @ w[:, np.newaxis] + b - y) ** 2),
        ),
    )


@exercise("loss-slopes")
def _slopes() -> Exercise:
    generator = np.random.default_rng(2)
    outputs = tuple((generator.normal(size=n), generator.normal(size=n)) for n in (3, 5, 8))
    return Exercise.function(
        lambda outputs, y: 2 * (outputs - y) / len(y),
        outputs,
        Mistake(*slips.FACTOR_FORGOTTEN, lambda outputs, y: (outputs - y) / len(y)),
        Mistake(*slips.ERROR_TURNED, lambda outputs, y: -2 * (outputs - y) / len(y)),
        Mistake(
            "one row's slope",
            "That is equation (5), right for a row on its own. Here a row is one of n in a mean.",
            lambda outputs, y: 2 * (outputs - y),
        ),
        Mistake(
            "squared",
            "The square is still there. Its slope has lost one power.",
            lambda outputs, y: 2 * (outputs - y) ** 2 / len(y),
        ),
        Mistake(
            "the residuals alone",
            "Those are the residuals. What does the square bring with it, and what the mean?",
            lambda outputs, y: outputs - y,
        ),
        Mistake(
            "added up",
            "You return one number. Each output has its own slope.",
            lambda outputs, y: np.sum(2 * (outputs - y)) / len(y),
        ),
        Mistake(
            "multiplied by n",
            "The more rows share a mean, the less one of them moves it.",
            lambda outputs, y: 2 * (outputs - y) * len(y),
        ),
        Mistake(
            "sizes",
            "The signs are lost. Which way does the loss answer when an output is too low?",
            lambda outputs, y: 2 * np.abs(outputs - y) / len(y),
        ),
        measured=lambda outputs, y: measured_slopes(lambda each: np.mean((each - y) ** 2), outputs),
    )


@exercise("loss-half")
def _half() -> Exercise:
    return Exercise.function(
        lambda eta, n: 2 * eta / n,
        ((0.1, 6), (0.3, 5), (0.02, 40)),
        Mistake(
            "turned round",
            "The steeper the loss, the smaller the rate: the factor is upside down.",
            lambda eta, n: eta * n / 2,
        ),
        Mistake("the sum's rate", "That suits the sum. There is a half in front, too.", lambda eta, n: eta / n),
        Mistake("the mean's half", "That suits half the mean. This loss is a sum.", lambda eta, n: 2 * eta),
        Mistake(
            "half the wrong way",
            "A half in front makes the slopes smaller. Must the rate become smaller, too?",
            lambda eta, n: eta / (2 * n),
        ),
        Mistake("no change", "The same rate takes other steps, unless n is 2.", lambda eta, n: eta),
        Mistake(
            "both the wrong way", "Both factors point the wrong way. Which loss is steeper?", lambda eta, n: 2 * eta * n
        ),
        Mistake("η left out", "η has no say in it. With which rate does the mean walk?", lambda eta, n: 2 / n),
    )


@exercise("loss-best-line")
def _best_line() -> Exercise:
    x, y, *_ = _tables()[1]
    lines = (six_points(), (x[:, 0], y), narrow_valley())
    return Exercise.function(
        lambda x, y: LinearRegression(x, y).minimizer(),
        lines,
        Mistake(
            "b before w",
            "Both numbers are right, in the wrong order: w first, then b.",
            lambda x, y: LinearRegression(x, y).minimizer()[::-1],
        ),
        Mistake(
            "bias forgotten",
            "That is the best line through the origin. Let it pass through the middle of the points.",
            lambda x, y: (x @ y / (x @ x), 0.0),
        ),
        Mistake(
            "x and y swapped",
            "That line is best for finding x from y. Whose spread stands below the line?",
            lambda x, y: _line(np.var(y) / np.mean((x - x.mean()) * (y - y.mean())), x, y),
        ),
        Mistake(
            "n − 1 above, n below",
            "`np.cov` divides by n − 1 and `np.var` by n. Above and below must be divided alike.",
            lambda x, y: _line(np.cov(x, y)[0, 1] / np.var(x), x, y),
        ),
        Mistake(
            "first to last point",
            "That line joins the first point to the last. All points have a say.",
            lambda x, y: _line((y[-1] - y[0]) / (x[-1] - x[0]), x, y),
        ),
        Mistake(
            "not measured from the means",
            "w is computed as if the means were zero. Measure x and y from their means.",
            lambda x, y: _line(x @ y / (x @ x), x, y),
        ),
        Mistake(
            "the two means",
            "Those are the means of x and y. The line passes through them; how steep is it?",
            lambda x, y: (x.mean(), y.mean()),
        ),
        Mistake(
            "bias forgotten, b = ȳ",
            "w is right. The line passes through (x̄, ȳ): is b the height there, or at 0?",
            lambda x, y: (LinearRegression(x, y).minimizer()[0], y.mean()),
        ),
    )


@exercise("loss-sigmoid")
def _sigmoid() -> Exercise:
    generator = np.random.default_rng(2)
    classes = tuple((2 * generator.normal(size=n), np.arange(n) % 2) for n in (4, 7))
    return Exercise.function(
        lambda z, y: _logistic(z) - y,
        classes,
        Mistake(
            "sign flipped",
            "The size is right and the sign is not. Which of p and y is taken from the other?",
            lambda z, y: y - _logistic(z),
        ),
        Mistake(
            "a link left out",
            "That is the slope for p. One more link leads from p to z.",
            lambda z, y: (_logistic(z) - y) / (_logistic(z) * (1 - _logistic(z))),
        ),
        Mistake(
            "the squared error's slope",
            "That is the slope of (p − y)². The loss here is the cross-entropy.",
            lambda z, y: 2 * (_logistic(z) - y) * _logistic(z) * (1 - _logistic(z)),
        ),
        Mistake(
            "a factor 2 too many",
            "Twice too large: there is no square here whose slope would bring a 2.",
            lambda z, y: 2 * (_logistic(z) - y),
        ),
        Mistake(
            "a link too many",
            "A factor p(1 − p) too many: the slope of the loss by p cancels it.",
            lambda z, y: (_logistic(z) - y) * _logistic(z) * (1 - _logistic(z)),
        ),
        Mistake(
            "the sigmoid left out", "z itself is compared with y. What makes a probability of z?", lambda z, y: z - y
        ),
        Mistake(
            "sigmoid turned round",
            "Your p falls when z grows. Look at the sign in the exponent.",
            lambda z, y: _logistic(-z) - y,
        ),
        Mistake("averaged", "You return one number. Entry by entry was asked.", lambda z, y: np.mean(_logistic(z) - y)),
        Mistake("the loss itself", "That is the loss. Its slope was asked.", _cross_entropy),
        Mistake("p alone", "That is p. What does the target say to it?", lambda z, y: _logistic(z)),
        measured=lambda z, y: measured_slopes(lambda each: _cross_entropy(each, y).sum(), z),
    )


def _tables() -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray, float], ...]:
    """Return a few data sets, each with weights and a bias."""
    generator = np.random.default_rng(2)
    return tuple(
        (generator.normal(size=(n, d)), generator.normal(size=n), generator.normal(size=d), float(generator.normal()))
        for n, d in ((3, 2), (5, 1), (4, 3))
    )


def _cancels(problem: LinearRegression, w: float) -> bool:
    """Return whether a line of this tilt, through the middle of the rows, has residuals that sum to zero."""
    theta = _line(w, problem.x[:, 0], problem.y)
    return bool(np.isclose(problem.residuals(theta).sum(), 0))


def _shape(problem: LinearRegression) -> str:
    """Return what the loss draws over w while b stays."""
    bends = np.diff([problem.loss([w, 0.7]) for w in np.linspace(-1, 2, 7)], 2)
    return "line" if np.allclose(bends, 0) else "parabola" if np.allclose(bends, bends[0]) else "V"


def _way(problem: LinearRegression) -> str:
    """Return what the loss does in a descent along the flipped slope."""
    theta = np.zeros(3)
    losses = [float(problem.loss(theta))]
    for _ in range(4):
        theta = theta + 0.1 * problem.gradient(theta)
        losses.append(float(problem.loss(theta)))
    return "grows" if losses[-1] > losses[0] else "falls" if losses[-1] < losses[0] else "stays"


def _line(w: float, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return w and the bias with which the line passes through the middle of the points."""
    return w, y.mean() - w * x.mean()


def _logistic(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def _cross_entropy(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    return -(y * np.log(_logistic(z)) + (1 - y) * np.log(1 - _logistic(z)))
