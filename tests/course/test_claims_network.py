"""What notebook 7 says of every case, on cases drawn by lot: a test for each claim, named like it."""

import numpy as np
import pytest

from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.linear import LinearRegression
from gdlib.network import ACTIVATIONS, Network


@pytest.fixture
def lot():
    return np.random.default_rng(2026)


def network_by_lot(lot, **look):
    """Return a network on a few rows, with a few features."""
    n, d = int(lot.integers(2, 7)), int(lot.integers(1, 4))
    return Network(lot.normal(size=(n, d)), lot.normal(size=n), **look)


def test_a_line_has_equal_sums_at_opposite_corners_so_that_none_does_xor(lot):
    corners, lamp = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    outputs = LinearRegression(corners, lamp).predict(lot.normal(size=(1000, 3)))
    assert outputs[:, 0] + outputs[:, 3] == pytest.approx(outputs[:, 1] + outputs[:, 2])
    assert not ((outputs > 0) == (lamp == 1)).all(axis=1).any()


def test_a_neuron_that_is_dead_on_every_row_stays_so(lot):
    found = 0
    for _ in range(200):
        network = network_by_lot(lot, hidden=3)
        start = 2 * lot.normal(size=len(network.names))
        (dead,) = np.nonzero(~network.hidden(start).any(axis=0))
        run = descend(network, start, 0.05, 30, order="stochastic")
        for j in dead:
            found += 1
            part = network.parts[f"h{'₁₂₃'[j]}"]
            assert (run.parameters[:, part] == start[part]).all()
    assert found > 50


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_from_zero_only_c_ever_moves(activation, lot):
    for _ in range(50):
        network = network_by_lot(lot, hidden=int(lot.integers(1, 5)), activation=activation)
        run = descend(network, np.zeros(len(network.names)), 0.1, 200)
        assert not run.parameters[:, :-1].any()
        assert run.theta[-1] == pytest.approx(network.y.mean())
        assert run.losses[-1] == pytest.approx(network.y.var())


def test_from_zero_a_sigmoid_moves_all_nine_and_both_neurons_alike():
    run = descend(Network(*worked_example(), activation="sigmoid"), np.zeros(9), 0.1, 2)
    assert not run.parameters[1, :6].any()  # at first v and c alone
    assert run.parameters[1, 6:].all()
    assert run.parameters[2].all()
    assert run.parameters[2, :3] == pytest.approx(run.parameters[2, 3:6])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_neurons_that_start_alike_stay_alike(activation, lot):
    for _ in range(50):
        network = network_by_lot(lot, activation=activation)
        neuron, v, c = lot.normal(size=network.x.shape[1] + 1), lot.normal(), lot.normal()
        run = descend(network, np.concatenate([neuron, neuron, [v, v, c]]), 0.05, 50)
        one, other = (run.parameters[:, network.parts[name]] for name in ("h₁", "h₂"))
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)
        out = run.parameters[:, network.parts["ŷ"]]
        np.testing.assert_allclose(out[:, 0], out[:, 1], rtol=1e-9, atol=1e-12)


def test_a_weighted_sum_of_weighted_sums_is_one_again(lot):
    W, b, v, c = lot.normal(size=(4, 3)), lot.normal(size=4), lot.normal(size=4), lot.normal()
    x = lot.normal(size=(50, 3))
    assert (x @ W.T + b) @ v + c == pytest.approx(x @ (W.T @ v) + (b @ v + c))


def test_two_stuck_corners_at_one_half_cost_half_of_ln_2():
    p = np.array([0, 1, 0.5, 0.5])
    costs = -np.log(np.array([1 - p[0], p[1], p[2], 1 - p[3]]))
    assert costs.mean() == pytest.approx(np.log(2) / 2)
    assert np.log(2) / 2 == pytest.approx(0.35, abs=0.005)
