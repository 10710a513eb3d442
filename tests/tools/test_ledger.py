"""tools/ledger.py: the numbers of the prose, and the lines that they stand on."""

import json
from decimal import Decimal

import execute
import ledger
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output


def chapter(prose="L falls from 0.64 to 0.20.", printed="L = 0.64\nL = 0.2\n"):
    """Return a notebook whose second section says what its code prints."""
    outputs = [new_output("stream", name="stdout", text=printed)]
    return new_notebook(
        cells=[
            new_markdown_cell("# Title, 0.9", id="title"),
            new_code_cell("eta = 0.9", id="load"),
            new_markdown_cell("## A step", id="step"),
            new_code_cell("print(loss)  # 0.64", id="run", outputs=outputs),
            new_markdown_cell(prose, id="read"),
        ]
    )


def test_account_has_numbers_places_and_sources():
    account = ledger.account(chapter(), {}, {})
    assert account["title"] == {"numbers": "0.9", "0.9": "load: eta = 0.9"}
    assert account["read"] == {"numbers": "0.64 0.20", "0.64": "run: L = 0.64", "0.20": "run: L = 0.2"}
    assert "step" not in account
    assert account["run"] == ledger.account(chapter(printed=""), {}, {})["run"] != account["load"]


def test_number_of_another_section_is_unfounded_unless_waived():
    notebook = chapter("η is 0.9.")
    assert ledger.unfounded(notebook, {}) == ["read: no line of its section gives 0.9"]
    assert ledger.unfounded(notebook, {"read": ["0.9"]}) == []
    assert ledger.account(notebook, {"read": ["0.9"]}, {})["read"]["0.9"] == "load: eta = 0.9"


def test_hints_in_a_reply_give_no_number():
    notebook = chapter()
    assert ledger.unfounded(notebook, {}) == []
    notebook["cells"][3]["id"] = "one-yours"
    assert ledger.unfounded(notebook, {}) == ["read: no line of its section gives 0.20"]


def test_a_place_stays_while_it_gives_the_number():
    old = {"read": {"numbers": "0.64 0.20", "0.64": "run: print(loss)  # 0.64", "0.20": "run: gone 0.2"}}
    assert ledger.account(chapter(), {}, old)["read"] == {
        "numbers": "0.64 0.20",
        "0.64": "run: print(loss)  # 0.64",
        "0.20": "run: L = 0.2",
    }


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (chapter("L falls from 0.20 to 0.64."), "read: its numbers were 0.64 0.20 and are 0.20 0.64"),
        (chapter("L falls from 0.64 to 0.2."), "read: its numbers were 0.64 0.20 and are 0.64 0.2"),
        (chapter("Step 2: L falls from 0.64 to 0.20."), "read: its numbers were 0.64 0.20 and are 2 0.64 0.20"),
        (chapter(printed="0.64\nL = 0.2\n"), "read: 0.64 stood on “run: L = 0.64” and stands on “run: 0.64”"),
        (chapter("No number."), "read: the cell is gone, or of another kind"),
    ],
)
def test_changes_are_seen_and_told(changed, said):
    assert ledger.changes(changed, {}, ledger.account(chapter(), {}, {})) == [said]


def test_changes_of_cells_are_seen():
    old = ledger.account(chapter(), {}, {})
    notebook = chapter()
    notebook.cells[1].source += "  # a word"
    del notebook.cells[3]
    notebook.cells.append(new_markdown_cell("2", id="new"))
    assert ledger.changes(notebook, {}, old) == [
        "load: its source is not the one that was looked at",
        "read: 0.64 stood on “run: L = 0.64” and stands on “in no code and no output”, "
        "0.20 stood on “run: L = 0.2” and stands on “in no code and no output”",
        "new: the cell is new",
        "run: the cell is gone, or of another kind",
    ]


def test_figures_come_after_all_that_is_printed():
    notebook = chapter(printed="")
    words = {"image/png": "", "text/plain": "Line: from 0.64 of the width\nPoints at 0.2"}
    notebook.cells[3].outputs = [new_output("display_data", words)]
    account = ledger.account(notebook, {}, {})
    assert account["read"]["0.64"] == "run: print(loss)  # 0.64"
    assert account["read"]["0.20"] == "run: Points at 0.2"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.1 and 0.10", ["0.1"]),
        ("(−0.5, 0.3), -0.7", ["-0.5", "0.3", "-0.7"]),
        ("0.5 − 0.1, w-0.2, 0.8-0.3, (1)-0.4", ["0.5", "0.1", "0.2", "0.8", "0.3", "0.4"]),
        ("$w_1 = -0.25$, \\approx0.75", ["-0.25", "0.75"]),
        ("2.5e-3 of 1e9", ["0.0025"]),
        ("It is 0.5. Then 7.", ["0.5"]),
        ("0.016w, (0.25 − 0.5)², 2·0.75\\,m", ["0.016", "0.25", "0.5", "0.75"]),
        ("3.11.7 is a version, x1.5 a name, 12 whole", []),
    ],
)
def test_decimals(text, values):
    assert set(ledger.decimals(text)) == set(map(Decimal, values))


def test_names_and_addresses_are_no_numbers():
    text = "[a](https://x.org/1.5) arXiv:1412.6980, 10.1007/978-1, section 2.1, Python 3.11, and 0.5"
    assert list(ledger.told({"source": text}).values()) == ["0.5"]


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one notebook, without a ledger."""
    path = tmp_path / "notebooks" / "one.ipynb"
    path.parent.mkdir()
    path.write_bytes(execute.canonical(chapter()).encode())
    (tmp_path / "waivers.toml").write_text("number = []")
    monkeypatch.setattr(ledger, "LEDGER", tmp_path / "ledger.json")
    monkeypatch.setattr(ledger, "WAIVERS", tmp_path / "waivers.toml")
    monkeypatch.setattr(ledger, "notebooks", lambda: [path])
    return path


def test_ledger_is_written_checked_and_told(course, capsys):
    assert ledger.main(["--check"]) == 1
    assert not ledger.LEDGER.exists()
    assert ledger.main([]) == 0
    assert "one.ipynb, read: the cell is new" in capsys.readouterr().out
    assert json.loads(ledger.LEDGER.read_text(encoding="utf-8")) == {"one.ipynb": ledger.account(chapter(), {}, {})}
    assert ledger.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    course.write_bytes(execute.canonical(chapter("It is 0.7.")).encode())
    assert ledger.main([]) == 1
    assert "one.ipynb, read: no line of its section gives 0.7" in capsys.readouterr().out


def test_name_is_the_path_inside_the_course(tmp_path):
    assert ledger.name_of(tmp_path / "notebooks" / "solutions" / "a.ipynb") == "solutions/a.ipynb"
    assert ledger.name_of(tmp_path / "a.ipynb") == "a.ipynb"


def test_speaker_notes_are_prose():
    notebook = chapter()
    notebook.cells[3].metadata["slideshow"] = {"slide_type": "slide", "notes": "2 minutes. L is 0.64, then 0.9."}
    assert ledger.account(notebook, {}, {})["run, notes"] == {
        "numbers": "2 0.64 0.9",
        "0.64": "run: L = 0.64",
        "0.9": ledger.NOWHERE,
    }
    assert ledger.unfounded(notebook, {}) == ["run, notes: no line of its section gives 0.9"]
