"""Pictures of problems and runs, drawn on an Axes that is handed in.

A *ground* is what stays while a slider moves: it sets title, labels, limits and scales. A *layer* is what moves: it adds
artists within the limits that are there, and changes nothing else. Both return the list of artists they added. Nothing
here descends: plots read runs. What lies outside a picture is cut off at its frame, and a note in it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib import colormaps, patheffects, rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation, Text
from numpy.typing import ArrayLike

from gdlib.arguments import count, finite_array, finite_number, rates
from gdlib.curvature import best_rate, curvatures, principal_directions, regime, round_limit

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_STYLES = ("-", "--", "-.", ":")  # so that lines differ without their colours
_MARKS = ("o", "s", "^", "D", "v")

# --- a loss of one parameter ------------------------------------------------------------------------------------------


def curve(ax: Axes, curve: Any, span: tuple[float, float], *, points: int = 401) -> list[Artist]:
    """Return the artists of a ground: the graph of a `Curve` for θ from ``span[0]`` to ``span[1]``."""
    low, high = _span("span", span)
    theta = np.linspace(low, high, count("points", points, least=2))
    heights = finite_array("the curve's loss over span", curve.f(theta))
    bottom, top = heights.min(), heights.max()
    room = (top - bottom) or 1.0
    ylim = (bottom - 0.12 * room, top + 0.06 * room)
    _ground(ax, curve.name[:1].upper() + curve.name[1:], "θ", "L(θ)", (low, high), ylim)
    return _add(ax, Line2D(theta, heights, color="C0", lw=2.5, label="L(θ)"))


def tangent(ax: Axes, curve: Any, theta: float) -> list[Artist]:
    """Return the artists of a layer: the point (θ, L(θ)), and the tangent there with its slope."""
    view, theta = _view(ax), finite_number("theta", theta)
    here = np.array([theta, float(curve.f(theta))])
    slope = float(curve.slope(theta))
    if not _inside(here, view):
        return _add(ax, _note(ax, f"θ = {_number(theta)} is outside the picture"))
    reach = 0.22 * (view[1, 0] - view[0, 0])
    ends = here + np.array([[-reach, -reach * slope], [reach, reach * slope]])
    return _add(
        ax,
        LineCollection(_clipped(ends, view), colors="C1", linewidths=2, linestyles="--", label="tangent"),
        Line2D(*here[:, np.newaxis], marker="o", ms=9, color="C1", mec="white", label="θ", zorder=4),
        _beside(ax, here, (-slope, 1), f"slope {_number(slope)}", 20),
    )


def steps_on_curve(ax: Axes, curve: Any, run: Any, upto: int | None = None) -> list[Artist]:
    """Return the artists of a layer: the points θ₀ … θ_upto of a run on the curve, and an arrow for each step.

    Without ``upto``, or if it is more steps than there are, the whole run is drawn.
    """
    view, theta = _view(ax), _parameters(run, upto)[:, 0]
    points = np.column_stack([theta, run.losses[: len(theta)]])
    inside = _inside(points, view)
    parts = _clipped(points, view)
    moves = parts[:, 1] - parts[:, 0]
    arrows = {"angles": "xy", "scale_units": "xy", "scale": 1, "units": "inches", "width": 0.018, "headwidth": 6}
    shown = np.flatnonzero(inside)
    return _add(
        ax,
        Quiver(ax, *parts[:, 0].T, *moves.T, color="C1", zorder=3, label="steps", **arrows) if len(parts) else None,
        Line2D(*points[inside].T, ls="", marker="o", ms=6, color="C1", mec="white", zorder=4, label="θ₀, θ₁, …"),
        *(_beside(ax, points[k], (curve.slope(theta[k]), -1), f"{k}", 10) for k in _apart(ax, points, shown)),
        *_notes(ax, run, inside),
    )


# --- a line through points --------------------------------------------------------------------------------------------


def data(ax: Axes, problem: Any) -> list[Artist]:
    """Return the artists of a ground: the rows of a problem with one feature as points, x and y on the same scale."""
    x, y = _feature(problem), problem.y
    room = 0.25 * (max(np.ptp(x), np.ptp(y)) or 1.0)
    _ground(ax, "Data", "x", "y", (x.min() - room, x.max() + room), (y.min() - room, y.max() + room))
    ax.set_aspect("equal", adjustable="box")
    return _add(ax, Line2D(x, y, ls="", marker="o", ms=7, color="black", mec="white", zorder=4, label="rows"))


def fit(ax: Axes, problem: Any, theta: ArrayLike, *, squares: bool = True) -> list[Artist]:
    """Return the artists of a layer: the line ŷ = wx + b, and each row's error ŷ − y; with ``squares``, each squared.

    A square has the error as its side, so its area is the squared error, and the loss is the mean of the areas. It
    lies on the side on which the line leads away from it.
    """
    view, x, theta = _view(ax), _feature(problem), finite_array("theta", theta)
    if theta.shape != (2,):
        raise ValueError(f"theta must be (w, b), shape (2,), got shape {theta.shape}")
    y, outputs = problem.y, problem.predict(theta)
    side = (outputs - y) * (-1 if theta[0] < 0 else 1)
    corners = np.stack([x, y, x, outputs, x + side, outputs, x + side, y], axis=-1).reshape(-1, 4, 2)
    room = view[1] - view[0]
    kept = np.clip(corners, view[0] - room, view[1] + room)  # the frame hides it, and a diverged line stays drawable
    beyond = int((~_inside(corners, view).all(axis=1)).sum()) if squares else 0
    line = np.column_stack([view[:, 0], problem.predict(theta, view[:, 0])])
    parts = _clipped(line, view)
    words = [f"{beyond} of {len(y)} squares reach{'es' * (beyond == 1)} outside the picture"] * (beyond > 0)
    words += ["the line is outside the picture"] * (len(parts) == 0)
    equation = f"ŷ = {_number(theta[0])}·x {'−' if theta[1] < 0 else '+'} {_number(abs(theta[1]))}"
    return _add(
        ax,
        PolyCollection(kept, facecolors=("C1", 0.25), edgecolors="C1", label="squared errors") if squares else None,
        LineCollection(kept[:, :2], colors="C1", linewidths=2, linestyles="--", label="errors ŷ − y"),
        LineCollection(parts, colors="C0", linewidths=2.5, label=equation),
        *(_note(ax, sentence, i) for i, sentence in enumerate(words)),
    )


# --- the loss over a plane of parameters ------------------------------------------------------------------------------


class Plane(NamedTuple):
    """A flat view of θ-space: the points ``origin + directions @ (u, v)``, the two columns of directions orthonormal."""

    origin: np.ndarray
    directions: np.ndarray
    names: tuple[str, str]

    def project(self, theta: ArrayLike) -> np.ndarray:
        """Return the coordinates (u, v) of the point of the plane nearest to θ; shape ``(..., p)`` in, ``(..., 2)`` out."""
        theta = finite_array("theta", theta)
        if theta.shape[-1:] != self.origin.shape:
            raise ValueError(f"theta must have {len(self.origin)} parameters in its last axis, got shape {theta.shape}")
        return (theta - self.origin) @ self.directions

    def lift(self, u: ArrayLike, v: ArrayLike) -> np.ndarray:
        """Return θ at the coordinates (u, v); shape ``(...)`` in, ``(..., p)`` out."""
        return self.origin + np.stack(np.broadcast_arrays(u, v), axis=-1) @ self.directions.T


def plane_of(problem: Any) -> Plane:
    """Return the plane to look at a problem in: (w, b) itself, or through θ = 0 along the two steepest directions.

    Where only two curvatures are not zero, as for two rows, it is the rows' span: descent from zero stays in it.
    """
    p = len(problem.names)
    if p < 2:
        raise ValueError(f"problem must have two parameters or more, got {p}: draw it with curve()")
    if p == 2:
        return Plane(np.zeros(2), np.eye(2), problem.names)
    second = "flattest" if (curvatures(problem) > 0).sum() == 2 else "second steepest"
    return Plane(np.zeros(p), principal_directions(problem)[:, [-1, -2]], ("u₁ (steepest)", f"u₂ ({second})"))


def contours(
    ax: Axes, problem: Any, plane: Plane, *, span: Sequence[ArrayLike] | None = None, levels: ArrayLike | None = None
) -> list[Artist]:
    """Return the artists of a ground: lines of equal loss in the plane, and the minimum, u and v on the same scale.

    Parameters
    ----------
    span
        ``((u_low, u_high), (v_low, v_high))``. Without it, a square around the minimum with θ = 0 inside.
    levels
        The losses to draw lines at. Without it, above the minimum each is about twice the one inside.
    """
    lowest = plane.project(problem.minimizer())
    if span is None:
        reach = 1.35 * (np.abs(lowest).max() or 1.0)
        span = [(centre - reach, centre + reach) for centre in lowest]
    (u_low, u_high), (v_low, v_high) = (_span("span", side) for side in span)
    u, v = np.meshgrid(np.linspace(u_low, u_high, 141), np.linspace(v_low, v_high, 141))
    heights = problem.loss(plane.lift(u, v))
    least = float(problem.loss(plane.lift(*lowest)))
    if levels is None:
        levels = least + (heights.max() - least) * 2.0 ** -np.arange(10, 0, -1)
    levels = np.unique(finite_array("levels", levels))
    _ground(ax, "Mean loss L", *plane.names, (u_low, u_high), (v_low, v_high))
    ax.set_aspect("equal", adjustable="box")
    lines = ax.contour(u, v, heights, levels, colors="0.45", linewidths=0.8)
    mark = Line2D(
        *lowest[:, np.newaxis], ls="", marker="*", ms=13, color="black", mec="white", zorder=5, label="minimum"
    )
    filled = ax.contourf(u, v, heights, levels, cmap="Blues_r", alpha=0.5, extend="both")
    return [filled, lines, *_add(ax, mark)]


def path(ax: Axes, run: Any, plane: Plane, *, upto: int | None = None, label: str | None = None) -> list[Artist]:
    """Return the artists of a layer: θ₀ … θ_upto of a run, projected onto the plane; its ends are marked.

    Without ``upto``, or if it is more steps than there are, the whole run is drawn.
    """
    view, points = _view(ax), plane.project(_parameters(run, upto))
    inside, style = _inside(points, view), _style(ax, "path")
    dots = {"ls": "", "color": style["color"], "zorder": 4, "mec": "white"}
    start, end = (Line2D(*points[[k]].T, **dots | look) for k, look in ((0, _START), (-1, _END)))
    name = f"θ{len(points) - 1}".translate(_SUBSCRIPTS)
    return _add(
        ax,
        LineCollection(
            _clipped(points, view), colors=style["color"], linestyles=style["ls"], gid="path", zorder=3, label=label
        ),
        Line2D(*points[inside].T, **dots | {"mew": 0.5}, marker=".", ms=7),
        *((start, _beside(ax, points[0], (-1, 1), "θ₀", 9)) if inside[0] else ()),
        *((end, _beside(ax, points[-1], (1, 1), name, 9)) if inside[-1] and len(points) > 1 else ()),
        *_notes(ax, run, inside, label),
    )


_START = {"marker": "o", "ms": 9, "mec": "black", "mew": 1.5}
_END = {"marker": "D", "ms": 7}

# --- the loss, step by step -------------------------------------------------------------------------------------------


def loss_axes(ax: Axes, *, steps: int, lowest: float, highest: float) -> list[Artist]:
    """Return the artists of a ground, none: axes for the mean loss, on a log scale, against the step."""
    steps, (lowest, highest) = count("steps", steps), _span("lowest, highest", (lowest, highest), positive=True)
    _ground(ax, "Loss, step by step", "step k", "mean loss L", (0, steps), (lowest, highest), yscale="log")
    return []


def losses(ax: Axes, run: Any, *, label: str | None = None) -> list[Artist]:
    """Return the artists of a layer: a run's loss after each step.

    What is below the picture, such as a loss of 0, is drawn on its lower edge. A run that ends above the picture and
    above its start "diverges", as one does that left the finite numbers; one that ends above its start "grows".
    """
    (_, floor), (_, top) = _view(ax)
    heights, style = np.maximum(_single(run).losses, floor), _style(ax, "losses")
    steps = np.arange(len(heights))
    line = Line2D(steps, heights, gid="losses", label=label, **style, markevery=max(1, len(run) // 12), ms=5)
    if not run.grew:
        return _add(ax, line)
    left = bool(run.diverged or heights[-1] > top)
    last = int((heights > top).argmax()) if left and heights.max() > top else len(run)
    words = f"{label or ''} {'diverges' if left else 'grows'}".strip()
    told = sum(text.get_gid() == "growth" for text in ax.texts)
    note = Annotation(
        words, (min(last, ax.get_xlim()[1]), min(heights[last], top)), (6, -4 - 14 * told), textcoords="offset points",
        va="top", color=style["color"], gid="growth", path_effects=_HALO, annotation_clip=False,
    )  # fmt: skip
    return _add(ax, line, note)


# --- learning rates side by side --------------------------------------------------------------------------------------

_BANDS = {  # colour, hatch
    "glides": ("C2", ""),
    "settles": ("C2", ""),
    "overshoots": ("C0", "//"),
    "diverges": ("C1", "xx"),
}


def regimes(ax: Axes, problem: Any, *, order: str = "batch", low: float, high: float) -> list[Artist]:
    """Return the artists of a ground: a ruler of learning rates from ``low`` to ``high``, and what each does.

    For batch descent it tells the `regime` along the steepest direction; for ``order="one by one"``, on which side of
    the `round_limit` a rate lies.
    """
    low, high = _span("low, high", (low, high), positive=True)
    if order == "batch":
        steepest = curvatures(problem)[-1]
        marks = {"1/λ_max": 1 / steepest, "best": best_rate(problem), "2/λ_max": 2 / steepest}
        edges, word = [1 / steepest, 2 / steepest], lambda eta: regime(eta, steepest)
    elif order == "one by one":
        limit = round_limit(problem)
        marks, edges, word = {"limit": limit}, [limit], lambda eta: "settles" if eta < limit else "diverges"
    else:
        raise ValueError(f"order must be 'batch' or 'one by one', got {order!r}")
    _ground(ax, "What a learning rate does", "learning rate η", "", (low, high), (0, 1), xscale="log", yticks=[])
    ax.spines[["left", "right", "top"]].set_visible(False)
    ends = [low, *(edge for edge in edges if low < edge < high), high]
    artists = []
    for left, right in zip(ends[:-1], ends[1:], strict=True):
        name = word(np.sqrt(left * right))
        colour, hatch = _BANDS[name]
        artists += [
            ax.axvspan(
                left, right, 0, 0.6, facecolor=(colour, 0.25), edgecolor=(colour, 0.6), hatch=hatch, lw=0, label=name
            ),
            ax.text(np.sqrt(left * right), 0.4, name, ha="center", va="center", path_effects=_HALO),
        ]
    for (name, eta), align, height in zip(marks.items(), ("right", "center", "left"), (0.7, 0.88, 0.7), strict=False):
        if low <= eta <= high:
            artists += [
                ax.axvline(eta, 0, height, color="black", lw=1.2, ls=":" if name == "best" else "-"),
                ax.text(eta, height, f" {name} = {_number(eta)} ", ha=align, va="bottom"),
            ]
    return artists


def rate_marker(ax: Axes, eta: float) -> list[Artist]:
    """Return the artists of a layer: where this learning rate stands on the ruler; beyond its ends, an arrow says so."""
    low, high = _view(ax)[:, 0]
    eta = float(rates("eta", finite_number("eta", eta)))
    place, words = min(max(eta, low), high), f"η = {_number(eta)}"
    align, words = ("left", f"← {words}") if eta < low else ("right", f"{words} →") if eta > high else ("center", words)
    return _add(
        ax,
        Line2D([place, place], [0, 0.6], color="black", lw=3, marker="v", markevery=[1], ms=10, label="η"),
        Text(place, 0.1, words, ha=align, va="center", weight="bold", bbox={"fc": "white", "ec": "black", "pad": 2}),
    )


def sweep(ax: Axes, run: Any) -> list[Artist]:
    """Return the artists of a ground: a run of many rates, its loss as colour over η and step; hatched where it diverged."""
    if run.eta.ndim != 1 or len(run.eta) < 2 or (run.eta <= 0).any():
        raise ValueError(
            f"run must have two rates or more, all above 0, for a log axis, got eta of shape {run.eta.shape}"
        )
    order, steps = np.argsort(run.eta), np.arange(len(run) + 1)
    eta, heights = run.eta[order], run.losses[:, order]
    gone = (run.diverged & (steps[:, np.newaxis] > run.stop_step))[:, order]
    middle = np.sqrt(eta[:-1] * eta[1:])
    edges = np.concatenate([[eta[0] ** 2 / middle[0]], middle, [eta[-1] ** 2 / middle[-1]]])
    _ground(
        ax,
        "Loss after each step, for many rates",
        "learning rate η",
        "step k",
        edges[[0, -1]],
        (-0.5, len(run) + 0.5),
        xscale="log",
    )
    begin = float(heights[0].max()) or 1.0
    logs = np.log10(np.maximum(heights, begin * 1e-12))
    colours = colormaps["cividis"].with_extremes(over="white")
    back = ax.axvspan(*edges[[0, -1]], facecolor="0.9", edgecolor="C1", hatch="xx", lw=0, zorder=0, label="diverged")
    mesh = ax.pcolormesh(
        edges, np.arange(len(run) + 2) - 0.5, np.ma.array(logs, mask=gone), cmap=colours, vmax=np.log10(begin) + 1
    )
    bar = ax.figure.colorbar(mesh, ax=ax, extend="max", label="log₁₀ of the mean loss L")
    return [back, mesh, bar.ax]


# --- one row's loss, as a graph of small steps ------------------------------------------------------------------------


def graph(ax: Axes, problem: Any, theta: ArrayLike) -> list[Artist]:
    """Return the artists of a layer: how one row's loss comes about, and how its gradient does, by the chain rule."""
    _view(ax)
    theta = finite_array("theta", theta)
    if len(problem) != 1:
        raise ValueError(f"problem must be a single row, such as problem[0], got {len(problem)} rows")
    output, error, loss = problem.predict(theta)[0], problem.residuals(theta)[0], problem.loss(theta)
    ax.set_axis_off()
    return _add(ax, Text(0.5, 0.5, f"ŷ = {output}, e = {error}, L = {loss}", transform=ax.transAxes))


# --- what the functions above share -----------------------------------------------------------------------------------

_HALO = [patheffects.withStroke(linewidth=3, foreground="white")]


def _ground(ax: Axes, title: str, xlabel: str, ylabel: str, xlim: Any, ylim: Any, **more: Any) -> None:
    _view(ax)
    ax.set(**more)  # scales first: they reset limits
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel, xlim=xlim, ylim=ylim)


def _view(ax: Axes) -> np.ndarray:
    """Return the corners of the picture, ((x_low, y_low), (x_high, y_high))."""
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be a matplotlib Axes, got {ax!r}")
    return np.sort(np.column_stack([ax.get_xlim(), ax.get_ylim()]), axis=0)


def _add(ax: Axes, *artists: Artist | None) -> list[Artist]:
    """Return the artists that are there, added to the Axes in a way that leaves its limits alone."""
    return [ax.add_artist(artist) for artist in artists if artist is not None]


def _inside(points: np.ndarray, view: np.ndarray) -> np.ndarray:
    return ((points >= view[0]) & (points <= view[1])).all(axis=-1)


def _clipped(points: np.ndarray, view: np.ndarray) -> np.ndarray:
    """Return the parts of a polyline's pieces that lie in the view, shape (m, 2, 2).

    Source: Liang and Barsky, A new concept and method for line clipping (1984).
    """
    start, move = points[:-1], np.diff(points, axis=0)
    with np.errstate(over="ignore"):
        times = (view[:, np.newaxis] - start) / np.where(move == 0, 1e-300, move)
    enter, leave = np.maximum(times.min(axis=0).max(axis=1), 0), np.minimum(times.max(axis=0).min(axis=1), 1)
    # Between two points so far away that rounding is wider than the picture, nobody knows where the line runs.
    near = (np.abs(points) < 1e9 * np.abs(view).max()).all(axis=1)
    kept = (enter < leave) & (near[:-1] | near[1:])
    ends = start[kept] + np.stack([enter, leave])[:, kept, np.newaxis] * move[kept]
    return np.clip(ends, *view).swapaxes(0, 1)


def _note(ax: Axes, words: str, more: int = 0) -> Annotation:
    """Return a note at the top of the picture, below those that are there (and ``more`` that will be)."""
    line = more + sum(text.get_gid() == "note" for text in ax.texts)
    return Annotation(
        words, (0.5, 1), (0, -6 - 17 * line), xycoords="axes fraction", textcoords="offset points", ha="center", va="top",
        size="small", gid="note", zorder=6, bbox={"fc": "white", "ec": "0.6", "pad": 2, "alpha": 0.9},
    )  # fmt: skip


def _notes(ax: Axes, run: Any, inside: np.ndarray, label: str | None = None) -> list[Annotation]:
    """Return a note on the points θ₀, θ₁, … that are not inside, and on divergence, if there is any to tell."""
    outside = np.flatnonzero(~inside)
    steps = outside[outside > 0]
    runs = np.split(steps, np.flatnonzero(np.diff(steps) > 1) + 1) if len(steps) else []
    ranges = [f"{r[0]}" if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs]
    listed = ", ".join(ranges) if len(ranges) <= 3 else f"{ranges[0]}, {ranges[1]}, …, {ranges[-1]}"
    who = ["the start"] * (len(outside) > len(steps)) + [f"step{'s' * (len(steps) > 1)} {listed}"] * (len(steps) > 0)
    words = [f"{' and '.join(who)} {'are' if len(outside) > 1 else 'is'} outside the picture"] * (len(outside) > 0)
    words += [f"diverged after step {len(run)}"] * bool(run.diverged and len(inside) > len(run))
    return [_note(ax, f"{label}: " * bool(label) + "; ".join(words))] if words else []


def _beside(ax: Axes, point: np.ndarray, direction: Sequence[float], words: str, distance: float) -> Annotation:
    """Return words a distance (in points of type) away from a point, in a direction given in data units."""
    origin = ax.transData.transform(point)
    scale = ax.transData.transform(point + 1e-3 * np.ptp(_view(ax), axis=0)) - origin
    away = np.array([np.sign(direction[0]), np.sign(direction[1])]) * 0 + direction
    away = away / np.linalg.norm(away)
    del scale
    return Annotation(
        words,
        point,
        distance * away,
        textcoords="offset points",
        ha="center",
        va="center",
        path_effects=_HALO,
        zorder=6,
    )


def _apart(ax: Axes, points: np.ndarray, shown: np.ndarray) -> list[int]:
    """Return those of the shown points that are far enough from each other to be numbered."""
    places, kept = ax.transData.transform(points), []
    for k in shown[:60]:
        if all(np.abs(places[k] - places[j]).max() > 14 * ax.figure.dpi / 72 for j in kept):
            kept.append(int(k))
    return kept


def _style(ax: Axes, kind: str) -> dict[str, Any]:
    """Return the look of the next line of this kind in the Axes: colour, line style and marker all differ."""
    k = sum(artist.get_gid() == kind for artist in ax.get_children())
    colours = rcParams["axes.prop_cycle"].by_key().get("color", ["C0"])
    return {"color": colours[(k + 1) % len(colours)], "ls": _STYLES[k % 4], "marker": _MARKS[k % 5]}


def _single(run: Any) -> Any:
    if run.eta.ndim:
        raise ValueError(f"run must be a single descent, got one of {run.eta.size} rates")
    return run


def _parameters(run: Any, upto: int | None) -> np.ndarray:
    return _single(run).parameters[: None if upto is None else count("upto", upto, least=0) + 1]


def _feature(problem: Any) -> np.ndarray:
    if problem.x.shape[1] != 1:
        raise ValueError(f"problem must have one feature to be drawn as points, got {problem.x.shape[1]}")
    return problem.x[:, 0]


def _span(name: str, value: ArrayLike, *, positive: bool = False) -> tuple[float, float]:
    span = finite_array(name, value)
    if span.shape != (2,) or span[0] >= span[1] or (positive and span[0] <= 0):
        raise ValueError(f"{name} must be {'positive and ' * positive}a low and a higher number, got {value!r}")
    return float(span[0]), float(span[1])


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
