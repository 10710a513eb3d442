"""Losses of one parameter, and numerical gradients, as facts."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import numbers, problems_with_theta

from gdlib.classify import LogisticRegression
from gdlib.curvature import curvatures
from gdlib.data import noisy_line, rents, worked_example
from gdlib.descent import descend
from gdlib.linear import LinearRegression
from gdlib.problem import Curve, Penalised, check_gradient, numerical_gradient, parabola, plateau, two_minima

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
        assert numerical_gradient(lambda t: np.exp(t).sum(), [0.0], h) == pytest.approx(1)  # np.exp takes no objects


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


# --- penalties on weights ---------------------------------------------------------------------------------------------


class Mine:
    """A reader's problem, for one θ at a time; it names no biases."""

    names = ("u", "v")

    def loss(self, theta):
        return math.exp(theta[0]) + theta[1] ** 2 if theta[0] < 5 else 1e3

    def gradient(self, theta):
        return [math.exp(theta[0]), 2 * theta[1]]


def test_weights_are_penalised_and_biases_are_free():
    problem, theta = LinearRegression(*worked_example()), np.array([[3.0, -4, 7], [0, 0, 5]])
    priced = Penalised(problem, 0.2)
    np.testing.assert_allclose(priced.loss(theta), problem.loss(theta) + np.array([0.1 * 25, 0]))
    np.testing.assert_allclose(priced.gradient(theta), problem.gradient(theta) + np.array([[0.6, -0.8, 0], [0, 0, 0]]))
    assert priced.names == problem.names
    assert (priced.problem, priced.penalty) == (problem, 0.2)
    assert repr(priced) == "Penalised(LinearRegression(2 rows, θ = (w₁, w₂, b)), 0.2)"


def test_a_penalty_adds_itself_to_the_curvatures_of_the_weights():
    problem = LinearRegression(*rents())
    np.testing.assert_allclose(Penalised(problem, 3).hessian(), problem.hessian() + np.diag([3, 3, 0]))
    logistic, theta = LogisticRegression(worked_example()[0], [1, 0]), [1.0, 2, 3]
    np.testing.assert_allclose(
        Penalised(logistic, 3).hessian(theta), logistic.hessian(theta) + np.diag([3.0, 3, 0]), rtol=1e-15
    )
    assert curvatures(Penalised(LinearRegression([1, -1], [1, 2]), 3)).tolist() == pytest.approx([2, 5])


def test_parts_of_a_penalised_problem_are_penalised_and_their_mean_is_the_whole():
    problem, theta = Penalised(LinearRegression(*rents()), 0.5), np.array([0.1, 0.2, 0.3])
    parts = [problem[i] for i in range(len(problem))]
    assert {(type(part), part.penalty, len(part)) for part in parts} == {(Penalised, 0.5, 1)}
    assert np.mean([part.loss(theta) for part in parts]) == pytest.approx(problem.loss(theta))
    np.testing.assert_allclose(np.mean([part.gradient(theta) for part in parts], axis=0), problem.gradient(theta))


def test_ridge_regression_ends_where_its_normal_equations_say():
    problem = LinearRegression(*worked_example())
    priced = Penalised(problem, 0.4)
    best = np.linalg.solve(priced.hessian(), -problem.gradient(np.zeros(3)))
    for order in ("batch", "mini-batch"):
        size = {"batch_size": 2} if order == "mini-batch" else {}
        np.testing.assert_allclose(descend(priced, np.zeros(3), 0.5, 2000, order=order, **size).theta, best, atol=1e-12)


def test_a_curve_and_a_readers_problem_can_be_penalised():
    priced = Penalised(parabola(2.0, 3.0), 1.0)  # (θ − 3)² + θ²/2 is least at θ = 2
    assert descend(priced, 0.0, 0.3, 100).theta[0] == pytest.approx(2)
    assert len(priced) == 0
    mine = Penalised(Mine(), 2.0)
    assert mine.loss([1.0, 2.0]) == pytest.approx(math.e + 4 + 5)
    sweep = descend(mine, [1.0, 2.0], [0.1, 0.2], 30)
    for i, eta in enumerate((0.1, 0.2)):
        np.testing.assert_allclose(sweep.parameters[:, i], descend(mine, [1.0, 2.0], eta, 30).parameters)
    assert check_gradient(mine, [1.0, 2.0]).relative_error < 1e-8


# --- bad input --------------------------------------------------------------------------------------------------------

TWO = LinearRegression(*worked_example())


class Nothing(Mine):
    def loss(self, theta):
        return None

    def gradient(self, theta):
        return 1.0


BAD = {
    "θ of a curve": (lambda: parabola().loss([1, 2]), ValueError, "theta must have 1 parameter"),
    "θ of a curve, a number": (lambda: parabola().gradient(1.0), ValueError, "theta must have 1 parameter"),
    "θ of a curve, text": (lambda: parabola().loss(["a"]), TypeError, "theta must be made of real numbers"),
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
    "∞ beside θ": (
        lambda: numerical_gradient(lambda t: np.inf if t[0] > 1 else 0.0, [1.0]),
        ValueError,
        "loss beside theta must be finite, but it holds inf at position 0$",
    ),
    "penalty −1": (
        lambda: Penalised(TWO, -1),
        ValueError,
        "penalty must not be negative, got -1: it would reward large weights$",
    ),
    "penalty NaN": (lambda: Penalised(TWO, np.nan), ValueError, "penalty must be finite"),
    "penalty text": (lambda: Penalised(TWO, "much"), TypeError, "penalty must be made of real numbers"),
    "penalty on nothing": (lambda: Penalised((1, 2), 1), TypeError, "problem must have names, loss"),
    "θ short, penalised": (lambda: Penalised(TWO, 1).loss([1]), ValueError, "theta must have 3 parameter"),
    "θ short, penalised slope": (lambda: Penalised(TWO, 1).gradient([1]), ValueError, "theta must have 3 parameter"),
    "a loss of None, penalised": (
        lambda: Penalised(Nothing(), 1).loss([1, 2]),
        TypeError,
        "problem.loss must return its result, got None",
    ),
    "one slope for two, penalised": (
        lambda: Penalised(Nothing(), 1).gradient([1, 2]),
        ValueError,
        r"problem.gradient must return shape \(2,\), as theta has, got \(\)$",
    ),
    "no second derivatives": (
        lambda: Penalised(Mine(), 1).hessian(),
        TypeError,
        r"problem must have a hessian\(\) to be penalised, got <",
    ),
    "no rows, penalised": (
        lambda: descend(Penalised(parabola(), 1), 0, 1, 1, order="one by one"),
        ValueError,
        "order='one by one' needs a problem made of rows",
    ),
    "no names": (
        lambda: check_gradient((1, 2), [0]),
        TypeError,
        r"problem must have names, loss\(theta\) and gradient\(theta\), as LinearRegression\(x, y\) has; "
        r"there is no names in \(1, 2\)$",
    ),
    "names a word": (
        lambda: check_gradient(Curve(np.sin, np.cos, names="t"), [0]),
        TypeError,
        "problem.names must be a tuple, a name for each parameter, got 't'$",
    ),
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


def test_a_penalty_on_a_penalty_leaves_the_bias_free():
    twice, once = Penalised(Penalised(TWO, 0.1), 0.2), Penalised(TWO, 0.3)
    assert twice.biases == ("b",)
    assert twice.loss([1, 2, 5]) == pytest.approx(float(once.loss([1, 2, 5])))
    np.testing.assert_allclose(twice.gradient([1, 2, 5]), once.gradient([1, 2, 5]))


def test_a_part_of_a_penalised_subclass_keeps_its_class():
    class Doubled(Penalised):
        def gradient(self, theta):
            return 2 * super().gradient(theta)

    doubled = Doubled(TWO, 0.1)
    run = descend(doubled, [1, 1, 1], 0.1, 1, order="one by one")
    np.testing.assert_allclose(run.theta, 1 - 0.2 * Penalised(TWO[0], 0.1).gradient([1, 1, 1]))


def test_a_readers_loss_of_one_theta_is_penalised_at_many():
    class One:
        names = ("a", "b")

        def loss(self, theta):
            return theta[0] ** 2 + theta[1] ** 2

        def gradient(self, theta):
            return 2 * theta

    np.testing.assert_allclose(Penalised(One(), 0.1).loss([[1, 2], [3, 4]]), [5.25, 26.25])


def test_a_free_bias_may_be_as_large_as_it_likes():
    flat = LogisticRegression([-1, 1], [0, 1])
    assert np.isfinite(Penalised(flat, 0.1).loss([0, 1e160]))
