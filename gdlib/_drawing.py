"""What the pictures share: places in an Axes, artists that leave its limits alone, colours that show, notes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from textwrap import fill
from typing import NamedTuple

import numpy as np
from matplotlib import patheffects, rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Annotation, Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import LogLocator, NullFormatter
from matplotlib.transforms import Affine2D, Bbox
from numpy.typing import ArrayLike

from gdlib._arguments import finite_array

SMALL = 0.833  # matplotlib's "small"
LETTER = 0.62  # a letter's width as a part of its size: DejaVu Sans has few wider words
_ABOVE, _BELOW, _PITCH = 0.82, 0.28, 1.2  # of a line above its base and below, and from base to base; of its size
SIDES = [(1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1)]  # of a point


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


def points_wide(ax: Axes) -> float:
    """Return the width of an Axes in points of type."""
    return ax.bbox.width * 72 / ax.figure.dpi


def note(ax: Axes, words: str, *, low: bool = False) -> Annotation:
    """Return a note at the top of the picture, or ``low`` at its bottom, no wider than it, beyond the notes there."""
    place, side = ("low note", 1) if low else ("note", -1)
    paper, size, (left, right) = paper_of(ax), type_size(SMALL), _beside_legend(ax, low)
    columns = max(int(((right - left) * points_wide(ax) - 8) / (LETTER * size)), 12)
    lines = (line if len(line) <= columns else line[::-1].replace(" :", "\n:", 1)[::-1] for line in words.split("\n"))
    words = "\n".join(fill(line, columns, break_long_words=False) for line in "\n".join(lines).split("\n"))
    taken = sum(text.get_text().count("\n") + 1 for text in ax.texts if text.get_gid() == place)
    return Annotation(
        words, ((left + right) / 2, 0 if low else 1), (0, side * (6 + round(1.6 * size) * taken)),
        xycoords="axes fraction", textcoords="offset points", ha="center", va="bottom" if low else "top",
        size=size, color=paper.ink, zorder=6, gid=place,
        bbox={"fc": paper.colour, "ec": "0.6", "pad": 2, "alpha": 0.9},
    )  # fmt: skip


def _beside_legend(ax: Axes, low: bool) -> tuple[float, float]:
    """Return from where to where, as parts of the width, a legend leaves room at the bottom of an Axes, or the top."""
    if not ax.get_legend():
        return 0, 1
    box = ax.get_legend().get_window_extent().transformed(ax.transAxes.inverted())
    if box.y0 >= 1 or (box.y0 > 0.5 if low else box.y1 < 0.5):  # one above the Axes takes none of their room
        return 0, 1
    return max((0, box.x0), (box.x1, 1), key=np.ptp)


def writing_of(ax: Axes) -> list[Bbox]:
    """Return the boxes that the writing in an Axes takes up, its notes and legend among it."""
    legend = [ax.get_legend().get_window_extent()] if ax.get_legend() else []
    # A text remembers what it was drawn with last, which may have had more dots than the figure has now.
    now = getattr(ax.figure.canvas, "get_renderer", lambda: None)()
    boxes = (_box(ax, text) if isinstance(text, Annotation) else text.get_window_extent(now) for text in ax.texts)
    return [box.padded(2) for box in (*boxes, *legend)]


def _box(ax: Axes, text: Annotation) -> Bbox:
    """Return about what room an annotation takes up; to ask the renderer takes as long as to draw it."""
    lines, point = text.get_text().split("\n"), ax.figure.dpi / 72
    frame = ax.transData if text.xycoords == "data" else ax.transAxes
    place = frame.transform(text.xy) + np.multiply(text.xyann, point)
    size = point * text.get_size() * np.array([0.05 + LETTER * max(map(len, lines)), 1.3 * len(lines)])
    back = {"left": 0, "bottom": 0, "center": 0.5, "right": 1, "top": 1}
    low = place - size * (back[text.get_ha()], back[text.get_va()])
    return Bbox([low, low + size])


class Label(Text):
    """Centred lines of text, drawn from outlines of letters that are kept: that takes a tenth of the time.

    In a vector file it is text as any other.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Draw the frame around the lines, if there is one, and each line."""
        if not (isinstance(renderer, RendererAgg) and self.get_visible()):
            super().draw(renderer)
            return
        prop, size = self.get_fontproperties(), renderer.points_to_pixels(self.get_size())
        lines = [_outline(words, prop) for words in self.get_text().split("\n")]
        wide, high = size * max(width for _, width in lines), size * (_ABOVE + _BELOW + _PITCH * (len(lines) - 1))
        x, y = self.get_transform().transform(self.get_unitless_position())
        if frame := self.get_bbox_patch():
            frame.set(bounds=(0, 0, wide, high), transform=Affine2D().translate(x - wide / 2, y - high / 2))
            frame.set_mutation_scale(size)
            frame.draw(renderer)
        gc, colour = renderer.new_gc(), to_rgba(self.get_color(), self.get_alpha())
        gc.set_linewidth(0)
        for i, (path, width) in enumerate(lines):
            base = y + high / 2 - size * (_ABOVE + _PITCH * i)
            renderer.draw_path(gc, path, Affine2D.from_values(size, 0, 0, size, x - size * width / 2, base), colour)
        gc.restore()
        self.stale = False


@lru_cache(maxsize=1024)
def _outline(words: str, font: FontProperties) -> tuple[Path, float]:
    """Return the outline of a line of text of size 1, and its width."""
    letters, x, places = [_letter(each, font) for each in words], 0.0, []
    for _, _, width in letters:
        places.append(x)
        x += width
    vertices = [np.empty((0, 2)), *(each[0] + (place, 0) for each, place in zip(letters, places, strict=True))]
    return Path(np.concatenate(vertices), np.concatenate([np.empty(0, Path.code_type), *(e[1] for e in letters)])), x


@lru_cache(maxsize=1024)
def _letter(letter: str, font: FontProperties) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the outline of a letter of size 1, as vertices and codes, and how far the next letter stands from it."""
    vertices, codes = text_to_path.get_text_path(font, letter)
    (stop, _), (both, _) = (text_to_path.get_text_path(font, words) for words in ("|", f"{letter}|"))
    width = min(x for x, _ in both[-len(stop) :]) - min(x for x, _ in stop)
    scale = text_to_path.FONT_SCALE
    return np.reshape(vertices, (-1, 2)) / scale, np.asarray(codes, Path.code_type), width / scale


def beside(ax: Axes, point: np.ndarray, away: Sequence[float], words: str, distance: float) -> Annotation:
    """Return words beside a point of an Axes, a distance (in points of type) away in this direction."""
    (x, y), paper = away / np.hypot(*away), paper_of(ax)
    return Annotation(
        words, point, (distance * x, distance * y), textcoords="offset points",
        path_effects=paper.halo, color=paper.ink, size=type_size(), zorder=6, clip_on=False,
        ha="center" if abs(x) < 0.4 else "left" if x > 0 else "right",
        va="center" if abs(y) < 0.4 else "bottom" if y > 0 else "top",
    )  # fmt: skip


def beside_free(
    ax: Axes, point: np.ndarray, away: Sequence[float], words: str, distance: float, taken: list[Bbox]
) -> Annotation:
    """Return words as `beside` does, on the first side where they meet nothing that is taken; it is theirs from now on.

    Sides are tried from ``away`` on, inside the picture, then farther off; where none is free, it is ``away``.
    """
    view, tried = ax.bbox, []
    for far, side in product((1, 3, 5), (away, *SIDES)):
        label = beside(ax, point, side, words, far * distance)
        box = _box(ax, label)
        tried.append((label, box))
        inside = view.x0 <= box.x0 and box.x1 <= view.x1 and view.y0 <= box.y0 and box.y1 <= view.y1
        if inside and not any(box.overlaps(other) for other in taken):
            break
    else:
        label, box = tried[0]
    taken.append(box)
    return label


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
