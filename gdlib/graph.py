"""One row's loss as a computation graph of small steps: values forward, local derivatives along the chain.

A *ground* stays while a slider moves, a *layer* moves, as in `gdlib.plots`; both return the artists they added.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text
from numpy.typing import ArrayLike

from gdlib._arguments import finite_array
from gdlib._drawing import SMALL, add, checked, paper_of, type_size
from gdlib._formatting import number, subscript
from gdlib.linear import LinearRegression, squared_error

_INKS = "#A84A00", "#FFB366"  # for small print: the style's second colour, darker; on dark paper lighter
_BOXES = "white", "0.92", "#CFE3F1", "#FBE3C0"  # what is computed, given, looked for, and lost


class _Label(NamedTuple):
    """A formula and its value, if it has one, at a place in parts of the Axes' width and height."""

    x: float
    y: float
    look: dict[str, Any]  # its size as a part of the others'
    formula: str
    value: str = ""


class _Layout(NamedTuple):
    """What a graph is made of; ``chains`` are the products of the derivatives along the way from a parameter to L.

    ``back`` has for each edge between two places of the chain the slope of L at its left end.
    """

    edges: list[list[tuple[float, float]]]
    back: list[tuple[tuple[float, float], tuple[float, float], float]]
    boxes: list[_Label]
    derivatives: list[_Label]
    chains: list[_Label]


def graph(ax: Axes, problem: LinearRegression, theta: ArrayLike, *, slopes: bool = True) -> list[Artist]:
    """Return the artists of a layer: one row's loss as a computation graph, from θ on the left to L; the axis goes.

    Values stand in the boxes, and arrows go forward. With ``slopes``, local derivatives stand beside the edges, and
    below a parameter the product of those between it and L: its entry of the gradient, by the chain rule, equations
    (5)–(13). Then the arrows go back, from L to θ, along lines as thick as the slope that arrives is large. Each
    parameter asks for 1.4 inches of height.
    """
    layout = _layout(problem, theta)
    flow = _flow(ax, layout) if slopes else []
    labels = [*layout.boxes, *(layout.derivatives + layout.chains) * slopes]
    whole = [label._replace(formula=f"{label.formula}\n{label.value}".strip()) for label in labels]
    return flow + _draw(ax, layout.edges, whole, forward=not slopes)


def graph_formulas(ax: Axes, problem: LinearRegression) -> list[Artist]:
    """Return the artists of a ground: the graph without products, with room for what `graph_values` adds."""
    layout = _layout(problem, np.zeros(len(problem.names)))
    wide = [each._replace(formula=f"{each.formula:\u00a0^13}\n") if each.value else each for each in layout.boxes]
    room = [each._replace(formula=each.formula + "\n" * bool(each.value)) for each in layout.derivatives]
    return _draw(ax, layout.edges, [*wide, *room])


def graph_values(ax: Axes, problem: LinearRegression, theta: ArrayLike) -> list[Artist]:
    """Return the artists of a layer: the values that `graph_formulas` leaves room for."""
    layout = _layout(problem, theta)
    inside = [box._replace(look={"va": "top", "color": "black"}) for box in layout.boxes]
    values = [each._replace(formula=each.value) for each in [*inside, *layout.derivatives] if each.value]
    return _draw(ax, [], values)


def _draw(ax: Axes, edges: list, labels: list[_Label], *, forward: bool = True) -> list[Artist]:
    """Return the artists, added: the edges, forward with arrowheads, and the labels' formulas."""
    checked(ax).set_axis_off()
    lines = LineCollection(edges, colors="0.4", linewidths=1.5, transform=ax.transAxes, label="edges")
    heads = [_head(*pair, ax) for edge in edges for pair in pairwise(edge) if forward]
    look = {"transform": ax.transAxes, "clip_on": False, "zorder": 4, "ha": "center", "va": "center"}
    paper, whole = paper_of(ax), type_size(most=1.5 * ax.figure.figure.get_figwidth())
    look["color"] = paper.ink if 0.08 < paper.luminance < 0.74 else _INKS[paper.dark]  # on grey, orange would not show
    looks = (look | label.look | {"size": whole * label.look.get("size", 1)} for label in labels)
    texts = (Text(label.x, label.y, label.formula, **each) for label, each in zip(labels, looks, strict=True))
    return add(ax, lines if edges else None, *heads, *texts)


def _flow(ax: Axes, layout: _Layout) -> list[Artist]:
    """Return what flows back, added: a line along each edge of the chain, as thick as its slope, and arrowheads."""
    ink, largest = _INKS[paper_of(checked(ax)).dark], max(abs(slope) for *_, slope in layout.back) or 1.0
    widths = [10 * abs(slope) / largest for *_, slope in layout.back]
    edges = [(left, right) for left, right, _ in layout.back]
    flow = LineCollection(edges, colors=ink, linewidths=widths, alpha=0.35, transform=ax.transAxes, label="slopes")
    return add(ax, flow, *(_head(right, left, ax, ink) for left, right, slope in layout.back if slope))


def _head(tail: tuple[float, float], tip: tuple[float, float], ax: Axes, colour: str = "0.4") -> FancyArrowPatch:
    """Return an arrowhead on the middle of an edge."""
    ends = [np.add(tail, part * np.subtract(tip, tail)) for part in (0.45, 0.55)]
    return FancyArrowPatch(
        *ends, transform=ax.transAxes, arrowstyle="-|>", mutation_scale=12, color=colour, shrinkA=0, shrinkB=0
    )


def _layout(problem: LinearRegression, theta: ArrayLike) -> _Layout:
    """Return the graph of a row's loss at θ."""
    theta = finite_array("theta", theta)
    if len(squared_error(problem)) != 1:
        raise ValueError(f"problem must be a single row, such as problem[0], got {len(problem)} rows")
    (output,), (target,), n = problem.predict(theta), problem.y, len(theta)
    error = output - target
    steep = 2 * error
    slope = number(steep)
    products = [f"p{subscript(i + 1)}" for i in range(n)]
    total = " + ".join(products) if n < 4 else f"{products[0]} + … + {products[-1]}"
    first, second, third, fourth, last = 0.07, 0.3, 0.528, 0.728, 0.935  # columns of boxes
    rows, above = np.linspace(0.8, 0.16, n), min(0.14, 0.28 / (n - 1))
    middle = rows.mean()
    white, given, asked, lost = (
        {"color": "black", "bbox": {"fc": c, "ec": "0.3", "boxstyle": "round"}} for c in _BOXES
    )
    flat = {"size": SMALL, "va": "bottom"}
    bold = flat | {"weight": "bold", "ha": "left", "va": "top"}
    boxes = [
        _Label(third, middle, white, f"ŷ = {total}", f"= {number(output)}"),
        _Label(fourth, middle, white, "e = ŷ − y", f"= {number(error)}"),
        _Label(fourth, middle + 0.2, given, f"y = {number(target)}"),
        _Label(last, middle, lost, "L = e²", f"= {number(error**2)}"),
    ]
    edges = [[(third, middle), (fourth, middle), (last, middle)], [(fourth, middle + 0.2), (fourth, middle)]]
    back = [((third, middle), (fourth, middle), steep), ((fourth, middle), (last, middle), steep)]
    derivatives = [_Label(0.641, middle + 0.01, flat, "∂e/∂ŷ\n= 1")]
    derivatives += [_Label(0.835, middle + 0.01, flat, "∂L/∂e\n= 2e", f"= {slope}")]
    inputs, chains = [*problem.features, "1"], []
    for y, name, w, p, source, x in zip(rows, problem.names, theta, products, inputs, problem.design[0], strict=True):
        factor = number(x)
        known = "1" if source == "1" else f"{source} = {factor}"
        boxes += [
            _Label(first, y, asked, name, f"= {number(w)}"),
            _Label(second, y, white, f"{p} = {name}·{source}", f"= {number(w * x)}"),
            _Label(second, y + above, given, known),
        ]
        edges += [[(first, y), (second, y), (third, middle)], [(second, y + above), (second, y)]]
        back += [((first, y), (second, y), steep * x), ((second, y), (third, middle), steep)]
        up = np.sign((y - middle).round(9))  # beside a slanted edge, on the side that it leads away from
        slanted = flat | {"ha": "left" if up else "center", "va": "top" if up < 0 else "bottom"}
        derivatives += [
            _Label(0.185, y + 0.01, flat, f"∂{p}/∂{name}\n= {known}"),
            _Label(0.402, y + 0.45 * (middle - y) + 0.01 * (up or 1), slanted, f"∂ŷ/∂{p}\n= 1"),
        ]
        product = f"∂L/∂{name} = {slope}·1·1·{factor if x >= 0 else f'({factor})'}"
        chains += [_Label(0.01, y - 0.55 * above, bold, product, f"= {number(steep * x)}")]
    return _Layout(edges, back, boxes, derivatives, chains)
