"""What goes into one step of a model linear in θ, in symbols or in numbers, and what all kinds of steps share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from operator import add
from typing import NamedTuple

from numpy.typing import ArrayLike

from gdlib._arguments import finite_array, finite_number, rates
from gdlib._arithmetic import FLOAT_DIGITS, Expression, in_digits, mean, read
from gdlib._formatting import superscript
from gdlib.explain.display import Line, line
from gdlib.linear import LinearModel

ALL_DIGITS = 3000  # more significant digits than any output of floats can have
MOST_ROWS = 4  # the most rows that are written out: nobody reads longer sums


class Step(NamedTuple):
    """What goes into a step, in symbols or in numbers."""

    theta: list[Expression]
    eta: Expression
    x: list[list[Expression]]
    y: list[Expression]

    def rounded(self, digits: int) -> Step:
        """Return the step in numbers of so many digits."""

        def numbers(given: list[Expression]) -> list[Expression]:
            return [in_digits(symbol.value, digits) for symbol in given]

        return Step(numbers(self.theta), *numbers([self.eta]), list(map(numbers, self.x)), numbers(self.y))

    def totals(self) -> list[Expression]:
        """Return w₁·x₁ + … + b for each row, equation (2)."""
        *weights, bias = self.theta
        return [reduce(add, [*(w * x for w, x in zip(weights, row, strict=True)), bias]) for row in self.x]

    def errors(self, outputs: Sequence[Expression]) -> list[Expression]:
        """Return ŷ − y for each row; p − y, where the outputs are probabilities."""
        return [output - y for output, y in zip(outputs, self.y, strict=True)]

    def pulls(self, outputs: Sequence[Expression]) -> list[Expression]:
        """Return the mean over the rows of (ŷ − y)·x for each weight, and of ŷ − y for the bias."""
        errors = [error.bracketed() for error in self.errors(outputs)]
        columns = [[e * x for e, x in zip(errors, column, strict=True)] for column in zip(*self.x, strict=True)]
        return [mean(column) for column in [*columns, errors]]

    def signs(self, outputs: Sequence[Expression], new: Sequence[Expression]) -> list[int]:
        """Return the signs of the errors and of the changes: +1, 0 or −1."""
        pairs = zip([*outputs, *new], [*self.y, *self.theta], strict=True)
        return [(after.value > before.value) - (after.value < before.value) for after, before in pairs]


def marks_of(n: int) -> list[str]:
    """Return what marks the symbols of each of n rows: ⁽¹⁾, ⁽²⁾, …, and nothing for a row alone."""
    return [superscript(f"({row})") if n > 1 else "" for row in range(1, n + 1)]


def symbols_of(problem: LinearModel, theta: ArrayLike, eta: float) -> Step:
    """Check what goes into a step, and name it."""
    n, names = len(problem), problem.names
    if n > MOST_ROWS:
        raise ValueError(f"problem must have at most {MOST_ROWS} rows, got {n}; take some of them with problem[rows]")
    theta, eta = finite_array("theta", theta), float(rates("eta", finite_number("eta", eta)))
    if theta.shape != (len(names),):
        raise ValueError(f"theta must be one number for each of {', '.join(names)}, got shape {theta.shape}")
    marks = marks_of(n)
    features = [[name + mark for name in problem.features] for mark in marks]
    return Step(
        list(map(read, names, theta)),
        read("η", eta),
        [list(map(read, *row)) for row in zip(features, problem.x, strict=True)],
        [read(f"y{mark}", y) for mark, y in zip(marks, problem.y, strict=True)],
    )


def fewest_digits(
    symbols: Step,
    formulas: Sequence[Expression],
    digits: int,
    in_numbers: Callable[..., tuple[list[Expression], list[Expression], bool]],
    enough: Iterable[int],
) -> tuple[Step, list[Expression], list[Expression]]:
    """Return the step in numbers, the formulas in them, and what they come to, in the fewest digits that hold together.

    First the digits of what is between, ``enough`` to try, are chosen, with unrounded inputs; then those of the inputs.
    ``in_numbers`` tells the last two of what is returned, and whether they hold together.
    """
    kept = next(kept for kept in enough if in_numbers(symbols, symbols, formulas, digits, kept)[-1])
    for step in map(symbols.rounded, range(digits, FLOAT_DIGITS + 1)):  # pragma: no branch
        numbers, results, honest = in_numbers(step, symbols, formulas, digits, kept)
        if honest:
            break
    return step, numbers, results


def lines_between(
    symbols: Step,
    outputs: Sequence[Expression],
    given: Step,
    shown: Sequence[Expression],
    slopes: Callable[[Step, Sequence[Expression]], list[Expression]],
    digits: int,
) -> Iterator[Line]:
    """Yield a line for each error, to its last digit, and for each slope, worked out from the shown outputs."""
    for formula, numbers in zip(symbols.errors(outputs), given.errors(shown), strict=True):
        result = in_digits(numbers.value, ALL_DIGITS)
        yield line("".join(formula.tokens), formula, numbers, result)
    for old, formula, numbers in zip(symbols.theta, slopes(symbols, outputs), slopes(given, shown), strict=True):
        yield line(f"∂L/∂{old.tokens[0]}", formula, numbers, in_digits(numbers.value, digits))
