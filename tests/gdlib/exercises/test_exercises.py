"""Exercises are found where they are written, and only the one that is asked for is built."""

import sys

import pytest

from gdlib import exercises
from gdlib._course import SHEETS
from gdlib.check import check
from gdlib.exercises import all_exercises, concept, find_exercise
from gdlib.exercises.kinds import Exercise, exercise
from gdlib.exercises.sheet import entries

MODULES = {"01-concept": "concept", "02-loss": "loss", "03-derivation": "derivation"}
MODULES |= {"04-worked-example": "example", "05-learning-rate": "rate", "06-classification": "classification"}
MODULES |= {"07-network": "network", "practice-bug-hunt": "bug"}


def test_sheets_and_mathematics_know_the_same_exercises():
    assert list(all_exercises()) == list(entries(SHEETS))


@pytest.mark.parametrize("entry", entries(SHEETS).values(), ids=lambda entry: entry.name)
def test_name_begins_with_that_of_its_module(entry):
    assert entry.name.startswith(f"{MODULES[entry.sheet]}-")


def test_function_added_to_a_module_is_found(monkeypatch):
    def _brand_new():
        return Exercise.value(lambda: 7)

    monkeypatch.setattr(concept, "_brand_new", exercise("concept-brand-new")(_brand_new), raising=False)
    assert find_exercise("concept-brand-new").right() == 7
    names = list(all_exercises())
    assert names[names.index("concept-brand-new") + 1].startswith("loss-")


def test_module_that_is_added_is_found_at_its_notebooks_place(tmp_path, monkeypatch):
    (tmp_path / "extra.py").write_text(
        "from gdlib.exercises.kinds import Exercise, exercise\n\n"
        "NOTEBOOK = '03-extra'\n\n\n@exercise('extra-one')\ndef _one():\n    return Exercise.value(lambda: 1)\n"
    )
    monkeypatch.setattr(exercises, "__path__", [*exercises.__path__, str(tmp_path)])
    monkeypatch.setattr(exercises, "_notebooks", exercises._notebooks.__wrapped__)  # looked for again
    monkeypatch.setitem(sys.modules, "gdlib.exercises.extra", None)  # so that what is put here goes again
    monkeypatch.delitem(sys.modules, "gdlib.exercises.extra")
    monkeypatch.setattr(exercises, "extra", None, raising=False)
    names = list(all_exercises())
    assert names[names.index("extra-one") - 1] == "derivation-tanh"
    assert names[names.index("extra-one") + 1] == "example-predict-w1"


def test_only_the_exercise_that_is_asked_for_is_built(monkeypatch, tmp_path):
    built = []

    def recorded(name, build):
        return lambda: built.append(name) or build()

    builders = {name: recorded(name, build) for name, build in exercises._builders().items()}
    monkeypatch.setattr(exercises, "_builders", lambda: builders)
    assert check("loss-predict-double", 4, file=tmp_path / "progress.json")
    assert built == ["loss-predict-double"]


def test_no_exercise_is_asked_for_twice():
    marked = [
        name
        for module in (
            sys.modules[f"gdlib.exercises.{name}"]
            for name in (*list(MODULES.values())[:-1], "many_classes", "passing_back", "where_paths_meet", "hunt")
        )
        for thing in vars(module).values()
        for name in getattr(thing, "builders", {})
    ]
    assert sorted(marked) == sorted(all_exercises())
