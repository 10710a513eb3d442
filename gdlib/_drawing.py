"""What the pictures share: places in an Axes, artists that leave its limits alone, colours that show, notes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib import patheffects, rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.text import Annotation
from matplotlib.ticker import LogLocator, NullFormatter
from numpy.typing import ArrayLike

from gdlib._arguments import finite_array

SMALL = 0.833  # matplotlib's "small"


def checked(ax: Axes) -> Axes:
    """Return the Axes; raise a TypeError if it is something else."""
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be a matplotlib Axes, got {ax!r}")
    return ax


def view_of(ax: Axes) -> np.ndarray:
    """Return two corners of the picture, (x_low, y_low) and (x_high, y_high)."""
    return np.sort(np.column_stack([checked(ax).get_xlim(), ax.get_ylim()]), axis=0)


def add(ax: Axes, *artists: Artist | None) -> list[Artist]:
    """Return the artists, added in a way that leaves the limits alone; those that are None are left out."""
    return [ax.add_artist(artist) for artist in artists if artist is not None]


class Paper(NamedTuple):
    """What an Axes is drawn on: its colour, that of writing which shows on it, and a halo that keeps writing apart."""

    colour: tuple[float, float, float]
    luminance: float  # from 0 for black to 1 for white
    ink: str
    halo: list[patheffects.AbstractPathEffect]

    @property
    def dark(self) -> bool:
        """Whether white shows on it better than black."""
        return self.ink == "white"


def paper_of(ax: Axes) -> Paper:
    """Return what an Axes is drawn on, whatever style made it: its own background on that of its figure."""
    figure = ax.figure.figure  # of a subfigure, the whole
    own = ax.patch.get_facecolor() if ax.axison and ax.get_frame_on() else "none"
    return _paper(own, figure.patch.get_facecolor())


@cache
def _paper(*layers: tuple[float, float, float, float] | str) -> Paper:
    """Return the paper that layers make, the uppermost first, on white."""
    colour = np.ones(3)
    for layer in reversed(layers):
        *rgb, opacity = to_rgba(layer)
        colour = opacity * np.array(rgb) + (1 - opacity) * colour
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    # Source: Web Content Accessibility Guidelines 2.2, relative luminance; black and white show equally well at 0.179.
    luminance = float(linear @ (0.2126, 0.7152, 0.0722))
    paper, ink = tuple(map(float, colour)), "black" if luminance > 0.179 else "white"
    return Paper(paper, luminance, ink, [patheffects.withStroke(linewidth=3, foreground=paper)])


def type_size(part: float = 1, most: float = 14) -> float:
    """Return the size of writing in a picture, or a part of it: the style's, up to what a picture has room for."""
    return part * min(rcParams["font.size"], most)


def dots(ax: Axes, points: np.ndarray, **look: object) -> Line2D:
    """Return points without a line between them, to be added to an Axes."""
    return Line2D(*np.atleast_2d(points).T, **{"ls": "", "mec": paper_of(ax).colour, "zorder": 4} | look)


def rate_axis(ax: Axes, low: float, high: float) -> None:
    """Make x a log axis of learning rates, its numbers written out."""
    checked(ax).set(xscale="log", xlabel="learning rate η", xlim=(low, high))
    inches = ax.bbox.width / ax.figure.dpi
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if 1.6 * np.log10(high / low) < inches else (1,)))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.grid(visible=False)


def within(points: np.ndarray, view: np.ndarray) -> np.ndarray:
    """Return which points lie inside the picture."""
    return ((points >= view[0]) & (points <= view[1])).all(axis=-1)


def clipped(points: np.ndarray, view: np.ndarray) -> list[np.ndarray]:
    """Return the pieces of a path inside the picture, shape (m, 2) each; a step between two points outside is left out.

    Source: Liang and Barsky, "A new concept and method for line clipping" (1984).
    """
    inside = within(points, view)
    kept = np.flatnonzero(inside[:-1] | inside[1:])
    with np.errstate(over="ignore"):
        start, move = points[kept], points[kept + 1] - points[kept]
        times = (view[:, np.newaxis] - start) / np.where(move == 0, 1e-300, move)
    enter, leave = np.maximum(times.min(axis=0).max(axis=1), 0), np.minimum(times.max(axis=0).min(axis=1), 1)
    tails, heads = start + enter[:, np.newaxis] * move, start + leave[:, np.newaxis] * move
    breaks = np.flatnonzero(~inside[kept[:-1] + 1]) + 1
    both = zip(np.split(tails, breaks), np.split(heads, breaks), strict=True)
    return [np.vstack([tail, head[-1:]]) for tail, head in both if len(tail)]


def note(ax: Axes, words: str) -> Annotation:
    """Return a note at the top of the picture, below the notes that are there."""
    above = sum(text.get_text().count("\n") + 1 for text in ax.texts if text.get_gid() == "note")
    paper, size = paper_of(ax), type_size(SMALL)
    return Annotation(
        words, (0.5, 1), (0, -6 - round(1.6 * size) * above), xycoords="axes fraction", textcoords="offset points",
        ha="center", va="top", size=size, color=paper.ink, zorder=6, gid="note",
        bbox={"fc": paper.colour, "ec": "0.6", "pad": 2, "alpha": 0.9},
    )  # fmt: skip


def beside(ax: Axes, point: np.ndarray, away: Sequence[float], words: str, distance: float) -> Annotation:
    """Return words beside a point of an Axes, a distance (in points of type) away in this direction."""
    (x, y), paper = away / np.hypot(*away), paper_of(ax)
    return Annotation(
        words, point, (distance * x, distance * y), textcoords="offset points",
        path_effects=paper.halo, color=paper.ink, size=type_size(), zorder=6, clip_on=False,
        ha="center" if abs(x) < 0.4 else "left" if x > 0 else "right",
        va="center" if abs(y) < 0.4 else "bottom" if y > 0 else "top",
    )  # fmt: skip


def across(ax: Axes, view: np.ndarray, slope: float) -> np.ndarray:
    """Return the direction across a line of this slope, upwards, as it looks in the picture."""
    (wide, high), box = view[1] - view[0], ax.bbox
    return np.array([-slope * wide / high * box.height / box.width, 1.0])


def far_apart(ax: Axes, points: np.ndarray, shown: np.ndarray) -> list[int]:
    """Return which of the shown points are far enough from each other to be numbered: the first, the last, others."""
    places, kept = ax.transData.transform(points[shown]) * 72 / ax.figure.dpi, []
    for k in [0, len(shown) - 1, *range(1, len(shown) - 1)][: len(shown)][:60]:
        if all(np.abs(places[k] - places[j]).max() > 16 for j in kept):
            kept.append(k)
    return [int(shown[k]) for k in kept]


def next_look(ax: Axes, kind: str) -> tuple[str, str, str]:
    """Return colour, line style and marker of the next run of this kind; the style's first colour is the ground's."""
    k, cycle = sum(artist.get_gid() == kind for artist in ax.get_children()), rcParams["axes.prop_cycle"].by_key()
    colours, styles = cycle.get("color", ["C0"]), cycle.get("linestyle", ["-", "--", "-.", ":"])
    return colours[(k + 1) % len(colours)], styles[k % len(styles)], "sD^vo"[k % 5]


def interval(name: str, value: ArrayLike, *, positive: bool = False) -> tuple[float, float]:
    """Return a low and a higher number; raise a ValueError that names them if they are not."""
    span = finite_array(name, value)
    if span.shape != (2,) or span[0] >= span[1] or (positive and span[0] <= 0):
        raise ValueError(f"{name} must be a low and a higher number{', above 0' * positive}, got {value!r}")
    return float(span[0]), float(span[1])
