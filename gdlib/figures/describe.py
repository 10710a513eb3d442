"""A figure in words, computed from its own artists.

The words are at once what a person who cannot see the picture reads, and what the notebook check compares. So they must
change when the picture tells something else, and must not change with the platform or the version of matplotlib. Hence
three rules: nothing is said that depends on layout or pixels; every number is rounded so that the last bits of a
floating-point result never show; and an axis that scales itself is given the range of its data, without the margins,
which differ between versions.
"""

from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from gdlib.figures._artists import content_of, groups, is_drawn
from gdlib.figures._frame import Coordinate, Frame
from gdlib.figures._sentences import tell_entries, tell_group
from gdlib.figures._text import plain_text, quoted


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
    axes = all_axes(figure)
    texts = loose_texts(figure)
    if not axes and not texts:
        return "An empty figure."
    lines = [f"Figure with {len(axes)} Axes."] if len(axes) != 1 else []
    lines += [f"Text on the figure: {quoted(text)}." for text in texts]
    for number, ax in enumerate(axes, start=1):
        parent = next((n for n, outer in enumerate(axes, start=1) if ax in outer.child_axes), None)
        inset = f" (inset in Axes {parent})" if parent else ""
        lines += _axes_lines(ax, f"Axes {number}{inset}" if len(axes) > 1 else "Axes")
    lines += [f"Legend of the figure: {tell_entries(legend)}." for part in _parts(figure) for legend in part.legends]
    return "\n".join(lines)


def all_axes(figure: FigureBase) -> list[Axes]:
    """Return the visible Axes of a figure, each followed by its insets."""
    if not isinstance(figure, FigureBase):
        raise TypeError(f"figure must be a matplotlib Figure, got {type(figure).__name__}: {figure!r}")
    return [ax for parent in figure.axes for ax in (parent, *parent.child_axes) if ax.get_visible()]


def _parts(figure: FigureBase) -> list[FigureBase]:
    """Return a figure and its subfigures."""
    return [figure, *(part for subfigure in figure.subfigs for part in _parts(subfigure))]


def loose_texts(figure: FigureBase) -> list[str]:
    """Return the texts that belong to the figure rather than to one Axes, such as its title."""
    texts = [text for part in _parts(figure) for text in part.texts]
    return [plain_text(text.get_text()) for text in texts if text.get_visible() and text.get_text()]


def is_colour_bar(ax: Axes) -> bool:
    """Return whether these Axes are a colour bar, which matplotlib marks by a label."""
    return ax.get_label() == "<colorbar>"


def _axes_lines(ax: Axes, name: str) -> list[str]:
    """Return a line on the Axes itself, then one for each thing drawn in it."""
    frame = Frame.of(ax)
    head = f"{name} {quoted(frame.title)}:" if frame.title else f"{name}:"
    if is_colour_bar(ax):
        return [f"{head} colour bar {_long_side(frame).words}."]
    content = content_of(ax)
    bare = not any(is_drawn(artist) for artist in content)
    axes = ", ".join(f"{axis.name} {axis.words}" for axis in frame.axes)
    lines = [line for group in groups(content, frame.labels) for line in tell_group(group, frame)]
    return [f"{head} {axes}." + " It is empty." * bare, *(f"{line}." for line in lines if line)]


def _long_side(bar: Frame) -> Coordinate:
    """Return the axis of a colour bar that has the numbers; the other has no label and runs from 0 to 1."""
    return bar.x if bar.x.label or (bar.x.low, bar.x.high) != (0, 1) else bar.y
