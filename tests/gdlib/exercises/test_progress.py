"""Progress is one small file: it survives, it starts afresh, and it never gets in the way."""

import json
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
    assert "starts afresh" in remember("b", path)
    assert solved(path) == ({"b"}, "")


def test_no_text_at_all_starts_afresh(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert "starts afresh" in solved(path)[1]


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
