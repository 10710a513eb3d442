"""A figure's words follow its data and its labels, and nothing else."""

import re
import warnings

import matplotlib
import numpy as np
import pytest
from drawings import axes, bars, bowl, everything, heat_map, loss, plane, words
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from strategies import many

from gdlib.figures.describe import describe
from gdlib.figures.summarise import summarise


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
    (heat_map, "a line in an inset", lambda p: p["inner"].set_ydata([1, 4, 8])),
    (heat_map, "a cell of an image", lambda p: p["image"].set_data(moved(p["image"].get_array(), (1, 1), 1))),
    (heat_map, "an image turned round", lambda p: p["image"].set_data(p["image"].get_array()[::-1])),
    (heat_map, "where an image lies", lambda p: p["image"].set_extent((0, 4, 0, 3))),
    (heat_map, "the label of a colour bar", lambda p: p["bar"].set_label("mean loss")),
    (heat_map, "the range of a colour bar", lambda p: p["image"].set_clim(0, 50)),
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


@many(40)
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


def test_axes_that_hold_no_data_are_empty():
    ax = axes(title="Later")
    assert words(ax) == ["Axes “Later”: x from 0 to 1, y from 0 to 1. It is empty."]
    ax.text(0, 0, "nothing yet")
    assert "It is empty." in words(ax)[0]
    ax.plot([1, 2])
    assert "It is empty." not in words(ax)[0]


def test_an_empty_figure():
    assert describe(Figure()) == "An empty figure."


def test_only_a_figure_will_do():
    with pytest.raises(TypeError, match="figure must be a matplotlib Figure, got Axes"):
        describe(axes())
