"""Notebook 5, the learning rate: what its exercises compute, rightly and wrongly."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gdlib._formatting import number
from gdlib.curvature import best_rate, contraction, curvatures, round_limit, sample_limits, stability_limit
from gdlib.data import narrow_valley, rents, six_points, standardised, worked_example
from gdlib.descent import descend
from gdlib.exercises import slips
from gdlib.exercises.kinds import Exercise, Mistake, chosen, exercise
from gdlib.linear import LinearRegression
from gdlib.problem import parabola

NOTEBOOK = "05-learning-rate"


@exercise("rate-predict-arrives")
def _predict_arrives() -> Exercise:
    return Exercise.word(
        lambda: "yes" if abs(descend(parabola(2), 4, 0.9, 1).theta[0]) < 4 else "no",
        ("yes", "no"),
        chosen("no", "It lands on the other side. How far from the minimum? Work the first step out."),
    )


@exercise("rate-predict-flatter")
def _predict_flatter() -> Exercise:
    return Exercise.word(
        lambda: "yes" if contraction(0.9, 0.5) < 0 else "no",
        ("yes", "no"),
        chosen("yes", "How long is the first step from 4, where the slope is 4/2? And how far is the minimum?"),
    )


@exercise("rate-predict-land")
def _predict_land() -> Exercise:
    return Exercise.value(
        lambda: 1 / parabola(2).slope(1.0),
        Mistake("the limit", "That one jumps to and fro for ever. Land in the middle.", lambda: 2 / 2),
        Mistake("the curvature", "The steeper the bowl, the smaller the rate.", lambda: 2),
        Mistake("half of it", "That goes half of the way.", lambda: 0.25),
        Mistake("twice the curvature", "The product ηλ has to be 1. Yours is larger.", lambda: 4),
    )


@exercise("rate-predict-direction")
def _predict_direction() -> Exercise:
    return Exercise.word(
        lambda: "between" if _rows(narrow_valley()[0]).hessian()[0, 1] else "w",  # its axes are not w and b
        ("w", "b", "between"),
        chosen("w", "Turn a little, towards growing b. Do the outputs then move less, or farther?"),
        chosen("b", "A step of 1 along b moves every output by 1. And a step of 1 along w, with 3 rooms?"),
        synonyms=dict.fromkeys(("in between", "between the two", "between w and b", "w and b", "both"), "between"),
    )


@exercise("rate-predict-converges")
def _predict_converges() -> Exercise:
    rows = LinearRegression(*worked_example())
    return Exercise.word(
        lambda: "yes" if stability_limit(rows) > 0.7 else "no",
        ("yes", "no"),
        chosen("no", "It overshoots, and overshooting is not diverging. On which side of 2/λ is it?"),
    )


@exercise("rate-predict-slow")
def _predict_slow() -> Exercise:
    rows = LinearRegression(*worked_example())
    return Exercise.word(
        lambda: ("gentle", "steep")[int(abs(contraction(0.99 * stability_limit(rows), curvatures(rows)[1:])).argmax())],
        ("steep", "gentle"),
        chosen("gentle", "At small rates it is. But what does the other axis do when the rate nears its limit?"),
        synonyms={"the steep one": "steep", "the gentle one": "gentle"},
    )


@exercise("rate-predict-alternate")
def _predict_alternate() -> Exercise:
    rows = LinearRegression(*worked_example())
    return Exercise.word(
        lambda: _between(round_limit(rows), sample_limits(rows)),
        ("the smaller", "between", "the larger"),
        chosen("the smaller", "A little above it one step lengthens its error. Does the other step make up for it?"),
        chosen("the larger", "There, neither of the two steps shrinks its error."),
        synonyms={"smaller": "the smaller", "lower": "the smaller", "larger": "the larger", "in between": "between"},
    )


@exercise("rate-predict-scaling")
def _predict_scaling() -> Exercise:
    rooms, _ = narrow_valley()

    def kappa(x: np.ndarray) -> float:
        gentle, steep = _curved(x)
        return steep / gentle

    return Exercise.word(
        lambda: "subtract" if kappa(rooms - rooms.mean()) < kappa(rooms / rooms.std()) else "divide",
        ("subtract", "divide"),
        chosen("divide", "Divided, each flat still has more than no rooms. Do w and b pull alike, or not?"),
        synonyms={"subtracting": "subtract", "centring": "subtract", "centering": "subtract", "dividing": "divide"},
    )


@exercise("rate-by-hand")
def _by_hand() -> Exercise:
    return Exercise.value(
        lambda: descend(parabola(4), 10, 0.3, 2).theta[0],
        Mistake(*slips.ONE_STEP_LESS, lambda: descend(parabola(4), 10, 0.3, 1).theta[0]),
        Mistake(*slips.ONE_STEP_MORE, lambda: descend(parabola(4), 10, 0.3, 3).theta[0]),
        Mistake(
            "sign lost",
            "The sign: two jumps to the other side lead back.",
            lambda: -descend(parabola(4), 10, 0.3, 2).theta[0],
        ),
        Mistake(*slips.PLUS_FOR_MINUS, lambda: 10 * (1 + 0.3 * 4) ** 2),
        Mistake(*slips.RATE_SQUARED, lambda: 10 * (1 - 0.3**2 * 4) ** 2),
        Mistake(*slips.STALE_GRADIENT, lambda: 10 * (1 - 2 * 0.3 * 4)),
        Mistake("twice the factor", "Two steps: the factor is squared, not doubled.", lambda: 10 * 2 * (1 - 0.3 * 4)),
        Mistake("the factor alone", "The factor of two steps, right. And the distance?", lambda: (1 - 0.3 * 4) ** 2),
        Mistake(
            "the factor of one step",
            "That is the factor of one step. There are two, and a distance.",
            lambda: 1 - 0.3 * 4,
        ),
    )


@exercise("rate-land")
def _land() -> Exercise:
    inputs = ((np.array([0.1, 0.8]),), (np.array([2.0]),), (np.array([0.5, -1.0, 0.2]),))
    return Exercise.function(
        lambda x: 1 / (2 * (x @ x + 1)),
        inputs,
        Mistake(
            "the limit",
            "That is the row's limit: it jumps to and fro. Land in the middle.",
            lambda x: 1 / (x @ x + 1),
        ),
        Mistake("bias forgotten", "The bias has an input, too.", lambda x: 1 / (2 * (x @ x))),
        Mistake("root of the squares", "The square of a's length is needed.", lambda x: 1 / (2 * np.sqrt(x @ x + 1))),
        Mistake(
            "inputs not squared",
            "You added the inputs up. Their squares are needed.",
            lambda x: 1 / (2 * (x.sum() + 1)),
        ),
        Mistake("a factor 2 too many", "That goes only half of the way.", lambda x: 1 / (4 * (x @ x + 1))),
        Mistake("upside down", "The larger the inputs, the smaller the rate.", lambda x: 2 * (x @ x + 1)),
        Mistake(
            "multiplied for divided",
            "`1 / 2 * (…)` divides by 2 and then multiplies. Where do brackets belong?",
            lambda x: (x @ x + 1) / 2,
        ),
    )


@exercise("rate-limit")
def _limit() -> Exercise:
    return Exercise.function(
        lambda x: stability_limit(_rows(x)),
        _tables(),
        Mistake(
            "the gentlest axis",
            "That is the limit of the gentlest axis. Which axis fails first?",
            lambda x: 2 / _curved(x)[0],
        ),
        Mistake(
            "lands instead of limits",
            "With that rate the steepest axis lands. How much more can it bear?",
            lambda x: 1 / _curved(x)[-1],
        ),
        Mistake(*slips.SUM_FOR_MEAN, lambda x: 2 / _curved(x)[-1] / len(x)),
        Mistake("factor 2 forgotten", "The Hessian has a factor 2, from the square.", lambda x: 4 / _curved(x)[-1]),
        Mistake(
            "2/n forgotten",
            "Two things are missing in the Hessian: the 2 of the square, and the mean.",
            lambda x: 4 / len(x) / _curved(x)[-1],
        ),
        Mistake(
            "bias forgotten",
            "A column is missing: the bias has an input, too.",
            lambda x: 2 / np.linalg.eigvalsh(2 / len(x) * x.T @ x)[-1],
        ),
        Mistake("upside down", "That is the curvature. The steeper, the smaller the limit.", lambda x: _curved(x)[-1]),
        Mistake(
            "sum of the curvatures", "You added all curvatures. One of them decides.", lambda x: 2 / _curved(x).sum()
        ),
        Mistake(
            "largest entry for largest eigenvalue",
            "That is the largest curvature along a parameter. A slanting direction can be steeper.",
            lambda x: 2 / np.diag(_rows(x).hessian()).max(),
        ),
    )


@exercise("rate-edge")
def _edge() -> Exercise:
    bowls = [_rows(x).hessian() for (x,) in _tables()]
    factors = ((bowls[0], 0.05), (bowls[1], 0.6), (bowls[2], 0.9), (bowls[1], 3.0))
    return Exercise.function(
        lambda bowl, eta: np.abs(_factors(bowl, eta)).max(),
        factors,
        Mistake(
            "size forgotten",
            "A factor of −1.2 is worse than one of 0.9. Take the sign away.",
            lambda bowl, eta: _factors(bowl, eta).max(),
        ),
        Mistake(
            "the steepest axis only",
            "At a small η the steepest axis is the fastest. Look at all of them.",
            lambda bowl, eta: abs(_factors(bowl, eta)[-1]),
        ),
        Mistake(
            "the gentlest axis only",
            "Near the edge the gentlest axis is not the worst. Look at all of them.",
            lambda bowl, eta: abs(_factors(bowl, eta)[0]),
        ),
        Mistake(
            "the best axis",
            "That is the direction that does best. The worst was asked.",
            lambda bowl, eta: np.abs(_factors(bowl, eta)).min(),
        ),
        Mistake(
            "of the loss",
            "That is what happens to the loss. The distance was asked.",
            lambda bowl, eta: np.square(_factors(bowl, eta)).max(),
        ),
        Mistake(
            "all axes multiplied",
            "The factors belong to different directions: they do not multiply.",
            lambda bowl, eta: np.abs(np.prod(_factors(bowl, eta))),
        ),
        Mistake(*slips.RATE_SQUARED, lambda bowl, eta: np.abs(_factors(bowl, eta**2)).max()),
        Mistake(
            "entries for eigenvalues",
            "Those are the curvatures along the parameters. The bowl has axes of its own.",
            lambda bowl, eta: np.abs(1 - eta * np.diag(bowl)).max(),
        ),
    )


@exercise("rate-best")
def _best() -> Exercise:
    rows = LinearRegression(*worked_example())
    bowls = [_rows(x).hessian() for (x,) in _tables()]
    flat = (LinearRegression([[1.0, 2.0, 0.5], [0.3, -1.0, 2.0]], [0, 0]).hessian(), rows.hessian())
    return Exercise.function(
        lambda bowl: best_rate(_Bowl(bowl)),
        tuple((bowl,) for bowl in (*bowls[:2], *flat)),
        Mistake(
            "flat direction counted",
            "A flat direction took part, and nothing moves along it. Rounding may leave its curvature at 1e-17, and "
            "that is above zero: drop what is tiny beside the largest.",
            lambda bowl: 2 / (max(0.0, _flattened(bowl)[0]) + _flattened(bowl)[-1]),
        ),
        Mistake(
            "the limit",
            "That is the edge. There the steepest axis does not come closer at all.",
            lambda bowl: 2 / _flattened(bowl)[-1],
        ),
        Mistake(
            "half of the limit",
            "With that rate the steepest axis lands, and the gentlest is slow. Share it out.",
            lambda bowl: 1 / _flattened(bowl)[-1],
        ),
        Mistake(
            "factor 2 forgotten",
            "Half of what it should be. Where do the two factors meet?",
            lambda bowl: best_rate(_Bowl(bowl)) / 2,
        ),
        Mistake(
            "mean of all curvatures",
            "All curvatures took part. Only two matter: the largest, and the smallest that is not zero.",
            lambda bowl: 1 / _bent_curvatures(bowl).mean(),
        ),
        Mistake(
            "mean of the rates",
            "You took the mean of two rates. Average the curvatures instead.",
            lambda bowl: (1 / _bent_curvatures(bowl)[[0, -1]]).mean(),
        ),
        Mistake(
            "the gentlest axis alone",
            "With that rate the gentlest axis lands, and the steepest may be past its edge.",
            lambda bowl: 1 / _bent_curvatures(bowl)[0],
        ),
        Mistake(
            "the difference of the curvatures",
            "The two curvatures are subtracted. At the best rate both factors have one size, and opposite signs.",
            lambda bowl: 2 / (_flattened(bowl)[-1] - _bent_curvatures(bowl)[0]),
        ),
        tolerance=1e-4,
    )


@exercise("rate-ten-steps")
def _ten_steps() -> Exercise:
    valleys = ((narrow_valley()[0],), (six_points()[0],), (standardised(narrow_valley()[0]) * 3 + 1,))
    return Exercise.function(
        lambda x: np.tile(1 / _curved(x)[::-1], 5),
        valleys,
        Mistake(
            "the best constant rate",
            "That is the best constant rate, ten times: not enough. Give the steps different rates.",
            lambda x: np.full(10, 2 / _curved(x).sum()),
        ),
        Mistake(
            "one axis only",
            "The steep axis lands at once, and the gentle one creeps. Who looks after it?",
            lambda x: np.full(10, 1 / _curved(x)[-1]),
        ),
        Mistake(
            "the gentle axis only",
            "The gentle axis lands, and the steep one is off and away. Who brings it back?",
            lambda x: np.full(10, 1 / _curved(x)[0]),
        ),
        Mistake(
            "the edge",
            "At 2/λ an axis jumps to and fro. With which rate does it land?",
            lambda x: np.tile(2 / _curved(x)[::-1], 5),
        ),
        Mistake(
            "sum for mean",
            "The Hessian is a mean over the rows. What makes a sum a mean?",
            lambda x: np.tile(1 / _curved(x)[::-1], 5) / len(x),
        ),
        Mistake("two rates", "Those two are enough, but ten were asked. Repeat them.", lambda x: 1 / _curved(x)[::-1]),
        accepts=_arrives,
        falls_short=_left,
    )


@exercise("rate-two-rows")
def _two_rows() -> Exercise:
    rows = LinearRegression(*worked_example())
    pairs = (
        tuple(rows.design),
        (np.array([1.0, 0.5, 1.0]), np.array([-2.0, 1.0, 1.0])),
        (np.array([2.0, 0.1, 1.0]), np.array([0.2, -0.3, 1.0])),
        (np.array([0.6, 1.0]), np.array([1.5, 1.0])),
        (np.array([-3.0, 1.0]), np.array([-0.8, 1.0])),  # these converge again farther up
    )
    return Exercise.function(
        lambda one, two: round_limit(_rows(np.stack([one, two])[:, :-1])),
        pairs,
        Mistake(
            "the mean of the limits",
            "That is where the determinant reaches 1, right for rows much alike. Try rows at right angles: "
            "what else can make an eigenvalue too large?",
            lambda one, two: (1 / (one @ one) + 1 / (two @ two)) / 2,
        ),
        Mistake(
            "the smaller limit",
            "That rate is safe, but not yet the edge, unless the rows are at right angles.",
            lambda one, two: min(1 / (one @ one), 1 / (two @ two)),
        ),
        Mistake(
            "the larger limit",
            "There, neither of the steps shrinks its own error.",
            lambda one, two: max(1 / (one @ one), 1 / (two @ two)),
        ),
        Mistake(
            "the batch's limit",
            "That is the limit of batch descent on both rows at once.",
            lambda one, two: stability_limit(_rows(np.stack([one, two])[:, :-1])),
        ),
        Mistake(
            "factor 2 forgotten",
            "Twice the edge. A step on a row has a factor 2, from the square.",
            lambda one, two: 2 * round_limit(_rows(np.stack([one, two])[:, :-1])),
        ),
        Mistake(
            "geometric mean",
            "The factors multiply, but that is not the product that has to be 1.",
            lambda one, two: 1 / np.sqrt((one @ one) * (two @ two)),
        ),
        tolerance=1e-4,
    )


def _tables() -> tuple[tuple[np.ndarray], ...]:
    """Return the features of a few data sets."""
    generator = np.random.default_rng(5)
    return (rents()[0] / [1, 100],), (generator.normal(size=(5, 1)),), (generator.normal(size=(4, 3)) + 1,)


def _rows(x: np.ndarray) -> LinearRegression:
    """Return rows with these inputs; their targets, which do not bend the loss, are zero."""
    return LinearRegression(x, np.zeros(len(x)))


@dataclass(frozen=True)
class _Bowl:
    """A quadratic, known by its Hessian alone."""

    table: np.ndarray

    def hessian(self) -> np.ndarray:
        return self.table


def _factors(bowl: np.ndarray, eta: float) -> np.ndarray:
    """Return what a step multiplies the distance along each axis by, gentlest axis first."""
    return contraction(eta, np.linalg.eigvalsh(bowl))


def _curved(x: np.ndarray) -> np.ndarray:
    """Return the curvatures of the mean squared error on these inputs, smallest first."""
    return curvatures(_rows(x))


def _flattened(bowl: np.ndarray) -> np.ndarray:
    return curvatures(_Bowl(bowl))


def _bent_curvatures(bowl: np.ndarray) -> np.ndarray:
    return _flattened(bowl)[_flattened(bowl) > 0]


def _between(limit: float, limits: np.ndarray) -> str:
    if np.isclose(limit, limits.min()):
        return "the smaller"
    return "the larger" if np.isclose(limit, limits.max()) else "between"


def _arrives(arguments: tuple[Any, ...], result: Any) -> bool:  # noqa: ANN401
    """Return whether ten steps at these rates multiply the distance along every axis by less than a millionth."""
    rates = np.asarray(result)
    if rates.shape != (10,) or not (np.isfinite(rates).all() and (rates >= 0).all()):
        return False
    return bool(_distance_left(arguments, rates) < 1e-6)


def _left(arguments: tuple[Any, ...], result: np.ndarray) -> str:
    """Return in words what these rates leave of the distance."""
    if (result < 0).any():
        return "a rate is negative, and walks uphill"
    left = _distance_left(arguments, result)
    return f"after these ten steps {number(left, 3)} of the distance is left, along w or along b"


def _distance_left(arguments: tuple[Any, ...], rates: np.ndarray) -> float:
    """Return what ten steps at these rates leave of a distance of 1 along w, or along b: the larger."""
    (x,) = arguments
    problem = _rows(x)
    run = descend(problem, np.eye(2), np.ones(2), 10, schedule=lambda k: float(rates[k]))
    return float(np.linalg.norm(run.theta, axis=-1).max())
