"""One step of gradient descent on a linear regression, written out as arithmetic from its own numbers.

The arithmetic is honest. A float is read as the decimal of its 15 significant digits (0.12800000000000003 is 0.128);
from there on everything is exact. ``=`` stands only where what is shown is exactly so, ``≈`` elsewhere. Whoever types
the shown numbers into a calculator gets the shown result to within one unit of its last place, and no error, and no
change of a parameter, is ever rounded away: where this takes more digits than were asked for, more are shown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from html import escape
from operator import add
from textwrap import wrap
from typing import NamedTuple, Protocol
from unicodedata import normalize

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import count, finite_array, finite_number, rates
from gdlib.linear import LinearRegression

#: The significant digits in which a float is read: shown with as many, whatever goes into a step stands unrounded.
FLOAT_DIGITS = 15

#: More significant digits than any output of floats can have.
ALL_DIGITS = 3000

#: From 10⁻⁴ on and below 10⁷ a number is written without a power of ten.
PLAIN = (-4, 7)

#: The most rows that are written out: nobody reads longer sums.
MOST_ROWS = 4

#: Characters in a row of text.
WIDTH = 96

_RAISED = str.maketrans("0123456789-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾")
_LATEX = str.maketrans({"ŷ": r"\hat{y}", "η": r"\eta", "·": r" \cdot ", "−": "-", "←": r"\leftarrow", "≈": r"\approx"})


# --- an explanation and its three looks -------------------------------------------------------------------------------


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
    """A step written out: text when printed, mathematics in a notebook, and rows of HTML beside a slider.

    Attributes
    ----------
    lines
        A `Line` for the output of each row, for the loss, and for each parameter.
    outputs, loss, parameters
        The numbers themselves: ŷ of each row and the mean squared error before the step, θ after it.
    step
        Which step of a run it is, or None.
    between
        What the three looks leave out and a pencil wants: a `Line` for the error ŷ − y of each row, and for each slope.
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
        return "\n".join([*self._title(), *(" ".join(row).rstrip() for row in padded)])

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        title = [rf"&\text{{{words}}}" for words in self._title()]
        rows = [f"{_latex(name)} &{_latex(' '.join(cells))}" for name, *cells in self._rows()]
        return "$$\\begin{aligned}\n" + " \\\\\n".join([*title, *rows]) + "\n\\end{aligned}$$"

    def to_html(self) -> str:
        """Return a table, a row for each line, in plain characters: live text beside a slider."""
        caption = [f"<caption>{escape(words)}</caption>" for words in self._title()]
        return "\n".join(["<table>", *caption, *map(_html, self.lines), "</table>"])

    def _title(self) -> list[str]:
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


def _html(line: Line) -> str:
    cells = "".join(f'<td style="text-align: left; padding: 0 0.5em">{escape(cell)}</td>' for cell in line.cells())
    return f'<tr><th scope="row">{escape(line.name)}</th>{cells}</tr>'


# --- arithmetic that shows itself -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shown:
    """Arithmetic on display: what is written, what that comes to, and whether every number in it stands unrounded."""

    tokens: tuple[str, ...]
    value: Fraction
    exact: bool = True
    unit: Fraction = Fraction(0)  # of the last place of a number; an exact zero has none

    def __add__(self, other: _Shown) -> _Shown:
        return self._then(" + ", other, self.value + other.value)

    def __sub__(self, other: _Shown) -> _Shown:
        return self._then(" − ", other, self.value - other.value)

    def __mul__(self, other: _Shown) -> _Shown:
        return self._then("·", other, self.value * other.value)

    def _then(self, sign: str, other: _Shown, value: Fraction) -> _Shown:
        first, *rest = other.tokens
        if first.startswith("−") or (sign == "·" and "·" in first):  # 2·(−0.3), 2·(1.2·10⁻⁷)
            first = f"({first})"
        return _Shown((*self.tokens, sign, first, *rest), value, self.exact and other.exact)

    def bracketed(self) -> _Shown:
        return _Shown(("(", *self.tokens, ")"), self.value, self.exact)

    def squared(self) -> _Shown:
        return _Shown((*self.tokens, "²"), self.value**2, self.exact)


def _mean(terms: Sequence[_Shown]) -> _Shown:
    """Return the mean of the terms; of a single one, the term itself."""
    if len(terms) == 1:
        return terms[0]
    total = reduce(add, terms).bracketed()
    return _Shown((*total.tokens, f"/{len(terms)}"), total.value / len(terms), total.exact)


_TWO = _Shown(("2",), Fraction(2))


class _Step(NamedTuple):
    """What goes into a step, in symbols or in numbers."""

    theta: list[_Shown]
    eta: _Shown
    x: list[list[_Shown]]
    y: list[_Shown]

    def rounded(self, digits: int) -> _Step:
        """Return the step in numbers of so many digits."""

        def numbers(given: list[_Shown]) -> list[_Shown]:
            return [_number(symbol.value, digits) for symbol in given]

        return _Step(numbers(self.theta), *numbers([self.eta]), list(map(numbers, self.x)), numbers(self.y))

    def totals(self) -> list[_Shown]:
        """Return w₁·x₁ + … + b for each row, equation (2)."""
        *weights, bias = self.theta
        return [reduce(add, [*(w * x for w, x in zip(weights, row, strict=True)), bias]) for row in self.x]

    def update(self, outputs: Sequence[_Shown]) -> list[_Shown]:
        """Return the loss, equation (4), and the new parameters, equations (9) and (13), with means over the rows."""
        errors = [error.bracketed() for error in self.errors(outputs)]
        rate = self.eta * _TWO
        new = [old - rate * mean for old, mean in zip(self.theta, self._means(errors), strict=True)]
        return [_mean([error.squared() for error in errors]), *new]

    def errors(self, outputs: Sequence[_Shown]) -> list[_Shown]:
        """Return ŷ − y for each row."""
        return [output - y for output, y in zip(outputs, self.y, strict=True)]

    def slopes(self, outputs: Sequence[_Shown]) -> list[_Shown]:
        """Return the slope of the loss for each parameter, as `update` multiplies it by η."""
        return [_TWO * mean for mean in self._means([error.bracketed() for error in self.errors(outputs)])]

    def _means(self, errors: Sequence[_Shown]) -> list[_Shown]:
        columns = [[e * x for e, x in zip(errors, column, strict=True)] for column in zip(*self.x, strict=True)]
        return [_mean(column) for column in [*columns, errors]]

    def signs(self, outputs: Sequence[_Shown], new: Sequence[_Shown]) -> list[int]:
        """Return the signs of the errors and of the changes: +1, 0 or −1."""
        pairs = zip([*outputs, *new], [*self.y, *self.theta], strict=True)
        return [(after.value > before.value) - (after.value < before.value) for after, before in pairs]


# --- numbers as a textbook writes them --------------------------------------------------------------------------------


def _read(name: str, value: float) -> _Shown:
    """Return a symbol that stands for the decimal which a float is read as."""
    return _Shown((name,), Fraction(f"{value:.{FLOAT_DIGITS}g}"))


def _number(value: Fraction, digits: int) -> _Shown:
    """Return a number in so many significant digits."""
    return _rounded(value, _exponent(value) - digits + 1)


def _beside(exact: _Shown, anchor: _Shown, shown: _Shown, digits: int, kept: int) -> _Shown:
    """Return a number in so many digits, or more, so that its gap to the anchor (itself ``shown``) keeps some too."""
    value, gap = exact.value, exact.value - anchor.value
    return _rounded(value, min(_exponent(value) - digits, _exponent(gap) - kept) + 1) if gap else shown


def _exponent(value: Fraction) -> int:
    """Return the power of ten of the leading digit."""
    guess = len(str(abs(value.numerator))) - len(str(value.denominator))
    return guess if abs(value) >= Fraction(10) ** guess else guess - 1


def _rounded(value: Fraction, place: int) -> _Shown:
    """Return a number in whole units of 10^place."""
    if not value:
        return _Shown(("0",), value)
    unit = Fraction(10) ** place
    whole = round(value / unit)
    exact = whole * unit == value
    if exact and place > 0 and abs(value) < 10 ** PLAIN[1]:  # 1200 in units of 100 is written out, to the last 0
        return _rounded(value, 0)
    return _Shown((_text(whole, place),), whole * unit, exact, unit)


def _text(whole: int, place: int) -> str:
    """Write whole·10^place: plainly if its last place shows and it is neither huge nor tiny, else with a power of ten.

    Very many digits are split where that is shorter: 0.5 − 1.2·10⁻³⁰.
    """
    length, digits = len(str(abs(whole))), str(abs(whole)).rstrip("0")
    exponent = length - 1 + place
    if place <= 0 and PLAIN[0] <= exponent < PLAIN[1]:
        text = format(Decimal(f"{digits}e{exponent - len(digits) + 1}"), "f")
    else:
        power = "10" + str(exponent).translate(_RAISED)
        text = power if digits == "1" else f"{digits[0]}.{digits[1:]}".rstrip(".") + f"·{power}"
    text = "−" * (whole < 0) + text
    if len(digits) <= FLOAT_DIGITS:
        return text
    head = round(whole, FLOAT_DIGITS - length)
    tail = _text(whole - head, place).lstrip("−")
    return min(text, f"{_text(head, place)} {'−' if whole < head else '+'} {tail}", key=len)


# --- a step, explained ------------------------------------------------------------------------------------------------


class _Run(Protocol):
    problem: LinearRegression
    parameters: np.ndarray
    rates: np.ndarray
    rows: Sequence[np.ndarray]


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
        Significant digits, 1 to 15; trailing zeros are dropped, and honesty may take more.
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
    outputs = [_Shown((hat,), total.value) for hat, total in zip(hats, totals, strict=True)]
    formulas = [*totals, *symbols.update(outputs)]
    names = [*hats, "L", *problem.names]
    given, numbers, results = _fewest_digits(symbols, formulas, digits)
    lines = map(_line, names, formulas, numbers, results)
    values = [_float(formula.value) for formula in formulas]
    n = len(hats)
    between = _between(symbols, outputs, given, results[:n], digits)
    return Explanation(tuple(lines), tuple(values[:n]), values[n], tuple(values[n + 1 :]), step, tuple(between))


def explain_step(run: _Run, k: int, digits: int = 6) -> Explanation:
    """Return step k = 1, 2, … of a run written out: from ``run.parameters[k - 1]`` to ``run.parameters[k]``.

    Raises
    ------
    TypeError, ValueError
        If the run has no step k or has several walkers, and for what `explain` says.
    """
    if np.ndim(run.parameters) != 2:
        raise ValueError(f"run must have a single walker, got parameters of shape {np.shape(run.parameters)}")
    k = count("k", k, most=len(run.parameters) - 1)
    problem = run.problem
    if isinstance(problem, LinearRegression):
        problem = problem[run.rows[k - 1]]
    return explain(problem, run.parameters[k - 1], run.rates[k - 1], digits, k)


def _symbols(problem: LinearRegression, theta: ArrayLike, eta: float) -> _Step:
    """Check what goes into a step, and name it."""
    if not isinstance(problem, LinearRegression):
        raise TypeError(f"problem must be a LinearRegression, got {type(problem).__name__}")
    n, names = len(problem), problem.names
    if n > MOST_ROWS:
        raise ValueError(f"problem must have at most {MOST_ROWS} rows, got {n}; take some of them with problem[rows]")
    theta, eta = finite_array("theta", theta), float(rates("eta", finite_number("eta", eta)))
    if theta.shape != (len(names),):
        raise ValueError(f"theta must be one number for each of {', '.join(names)}, got shape {theta.shape}")
    marks = [f"({row})".translate(_RAISED) if n > 1 else "" for row in range(1, n + 1)]
    features = [[name.replace("w", "x") + mark for name in names[:-1]] for mark in marks]
    return _Step(
        list(map(_read, names, theta)),
        _read("η", eta),
        [list(map(_read, *row)) for row in zip(features, problem.x, strict=True)],
        [_read(f"y{mark}", y) for mark, y in zip(marks, problem.y, strict=True)],
    )


def _between(
    symbols: _Step, outputs: Sequence[_Shown], given: _Step, shown: Sequence[_Shown], digits: int
) -> Iterator[Line]:
    """Yield a line for each error, to its last digit, and for each slope, worked out from the shown outputs."""
    for name, formula, numbers in zip(outputs, symbols.errors(outputs), given.errors(shown), strict=True):
        result = _number(numbers.value, ALL_DIGITS)
        yield _line(f"{name.tokens[0]} − y{name.tokens[0][1:]}", formula, numbers, result)
    for old, formula, numbers in zip(symbols.theta, symbols.slopes(outputs), given.slopes(shown), strict=True):
        yield _line(f"∂L/∂{old.tokens[0]}", formula, numbers, _number(numbers.value, digits))


def _fewest_digits(symbols: _Step, formulas: Sequence[_Shown], digits: int) -> tuple[_Step, list[_Shown], list[_Shown]]:
    """Return the step in numbers, the formulas in them, and what they come to, with no more digits than honesty takes.

    First the errors get the fewest digits that do while whatever goes into the step stands unrounded, then that does.
    """
    for kept in (*range(digits, 2 * FLOAT_DIGITS + 1), ALL_DIGITS):  # pragma: no branch
        if _in_numbers(symbols, symbols, formulas, digits, kept)[-1]:
            break
    for given in range(digits, FLOAT_DIGITS + 1):  # pragma: no branch
        step = symbols.rounded(given)
        numbers, results, honest = _in_numbers(step, symbols, formulas, digits, kept)
        if honest:
            break
    return step, numbers, results


def _in_numbers(
    step: _Step, symbols: _Step, formulas: Sequence[_Shown], digits: int, kept: int
) -> tuple[list[_Shown], list[_Shown], bool]:
    """Return the formulas in the step's numbers, what they come to, and whether a calculator and every sign agree.

    Results have ``digits`` digits; outputs have so many that their errors keep ``kept``.
    """
    n = len(step.y)
    totals, loss, new = formulas[:n], formulas[n], formulas[n + 1 :]
    outputs = [_beside(*row, kept, kept) for row in zip(totals, symbols.y, step.y, strict=True)]
    after = [_beside(*row, digits, 2) for row in zip(new, symbols.theta, step.theta, strict=True)]
    numbers, results = [*step.totals(), *step.update(outputs)], [*outputs, _number(loss.value, digits), *after]
    close = all(abs(a.value - b.value) <= b.unit for a, b in zip(numbers, results, strict=True))
    return numbers, results, close and step.signs(outputs, after) == symbols.signs(totals, new)


def _line(name: str, formula: _Shown, numbers: _Shown, result: _Shown) -> Line:
    relations = (
        "←" if name == formula.tokens[0] else "=",
        "=" if numbers.exact else "≈",
        "=" if numbers.value == result.value else "≈",
    )
    return Line(name, tuple(zip(relations, (formula.tokens, numbers.tokens, result.tokens), strict=True)))


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
