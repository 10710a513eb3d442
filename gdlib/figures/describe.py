"""A figure in words, computed from its own artists.

The words are at once what a person who cannot see the picture reads, and what the notebook check compares. So they must
change when the picture tells something else, and must not change with the platform or the version of matplotlib. Hence
three rules: nothing is said that depends on layout or pixels; every number is rounded so that the last bits of a
floating-point result never show; and an axis that scales itself is given the range of its data, without the margins,
which differ between versions.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, singledispatch
from itertools import groupby, product

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter, StrCategoryLocator
from matplotlib.collections import Collection, LineCollection, PathCollection, QuadMesh
from matplotlib.container import BarContainer
from matplotlib.contour import ContourSet
from matplotlib.figure import FigureBase
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import AxLine, Line2D
from matplotlib.patches import Circle, ConnectionPatch, Ellipse, FancyArrow, FancyArrowPatch, Patch
from matplotlib.path import Path
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter
from matplotlib.transforms import IdentityTransform, Transform

MOST = 9  # how many points, bars, arrows… are told one by one; of more, a sample of this many
SAME = 1e-9  # what differs by less than this part of an axis differs by rounding
VISIBLE = 1e-3  # a bend smaller than this part of an axis cannot be seen


def describe(figure: FigureBase) -> str:
    """Return what a figure shows, in words: one line for each Axes and each thing drawn in it, in order of creation.

    Numbers have 6 significant digits, limits of axes 4. On a linear axis what is below 1e-9 of its range reads 0; on a
    logarithmic one, what is below 1e-12 of where its lines begin reads "below …", since it may be rounding error.
    Points that are not finite or lie outside the view are counted. In three-dimensional Axes, only the axes and the
    kinds and labels of what they hold are told.

    Parameters
    ----------
    figure : Figure or SubFigure
        It is read, not drawn, and stays as it is.

    Raises
    ------
    TypeError
        If `figure` is not a figure.
    """
    axes = _all_axes(figure)
    texts = _loose_texts(figure)
    if not axes and not texts:
        return "An empty figure."
    lines = [f"Figure with {len(axes)} Axes."] if len(axes) != 1 else []
    lines += [f"Text on the figure: {_quoted(text)}." for text in texts]
    for number, ax in enumerate(axes, start=1):
        parent = next((n for n, outer in enumerate(axes, start=1) if ax in outer.child_axes), None)
        inset = f" (inset in Axes {parent})" if parent else ""
        lines += _axes_lines(ax, f"Axes {number}{inset}" if len(axes) > 1 else "Axes")
    lines += [f"Legend of the figure: {_entries(legend)}." for part in _parts(figure) for legend in part.legends]
    return "\n".join(lines)


def summarise(figure: FigureBase, words: int = 40) -> str:
    """Return a short form of `describe` for a screen reader: titles, what the axes are, the main lines and their trend.

    Parameters
    ----------
    figure : Figure or SubFigure
        It is read, not drawn, and stays as it is.
    words : int
        The most words there may be. What does not fit is counted at the end: "And 2 more."

    Raises
    ------
    TypeError
        If `figure` is not a figure, or `words` not an int.
    ValueError
        If `words` is less than 5.
    """
    if isinstance(words, bool) or not isinstance(words, int):
        raise TypeError(f"words must be an int, got {words!r}")
    if words < 5:
        raise ValueError(f"words must be at least 5, got {words}")
    frames = [_Frame.of(ax) for ax in _all_axes(figure) if not _is_colour_bar(ax)]
    heads = [*_loose_texts(figure), *filter(None, map(_headline, frames))]
    heads = heads or [f"{_counted(len(frames), 'plot')} without title" if frames else "An empty figure"]
    return _fit(heads + [trend for frame in frames for trend in _trends(frame)], words)


# ---- the figure and its Axes -----------------------------------------------------------------------------------------


def _all_axes(figure: FigureBase) -> list[Axes]:
    """Return the visible Axes of a figure, each followed by its insets."""
    if not isinstance(figure, FigureBase):
        raise TypeError(f"figure must be a matplotlib Figure, got {type(figure).__name__}: {figure!r}")
    return [ax for parent in figure.axes for ax in (parent, *parent.child_axes) if ax.get_visible()]


def _parts(figure: FigureBase) -> list[FigureBase]:
    """Return a figure and its subfigures."""
    return [figure, *(part for subfigure in figure.subfigs for part in _parts(subfigure))]


def _loose_texts(figure: FigureBase) -> list[str]:
    """Return the texts that belong to the figure rather than to one Axes, such as its title."""
    texts = [text for part in _parts(figure) for text in part.texts]
    return [_plain(text.get_text()) for text in texts if text.get_visible() and text.get_text()]


def _axes_lines(ax: Axes, name: str) -> list[str]:
    """Return a line on the Axes itself, then one for each thing drawn in it."""
    frame = _Frame.of(ax)
    head = f"{name} {_quoted(frame.title)}:" if frame.title else f"{name}:"
    if _is_colour_bar(ax):
        return [f"{head} colour bar {_long_side(frame).words}."]
    content = _content(ax)
    bare = not any(_carries_data(artist) for artist in content)
    axes = ", ".join(f"{axis.name} {axis.words}" for axis in frame.axes)
    tell = _group_lines if frame.flat else _names_only
    lines = [line for group in _groups(content, frame) for line in tell(group, frame)]
    return [f"{head} {axes}." + " It is empty." * bare, *(f"{line}." for line in lines if line)]


def _is_colour_bar(ax: Axes) -> bool:
    """Return whether these Axes are a colour bar, which matplotlib marks by a label."""
    return ax.get_label() == "<colorbar>"


def _long_side(bar: "_Frame") -> "_Axis":
    """Return the axis of a colour bar that has the numbers; the other has no label and runs from 0 to 1."""
    return bar.x if bar.x.label or (bar.x.low, bar.x.high) != (0, 1) else bar.y


def _carries_data(artist: Artist) -> bool:
    """Return whether something is drawn, not only written."""
    return not isinstance(artist, Text | Legend)


# ---- one axis: its range and its numbers -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Axis:
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
    def of(cls, axis: Axis, name: str) -> "_Axis":
        """Return what there is to say of an axis of matplotlib."""
        low, high = _limits(axis, name)
        label, scale = _plain(axis.get_label_text()), axis.get_scale()
        return cls(name, label, scale, low, high, _places(axis, name, low, high), _marks(axis), axis.get_transform())

    @property
    def words(self) -> str:
        """The axis in words, for example "is mean loss L on a log scale from 1e-06 to 1"."""
        plain = self.scale in ("linear", "function")  # the latter is what a colour bar of contours has
        what = f"is {self.label} " * bool(self.label) + f"on a {self.scale} scale " * (not plain)
        marks = ", ".join(f"{_quoted(text)} at {self.number(place)}" for place, text in self.marks)
        marked = f", marked {marks}" if marks else ""
        return f"{what}from {self.number(self.low, 4)} to {self.number(self.high, 4)}{marked}"

    def number(self, value: float, digits: int = 6) -> str:
        """Return a value on this axis in digits."""
        if self.scale == "log" and value < 10.0**-self.places:
            return f"below {10.0**-self.places:.0e}"
        return _number(value, self.places, digits)

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
        return 9 - _decade(abs(high / 2 - low / 2) * 2 or abs(high))
    # Rounding error is relative to where a descent begins, not to the height to which another one diverges.
    tracks = [line.get_xydata()[:, "xy".index(name)] for line in axis.axes.lines if all(_in_data(line))]
    starts = [track[0] for track in tracks if len(track) and 0 < track[0] < math.inf]
    return 12 - _decade(max(starts, default=max(low, high)))


def _marks(axis: Axis) -> tuple[tuple[float, str], ...]:
    """Return the places and texts of tick labels that are words, such as the names of categories."""
    wordy = isinstance(axis.get_major_formatter(), FixedFormatter | FuncFormatter | StrCategoryFormatter)
    if not wordy or not isinstance(axis.get_major_locator(), FixedLocator | StrCategoryLocator):
        return ()
    places = axis.get_majorticklocs()
    texts = axis.get_major_formatter().format_ticks(places)
    return tuple((float(place), _plain(text)) for place, text in zip(places, texts, strict=True) if text)


@dataclass(frozen=True)
class _Frame:
    """What the words on one Axes need: its title and axes, and the label that each artist goes by."""

    ax: Axes
    title: str
    axes: tuple[_Axis, ...]
    labels: dict[int, str]  # by id of the artist

    @classmethod
    def of(cls, ax: Axes) -> "_Frame":
        """Return the frame of an Axes of matplotlib."""
        title = ", ".join(_plain(text) for side in ("center", "left", "right") if (text := ax.get_title(side)))
        axes = tuple(_Axis.of(getattr(ax, f"{name}axis"), name) for name in "xyz" if hasattr(ax, f"{name}axis"))
        # Bars and error bars carry their label on the container.
        labels = {id(part): _label(box) for box in ax.containers for part in box.get_children()}
        labels |= {id(artist): _label(artist) for artist in ax.get_children() if _label(artist)}
        return cls(ax, title, axes, {artist: label for artist, label in labels.items() if label})

    @property
    def x(self) -> _Axis:
        """The horizontal axis."""
        return self.axes[0]

    @property
    def y(self) -> _Axis:
        """The vertical axis."""
        return self.axes[1]

    @property
    def flat(self) -> bool:
        """Whether there are two axes only."""
        return len(self.axes) == 2

    def name(self, kind: str, artist: Artist) -> str:
        """Return what an artist is called: its kind and label."""
        label = self.labels.get(id(artist))
        return f"{kind} {_quoted(label)}" if label else kind

    def point(self, point: Sequence[float], in_data: tuple[bool, bool] = (True, True)) -> str:
        """Return a point's coordinates in words; those that are not positions on an axis are parts of its length."""
        if all(in_data):
            return f"({self.x.number(point[0])}, {self.y.number(point[1])})"
        x = f"x = {self.x.number(point[0])}" if in_data[0] else f"{_number(point[0])} of the width"
        y = f"y = {self.y.number(point[1])}" if in_data[1] else f"{_number(point[1])} of the height"
        return f"{x}, {y}"

    def box(self, points: np.ndarray, in_data: tuple[bool, bool] = (True, True)) -> str:
        """Return the ranges of points in words; the whole width or height of the axes goes without saying."""
        spans = []
        for axis, values, data, length in zip(self.axes, points.T, in_data, ("width", "height"), strict=True):
            if data:
                spans.append(axis.span(values))
            elif (values.min(), values.max()) != (0, 1):
                spans.append(f"from {_number(values.min())} to {_number(values.max())} of the {length}")
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


# ---- which artists, and which of them together -----------------------------------------------------------------------

_KINDS = {
    Line2D: "line",
    ContourSet: "contour plot",
    QuadMesh: "image",
    AxesImage: "image",
    PathCollection: "scatter plot",
    LineCollection: "line bundle",
    Quiver: "arrow field",
    Collection: "region",
    Circle: "circle",
    Ellipse: "ellipse",
    FancyArrow: "arrow",
    FancyArrowPatch: "arrow",
    Patch: "shape",
}


def _kind(artist: Artist) -> str:
    """Return a plain word for what an artist is."""
    word = next((word for kind, word in _KINDS.items() if isinstance(artist, kind)), type(artist).__name__)
    if word != "shape":
        return word
    # The class of a patch will not do: a band is a Polygon until matplotlib 3.8, a Rectangle since.
    return "band" if sum(_in_data(artist)) == 1 else "rectangle" if _is_upright(_finite(_points(artist))) else word


def _label(artist: Artist) -> str:
    """Return the label of an artist, "" if it has none: matplotlib's own begin with an underscore."""
    label = artist.get_label()
    return "" if not isinstance(label, str) or label.startswith("_") else _plain(label)


def _content(ax: Axes) -> list[Artist]:
    """Return what is drawn in an Axes, in order of creation, and its legend last; its frame and ticks are left out."""
    kinds = (ax.lines, ax.patches, ax.collections, ax.images, ax.texts, ax.tables, ax.artists)
    drawn = {id(artist) for kind in kinds for artist in kind} | {id(ax.get_legend())}
    # Where the labels of contours stand depends on fonts, and they repeat the levels.
    drawn -= {id(text) for lines in ax.collections for text in getattr(lines, "labelTexts", ())}
    return [a for a in ax.get_children() if id(a) in drawn and a.get_visible() and not _ties_an_inset(a)]


def _ties_an_inset(artist: Artist) -> bool:
    """Return whether an artist shows what an inset enlarges: one artist since matplotlib 3.10, several before."""
    old = isinstance(artist, ConnectionPatch) or artist.get_label() == "_indicate_inset"
    return old or type(artist).__name__ == "InsetIndicator"


def _groups(content: list[Artist], frame: _Frame) -> Iterator[list[Artist]]:
    """Yield the artists in groups that are told together: the bars of one call, and unlabelled ones of one kind."""

    def together(artist: Artist) -> object:
        alone = id(artist) in frame.labels or not _carries_data(artist)
        return id(bars) if (bars := _bars_with(artist)) else id(artist) if alone else type(artist)

    for _, group in groupby(content, key=together):
        yield list(group)


def _group_lines(group: list[Artist], frame: _Frame) -> list[str]:
    """Return the lines on a group of artists; many of them are counted and ranged."""
    first = group[0]
    if bars := _bars_with(first):
        return [_bars(bars, frame)]
    if len(group) > MOST and all(all(_in_data(artist)) for artist in group):
        points = _finite(np.concatenate([_points(artist) for artist in group]))
        if len(points):
            return [f"{len(group)} {_kind(first)}s without label, within {frame.box(points)}; {frame.mean(points)}"]
    return [_tell(artist, frame) for artist in group]


def _bars_with(artist: Artist) -> BarContainer | None:
    """Return the bars among which an artist is, None if it is no bar."""
    return next((box for box in artist.axes.containers if isinstance(box, BarContainer) and artist in box), None)


def _names_only(group: list[Artist], frame: _Frame) -> list[str]:
    """Return the kinds and labels of a group of artists."""
    return [frame.name(_kind(artist).capitalize(), artist) for artist in group]


def _in_data(artist: Artist) -> tuple[bool, bool]:
    """Return whether an artist's x and y are positions on the axes, rather than parts of their lengths or the page."""
    transforms = [artist.get_transform()] + ([artist.get_offset_transform()] if isinstance(artist, Collection) else [])
    x, y = zip(*(t.contains_branch_seperately(artist.axes.transData) for t in transforms), strict=True)
    return any(x), any(y)


# ---- the points of an artist -----------------------------------------------------------------------------------------


@singledispatch
def _points(artist: Artist) -> np.ndarray:
    """Return the points that an artist is drawn through, as positions on the axes, shape (n, 2)."""
    return np.empty((0, 2))


@_points.register
def _(line: Line2D) -> np.ndarray:
    return line.get_xydata()


@_points.register
def _(patch: Patch) -> np.ndarray:
    path = patch.get_patch_transform().transform_path(patch.get_path())
    # The control points of a curve lie off it: its box tells more.
    curved = path.codes is not None and np.isin(path.codes, (Path.CURVE3, Path.CURVE4)).any()
    return path.get_extents().corners() if curved else path.vertices


@_points.register
def _(patch: FancyArrowPatch) -> np.ndarray:
    # Its path is shaped in pixels; only its ends are positions.
    ends = getattr(patch, "_posA_posB", None)
    return np.empty((0, 2)) if ends is None else np.array(ends, dtype=float)


@_points.register
def _(collection: Collection) -> np.ndarray:
    if isinstance(collection.get_offset_transform(), IdentityTransform):
        return np.concatenate([*(path.vertices for path in collection.get_paths()), np.empty((0, 2))])
    return np.ma.filled(np.ma.asarray(collection.get_offsets(), dtype=float), np.nan)


@_points.register
def _(image: AxesImage) -> np.ndarray:
    left, right, bottom, top = image.get_extent()
    return np.array([(left, bottom), (right, top)], dtype=float)


@_points.register
def _(mesh: QuadMesh) -> np.ndarray:
    return np.ma.filled(mesh.get_coordinates(), np.nan).reshape(-1, 2)


# ---- one artist in words ---------------------------------------------------------------------------------------------


@singledispatch
def _tell(artist: Artist, frame: _Frame) -> str:
    """Return one artist in words, "" if there is nothing to tell; each kind of artist is registered below."""
    return frame.name(_kind(artist).capitalize(), artist)


@_tell.register
def _(line: Line2D, frame: _Frame) -> str:
    styles = {"--": "Dashed line", ":": "Dotted line", "-.": "Dash-dotted line", "None": "Points"}
    name = frame.name(styles.get(line.get_linestyle(), "Line"), line)
    points, in_data = _points(line), _in_data(line)
    if all(in_data):
        return f"{name}: {_track(points, frame)}"
    finite = _finite(points)
    if not len(finite):
        return f"{name}: no points"
    if any(in_data) and np.ptp(across := finite[:, in_data.index(True)]) == 0:
        axis, direction = (frame.x, "vertical") if in_data[0] else (frame.y, "horizontal")
        return f"{name}: {direction}, at {axis.name} = {axis.number(across[0])}"
    return f"{name}: {frame.box(finite, in_data)}"


@_tell.register
def _(line: AxLine, frame: _Frame) -> str:
    slope = line.get_slope()
    direction = f"and {frame.point(line.get_xy2())}" if slope is None else f"with slope {_number(slope)}"
    return f"{frame.name('Line', line)}: straight and without end, through {frame.point(line.get_xy1())} {direction}"


@_tell.register
def _(scatter: PathCollection, frame: _Frame) -> str:
    return f"{frame.name('Scatter plot', scatter)} of {_cloud(scatter, frame)}{_colours(scatter)}"


@_tell.register
def _(contours: ContourSet, frame: _Frame) -> str:
    kind = "Filled contours" if contours.filled else "Contour lines"
    surface = f" of a surface from {_range((contours.zmin, contours.zmax))}" if hasattr(contours, "zmin") else ""
    told = f"{frame.name(kind, contours)}{surface}: {_levels(contours.levels)}"
    # A label cuts its line at a place that depends on fonts: what remains is no property of the surface.
    if getattr(contours, "labelTexts", None):
        return told
    paths = [_finite(path.vertices) for path in contours.get_paths()]
    layers = [f"layer {i + 1}" for i in range(len(paths))]
    extents = list(zip(layers if contours.filled else _level_numbers(contours.levels), paths, strict=True))
    return told + "".join(f"; {name} within {frame.box(p)}" for name, p in _sample(extents, 5) if len(p))


@_tell.register
def _(image: AxesImage | QuadMesh, frame: _Frame) -> str:
    values, over = _floats(image.get_array()), frame.box(_points(image), _in_data(image))
    size = f"{frame.name('Image', image)}: {values.shape[0]} rows by {values.shape[1]} columns over {over}"
    if values.ndim == 3:
        return f"{size}, in colours of its own; mean {_number(np.nanmean(values))}"
    if not np.isfinite(values).any():
        return f"{size}; no finite value"
    centres, number = _centres(image, values.shape), _scaled(values)
    least, most = (np.unravel_index(_first(side * values.ravel()), values.shape) for side in (1, -1))
    low = f"lowest {number(values[least])} at {frame.point(centres[least])}"
    high = f"highest {number(values[most])} at {frame.point(centres[most])}"
    return f"{size}; {low}, {high}, mean {number(np.nanmean(values))}{_lost(np.isfinite(values))}"


@_tell.register
def _(bundle: LineCollection, frame: _Frame) -> str:
    in_data = _in_data(bundle)
    lines = [line for segment in bundle.get_segments() if len(line := _finite(np.asarray(segment, dtype=float)))]
    all_told = len(lines) <= MOST and all(len(line) <= 2 for line in lines)
    mean = f"; {frame.mean(np.concatenate(lines))}" if all(in_data) and not all_told else ""

    def tell(line: np.ndarray) -> str:
        return f"{frame.point(line[0])} to {frame.point(line[-1])}" if all(in_data) else frame.box(line, in_data)

    return f"{frame.name('Line bundle', bundle)} of {_counted(len(lines), 'line')}{_listing(lines, tell)}{mean}"


@_tell.register
def _(field: Quiver, frame: _Frame) -> str:
    points, arrows = _points(field), np.column_stack([_floats(field.U).ravel(), _floats(field.V).ravel()])
    number = _scaled(arrows)
    told = _listing(
        list(zip(points, arrows, strict=True)),
        lambda arrow: f"({number(arrow[1][0])}, {number(arrow[1][1])}) at {frame.point(arrow[0])}",
    )
    mean = f"; mean arrow ({', '.join(map(number, np.nanmean(arrows, axis=0)))})" if len(arrows) > MOST else ""
    return f"{frame.name('Arrow field', field)} of {_counted(len(arrows), 'arrow')}{told}{mean}"


@_tell.register
def _(region: Collection, frame: _Frame) -> str:
    name, in_data = frame.name("Region", region), _in_data(region)
    if not isinstance(region.get_offset_transform(), IdentityTransform):
        return f"{name} of {_cloud(region, frame)}{_colours(region)}"
    parts = [corners for path in region.get_paths() if len(corners := _finite(path.vertices))]
    if len(parts) == 1:
        return f"{name}: {_outline(parts[0], frame, in_data)}{_colours(region)}"
    told = _listing(parts, lambda part: frame.box(part, in_data))
    return f"{name} of {_counted(len(parts), 'part')}{told}{_colours(region)}"


@_tell.register
def _(patch: Patch, frame: _Frame) -> str:
    return (
        f"{frame.name(_kind(patch).capitalize(), patch)}: {_outline(_finite(_points(patch)), frame, _in_data(patch))}"
    )


@_tell.register
def _(ellipse: Ellipse, frame: _Frame) -> str:
    centre = frame.point(ellipse.get_center(), _in_data(ellipse))
    size = f"{_number(ellipse.width)} wide, {_number(ellipse.height)} high"
    turned = f", turned by {_number(ellipse.angle)} degrees" if ellipse.angle else ""
    return f"{frame.name(_kind(ellipse).capitalize(), ellipse)}: centre {centre}, {size}{turned}"


@_tell.register
def _(arrow: FancyArrowPatch, frame: _Frame) -> str:
    ends = [frame.point(end, _in_data(arrow)) for end in _points(arrow)]
    return frame.name("Arrow", arrow) + (f" from {ends[0]} to {ends[1]}" if ends else "")


@_tell.register
def _(text: Text, frame: _Frame) -> str:
    where = frame.point(text.get_unitless_position(), _in_data(text))
    return f"Text {_quoted(_plain(text.get_text()))} at {where}" if text.get_text() else ""


@_tell.register
def _(note: Annotation, frame: _Frame) -> str:
    text = f"Text {_quoted(_plain(note.get_text()))}" if note.get_text() else ""
    target, written = _spot(note.xy, note.xycoords, frame), _spot(note.xyann, note.anncoords, frame)
    if note.arrowprops is None:
        return f"{text} at {written or target or 'a place on the page'}" if text else ""
    start = f" {'at' if text else 'from'} {written}" if written else ""
    return f"{text or 'Arrow'}{start}{', with an arrow' * bool(text)} to {target or 'a place on the page'}"


def _spot(point: tuple, coordinates: object, frame: _Frame) -> str:
    """Return a place of an annotation, "" if it is given in pixels or points."""
    ax = frame.ax
    if isinstance(coordinates, Transform):
        in_data = tuple(coordinates.contains_branch_seperately(ax.transData))
    else:
        pair = coordinates if isinstance(coordinates, tuple) else (coordinates, coordinates)
        in_data = (pair[0] == "data", pair[1] == "data")
    if not any(in_data) and coordinates not in ("axes fraction", ax.transAxes):
        return ""
    x, y = point
    return frame.point((ax.convert_xunits(x), ax.convert_yunits(y)), in_data)


@_tell.register
def _(legend: Legend, frame: _Frame) -> str:
    # The labels are told with what they label; only a legend that says something else is told by itself.
    entries = {_plain(text.get_text()) for text in legend.get_texts()}
    same = entries == set(frame.labels.values()) and not legend.get_title().get_text()
    return "" if same else f"Legend: {_entries(legend)}"


def _entries(legend: Legend) -> str:
    """Return the title and the entries of a legend."""
    title = _plain(legend.get_title().get_text())
    entries = ", ".join(_quoted(_plain(text.get_text())) for text in legend.get_texts())
    return f"{_quoted(title)}: {entries}" if title else entries


# ---- the parts of a sentence -----------------------------------------------------------------------------------------


def _track(points: np.ndarray, frame: _Frame) -> str:
    """Return where a sequence of points goes: its ends, points on the way, extremes, turns and mean."""
    finite = _finite(points)
    count = f"{_counted(len(points), 'point')}{_lost(np.isfinite(points).all(axis=1))}"
    if not len(finite):
        return count
    place = frame.place(finite)
    first, *way = map(frame.point, _sample(finite))
    sentence = f"{count}{_outside(place)}, {'from' if way else 'at'} {first}"
    if way:
        *way, last = way
        sentence += f" {_direction(place)} {last}"
    told = [f"passing {', '.join(way)}"] * bool(way) + _extremes(finite, place, frame) + _bends(place)
    return "; ".join([sentence, *told] + [frame.mean(finite)] * (len(finite) > MOST))


def _direction(place: np.ndarray) -> str:
    """Return the words between the first and the last point of a track."""
    rise = place[-1, 1] - place[0, 1]
    if not _is_function(place):
        return "to"
    return "across to" if abs(rise) <= SAME else "up to" if rise > 0 else "down to"


def _is_function(place: np.ndarray) -> bool:
    """Return whether a track goes in one direction along x, as the graph of a function does."""
    steps = np.diff(place[:, 0])
    return bool((steps >= -SAME).all() or (steps <= SAME).all())


def _extremes(points: np.ndarray, place: np.ndarray, frame: _Frame) -> list[str]:
    """Return the lowest and highest point of a graph unless they are ends, and the ranges of a path in the plane."""
    if not _is_function(place):
        return [f"within {frame.box(points)}"]
    found = []
    for word, side in (("lowest", 1), ("highest", -1)):
        height = side * place[:, 1]
        if min(height[0], height[-1]) > height.min() + SAME:
            x, y = points[_first(height)]
            found.append(f"{word} {frame.y.number(y)} at x = {frame.x.number(x)}")
    return found


def _bends(place: np.ndarray) -> list[str]:
    """Return how often a track turns back, for each direction in which it does."""
    turns = [(name, _turns(values)) for name, values in zip("xy", place.T, strict=True)]
    often = {1: "once", 2: "twice"}
    return [f"{name} turns back {often.get(count, f'{count} times')}" for name, count in turns if count]


def _turns(values: np.ndarray) -> int:
    """Return how often a sequence visibly changes between growing and shrinking."""
    turns, direction, extreme = 0, 0, values[0]
    for value in values.tolist():
        step = value - extreme
        if step * direction > 0:
            extreme = value
        elif abs(step) > VISIBLE:
            turns += direction != 0
            direction, extreme = math.copysign(1, step), value
    return turns


def _outside(place: np.ndarray) -> str:
    """Return how many points lie outside the view."""
    count = int(((place < -SAME) | (place > 1 + SAME)).any(axis=1).sum())
    return f", {count} of them outside the view" if count else ""


def _lost(finite: np.ndarray) -> str:
    """Return how many of some values are not finite, given which ones are."""
    lost = int(finite.size - finite.sum())
    return f", {lost if finite.any() else 'none'} of them {'not ' if finite.any() else ''}finite" if lost else ""


def _cloud(artist: Collection, frame: _Frame) -> str:
    """Return where points without an order lie."""
    points, in_data = _points(artist), _in_data(artist)
    finite = _finite(points)
    count = f"{_counted(len(points), 'point')}{_lost(np.isfinite(points).all(axis=1))}"
    told = _listing(finite, lambda point: frame.point(point, in_data))
    if len(finite) <= MOST or not all(in_data):
        return f"{count}{told}"
    return f"{count}{_outside(frame.place(finite))} within {frame.box(finite)}{told}; {frame.mean(finite)}"


def _outline(corners: np.ndarray, frame: _Frame, in_data: tuple[bool, bool]) -> str:
    """Return where an outline runs: its ranges, and its corners if it is no upright rectangle."""
    if not len(corners):
        return "no corners"
    if not all(in_data) or _is_upright(corners):
        return frame.box(corners, in_data)
    corners = corners[: len(corners) - np.array_equal(corners[0], corners[-1])]
    mean = f"; {frame.mean(corners)}" if len(corners) > MOST else ""
    return f"{frame.box(corners)}; {_counted(len(corners), 'corner')}{_listing(corners, frame.point)}{mean}"


def _is_upright(corners: np.ndarray) -> bool:
    """Return whether the corners of an outline are the four of its box, as in a rectangle that is not turned."""
    return len(corners) > 0 and {*map(tuple, corners)} == {*product(*((v.min(), v.max()) for v in corners.T))}


def _bars(bars: BarContainer, frame: _Frame) -> str:
    """Return the bars of one call: each one's length and place."""
    upright = bars.orientation != "horizontal"
    along, up = (frame.x, frame.y) if upright else (frame.y, frame.x)
    rows = np.array([(b.get_x(), b.get_width(), b.get_y(), b.get_height()) for b in bars], dtype=float)
    start, width, base, length = rows.T if upright else rows[:, [2, 3, 0, 1]].T
    middle = start + width / 2

    def tell(i: int) -> str:
        low = f"{up.number(base[i])} to " if up.number(base[i]) != "0" else ""
        return f"{low}{up.number(base[i] + length[i])} at {along.name} = {along.number(middle[i])}"

    listed = _listing(range(len(bars)), tell)
    mean = f"; mean length {up.number(length.mean())}" if len(bars) > MOST else ""
    return f"{frame.name('Bars', bars[0])}, {_counted(len(bars), 'bar')} {_number(width.min())} wide{listed}{mean}"


def _levels(levels: np.ndarray) -> str:
    """Return the levels of contours: the rule if there are many and they follow one, else each."""
    numbers, count = _level_numbers(levels), _counted(len(levels), "level")
    if len(levels) > MOST:
        steps, ends = np.diff(levels), f"{count} from {numbers[0]} to {numbers[-1]}"
        if np.allclose(steps, steps[0], rtol=1e-6, atol=0):
            return f"{ends} in steps of {_number(steps[0])}"
        if levels[0] > 0 and np.allclose(ratios := levels[1:] / levels[:-1], ratios[0], rtol=1e-6, atol=0):
            return f"{ends}, each {_number(ratios[0])} times the one before"
    return f"{count}, {', '.join(numbers)}"


def _level_numbers(levels: np.ndarray) -> list[str]:
    """Return the levels of contours in digits, to what tells neighbours apart."""
    gap = np.diff(levels).min() if len(levels) > 1 else 1.0
    return [_number(level, 9 - _decade(gap)) for level in levels]


def _colours(artist: Collection) -> str:
    """Return the values behind an artist's colours, if there are any."""
    if artist.get_array() is None:
        return ""
    values = _floats(artist.get_array()).ravel()
    finite, number = values[np.isfinite(values)], _scaled(values)
    told = "; colours stand for"
    if len(values) <= MOST:
        return f"{told} the values {', '.join(map(number, values))}"
    if not len(finite):
        return f"{told} values of which none is finite"
    return f"{told} values from {number(finite.min())} to {number(finite.max())}, mean {number(finite.mean())}"


def _centres(image: AxesImage | QuadMesh, shape: tuple[int, int]) -> np.ndarray:
    """Return the positions of an image's cells, shape (rows, columns, 2)."""
    rows, columns = shape
    if isinstance(image, QuadMesh):
        corners = np.ma.filled(image.get_coordinates(), np.nan)
        if corners.shape[:2] == (rows, columns):
            return corners
        return (corners[:-1, :-1] + corners[1:, :-1] + corners[:-1, 1:] + corners[1:, 1:]) / 4
    left, right, bottom, top = image.get_extent()
    x = left + (np.arange(columns) + 0.5) / columns * (right - left)
    y = bottom + (np.arange(rows) + 0.5) / rows * (top - bottom)
    return np.dstack(np.meshgrid(x, y if image.origin == "lower" else y[::-1]))


def _first(values: np.ndarray) -> int:
    """Return the index of the least value: the first, where several differ by rounding only."""
    least, most = np.nanmin(values), np.nanmax(values)
    return int(np.flatnonzero(values <= least + SAME * (most - least))[0])


# ---- the short form --------------------------------------------------------------------------------------------------


def _headline(frame: _Frame) -> str:
    """Return the title of an Axes and what its axes are, "" if it has neither."""
    x, y = (axis.label + " (log scale)" * (axis.scale == "log") * bool(axis.label) for axis in frame.axes[:2])
    return ": ".join(filter(None, (frame.title, " against ".join(filter(None, (y, x))))))


def _trends(frame: _Frame) -> Iterator[str]:
    """Yield a few words on what is drawn in an Axes: the trend of each line, the label and kind of everything else."""
    for group in _groups([artist for artist in _content(frame.ax) if _carries_data(artist)], frame):
        first, count = group[0], len(group)
        if isinstance(first, Line2D) and count <= MOST and frame.flat:
            yield from (_trend(line, frame) for line in group if all(_in_data(line)) and len(_finite(_points(line))))
            continue
        kind = "bar" if _bars_with(first) else _kind(first)
        kind, label = (f"{count} {kind}s" if count > 1 else kind), frame.labels.get(id(first))
        yield f"{label} ({kind})" if label else kind.capitalize()


def _trend(line: Line2D, frame: _Frame) -> str:
    """Return what a line does, in a few words."""
    name, points = frame.labels.get(id(line), ""), _finite(_points(line))
    place = frame.place(points)
    rise, turns = place[-1, 1] - place[0, 1], _turns(place[:, 1])
    first, last, least, most = (points[i] for i in (0, -1, _first(place[:, 1]), _first(-place[:, 1])))
    start, end = (f"({frame.x.number(x, 3)}, {frame.y.number(y, 3)})" for x, y in (first, last))
    begin, finish, low, high = (frame.y.number(y, 3) for _, y in (first, last, least, most))
    if len(points) == 1:
        return f"{name or 'A point'} at {start}"
    if not _is_function(place):
        way = f"goes from {start} to {end}"
    elif turns > 1:
        way = f"swings between {low} and {high}, ends at {finish}"
    elif turns == 1:
        valley = place[:, 1].min() < min(place[0, 1], place[-1, 1]) - VISIBLE
        way = f"falls to {low}, rises to {finish}" if valley else f"rises to {high}, falls to {finish}"
    elif abs(rise) <= VISIBLE:
        way = f"stays at {finish}"
    else:
        way = f"{'rises' if rise > 0 else 'falls'} from {begin} to {finish}"
    return f"{name or 'A line'} {way}"


def _fit(sentences: list[str], words: int) -> str:
    """Return as many sentences, from the first, as fit, and how many there are more."""
    ended = [sentence if sentence.endswith((".", "?", "!")) else f"{sentence}." for sentence in sentences]
    for count in range(len(ended), 0, -1):
        text = " ".join(ended[:count] + [f"And {len(ended) - count} more."] * (count < len(ended)))
        if len(text.split()) <= words:
            return text
    return " ".join(ended[0].split()[:words]) + "…"


# ---- numbers and text ------------------------------------------------------------------------------------------------


def _number(value: float, places: int | None = None, digits: int = 6) -> str:
    """Return a number in digits: at most `places` decimal ones and `digits` significant ones; never −0."""
    # Rounding to 12 digits first makes a tie, such as 1/512 = 0.001953125, fall the same way whatever its last bits.
    value = float(f"{value:.12g}")
    value = value if places is None else round(value, places)
    return f"{float(f'{value:.{digits}g}') + 0.0:.6g}"


def _scaled(values: np.ndarray) -> Callable[[float], str]:
    """Return `_number` for values of this size: what is rounding error beside the greatest reads 0."""
    finite = np.abs(values[np.isfinite(values)])
    return partial(_number, places=9 - _decade(finite.max(initial=0.0)))


def _range(values: Sequence[float]) -> str:
    """Return the first and the last of some values in words."""
    number = _scaled(np.asarray(values, dtype=float))
    return f"{number(values[0])} to {number(values[-1])}"


def _decade(size: float) -> int:
    """Return the power of ten of a size, 0 of 0; a size that misses a power by rounding counts as that power."""
    return math.floor(math.log10(min(max(size, 1e-290), 1e290)) + SAME) if size else 0


def _finite(points: np.ndarray) -> np.ndarray:
    """Return the points both of whose coordinates are finite."""
    return points[np.isfinite(points).all(axis=1)]


def _floats(values: np.ndarray) -> np.ndarray:
    """Return values as plain floats, NaN where they are masked."""
    return np.ma.filled(np.ma.asarray(values).astype(float), np.nan)


def _sample(items: Sequence, most: int = MOST) -> list:
    """Return all items, or as many as allowed at even distances, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[(len(items) - 1) * i // (most - 1)] for i in range(most)]


def _listing(items: Sequence, tell: Callable) -> str:
    """Return items in words, ": a, b, c", or a sample if there are many, ", such as a, d, g"."""
    told = ", ".join(map(tell, _sample(items)))
    return (", such as " if len(items) > MOST else ": ") + told if told else ""


def _counted(count: int, noun: str) -> str:
    """Return a number of things, such as "1 point" or "2 points"."""
    return f"{count or 'no'} {noun}{'s' * (count != 1)}"


def _quoted(text: str) -> str:
    """Return a text in quotation marks."""
    return f"“{_plain(text)}”"


# TeX's names, each with the letter it stands for; those that only choose a font stand for nothing.
_LETTERS = {
    name[:-1]: name[-1].strip("-")
    for name in re.findall(
        r"\S+",
        """alphaα betaβ gammaγ deltaδ epsilonε varepsilonε zetaζ etaη thetaθ iotaι kappaκ lambdaλ muμ nuν xiξ piπ rhoρ
        sigmaσ tauτ upsilonυ phiφ varphiφ chiχ psiψ omegaω GammaΓ DeltaΔ ThetaΘ LambdaΛ XiΞ PiΠ SigmaΣ PhiΦ PsiΨ OmegaΩ
        nabla∇ partial∂ cdot· times× pm± leq≤ le≤ geq≥ ge≥ neq≠ approx≈ propto∝ infty∞ to→ rightarrow→ leftarrow← sum∑
        sqrt√ in∈ ellℓ Vert‖ star* top⊤ ldots… dots… mathrm- mathbf- mathit- mathcal- mathdefault- left- right-""",
    )
}
_RAISED = dict(zip("0123456789+-−=()ijknT⊤*′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱʲᵏⁿᵀᵀ*′", strict=True))
_LOWERED = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))


def _plain(text: str) -> str:
    r"""Return text on one line, with mathematics between dollar signs in plain letters: "$\eta_1$" is "η₁"."""
    text = re.sub(r"(?<!\\)\$(.+?)(?<!\\)\$", lambda found: _plain_mathematics(found[1]), str(text), flags=re.DOTALL)
    return " ".join(text.replace(r"\$", "$").split())


def _plain_mathematics(tex: str) -> str:
    """Return TeX in plain letters as far as there are any; the rest keeps _, ^ and the names of its commands."""
    tex = re.sub(r"\\[,;:! ]", " ", tex).replace(r"\|", "‖")
    tex = re.sub(r"\\(?!frac|hat|bar)([A-Za-z]+)", lambda name: _LETTERS.get(name[1], name[1]), tex)
    tex = re.sub(r"([∇∂√]) +", r"\1", tex)
    tex = re.sub(r"([_^])(?:\{([^{}]*)\}|([^{}\\]))", lambda found: _script(found[1], found[2] or found[3] or ""), tex)
    tex = re.sub(r"\\hat ?\{?(\w)\}?", "\\1\N{COMBINING CIRCUMFLEX ACCENT}", tex)
    tex = re.sub(r"\\bar ?\{?(\w)\}?", "\\1\N{COMBINING MACRON}", tex)
    tex = re.sub(r"\\frac ?\{([^{}]*)\}\{([^{}]*)\}", lambda f: f"{_bracketed(f[1])}/{_bracketed(f[2])}", tex)
    return unicodedata.normalize("NFC", re.sub(r"[{}\\]", "", tex))


def _script(mark: str, text: str) -> str:
    """Return a subscript or superscript in small letters, if there are such letters for all of it."""
    letters = _LOWERED if mark == "_" else _RAISED
    return "".join(letters[c] for c in text) if all(c in letters for c in text) else mark + _bracketed(text)


def _bracketed(text: str) -> str:
    """Return text in brackets, unless it is one thing."""
    return f"({text})" if re.search(r"[\s+\-−=·×/,]", text.strip()) else text.strip()
