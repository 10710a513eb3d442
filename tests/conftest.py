"""What the tests share: Axes to draw on, a package with a fault, and how they run against a mutant."""

import os
import shutil
import sys

import pytest
from hypothesis import Phase, settings
from shared import CI, PACKAGE

# The same examples for each mutant, and no search for a simpler one that fails.
settings.register_profile("mutate", derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
# Fewer where somebody waits: in CI and for mutants, `strategies.many` takes five times as many.
settings.register_profile("quick", max_examples=20)
if not CI:
    settings.load_profile("quick")


def pytest_configure(config):
    """Let all processes share what Python compiles, also where it may leave nothing beside the sources.

    Images of containers often forbid that; then every worker and every kernel would compile all packages by itself,
    a quarter of the time. Here it goes where pytest keeps what it knows of the last run.
    """
    if sys.dont_write_bytecode and hasattr(config, "cache"):
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.cache.mkdir("compiled"))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(config, items):
    """Put the tests that invent cases last, under mutation: most mutants fall to a plain test, in no time."""
    if config.getoption("--hypothesis-profile") == "mutate":
        items.sort(key=lambda item: getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


@pytest.fixture
def ax():
    """Axes of a figure that belongs to no pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4), dpi=60)
    FigureCanvasAgg(figure)
    return figure.add_subplot()


@pytest.fixture
def planted(tmp_path):
    """Return a function that copies gdlib, writes a file there, and returns the copy."""

    def plant(name, text):
        package = tmp_path / "gdlib"
        if not package.exists():
            shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
        (package / name).write_text(text, encoding="utf-8")
        return package

    return plant
