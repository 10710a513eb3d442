"""The exercise sheets: what `notebooks/solutions` says about each exercise.

A sheet is a Python file, one for each notebook, so that a solution can be read, run and imported. It is the only place
for an exercise's question, hints, solution, time and aim; the cells in the notebook are made from it. An entry begins
with `# %% its-name`, then come its comments, then code whose last statement is the answer, then a comment on why.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from gdlib._course import SHEETS

_FIELDS = ("title", "minutes", "trains", "before", "hint")


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

    @property
    def answer(self) -> str:
        """The name of the function or number that is the answer."""
        last = ast.parse(self.code).body[-1]
        return last.name if isinstance(last, ast.FunctionDef) else last.targets[0].id

    @property
    def solution(self) -> str:
        """The code of the solution, with what is given before it."""
        return "\n".join(filter(None, [self.given, self.code]))

    @property
    def stub(self) -> str:
        """The solution's code with a ``...`` in place of the answer."""
        last = ast.parse(self.code).body[-1]
        if isinstance(last, ast.FunctionDef):
            kept = self.code.splitlines()[: last.body[0].end_lineno]  # down to the docstring
            blank = "\n".join([*kept, "    return ..."])
        else:
            comment = self.code.splitlines()[-1].partition("  # ")
            blank = f"{self.answer} = ...{comment[1]}{comment[2]}"
        return "\n".join(filter(None, [self.given, blank]))


def folder() -> Path | None:
    """Return the folder of the sheets, beside the notebook or its folder or in the course; None without one."""
    here = Path.cwd()
    places = [here / "solutions", here.parent / "solutions", SHEETS]
    return next((place for place in places if any(place.glob("*.py"))), None)


def entries(place: Path | None = None) -> dict[str, Entry]:
    """Return all exercises by name, in the order of the sheets in ``place`` (by default, the `folder`)."""
    place = place or folder()
    found = [entry for path in sorted(place.glob("*.py")) for entry in read(path)] if place else []
    return {entry.name: entry for entry in found}


def read(path: Path) -> list[Entry]:
    """Return the exercises of one sheet."""
    parts = re.split(r"^# %% (\S+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_entry(name, path.stem, text) for name, text in zip(parts[::2], parts[1::2], strict=True)]


def _entry(name: str, sheet: str, text: str) -> Entry:
    head, code, why = re.fullmatch(r"((?:#[^\n]*\n)+)\n+(.*?)\n+((?:#[^\n]*\n*)+)", text, re.DOTALL).groups()
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
        *fields["before"],
    )


def _prose(comment: str) -> str:
    """Return the text of comment lines."""
    return "\n".join(re.sub("^# ?", "", line) for line in comment.splitlines()).strip()
