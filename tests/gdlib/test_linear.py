"""Linear models and the mean squared error as facts: the formulas row by row, central differences, and each other."""

import pickle
import warnings
from functools import cached_property

import numpy as np
import pytest
from hypothesis import assume, given, settings
from strategies import by_hand, central_difference, problems, problems_with_theta

import gdlib._rows
from gdlib._rows import COPIED
from gdlib.data import noisy_line, rents, worked_example
from gdlib.linear import FEW_ROWS, LinearModel, LinearRegression, offers, squared_error

pytestmark = pytest.mark.filterwarnings("error")
steady = settings(deadline=None, max_examples=40, derandomize=True)

rng = np.random.default_rng


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


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("d", [2, 1024])
def test_few_numbers_are_copied_and_many_are_not(d, more):
    n = COPIED // d + more
    x, y = np.ones((n, d)), np.ones(n)
    model = LinearModel(x, y)
    assert np.shares_memory(model.x, x) == np.shares_memory(model.y, y) == bool(more)


def test_parameters_in_an_array_of_text_are_refused():
    with pytest.raises(TypeError, match="theta"):
        LinearRegression([0.5], [1.0]).gradient(np.array(["a", "b"]))


@pytest.mark.parametrize("n", [3, 200, 300])
def test_a_table_too_large_for_memory_is_worked_out_in_parts(n, monkeypatch):
    x = rng(0).standard_normal(n)
    problem = LinearRegression(np.column_stack([x, x]), x**2)  # dependent columns: residuals, however many the rows
    theta = rng(1).standard_normal((5, 4, 3))
    whole, tables, einsum = problem.loss(theta), [], np.einsum
    monkeypatch.setattr(np, "einsum", lambda how, *tensors: tables.append(tensors[0].size) or einsum(how, *tensors))
    for largest in (1, n, 3 * n + 1, 20 * n):
        monkeypatch.setattr(gdlib._rows, "LARGEST_TABLE", largest)
        tables.clear()
        np.testing.assert_allclose(problem.loss(theta), whole, rtol=1e-14)
        assert max(tables) <= max(largest, n)  # a single θ is taken whole
        assert sum(tables) == 20 * n  # each residual once


# --- bad input --------------------------------------------------------------------------------------------------------

TWO = LinearRegression(*worked_example())
ONE = LinearRegression([1, 2], [3, 4])

BAD = {
    "x NaN": (
        lambda: LinearRegression([1, np.nan], [1, 2]),
        ValueError,
        "x must be finite, but it holds nan at row 1, column 0",
    ),
    "x ∞": (
        lambda: LinearRegression([[1], [np.inf]], [1, 2]),
        ValueError,
        "x must be finite, .* inf at row 1, column 0",
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
    "new x, too few": (lambda: TWO.predict([1, 2, 3], [1]), ValueError, r"x must have 2 feature\(s\) a row"),
    "new x, too many": (lambda: ONE.predict([1, 2], [[1, 2]]), ValueError, r"x must have 1 feature\(s\) a row"),
    "new x NaN": (lambda: ONE.predict([1, 2], [np.nan]), ValueError, "x must be finite"),
    "new x empty": (lambda: ONE.predict([1, 2], []), ValueError, "x is empty"),
    "new x text": (lambda: ONE.predict([1, 2], "x"), TypeError, "x must be made of real numbers"),
    "new x of three axes": (lambda: ONE.predict([1, 2], np.ones((1, 1, 1))), ValueError, "x must have 1 feature"),
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


# --- subclasses -------------------------------------------------------------------------------------------------------


class Logistic(LinearRegression):
    """A reader's class, which inherits from the wrong one."""

    def loss(self, theta):
        z = self.scores(theta)
        return np.mean(np.logaddexp(0, z) - self.y * z, axis=-1)

    def gradient(self, theta):
        return (1 / (1 + np.exp(-self.scores(theta))) - self.y) @ self.design / len(self)


class Scaled(LinearModel):
    """A model with something of its own beside the rows."""

    def __init__(self, x, y, scale):
        super().__init__(x, y)
        self.scale = scale


class Ridge(LinearRegression):
    """A class that adds to what it inherits, and knows what it does."""

    def loss(self, theta):
        return super().loss(theta) + np.square(theta).sum(axis=-1)

    def gradient(self, theta):
        return super().gradient(theta) + 2 * np.asarray(theta)

    def hessian(self):
        return super().hessian() + 2 * np.eye(len(self.names))


CLASSES = Logistic(np.linspace(-2, 2, 8), [0, 0, 1, 0, 1, 0, 1, 1])


@pytest.mark.parametrize("rows", [0, slice(1, 4), [3, 1], np.arange(8) % 3 == 0])
def test_a_part_is_of_its_class_and_its_loss_is_its_own(rows):
    part, theta = CLASSES[rows], np.array([0.3, -0.2])
    assert type(part) is Logistic
    again = Logistic(np.atleast_2d(CLASSES.x[rows]), np.atleast_1d(CLASSES.y[rows]))
    assert part.loss(theta) == again.loss(theta)
    np.testing.assert_array_equal(part.gradient(theta), again.gradient(theta))
    np.testing.assert_allclose(part.gradient(theta), central_difference(part.loss, theta), atol=1e-9)


def test_a_part_keeps_what_else_it_was_given_and_works_out_anew_what_hangs_on_its_rows():
    model = Scaled([[1, 2], [3, 4], [5, 6]], [1, 2, 3], scale=0.5)
    assert (model.design.shape, model.names) == ((3, 3), ("w₁", "w₂", "b"))
    part = model[1:]
    assert (part.scale, part.design.shape, part.names) == (0.5, (2, 3), model.names)
    whole = LinearRegression(*noisy_line(FEW_ROWS + 50))
    assert whole[:5].loss([1, 1]) == pytest.approx(np.square(whole.residuals([1, 1])[:5]).mean())


@pytest.mark.parametrize("name", ["hessian", "minimizer"])
def test_what_holds_for_the_squared_error_alone_is_refused_by_name(name):
    with pytest.raises(TypeError, match=r"^Logistic has loss\(\) of its own"):
        getattr(CLASSES, name)()


@pytest.mark.parametrize("name", ["scores", "predict", "residuals", "loss", "gradient"])
def test_each_method_that_makes_the_loss_counts(name):
    kind = type("Own", (LinearRegression,), {name: lambda self, *_: 0.0})
    with pytest.raises(TypeError, match=rf"^Own has {name}\(\) of its own"):
        squared_error(kind([1], [1]))


def test_a_squared_error_is_a_linear_regression_or_a_subclass_that_changes_nothing_of_it():
    for kind in (LinearRegression, type("Same", (LinearRegression,), {"note": "mine"})):
        problem = kind([1, 2], [3, 4])
        assert squared_error(problem) is problem
        np.testing.assert_allclose(problem.minimizer(), [1, 2])
    with pytest.raises(TypeError, match=r"^problem must be a LinearRegression, got Scaled$"):
        squared_error(Scaled([1], [1], 2))


def test_a_linear_model_has_no_loss():
    assert not {"loss", "gradient", "hessian", "minimizer"} & set(dir(LinearModel))


def test_a_subclass_may_build_on_the_formulas_that_it_inherits():
    problem = Ridge(*noisy_line(30))
    moves, start = 1e-3 * np.eye(2), np.array([0.3, 0.2])
    changes = (problem.gradient(start + moves) - problem.gradient(start - moves)) / 2e-3
    np.testing.assert_allclose(problem.hessian(), changes, atol=1e-9)
    with pytest.raises(TypeError, match=r"^Ridge has loss\(\) of its own"):
        problem.minimizer()


@pytest.mark.parametrize("late", [False, True])
def test_a_subclass_may_choose_its_features_itself(late):
    class Cubic(LinearRegression):
        def __init__(self, x, y):
            if late:
                super().__init__(x, y)
                self.x = np.column_stack([self.x[:, 0] ** k for k in (1, 2, 3)])
            else:
                self.x, self.y = np.column_stack([x**k for k in (1, 2, 3)]), y

    x = np.linspace(-1, 1, 9)
    problem = Cubic(x, x**3)
    assert problem.names == ("w₁", "w₂", "w₃", "b")
    assert problem.loss([0, 0, 1, 0]) == 0
    assert problem[[1, 4]].loss([0, 0, 0, 0]) == pytest.approx(0.75**6 / 2)


def test_names_of_ones_own_are_kept_and_features_are_still_called_x():
    problem = LinearRegression([[1.0], [2.0]], [1.0, 2.0])
    problem.names = ("slope", "level")
    assert problem[0].names == ("slope", "level")
    assert problem[0].features == ("x",)


def test_an_entry_for_each_row_is_not_handed_on_to_the_wrong_rows():
    class Weighted(LinearRegression):
        def __init__(self, x, y, weights):
            super().__init__(x, y)
            self.weights = weights

    for weights in (np.array([1.0, 0.0, 2.0]), np.ones(2), np.ones((3, 2))):
        rows = np.arange(1.0, len(weights) + 1)
        with pytest.raises(TypeError, match=r"^Weighted\.weights has an entry for each row: define __getitem__"):
            Weighted(rows, rows, weights)[0]
    assert Weighted([1.0], [1.0], np.ones(1))[0].weights == 1  # one row has no wrong one


def test_a_subclass_hands_on_what_is_its_parts_as_well_and_no_more():
    class Later(LinearRegression):
        @cached_property
        def largest(self):
            return self.x.max()

    model = Later([1.0, 2.0, 3.0], [1.0, 2.0, 4.0])
    model.names = ("slope", "level")
    assert (model.loss([0, 0]), model.largest) == (7, 3)
    assert vars(model[0]).keys() == {"x", "y", "names", "_p"}  # how many parameters is not counted anew in each step
    assert (model[0].names, model[0].loss([0, 0]), model[0].largest) == (model.names, 1, 1)


@pytest.mark.parametrize("method", ["hessian", "minimizer"])
def test_a_problem_offers_what_is_true_of_it(method):
    assert offers(LinearRegression([1, 2], [3, 4]), method)
    assert not offers(CLASSES, method)
    assert offers(Ridge([1, 2], [3, 4]), method) == (method == "hessian")
    assert not offers(object(), method)


def test_a_class_that_adds_to_the_minimizer_may_ask_for_the_inherited_one():
    class Shifted(LinearRegression):
        def gradient(self, theta):
            return super().gradient(theta - 1)

        def minimizer(self):
            return super().minimizer() + 1

    rows = noisy_line()
    np.testing.assert_array_equal(Shifted(*rows).minimizer(), LinearRegression(*rows).minimizer() + 1)
