"""One step of gradient descent on a linear regression, written out as arithmetic from its own numbers.

A float is read as the decimal of its 15 significant digits (0.12800000000000003 is 0.128);
from there on everything is exact. ``=`` stands only where what is shown is exactly so, ``≈`` elsewhere. Whoever types
the shown numbers into a calculator gets the shown result to within one unit of its last place, and no error, and no
change of a parameter, is ever rounded away: where this takes more digits than were asked for, more are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from textwrap import wrap
from typing import NamedTuple
from unicodedata import normalize

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import count, finite_array, finite_number, rates
from gdlib._arithmetic import FLOAT_DIGITS, TWO, Expression, in_digits, keeping_gap, mean, read, to_float
from gdlib._formatting import superscript
from gdlib.descent import Run
from gdlib.linear import LinearRegression, squared_error

ALL_DIGITS = 3000  # more significant digits than any output of floats can have
MOST_ROWS = 4  # the most rows that are written out: nobody reads longer sums
WIDTH = 96  # characters in a row of text

_LATEX = str.maketrans({"ŷ": r"\hat{y}", "η": r"\eta", "·": r" \cdot ", "−": "-", "←": r"\leftarrow", "≈": r"\approx"})


@dataclass(frozen=True)
class Line:
    """One line: a name, then (relation, tokens) three times: in symbols, in numbers, and what they come to."""

    name: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        return " ".join([self.name, *self.cells()])

    def cells(self) -> list[str]:
        """Return the parts as text, each with its relation in front."""
        return [f"{relation} {''.join(tokens)}" for relation, tokens in self.parts]


@dataclass(frozen=True, repr=False)
class Explanation:
    """A step written out: text when printed, mathematics in a notebook.

    Attributes
    ----------
    lines
        A `Line` for the output of each row, for the loss, and for each parameter.
    outputs, loss, parameters
        The numbers themselves: ŷ of each row and the mean squared error before the step, θ after it.
    step
        Which step of a run it is, or None.
    between
        Lines for work by hand, not displayed: a `Line` for the error ŷ − y of each row, and for each slope.
    """

    lines: tuple[Line, ...]
    outputs: tuple[float, ...]
    loss: float
    parameters: tuple[float, ...]
    step: int | None = None
    between: tuple[Line, ...] = ()

    def __str__(self) -> str:
        rows = self._rows()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        padded = [[name.rjust(widths[0]), *map(str.ljust, cells, widths[1:])] for name, *cells in rows]
        return "\n".join([*self.title, *(" ".join(row).rstrip() for row in padded)])

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        title = [rf"&\text{{{words}}}" for words in self.title]
        rows = [f"{_latex(name)} &{_latex(' '.join(cells))}" for name, *cells in self._rows()]
        return "$$\\begin{aligned}\n" + " \\\\\n".join([*title, *rows]) + "\n\\end{aligned}$$"

    @property
    def title(self) -> list[str]:
        """``["step 3"]``, or nothing for a step that is not of a run."""
        return [] if self.step is None else [f"step {self.step}"]

    def _rows(self) -> list[list[str]]:
        """Lay the lines out: a row each if all of them fit, otherwise a row for each relation, and long sums broken."""
        rows = [[line.name, *line.cells()] for line in self.lines]
        if sum(1 + max(map(len, column)) for column in zip(*rows, strict=True)) <= WIDTH + 1:
            return rows
        broken = [(line.name, [row for part in line.parts for row in _broken(*part)]) for line in self.lines]
        return [["" if i else name, row] for name, cells in broken for i, row in enumerate(cells)]


def _broken(relation: str, tokens: Sequence[str]) -> list[str]:
    """Break an expression into rows, and only in front of the + of a sum."""
    glued = "".join(" +\xa0" if token == " + " else token.replace(" ", "\xa0") for token in tokens)
    rows = wrap(f"{relation}\xa0{glued}", WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return [row.replace("\xa0", " ") for row in rows]


def _latex(text: str) -> str:
    """Translate shown text: the indent of a row that goes on, lowered and raised characters, letters with a name."""
    text = re.sub("^ +", r"\\quad {}", text)
    text = re.sub("[₀-₉]+", r"_{\g<0>}", text)
    text = re.sub("[⁰¹²³⁴-⁹⁻⁽⁾]+", r"^{\g<0>}", text)
    text = re.sub(r"([_^])\{(.)\}", r"\1\2", text)
    return normalize("NFKC", text).translate(_LATEX)


class _Step(NamedTuple):
    """What goes into a step, in symbols or in numbers."""

    theta: list[Expression]
    eta: Expression
    x: list[list[Expression]]
    y: list[Expression]

    def rounded(self, digits: int) -> _Step:
        """Return the step in numbers of so many digits."""

        def numbers(given: list[Expression]) -> list[Expression]:
            return [in_digits(symbol.value, digits) for symbol in given]

        return _Step(numbers(self.theta), *numbers([self.eta]), list(map(numbers, self.x)), numbers(self.y))

    def totals(self) -> list[Expression]:
        """Return w₁·x₁ + … + b for each row, equation (2)."""
        *weights, bias = self.theta
        return [reduce(add, [*(w * x for w, x in zip(weights, row, strict=True)), bias]) for row in self.x]

    def update(self, outputs: Sequence[Expression]) -> list[Expression]:
        """Return the loss, equation (4), and the new parameters, equations (9) and (13), with means over the rows."""
        errors = [error.bracketed() for error in self.errors(outputs)]
        rate = self.eta * TWO
        new = [old - rate * pull for old, pull in zip(self.theta, self._means(errors), strict=True)]
        return [mean([error.squared() for error in errors]), *new]

    def errors(self, outputs: Sequence[Expression]) -> list[Expression]:
        """Return ŷ − y for each row."""
        return [output - y for output, y in zip(outputs, self.y, strict=True)]

    def slopes(self, outputs: Sequence[Expression]) -> list[Expression]:
        """Return the slope of the loss for each parameter, as `update` multiplies it by η."""
        return [TWO * pull for pull in self._means([error.bracketed() for error in self.errors(outputs)])]

    def _means(self, errors: Sequence[Expression]) -> list[Expression]:
        columns = [[e * x for e, x in zip(errors, column, strict=True)] for column in zip(*self.x, strict=True)]
        return [mean(column) for column in [*columns, errors]]

    def signs(self, outputs: Sequence[Expression], new: Sequence[Expression]) -> list[int]:
        """Return the signs of the errors and of the changes: +1, 0 or −1."""
        pairs = zip([*outputs, *new], [*self.y, *self.theta], strict=True)
        return [(after.value > before.value) - (after.value < before.value) for after, before in pairs]


def explain(
    problem: LinearRegression, theta: ArrayLike, eta: float, digits: int = 6, step: int | None = None
) -> Explanation:
    """Return one step θ ← θ − η∇L(θ), equation (1), written out with its own numbers.

    Parameters
    ----------
    problem
        The rows that the step uses, four at most: ``problem[0]`` for the first sample. Loss and gradient are means over
        them; ŷ⁽¹⁾, ŷ⁽²⁾, … count them.
    theta
        The parameters before the step, bias last, shape ``(p,)``.
    eta
        The learning rate η ≥ 0.
    digits
        Significant digits, 1 to 15; trailing zeros are dropped, and more are shown where rounding would mislead.
    step
        Which step of a run it is, for the title.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is said above; also for more rows than four (take some: ``problem[rows]``).
    """
    symbols = _symbols(problem, theta, eta)
    digits = count("digits", digits, most=FLOAT_DIGITS)
    step = None if step is None else count("step", step)
    totals, hats = symbols.totals(), [f"ŷ{y.tokens[0][1:]}" for y in symbols.y]
    outputs = [Expression((hat,), total.value) for hat, total in zip(hats, totals, strict=True)]
    formulas = [*totals, *symbols.update(outputs)]
    names = [*hats, "L", *problem.names]
    given, numbers, results = _fewest_digits(symbols, formulas, digits)
    lines = map(_line, names, formulas, numbers, results)
    values = [to_float(formula.value) for formula in formulas]
    n = len(hats)
    between = _between(symbols, outputs, given, results[:n], digits)
    return Explanation(tuple(lines), tuple(values[:n]), values[n], tuple(values[n + 1 :]), step, tuple(between))


def explain_step(run: Run, k: int, digits: int = 6) -> Explanation:
    """Return step k = 1, 2, … of a run written out: from ``run.parameters[k - 1]`` to ``run.parameters[k]``.

    Raises
    ------
    TypeError, ValueError
        If the run has no step k or has several replicas, and for what `explain` says.
    """
    if np.ndim(run.parameters) != 2:
        raise ValueError(f"run must be of a single replica, got parameters of shape {np.shape(run.parameters)}")
    k = count("k", k, most=len(run.parameters) - 1)
    problem = squared_error(run.problem)[run.rows[k - 1]]
    return explain(problem, run.parameters[k - 1], run.rates[k - 1], digits, k)


def _symbols(problem: LinearRegression, theta: ArrayLike, eta: float) -> _Step:
    """Check what goes into a step, and name it."""
    n, names = len(squared_error(problem)), problem.names
    if n > MOST_ROWS:
        raise ValueError(f"problem must have at most {MOST_ROWS} rows, got {n}; take some of them with problem[rows]")
    theta, eta = finite_array("theta", theta), float(rates("eta", finite_number("eta", eta)))
    if theta.shape != (len(names),):
        raise ValueError(f"theta must be one number for each of {', '.join(names)}, got shape {theta.shape}")
    marks = [superscript(f"({row})") if n > 1 else "" for row in range(1, n + 1)]
    features = [[name + mark for name in problem.features] for mark in marks]
    return _Step(
        list(map(read, names, theta)),
        read("η", eta),
        [list(map(read, *row)) for row in zip(features, problem.x, strict=True)],
        [read(f"y{mark}", y) for mark, y in zip(marks, problem.y, strict=True)],
    )


def _between(
    symbols: _Step, outputs: Sequence[Expression], given: _Step, shown: Sequence[Expression], digits: int
) -> Iterator[Line]:
    """Yield a line for each error, to its last digit, and for each slope, worked out from the shown outputs."""
    for name, formula, numbers in zip(outputs, symbols.errors(outputs), given.errors(shown), strict=True):
        result = in_digits(numbers.value, ALL_DIGITS)
        yield _line(f"{name.tokens[0]} − y{name.tokens[0][1:]}", formula, numbers, result)
    for old, formula, numbers in zip(symbols.theta, symbols.slopes(outputs), given.slopes(shown), strict=True):
        yield _line(f"∂L/∂{old.tokens[0]}", formula, numbers, in_digits(numbers.value, digits))


def _fewest_digits(
    symbols: _Step, formulas: Sequence[Expression], digits: int
) -> tuple[_Step, list[Expression], list[Expression]]:
    """Return the step in numbers, the formulas in them, and what they come to, in the fewest digits that hold together.

    First the digits of the errors are chosen, with unrounded inputs; then the digits of the inputs.
    """
    enough = (*range(digits, 2 * FLOAT_DIGITS + 1), ALL_DIGITS)  # with the last of them, as below, nothing is rounded
    kept = next(kept for kept in enough if _in_numbers(symbols, symbols, formulas, digits, kept)[-1])
    for step in map(symbols.rounded, range(digits, FLOAT_DIGITS + 1)):  # pragma: no branch
        numbers, results, honest = _in_numbers(step, symbols, formulas, digits, kept)
        if honest:
            break
    return step, numbers, results


def _in_numbers(
    step: _Step, symbols: _Step, formulas: Sequence[Expression], digits: int, kept: int
) -> tuple[list[Expression], list[Expression], bool]:
    """Return the formulas in the step's numbers, what they come to, and whether a calculator and every sign agree.

    Results have ``digits`` digits; outputs have so many that their errors keep ``kept``.
    """
    n = len(step.y)
    totals, loss, new = formulas[:n], formulas[n], formulas[n + 1 :]
    outputs = [keeping_gap(*row, kept, kept) for row in zip(totals, symbols.y, step.y, strict=True)]
    after = [keeping_gap(*row, digits, 2) for row in zip(new, symbols.theta, step.theta, strict=True)]
    numbers, results = [*step.totals(), *step.update(outputs)], [*outputs, in_digits(loss.value, digits), *after]
    close = all(abs(a.value - b.value) <= b.unit for a, b in zip(numbers, results, strict=True))
    return numbers, results, close and step.signs(outputs, after) == symbols.signs(totals, new)


def _line(name: str, formula: Expression, numbers: Expression, result: Expression) -> Line:
    relations = (
        "←" if name == formula.tokens[0] else "=",
        "=" if numbers.exact else "≈",
        "=" if numbers.value == result.value else "≈",
    )
    return Line(name, tuple(zip(relations, (formula.tokens, numbers.tokens, result.tokens), strict=True)))
