"""A line through points: the rows of a problem with one feature, and the errors of a line as squares."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.lines import AxLine
from matplotlib.text import Text
from numpy.typing import ArrayLike

from gdlib import _drawing as draw
from gdlib._arguments import finite_array
from gdlib._formatting import number
from gdlib.linear import LinearRegression, squared_error


def data(ax: Axes, problem: LinearRegression) -> list[Artist]:
    """Return the artists of a ground: the rows of a problem with one feature as points, x and y on the same scale."""
    rows = np.column_stack([_feature_of(problem), problem.y])
    middle, (wide, high) = (rows.min(axis=0) + rows.max(axis=0)) / 2, np.ptp(rows, axis=0)
    wide = max(wide, high) or 1.0  # room for squares beside tall data
    (low, high) = np.array([middle, middle]) + np.outer([-1, 1], [0.75 * wide, 0.5 * high + 0.25 * wide])
    draw.checked(ax).set(title="Data", xlabel="x", ylabel="y")
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    ax.set_aspect("equal", adjustable="box")
    return draw.add(ax, draw.dots(ax, rows, marker="o", ms=7, color=draw.paper_of(ax).ink, label="rows"))


def fit(ax: Axes, problem: LinearRegression, theta: ArrayLike, *, squares: bool = True) -> list[Artist]:
    """Return the artists of a layer: the line ŷ = w·x + b, and each row's error ŷ − y; with ``squares``, each squared.

    A square has the error as its side, so its area is the squared error, and the loss is the mean area. Each lies on
    the side of its error towards which the line leads away from the square.
    """
    if not isinstance(problem, LinearRegression):
        raise TypeError(f"problem must be a LinearRegression, which has a line ŷ, got {type(problem).__name__}")
    problem = squared_error(problem) if squares else problem
    view, x, y, theta = draw.view_of(ax), _feature_of(problem), problem.y, finite_array("theta", theta)
    if theta.shape != (2,):
        raise ValueError(f"theta must be (w, b), shape (2,), got shape {theta.shape}")
    outputs, ends = problem.predict(theta), problem.predict(theta, view[:, 0])
    far = x + (outputs - y) * (-1 if theta[0] < 0 else 1)
    corners = np.stack([x, y, x, outputs, far, outputs, far, y], axis=-1).reshape(-1, 4, 2)
    shapes, kind = (corners, "squares") if squares else (corners[:, :2], "errors")
    beyond = int((~draw.within(shapes, view).all(axis=1)).sum())
    gone = bool(ends.max() < view[0, 1] or ends.min() > view[1, 1])
    outside = [f"parts of {beyond} of {len(y)} {kind}"] * (beyond > 0) + ["the line"] * gone
    room = view[1] - view[0]
    corners = np.clip(corners, view[0] - room, view[1] + room)  # the frame hides these edges
    line = f"ŷ = {number(theta[0], 3)}·x {'−' if theta[1] < 0 else '+'} {number(abs(theta[1]), 3)}"
    mean, paper = f"mean area L = {number(problem.loss(theta), 3)}", draw.paper_of(ax)
    look = {"size": draw.type_size(), "color": paper.ink, "path_effects": paper.halo}
    return draw.add(
        ax,
        PolyCollection(corners, facecolors=to_rgba("C1", 0.25), edgecolors="C1", label="squared errors")
        if squares
        else None,
        Text(0.98, 0.03, mean, ha="right", transform=ax.transAxes, **look) if squares else None,
        LineCollection(corners[:, :2], colors="C1", linewidths=2.5, label="errors ŷ − y"),
        None if gone else AxLine((0, theta[1]), None, theta[0], color="C0", label=line),
        draw.note(ax, f"outside the picture: {', '.join(outside)}") if outside else None,
    )


def _feature_of(problem: LinearRegression) -> np.ndarray:
    if problem.x.shape[1] != 1:
        raise ValueError(f"problem must have one feature to be drawn as points, got {problem.x.shape[1]}")
    return problem.x[:, 0]
