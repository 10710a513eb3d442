"""The frame of an Axes: what its axes measure, from where to where, and how places in it are written."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter, StrCategoryLocator
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter
from matplotlib.transforms import Transform

from gdlib.figures._artists import kind_of, label_of, on_axes
from gdlib.figures._text import decade, in_digits, plain_text, quoted


@dataclass(frozen=True)
class Coordinate:
    """One axis: what it measures, from where to where, and how its numbers are written."""

    name: str
    label: str
    scale: str
    low: float  # where the axis begins: above `high` if it is inverted
    high: float
    places: int  # decimal places after which a digit is rounding error
    marks: tuple[tuple[float, str], ...]  # tick labels that are words
    transform: Transform  # from values to where they are drawn

    @classmethod
    def of(cls, axis: Axis, name: str) -> Self:
        """Return what there is to say of an axis of matplotlib."""
        low, high = _limits(axis, name)
        label, scale = plain_text(axis.get_label_text()), axis.get_scale()
        return cls(name, label, scale, low, high, _places(axis, name, low, high), _marks(axis), axis.get_transform())

    @property
    def words(self) -> str:
        """The axis in words, for example "is mean loss L on a log scale from 1e-06 to 1"."""
        plain = self.scale in ("linear", "function")  # the latter is what a colour bar of contours has
        what = f"is {self.label} " * bool(self.label) + f"on a {self.scale} scale " * (not plain)
        marks = ", ".join(f"{quoted(text)} at {self.number(place)}" for place, text in self.marks)
        marked = f", marked {marks}" if marks else ""
        return f"{what}from {self.number(self.low, 4)} to {self.number(self.high, 4)}{marked}"

    def number(self, value: float, digits: int = 6) -> str:
        """Return a value on this axis in digits."""
        if self.scale == "log" and value < 10.0**-self.places:
            return f"below {10.0**-self.places:.0e}"
        return in_digits(value, self.places, digits)

    def span(self, values: np.ndarray) -> str:
        """Return the range of values in words."""
        least, most = self.number(values.min()), self.number(values.max())
        return f"{self.name} = {least}" if least == most else f"{self.name} from {least} to {most}"

    def place(self, values: np.ndarray) -> np.ndarray:
        """Return where values are drawn, growing with the value: 0 at one end of the axis, 1 at the other."""
        low, width = self._drawn_span()
        return (self._drawn(values) - low) / width

    def value(self, place: float) -> float:
        """Return the value that is drawn at a place: the inverse of `place`."""
        low, width = self._drawn_span()
        return float(self.transform.inverted().transform(np.array([low + place * width]))[0])

    def _drawn(self, values: np.ndarray) -> np.ndarray:
        return self.transform.transform(np.maximum(values, 10.0**-self.places) if self.scale == "log" else values)

    def _drawn_span(self) -> tuple[float, float]:
        low, high = self._drawn(np.array(sorted((self.low, self.high))))
        return low, high - low or 1.0


def _limits(axis: Axis, name: str) -> tuple[float, float]:
    """Return the limits of an axis if they were set, and the range of the data if it scales itself."""
    ax = axis.axes
    low, high = map(float, getattr(ax, f"get_{name}lim")())
    if name == "z" or not getattr(ax, f"get_autoscale{name}_on")():
        return low, high
    siblings = getattr(ax, f"get_shared_{name}_axes")().get_siblings(ax)
    intervals = [_data_interval(other, name, axis.get_scale()) for other in siblings]
    least, most = float(min(a for a, _ in intervals)), float(max(b for _, b in intervals))
    if not (math.isfinite(least) and math.isfinite(most)):
        return low, high
    return (most, least) if low > high else (least, most)


def _data_interval(ax: Axes, name: str, scale: str) -> tuple[float, float]:
    """Return the range of the data that an axis scales itself to; on a log scale, of what is positive."""
    low, high = getattr(ax.dataLim, f"interval{name}")
    return (getattr(ax.dataLim, f"minpos{name}") if scale == "log" and low <= 0 else low), high


def _places(axis: Axis, name: str, low: float, high: float) -> int:
    """Return after how many decimal places a digit on this axis is taken for rounding error."""
    if axis.get_scale() != "log" or name == "z":
        return 9 - decade(abs(high / 2 - low / 2) * 2 or abs(high))
    # Rounding error is relative to where a descent begins, not to the height to which another one diverges.
    tracks = [line.get_xydata()[:, "xy".index(name)] for line in axis.axes.lines if all(on_axes(line))]
    starts = [track[0] for track in tracks if len(track) and 0 < track[0] < math.inf]
    return 12 - decade(max(starts, default=max(low, high)))


def _marks(axis: Axis) -> tuple[tuple[float, str], ...]:
    """Return the places and texts of tick labels that are words, such as the names of categories."""
    wordy = isinstance(axis.get_major_formatter(), FixedFormatter | FuncFormatter | StrCategoryFormatter)
    if not wordy or not isinstance(axis.get_major_locator(), FixedLocator | StrCategoryLocator):
        return ()
    places = axis.get_majorticklocs()
    texts = axis.get_major_formatter().format_ticks(places)
    return tuple((float(place), plain_text(text)) for place, text in zip(places, texts, strict=True) if text)


@dataclass(frozen=True)
class Frame:
    """What the words on one Axes need: its title and axes, and the label that each artist goes by."""

    ax: Axes
    title: str
    axes: tuple[Coordinate, ...]
    labels: dict[int, str]  # by id of the artist

    @classmethod
    def of(cls, ax: Axes) -> Self:
        """Return the frame of an Axes of matplotlib."""
        title = ", ".join(plain_text(text) for side in ("center", "left", "right") if (text := ax.get_title(side)))
        axes = tuple(Coordinate.of(getattr(ax, f"{name}axis"), name) for name in "xyz" if hasattr(ax, f"{name}axis"))
        # Bars and error bars carry their label on the container.
        labels = {id(part): label_of(box) for box in ax.containers for part in box.get_children()}
        labels |= {id(artist): label_of(artist) for artist in ax.get_children() if label_of(artist)}
        return cls(ax, title, axes, {artist: label for artist, label in labels.items() if label})

    @property
    def x(self) -> Coordinate:
        """The horizontal axis."""
        return self.axes[0]

    @property
    def y(self) -> Coordinate:
        """The vertical axis."""
        return self.axes[1]

    @property
    def flat(self) -> bool:
        """Whether there are two axes only."""
        return len(self.axes) == 2

    def name(self, artist: Artist, kind: str = "") -> str:
        """Return what an artist is called: its kind, which may be given in other words, and its label."""
        kind, label = kind or kind_of(artist).capitalize(), self.labels.get(id(artist))
        return f"{kind} {quoted(label)}" if label else kind

    def point(self, point: Sequence[float], in_data: tuple[bool, bool] = (True, True)) -> str:
        """Return a point's coordinates in words; those that are not positions on an axis are parts of its length."""
        if all(in_data):
            return f"({self.x.number(point[0])}, {self.y.number(point[1])})"
        x = f"x = {self.x.number(point[0])}" if in_data[0] else f"{in_digits(point[0])} of the width"
        y = f"y = {self.y.number(point[1])}" if in_data[1] else f"{in_digits(point[1])} of the height"
        return f"{x}, {y}"

    def box(self, points: np.ndarray, in_data: tuple[bool, bool] = (True, True)) -> str:
        """Return the ranges of points in words; the whole width or height of the axes goes without saying."""
        spans = []
        for axis, values, data, length in zip(self.axes, points.T, in_data, ("width", "height"), strict=True):
            if data:
                spans.append(axis.span(values))
            elif (values.min(), values.max()) != (0, 1):
                spans.append(f"from {in_digits(values.min())} to {in_digits(values.max())} of the {length}")
        return ", ".join(spans) or "all over the axes"

    def place(self, points: np.ndarray) -> np.ndarray:
        """Return where points are drawn, as parts of the axes' lengths."""
        return np.column_stack([self.x.place(points[:, 0]), self.y.place(points[:, 1])])

    def mean(self, points: np.ndarray) -> str:
        """Return the mean of points as they are drawn, in words: it moves when any of them does."""
        x, y = (
            axis.number(axis.value(place), 4 if axis.scale == "log" else 6)
            for axis, place in zip(self.axes, self.place(points).mean(axis=0), strict=True)
        )
        return f"mean point ({x}, {y})"
