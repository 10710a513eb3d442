"""The exercises in the notebooks: as the sheets have them, and a copy with all solutions runs and is told right."""

import execute
import exercises as tool
import nbformat
import pytest
from ledger import words
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gdlib._course import NOTEBOOKS
from gdlib._course import SHEETS as SHEETS_FOLDER
from gdlib.exercises.progress import VARIABLE, solved
from gdlib.exercises.sheet import entries

ENTRIES = entries(SHEETS_FOLDER)
SHEETS = {
    name: [entry for entry in ENTRIES.values() if entry.sheet == name]
    for name in dict.fromkeys(entry.sheet for entry in ENTRIES.values())
}


def stored(name):
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def cells(notebook):
    return {cell.id: cell for cell in notebook.cells}


@pytest.mark.parametrize("name", SHEETS)
def test_cells_are_as_the_sheet_has_them(name):
    different = list(tool.differences(stored(name), SHEETS[name]))
    assert different == [], "run `python tools/exercises.py`, then `python tools/execute.py`"


@pytest.mark.long
@pytest.mark.parametrize("name", SHEETS)
def test_copy_with_all_solutions_runs_and_is_right(name, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.json"))
    notebook, path = stored(name), tmp_path / f"{name}.ipynb"
    tool.place(notebook, SHEETS[name])
    tool.fill(notebook, SHEETS[name])
    nbformat.write(notebook, path)
    solved_copy = cells(nbformat.reads(execute.execute(path), as_version=4))
    answers = {f"{entry.name}-yours" for entry in SHEETS[name]}
    for answer in answers:
        assert words(solved_copy[answer].outputs[0]).strip().startswith("✓ Right"), answer
    for cell in stored(name).cells:
        if cell.cell_type == "code" and cell.id not in answers:
            assert list(map(words, solved_copy[cell.id].outputs)) == list(map(words, cell.outputs)), cell.id
    assert solved(tmp_path / "progress.json") == ({entry.name for entry in SHEETS[name]}, "")


# ---- the tool --------------------------------------------------------------------------------------------------------


@pytest.fixture
def bare():
    """Return a notebook with the cells before which exercises of notebook 2 belong."""
    ids = ["title", *(entry.before for entry in SHEETS["02-loss"] if entry.before), "further-reading"]
    return new_notebook(cells=[new_markdown_cell("Text", id=name) for name in ids])


def test_exercises_are_put_where_they_belong(bare):
    tool.place(bare, SHEETS["02-loss"])
    ids = [cell.id for cell in bare.cells]
    for entry in SHEETS["02-loss"]:
        after = entry.before or ids[ids.index(f"{entry.name}-yours") + 1]
        assert ids.index(f"{entry.name}-yours") == ids.index(after) - 1
    assert ids[-1] == "further-reading"
    assert ids.index("exercises") < ids.index("exercises-import") < ids.index("loss-by-hand")
    assert list(tool.differences(bare, SHEETS["02-loss"])) == []


def test_placing_twice_changes_nothing_and_mends_what_was_changed(bare):
    tool.place(bare, SHEETS["02-loss"])
    before = nbformat.writes(bare)
    cells(bare)["loss-mse"].source = "another question"
    cells(bare)["loss-mse-yours"].source = "return 7"
    bare.cells.remove(cells(bare)["loss-half"])
    wrong = ["loss-mse differs", "loss-mse-yours differs", "loss-half is missing"]
    assert list(tool.differences(bare, SHEETS["02-loss"])) == wrong
    tool.place(bare, [entry for entry in SHEETS["02-loss"] if entry.name != "loss-half"])
    assert list(tool.differences(bare, SHEETS["02-loss"])) == wrong[2:]
    again = nbformat.from_dict(nbformat.reads(before, as_version=4))
    tool.place(again, SHEETS["02-loss"])
    assert nbformat.writes(again) == before


def test_a_cell_has_question_stub_and_check():
    entry = ENTRIES["loss-mse"]
    question, answer = tool.cells_of(entry)
    assert question.source.startswith("### The mean squared error\n\n*5 minutes: ")
    assert answer.source.endswith('    return ...\n\n\ncheck("loss-mse", mse)')
    (prediction,) = tool.cells_of(ENTRIES["loss-predict-mean"])
    assert prediction.source.splitlines()[0] == "from gdlib.check import check, hint"


def test_solutions_replace_stubs_only(bare):
    tool.place(bare, SHEETS["02-loss"])
    bare.cells.append(new_code_cell("keep = ...", id="mine"))
    tool.fill(bare, SHEETS["02-loss"])
    assert cells(bare)["mine"].source == "keep = ..."
    assert "np.mean((X @ w + b - y) ** 2)" in cells(bare)["loss-mse-yours"].source


def test_table_has_a_line_for_each():
    lines = tool.table().splitlines()
    assert len(lines) == 2 + len(ENTRIES)
    assert "| 02-loss | The mean squared error | equations (2) and (4) for many rows | 5 |" in lines
    assert "| 02-loss | *Predict the trap* | the sign of (ŷ − y) | 1 |" in lines


def test_teaching_guide_has_the_table_of_today():
    text = tool.GUIDE.read_text(encoding="utf-8")
    assert tool.guide(text) == text
    assert tool.guide(text.replace("| 5 |\n", "| 6 |\n")) == text


def test_tool_writes_and_checks(tmp_path, monkeypatch, capsys, bare):
    (tmp_path / "solutions").mkdir()
    source = (SHEETS_FOLDER / "02-loss.py").read_text(encoding="utf-8")
    (tmp_path / "solutions" / "02-loss.py").write_text(source, encoding="utf-8")
    nbformat.write(bare, tmp_path / "02-loss.ipynb")
    guide = tmp_path / "TEACHING.md"
    guide.write_text(
        "# Guide\n\n<!-- exercises: made by tools/exercises.py -->\n<!-- /exercises -->\n", encoding="utf-8"
    )
    monkeypatch.setattr(tool, "GUIDE", guide)
    monkeypatch.setattr(tool, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(tool, "SHEETS", tmp_path / "solutions")
    assert tool.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert "loss-mse is missing" in said
    assert "TEACHING.md: the table differs" in said
    assert tool.main([]) == 0
    assert tool.main(["--check"]) == 0
    assert "The mean squared error" in guide.read_text(encoding="utf-8")
