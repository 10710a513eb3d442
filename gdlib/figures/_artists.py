"""The artists in an Axes: which there are, which go together, what each is, and the points it is drawn through."""

from collections.abc import Iterator
from functools import singledispatch
from itertools import groupby, product

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, LineCollection, PathCollection, QuadMesh
from matplotlib.container import BarContainer
from matplotlib.contour import ContourSet
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, ConnectionPatch, Ellipse, FancyArrow, FancyArrowPatch, Patch
from matplotlib.path import Path
from matplotlib.quiver import Quiver
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from gdlib.figures._text import plain_text


def content_of(ax: Axes) -> list[Artist]:
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


def is_drawn(artist: Artist) -> bool:
    """Return whether something is drawn, not only written."""
    return not isinstance(artist, Text | Legend)


def groups(artists: list[Artist], labels: dict[int, str]) -> Iterator[list[Artist]]:
    """Yield the artists in groups that are told together: the bars of one call, and unlabelled ones of one kind."""

    def together(artist: Artist) -> object:
        alone = id(artist) in labels or not is_drawn(artist)
        return id(bars) if (bars := bars_with(artist)) else id(artist) if alone else type(artist)

    for _, group in groupby(artists, key=together):
        yield list(group)


def bars_with(artist: Artist) -> BarContainer | None:
    """Return the bars among which an artist is, None if it is no bar."""
    return next((box for box in artist.axes.containers if isinstance(box, BarContainer) and artist in box), None)


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


def kind_of(artist: Artist) -> str:
    """Return a plain word for what an artist is."""
    word = next((word for kind, word in _KINDS.items() if isinstance(artist, kind)), type(artist).__name__)
    if word != "shape":
        return word
    # The class of a patch will not do: a band is a Polygon until matplotlib 3.8, a Rectangle since.
    corners = finite_points(points_of(artist))
    return "band" if sum(on_axes(artist)) == 1 else "rectangle" if is_upright(corners) else word


def label_of(artist: Artist) -> str:
    """Return the label of an artist, "" if it has none: matplotlib's own begin with an underscore."""
    label = artist.get_label()
    return "" if not isinstance(label, str) or label.startswith("_") else plain_text(label)


def on_axes(artist: Artist) -> tuple[bool, bool]:
    """Return whether an artist's x and y are positions on the axes, rather than parts of their lengths or the page."""
    transforms = [artist.get_transform()] + ([artist.get_offset_transform()] if isinstance(artist, Collection) else [])
    x, y = zip(*(t.contains_branch_seperately(artist.axes.transData) for t in transforms), strict=True)
    return any(x), any(y)


@singledispatch
def points_of(artist: Artist) -> np.ndarray:
    """Return the points that an artist is drawn through, as positions on the axes, shape (n, 2)."""
    return np.empty((0, 2))


@points_of.register
def _(line: Line2D) -> np.ndarray:
    return line.get_xydata()


@points_of.register
def _(patch: Patch) -> np.ndarray:
    path = patch.get_patch_transform().transform_path(patch.get_path())
    # The control points of a curve lie off it: its box tells more.
    curved = path.codes is not None and np.isin(path.codes, (Path.CURVE3, Path.CURVE4)).any()
    return path.get_extents().corners() if curved else path.vertices


@points_of.register
def _(patch: FancyArrowPatch) -> np.ndarray:
    # Its path is shaped in pixels; only its ends are positions.
    ends = getattr(patch, "_posA_posB", None)
    return np.empty((0, 2)) if ends is None else np.array(ends, dtype=float)


@points_of.register
def _(collection: Collection) -> np.ndarray:
    if isinstance(collection.get_offset_transform(), IdentityTransform):
        return np.concatenate([*(path.vertices for path in collection.get_paths()), np.empty((0, 2))])
    return np.ma.filled(np.ma.asarray(collection.get_offsets(), dtype=float), np.nan)


@points_of.register
def _(image: AxesImage) -> np.ndarray:
    left, right, bottom, top = image.get_extent()
    return np.array([(left, bottom), (right, top)], dtype=float)


@points_of.register
def _(mesh: QuadMesh) -> np.ndarray:
    return np.ma.filled(mesh.get_coordinates(), np.nan).reshape(-1, 2)


def finite_points(points: np.ndarray) -> np.ndarray:
    """Return the points both of whose coordinates are finite."""
    return points[np.isfinite(points).all(axis=1)]


def as_floats(values: np.ndarray) -> np.ndarray:
    """Return values as plain floats, NaN where they are masked."""
    return np.ma.filled(np.ma.asarray(values).astype(float), np.nan)


def cell_centres(image: AxesImage | QuadMesh, shape: tuple[int, int]) -> np.ndarray:
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


def is_upright(corners: np.ndarray) -> bool:
    """Return whether the corners of an outline are the four of its box, as in a rectangle that is not turned."""
    return len(corners) > 0 and {*map(tuple, corners)} == {*product(*((v.min(), v.max()) for v in corners.T))}
