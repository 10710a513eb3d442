"""Exercises that answer back: right, or wrong and which mistake it is.

``check("concept-step", one_step)`` is the whole interface of an exercise, for numbers, words and functions alike.
``hint`` and ``solution`` help on request, and ``progress`` shows what is solved.
"""

import os
import re
from dataclasses import replace
from itertools import groupby
from typing import Any

from gdlib._arguments import count
from gdlib.exercises import find_exercise
from gdlib.exercises.judge import judge
from gdlib.exercises.progress import progress_file, remember, solved
from gdlib.exercises.reading import is_text
from gdlib.exercises.reply import Reply, wrong
from gdlib.exercises.sheet import Entry, entries, unread
from gdlib.exercises.wording import told_sort


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
    exercise, entry = find_exercise(name), entries().get(name)
    title = entry.title if entry else name
    help_ = {"hints": _opened(entry), "nudge": f"A nudge, in a cell of its own: `hint({name!r})`."}
    dots = exercise.choices and is_text(answer) and not str.strip(answer, " .…")
    blank = answer is None or answer is ... or bool(dots)
    if not blank and callable(answer) == exercise.is_value:
        return wrong(told_sort(exercise))
    reply = None if blank else judge(exercise, answer)
    if reply is None:
        text = "Put your answer in place of the `...`, and run the cell again."
        return Reply("unsolved", _ended(f"Not solved yet: {title}"), text, **help_)
    if not reply:
        return replace(reply, **help_)
    note = remember(name, progress_file(file))
    tried = "" if exercise.is_value else f"Tried {len(exercise.cases)} times, with other inputs."
    text = "\n".join(filter(None, [_joined(entry.why) if entry else "", tried, note]))
    return replace(reply, headline=_ended(f"Right: {title}"), text=text)


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
        return Reply("note", _ended(f"No more hints: {entry.title}"), f"The solution: `solution({name!r})`.")
    more = f"The next: `hint({name!r}, {number + 1})`." if number < len(hints) else "That was the last hint."
    return Reply("note", _ended(f"Hint {number} of {len(hints)}: {entry.title}"), f"{hints[number - 1]}\n{more}")


def solution(name: str) -> Reply:
    """Return the solution and why it is right; raise ValueError if there is no such exercise."""
    entry = _entry(name)
    if entry is None:
        return _no_sheet()
    return Reply("note", _ended(f"Solution: {entry.title}"), _joined(entry.why), code=entry.solution)


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
        lines.append(f"{sheet:18} {sum(marks):2} of {len(marks):2}  {bar}")
    left = [entry for entry in known.values() if entry.name not in done]
    then = f"Next: {left[0].title} ({left[0].minutes} min), in {left[0].sheet}." if left else "All of them. Well done."
    headline = f"Your progress: {len(known) - len(left)} of {len(known)} solved."
    return Reply("note", headline, "\n".join(filter(None, [note, _unread(), then])), code="\n".join(lines))


def _entry(name: str) -> Entry | None:
    """Return what the sheet says of an exercise; None if there is no such sheet here, or it is damaged."""
    find_exercise(name)  # raises if there is none of this name
    return entries().get(name)


def _opened(entry: Entry | None) -> tuple[str, ...]:
    """Return the hints that open inside a reply; the last one says where the solution is."""
    if entry is None:
        return ()
    last = f"{entry.hints[-1]}\nThe solution, in a cell of its own: `solution({entry.name!r})`."
    return (*entry.hints[:-1], last)


def _ended(headline: str) -> str:
    """Return a headline with the point that it lacks."""
    return headline if headline.endswith(("?", "!")) else f"{headline}."


def _joined(text: str) -> str:
    """Return a text without the line breaks inside its paragraphs."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


def _no_sheet() -> Reply:
    damaged = _unread()
    if damaged:
        return Reply("note", "The sheet cannot be read.", damaged)
    return Reply(
        "note", "The sheets are not here.", "Hints and solutions are in the course's folder `notebooks/solutions`."
    )


def _unread() -> str:
    """Return a sentence on damaged sheets; an empty one without any."""
    names = unread()
    return f"Damaged, and not read in full: {', '.join(names)}. The course has it whole." if names else ""
