"""The short form: trends in a few words."""

import re

import pytest
from drawings import axes, everything
from matplotlib.figure import Figure

from gdlib.figures.summarise import summarise


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


def test_points_in_no_order_have_no_way():
    ax = axes(title="T", xlabel="x", ylabel="y")
    ax.plot([3, 1, 2, 1], [0, 4, 1, 2], "o", label="rows")
    assert summarise(ax.figure) == "T: y against x. rows: 4 points, x from 1 to 3, y from 0 to 4."


@pytest.mark.parametrize("most", [5, 12, 40])
def test_the_short_form_keeps_to_its_length(most):
    fig = everything()
    ax = axes(title="A title of a good many words, more than there is room for")
    ax.plot([0, 1])
    for figure in (fig, ax.figure):
        assert len(summarise(figure, most).split()) <= most
    assert re.search(r"And \d+ more\.$", summarise(fig))


def test_an_empty_figure():
    assert summarise(Figure()) == "An empty figure."


def test_only_a_figure_and_a_sensible_length_will_do():
    with pytest.raises(TypeError, match="figure must be a matplotlib Figure, got str"):
        summarise("figure")
    with pytest.raises(TypeError, match=r"words must be an int, got 12\.5"):
        summarise(Figure(), 12.5)
    with pytest.raises(ValueError, match="words must be at least 5, got 0"):
        summarise(Figure(), 0)
