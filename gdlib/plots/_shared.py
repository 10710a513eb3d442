"""What several kinds of picture share: which steps of a run are in it, and notes on the others."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from gdlib import _drawing as draw
from gdlib._arguments import count

Run = Any  # read here, not imported, as in the other modules


def notes_on(ax: Axes, run: Run, inside: np.ndarray, label: str | None = None) -> list[Annotation]:
    """Return a note on the steps outside the picture and on divergence, if there is any to tell."""
    words = [f"diverged after step {len(run)}"] * bool(run.diverged and len(inside) > len(run))
    if not inside.all():
        words = [f"outside the picture: {told(inside)}", *words]
    return [draw.note(ax, f"{label}: " * bool(label) + "\n".join(words))] if words else []


def told(inside: np.ndarray) -> str:
    """Return which steps are not inside, by their numbers if they follow each other; "" if all are."""
    outside = np.flatnonzero(~inside)
    if not len(outside):
        return ""
    first, last = outside[[0, -1]]
    gapless = f"steps {first}–{last}" if last > first else f"step {first}"
    return gapless if last - first == len(outside) - 1 else f"{len(outside)} steps"


def single(run: Run) -> Run:
    """Return the run, if it is a single descent."""
    if run.eta.ndim:
        raise ValueError(f"run must be a single descent, got one of {run.eta.size} rates")
    return run


def path_of(run: Run, upto: int | None) -> np.ndarray:
    """Return θ₀ … θ_upto of a run, or all there are."""
    return single(run).parameters[: None if upto is None else count("upto", upto, least=0) + 1]
