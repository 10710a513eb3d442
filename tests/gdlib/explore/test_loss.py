"""The loss explorer: its words are those of the line."""

import re

import numpy as np
import pytest
from explorers import numbers

from gdlib._formatting import number
from gdlib.data import six_points
from gdlib.explore.loss import LossExplorer, loss_reading
from gdlib.linear import LinearRegression


def test_loss_reading():
    problem = LinearRegression(*six_points())
    best = problem.minimizer()
    assert "this is the best fit" in loss_reading(problem, best)
    for shift in ([0.5, 0], [-0.5, 0], [0, 0.3], [0.2, -1]):
        theta = best + shift
        words, loss = loss_reading(problem, theta), problem.loss(theta)
        assert numbers(words)[0] == pytest.approx(loss, rel=1e-3)
        assert numbers(words)[1] == pytest.approx(loss - problem.loss(best), rel=1e-3)
        w, b = problem.gradient(theta)
        for name, slope in (("w", w), ("b", b)):
            assert re.search(f"{'lower' if slope > 0 else 'raise'} (w, )?{name}", words)


def test_loss_explorer_tells_the_loss(take):
    explorer = take(LossExplorer)
    explorer.w.value, explorer.b.value = 0.5, 1
    assert np.array_equal(explorer.theta, [0.5, 1])
    loss = explorer.problem.loss([0.5, 1])
    assert explorer.reading == loss_reading(explorer.problem, np.array([0.5, 1]))
    assert f"L = {number(loss)}" in explorer.details.value
    explorer.w.value, explorer.b.value = explorer.problem.minimizer()
    assert "best fit" in explorer.reading
    assert explorer.run is None


def test_at_the_very_minimum_no_arrow_shows_the_way_down(take):
    explorer = take(LossExplorer)
    with_arrow = len(explorer.layer_artists())
    explorer.problem = LinearRegression([0, 1, 2], [1, 2, 3])
    explorer.w.value, explorer.b.value = 1, 1
    assert not explorer.problem.gradient(explorer.theta).any()
    assert len(explorer.layer_artists()) == with_arrow - 1
