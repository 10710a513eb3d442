"""gdlib._course: the notebooks of the course in order, which of them are lectures, and their titles."""

import json

import pytest

from gdlib import _course


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of a few notebooks; that its own folder is called ``my`` does not count."""
    folder = tmp_path / "my" / "checkout" / "notebooks"
    names = ("b.ipynb", "02-loss.ipynb", "solutions/a.ipynb", ".ipynb_checkpoints/a.ipynb", "my/a.ipynb", "notes.md")
    for name in ("10-end.ipynb", *names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    monkeypatch.setattr(_course, "NOTEBOOKS", folder)
    return folder


def names(paths, folder):
    return [path.relative_to(folder).as_posix() for path in paths]


def test_checkpoints_and_own_copies_are_not_of_the_course(course):
    assert names(_course.notebooks(), course) == ["02-loss.ipynb", "10-end.ipynb", "b.ipynb", "solutions/a.ipynb"]


def test_lectures_have_a_number(course):
    assert names(_course.lectures(), course) == ["02-loss.ipynb", "10-end.ipynb"]


def test_without_a_course_there_are_no_notebooks(tmp_path, monkeypatch):
    monkeypatch.setattr(_course, "NOTEBOOKS", tmp_path / "none")
    assert _course.notebooks() == _course.lectures() == []


@pytest.mark.parametrize("source", ["# One: $x$\n\nText.\n\n# Two", ["# One: $x$\n", "\n", "Text."]])
def test_title_is_the_first_heading(tmp_path, source):
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [{"source": source}, {"source": "# Two"}]}))
    assert _course.title(tmp_path / "a.ipynb") == "One: $x$"


def test_every_notebook_has_a_title_of_its_own():
    titles = [_course.title(path) for path in _course.notebooks()]
    assert len(titles) == len(set(titles)) >= 6
    assert not [title for title in titles if not title or title.startswith("#")]
