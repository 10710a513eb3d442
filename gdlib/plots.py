"""Pictures of problems and runs, drawn on an Axes that is handed in.

A *ground* is what stays while a slider moves: it sets title, labels, scales and limits. A *layer* is what moves: it
adds artists within the limits that are there. Both return the list of the artists they added. Nothing here descends:
plots read runs. What lies outside a picture is cut off at its frame, and a note in the picture says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib import colormaps, rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.lines import AxLine, Line2D
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation, Text
from numpy.typing import ArrayLike

from gdlib import _drawing as draw
from gdlib._arguments import count, finite_array, finite_number, rates
from gdlib._formatting import number, subscript
from gdlib._moved import moved
from gdlib.curvature import best_rate, curvatures, principal_directions, regime, round_limit
from gdlib.linear import offers, squared_error

__getattr__ = moved(__name__, graph="gdlib.graph")

# Read here, not imported: a problem and a run are whatever has the attributes that a picture needs.
Curve = LinearRegression = Run = Any

_BANDS = {  # a colour and a hatch for each word of the ruler
    "glides": ("C2", ""),
    "settles": ("C2", ""),
    "overshoots": ("C0", "//"),
    "diverges": ("C1", "xx"),
}


# --- a loss of one parameter ------------------------------------------------------------------------------------------


def curve(ax: Axes, curve: Curve, span: tuple[float, float], *, points: int = 401) -> list[Artist]:
    """Return the artists of a ground: the graph of L(θ) for θ from ``span[0]`` to ``span[1]``."""
    theta = np.linspace(*draw.interval("span", span), count("points", points, least=2))
    with np.errstate(all="ignore"):
        heights = finite_array("curve.f over span", curve.f(theta))
    room = np.ptp(heights) or 1.0
    draw.checked(ax).set(title=curve.name[:1].upper() + curve.name[1:], xlabel="θ", ylabel="L(θ)")
    ax.set(xlim=theta[[0, -1]], ylim=(heights.min() - 0.12 * room, heights.max() + 0.06 * room))
    return draw.add(ax, Line2D(theta, heights, color="C0", label="L(θ)"))


def tangent(ax: Axes, curve: Curve, theta: float) -> list[Artist]:
    """Return the artists of a layer: the point (θ, L(θ)), and the tangent there with its slope."""
    view, theta = draw.view_of(ax), finite_number("theta", theta)
    with np.errstate(all="ignore"):
        here = np.array([theta, curve.f(np.float64(theta))])
    if not draw.within(here, view):
        return draw.add(ax, draw.note(ax, f"outside the picture: θ = {number(theta, 3)}"))
    slope = finite_number("curve.slope at theta", curve.slope(theta))
    away = draw.across(ax, view, slope)
    k = np.abs(away).argmax()  # across the tangent, towards the middle of the picture
    if away[k] * (view.mean(axis=0) - here)[k] < 0:
        away = -away
    return draw.add(
        ax,
        AxLine(here, None, slope, color="C1", ls="--", label="tangent"),
        draw.dots(ax, here, marker="o", ms=9, color="C1", label="(θ, L(θ))"),
        draw.beside(ax, here, away, f"slope {number(slope, 3)}", 14),
    )


def steps_on_curve(ax: Axes, curve: Curve, run: Run, upto: int | None = None) -> list[Artist]:
    """Return the artists of a layer: the points θ₀ … θ_upto of a run on the curve, and an arrow for each step.

    Without ``upto``, or where it is more than the steps there are, the whole run is drawn.
    """
    view, theta = draw.view_of(ax), _path_of(run, upto)[:, 0]
    points = np.column_stack([theta, run.losses[: len(theta)]])
    inside, pieces = draw.within(points, view), draw.clipped(points, view)
    tails = np.concatenate([np.empty((0, 2)), *(piece[:-1] for piece in pieces)])
    heads = np.concatenate([np.empty((0, 2)), *(piece[1:] for piece in pieces)])
    look = {"angles": "xy", "scale_units": "xy", "scale": 1, "units": "inches", "width": 0.018, "headwidth": 6}
    numbered = draw.far_apart(ax, points, np.flatnonzero(inside))
    return draw.add(
        ax,
        Quiver(ax, *tails.T, *(heads - tails).T, color="C1", zorder=3, label="steps", **look) if len(tails) else None,
        draw.dots(ax, points[inside], marker="o", ms=5, color="C1", label="θ₀, θ₁, …"),
        *(draw.beside(ax, points[k], -draw.across(ax, view, curve.slope(theta[k])), str(k), 6) for k in numbered),
        *_notes_on(ax, run, inside),
    )


# --- a line through points --------------------------------------------------------------------------------------------


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


# --- the loss over a plane of parameters ------------------------------------------------------------------------------


class Plane(NamedTuple):
    """A flat view of θ-space: the points ``origin + directions @ (u, v)``; the two columns are orthonormal."""

    origin: np.ndarray
    directions: np.ndarray
    names: tuple[str, str]

    def project(self, theta: ArrayLike) -> np.ndarray:
        """Return (u, v) of the plane's point nearest to θ; shape ``(..., p)`` in, ``(..., 2)`` out."""
        theta = finite_array("theta", theta)
        if theta.shape[-1:] != self.origin.shape:
            raise ValueError(f"theta must have {len(self.origin)} parameters in its last axis, got shape {theta.shape}")
        return (theta - self.origin) @ self.directions

    def lift(self, u: ArrayLike, v: ArrayLike) -> np.ndarray:
        """Return θ at the coordinates (u, v); shape ``(...)`` in, ``(..., p)`` out."""
        return self.origin + np.stack(np.broadcast_arrays(u, v), axis=-1) @ self.directions.T


def plane_of(problem: LinearRegression) -> Plane:
    """Return the plane to look at a problem in: (w, b) itself, or through θ = 0 along the two steepest directions.

    Where only two curvatures are not zero, as for two rows, it is the rows' span: descent from zero stays in it.
    """
    p = len(problem.names)
    if p < 2:
        raise ValueError(f"problem must have two parameters or more, got {p}")
    if p == 2:
        return Plane(np.zeros(2), np.eye(2), problem.names)
    second = {1: "flat", 2: "gentle"}.get(int((curvatures(problem) > 0).sum()), "less steep")
    return Plane(np.zeros(p), principal_directions(problem)[:, [-1, -2]], ("u₁ (steep)", f"u₂ ({second})"))


def contours(
    ax: Axes,
    problem: LinearRegression,
    plane: Plane,
    *,
    span: Sequence[ArrayLike] | None = None,
    levels: ArrayLike | None = None,
) -> list[Artist]:
    """Return the artists of a ground: lines of equal loss in the plane, and the minimum, u and v on the same scale.

    Parameters
    ----------
    span
        ``((u_low, u_high), (v_low, v_high))``. Without it, a square around the minimum with θ = 0 inside.
    levels
        The losses to draw lines at, two or more. Without it, each line is twice as high above the lowest point of the
        picture as the one inside it.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is said above; also without ``span`` where the problem does not know its minimum.
    """
    lowest = plane.project(problem.minimizer()) if offers(problem, "minimizer") else None
    if span is None:
        if lowest is None:
            raise ValueError("span must be given: the problem has no minimizer() to draw a square around")
        reach = 1.35 * (np.abs(lowest).max() or 1.0)
        span = np.column_stack([lowest - reach, lowest + reach])
    u_span, v_span = (draw.interval("span", side) for side in span)
    u, v = np.meshgrid(np.linspace(*u_span, 141), np.linspace(*v_span, 141))
    heights = problem.loss(plane.lift(u, v))
    if levels is None:
        inside = lowest is not None and draw.within(lowest, np.column_stack([u_span, v_span]))
        least = problem.loss(plane.lift(*lowest)) if inside else heights.min()
        levels = least + (heights.max() - least) * 2.0 ** -np.arange(1, 11)
    levels = np.unique(finite_array("levels", levels))
    if len(levels) < 2:
        raise ValueError(f"levels must be two different losses or more, got {levels}")
    draw.checked(ax).set(title="Mean loss L", xlabel=plane.names[0], ylabel=plane.names[1], xlim=u_span, ylim=v_span)
    ax.set_aspect("equal", adjustable="box")
    ax.grid(visible=False)
    paper = draw.paper_of(ax)
    outermost = 0 if paper.dark else 1  # like the paper
    shades = colormaps["Blues_r"](np.linspace(0.35, outermost, len(levels) + 1))
    filled = ax.contourf(u, v, heights, levels, colors=shades, extend="both")
    lines = ax.contour(u, v, heights, levels, colors="0.5", linewidths=0.7)
    labels = ax.clabel(lines, levels[::-2][:3][::-1], fmt="%.3g", fontsize=8, colors="0.9" if paper.dark else "0.3")
    if lowest is None:
        return [filled, lines, *labels]
    a_line = offers(problem, "hessian") and (curvatures(problem) > 0).sum() < 2  # of minima: there is a flat direction
    minimum = "minimum nearest to θ = 0" if a_line else "minimum"
    star = draw.dots(ax, lowest, marker="*", ms=14, color=paper.ink, label=minimum)
    return [filled, lines, *labels, *draw.add(ax, star)]


def path(ax: Axes, run: Run, plane: Plane, *, upto: int | None = None, label: str | None = None) -> list[Artist]:
    """Return the artists of a layer: the points θ₀ … θ_upto of a run in the plane, joined by lines, both ends marked.

    Without ``upto``, or where it is more than the steps there are, the whole run is drawn.
    """
    view, points = draw.view_of(ax), plane.project(_path_of(run, upto))
    inside, (colour, style, mark) = draw.within(points, view), draw.next_look(ax, "path")
    ends = {0: ("o", (-1, 1)), len(points) - 1: (mark, (1, 1))}
    look = {"colors": colour, "linestyles": style, "linewidths": 1.5, "zorder": 3, "gid": "path", "label": label}
    return draw.add(
        ax,
        LineCollection(draw.clipped(points, view), **look),
        draw.dots(ax, points[inside], marker=".", ms=6, color=colour, mew=0),
        *(draw.dots(ax, points[k], marker=end, ms=8, color=colour) for k, (end, _) in ends.items() if inside[k]),
        *(draw.beside(ax, points[k], away, f"θ{subscript(k)}", 8) for k, (_, away) in ends.items() if inside[k]),
        *_notes_on(ax, run, inside, label),
    )


# --- the loss, step by step -------------------------------------------------------------------------------------------


def loss_axes(ax: Axes, *, steps: int, lowest: float, highest: float) -> list[Artist]:
    """Return the artists of a ground, none: axes for the mean loss, on a log scale, against the step."""
    steps, (lowest, highest) = count("steps", steps), draw.interval("lowest, highest", (lowest, highest), positive=True)
    draw.checked(ax).set(yscale="log", title="Loss, step by step", xlabel="step k", ylabel="mean loss L")
    ax.set(xlim=(-0.02 * steps, 1.02 * steps), ylim=(lowest, highest))
    return []


def losses(ax: Axes, run: Run, *, label: str | None = None) -> list[Artist]:
    """Return the artists of a layer: the mean loss after each step of a run.

    A loss below the picture, such as 0, is drawn on its lower edge. A run that ends above its start "grows"; if it
    also ends above the picture, or left the finite numbers, it "diverges". The label says so, or without one a note.
    """
    (_, floor), (_, top) = draw.view_of(ax)
    heights, (colour, style, mark) = np.maximum(_single(run).losses, floor), draw.next_look(ax, "losses")
    word = "diverges" if run.diverged or heights[-1] > max(top, heights[0]) else "grows" if run.grew else ""
    name = f"{label} ({word})" if label and word else label
    every = max(1, round(np.ptp(ax.get_xlim()) / 12))
    look = {"color": colour, "ls": style, "marker": mark, "markevery": every, "ms": 5, "gid": "losses"}
    line = Line2D(range(len(heights)), heights, label=name, **look)
    return draw.add(ax, line, draw.note(ax, word) if word and not label else None)


# --- learning rates side by side --------------------------------------------------------------------------------------


def regimes(ax: Axes, problem: LinearRegression, *, order: str = "batch", low: float, high: float) -> list[Artist]:
    """Return the artists of a ground: a ruler of learning rates from ``low`` to ``high``, and what each does.

    For batch descent it tells the `regime` along the steepest direction; for ``order="one by one"``, on which side of
    the `round_limit` a rate lies.
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
        word = regime(middle, steepest) if order == "batch" else "settles" if middle < edges[0] else "diverges"
        colour, hatch = _BANDS[word]
        look = {"facecolor": to_rgba(colour, 0.25), "edgecolor": to_rgba(colour, 0.5), "hatch": hatch, "lw": 0}
        artists += [ax.axvspan(left, right, 0.42, 0.7, label=word, **look)]
        look = {"size": size, "color": paper.ink, "path_effects": paper.halo}
        artists += [ax.text(middle, 0.56, word, ha="center", va="center", **look)]
    for (name, eta), side, top in zip(marks, ("right", "center", "left"), (0.75, 0.91, 0.75), strict=False):
        if low <= eta <= high:
            artists += [ax.axvline(eta, 0.42, top, color=paper.ink, lw=1.2, ls=":" if name == "best" else "-")]
            words = f" {name} = {number(eta, 3)} "
            artists += [ax.text(eta, top, words, ha=side, va="bottom", size=size, color=paper.ink)]
    return artists


def rate_marker(ax: Axes, eta: float) -> list[Artist]:
    """Return the artists of a layer: where a learning rate stands on the ruler; beyond its ends, an arrow says so."""
    (low, high), eta = draw.view_of(ax)[:, 0], float(rates("eta", finite_number("eta", eta)))
    words, ink, size = f"η = {number(eta, 3)}", draw.paper_of(ax).ink, draw.type_size()
    if not low <= eta <= high:
        words, side = (f"← {words}", "left") if eta < low else (f"{words} →", "right")
        return draw.add(ax, Text(min(max(eta, low), high), 0.2, words, ha=side, va="center", color=ink, size=size))
    here, caret = np.array([eta, 0.42]), 6  # matplotlib's number for one with its tip on the point
    return draw.add(
        ax, draw.dots(ax, here, marker=caret, ms=9, color=ink, label=words), draw.beside(ax, here, (0, -1), words, 8)
    )


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


# --- what the functions above share -----------------------------------------------------------------------------------


def _notes_on(ax: Axes, run: Run, inside: np.ndarray, label: str | None = None) -> list[Annotation]:
    """Return a note on the steps outside the picture and on divergence, if there is any to tell."""
    outside = np.flatnonzero(~inside)
    words = [f"diverged after step {len(run)}"] * bool(run.diverged and len(inside) > len(run))
    if len(outside):
        first, last = outside[[0, -1]]
        gapless = f"steps {first}–{last}" if last > first else f"step {first}"
        steps = gapless if last - first == len(outside) - 1 else f"{len(outside)} steps"
        words = [f"outside the picture: {steps}", *words]
    return [draw.note(ax, f"{label}: " * bool(label) + "\n".join(words))] if words else []


def _single(run: Run) -> Run:
    if run.eta.ndim:
        raise ValueError(f"run must be a single descent, got one of {run.eta.size} rates")
    return run


def _path_of(run: Run, upto: int | None) -> np.ndarray:
    return _single(run).parameters[: None if upto is None else count("upto", upto, least=0) + 1]


def _feature_of(problem: LinearRegression) -> np.ndarray:
    if problem.x.shape[1] != 1:
        raise ValueError(f"problem must have one feature to be drawn as points, got {problem.x.shape[1]}")
    return problem.x[:, 0]
