"""A loss of one parameter: its curve, tangents, secants, and the steps of a run on it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import AxLine, Line2D
from matplotlib.quiver import Quiver

from gdlib import _drawing as draw
from gdlib._arguments import count, finite_array, finite_number
from gdlib._formatting import number
from gdlib.plots import _shared as shared

# Read here, not imported: a problem and a run are whatever has the attributes that a picture needs.
Curve = Run = Any


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
        draw.beside_free(ax, here, away, f"slope {number(slope, 3)}", 14, draw.writing_of(ax)),
    )


def secant(ax: Axes, curve: Curve, theta: float, h: float) -> list[Artist]:
    """Return the artists of a layer: the line through the curve at θ and θ + h, as rise over run, with its slope."""
    view, theta, h = draw.view_of(ax), finite_number("theta", theta), finite_number("h", h)
    if h == 0:
        raise ValueError("h must not be 0: one point has no rise over run")
    with np.errstate(all="ignore"):
        here, there = (np.array([x, curve.f(np.float64(x))]) for x in (theta, theta + h))
    if not draw.within(np.array([here, there]), view).all():
        return draw.add(ax, draw.note(ax, f"outside the picture: θ = {number(theta, 3)} or {number(theta + h, 3)}"))
    corner, (run, rise) = np.array([there[0], here[1]]), there - here
    words = f"{number(rise, 3)} / {number(run, 3)} = {number(rise / run, 3)}"
    return draw.add(
        ax,
        AxLine(here, None, rise / run, color="C2", ls="-.", label="secant"),
        LineCollection([[here, corner], [corner, there]], colors=draw.paper_of(ax).ink, label="run and rise"),
        draw.dots(ax, np.array([here, there]), marker="s", ms=7, color="C2", label="θ, θ + h"),
        draw.beside_free(ax, corner, (run, -rise or -1), words, 8, draw.writing_of(ax)),
    )


def steps_on_curve(ax: Axes, curve: Curve, run: Run, upto: int | None = None) -> list[Artist]:
    """Return the artists of a layer: the points θ₀ … θ_upto of a run on the curve, and an arrow for each step.

    Without ``upto``, or where it is more than the steps there are, the whole run is drawn.
    """
    view, theta = draw.view_of(ax), shared.path_of(run, upto)[:, 0]
    points = np.column_stack([theta, run.losses[: len(theta)]])
    inside, pieces = draw.within(points, view), draw.clipped(points, view)
    tails = np.concatenate([np.empty((0, 2)), *(piece[:-1] for piece in pieces)])
    heads = np.concatenate([np.empty((0, 2)), *(piece[1:] for piece in pieces)])
    look = {"angles": "xy", "scale_units": "xy", "scale": 1, "units": "inches", "width": 0.018, "headwidth": 6}
    arrows = Quiver(ax, *tails.T, *(heads - tails).T, color="C1", zorder=3, label="steps", **look)
    steps = draw.dots(ax, points[inside], marker="o", ms=5, color="C1", label="θ₀, θ₁, …")
    drawn = draw.add(ax, arrows if len(tails) else None, steps)
    notes = draw.add(ax, *shared.notes_on(ax, run, inside))
    taken, numbered = draw.writing_of(ax), draw.far_apart(ax, points, np.flatnonzero(inside))
    below = {k: -draw.across(ax, view, curve.slope(theta[k])) for k in numbered}
    numbers = [draw.beside_free(ax, points[k], below[k], str(k), 6, taken) for k in numbered]
    return [*drawn, *draw.add(ax, *numbers), *notes]
