"""What notebook 6 says of every case, on cases drawn by lot: a test for each claim, named like it."""

import numpy as np
import pytest

from gdlib.classify import LogisticRegression, Softmax, softmax
from gdlib.data import iris, standardised
from gdlib.descent import descend
from gdlib.explore.classification import PAIRS, SquaredError, own_scores, petals


@pytest.fixture
def lot():
    return np.random.default_rng(2026)


def rows_by_lot(lot):
    """Return a few rows of both classes, with a few features."""
    n, d = int(lot.integers(2, 7)), int(lot.integers(1, 4))
    x = lot.normal(size=(n, d)) * np.exp(lot.normal(size=d)) + lot.normal()
    return LogisticRegression(x, np.arange(n) % 2)


def test_on_separable_rows_a_larger_theta_in_the_same_direction_costs_less(lot):
    for _ in range(100):
        x, theta = lot.normal(size=(6, 2)), lot.normal(size=3)
        scores = x @ theta[:-1] + theta[-1]
        if (scores > 0).all() or (scores < 0).all():
            continue
        problem = LogisticRegression(x, (scores > 0).astype(float))
        assert (np.diff(problem.loss(np.outer(2.0 ** np.arange(8), theta))) < 0).all()


def test_the_log_loss_of_a_linear_score_is_convex_and_squared_error_behind_a_sigmoid_is_not(lot):
    bent_down = 0
    for _ in range(300):
        problem = rows_by_lot(lot)
        one, other = 4 * lot.normal(size=(2, len(problem.names)))
        for loss in (problem.loss, SquaredError(problem).loss):
            above = (loss(one) + loss(other)) / 2 - loss((one + other) / 2)
            if loss == problem.loss:
                assert above >= -1e-12
            else:
                bent_down += above < -1e-3
    assert bent_down > 20


def test_no_curvature_exceeds_the_bound_and_below_2_divided_by_it_each_batch_step_lowers_the_loss(lot):
    for _ in range(100):
        problem = rows_by_lot(lot)
        bound, start = problem.curvature_bound(), 3 * lot.normal(size=len(problem.names))
        assert np.linalg.eigvalsh(problem.hessian(start))[-1] <= bound * (1 + 1e-9)
        run = descend(problem, start, 2 / bound * lot.uniform(0.01, 0.999), 20)
        slopes = np.square(problem.gradient(run.parameters[:-1])).sum(axis=-1)
        assert ((np.diff(run.losses) < 0) | (slopes < 1e-12)).all()


def test_the_same_number_taken_from_all_scores_of_a_row_changes_no_probability(lot):
    scores, shift = lot.normal(size=(50, 4)), lot.normal(size=(50, 1))
    assert softmax(scores - shift) == pytest.approx(softmax(scores))


def test_in_z_the_square_is_steepest_at_a_third_and_the_log_loss_the_steeper_the_more_wrong():
    p = np.linspace(0, 1, 3001)
    square, log_loss = 2 * (1 - p) * p * (1 - p), 1 - p
    assert p[square.argmax()] == pytest.approx(1 / 3)
    assert square.max() == pytest.approx(8 / 27)
    assert (np.diff(log_loss) < 0).all()
    assert log_loss.max() == 1


def test_a_long_descent_on_clear_rows_has_a_loss_like_one_over_k_and_weights_like_its_logarithm():
    run = descend(LogisticRegression([-2, -1, 1, 2], [0, 0, 1, 1]), [0, 0], 1, 10_000)
    k = np.array([100, 1000, 10_000])
    assert k * run.losses[k] == pytest.approx(1, abs=0.1)
    assert run.parameters[k, 0] - np.log(k) == pytest.approx(-np.log(2), abs=0.11)
    assert (np.diff(run.losses) < 0).all()
    assert (np.diff(run.parameters[:, 0]) > 0).all()


@pytest.mark.parametrize("pair", PAIRS)
def test_one_step_from_zero_has_the_same_border_for_each_rate_and_weights_in_proportion(pair, lot):
    for problem in (petals(pair), SquaredError(petals(pair))):
        unit = descend(problem, np.zeros(3), 1, 1).theta
        for eta in 10 ** lot.uniform(-2, 1, size=20):
            assert descend(problem, np.zeros(3), eta, 1).theta == pytest.approx(eta * unit)


def test_the_log_loss_pushes_the_costliest_flower_at_least_twice_as_hard(lot):
    problem = petals("versicolor, virginica")
    for theta in descend(problem, np.zeros(3), 4, 1000).parameters[lot.integers(0, 1001, size=50)]:
        p = 1 / (1 + np.exp(-own_scores(problem, theta).min()))
        assert 1 - p >= 2 * (2 * (1 - p) * p * (1 - p))


def test_weights_level_out_on_the_pair_that_overlaps_and_grow_on_on_the_other():
    for pair, growth in (("setosa, versicolor", 1.1), ("versicolor, virginica", 1.01)):
        half, end = np.linalg.norm(descend(petals(pair), np.zeros(3), 4, 1000).parameters[[500, 1000], :2], axis=1)
        assert (end / half > growth) == (pair == "setosa, versicolor")


def test_after_a_step_of_softmax_the_middle_species_is_the_wrong_one_and_lies_in_the_middle():
    flowers, species = iris()
    petal, versicolor = flowers[:, 2:], species == 1
    three = Softmax(standardised(petal), species)
    assert ((three.predict(descend(three, np.zeros(9), 1, 1).theta) != species) == versicolor).all()
    assert (petal[versicolor] > petal[species == 0].max(axis=0)).all()
    assert (petal[versicolor] < petal[species == 2].mean(axis=0)).all()
