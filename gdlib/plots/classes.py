"""Two classes: the rows, how likely a place is of class 1, and the losses of a score."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.lines import AxLine, Line2D
from numpy.typing import ArrayLike

from gdlib import _drawing as draw
from gdlib._arguments import finite_array, finite_number
from gdlib._formatting import number
from gdlib.classify import sigmoid

# Read here, not imported: a problem is whatever has the attributes that a picture needs.
LogisticRegression = Any

_EDGES = np.array([0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98])  # of the bands of p
_STRENGTHS = (0.5, 0.36, 0.22, 0.1, 0.1, 0.22, 0.36, 0.5)  # of their colours: the stronger, the surer
_COLOURS, _MARKERS = ("C0", "C1"), "os"  # of the classes 0 and 1


def classes(ax: Axes, problem: LogisticRegression) -> list[Artist]:
    """Return the artists of a ground: the rows of a problem of two features as points, a marker for each class."""
    x, y = _two_features(problem).x, problem.y
    (low, high), room = (x.min(axis=0), x.max(axis=0)), 0.12 * (np.ptp(x, axis=0) + (np.ptp(x, axis=0) == 0))
    draw.checked(ax).set(title="Two classes", xlabel=problem.features[0], ylabel=problem.features[1])
    ax.set(xlim=(low[0] - room[0], high[0] + room[0]), ylim=(low[1] - room[1], high[1] + room[1]))
    ax.grid(visible=False)
    looks = [{"marker": _MARKERS[k], "color": _COLOURS[k], "ms": 6, "label": f"class {k}"} for k in (0, 1)]
    return draw.add(ax, *(draw.dots(ax, x[y == k], **looks[k]) for k in (0, 1)))


def probability(ax: Axes, problem: LogisticRegression, theta: ArrayLike) -> list[Artist]:
    """Return the artists of a layer: the line p = ½, and shading for p in the classes' colours, stronger where surer.

    The bands of the shading end at p = 0.02, 0.1, 0.3, 0.5, 0.7, 0.9 and 0.98. p changes across the line alone, so a
    band lies between two lines beside it.
    """
    view, theta = draw.view_of(ax), finite_array("theta", theta)
    if theta.shape != (len(_two_features(problem).names),):
        raise ValueError(f"theta must be (w₁, w₂, b), shape (3,), got shape {theta.shape}")
    *w, b = theta
    size, middle, far = float(np.hypot(*w)), view.mean(axis=0), float(2 * np.hypot(*np.ptp(view, axis=0)))
    if size == 0:
        return draw.add(ax, draw.note(ax, f"p = {number(float(sigmoid(b)), 3)} everywhere: the weights are zero"))
    across, along = np.array(w) / size, np.array([-w[1], w[0]]) / size
    scores = np.log(_EDGES / (1 - _EDGES))
    edges = np.clip((scores - b) / size - middle @ across, -far, far)  # how far each line is from the middle
    left, right = (middle + np.outer([-far, *edges, far], across) + side * far * along for side in (-1, 1))
    bands = np.stack([left[:-1], left[1:], right[1:], right[:-1]], axis=1)
    sure = [to_rgba(_COLOURS[k >= 4], strength) for k, strength in enumerate(_STRENGTHS)]
    corners = (np.array([[x, y] for x in view[:, 0] for y in view[:, 1]]) - middle) @ across - edges[3]
    here = corners.min() < 0 < corners.max()
    return draw.add(
        ax,
        PolyCollection(bands, facecolors=sure, zorder=0, label="shading for p"),
        AxLine(middle + edges[3] * across, middle + edges[3] * across + along, None, color=draw.paper_of(ax).ink,
               label="p = ½") if here else None,
        None if here else draw.note(ax, "outside the picture: the line p = ½"),
    )  # fmt: skip


def score_losses(ax: Axes, *, reach: float = 7) -> list[Artist]:
    """Return the artists of a ground: what a row costs over the score for its own class, −z where y = 0.

    It has two curves, the log-loss ln(1 + e⁻ˢ) and the squared error (1 − σ(s))², for s from −reach to reach.
    """
    reach = finite_number("reach", reach)
    if reach <= 0:
        raise ValueError(f"reach must be positive, got {reach:g}")
    scores = np.linspace(-reach, reach, 281)
    draw.checked(ax).set(title="Two losses of a score", xlabel="score for the own class", ylabel="loss")
    ax.set(xlim=(-reach, reach), ylim=(-0.05 * reach, 1.02 * np.logaddexp(0, reach)))
    looks = zip(_losses(scores), _COLOURS, ("-", "--"), strict=True)
    lines = [Line2D(scores, height, color=colour, ls=ls, label=name) for (name, height, _), colour, ls in looks]
    return draw.add(ax, *lines)


def score_tangents(ax: Axes, score: float) -> list[Artist]:
    """Return the artists of a layer: where a score is on both losses, and the tangents there, their slopes told."""
    view, score = draw.view_of(ax), finite_number("score", score)
    if not view[0, 0] <= score <= view[1, 0]:
        return draw.add(ax, draw.note(ax, f"outside the picture: the score {number(score, 3)}"))
    ink, artists, reach = draw.paper_of(ax).ink, [], 0.12 * np.ptp(view[:, 0])
    for (name, height, slope), colour, mark in zip(_losses(np.float64(score)), _COLOURS, _MARKERS, strict=True):
        x = score + reach / np.hypot(1, slope) * np.array([-1, 1])
        look = {"marker": mark, "ms": 8, "color": colour, "mec": ink}
        artists += [
            Line2D(x, height + slope * (x - score), color=ink, lw=2, label=f"tangent, slope {number(slope)}"),
            draw.dots(ax, np.array([score, height]), label=f"{name} {number(height)}", **look),
        ]
    return draw.add(ax, *artists)


def _losses(scores: np.ndarray) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Return each loss over the score for the own class: its name, its height, its slope."""
    wrong = sigmoid(-scores)  # how likely the other class is
    return [
        ("log-loss", np.logaddexp(0, -scores), -wrong),
        ("squared error", wrong**2, -2 * wrong**2 * (1 - wrong)),
    ]


def _two_features(problem: LogisticRegression) -> LogisticRegression:
    """Return the problem, if it has two features and two classes."""
    if getattr(problem, "x", np.empty((0, 0))).shape[1] != 2 or not set(problem.y) <= {0, 1}:
        raise ValueError(f"problem must have two features and the classes 0 and 1, as a plane has, got {problem!r}")
    return problem
