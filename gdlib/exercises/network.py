"""Notebook 7, a network: what its predictions and its first exercises compute, rightly and wrongly."""

import numpy as np

from gdlib.data import worked_example
from gdlib.exercises import slips
from gdlib.exercises.hidden import NO_BEND, RELU, TANH, Bend, early_step, forward, gradient, layers, row_slopes, step
from gdlib.exercises.kinds import Exercise, Mistake, chosen, exercise
from gdlib.exercises.scores import sigmoid, with_ones

NOTEBOOK = "07-network"

#: How many of the notebook's 1,000 random starts learn XOR with two tanh neurons. Counting takes seconds, so this is
#: no computation; a test counts.
LEARN_XOR, STARTS = 471, 1000


@exercise("network-predict-xor")
def _predict_xor() -> Exercise:
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([0.0, 1.0, 1.0, 0.0])
    best = np.linalg.lstsq(with_ones(corners), y, rcond=None)[0]
    outputs = with_ones(corners) @ best
    at_each = lambda output: lambda: np.full(4, output)  # noqa: E731
    nearer = "and squares count: would no line come nearer to them?"
    return Exercise.value(
        lambda: outputs,
        Mistake(
            "the targets",
            "Those are the targets. A line rises alike along opposite sides of the square: does yours?",
            lambda: y,
        ),
        *(
            Mistake(
                name,
                "Yours misses a target by 1. Squares count: would no line do with smaller errors?",
                lambda output=output: output,
            )
            for name, output in (
                *(("x₁ alone", corners[:, 0]), ("x₂ alone", corners[:, 1])),
                *(("x₁ turned round", 1 - corners[:, 0]), ("x₂ turned round", 1 - corners[:, 1])),
            )
        ),
        Mistake(
            "both switches added",
            "Three corners are right, and one is off by 2. Its square is 4: would no line do with less?",
            lambda: corners.sum(axis=1),
        ),
        Mistake("0", f"Two corners have the target 1, {nearer}", at_each(0.0)),
        Mistake("1", f"Two corners have the target 0, {nearer}", at_each(1.0)),
        Mistake(
            "the loss",
            "That is the mean squared error of the best line. Its outputs were asked.",
            at_each(np.square(outputs - y).mean()),
        ),
        Mistake(
            "the sum of the targets", "That is the sum of the targets. Where does it leave a line?", at_each(y.sum())
        ),
        Mistake(
            "corners on their right sides",
            "Some lines put that part of the corners on their right sides. Here the squared error decides.",
            at_each(3 / len(y)),
        ),
        seen=_at_each_corner,
        parts=("(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"),
    )


@exercise("network-predict-dead")
def _predict_dead() -> Exercise:
    x, y, start, eta = _article()

    def moves() -> str:
        moved = step(start, x[0], y[0], eta) != start
        return "yes" if moved[3:6].any() or moved[7] else "no"

    return Exercise.word(
        moves,
        ("yes", "no"),
        chosen("yes", "What is z₂ on this row, what does max(0, z₂) pass on, and how would it answer a small nudge?"),
    )


@exercise("network-predict-slip")
def _predict_slip() -> Exercise:
    x, y, start, eta = _article()

    def compared() -> str:
        right, early = (each(start, x[0], y[0], eta)[0] for each in (step, early_step))
        return "too large" if early > right else "too small" if early < right else "the same"

    return Exercise.word(
        compared,
        ("too small", "too large", "the same"),
        chosen("too small", "ŷ was below its target. Which way has v₁ gone, and what is δ₁ made of?"),
        chosen("the same", "δ₁ has v₁ in it, and there are two to choose from now."),
        synonyms={
            **dict.fromkeys(("small", "smaller", "less"), "too small"),
            **dict.fromkeys(("large", "larger", "more"), "too large"),
            **dict.fromkeys(("same", "equal"), "the same"),
        },
    )


@exercise("network-predict-zero")
def _predict_zero() -> Exercise:
    x, y, start, eta = _article()

    def movers() -> int:
        theta, moved = 0 * start, np.zeros(len(start), dtype=bool)
        for _ in range(20):
            theta = theta - eta * gradient(theta, x, y)
            moved |= theta != 0
        return int(moved.sum())

    return Exercise.value(
        movers,
        Mistake("none", "δ is not 0 here. Is there a parameter whose slope has nothing else in it?", lambda: 0),
        Mistake("two", "v₁ and v₂? Each of their slopes has an h in it. How large is h at zero?", lambda: 2),
        Mistake(
            "three",
            "v₁, v₂, c, or the three biases? Write each slope as a product: which have a factor that is 0 here?",
            lambda: 3,
        ),
        Mistake("those of the hidden neurons", "Their slopes have v in them. How large is v at zero?", lambda: 6),
        Mistake("all", "Each slope is a product. Which products have a factor that is 0 here?", lambda: 9),
    )


@exercise("network-predict-twins")
def _predict_twins() -> Exercise:
    x, y, start, eta = _article()

    def differ() -> str:
        theta = np.full(len(start), 0.1)
        for _ in range(200):
            theta = theta - eta * gradient(theta, x, y, TANH)
        hidden, output = layers(theta, x.shape[1])
        return "no" if np.allclose([*hidden[0], output[0]], [*hidden[1], output[1]]) else "yes"

    return Exercise.word(
        differ,
        ("yes", "no"),
        chosen("yes", "Take step 1 for both neurons. In which number would they differ, for the first time?"),
    )


@exercise("network-predict-starts")
def _predict_starts() -> Exercise:
    shares = {"nearly all": 1.0, "about half": 0.5, "hardly any": 0.0}
    return Exercise.word(
        lambda: min(shares, key=lambda word: abs(shares[word] - LEARN_XOR / STARTS)),
        tuple(shares),
        chosen("nearly all", "Two neurons can do it. But each must find its own part. Does every start lead there?"),
        chosen("hardly any", "Two bent lines can be laid in more than one way, so a good start is no rare luck."),
        synonyms={"all": "nearly all", "half": "about half", "none": "hardly any", "few": "hardly any"},
    )


@exercise("network-forward")
def _forward() -> Exercise:
    theta, x = np.array([0.5, -1.0, 0.2, 1.0, 2.0, -0.4, 0.5, -0.5, 0.3]), np.array([0.6, 0.8])
    hidden, output = layers(theta, 2)
    z = hidden @ np.append(x, 1)
    out = lambda h: output[:2] @ h + output[2]  # noqa: E731
    without = np.where(np.isin(np.arange(9), (2, 5)), 0, theta)
    return Exercise.value(
        lambda: _output(theta, x),
        Mistake(
            "ReLU forgotten", "One z is below 0. What does its neuron pass on?", lambda: _output(theta, x, NO_BEND)
        ),
        Mistake(
            "ReLU on the output too", "The output has no bend: ŷ may be below 0.", lambda: max(0, _output(theta, x))
        ),
        Mistake("sign dropped", "ReLU does not make −z of z. What is the larger of 0 and z?", lambda: out(np.abs(z))),
        Mistake("the smaller of the two", "You take the smaller of 0 and z.", lambda: out(np.minimum(z, 0))),
        Mistake("tanh for ReLU", "That bend is tanh. Here it is ReLU.", lambda: _output(theta, x, TANH)),
        Mistake("σ for ReLU", "That bend is σ. Here it is ReLU.", lambda: out(sigmoid(z))),
        Mistake("c forgotten", "What is added last, behind v₁·h₁ + v₂·h₂?", lambda: out(np.maximum(z, 0)) - output[2]),
        Mistake("hidden biases forgotten", "Each neuron has a bias in its z.", lambda: _output(without, x)),
        Mistake("no bias at all", "No bias is in it. There are three.", lambda: _output(without, x) - output[2]),
        Mistake(
            "v changed over", "Which v belongs to which neuron?", lambda: output[1::-1] @ np.maximum(z, 0) + output[2]
        ),
        Mistake(
            "v left out",
            "h₁ and h₂ are added as they are. What weighs them?",
            lambda: np.maximum(z, 0).sum() + output[2],
        ),
        Mistake("x changed over", "Which weight belongs to x₁?", lambda: _output(theta, x[::-1])),
        Mistake(
            "blocks read crosswise",
            "θ goes neuron by neuron: its first three numbers are those of neuron 1.",
            lambda: out(np.maximum(hidden[:, :2].T @ x + hidden[:, 2], 0)),
        ),
        Mistake(
            "stopped at the hidden layer",
            "That is an h. What does the output make of both?",
            lambda: np.maximum(z, 0).max(),
        ),
    )


@exercise("network-count")
def _count() -> Exercise:
    right = lambda d, m, K: m * (d + 1) + K * (m + 1)  # noqa: E731
    return Exercise.function(
        right,
        ((2, 2, 1), (3, 4, 2), (64, 16, 10)),
        Mistake("no biases", "Those are the weights. What else has each neuron?", lambda d, m, K: m * d + K * m),
        Mistake("no biases in the output", "The outputs have biases, too.", lambda d, m, K: m * (d + 1) + K * m),
        Mistake("no hidden biases", "The hidden neurons have biases, too.", lambda d, m, K: m * d + K * (m + 1)),
        Mistake(
            "one bias a layer", "A layer has more than one bias: who has one?", lambda d, m, K: m * d + 1 + K * m + 1
        ),
        Mistake(
            "biases for the inputs",
            "An input is a number. It has no bias.",
            lambda d, m, K: d + right(d, m, K),
        ),
        Mistake("one output", "Each of the K outputs has its own weights.", lambda d, m, K: right(d, m, 1)),
        Mistake("neurons counted", "Those are inputs and neurons. Count their parameters.", lambda d, m, K: d + m + K),
        Mistake(
            "layers multiplied",
            "The parameters of both layers stand side by side. How are they counted together?",
            lambda d, m, K: m * (d + 1) * K * (m + 1),
        ),
        Mistake(
            "a bias with inputs",
            "You give the 1 behind h weights of its own. It is 1 on each row.",
            lambda d, m, K: (m + 1) * (d + 1) + K * (m + 1),
        ),
        Mistake(
            "no weights in the output",
            "The outputs have their biases. What leads from the hidden neurons to them?",
            lambda d, m, K: m * (d + 1) + K,
        ),
        Mistake("hidden layer alone", "The outputs have parameters, too.", lambda d, m, K: m * (d + 1)),
        Mistake(
            "straight on",
            "Those would lead from the inputs straight to the outputs. What is in between?",
            lambda d, m, K: K * (d + 1),
        ),
    )


@exercise("network-sigma-slope")
def _sigma_slope() -> Exercise:
    return Exercise.function(
        lambda s, t: (s * (1 - s), 1 - t * t),
        ((0.6, -0.5), (0.25, 0.9), (0.9, 0.3)),
        Mistake(
            "bent once more",
            "You bend h once more, but it is bent already. Say it in h alone.",
            lambda s, t: (sigmoid(s) * (1 - sigmoid(s)), 1 - np.tanh(t) ** 2),
        ),
        Mistake(
            "squared",
            "Far to the right h comes near 1, and each bend is flat. What does yours say there?",
            lambda s, t: (s * s, t * t),
        ),
        *_other_slopes(),
        Mistake(
            "1 − h",
            "A factor is missing. σ flattens at both its ends, and so does tanh: does yours?",
            lambda s, t: (1 - s, 1 - t),
        ),
        Mistake("turned round", "σ and tanh rise. Do yours?", lambda s, t: (s * (s - 1), t * t - 1)),
        Mistake(
            "plus for minus",
            "σ flattens as h comes near 1, tanh too. Does yours?",
            lambda s, t: (s * (1 + s), 1 + t * t),
        ),
        Mistake(
            "the slope's own slope",
            "That is how the slope answers h. The slope itself was asked.",
            lambda s, t: (1 - 2 * s, -2 * t),
        ),
        Mistake("h itself", "That is h. How fast does it answer z?", lambda s, t: (s, t)),
        Mistake(
            "a gate", "0 or 1 is the slope of ReLU. These two bend gently.", lambda s, t: (1.0 * (s > 0), 1.0 * (t > 0))
        ),
        Mistake(
            "upside down",
            "That is how fast z answers h. Which of the two was asked?",
            lambda s, t: (1 / (s * (1 - s)), 1 / (1 - t * t)),
        ),
        parts=("σ′", "tanh′"),
    )


def _other_slopes() -> tuple[Mistake, ...]:
    """Return the mistakes in which a bend has the other's slope."""
    return (
        Mistake(
            "changed over",
            "Each has the other's slope. Which of the two bends runs from −1 to 1?",
            lambda s, t: (1 - s * s, t * (1 - t)),
        ),
        Mistake(
            "σ′ for both",
            "σ′ is right. tanh has σ's slope here. But tanh runs from −1 to 1: is yours 0 at both ends?",
            lambda s, t: (s * (1 - s), t * (1 - t)),
        ),
        Mistake(
            "tanh′ for both",
            "tanh′ is right. σ has tanh's slope here. But σ runs from 0 to 1: is yours 0 at both ends?",
            lambda s, t: (1 - s * s, 1 - t * t),
        ),
    )


@exercise("network-delta")
def _delta() -> Exercise:
    theta = np.array([1.5, -1.0, 0.2, -1.0, 2.0, 0.1, 0.6, -0.8, 0.3])
    x, y, eta = np.array([[0.2, 0.7], [0.9, 0.3]]), np.array([0.4, 1.5]), 0.25
    (other, h), outputs = forward(theta, x)
    gate, delta, v = RELU.slope(h), 2 * (outputs[1] - y[1]), theta[6:8]
    moved, elsewhere = step(theta, x[1], y[1], eta), row_slopes(theta, x[0], y[0])[[2, 5]]
    return Exercise.value(
        lambda: delta * v * gate,
        Mistake(
            "updated v used",
            "δ goes back through the weights with which ŷ was computed. Yours have moved already.",
            lambda: delta * moved[6:8] * gate,
        ),
        Mistake(
            "gates of the other row",
            "Whether a neuron is alive depends on the row. These gates are those of the other row.",
            lambda: delta * v * RELU.slope(other),
        ),
        Mistake("v left out", "v₁ is missing in δ₁. What stands between h and ŷ?", lambda: delta * gate),
        Mistake(
            "v and the gate left out",
            "Both neurons get δ as it is. What stands between h and ŷ, and what between z and h?",
            lambda: np.array([delta, delta]),
        ),
        Mistake("gate left out", "One of the two neurons passes nothing on. What comes back to it?", lambda: delta * v),
        Mistake("h for the gate", "The slope of ReLU is not its height.", lambda: delta * v * h),
        Mistake("v changed over", "Which v belongs to which neuron?", lambda: delta * v[::-1] * gate),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda: delta / 2 * v * gate),
        Mistake(*slips.ERROR_TURNED, lambda: -delta * v * gate),
        Mistake(
            "the loss for its slope",
            "The loss itself goes back. Its slope should.",
            lambda: (outputs[1] - y[1]) ** 2 * v * gate,
        ),
        Mistake("the other row", "Those are the δ of the other row.", lambda: elsewhere),
        Mistake("times h: the slopes of v", "Those are the slopes of v₁ and v₂.", lambda: delta * h),
        Mistake(
            "w for v",
            "You go back through weights of the hidden layer. Which lie ahead of h?",
            lambda: delta * theta[[0, 3]] * gate,
        ),
        Mistake("times η", "That has η in it. Before the update η has no say.", lambda: eta * delta * v * gate),
        Mistake(
            "times x₁",
            "That is the slope of a weight. Leave the input out.",
            lambda: row_slopes(theta, x[1], y[1])[[0, 3]],
        ),
        parts=("δ₁", "δ₂"),
    )


def _article() -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return the article's rows, the notebook's start of two ReLU neurons, and its η."""
    x, y = worked_example()
    return x, y, np.array([1.0, 1.0, 0.0, 1.0, -1.0, 0.0, 0.5, -1.0, 0.0]), 0.1


def _output(theta: np.ndarray, x: np.ndarray, bend: Bend = RELU) -> float:
    """Return ŷ of a single row."""
    return float(forward(theta, x[np.newaxis], bend)[1][0])


def _at_each_corner(numbers: np.ndarray) -> np.ndarray:
    """Return a list with the number at each of four corners, where a single one is given."""
    return np.full(4, numbers.item()) if numbers.size == 1 else numbers
