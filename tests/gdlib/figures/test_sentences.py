"""Each kind of artist in a sentence, and many of them together."""

import numpy as np
import pytest
from drawings import axes, bowl, words
from matplotlib.artist import Artist
from matplotlib.collections import CircleCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon, Rectangle


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


def test_a_legend_that_repeats_the_labels_is_not_told_again():
    ax = axes()
    ax.plot([0, 1], label="a")
    before = words(ax)
    ax.legend()
    assert words(ax) == before
    ax.legend(["b"])
    assert words(ax) == [*before, "Legend: “b”."]


def test_three_dimensions_are_named_not_told():
    ax = Figure().add_subplot(projection="3d")
    ax.plot([0, 1], [0, 1], [0, 1], label="path")
    ax.set_zlabel("loss")
    lines = words(ax)
    assert "z is loss from" in lines[0]
    assert lines[1:] == ["Line “path”."]


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
