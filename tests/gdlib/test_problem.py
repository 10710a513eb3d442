"""Losses and gradients as facts: against the formulas row by row, central differences, and each other."""

import math
import pickle
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import gdlib.problem
from gdlib.data import noisy_line, rents, worked_example
from gdlib.descent import descend
from gdlib.linear import FEW_ROWS, LinearRegression
from gdlib.problem import Curve, check_gradient, numerical_gradient, parabola, plateau, two_minima

pytestmark = pytest.mark.filterwarnings("error")
steady = settings(deadline=None, max_examples=40, derandomize=True)

CURVES = {  # made in the test that uses them, so that a mutant's curve is met
    "parabola": parabola,
    "steep parabola": lambda: parabola(7.5, -2.0),
    "two minima": two_minima,
    "plateau": plateau,
    "quartic": lambda: Curve(lambda x: x * x * x * x - x, lambda x: 4 * x * x * x - 1),
    "line": lambda: Curve(lambda x: 3 * x - 1, lambda x: 3),
    "flat": lambda: Curve(lambda x: 2, lambda x: 0),
}


def numbers(low=-5, high=5):
    return st.floats(low, high, width=32, allow_subnormal=False)


@st.composite
def problems(draw):
    n, d = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    x = draw(hnp.arrays(float, (n, d), elements=numbers()))
    return LinearRegression(x, draw(hnp.arrays(float, n, elements=numbers())))


@st.composite
def problems_with_theta(draw, leading=((),)):
    problem = draw(problems())
    shape = (*draw(st.sampled_from(leading)), len(problem.names))
    return problem, draw(hnp.arrays(float, shape, elements=numbers()))


def by_hand(problem, theta):
    """Return the mean loss and its gradient at one θ, equations (2)–(13), one row and one number at a time."""
    *w, b = (float(t) for t in theta)
    rows = list(zip(problem.x.tolist(), problem.y.tolist(), strict=True))
    errors = [math.fsum(wi * xi for wi, xi in zip(w, x, strict=True)) + b - y for x, y in rows]
    loss = math.fsum(error**2 for error in errors) / len(rows)
    slopes = [
        math.fsum(2 * e * x[i] for e, (x, _) in zip(errors, rows, strict=True)) / len(rows) for i in range(len(w))
    ]
    return loss, np.array([*slopes, math.fsum(2 * e for e in errors) / len(rows)])


def central_difference(f, theta, h=1e-5):
    moves = h * np.eye(len(theta))
    return np.array([(f(theta + move) - f(theta - move)) / (2 * h) for move in moves])


# --- one parameter ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CURVES)
def test_a_curves_slope_is_its_central_difference(name):
    curve = CURVES[name]()
    for theta in np.linspace(-3, 3, 25):
        slope = (curve.f(theta + 1e-5) - curve.f(theta - 1e-5)) / 2e-5
        assert curve.slope(theta) == pytest.approx(slope, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("shape", [(1,), (4, 1), (2, 3, 1), (0, 1)])
def test_a_curve_takes_leading_axes(name, shape):
    curve, theta = CURVES[name](), np.linspace(-2, 2, int(np.prod(shape))).reshape(shape)
    loss, gradient = curve.loss(theta), curve.gradient(theta)
    assert loss.shape == shape[:-1]
    assert gradient.shape == shape
    assert loss.dtype == gradient.dtype == float
    for index in np.ndindex(shape[:-1]):
        assert loss[index] == curve.f(theta[index][0])
        assert gradient[index][0] == curve.slope(theta[index][0])


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_has_one_parameter_and_works_on_plain_numbers(name):
    curve = CURVES[name]()
    assert curve.names == ("θ",)
    assert curve.loss([1]) == curve.f(1.0)
    assert curve.gradient([1])[0] == curve.slope(1.0)


@steady
@given(numbers(0.25, 100), numbers(), numbers())
def test_a_parabola_has_its_curvature_and_its_minimum(curvature, minimum, theta):
    curve = parabola(curvature, minimum)
    assert curve.slope(minimum) == curve.f(minimum) == 0
    assert curve.f(theta) == pytest.approx(curvature * (theta - minimum) ** 2 / 2)
    assert curve.slope(theta + 1) - curve.slope(theta) == pytest.approx(curvature)


def test_two_minima_are_where_they_are_said_to_be_and_the_left_one_is_lower():
    curve, theta = two_minima(), np.linspace(-4, 4, 80_001)
    losses = curve.f(theta)
    inner = losses[1:-1]
    low = theta[1:-1][(inner < losses[:-2]) & (inner < losses[2:])]
    np.testing.assert_allclose(low, [-2.07, 1.92], atol=0.01)
    assert curve.f(low[0]) < curve.f(low[1])
    assert 0 <= losses.min() < 0.01


def test_a_plateau_has_one_minimum_and_flat_ground_far_from_it():
    curve, theta = plateau(), np.linspace(0.1, 6, 60)
    assert curve.f(0.0) == curve.slope(0.0) == 0
    assert (curve.slope(theta) > 0).all()
    assert (curve.slope(-theta) < 0).all()
    assert (np.diff(curve.slope(theta[theta > 1.1])) < 0).all()
    assert curve.f(6.0) == pytest.approx(1, abs=1e-6)
    for x in (-1.0, 0.5, 2.0):
        assert curve.f(x) == pytest.approx(1 - np.exp(-x * x / 2), rel=1e-12)
        assert curve.slope(x) == pytest.approx(x * np.exp(-x * x / 2), rel=1e-12)


def test_small_whole_numbers_do_not_overflow():
    theta = np.array([100], dtype=np.int8)
    assert two_minima().loss(theta) == two_minima().f(100.0)
    assert two_minima().gradient(theta) == two_minima().slope(100.0)


def test_curves_have_names():
    assert [curve().name for curve in (parabola, two_minima, plateau)] == ["parabola", "two minima", "plateau"]
    assert Curve(np.sin, np.cos).name == "L(θ)"


# --- the worked example -----------------------------------------------------------------------------------------------


def test_the_worked_examples_losses_and_gradients_at_zero():
    problem = LinearRegression(*worked_example())
    zero = np.zeros(3)
    np.testing.assert_array_equal(problem.design, [[0.1, 0.8, 1], [0.5, 0.3, 1]])
    assert problem[0].loss(zero) == pytest.approx(0.64)
    assert problem[1].loss(zero) == pytest.approx(0.25)
    assert problem.loss(zero) == pytest.approx((0.64 + 0.25) / 2)
    np.testing.assert_allclose(problem[0].gradient(zero), [-0.16, -1.28, -1.6])
    np.testing.assert_allclose(problem[1].gradient(zero), [-0.5, -0.3, -1])
    np.testing.assert_allclose(problem.gradient(zero), [-0.33, -0.79, -1.3])


def test_the_worked_examples_second_loss_is_of_0_2064_not_0_2065():
    problem, theta = LinearRegression(*worked_example()), [0.016, 0.128, 0.16]
    assert problem[1].predict(theta)[0] == pytest.approx(0.2064)
    assert problem[1].loss(theta) == pytest.approx(0.08620096)


def test_the_worked_examples_shortest_minimizer_meets_both_rows():
    problem = LinearRegression(*worked_example())
    np.testing.assert_allclose(problem.minimizer(), [-0.11117206, 0.51106235, 0.40226732], atol=5e-9)
    np.testing.assert_allclose(problem.predict(problem.minimizer()), problem.y)


# --- loss, gradient, Hessian, minimizer of a linear model -------------------------------------------------------------


@steady
@given(problems_with_theta())
def test_loss_and_gradient_are_the_formulas_row_by_row(case):
    problem, theta = case
    loss, gradient = by_hand(problem, theta)
    assert problem.loss(theta) == pytest.approx(loss, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(problem.gradient(theta), gradient, rtol=1e-12, atol=1e-10)


@steady
@given(problems_with_theta())
def test_the_gradient_is_the_central_difference(case):
    problem, theta = case
    numerical = central_difference(problem.loss, theta)
    np.testing.assert_allclose(problem.gradient(theta), numerical, atol=1e-8 * (1 + problem.loss(theta)))


@steady
@given(problems_with_theta(leading=[(3,), (2, 2), (1, 3, 1), (0,)]))
def test_leading_axes_broadcast(case):
    problem, theta = case
    leading = theta.shape[:-1]
    assert problem.loss(theta).shape == leading
    assert problem.gradient(theta).shape == theta.shape
    assert problem.predict(theta).shape == problem.residuals(theta).shape == (*leading, len(problem))
    for index in np.ndindex(leading):
        np.testing.assert_allclose(problem.loss(theta)[index], problem.loss(theta[index]), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(problem.gradient(theta)[index], problem.gradient(theta[index]), atol=1e-10)
        np.testing.assert_allclose(problem.predict(theta)[index], problem.predict(theta[index]), atol=1e-12)


@steady
@given(problems_with_theta())
def test_the_loss_is_the_mean_of_the_rows_losses_and_so_is_the_gradient(case):
    problem, theta = case
    rows = [problem[i] for i in range(len(problem))]
    np.testing.assert_allclose(problem.loss(theta), np.mean([row.loss(theta) for row in rows]), atol=1e-12)
    np.testing.assert_allclose(problem.gradient(theta), np.mean([r.gradient(theta) for r in rows], axis=0), atol=1e-10)
    np.testing.assert_allclose(problem.loss(theta), np.mean(problem.residuals(theta) ** 2), atol=1e-12)


@steady
@given(problems())
def test_the_hessian_is_symmetric_and_the_gradients_change(problem):
    hessian, p = problem.hessian(), len(problem.names)
    np.testing.assert_array_equal(hessian, hessian.T)
    changes = problem.gradient(np.eye(p)) - problem.gradient(np.zeros(p))
    np.testing.assert_allclose(hessian, changes, atol=1e-11 * (1 + np.abs(hessian).max()))
    np.testing.assert_allclose(hessian[-1, -1], 2)  # the bias's own curvature, whatever the data
    assert np.linalg.eigvalsh(hessian)[0] >= -1e-12 * np.abs(hessian).max()


@steady
@given(problems_with_theta())
def test_the_loss_is_its_own_taylor_expansion(case):
    problem, theta = case
    origin = np.zeros_like(theta)
    expansion = problem.loss(origin) + problem.gradient(origin) @ theta + theta @ problem.hessian() @ theta / 2
    scale = problem.loss(origin) + np.abs(problem.gradient(origin)) @ np.abs(theta) + 1
    assert problem.loss(theta) == pytest.approx(expansion, rel=1e-11, abs=1e-12 * scale)


@steady
@given(problems_with_theta())
def test_nothing_is_below_the_minimizer_and_nothing_as_low_is_shorter(case):
    problem, theta = case
    sizes = np.linalg.svd(problem.design, compute_uv=False)
    assume(not ((sizes > 1e-12 * sizes[0]) & (sizes < 1e-4 * sizes[0])).any())  # neither dependent nor independent
    best = problem.minimizer()
    scale = 1 + np.abs(problem.design).max() * (1 + np.abs(best).max())
    np.testing.assert_allclose(problem.gradient(best), 0, atol=1e-9 * scale**2)
    assert problem.loss(best) <= problem.loss(theta) + 1e-9 * scale
    null = np.linalg.svd(problem.design)[2][np.sum(sizes > 1e-12 * sizes[0]) :]  # where the loss does not change
    np.testing.assert_allclose(null @ best, 0, atol=1e-8 * (1 + np.abs(best).max()))
    elsewhere = best + null.T @ (null @ theta)
    assert problem.loss(elsewhere) == pytest.approx(problem.loss(best), abs=1e-8 * scale**2)
    assert np.linalg.norm(elsewhere) >= np.linalg.norm(best) * (1 - 1e-12)


def test_the_minimizer_finds_weights_of_scales_far_apart():
    for n in (20, 300):
        x = rng(0).standard_normal((n, 3)) * [1e-3, 1.0, 1e4]
        theta = np.array([2e3, -1.0, 3e-4, 5.0])
        problem = LinearRegression(x, x @ theta[:-1] + theta[-1])
        np.testing.assert_allclose(problem.minimizer(), theta, rtol=1e-8)
        assert problem.loss(problem.minimizer()) < 1e-20


def test_the_hessian_of_dependent_columns_is_as_singular_as_can_be():
    # A constant feature is the bias once more. Sums over the rows must not leave a curvature of rounding size behind.
    for n in range(2, FEW_ROWS + 60, 7):
        hessian = LinearRegression(np.full(n, 1.3719), np.zeros(n)).hessian()
        assert abs(np.linalg.eigvalsh(hessian)[0]) <= 2 * np.finfo(float).eps * hessian.trace()


def test_changing_the_callers_arrays_or_what_came_back_changes_no_problem():
    for n in (5, 300):
        x, y = noisy_line(n)
        problem, untouched = LinearRegression(x, y), LinearRegression(x.copy(), y.copy())
        if n <= FEW_ROWS:  # many rows are not copied, and say so
            x *= 10
            y += 1
        problem.hessian()[:] = 0
        problem.minimizer()[:] = 0
        for theta in np.eye(2):
            np.testing.assert_array_equal(problem.gradient(theta), untouched.gradient(theta))
            np.testing.assert_array_equal(problem.predict(theta), untouched.predict(theta))
        np.testing.assert_array_equal(problem.hessian(), untouched.hessian())


def test_at_infinity_the_loss_is_not_finite_and_asking_is_no_error():
    # A descent that blows up gets there before anybody looks.
    for n in (2, 300):
        problem = LinearRegression(*noisy_line(n))
        with np.errstate(all="ignore"):
            assert not np.isfinite(problem.loss([[np.inf, 0], [1e200, 1], [np.nan, 0]])).any()
            assert not np.isfinite(problem.gradient([np.inf, 1])).any()


# --- many rows --------------------------------------------------------------------------------------------------------

rng = np.random.default_rng


MANY = {  # how x and y come from three columns z, noise, and z·(1, −2, 0.5)
    "plain": lambda z, noise, wz: (z, wz + noise),
    "one feature": lambda z, noise, wz: (z[:, 0], z[:, 0] + noise),
    "noise alone": lambda z, noise, wz: (z, noise),
    "exact fit": lambda z, noise, wz: (z, wz + 3),
    "exact fit of zero": lambda z, noise, wz: (z, 0 * noise),
    "offset 100": lambda z, noise, wz: (z + 100, wz + noise),
    "offset 10 000": lambda z, noise, wz: (z + 1e4, wz + noise),
    "offset 10 000, exact": lambda z, noise, wz: (z + 1e4, wz + 1e4),
    "offset a million": lambda z, noise, wz: (z + 1e6, noise),
    "targets far away": lambda z, noise, wz: (z, 1e6 + wz + noise),
    "scales apart": lambda z, noise, wz: (z * [1e-4, 1, 1e5], noise + wz),
    "near-collinear": lambda z, noise, wz: (np.column_stack([z, z[:, 0] + 1e-7 * noise]), wz + noise),
    "barely collinear": lambda z, noise, wz: (np.column_stack([z, z[:, 0] + 0.2 * noise]), wz),
    "constant column": lambda z, noise, wz: (np.column_stack([z, np.full(len(z), 0.1)]), wz + noise),
    "column of zeros": lambda z, noise, wz: (np.column_stack([z, 0 * noise]), wz + noise),
    "duplicated column": lambda z, noise, wz: (np.column_stack([z, z[:, 0]]), wz + noise),
    "duplicated rows": lambda z, noise, wz: (np.tile(z[:10], (30, 1)), np.tile(noise[:10], 30)),
    "integers": lambda z, noise, wz: (np.arange(len(z)), np.arange(len(z)) % 7),
    "skewed": lambda z, noise, wz: (np.exp(2 * z), noise),
    "an outlier": lambda z, noise, wz: (np.where(z == z[5], 1000.0, z), wz + noise),
    "tiny": lambda z, noise, wz: (z * 1e-120, noise),
    "tinier": lambda z, noise, wz: (z * 1e-160, noise),
    "tiniest": lambda z, noise, wz: (z * 1e-300, noise),
    "huge": lambda z, noise, wz: (z * 1e120, noise),
    "huger": lambda z, noise, wz: (z * 1e155, noise),
    "huge targets": lambda z, noise, wz: (z, noise * 1e150),
    "tiny targets": lambda z, noise, wz: (z, noise * 1e-120),
}


def many_rows(kind, n=FEW_ROWS + 44):
    table = rng(7).standard_normal((n, 4))
    return LinearRegression(*MANY[kind](table[:, :3], table[:, 3], table[:, :3] @ [1.0, -2.0, 0.5]))


def places(problem):
    """Return θ on the way of a descent from zero, the minimizer, and θ of the problem's own size around both."""
    sizes = np.abs(problem.design).max(axis=0)
    unit = np.sqrt(np.mean(problem.y**2)) / np.where(sizes > 0, sizes, 1)
    around = unit * rng(1).uniform(-1, 1, (6, len(unit)))
    with np.errstate(over="ignore"):
        limit = 1 / np.square(problem.design).sum(axis=1).mean()
    path = [np.zeros_like(unit)]
    for _ in range(30):
        path.append(path[-1] - limit * by_residuals(problem, path[-1])[1])
    return np.vstack([path, problem.minimizer(), around])


def by_residuals(problem, theta):
    """Return mean loss and gradient from the residuals, each with the size of what is rounded in it."""
    errors, n = theta @ problem.design.T - problem.y, len(problem)
    terms = np.abs(theta) @ np.abs(problem.design).T + np.abs(problem.y)
    loss, loss_size = np.mean(errors**2, axis=-1), np.mean(np.abs(errors) * terms, axis=-1)
    return loss, 2 / n * errors @ problem.design, loss_size, 2 / n * terms @ np.abs(problem.design)


def assert_same(problem, other, theta):
    """Check losses to 1e-13 of the first one, gradients to 1e-12, but for what the residuals' own rounding allows."""
    loss, gradient, loss_size, gradient_size = by_residuals(other, theta)
    assert (np.abs(problem.loss(theta) - loss) <= 1e-13 * np.maximum(loss, loss[0]) + 2e-15 * loss_size).all()
    assert (np.abs(problem.gradient(theta) - gradient) <= 1e-12 * gradient_size).all()
    assert (problem.loss(theta) >= 0).all()


@pytest.mark.parametrize("kind", MANY)
def test_many_rows_agree_with_their_residuals(kind):
    problem = many_rows(kind)
    assert_same(problem, problem, places(problem))


NEARLY_DEPENDENT = {"near-collinear", "constant column", "column of zeros", "duplicated column", "an outlier"}
BEYOND_SQUARES = {"tinier", "tiniest", "huger"}


@pytest.mark.parametrize("kind", MANY)
def test_many_rows_are_kept_as_a_quadratic_wherever_that_keeps_the_digits(kind):
    assert (many_rows(kind)._quadratic is None) == (kind in NEARLY_DEPENDENT | BEYOND_SQUARES)


@pytest.mark.parametrize("kind", ["one feature", "plain", "offset 10 000", "huge targets"])
def test_rows_that_do_not_fit_into_the_cache_are_added_up_in_parts(kind, monkeypatch):
    monkeypatch.setattr(gdlib.problem, "CACHEFUL", 256)  # 300 rows of one number are two parts, of three numbers four
    problem = many_rows(kind)
    assert problem._quadratic is not None
    assert_same(problem, problem, places(problem))


def test_huge_numbers_of_both_signs_are_welcome_without_a_warning():
    x, signs = rng(0).choice([-1e200, 1e200], (300, 2)), rng(1).choice([-1.0, 1.0], 300)
    problem = LinearRegression(x, 1e200 * signs)  # sums of squares are ∞ or, of both signs, not a number
    np.testing.assert_array_equal(problem.residuals(np.zeros(3)), -1e200 * signs)


@pytest.mark.parametrize("kind", MANY)
def test_rows_said_over_and_over_are_the_same_problem(kind):
    # The mean does not change, but 20 rows are worked out another way than 300.
    few = many_rows(kind)[:20]
    many = few[np.arange(300) % 20]
    assert_same(few, many, places(few))
    assert_same(many, few, places(few))


@pytest.mark.parametrize("kind", ["plain", "offset 10 000, exact", "exact fit", "near-collinear", "huge targets"])
def test_an_exact_fit_of_many_rows_has_next_to_no_loss_and_never_less_than_none(kind):
    rows = many_rows(kind)
    theta = rng(2).standard_normal(len(rows.names)) * np.sqrt(np.mean(rows.y**2))
    problem = LinearRegression(rows.x, rows.predict(theta))
    near = theta * (1 + 1e-14 * rng(3).standard_normal((200, len(theta))))
    assert (problem.loss(near) >= 0).all()
    assert (problem.loss(near) <= 1e-22 * problem.loss(np.zeros_like(theta)) * np.abs(problem.design).max() ** 2).all()
    assert problem.loss(theta) <= 1e-24 * problem.loss(np.zeros_like(theta))


@pytest.mark.parametrize("kind", sorted(set(MANY) - {"huger"}))  # there the squares are beyond the floats
def test_the_hessian_of_many_rows_is_symmetric_and_2_over_n_times_the_products(kind):
    problem = many_rows(kind)
    hessian, lengths = problem.hessian(), np.linalg.norm(problem.design, axis=0)
    np.testing.assert_array_equal(hessian, hessian.T)
    products = 2 / len(problem) * np.einsum("ij,ik->jk", problem.design, problem.design)
    assert (np.abs(hessian - products) <= 1e-13 * np.outer(lengths, lengths) + 1e-310).all()


@pytest.mark.parametrize("n", [FEW_ROWS - 1, FEW_ROWS, FEW_ROWS + 1])
def test_nothing_jumps_where_few_rows_become_many(n):
    problem = LinearRegression(*noisy_line(n))
    for theta in ([0, 0], [1.5, 0.5], [-3, 7]):
        loss, gradient = by_hand(problem, theta)
        assert problem.loss(theta) == pytest.approx(loss, rel=1e-13)
        np.testing.assert_allclose(problem.gradient(theta), gradient, rtol=1e-12)


@pytest.mark.parametrize("n", [FEW_ROWS, FEW_ROWS + 1])
def test_few_rows_are_copied_and_many_are_not(n):
    x, y = rng(0).standard_normal((n, 2)), rng(1).standard_normal(n)
    problem = LinearRegression(x, y)
    assert np.shares_memory(problem.x, x) == np.shares_memory(problem.y, y) == (n > FEW_ROWS)


def test_parameters_in_an_array_of_text_are_refused():
    with pytest.raises(TypeError, match="theta"):
        LinearRegression([0.5], [1.0]).gradient(np.array(["a", "b"]))


@pytest.mark.parametrize("n", [3, 200, 300])
def test_a_table_too_large_for_memory_is_worked_out_in_parts(n, monkeypatch):
    x = rng(0).standard_normal(n)
    problem = LinearRegression(np.column_stack([x, x]), x**2)  # dependent columns: residuals, however many the rows
    theta = rng(1).standard_normal((5, 4, 3))
    whole = problem.loss(theta)
    for largest in (1, n, 3 * n + 1, 20 * n):
        monkeypatch.setattr(gdlib.problem, "LARGEST_TABLE", largest)
        np.testing.assert_allclose(problem.loss(theta), whole, rtol=1e-14)


# --- rows, names, predictions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        *(0, 3, -1, np.int64(2), np.array(4), slice(None), slice(1, 4), slice(None, None, -2)),
        *([2], [4, 0, 0], (1, 3), range(2, 5), np.array([5, 1]), np.arange(6) > 2, [True, False, False] * 2),
    ],
    ids=str,
)
def test_rows_are_taken(rows):
    x = np.arange(12.0).reshape(6, 2)
    problem = LinearRegression(x, np.arange(6.0))
    taken, kept = problem[rows], np.atleast_1d(np.arange(6)[list(rows) if isinstance(rows, tuple) else rows])
    assert len(taken) == len(kept)
    np.testing.assert_array_equal(taken.x, x[kept])
    np.testing.assert_array_equal(taken.y, kept)
    np.testing.assert_array_equal(taken.design, problem.design[kept])
    assert taken.names == problem.names
    theta = np.array([1.0, -1, 2])
    assert taken.loss(theta) == pytest.approx(np.mean(problem.residuals(theta)[kept] ** 2))


def test_rows_are_taken_of_many_and_many_of_rows():
    problem = LinearRegression(*noisy_line(400))
    assert problem[17].loss([2, 1]) == pytest.approx((2 * problem.x[17, 0] + 1 - problem.y[17]) ** 2)
    halves = problem[:100], problem[100:]
    assert problem.loss([2, 1]) == pytest.approx((halves[0].loss([2, 1]) + 3 * halves[1].loss([2, 1])) / 4)
    assert problem[50:350][7].y == problem[57].y


def test_a_problem_is_a_sequence_of_its_rows():
    problem = LinearRegression(*rents())
    assert [row.y[0] for row in problem] == problem.y.tolist()


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        (6, IndexError),
        (-7, IndexError),
        ([0, 6], IndexError),
        (1.0, IndexError),
        ("0", IndexError),
        (None, IndexError),
        (True, IndexError),
        ({0}, IndexError),
        ([[0, 1]], IndexError),
        ([0.0, 1.0], IndexError),
        ([True, False], IndexError),
        ((0, None), IndexError),
        ([], ValueError),
        ((), ValueError),
        (slice(3, 3), ValueError),
        (np.zeros(6, bool), ValueError),
    ],
    ids=str,
)
def test_rows_that_are_not_there_are_refused_by_name(rows, error):
    problem = LinearRegression(np.arange(12.0).reshape(6, 2), np.arange(6.0))
    with pytest.raises(error, match=r"^rows: "):
        problem[rows]


@pytest.mark.parametrize(
    ("d", "names"),
    [
        (1, ("w", "b")),
        (2, ("w₁", "w₂", "b")),
        (11, ("w₁", "w₂", "w₃", "w₄", "w₅", "w₆", "w₇", "w₈", "w₉", "w₁₀", "w₁₁", "b")),
    ],
)
def test_parameters_are_named_with_the_bias_last(d, names):
    assert LinearRegression(np.ones((3, d)), np.ones(3)).names == names


def test_a_problem_says_what_it_is():
    assert repr(LinearRegression(*worked_example())) == "LinearRegression(2 rows, θ = (w₁, w₂, b))"
    assert repr(LinearRegression([3], [4])) == "LinearRegression(1 row, θ = (w, b))"


@pytest.mark.parametrize("n", [3, 300])
def test_a_problem_survives_pickling(n):
    problem = LinearRegression(*noisy_line(n))
    problem.loss([1, 2])
    again = pickle.loads(pickle.dumps(problem))
    assert again.loss([1, 2]) == problem.loss([1, 2])
    assert again.names == problem.names


def test_one_feature_may_be_a_flat_list():
    flat, table = LinearRegression([1, 2, 4], [1, 0, 2]), LinearRegression([[1], [2], [4]], [1, 0, 2])
    np.testing.assert_array_equal(flat.x, table.x)
    assert flat.loss([3, 1]) == table.loss([3, 1])


@pytest.mark.parametrize("kind", [int, np.float32, ">f8", np.uint8])
def test_the_numbers_may_be_of_any_real_kind(kind):
    x, y = np.array([[1, 2], [3, 4]], kind), np.array([5, 6], kind)
    assert LinearRegression(x, y).loss([1, 1, 0]) == pytest.approx(((3 - 5) ** 2 + (7 - 6) ** 2) / 2)
    assert LinearRegression(x, y).loss(np.array([1, 1, 0], kind)) == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("x", "outputs"),
    [([[1, 2]], [12]), ([1, 2], [12]), ([[1, 2], [0, 0], [3, 1]], [12, 4, 13]), ((0, 1), [7])],
)
def test_new_inputs_of_two_features(x, outputs):
    problem = LinearRegression(*rents())
    np.testing.assert_allclose(problem.predict([2, 3, 4], x), outputs)
    np.testing.assert_allclose(problem.predict([[2, 3, 4], [0, 0, 1]], x), [outputs, np.ones(len(outputs))])


@pytest.mark.parametrize(
    ("x", "outputs"), [(5, [11]), ([5], [11]), ([5, 0, -1], [11, 1, -1]), ([[5], [0]], [11, 1]), (np.array(5.0), [11])]
)
def test_new_inputs_of_one_feature(x, outputs):
    np.testing.assert_allclose(LinearRegression([1, 2], [3, 4]).predict([2, 1], x), outputs)


# --- is a gradient right? ---------------------------------------------------------------------------------------------


@steady
@given(problems_with_theta(leading=[(), (2,), (2, 3)]))
def test_the_numerical_gradient_is_the_gradient(case):
    problem, theta = case
    numerical = numerical_gradient(problem.loss, theta)
    assert numerical.shape == theta.shape
    atol = 1e-8 * (1 + problem.loss(theta)[..., np.newaxis]) * np.maximum(1, np.abs(problem.design).max())
    assert (np.abs(numerical - problem.gradient(theta)) <= atol).all()


def test_the_numerical_gradients_error_grows_like_h_squared():
    def error(h):  # L = θ³: (L(1 + h) − L(1 − h)) / 2h = 3 + h²
        return numerical_gradient(lambda theta: theta[..., 0] ** 3, [1.0], h)[0] - 3

    assert error(1e-2) == pytest.approx(1e-4, rel=1e-6)
    assert error(1e-1) == pytest.approx(1e-2, rel=1e-6)


@pytest.mark.parametrize("theta", [1e-8, 1.0, 1e8, -1e12])
def test_the_step_of_the_numerical_gradient_fits_the_size_of_theta(theta):
    assert numerical_gradient(lambda t: t[..., 0] ** 2, [theta])[0] == pytest.approx(2 * theta, rel=1e-9, abs=1e-10)


@pytest.mark.parametrize(("theta", "size"), [(0.0, 1), (1.0, 1), (-1.5, 1.5), (1e8, 1e8)])
def test_without_h_the_step_is_the_cube_root_of_the_precision_times_the_size_of_theta(theta, size):
    places = []
    numerical_gradient(lambda t: places.append(t.item()) or 0.0, [theta])
    assert np.ptp(places) / 2 == pytest.approx(np.finfo(float).eps ** (1 / 3) * size, rel=1e-5)


def test_the_numerical_gradient_is_made_of_floats():
    for h in (None, 1e-5):
        assert numerical_gradient(two_minima().loss, [0.5], h).dtype == float


def test_the_numerical_gradient_takes_a_plain_number():
    assert numerical_gradient(two_minima().loss, 0.5) == pytest.approx(two_minima().slope(0.5))


class Claims:
    """A quadratic loss that claims a gradient."""

    names = ("a", "b")

    def __init__(self, factor=1.0, extra=0.0):
        self.factor, self.extra = factor, extra

    def loss(self, theta):
        return np.square(theta).sum(axis=-1)

    def gradient(self, theta):
        return self.factor * 2 * np.asarray(theta) + self.extra


def test_a_right_gradient_passes_the_check():
    check = check_gradient(Claims(), [3, 4])
    np.testing.assert_array_equal(check.analytic, [6, 8])
    np.testing.assert_allclose(check.numerical, [6, 8], rtol=1e-9)
    assert check.relative_error < 1e-9
    assert check.absolute_error == pytest.approx(10 * check.relative_error)


@pytest.mark.parametrize(
    ("claims", "absolute", "relative"),
    [
        (Claims(factor=0.5), 5, 0.5),  # the factor 2 forgotten
        (Claims(factor=-1), 20, 2),  # the sign
        (Claims(extra=[0, 0.01]), 0.01, 0.001),  # a slip in one component
        (Claims(factor=0), 10, 1),
    ],
)
def test_a_wrong_gradient_is_as_wrong_as_it_is(claims, absolute, relative):
    check = check_gradient(claims, [3, 4])
    assert check.absolute_error == pytest.approx(absolute, rel=1e-6)
    assert check.relative_error == pytest.approx(relative, rel=0.01)


def test_at_a_minimum_both_gradients_are_nothing_and_the_check_divides_by_nothing():
    check = check_gradient(Claims(), [0, 0])
    assert check.absolute_error == check.relative_error == 0


@pytest.mark.parametrize("name", CURVES)
def test_curves_pass_the_check_at_a_plain_number(name):
    check = check_gradient(CURVES[name](), 0.75)
    assert check.absolute_error < 1e-8
    assert check.numerical.shape == (1,)


def test_linear_problems_pass_the_check():
    for problem in (
        LinearRegression(*worked_example()),
        LinearRegression(*rents()),
        LinearRegression(*noisy_line(999)),
    ):
        assert check_gradient(problem, np.ones(len(problem.names))).relative_error < 1e-8


# --- bad input --------------------------------------------------------------------------------------------------------

TWO = LinearRegression(*worked_example())
ONE = LinearRegression([1, 2], [3, 4])

BAD = {
    "x NaN": (lambda: LinearRegression([1, np.nan], [1, 2]), ValueError, "x must be finite, but it holds nan at posit"),
    "x ∞": (
        lambda: LinearRegression([[1], [np.inf]], [1, 2]),
        ValueError,
        r"x must be finite, .* inf at position \(1, 0",
    ),
    "y −∞": (lambda: LinearRegression([1, 2], [-np.inf, 2]), ValueError, "y must be finite, but it holds -inf"),
    "x empty": (lambda: LinearRegression([], []), ValueError, "x is empty"),
    "x no features": (lambda: LinearRegression(np.ones((2, 0)), [1, 2]), ValueError, "x is empty"),
    "y empty": (lambda: LinearRegression([1], []), ValueError, "y is empty"),
    "x text": (lambda: LinearRegression(["a", "b"], [1, 2]), TypeError, "x must be made of real numbers"),
    "y text": (lambda: LinearRegression([1, 2], "12"), TypeError, "y must be made of real numbers"),
    "x None": (lambda: LinearRegression(None, [1]), TypeError, "x must be made of real numbers"),
    "y None": (lambda: LinearRegression([1], None), TypeError, "y must be made of real numbers"),
    "y with a None": (lambda: LinearRegression([1, 2], [1, None]), TypeError, "y must be made of real numbers"),
    "x ragged": (
        lambda: LinearRegression([[1, 2], [3]], [1, 2]),
        TypeError,
        "x must be made of numbers in rows of one",
    ),
    "x complex": (lambda: LinearRegression([1j], [1]), TypeError, "x must be made of real numbers"),
    "x Booleans": (lambda: LinearRegression([True, False], [1, 2]), TypeError, "x must be made of real numbers"),
    "x a number": (lambda: LinearRegression(1, [1]), ValueError, r"x must have shape \(n, d\) or \(n,\), got \(\)"),
    "x of three axes": (lambda: LinearRegression(np.ones((2, 2, 2)), [1, 2]), ValueError, "x must have shape"),
    "y a number": (lambda: LinearRegression([1], 1), ValueError, "y must hold one target a row"),
    "y of two axes": (lambda: LinearRegression([1, 2], [[1], [2]]), ValueError, r"y must hold one .* shape \(2, 1\)"),
    "fewer rows in y": (lambda: LinearRegression([1, 2, 3], [1, 2]), ValueError, "x and y .* got 3 and 2"),
    "x transposed": (lambda: LinearRegression(np.ones((2, 5)), np.ones(5)), ValueError, "x and y .* got 2 and 5"),
    "θ too short, loss": (lambda: TWO.loss([1, 2]), ValueError, r"theta must have 3 .* got shape \(2,\)"),
    "θ too long, gradient": (lambda: TWO.gradient(np.ones((4, 4))), ValueError, r"theta must .* got shape \(4, 4\)"),
    "θ a number": (lambda: TWO.loss(1.0), ValueError, r"theta must have 3 .* got shape \(\)"),
    "θ too short, predict": (lambda: TWO.predict([1]), ValueError, "theta must have 3 parameter"),
    "θ too short, residuals": (lambda: TWO.residuals([1]), ValueError, "theta must have 3 parameter"),
    "θ text": (lambda: TWO.loss("abc"), TypeError, "theta must be made of real numbers"),
    "θ None": (lambda: TWO.gradient(None), TypeError, "theta must be made of real numbers"),
    "θ ragged": (lambda: TWO.loss([[1, 2, 3], [1]]), TypeError, "theta must be made of numbers in rows"),
    "θ of a curve": (lambda: parabola().loss([1, 2]), ValueError, "theta must have 1 parameter"),
    "θ of a curve, a number": (lambda: parabola().gradient(1.0), ValueError, "theta must have 1 parameter"),
    "θ of a curve, text": (lambda: parabola().loss(["a"]), TypeError, "theta must be made of real numbers"),
    "new x, too few": (lambda: TWO.predict([1, 2, 3], [1]), ValueError, r"x must have 2 feature\(s\) a row"),
    "new x, too many": (lambda: ONE.predict([1, 2], [[1, 2]]), ValueError, r"x must have 1 feature\(s\) a row"),
    "new x NaN": (lambda: ONE.predict([1, 2], [np.nan]), ValueError, "x must be finite"),
    "new x empty": (lambda: ONE.predict([1, 2], []), ValueError, "x is empty"),
    "new x text": (lambda: ONE.predict([1, 2], "x"), TypeError, "x must be made of real numbers"),
    "new x of three axes": (lambda: ONE.predict([1, 2], np.ones((1, 1, 1))), ValueError, "x must have 1 feature"),
    "curvature 0": (lambda: parabola(0), ValueError, "curvature must be positive"),
    "curvature −1": (lambda: parabola(-1), ValueError, "curvature must be positive .* got -1"),
    "curvature NaN": (lambda: parabola(np.nan), ValueError, "curvature must be finite"),
    "curvature text": (lambda: parabola("steep"), TypeError, "curvature must be made of real numbers"),
    "curvature an array": (lambda: parabola([1, 2]), ValueError, "curvature must be a single number"),
    "minimum ∞": (lambda: parabola(1, np.inf), ValueError, "minimum must be finite"),
    "minimum None": (lambda: parabola(1, None), TypeError, "minimum must be made of real numbers"),
    "h 0": (lambda: numerical_gradient(TWO.loss, [1, 2, 3], 0), ValueError, "h must be positive"),
    "h −1": (lambda: numerical_gradient(TWO.loss, [1, 2, 3], -1.0), ValueError, "h must be positive"),
    "h NaN": (lambda: numerical_gradient(TWO.loss, [1, 2, 3], np.nan), ValueError, "h must be finite"),
    "h text": (lambda: check_gradient(TWO, [1, 2, 3], "h"), TypeError, "h must be made of real numbers"),
    "h an array": (lambda: numerical_gradient(TWO.loss, [1, 2, 3], [1, 2, 3]), ValueError, "h must be a single number"),
    "θ NaN, numerical": (lambda: numerical_gradient(TWO.loss, [1, np.nan, 3]), ValueError, "theta must be finite"),
    "θ empty, numerical": (lambda: numerical_gradient(TWO.loss, []), ValueError, "theta is empty"),
    "θ short, numerical": (lambda: numerical_gradient(TWO.loss, [1, 2]), ValueError, "theta must have 3 parameter"),
    "θ NaN, check": (lambda: check_gradient(TWO, [1, np.nan, 3]), ValueError, "theta must be finite"),
    "θ text, check": (lambda: check_gradient(TWO, "θ"), TypeError, "theta must be made of real numbers"),
    "several θ, check": (lambda: check_gradient(TWO, np.ones((2, 3))), ValueError, "theta must be a single vector"),
    "θ short, check": (lambda: check_gradient(TWO, [1]), ValueError, "theta must have 3 parameter"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_named(what):
    call, error, message = BAD[what]
    with pytest.raises(error, match=rf"^{message}"):
        call()


def test_extreme_but_finite_rows_are_welcome_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for n in (3, 300):
            for scale in (1e-308, 1e-200, 1e-160, 1e155, 1e200, 1e300):
                problem = LinearRegression(np.linspace(-1, 1, n) * scale, np.linspace(1, 2, n))
                assert problem.loss([0, 1.5]) == pytest.approx(problem.y.var(), rel=1e-12)
                assert np.isfinite(problem.gradient([0, 1.5])).all()


def test_targets_whose_squares_overflow_may_still_be_met():
    x = np.linspace(-1, 1, 300)
    for n in (20, 300):
        problem = LinearRegression(x[:n], 1e155 * x[:n])
        assert problem.loss([1e155, 0]) == pytest.approx(0, abs=1e280)  # a rounding error, squared
        np.testing.assert_allclose(problem.gradient([1e155, 0]), 0, atol=1e141)


def test_many_rows_descend_as_few_do():
    # 40 rows, and the same 40 eight times over: the mean is the same, so is every step.
    few = LinearRegression(*noisy_line(40))
    many = few[np.arange(320) % 40]
    runs = [descend(problem, [0, 0], 0.4, 100) for problem in (few, many)]
    np.testing.assert_allclose(runs[0].parameters, runs[1].parameters, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(runs[0].losses, runs[1].losses, rtol=1e-12)
