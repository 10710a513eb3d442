"""The quadratic that stands for many rows: the same losses and gradients as their residuals, wherever it is used."""

import numpy as np
import pytest
from strategies import by_hand

import gdlib._many_rows
from gdlib._many_rows import MOST_PARAMETERS, expand
from gdlib.data import noisy_line
from gdlib.descent import descend
from gdlib.linear import FEW_ROWS, LinearRegression

pytestmark = pytest.mark.filterwarnings("error")

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
    assert (many_rows(kind)._expansion is None) == (kind in NEARLY_DEPENDENT | BEYOND_SQUARES)


@pytest.mark.parametrize("kind", ["one feature", "plain", "offset 10 000", "huge targets"])
def test_rows_that_do_not_fit_into_the_cache_are_added_up_in_parts(kind, monkeypatch):
    monkeypatch.setattr(gdlib._many_rows, "CACHEFUL", 256)  # 300 rows of one number are two parts, of three four
    problem = many_rows(kind)
    assert problem._expansion is not None
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


def test_many_rows_descend_as_few_do():
    # 40 rows, and the same 40 eight times over: the mean is the same, so is every step.
    few = LinearRegression(*noisy_line(40))
    many = few[np.arange(320) % 40]
    runs = [descend(problem, [0, 0], 0.4, 100) for problem in (few, many)]
    np.testing.assert_allclose(runs[0].parameters, runs[1].parameters, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(runs[0].losses, runs[1].losses, rtol=1e-12)


@pytest.mark.parametrize("shape", [(300, 300), (300, 6000), (1200, MOST_PARAMETERS)])
def test_it_is_not_tried_for_more_parameters_than_rows_nor_for_very_many(shape, monkeypatch):
    monkeypatch.setattr(gdlib._many_rows, "_moments", None)  # the first thing to be worked out
    assert expand(np.zeros(shape), np.zeros(shape[0])) is None


def test_it_is_tried_up_to_as_many_parameters_as_rows_and_as_the_most(monkeypatch):
    monkeypatch.setattr(gdlib._many_rows, "MOST_PARAMETERS", 4)
    x = rng(0).standard_normal((300, 3))
    assert expand(x, x[:, 0]) is not None
    x = np.vstack([np.eye(3), np.zeros(3)])  # four rows for four parameters
    assert expand(x, np.ones(4)) is not None
