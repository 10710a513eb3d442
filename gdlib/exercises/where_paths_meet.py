"""Notebook 7, a network: what its exercises near a kink, and where paths meet, compute, rightly and wrongly."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from gdlib.exercises import slips
from gdlib.exercises.kinds import Computation, Exercise, Mistake, exercise
from gdlib.exercises.measuring import measured_slopes

NOTEBOOK = "07-network"

# --- near a kink ------------------------------------------------------------------------------------------------------


#: Nudges that step across the kink, and such that leave of the rise little but rounding.
_LONG = (0.1, 0.05, 0.02, 0.01, 0.005, 0.003, 0.002)
_SHORT = (1e-11, 1e-12, 1e-13, 1e-15, float(np.finfo(float).eps), 1e-16)
_ROUNDING = "Your nudge is so small that the two losses differ in their last digits alone, which are rounding."


@exercise("network-kink")
def _kink() -> Exercise:
    right = lambda loss, w: loss.slope(w)  # noqa: E731
    places = (
        (NeuronLoss((2.0, 0.5), (0.02, 0.3), b=-1.0, v=2.5, c=0.1), 0.5015),
        (NeuronLoss((1.0, 2.0), (0.5, 3.0), b=-0.8, v=4.0, c=-0.2), 0.797),
        (NeuronLoss((-1.5, 1.0), (0.4, -1.9), b=0.6, v=-2.0, c=0.2), 0.3988),
    )
    return Exercise.function(
        right,
        places,
        *_spoilt_nudges(),
        Mistake(
            "divided by h", "Twice too large. How far apart are the two places?", lambda loss, w: 2 * right(loss, w)
        ),
        Mistake("sign flipped", "Which of the two losses is taken from which?", lambda loss, w: -right(loss, w)),
        *(
            Mistake(
                f"not divided, {h:g}", "That is the rise. What is it divided by?", lambda *at, h=h: 2 * h * right(*at)
            )
            for h in (1e-3, 1e-4, 1e-5, 1e-6)
        ),
        nearly="Close, and six digits are asked. A nudge to one side spoils some of them, and so does one that is so "
        "small that the losses differ in their last digits alone.",
        tolerance=1e-6,
    )


def _spoilt_nudges() -> tuple[Mistake, ...]:
    """Return the mistakes of a nudge that is too long, too short or to one side."""
    return (
        *(
            Mistake(
                f"a nudge of {h:g}",
                "Your nudge is so long that it steps across the kink, and what you get is the slope of neither side.",
                partial(_central, h=h),
            )
            for h in _LONG
        ),
        *(
            Mistake(
                f"one-sided, {h:g}",
                "You nudge to one side, and so far that the kink or the bend of the curve gets in between.",
                partial(_one_sided, h=h),
            )
            for size in _LONG
            for h in (size, -size)
        ),
        *(
            Mistake(
                f"one-sided, {h:g}",
                "You nudge to one side. Then the bend of the curve itself leaves an error, and it shows here.",
                partial(_one_sided, h=h),
            )
            for size in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
            for h in (size, -size)
        ),
        *(Mistake(f"a nudge of {h:g}", _ROUNDING, partial(_central, h=h)) for h in (*_SHORT, 1e-14)),
        *(Mistake(f"one-sided, {h:g}", _ROUNDING, partial(_one_sided, h=h)) for size in _SHORT for h in (size, -size)),
        Mistake("a nudge of nothing", _ROUNDING, lambda loss, w: 0.0),
    )


@dataclass(frozen=True)
class NeuronLoss:
    """The mean squared error of v·max(0, w·x + b) + c on a few rows, over w."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    b: float
    v: float
    c: float

    def __call__(self, w: float) -> float:
        """Return the loss at w."""
        return float(np.mean(np.square(self._errors(w))))

    def slope(self, w: float) -> float:
        """Return its slope at w."""
        return float(np.mean(2 * self._errors(w) * self.v * (self._scores(w) > 0) * self.x))

    def _scores(self, w: float) -> np.ndarray:
        return w * np.array(self.x) + self.b

    def _errors(self, w: float) -> np.ndarray:
        return self.v * np.maximum(self._scores(w), 0) + self.c - np.array(self.y)


def _central(loss: Computation, w: float, h: float) -> float:
    return (loss(w + h) - loss(w - h)) / (2 * h)


def _one_sided(loss: Computation, w: float, h: float) -> float:
    return (loss(w + h) - loss(w)) / h


# --- a value that is used again and again -----------------------------------------------------------------------------


@exercise("network-twice")
def _twice() -> Exercise:
    right = _both()
    return Exercise.function(
        right,
        ((0.8, 0.1, 0.5, -0.4, 2), (-1.2, 0.3, 0.7, 0.9, 3), (0.6, -0.5, -1.1, 0.2, 4)),
        Mistake(
            "= for +=",
            "Each round of your loop forgets what the last one found: there remains the share of the first use.",
            _both(lambda uses: uses[0]),
        ),
        Mistake(
            "the last use alone",
            "That is the share of the last use. w and b have others.",
            _both(lambda uses: uses[-1]),
        ),
        Mistake(
            "uses averaged",
            "You take the mean of the shares. Where paths meet, slopes do something else.",
            _both(lambda uses: uses.mean(axis=0)),
        ),
        Mistake(
            "uses multiplied",
            "Along a path slopes multiply. What do they do where paths meet?",
            _both(lambda uses: uses.prod(axis=0)),
        ),
        Mistake(
            "b used once",
            "w is right. b is used as often as w is.",
            _both(lambda uses: np.array([uses[:, 0].sum(), uses[-1, 1]])),
        ),
        Mistake("changed over", "w was asked first, then b.", _both(lambda uses: uses.sum(axis=0)[::-1])),
        *_wrong_links(),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda *case: right(*case) / 2),
        Mistake(*slips.ERROR_TURNED, lambda *case: -right(*case)),
        parts=("w", "b"),
        measured=lambda w, b, x, y, n: measured_slopes(lambda at: (_last(*at, x, n) - y) ** 2, [w, b]),
    )


def _wrong_links() -> tuple[Mistake, ...]:
    """Return the mistakes about what a single use adds."""
    return (
        Mistake("tanh′ left out", "Each use has a bend behind it. Where is its slope?", _both(slope=lambda h: 1.0)),
        Mistake(
            "tanh′ of h",
            "tanh′ is told from h: 1 − h². You have bent h once more.",
            _both(slope=lambda h: 1 - np.tanh(h) ** 2),
        ),
        Mistake(
            "w left out on the way",
            "From one use to the one before, δ goes through a weight.",
            _both(onward=lambda w: 1.0),
        ),
        Mistake(
            "x for every h",
            "The first use has x for its input. And the second?",
            _both(inputs=lambda h: np.full(len(h) - 1, h[0])),
        ),
        Mistake("h after for h before", "The input of a use is the h before it.", _both(inputs=lambda h: h[1:])),
    )


def _both(share: Computation = lambda uses: uses.sum(axis=0), **options: Computation) -> Computation:
    """Return the slopes by w and b as a function of (w, b, x, y, n): what the uses add to them, joined by ``share``."""
    return lambda *case: share(_uses(*case, **options))


def _last(w: float, b: float, x: float, n: int) -> float:
    """Return h after n uses of the same neuron."""
    for _ in range(n):
        x = np.tanh(w * x + b)
    return float(x)


def _uses(
    w: float,
    b: float,
    x: float,
    y: float,
    n: int,
    *,
    slope: Computation = lambda h: 1 - h * h,
    onward: Computation = lambda w: w,
    inputs: Computation = lambda h: h[:-1],
) -> np.ndarray:
    """Return what each use of w and b adds to their slopes, shape (n, 2), the first use first."""
    h = np.array([_last(w, b, x, k) for k in range(n + 1)])
    delta, deltas = 2 * (h[-1] - y), np.empty(n)
    for k in range(n - 1, -1, -1):
        deltas[k] = delta * slope(h[k + 1])
        delta = deltas[k] * onward(w)
    return np.column_stack([deltas * inputs(h), deltas])
