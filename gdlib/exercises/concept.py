"""Notebook 1, the concept: what its exercises compute, rightly and wrongly."""

import numpy as np

from gdlib.curvature import regime
from gdlib.data import noisy_line
from gdlib.descent import descend
from gdlib.exercises import slips
from gdlib.exercises.kinds import Computation, Exercise, Mistake, chosen, exercise
from gdlib.linear import LinearRegression
from gdlib.problem import parabola, plateau, two_minima

NOTEBOOK = "01-concept"


@exercise("concept-predict-step")
def _predict_step() -> Exercise:
    valley = parabola(1, 2)
    return Exercise.value(
        lambda: descend(valley, 5, 0.2, 1).theta[0],
        Mistake(*slips.PLUS_FOR_MINUS, lambda: 5 + 0.2 * valley.slope(5)),
        Mistake(*slips.RATE_SQUARED, lambda: 5 - 0.2**2 * valley.slope(5)),
        Mistake(*slips.RATE_LEFT_OUT, lambda: 5 - 3),
        Mistake(*slips.WAY_ALONE, lambda: 0.2 * (5 - 2)),
        Mistake(*slips.ONE_STEP_MORE, lambda: descend(valley, 5, 0.2, 2).theta[0]),
        Mistake(
            "η taken from the slope",
            "η and the slope belong multiplied: their product is the step.",
            lambda: 5 - (3 - 0.2),
        ),
        Mistake(
            "η added to the slope",
            "η and the slope belong multiplied: their product is the step.",
            lambda: 5 - (3 + 0.2),
        ),
        Mistake("the slope forgotten", "That is a step as long as η. The slope stretches it.", lambda: 5 - 0.2),
    )


@exercise("concept-predict-second")
def _predict_second() -> Exercise:
    valley = parabola(1, 2)
    theta = float(descend(valley, 5, 0.2, 1).theta[0])
    return Exercise.value(
        lambda: descend(valley, 5, 0.2, 2).theta[0],
        Mistake(
            "a step as long as the first",
            "That is a step as long as the first one. How steep is the ground where the first one led?",
            lambda: theta - 0.2 * valley.slope(5),
        ),
        Mistake(
            "the second step from the start",
            "That is the second step, taken from the start. Where do you stand before it?",
            lambda: 5 - 0.2 * valley.slope(theta),
        ),
        Mistake(*slips.PLUS_FOR_MINUS, lambda: theta + 0.2 * valley.slope(theta)),
        Mistake(*slips.RATE_SQUARED, lambda: theta - 0.2**2 * valley.slope(theta)),
        Mistake(*slips.RATE_LEFT_OUT, lambda: theta - valley.slope(theta)),
        Mistake(*slips.WAY_ALONE, lambda: 0.2 * valley.slope(theta)),
        Mistake("θ for the slope", "You stepped by η·θ. The slope here is θ − 2.", lambda: theta - 0.2 * theta),
        Mistake("the slope alone", "That is the slope. Equation (1) makes a new θ of it.", lambda: valley.slope(theta)),
        Mistake(*slips.ONE_STEP_MORE, lambda: descend(valley, 5, 0.2, 3).theta[0]),
        Mistake("one step too few", "That is θ after the first step. Take one more.", lambda: theta),
    )


@exercise("concept-predict-rate")
def _predict_rate() -> Exercise:
    return Exercise.word(
        lambda: regime(1.5, parabola().slope(1.0)),
        ("glides", "overshoots", "diverges"),
        chosen("glides", "Then it would stay on its own side of 0. Where does the first step land?"),
        chosen("diverges", "It does land on the other side. But is it farther from 0 than before?"),
        chosen("converges", "It does. But on its way, does it cross 0 or not?"),
        synonyms={"glide": "glides", "overshoot": "overshoots", "diverge": "diverges"},
    )


@exercise("concept-predict-fooled")
def _predict_fooled() -> Exercise:
    def changes() -> np.ndarray:
        return np.abs(np.diff(descend(plateau(), 3, 0.5, 100).losses))

    return Exercise.value(
        lambda: descend(plateau(), 3, 0.5, 1000, tolerance=0.001).stop_step,
        Mistake(
            "stopped in the hole",
            "There the hole is reached. But the rule looks at every step: which one is the first small change?",
            lambda: np.flatnonzero(changes() >= 0.001)[-1] + 2,
        ),
        Mistake(
            "as on the parabola",
            "That is the step from the valley of the section before. This is another landscape.",
            lambda: descend(parabola(1, 2), 5, 0.2, 1000, tolerance=0.001).stop_step,
        ),
        Mistake("all steps", "So many are in the table, where no tolerance stopped it.", lambda: 40),
        Mistake("before any step", "A change needs a step: the rule compares the loss before and after.", lambda: 0),
    )


@exercise("concept-predict-start")
def _predict_start() -> Exercise:
    return Exercise.word(
        lambda: "right" if descend(two_minima(), 0.3, 0.3, 60).theta[0] > 0 else "left",
        ("left", "right"),
        chosen("left", "The walker feels the ground at θ = 0.3 alone. What is the slope there, with its sign?"),
        synonyms={"the left": "left", "the right": "right"},
    )


@exercise("concept-predict-tilt")
def _predict_tilt() -> Exercise:
    return Exercise.word(
        lambda: "positive" if LinearRegression(*noisy_line()).gradient([0, 0])[0] > 0 else "negative",
        ("positive", "negative"),
        chosen(
            "positive", "Then the loss would grow as the line is tilted up. Does that take it away from the points?"
        ),
        synonyms={"minus": "negative", "neg": "negative", "plus": "positive", "pos": "positive"},
    )


@exercise("concept-predict-pass")
def _predict_pass() -> Exercise:
    line = LinearRegression(*noisy_line())

    def lowest() -> str:
        after = {
            "batch": descend(line, [0, 0], 0.1, 1),
            "mini-batch": descend(line, [0, 0], 0.1, 5, order="mini-batch", batch_size=8, seed=2),
            "stochastic": descend(line, [0, 0], 0.1, 40, order="stochastic", seed=2),
        }
        return min(after, key=lambda order: after[order].losses[-1])

    return Exercise.word(
        lowest,
        ("batch", "mini-batch", "stochastic"),
        chosen("batch", "Its step is the most careful one. But how many steps does it take in one pass?"),
        chosen("mini-batch", "It takes 5 steps in one pass. How many do the others take?"),
    )


@exercise("concept-predict-row")
def _predict_row() -> Exercise:
    line = LinearRegression(*noisy_line())
    return Exercise.word(
        lambda: "zero" if np.abs(line[0].gradient(line.minimizer())).max() < 1e-9 else "not zero",
        ("zero", "not zero"),
        chosen("zero", "Then row 1 would be content with the best line. Does that line pass through it?"),
        synonyms={"0": "zero", "not 0": "not zero"},
    )


@exercise("concept-one-step")
def _one_step() -> Exercise:
    valley = parabola(1, 2)
    return Exercise.value(
        lambda: descend(valley, -1, 0.2, 1).theta[0],
        Mistake(*slips.PLUS_FOR_MINUS, lambda: -1 + 0.2 * valley.slope(-1)),
        Mistake(*slips.RATE_SQUARED, lambda: -1 - 0.2**2 * valley.slope(-1)),
        Mistake("loss for slope", "That is a step with the loss. A step uses the slope.", lambda: -1 - 0.2 * 4.5),
        Mistake(*slips.RATE_LEFT_OUT, lambda: -1 + 3),
        Mistake(*slips.WAY_ALONE, lambda: 0.2 * 3),
        Mistake(*slips.RATE_TIMES_SLOPE, lambda: 0.2 * valley.slope(-1)),
        Mistake("the slope alone", "That is the slope. Equation (1) makes a new θ of it.", lambda: valley.slope(-1)),
        Mistake(*slips.ONE_STEP_MORE, lambda: descend(valley, -1, 0.2, 2).theta[0]),
        Mistake("sign lost", "The number is right, its sign is not. On which side of 0 do you land?", lambda: 0.4),
        Mistake(
            "η left out, and plus for minus",
            "That is the whole slope, added. What does η do to it, and which sign has the rule?",
            lambda: -1 + valley.slope(-1),
        ),
        Mistake("θ for the slope", "You stepped by η·θ. The slope here is θ − 2.", lambda: -1 - 0.2 * -1),
        Mistake(
            "start at +1", "The walk starts at −1, left of the valley.", lambda: descend(valley, 1, 0.2, 1).theta[0]
        ),
    )


@exercise("concept-step")
def _step() -> Exercise:
    valley = parabola(1, 2)
    slopes = (valley.slope, plateau().slope, two_minima().slope)
    return Exercise.function(
        lambda theta, eta, slope: theta - eta * slope(theta),
        tuple(zip((6.0, -1.5, 0.7), (0.3, 0.8, 0.15), slopes, strict=True)),
        Mistake(*slips.PLUS_FOR_MINUS, lambda theta, eta, slope: theta + eta * slope(theta)),
        Mistake(*slips.RATE_SQUARED, lambda theta, eta, slope: theta - eta**2 * slope(theta)),
        Mistake(*slips.STEP_ALONE, lambda theta, eta, slope: -eta * slope(theta)),
        Mistake(*slips.RATE_TIMES_SLOPE, lambda theta, eta, slope: eta * slope(theta)),
        Mistake(
            "the slope alone", "That is the slope. Where does a step lead?", lambda theta, eta, slope: slope(theta)
        ),
        Mistake(
            "a factor 2 too many",
            "Your step is twice too long. `slope` has every factor in it.",
            lambda theta, eta, slope: theta - 2 * eta * slope(theta),
        ),
        Mistake(
            "this notebook's slope",
            "You wrote the slope θ − 2 into it. Use the `slope` that is handed in.",
            lambda theta, eta, slope: theta - eta * (theta - 2),
        ),
        Mistake(
            "a part of θ for the step",
            "That takes a part of θ away. The slope has to decide how much.",
            lambda theta, eta, slope: theta - eta * theta,
        ),
        Mistake(
            "η left out",
            "That is a step as long as the slope. What turns a slope into a step?",
            lambda theta, eta, slope: theta - slope(theta),
        ),
        Mistake(
            "gradient at the wrong θ",
            "The slope is taken somewhere else. Where do you stand before the step?",
            lambda theta, eta, slope: theta - eta * slope(theta - eta),
        ),
        Mistake(
            "slope at η",
            "The slope is taken at η. Where do you stand?",
            lambda theta, eta, slope: theta - eta * slope(eta),
        ),
    )


@exercise("concept-descend")
def _descend() -> Exercise:
    valley = parabola(1, 2)
    slopes = (valley.slope, plateau().slope, two_minima().slope)
    runs = ((slopes[0], 6.0, 0.3, 4), (slopes[1], -1.5, 0.8, 6), (slopes[2], 0.4, 0.15, 3), (slopes[0], -2.0, 1.7, 1))
    return Exercise.function(
        _path,
        runs,
        Mistake(*slips.PLUS_FOR_MINUS, lambda slope, start, eta, steps: _path(slope, start, -eta, steps)),
        Mistake(*slips.RATE_SQUARED, lambda slope, start, eta, steps: _path(slope, start, eta**2, steps)),
        Mistake(
            *slips.STALE_GRADIENT,
            lambda slope, start, eta, steps: [start - k * eta * slope(start) for k in range(steps + 1)],
        ),
        Mistake(*slips.ONE_STEP_MORE, lambda slope, start, eta, steps: _path(slope, start, eta, steps + 1)),
        Mistake(*slips.ONE_STEP_LESS, lambda slope, start, eta, steps: _path(slope, start, eta, steps - 1)),
        Mistake(
            "the start is missing",
            "The walk is right, but the record begins after the first step. The start counts as number 0.",
            lambda *a: _path(*a)[1:],
        ),
        Mistake(
            "only the last θ", "That is where the walk ends. The whole record was asked.", lambda *a: _path(*a)[-1]
        ),
        Mistake(
            "record overwritten",
            "All entries are the last θ: the record keeps one and the same object, which changes. Keep copies.",
            lambda *a: [_path(*a)[-1]] * len(_path(*a)),
        ),
        Mistake(*slips.ROUNDED_BETWEEN, lambda *a: _path(*a, digits=2)),
    )


@exercise("concept-stop")
def _stop() -> Exercise:
    stops = tuple(
        (curve.f, curve.slope, *rest)
        for curve, *rest in (
            (parabola(1, 2), 5.0, 0.2, 0.001, 1000),
            (parabola(1, 2), 5.0, 0.2, 0.001, 10),
            (parabola(), 2.5, 2.1, 0.001, 12),
            (plateau(), 3.0, 0.5, 0.0001, 200),
            (parabola(3, -1), 4.0, 0.1, 0.5, 50),
            (parabola(), 2.5, 2.0, 0.0, 7),  # it jumps to and fro, and no change is less than 0
        )
    )
    return Exercise.function(
        _still,
        stops,
        Mistake(*slips.ONE_STEP_LESS, lambda *a: _still(*a) - 1),
        Mistake(*slips.ONE_STEP_MORE, lambda *a: _still(*a) + 1),
        Mistake(
            "at most for less than",
            "A change of exactly the tolerance stops yours. *Less than* the tolerance was asked.",
            lambda *a: _still(*a[:4], np.nextafter(a[4], np.inf), a[5]),
        ),
        Mistake(
            "growing loss counts as still",
            "A loss that grows is taken for one that has stopped changing. Which function takes a sign away?",
            lambda *a: _still(*a, change=lambda before, after: before - after),
        ),
        Mistake(
            "falling loss counts as still",
            "A falling loss makes a negative difference, and that is below any tolerance. Take the sign away.",
            lambda *a: _still(*a, change=lambda before, after: after - before),
        ),
        Mistake(
            "loss for its change",
            "You compare the loss itself with the tolerance. The rule is about how much it changes.",
            lambda *a: _still(*a, change=lambda before, after: after),
        ),
        Mistake(
            "change of θ for change of the loss",
            "You look at how far θ moves. The rule is about how much the loss changes.",
            lambda *a: _still(*a, moved=True),
        ),
        Mistake(
            "`most` forgotten",
            "The walk goes on after `most` steps. Both rules count, whichever comes first.",
            lambda *a: _still(*a[:-1], most=500),
        ),
    )


@exercise("concept-starts")
def _starts() -> Exercise:
    hills, bowl = two_minima(), parabola(2, 1)
    starts = (
        (hills.f, hills.slope, [2.0, -4.0, 0.5], 0.1, 60),
        (hills.f, hills.slope, [-0.2, 3.0], 0.2, 5),
        (hills.f, hills.slope, [-1.0, 0.5], 1.0, 5),  # on its way it is lower than at its end
        (bowl.f, bowl.slope, [3.0, -2.5, 0.0, 4.5], 0.15, 3),
    )
    return Exercise.function(
        lambda loss, *a: min(_ends(*a), key=loss),
        starts,
        Mistake(
            "judged by the start",
            "You choose the start that lies lowest. It may lead into the higher valley: compare the ends.",
            lambda loss, slope, starts, eta, steps: _path(slope, min(starts, key=loss), eta, steps)[-1],
        ),
        Mistake(
            "highest for lowest", "That is the worst end. Which one is best?", lambda loss, *a: max(_ends(*a), key=loss)
        ),
        Mistake(
            "loss for θ", "That is how low the best end lies. Where is it?", lambda loss, *a: min(map(loss, _ends(*a)))
        ),
        Mistake(
            "start for end",
            "That is where the best walker began. Where did it arrive?",
            lambda loss, slope, starts, eta, steps: min(
                starts, key=lambda start: loss(_path(slope, start, eta, steps)[-1])
            ),
        ),
        Mistake(
            "last start only",
            "That is where the last walker arrived. Was it the lowest?",
            lambda loss, *a: _ends(*a)[-1],
        ),
        Mistake("smallest θ", "You choose the smallest θ. The lowest loss was asked.", lambda loss, *a: min(_ends(*a))),
        Mistake(
            *slips.ONE_STEP_LESS,
            lambda loss, slope, starts, eta, steps: min(_ends(slope, starts, eta, steps - 1), key=loss),
        ),
    )


@exercise("concept-hover")
def _hover() -> Exercise:
    return Exercise.function(
        _many_rounds,
        ((0.8, 0.5, 0.1), (-1.0, 2.0, 0.3), (3.0, 1.0, 0.7)),
        Mistake(
            "the mean of the rows",
            "That is where batch descent ends. One row at a time, the row that comes last pulls harder.",
            lambda y1, y2, eta: (y1 + y2) / 2,
        ),
        Mistake(
            "the other row last",
            "That is θ in the middle of a round, after row 1. Which row comes last?",
            lambda y1, y2, eta: _many_rounds(y2, y1, eta),
        ),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda y1, y2, eta: _many_rounds(y1, y2, eta / 2)),
        Mistake(
            "the last row's target",
            "One step does not go all the way to its row, unless η is 1/2.",
            lambda y1, y2, eta: y2,
        ),
        Mistake(
            "a single round",
            "That is θ after one round from zero. After many rounds it has forgotten the start.",
            lambda y1, y2, eta: (1 - 2 * eta) * 2 * eta * y1 + 2 * eta * y2,
        ),
        tolerance=1e-6,
    )


def _path(slope: Computation, start: float, eta: float, steps: int, digits: int | None = None) -> list[float]:
    path = [start]
    for _ in range(steps):
        theta = path[-1] - eta * slope(path[-1])
        path.append(theta if digits is None else round(theta, digits))
    return path


def _ends(slope: Computation, starts: list[float], eta: float, steps: int) -> list[float]:
    return [_path(slope, start, eta, steps)[-1] for start in starts]


def _still(
    loss: Computation,
    slope: Computation,
    start: float,
    eta: float,
    tolerance: float,
    most: int,
    change: Computation = lambda before, after: abs(after - before),
    moved: bool = False,
) -> int:
    theta = start
    for k in range(1, most + 1):
        old, theta = theta, theta - eta * slope(theta)
        if (change(old, theta) if moved else change(loss(old), loss(theta))) < tolerance:
            return k
    return most


def _many_rounds(y1: float, y2: float, eta: float) -> float:
    """Return θ after many rounds, step by step: rows without features, so that θ is the bias alone."""
    theta = 0.0
    for _ in range(2000):
        for y in (y1, y2):
            theta = theta - eta * 2 * (theta - y)
    return theta
