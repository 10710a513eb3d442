"""Tracks, clouds, outlines, bars and levels in words."""

import numpy as np
import pytest
from drawings import axes, words


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


def test_bars_that_lie():
    ax = axes()
    ax.barh([0, 1], [2, 3])
    assert words(ax)[1] == "Bars, 2 bars 0.8 wide: 2 at y = 0, 3 at y = 1."
