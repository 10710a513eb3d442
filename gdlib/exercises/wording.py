"""What says in words what came of an answer, and what was wanted."""

import inspect
import linecache
import traceback
from typing import Any

import numpy as np

from gdlib._formatting import number
from gdlib.exercises.attempt import Outcome
from gdlib.exercises.kinds import Exercise


def told_sort(exercise: Exercise) -> str:
    """Return what to say to a function where a value is asked, or the other way about."""
    if not exercise.is_value:
        return "A function is asked here. Hand it over by its name, without brackets behind it."
    wanted = "A word" if exercise.choices else "A number"
    return f"{wanted} is asked here, and this is a function. Call it, and hand over what it returns."


def told(exercise: Exercise, answer: Any, case: tuple[Any, ...], outcome: Outcome, right: np.ndarray | str) -> str:  # noqa: ANN401
    """Return in words what is wrong with the outcome of a case that is none of the known mistakes."""
    if outcome.error is not None:
        return f"{_given(answer, case)}it stops with {_raised(answer, outcome.error)}"
    if exercise.choices:
        return f"Choose one of {', '.join(f'“{choice}”' for choice in exercise.choices)}."
    if outcome.value is None:
        prints = bool(outcome.printed.strip())
        return "It prints its result. `return` hands it back." if prints else "It returns nothing: is there a `return`?"
    numbers = real_numbers(outcome.value)
    if numbers is None or numbers.shape != right.shape:
        came = kind(outcome.value) if numbers is None else _shape(numbers)
        return f"{'Your answer is' if exercise.is_value else 'It returns'} {came}; {_shape(right)} was asked."
    given = _given(answer, case)
    if not np.isfinite(numbers).all():
        return f"{given}it gives {numbers_as_text(numbers)}: something is divided by zero, or grows without end."
    if exercise.is_value:  # without saying which number is right
        return "Something else comes out, and none of the known mistakes leads to yours."
    if exercise.accepts is not None:
        return f"{given}it returns {numbers_as_text(numbers)}: {exercise.falls_short(case, numbers)}."
    digits = next((d for d in range(6, 17) if numbers_as_text(numbers, d) != numbers_as_text(right, d)), 17)
    return f"{given}it returns {numbers_as_text(numbers, digits)}, but {numbers_as_text(right, digits)} is right."


def real_numbers(value: Any) -> np.ndarray | None:  # noqa: ANN401
    """Return a result as an array of floats, or None if it is not made of real numbers."""
    try:
        array = np.asarray(value)
        return array.astype(float) if array.dtype.kind in "fiu" else None
    except Exception:  # whatever an unknown object does when it is looked at
        return None


def numbers_as_text(value: Any, digits: int = 6) -> str:  # noqa: ANN401
    """Return numbers in short, in so many significant digits; of more than a dozen, only the shape."""
    array = np.asarray(value, dtype=float)
    if array.size > 12:
        return _shape(array)
    if array.ndim == 0:
        return number(float(array), digits)
    return f"[{', '.join(numbers_as_text(each, digits) for each in array)}]"


def kind(value: Any) -> str:  # noqa: ANN401
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


def parameters(answer: Any, many: int) -> list[str]:  # noqa: ANN401
    """Return the names of a function's parameters, or numbers if it has not so many."""
    try:
        names = list(inspect.signature(answer).parameters)
    except (TypeError, ValueError):
        names = []
    return names if len(names) == many else [f"argument {i}" for i in range(1, many + 1)]


def _given(answer: Any, case: tuple[Any, ...]) -> str:  # noqa: ANN401
    """Return “With theta = 5, eta = 0.1 ” for the arguments of a case that can be written in short."""
    named = zip(parameters(answer, len(case)), case, strict=True)
    pairs = [f"{name} = {numbers_as_text(value)}" for name, value in named if not callable(value)]
    return f"With {', '.join(pairs)} " if pairs else ""


def _shape(numbers: np.ndarray) -> str:
    """Return in words which form numbers have."""
    return f"an array of shape {numbers.shape}" if numbers.ndim else "a single number"


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
