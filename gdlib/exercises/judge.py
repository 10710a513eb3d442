"""What judges an answer: it compares results with the right ones, and with those of each known mistake."""

import dis
from typing import Any

import numpy as np

from gdlib.exercises.attempt import Outcome, attempt
from gdlib.exercises.kinds import Computation, Exercise, Mistake
from gdlib.exercises.reply import Reply, wrong
from gdlib.exercises.wording import kind, parameters, real_numbers, told

#: A result of this form can be compared: an array of numbers, a word, or the name of an exception.
Form = np.ndarray | str


def judge(exercise: Exercise, answer: Any) -> Reply | None:  # noqa: ANN401
    """Return whether an answer is right, or which mistake it is; None for a function that is still to be written.

    The answer is what the exercise asks for: a function, or else a value.
    """
    outcomes = _outcomes(exercise, answer)
    if _is_stub(answer, outcomes[0]):
        return None
    if not outcomes[-1].in_time:
        return wrong(
            "It is still running after two seconds, so it was stopped. Does a loop wait for something that never comes?"
        )
    got = [_form(exercise, outcome) for outcome in outcomes]
    right = [result_of(exercise, exercise.right, case) for case in exercise.cases]
    bad = next((i for i, case in enumerate(exercise.cases) if not _is_right(exercise, case, got[i], right[i])), None)
    if bad is None:
        return _untouched(exercise, answer, outcomes)
    mistake = diagnose(exercise, got)
    if mistake:
        return wrong(mistake.hint, mistake.name)
    rounded = _rounded(got, right)
    if rounded is not None:
        return rounded
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
        return [Outcome(answer)]
    outcomes = []
    for case in exercise.cases:
        outcomes.append(attempt(answer, case))
        if not outcomes[-1].in_time:
            break
    return outcomes


def _is_stub(answer: Any, first: Outcome) -> bool:  # noqa: ANN401
    """Return whether a function is still the one that the exercise came with, by its first outcome."""
    if isinstance(first.error, NotImplementedError) or first.value is ...:
        return True
    if first.value is not None or first.error is not None or not hasattr(answer, "__code__"):
        return False
    does_nothing = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    return {instruction.opname for instruction in dis.get_instructions(answer)} <= does_nothing


def _form(exercise: Exercise, outcome: Outcome) -> Form:
    """Return a result in the form in which results are compared; what cannot be compared is a word in brackets."""
    if outcome.error is not None:
        return f"<{type(outcome.error).__name__}>"
    if isinstance(outcome.value, str):
        return outcome.value.strip(" .!").lower()
    if isinstance(outcome.value, bool | np.bool_) and exercise.choices == ("yes", "no"):
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


def _rounded(got: list[Form], right: list[Form]) -> Reply | None:
    """Return a reply if the results are right ones that have lost digits."""
    pairs = list(zip(got, right, strict=True))
    if any(isinstance(one, str) or isinstance(other, str) or one.shape != other.shape for one, other in pairs):
        return None
    if all(np.array_equal(one, np.trunc(other)) for one, other in pairs) and any(_size(one) for one, _ in pairs):
        text = (
            "The decimals are cut off. An array made of whole numbers keeps whole numbers: begin with `0.0`, not `0`."
        )
        return wrong(text, "integers for decimals")
    close = all(_size(one - other) <= 0.15 * _size(other) for one, other in pairs)
    for digits in range(1, 9):
        if close and all(np.allclose(one, np.round(other, digits), rtol=0, atol=1e-12) for one, other in pairs):
            return wrong("Right, but rounded. Keep all digits.", "rounded")
    return None
