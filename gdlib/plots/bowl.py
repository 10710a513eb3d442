"""The loss over a plane of parameters: lines of equal loss, and the path of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import AxLine
from matplotlib.quiver import Quiver
from numpy.typing import ArrayLike

from gdlib import _drawing as draw
from gdlib._arguments import finite_array, finite_number
from gdlib._formatting import number, subscript
from gdlib.curvature import curvatures, principal_directions
from gdlib.linear import offers
from gdlib.plots import _shared as shared

# Read here, not imported: a problem and a run are whatever has the attributes that a picture needs.
LinearRegression = Run = Any


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


def plane_of(problem: LinearRegression, theta: ArrayLike | None = None) -> Plane:
    """Return the plane to look at a problem in: (w, b) itself, or through θ = 0 along the two steepest directions.

    Where only two curvatures are not zero, as for two rows, it is the rows' span: descent from zero stays in it.
    ``theta`` says where the directions are to be the steepest, for a problem whose Hessian depends on it.
    """
    p = len(problem.names)
    if p < 2:
        raise ValueError(f"problem must have two parameters or more, got {p}")
    if p == 2:
        return Plane(np.zeros(2), np.eye(2), problem.names)
    second = {1: "flat", 2: "gentle"}.get(int((curvatures(problem, theta) > 0).sum()), "less steep")
    return Plane(np.zeros(p), principal_directions(problem, theta)[:, [-1, -2]], ("u₁ (steep)", f"u₂ ({second})"))


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
        The losses to draw lines at, two or more. Without it, each line is about twice as high above the lowest point of
        the picture as the one inside it, at a round loss.

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
        levels = _round_levels(float(least), float(heights.max()))
    levels = np.unique(finite_array("levels", levels))
    if len(levels) < 2:
        raise ValueError(f"levels must be two different losses or more, got {levels}")
    draw.checked(ax).set(title="Mean loss L", xlabel=plane.names[0], ylabel=plane.names[1], xlim=u_span, ylim=v_span)
    ax.set_aspect("equal", adjustable="box")
    ax.grid(visible=False)
    paper = draw.paper_of(ax)
    outermost = 0 if paper.dark else 1  # like the paper
    inner, outer = colormaps["Blues_r"]([0.35, outermost])
    shades = np.linspace(inner, outer, len(levels) + 1)  # each lighter than the last; the map's own are not
    filled = ax.contourf(u, v, heights, levels, colors=shades, extend="both")
    lines = ax.contour(u, v, heights, levels, colors="0.5", linewidths=0.7)
    look = {"fontsize": 8, "colors": "0.9" if paper.dark else "0.3", "fmt": lambda level: number(level, 6)}
    part = 4 * draw.type_size(draw.SMALL) * ax.figure.dpi / 72 / ax.bbox.height  # at the top: there notes stand
    room = np.s_[6 : max(8, min(135, round(141 * (1 - part)))), 6:-6]  # at the other sides half a label is left
    trial = ax.contour(u[room], v[room], heights[room], levels)
    places = [label.get_position() for label in ax.clabel(trial, levels[::-2][:3][::-1], inline=False, **look)]
    trial.remove()
    labels = ax.clabel(lines, manual=places, **look)
    if lowest is None:
        return [filled, lines, *labels]
    a_line = offers(problem, "hessian") and (curvatures(problem) > 0).sum() < 2  # of minima: there is a flat direction
    minimum = "minimum nearest to θ = 0" if a_line else "minimum"
    star = draw.dots(ax, lowest, marker="*", ms=14, color=paper.ink, label=minimum)
    return [filled, lines, *labels, *draw.add(ax, star)]


def _round_levels(least: float, most: float) -> list[float]:
    """Return losses each about twice as far above the least as the last, rounded to a digit of that distance."""
    above = [each for each in (most - least) * 2.0 ** -np.arange(1, 11) if each > 0]
    return [round(least + each, -int(np.floor(np.log10(each)))) for each in above]


def surface(
    ax: Axes, problem: LinearRegression, plane: Plane, span: Sequence[ArrayLike], *, run: Run | None = None
) -> list[Artist]:
    """Return the artists of a ground in three dimensions: the loss above the plane, and on it the path of a run.

    The Axes is one with ``projection="3d"``; ``span`` is as for `contours`.
    """
    if getattr(draw.checked(ax), "name", "") != "3d":
        raise TypeError('ax must be an Axes with projection="3d", to be drawn on in three dimensions')
    u_span, v_span = (draw.interval("span", side) for side in span)
    u, v = np.meshgrid(np.linspace(*u_span, 61), np.linspace(*v_span, 61))
    ax.set(title="Mean loss L", xlabel=plane.names[0], ylabel=plane.names[1], zlabel="L", xlim=u_span, ylim=v_span)
    heights = problem.loss(plane.lift(u, v))
    bowl = ax.plot_surface(u, v, heights, cmap="Blues_r", alpha=0.6, label="mean loss")
    ax.set_zlim(heights.min(), heights.max())  # older matplotlibs add a margin
    if run is None:
        return [bowl]
    points = plane.project(shared.path_of(run, None))
    inside = draw.within(points, np.column_stack([u_span, v_span]))
    look = {"color": "C1", "marker": ".", "zorder": 5, "label": "path"}
    return [bowl, *ax.plot(*points[inside].T, run.losses[inside], **look)]


def direction(ax: Axes, problem: LinearRegression, plane: Plane, angle: float) -> list[Artist]:
    """Return the artists of a layer: a direction from the minimum, and the curvature of the loss along it.

    It is turned by ``angle`` degrees, from the plane's first axis towards its second. With u for the unit vector the
    curvature is u·Hu.
    """
    view, turn = draw.view_of(ax), np.deg2rad(finite_number("angle", angle))
    away, here = np.array([np.cos(turn), np.sin(turn)]), plane.project(problem.minimizer())
    u = plane.directions @ away
    curvature = float(u @ problem.hessian() @ u)
    tip = here + 0.3 * np.diff(view, axis=0).min() * away
    look = {"angles": "xy", "scale_units": "xy", "scale": 1, "units": "inches", "width": 0.03, "zorder": 3}
    return draw.add(
        ax,
        AxLine(here, tip, None, color="C1", ls=":", label=f"direction at {number(angle)}°"),
        Quiver(ax, *here, *(tip - here), color="C1", **look),
        draw.beside_free(ax, tip, away, f"curvature {number(curvature, 3)}", 8, draw.writing_of(ax)),
    )


def path(ax: Axes, run: Run, plane: Plane, *, upto: int | None = None, label: str | None = None) -> list[Artist]:
    """Return the artists of a layer: the points θ₀ … θ_upto of a run in the plane, joined by lines, both ends marked.

    Without ``upto``, or where it is more than the steps there are, the whole run is drawn.
    """
    view, points = draw.view_of(ax), plane.project(shared.path_of(run, upto))
    inside, (colour, style, mark) = draw.within(points, view), draw.next_look(ax, "path")
    ends = {0: ("o", (-1, 1))}
    ends.setdefault(len(points) - 1, (mark, (1, 1)))
    ends = {k: end for k, end in ends.items() if inside[k]}
    look = {"colors": colour, "linestyles": style, "linewidths": 1.5, "zorder": 3, "gid": "path", "label": label}
    drawn = draw.add(
        ax,
        LineCollection(draw.clipped(points, view), **look),
        draw.dots(ax, points[inside], marker=".", ms=6, color=colour, mew=0),
        *(draw.dots(ax, points[k], marker=end, ms=8, color=colour) for k, (end, _) in ends.items()),
    )
    notes = draw.add(ax, *shared.notes_on(ax, run, inside, label))
    taken = draw.writing_of(ax)
    names = [draw.beside_free(ax, points[k], at, f"θ{subscript(k)}", 8, taken) for k, (_, at) in ends.items()]
    return [*drawn, *draw.add(ax, *names), *notes]
