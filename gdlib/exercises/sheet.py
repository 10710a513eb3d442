"""The exercise sheets: what `notebooks/solutions` says about each exercise.

A sheet is a Python file, one for each notebook, so that a solution can be read, run and imported. It is the only place
for an exercise's question, hints, solution, time and aim; the cells in the notebook are made from it. An entry begins
with `# %% its-name`, then come its comments, then code whose last statement is the answer, then a comment on why.
"""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gdlib._course import SHEETS
from gdlib.exercises import sheet_names

_FIELDS = ("title", "minutes", "trains", "before", "repairs", "hint")


@dataclass(frozen=True)
class Entry:
    """One exercise, as its sheet has it."""

    name: str
    sheet: str  #: the sheet's file name without .py: that of the notebook
    title: str
    minutes: int  #: how long it takes
    trains: str  #: what it is good for
    question: str  #: Markdown, as are the hints and why it is right
    hints: tuple[str, ...]
    given: str  #: the code that comes before the answer
    code: str  #: the answer
    why: str  #: the two sentences after the solution
    before: str = ""  #: the id of the notebook's cell before which a prediction is asked for; empty for an exercise
    repairs: str = ""  #: the exercise that shows the function which is to be mended here, or empty

    @property
    def answer(self) -> str:
        """The name of the function or number that is the answer."""
        last = ast.parse(self.code).body[-1]
        return last.name if isinstance(last, ast.FunctionDef) else last.targets[0].id

    @property
    def solution(self) -> str:
        """The code of the solution, with what is given before it."""
        gap = "\n\n\n" if "def " in self.given else "\n"
        return gap.join(filter(None, [self.given, self.code]))

    @property
    def stub(self) -> str:
        """The solution's code with a ``...`` in place of the answer; of a repair no more than that."""
        last = ast.parse(self.code).body[-1]
        if isinstance(last, ast.FunctionDef):
            kept = self.code.splitlines()[: last.body[0].end_lineno]  # down to the docstring
            blank = "\n".join([*kept, "    return ..."])
        else:
            comment = self.code.splitlines()[-1].partition("  # ")
            dots = '"..."' if isinstance(getattr(last.value, "value", None), str) else "..."  # a word has quotes
            blank = f"{self.answer} = {dots}{comment[1]}{comment[2]}"
        return blank if self.repairs else "\n".join(filter(None, [self.given, blank]))


def folder() -> Path | None:
    """Return the folder of the sheets: the course's own, or one beside the notebook or its folder; None without one.

    A reader may have a `solutions` of another course, so it is no matter of the name alone: sheets must be in it.
    """
    return next((place for place in _places() if any(map(read, _files(place)))), None)


def entries(place: Path | None = None) -> dict[str, Entry]:
    """Return all exercises by name, in the order of the sheets in ``place`` (by default, the `folder`)."""
    place = place or folder()
    found: dict[str, Entry] = {}
    for entry in (each for path in (_files(place) if place else []) for each in read(path)):
        found.setdefault(entry.name, entry)  # a copy under another name comes after the sheet, and changes nothing
    return found


def unread() -> list[str]:
    """Return the names of the files that should be sheets, by their names, and cannot be read in full."""
    place = folder()
    files = [path for each in ([place] if place else _places()) for path in _files(each)]
    return [path.name for path in files if path.stem in sheet_names() and None in _parts(path)]


def read(path: Path) -> list[Entry]:
    """Return the exercises of one sheet: none for a file of another sort, and without those that are damaged."""
    return [entry for entry in _parts(path) if entry]


def _places() -> list[Path]:
    here = Path.cwd()
    return [SHEETS, here / "solutions", here.parent / "solutions"]


def _files(place: Path) -> list[Path]:
    """Return the Python files of a folder: those with the names of the course's sheets first."""
    known = sheet_names()
    return sorted(place.glob("*.py"), key=lambda path: (path.stem not in known, path))


def _parts(path: Path) -> list[Entry | None]:
    """Return what a file has in it, part by part; None for what is no entry."""
    try:
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    except (OSError, ValueError):  # not to be opened, or in another encoding
        return [None]
    return list(_split(text, path.stem)) or [None]


@lru_cache(maxsize=64)
def _split(text: str, sheet: str) -> tuple[Entry | None, ...]:
    """Return the parts of a sheet's text; the same text is taken apart once, for each check asks for all sheets."""
    parts = re.split(r"^# %% (\S+)\n", text, flags=re.MULTILINE)[1:]
    return tuple(_entry(name, sheet, part) for name, part in zip(parts[::2], parts[1::2], strict=True))


def _entry(name: str, sheet: str, text: str) -> Entry | None:
    """Return a part of a sheet as an entry; None if something that an entry has is not there."""
    try:
        return _whole_entry(name, sheet, text) if "# title: " in text else None
    except (SyntaxError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _whole_entry(name: str, sheet: str, text: str) -> Entry:
    head, code, why = re.fullmatch(r"((?:#[^\n]*\n)+)\n+(.*?)\n+((?:#[^\n]*(?:\n+|\Z))+)", text, re.DOTALL).groups()
    fields: dict[str, list[str]] = {field: [] for field in _FIELDS}
    question = []
    for line in head.splitlines():
        field, _, value = line.removeprefix("#").strip().partition(": ")
        if field in fields:
            fields[field].append(value)
        else:
            question.append(line)
    body = ast.parse(code).body
    first = body[-1].lineno - 1
    given = "\n".join(code.splitlines()[:first]).strip("\n")
    return Entry(
        name,
        sheet,
        fields["title"][0],
        int(fields["minutes"][0]),
        fields["trains"][0],
        _prose("\n".join(question)),
        tuple(fields["hint"]),
        given,
        "\n".join(code.splitlines()[first:]).strip("\n"),
        _prose(why),
        _at_most_one(fields["before"]),
        _at_most_one(fields["repairs"]),
    )


def _at_most_one(values: list[str]) -> str:
    """Return the value of a field that need not be there; raise ValueError if it is there twice."""
    (value,) = values or [""]
    return value


def _prose(comment: str) -> str:
    """Return the text of comment lines."""
    return "\n".join(re.sub("^# ?", "", line) for line in comment.splitlines()).strip()
