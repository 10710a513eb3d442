"""The loss explorer: its words are those of the line."""

import re

import numpy as np
import pytest
from explorers import numbers
from matplotlib.quiver import Quiver

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


def test_the_table_has_the_mean_error(take):
    explorer = take(LossExplorer)
    for w, b in ((0.5, 1), (-0.5, 2.95), (0, 1.9)):
        explorer.w.value, explorer.b.value = w, b
        cells = re.findall(r"<td[^>]*>([^<]*)</td>", explorer.details.value)
        errors = explorer.problem.residuals([w, b])
        assert numbers(cells[1 + 7 + 6])[0] == pytest.approx(errors.mean(), rel=1e-3)
    explorer.w.value, explorer.b.value = explorer.problem.minimizer()
    assert re.findall(r"<td[^>]*>([^<]*)</td>", explorer.details.value)[14] == "0"  # and no rounding


def test_steps_lead_down_from_ones_own_line(take):
    explorer = take(LossExplorer)
    explorer.w.value, explorer.b.value, explorer.eta.value = -0.5, 2.5, 0.05
    theta = np.array([-0.5, 2.5])
    for k in range(1, 5):
        explorer.step.click()
        theta = theta - 0.05 * explorer.problem.gradient(theta)
        assert explorer.theta == pytest.approx(theta)
        assert explorer.reading.startswith(f"after step {k} ")
        assert explorer.reading.endswith(loss_reading(explorer.problem, explorer.theta))
        assert np.array_equal(explorer.run.parameters[0], [-0.5, 2.5])  # the trail begins there
    explorer.b.value = 2
    assert explorer.k.value == 0
    assert np.array_equal(explorer.theta, [-0.5, 2])
    explorer.step.click()
    explorer.w.value = 0
    assert np.array_equal(explorer.theta, [0, 2])


def arrows(explorer):
    """Return the arrows of what is shown now, as (tail, move)."""
    layer = explorer.layer_artists()
    found = [each for each in layer if isinstance(each, Quiver)]
    for artist in layer:
        artist.remove()
    return [(each.get_offsets()[0], np.array([each.U[0], each.V[0]])) for each in found]


@pytest.mark.parametrize("eta", [0.02, 0.1, 0.2])
def test_the_arrow_is_as_long_as_the_step(take, eta):
    explorer = take(LossExplorer)
    explorer.w.value, explorer.b.value, explorer.eta.value = -0.5, 1.5, eta
    for k in (0, 3):
        explorer.k.value = k
        ((tail, move),) = arrows(explorer)
        assert tail == pytest.approx(explorer.run.parameters[k])
        assert tail + move == pytest.approx(explorer.run.parameters[k + 1])


def test_no_arrow_without_a_step_or_from_outside(take):
    explorer = take(LossExplorer)
    assert len(arrows(explorer)) == 1
    explorer.eta.value = 0
    assert arrows(explorer) == []
    explorer.eta.value = 0.1
    explorer.w.value, explorer.b.value = explorer.problem.minimizer()
    assert explorer.problem.gradient(explorer.theta).any()  # from rounding
    assert arrows(explorer) == []
    explorer.eta.value, explorer.w.value, explorer.b.value, explorer.k.value = 0.2, 2.5, 3, 1
    assert not explorer.right.viewLim.contains(*explorer.theta)
    assert arrows(explorer) == []
