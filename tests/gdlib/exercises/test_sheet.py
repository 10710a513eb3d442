"""The sheets are complete, and are read as they are written."""

import ast
import sys

import pytest

from gdlib._course import SHEETS, lectures
from gdlib.exercises import all_exercises, sheet
from gdlib.exercises.sheet import entries, folder, read, unread

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


WORD_AND_REPAIR = """# %% bug-1
# title: Bug 1
# minutes: 2
# trains: looking
#
# What is it?
#
# hint: Look.

word, culprit = "x", 1
culprit = "sign"  # one of the suspects

# So.

# %% bug-1-repair
# title: Bug 1, mended
# minutes: 2
# trains: mending
# repairs: bug-1
#
# hint: Think.


def f(x):
    return -x


repaired = f  # the function above, mended

# So.
"""


def test_word_has_quotes_in_the_stub_and_a_repair_shows_nothing(tmp_path):
    path = tmp_path / "practice-bug-hunt.py"
    path.write_text(WORD_AND_REPAIR, encoding="utf-8")
    word, repair = read(path)
    assert word.stub == 'word, culprit = "x", 1\nculprit = "..."  # one of the suspects'
    assert (word.repairs, repair.repairs, repair.before, repair.question) == ("", "bug-1", "", "")
    assert repair.stub == "repaired = ...  # the function above, mended"
    assert repair.solution == f"def f(x):\n    return -x\n\n\n{repair.code}"
    path.write_text(WORD_AND_REPAIR.replace("# repairs: bug-1\n", 2 * "# repairs: bug-1\n"), encoding="utf-8")
    assert [entry.name for entry in read(path)] == ["bug-1"]


def test_stub_has_quotes_where_a_word_is_asked():
    quoted = {name for name, entry in ENTRIES.items() if f'{entry.answer} = "..."' in entry.stub}
    assert quoted == {name for name, each in all_exercises().items() if each.choices}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.name)
def test_entry_is_complete(entry):
    assert 1 <= entry.minutes <= 30
    assert entry.title
    assert entry.trains
    assert 2 <= len(entry.hints) <= 3
    assert entry.why.count(".") >= 1
    assert entry.before or entry.repairs or entry.question
    assert "..." in entry.stub
    ast.parse(entry.stub)


def test_every_notebook_has_enough_exercises_and_predictions():
    for name in (path.stem for path in lectures()):
        own = [entry for entry in ENTRIES.values() if entry.sheet == name]
        assert sum(not entry.before for entry in own) >= 5
        assert sum(bool(entry.before) for entry in own) >= 2
        assert (SHEETS.parent / f"{name}.ipynb").exists()


def test_names_are_given_once():
    assert len(ENTRIES) == sum(len(read(path)) for path in SHEETS.glob("*.py"))


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Return the folder beside a notebook, where the package is installed without the course around it."""
    monkeypatch.setattr(sheet, "SHEETS", tmp_path / "site-packages" / "notebooks" / "solutions")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "solutions").mkdir()
    return tmp_path / "solutions"


def test_folder_of_the_course_comes_first(tmp_path, monkeypatch):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "02-loss.py").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert folder() == SHEETS
    assert entries() == ENTRIES


def test_folder_is_found_beside_the_notebook_or_above(installed, tmp_path, monkeypatch):
    assert folder() is None
    (installed / "02-loss.py").write_text(SMALL, encoding="utf-8")
    assert folder() == installed
    (tmp_path / "my" / "solutions").mkdir(parents=True)
    (tmp_path / "my" / "solutions" / "homework.py").write_text("x = 1\n")  # of another course
    monkeypatch.chdir(tmp_path / "my")
    assert folder() == installed
    assert list(entries()) == ["loss-first", "loss-second"]


EXPORTED = (
    "# %% [markdown]\n# # Loss\n\n# %%\nimport os\n\n# %% loss\n# A comment.\n\nprint('é')\n\n" + "#" * 70 + "\nx"
)
FOREIGN = {
    "exported.py": EXPORTED.encode(),
    "latin.py": EXPORTED.encode("latin-1"),
    "syntax.py": b"# %% loss-first\n# title: A\n# minutes: 1\n# trains: b\n\ndef f(:\n\n# Why.\n",
    "minutes.py": b"# %% loss-first\n# title: A\n# minutes: few\n# trains: b\n\nx = 1\n\n# Why.\n",
    "no-title.py": b"# %% loss-first\n# minutes: 1\n# trains: b\n\nx = 1\n\n# Why.\n",
    "no-code.py": b"# %% loss-first\n# title: A\n# minutes: 1\n# trains: b\n",
    "twice.py": b"# %% loss-first\n# title: A\n# minutes: 1\n# trains: b\n# before: c\n# before: d\n\nx = 1\n\n# W.\n",
    "banner.py": b"# %% loss-first\n# title: A\n\nx = 1\n\n" + b"#" * 5000 + b"\ny = 2\n",
    "empty.py": b"",
    "zeros.py": b"\0" * 100,
}


def test_other_files_in_the_folder_disturb_nothing(installed):
    for name, data in FOREIGN.items():
        (installed / name).write_bytes(data)
    (installed / "a-folder.py").mkdir()
    assert (entries(), folder(), unread()) == ({}, None, [])
    (installed / "02-loss.py").write_text(SMALL, encoding="utf-8-sig")
    assert list(entries()) == ["loss-first", "loss-second"]
    assert entries()["loss-first"].title == "First"
    assert unread() == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
def test_link_that_leads_nowhere_disturbs_nothing(installed):
    (installed / "lost.py").symlink_to("nowhere")
    (installed / "01-concept.py").symlink_to("nowhere")
    (installed / "02-loss.py").write_text(SMALL, encoding="utf-8")
    assert list(entries()) == ["loss-first", "loss-second"]
    assert unread() == ["01-concept.py"]


@pytest.mark.parametrize("name", FOREIGN)
def test_damaged_sheet_is_named(installed, name):
    (installed / "02-loss.py").write_bytes(FOREIGN[name])
    assert (entries(), unread()) == ({}, ["02-loss.py"])
    (installed / "03-derivation.py").write_text(SMALL, encoding="utf-8")
    assert (len(entries()), unread()) == (2, ["02-loss.py"])


def test_file_without_permission_is_named(installed, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError("not yours")

    (installed / "02-loss.py").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr(sheet.Path, "read_text", refuse)
    assert (entries(), unread()) == ({}, ["02-loss.py"])


def test_what_is_whole_in_a_damaged_sheet_is_read(installed):
    (installed / "02-loss.py").write_text(SMALL.replace("minutes: 3", "minutes: three"), encoding="utf-8")
    assert (list(entries()), unread()) == (["loss-second"], ["02-loss.py"])


def test_sheet_comes_before_a_copy_of_it(installed):
    (installed / "02-loss.py").write_text(SMALL, encoding="utf-8")
    for copy in ("00-mine.py", "zz.py"):
        (installed / copy).write_text(SMALL.replace("First", "Changed"), encoding="utf-8")
    assert entries()["loss-first"].title == "First"


def test_no_folder_is_no_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sheet, "SHEETS", tmp_path / "none")
    assert folder() is None
    assert entries() == {}
