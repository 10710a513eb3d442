"""What a copy of a notebook of version 0.1.0 is told when it imports a name from its old place: the line to write."""

from collections.abc import Callable
from typing import NoReturn


def moved(module: str, **places: str) -> Callable[[str], NoReturn]:
    """Return a module's ``__getattr__``: an ImportError has the new place of each name in ``places``.

    An AttributeError would be the rule, but then `from … import …` would put a message of its own in place of this one.
    """

    def __getattr__(name: str) -> NoReturn:
        if name in places:
            raise ImportError(f"{name} has moved from {module}: write `from {places[name]} import {name}`")
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return __getattr__
