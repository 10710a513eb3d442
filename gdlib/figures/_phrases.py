"""The parts of a sentence: tracks, clouds, outlines, bars, levels and colours in words."""

import math

import numpy as np
from matplotlib.collections import Collection
from matplotlib.container import BarContainer

from gdlib.figures._artists import as_floats, finite_points, is_upright, on_axes, points_of
from gdlib.figures._frame import Frame
from gdlib.figures._text import MOST, SAME, counted, decade, digits_for, in_digits, listing, sample

VISIBLE = 1e-3  # a bend smaller than this part of an axis cannot be seen


def track(points: np.ndarray, frame: Frame) -> str:
    """Return where a sequence of points goes: its ends, points on the way, extremes, turns and mean."""
    finite = finite_points(points)
    count = f"{counted(len(points), 'point')}{not_finite(np.isfinite(points).all(axis=1))}"
    if not len(finite):
        return count
    place = frame.place(finite)
    first, *way = map(frame.point, sample(finite))
    sentence = f"{count}{_outside(place)}, {'from' if way else 'at'} {first}"
    if way:
        *way, last = way
        sentence += f" {_direction(place)} {last}"
    told = [f"passing {', '.join(way)}"] * bool(way) + _extremes(finite, place, frame) + _bends(place)
    return "; ".join([sentence, *told] + [frame.mean(finite)] * (len(finite) > MOST))


def _direction(place: np.ndarray) -> str:
    """Return the words between the first and the last point of a track."""
    rise = place[-1, 1] - place[0, 1]
    if not is_function(place):
        return "to"
    return "across to" if abs(rise) <= SAME else "up to" if rise > 0 else "down to"


def is_function(place: np.ndarray) -> bool:
    """Return whether a track goes in one direction along x, as the graph of a function does."""
    steps = np.diff(place[:, 0])
    return bool((steps >= -SAME).all() or (steps <= SAME).all())


def _extremes(points: np.ndarray, place: np.ndarray, frame: Frame) -> list[str]:
    """Return the lowest and highest point of a graph unless they are ends, and the ranges of a path in the plane."""
    if not is_function(place):
        return [f"within {frame.box(points)}"]
    found = []
    for word, side in (("lowest", 1), ("highest", -1)):
        height = side * place[:, 1]
        if min(height[0], height[-1]) > height.min() + SAME:
            x, y = points[index_of_least(height)]
            found.append(f"{word} {frame.y.number(y)} at x = {frame.x.number(x)}")
    return found


def index_of_least(values: np.ndarray) -> int:
    """Return the index of the least value: the first, where several differ by rounding only."""
    least, most = np.nanmin(values), np.nanmax(values)
    return int(np.flatnonzero(values <= least + SAME * (most - least))[0])


def _bends(place: np.ndarray) -> list[str]:
    """Return how often a track turns back, for each direction in which it does."""
    turns = [(name, count_turns(values)) for name, values in zip("xy", place.T, strict=True)]
    often = {1: "once", 2: "twice"}
    return [f"{name} turns back {often.get(count, f'{count} times')}" for name, count in turns if count]


def count_turns(values: np.ndarray) -> int:
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


def not_finite(finite: np.ndarray) -> str:
    """Return how many of some values are not finite, given which ones are."""
    lost = int(finite.size - finite.sum())
    return f", {lost if finite.any() else 'none'} of them {'not ' if finite.any() else ''}finite" if lost else ""


def cloud(artist: Collection, frame: Frame) -> str:
    """Return where points without an order lie."""
    points, in_data = points_of(artist), on_axes(artist)
    finite = finite_points(points)
    count = f"{counted(len(points), 'point')}{not_finite(np.isfinite(points).all(axis=1))}"
    told = listing(finite, lambda point: frame.point(point, in_data))
    if len(finite) <= MOST or not all(in_data):
        return f"{count}{told}"
    return f"{count}{_outside(frame.place(finite))} within {frame.box(finite)}{told}; {frame.mean(finite)}"


def outline(corners: np.ndarray, frame: Frame, in_data: tuple[bool, bool]) -> str:
    """Return where an outline runs: its ranges, and its corners if it is no upright rectangle."""
    if not len(corners):
        return "no corners"
    if not all(in_data) or is_upright(corners):
        return frame.box(corners, in_data)
    corners = corners[: len(corners) - np.array_equal(corners[0], corners[-1])]
    mean = f"; {frame.mean(corners)}" if len(corners) > MOST else ""
    return f"{frame.box(corners)}; {counted(len(corners), 'corner')}{listing(corners, frame.point)}{mean}"


def bars(group: BarContainer, frame: Frame) -> str:
    """Return the bars of one call: each one's length and place."""
    upright = group.orientation != "horizontal"
    along, up = (frame.x, frame.y) if upright else (frame.y, frame.x)
    rows = np.array([(b.get_x(), b.get_width(), b.get_y(), b.get_height()) for b in group], dtype=float)
    start, width, base, length = rows.T if upright else rows[:, [2, 3, 0, 1]].T
    middle = start + width / 2

    def tell(i: int) -> str:
        low = f"{up.number(base[i])} to " if up.number(base[i]) != "0" else ""
        return f"{low}{up.number(base[i] + length[i])} at {along.name} = {along.number(middle[i])}"

    listed = listing(range(len(group)), tell)
    mean = f"; mean length {up.number(length.mean())}" if len(group) > MOST else ""
    return f"{frame.name(group[0], 'Bars')}, {counted(len(group), 'bar')} {in_digits(width.min())} wide{listed}{mean}"


def levels(heights: np.ndarray) -> str:
    """Return the levels of contours: the rule if there are many and they follow one, else each."""
    numbers, count = level_numbers(heights), counted(len(heights), "level")
    if len(heights) > MOST:
        steps, ends = np.diff(heights), f"{count} from {numbers[0]} to {numbers[-1]}"
        if np.allclose(steps, steps[0], rtol=1e-6, atol=0):
            return f"{ends} in steps of {in_digits(steps[0])}"
        if heights[0] > 0 and np.allclose(ratios := heights[1:] / heights[:-1], ratios[0], rtol=1e-6, atol=0):
            return f"{ends}, each {in_digits(ratios[0])} times the one before"
    return f"{count}, {', '.join(numbers)}"


def level_numbers(heights: np.ndarray) -> list[str]:
    """Return the levels of contours in digits, to what tells neighbours apart."""
    gap = np.diff(heights).min() if len(heights) > 1 else 1.0
    return [in_digits(height, 9 - decade(gap)) for height in heights]


def colours(artist: Collection) -> str:
    """Return the values behind an artist's colours, if there are any."""
    if artist.get_array() is None:
        return ""
    values = as_floats(artist.get_array()).ravel()
    finite, number = values[np.isfinite(values)], digits_for(values)
    told = "; colours stand for"
    if len(values) <= MOST:
        return f"{told} the values {', '.join(map(number, values))}"
    if not len(finite):
        return f"{told} values of which none is finite"
    return f"{told} values from {number(finite.min())} to {number(finite.max())}, mean {number(finite.mean())}"
