"""A network with one hidden layer, forward and back in a few lines of its own, and the slips in its step."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from gdlib.exercises import slips
from gdlib.exercises.kinds import Computation, Mistake
from gdlib.exercises.scores import with_ones


class Bend(NamedTuple):
    """A bend, h = φ(z), and its slope φ′(z) told from h."""

    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]


RELU = Bend(lambda z: np.maximum(z, 0.0), lambda h: 1.0 * (h > 0))
TANH = Bend(np.tanh, lambda h: 1 - h * h)
NO_BEND = Bend(lambda z: z, np.ones_like)


def layers(theta: np.ndarray, inputs: int) -> tuple[np.ndarray, np.ndarray]:
    """Return θ as the table of the hidden layer, a row for each neuron, and the output's list; biases are last."""
    neurons = (len(theta) - 1) // (inputs + 2)
    cut = neurons * (inputs + 1)
    return theta[:cut].reshape(neurons, inputs + 1), theta[cut:]


def forward(theta: np.ndarray, x: np.ndarray, bend: Bend = RELU) -> tuple[np.ndarray, np.ndarray]:
    """Return h of each row and neuron, shape (n, m), and the outputs, shape (n,): equations (22) and (23)."""
    hidden, output = layers(theta, x.shape[1])
    h = bend.value(with_ones(x) @ hidden.T)
    return h, with_ones(h) @ output


def gradient(
    theta: np.ndarray, x: np.ndarray, y: np.ndarray, bend: Bend = RELU, onward: np.ndarray | None = None
) -> np.ndarray:
    """Return the gradient of the mean of (ŷ − y)² over the rows, equations (24) to (26).

    ``onward`` stands for the output's weights through which δ goes back, where they are not those of θ.
    """
    h, outputs = forward(theta, x, bend)
    weights = layers(theta, x.shape[1])[1][:-1] if onward is None else onward
    delta = 2 * (outputs - y) / len(x)
    deltas = np.outer(delta, weights) * bend.slope(h)
    return np.concatenate([(deltas.T @ with_ones(x)).ravel(), with_ones(h).T @ delta])


def row_slopes(
    theta: np.ndarray, x: np.ndarray, y: float, bend: Bend = RELU, onward: np.ndarray | None = None
) -> np.ndarray:
    """Return the gradient of (ŷ − y)² of a single row; ``onward`` as in `gradient`."""
    return gradient(theta, x[np.newaxis], np.array([y]), bend, onward)


def step(theta: np.ndarray, x: np.ndarray, y: float, eta: float, bend: Bend = RELU) -> np.ndarray:
    """Return θ after a step on one row."""
    return theta - eta * row_slopes(theta, x, y, bend)


def early_step(theta: np.ndarray, x: np.ndarray, y: float, eta: float, bend: Bend = RELU) -> np.ndarray:
    """Return θ after a step in which δ goes back through the new weights of the output: a mistake."""
    moved = layers(step(theta, x, y, eta, bend), len(x))[1]
    return theta - eta * row_slopes(theta, x, y, bend, onward=moved[:-1])


tanh_step = partial(step, bend=TANH)


def step_mistakes() -> tuple[Mistake, ...]:
    """Return the mistakes of a step on one row of a tanh network, as functions of (θ, x, y, η)."""
    return (
        Mistake(
            "updated too early",
            "The output's v and c are right, the hidden parameters are not: δ went back through weights that had "
            "already moved. With which v was ŷ computed?",
            partial(early_step, bend=TANH),
        ),
        Mistake(
            "hidden layer first, then forward again",
            "The hidden parameters are right. v and c have seen neurons that had already moved.",
            _hidden_first,
        ),
        *_standing_still(),
        *_wrong_bends(),
        *_wrong_links(),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda theta, x, y, eta: tanh_step(theta, x, y, eta / 2)),
        Mistake(*slips.SIGN_FLIPPED, lambda theta, x, y, eta: tanh_step(theta, x, y, -eta)),
        Mistake(*slips.RATE_SQUARED, lambda theta, x, y, eta: tanh_step(theta, x, y, eta**2)),
        Mistake(*slips.RATE_LEFT_OUT, lambda theta, x, y, eta: tanh_step(theta, x, y, 1)),
        Mistake(
            "η fixed at 0.1",
            "Right for η = 0.1, and your η stays there. Use the one that is handed over.",
            lambda theta, x, y, eta: tanh_step(theta, x, y, 0.1),
        ),
        Mistake(*slips.STEP_ALONE, lambda theta, x, y, eta: tanh_step(theta, x, y, eta) - theta),
        Mistake(
            "the gradient alone",
            "That is the gradient. Now η, the minus, and the old θ.",
            lambda theta, x, y, eta: row_slopes(theta, x, y, TANH),
        ),
    )


def _turned(theta: np.ndarray, x: np.ndarray, y: float, eta: float) -> np.ndarray:
    """Return θ after a step with the hidden slopes column by column."""
    hidden, output = layers(row_slopes(theta, x, y, TANH), len(x))
    return theta - eta * np.append(hidden.T.ravel(), output)


def _wrong_bends() -> tuple[Mistake, ...]:
    """Return the steps that have another bend than tanh, or another slope of it."""
    return (
        Mistake(
            "ReLU for tanh",
            "That is a step of the notebook's network, whose bend is ReLU. Here it is tanh, forward and back.",
            step,
        ),
        Mistake(
            "no bend at all",
            "Your neurons pass on z itself, so this network is a line. Where is tanh?",
            partial(step, bend=NO_BEND),
        ),
        Mistake(
            "ReLU's gate",
            "Forward there is tanh, back there is ReLU's gate. Which slope has tanh?",
            _passing(lambda v, h: v * (h > 0)),
        ),
        Mistake(
            "tanh′ left out",
            "The output's part is right. On its way back δ passes v and the bend. Where is the slope of the bend?",
            _passing(lambda v, h: v),
        ),
        Mistake(
            "σ′ for tanh′",
            "That is the slope of another bend: σ′, told from its h.",
            _passing(lambda v, h: v * h * (1 - h)),
        ),
        Mistake(
            "tanh′ of h",
            "tanh′ is taken at h, as if h were the score. It is bent already.",
            _passing(lambda v, h: v * (1 - np.tanh(h) ** 2)),
        ),
        Mistake(
            "tanh′ of z",
            "1 − h² is told from h. You have put z into it.",
            _passing(lambda v, h: v * (1 - np.arctanh(h) ** 2)),
        ),
        Mistake(
            "h for tanh′",
            "The slope of a bend is not its height. How steep is tanh, told from h?",
            _passing(lambda v, h: v * h),
        ),
    )


def _wrong_links() -> tuple[Mistake, ...]:
    """Return the steps in whose chains a link is missing, or is that of another parameter."""
    return (
        Mistake(
            "table turned",
            "The output's part is right. The hidden slopes stand in wrong places: each neuron has a row, so the δⱼ "
            "come first in `np.outer`.",
            _turned,
        ),
        Mistake(
            "v left out of δⱼ",
            "The output's part is right. v is missing in the δ of the hidden neurons. What stands between h and ŷ?",
            _passing(lambda v, h: 1 - h * h),
        ),
        Mistake(
            "v and tanh′ left out",
            "The output's part is right. The hidden neurons get δ as it is. What stands between h and ŷ, and what "
            "between z and h?",
            _passing(lambda v, h: np.ones_like(v)),
        ),
        *(
            Mistake(
                name, "You go back through weights of the hidden layer. Which lie ahead of h?", _through_hidden(which)
            )
            for name, which in (("w for v", np.s_[:, 0]), ("w₁₁ and w₁₂ for v", np.s_[0, :2]))
        ),
        Mistake("h left out of the output's slopes", "v moves as c does. What is the input of v₁?", _feeding(_ones)),
        Mistake(
            "x for h",
            "The slopes of v have x in them. v₁ does not stand beside x₁: what is its input?",
            _feeding(lambda x: x),
        ),
        Mistake(
            "x left out",
            "A hidden neuron's parameters move alike, as if they had the same input. What stands beside each in z?",
            _without_x,
        ),
    )


def _standing_still() -> tuple[Mistake, ...]:
    """Return the steps that leave some parameters where they are."""

    def still(which: Callable[[int, int], np.ndarray]) -> Computation:
        """Return a step after which these are as they were; ``which`` says it of p parameters and d inputs."""

        def stepped(theta: np.ndarray, x: np.ndarray, y: float, eta: float) -> np.ndarray:
            return np.where(which(len(theta), len(x)), theta, tanh_step(theta, x, y, eta))

        return stepped

    def in_hidden(p: int, d: int) -> np.ndarray:
        neurons = (p - 1) // (d + 2)
        return np.arange(p) < neurons * (d + 1)

    def bias(p: int, d: int) -> np.ndarray:
        last = np.arange(p) == p - 1
        return (in_hidden(p, d) & (np.arange(p) % (d + 1) == d)) | last

    return (
        Mistake(
            "only the output's layer",
            "v and c have moved, the hidden neurons have not. Equation (26) moves them too.",
            still(in_hidden),
        ),
        Mistake(
            "only the hidden layer",
            "The hidden neurons have moved, v and c have not. Equation (24) moves them too.",
            still(lambda p, d: ~in_hidden(p, d)),
        ),
        Mistake(
            "no bias moves", "The weights are right. The biases have not moved. What is a bias's input?", still(bias)
        ),
        Mistake(
            "hidden biases still",
            "The hidden biases have not moved. Equation (26) has two parts.",
            still(lambda p, d: bias(p, d) & in_hidden(p, d)),
        ),
        Mistake(
            "c still",
            "The output has a bias of its own, and yours has not moved.",
            still(lambda p, d: np.arange(p) == p - 1),
        ),
    )


def _passing(passed: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Computation:
    """Return the step in which something else than v·φ′ leads back to a neuron: ``passed``, told from v and h."""

    def stepped(theta: np.ndarray, x: np.ndarray, y: float, eta: float) -> np.ndarray:
        (h,), (output,) = forward(theta, x[np.newaxis], TANH)
        hidden = np.outer(2 * (output - y) * passed(layers(theta, len(x))[1][:-1], h), np.append(x, 1.0)).ravel()
        return np.append(theta[: len(hidden)] - eta * hidden, tanh_step(theta, x, y, eta)[len(hidden) :])

    return stepped


def _through_hidden(which: tuple[slice | int, ...]) -> Computation:
    """Return the step in which δ goes back through these weights of the hidden layer."""

    def stepped(theta: np.ndarray, x: np.ndarray, y: float, eta: float) -> np.ndarray:
        return theta - eta * row_slopes(theta, x, y, TANH, onward=layers(theta, len(x))[0][which])

    return stepped


def _feeding(inputs: Callable[[np.ndarray], np.ndarray]) -> Computation:
    """Return the step in which v has other inputs than h, told from x."""

    def stepped(theta: np.ndarray, x: np.ndarray, y: float, eta: float) -> np.ndarray:
        slopes, cut = row_slopes(theta, x, y, TANH), layers(theta, len(x))[0].size
        return theta - eta * np.concatenate([slopes[:cut], slopes[-1] * inputs(x), slopes[-1:]])

    return stepped


def _ones(x: np.ndarray) -> np.ndarray:
    return np.ones_like(x)


def _without_x(theta: np.ndarray, x: np.ndarray, y: float, eta: float) -> np.ndarray:
    slopes, hidden = row_slopes(theta, x, y, TANH), layers(theta, len(x))[0]
    of_biases = slopes[: hidden.size].reshape(hidden.shape)[:, -1]
    return theta - eta * np.append(np.repeat(of_biases, hidden.shape[1]), slopes[hidden.size :])


def _hidden_first(theta: np.ndarray, x: np.ndarray, y: float, eta: float) -> np.ndarray:
    cut = layers(theta, len(x))[0].size
    moved = np.append(tanh_step(theta, x, y, eta)[:cut], theta[cut:])
    return np.append(moved[:cut], tanh_step(moved, x, y, eta)[cut:])
