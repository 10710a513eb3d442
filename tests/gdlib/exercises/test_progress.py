"""Progress is one small file: it survives, it starts afresh, and it never gets in the way."""

import json
import threading
from pathlib import Path

import pytest

from gdlib._course import ROOT
from gdlib.exercises import progress
from gdlib.exercises.progress import FILE, VARIABLE, progress_file, remember, solved


def test_names_come_back(tmp_path):
    path = tmp_path / "p.json"
    assert solved(path) == (set(), "")
    assert [remember(name, path) for name in ("b", "a", "b")] == ["", "", ""]
    assert solved(path) == ({"a", "b"}, "")
    assert [each.name for each in tmp_path.iterdir()] == ["p.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"version": 1, "solved": ["a"',
        "[]",
        '{"version": 1}',
        '{"version": 1, "solved": "a"}',
        '{"version": 1, "solved": [1]}',
        '{"version": 0, "solved": ["a"]}',
    ],
)
def test_damaged_or_old_file_starts_afresh_and_says_so(tmp_path, text):
    path = tmp_path / "p.json"
    path.write_text(text, encoding="utf-8")
    names, note = solved(path)
    assert names == set()
    assert "starts afresh" in note
    note = remember("b", path)
    assert "starts afresh" in note
    assert "kept as p.json.bak." in note
    assert (tmp_path / "p.json.bak").read_text(encoding="utf-8") == text
    assert solved(path) == ({"b"}, "")
    assert remember("c", path) == ""


def test_no_text_at_all_starts_afresh(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert "starts afresh" in solved(path)[1]


REAL = '{"version": 1, "solved": ["bug-1", "concept-step", "not-one"]}'


@pytest.mark.parametrize(
    "data",
    [
        REAL[:-1].encode(),
        b'{"version": 1,\n "solved": [\n  "bug-1",\n  "concept-step",\n  "loss-ms',
        REAL.replace("1,", "2,").encode(),
        b'["concept-step", "bug-1", 3]',
        b'{"version": 7, "solved": {"bug-1": "today", "concept-step": true}, "tried": ["bug-2"]}',
        REAL.encode("utf-16"),
        REAL.encode("utf-16-le"),
        b"\xff\xfe\x00" + REAL.encode(),
        REAL.encode() * 2,
    ],
)
def test_what_can_be_read_of_a_damaged_file_is_taken_over(tmp_path, data):
    path = tmp_path / "p.json"
    path.write_bytes(data)
    assert solved(path)[0] == {"bug-1", "concept-step"}
    assert "2 solved could be read" in solved(path)[1]
    note = remember("loss-mse", path)
    assert "2 solved could be read from it, and the old file is kept as p.json.bak." in note
    assert note.count(". ") == 0
    assert solved(path) == ({"bug-1", "concept-step", "loss-mse"}, "")
    assert (tmp_path / "p.json.bak").read_bytes() == data


def test_damaged_file_is_mended_where_its_name_is_in_it(tmp_path):
    path = tmp_path / "p.json"
    path.write_text(REAL[:-1], encoding="utf-8")
    assert "kept as" in remember("bug-1", path)
    assert solved(path) == ({"bug-1", "concept-step"}, "")


def test_older_copies_are_not_overwritten(tmp_path):
    path = tmp_path / "p.json"
    for damage, copy in (("{", "p.json.bak"), ("[", "p.json.bak2"), ("{", "p.json.bak"), ("(", "p.json.bak3")):
        path.write_text(damage, encoding="utf-8")
        assert f"kept as {copy}." in remember("a", path)
    assert [(tmp_path / f"p.json.bak{n}").read_text(encoding="utf-8") for n in ("", 2, 3)] == ["{", "[", "("]


def test_mark_of_byte_order_is_no_damage(tmp_path):
    path = tmp_path / "p.json"
    path.write_text(REAL, encoding="utf-8-sig")
    assert solved(path) == ({"bug-1", "concept-step", "not-one"}, "")


def test_deep_brackets_are_damage_too(tmp_path):
    path = tmp_path / "p.json"
    path.write_text("[" * 100_000 + '"bug-1"', encoding="utf-8")
    assert solved(path)[0] == {"bug-1"}


def test_what_cannot_be_opened_is_told_and_left(tmp_path):
    assert "cannot be opened" in solved(tmp_path)[1]
    assert "not kept" in remember("a", tmp_path)


def test_damaged_file_stays_where_it_cannot_be_copied(tmp_path, monkeypatch):
    def refuse(*arguments):
        raise OSError("disk full")

    path = tmp_path / "p.json"
    path.write_text("{", encoding="utf-8")
    monkeypatch.setattr(progress.Path, "write_bytes", refuse)
    assert "not kept" in remember("a", path)
    assert path.read_text(encoding="utf-8") == "{"


def test_what_is_solved_already_needs_no_writing(tmp_path, monkeypatch):
    path = tmp_path / "p.json"
    remember("a", path)
    monkeypatch.setattr(progress.tempfile, "mkstemp", None)
    assert remember("a", path) == ""


def test_many_notebooks_lose_nothing(tmp_path):
    path = tmp_path / "p.json"
    names = [f"{letter}-{i}" for letter in "abcd" for i in range(8)]
    threads = [threading.Thread(target=lambda i=i: [remember(name, path) for name in names[i::4]]) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert solved(path) == (set(names), "")
    assert [each.name for each in tmp_path.iterdir()] == ["p.json"]


def test_notebook_that_died_while_it_wrote_is_waited_for_and_not_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "_PATIENCE", 0.05)
    (tmp_path / "p.json.lock").touch()
    assert remember("a", tmp_path / "p.json") == ""
    assert [each.name for each in tmp_path.iterdir()] == ["p.json"]


def test_file_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError("read-only")

    monkeypatch.setattr(progress.tempfile, "mkstemp", refuse)
    assert "not kept" in remember("a", tmp_path / "p.json")
    assert "not kept" in remember("a", tmp_path / "no" / "such" / "folder" / "p.json")


def test_half_a_file_is_never_left(tmp_path, monkeypatch):
    path = tmp_path / "p.json"
    remember("a", path)

    def fail(*arguments):
        raise OSError("disk full")

    monkeypatch.setattr(progress.os, "replace", fail)
    assert "not kept" in remember("b", path)
    assert json.loads(path.read_text(encoding="utf-8"))["solved"] == ["a"]
    assert [each.name for each in tmp_path.iterdir()] == ["p.json"]


def test_where_it_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    assert progress_file() == tmp_path / FILE
    monkeypatch.setenv(VARIABLE, str(tmp_path / "other.json"))
    assert progress_file() == tmp_path / "other.json"
    assert progress_file("mine.json") == Path("mine.json")


def test_git_leaves_it_alone():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"{FILE}*" in ignored
