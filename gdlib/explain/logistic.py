"""One step of logistic regression, written out: scores, probabilities, the log-loss and the new parameters.

σ and ln are worked out to many more digits than are shown; what follows is as in a step on the squared error.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import sub

from numpy.typing import ArrayLike

from gdlib._arithmetic import Expression, exponent, in_digits, in_units, keeping_gap, to_float
from gdlib.classify import LogisticRegression
from gdlib.explain.display import Explanation, line
from gdlib.explain.functions import ONE, ln, one_number, sigma
from gdlib.explain.step import Step, fewest_digits, lines_between, marks_of, symbols_of


def explain_logistic(
    problem: LogisticRegression, theta: ArrayLike, eta: float, digits: int, step: int | None
) -> Explanation:
    """Return a step of logistic regression written out; arguments as `explain` takes them."""
    symbols, marks = symbols_of(problem, theta, eta), marks_of(len(problem))
    totals = symbols.totals()
    scores = [Expression((f"z{mark}",), total.value) for mark, total in zip(marks, totals, strict=True)]
    odds = [sigma(score) for score in scores]
    outputs = [Expression((f"p{mark}",), p.value) for mark, p in zip(marks, odds, strict=True)]
    formulas = [*totals, *odds, _loss(symbols, outputs), *_update(symbols, outputs)]
    enough = range(digits, 1000)  # of p and 1 − p
    given, numbers, results = fewest_digits(symbols, formulas, digits, _in_numbers, enough)
    n, names = len(problem), [*(each.tokens[0] for each in (*scores, *outputs)), "L", *problem.names]
    rounds = [False] * n + [True] * (n + 1) + [False] * len(problem.names)
    lines = map(line, names, formulas, numbers, results, rounds)
    values = [to_float(formula.value) for formula in formulas[n:]]
    between = lines_between(symbols, outputs, given, results[n : 2 * n], Step.pulls, digits)
    return Explanation(tuple(lines), tuple(values[:n]), values[n], tuple(values[n + 1 :]), step, tuple(between))


def _loss(step: Step, outputs: Sequence[Expression]) -> Expression:
    """Return the mean over the rows of −ln p where y = 1, of −ln(1 − p) where y = 0."""
    likely = [ln(p if y.value else ONE - one_number(p)) for p, y in zip(outputs, step.y, strict=True)]
    first = Expression(("−", *likely[0].tokens), -likely[0].value, likely[0].exact)
    total = reduce(sub, likely[1:], first)
    if len(likely) == 1:
        return total
    whole = total.bracketed()
    return Expression((*whole.tokens, f"/{len(likely)}"), whole.value / len(likely), whole.exact)


def _update(step: Step, outputs: Sequence[Expression]) -> list[Expression]:
    """Return the new parameters, with the mean over the rows of (p − y)·x."""
    return [old - step.eta * pull for old, pull in zip(step.theta, step.pulls(outputs), strict=True)]


def _in_numbers(
    step: Step, symbols: Step, formulas: Sequence[Expression], digits: int, kept: int
) -> tuple[list[Expression], list[Expression], bool]:
    """Return the formulas in the step's numbers, what they come to, and whether a calculator and every sign agree.

    Results have ``digits`` digits; p has so many that p and 1 − p keep ``kept``, and z has what that takes.
    """
    n = len(step.y)
    totals, odds, loss, new = formulas[:n], formulas[n : 2 * n], formulas[2 * n], formulas[2 * n + 1 :]
    scores = [in_units(z.value, min(exponent(z.value) - digits + 1, -kept)) for z in totals]
    outputs = [in_units(p.value, min(exponent(p.value), exponent(1 - p.value)) - kept + 1) for p in odds]
    after = [keeping_gap(*row, digits, 2) for row in zip(new, symbols.theta, step.theta, strict=True)]
    numbers = [*step.totals(), *map(sigma, scores), _loss(step, outputs), *_update(step, outputs)]
    results = [*scores, *outputs, in_digits(loss.value, digits), *after]
    close = all(abs(a.value - b.value) <= b.unit for a, b in zip(numbers, results, strict=True))
    return numbers, results, close and step.signs(outputs, after) == symbols.signs(odds, new)
