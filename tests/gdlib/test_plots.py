"""Pictures against the mathematics: what an artist holds is what the problem or the run says."""

import sys
from pathlib import Path

import numpy as np
import pytest
from artists import assert_layer_only_adds_what_it_returns, draw, labelled, one, only, words
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import AxLine, Line2D
from matplotlib.quiver import Quiver

from gdlib import data, plots
from gdlib.curvature import best_rate, curvatures, round_limit, stability_limit
from gdlib.descent import descend
from gdlib.linear import LinearRegression
from gdlib.problem import Curve, parabola, plateau, two_minima

pytestmark = pytest.mark.filterwarnings(
    "error",
    # Not ours: an old matplotlib calls a new pyparsing by names that it had before.
    r"ignore:'\w+' (argument is )?deprecated:DeprecationWarning:(matplotlib|pyparsing)\.",
)

TWO_ROWS = LinearRegression(*data.worked_example())
SIX = LinearRegression(*data.six_points())
CURVE = parabola(curvature=2, minimum=1)


# ---- grounds and layers ----------------------------------------------------------------------------------------------

RUN = descend(TWO_ROWS, np.zeros(3), 0.3, 12, order="one by one")
GROWING = descend(TWO_ROWS, np.zeros(3), 0.9, 12)
DIVERGED = descend(TWO_ROWS, np.zeros(3), 1.5, 4000)
ON_CURVE = descend(CURVE, -1.0, 0.7, 8)
OFF_CURVE = descend(CURVE, 2.0, 1.2, 4000)
SWEEP = descend(TWO_ROWS, np.zeros(3), np.geomspace(0.01, 1000, 30), 300)

GROUNDS = {
    "curve": lambda ax: plots.curve(ax, CURVE, (-2, 4)),
    "data": lambda ax: plots.data(ax, SIX),
    "contours": lambda ax: plots.contours(ax, TWO_ROWS, plots.plane_of(TWO_ROWS)),
    "loss_axes": lambda ax: plots.loss_axes(ax, steps=12, lowest=1e-6, highest=10),
    "regimes": lambda ax: plots.regimes(ax, TWO_ROWS, low=0.01, high=10),
    "sweep": lambda ax: plots.sweep(ax, SWEEP),
}
LAYERS = {
    "tangent": ("curve", lambda ax: plots.tangent(ax, CURVE, -1)),
    "tangent, out": ("curve", lambda ax: plots.tangent(ax, CURVE, 1e200)),
    "steps": ("curve", lambda ax: plots.steps_on_curve(ax, CURVE, ON_CURVE)),
    "steps, diverged": ("curve", lambda ax: plots.steps_on_curve(ax, CURVE, OFF_CURVE)),
    "steps, none": ("curve", lambda ax: plots.steps_on_curve(ax, CURVE, ON_CURVE, upto=0)),
    "fit": ("data", lambda ax: plots.fit(ax, SIX, (0.2, 1))),
    "fit, far": ("data", lambda ax: plots.fit(ax, SIX, (-1e150, 1e150))),
    "fit, no squares": ("data", lambda ax: plots.fit(ax, SIX, (-1, 50), squares=False)),
    "path": ("contours", lambda ax: plots.path(ax, RUN, plots.plane_of(TWO_ROWS), label="η = 0.3")),
    "path, diverged": ("contours", lambda ax: plots.path(ax, DIVERGED, plots.plane_of(TWO_ROWS))),
    "losses": ("loss_axes", lambda ax: plots.losses(ax, RUN, label="η = 0.3")),
    "losses, diverged": ("loss_axes", lambda ax: plots.losses(ax, DIVERGED)),
    "rate": ("regimes", lambda ax: plots.rate_marker(ax, 0.1)),
    "rate, zero": ("regimes", lambda ax: plots.rate_marker(ax, 0)),
}


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_ground_returns_what_it_added_and_fixes_the_limits(ground, ax):
    before = set(ax.get_children())
    artists = GROUNDS[ground](ax)
    assert set(artists) - {a for a in artists if a.axes is not ax} - {*ax.figure.axes} == {
        child for child in set(ax.get_children()) - before if child.get_label() != "<colorbar>"
    }
    assert not ax.get_autoscale_on()
    assert ax.get_title()
    assert ax.get_xlabel()
    draw(ax)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_only_adds_what_it_returns_and_the_same_each_time(layer, ax):
    ground, layer = LAYERS[layer]
    GROUNDS[ground](ax)
    assert_layer_only_adds_what_it_returns(layer, ax)


@pytest.mark.parametrize("layer", LAYERS)
def test_everything_drawn_is_finite_and_near_the_picture(layer, ax):
    ground, layer = LAYERS[layer]
    GROUNDS[ground](ax)
    for artist in layer(ax):
        if type(artist) is Line2D:
            assert np.isfinite(artist.get_xydata()).all()
        if isinstance(artist, LineCollection | PolyCollection):
            for path in artist.get_paths():
                assert np.abs(path.vertices).max() < 1e3


def test_nothing_is_on_pyplot():
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()
    assert "pyplot" not in Path(plots.__file__).read_text(encoding="utf-8")


# ---- a loss of one parameter -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("each", [parabola(), two_minima(), plateau()])
def test_a_curve_is_the_graph_of_its_loss_with_its_tangent(each, ax):
    line = one(plots.curve(ax, each, (-3, 3), points=31), Line2D)
    theta, heights = line.get_data()
    assert len(theta) == 31
    assert theta[[0, -1]].tolist() == [-3, 3]
    np.testing.assert_array_equal(heights, each.f(theta))
    artists = plots.tangent(ax, each, 1.5)
    line = one(artists, AxLine)
    assert line.get_slope() == each.slope(1.5)
    np.testing.assert_array_equal(line.get_xy1(), (1.5, each.f(1.5)))
    assert one(artists, Line2D).get_xydata().tolist() == [[1.5, each.f(1.5)]]
    assert f"slope {each.slope(1.5):.3g}".replace("-", "−") in words(artists)


def test_steps_stand_on_the_curve_and_each_arrow_leads_to_the_next(ax):
    plots.curve(ax, CURVE, (-2, 4))
    artists = plots.steps_on_curve(ax, CURVE, ON_CURVE, upto=5)
    theta = ON_CURVE.parameters[:6, 0]
    points = np.column_stack([theta, CURVE.f(theta)])
    np.testing.assert_allclose(one(artists, Line2D).get_xydata(), points)
    arrows = one(artists, Quiver)
    np.testing.assert_allclose(arrows.get_offsets(), points[:-1])
    np.testing.assert_allclose(np.column_stack([arrows.U, arrows.V]), np.diff(points, axis=0), atol=1e-12)
    assert "outside" not in words(artists)
    assert {"0", "5"} <= set(words(artists).split("\n"))


def test_steps_that_leave_the_picture_end_at_its_frame_and_are_told(ax):
    plots.curve(ax, CURVE, (-2, 4))
    artists = plots.steps_on_curve(ax, CURVE, OFF_CURVE)
    theta = OFF_CURVE.parameters[:, 0]
    outside = np.flatnonzero(np.abs(theta - 1) > 3)
    assert f"outside the picture: steps {outside[0]}–{len(OFF_CURVE)}" in words(artists)
    assert f"diverged after step {len(OFF_CURVE)}" in words(artists)
    assert len(one(artists, Line2D).get_xdata()) == outside[0]
    arrows = one(artists, Quiver)
    tip = arrows.get_offsets()[-1] + (arrows.U[-1], arrows.V[-1])
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert min(abs(tip[0] - left), abs(tip[0] - right), abs(tip[1] - bottom), abs(tip[1] - top)) < 1e-9
    early = plots.steps_on_curve(ax, CURVE, OFF_CURVE, upto=int(outside[0]) - 1)
    assert "outside" not in words(early)
    assert "diverged" not in words(early)


def test_what_is_outside_is_told_by_its_numbers_or_counted(ax):
    plots.curve(ax, CURVE, (-2, 4))
    run = descend(CURVE, 1.5, 0.1, 4)
    for places, said in (([9, 0, 1, 2, 3], "step 0"), ([0, 1, 9, 9, 3], "steps 2–3"), ([0, 9, 2, 9, 2], "2 steps")):
        object.__setattr__(run, "parameters", np.array(places, float)[:, np.newaxis])
        assert words(plots.steps_on_curve(ax, CURVE, run)).split("\n")[-1] == f"outside the picture: {said}"
    assert words(plots.tangent(ax, CURVE, 9)) == "outside the picture: θ = 9"


# ---- a line through points -------------------------------------------------------------------------------------------


def test_data_are_the_rows_on_equal_scales(ax):
    np.testing.assert_array_equal(one(plots.data(ax, SIX), Line2D).get_xydata(), np.column_stack([SIX.x[:, 0], SIX.y]))
    draw(ax)
    ((x0, y0), (x1, y1)) = ax.transData.transform([(0, 0), (1, 1)])
    assert x1 - x0 == pytest.approx(y1 - y0)


@pytest.mark.parametrize("theta", [(0.2, 1.2), (-0.1, 2.2), (0, 1.8)])
def test_a_square_has_the_error_as_its_side_and_the_squared_error_as_its_area(theta, ax):
    plots.data(ax, SIX)
    artists = plots.fit(ax, SIX, theta)
    errors = SIX.residuals(theta)
    areas = []
    squares = one(artists, PolyCollection).get_paths()
    for path, error, x, y in zip(squares, errors, SIX.x[:, 0], SIX.y, strict=True):
        corners = path.vertices[:4]
        wide, high = np.ptp(corners, axis=0)
        assert wide == pytest.approx(abs(error))
        assert high == pytest.approx(abs(error))
        assert [x, y] in corners.tolist()
        areas.append(wide * high)
        # the line touches a square at its own row's output and crosses none
        above = corners[:, 1] - SIX.predict(theta, corners[:, 0])
        assert (above * np.sign(error) <= 1e-12).all()
    np.testing.assert_allclose(areas, errors**2)
    assert np.mean(areas) == pytest.approx(SIX.loss(theta))
    assert f"mean area L = {SIX.loss(theta):.3g}" in words(artists)
    beyond = sum(any(not ax.viewLim.contains(*corner) for corner in path.vertices) for path in squares)
    assert words(artists).endswith(f"parts of {beyond} of 6 squares") == (beyond > 0)


def test_the_fitted_line_and_the_errors_are_those_of_theta(ax):
    plots.data(ax, SIX)
    artists = plots.fit(ax, SIX, (0.6, -0.25), squares=False)
    line = one(artists, AxLine)
    assert (line.get_slope(), line.get_xy1()) == (0.6, (0, -0.25))
    assert line.get_label() == "ŷ = 0.6·x − 0.25"
    segments = one(artists, LineCollection).get_segments()
    np.testing.assert_allclose([end[1] - start[1] for start, end in segments], SIX.residuals((0.6, -0.25)))
    assert not only(artists, PolyCollection)


def test_squares_and_lines_that_leave_the_picture_are_told(ax):
    plots.data(ax, SIX)
    top = ax.get_ylim()[1]
    high = top - 0.1
    beyond = int((SIX.x[:, 0] + SIX.residuals((0, high)) > ax.get_xlim()[1]).sum())
    assert 0 < beyond < 6
    said = words(plots.fit(ax, SIX, (0, high))).split("\n")[-1]
    assert said == f"outside the picture: parts of {beyond} of 6 squares"
    assert "outside" not in words(plots.fit(ax, SIX, (0, high), squares=False))
    gone = plots.fit(ax, SIX, (0, top + 1), squares=False)
    assert words(gone) == "outside the picture: parts of 6 of 6 errors, the line"
    assert not only(gone, AxLine)


# ---- the loss over a plane -------------------------------------------------------------------------------------------


def test_two_parameters_are_their_own_plane():
    plane = plots.plane_of(SIX)
    assert plane.names == ("w", "b")
    np.testing.assert_array_equal(plane.project([0.3, -2]), [0.3, -2])
    np.testing.assert_array_equal(plane.lift(0.3, -2), [0.3, -2])


def test_the_plane_of_two_rows_is_their_span():
    plane = plots.plane_of(TWO_ROWS)
    weights = np.random.default_rng(0).standard_normal((5, 2))
    theta = weights @ TWO_ROWS.design
    np.testing.assert_allclose(plane.lift(*plane.project(theta).T), theta)
    flat = np.cross(*TWO_ROWS.design)
    np.testing.assert_allclose(plane.project(flat), 0, atol=1e-12)
    assert plane.names == ("u₁ (steep)", "u₂ (gentle)")


def test_the_first_axis_of_the_plane_is_the_steepest():
    problem = LinearRegression(*data.rents())
    plane = plots.plane_of(problem)
    along = [direction @ problem.hessian() @ direction for direction in plane.directions.T]
    np.testing.assert_allclose(along, curvatures(problem)[[-1, -2]])
    assert plane.names == ("u₁ (steep)", "u₂ (less steep)")


@pytest.mark.parametrize("problem", [SIX, TWO_ROWS])
def test_contours_are_lines_of_equal_loss_around_the_minimum(problem, ax):
    plane = plots.plane_of(problem)
    artists = plots.contours(ax, problem, plane)
    ((u, v),) = labelled(artists, "minimum").get_xydata()
    np.testing.assert_allclose([u, v], plane.project(problem.minimizer()))
    np.testing.assert_allclose(problem.gradient(plane.lift(u, v)), 0, atol=1e-12)
    lines = artists[1]
    span = problem.loss(plane.lift(*ax.viewLim.max))
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        np.testing.assert_allclose(problem.loss(plane.lift(*path.vertices.T)), level, atol=2e-3 * span)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < 0 < right
    assert bottom < 0 < top


def test_contours_keep_to_the_span_and_levels_asked_for(ax):
    artists = plots.contours(ax, SIX, plots.plane_of(SIX), span=((0, 1), (-1, 2)), levels=[2, 0.5, 1])
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 1), (-1, 2))
    assert artists[1].levels.tolist() == [0.5, 1, 2]


def test_contours_far_from_the_minimum_are_drawn_all_the_same(ax):
    plots.contours(ax, SIX, plots.plane_of(SIX), span=((50, 51), (50, 51)))
    draw(ax)


def test_a_valley_without_end_is_named_so(ax):
    plane = plots.plane_of(TWO_ROWS[0])
    assert plane.names == ("u₁ (steep)", "u₂ (flat)")
    labelled(plots.contours(ax, TWO_ROWS[0], plane), "minimum nearest to θ = 0")


def test_a_path_is_the_projected_parameters(ax):
    plane = plots.plane_of(TWO_ROWS)
    plots.contours(ax, TWO_ROWS, plane)
    artists = plots.path(ax, RUN, plane, upto=10, label="one by one")
    points = plane.project(RUN.parameters[:11])
    dots, start, end = only(artists, Line2D)
    np.testing.assert_allclose(dots.get_xydata(), points)
    np.testing.assert_allclose(start.get_xydata(), points[:1])
    np.testing.assert_allclose(end.get_xydata(), points[-1:])
    assert start.get_marker() != end.get_marker()
    (line,) = labelled(artists, "one by one").get_segments()
    np.testing.assert_allclose(line, points)
    assert words(artists) == "θ₀\nθ₁₀"


def test_a_path_stops_at_the_frame_and_says_which_steps_are_outside(ax):
    plane = plots.plane_of(TWO_ROWS)
    plots.contours(ax, TWO_ROWS, plane, span=((-0.2, 1.3), (-1, 0.4)))
    artists = plots.path(ax, DIVERGED, plane, label="η = 1.5")
    assert f"η = 1.5: outside the picture: steps 1–{len(DIVERGED)}\ndiverged after step" in words(artists)
    (line,) = one(artists, LineCollection).get_segments()
    np.testing.assert_allclose(line[0], [0, 0], atol=1e-12)
    assert line[1, 0] == pytest.approx(1.3)
    first = plane.project(DIVERGED.parameters[1])
    assert line[1, 1] == pytest.approx(1.3 * first[1] / first[0])  # the exit lies on the way to θ₁


def test_a_path_that_comes_back_is_drawn_in_two_pieces(ax):
    plane = plots.plane_of(SIX)
    plots.contours(ax, SIX, plane, span=((-1, 1), (-1, 1)))
    run = descend(SIX, [0.0, 0.0], 0.1, 2)
    detour = np.array([[0, 0], [0.5, 2], [0.5, -0.5]])
    object.__setattr__(run, "parameters", detour)
    artists = plots.path(ax, run, plane)
    pieces = one(artists, LineCollection).get_segments()
    np.testing.assert_allclose(np.concatenate(pieces), [(0, 0), (0.25, 1), (0.5, 1), (0.5, -0.5)])
    assert "outside the picture: step 1" in words(artists)


def test_notes_on_several_paths_stand_below_each_other(ax):
    plane = plots.plane_of(TWO_ROWS)
    plots.contours(ax, TWO_ROWS, plane)
    for run in (DIVERGED, GROWING):
        plots.path(ax, run, plane)
    draw(ax)
    boxes = [text.get_window_extent() for text in ax.texts if text.get_gid() == "note"]
    assert len(boxes) == 2
    assert not boxes[0].overlaps(boxes[1])


# ---- the loss, step by step ------------------------------------------------------------------------------------------


def test_losses_are_those_of_the_run(ax):
    plots.loss_axes(ax, steps=12, lowest=1e-6, highest=10)
    line = one(plots.losses(ax, RUN, label="η = 0.3"), Line2D)
    np.testing.assert_array_equal(line.get_xdata(), np.arange(13))
    np.testing.assert_array_equal(line.get_ydata(), RUN.losses)
    assert line.get_label() == "η = 0.3"


def test_a_loss_of_zero_is_drawn_on_the_lower_edge(ax):
    plots.loss_axes(ax, steps=5, lowest=1e-6, highest=10)
    landed = descend(parabola(), 1.0, 1.0, 5)
    assert landed.losses[-1] == 0
    line = one(plots.losses(ax, landed), Line2D)
    assert line.get_ydata().tolist() == [0.5, *[1e-6] * 5]


def test_growing_and_diverging_are_told_apart(ax):
    bounce = descend(parabola(), 1.0, 2.0, 12)
    slow = descend(parabola(), 1.0, 2.01, 12)
    fast = descend(parabola(), 1.0, 4, 12)
    blown = descend(parabola(), 1.0, 4, 4000)
    plots.loss_axes(ax, steps=12, lowest=1e-6, highest=10)
    for run, word in ((bounce, ""), (slow, "grows"), (fast, "diverges"), (blown, "diverges")):
        assert words(plots.losses(ax, run)) == word
        labelled(plots.losses(ax, run, label="η"), f"η ({word})" if word else "η")
    draw(ax)


def test_lines_of_losses_differ_without_their_colours(ax):
    plots.loss_axes(ax, steps=12, lowest=1e-6, highest=10)
    lines = [one(plots.losses(ax, RUN, label=str(k)), Line2D) for k in range(5)]
    assert len({line.get_marker() for line in lines}) == 5
    assert len({line.get_color() for line in lines}) == 5


# ---- learning rates --------------------------------------------------------------------------------------------------


def bands(artists):
    """Return the bands of a ruler: word, low and high."""
    return [
        (artist.get_label(), *artist.get_extents().transformed(artist.axes.transData.inverted()).intervalx)
        for artist in artists
        if artist.get_label() in {"glides", "overshoots", "diverges", "settles"}
    ]


def test_the_bands_of_the_ruler_meet_at_the_limits(ax):
    steepest = curvatures(TWO_ROWS)[-1]
    artists = plots.regimes(ax, TWO_ROWS, low=0.01, high=10)
    found = bands(artists)
    assert [word for word, *_ in found] == ["glides", "overshoots", "diverges"]
    edges = [0.01, 1 / steepest, stability_limit(TWO_ROWS), 10]
    np.testing.assert_allclose([low for _, low, _ in found], edges[:-1])
    np.testing.assert_allclose([high for *_, high in found], edges[1:])
    marks = [line.get_xdata()[0] for line in ax.lines]
    np.testing.assert_allclose(marks, [1 / steepest, best_rate(TWO_ROWS), 2 / steepest])
    assert {"glides", "overshoots", "diverges"} <= set(words(artists).split("\n"))  # words, not only colours
    assert len({patch.get_hatch() for patch in ax.patches}) == 3


def test_the_ruler_of_single_samples_has_the_limit_of_the_round(ax):
    found = bands(plots.regimes(ax, TWO_ROWS, order="one by one", low=0.01, high=10))
    assert [word for word, *_ in found] == ["settles", "diverges"]
    assert found[0][2] == pytest.approx(round_limit(TWO_ROWS))
    assert found[1][1] == pytest.approx(round_limit(TWO_ROWS))


def test_a_ruler_shows_only_what_it_spans(ax):
    artists = plots.regimes(ax, TWO_ROWS, low=0.001, high=0.01)
    assert [word for word, *_ in bands(artists)] == ["glides"]
    assert not ax.lines


def test_the_words_on_the_ruler_do_not_overlap(ax):
    for problem in (TWO_ROWS, LinearRegression(*data.narrow_valley())):
        ax.clear()
        artists = plots.regimes(ax, problem, low=0.01, high=5)
        draw(ax)
        boxes = [artist.get_window_extent() for artist in artists if hasattr(artist, "get_text")]
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize(("eta", "said"), [(0.3, "η = 0.3"), (0, "← η = 0"), (50, "η = 50 →")])
def test_a_rate_stands_where_it_is_or_is_pointed_to(eta, said, ax):
    plots.regimes(ax, TWO_ROWS, low=0.01, high=10)
    artists = plots.rate_marker(ax, eta)
    assert words(artists) == said
    assert [line.get_xdata()[0] for line in only(artists, Line2D)] == [eta] * (0.01 <= eta <= 10)


def test_a_sweep_shows_the_losses_and_hides_what_diverged(ax):
    mesh = plots.sweep(ax, SWEEP)[0]
    shown = mesh.get_array().reshape(len(SWEEP) + 1, len(SWEEP.eta))
    gone = SWEEP.diverged & (np.arange(len(SWEEP) + 1)[:, np.newaxis] > SWEEP.stop_step)
    assert gone.any()
    np.testing.assert_array_equal(np.ma.getmaskarray(shown), gone)
    expected = np.log10(np.maximum(SWEEP.losses, 1e-12 * SWEEP.losses[0, 0]))
    np.testing.assert_allclose(np.ma.filled(shown, 0)[~gone], expected[~gone])
    eta = mesh.get_coordinates()[0, :, 0]
    assert ((eta[:-1] < SWEEP.eta) & (SWEEP.eta < eta[1:])).all()
    assert any(patch.get_hatch() for patch in ax.patches)


def test_a_sweep_without_divergence_has_no_hatch(ax):
    plots.sweep(ax, descend(TWO_ROWS, np.zeros(3), [0.1, 0.2, 0.4], 10))
    assert not any(patch.get_hatch() for patch in ax.patches)


@pytest.mark.parametrize(("eta", "said"), [(4e-5, "4·10⁻⁵"), (0.1, "0.1"), (2.5e30, "2.5·10³⁰"), (123456, "1.23·10⁵")])
def test_numbers_are_printed_as_in_a_text(eta, said, ax):
    plots.regimes(ax, TWO_ROWS, low=1e-6, high=1e40)
    assert words(plots.rate_marker(ax, eta)) == f"η = {said}"


# ---- arguments -------------------------------------------------------------------------------------------------------

PLANE = plots.plane_of(TWO_ROWS)
BAD = {
    "ax must": lambda ax: plots.curve(ax.figure, CURVE, (0, 1)),
    "ax must be": lambda ax: plots.losses("no", RUN),
    "span must": lambda ax: plots.curve(ax, CURVE, (1, 0)),
    "span must be": lambda ax: plots.curve(ax, CURVE, 3),
    "points": lambda ax: plots.curve(ax, CURVE, (0, 1), points=1),
    "curve.f": lambda ax: plots.curve(ax, Curve(np.log, np.reciprocal), (-1, -0.5)),
    "theta must be finite": lambda ax: plots.tangent(ax, CURVE, np.nan),
    "upto": lambda ax: plots.steps_on_curve(ax, CURVE, ON_CURVE, upto=-1),
    "upto must": lambda ax: plots.path(ax, RUN, PLANE, upto=1.5),
    "run must be a single": lambda ax: plots.path(ax, SWEEP, PLANE),
    "run must be a": lambda ax: plots.losses(ax, SWEEP),
    "run must have two": lambda ax: plots.sweep(ax, RUN),
    "run must have": lambda ax: plots.sweep(ax, descend(CURVE, 1.0, [0, 0.1], 3)),
    "problem must have one feature": lambda ax: plots.data(ax, TWO_ROWS),
    "problem must have one": lambda ax: plots.fit(ax, TWO_ROWS, (0, 0)),
    "theta must be": lambda ax: plots.fit(ax, SIX, (0, 0, 0)),
    "theta": lambda ax: plots.fit(ax, SIX, ("a", "b")),
    "problem must have two": lambda ax: plots.plane_of(CURVE),
    "theta must have 3": lambda ax: PLANE.project([0, 0]),
    "span": lambda ax: plots.contours(ax, TWO_ROWS, PLANE, span=((0, 1), (0, np.inf))),
    "levels": lambda ax: plots.contours(ax, TWO_ROWS, PLANE, levels=[]),
    "levels must": lambda ax: plots.contours(ax, TWO_ROWS, PLANE, levels=[1, 1]),
    "steps": lambda ax: plots.loss_axes(ax, steps=0, lowest=1, highest=2),
    "lowest, highest": lambda ax: plots.loss_axes(ax, steps=5, lowest=0, highest=2),
    "low, high": lambda ax: plots.regimes(ax, TWO_ROWS, low=0, high=2),
    "order": lambda ax: plots.regimes(ax, TWO_ROWS, order="mini-batch", low=0.1, high=2),
    "eta": lambda ax: plots.rate_marker(ax, -1),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_arguments_are_named(message, ax):
    with pytest.raises((TypeError, ValueError), match=message):
        BAD[message](ax)


# ---- problems that are no linear regressions -------------------------------------------------------------------------


class Median(LinearRegression):
    """A loss of its own, without a gradient: nobody descends here."""

    def loss(self, theta):
        return np.abs(self.residuals(theta)).mean(axis=-1)


class Nameless:
    """A problem with nothing but what descend asks for."""

    names = ("a", "b")

    def loss(self, theta):
        return np.square(theta).sum(axis=-1)


@pytest.mark.parametrize("problem", [Median(*data.six_points()), Nameless()], ids=lambda each: type(each).__name__)
def test_contours_need_no_minimum_where_the_span_is_given(problem, ax):
    plane = plots.plane_of(problem)
    with pytest.raises(ValueError, match=r"^span must be given: the problem has no minimizer\(\)"):
        plots.contours(ax, problem, plane)
    artists = plots.contours(ax, problem, plane, span=((-1, 2), (-2, 1)))
    assert not only(artists, Line2D)  # no star where no minimum is known
    filled, heights = artists[0], problem.loss(np.stack(np.meshgrid(*np.linspace((-1, -2), (2, 1), 141).T), axis=-1))
    assert filled.levels[0] == pytest.approx(heights.min() + np.ptp(heights) / 2**10)
    draw(ax)


def test_the_squares_are_those_of_the_squared_error_alone(ax):
    plots.data(ax, SIX)
    with pytest.raises(TypeError, match=r"^Median has loss\(\) of its own"):
        plots.fit(ax, Median(*data.six_points()), (0, 1))
    assert plots.fit(ax, Median(*data.six_points()), (0, 1), squares=False)


class Nearest(Median):
    """A class that knows its minimum, and no curvature; or that slips where it works it out."""

    slip = False

    def minimizer(self):
        return self.nowhere if self.slip else np.array([0.5, 1.0])


def test_a_minimum_of_ones_own_has_its_star_and_a_slip_is_told(ax):
    problem = Nearest(*data.six_points())
    assert one(plots.contours(ax, problem, plots.plane_of(problem)), Line2D).get_label() == "minimum"
    problem.slip = True
    with pytest.raises(AttributeError, match="nowhere"):
        plots.contours(ax, problem, plots.plane_of(problem))
