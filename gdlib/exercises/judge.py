"""What judges an answer: it compares results with the right ones, and with those of each known mistake."""

import dis
from dataclasses import replace
from types import FunctionType, MethodType
from typing import Any

from gdlib.exercises.attempt import Outcome, attempt
from gdlib.exercises.diagnosis import diagnose, right_entries
from gdlib.exercises.forms import Form, alike, form_of, result_of
from gdlib.exercises.kinds import Exercise
from gdlib.exercises.reading import real_numbers, roundoff
from gdlib.exercises.reply import Reply, wrong
from gdlib.exercises.wording import (
    TOO_LONG,
    parameters,
    slopes_side_by_side,
    told,
    told_parts,
    told_slopes,
    told_way_out,
    told_what_is_asked_for,
)

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
    got = [form_of(exercise, outcome) for outcome in outcomes]
    right = [result_of(exercise, exercise.right, case) for case in exercise.cases]
    bad = next((i for i, case in enumerate(exercise.cases) if not _is_right(exercise, case, got[i], right[i])), None)
    if bad is None:
        return _untouched(exercise, answer, outcomes)
    table = slopes_side_by_side(exercise, exercise.cases[bad], got[bad])
    known = diagnose(exercise, got, right, max(eps, 1e-12))
    if known:
        return replace(wrong(*known), table=table)
    if table:
        return replace(wrong(told_slopes(answer, exercise.cases[bad])), table=table)
    parts = told_parts(exercise, right_entries(exercise, got[bad], right[bad]))
    if outcomes[bad].value is None and any(each.value is not None for each in outcomes) and not outcomes[bad].error:
        return wrong(told_way_out(answer, exercise.cases[bad]))
    said = told(exercise, answer, exercise.cases[bad], outcomes[bad], right[bad])
    return wrong("\n".join(filter(None, [parts, said])))


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


def _is_right(exercise: Exercise, case: tuple[Any, ...], form: Form, right: Form) -> bool:
    if exercise.accepts is not None:
        return not isinstance(form, str) and exercise.accepts(case, form)
    return alike(form, right, exercise.tolerance)


def _untouched(exercise: Exercise, answer: Any, outcomes: list[Outcome]) -> Reply:  # noqa: ANN401
    """Return that the answer is right, unless it changes what it is given."""
    allowed = (None, *exercise.may_change)
    changed = next((outcome.changed for outcome in outcomes if outcome.changed not in allowed), None)
    if changed is None:
        return Reply("right", "Right.", code=exercise.shown)
    named = parameters(answer, len(exercise.cases[0]))[changed]
    return wrong(
        f"The numbers are right, but the function changes `{named}`, which belongs to whoever calls it. `-=` and "
        "`[i] =` write into the array itself: make a new one, or begin with a copy.",
        "argument changed",
    )
