"""A network: one row's way through it and back, its output over a square of inputs, and losses on rows held out."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text
from numpy.typing import ArrayLike

from gdlib import _drawing as draw
from gdlib._arguments import count, finite_array
from gdlib._formatting import number, subscript
from gdlib.plots import _shared as shared

# Read here, not imported: a problem and a run are whatever has the attributes that a picture needs.
Network = Problem = Run = Any
Span = tuple[float, float] | None

_COLUMNS = 0.068, 0.43, 0.715, 0.905  # inputs, hidden neurons, output, loss: in parts of the Axes' width
_BOXES = {"given": "0.92", "lit": "white", "lost": "#FBE3C0", "dead": "0.75"}
_INKS = "#A84A00", "#FFB366"  # of slopes; on dark paper the lighter one
_CELLS = 60  # of the square, along each side
_NAMED = 4  # the most folds that have their names
ROUNDING = 1e-14  # what is nearer to 0 is 0 but for rounding


def network_graph(ax: Axes, network: Network, theta: ArrayLike, *, forward: int = 3, backward: int = 2) -> list[Artist]:
    """Return the artists of a layer: one row's way through a network with one output, and its slopes; the axis goes.

    ``forward`` says how far values are shown: 0, the inputs alone; 1, hidden neurons too; 2, the output; 3, the loss.
    ``backward`` says how far slopes are: 0, not at all; 1, of the output's weights; 2, of the hidden ones as well. Then
    arrows go back along lines as thick as the slope of their weight is large, and each box has the slope that goes on
    from it: δ = ∂L/∂ŷ at the output, δⱼ = ∂L/∂zⱼ at hidden neuron j. A neuron that passes nothing on, nor back, is
    grey: a ReLU with z ≤ 0. With the log-loss ŷ is the score, and p = σ(ŷ) stands below it.
    """
    forward, backward = count("forward", forward, least=0, most=3), count("backward", backward, least=0, most=2)
    theta = _of_one_output(network, theta)
    if len(network) != 1:
        raise ValueError(f"network must be a single row, such as network[0], got {len(network)} rows")
    draw.checked(ax).set_axis_off()
    edges = _edges(network, theta)
    places = [[_place(network, column, i) for column, i in (tail, tip)] for tail, tip, *_ in edges]
    lines = LineCollection(places, colors="0.4", linewidths=1.2, transform=ax.transAxes, label="edges")
    shown = [(edge, place) for edge, place in zip(edges, places, strict=True) if edge[1][0] > 2 - backward]
    flow = _flow(ax, [(tip, tail, edge[3], 0.66 if edge[1][0] == 1 else 0.26) for edge, (tail, tip) in shown])
    slopes = {edge[2] for edge, _ in shown}
    names = [_name_on(ax, edge, place, theta, network, slopes) for edge, place in zip(edges, places, strict=True)]
    return draw.add(ax, lines, *flow, *names, *_boxes(ax, network, theta, forward, backward))


def square(ax: Axes, network: Network, *, span: Span = None) -> list[Artist]:
    """Return the artists of a ground: the rows of a network of two features in their plane, coloured by their targets.

    A bar has the colours, which are also those of the outputs that `output_over` adds. They go from the least target to
    the largest, or over a ``span`` of outputs, (low, high).
    """
    _of_one_output(network, None)
    if network.x.shape[1] != 2:
        raise ValueError(f"network must have two features to be drawn over a square, got {network.x.shape[1]}")
    middle, wide = (network.x.min(axis=0) + network.x.max(axis=0)) / 2, 0.75 * (np.ptp(network.x, axis=0).max() or 1.0)
    (left, right), (low, high) = np.stack([middle - wide, middle + wide], axis=1)
    what = "p" if network.kind == "log" else "ŷ"
    draw.checked(ax).set(title=f"Output {what} over the inputs", xlabel="x₁", ylabel="x₂")
    ax.set(xlim=(left, right), ylim=(low, high))
    ax.set_aspect("equal", adjustable="box")
    look = {"cmap": rcParams["image.cmap"], "norm": _norm(network, span), "edgecolors": draw.paper_of(ax).ink, "s": 60}
    look["path_effects"] = draw.paper_of(ax).halo  # a row may have the colour of its ground
    rows = ax.scatter(*network.x.T, c=network.y, zorder=4, label="rows", **look)
    bar = ax.figure.colorbar(rows, ax=ax, extend="neither" if network.kind == "log" else "both")
    bar.set_label(f"colour: {what}; in a circle: y", size=draw.type_size(draw.SMALL))
    ax.set_autoscale_on(False)
    return [rows, bar.ax]


def output_over(ax: Axes, network: Network, theta: ArrayLike, *, span: Span = None) -> list[Artist]:
    """Return the artists of a layer: the output at each point of the picture, and each neuron's fold, where z = 0.

    Colours are those of `square` with the same ``span``. Up to four folds have their names.
    """
    theta, view = _of_one_output(network, theta), draw.view_of(ax)
    middles = [np.linspace(low, high, 2 * _CELLS + 1)[1::2] for low, high in view.T]
    points = np.stack(np.meshgrid(*middles), axis=-1).reshape(-1, 2)
    values = (network.probabilities if network.kind == "log" else network.scores)(theta, points)
    image = AxesImage(
        ax, cmap=rcParams["image.cmap"], norm=_norm(network, span), origin="lower", extent=view.T.ravel(), zorder=0,
        interpolation="nearest", label="outputs",
    )  # fmt: skip
    image.set_data(np.reshape(values, (_CELLS, _CELLS)))
    folds, gone = [], []
    for j, (*w, b) in enumerate(network.layers(theta)[0]):
        ends, name = _line_in(view, np.array(w), b), f"z{subscript(j + 1)} = 0"
        gone += [name] * (ends is None)
        if ends is not None:
            look = {"color": draw.paper_of(ax).ink, "ls": ("-", "--", "-.", ":")[j % 4], "label": name, "zorder": 3}
            folds.append(Line2D(*ends.T, path_effects=draw.paper_of(ax).halo, **look))
    note = draw.note(ax, f"outside: {', '.join(gone)}", low=True) if gone else None
    names = _names_of_folds(ax, folds, network.x, bool(gone)) if network.neurons <= _NAMED else []
    return draw.add(ax, image, *folds, *names, note)


def learning_curves(ax: Axes, run: Run, held_out: Problem | None = None) -> list[Artist]:
    """Return the artists of a layer: a run's losses, and those on rows held out, with the step where they are least.

    ``held_out`` is a problem with the run's parameters and other rows. Losses that the run did not work out are left
    out.
    """
    steps = np.flatnonzero(shared.single(run).recorded)
    lines = [Line2D(steps, run.losses[steps], color="C0", label="loss on the rows of the run")]
    if held_out is not None:
        losses = held_out.loss(run.parameters)
        k = int(losses.argmin())
        lines.append(Line2D(range(len(losses)), losses, color="C1", ls="--", label="loss on rows held out"))
        lines.append(draw.dots(ax, np.array([k, losses[k]]), marker="o", color="C1", label=f"least, at step {k}"))
    return draw.add(draw.checked(ax), *lines)


def _of_one_output(network: Network, theta: ArrayLike | None) -> np.ndarray | None:
    """Return θ of a network with one output; without one, look at the network alone."""
    if not hasattr(network, "outputs"):
        raise TypeError(f"network must be a Network, got {type(network).__name__}")
    if network.outputs != 1 or network.y.ndim != 1:
        raise ValueError(f"network must have one output to be drawn, got {network.outputs}")
    if theta is None:
        return None
    theta = finite_array("theta", theta)
    if theta.shape != (len(network.names),):
        raise ValueError(f"theta must have shape ({len(network.names)},), a number a parameter, got {theta.shape}")
    return theta


def _norm(network: Network, span: Span) -> Normalize:
    """Return what turns outputs into colours: from the least target to the largest, or over a span."""
    if span is not None:
        return Normalize(*draw.interval("span", span))
    low, high = network.y.min(), network.y.max()
    return Normalize(0, 1) if network.kind == "log" else Normalize(low, high if high > low else low + 1)


def rounded(values: np.ndarray, least: float = ROUNDING) -> np.ndarray:
    """Return values, and 0 for what rounding alone keeps from it."""
    return np.where(np.abs(values) < least, 0.0, values)


def _line_in(view: np.ndarray, w: np.ndarray, b: float) -> np.ndarray | None:
    """Return where the line w·x + b = 0 enters and leaves the picture, shape (2, 2), None if it is not in it."""
    if not w.any():
        return None
    w, b = w / np.abs(w).max(), b / np.abs(w).max()  # so that no square is too large for a float
    point, along = -b * w / (w @ w), np.array([-w[1], w[0]]) / np.hypot(*w)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.sort((view - point) / along, axis=0)
    crossed = along != 0
    inside = (view[0] <= point) & (point <= view[1])
    enter, leave = times[0, crossed].max(), times[1, crossed].min()
    return point + np.outer([enter, leave], along) if enter < leave and inside[~crossed].all() else None


def _names_of_folds(ax: Axes, folds: list[Line2D], rows: np.ndarray, note: bool) -> list[Text]:
    """Return the names of folds, each where it is farthest from rows, other folds and names, and the ``note``."""
    view, paper, names = draw.view_of(ax), draw.paper_of(ax), []
    look = {"transform": ax.transData, "ha": "center", "va": "center", "zorder": 5, "color": paper.ink}
    frame = {"fc": paper.colour, "ec": "none", "pad": 1, "alpha": 0.9}
    lines = [_on_line(*fold.get_xydata()) for fold in folds]
    below = _on_line(*(view[0] + np.ptp(view, axis=0) * [[0.3, 0.05], [0.7, 0.05]])) if note else view[:0]
    for i, fold in enumerate(folds):
        taken = np.concatenate([rows, below, *lines[:i], *lines[i + 1 :], *([name.get_position()] for name in names)])
        apart = np.abs(lines[i][:, np.newaxis] - taken) * (1, 3)  # a name is three times as wide as it is high
        margin = (0.1, 0.05) * np.ptp(view, axis=0)  # half a name
        room = ((lines[i] >= view[0] + margin) & (lines[i] <= view[1] - margin)).all(axis=1)
        if not room.any():
            continue  # it only cuts off a corner
        place = lines[i][(room * apart.max(axis=2).min(axis=1)).argmax()]
        names.append(draw.Label(*place, fold.get_label(), size=draw.type_size(0.75), bbox=frame, **look))
    return names


def _on_line(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return places on a line, not too near to its ends."""
    return start + np.outer(np.linspace(0.15, 0.85, 15), end - start)


def _place(network: Network, column: int, i: int) -> tuple[float, float]:
    """Return where the i-th box of a column is, in parts of the Axes' width and height."""
    rows = [network.x.shape[1], network.neurons, 1, 1][column]
    return _COLUMNS[column], 0.5 if rows == 1 else 0.85 - 0.7 * i / (rows - 1)


def _edges(network: Network, theta: np.ndarray) -> list[tuple]:
    """Return (tail, tip, name, slope) of each edge: boxes by column and number, and the weight's name and slope."""
    slopes = dict(zip(network.names, rounded(network.gradient(theta)), strict=True))
    edges = []
    for j, part in enumerate(network.parts):
        weights = network.names[network.parts[part]][:-1]
        tip, column = ((1, j), 0) if j < network.neurons else ((2, 0), 1)
        edges += [((column, i), tip, name, slopes[name]) for i, name in enumerate(weights)]
    return [*edges, ((2, 0), (3, 0), "", 0.0)]


def _flow(ax: Axes, edges: list[tuple]) -> list[Artist]:
    """Return what flows back: a line along each edge, as thick as its slope, with an arrowhead where told."""
    edges = [edge for edge in edges if edge[2]]
    if not edges:
        return []
    ink, largest = _INKS[draw.paper_of(ax).dark], max(abs(slope) for *_, slope, _ in edges)
    widths = [10 * abs(slope) / largest for *_, slope, _ in edges]
    look = {"colors": ink, "linewidths": widths, "alpha": 0.35, "transform": ax.transAxes, "label": "slopes"}
    heads = []
    for tip, tail, _, at in edges:
        ends = [np.add(tip, part * np.subtract(tail, tip)) for part in (at, at + 0.08)]
        look_of_head = {"arrowstyle": "-|>", "mutation_scale": 12, "color": ink, "shrinkA": 0, "shrinkB": 0}
        heads.append(FancyArrowPatch(*ends, transform=ax.transAxes, **look_of_head))
    return [LineCollection([(tail, tip) for tip, tail, *_ in edges], **look), *heads]


def _name_on(ax: Axes, edge: tuple, place: list, theta: np.ndarray, network: Network, slopes: set[str]) -> Text | None:
    """Return what stands on an edge: its weight, and its slope where it is shown."""
    *_, name, slope = edge
    if not name:
        return None
    words = f"{name} = {number(theta[network.names.index(name)])}"
    if name in slopes:
        words += f"\n∂L/∂{name} = {number(slope)}"
    (x0, y0), (x1, y1) = place
    crossed = edge[0][0] == 0 and y0 != y1
    part = 0.7 if crossed else 0.5  # beyond the middle, where edges cross
    part, above = (0.45, 0.09) if y0 == y1 else (part, 0)  # above a level edge, so that its arrow is seen
    paper, size = draw.paper_of(ax), draw.type_size(0.83)
    return draw.Label(
        x0 + part * (x1 - x0), y0 + part * (y1 - y0) + above, words, transform=ax.transAxes, ha="center", va="center",
        size=size, color=paper.ink, clip_on=False, zorder=5,
        bbox={"fc": paper.colour, "ec": "none", "pad": 1},  # a halo takes three times as long
    )  # fmt: skip


def _boxes(ax: Axes, network: Network, theta: np.ndarray, forward: int, backward: int) -> list[Text]:
    """Return the boxes: inputs, hidden neurons, output and loss, with their values where these are shown."""
    values = dict(zip(network.names, theta, strict=True))
    hidden, (score,) = rounded(network.hidden(theta)[0]), network.scores(theta)
    tables = network.layers(theta)[0]
    z = rounded(tables[:, :-1] @ network.x[0] + tables[:, -1])
    given = [f"{name} = {number(x)}" for name, x in zip(network.features, network.x[0], strict=True)]
    slopes = rounded(network.gradient(theta))  # that of a bias is its neuron's δ
    boxes = [((0, i), words, "given") for i, words in enumerate(given)]
    for j, part in enumerate(list(network.parts)[:-1]):
        bias, mark = network.names[network.parts[part]][-1], subscript(j + 1)
        lines = [f"{bias} = {number(values[bias])}", f"z{mark}", f"h{mark}"]
        if forward > 0:
            lines[1:] = [f"z{mark} = {number(z[j])}", f"h{mark} = {number(hidden[j])}"]
        lines.append(f"δ{mark} = {number(slopes[network.parts[part]][-1])}" if backward > 1 else f"δ{mark}")
        dead = forward > 0 and network.activation == "relu" and z[j] <= 0
        boxes.append(((1, j), "\n".join(lines), "dead" if dead else "lit"))
    words = [f"c = {number(values['c'])}", f"ŷ = {number(rounded(score))}" if forward > 1 else "ŷ"]
    if network.kind == "log" and forward > 1:
        words.append(f"p = {number(network.probabilities(theta)[0])}")
    words.append(f"δ = {number(slopes[-1])}" if backward > 0 else "δ")
    loss = f"L = {number(rounded(network.loss(theta), ROUNDING**2))}" if forward > 2 else "L"
    boxes += [((2, 0), "\n".join(words), "lit"), ((3, 0), f"y = {number(network.y[0])}\n{loss}", "lost")]
    look = {"transform": ax.transAxes, "ha": "center", "va": "center", "color": "black", "clip_on": False, "zorder": 6}
    return [
        draw.Label(
            *_place(network, *where), words, size=draw.type_size(0.92), **look,
            bbox={"fc": _BOXES[kind], "ec": "0.3", "boxstyle": "round", "ls": "--" if kind == "dead" else "-"},
        )
        for where, words, kind in boxes
    ]  # fmt: skip
