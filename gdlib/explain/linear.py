"""One step on the squared error, written out."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from gdlib._arithmetic import FLOAT_DIGITS, TWO, Expression, in_digits, keeping_gap, mean, to_float
from gdlib.explain.display import Explanation, line
from gdlib.explain.step import ALL_DIGITS, Step, fewest_digits, lines_between, marks_of, symbols_of
from gdlib.linear import LinearRegression


def explain_linear(
    problem: LinearRegression, theta: ArrayLike, eta: float, digits: int, step: int | None
) -> Explanation:
    """Return a step of linear regression written out; arguments as `explain` takes them."""
    symbols = symbols_of(problem, theta, eta)
    totals, hats = symbols.totals(), [f"ŷ{mark}" for mark in marks_of(len(problem))]
    outputs = [Expression((hat,), total.value) for hat, total in zip(hats, totals, strict=True)]
    formulas = [*totals, *_update(symbols, outputs)]
    names = [*hats, "L", *problem.names]
    enough = (*range(digits, 2 * FLOAT_DIGITS + 1), ALL_DIGITS)  # of the errors; with the last nothing is rounded
    given, numbers, results = fewest_digits(symbols, formulas, digits, _in_numbers, enough)
    lines = map(line, names, formulas, numbers, results)
    values = [to_float(formula.value) for formula in formulas]
    n = len(hats)
    between = lines_between(symbols, outputs, given, results[:n], _slopes, digits)
    return Explanation(tuple(lines), tuple(values[:n]), values[n], tuple(values[n + 1 :]), step, tuple(between))


def _update(step: Step, outputs: Sequence[Expression]) -> list[Expression]:
    """Return the loss, equation (4), and the new parameters, equations (9) and (13), with means over the rows."""
    rate = step.eta * TWO
    new = [old - rate * pull for old, pull in zip(step.theta, step.pulls(outputs), strict=True)]
    return [mean([error.bracketed().squared() for error in step.errors(outputs)]), *new]


def _slopes(step: Step, outputs: Sequence[Expression]) -> list[Expression]:
    """Return the slope of the loss for each parameter, as `_update` multiplies it by η."""
    return [TWO * pull for pull in step.pulls(outputs)]


def _in_numbers(
    step: Step, symbols: Step, formulas: Sequence[Expression], digits: int, kept: int
) -> tuple[list[Expression], list[Expression], bool]:
    """Return the formulas in the step's numbers, what they come to, and whether a calculator and every sign agree.

    Results have ``digits`` digits; outputs have so many that their errors keep ``kept``.
    """
    n = len(step.y)
    totals, loss, new = formulas[:n], formulas[n], formulas[n + 1 :]
    outputs = [keeping_gap(*row, kept, kept) for row in zip(totals, symbols.y, step.y, strict=True)]
    after = [keeping_gap(*row, digits, 2) for row in zip(new, symbols.theta, step.theta, strict=True)]
    numbers, results = [*step.totals(), *_update(step, outputs)], [*outputs, in_digits(loss.value, digits), *after]
    close = all(abs(a.value - b.value) <= b.unit for a, b in zip(numbers, results, strict=True))
    return numbers, results, close and step.signs(outputs, after) == symbols.signs(totals, new)
