"""Notebook 1, the concept: what its exercises compute, rightly and wrongly."""

from gdlib.curvature import regime
from gdlib.descent import descend
from gdlib.exercises import slips
from gdlib.exercises.kinds import Computation, Exercise, Mistake, chosen, exercise
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
    )


@exercise("concept-predict-rate")
def _predict_rate() -> Exercise:
    return Exercise.word(
        lambda: regime(1.5, parabola().slope(1.0)),
        ("glides", "overshoots", "diverges"),
        chosen("glides", "Then it would stay on its own side of 0. Where does the first step land?"),
        chosen("diverges", "It does land on the other side. But is it farther from 0 than before?"),
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
        Mistake(*slips.ONE_STEP_MORE, lambda: descend(valley, -1, 0.2, 2).theta[0]),
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
        )
    )
    return Exercise.function(
        _still,
        stops,
        Mistake(*slips.ONE_STEP_LESS, lambda *a: _still(*a) - 1),
        Mistake(*slips.ONE_STEP_MORE, lambda *a: _still(*a) + 1),
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
