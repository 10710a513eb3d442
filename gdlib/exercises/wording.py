"""What says in words what came of an answer, and what was wanted."""

import inspect
import linecache
import traceback
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from gdlib._formatting import number
from gdlib.exercises.attempt import Outcome
from gdlib.exercises.kinds import Exercise
from gdlib.exercises.reading import comma_meant, is_text, kind, number_in, real_numbers

TOO_LONG = "It is still running after two seconds, so it was stopped. Does a loop wait for something that never comes?"


def told_sort(exercise: Exercise) -> str:
    """Return what to say to a function where a value is asked, or the other way about."""
    if not exercise.is_value:
        return "A function is asked here. Hand it over by its name, without brackets behind it."
    wanted = "A word" if exercise.choices else "A number"
    return f"{wanted} is asked here, and this is a function. Call it, and hand over what it returns."


def told_what_is_asked_for(thing: str) -> str:
    """Return what to say to a function that stops for its reader: to ask for input, or for a debugger."""
    if thing == "a debugger":
        return "A debugger cannot open inside `check`. To look inside your function, call it yourself."
    return "Your function asks for input, and here nobody can type. Take everything from its arguments."


def told_cut_off(exercise: Exercise, right: np.ndarray) -> str:
    """Return what to say where whole numbers stand for numbers with decimals."""
    if exercise.is_value:
        return "Whole numbers will not do here: the answer has decimals."
    if right.ndim:
        return "The decimals are cut off. An array of whole numbers keeps whole numbers: begin with `0.0`, not `0`."
    return "The decimals are cut off: `int` and `//` give whole numbers."


def told(exercise: Exercise, answer: Any, case: tuple[Any, ...], outcome: Outcome, right: np.ndarray | str) -> str:  # noqa: ANN401
    """Return in words what is wrong with the outcome of a case that is none of the known mistakes."""
    if outcome.error is not None:
        return f"{_given(answer, case)} stops with {_raised(answer, outcome.error)}"
    if exercise.choices:
        return f"Choose one of {', '.join(f'“{choice}”' for choice in exercise.choices)}."
    if outcome.value is None:
        prints = bool(outcome.printed.strip())
        return "It prints its result. `return` hands it back." if prints else "It returns nothing: is there a `return`?"
    numbers = real_numbers(outcome.value)
    if numbers is None or numbers.shape != right.shape:
        slip = _number_mistyped(outcome.value, right.size) if exercise.is_value else None
        if slip:
            return slip
        came = kind(outcome.value) if numbers is None else _shape(numbers)
        return f"{'Your answer is' if exercise.is_value else 'It returns'} {came}; {_shape(right)} was asked."
    given = "Your computation" if exercise.is_value else _given(answer, case)
    if not np.isfinite(numbers).all():
        why = "a number is missing, something is divided by zero, or it grows without end"
        return f"{given} gives {numbers_as_text(numbers)}: {why}."
    if exercise.is_value:  # without saying which number is right
        return "Something else comes out, and none of the known mistakes leads to yours."
    if exercise.accepts is not None:
        return f"{given} returns {numbers_as_text(numbers)}: {exercise.falls_short(case, numbers)}."
    digits = next((d for d in range(6, 17) if numbers_as_text(numbers, d) != numbers_as_text(right, d)), 17)
    return f"{given} returns {numbers_as_text(numbers, digits)}, but {numbers_as_text(right, digits)} is right."


def numbers_as_text(value: Any, digits: int = 6) -> str:  # noqa: ANN401
    """Return numbers in short, in so many significant digits; of more than a dozen, only the shape."""
    array = np.asarray(value, dtype=float)
    if array.size > 12:
        return _shape(array)
    if array.ndim == 0:
        return number(float(array), digits)
    return f"[{', '.join(numbers_as_text(each, digits) for each in array)}]"


def parameters(answer: Any, many: int) -> list[str]:  # noqa: ANN401
    """Return the names of a function's parameters, or numbers if it has not so many."""
    try:
        names = [name[:40] for name in inspect.signature(answer).parameters]
    except Exception:  # whatever an unknown object does when it is looked at
        names = []
    return names if len(names) == many else [f"argument {i}" for i in range(1, many + 1)]


def _given(answer: Any, case: tuple[Any, ...]) -> str:  # noqa: ANN401
    """Return “With theta = 5, eta = 0.1 it” for the arguments of a case that can be written in short."""
    named = zip(parameters(answer, len(case)), case, strict=True)
    pairs = [f"{name} = {numbers_as_text(value)}" for name, value in named if not callable(value)]
    return f"With {', '.join(pairs)} it" if pairs else "It"


def _number_mistyped(value: Any, many: int) -> str | None:  # noqa: ANN401
    """Return what to say to numbers in quotes, or with decimal commas; None to anything else."""
    if is_text(value):
        typed = number_in(value)
        if typed is None:
            return None
        meant = typed.replace("−", "-").replace(",", ".")
        if "," in typed:
            return f"Your answer is text, with a comma. Use a point: {meant}, and no quotes."
        return f"Your answer is text. Hand the number over without quotes: {meant}."
    meant = comma_meant(value, many)
    return meant and f"Your answer has {2 * many} numbers in place of {many}. For decimals, use a point: {meant}."


def _shape(numbers: np.ndarray) -> str:
    """Return in words which form numbers have."""
    return f"an array of shape {numbers.shape}" if numbers.ndim else "a single number"


def _raised(answer: Any, error: BaseException) -> str:  # noqa: ANN401
    """Return an exception in words, with the reader's own line in which it was raised."""
    if isinstance(error, RecursionError):
        return "a RecursionError: it calls itself without end."
    try:
        said = " ".join(str(error).split())[:200].rstrip(".")
    except Exception:  # an error of the reader's own may fail to say what it is
        said = ""
    file = answer.__code__.co_filename if type(answer) in (FunctionType, MethodType) else None
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    line = linecache.getline(file, lines[-1]).strip()[:120] if lines else ""
    where = f" The line is `{line}`." if line else ""
    return f"{_article(type(error).__name__[:40])}{f': {said}' if said else ''}.{where}"


def _article(name: str) -> str:
    return f"an {name}" if name.startswith(tuple("AEIOU")) else f"a {name}"
