"""The network of the exercises is held against measured slopes, against `Network`, and against the worked steps."""

import numpy as np
import pytest

from gdlib.data import worked_example
from gdlib.exercises.hidden import NO_BEND, RELU, TANH, early_step, forward, gradient, layers, row_slopes, step
from gdlib.exercises.measuring import measured_slopes
from gdlib.network import Network

GENERATOR = np.random.default_rng(5)
X, Y, THETA = GENERATOR.normal(size=(6, 2)), GENERATOR.normal(size=6), GENERATOR.normal(size=13)  # three neurons
START = np.array([1.0, 1.0, 0.0, 1.0, -1.0, 0.0, 0.5, -1.0, 0.0])


@pytest.mark.parametrize("bend", [RELU, TANH, NO_BEND])
def test_gradient_is_the_measured_one(bend):
    measured = measured_slopes(lambda theta: np.mean((forward(theta, X, bend)[1] - Y) ** 2), THETA)
    assert gradient(THETA, X, Y, bend) == pytest.approx(measured, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(("bend", "name"), [(RELU, "relu"), (TANH, "tanh")])
def test_network_of_the_course_says_the_same(bend, name):
    network = Network(X, Y, hidden=3, activation=name)
    assert forward(THETA, X, bend)[0] == pytest.approx(network.hidden(THETA))
    assert gradient(THETA, X, Y, bend) == pytest.approx(network.gradient(THETA))


def test_layers_are_the_blocks_of_theta():
    hidden, output = layers(THETA, 2)
    assert hidden.ravel().tolist() + output.tolist() == THETA.tolist()
    assert (hidden.shape, output.shape) == ((3, 3), (4,))


def test_mean_gradient_is_the_mean_of_the_rows():
    assert np.mean([row_slopes(THETA, *row) for row in zip(X, Y, strict=True)], axis=0) == pytest.approx(
        gradient(THETA, X, Y)
    )


def test_steps_on_the_two_rows_are_those_of_the_worked_example():
    x, y = worked_example()
    one = step(START, x[0], y[0], 0.1)
    assert one == pytest.approx([1.0035, 1.028, 0.035, 1, -1, 0, 0.563, -1, 0.07], abs=1e-12)
    two = step(one, x[1], y[1], 0.1)
    assert [f"{each:.10f}" for each in two[[0, 5, 8]]] == ["1.0121803650", "-0.0308361100", "0.1008361100"]


def test_early_step_moves_the_output_rightly_and_the_hidden_neurons_too_far():
    x, y = worked_example()
    early, right = early_step(START, x[0], y[0], 0.1), step(START, x[0], y[0], 0.1)
    assert early[0] == pytest.approx(1.003941)
    np.testing.assert_array_equal(early[6:], right[6:])
    assert (early[:3] > right[:3]).all()
