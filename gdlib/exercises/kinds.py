"""What an exercise is, and the mistakes that come again and again.

A mistake is a wrong computation, kept as a function beside the right one. So a diagnosis compares what a reader's
function returns with what the wrong computation returns, on several data sets, and no number is typed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Computation = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A known mistake: what it is called, what to tell who made it, and the computation that makes it."""

    name: str
    hint: str
    compute: Computation


@dataclass(frozen=True)
class Exercise:
    """What an exercise asks for.

    Attributes
    ----------
    right
        The right computation. Its result is what a function shall return or, without arguments, what a value shall be.
    cases
        The arguments it is tried on; ``((),)`` for a value.
    mistakes
        The known mistakes. Where several fit, the first is told.
    choices
        The words to choose from, for a question with a word for its answer.
    seen
        What of a result is compared, where several results are as good as each other.
    accepts
        Whether a result for these arguments is right, where there are many right ones; else it has to equal ``right``.
    falls_short
        What to say about a result of the right form that is not accepted.
    tolerance
        How far a result may be off, in parts of its size: rounding errors, or more where a search is allowed.
    """

    right: Computation
    cases: tuple[tuple[Any, ...], ...] = ((),)
    mistakes: tuple[Mistake, ...] = ()
    choices: tuple[str, ...] = ()
    seen: Callable[[Any], Any] = lambda result: result
    accepts: Callable[[tuple[Any, ...], Any], bool] | None = None
    falls_short: Callable[[tuple[Any, ...], Any], str] | None = None
    tolerance: float = 1e-9

    @property
    def is_value(self) -> bool:
        """Whether a number or a word is asked for, rather than a function."""
        return self.cases == ((),)


def factor_forgotten(compute: Computation) -> Mistake:
    """Return the mistake of a lost factor 2."""
    hint = "A factor 2 is missing somewhere. What does the slope of a square bring with it?"
    return Mistake("factor 2 forgotten", hint, compute)


def sign_flipped(compute: Computation) -> Mistake:
    """Return the mistake of a turned sign, wherever it is: the numbers are the same."""
    hint = (
        "The size is right and the sign is not. Either (ŷ − y) is turned round, or there is a plus where the rule has "
        "its minus (or the other way about): the numbers cannot tell which, so look at both."
    )
    return Mistake("sign flipped, or plus for minus", hint, compute)


def error_turned(compute: Computation) -> Mistake:
    """Return the mistake of a turned sign where only the error can be turned round."""
    hint = "The size is right and the sign is not. Which of ŷ and y is taken from the other?"
    return Mistake("sign flipped", hint, compute)


def plus_for_minus(compute: Computation) -> Mistake:
    """Return the mistake of walking uphill, where no (ŷ − y) is in sight."""
    hint = "This walks uphill. Which sign stands between the old θ and the step, and which sign has the slope?"
    return Mistake("plus for minus", hint, compute)


def sum_for_mean(compute: Computation) -> Mistake:
    """Return the mistake of forgetting the number of rows."""
    return Mistake("sum for mean", "This is the sum over the rows. What makes a sum a mean?", compute)


def rate_squared(compute: Computation) -> Mistake:
    """Return the mistake of a rate that goes in twice."""
    return Mistake("η squared", "η goes in twice. It turns a slope into a step once.", compute)


def x_left_out(compute: Computation) -> Mistake:
    """Return the mistake of moving all parameters alike."""
    hint = "All parameters move alike, as if they had the same input. How does ŷ answer each of them?"
    return Mistake("x left out", hint, compute)


def bias_forgotten(compute: Computation) -> Mistake:
    """Return the mistake of leaving the bias out."""
    return Mistake("bias forgotten", "The bias is left out. What is its input?", compute)


def stale_gradient(compute: Computation) -> Mistake:
    """Return the mistake of an old gradient."""
    hint = "The slope is taken at an old θ again and again. Where do you stand when the next step begins?"
    return Mistake("gradient at the wrong θ", hint, compute)


def rounded_between(compute: Computation) -> Mistake:
    """Return the mistake of going on from a rounded number."""
    hint = "A number was rounded, on the way or at the end. Keep all digits, and round only what you print."
    return Mistake("rounding between steps", hint, compute)


def bias_by_new_weights(compute: Computation) -> Mistake:
    """Return the mistake of computing the error anew for the bias."""
    hint = (
        "The weights are right, the bias is not: its error was computed after the weights had moved. All parameters "
        "share one error."
    )
    return Mistake("b updated with the new w", hint, compute)


def one_step_more(compute: Computation) -> Mistake:
    """Return the mistake of a step too many."""
    return Mistake("one step too many", "You are one step ahead. Count the rounds of the loop.", compute)


def one_step_less(compute: Computation) -> Mistake:
    """Return the mistake of a step too few."""
    return Mistake("one step too few", "You are one step behind. Count the rounds of the loop.", compute)


def chosen(word: str, hint: str) -> Mistake:
    """Return a wrong choice as a mistake."""
    return Mistake(f"chose “{word}”", hint, lambda: word)
