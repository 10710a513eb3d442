"""What the exercises compute: the right results, the data they are asked on, and the known mistakes.

One module for each notebook, and one for the bug hunt; such a module names its ``NOTEBOOK``, and marks the functions
that build its exercises with ``@exercise``. Each data set differs from the notebooks' in size, start and rate, so that
different mistakes give different numbers.
"""

import pkgutil
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import ModuleType

from gdlib.exercises.kinds import Exercise

__all__ = ["all_exercises", "find_exercise"]


def find_exercise(name: str) -> Exercise:
    """Return the exercise of this name; raise ValueError if there is none, and say which one may be meant."""
    known = _builders()
    if name in known:
        return known[name]()
    near = get_close_matches(str(name), known, n=1, cutoff=0.5)
    meant = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"
    raise ValueError(f"name must be that of an exercise, got {name!r}{meant}")


def all_exercises() -> dict[str, Exercise]:
    """Return all exercises by name, in the order of the notebooks."""
    return {name: build() for name, build in _builders().items()}


def exercise_names() -> tuple[str, ...]:
    """Return the names of all exercises, in the order of the notebooks; none is built for it."""
    return tuple(_builders())


def sheet_names() -> tuple[str, ...]:
    """Return the names of the notebooks that have exercises, in order: those of the sheets, too."""
    return tuple(module.NOTEBOOK for module in _notebooks())


def _builders() -> dict[str, Callable[[], Exercise]]:
    """Return the functions that build the exercises, by name, in the order of the notebooks and of each module."""
    marked = [getattr(thing, "builders", {}) for module in _notebooks() for thing in vars(module).values()]
    return {name: build for builders in marked for name, build in builders.items()}


@cache
def _notebooks() -> tuple[ModuleType, ...]:
    """Return the modules that have exercises, in the order of the notebooks."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(sorted((each for each in modules if hasattr(each, "NOTEBOOK")), key=lambda each: each.NOTEBOOK))
