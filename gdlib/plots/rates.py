"""Learning rates side by side: a ruler of what each does, and the losses of a sweep."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib import colormaps, rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.text import Text

from gdlib import _drawing as draw
from gdlib._arguments import finite_number, rates
from gdlib._formatting import number
from gdlib.curvature import best_rate, curvatures, regime, round_limit

# Read here, not imported: a problem and a run are whatever has the attributes that a picture needs.
LinearRegression = Run = Any

_BANDS = {  # a colour and a hatch for each word of the ruler
    "glides": ("C2", ""),
    "settles": ("C2", ""),
    "overshoots": ("C0", "//"),
    "diverges": ("C1", "xx"),
    "may diverge": ("C1", "xx"),
}


def regimes(ax: Axes, problem: LinearRegression, *, order: str = "batch", low: float, high: float) -> list[Artist]:
    """Return the artists of a ground: a ruler of learning rates from ``low`` to ``high``, and what each does.

    For batch descent it tells the `regime` along the steepest direction; for ``order="one by one"``, on which side of
    the `round_limit` a rate lies. Above that, rounds diverge, but for some rows converge again: there they may diverge.
    """
    low, high = draw.interval("low, high", (low, high), positive=True)
    if order == "batch":
        steepest = curvatures(problem)[-1]
        marks = [("1/λₘₐₓ", 1 / steepest), ("best", best_rate(problem)), ("2/λₘₐₓ", 2 / steepest)]
        edges = [1 / steepest, 2 / steepest]
    elif order == "one by one":
        edges = [round_limit(problem)]
        marks = [("limit", edges[0])]
    else:
        raise ValueError(f"order must be 'batch' or 'one by one', got {order!r}")
    draw.rate_axis(ax, low, high)
    ax.set(title=f"What a learning rate does ({order})", ylim=(0, 1), yticks=[])
    ax.spines[["left", "right", "top"]].set_visible(False)
    artists, paper, size = [], draw.paper_of(ax), draw.type_size(draw.SMALL)
    for left, right in pairwise([low, *(edge for edge in edges if low < edge < high), high]):
        middle = np.sqrt(left * right)
        word = regime(middle, steepest) if order == "batch" else "settles" if middle < edges[0] else "may diverge"
        colour, hatch = _BANDS[word]
        look = {"facecolor": to_rgba(colour, 0.25), "edgecolor": to_rgba(colour, 0.5), "hatch": hatch, "lw": 0}
        artists += [ax.axvspan(left, right, 0.4, 0.64, label=word, **look)]
        room = draw.points_wide(ax) * np.log(right / left) / np.log(high / low) - 2
        look = {"size": min(size, room / draw.LETTER / len(word)), "color": paper.ink, "path_effects": paper.halo}
        if look["size"] > 0.6 * size:  # else there is no room for a word
            artists += [ax.text(middle, 0.52, word, ha="center", va="center", **look)]
    for (name, eta), side in zip(marks, ("right", "center", "left"), strict=False):
        if low <= eta <= high:
            above = 1.35 * size * (name == "best")  # points: a line of writing
            top = 0.66 + above * ax.figure.dpi / 72 / ax.bbox.height
            artists += [ax.axvline(eta, 0.4, top, color=paper.ink, lw=1.2, ls=":" if name == "best" else "-")]
            look = {"ha": side, "va": "bottom", "size": size, "color": paper.ink}
            words = f" {name} = {number(eta, 3)} "
            artists += [ax.annotate(words, (eta, 0.66), (0, above), textcoords="offset points", **look)]
    return artists


def rate_marker(ax: Axes, eta: float) -> list[Artist]:
    """Return the artists of a layer: where a learning rate stands on the ruler; beyond its ends, an arrow says so."""
    (low, high), eta = draw.view_of(ax)[:, 0], float(rates("eta", finite_number("eta", eta)))
    words, ink, size = f"η = {number(eta, 3)}", draw.paper_of(ax).ink, draw.type_size()
    if not low <= eta <= high:
        words, side = (f"← {words}", "left") if eta < low else (f"{words} →", "right")
        return draw.add(ax, Text(min(max(eta, low), high), 0.2, words, ha=side, va="center", color=ink, size=size))
    here, caret = np.array([eta, 0.4]), 6  # matplotlib's number for one with its tip on the point
    pointer = draw.dots(ax, here, marker=caret, ms=9, color=ink, label=words, clip_on=False)
    return draw.add(ax, pointer, draw.beside(ax, here, (0, -1), words, 8))


def sweep(ax: Axes, run: Run) -> list[Artist]:
    """Return the artists of a ground: the loss of a run of many rates as colour, over η and step; hatched: diverged."""
    if run.eta.ndim != 1 or len(run.eta) < 2 or (np.diff(run.eta) <= 0).any() or run.eta[0] <= 0:
        raise ValueError("run must have two rates or more, above 0 and increasing")
    middles = np.sqrt(run.eta[:-1] * run.eta[1:])
    eta = np.array([run.eta[0] ** 2 / middles[0], *middles, run.eta[-1] ** 2 / middles[-1]])
    steps, start = np.arange(len(run) + 2) - 0.5, run.losses[0].max() or 1.0
    gone = run.diverged & (np.arange(len(run) + 1)[:, np.newaxis] > run.stop_step)
    logs = np.ma.array(np.log10(np.maximum(run.losses, 1e-12 * start)), mask=gone)
    draw.rate_axis(ax, eta[0], eta[-1])
    ax.set(title="Mean loss L, for many rates", ylabel="step k", ylim=steps[[0, -1]])
    colours = colormaps[rcParams["image.cmap"]].with_extremes(over="white")
    back = {
        "facecolor": "white",
        "edgecolor": "black" if draw.paper_of(ax).dark else "C1",
        "hatch": "xx",
        "lw": 0,
        "zorder": 0,
        "label": "diverged",
    }
    mesh = ax.pcolormesh(eta, steps, logs, cmap=colours, vmax=np.log10(start) + 1, label="log₁₀ L")
    bar = ax.figure.colorbar(mesh, ax=ax, extend="max")
    bar.set_label(
        "log₁₀ L\nwhite: above 10·L₀" + ", hatched: diverged" * bool(gone.any()), size=draw.type_size(draw.SMALL)
    )
    return [mesh, bar.ax, *([ax.axvspan(*eta[[0, -1]], **back)] if gone.any() else [])]
