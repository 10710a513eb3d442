"""What judges an answer: it compares results with the right ones, and with those of each known mistake."""

import dis
from dataclasses import replace
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from gdlib.exercises.attempt import Outcome, attempt
from gdlib.exercises.kinds import Computation, Exercise, Mistake
from gdlib.exercises.reading import is_text, kind, real_numbers, roundoff
from gdlib.exercises.reply import Reply, wrong
from gdlib.exercises.wording import TOO_LONG, parameters, told, told_cut_off, told_what_is_asked_for

#: A result of this form can be compared: an array of numbers, a word, or the name of an exception.
Form = np.ndarray | str

#: By how many roundings of its own type a value may be off, and a function's result; and the most that is let pass.
VALUE_ROUNDINGS, FUNCTION_ROUNDINGS, COARSEST = 1, 8, 1e-3


def judge(exercise: Exercise, answer: Any) -> Reply | None:  # noqa: ANN401
    """Return whether an answer is right, or which mistake it is; None for a function that is still to be written.

    The answer is what the exercise asks for: a function, or else a value.
    """
    outcomes = _outcomes(exercise, answer)
    if outcomes[-1].asks_for:
        return wrong(told_what_is_asked_for(outcomes[-1].asks_for))
    if _is_stub(answer, outcomes[0]):
        return None
    if not outcomes[-1].in_time:
        return wrong(TOO_LONG)
    eps = max(roundoff(each) for each in ([answer] if exercise.is_value else [each.value for each in outcomes]))
    roundings = VALUE_ROUNDINGS if exercise.is_value else FUNCTION_ROUNDINGS
    exercise = replace(exercise, tolerance=max(exercise.tolerance, min(roundings * eps, COARSEST)))
    got = [_form(exercise, outcome) for outcome in outcomes]
    right = [result_of(exercise, exercise.right, case) for case in exercise.cases]
    bad = next((i for i, case in enumerate(exercise.cases) if not _is_right(exercise, case, got[i], right[i])), None)
    if bad is None:
        return _untouched(exercise, answer, outcomes)
    mistake = diagnose(exercise, got)
    if mistake:
        return wrong(mistake.hint, mistake.name)
    if _cut_off(got, right):
        return wrong(told_cut_off(exercise, right[0]), "integers for decimals")
    if _rounded(got, right, max(eps, 1e-12)):
        return wrong("Right, but rounded. Keep all digits.", "rounded")
    return wrong(told(exercise, answer, exercise.cases[bad], outcomes[bad], right[bad]))


def diagnose(exercise: Exercise, got: list[Form]) -> Mistake | None:
    """Return the known mistake that gives the same results on every data set, or None."""
    for mistake in exercise.mistakes:
        if all(
            alike(form, result_of(exercise, mistake.compute, case), exercise.tolerance)
            for form, case in zip(got, exercise.cases, strict=True)
        ):
            return mistake
    return None


def result_of(exercise: Exercise, compute: Computation, case: tuple[Any, ...]) -> Form:
    """Return what a computation of the course gives for a case, in the form in which results are compared."""
    try:
        with np.errstate(all="ignore"):
            outcome = Outcome(compute(*case))
    except (ValueError, IndexError) as error:  # such as a matrix the wrong way round, whose shapes do not fit
        outcome = Outcome(error=error)
    return _form(exercise, outcome)


def alike(one: Form, other: Form, tolerance: float) -> bool:
    """Return whether two results are the same, up to rounding."""
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=tolerance, atol=tolerance * _size(other)))


def _outcomes(exercise: Exercise, answer: Any) -> list[Outcome]:  # noqa: ANN401
    """Return what the answer gives for each case; after one that never ended, no more are tried."""
    if exercise.is_value:
        numbers = real_numbers(answer)
        return [Outcome(numbers.reshape(()) if numbers is not None and numbers.size == 1 else answer)]
    outcomes = []
    for case in exercise.cases:
        outcomes.append(attempt(answer, case))
        if outcomes[-1].asks_for or not outcomes[-1].in_time:
            break
    return outcomes


def _is_stub(answer: Any, first: Outcome) -> bool:  # noqa: ANN401
    """Return whether a function is still the one that the exercise came with, by its first outcome."""
    if isinstance(first.error, NotImplementedError) or first.value is ...:
        return True
    if first.value is not None or first.error is not None or type(answer) not in (FunctionType, MethodType):
        return False
    does_nothing = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    return {instruction.opname for instruction in dis.get_instructions(answer)} <= does_nothing


def _form(exercise: Exercise, outcome: Outcome) -> Form:
    """Return a result in the form in which results are compared; what cannot be compared is a word in brackets."""
    if outcome.error is not None:
        return f"<{type(outcome.error).__name__}>"
    if is_text(outcome.value):
        return str.lower(str.strip(outcome.value, " .!"))
    if type(outcome.value) in (bool, np.bool_) and exercise.choices == ("yes", "no"):
        return "yes" if outcome.value else "no"
    numbers = real_numbers(outcome.value)
    return f"<{kind(outcome.value)}>" if numbers is None else np.asarray(exercise.seen(numbers))


def _is_right(exercise: Exercise, case: tuple[Any, ...], form: Form, right: Form) -> bool:
    if exercise.accepts is not None:
        return not isinstance(form, str) and exercise.accepts(case, form)
    return alike(form, right, exercise.tolerance)


def _size(array: np.ndarray) -> float:
    """Return the largest entry's size, by which rounding errors are measured."""
    return float(np.abs(array).max(initial=0.0))


def _untouched(exercise: Exercise, answer: Any, outcomes: list[Outcome]) -> Reply:  # noqa: ANN401
    """Return that the answer is right, unless it changes what it is given."""
    changed = next((outcome.changed for outcome in outcomes if outcome.changed is not None), None)
    if changed is None:
        return Reply("right", "Right.")
    named = parameters(answer, len(exercise.cases[0]))[changed]
    return wrong(
        f"The numbers are right, but the function changes `{named}`, which belongs to whoever calls it. `-=` and "
        "`[i] =` write into the array itself: make a new one, or begin with a copy.",
        "argument changed",
    )


def _cut_off(got: list[Form], right: list[Form]) -> bool:
    """Return whether the results are right ones without their decimals, and not all zero."""
    pairs = list(zip(got, right, strict=True))
    whole = all(_of_one_form(*pair) and np.array_equal(pair[0], np.trunc(pair[1])) for pair in pairs)
    return whole and any(_size(one) for one in got)


def _rounded(got: list[Form], right: list[Form], slack: float) -> bool:
    """Return whether the results are right ones that have been rounded, to two significant digits at least.

    A tie may be rounded either way. What is right as it is needs no rounding.
    """
    return all(
        _of_one_form(one, other) and (alike(one, other, slack) or _is_rounding(one, other, slack))
        for one, other in zip(got, right, strict=True)
    )


def _is_rounding(one: np.ndarray, other: np.ndarray, slack: float) -> bool:
    """Return whether the numbers in ``one`` are those in ``other``, rounded to the same decimal place."""
    size = _size(other)
    if not (size and _size(one - other) <= 0.05 * size):
        return False
    second = 1 - int(np.floor(np.log10(size)))  # the place of the largest number's second digit
    return any(
        np.allclose(one, np.round(one, digits), rtol=0, atol=slack * size)
        and _size(one - other) <= (0.5 + 1e-6) * 10.0**-digits
        for digits in range(second, second + 9)
    )


def _of_one_form(one: Form, other: Form) -> bool:
    return not isinstance(one, str) and not isinstance(other, str) and one.shape == other.shape
