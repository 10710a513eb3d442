"""One artist, or a group of them, in a sentence."""

from functools import singledispatch

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection, LineCollection, PathCollection, QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import AxLine, Line2D
from matplotlib.patches import Ellipse, FancyArrowPatch, Patch
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation, Text
from matplotlib.transforms import IdentityTransform, Transform

from gdlib.figures import _phrases as phrases
from gdlib.figures._artists import as_floats, bars_with, cell_centres, finite_points, kind_of, on_axes, points_of
from gdlib.figures._frame import Frame
from gdlib.figures._text import MOST, counted, digits_for, in_digits, listing, plain_text, quoted, sample


def tell_group(group: list[Artist], frame: Frame) -> list[str]:
    """Return the lines on a group of artists: many are counted and ranged, those in three dimensions only named."""
    first = group[0]
    if not frame.flat:
        return [frame.name(artist) for artist in group]
    if bars := bars_with(first):
        return [phrases.bars(bars, frame)]
    if len(group) > MOST and all(all(on_axes(artist)) for artist in group):
        points = finite_points(np.concatenate([points_of(artist) for artist in group]))
        if len(points):
            return [f"{len(group)} {kind_of(first)}s without label, within {frame.box(points)}; {frame.mean(points)}"]
    return [tell(artist, frame) for artist in group]


@singledispatch
def tell(artist: Artist, frame: Frame) -> str:
    """Return one artist in words, "" if there is nothing to tell; each kind of artist is registered below."""
    return frame.name(artist)


@tell.register
def _(line: Line2D, frame: Frame) -> str:
    styles = {"--": "Dashed line", ":": "Dotted line", "-.": "Dash-dotted line", "None": "Points"}
    name = frame.name(line, styles.get(line.get_linestyle(), ""))
    points, in_data = points_of(line), on_axes(line)
    if all(in_data):
        return f"{name}: {phrases.track(points, frame)}"
    finite = finite_points(points)
    if not len(finite):
        return f"{name}: no points"
    if any(in_data) and np.ptp(across := finite[:, in_data.index(True)]) == 0:
        axis, direction = (frame.x, "vertical") if in_data[0] else (frame.y, "horizontal")
        return f"{name}: {direction}, at {axis.name} = {axis.number(across[0])}"
    return f"{name}: {frame.box(finite, in_data)}"


@tell.register
def _(line: AxLine, frame: Frame) -> str:
    slope = line.get_slope()
    direction = f"and {frame.point(line.get_xy2())}" if slope is None else f"with slope {in_digits(slope)}"
    return f"{frame.name(line)}: straight and without end, through {frame.point(line.get_xy1())} {direction}"


@tell.register
def _(scatter: PathCollection, frame: Frame) -> str:
    return f"{frame.name(scatter)} of {phrases.cloud(scatter, frame)}{phrases.colours(scatter)}"


@tell.register
def _(contours: ContourSet, frame: Frame) -> str:
    kind = "Filled contours" if contours.filled else "Contour lines"
    ends = [contours.zmin, contours.zmax] if hasattr(contours, "zmin") else []
    surface = f" of a surface from {' to '.join(map(digits_for(np.array(ends, dtype=float)), ends))}" if ends else ""
    told = f"{frame.name(contours, kind)}{surface}: {phrases.levels(contours.levels)}"
    # A label cuts its line at a place that depends on fonts: what remains is no property of the surface.
    if getattr(contours, "labelTexts", None):
        return told
    paths = [finite_points(path.vertices) for path in contours.get_paths()]
    layers = [f"layer {i + 1}" for i in range(len(paths))]
    extents = list(zip(layers if contours.filled else phrases.level_numbers(contours.levels), paths, strict=True))
    return told + "".join(f"; {name} within {frame.box(p)}" for name, p in sample(extents, 5) if len(p))


@tell.register
def _(image: AxesImage | QuadMesh, frame: Frame) -> str:
    values, over = as_floats(image.get_array()), frame.box(points_of(image), on_axes(image))
    size = f"{frame.name(image)}: {values.shape[0]} rows by {values.shape[1]} columns over {over}"
    if values.ndim == 3:
        return f"{size}, in colours of its own; mean {in_digits(np.nanmean(values))}"
    if not np.isfinite(values).any():
        return f"{size}; no finite value"
    centres, number = cell_centres(image, values.shape), digits_for(values)
    least, most = (np.unravel_index(phrases.index_of_least(side * values.ravel()), values.shape) for side in (1, -1))
    low = f"lowest {number(values[least])} at {frame.point(centres[least])}"
    high = f"highest {number(values[most])} at {frame.point(centres[most])}"
    return f"{size}; {low}, {high}, mean {number(np.nanmean(values))}{phrases.not_finite(np.isfinite(values))}"


@tell.register
def _(bundle: LineCollection, frame: Frame) -> str:
    in_data = on_axes(bundle)
    lines = [line for segment in bundle.get_segments() if len(line := finite_points(np.asarray(segment, dtype=float)))]
    all_told = len(lines) <= MOST and all(len(line) <= 2 for line in lines)
    mean = f"; {frame.mean(np.concatenate(lines))}" if all(in_data) and not all_told else ""

    def ends(line: np.ndarray) -> str:
        return f"{frame.point(line[0])} to {frame.point(line[-1])}" if all(in_data) else frame.box(line, in_data)

    return f"{frame.name(bundle)} of {counted(len(lines), 'line')}{listing(lines, ends)}{mean}"


@tell.register
def _(field: Quiver, frame: Frame) -> str:
    points, arrows = points_of(field), np.column_stack([as_floats(field.U).ravel(), as_floats(field.V).ravel()])
    number = digits_for(arrows)
    pairs = list(zip(points, arrows, strict=True))
    told = listing(pairs, lambda pair: f"({number(pair[1][0])}, {number(pair[1][1])}) at {frame.point(pair[0])}")
    mean = f"; mean arrow ({', '.join(map(number, np.nanmean(arrows, axis=0)))})" if len(arrows) > MOST else ""
    return f"{frame.name(field)} of {counted(len(arrows), 'arrow')}{told}{mean}"


@tell.register
def _(region: Collection, frame: Frame) -> str:
    name, in_data = frame.name(region), on_axes(region)
    if not isinstance(region.get_offset_transform(), IdentityTransform):
        return f"{name} of {phrases.cloud(region, frame)}{phrases.colours(region)}"
    parts = [corners for path in region.get_paths() if len(corners := finite_points(path.vertices))]
    if len(parts) == 1:
        return f"{name}: {phrases.outline(parts[0], frame, in_data)}{phrases.colours(region)}"
    told = listing(parts, lambda part: frame.box(part, in_data))
    return f"{name} of {counted(len(parts), 'part')}{told}{phrases.colours(region)}"


@tell.register
def _(patch: Patch, frame: Frame) -> str:
    return f"{frame.name(patch)}: {phrases.outline(finite_points(points_of(patch)), frame, on_axes(patch))}"


@tell.register
def _(ellipse: Ellipse, frame: Frame) -> str:
    centre = frame.point(ellipse.get_center(), on_axes(ellipse))
    size = f"{in_digits(ellipse.width)} wide, {in_digits(ellipse.height)} high"
    turned = f", turned by {in_digits(ellipse.angle)} degrees" if ellipse.angle else ""
    return f"{frame.name(ellipse)}: centre {centre}, {size}{turned}"


@tell.register
def _(arrow: FancyArrowPatch, frame: Frame) -> str:
    ends = [frame.point(end, on_axes(arrow)) for end in points_of(arrow)]
    return frame.name(arrow) + (f" from {ends[0]} to {ends[1]}" if ends else "")


@tell.register
def _(text: Text, frame: Frame) -> str:
    where = frame.point(text.get_unitless_position(), on_axes(text))
    return f"Text {quoted(plain_text(text.get_text()))} at {where}" if text.get_text() else ""


@tell.register
def _(note: Annotation, frame: Frame) -> str:
    text = f"Text {quoted(plain_text(note.get_text()))}" if note.get_text() else ""
    target, written = _spot(note.xy, note.xycoords, frame), _spot(note.xyann, note.anncoords, frame)
    if note.arrowprops is None:
        return f"{text} at {written or target or 'a place on the page'}" if text else ""
    start = f" {'at' if text else 'from'} {written}" if written else ""
    return f"{text or 'Arrow'}{start}{', with an arrow' * bool(text)} to {target or 'a place on the page'}"


def _spot(point: tuple, coordinates: object, frame: Frame) -> str:
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


@tell.register
def _(legend: Legend, frame: Frame) -> str:
    # The labels are told with what they label; only a legend that says something else is told by itself.
    entries = {plain_text(text.get_text()) for text in legend.get_texts()}
    same = entries == set(frame.labels.values()) and not legend.get_title().get_text()
    return "" if same else f"Legend: {tell_entries(legend)}"


def tell_entries(legend: Legend) -> str:
    """Return the title and the entries of a legend."""
    title = plain_text(legend.get_title().get_text())
    entries = ", ".join(quoted(plain_text(text.get_text())) for text in legend.get_texts())
    return f"{quoted(title)}: {entries}" if title else entries
