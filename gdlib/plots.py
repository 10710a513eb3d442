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
from matplotlib import colormaps, patheffects, rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.lines import AxLine, Line2D
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation, Text
from matplotlib.ticker import LogLocator, NullFormatter
from numpy.typing import ArrayLike

from gdlib._arguments import count, finite_array, finite_number, rates
from gdlib.curvature import best_rate, curvatures, principal_directions, regime, round_limit

# Read here, not imported: a problem and a run are whatever has the attributes that a picture needs.
Curve = LinearRegression = Run = Any

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_INK = "#A84A00"  # for small print: the style's second colour, darker
_HALO = [patheffects.withStroke(linewidth=3, foreground="white")]
_BOXES = "white", "0.92", "#CFE3F1", "#FBE3C0"  # in a graph: what is computed, given, looked for, and lost
_BANDS = {  # a colour and a hatch for each word of the ruler
    "glides": ("C2", ""),
    "settles": ("C2", ""),
    "overshoots": ("C0", "//"),
    "diverges": ("C1", "xx"),
}


# --- a loss of one parameter ------------------------------------------------------------------------------------------


def curve(ax: Axes, curve: Curve, span: tuple[float, float], *, points: int = 401) -> list[Artist]:
    """Return the artists of a ground: the graph of L(θ) for θ from ``span[0]`` to ``span[1]``."""
    theta = np.linspace(*_span("span", span), count("points", points, least=2))
    with np.errstate(all="ignore"):
        heights = finite_array("curve.f over span", curve.f(theta))
    room = np.ptp(heights) or 1.0
    _checked(ax).set(title=curve.name[:1].upper() + curve.name[1:], xlabel="θ", ylabel="L(θ)")
    ax.set(xlim=theta[[0, -1]], ylim=(heights.min() - 0.12 * room, heights.max() + 0.06 * room))
    return _add(ax, Line2D(theta, heights, color="C0", label="L(θ)"))


def tangent(ax: Axes, curve: Curve, theta: float) -> list[Artist]:
    """Return the artists of a layer: the point (θ, L(θ)), and the tangent there with its slope."""
    view, theta = _view(ax), finite_number("theta", theta)
    with np.errstate(all="ignore"):
        here = np.array([theta, curve.f(np.float64(theta))])
    if not _inside(here, view):
        return _add(ax, _note(ax, f"outside the picture: θ = {_number(theta)}"))
    slope = finite_number("curve.slope at theta", curve.slope(theta))
    away = _normal(ax, view, slope)
    k = np.abs(away).argmax()  # across the tangent, towards the middle of the picture
    if away[k] * (view.mean(axis=0) - here)[k] < 0:
        away = -away
    return _add(
        ax,
        AxLine(here, None, slope, color="C1", ls="--", label="tangent"),
        _dots(here, marker="o", ms=9, color="C1", label="(θ, L(θ))"),
        _beside(here, away, f"slope {_number(slope)}", 14),
    )


def steps_on_curve(ax: Axes, curve: Curve, run: Run, upto: int | None = None) -> list[Artist]:
    """Return the artists of a layer: the points θ₀ … θ_upto of a run on the curve, and an arrow for each step.

    Without ``upto``, or where it is more than the steps there are, the whole run is drawn.
    """
    view, theta = _view(ax), _parameters(run, upto)[:, 0]
    points = np.column_stack([theta, run.losses[: len(theta)]])
    inside, pieces = _inside(points, view), _pieces(points, view)
    tails = np.concatenate([np.empty((0, 2)), *(piece[:-1] for piece in pieces)])
    heads = np.concatenate([np.empty((0, 2)), *(piece[1:] for piece in pieces)])
    look = {"angles": "xy", "scale_units": "xy", "scale": 1, "units": "inches", "width": 0.018, "headwidth": 6}
    numbered = _apart(ax, points, np.flatnonzero(inside))
    return _add(
        ax,
        Quiver(ax, *tails.T, *(heads - tails).T, color="C1", zorder=3, label="steps", **look) if len(tails) else None,
        _dots(points[inside], marker="o", ms=5, color="C1", label="θ₀, θ₁, …"),
        *(_beside(points[k], -_normal(ax, view, curve.slope(theta[k])), str(k), 6) for k in numbered),
        *_notes(ax, run, inside),
    )


# --- a line through points --------------------------------------------------------------------------------------------


def data(ax: Axes, problem: LinearRegression) -> list[Artist]:
    """Return the artists of a ground: the rows of a problem with one feature as points, x and y on the same scale."""
    rows = np.column_stack([_feature(problem), problem.y])
    middle, (wide, high) = (rows.min(axis=0) + rows.max(axis=0)) / 2, np.ptp(rows, axis=0)
    wide = max(wide, high) or 1.0  # room for squares beside tall data
    (low, high) = np.array([middle, middle]) + np.outer([-1, 1], [0.75 * wide, 0.5 * high + 0.25 * wide])
    _checked(ax).set(title="Data", xlabel="x", ylabel="y")
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    ax.set_aspect("equal", adjustable="box")
    return _add(ax, _dots(rows, marker="o", ms=7, color="black", label="rows"))


def fit(ax: Axes, problem: LinearRegression, theta: ArrayLike, *, squares: bool = True) -> list[Artist]:
    """Return the artists of a layer: the line ŷ = w·x + b, and each row's error ŷ − y; with ``squares``, each squared.

    A square has the error as its side, so its area is the squared error, and the loss is the mean area. Each lies on
    the side of its error towards which the line leads away from the square.
    """
    view, x, y, theta = _view(ax), _feature(problem), problem.y, finite_array("theta", theta)
    if theta.shape != (2,):
        raise ValueError(f"theta must be (w, b), shape (2,), got shape {theta.shape}")
    outputs, ends = problem.predict(theta), problem.predict(theta, view[:, 0])
    far = x + (outputs - y) * (-1 if theta[0] < 0 else 1)
    corners = np.stack([x, y, x, outputs, far, outputs, far, y], axis=-1).reshape(-1, 4, 2)
    shapes, kind = (corners, "squares") if squares else (corners[:, :2], "errors")
    beyond = int((~_inside(shapes, view).all(axis=1)).sum())
    gone = bool(ends.max() < view[0, 1] or ends.min() > view[1, 1])
    outside = [f"parts of {beyond} of {len(y)} {kind}"] * (beyond > 0) + ["the line"] * gone
    room = view[1] - view[0]
    corners = np.clip(corners, view[0] - room, view[1] + room)  # the frame hides these edges
    line = f"ŷ = {_number(theta[0])}·x {'−' if theta[1] < 0 else '+'} {_number(abs(theta[1]))}"
    mean = f"mean area L = {_number(problem.loss(theta))}"
    return _add(
        ax,
        PolyCollection(corners, facecolors=to_rgba("C1", 0.25), edgecolors="C1", label="squared errors")
        if squares
        else None,
        Text(0.98, 0.03, mean, ha="right", transform=ax.transAxes, path_effects=_HALO) if squares else None,
        LineCollection(corners[:, :2], colors="C1", linewidths=2.5, label="errors ŷ − y"),
        None if gone else AxLine((0, theta[1]), None, theta[0], color="C0", label=line),
        _note(ax, f"outside the picture: {', '.join(outside)}") if outside else None,
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
    """
    lowest = plane.project(problem.minimizer())
    if span is None:
        reach = 1.35 * (np.abs(lowest).max() or 1.0)
        span = np.column_stack([lowest - reach, lowest + reach])
    u_span, v_span = (_span("span", side) for side in span)
    u, v = np.meshgrid(np.linspace(*u_span, 141), np.linspace(*v_span, 141))
    heights = problem.loss(plane.lift(u, v))
    if levels is None:
        inside = _inside(lowest, np.column_stack([u_span, v_span]))
        least = problem.loss(plane.lift(*lowest)) if inside else heights.min()
        levels = least + (heights.max() - least) * 2.0 ** -np.arange(1, 11)
    levels = np.unique(finite_array("levels", levels))
    if len(levels) < 2:
        raise ValueError(f"levels must be two different losses or more, got {levels}")
    _checked(ax).set(title="Mean loss L", xlabel=plane.names[0], ylabel=plane.names[1], xlim=u_span, ylim=v_span)
    ax.set_aspect("equal", adjustable="box")
    ax.grid(visible=False)
    minimum = "minimum" if (curvatures(problem) > 0).sum() > 1 else "minimum nearest to θ = 0"  # one of a line of them
    shades = colormaps["Blues_r"](np.linspace(0.35, 1, len(levels) + 1))
    filled = ax.contourf(u, v, heights, levels, colors=shades, extend="both")
    lines = ax.contour(u, v, heights, levels, colors="0.5", linewidths=0.7)
    labels = ax.clabel(lines, levels[::-2][:3][::-1], fmt="%.3g", fontsize=8, colors="0.3")
    return [filled, lines, *labels, *_add(ax, _dots(lowest, marker="*", ms=14, color="black", label=minimum))]


def path(ax: Axes, run: Run, plane: Plane, *, upto: int | None = None, label: str | None = None) -> list[Artist]:
    """Return the artists of a layer: the points θ₀ … θ_upto of a run in the plane, joined by lines, both ends marked.

    Without ``upto``, or where it is more than the steps there are, the whole run is drawn.
    """
    view, points = _view(ax), plane.project(_parameters(run, upto))
    inside, (colour, style, mark) = _inside(points, view), _look(ax, "path")
    ends = {0: ("o", (-1, 1)), len(points) - 1: (mark, (1, 1))}
    look = {"colors": colour, "linestyles": style, "linewidths": 1.5, "zorder": 3, "gid": "path", "label": label}
    return _add(
        ax,
        LineCollection(_pieces(points, view), **look),
        _dots(points[inside], marker=".", ms=6, color=colour, mew=0),
        *(_dots(points[k], marker=end, ms=8, color=colour) for k, (end, _) in ends.items() if inside[k]),
        *(_beside(points[k], away, f"θ{k}".translate(_SUBSCRIPTS), 8) for k, (_, away) in ends.items() if inside[k]),
        *_notes(ax, run, inside, label),
    )


# --- the loss, step by step -------------------------------------------------------------------------------------------


def loss_axes(ax: Axes, *, steps: int, lowest: float, highest: float) -> list[Artist]:
    """Return the artists of a ground, none: axes for the mean loss, on a log scale, against the step."""
    steps, (lowest, highest) = count("steps", steps), _span("lowest, highest", (lowest, highest), positive=True)
    _checked(ax).set(yscale="log", title="Loss, step by step", xlabel="step k", ylabel="mean loss L")
    ax.set(xlim=(-0.02 * steps, 1.02 * steps), ylim=(lowest, highest))
    return []


def losses(ax: Axes, run: Run, *, label: str | None = None) -> list[Artist]:
    """Return the artists of a layer: the mean loss after each step of a run.

    A loss below the picture, such as 0, is drawn on its lower edge. A run that ends above its start "grows"; if it
    also ends above the picture, or left the finite numbers, it "diverges". The label says so, or without one a note.
    """
    (_, floor), (_, top) = _view(ax)
    heights, (colour, style, mark) = np.maximum(_single(run).losses, floor), _look(ax, "losses")
    word = "diverges" if run.diverged or heights[-1] > max(top, heights[0]) else "grows" if run.grew else ""
    name = f"{label} ({word})" if label and word else label
    every = max(1, round(np.ptp(ax.get_xlim()) / 12))
    look = {"color": colour, "ls": style, "marker": mark, "markevery": every, "ms": 5, "gid": "losses"}
    line = Line2D(range(len(heights)), heights, label=name, **look)
    return _add(ax, line, _note(ax, word) if word and not label else None)


# --- learning rates side by side --------------------------------------------------------------------------------------


def regimes(ax: Axes, problem: LinearRegression, *, order: str = "batch", low: float, high: float) -> list[Artist]:
    """Return the artists of a ground: a ruler of learning rates from ``low`` to ``high``, and what each does.

    For batch descent it tells the `regime` along the steepest direction; for ``order="one by one"``, on which side of
    the `round_limit` a rate lies.
    """
    low, high = _span("low, high", (low, high), positive=True)
    if order == "batch":
        steepest = curvatures(problem)[-1]
        marks = [("1/λₘₐₓ", 1 / steepest), ("best", best_rate(problem)), ("2/λₘₐₓ", 2 / steepest)]
        edges = [1 / steepest, 2 / steepest]
    elif order == "one by one":
        edges = [round_limit(problem)]
        marks = [("limit", edges[0])]
    else:
        raise ValueError(f"order must be 'batch' or 'one by one', got {order!r}")
    _rate_axis(ax, low, high)
    ax.set(title=f"What a learning rate does ({order})", ylim=(0, 1), yticks=[])
    ax.spines[["left", "right", "top"]].set_visible(False)
    artists = []
    for left, right in pairwise([low, *(edge for edge in edges if low < edge < high), high]):
        middle = np.sqrt(left * right)
        word = regime(middle, steepest) if order == "batch" else "settles" if middle < edges[0] else "diverges"
        colour, hatch = _BANDS[word]
        look = {"facecolor": to_rgba(colour, 0.25), "edgecolor": to_rgba(colour, 0.5), "hatch": hatch, "lw": 0}
        artists += [ax.axvspan(left, right, 0.42, 0.7, label=word, **look)]
        artists += [ax.text(middle, 0.56, word, ha="center", va="center", size="small", path_effects=_HALO)]
    for (name, eta), side, top in zip(marks, ("right", "center", "left"), (0.75, 0.91, 0.75), strict=False):
        if low <= eta <= high:
            artists += [ax.axvline(eta, 0.42, top, color="black", lw=1.2, ls=":" if name == "best" else "-")]
            artists += [ax.text(eta, top, f" {name} = {_number(eta)} ", ha=side, va="bottom", size="small")]
    return artists


def rate_marker(ax: Axes, eta: float) -> list[Artist]:
    """Return the artists of a layer: where a learning rate stands on the ruler; beyond its ends, an arrow says so."""
    (low, high), eta = _view(ax)[:, 0], float(rates("eta", finite_number("eta", eta)))
    words = f"η = {_number(eta)}"
    if not low <= eta <= high:
        words, side = (f"← {words}", "left") if eta < low else (f"{words} →", "right")
        return _add(ax, Text(min(max(eta, low), high), 0.2, words, ha=side, va="center"))
    here, caret = np.array([eta, 0.42]), 6  # matplotlib's number for one with its tip on the point
    return _add(ax, _dots(here, marker=caret, ms=9, color="black", label=words), _beside(here, (0, -1), words, 8))


def sweep(ax: Axes, run: Run) -> list[Artist]:
    """Return the artists of a ground: the loss of a run of many rates as colour, over η and step; hatched: diverged."""
    if run.eta.ndim != 1 or len(run.eta) < 2 or (np.diff(run.eta) <= 0).any() or run.eta[0] <= 0:
        raise ValueError("run must have two rates or more, above 0 and increasing")
    middles = np.sqrt(run.eta[:-1] * run.eta[1:])
    eta = np.array([run.eta[0] ** 2 / middles[0], *middles, run.eta[-1] ** 2 / middles[-1]])
    steps, start = np.arange(len(run) + 2) - 0.5, run.losses[0].max() or 1.0
    gone = run.diverged & (np.arange(len(run) + 1)[:, np.newaxis] > run.stop_step)
    logs = np.ma.array(np.log10(np.maximum(run.losses, 1e-12 * start)), mask=gone)
    _rate_axis(ax, eta[0], eta[-1])
    ax.set(title="Mean loss L, for many rates", ylabel="step k", ylim=steps[[0, -1]])
    colours = colormaps[rcParams["image.cmap"]].with_extremes(over="white")
    back = {"facecolor": "white", "edgecolor": "C1", "hatch": "xx", "lw": 0, "zorder": 0, "label": "diverged"}
    mesh = ax.pcolormesh(eta, steps, logs, cmap=colours, vmax=np.log10(start) + 1, label="log₁₀ L")
    bar = ax.figure.colorbar(mesh, ax=ax, extend="max")
    bar.set_label("log₁₀ L\nwhite: above 10·L₀" + ", hatched: diverged" * bool(gone.any()), size="small")
    return [mesh, bar.ax, *([ax.axvspan(*eta[[0, -1]], **back)] if gone.any() else [])]


# --- one row's loss, as a graph of small steps ------------------------------------------------------------------------


def graph(ax: Axes, problem: LinearRegression, theta: ArrayLike, *, slopes: bool = True) -> list[Artist]:
    """Return the artists of a layer: one row's loss as a computation graph, from θ on the left to L; the axis goes.

    Values stand in the boxes. With ``slopes``, local derivatives stand beside the edges, and below a parameter the
    product of those between it and L: its entry of the gradient, by the chain rule, equations (5)–(13). Each parameter
    asks for 1.4 inches of height.
    """
    edges, boxes, derivatives, chains = _graph_texts(problem, theta)
    beside = [*derivatives, *((*at, f"{name} = {product}", value) for *at, name, product, value in chains)]
    lines = [(*at, f"{formula}\n{value}".strip()) for *at, formula, value in [*boxes, *beside * slopes]]
    return _graph(ax, edges, lines)


def graph_formulas(ax: Axes, problem: LinearRegression) -> list[Artist]:
    """Return the artists of a ground: the graph without products, with room for what `graph_values` adds."""
    edges, boxes, derivatives, _ = _graph_texts(problem, np.zeros(len(problem.names)))
    wide = [(*at, f"{formula:\u00a0^13}\n" if value else formula) for *at, formula, value in boxes]
    return _graph(ax, edges, [*wide, *((*at, formula + "\n" * bool(value)) for *at, formula, value in derivatives)])


def graph_values(ax: Axes, problem: LinearRegression, theta: ArrayLike) -> list[Artist]:
    """Return the artists of a layer: the values that `graph_formulas` leaves room for."""
    _, boxes, derivatives, _ = _graph_texts(problem, theta)
    inside = [(x, y, {"va": "top"}, value) for x, y, _, _, value in boxes if value]
    return _graph(ax, [], [*inside, *((*at, value) for *at, _, value in derivatives if value)])


def _graph(ax: Axes, edges: list, texts: list[tuple[float, float, dict, str]]) -> list[Artist]:
    _checked(ax).set_axis_off()
    look = {"transform": ax.transAxes, "clip_on": False}
    lines = LineCollection(edges, colors="0.4", linewidths=1.5, transform=ax.transAxes, label="edges")
    centred = look | {"zorder": 4, "ha": "center", "va": "center"}
    return _add(ax, lines if edges else None, *(Text(x, y, words, **centred | own) for x, y, own, words in texts))


def _graph_texts(problem: LinearRegression, theta: ArrayLike) -> tuple[list, list, list, list]:
    """Return edges, and texts that begin with x, y and a look.

    The texts are boxes (formula, value), local derivatives (formula, value), and chains (name, product, value).
    """
    theta = finite_array("theta", theta)
    if len(problem) != 1:
        raise ValueError(f"problem must be a single row, such as problem[0], got {len(problem)} rows")
    (output,), (target,), n = problem.predict(theta), problem.y, len(theta)
    error, slope = output - target, _number(2 * (output - target), 4)
    products = [f"p{i + 1}".translate(_SUBSCRIPTS) for i in range(n)]
    total = " + ".join(products) if n < 4 else f"{products[0]} + … + {products[-1]}"
    first, second, third, fourth, last = 0.07, 0.3, 0.528, 0.728, 0.935  # columns of boxes
    rows, above = np.linspace(0.8, 0.16, n), min(0.14, 0.28 / (n - 1))
    middle = rows.mean()
    white, given, asked, lost = ({"bbox": {"fc": c, "ec": "0.3", "boxstyle": "round"}} for c in _BOXES)
    flat = {"size": "small", "color": _INK, "va": "bottom"}
    bold = flat | {"weight": "bold", "ha": "left", "va": "top"}
    boxes = [
        (third, middle, white, f"ŷ = {total}", f"= {_number(output, 4)}"),
        (fourth, middle, white, "e = ŷ − y", f"= {_number(error, 4)}"),
        (fourth, middle + 0.2, given, f"y = {_number(target, 4)}", ""),
        (last, middle, lost, "L = e²", f"= {_number(error**2, 4)}"),
    ]
    edges = [[(third, middle), (last, middle)], [(fourth, middle + 0.2), (fourth, middle)]]
    derivatives = [(0.641, middle + 0.01, flat, "∂e/∂ŷ\n= 1", "")]
    derivatives += [(0.835, middle + 0.01, flat, "∂L/∂e\n= 2e", f"= {slope}")]
    inputs, chains = [*(name.replace("w", "x") for name in problem.names[:-1]), "1"], []
    for y, name, w, p, source, x in zip(rows, problem.names, theta, products, inputs, problem.design[0], strict=True):
        factor = _number(x, 4)
        known = "1" if source == "1" else f"{source} = {factor}"
        boxes += [
            (first, y, asked, name, f"= {_number(w, 4)}"),
            (second, y, white, f"{p} = {name}·{source}", f"= {_number(w * x, 4)}"),
            (second, y + above, given, known, ""),
        ]
        edges += [[(first, y), (second, y), (third, middle)], [(second, y + above), (second, y)]]
        up = np.sign((y - middle).round(9))  # beside a slanted edge, on the side that it leads away from
        slanted = flat | {"ha": "left" if up else "center", "va": "top" if up < 0 else "bottom"}
        derivatives += [
            (0.185, y + 0.01, flat, f"∂{p}/∂{name}\n= {known}", ""),
            (0.402, y + 0.45 * (middle - y) + 0.01 * (up or 1), slanted, f"∂ŷ/∂{p}\n= 1", ""),
        ]
        product = f"{slope}·1·1·{factor if x >= 0 else f'({factor})'}"
        chains += [(0.01, y - 0.55 * above, bold, f"∂L/∂{name}", product, f"= {_number(2 * error * x, 4)}")]
    return edges, boxes, derivatives, chains


# --- what the functions above share -----------------------------------------------------------------------------------


def _checked(ax: Axes) -> Axes:
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be a matplotlib Axes, got {ax!r}")
    return ax


def _view(ax: Axes) -> np.ndarray:
    """Return two corners of the picture, (x_low, y_low) and (x_high, y_high)."""
    return np.sort(np.column_stack([_checked(ax).get_xlim(), ax.get_ylim()]), axis=0)


def _add(ax: Axes, *artists: Artist | None) -> list[Artist]:
    """Return the artists, added in a way that leaves the limits alone; those that are None are left out."""
    return [ax.add_artist(artist) for artist in artists if artist is not None]


def _dots(points: np.ndarray, **look: object) -> Line2D:
    return Line2D(*np.atleast_2d(points).T, **{"ls": "", "mec": "white", "zorder": 4} | look)


def _rate_axis(ax: Axes, low: float, high: float) -> None:
    """Make x a log axis of learning rates, its numbers written out."""
    _checked(ax).set(xscale="log", xlabel="learning rate η", xlim=(low, high))
    inches = ax.bbox.width / ax.figure.dpi
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if 1.6 * np.log10(high / low) < inches else (1,)))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.grid(visible=False)


def _inside(points: np.ndarray, view: np.ndarray) -> np.ndarray:
    return ((points >= view[0]) & (points <= view[1])).all(axis=-1)


def _pieces(points: np.ndarray, view: np.ndarray) -> list[np.ndarray]:
    """Return the pieces of a path inside the picture, shape (m, 2) each; a step between two points outside is left out.

    Source: Liang and Barsky, "A new concept and method for line clipping" (1984).
    """
    inside = _inside(points, view)
    kept = np.flatnonzero(inside[:-1] | inside[1:])
    with np.errstate(over="ignore"):
        start, move = points[kept], points[kept + 1] - points[kept]
        times = (view[:, np.newaxis] - start) / np.where(move == 0, 1e-300, move)
    enter, leave = np.maximum(times.min(axis=0).max(axis=1), 0), np.minimum(times.max(axis=0).min(axis=1), 1)
    tails, heads = start + enter[:, np.newaxis] * move, start + leave[:, np.newaxis] * move
    breaks = np.flatnonzero(~inside[kept[:-1] + 1]) + 1
    both = zip(np.split(tails, breaks), np.split(heads, breaks), strict=True)
    return [np.vstack([tail, head[-1:]]) for tail, head in both if len(tail)]


def _note(ax: Axes, words: str) -> Annotation:
    """Return a note at the top of the picture, below the notes that are there."""
    above = sum(text.get_text().count("\n") + 1 for text in ax.texts if text.get_gid() == "note")
    return Annotation(
        words, (0.5, 1), (0, -6 - 16 * above), xycoords="axes fraction", textcoords="offset points", gid="note",
        ha="center", va="top", size="small", zorder=6, bbox={"fc": "white", "ec": "0.6", "pad": 2, "alpha": 0.9},
    )  # fmt: skip


def _notes(ax: Axes, run: Run, inside: np.ndarray, label: str | None = None) -> list[Annotation]:
    """Return a note on the steps outside the picture and on divergence, if there is any to tell."""
    outside = np.flatnonzero(~inside)
    words = [f"diverged after step {len(run)}"] * bool(run.diverged and len(inside) > len(run))
    if len(outside):
        first, last = outside[[0, -1]]
        gapless = f"steps {first}–{last}" if last > first else f"step {first}"
        steps = gapless if last - first == len(outside) - 1 else f"{len(outside)} steps"
        words = [f"outside the picture: {steps}", *words]
    return [_note(ax, f"{label}: " * bool(label) + "\n".join(words))] if words else []


def _beside(point: np.ndarray, away: Sequence[float], words: str, distance: float) -> Annotation:
    """Return words beside a point, a distance (in points of type) away in this direction."""
    x, y = away / np.hypot(*away)
    return Annotation(
        words, point, (distance * x, distance * y), textcoords="offset points",
        path_effects=_HALO, zorder=6, clip_on=False,
        ha="center" if abs(x) < 0.4 else "left" if x > 0 else "right",
        va="center" if abs(y) < 0.4 else "bottom" if y > 0 else "top",
    )  # fmt: skip


def _normal(ax: Axes, view: np.ndarray, slope: float) -> np.ndarray:
    """Return the direction across a line of this slope, upwards, as it looks in the picture."""
    (wide, high), box = view[1] - view[0], ax.bbox
    return np.array([-slope * wide / high * box.height / box.width, 1.0])


def _apart(ax: Axes, points: np.ndarray, shown: np.ndarray) -> list[int]:
    """Return which of the shown points are far enough from each other to be numbered: the first, the last, others."""
    places, kept = ax.transData.transform(points[shown]) * 72 / ax.figure.dpi, []
    for k in [0, len(shown) - 1, *range(1, len(shown) - 1)][: len(shown)][:60]:
        if all(np.abs(places[k] - places[j]).max() > 16 for j in kept):
            kept.append(k)
    return [int(shown[k]) for k in kept]


def _look(ax: Axes, kind: str) -> tuple[str, str, str]:
    """Return colour, line style and marker of the next run of this kind; the style's first colour is the ground's."""
    k, cycle = sum(artist.get_gid() == kind for artist in ax.get_children()), rcParams["axes.prop_cycle"].by_key()
    colours, styles = cycle.get("color", ["C0"]), cycle.get("linestyle", ["-", "--", "-.", ":"])
    return colours[(k + 1) % len(colours)], styles[k % len(styles)], "sD^vo"[k % 5]


def _single(run: Run) -> Run:
    if run.eta.ndim:
        raise ValueError(f"run must be a single descent, got one of {run.eta.size} rates")
    return run


def _parameters(run: Run, upto: int | None) -> np.ndarray:
    return _single(run).parameters[: None if upto is None else count("upto", upto, least=0) + 1]


def _feature(problem: LinearRegression) -> np.ndarray:
    if problem.x.shape[1] != 1:
        raise ValueError(f"problem must have one feature to be drawn as points, got {problem.x.shape[1]}")
    return problem.x[:, 0]


def _span(name: str, value: ArrayLike, *, positive: bool = False) -> tuple[float, float]:
    span = finite_array(name, value)
    if span.shape != (2,) or span[0] >= span[1] or (positive and span[0] <= 0):
        raise ValueError(f"{name} must be a low and a higher number{', above 0' * positive}, got {value!r}")
    return float(span[0]), float(span[1])


def _number(value: float, digits: int = 3) -> str:
    """Return a number as it is printed: −1.5, 4.1·10⁻⁵."""
    mantissa, _, power = f"{value + 0.0:.{digits}g}".partition("e")  # + 0.0 turns −0 into 0
    return mantissa.replace("-", "−") + ("·10" + str(int(power)).translate(_SUPERSCRIPTS) if power else "")
