"""A figure's words follow its data and its labels, and nothing else."""

import re
import warnings

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.artist import Artist
from matplotlib.collections import CircleCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Polygon, Rectangle

from gdlib.figures.describe import describe, summarise


def axes(**settings):
    """Return an Axes on a new figure."""
    ax = Figure().subplots()
    ax.set(**settings)
    return ax


def words(ax):
    """Return the lines of the description of an Axes' figure."""
    return describe(ax.figure).splitlines()


def parts(local):
    """Return the local variables that are parts of a figure."""
    return {name: part for name, part in local.items() if name != "k"}


def loss(ax):
    """Draw curves, texts and a legend."""
    k = np.arange(30)
    ax.set(title="Loss", xlabel="step", ylabel="loss", yscale="log", xlim=(0, 29), ylim=(1e-6, 1))
    title = ax.figure.suptitle("Everything")
    curve = ax.plot(k, 0.64 * 0.8**k, label="η = 0.1")[0]
    points = ax.plot([3, 4], [0.1, 0.2], "o")[0]
    goal = ax.axhline(1e-3)
    band = ax.axvspan(5, 6)
    note = ax.annotate("start", (0, 0.64), (4, 0.8), arrowprops={"arrowstyle": "->"})
    corner = ax.text(0.9, 0.9, "corner", transform=ax.transAxes)
    legend = ax.legend(title="rates")
    return parts(locals())


def bowl(ax, levels=(0.5, 1, 2), steepness=4.0):
    """Draw contours of a bowl."""
    w, b = np.meshgrid(np.linspace(-2, 2, 41), np.linspace(-1, 1, 41))
    return ax.contour(w, b, w**2 + steepness * b**2, levels=levels)


def plane(ax):
    """Draw contours, a path, a cloud and patches."""
    contours = bowl(ax)
    path = ax.plot([-1.5, 1, -0.5, 0.2], [0.5, -0.4, 0.3, 0], label="path")[0]
    tangent = ax.axline((0, 0), slope=0.5)
    scatter = ax.scatter(np.linspace(-1, 1, 12), np.linspace(0, 1, 12) ** 2, c=np.arange(12))
    circle = ax.add_patch(Circle((0, 0), 0.5))
    square = ax.add_patch(Rectangle((-1, -1), 1, 0.5))
    triangle = ax.add_patch(Polygon([(0, 0), (1, 0), (0, 1)]))
    arrow = ax.add_patch(FancyArrowPatch((-1, 0), (0, 0.5)))
    crowd = [ax.add_patch(Rectangle((0.1 * i, 0), 0.05, 0.1)) for i in range(12)]
    return parts(locals())


def picture(ax):
    """Draw an image with its colour bar, and an inset."""
    inner = ax.inset_axes([0.6, 0.6, 0.3, 0.3]).plot([1, 2, 3], [1, 4, 9])[0]
    image = ax.imshow(np.arange(12.0).reshape(3, 4) ** 2)
    bar = ax.figure.colorbar(image, label="loss")
    return parts(locals())


def bars(ax):
    """Draw bars, arrows, segments and a region."""
    columns = ax.bar(["sample 1", "sample 2"], [0.64, 0.0862], label="losses")
    field = ax.quiver([0, 1], [0, 1], [1, 0], [0, 1])
    lines = ax.vlines([0.2, 0.4], 0, [0.5, 1])
    region = ax.fill_between([0, 1, 2], [0, 0.5, 0.1])
    return parts(locals())


def everything():
    """Return a figure with all that the course draws."""
    fig = Figure(figsize=(9, 6))
    for draw, ax in zip((loss, plane, picture, bars), fig.subplots(2, 2).flat, strict=True):
        draw(ax)
    return fig


def moved(values, i, by):
    values = np.array(values, dtype=float)
    values[i] += by
    return values


MUTATIONS = [
    (loss, "the title of the figure", lambda p: p["title"].set_text("Nothing")),
    (loss, "a title", lambda p: p["ax"].set_title("Gain")),
    (loss, "the label of x", lambda p: p["ax"].set_xlabel("epoch")),
    (loss, "the label of y", lambda p: p["ax"].set_ylabel("mean loss")),
    (loss, "a scale", lambda p: p["ax"].set_yscale("linear")),
    (loss, "a limit", lambda p: p["ax"].set_xlim(0, 28)),
    (plane, "an axis upside down", lambda p: p["ax"].invert_yaxis()),
    (loss, "the label of a line", lambda p: p["curve"].set_label("η = 0.2")),
    (loss, "the first point", lambda p: p["curve"].set_ydata(moved(p["curve"].get_ydata(), 0, 1e-5))),
    (loss, "a point on the way", lambda p: p["curve"].set_ydata(moved(p["curve"].get_ydata(), 13, 0.01))),
    (loss, "the last point", lambda p: p["curve"].set_ydata(moved(p["curve"].get_ydata(), -1, 1e-7))),
    (loss, "where a point stands", lambda p: p["curve"].set_xdata(moved(p["curve"].get_xdata(), 13, 0.5))),
    (loss, "a point less", lambda p: p["curve"].set_data(np.delete(np.array(p["curve"].get_data()), 13, axis=1))),
    (loss, "a point that is lost", lambda p: p["curve"].set_ydata(moved(p["curve"].get_ydata(), 13, np.nan))),
    (loss, "a curve that is hidden", lambda p: p["curve"].set_visible(False)),
    (loss, "a curve that is gone", lambda p: p["curve"].remove()),
    (loss, "the style of a line", lambda p: p["curve"].set_linestyle("--")),
    (loss, "loose points", lambda p: p["points"].set_ydata([0.1, 0.3])),
    (loss, "a line across", lambda p: p["goal"].set_ydata([2e-3, 2e-3])),
    (loss, "a band", lambda p: p["band"].set_transform(p["ax"].transAxes)),
    (loss, "a note", lambda p: p["note"].set_text("end")),
    (loss, "where a note points", lambda p: setattr(p["note"], "xy", (0, 0.5))),
    (loss, "where a note stands", lambda p: p["note"].set_position((5, 0.8))),
    (loss, "a text in the corner", lambda p: p["corner"].set_text("Corner")),
    (loss, "where a text stands", lambda p: p["corner"].set_position((0.1, 0.9))),
    (loss, "the title of a legend", lambda p: p["legend"].set_title("η")),
    (loss, "an entry of a legend", lambda p: p["legend"].get_texts()[0].set_text("η = 0.3")),
    (plane, "a path", lambda p: p["path"].set_xdata([-1.5, 1, -0.6, 0.2])),
    (plane, "a slope", lambda p: p["tangent"].set_slope(0.6)),
    (plane, "a point of a cloud", lambda p: p["scatter"].set_offsets(moved(p["scatter"].get_offsets(), (5, 1), 0.01))),
    (plane, "a value in a cloud", lambda p: p["scatter"].set_array(moved(np.arange(12), 5, 1))),
    (plane, "the centre of a circle", lambda p: p["circle"].set_center((0.1, 0))),
    (plane, "the size of a circle", lambda p: p["circle"].set_radius(0.6)),
    (plane, "where a square stands", lambda p: p["square"].set_x(-0.9)),
    (plane, "the size of a square", lambda p: p["square"].set_height(0.6)),
    (plane, "a turned square", lambda p: p["square"].set_angle(30)),
    (plane, "a corner", lambda p: p["triangle"].set_xy([(0, 0), (1, 0), (0.2, 1)])),
    (plane, "an arrow", lambda p: p["arrow"].set_positions((-1, 0), (0, 0.6))),
    (plane, "one of many squares", lambda p: p["crowd"][5].set_x(0.52)),
    (plane, "one square less", lambda p: p["crowd"][5].remove()),
    (picture, "a line in an inset", lambda p: p["inner"].set_ydata([1, 4, 8])),
    (picture, "a cell of an image", lambda p: p["image"].set_data(moved(p["image"].get_array(), (1, 1), 1))),
    (picture, "an image turned round", lambda p: p["image"].set_data(p["image"].get_array()[::-1])),
    (picture, "where an image lies", lambda p: p["image"].set_extent((0, 4, 0, 3))),
    (picture, "the label of a colour bar", lambda p: p["bar"].set_label("mean loss")),
    (picture, "the range of a colour bar", lambda p: p["image"].set_clim(0, 50)),
    (bars, "the height of a bar", lambda p: p["columns"][1].set_height(0.0863)),
    (bars, "where a bar stands", lambda p: p["columns"][1].set_x(0.7)),
    (bars, "the name of a bar", lambda p: p["ax"].set_xticks([0, 1], ["sample 1", "sample 3"])),
    (bars, "ticks in words", lambda p: p["ax"].set_yticks([0, 0.5], ["none", "half"])),
    (bars, "an arrow of a field", lambda p: p["field"].set_UVC([1, 0.1], [0, 1])),
    (bars, "a line of many", lambda p: p["lines"].set_segments([[(0.2, 0), (0.2, 0.5)], [(0.4, 0), (0.4, 0.9)]])),
    (bars, "a region", lambda p: p["region"].get_paths()[0].vertices.__setitem__((2, 1), 0.6)),
]


@pytest.mark.parametrize(("draw", "change"), [m[::2] for m in MUTATIONS], ids=[m[1] for m in MUTATIONS])
def test_a_change_shows_in_the_words(draw, change):
    ax = axes()
    drawn = draw(ax)
    before = words(ax)
    assert words(ax) == before
    change(drawn)
    assert words(ax) != before


@pytest.mark.parametrize("labelled", [False, True])
@pytest.mark.parametrize("change", [{"levels": (0.5, 1.1, 2)}, {"levels": (0.5, 1, 2, 3)}, {"steepness": 4.1}])
def test_a_change_of_contours_shows_in_the_words(change, labelled):
    one, other = axes(), axes()
    for contours in (bowl(one), bowl(other, **change)):
        if labelled:
            contours.axes.clabel(contours)
    assert words(one) != words(other)


def test_drawing_and_looks_change_nothing():
    fig = everything()
    before = describe(fig), summarise(fig)
    fig.set_size_inches(4, 3)
    fig.set_dpi(50)
    fig.set_layout_engine("constrained")
    fig.canvas.draw()
    assert (describe(fig), summarise(fig)) == before
    with matplotlib.rc_context({"axes.xmargin": 0.2, "axes.ymargin": 0.3, "font.size": 20, "lines.linewidth": 5}):
        fig = everything()
        assert (describe(fig), summarise(fig)) == before


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_rounding_error_does_not_show(scale, seed):
    noise = np.random.default_rng(seed)
    k = np.arange(200)
    error = 0.8 * 0.7**k  # sinks below rounding error half-way
    plain, rough = axes(yscale=scale), axes(yscale=scale)
    for ax, shake in ((plain, 0.0), (rough, 2e-16)):
        shaken = error + shake * noise.standard_normal(k.size)
        ax.plot(k * (1 + shake * noise.standard_normal(k.size)), shaken**2, label="loss")
        ax.plot(k, error * (-1) ** k + shake * noise.standard_normal(k.size) if scale == "linear" else shaken**2 + 0.01)
        ax.plot(k, 2.0**-k * (1 + shake * noise.standard_normal(k.size)), label="ties")
        ax.set_ylim(*((1e-20, 1) if scale == "log" else (-1, 1)))
    assert words(rough) == words(plain)
    assert summarise(rough.figure) == summarise(plain.figure)


def test_a_line_is_told_by_its_ends_and_points_between():
    ax = axes(title="Loss against step", xlabel="step $k$", ylabel="mean loss $L$", yscale="log", ylim=(1e-6, 1))
    ax.plot(range(5), [0.64, 0.1, 0.01, 0.001, 0.0003], label=r"$\eta = 0.1$")
    assert words(ax) == [
        "Axes “Loss against step”: x is step k from 0 to 4, y is mean loss L on a log scale from 1e-06 to 1.",
        "Line “η = 0.1”: 5 points, from (0, 0.64) down to (4, 0.0003); passing (1, 0.1), (2, 0.01), (3, 0.001).",
    ]


def test_a_long_line_gives_nine_points_its_extremes_turns_and_mean():
    x = np.linspace(0, 4, 401)
    ax = axes()
    ax.plot(x, np.sin(np.pi * x))
    line = words(ax)[1]
    assert line.count("(") - line.count("mean point (") == 9
    assert "lowest -1 at x = 1.5" in line
    assert "highest 1 at x = 0.5" in line
    assert "y turns back 4 times" in line
    assert "mean point (2, 0)" in line


@pytest.mark.parametrize(
    ("factor", "told"),
    [(0.5, ""), (-0.5, "turns back 9 times"), (-1, "turns back 19 times")],
    ids=["glides", "overshoots", "bounces"],
)
def test_turns_tell_a_zigzag_from_a_glide(factor, told):
    ax = axes(ylim=(-1, 1))
    ax.plot(range(21), factor ** np.arange(21.0))
    assert ("turns" in words(ax)[1]) == bool(told)
    assert told in words(ax)[1]


def test_a_path_in_the_plane_has_no_ups_and_downs():
    ax = axes()
    ax.plot([-2, 1, -1, 0], [1, -1, 0.5, 0], label="path")
    assert words(ax)[1] == (
        "Line “path”: 4 points, from (-2, 1) to (0, 0); passing (1, -1), (-1, 0.5); within x from -2 to 1, "
        "y from -1 to 1; x turns back twice; y turns back twice."
    )


@pytest.mark.parametrize(
    ("y", "told"),
    [
        ([], "Line: no points."),
        ([7], "Line: 1 point, at (0, 7)."),
        ([1, np.nan, np.inf, 2], "Line: 4 points, 2 of them not finite, from (0, 1) up to (3, 2)."),
        ([np.nan, np.nan], "Line: 2 points, none of them finite."),
        ([3, 3], "Line: 2 points, from (0, 3) across to (1, 3)."),
    ],
)
def test_points_that_are_missing_are_counted(y, told):
    ax = axes()
    ax.plot(y)
    assert words(ax)[1] == told


def test_points_outside_the_view_are_counted():
    ax = axes(ylim=(0, 1))
    ax.plot([0.5, 1, 2, 4])
    assert "4 points, 2 of them outside the view" in words(ax)[1]


def test_zero_is_zero_beside_what_the_axis_spans():
    ax = axes()
    ax.plot([0, 1, 2], [-1, -1e-17, 1])
    assert "passing (1, 0)" in words(ax)[1]
    ax = axes()
    ax.plot([0, 1, 2], [-1e-16, 1e-17, 2e-16])
    assert "from (0, -1e-16) up to (2, 2e-16)" in words(ax)[1]


def test_a_log_axis_stops_at_rounding_error_of_where_lines_begin():
    ax = axes(yscale="log")
    ax.plot([1, 1e-3, 1e-20])
    ax.plot([1, 1e5, 1e30])
    assert "from (0, 1) down to (2, below 1e-12); passing (1, 0.001)" in words(ax)[1]
    assert "from (0, 1) up to (2, 1e+30); passing (1, 100000)" in words(ax)[2]


def test_ties_fall_the_same_way_whatever_the_last_bit():
    for value in (1 / 512, 1 / 2048, 0.1234565):
        lines = []
        for near in (value, np.nextafter(value, 1), np.nextafter(value, 0)):
            ax = axes(ylim=(0, 1))
            ax.plot([1, near])
            lines.append(words(ax)[1])
        assert len(set(lines)) == 1


def test_an_axis_that_scales_itself_has_the_range_of_its_data():
    ax = axes()
    ax.plot([0, 20], [1, 3])
    assert words(ax)[0] == "Axes: x from 0 to 20, y from 1 to 3."
    ax.margins(0.3)
    assert words(ax)[0] == "Axes: x from 0 to 20, y from 1 to 3."
    ax.set_xlim(25, -5)
    assert words(ax)[0] == "Axes: x from 25 to -5, y from 1 to 3."


def test_shared_axes_have_one_range():
    upper, lower = Figure().subplots(2, sharex=True)
    upper.plot([0, 10], [0, 1])
    lower.plot([5, 20], [0, 1])
    assert [line.split(",")[0] for line in words(upper) if line.startswith("Axes")] == [
        "Axes 1: x from 0 to 20",
        "Axes 2: x from 0 to 20",
    ]


@pytest.mark.parametrize("equal", [True, False])
def test_an_image_is_told_where_it_is_low_and_high(equal):
    ax = axes()
    values = np.full((2, 3), 0.5) if equal else np.array([[5.0, 1, 2], [3, np.nan, 0]])
    ax.imshow(values)
    assert words(ax)[1] == "Image: 2 rows by 3 columns over x from -0.5 to 2.5, y from -0.5 to 1.5; " + (
        "lowest 0.5 at (0, 0), highest 0.5 at (0, 0), mean 0.5."
        if equal
        else "lowest 0 at (2, 1), highest 5 at (0, 0), mean 2.2, 1 of them not finite."
    )


def test_a_mesh_says_the_same_as_an_image():
    values = np.arange(6.0).reshape(2, 3)
    one, other = axes(), axes()
    one.imshow(values, origin="lower", aspect="auto")
    other.pcolormesh(np.arange(4) - 0.5, np.arange(3) - 0.5, values)
    assert words(one) == words(other)


def test_contours_give_their_levels_and_how_far_they_reach():
    ax = axes()
    bowl(ax, levels=[1, 4])
    assert words(ax) == [
        "Axes: x from -2 to 2, y from -1 to 1.",
        "Contour lines of a surface from 0 to 8: 2 levels, 1, 4; 1 within x from -1 to 1, y from -0.5 to 0.5; "
        "4 within x from -2 to 2, y from -1 to 1.",
    ]


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        (np.arange(0, 20), "20 levels from 0 to 19 in steps of 1"),
        (np.geomspace(1e-3, 1, 13), "13 levels from 0.001 to 1, each 1.77828 times the one before"),
        (np.arange(11) ** 2, "11 levels, 0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100"),
    ],
)
def test_many_levels_are_told_by_their_rule(levels, told):
    ax = axes()
    ax.contourf(np.outer(np.arange(5.0), np.arange(6.0)), levels=levels)
    assert told in words(ax)[1]


def test_labels_on_contours_add_nothing_that_hangs_on_fonts():
    ax = axes()
    contours = ax.contour(np.outer(np.arange(5.0), np.arange(6.0)), levels=[1, 5, 9])
    ax.clabel(contours, fontsize=8)
    small = words(ax)
    for label in contours.labelTexts:
        label.set_position((0, 0))
    assert words(ax) == small
    assert len(small) == 2
    assert "3 levels, 1, 5, 9" in small[1]


def test_lines_across_have_one_place():
    ax = axes(ylim=(0, 1))
    ax.axhline(0.7, label="limit")
    ax.axvline(2, linestyle="--")
    ax.axline((0, 0), slope=2, label="tangent")
    ax.axhspan(0.2, 0.3, label="stable")
    assert words(ax)[1:] == [
        "Line “limit”: horizontal, at y = 0.7.",
        "Dashed line: vertical, at x = 2.",
        "Line “tangent”: straight and without end, through (0, 0) with slope 2.",
        "Band “stable”: y from 0.2 to 0.3.",
    ]


def test_texts_and_arrows():
    ax = axes(xlim=(0, 1), ylim=(0, 1))
    ax.plot([0, 1])
    ax.text(0.5, 0.25, "here")
    ax.text(0.5, 1, "limit", transform=ax.get_xaxis_transform())
    ax.annotate("near", (0.5, 0.5), (5, 5), textcoords="offset points")
    ax.annotate("$\\theta^*$", (1, 1), (0.5, 0.75), arrowprops={"arrowstyle": "->"})
    ax.annotate("", (1, 0), (0, 1), arrowprops={"arrowstyle": "->"})
    assert words(ax)[2:] == [
        "Text “here” at (0.5, 0.25).",
        "Text “limit” at x = 0.5, 1 of the height.",
        "Text “near” at (0.5, 0.5).",
        "Text “θ*” at (0.5, 0.75), with an arrow to (1, 1).",
        "Arrow from (0, 1) to (1, 0).",
    ]


def test_patches_are_told_by_their_corners():
    ax = axes(xlim=(0, 4), ylim=(0, 4))
    ax.add_patch(Rectangle((0, 0), 2, 1, label="box"))
    ax.add_patch(Polygon([(0, 0), (2, 0), (0, 1)]))
    ax.add_patch(Circle((1, 1), 0.5))
    assert words(ax)[1:] == [
        "Rectangle “box”: x from 0 to 2, y from 0 to 1.",
        "Shape: x from 0 to 2, y from 0 to 1; 3 corners: (0, 0), (2, 0), (0, 1).",
        "Circle: centre (1, 1), 1 wide, 1 high.",
    ]


def test_many_patches_are_counted_and_ranged():
    ax = axes(xlim=(0, 20), ylim=(0, 1))
    for i in range(20):
        ax.add_patch(Rectangle((i, 0), 1, 0.5))
    assert words(ax)[1:] == [
        "20 rectangles without label, within x from 0 to 20, y from 0 to 0.5; mean point (9.9, 0.2)."
    ]


def test_bars_and_error_bars_have_the_label_of_the_call():
    ax = axes()
    ax.bar(["a", "b"], [2, 3], label="loss")
    ax.errorbar([0, 1], [2, 3], yerr=0.5, label="spread", fmt="none")
    assert words(ax) == [
        "Axes: x from -0.4 to 1.4, marked “a” at 0, “b” at 1, y from 0 to 3.5.",
        "Bars “loss”, 2 bars 0.8 wide: 2 at x = 0, 3 at x = 1.",
        "Line bundle “spread” of 2 lines: (0, 1.5) to (0, 2.5), (1, 2.5) to (1, 3.5).",
    ]


def test_bars_that_lie():
    ax = axes()
    ax.barh([0, 1], [2, 3])
    assert words(ax)[1] == "Bars, 2 bars 0.8 wide: 2 at y = 0, 3 at y = 1."


def test_a_colour_bar_is_an_axis_not_a_plot():
    fig = Figure()
    ax = fig.subplots()
    image = ax.imshow([[1.0, 10], [100, 1000]], norm=LogNorm())
    fig.colorbar(image, label="mean loss $L$", orientation="horizontal")
    assert words(ax)[-1] == "Axes 2: colour bar is mean loss L on a log scale from 1 to 1000."
    assert "mean loss" not in summarise(fig)


def test_an_inset_follows_the_axes_that_it_is_in():
    ax = axes(xlim=(0, 4), ylim=(0, 4))
    ax.plot([0, 4])
    inset = ax.inset_axes([0.5, 0.5, 0.4, 0.4], xlim=(0, 1), ylim=(0, 1))
    ax.indicate_inset_zoom(inset)
    assert words(ax) == [
        "Figure with 2 Axes.",
        "Axes 1: x from 0 to 4, y from 0 to 4.",
        "Line: 2 points, from (0, 0) up to (1, 4).",
        "Axes 2 (inset in Axes 1): x from 0 to 1, y from 0 to 1. It is empty.",
    ]


def test_the_order_is_that_of_creation():
    ax = axes(xlim=(0, 1), ylim=(0, 1))
    ax.text(0, 0, "first")
    ax.add_patch(Rectangle((0, 0), 1, 1, label="second"))
    ax.scatter([0], [0], label="third")
    ax.plot([0, 1], label="fourth", zorder=-1)
    assert [re.search("“(.*)”", line)[1] for line in words(ax)[1:]] == ["first", "second", "third", "fourth"]


def test_axes_that_hold_no_data_are_empty():
    ax = axes(title="Later")
    assert words(ax) == ["Axes “Later”: x from 0 to 1, y from 0 to 1. It is empty."]
    ax.text(0, 0, "nothing yet")
    assert "It is empty." in words(ax)[0]
    ax.plot([1, 2])
    assert "It is empty." not in words(ax)[0]


def test_an_empty_figure():
    assert describe(Figure()) == "An empty figure."
    assert summarise(Figure()) == "An empty figure."


def test_labels_that_matplotlib_makes_up_are_none():
    ax = axes()
    ax.plot([0, 1], label="_nolegend_")
    ax.scatter([0], [1])
    assert "_" not in describe(ax.figure)
    assert "“" not in describe(ax.figure)


def test_a_legend_that_repeats_the_labels_is_not_told_again():
    ax = axes()
    ax.plot([0, 1], label="a")
    before = words(ax)
    ax.legend()
    assert words(ax) == before
    ax.legend(["b"])
    assert words(ax) == [*before, "Legend: “b”."]


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"$\eta = 0.1$", "η = 0.1"),
        (r"$\theta_0$ and $\theta_{12}$", "θ₀ and θ₁₂"),
        (r"$\lambda_{\max}$", "λₘₐₓ"),
        (r"$\eta_\mathrm{best}$", "η_best"),
        (r"$w^2 + b^{-1}$", "w² + b⁻¹"),
        (r"$10^{-6}$", "10⁻⁶"),
        (r"$\theta^*$", "θ*"),
        (r"$\hat{y} - y$", "ŷ - y"),
        (r"$\nabla L(\theta)$", "∇L(θ)"),
        (r"$\frac{\partial L}{\partial w_1}$", "∂L/∂w₁"),
        (r"$\frac{a + b}{2}$", "(a + b)/2"),
        (r"$A^\top A$", "Aᵀ A"),
        (r"$\Delta\theta \approx \eta \cdot g$", "Δθ ≈ η · g"),
        (r"$\|\theta\| \leq 1$", "‖θ‖ ≤ 1"),
        (r"costs \$5", "costs $5"),
        ("two\nlines", "two lines"),
        ("snake_case", "snake_case"),
    ],
)
def test_mathematics_is_told_in_plain_letters(tex, plain):
    assert words(axes(title=tex))[0].startswith(f"Axes “{plain}”:")


@pytest.mark.parametrize(
    ("y", "trend"),
    [
        ([4, 2, 1], "a falls from 4 to 1."),
        ([1, 2, 4], "a rises from 1 to 4."),
        ([3, 3, 3], "a stays at 3."),
        ([4, 0, 4], "a falls to 0, rises to 4."),
        ([0, 4, 1], "a rises to 4, falls to 1."),
        ([4, -2, 1, -0.5], "a swings between -2 and 4, ends at -0.5."),
    ],
)
def test_the_short_form_tells_trends(y, trend):
    ax = axes(title="T", xlabel="step", ylabel="loss", yscale="linear")
    ax.plot(y, label="a")
    assert summarise(ax.figure) == f"T: loss against step. {trend}"


@pytest.mark.parametrize("most", [5, 12, 40])
def test_the_short_form_keeps_to_its_length(most):
    fig = everything()
    ax = axes(title="A title of a good many words, more than there is room for")
    ax.plot([0, 1])
    for figure in (fig, ax.figure):
        assert len(summarise(figure, most).split()) <= most
    assert re.search(r"And \d+ more\.$", summarise(fig))


def test_only_a_figure_and_a_sensible_length_will_do():
    with pytest.raises(TypeError, match="figure must be a matplotlib Figure, got Axes"):
        describe(axes())
    with pytest.raises(TypeError, match="figure must be a matplotlib Figure, got str"):
        summarise("figure")
    with pytest.raises(TypeError, match=r"words must be an int, got 12\.5"):
        summarise(Figure(), 12.5)
    with pytest.raises(ValueError, match="words must be at least 5, got 0"):
        summarise(Figure(), 0)


def test_three_dimensions_are_named_not_told():
    ax = Figure().add_subplot(projection="3d")
    ax.plot([0, 1], [0, 1], [0, 1], label="path")
    ax.set_zlabel("loss")
    lines = words(ax)
    assert "z is loss from" in lines[0]
    assert lines[1:] == ["Line “path”."]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(-1e100, 1e100) | st.sampled_from([0.0, -0.0, np.nan, np.inf, -np.inf]), max_size=30),
    st.sampled_from(["linear", "log", "symlog"]),
)
def test_any_curve_can_be_told(values, scale):
    ax = axes(ylim=(1e-3, 10), yscale=scale)
    ax.plot(values)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = describe(ax.figure) + summarise(ax.figure)
    assert not re.search(r"-0(?![.\d])|nan|inf\b", told)


# ---- what is seldom drawn is told, too -------------------------------------------------------------------------------

GRID = np.arange(6.0).reshape(2, 3)
SELDOM = [
    (lambda ax: ax.table([["1"]]), "Table."),
    (lambda ax: [ax.add_artist(Artist()) for _ in range(12)], "Artist.\nArtist."),
    (lambda ax: [ax.plot([], [], "k") for _ in range(12)], "Line: no points."),
    (lambda ax: [ax.fill([], []) for _ in range(2)], "Shape: no corners."),
    (lambda ax: ax.plot([np.nan], [np.nan], transform=ax.get_xaxis_transform()), "Line: no points."),
    (
        lambda ax: ax.plot([0, 2], [0.25, 0.5], transform=ax.get_xaxis_transform()),
        "Line: x from 0 to 2, from 0.25 to 0.5 of the height.",
    ),
    (lambda ax: ax.imshow(np.full((2, 3, 3), 0.5)), "in colours of its own; mean 0.5."),
    (lambda ax: ax.imshow(np.full((2, 3), np.nan)), "; no finite value."),
    (lambda ax: ax.pcolormesh([0, 1, 2], [0, 1], GRID, shading="gouraud"), "2 rows by 3 columns"),
    (
        lambda ax: ax.add_collection(CircleCollection([9, 9], offsets=[(0, 1), (2, 3)], offset_transform=ax.transData)),
        "Region of 2 points: (0, 1), (2, 3).",
    ),
    (
        lambda ax: ax.fill_between(range(5), 0, 1, where=[True, True, False, True, True]),
        "of 2 parts: x from 0 to 1, y from 0 to 1, x from 3 to 4, y from 0 to 1.",
    ),
    (
        lambda ax: [ax.fill_between([i, i + 1], 0, 1) for i in range(12)],
        "12 regions without label, within x from 0 to 12",
    ),
    (
        lambda ax: ax.annotate("here", (0.5, 1), xycoords=ax.transAxes),
        "Text “here” at 0.5 of the width, 1 of the height.",
    ),
    (lambda ax: ax.annotate("here", (5, 5), xycoords="figure pixels"), "Text “here” at a place on the page."),
    (lambda ax: ax.scatter(range(3), range(3), c=[5, 7, 9]), "; colours stand for the values 5, 7, 9."),
    (
        lambda ax: ax.scatter(range(12), range(12), c=[np.nan] * 12),
        "; colours stand for values of which none is finite.",
    ),
]


@pytest.mark.parametrize(("draw", "told"), SELDOM)
def test_seldom_drawn_is_told(draw, told):
    ax = axes()
    draw(ax)
    assert told in "\n".join(words(ax))
