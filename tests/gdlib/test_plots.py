"""Pictures against the mathematics: what an artist holds is what the problem or the run says."""

import sys
from pathlib import Path

import numpy as np
import pytest
from artists import assert_layer_only_adds_what_it_returns, draw, labelled, one, only, words
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import AxLine, Line2D
from matplotlib.quiver import Quiver
from matplotlib.text import Text

from gdlib import data, plots
from gdlib._drawing import beside_free
from gdlib._drawing import note as draw_note
from gdlib.classify import LogisticRegression, sigmoid
from gdlib.curvature import best_rate, curvatures, round_limit, stability_limit
from gdlib.descent import descend
from gdlib.linear import LinearRegression
from gdlib.plots.bowl import _round_levels
from gdlib.problem import Curve, parabola, plateau, two_minima

pytestmark = pytest.mark.filterwarnings(
    "error",
    # Not ours: an old matplotlib calls a new pyparsing by names that it had before.
    r"ignore:'\w+' (argument is )?deprecated:DeprecationWarning:(matplotlib|pyparsing)\.",
)

TWO_ROWS = LinearRegression(*data.worked_example())
SIX = LinearRegression(*data.six_points())
CURVE = parabola(curvature=2, minimum=1)
PAIR = LogisticRegression(data.standardised(data.iris()[0][50:, 2:]), data.iris()[1][50:] - 1)
PAIR_THETA = np.array([4.7, 4.4, 0.47])


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
    "classes": lambda ax: plots.classes(ax, PAIR),
    "score losses": lambda ax: plots.score_losses(ax),
}
LAYERS = {
    "tangent": ("curve", lambda ax: plots.tangent(ax, CURVE, -1)),
    "tangent, out": ("curve", lambda ax: plots.tangent(ax, CURVE, 1e200)),
    "secant": ("curve", lambda ax: plots.secant(ax, CURVE, -1, 1.5)),
    "secant, out": ("curve", lambda ax: plots.secant(ax, CURVE, 0, 1e200)),
    "direction": ("contours", lambda ax: plots.direction(ax, TWO_ROWS, plots.plane_of(TWO_ROWS), 30)),
    "steps": ("curve", lambda ax: plots.steps_on_curve(ax, CURVE, ON_CURVE)),
    "steps, diverged": ("curve", lambda ax: plots.steps_on_curve(ax, CURVE, OFF_CURVE)),
    "steps, none": ("curve", lambda ax: plots.steps_on_curve(ax, CURVE, ON_CURVE, upto=0)),
    "fit": ("data", lambda ax: plots.fit(ax, SIX, (0.2, 1))),
    "fit, far": ("data", lambda ax: plots.fit(ax, SIX, (-1e150, 1e150))),
    "fit, no squares": ("data", lambda ax: plots.fit(ax, SIX, (-1, 50), squares=False)),
    "path": ("contours", lambda ax: plots.path(ax, RUN, plots.plane_of(TWO_ROWS), label="η = 0.3")),
    "path, diverged": ("contours", lambda ax: plots.path(ax, DIVERGED, plots.plane_of(TWO_ROWS))),
    "losses": ("loss_axes", lambda ax: plots.losses(ax, RUN, label="η = 0.3")),
    "loss parts": ("loss_axes", lambda ax: plots.loss_parts(ax, GROWING)),
    "loss parts, diverged": ("loss_axes", lambda ax: plots.loss_parts(ax, DIVERGED)),
    "losses, diverged": ("loss_axes", lambda ax: plots.losses(ax, DIVERGED)),
    "rate": ("regimes", lambda ax: plots.rate_marker(ax, 0.1)),
    "probability": ("classes", lambda ax: plots.probability(ax, PAIR, PAIR_THETA)),
    "probability, far": ("classes", lambda ax: plots.probability(ax, PAIR, (1e-9, 0, 1e150))),
    "probability, steep": ("classes", lambda ax: plots.probability(ax, PAIR, (1e150, -1e150, 1))),
    "probability, none": ("classes", lambda ax: plots.probability(ax, PAIR, (0, 0, 1))),
    "tangents": ("score losses", lambda ax: plots.score_tangents(ax, -6)),
    "tangents, out": ("score losses", lambda ax: plots.score_tangents(ax, 1e200)),
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
    assert not any("pyplot" in path.read_text(encoding="utf-8") for path in Path(plots.__file__).parent.glob("*.py"))


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


@pytest.mark.parametrize("h", [2, 0.5, -1, 1e-4])
@pytest.mark.parametrize("each", [CURVE, two_minima()])
def test_a_secant_is_rise_over_run_and_turns_into_the_tangent(each, h, ax):
    plots.curve(ax, each, (-2, 4))
    artists = plots.secant(ax, each, 0.5, h)
    here, corner, there = (0.5, each.f(0.5)), (0.5 + h, each.f(0.5)), (0.5 + h, each.f(0.5 + h))
    assert labelled(artists, "run and rise").get_segments()[0].tolist() == [list(here), list(corner)]
    assert labelled(artists, "run and rise").get_segments()[1].tolist() == [list(corner), list(there)]
    slope = one(artists, AxLine).get_slope()
    assert slope == pytest.approx((there[1] - here[1]) / h)
    assert abs(slope - each.slope(0.5)) < 3 * abs(h)
    assert words(artists).endswith(f"= {slope:.3g}".replace("-", "−"))


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


@pytest.mark.parametrize(("least", "most"), [(0, 4.2), (0.065, 64), (1234.5, 1236), (1e-9, 3e-8), (3e6, 7e9)])
def test_levels_are_round_and_each_about_twice_as_far_above_the_least(least, most):
    levels = np.unique(_round_levels(least, most))
    assert least < levels[0]
    assert levels[-1] <= most
    assert len(levels) >= 8
    ratios = (levels[1:] - least) / (levels[:-1] - least)
    assert ((ratios > 1.2) & (ratios < 4)).all()
    assert all(len(f"{level:.12g}".replace(".", "").strip("0")) < 9 for level in levels)


def test_contour_labels_leave_the_room_of_a_note(ax):
    for problem in (SIX, TWO_ROWS, LinearRegression(*data.narrow_valley())):
        ax.clear()
        for _ in range(2):  # the second time the layout is known
            plots.contours(ax, problem, plots.plane_of(problem))
            draw(ax)
        note = ax.add_artist(draw_note(ax, "outside the picture: steps 1–50\ndiverged after step 50"))
        labels = [text for text in ax.texts if text is not note]
        assert labels
        assert not any(text.get_window_extent().overlaps(note.get_window_extent()) for text in labels)


@pytest.mark.parametrize("wide", [1.5, 2, 3, 8])
def test_a_note_is_no_wider_than_its_picture(wide):
    ax = Figure(figsize=(wide + 1, 3)).add_axes((0.1, 0.1, 0.8, 0.8))
    note = ax.add_artist(draw_note(ax, "outside the picture: steps 4–50\ndiverged after step 50"))
    box = note.get_window_extent()
    assert ax.bbox.x0 <= box.x0
    assert box.x1 <= ax.bbox.x1
    assert note.get_text().replace("\n", " ") == "outside the picture: steps 4–50 diverged after step 50"


@pytest.mark.parametrize(
    ("loc", "anchor", "beside"),
    [("lower left", None, True), ("upper left", None, False), ("lower left", (0, 1), False)],
)
def test_a_low_note_stands_beside_a_legend_that_is_in_its_way(loc, anchor, beside):
    ax = Figure(figsize=(8, 3)).add_axes((0.1, 0.1, 0.8, 0.6))
    ax.plot([0, 1], label="a line")
    legend = ax.legend(loc=loc, bbox_to_anchor=anchor)
    note = ax.add_artist(draw_note(ax, "below the picture: steps 4–50", low=True))
    legend, box = legend.get_window_extent(), note.get_window_extent()
    assert (note.xy[0] > 0.5) == beside
    assert not box.overlaps(legend)
    assert box.x1 <= ax.bbox.x1


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


@pytest.mark.parametrize("problem", [SIX, TWO_ROWS])
def test_the_curvature_of_a_direction_is_the_loss_s_second_difference(problem, ax):
    plane = plots.plane_of(problem)
    plots.contours(ax, problem, plane)
    least, seen = problem.loss(problem.minimizer()), []
    for angle in range(0, 181, 15):
        artists = plots.direction(ax, problem, plane, angle)
        tail, move = (arrow := one(artists, Quiver)).get_offsets()[0], np.array([arrow.U[0], arrow.V[0]])
        np.testing.assert_allclose(problem.gradient(plane.lift(*tail)), 0, atol=1e-12)
        assert np.degrees(np.arctan2(*move[::-1])) == pytest.approx(angle)
        bend = 2 * (problem.loss(plane.lift(*(tail + move))) - least) / (move @ move)
        assert float(words(artists).removeprefix("curvature ")) == pytest.approx(bend, rel=0.005)  # three digits
        seen.append(bend)
    assert seen[0] == pytest.approx(seen[-1])  # there and back is the same direction
    assert min(curvatures(problem)[-2:]) * 0.999 < min(seen) < max(seen) < curvatures(problem)[-1] * 1.001


def test_the_surface_is_the_loss_above_the_plane_with_a_run_on_it():
    ax = Figure().add_subplot(projection="3d")
    plane, run = plots.plane_of(SIX), descend(SIX, [0.0, 1.0], 0.1, 20)
    bowl, line = plots.surface(ax, SIX, plane, ((-1, 2), (-1, 3)), run=run)
    u, v, heights = line.get_data_3d()
    np.testing.assert_allclose(heights, SIX.loss(plane.lift(u, v)))
    np.testing.assert_allclose(np.column_stack([u, v]), run.parameters)
    assert plots.surface(ax, SIX, plane, ((-1, 2), (-1, 3)))[0].get_label() == bowl.get_label() == "mean loss"
    draw(ax)


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


def test_the_names_of_a_path_meet_no_other_writing(ax):
    """Wherever its end lies, θₖ stands apart from the contours' labels and from θ₀, inside the picture."""
    plane = plots.plane_of(TWO_ROWS)
    for _ in range(2):
        plots.contours(ax, TWO_ROWS, plane)
        draw(ax)
    for eta in np.linspace(0.01, 0.7, 30):
        ground = list(ax.texts)
        artists = plots.path(ax, descend(TWO_ROWS, np.zeros(3), eta, 7), plane)
        boxes = [text.get_window_extent() for text in ax.texts]
        assert len(boxes) == len(ground) + 2
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[max(len(ground), i + 1) :])
        for artist in artists:
            artist.remove()


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


def test_a_loss_below_the_picture_leaves_it_and_is_told(ax):
    """It must not look like a floor: nothing is drawn on the lower edge."""
    plots.loss_axes(ax, steps=5, lowest=1e-6, highest=10)
    landed, creeping = descend(parabola(), 1.0, 1.0, 5), descend(parabola(), 1.0, 0.99, 5)
    assert landed.losses[-1] == 0
    for run, said in ((landed, "steps 1–5"), (creeping, "steps 2–5"), (descend(parabola(), 1.0, 0.5, 5), "")):
        artists = plots.losses(ax, run)
        assert one(artists, Line2D).get_ydata().tolist() == run.losses.tolist()
        assert words(artists) == f"below the picture: {said}" * bool(said)
        assert one(plots.losses(ax, run, label="η"), Line2D).get_label() == "η"
    draw(ax)


@pytest.mark.parametrize("eta", [0.001, 0.1, 0.5, 0.66, 0.7157])
@pytest.mark.parametrize("problem", [TWO_ROWS, SIX, LinearRegression(*data.rents())])
def test_the_parts_and_the_least_loss_add_up_to_the_loss(problem, eta, ax):
    eta *= stability_limit(problem) / stability_limit(TWO_ROWS)
    run = descend(problem, np.zeros(len(problem.names)), eta, 30)
    plots.loss_axes(ax, steps=30, lowest=1e-9, highest=10)
    parts = np.array([line.get_ydata() for line in plots.loss_parts(ax, run)])
    np.testing.assert_allclose(parts.sum(axis=0) + problem.loss(problem.minimizer()), run.losses, rtol=1e-12)
    bent = curvatures(problem)[curvatures(problem) > 0][::-1]
    factors = (1 - eta * bent[:, np.newaxis]) ** 2
    np.testing.assert_allclose(parts[:, 1:], factors * parts[:, :-1], rtol=1e-5, atol=1e-15 * run.losses[0])


def test_the_parts_are_named_from_the_steepest_axis_on(ax):
    plots.loss_axes(ax, steps=30, lowest=1e-9, highest=10)
    for problem, names in (
        (TWO_ROWS[0], ["steep"]),
        (TWO_ROWS, ["steep", "gentle"]),
        (LinearRegression(*data.rents()), ["steep", "next", "gentle"]),
    ):
        lines = plots.loss_parts(ax, descend(problem, np.zeros(len(problem.names)), 1e-6, 3))
        assert [line.get_label() for line in lines] == [f"along the {name} axis" for name in names]
        assert len({line.get_linestyle() for line in lines}) == len(lines)


def test_a_part_ends_where_only_rounding_is_left_of_it(ax):
    """Beside an axis that blows up, the other's distance drowns in the last digits; its part shrinks all the same."""
    plots.loss_axes(ax, steps=50, lowest=1e-9, highest=10)
    run = descend(TWO_ROWS, np.zeros(3), 10, 50)
    steep, gentle = (line.get_ydata() for line in plots.loss_parts(ax, run))
    assert len(steep) == 51
    assert 3 < len(gentle) < 20
    factor = (1 - 10 * curvatures(TWO_ROWS)[1]) ** 2
    np.testing.assert_allclose(gentle[1:] / gentle[:-1], factor, rtol=0.05)
    landed = descend(TWO_ROWS, np.zeros(3), 1 / curvatures(TWO_ROWS)[-1], 20)
    assert len(plots.loss_parts(ax, landed)[0].get_ydata()) == 21  # it falls out of the picture


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
        if artist.get_label() in {"glides", "overshoots", "diverges", "settles", "may diverge"}
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
    assert [word for word, *_ in found] == ["settles", "may diverge"]
    assert found[0][2] == pytest.approx(round_limit(TWO_ROWS))
    assert found[1][1] == pytest.approx(round_limit(TWO_ROWS))


@pytest.mark.parametrize("wide", [3, 6, 9])
def test_the_words_on_the_ruler_stay_in_their_bands(wide):
    ax = Figure(figsize=(wide, 2)).add_axes((0.05, 0.3, 0.9, 0.5))
    artists = plots.regimes(ax, TWO_ROWS, low=0.001, high=10)
    said = {text.get_text(): text.get_window_extent() for text in only(artists, Text)}
    assert ("overshoots" in said) == (wide > 6)  # where there is no room for a word, there is none
    for word, low, high in bands(artists):
        left, right = ax.transData.transform([(low, 0), (high, 0)])[:, 0]
        assert word not in said or left < said[word].x0 < said[word].x1 < right


def test_a_rate_at_an_end_is_not_cut(ax):
    plots.regimes(ax, TWO_ROWS, low=0.01, high=10)
    for eta in (0.01, 10):
        assert not any(artist.get_clip_on() for artist in plots.rate_marker(ax, eta))


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


# ---- two classes -----------------------------------------------------------------------------------------------------


def test_classes_are_the_rows_with_a_marker_for_each(ax):
    artists = plots.classes(ax, PAIR)
    for k, marker in ((0, "o"), (1, "s")):
        points = labelled(artists, f"class {k}")
        np.testing.assert_array_equal(points.get_xydata(), PAIR.x[PAIR.y == k])
        assert points.get_marker() == marker
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x₁", "x₂")
    (x_low, x_high), (y_low, y_high) = ax.get_xlim(), ax.get_ylim()
    assert x_low < PAIR.x[:, 0].min() < PAIR.x[:, 0].max() < x_high
    assert y_low < PAIR.x[:, 1].min() < PAIR.x[:, 1].max() < y_high
    one_place = LogisticRegression([[1, 2], [1, 2]], [0, 1])
    plots.classes(ax, one_place)
    assert ax.get_xlim() == pytest.approx((0.88, 1.12))


@pytest.mark.parametrize("theta", [PAIR_THETA, (-1, 0.2, 0.3), (0, 3, -1), (40, 1, 2)])
def test_each_place_lies_in_the_band_of_its_probability(theta, ax):
    plots.classes(ax, PAIR)
    artists = plots.probability(ax, PAIR, theta)
    shading, line = labelled(artists, "shading for p"), labelled(artists, "p = ½")
    edges = np.array([-1, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 2])
    generator = np.random.default_rng(0)
    places = generator.uniform(*np.transpose([ax.get_xlim(), ax.get_ylim()]), (200, 2))
    odds = PAIR.probabilities(theta, places)
    for band, path in enumerate(shading.get_paths()):
        inside = path.contains_points(places)
        np.testing.assert_array_equal(inside, (edges[band] < odds) & (odds < edges[band + 1]))
    colours = shading.get_facecolor()
    assert (colours[:4, :3] == colours[0, :3]).all()
    assert (colours[4:, :3] == colours[7, :3]).all()
    assert (np.diff(colours[:4, 3]) < 0).all()
    assert (colours[::-1, 3] == colours[:, 3]).all()
    np.testing.assert_allclose(PAIR.probabilities(theta, [line.get_xy1(), line.get_xy2()]), 0.5, atol=1e-9)


def test_a_line_outside_and_weights_of_zero_are_told(ax):
    plots.classes(ax, PAIR)
    assert words(plots.probability(ax, PAIR, (0.01, 0, 1))) == "outside the picture: the line p = ½"
    assert words(plots.probability(ax, PAIR, (1, 0, 3))) == "outside the picture: the line p = ½"
    (said,) = (words([each]) for each in plots.probability(ax, PAIR, (0, 0, 1)))
    assert said.replace("\n", " ") == "p = 0.731 everywhere: the weights are zero"


def test_losses_of_a_score_and_their_tangents(ax):
    lines = plots.score_losses(ax, reach=6)
    s = np.linspace(-6, 6, 281)
    np.testing.assert_allclose(labelled(lines, "log-loss").get_xydata(), np.column_stack([s, -np.log(sigmoid(s))]))
    np.testing.assert_allclose(labelled(lines, "squared error").get_ydata(), (1 - sigmoid(s)) ** 2)
    drawn = plots.score_tangents(ax, -6)
    assert [each.get_label() for each in drawn] == [
        *("tangent, slope −0.9975", "log-loss 6.002", "tangent, slope −0.004921", "squared error 0.9951"),
    ]
    for tangent, point, line in ((drawn[0], drawn[1], lines[0]), (drawn[2], drawn[3], lines[1])):
        (x, y), (ends_x, ends_y) = point.get_xydata()[0], tangent.get_data()
        slope = np.diff(ends_y)[0] / np.diff(ends_x)[0]
        assert np.mean(ends_x) == pytest.approx(x)
        assert np.mean(ends_y) == pytest.approx(y)
        chord = np.interp([-6, -5.9], *line.get_data())
        assert np.diff(chord)[0] / 0.1 == pytest.approx(slope, rel=0.2)
    assert words(plots.score_tangents(ax, 7)) == "outside the picture: the score 7"


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
    "h must not be 0": lambda ax: plots.secant(ax, CURVE, 1, 0),
    "angle must be": lambda ax: plots.direction(ax, TWO_ROWS, PLANE, np.nan),
    'ax must be an Axes with projection="3d"': lambda ax: plots.surface(ax, TWO_ROWS, PLANE, ((0, 1), (0, 1))),
    "upto": lambda ax: plots.steps_on_curve(ax, CURVE, ON_CURVE, upto=-1),
    "upto must": lambda ax: plots.path(ax, RUN, PLANE, upto=1.5),
    "run must be a single": lambda ax: plots.path(ax, SWEEP, PLANE),
    "run must be a": lambda ax: plots.losses(ax, SWEEP),
    "run must be a single descent": lambda ax: plots.loss_parts(ax, SWEEP),
    "problem must be a LinearRegression, got Curve": lambda ax: plots.loss_parts(ax, ON_CURVE),
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
    "problem must have two features and": lambda ax: plots.classes(ax, SIX),
    "problem must have two features and the": lambda ax: plots.classes(ax, CURVE),
    "problem must have two features and the classes 0 and 1": lambda ax: plots.probability(ax, TWO_ROWS, (0, 0, 0)),
    "theta must be \\(w₁": lambda ax: plots.probability(ax, PAIR, (0, 0)),
    "theta must be f": lambda ax: plots.probability(ax, PAIR, (0, 0, np.nan)),
    "reach": lambda ax: plots.score_losses(ax, reach=0),
    "score must be finite": lambda ax: plots.score_tangents(ax, np.nan),
    "problem must be a LinearRegression, which": lambda ax: plots.fit(
        ax, LogisticRegression([0, 1], [0, 1]), (0, 1), squares=False
    ),
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
    above = np.ptp(heights) / 2**10
    assert filled.levels[0] - heights.min() == pytest.approx(above, rel=0.5)
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


def test_words_that_find_no_free_side_stand_where_they_were_wanted():
    ax = Figure().add_subplot()
    point = np.array([0.5, 0.5])
    free = beside_free(ax, point, (1, 0), "here", 5, [])
    crowded = beside_free(ax, point, (1, 0), "here", 5, [ax.bbox])
    assert crowded.xyann == free.xyann
