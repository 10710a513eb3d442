"""Descent as facts: every step is equation (1), and every stop is where and why the record says."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdlib.descent
from gdlib.curvature import curvatures, principal_directions, round_limit, sample_limits, stability_limit
from gdlib.data import narrow_valley, noisy_line, rents, six_points, standardised, worked_example
from gdlib.descent import ORDERS, Run, descend
from gdlib.linear import FEW_ROWS, LinearRegression
from gdlib.problem import Curve, parabola, plateau, two_minima

pytestmark = pytest.mark.filterwarnings("error")
steady = settings(deadline=None, max_examples=20, derandomize=True)

EXAMPLE = LinearRegression(*worked_example())
LINE = LinearRegression(*noisy_line(12))
FLATS = LinearRegression(standardised(rents()[0]), rents()[1])
ZERO = np.zeros(3)
ALL = slice(None)
WAYS = {  # every order, mini-batches with a short one at the end
    "batch": {"order": "batch"},
    "one by one": {"order": "one by one"},
    "stochastic": {"order": "stochastic", "seed": 4},
    "mini-batch": {"order": "mini-batch", "batch_size": 5, "seed": 4},
}


class Valley:
    """A problem of the reader's own: nothing but names, a loss and a gradient."""

    names = ("a", "b")

    def loss(self, theta):
        return (theta[..., 0] - 3) ** 2 + 10 * (theta[..., 1] + 1) ** 2

    def gradient(self, theta):
        return np.stack([2 * (theta[..., 0] - 3), 20 * (theta[..., 1] + 1)], axis=-1)


def loss_on(problem, rows, theta):
    """Return the mean squared error at one θ over some rows, written out anew."""
    return np.mean((problem.design[rows] @ theta - problem.y[rows]) ** 2)


def stepped(problem, rows, theta, rate):
    """Return θ − η∇L(θ), with the gradient of these rows' mean squared error, written out anew."""
    design, errors = problem.design[rows], problem.design[rows] @ theta - problem.y[rows]
    return theta - rate * 2 * errors @ design / len(design)


def walked(problem, theta, rates, rows):
    """Return every θ of a descent at these rates on these rows, step by step."""
    path = [np.asarray(theta, dtype=float)]
    for part, rate in zip(rows, rates, strict=True):
        path.append(stepped(problem, part, path[-1], rate))
    return np.array(path)


def assert_same_path(path, other, rtol=1e-10):
    """Compare θ by θ, by its length: beside a coordinate that blew up another one has lost its digits."""
    scale = np.abs(other).max(axis=-1, keepdims=True)
    assert path.shape == other.shape
    assert (np.abs(path - other) <= rtol * scale).all()


def assert_same_run(run, other, rtol=1e-12):
    for name in ("parameters", "losses", "step_losses", "rates"):
        np.testing.assert_allclose(getattr(run, name), getattr(other, name), rtol=rtol, atol=1e-13, err_msg=name)
    assert [np.arange(99)[r].tolist() for r in run.rows] == [np.arange(99)[r].tolist() for r in other.rows]
    np.testing.assert_array_equal(run.stopped, other.stopped)
    np.testing.assert_array_equal(run.stop_step, other.stop_step)


# --- the worked example -----------------------------------------------------------------------------------------------


def test_the_worked_example_one_sample_a_step():
    run = descend(EXAMPLE, ZERO, 0.1, 4, order="one by one")
    expected = [
        [0, 0, 0],
        [0.016, 0.128, 0.16],
        [0.04536, 0.145616, 0.21872],
        [0.05456502, 0.21925619, 0.31077024],
        [0.06418206, 0.22502642, 0.33000432],
    ]
    np.testing.assert_allclose(run.parameters[:3], expected[:3], rtol=1e-14)
    np.testing.assert_allclose(run.parameters, expected, atol=5e-9)
    np.testing.assert_allclose(run.step_losses[:2], [0.64, 0.08620096], rtol=1e-13)
    np.testing.assert_allclose(run.step_losses, [0.64, 0.08620096, 0.21183117, 0.00924874], atol=5e-9)
    outputs = [EXAMPLE[run.rows[k]].predict(run.parameters[k])[0] for k in range(4)]
    np.testing.assert_allclose(outputs, [0, 0.2064, 0.3397488, 0.40382961], atol=5e-9)
    assert [rows.tolist() for rows in run.rows] == [[0], [1], [0], [1]]


def test_the_worked_example_in_fractions():
    # Decimals as they are written, and no rounding: the floats must be the nearest there are, or next to them.
    rows = [
        ([Fraction(1, 10), Fraction(8, 10), 1], Fraction(8, 10)),
        ([Fraction(1, 2), Fraction(3, 10), 1], Fraction(1, 2)),
    ]
    theta, path = [Fraction(0)] * 3, [[0.0] * 3]
    for a, y in rows * 8:
        error = sum(t * ai for t, ai in zip(theta, a, strict=True)) - y
        theta = [t - Fraction(1, 10) * 2 * error * ai for t, ai in zip(theta, a, strict=True)]
        path.append([float(t) for t in theta])
    np.testing.assert_allclose(descend(EXAMPLE, ZERO, 0.1, 16, order="one by one").parameters, path, rtol=1e-14)


def test_the_worked_example_after_1000_steps_meets_both_samples():
    run = descend(EXAMPLE, ZERO, 0.1, 1000, order="one by one")
    np.testing.assert_allclose(run.theta, [-0.11117206, 0.51106235, 0.40226732], atol=5e-9)
    np.testing.assert_allclose(EXAMPLE.predict(run.theta), [0.8, 0.5], atol=1e-8)


def test_the_worked_example_all_samples_a_step():
    run = descend(EXAMPLE, ZERO, 0.1, 2)
    expected = [[0, 0, 0], [0.033, 0.079, 0.13], [0.055525, 0.137174, 0.22333]]
    np.testing.assert_allclose(run.parameters, expected, rtol=1e-13)
    assert run.losses[0] == pytest.approx((0.64 + 0.25) / 2)
    np.testing.assert_array_equal(run.step_losses, run.losses[:-1])


@pytest.mark.parametrize("order", ["batch", "one by one", "stochastic"])
def test_from_zero_descent_reaches_the_shortest_of_the_minima(order):
    run = descend(EXAMPLE, ZERO, 0.5, 3000, order=order)
    np.testing.assert_allclose(run.theta, EXAMPLE.minimizer(), atol=1e-9)


def test_from_elsewhere_descent_keeps_what_it_had_along_the_flat_direction():
    flat = np.linalg.svd(EXAMPLE.design)[2][-1]  # orthogonal to both rows
    run = descend(EXAMPLE, 7 * flat, 0.5, 3000)
    np.testing.assert_allclose(run.theta, EXAMPLE.minimizer() + 7 * flat, atol=1e-9)
    assert run.losses[-1] < 1e-20


@pytest.mark.parametrize(
    ("order", "limit"), [("batch", 0.715748), ("one by one", 0.67617)], ids=["batch", "one by one"]
)
def test_the_worked_examples_limits(order, limit):
    below, above = (descend(EXAMPLE, ZERO, factor * limit, 4000, order=order) for factor in (0.99, 1.01))
    assert below.losses[-1] < 1e-9
    assert above.losses[-1] > 1e3
    assert above.grew
    assert not below.grew


# --- every step is equation (1) ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("problem", [EXAMPLE[[0, 1, 0, 1, 1]], LINE, FLATS], ids=["example", "line", "flats"])
def test_every_step_is_the_update_rule(problem, way):
    start = np.linspace(-1, 1, len(problem.names))
    run = descend(problem, start, 0.11, 150, **WAYS[way])
    path = walked(problem, start, [0.11] * 150, run.rows)
    assert_same_path(run.parameters, path)
    np.testing.assert_allclose(run.losses, [loss_on(problem, ALL, theta) for theta in path], rtol=1e-9, atol=1e-12)
    expected = [loss_on(problem, rows, theta) for rows, theta in zip(run.rows, path, strict=False)]
    np.testing.assert_allclose(run.step_losses, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(run.rates, np.full(150, 0.11))


@steady
@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 4), st.sampled_from(ORDERS), st.integers(1, 9))
def test_every_step_is_the_update_rule_whatever_the_data(seed, n, d, order, size):
    r = np.random.default_rng(seed)
    problem = LinearRegression(r.standard_normal((n, d)), r.standard_normal(n))
    size = min(size, n) if order == "mini-batch" else None
    eta, start = 0.4 * sample_limits(problem).min(), r.standard_normal(d + 1)
    run = descend(problem, start, eta, 70, order=order, batch_size=size, seed=seed)
    assert_same_path(run.parameters, walked(problem, start, [eta] * 70, run.rows))
    for k in (0, 1, 42, 69):
        assert run.losses[k] == pytest.approx(loss_on(problem, ALL, run.parameters[k]), rel=1e-11, abs=1e-14)
        assert run.step_losses[k] == pytest.approx(
            loss_on(problem, run.rows[k], run.parameters[k]), rel=1e-11, abs=1e-14
        )


@pytest.mark.parametrize("way", WAYS)
def test_every_step_is_the_update_rule_with_many_rows(way):
    problem = LinearRegression(*noisy_line(FEW_ROWS + 45))
    run = descend(problem, [3, -2], 0.07, 700, **WAYS[way])
    path = walked(problem, [3, -2], [0.07] * 700, run.rows)
    assert_same_path(run.parameters, path)
    np.testing.assert_allclose(run.losses, [loss_on(problem, ALL, theta) for theta in path], rtol=1e-10)
    expected = [loss_on(problem, rows, theta) for rows, theta in zip(run.rows, path, strict=False)]
    np.testing.assert_allclose(run.step_losses, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.long  # for the time of the import
@pytest.mark.parametrize("problem", [EXAMPLE, FLATS, LINE], ids=["example", "flats", "line"])
def test_scikit_learn_takes_the_same_steps(problem):
    # It halves the squared error, so its rate is twice ours; a row at a time, in their order.
    eta, rounds = 0.05, 12
    run = descend(problem, np.zeros(len(problem.names)), eta, rounds * len(problem), order="one by one")
    from sklearn.linear_model import SGDRegressor  # here: every process that tests would wait for it

    model = SGDRegressor(loss="squared_error", penalty=None, learning_rate="constant", eta0=2 * eta)
    for k, i in enumerate(list(range(len(problem))) * rounds):
        model.partial_fit(problem.x[[i]], problem.y[[i]])
        np.testing.assert_allclose(run.parameters[k + 1], [*model.coef_, *model.intercept_], rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("problem", [EXAMPLE, LINE, Valley(), two_minima()], ids=["example", "line", "own", "curve"])
def test_a_step_goes_down_the_losss_central_differences(problem):
    start = np.linspace(0.4, 1.3, len(problem.names))
    run = descend(problem, start, 0.02, 5)
    for theta, after in itertools.pairwise(run.parameters):
        moves = 1e-5 * np.eye(len(start))
        slopes = (problem.loss(theta + moves) - problem.loss(theta - moves)) / 2e-5
        np.testing.assert_allclose((theta - after) / 0.02, slopes, rtol=1e-7, atol=1e-8)


@steady
@given(st.integers(0, 10**6), st.floats(0, 2.2), st.integers(1, 60))
def test_along_each_eigenvector_the_distance_is_multiplied_by_1_minus_eta_lambda(seed, z, k):
    r = np.random.default_rng(seed)
    problem = LinearRegression(r.standard_normal((6, 2)), r.standard_normal(6))
    eta, start, minimum = z / curvatures(problem)[-1], r.standard_normal(3), problem.minimizer()
    factors = 1 - eta * curvatures(problem)
    run = descend(problem, start, eta, k)
    distances = (run.parameters - minimum) @ principal_directions(problem)
    expected = factors ** np.arange(k + 1)[:, np.newaxis] * distances[0]
    np.testing.assert_allclose(distances, expected, rtol=1e-9, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("z", [0.0, 0.3, 1.0, 1.7, 2.0, 2.3])
def test_on_a_parabola_the_distance_is_multiplied_by_1_minus_eta_lambda(z):
    run = descend(parabola(4.0, minimum=-1.0), 2.0, z / 4, 30)
    np.testing.assert_allclose(run.parameters[:, 0] + 1, 3 * (1 - z) ** np.arange(31), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("data", [worked_example, six_points, narrow_valley, noisy_line, rents])
def test_just_below_the_stability_limit_descent_shrinks_the_excess_and_just_above_it_grows(data):
    problem = LinearRegression(*data())
    limit, least, start = stability_limit(problem), problem.loss(problem.minimizer()), np.zeros(len(problem.names))
    steep = problem.minimizer() + principal_directions(problem)[:, -1]
    for factor, grows in ((0.99, False), (1.01, True)):
        run = descend(problem, steep, factor * limit, 1000)
        ratios = (run.losses[1:200] - least) / (run.losses[:199] - least)
        np.testing.assert_allclose(ratios, (1 - 2 * factor) ** 2, rtol=1e-4)
        assert (descend(problem, start, factor * limit, 5000).losses[-1] > problem.loss(start)) == grows


@pytest.mark.parametrize("row", range(8))
def test_just_below_its_own_limit_a_sample_is_approached_and_just_above_it_is_left(row):
    problem = LinearRegression(*rents())[row]
    (limit,) = sample_limits(problem)
    for factor in (0.1, 0.49, 0.99, 1.01, 1.2):
        errors = np.abs(problem.residuals(descend(problem, ZERO, factor * limit, 20).parameters))[:, 0]
        assert (errors[-1] > errors[0]) == (factor > 1)
        np.testing.assert_allclose(errors, errors[0] * abs(1 - 2 * factor) ** np.arange(21), rtol=1e-6, atol=1e-9)
    at_once = descend(problem, ZERO, limit / 2, 1).theta
    np.testing.assert_allclose(problem.residuals(at_once), 0, atol=1e-12)


@pytest.mark.parametrize("data", [worked_example, six_points, noisy_line])
def test_just_below_the_round_limit_one_by_one_forgets_its_start_and_just_above_it_does_not(data):
    problem = LinearRegression(*data())
    rounds = 3000 // len(problem) * len(problem)
    near, far = np.zeros(len(problem.names)), np.ones(len(problem.names))
    for factor, grows in ((0.99, False), (1.01, True)):
        runs = [descend(problem, s, factor * round_limit(problem), rounds, order="one by one") for s in (near, far)]
        gap = np.linalg.norm((runs[1].theta - runs[0].theta) @ problem.design.T)
        assert (gap > 10 * np.linalg.norm(far @ problem.design.T)) == grows
        assert (gap < 0.1 * np.linalg.norm(far @ problem.design.T)) != grows


# --- which rows -------------------------------------------------------------------------------------------------------


def test_batch_steps_use_all_rows():
    assert descend(LINE, [0, 0], 0.1, 3).rows == [ALL] * 3


def test_one_by_one_goes_round():
    rows = descend(LINE, [0, 0], 0.1, 30, order="one by one").rows
    assert [part.tolist() for part in rows] == [[k % 12] for k in range(30)]


@pytest.mark.parametrize(
    ("n", "size", "sizes"),
    [(12, None, [1] * 12), (12, 5, [5, 5, 2]), (12, 4, [4, 4, 4]), (12, 12, [12]), (12, 1, [1] * 12), (7, 6, [6, 1])],
)
def test_each_pass_uses_each_row_once_in_an_order_of_its_own(n, size, sizes):
    order = "stochastic" if size is None else "mini-batch"
    rows = descend(LINE[:n], [0, 0], 0.01, 25 * len(sizes), order=order, batch_size=size).rows
    assert [len(part) for part in rows] == sizes * 25
    passes = np.concatenate(rows).reshape(25, n)
    np.testing.assert_array_equal(np.sort(passes, axis=1), np.tile(np.arange(n), (25, 1)))
    assert len({tuple(one) for one in passes}) > 20


def test_in_shuffled_passes_every_row_comes_first_as_often_as_any_other():
    rows = descend(LINE[:4], [0, 0], 0.01, 4 * 1000, order="stochastic").rows
    firsts = np.bincount(np.concatenate(rows)[::4], minlength=4)
    assert (np.abs(firsts - 250) < 5 * np.sqrt(1000 * 0.25 * 0.75)).all()


@pytest.mark.parametrize("way", ["stochastic", "mini-batch"])
def test_a_seed_repeats_a_run_and_another_seed_makes_another(way):
    def run(seed):
        return descend(LINE, [0, 0], 0.1, 100, **{**WAYS[way], "seed": seed})

    assert_same_run(run(11), run(11), rtol=0)
    assert_same_run(run(np.int64(11)), run(11), rtol=0)
    runs = [run(seed).parameters for seed in (*range(10), 2**40)]
    assert all((a[-1] != b[-1]).all() for a, b in itertools.combinations(runs, 2))


def test_without_a_seed_it_is_0():
    runs = [descend(LINE, [0, 0], 0.1, 30, order="stochastic", **seed) for seed in ({}, {"seed": 0})]
    assert_same_run(*runs, rtol=0)


@pytest.mark.parametrize("way", WAYS)
def test_the_global_random_numbers_neither_matter_nor_change(way):
    np.random.seed(1)  # noqa: NPY002
    one = descend(LINE, [0, 0], 0.1, 30, **WAYS[way])
    after = np.random.random()  # noqa: NPY002
    np.random.seed(1)  # noqa: NPY002
    assert after == np.random.random()  # noqa: NPY002
    assert_same_run(descend(LINE, [0, 0], 0.1, 30, **WAYS[way]), one, rtol=0)


@pytest.mark.parametrize("way", ["batch", "one by one"])
def test_without_shuffling_a_seed_changes_nothing(way):
    assert_same_run(
        descend(LINE, [0, 0], 0.1, 30, order=way, seed=9), descend(LINE, [0, 0], 0.1, 30, order=way), rtol=0
    )


def test_mini_batches_of_one_are_stochastic_descent_and_of_all_rows_batch_descent():
    one = descend(LINE, [0, 0], 0.1, 50, order="mini-batch", batch_size=1, seed=3)
    assert_same_run(one, descend(LINE, [0, 0], 0.1, 50, order="stochastic", seed=3))
    whole = descend(LINE, [0, 0], 0.1, 50, order="mini-batch", batch_size=12, seed=3)
    np.testing.assert_allclose(whole.parameters, descend(LINE, [0, 0], 0.1, 50).parameters, rtol=1e-12)
    np.testing.assert_allclose(whole.step_losses, whole.losses[:-1], rtol=1e-12)


@pytest.mark.parametrize("order", ORDERS)
def test_with_a_single_row_every_order_is_the_same(order):
    size = 1 if order == "mini-batch" else None
    run = descend(EXAMPLE[0], ZERO, 0.1, 100, order=order, batch_size=size)
    np.testing.assert_allclose(run.parameters, descend(EXAMPLE[0], ZERO, 0.1, 100).parameters, rtol=1e-12)
    # An output near 0.8 is rounded by up to 1e-16, on each processor otherwise: so is an error, however small.
    np.testing.assert_allclose(np.sqrt(run.step_losses), np.sqrt(run.losses[:-1]), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("way", WAYS)
def test_the_rows_recorded_are_those_of_the_problem(way):
    run = descend(LINE, [0, 0], 0.1, 20, **WAYS[way])
    for k in range(20):
        part = run.problem[run.rows[k]]
        assert part.loss(run.parameters[k]) == pytest.approx(run.step_losses[k], rel=1e-12)
        step = run.parameters[k] - run.rates[k] * part.gradient(run.parameters[k])
        np.testing.assert_allclose(run.parameters[k + 1], step, rtol=1e-12)


def test_a_few_steps_on_very_many_rows_make_few_problems():
    class Counts(LinearRegression):
        taken = 0

        def __getitem__(self, rows):
            Counts.taken += 1
            return super().__getitem__(rows)

    descend(Counts(*noisy_line(5000)), [0, 0], 0.1, 10, order="one by one")
    assert Counts.taken == 10


# --- the shape of a record --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("eta", "start", "replicas"),
    [
        (0.1, (), ()),
        ([0.1, 0.2, 0.3], (), (3,)),
        ([0.1], (), (1,)),
        (0.1, (4,), (4,)),
        ([0.1, 0.2, 0.3], (3,), (3,)),
        ([0.1, 0.2, 0.3], (4, 1), (4, 3)),
        ([[0.1], [0.2]], (3,), (2, 3)),
        (0.1, (2, 1, 2), (2, 1, 2)),
    ],
)
def test_shapes(way, eta, start, replicas):
    run = descend(LINE, np.zeros((*start, 2)), eta, 6, **WAYS[way])
    assert len(run) == len(run.rows) == 6
    assert run.eta.shape == replicas
    assert run.parameters.shape == (7, *replicas, 2)
    assert run.losses.shape == (7, *replicas)
    assert run.step_losses.shape == run.rates.shape == (6, *replicas)
    assert run.theta.shape == (*replicas, 2)
    assert np.shape(run.stopped) == np.shape(run.stop_step) == np.shape(run.diverged) == np.shape(run.grew) == replicas
    np.testing.assert_array_equal(run.theta, run.parameters[-1])
    if not replicas:
        assert (type(run.stopped), type(run.stop_step), type(run.diverged), type(run.grew)) == (str, int, bool, bool)


def test_one_parameter_starts_at_a_plain_number():
    run = descend(parabola(), 3, 1, 1)
    np.testing.assert_array_equal(run.parameters, [[3.0], [0.0]])
    np.testing.assert_array_equal(run.losses, [4.5, 0.0])


def test_the_start_is_recorded_as_it_was_given():
    start = np.array([0.1 + 0.2, -1e-17])
    np.testing.assert_array_equal(descend(LINE, start, 0.1, 2).parameters[0], start)


def test_what_the_caller_changes_later_changes_no_record():
    start, eta = np.zeros((2, 2)), np.array([0.1, 0.2])
    run = descend(LINE, start, eta, 3)
    start += 5
    eta *= 2
    np.testing.assert_array_equal(run.eta, [0.1, 0.2])
    np.testing.assert_array_equal(run.parameters[0], np.zeros((2, 2)))


def test_descending_changes_neither_start_nor_rates():
    start, eta = np.ones(2), np.array([0.1, 0.2])
    descend(LINE, start, eta, 3)
    np.testing.assert_array_equal(start, [1, 1])
    np.testing.assert_array_equal(eta, [0.1, 0.2])


def test_a_run_remembers_what_was_asked_for_and_says_how_it_went():
    run = descend(EXAMPLE, ZERO, 0.1, 2, order="one by one")
    assert (run.problem, run.order, float(run.eta)) == (EXAMPLE, "one by one", 0.1)
    assert isinstance(run, Run)
    last = loss_on(EXAMPLE, ALL, [0.04536, 0.145616, 0.21872])
    assert repr(run) == f"Run(η = 0.1, one by one, 2 steps, loss 0.445 → {last:.6g}, stopped by steps)"
    assert repr(descend(EXAMPLE, ZERO, [0.1, 0.2], 2)) == "Run(2 learning rates, batch, 2 steps at most)"
    with pytest.raises(AttributeError):
        run.eta = 3


@pytest.mark.parametrize("way", WAYS)
def test_a_rate_of_zero_stays_put(way):
    run = descend(LINE, [2, 1], 0, 100, **WAYS[way])
    np.testing.assert_array_equal(run.parameters, np.tile([2.0, 1.0], (101, 1)))
    np.testing.assert_allclose(run.losses, run.losses[0], rtol=1e-14)
    assert (run.stopped, run.stop_step, run.diverged, run.grew) == ("steps", 100, False, False)


def test_grew_compares_the_last_loss_with_the_first():
    run = descend(parabola(), [[1.0]] * 5, [0, 0.5, 1.9, 2.1, 1e200], 20)
    np.testing.assert_array_equal(run.grew, [False, False, False, True, True])
    np.testing.assert_array_equal(run.diverged, [False, False, False, False, True])


def test_to_overshoot_is_not_to_diverge():
    run = descend(parabola(), 1.0, 1.9, 200)
    assert (np.sign(run.parameters[1:, 0]) != np.sign(run.parameters[:-1, 0])).all()
    assert not run.diverged
    assert run.losses[-1] < 1e-15


# --- sweeps -----------------------------------------------------------------------------------------------------------


def assert_replica_is_single_run(sweep, index, single):
    """Check one replica of a sweep against a run of its own, and that it repeats its last entries ever after."""
    k, at = len(single), (slice(None), *index)
    assert sweep.stopped[index] == single.stopped
    assert sweep.stop_step[index] == single.stop_step == k
    assert sweep.diverged[index] == single.diverged
    assert sweep.grew[index] == single.grew
    assert_same_path(sweep.parameters[at][: k + 1], single.parameters)
    np.testing.assert_allclose(sweep.losses[at][: k + 1], single.losses, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(sweep.step_losses[at][:k], single.step_losses, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(sweep.rates[at][:k], single.rates)
    np.testing.assert_array_equal(sweep.parameters[at][k:], np.tile(sweep.parameters[at][k], (len(sweep) - k + 1, 1)))
    np.testing.assert_array_equal(sweep.losses[at][k:], sweep.losses[at][k])
    if k:
        np.testing.assert_array_equal(sweep.step_losses[at][k:], sweep.step_losses[at][k - 1])
        np.testing.assert_array_equal(sweep.rates[at][k:], sweep.rates[at][k - 1])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("tolerance", [0.0, 1e-5])
@pytest.mark.parametrize("schedule", [None, lambda k: 1 / (1 + 0.01 * k)], ids=["constant", "schedule"])
def test_a_sweep_is_its_single_runs(way, tolerance, schedule):
    etas, options = [0, 1e-3, 0.1, 0.3, 1.3, 30.0, 1e160], {"tolerance": tolerance, "schedule": schedule, **WAYS[way]}
    sweep = descend(LINE, [1, 1], etas, 250, **options)
    singles = [descend(LINE, [1, 1], eta, 250, **options) for eta in etas]
    for i, single in enumerate(singles):
        assert_replica_is_single_run(sweep, (i,), single)
    assert len(sweep) == max(len(single) for single in singles)
    assert len({single.stop_step for single in singles}) > 2
    assert {"diverged", "tolerance" if tolerance else "steps"} <= set(sweep.stopped)
    for recorded in (sweep.parameters, sweep.losses, sweep.step_losses, sweep.rates):
        assert np.isfinite(recorded).all()


@pytest.mark.parametrize("way", WAYS)
def test_starts_and_rates_broadcast_to_single_runs(way):
    starts, etas = np.array([[0, 0], [2, -1], [1e3, 5]])[:, np.newaxis], [0.05, 0.2]
    sweep = descend(LINE, starts, etas, 90, tolerance=1e-3, **WAYS[way])
    for i, j in itertools.product(range(3), range(2)):
        single = descend(LINE, starts[i, 0], etas[j], 90, tolerance=1e-3, **WAYS[way])
        assert_replica_is_single_run(sweep, (i, j), single)


def test_a_sweep_ends_with_its_last_replica():
    sweep = descend(parabola(), 1.0, [3.0, 0.9, 0.5], 10_000, tolerance=1e-6)
    assert len(sweep) == sweep.stop_step.max() < 10_000
    assert (sweep.stop_step < 10_000).all()
    assert sweep.stopped.tolist() == ["diverged", "tolerance", "tolerance"]


# --- when to stop -----------------------------------------------------------------------------------------------------


def settled(losses, epoch, tolerance):
    """Return after how many steps the first whole pass has changed the loss by less than the tolerance."""
    for k in range(epoch, len(losses), epoch):
        if abs(losses[k] - losses[k - epoch]) < tolerance:
            return k
    return None


@pytest.mark.parametrize("steps", [1, 2, 5, 63, 64, 65, 1000])
@pytest.mark.parametrize("way", WAYS)
def test_without_a_reason_to_stop_a_run_takes_all_its_steps(way, steps):
    run = descend(LINE, [0, 0], 0.1, steps, **WAYS[way])
    assert (run.stopped, run.stop_step, len(run), run.diverged) == ("steps", steps, steps, False)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("tolerance", [1e-1, 1e-2, 1e-4, 1e-9])
def test_tolerance_stops_after_the_first_whole_pass_that_changes_less(way, tolerance):
    epoch = {"batch": 1, "one by one": 12, "stochastic": 12, "mini-batch": 3}[way]
    everything = descend(LINE, [2, -2], 0.02, 1000, **WAYS[way])
    expected = settled(everything.losses, epoch, tolerance)
    run = descend(LINE, [2, -2], 0.02, 1000, tolerance=tolerance, **WAYS[way])
    if expected is None:
        assert (run.stopped, run.stop_step) == ("steps", 1000)
    else:
        assert (run.stopped, run.stop_step, len(run)) == ("tolerance", expected, expected)
        np.testing.assert_array_equal(run.parameters, everything.parameters[: expected + 1])


def test_some_of_those_tolerances_do_stop_and_others_do_not():
    stops = {descend(LINE, [2, -2], 0.02, 1000, tolerance=t, **WAYS["stochastic"]).stopped for t in (1e-2, 1e-9)}
    assert stops == {"tolerance", "steps"}


@pytest.mark.parametrize("way", ["one by one", "stochastic"])
def test_small_changes_row_by_row_do_not_stop_a_pass_that_gets_somewhere(way):
    rows = LinearRegression(np.zeros(10), np.ones(10))  # ten times the same row: every step does the same
    run = descend(rows, [0, 0], 1e-3, 105, order=way)
    step, one_pass = np.abs(np.diff(run.losses)).max(), np.abs(run.losses[100] - run.losses[90])
    tolerance = 2 * step
    assert tolerance < one_pass  # although no step changes the loss by that much
    stopped = descend(rows, [0, 0], 1e-3, 105, order=way, tolerance=tolerance)
    assert (stopped.stopped, stopped.stop_step) == ("steps", 105)  # nor does the half pass at the end count


def test_large_changes_row_by_row_do_not_keep_a_pass_from_stopping_that_gets_nowhere():
    rows = LinearRegression([0, 0, 0], [0, 1, 5])  # three targets for one input: b goes round and round between them
    everything = descend(rows, [0, 0], 0.3, 300, order="one by one")
    assert np.abs(np.diff(everything.losses[-10:])).min() > 0.01
    run = descend(rows, [0, 0], 0.3, 300, order="one by one", tolerance=1e-9)
    assert run.stopped == "tolerance"
    assert run.stop_step % 3 == 0
    assert run.stop_step == settled(everything.losses, 3, 1e-9) < 100


def test_a_growing_loss_does_not_settle():
    assert descend(parabola(), 1e-3, 2.5, 50, tolerance=1e-9).stopped == "steps"


def test_a_loss_that_does_not_change_stops_at_once_if_a_tolerance_asks_for_it():
    assert descend(LINE, [0, 0], 0, 50, tolerance=1e-300).stop_step == 1
    assert descend(LINE, [0, 0], 0, 50, tolerance=1e-300, order="one by one").stop_step == 12
    assert descend(parabola(), 0.0, 0.1, 50, tolerance=1e-9).stop_step == 1


BOUNDARIES = [1, 2, 63, 64, 65, 128, 191, 192, 193, 447, 448, 449]  # blocks end at 64, 192 and 448 steps


@pytest.mark.parametrize("k", BOUNDARIES)
def test_tolerance_stops_at_exactly_the_step_it_should(k):
    # L = L₀·c²ᵏ, so step k changes it by c²ᵏ⁻²·(1 − c²)·L₀: a tolerance between that of step k and of step k − 1.
    run = descend(parabola(), 1.0, 0.01, 1000, tolerance=0.5 * 0.99 ** (2 * k - 3) * (1 - 0.99**2))
    assert (run.stopped, run.stop_step, len(run), len(run.parameters)) == ("tolerance", k, k, k + 1)
    np.testing.assert_allclose(run.parameters[:, 0], 0.99 ** np.arange(k + 1), rtol=1e-12)


@pytest.mark.parametrize("passes", [1, 8, 9, 10, 11, 20, 29, 30, 31, 32])
@pytest.mark.parametrize("way", ["one by one", "stochastic"])
def test_tolerance_stops_at_exactly_the_pass_it_should(passes, way):
    rows, c = LinearRegression(np.zeros(7), np.ones(7)), 0.998  # b's error is multiplied by c at every step
    change = 0.5 * (c ** (14 * passes - 14) + c ** (14 * passes - 28)) * (1 - c**14)
    run = descend(rows, [0, 0], (1 - c) / 2, 1000, order=way, tolerance=change)
    assert (run.stopped, run.stop_step) == ("tolerance", 7 * passes)


@pytest.mark.parametrize("k", [0, *BOUNDARIES])
def test_divergence_stops_at_exactly_the_last_finite_loss(k):
    # Powers of two are exact: θ doubles at every step, and θ² is too large for a float from θ = 2⁵¹² on.
    run = descend(parabola(), 2.0 ** (511 - k), 3.0, 1000)
    assert (run.stopped, run.stop_step, len(run), run.diverged) == ("diverged", k, k, True)
    np.testing.assert_array_equal(np.abs(run.parameters[:, 0]), 2.0 ** np.arange(511 - k, 512))
    assert run.losses[-1] == 2.0**1021


@pytest.mark.parametrize("k", BOUNDARIES)
def test_the_last_of_the_steps_may_be_the_last_finite_one(k):
    run = descend(parabola(), 2.0 ** (511 - k), 3.0, k)
    assert (run.stopped, run.stop_step, run.diverged, run.grew) == ("steps", k, False, True)


@pytest.mark.parametrize("way", ["batch", "one by one"])
@pytest.mark.parametrize("factor", [1.5, 5.0, 1e3, 1e100])
@pytest.mark.parametrize("n", [12, 300])
def test_a_diverged_run_is_the_finite_beginning_of_an_endless_one(way, factor, n):
    problem = LinearRegression(*noisy_line(n))
    eta = factor * {"batch": stability_limit, "one by one": round_limit}[way](problem)
    run = descend(problem, [1, 2], eta, 10**5, order=way)
    assert run.diverged
    assert run.stopped == "diverged"
    for recorded in (run.parameters, run.losses, run.step_losses, run.rates):
        assert np.isfinite(recorded).all()
    assert len(run.parameters) == len(run.losses) == len(run) + 1 == len(run.rates) + 1 == len(run.step_losses) + 1
    rows = [ALL if way == "batch" else [k % n] for k in range(len(run) + 1)]
    with np.errstate(over="ignore", invalid="ignore"):
        path = walked(problem, [1, 2], [eta] * len(rows), rows)
        assert_same_path(run.parameters, path[:-1], rtol=1e-9)
        beyond = [loss_on(problem, ALL, 2 * path[-1]), loss_on(problem, rows[-1], 2 * path[-2])]
        assert not np.isfinite(beyond).all()


@pytest.mark.parametrize("way", WAYS)
def test_divergence_warns_nobody_and_every_entry_is_finite(way):
    for eta in (3.0, 10.0, 1e50, 1e308):
        run = descend(LINE, [1, 1], eta, 1500, **WAYS[way])
        assert run.diverged
        for recorded in (run.parameters, run.losses, run.step_losses, run.rates):
            assert np.isfinite(recorded).all()


def test_where_one_rows_error_overflows_before_the_mean_does_the_record_ends_before_it():
    x = np.zeros(FEW_ROWS + 44)
    x[0] = 1.0
    problem = LinearRegression(x, np.zeros(len(x)))  # far along w only the first row has a loss
    start = [3e154, 0.0]
    assert np.isfinite(problem.loss(start))
    for order in ("one by one", "stochastic"):
        run = descend(problem, start, 0.01, 600, order=order)
        assert run.diverged
        assert np.isfinite(run.step_losses).all()
        assert run.stop_step == next(
            k for k in range(600) if 0 in descend(problem, [0, 0], 0, 600, order=order).rows[k]
        )


@pytest.mark.parametrize(
    ("curve", "start", "eta"),
    [
        (Curve(lambda x: x - np.log(x), lambda x: 1 - 1 / x), 2.0, 4.0),  # to 0, where the loss is infinite
        (Curve(lambda x: x - np.log(x), lambda x: 1 - 1 / x), 2.0, 5.0),  # beyond it, where there is none
        (Curve(lambda x: x**4, lambda x: 4 * x**3), 10.0, 1.0),
        (Curve(np.cosh, np.sinh), 3.0, 5.0),
        (two_minima(), 5.0, 3.0),
        (parabola(1e300), 1e-100, 1e300),
    ],
)
def test_curves_diverge_in_silence_too(curve, start, eta):
    run = descend(curve, start, eta, 500)
    assert run.diverged
    assert np.isfinite(run.parameters).all()
    assert np.isfinite(run.losses).all()


class Runaway:
    """A loss that stays finite wherever θ goes."""

    names = ("a", "b", "c")

    def loss(self, theta):
        return np.zeros(theta.shape[:-1])

    def gradient(self, theta):
        return np.broadcast_to([0.0, 0.0, -1.0], theta.shape)


@pytest.mark.parametrize("steps", [1, 4, 200])
def test_a_theta_that_leaves_the_finite_numbers_has_diverged_though_its_loss_has_not(steps):
    run = descend(Runaway(), np.zeros(3), [1.0, 7e307], steps)
    np.testing.assert_array_equal(run.diverged, [False, steps > 2])
    assert run.stop_step.tolist() == [steps, min(steps, 2)]
    assert np.isfinite(run.parameters).all()


def test_a_replica_that_diverges_harms_no_other():
    together = descend(EXAMPLE, ZERO, [0.1, 50.0, 0.2, 1e300], 2000, order="one by one")
    for i in (0, 2):
        alone = descend(EXAMPLE, ZERO, together.eta[i], 2000, order="one by one")
        np.testing.assert_allclose(together.parameters[:, i], alone.parameters, rtol=1e-12, atol=1e-15)


def test_divergence_before_the_tolerance_and_tolerance_before_divergence():
    # θ doubles: from 2⁻¹⁰⁰ the first changes are below the tolerance, from 2⁴⁰⁰ none is.
    assert descend(parabola(), 2.0**-100, 3.0, 2000, tolerance=1e-3).stopped == "tolerance"
    assert descend(parabola(), 2.0**400, 3.0, 2000, tolerance=1e-3).stopped == "diverged"


def test_what_settles_on_its_last_finite_step_has_settled():
    run = descend(Runaway(), np.zeros(3), 1e308, 9, tolerance=1e-9)  # the loss does not change, and step 2 is beyond
    assert (run.stopped, run.stop_step) == ("tolerance", 1)


# --- blocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_fewer_steps_are_the_beginning_of_more(way):
    whole = descend(LINE, [1, -1], 0.1, 500, **WAYS[way])
    for steps in (1, 12, 13, 63, 64, 65, 71, 72, 73, 191, 192, 193, 216, 448, 449):
        run = descend(LINE, [1, -1], 0.1, steps, **WAYS[way])
        np.testing.assert_array_equal(run.parameters, whole.parameters[: steps + 1])
        np.testing.assert_allclose(run.losses, whole.losses[: steps + 1], rtol=1e-12)
        np.testing.assert_allclose(run.step_losses, whole.step_losses[:steps], rtol=1e-10, atol=1e-13)
        assert all(np.array_equal(a, b) for a, b in zip(run.rows, whole.rows, strict=False))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("first", [1, 13, 1000])
@pytest.mark.parametrize("tolerance", [0.0, 1e-5])
def test_how_long_a_block_is_changes_nothing(way, first, tolerance, monkeypatch):
    etas = [1e-3, 0.02, 0.1, 1.3, 40.0, 1e200]
    expected = descend(LINE, [2, 2], etas, 300, tolerance=tolerance, **WAYS[way])
    monkeypatch.setattr(gdlib.descent, "_FIRST_BLOCK", first)
    assert_same_run(descend(LINE, [2, 2], etas, 300, tolerance=tolerance, **WAYS[way]), expected)


# --- schedules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_a_schedule_multiplies_the_rate_of_each_step(way):
    run = descend(LINE, [1, 1], 0.2, 150, schedule=lambda k: 1 / (1 + k), **WAYS[way])
    np.testing.assert_allclose(run.rates, 0.2 / (1 + np.arange(150)), rtol=1e-15)
    assert_same_path(run.parameters, walked(LINE, [1, 1], 0.2 / (1 + np.arange(150)), run.rows))


def test_a_schedule_multiplies_every_replicas_rate():
    run = descend(LINE, [1, 1], [[0.1], [0.3]], 80, schedule=lambda k: 0.5**k)
    np.testing.assert_allclose(run.rates, np.array([[0.1], [0.3]]) * 0.5 ** np.arange(80)[:, np.newaxis, np.newaxis])


def test_a_schedule_is_asked_for_the_steps_there_are_in_their_order():
    asked = []
    descend(LINE, [1, 1], 0.1, 100, schedule=lambda k: asked.append(k) or 1.0)
    assert asked == list(range(100))
    assert {type(k) for k in asked} == {int}


def test_a_rate_that_a_schedule_lifts_beyond_the_floats_diverges_in_silence():
    run = descend(EXAMPLE, ZERO, [1e300, 1e-103], 3, schedule=lambda k: 1e100)
    assert run.diverged.tolist() == [True, False]
    np.testing.assert_allclose(run.rates[:, 1], 1e-3)


@pytest.mark.parametrize("value", [1, 1.0, np.float64(1), np.float32(1), np.int8(1), np.array(1.0)])
def test_a_schedule_of_ones_is_none(value):
    run = descend(LINE, [1, 1], 0.1, 30, schedule=lambda k: value)
    assert_same_run(run, descend(LINE, [1, 1], 0.1, 30), rtol=0)


def test_a_schedule_may_fall_to_zero():
    run = descend(LINE, [1, 1], 0.1, 30, schedule=lambda k: float(k < 5))
    assert (np.diff(run.parameters[:6], axis=0) != 0).any(axis=1).all()
    np.testing.assert_array_equal(run.parameters[5:], np.tile(run.parameters[5], (26, 1)))


def test_a_falling_rate_brings_the_noise_of_stochastic_descent_down():
    best, passes = LINE.minimizer(), 60

    def spread(schedule):
        runs = [
            descend(LINE, best, 0.3, 12 * passes, order="stochastic", seed=s, schedule=schedule).parameters[-200:]
            for s in range(5)
        ]
        return np.sqrt(np.mean(np.square(np.array(runs) - best)))

    constant, falling = spread(None), spread(lambda k: 1 / (1 + k))
    assert constant > 0.05  # at a constant rate θ keeps jumping about, although it began at the minimum
    assert falling < constant / 10


# --- problems of the reader's own -------------------------------------------------------------------------------------


def test_names_a_loss_and_a_gradient_make_a_problem():
    run = descend(Valley(), [0, 0], 0.05, 300, tolerance=1e-12)
    np.testing.assert_allclose(run.theta, [3, -1], atol=1e-5)
    assert run.stopped == "tolerance"
    assert run.rows == [ALL] * len(run)
    np.testing.assert_allclose(run.parameters[:, 1] + 1, (1 - 0.05 * 20) ** np.arange(len(run) + 1), atol=1e-12)
    np.testing.assert_allclose(run.parameters[:, 0] - 3, -3 * 0.9 ** np.arange(len(run) + 1), atol=1e-12)


def test_a_problem_of_ones_own_takes_sweeps_and_starts():
    sweep = descend(Valley(), np.zeros((4, 1, 2)), [0.01, 0.05, 0.2], 100)
    assert sweep.losses.shape == (101, 4, 3)
    assert sweep.grew.tolist() == [[False, False, True]] * 4


def test_a_problem_of_ones_own_may_be_made_of_rows():
    class Means:
        """The mean distance, squared, to some numbers."""

        names = ("m",)

        def __init__(self, numbers):
            self.numbers = np.atleast_1d(numbers)

        def __len__(self):
            return len(self.numbers)

        def __getitem__(self, rows):
            return Means(self.numbers[rows])

        def loss(self, theta):
            return np.mean((theta - self.numbers) ** 2, axis=-1)

        def gradient(self, theta):
            return 2 * (theta - self.numbers.mean())

    problem = Means([1.0, 2.0, 6.0])
    assert descend(problem, 0, 0.1, 200).theta[0] == pytest.approx(3.0)
    run = descend(problem, 0, 0.5, 6, order="one by one")  # lands on every number in turn
    np.testing.assert_allclose(run.parameters[:, 0], [0, 1, 2, 6, 1, 2, 6])
    np.testing.assert_allclose(run.step_losses, [1, 1, 16, 25, 1, 16])
    assert descend(problem, 0, 0.1, 7, order="mini-batch", batch_size=2).rows[1].shape == (1,)
    assert descend(Means([4.0]), 0, 0.5, 1, order="one by one").theta == 4  # a single row will do


def test_curves_descend_into_the_minimum_of_their_start():
    run = descend(two_minima(), [[-3.0], [-0.5], [1.5], [3.0]], 0.1, 500)
    np.testing.assert_allclose(run.theta[:, 0], [-2.07, -2.07, 1.92, 1.92], atol=0.01)


def test_far_out_on_a_plateau_there_is_no_way_to_be_seen():
    run = descend(plateau(), [[1.0], [40.0]], 0.5, 500)
    assert run.theta[0] == pytest.approx(0, abs=1e-6)
    assert run.theta[1] == 40.0


# --- losses worked out less often -------------------------------------------------------------------------------------


def assert_recorded_less_often(run, full, every):
    """Compare with the run that recorded all: the same path, and each loss is its own or the last one recorded."""
    np.testing.assert_array_equal(run.parameters, full.parameters)
    np.testing.assert_array_equal(run.stop_step, full.stop_step)
    np.testing.assert_array_equal(run.stopped, full.stopped)
    np.testing.assert_array_equal(run.rates, full.rates)
    assert full.recorded.all()
    assert run.recorded.shape == run.losses.shape == full.losses.shape
    replicas = full.losses.reshape(len(full.losses), -1).shape[1]
    ends = np.broadcast_to(full.stop_step, full.eta.shape).reshape(-1)
    for j in range(replicas):
        losses, own = run.losses.reshape(-1, replicas)[:, j], full.losses.reshape(-1, replicas)[:, j]
        marked = [k == ends[j] or (k < ends[j] and (k % every == 0 if every else k == 0)) for k in range(len(own))]
        marked[ends[j] :] = [True] * (len(own) - ends[j])  # what has stopped repeats its end, loss and all
        assert run.recorded.reshape(-1, replicas)[:, j].tolist() == marked
        last = 0
        for k in range(len(own)):
            last = k if marked[k] else last
            np.testing.assert_allclose(losses[k], own[last], rtol=1e-13, err_msg=f"step {k}")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("steps", [1, 11, 12, 13, 200])
@pytest.mark.parametrize("eta", [0.1, np.array([0.1, 0.01])], ids=["a rate", "two"])
def test_losses_may_be_recorded_once_an_epoch_or_at_the_ends(way, steps, eta):
    epoch = {"batch": 1, "mini-batch": 3}.get(way, 12)
    full = descend(LINE, [1, 2], eta, steps, **WAYS[way])
    for often, every in (("epoch", epoch), (None, None)):
        run = descend(LINE, [1, 2], eta, steps, record_losses=often, **WAYS[way])
        assert_recorded_less_often(run, full, every)
        if every == 1:
            np.testing.assert_array_equal(run.step_losses, full.step_losses)
        else:
            assert run.step_losses.shape == (0, *np.shape(eta))
    np.testing.assert_array_equal(
        descend(LINE, [1, 2], eta, steps, record_losses="step", **WAYS[way]).losses, full.losses
    )


@pytest.mark.parametrize("k", [0, 1, 2, 62, 63, 64, 65, 127, 300])
def test_a_last_loss_that_is_not_finite_is_traced_back_to_the_last_that_is(k):
    # θ doubles at every step and stays finite for 512 steps more than θ².
    full = descend(parabola(), 2.0 ** (511 - k), 3.0, 600)
    run = descend(parabola(), 2.0 ** (511 - k), 3.0, 600, record_losses=None)
    assert_recorded_less_often(run, full, None)
    assert (run.stopped, run.stop_step, len(run)) == ("diverged", k, k)
    assert run.losses[-1] == 2.0**1021
    assert np.isfinite(run.losses).all()


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 64, 65, 66, 100])
@pytest.mark.parametrize("often", ["epoch", None])
def test_so_it_is_within_an_epoch_and_for_each_replica(k, often):
    rows = LinearRegression(np.ones(3), np.zeros(3))  # all the same: with η = 1 each step turns w + b into −3·(w + b)
    etas = np.array([1.0, 0.01, 0.0, 1.0])
    starts = np.array([[1, 0], [1, 0], [1, 0], [3.0 ** (322 - k), 0]])
    full = descend(rows, starts, etas, 400, order="one by one")
    run = descend(rows, starts, etas, 400, order="one by one", record_losses=often)
    assert full.stopped.tolist() == ["diverged", "steps", "steps", "diverged"]
    assert_recorded_less_often(run, full, {"epoch": 3, None: None}[often])


def test_a_theta_that_leaves_the_finite_numbers_is_found_without_its_losses():
    run = descend(LINE, [1, 2], 1e30, 10**4, record_losses=None)
    assert run.diverged
    assert len(run) < 64
    assert np.isfinite(run.losses).all()
    assert np.isfinite(run.parameters).all()
    assert run.grew


def test_the_loss_over_all_rows_is_asked_for_no_more_often_than_said():
    class Counted(Valley):
        asked = 0

        def loss(self, theta):
            Counted.asked += len(np.reshape(theta, (-1, 2)))
            return super().loss(theta)

    for often, most in (("step", 1000), (None, 5)):
        Counted.asked = 0
        descend(Counted(), [0, 0], 0.01, 1000, record_losses=often)
        assert most - 3 <= Counted.asked <= most + 30


# --- bad input --------------------------------------------------------------------------------------------------------


class Fewer(Valley):
    def __len__(self):
        return 0


def call(problem=EXAMPLE, start=ZERO, eta=0.1, steps=5, **options):
    return lambda: descend(problem, start, eta, steps, **options)


def ones_then(value):
    return lambda k: 1.0 if k < 2 else value


MINI = {"order": "mini-batch"}
BAD = {
    "η −0.1": (call(eta=-0.1), ValueError, "eta must not be negative, got -0.1"),
    "one η of several −1": (call(eta=[0.1, -1]), ValueError, "eta must not be negative, got -1"),
    "η NaN": (call(eta=np.nan), ValueError, "eta must be finite, but it holds nan"),
    "η ∞": (call(eta=[0.1, np.inf]), ValueError, "eta must be finite, but it holds inf at position 1"),
    "η empty": (call(eta=[]), ValueError, "eta is empty"),
    "η text": (call(eta="0.1"), TypeError, "eta must be made of real numbers"),
    "η None": (call(eta=None), TypeError, "eta must be made of real numbers"),
    "η Boolean": (call(eta=True), TypeError, "eta must be made of real numbers"),
    "η ragged": (call(eta=[[0.1], [0.1, 0.2]]), TypeError, "eta must be made of numbers in rows"),
    "η complex": (call(eta=1j), TypeError, "eta must be made of real numbers"),
    "start NaN": (call(start=[0, np.nan, 0]), ValueError, "start must be finite, but it holds nan at position 1"),
    "start −∞": (call(start=[0, 0, -np.inf]), ValueError, "start must be finite"),
    "start empty": (call(start=[]), ValueError, "start is empty"),
    "start text": (call(start="here"), TypeError, "start must be made of real numbers"),
    "start None": (call(start=None), TypeError, "start must be made of real numbers"),
    "start ragged": (call(start=[[0, 0, 0], [0]]), TypeError, "start must be made of numbers in rows"),
    "start too short": (call(start=[0, 0]), ValueError, r"start must have 3 .* got shape \(2,\)"),
    "start too long": (call(start=np.zeros((5, 4))), ValueError, r"start must have 3 .* got shape \(5, 4\)"),
    "start a number": (call(start=0), ValueError, "start must have 3 parameter"),
    "several numbers on a curve": (call(parabola(), [1, 2]), ValueError, r"start must have 1 .* got shape \(2,\)"),
    "start where the loss is infinite": (call(start=[1e200, 0, 0]), ValueError, "start must be where the loss is fin"),
    "η and start do not fit": (
        call(eta=[0.1, 0.2], start=np.zeros((3, 3))),
        ValueError,
        r"eta \(2,\) and start \(3,\) must have shapes that broadcast",
    ),
    "η and a grid of starts do not fit": (
        call(eta=[0.1, 0.2], start=np.zeros((2, 4, 3))),
        ValueError,
        r"eta \(2,\) and start \(2, 4\) must have shapes that broadcast",
    ),
    "steps 0": (call(steps=0), ValueError, "steps must be at least 1, got 0"),
    "steps −3": (call(steps=-3), ValueError, "steps must be at least 1, got -3"),
    "steps 2.0": (call(steps=2.0), TypeError, "steps must be a whole number, got 2.0"),
    "steps NaN": (call(steps=np.nan), TypeError, "steps must be a whole number"),
    "steps text": (call(steps="5"), TypeError, "steps must be a whole number"),
    "steps None": (call(steps=None), TypeError, "steps must be a whole number"),
    "steps Boolean": (call(steps=True), TypeError, "steps must be a whole number"),
    "steps a list": (call(steps=[5]), TypeError, "steps must be a whole number"),
    "order unknown": (call(order="random"), ValueError, "order must be one of 'batch', .* got 'random'"),
    "order misspelt": (call(order="one-by-one"), ValueError, "order must be one of"),
    "order None": (call(order=None), ValueError, "order must be one of .* got None"),
    "order a list": (call(order=["batch"]), ValueError, "order must be one of"),
    "batch_size missing": (
        call(**MINI),
        ValueError,
        "batch_size goes with order='mini-batch' and only with it, got None",
    ),
    "batch_size extra": (call(batch_size=1), ValueError, "batch_size goes with .* got 1 and 'batch'"),
    "batch_size with stochastic": (call(order="stochastic", batch_size=1), ValueError, "batch_size goes with"),
    "batch_size 0": (call(batch_size=0, **MINI), ValueError, "batch_size must be at least 1, got 0"),
    "batch_size −1": (call(batch_size=-1, **MINI), ValueError, "batch_size must be at least 1"),
    "batch_size 1.0": (call(batch_size=1.0, **MINI), TypeError, "batch_size must be a whole number"),
    "batch_size text": (call(batch_size="1", **MINI), TypeError, "batch_size must be a whole number"),
    "batch_size too large": (call(batch_size=3, **MINI), ValueError, "batch_size must be at most the 2 rows .* got 3"),
    "seed −1": (call(seed=-1), ValueError, "seed must be at least 0, got -1"),
    "seed −1, shuffled": (call(order="stochastic", seed=-1), ValueError, "seed must be at least 0"),
    "seed 0.5": (call(seed=0.5), TypeError, "seed must be a whole number"),
    "seed None": (call(seed=None), TypeError, "seed must be a whole number"),
    "tolerance −1": (call(tolerance=-1), ValueError, "tolerance must not be negative, got -1"),
    "tolerance NaN": (call(tolerance=np.nan), ValueError, "tolerance must be finite"),
    "tolerance ∞": (call(tolerance=np.inf), ValueError, "tolerance must be finite"),
    "tolerance text": (call(tolerance="small"), TypeError, "tolerance must be made of real numbers"),
    "tolerance None": (call(tolerance=None), TypeError, "tolerance must be made of real numbers"),
    "tolerance a list": (call(tolerance=[0.1, 0.2]), ValueError, "tolerance must be a single number"),
    "a tolerance without losses": (
        call(tolerance=0.1, record_losses="epoch"),
        ValueError,
        "tolerance needs record_losses='step', got 'epoch': it looks at every epoch's loss$",
    ),
    "a tolerance with two losses": (call(tolerance=0.1, record_losses=None), ValueError, "tolerance .* got None"),
    "record_losses unknown": (
        call(record_losses="often"),
        ValueError,
        "record_losses must be one of 'step', 'epoch', None, got 'often'$",
    ),
    "record_losses an array": (
        call(record_losses=np.array([1, 2])),
        ValueError,
        "record_losses must be one of .* got ",
    ),
    "record_losses a number": (call(record_losses=10), ValueError, "record_losses must be one of .* got 10$"),
    "schedule a number": (call(schedule=0.5), TypeError, "schedule must be a function of k, got 0.5"),
    "schedule a list": (call(schedule=[1.0] * 5), TypeError, "schedule must be a function of k"),
    "schedule → NaN": (call(schedule=ones_then(np.nan)), ValueError, r"schedule\(2\) must be finite"),
    "schedule → ∞": (call(schedule=ones_then(np.inf)), ValueError, r"schedule\(2\) must be finite"),
    "schedule → −1": (call(schedule=ones_then(-1.0)), ValueError, r"schedule\(2\) must not be negative, got -1"),
    "schedule → −1, an integer": (call(schedule=ones_then(-1)), ValueError, r"schedule\(2\) must not be negative"),
    "schedule → None": (call(schedule=ones_then(None)), TypeError, r"schedule\(2\) must be made of real numbers"),
    "schedule → text": (call(schedule=ones_then("1")), TypeError, r"schedule\(2\) must be made of real numbers"),
    "schedule → Boolean": (call(schedule=ones_then(True)), TypeError, r"schedule\(2\) must be made of real numbers"),
    "schedule → complex": (call(schedule=ones_then(1j)), TypeError, r"schedule\(2\) must be made of real numbers"),
    "schedule → array": (call(schedule=ones_then([1.0, 2.0])), ValueError, r"schedule\(2\) must be a single number"),
    "schedule → array of one": (call(schedule=ones_then(np.ones(1))), ValueError, r"schedule\(2\) must be a single"),
    "schedule → empty": (call(schedule=ones_then([])), ValueError, r"schedule\(2\) is empty"),
    "a curve has no rows": (call(parabola(), 1.0, order="one by one"), ValueError, "order='one by one' needs .* rows"),
    "nor mini-batches": (call(parabola(), 1.0, batch_size=1, **MINI), ValueError, "order='mini-batch' needs .* rows"),
    "no rows at all": (call(Fewer(), [0, 0], order="stochastic"), ValueError, "order='stochastic' needs .* rows"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_named(what):
    attempt, error, message = BAD[what]
    with pytest.raises(error, match=rf"^{message}"):
        attempt()


def test_whole_numbers_of_numpy_are_whole_numbers():
    run = descend(LINE, [0, 0], 0.1, np.int64(7), order="mini-batch", batch_size=np.uint8(5), seed=np.int32(3))
    assert (len(run), len(run.rows[2])) == (7, 2)
