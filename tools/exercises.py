"""Put the exercises of the sheets into the notebooks, or see whether they are there as the sheets have them.

uv run --group tool python tools/exercises.py            # write the cells and the table; then run tools/execute.py
uv run --group tool python tools/exercises.py --check    # write nothing; name what differs
"""

import argparse
import re
import sys
from collections.abc import Iterator

import nbformat
from here import NOTEBOOKS, ROOT, SHEETS
from nbformat.v4 import new_code_cell, new_markdown_cell

from gdlib.exercises.sheet import Entry, entries

GUIDE = ROOT / "TEACHING.md"
TABLE = re.compile(r"(?<=<!-- exercises: made by tools/exercises\.py -->\n).*?(?=<!-- /exercises -->)", re.DOTALL)

INTRODUCTION = """## Exercises

Write your answer in place of the `...`, run the cell, and it answers. Hints open inside the reply. In a cell of its
own, `solution("…")` shows the way, and `progress()` what you have solved. The minutes are a guess; take yours."""

IMPORTS = "from gdlib.check import check, hint, progress, solution"


def answer_cell(entry: Entry, code: str) -> str:
    """Return the source of the cell in which an exercise is answered, with the stub or the solution as its code."""
    call = f'check("{entry.name}", {entry.answer})'
    if entry.before:
        return f"from gdlib.check import check, hint\n\n{code}\n{call}"
    return f"{code}\n\n\n{call}" if "def " in code else f"{code}\n{call}"


def question_cell(entry: Entry) -> str:
    """Return the source of the cell in which an exercise is asked."""
    return f"### {entry.title}\n\n*{entry.minutes} minutes: {entry.trains}.*\n\n{entry.question}"


def cells_of(entry: Entry) -> list[nbformat.NotebookNode]:
    """Return the cells of an exercise: a prediction and a repair have no question but the one in their code."""
    answer = new_code_cell(answer_cell(entry, entry.stub), id=f"{entry.name}-yours")
    asks_in_code = entry.before or entry.repairs
    return [answer] if asks_in_code else [new_markdown_cell(question_cell(entry), id=entry.name), answer]


def place(notebook: nbformat.NotebookNode, sheet: list[Entry]) -> None:
    """Put the exercises of a sheet into its notebook: new ones where they belong, old ones where they are."""
    if any(not entry.before for entry in sheet):
        section = [
            new_markdown_cell(INTRODUCTION, id="exercises"),
            new_code_cell(IMPORTS, id="exercises-import"),
        ]
        _put(notebook, section, "further-reading")
    for entry in sheet:
        before = _after(notebook, f"{entry.repairs}-yours") if entry.repairs else entry.before or "further-reading"
        _put(notebook, cells_of(entry), before)


def fill(notebook: nbformat.NotebookNode, sheet: list[Entry]) -> None:
    """Put the solutions in place of the stubs."""
    solutions = {f"{entry.name}-yours": answer_cell(entry, entry.solution) for entry in sheet}
    for cell in notebook.cells:
        cell.source = solutions.get(cell.get("id"), cell.source)


def differences(notebook: nbformat.NotebookNode, sheet: list[Entry]) -> Iterator[str]:
    """Yield the ids of cells that are missing, or not as the sheet has them."""
    found = {cell.get("id"): cell.source for cell in notebook.cells}
    for cell in (cell for entry in sheet for cell in cells_of(entry)):
        if found.get(cell.id) != cell.source:
            yield f"{cell.id} {'differs' if cell.id in found else 'is missing'}"


def table() -> str:
    """Return the table for lecturers, in Markdown: what each exercise trains, and how long it takes."""
    lines = ["| notebook | exercise | trains | minutes |", "| --- | --- | --- | --- |"]
    for entry in entries(SHEETS).values():
        title = f"*{entry.title}*" if entry.before else entry.title
        lines.append(f"| {entry.sheet} | {title} | {entry.trains} | {entry.minutes} |")
    return "\n".join(lines)


def guide(text: str) -> str:
    """Return the teaching guide with the table of today's sheets."""
    return TABLE.sub(lambda _: f"\n{table()}\n\n", text)


def _put(notebook: nbformat.NotebookNode, cells: list[nbformat.NotebookNode], before: str) -> None:
    """Give cells that are there their source, and put the others before the cell of this id."""
    found = {cell.get("id"): cell for cell in notebook.cells}
    for cell in cells:
        if cell.id in found:
            found[cell.id].source = cell.source
        else:
            ids = [each.get("id") for each in notebook.cells]
            notebook.cells.insert(ids.index(before), cell)


def _after(notebook: nbformat.NotebookNode, name: str) -> str:
    """Return the id of the cell after the one of this id."""
    ids = [cell.get("id") for cell in notebook.cells]
    return ids[ids.index(name) + 1]


def main(arguments: list[str] | None = None) -> int:
    """Place the exercises of all sheets, or compare; return 1 if, with --check, something differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; name what differs")
    check = parser.parse_args(arguments).check
    wrong = 0
    for name in dict.fromkeys(entry.sheet for entry in entries(SHEETS).values()):
        path = NOTEBOOKS / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        sheet = [entry for entry in entries(SHEETS).values() if entry.sheet == name]
        different = list(differences(notebook, sheet))
        print(f"{path.name}: {', '.join(different) or 'as the sheet has it'}")
        wrong += len(different)
        if different and not check:
            place(notebook, sheet)
            nbformat.write(notebook, path)
    text = GUIDE.read_text(encoding="utf-8")
    fits = guide(text) == text
    print(f"{GUIDE.name}: {'as the sheets have it' if fits else 'the table differs'}")
    if not (fits or check):
        GUIDE.write_text(guide(text), encoding="utf-8")
    return int(check and (wrong > 0 or not fits))


if __name__ == "__main__":
    sys.exit(main())
