"""The computation graph against the mathematics: its numbers are the row's values and derivatives."""

import re
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from artists import assert_layer_only_adds_what_it_returns, draw, labelled, only, words
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text

from gdlib import data
from gdlib.graph import graph, graph_formulas, graph_values
from gdlib.linear import LinearModel, LinearRegression
from gdlib.problem import parabola

pytestmark = pytest.mark.filterwarnings(
    "error",
    # Not ours: an old matplotlib calls a new pyparsing by names that it had before.
    r"ignore:'\w+' (argument is )?deprecated:DeprecationWarning:(matplotlib|pyparsing)\.",
)

TWO_ROWS = LinearRegression(*data.worked_example())
SIX = LinearRegression(*data.six_points())
LAYERS = {
    "graph": lambda ax: graph(ax, TWO_ROWS[0], np.zeros(3)),
    "graph, no slopes": lambda ax: graph(ax, TWO_ROWS[0], np.zeros(3), slopes=False),
    "graph_formulas": lambda ax: graph_formulas(ax, TWO_ROWS[0]),
    "graph_values": lambda ax: graph_values(ax, TWO_ROWS[0], np.zeros(3)),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_only_adds_what_it_returns_and_the_same_each_time(layer, ax):
    assert_layer_only_adds_what_it_returns(LAYERS[layer], ax)


@pytest.mark.parametrize(("row", "theta"), [(0, (0, 0, 0)), (1, (0.016, 0.128, 0.16)), (1, (-2, 3, 1))])
def test_the_graph_ends_in_the_gradient(row, theta, ax):
    problem = TWO_ROWS[row]
    said = words(graph(ax, problem, theta))
    for name, slope in zip(problem.names, problem.gradient(theta), strict=True):
        product, result = re.search(rf"∂L/∂{name} = (.*)\n= (.*)", said).groups()
        factors = [float(part.strip("()").replace("−", "-")) for part in product.split("·")]
        assert np.prod(factors) == pytest.approx(slope, rel=1e-3)
        assert float(result.replace("−", "-")) == pytest.approx(slope, rel=1e-3)
    for value in (problem.predict(theta)[0], problem.residuals(theta)[0], problem.loss(theta)):
        assert f"= {value:.4g}".replace("-", "−") in said


@pytest.mark.parametrize(("row", "theta"), [(0, (0, 0, 0)), (1, (0.016, 0.128, 0.16)), (1, (-0.87, 0.93, -1))])
def test_formulas_and_values_together_are_the_graph(row, theta):
    """All that hangs on θ is a value: the ground does not; each value stands where the whole graph has it."""
    ax = Figure(figsize=(9, 4.4), layout="constrained").add_subplot()
    FigureCanvasAgg(ax.figure)
    problem = TWO_ROWS[row]
    whole, formulas = graph(ax, problem, theta), graph_formulas(ax, problem)
    values = only(graph_values(ax, problem, theta), Text)
    draw(ax)
    lines = re.sub(r"∂L/∂\w\S* = .*·1·1·.*\n.*\n?", "", words(whole)).split("\n")
    parts = "\n".join([words(formulas), words(values)]).split("\n")
    assert sorted(filter(None, map(str.strip, parts))) == sorted(filter(None, lines))
    boxes = [text.get_bbox_patch().get_window_extent() for text in only(formulas, Text) if text.get_bbox_patch()]
    inside = [value for value in values if any(box.fully_contains(*value._get_xy_display()) for box in boxes)]
    assert len(inside) == 2 * len(problem.names) + 3
    for value in inside:
        place = value.get_window_extent()
        assert any(box.x0 < place.x0 and place.x1 < box.x1 and box.y0 < place.y0 for box in boxes), value


@pytest.mark.parametrize(("row", "theta"), [(0, (0, 0, 0)), (1, (-2, 3, 1))])
def test_the_graph_without_slopes_gives_nothing_of_the_gradient_away(row, theta, ax):
    problem = TWO_ROWS[row]
    full, bare = (graph(ax, problem, theta, slopes=slopes) for slopes in (True, False))
    (with_slopes, kept), (without, all_of_it) = ((boxed(artists), words(artists)) for artists in (full, bare))
    assert without == with_slopes  # the same boxes at the same places
    assert "\n".join(said for said, _ in without) == all_of_it  # and no other text
    assert "∂" in kept
    assert "∂" not in all_of_it
    bare_edges, edges = (labelled(artists, "edges").get_segments() for artists in (bare, full))
    assert all(np.array_equal(*pair) for pair in zip(bare_edges, edges, strict=True))
    numbers = {float(number.replace("−", "-")) for number in re.findall(r"(?<== )−?[\d.]+", all_of_it)}
    assert {*problem.x[0], problem.y[0], *theta} <= numbers


def test_every_edge_points_to_the_loss(ax):
    artists = graph(ax, TWO_ROWS[0], np.zeros(3), slopes=False)
    edges = labelled(artists, "edges").get_segments()
    parts = [(tail, tip) for edge in edges for tail, tip in pairwise(edge)]
    heads = only(artists, FancyArrowPatch)
    for (tail, tip), head in zip(parts, heads, strict=True):
        start, end = head._posA_posB
        assert np.cross(np.append(tip - tail, 0), np.append(end - start, 0)) == pytest.approx(0, abs=1e-12)
        assert (end - start) @ (tip - tail) > 0
        assert (np.add(start, end) / 2) == pytest.approx((tail + tip) / 2)


@pytest.mark.parametrize(("row", "theta"), [(0, (0, 0, 0)), (1, (-2, 3, 1))])
def test_slopes_flow_back_along_lines_as_thick_as_they_are_large(row, theta, ax):
    artists, problem = graph(ax, TWO_ROWS[row], theta), TWO_ROWS[row]
    flow, heads = labelled(artists, "slopes"), only(artists, FancyArrowPatch)
    at_output = 2 * abs(problem.residuals(theta)[0])
    widths = dict(zip([tuple(map(tuple, each)) for each in flow.get_segments()], flow.get_linewidths(), strict=True))
    from_theta = [width for ((x, _), _), width in widths.items() if x == min(edge[0][0] for edge in widths)]
    np.testing.assert_allclose(from_theta, 10 * np.abs(problem.gradient(theta)) / max(widths_of(problem, theta)))
    assert max(widths.values()) == pytest.approx(10 * at_output / max(widths_of(problem, theta)))
    assert all(start[0] > end[0] for start, end in (head._posA_posB for head in heads))
    assert len(heads) == len(widths)


def widths_of(problem, theta):
    """Return the sizes of all slopes on the way: that at the output, and those of the parameters."""
    return [2 * abs(problem.residuals(theta)[0]), *np.abs(problem.gradient(theta))]


def test_where_nothing_slopes_nothing_flows(ax):
    artists = graph(ax, TWO_ROWS[0], (0, 0, 0.8))
    assert not any(labelled(artists, "slopes").get_linewidths())
    assert not only(artists, FancyArrowPatch)


def boxed(artists):
    """Return what the boxes of a graph say, and where they stand."""
    return [(text.get_text(), text.get_position()) for text in only(artists, Text) if text.get_bbox_patch()]


@pytest.mark.parametrize(
    ("problem", "theta"),
    [(TWO_ROWS[0], (0, 0, 0)), (TWO_ROWS[1], (-0.87, 0.93, -1)), (SIX[0], (0.5, 1))],
    ids=["sample 1", "sample 2", "one feature"],
)
def test_no_edge_of_the_graph_runs_through_a_label(problem, theta):
    ax = Figure(figsize=(9, 4.4), layout="constrained").add_subplot()
    FigureCanvasAgg(ax.figure)
    artists = graph(ax, problem, theta)
    draw(ax)
    edges = labelled(artists, "edges")
    edges = [edges.get_transform().transform_path(path) for path in edges.get_paths()]
    labels = [text for text in only(artists, Text) if not text.get_bbox_patch()]
    assert len(labels) == 2 + 3 * len(problem.names)
    for label in labels:
        assert not any(edge.intersects_bbox(label.get_window_extent(), filled=False) for edge in edges), label


@pytest.mark.parametrize("theta", [(0, 0, 0), (0.016, 0.128, 0.16)])
def test_the_texts_of_the_graph_stand_apart_and_inside_the_figure(theta):
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    ax = figure.add_subplot()
    with mpl.rc_context({"font.size": 12}):
        artists = graph(ax, TWO_ROWS[1], theta)
        draw(ax)
        texts = [artist for artist in artists if hasattr(artist, "get_text")]
        boxes = [(text.get_bbox_patch() or text).get_window_extent() for text in texts]
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)
    assert all(box.y0 >= 0 and box.y1 <= figure.bbox.y1 for box in boxes)
    touching = [
        (a.get_text(), b.get_text())
        for i, (a, one_box) in enumerate(zip(texts, boxes, strict=True))
        for b, other in zip(texts[:i], boxes[:i], strict=True)
        if one_box.overlaps(other)
    ]
    assert not touching


BAD = {
    "problem must be a single row": lambda ax: graph(ax, TWO_ROWS, np.zeros(3)),
    "theta must have": lambda ax: graph(ax, TWO_ROWS[0], np.zeros(2)),
    "problem must be a LinearRegression, got Curve": lambda ax: graph(ax, parabola(), [0]),
    "problem must be a LinearRegression, got LinearModel": lambda ax: graph(ax, LinearModel([1], [1]), [0, 0]),
    "ax must be a matplotlib Axes": lambda ax: graph(ax.figure, TWO_ROWS[0], np.zeros(3)),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_arguments_are_named(message, ax):
    with pytest.raises((TypeError, ValueError), match=message):
        BAD[message](ax)
