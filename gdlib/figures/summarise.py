"""A figure in a few words: its short form, for a screen reader."""

from collections.abc import Iterator

from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D

from gdlib.figures._artists import bars_with, content_of, finite_points, groups, is_drawn, kind_of, on_axes, points_of
from gdlib.figures._frame import Frame
from gdlib.figures._phrases import VISIBLE, count_turns, index_of_least, is_function
from gdlib.figures._text import MOST, counted
from gdlib.figures.describe import all_axes, is_colour_bar, loose_texts


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
    frames = [Frame.of(ax) for ax in all_axes(figure) if not is_colour_bar(ax)]
    heads = [*loose_texts(figure), *filter(None, map(_headline, frames))]
    heads = heads or [f"{counted(len(frames), 'plot')} without title" if frames else "An empty figure"]
    return _fit(heads + [trend for frame in frames for trend in _trends(frame)], words)


def _headline(frame: Frame) -> str:
    """Return the title of an Axes and what its axes are, "" if it has neither."""
    x, y = (axis.label + " (log scale)" * (axis.scale == "log") * bool(axis.label) for axis in frame.axes[:2])
    return ": ".join(filter(None, (frame.title, " against ".join(filter(None, (y, x))))))


def _trends(frame: Frame) -> Iterator[str]:
    """Yield a few words on what is drawn in an Axes: the trend of each line, the label and kind of everything else."""
    for group in groups([artist for artist in content_of(frame.ax) if is_drawn(artist)], frame.labels):
        first, count = group[0], len(group)
        if isinstance(first, Line2D) and count <= MOST and frame.flat:
            lines = (line for line in group if all(on_axes(line)) and len(finite_points(points_of(line))))
            yield from (_trend(line, frame) for line in lines)
            continue
        kind = "bar" if bars_with(first) else kind_of(first)
        kind, label = (f"{count} {kind}s" if count > 1 else kind), frame.labels.get(id(first))
        yield f"{label} ({kind})" if label else kind.capitalize()


def _trend(line: Line2D, frame: Frame) -> str:
    """Return what a line does, in a few words."""
    name, points = frame.labels.get(id(line), ""), finite_points(points_of(line))
    place = frame.place(points)
    rise, turns = place[-1, 1] - place[0, 1], count_turns(place[:, 1])
    first, last, least, most = (points[i] for i in (0, -1, index_of_least(place[:, 1]), index_of_least(-place[:, 1])))
    start, end = (f"({frame.x.number(x, 3)}, {frame.y.number(y, 3)})" for x, y in (first, last))
    begin, finish, low, high = (frame.y.number(y, 3) for _, y in (first, last, least, most))
    if len(points) == 1:
        return f"{name or 'A point'} at {start}"
    if name and not is_function(place) and line.get_linestyle() in ("None", " ", ""):
        (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
        span = f"x from {frame.x.number(left, 3)} to {frame.x.number(right, 3)}, y from {frame.y.number(low, 3)}"
        return f"{name}: {len(points)} points, {span} to {frame.y.number(high, 3)}"
    if not is_function(place):
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
