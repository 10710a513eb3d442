"""The loss, step by step: of a run, and its parts along the axes of a bowl."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from gdlib import _drawing as draw
from gdlib._arguments import count
from gdlib.curvature import curvatures, principal_directions
from gdlib.linear import squared_error
from gdlib.plots import _shared as shared

# Read here, not imported: a problem and a run are whatever has the attributes that a picture needs.
Run = Any


def loss_axes(ax: Axes, *, steps: int, lowest: float, highest: float) -> list[Artist]:
    """Return the artists of a ground, none: axes for the mean loss, on a log scale, against the step."""
    steps, (lowest, highest) = count("steps", steps), draw.interval("lowest, highest", (lowest, highest), positive=True)
    draw.checked(ax).set(yscale="log", title="Loss, step by step", xlabel="step k", ylabel="mean loss L")
    ax.set(xlim=(-0.02 * steps, 1.02 * steps), ylim=(lowest, highest))
    return []


def losses(ax: Axes, run: Run, *, label: str | None = None) -> list[Artist]:
    """Return the artists of a layer: the mean loss after each step of a run.

    Below the picture the line leaves it. A run that ends above its start "grows"; if it also ends above the picture,
    or left the finite numbers, it "diverges". The label says so, or without one notes, on what is below as well.
    """
    (_, floor), (_, top) = draw.view_of(ax)
    heights, (colour, style, mark) = shared.single(run).losses, draw.next_look(ax, "losses")
    word = "diverges" if run.diverged or heights[-1] > max(top, heights[0]) else "grows" if run.grew else ""
    name = f"{label} ({word})" if label and word else label
    every = max(1, round(np.ptp(ax.get_xlim()) / 12))
    look = {"color": colour, "ls": style, "marker": mark, "markevery": every, "ms": 5, "gid": "losses"}
    line = Line2D(range(len(heights)), heights, label=name, **look)
    below = "" if label else shared.told(heights >= floor)
    notes = [draw.note(ax, word)] * bool(word and not label)
    return draw.add(ax, line, *notes, draw.note(ax, f"below the picture: {below}", low=True) if below else None)


def loss_parts(ax: Axes, run: Run) -> list[Artist]:
    """Return the artists of a layer: the loss above its least, split along the axes of the bowl, a thin line for each.

    With c = (θ − θ*)·u for the unit eigenvector u of curvature λ, an axis has the part ½λc². The parts and the least
    loss add up to the loss; in batch order each shrinks by (1 − ηλ)² a step. A line ends where nothing but rounding is
    left of its part.
    """
    problem = squared_error(shared.single(run).problem)
    bends = curvatures(problem)
    bent = np.flatnonzero(bends > 0)
    away = (run.parameters - problem.minimizer()) @ principal_directions(problem)[:, bent]
    with np.errstate(over="ignore"):
        parts = np.minimum(bends[bent] / 2 * away**2, np.finfo(float).max)
    most = np.abs(away).max(axis=1, keepdims=True)
    rounding = (np.abs(away) < 1e-12 * most) & (most > most[0])  # all that is left of an axis beside one that blows up
    ends = np.where(rounding.any(axis=0), rounding.argmax(axis=0), len(parts))
    names = ["gentle", *["next"] * (len(bent) - 2), "steep"][-len(bent) :]
    looks = {"steep": {"color": "C0", "ls": "--"}, "gentle": {"color": "C2", "ls": "-."}, "next": {"color": "C3"}}
    shown = [(name, part[:end]) for name, part, end in zip(names, parts.T, ends, strict=True)]
    lines = (Line2D(range(len(y)), y, lw=1.3, label=f"along the {name} axis", **looks[name]) for name, y in shown[::-1])
    return draw.add(draw.checked(ax), *lines)
