"""Pictures of a network against the mathematics: its values and slopes, its folds, and losses on rows held out."""

import re
from io import StringIO
from itertools import combinations

import numpy as np
import pytest
from artists import assert_layer_only_adds_what_it_returns, draw, labelled, one, only, words
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from gdlib import plots
from gdlib._drawing import Label
from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.figures.describe import describe
from gdlib.linear import LinearRegression
from gdlib.network import Network

pytestmark = pytest.mark.filterwarnings(
    "error",
    # Not ours: an old matplotlib calls a new pyparsing by names that it had before.
    r"ignore:'\w+' (argument is )?deprecated:DeprecationWarning:(matplotlib|pyparsing)\.",
)

ARTICLE = Network(*worked_example())
START = np.array([1, 1, 0, 1, -1, 0, 0.5, -1, 0])
XOR = Network([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], 2, "tanh", "log")
RUN = descend(XOR, np.random.default_rng(3).standard_normal(9), 0.5, 30)

LAYERS = {
    "graph": (None, lambda ax: plots.network_graph(ax, ARTICLE[0], START)),
    "graph, log-loss": (None, lambda ax: plots.network_graph(ax, XOR[0], np.ones(9))),
    "graph, no slopes": (None, lambda ax: plots.network_graph(ax, ARTICLE[0], START, forward=1, backward=0)),
    "outputs": (plots.square, lambda ax: plots.output_over(ax, XOR, RUN.theta)),
    "outputs, no fold": (plots.square, lambda ax: plots.output_over(ax, XOR, np.zeros(9))),
    "curves": (
        lambda ax, _: plots.loss_axes(ax, steps=30, lowest=0.01, highest=2),
        lambda ax: plots.learning_curves(ax, RUN, XOR[:2]),
    ),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_only_adds_what_it_returns_and_the_same_each_time(layer, ax):
    ground, layer = LAYERS[layer]
    if ground:
        ground(ax, XOR)
    assert_layer_only_adds_what_it_returns(layer, ax)


def test_a_ground_returns_what_it_added_and_fixes_the_limits(ax):
    before = set(ax.get_children())
    artists = plots.square(ax, XOR)
    assert set(artists) - {*ax.figure.axes} == set(ax.get_children()) - before
    assert not ax.get_autoscale_on()
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("Output p over the inputs", "x₁", "x₂")
    draw(ax)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-0.25, 1.25), (-0.25, 1.25))


def value_of(said, name):
    return float(re.search(rf"(?m)^{name} = (.*)$", said)[1].replace("−", "-"))


# ---- the graph -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("row", "theta"), [(0, START), (1, START), (1, np.linspace(-1, 2, 9))])
@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_the_graph_has_the_rows_values_and_the_gradient(row, theta, activation, ax):
    network = Network(*worked_example(), activation=activation)[row]
    said = words(plots.network_graph(ax, network, theta))
    for name, value, slope in zip(network.names, theta, network.gradient(theta), strict=True):
        assert value_of(said, name) == pytest.approx(value, rel=1e-3)
        if name[0] in "wv":
            assert value_of(said, f"∂L/∂{name}") == pytest.approx(slope, rel=1e-3)
    for j, (h, block) in enumerate(zip(network.hidden(theta)[0], theta[:6].reshape(2, 3), strict=True)):
        assert value_of(said, f"h{'₁₂'[j]}") == pytest.approx(h, rel=1e-3)
        assert value_of(said, f"z{'₁₂'[j]}") == pytest.approx(block @ [*network.x[0], 1], rel=1e-3)
        assert value_of(said, f"δ{'₁₂'[j]}") == pytest.approx(network.gradient(theta)[3 * j + 2], rel=1e-3)
    assert value_of(said, "δ") == pytest.approx(network.gradient(theta)[-1], rel=1e-3)
    assert value_of(said, "ŷ") == pytest.approx(network.predict(theta)[0], rel=1e-3)
    assert value_of(said, "L") == pytest.approx(network.loss(theta), rel=1e-3)
    assert value_of(said, "y") == network.y[0]
    assert "p = " not in said


def test_classes_have_a_probability_too(ax):
    said = words(plots.network_graph(ax, XOR[1], np.ones(9)))
    assert value_of(said, "p") == pytest.approx(XOR[1].probabilities(np.ones(9))[0], rel=1e-3)


def test_slopes_flow_back_along_lines_as_thick_as_they_are_large(ax):
    artists, network = plots.network_graph(ax, ARTICLE[0], START), ARTICLE[0]
    slopes = np.abs(network.gradient(START)[[0, 1, 6]])  # of the weights on the way through the living neuron
    flow, heads = labelled(artists, "slopes"), only(artists, FancyArrowPatch)
    np.testing.assert_allclose(flow.get_linewidths(), 10 * slopes / slopes.max())
    assert all(start[0] > end[0] for start, end in (head._posA_posB for head in heads))
    assert len(heads) == 3


def test_a_dead_neuron_is_grey_and_dashed_and_others_are_not(ax):
    def greys(network, theta, **shown):
        texts = [
            text for text in only(plots.network_graph(ax, network, theta, **shown), Label) if "h₂" in text.get_text()
        ]
        (box,) = (text.get_bbox_patch() for text in texts)
        return box.get_facecolor()[0] < 0.8, box.get_linestyle() == "--"

    assert greys(ARTICLE[0], START) == (True, True)
    assert greys(ARTICLE[1], START) == (False, False)
    assert greys(ARTICLE[0], START, forward=0) == (False, False)  # not known yet
    assert greys(Network(*worked_example(), activation="tanh")[0], START) == (False, False)


def test_forward_and_backward_light_up_a_layer_at_a_time(ax):
    def shown(**upto):
        said = words(plots.network_graph(ax, ARTICLE[0], START, **upto))
        names = "z₁", "h₁", "ŷ", "L", "δ", "∂L/∂v₁", "δ₁", "∂L/∂w₁₁"
        return {name for name in names if f"{name} = " in said}

    forward = [shown(forward=k, backward=0) for k in range(4)]
    assert forward == [set(), {"z₁", "h₁"}, {"z₁", "h₁", "ŷ"}, {"z₁", "h₁", "ŷ", "L"}]
    assert [shown(backward=k) - forward[3] for k in range(3)] == [
        set(),
        {"δ", "∂L/∂v₁"},
        {"δ", "∂L/∂v₁", "δ₁", "∂L/∂w₁₁"},
    ]


def test_where_nothing_slopes_nothing_flows(ax):
    artists = plots.network_graph(ax, ARTICLE[0], [0, 0, 0, 0, 0, 0, 0, 0, 0.8])
    assert not only(artists, FancyArrowPatch)
    assert all(artist.get_label() != "slopes" for artist in artists)


def test_the_graph_takes_one_feature_and_three_neurons(ax):
    network = Network([2.0], [1.0], hidden=3)
    said = words(plots.network_graph(ax, network, np.ones(10)))
    assert value_of(said, "x") == 2
    assert value_of(said, "h₃") == 3


@rc_context({"text.hinting": "no_hinting", "svg.fonttype": "none"})  # as in the course
def test_a_label_looks_as_text_does_and_stays_text_in_a_vector_file():
    def drawn(kind, **look):
        figure = Figure((4, 1), dpi=200)
        canvas = FigureCanvasAgg(figure)
        place = {"x": 0.5, "y": 0.5, "ha": "center", "va": "center", "size": 12}
        figure.add_artist(kind(text="∂L/∂w₁₁ = −0.035\nŷ = 1.5·10⁻⁷", **place, **look))
        canvas.draw()
        return 255.0 - np.asarray(canvas.buffer_rgba())[..., 0], figure

    def ink(kind):
        """Return how much there is, where its middle is, and how far it spreads, in dots."""
        dark, _ = drawn(kind, color="0.2")
        places = np.indices(dark.shape)
        middle = (places * dark).sum(axis=(1, 2)) / dark.sum()
        spread = np.sqrt(((places - middle[:, None, None]) ** 2 * dark).sum(axis=(1, 2)) / dark.sum())
        return [dark.sum() / 1e5, *middle, *spread]

    assert ink(Label) == pytest.approx(ink(Text), abs=1.5, rel=0.02)
    assert not drawn(Label, visible=False)[0].any()
    framed, figure = drawn(Label, bbox={"fc": "white", "ec": "black", "pad": 1})
    rows, columns = (np.flatnonzero((framed > 100).any(axis=axis)) for axis in (1, 0))
    text, _ = drawn(Text, bbox={"fc": "white", "ec": "black", "pad": 1})
    own = [np.flatnonzero((text > 100).any(axis=axis)) for axis in (1, 0)]
    assert [len(rows), len(columns)] == pytest.approx([*map(len, own)], abs=6)
    figure.savefig(file := StringIO(), format="svg")
    assert "∂L/∂w₁₁ = −0.035" in file.getvalue()


def test_what_is_zero_but_for_rounding_is_shown_as_zero(ax):
    theta = [1, 1, 0, 1, -1, 0.7, 0.5, -1, 0.35]
    network = ARTICLE[0]
    artists = plots.network_graph(ax, network, theta)
    said = words(artists)
    for name in ("z₂", "h₂", "L", "∂L/∂v₁", "∂L/∂w₁₁"):
        assert value_of(said, name) == 0
    assert not only(artists, FancyArrowPatch)


@pytest.mark.parametrize("row", [0, 1])
def test_the_writing_of_a_graph_as_wide_as_an_explorers_lies_apart(row):
    figure = Figure((5.76, 3.3), dpi=100)
    ax = figure.add_axes((0, 0, 1, 1))
    for seed in range(10):
        theta = np.random.default_rng(seed).uniform(-2, 2, 9).round(2)
        artists = plots.network_graph(ax, ARTICLE[row], theta)
        draw(ax)
        boxes = [(each.get_bbox_patch() or each).get_window_extent() for each in only(artists, Label)]
        for box, other in combinations(boxes, 2):
            both = Bbox.intersection(box, other)
            assert both is None or min(both.width, both.height) < 4
        assert all(box.x0 > -1 and box.x1 < 577 for box in boxes)
        for artist in artists:
            artist.remove()


# ---- the square ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("network", [ARTICLE, XOR])
def test_outputs_have_the_colours_of_the_targets(network, ax):
    theta = np.linspace(-1, 2, 9)
    rows, _ = plots.square(ax, network)
    image = next(artist for artist in plots.output_over(ax, network, theta) if type(artist) is AxesImage)
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    n = len(image.get_array())
    corner = [left + (right - left) / (2 * n), high - (high - low) / (2 * n)]
    output = network.probabilities if network is XOR else network.predict
    assert image.get_array()[-1, 0] == pytest.approx(output(theta, [corner])[0], rel=1e-12)
    np.testing.assert_array_equal(rows.get_array(), network.y)
    assert (image.norm.vmin, image.norm.vmax) == (rows.norm.vmin, rows.norm.vmax) == (network.y.min(), network.y.max())
    assert image.get_cmap() == rows.get_cmap()


def test_colours_may_go_over_a_span_of_outputs(ax):
    rows, _ = plots.square(ax, ARTICLE, span=(-1, 2))
    image = next(each for each in plots.output_over(ax, ARTICLE, START, span=(-1, 2)) if type(each) is AxesImage)
    assert (image.norm.vmin, image.norm.vmax) == (rows.norm.vmin, rows.norm.vmax) == (-1, 2)


def test_a_fold_is_where_a_neurons_score_is_zero(ax):
    plots.square(ax, XOR)
    for seed in range(40):
        theta = np.random.default_rng(seed).standard_normal(9)
        said = plots.output_over(ax, XOR, theta)
        for j, (*w, b) in enumerate(theta[:6].reshape(2, 3)):
            name = f"z{'₁₂'[j]} = 0"
            fold = [line for line in only(said, Line2D) if line.get_label() == name]
            corners = np.array([[x, y] for x in ax.get_xlim() for y in ax.get_ylim()]) @ w + b
            assert len(fold) == (corners.min() < 0 < corners.max())
            assert (name in words(said).partition("outside: ")[2]) == (not fold)
            if fold:
                ends = fold[0].get_xydata()
                np.testing.assert_allclose(ends @ w + b, 0, atol=1e-12)
                on_frame = np.isclose(ends[:, :, np.newaxis], [[ax.get_xlim(), ax.get_ylim()]], atol=1e-12)
                assert on_frame.any(axis=(1, 2)).all()


@pytest.mark.parametrize(
    ("w", "b", "seen"), [((1, 0), -0.5, True), ((0, 2), -1, True), ((1, 0), 9, False), ((0, 0), 1, False)]
)
def test_upright_and_level_folds(w, b, seen, ax):
    plots.square(ax, XOR)
    said = plots.output_over(ax, XOR, [*w, b, 0, 0, 0, 1, 1, 0])
    assert len(only(said, Line2D)) == seen
    assert ("z₁ = 0" in words(said).partition("outside: ")[2]) == (not seen)
    if seen:
        np.testing.assert_allclose(only(said, Line2D)[0].get_xydata() @ w, -b, atol=1e-12)


def room_on(ax, line):
    """Return whether a fold comes farther into the picture than half a name."""
    start, end = line.get_xydata()
    places = start + np.outer(np.linspace(0.15, 0.85, 15), end - start)
    within = ax.transAxes.inverted().transform(ax.transData.transform(places))
    return bool(((within >= (0.1, 0.05)) & (within <= (0.9, 0.95))).all(axis=1).any())


def test_a_fold_that_cuts_off_a_corner_has_no_name(ax):
    plots.square(ax, XOR)
    corner = [2, 2, -2 * (ax.get_xlim()[0] + ax.get_ylim()[0]) - 0.1]
    said = plots.output_over(ax, XOR, [*corner, 1, -1, 0, 1, 1, 0])
    assert [each.get_label() for each in only(said, Line2D)] == ["z₁ = 0", "z₂ = 0"]
    assert [each.get_text() for each in only(said, Label)] == ["z₂ = 0"]


@pytest.mark.long
def test_folds_have_their_names_apart_from_rows_note_and_each_other(ax):
    plots.square(ax, XOR)
    for seed in range(40):
        artists = plots.output_over(ax, XOR, np.random.default_rng(seed).standard_normal(9))
        draw(ax)
        names = [each for each in only(artists, Label) if each.get_text().endswith("= 0")]
        lines = {line.get_label(): line for line in only(artists, Line2D)}
        assert {each.get_text() for each in names} == {label for label, line in lines.items() if room_on(ax, line)}
        for name, line in [(each, lines[each.get_text()]) for each in names]:
            (x0, y0), (x1, y1) = line.get_xydata()
            x, y = name.get_position()
            assert (x1 - x0) * (y - y0) == pytest.approx((y1 - y0) * (x - x0), abs=1e-9)
        boxes = [each.get_bbox_patch().get_window_extent() for each in names]
        assert all(
            ax.bbox.padded(1).containsx(x) and ax.bbox.padded(1).containsy(y) for box in boxes for x, y in box.corners()
        )
        boxes += [each.get_bbox_patch().get_window_extent() for each in only(artists, Annotation)]
        rows = ax.transData.transform(XOR.x)
        assert not any(box.padded(3).contains(*row) for box in boxes for row in rows)
        assert not any(box.overlaps(other) for box, other in combinations(boxes, 2))
        for artist in artists:
            artist.remove()
    many = Network(XOR.x, XOR.y, hidden=5, activation="tanh", loss="log")
    assert not only(plots.output_over(ax, many, np.random.default_rng(0).standard_normal(21)), Label)


def test_only_outputs_that_are_no_probabilities_may_lie_beyond_the_bar(ax):
    for network, beyond in ((XOR, "neither"), (ARTICLE, "both")):
        _, bar = plots.square(ax, network)
        assert bar._colorbar.extend == beyond
        assert bar.get_ylabel() == f"colour: {'p' if network is XOR else 'ŷ'}; in a circle: y"


def test_a_square_around_one_row_and_one_target_has_a_width_and_colours(ax):
    rows, _ = plots.square(ax, ARTICLE[0])
    assert np.ptp(ax.get_xlim()) == pytest.approx(1.5)
    assert (rows.norm.vmin, rows.norm.vmax) == (0.8, 1.8)


# ---- learning curves -------------------------------------------------------------------------------------------------


def test_learning_curves_are_losses_on_both_kinds_of_rows(ax):
    held_out = XOR[:2]
    losses = held_out.loss(RUN.parameters)
    own, other, least = plots.learning_curves(ax, RUN, held_out)
    np.testing.assert_array_equal(own.get_ydata(), RUN.losses)
    np.testing.assert_array_equal(other.get_ydata(), losses)
    assert least.get_xydata().tolist() == [[losses.argmin(), losses.min()]]
    assert least.get_label() == f"least, at step {losses.argmin()}"


def test_losses_that_were_not_worked_out_are_left_out(ax):
    run = descend(XOR, np.ones(9), 0.5, 12, order="one by one", record_losses="epoch")
    (own,) = plots.learning_curves(ax, run)
    assert own.get_xdata().tolist() == [0, 4, 8, 12]
    np.testing.assert_array_equal(own.get_ydata(), run.losses[::4])


# ---- words and bad input ---------------------------------------------------------------------------------------------


def test_pictures_tell_what_they_show():
    figure = Figure(figsize=(9, 4))
    left, right = figure.subplots(1, 2)
    plots.network_graph(left, ARTICLE[0], START)
    plots.square(right, XOR)
    plots.output_over(right, XOR, RUN.theta)
    said = describe(figure)
    for words_of in (
        "“slopes” of 3 lines",
        "h₁ = 0.9",
        "∂L/∂v₁ = −0.63",
        "Output p over the inputs",
        "“z₁ = 0”",
        "“outputs”",
    ):
        assert words_of in said


@pytest.mark.parametrize(
    ("attempt", "error", "message"),
    [
        (lambda ax: plots.network_graph(ax, ARTICLE, START), ValueError, "network must be a single row"),
        (lambda ax: plots.network_graph(ax, ARTICLE[0], START[:8]), ValueError, r"theta must have shape \(9,\)"),
        (lambda ax: plots.network_graph(ax, ARTICLE[0], START * np.nan), ValueError, "theta must be finite"),
        (lambda ax: plots.network_graph(ax, ARTICLE[0], START, forward=4), ValueError, "forward must be from 0 to 3"),
        (lambda ax: plots.network_graph(ax, ARTICLE[0], START, backward=3), ValueError, "backward must be from 0 to 2"),
        (lambda ax: plots.square(ax, ARTICLE, span=(1, 1)), ValueError, "span must be a low and a higher number"),
        (lambda _: plots.network_graph(None, ARTICLE[0], START), TypeError, "ax must be a matplotlib Axes"),
        (lambda ax: plots.square(ax, Network([1.0], [1.0])), ValueError, "network must have two features"),
        (lambda ax: plots.square(ax, Network([[1, 2]], [[1, 2]])), ValueError, "network must have one output"),
        (lambda ax: plots.square(ax, Network([[1, 2]], [[1]])), ValueError, "network must have one output"),
        (
            lambda ax: plots.learning_curves(ax, descend(XOR, np.ones(9), [0.1, 0.2], 2)),
            ValueError,
            "run must be a single descent",
        ),
    ],
)
def test_bad_input_is_named(attempt, error, message, ax):
    with pytest.raises(error, match=message):
        attempt(ax)


def test_a_graph_is_of_a_network():
    with pytest.raises(TypeError, match=r"^network must be a Network, got LinearRegression$"):
        plots.network_graph(Figure().add_subplot(), LinearRegression(*worked_example()), np.zeros(3))


def test_a_fold_of_huge_weights_is_where_it_is():
    network, ax = Network(*worked_example(), hidden=1), Figure().add_subplot()
    plots.square(ax, network)
    small, huge = (plots.output_over(ax, network, [s, -s, 0, 1, 0]) for s in (1.0, 1e200))
    np.testing.assert_allclose(*(one(artists, Line2D).get_xydata() for artists in (small, huge)))
