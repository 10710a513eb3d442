"""The sheets are complete, and are read as they are written."""

import ast

import pytest

from gdlib._course import SHEETS
from gdlib.exercises import sheet
from gdlib.exercises.sheet import entries, folder, read

ENTRIES = entries(SHEETS)

SMALL = '''"""A sheet."""

import numpy as np

# %% loss-first
# title: First
# minutes: 3
# trains: reading
#
# What is $x$? Think
# again.
#
# - a list
#
# hint: Look: here.
# hint: And there.

x, y = 1, 2
total = 3  # their sum

# One and two.

# %% loss-second
# title: Second
# minutes: 5
# trains: writing
# before: some-cell
#
# hint: Nothing.


def double(x):
    """Return twice x.

    In two paragraphs.
    """
    z = x  # a comment

    return 2 * z


# Because.
# So.
'''


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "02-loss.py"
    path.write_text(SMALL, encoding="utf-8")
    return read(path)


def test_entry_is_read(small):
    first = small[0]
    assert (first.name, first.sheet, first.title, first.minutes) == ("loss-first", "02-loss", "First", 3)
    assert (first.trains, first.before, first.answer) == ("reading", "", "total")
    assert first.question == "What is $x$? Think\nagain.\n\n- a list"
    assert first.hints == ("Look: here.", "And there.")
    assert first.why == "One and two."
    assert first.stub == "x, y = 1, 2\ntotal = ...  # their sum"
    assert first.solution == "x, y = 1, 2\ntotal = 3  # their sum"


def test_function_keeps_its_docstring_in_the_stub(small):
    second = small[1]
    assert (second.before, second.answer, second.question) == ("some-cell", "double", "")
    assert second.stub == 'def double(x):\n    """Return twice x.\n\n    In two paragraphs.\n    """\n    return ...'
    assert second.solution.endswith("    return 2 * z")
    assert second.why == "Because.\nSo."


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.name)
def test_entry_is_complete(entry):
    assert 1 <= entry.minutes <= 30
    assert entry.title
    assert entry.trains
    assert 2 <= len(entry.hints) <= 3
    assert entry.why.count(".") >= 1
    assert entry.before or entry.question
    assert "..." in entry.stub
    ast.parse(entry.stub)


def test_every_notebook_has_enough_exercises_and_predictions():
    for name in ("01-concept", "02-loss", "03-derivation", "04-worked-example", "05-learning-rate"):
        own = [entry for entry in ENTRIES.values() if entry.sheet == name]
        assert sum(not entry.before for entry in own) >= 5
        assert sum(bool(entry.before) for entry in own) >= 2
        assert (SHEETS.parent / f"{name}.ipynb").exists()


def test_names_are_given_once():
    assert len(ENTRIES) == sum(len(read(path)) for path in SHEETS.glob("*.py"))


def test_folder_is_found_beside_the_notebook_or_above_or_in_the_course(tmp_path, monkeypatch):
    (tmp_path / "my").mkdir()
    monkeypatch.chdir(tmp_path / "my")
    assert folder() == SHEETS
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "02-loss.py").write_text(SMALL, encoding="utf-8")
    assert folder() == tmp_path / "solutions"
    assert list(entries()) == ["loss-first", "loss-second"]
    monkeypatch.chdir(tmp_path)
    assert folder() == tmp_path / "solutions"


def test_no_folder_is_no_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sheet, "SHEETS", tmp_path / "none")
    assert folder() is None
    assert entries() == {}
