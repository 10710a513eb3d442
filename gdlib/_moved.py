"""Where names of the first edition have gone: a copied notebook that asks for an old place is told the new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

_NEW = {
    "gdlib.problem": {"LinearRegression": "gdlib.linear"},
    "gdlib.plots": {"graph": "gdlib.graph"},
    "gdlib.explore": {
        "ConceptExplorer": "gdlib.explore.concept",
        "LossExplorer": "gdlib.explore.loss",
        "DerivationExplorer": "gdlib.explore.derivation",
        "WorkedExampleExplorer": "gdlib.explore.example",
        "LearningRateExplorer": "gdlib.explore.rate",
    },
}


def moved(module: str) -> Callable[[str], NoReturn]:
    """Return a module's ``__getattr__``, which raises an ImportError with the new place of a name that has moved."""

    def __getattr__(name: str) -> NoReturn:
        if name in _NEW[module]:
            place = _NEW[module][name]
            raise ImportError(f"{name} has moved: write `from {place} import {name}` in place of `from {module} …`")
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return __getattr__
