"""The explorers: sliders on what the course teaches, a picture of it, and what is seen in words.

`base` is the frame of all of them, `words` has the sentences and tables that they share; each explorer has a module of
its own.
"""

import re
from importlib import import_module
from typing import TYPE_CHECKING

from gdlib._moved import moved

if TYPE_CHECKING:
    from gdlib.explore.base import Explorer

__all__ = ["explorers"]
#: The modules that have an explorer, in the order of the course.
MODULES = ("concept", "loss", "derivation", "example", "rate", "classification", "network")
__getattr__ = moved(
    __name__,
    ConceptExplorer="gdlib.explore.concept",
    LossExplorer="gdlib.explore.loss",
    DerivationExplorer="gdlib.explore.derivation",
    WorkedExampleExplorer="gdlib.explore.example",
    LearningRateExplorer="gdlib.explore.rate",
)


def explorers() -> dict[str, "type[Explorer]"]:
    """Return every explorer by its name, such as "learning-rate" for `LearningRateExplorer`, in the course's order."""
    modules = [import_module(f"{__name__}.{name}") for name in MODULES]
    pairs = {name: kind for module in modules for name, kind in vars(module).items() if name.endswith("Explorer")}
    del pairs["Explorer"]
    return {re.sub("(?<!^)(?=[A-Z])", "-", name.removesuffix("Explorer")).lower(): pairs[name] for name in pairs}
