"""One step of a network on one row, written out: forward, backward, update.

δ is the slope of the loss with respect to the output ŷ (of classes the score, p = σ(ŷ)), and δⱼ that with respect to
the score zⱼ of hidden neuron j. A line takes the numbers that the lines above it show, and all weights as they were
before the step.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from operator import add
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import finite_array, finite_number, rates
from gdlib._arithmetic import FLOAT_DIGITS, TWO, Expression, exponent, in_digits, in_units, keeping_gap, read, to_float
from gdlib._formatting import subscript
from gdlib.explain.display import Explanation, line
from gdlib.explain.functions import ONE, ln, one_number, sigma, tanh
from gdlib.network import Network

MOST_NEURONS = 3  # the most hidden neurons that are written out

Values = dict[str, Expression]  # what each name stands for: itself, with its value, or a number as it is shown


class Entry(NamedTuple):
    """A line to be: its name, its formula in what other names stand for, and whether a function in it rounds."""

    name: str
    formula: Callable[[Values], Expression]
    rounds: bool = False


def explain_network(network: Network, theta: ArrayLike, eta: float, digits: int, step: int | None) -> Explanation:
    """Return a step of a network written out; arguments as `explain` takes them."""
    theta, eta = finite_array("theta", theta), float(rates("eta", finite_number("eta", eta)))
    _must_be_short(network, theta)
    names, given = [*network.features, "y", "η", *network.names], [*network.x[0], *network.y, eta, *theta]
    symbols = {name: read(name, value) for name, value in zip(names, given, strict=True)}
    forward, backward, update = _forward(network), _backward(network), _update(network)
    entries = [*forward, *backward, *update]
    formulas = _in_symbols(entries, symbols)
    numbers, results = _fewest_digits(entries, formulas, symbols, digits)
    lines = [line(e.name, *row, e.rounds) for e, *row in zip(entries, formulas, numbers, results, strict=True)]
    floats = {e.name: to_float(formula.value) for e, formula in zip(entries, formulas, strict=True)}
    output, parameters = floats[forward[-2].name], [floats[name] for name in network.names]
    starts = (0, "forward"), (len(forward), "backward"), (len(forward) + len(backward), "update")
    return Explanation(tuple(lines), (output,), floats["L"], tuple(parameters), step, headings=starts)


def _must_be_short(network: Network, theta: np.ndarray) -> None:
    """Raise a ValueError unless it is a row with one output, few neurons, and a number for each parameter."""
    if len(network) != 1:
        raise ValueError(f"problem must be a single row of a network, such as problem[0], got {len(network)} rows")
    if network.neurons > MOST_NEURONS:
        raise ValueError(f"problem must have at most {MOST_NEURONS} hidden neurons, got {network.neurons}")
    if network.kind == "softmax" or network.y.ndim > 1:
        raise ValueError("problem must have one output: with softmax, or several targets, a step is not written out")
    if theta.shape != (len(network.names),):
        raise ValueError(f"theta must be one number for each of {', '.join(network.names)}, got shape {theta.shape}")


class _Neuron(NamedTuple):
    """The names of a hidden neuron's parts."""

    z: str
    h: str
    delta: str
    parameters: tuple[str, ...]
    onward: str  # its weight in the output


def _neurons(network: Network) -> list[_Neuron]:
    onward, marks = network.names[network.parts["ŷ"]], map(subscript, range(1, network.neurons + 1))
    return [
        _Neuron(f"z{j}", f"h{j}", f"δ{j}", network.names[network.parts[f"h{j}"]], v)
        for j, v in zip(marks, onward, strict=False)
    ]


def _forward(network: Network) -> list[Entry]:
    """Return the lines from the features to the loss."""
    entries, neurons = [], _neurons(network)
    for neuron in neurons:
        entries += [
            Entry(neuron.z, _score(neuron.parameters, network.features)),
            Entry(neuron.h, _bent(network.activation, neuron.z), network.activation != "relu"),
        ]
    score = _score(network.names[network.parts["ŷ"]], [neuron.h for neuron in neurons])
    if network.kind == "squared":
        return [*entries, Entry("ŷ", score), Entry("L", lambda at: (at["ŷ"] - at["y"]).bracketed().squared())]
    loss = Entry("L", _minus_ln if network.y[0] else _minus_ln_of_rest)
    return [*entries, Entry("ŷ", score), Entry("p", lambda at: sigma(at["ŷ"]), rounds=True), loss]


def _score(parameters: tuple[str, ...], inputs: list[str]) -> Callable[[Values], Expression]:
    """Return w·x + … + b."""
    *weights, bias = parameters
    return lambda at: reduce(add, [*(at[w] * at[x] for w, x in zip(weights, inputs, strict=True)), at[bias]])


def _bent(activation: str, z: str) -> Callable[[Values], Expression]:
    """Return h = φ(z)."""
    return {
        "relu": lambda at: Expression(("max(0, ", *at[z].tokens, ")"), max(Fraction(0), at[z].value), at[z].exact),
        "tanh": lambda at: tanh(at[z]),
        "sigmoid": lambda at: sigma(at[z]),
    }[activation]


def _minus_ln(at: Values) -> Expression:
    """Return −ln p, what a row of class 1 costs."""
    return _minus(ln(at["p"]))


def _minus_ln_of_rest(at: Values) -> Expression:
    """Return −ln(1 − p), what a row of class 0 costs."""
    return _minus(ln(ONE - one_number(at["p"])))


def _minus(number: Expression) -> Expression:
    return Expression(("−", *number.tokens), -number.value, number.exact)


def _backward(network: Network) -> list[Entry]:
    """Return the lines of the slopes: at the output's score, then at each hidden score, by the chain rule."""
    if network.kind == "squared":
        first = Entry("δ", lambda at: TWO * (at["ŷ"] - at["y"]).bracketed())
    else:
        first = Entry("δ", lambda at: at["p"] - at["y"])
    return [first, *(Entry(neuron.delta, _back(network.activation, neuron)) for neuron in _neurons(network))]


def _back(activation: str, neuron: _Neuron) -> Callable[[Values], Expression]:
    """Return δ·v·φ′(z): [z > 0] is 1 where that is so, and 0 elsewhere."""

    def gate(at: Values) -> Expression:
        z, h = at[neuron.z], at[neuron.h]
        if activation == "relu":
            return Expression(("[", *z.tokens, " > 0]"), Fraction(z.value > 0), z.exact)
        if activation == "tanh":
            plain = h.tokens[0] == neuron.h or h.tokens[0].replace(".", "").isdecimal()  # else 10⁻⁷², −0.5²
            return (ONE - (h if plain else h.bracketed()).squared()).bracketed()
        return one_number(h) * (ONE - one_number(h)).bracketed()

    return lambda at: one_number(at["δ"]) * at[neuron.onward] * gate(at)


def _update(network: Network) -> list[Entry]:
    """Return the lines of the new parameters, old − η·slope."""
    entries, neurons = [], _neurons(network)
    for neuron in neurons:
        entries += _moved(neuron.parameters, neuron.delta, network.features)
    return entries + _moved(network.names[network.parts["ŷ"]], "δ", [neuron.h for neuron in neurons])


def _moved(parameters: tuple[str, ...], delta: str, inputs: list[str]) -> list[Entry]:
    """Return the lines of one neuron's new weights and bias."""

    def moved(name: str, source: str | None) -> Callable[[Values], Expression]:
        def formula(at: Values) -> Expression:
            step = at["η"] * at[delta]
            return at[name] - (step if source is None else step * at[source])

        return formula

    return [Entry(name, moved(name, source)) for name, source in zip(parameters, [*inputs, None], strict=True)]


def _in_symbols(entries: list[Entry], symbols: Values) -> list[Expression]:
    """Return the formulas in symbols; what they come to is added to the symbols, but no new parameter."""
    formulas = []
    for entry in entries:
        formulas.append(entry.formula(symbols))
        symbols.setdefault(entry.name, Expression((entry.name,), formulas[-1].value))
    return formulas


def _fewest_digits(
    entries: list[Entry], formulas: list[Expression], symbols: Values, digits: int
) -> tuple[list[Expression], list[Expression]]:
    """Return the formulas in numbers, and what they come to, in about the fewest digits that hold together.

    Where a line does not come to what it shows, what it takes from the lines above gets more digits; at last they have
    all of theirs. That is done with unrounded inputs; then the digits of the inputs are chosen.
    """
    kept = {entry.name: digits for entry in entries}

    def at(rounded: int) -> tuple[list[Expression], list[Expression], list[int]]:
        return _in_numbers(entries, formulas, symbols, kept, digits, rounded)

    while dishonest := at(FLOAT_DIGITS)[-1]:
        for name in {*formulas[dishonest[0]].tokens} & {*kept} - {entries[dishonest[0]].name}:
            kept[name] += 1 + kept[name] // 16
    return next(found[:2] for rounded in range(digits, FLOAT_DIGITS + 1) if not (found := at(rounded))[-1])


def _in_numbers(
    entries: list[Entry], formulas: list[Expression], symbols: Values, kept: dict[str, int], digits: int, rounded: int
) -> tuple[list[Expression], list[Expression], list[int]]:
    """Return the formulas in numbers, what they come to, and in which lines a calculator, or a sign, disagrees.

    Inputs have ``rounded`` digits, loss and new parameters ``digits``, what is between as many as are ``kept``.
    """
    given = {name: in_digits(each.value, rounded) for name, each in symbols.items()}
    at, numbers, results, dishonest = dict(given), [], [], []
    for i, (entry, exact) in enumerate(zip(entries, formulas, strict=True)):
        number, old, shown = entry.formula(at), symbols[entry.name], given[entry.name]
        if exact.tokens[0] == entry.name:
            result = keeping_gap(exact, old, shown, digits, 2)
            alike = _same_sign(result.value - shown.value, exact.value - old.value)
        else:
            at[entry.name] = result = _in_digits(entry.name, exact.value, kept)
            alike = _same_sign(number.value, exact.value)
        if abs(number.value - result.value) > result.unit or not alike:
            dishonest.append(i)
        numbers.append(number)
        results.append(result)
    return numbers, results, dishonest


def _in_digits(name: str, value: Fraction, kept: dict[str, int]) -> Expression:
    """Return what a line shows; a probability has so many digits that 1 − p keeps as many as p."""
    least = min(exponent(value), exponent(1 - value)) if name == "p" else exponent(value)
    return in_units(value, least - kept[name] + 1)


def _same_sign(one: Fraction, other: Fraction) -> bool:
    return one * other > 0 or one == other == 0
