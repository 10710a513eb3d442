"""Notebook 7, a network: what its exercises on passing slopes back compute, rightly and wrongly."""

from functools import partial

import numpy as np

from gdlib.exercises import slips
from gdlib.exercises.hidden import step_mistakes, tanh_step
from gdlib.exercises.kinds import Computation, Exercise, Mistake, exercise
from gdlib.exercises.measuring import measured_slopes
from gdlib.exercises.scores import sigmoid, with_ones

NOTEBOOK = "07-network"

# --- one step ---------------------------------------------------------------------------------------------------------


@exercise("network-step")
def _step() -> Exercise:
    rows = (
        (np.array([0.5, -1.0, 0.2, 1.0, 2.0, -0.4, -0.5, 1.5, 0.3]), np.array([0.6, 0.2]), 2.0, 0.1),
        (np.array([-1.0, 0.5, 0.1, 0.8, 1.0, 0.3, 0.7, -1.2, 0.4]), np.array([0.9, -0.3]), 0.5, 0.2),
        (np.array([1.2, 0.4, -0.3, -0.6, -0.9, 0.2, 0.8, 0.5, -0.7]), np.array([0.5, 1.1]), -1.0, 0.05),
    )
    return Exercise.function(
        tanh_step, rows, *step_mistakes(), parts=("w₁₁", "w₁₂", "b₁", "w₂₁", "w₂₂", "b₂", "v₁", "v₂", "c")
    )


# --- the famous example -----------------------------------------------------------------------------------------------

#: A much copied worked example of backpropagation, by M. Mazur (2015): x, t, W, V, b, c and η.
FAMOUS = (
    np.array([0.05, 0.10]),
    np.array([0.01, 0.99]),
    np.array([[0.15, 0.20], [0.25, 0.30]]),
    np.array([[0.40, 0.45], [0.50, 0.55]]),
    0.35,
    0.60,
    0.5,
)


@exercise("network-famous")
def _famous() -> Exercise:
    generator = np.random.default_rng(102)  # each slip changes one of its losses by 1 % or more
    others = tuple(
        (*generator.normal(size=(2, 2)), *2 * generator.normal(size=(2, 2, 2)), *generator.normal(size=2), eta)
        for eta in (2.0, 0.8)
    )
    return Exercise.function(
        _loss_after,
        (*others, FAMOUS),
        Mistake(
            "updated too early",
            "That gives the number that the famous page prints: your hidden slopes went through the new weights of the "
            "output.",
            partial(_loss_after, early=True),
        ),
        Mistake("before the update", "That is the loss before the update.", lambda *case: _loss_after(*case[:-1], 0)),
        Mistake("only the output's layer", "The hidden weights have not moved.", partial(_loss_after, still="W")),
        Mistake("only the hidden layer", "The output's weights have not moved.", partial(_loss_after, still="V")),
        Mistake(
            "uphill",
            "Your step goes uphill. Which sign leads from the slopes to the new weights?",
            lambda *case: _loss_after(*case[:-1], -case[-1]),
        ),
        Mistake(
            "biases moved",
            "Your biases have moved, too. In this example they are held fixed.",
            partial(_loss_after, biases=True),
        ),
        *_wrong_ways_back(),
        Mistake("½ forgotten", "Here the loss has a ½ in front.", lambda *case: 2 * _loss_after(*case)),
        Mistake(
            "factor 2 kept",
            "Your step is twice as long. What does the ½ do to the 2 of the square?",
            lambda *case: _loss_after(*case[:-1], 2 * case[-1]),
        ),
        Mistake(
            "mean for sum", "Half of it: the loss is the sum over both outputs.", lambda *case: _loss_after(*case) / 2
        ),
    )


def _wrong_ways_back() -> tuple[Mistake, ...]:
    """Return the mistakes about what comes back to a neuron."""
    return (
        Mistake(
            "σ′ left out of the output's δ",
            "The outputs have a bend, too: what is its slope?",
            partial(_loss_after, flat="o"),
        ),
        Mistake(
            "σ′ left out of the hidden δ",
            "What is the slope of the hidden neurons' bend?",
            partial(_loss_after, flat="h"),
        ),
        Mistake("σ′ left out", "No bend has a slope in yours.", partial(_loss_after, flat="oh")),
        Mistake(
            "V not turned",
            "Backwards, a hidden neuron asks by which weights it is *heard*: a column of V, not a row.",
            partial(_loss_after, back=lambda V, W: V),
        ),
        Mistake(
            "one output alone",
            "Each hidden neuron is heard by two outputs. What reaches it by the second?",
            partial(_loss_after, back=lambda V, W: V.T * [1, 0]),
        ),
        Mistake(
            "the other output alone",
            "Each hidden neuron is heard by two outputs. What reaches it by the first?",
            partial(_loss_after, back=lambda V, W: V.T * [0, 1]),
        ),
        *(
            Mistake(
                name,
                "You go back through W. Which weights lead from the hidden neurons to the outputs?",
                partial(_loss_after, back=back),
            )
            for name, back in (("W for V", lambda V, W: W.T), ("W for V, and not turned", lambda V, W: W))
        ),
        *(
            Mistake(
                f"slopes of {' and '.join(turned)} turned",
                f"The slopes of {' and '.join(turned)} are turned on their side. A slope has the shape of its "
                "parameter: a row for each neuron, and a column for each of its inputs.",
                partial(_loss_after, turned=turned),
            )
            for turned in ("W", "V", "WV")
        ),
    )


def _loss_after(
    x: np.ndarray,
    t: np.ndarray,
    W: np.ndarray,
    V: np.ndarray,
    b: float,
    c: float,
    eta: float,
    *,
    early: bool = False,
    still: str = "",
    biases: bool = False,
    flat: str = "",
    back: Computation = lambda V, W: V.T,
    turned: str = "",
) -> float:
    """Return ½Σ(t − o)² after one update of a network of sigmoids; the options are what may go wrong."""
    h = sigmoid(W @ x + b)
    o = sigmoid(V @ h + c)
    delta = (o - t) * (1 if "o" in flat else o * (1 - o))
    of_V = np.outer(delta, h)
    new_V = V if still == "V" else V - eta * (of_V.T if "V" in turned else of_V)
    deltas = back(new_V if early else V, W) @ delta * (1 if "h" in flat else h * (1 - h))
    of_W = np.outer(deltas, x)
    new_W = W if still == "W" else W - eta * (of_W.T if "W" in turned else of_W)
    if biases:
        b, c = b - eta * deltas, c - eta * delta
    return float(np.square(t - sigmoid(new_V @ sigmoid(new_W @ x + b) + c)).sum() / 2)


# --- in matrices ------------------------------------------------------------------------------------------------------


@exercise("network-matrices")
def _matrices() -> Exercise:
    right, generator = _hidden_slopes(), np.random.default_rng(4)
    tables = tuple(
        (generator.normal(size=(n, d)), generator.normal(size=n), generator.normal(size=(m, d + 1)), v)
        for n, d, m in ((5, 2, 2), (6, 1, 3), (7, 3, 2))  # no table is square: one that is turned would fit
        for v in [generator.normal(size=m + 1)]
    )
    return Exercise.function(
        right,
        tables,
        *_wrong_bends(),
        Mistake(*slips.SUM_FOR_MEAN, lambda x, y, W, v: len(y) * right(x, y, W, v)),
        Mistake(
            "mean taken twice",
            "The slopes are divided by n once more, and your δ has the mean in it already.",
            lambda x, y, W, v: right(x, y, W, v) / len(y),
        ),
        Mistake(*slips.FACTOR_FORGOTTEN, lambda x, y, W, v: right(x, y, W, v) / 2),
        Mistake(*slips.ERROR_TURNED, lambda x, y, W, v: -right(x, y, W, v)),
        *_wrong_biases(right),
        Mistake(
            "turned on its side",
            "The numbers are right. A slope has the shape of its parameter: a row for each neuron.",
            lambda *case: right(*case).T,
        ),
        Mistake(
            "c passed back",
            "δ goes back through c as well, and each neuron gets its neighbour's weight. Which entries of v have a "
            "neuron behind them?",
            _hidden_slopes(weights=lambda v: v[1:]),
        ),
        Mistake("v left out", "v is missing. By which weight is each neuron heard?", _hidden_slopes(weights=_ones)),
        Mistake(
            "v and tanh′ left out",
            "Each neuron gets δ as it is. By which weight is it heard, and what is the slope of its bend?",
            _hidden_slopes(weights=_ones, slope=lambda z, h: 1.0),
        ),
        Mistake(
            "c left out of ŷ",
            "The errors are wrong: what is added last in ŷ?",
            lambda x, y, W, v: right(x, y, W, np.append(v[:-1], 0)),
        ),
        measured=_measured_hidden,
    )


def _wrong_biases(right: Computation) -> tuple[Mistake, ...]:
    """Return the mistakes about the column of the biases."""
    return (
        Mistake(
            "bias averaged twice",
            "The slopes of the weights are right. Those of the biases are divided by n once more: a mean of what is a "
            "part of a mean already.",
            lambda x, y, W, v: right(x, y, W, v) / np.append(np.ones(x.shape[1]), len(y)),
        ),
        Mistake(
            "bias not averaged",
            "The slopes of the weights are right, those of the biases are sums over the rows.",
            lambda x, y, W, v: right(x, y, W, v) * np.append(np.ones(x.shape[1]), len(y)),
        ),
        Mistake(
            "bias forgotten",
            "A slope has the shape of its parameter, and W has a column for the biases.",
            lambda x, y, W, v: right(x, y, W, v)[:, :-1],
        ),
        Mistake(
            "bias first", "Your biases stand first. In W they are last.", lambda *case: np.roll(right(*case), 1, axis=1)
        ),
    )


def _wrong_bends() -> tuple[Mistake, ...]:
    """Return the mistakes about the slope of the bend."""

    def at_output(o: np.ndarray, y: np.ndarray) -> np.ndarray:
        return _pull(o, y) * (1 - o * o)

    return (
        Mistake(
            "tanh′ left out",
            "Each chain from L to z has three links. Where is the slope of the bend?",
            _hidden_slopes(slope=lambda z, h: 1.0),
        ),
        Mistake(
            "tanh′ of z",
            "1 − h² is told from h. You have put z into it.",
            _hidden_slopes(slope=lambda z, h: 1 - z * z),
        ),
        Mistake(
            "tanh′ of h",
            "tanh′ is taken at h, as if h were the score. It is bent already.",
            _hidden_slopes(slope=lambda z, h: 1 - np.tanh(h) ** 2),
        ),
        Mistake(
            "σ′ for tanh′",
            "That is the slope of another bend: σ′, told from its h.",
            _hidden_slopes(slope=lambda z, h: h * (1 - h)),
        ),
        Mistake(
            "ReLU's gate",
            "That is ReLU's gate. Which bend has this network?",
            _hidden_slopes(slope=lambda z, h: 1.0 * (z > 0)),
        ),
        Mistake(
            "tanh′ at the output",
            "tanh′ stands at the wrong layer: it is taken of ŷ. Which neurons have a bend?",
            _hidden_slopes(slope=lambda z, h: 1.0, error=at_output),
        ),
        Mistake(
            "tanh′ at both layers",
            "There is one slope of a bend too many. Does the output have a bend?",
            _hidden_slopes(error=at_output),
        ),
        Mistake(
            "no bend forward",
            "Backwards there is a bend, forwards there is none.",
            _hidden_slopes(bend=lambda z: z),
        ),
    )


def _pull(o: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return δ of each row: the slope of the mean squared error by its output."""
    return 2 * (o - y) / len(y)


def _ones(v: np.ndarray) -> np.ndarray:
    return np.ones(len(v) - 1)


def _hidden_slopes(
    slope: Computation = lambda z, h: 1 - h * h,
    weights: Computation = lambda v: v[:-1],
    error: Computation = _pull,
    bend: Computation = np.tanh,
) -> Computation:
    """Return the slopes of the hidden layer of a tanh network, as a function of (X, y, W, v): (24) to (26)."""

    def slopes(x: np.ndarray, y: np.ndarray, W: np.ndarray, v: np.ndarray) -> np.ndarray:
        z = with_ones(x) @ W.T
        h = bend(z)
        deltas = np.outer(error(with_ones(h) @ v, y), weights(v)) * slope(z, h)
        return deltas.T @ with_ones(x)

    return slopes


def _measured_hidden(x: np.ndarray, y: np.ndarray, W: np.ndarray, v: np.ndarray) -> np.ndarray:
    return measured_slopes(lambda at: np.mean((with_ones(np.tanh(with_ones(x) @ at.T)) @ v - y) ** 2), W)
