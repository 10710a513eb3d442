"""What says in words what came of an answer, and what was wanted."""

import ast
import inspect
import linecache
import math
import re
import textwrap
import traceback
from difflib import get_close_matches
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from gdlib._formatting import number
from gdlib.exercises.attempt import Outcome
from gdlib.exercises.forms import Form, bare, denies, is_part
from gdlib.exercises.kinds import Exercise
from gdlib.exercises.reading import comma_meant, is_text, kind, number_in, numbers_in, real_numbers

#: What Python and numpy say of slips that are made again and again, and what helps.
_CURES = (
    ("bitwise_xor", "In Python a power is `**`; `^` is something else."),
    ("for ^:", "In Python a power is `**`; `^` is something else."),
    ("matmul: ", "The shapes do not fit: which order does `@` need, and which is a table?"),
    ("could not be broadcast", "The shapes do not fit: print `.shape` of each."),
    ("truth value of an array", "`if` wants one yes or no, and an array has many: `np.where` chooses entry by entry."),
    ("converted to Python scalars", "`math` takes one number at a time: for arrays there are `np.exp` and `np.log`."),
)

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


def told_way_out(answer: Any, case: tuple[Any, ...]) -> str:  # noqa: ANN401
    """Return what to say to a function that returns something elsewhere, and for these arguments nothing."""
    return f"{_given(answer, case)} returns nothing: does every way through the function end at a `return`?"


def told(exercise: Exercise, answer: Any, case: tuple[Any, ...], outcome: Outcome, right: np.ndarray | str) -> str:  # noqa: ANN401
    """Return in words what is wrong with the outcome of a case that is none of the known mistakes."""
    if outcome.error is not None:
        return f"{_given(answer, case)} stops with {_raised(answer, outcome.error)}"
    if exercise.choices:
        return _offered(exercise, outcome.value)
    if outcome.value is None:
        prints = bool(outcome.printed.strip())
        return "It prints its result. `return` hands it back." if prints else "It returns nothing: is there a `return`?"
    numbers = real_numbers(outcome.value)
    if numbers is None or numbers.shape != right.shape:
        slip = _number_mistyped(outcome.value, right) if exercise.is_value else None
        if slip:
            return slip
        came = _things(outcome.value) if numbers is None else _shape(numbers)
        early = numbers is not None and numbers.size < right.size and _returns_in_a_loop(answer)
        where = " A `return` stands inside your loop: does it end too early?" if early else ""
        asked = f"{_shape(right)} was asked" + (f": {', '.join(exercise.parts)}" if exercise.parts else "")
        return f"{'Your answer is' if exercise.is_value else 'It returns'} {came}; {asked}.{where}"
    given = "Your computation" if exercise.is_value else _given(answer, case)
    if not np.isfinite(numbers).all():
        why = "a number is missing, something is divided by zero, or it grows without end"
        return f"{given} gives {numbers_as_text(numbers)}: {why}."
    if exercise.is_value:  # without saying which number is right
        return "Something else comes out, and none of the known mistakes leads to yours. The first hint may help."
    if exercise.accepts is not None:
        return f"{given} returns {numbers_as_text(numbers)}: {exercise.falls_short(case, numbers)}."
    digits = next((d for d in range(6, 17) if numbers_as_text(numbers, d) != numbers_as_text(right, d)), 17)
    return f"{given} returns {numbers_as_text(numbers, digits)}, but {numbers_as_text(right, digits)} is right."


def told_close(off: float, tolerance: float) -> str:
    """Return what to say to a result that is off by this part of its size, and by how much it may be."""
    right = f"Close: it is right to about {_digits(off)} digits"
    if tolerance < 1e-8:
        return f"{right}, not exactly. Is something measured, or rounded on the way? A formula gives all digits."
    return f"{right}, and {_digits(tolerance)} are asked. Search finer, or find the formula."


def told_parts(exercise: Exercise, is_right: np.ndarray | None) -> str:
    """Return which entries are right and which are not; nothing if there are none of one sort, or very many."""
    if is_right is None or is_right.all() or not is_right.any() or len(is_right) > 12:
        return ""
    named = len(exercise.parts) == len(is_right)
    names = exercise.parts if named else [f"entry {i}" for i in range(len(is_right))]
    good, bad = ([name for name, each in zip(names, is_right, strict=True) if each == sort] for sort in (True, False))
    return f"Right: {', '.join(good)}. Not yet: {', '.join(bad)}."


def told_slopes(answer: Any, case: tuple[Any, ...]) -> str:  # noqa: ANN401
    """Return what to say below a table of slopes that are not those measured."""
    return f"Your result and the measured one differ first on: {_arguments(answer, case)}."


def slopes_side_by_side(exercise: Exercise, case: tuple[Any, ...], got: Form) -> str:
    """Return a reader's slopes, those measured, and the differences, the first wrong one marked; or nothing."""
    if exercise.measured is None or isinstance(got, str):
        return ""
    measured = np.asarray(exercise.measured(*case))
    if got.shape != measured.shape or not 1 <= measured.size <= 12:
        return ""
    rows = [*zip(got.flat, measured.flat, (got - measured).flat, strict=True)]
    slack = 1e-5 * max(1.0, float(np.abs(measured).max()))  # a measured slope is not exact
    wrong = next((i for i, row in enumerate(rows) if not abs(row[2]) <= slack), None)
    if wrong is None:
        return ""
    lines = [f"{'slope':8}{'yours':>12}{'measured':>12}{'difference':>12}"]
    for i, row in enumerate(rows):
        texts = "".join(f"{value:z12.5f}".replace("-", "−") for value in row)
        lines.append(f"{i + 1:<8}{texts}{'   <- the first wrong one' if i == wrong else ''}")
    return "\n".join(lines)


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
    arguments = _arguments(answer, case)
    return f"With {arguments} it" if arguments else "It"


def _arguments(answer: Any, case: tuple[Any, ...]) -> str:  # noqa: ANN401
    """Return “theta = 5, eta = 0.1” for the arguments of a case that can be written in short."""
    named = zip(parameters(answer, len(case)), case, strict=True)
    return ", ".join(f"{name} = {numbers_as_text(value)}" for name, value in named if not callable(value))


def _offered(exercise: Exercise, answer: Any) -> str:  # noqa: ANN401
    """Return the choices, or those that may be meant; numbers that look alike are other numbers."""
    known = {bare(choice): choice for choice in exercise.choices}  # a synonym that looks alike may mean the opposite
    typed = bare(answer) if is_text(answer) else ""
    near = [] if re.search(r"\d", typed) else get_close_matches(typed, known, n=1, cutoff=0.8)
    near = [each for each in near if denies(known[each]) or not denies(answer)]  # not negative is not negative
    near += [each for each, choice in known.items() if each not in near and typed and is_part(answer, choice)]
    if near:
        return f"Did you mean {' or '.join(f'“{known[each]}”' for each in near)}?"
    return f"Choose one of {', '.join(f'“{choice}”' for choice in exercise.choices)}."


def _digits(off: float) -> int:
    """Return to how many digits a result is right that is off by this part of its size."""
    return max(1, math.floor(-math.log10(max(off, 1e-16)) + 1e-9))


def _number_mistyped(value: Any, right: np.ndarray) -> str | None:  # noqa: ANN401
    """Return what to say to numbers in quotes, or with decimal commas; None to anything else."""
    many = right.size
    if is_text(value):
        several = numbers_in(value)
        if many > 1 and len(several) > 1:
            return f"Your answer is text. Hand the numbers over as a list, without quotes: [{', '.join(several)}]."
        typed = number_in(value)
        if typed is None:
            return None
        beside = re.sub(r"^[^=≈]*[=≈]", "", value).replace(typed, "")  # of “w = ln 3” there remains “ln”
        if re.search(r"[^\W\d_]|√", beside):
            return "Your answer is text. Take the quotes away and let Python compute it."
        meant = typed.replace("−", "-").replace(",", ".")
        if "," in typed:
            return f"Your answer is text, with a comma. Use a point: {meant}, and no quotes."
        return f"Your answer is text. Hand the number over without quotes: {meant}."
    meant = None if (right == np.trunc(right)).all() else comma_meant(value, many)  # whole numbers have no comma
    if meant and meant.startswith("0"):
        meant += f", or -{meant}"  # of -0,4 Python makes 0 and 4
    return meant and f"Your answer has {2 * many} numbers in place of {many}. For decimals, use a point: {meant}."


def _returns_in_a_loop(answer: Any) -> bool:  # noqa: ANN401
    """Return whether a function has a `return` inside a loop, as far as its source can be read."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(answer)))
    except Exception:  # no function of Python lines, or lines that are not at hand
        return False
    loops = (node for node in ast.walk(tree) if isinstance(node, ast.For | ast.While))
    return any(isinstance(node, ast.Return) for loop in loops for node in ast.walk(loop))


def _things(value: Any) -> str:  # noqa: ANN401
    """Return in words what a thing is that is not made of numbers; of a short tuple, what is in it."""
    parts = [real_numbers(each) for each in value] if type(value) is tuple and 1 < len(value) < 5 else [None]
    if any(part is None for part in parts):
        return kind(value)
    return f"{len(parts)} things, {' and '.join(map(_shape, parts))}"


def _shape(numbers: np.ndarray) -> str:
    """Return in words which form numbers have."""
    if numbers.ndim < 2:
        return f"a list of {numbers.size} numbers" if numbers.ndim else "a single number"
    return f"an array of shape {numbers.shape}"


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
    where += next((f" {cure}" for sign, cure in _CURES if sign in said), "")
    return f"{_article(type(error).__name__[:40])}{f': {said}' if said else ''}.{where}"


def _article(name: str) -> str:
    return f"an {name}" if name.startswith(tuple("AEIOU")) else f"a {name}"
