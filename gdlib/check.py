"""Exercises that answer back: right, or wrong and which mistake it is.

``check("concept-step", one_step)`` is the whole interface of an exercise, for numbers, words and functions alike.
``hint`` and ``solution`` help on request, and ``progress`` shows what is solved.
"""

from __future__ import annotations

import dis
import inspect
import linecache
import os
import re
import traceback
from collections.abc import Callable
from itertools import groupby
from typing import Any

import numpy as np

from gdlib._arguments import count
from gdlib.exercises import find_exercise
from gdlib.exercises.attempt import Outcome, attempt
from gdlib.exercises.kinds import Exercise, Mistake
from gdlib.exercises.progress import progress_file, remember, solved
from gdlib.exercises.reply import Reply
from gdlib.exercises.sheet import Entry, entries

#: A result of this form can be compared: an array of numbers, a word, or the name of an exception.
Form = np.ndarray | str


def check(name: str, answer: Any, *, file: str | os.PathLike[str] | None = None) -> Reply:  # noqa: ANN401
    """Return what there is to say about an answer: right, not solved yet, or which mistake it is.

    A function is called on several data sets, on copies, for two seconds at most each time. Whatever it does is
    answered in words; nothing is raised.

    Parameters
    ----------
    name
        The exercise, such as ``"concept-step"``.
    answer
        A number, several numbers, a word, or a function: what the exercise asks for.
    file
        Where progress is kept; by default ``my-progress.json`` in the notebook's folder.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    exercise = find_exercise(name)
    title = _title(name)
    if answer is None or answer is ...:
        return _unsolved(name, title)
    if callable(answer) and exercise.is_value:
        wanted = "A word" if exercise.choices else "A number"
        return _wrong(f"{wanted} is asked here, and this is a function. Call it, and hand over what it returns.")
    if not callable(answer) and not exercise.is_value:
        return _wrong("A function is asked here. Hand it over by its name, without brackets behind it.")
    outcomes = _outcomes(exercise, answer)
    if _is_stub(answer, outcomes):
        return _unsolved(name, title)
    reply = _judge(exercise, answer, outcomes)
    if not reply:
        return Reply(reply.verdict, reply.headline, f"{reply.text}\nA nudge: `hint({name!r})`.", reply.mistake)
    note = remember(name, progress_file(file))
    tried = f"Tried on {len(outcomes)} data sets." if callable(answer) else ""
    return Reply("right", f"Right: {title}.", "\n".join(filter(None, [tried, note])))


def hint(name: str, number: int = 1) -> Reply:
    """Return a hint: the first, or the one with this number. The last one does not give the answer away either.

    Raises
    ------
    TypeError, ValueError
        If ``number`` is no whole number from 1 on, or there is no such exercise.
    """
    entry, number = _entry(name), count("number", number)
    if entry is None:
        return _no_sheet()
    hints = entry.hints
    if number > len(hints):
        return Reply("note", f"No more hints: {entry.title}.", f"The solution: `solution({name!r})`.")
    more = f"The next: `hint({name!r}, {number + 1})`." if number < len(hints) else "That was the last hint."
    return Reply("note", f"Hint {number} of {len(hints)}: {entry.title}.", f"{hints[number - 1]}\n{more}")


def solution(name: str) -> Reply:
    """Return the solution and why it is right; raise ValueError if there is no such exercise."""
    entry = _entry(name)
    if entry is None:
        return _no_sheet()
    return Reply("note", f"Solution: {entry.title}.", _joined(entry.why), code=entry.solution)


def progress(file: str | os.PathLike[str] | None = None) -> Reply:
    """Return what is solved so far, notebook by notebook, and what comes next.

    Parameters
    ----------
    file
        Where progress is kept; by default ``my-progress.json`` in the notebook's folder.
    """
    known = entries()
    if not known:
        return _no_sheet()
    done, note = solved(progress_file(file))
    lines = []
    for sheet, group in groupby(known.values(), key=lambda entry: entry.sheet):
        marks = [entry.name in done for entry in group]
        bar = "".join("■" if mark else "□" for mark in marks)
        lines.append(f"{sheet:18} {bar:12} {sum(marks)} of {len(marks)}")
    left = [entry for entry in known.values() if entry.name not in done]
    then = f"Next: {left[0].title} ({left[0].minutes} min), in {left[0].sheet}." if left else "All of them. Well done."
    headline = f"Your progress: {len(known) - len(left)} of {len(known)} solved."
    return Reply("note", headline, "\n".join(filter(None, [note, then])), code="\n".join(lines))


# --- judging ----------------------------------------------------------------------------------------------------------


def _outcomes(exercise: Exercise, answer: Any) -> list[Outcome]:  # noqa: ANN401
    """Return what the answer gives for each case; after one that never ended, no more are tried."""
    if not callable(answer):
        return [Outcome(answer)]
    outcomes = []
    for case in exercise.cases:
        outcomes.append(attempt(answer, case))
        if not outcomes[-1].in_time:
            break
    return outcomes


def _judge(exercise: Exercise, answer: Any, outcomes: list[Outcome]) -> Reply:  # noqa: ANN401
    if not outcomes[-1].in_time:
        return _wrong(
            "It is still running after two seconds, so it was stopped. Does a loop wait for something that never comes?"
        )
    got = [_form(exercise, outcome) for outcome in outcomes]
    if all(_is_right(exercise, *each) for each in zip(exercise.cases, got, strict=True)):
        return _untouched(exercise, answer, outcomes)
    mistake = diagnose(exercise, got)
    if mistake:
        return _wrong(mistake.hint, mistake.name)
    rounded = _rounded(exercise, got)
    if rounded is not None:
        return rounded
    bad = next(i for i, each in enumerate(zip(exercise.cases, got, strict=True)) if not _is_right(exercise, *each))
    return _wrong(_told(exercise, answer, bad, outcomes[bad]))


def diagnose(exercise: Exercise, got: list[Form]) -> Mistake | None:
    """Return the known mistake that gives the same results on every data set, or None."""
    for mistake in exercise.mistakes:
        if all(
            _alike(form, result_of(exercise, mistake.compute, case), exercise.tolerance)
            for form, case in zip(got, exercise.cases, strict=True)
        ):
            return mistake
    return None


def result_of(exercise: Exercise, compute: Callable[..., Any], case: tuple[Any, ...]) -> Form:
    """Return what a computation of the course gives for a case, in the form in which results are compared."""
    try:
        with np.errstate(all="ignore"):
            outcome = Outcome(compute(*case))
    except (ValueError, IndexError) as error:  # such as a matrix the wrong way round, whose shapes do not fit
        outcome = Outcome(error=error)
    return _form(exercise, outcome)


def _form(exercise: Exercise, outcome: Outcome) -> Form:
    """Return a result in the form in which results are compared; what cannot be compared is a word in brackets."""
    if outcome.error is not None:
        return f"<{type(outcome.error).__name__}>"
    if isinstance(outcome.value, str):
        return outcome.value.strip(" .!").lower()
    if isinstance(outcome.value, bool | np.bool_) and exercise.choices == ("yes", "no"):
        return "yes" if outcome.value else "no"
    numbers = _numbers(outcome.value)
    return f"<{_kind(outcome.value)}>" if numbers is None else np.asarray(exercise.seen(numbers))


def _numbers(value: Any) -> np.ndarray | None:  # noqa: ANN401
    """Return a result as an array of floats, or None if it is not made of real numbers."""
    try:
        array = np.asarray(value)
        return array.astype(float) if array.dtype.kind in "fiu" else None
    except Exception:  # whatever a stranger's object does when it is looked at
        return None


def _is_right(exercise: Exercise, case: tuple[Any, ...], form: Form) -> bool:
    if exercise.accepts is not None:
        return not isinstance(form, str) and exercise.accepts(case, form)
    return _alike(form, result_of(exercise, exercise.right, case), exercise.tolerance)


def _alike(one: Form, other: Form, tolerance: float) -> bool:
    """Return whether two results are the same, up to rounding."""
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=tolerance, atol=tolerance * _size(other)))


def _size(array: np.ndarray) -> float:
    """Return the largest entry's size, by which rounding errors are measured."""
    return float(np.abs(array).max(initial=0.0))


def _untouched(exercise: Exercise, answer: Any, outcomes: list[Outcome]) -> Reply:  # noqa: ANN401
    changed = next((outcome.changed for outcome in outcomes if outcome.changed is not None), None)
    if changed is None:
        return Reply("right", "Right.")
    named = _parameters(answer, len(exercise.cases[0]))[changed]
    return _wrong(
        f"The numbers are right, but the function changes `{named}`, which belongs to whoever calls it. `-=` and "
        "`[i] =` write into the array itself: make a new one, or begin with a copy.",
        "argument changed",
    )


def _rounded(exercise: Exercise, got: list[Form]) -> Reply | None:
    """Return a reply if the results are right ones that have lost digits."""
    right = [result_of(exercise, exercise.right, case) for case in exercise.cases]
    pairs = list(zip(got, right, strict=True))
    if any(isinstance(one, str) or isinstance(other, str) or one.shape != other.shape for one, other in pairs):
        return None
    if all(np.array_equal(one, np.trunc(other)) for one, other in pairs) and any(_size(one) for one, _ in pairs):
        text = (
            "The decimals are cut off. An array made of whole numbers keeps whole numbers: begin with `0.0`, not `0`."
        )
        return _wrong(text, "integers for decimals")
    close = all(_size(one - other) <= 0.15 * _size(other) for one, other in pairs)
    for digits in range(1, 9):
        if close and all(np.allclose(one, np.round(other, digits), rtol=0, atol=1e-12) for one, other in pairs):
            return _wrong("Right, but rounded. Keep all digits.", "rounded")
    return None


# --- saying what came -------------------------------------------------------------------------------------------------


def _told(exercise: Exercise, answer: Any, bad: int, outcome: Outcome) -> str:  # noqa: ANN401
    """Return in words what is wrong with a result that is none of the known mistakes."""
    if outcome.error is not None:
        return f"{_with(exercise, answer, bad)}it stops with {_raised(answer, outcome.error)}"
    if exercise.choices:
        return f"Choose one of {', '.join(f'“{choice}”' for choice in exercise.choices)}."
    if outcome.value is None:
        prints = bool(outcome.printed.strip())
        return "It prints its result. `return` hands it back." if prints else "It returns nothing: is there a `return`?"
    numbers, right = _numbers(outcome.value), result_of(exercise, exercise.right, exercise.cases[bad])
    if numbers is None or numbers.shape != right.shape:
        came = _kind(outcome.value) if numbers is None else _form_of(numbers)
        return f"{'Your answer is' if exercise.is_value else 'It returns'} {came}; {_form_of(right)} was asked."
    return _told_numbers(exercise, numbers, right, _with(exercise, answer, bad), bad)


def _told_numbers(exercise: Exercise, numbers: np.ndarray, right: np.ndarray, given: str, bad: int) -> str:
    """Return in words that these numbers are not the right ones; for a value without saying which are."""
    if not np.isfinite(numbers).all():
        return f"{given}it gives {_shown(numbers)}: something is divided by zero, or grows without end."
    if exercise.is_value:
        return "Something else comes out, and none of the known mistakes leads to yours."
    if exercise.accepts is not None:
        return f"{given}it returns {_shown(numbers)}: {exercise.falls_short(exercise.cases[bad], numbers)}."
    digits = next((d for d in range(6, 17) if _shown(numbers, d) != _shown(right, d)), 17)
    return f"{given}it returns {_shown(numbers, digits)}, but {_shown(right, digits)} is right."


def _with(exercise: Exercise, answer: Any, bad: int) -> str:  # noqa: ANN401
    """Return “With theta = 5, eta = 0.1 ” for the arguments of a case that can be written in short."""
    case = exercise.cases[bad]
    names = _parameters(answer, len(case))
    pairs = [f"{name} = {_shown(value)}" for name, value in zip(names, case, strict=True) if not callable(value)]
    return f"With {', '.join(pairs)} " if pairs else ""


def _parameters(answer: Any, number: int) -> list[str]:  # noqa: ANN401
    """Return the names of the function's parameters, or numbers if it has others."""
    try:
        names = list(inspect.signature(answer).parameters)
    except (TypeError, ValueError):
        names = []
    return names if len(names) == number else [f"argument {i}" for i in range(1, number + 1)]


def _shown(value: Any, digits: int = 6) -> str:  # noqa: ANN401
    """Return numbers in short."""
    array = np.asarray(value, dtype=float)
    if array.size > 12:
        return f"an array of shape {array.shape}"
    if array.ndim == 0:
        return f"{array:.{digits}g}".replace("-", "−")
    return f"[{', '.join(_shown(each, digits) for each in array)}]"


def _form_of(numbers: np.ndarray) -> str:
    """Return in words which form numbers have."""
    return "an array of shape " + str(numbers.shape) if numbers.ndim else "a single number"


def _kind(value: Any) -> str:  # noqa: ANN401
    """Return in words what a thing is."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool | np.bool_):
        return f"{value}, yes or no"
    if isinstance(value, complex | np.complexfloating):
        return "a complex number"
    if callable(value):
        return "a function"
    return f"something of the type {type(value).__name__}, not made of plain numbers"


def _raised(answer: Any, error: BaseException) -> str:  # noqa: ANN401
    """Return an exception in words, with the reader's own line in which it was raised."""
    if isinstance(error, RecursionError):
        return "a RecursionError: it calls itself without end."
    said = " ".join(str(error).split())[:200].rstrip(".")
    file = getattr(getattr(answer, "__code__", None), "co_filename", None)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    line = linecache.getline(file, lines[-1]).strip() if lines else ""
    where = f" The line is `{line}`." if line else ""
    return f"{_article(type(error).__name__)}{f': {said}' if said else ''}.{where}"


def _article(name: str) -> str:
    return f"an {name}" if name[0] in "AEIOU" else f"a {name}"


def _is_stub(answer: Any, outcomes: list[Outcome]) -> bool:  # noqa: ANN401
    """Return whether a function is still the one that the exercise came with."""
    if isinstance(outcomes[0].error, NotImplementedError) or outcomes[0].value is ...:
        return True
    if outcomes[0].value is not None or outcomes[0].error is not None or not hasattr(answer, "__code__"):
        return False
    does_nothing = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    return {instruction.opname for instruction in dis.get_instructions(answer)} <= does_nothing


def _unsolved(name: str, title: str) -> Reply:
    text = f"Put your answer in place of the `...`, and run the cell again. A nudge: `hint({name!r})`."
    return Reply("unsolved", f"Not solved yet: {title}.", text)


def _wrong(text: str, mistake: str = "") -> Reply:
    return Reply("wrong", f"Not yet: {mistake}." if mistake else "Not yet.", text, mistake)


# --- the sheets -------------------------------------------------------------------------------------------------------


def _entry(name: str) -> Entry | None:
    """Return what the sheet says of an exercise; None if there are no sheets here."""
    find_exercise(name)
    return entries().get(name)


def _title(name: str) -> str:
    entry = entries().get(name)
    return entry.title if entry else name


def _joined(text: str) -> str:
    """Return a text without the line breaks inside its paragraphs."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


def _no_sheet() -> Reply:
    return Reply(
        "note", "The sheets are not here.", "Hints and solutions are in the course's folder `notebooks/solutions`."
    )
