"""Curvatures, limits, best rates and regimes as facts: against descents, exact fractions and each other."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gdlib.curvature import (
    REGIMES,
    best_rate,
    condition_number,
    contraction,
    curvatures,
    principal_directions,
    regime,
    round_limit,
    round_radius,
    sample_limits,
    stability_limit,
)
from gdlib.data import narrow_valley, noisy_line, overfitting, rents, six_points, standardised, worked_example
from gdlib.descent import descend
from gdlib.linear import LinearRegression
from gdlib.problem import parabola

pytestmark = pytest.mark.filterwarnings("error")
steady = settings(deadline=None, max_examples=20, derandomize=True)

EXAMPLE = LinearRegression(*worked_example())
PROBLEMS = {
    "example": EXAMPLE,
    "six points": LinearRegression(*six_points()),
    "noisy line": LinearRegression(*noisy_line()),
    "narrow valley": LinearRegression(*narrow_valley()),
    "rents": LinearRegression(*rents()),
    "rents, standardised": LinearRegression(standardised(rents()[0]), rents()[1]),
    "overfitting": LinearRegression(*overfitting()[0]),
    # Shuffled: from one end of the line to the other, a round blows errors up and takes them down again by so many
    # powers of ten that rounding, here as in a descent, leaves three digits.
    "many rows": LinearRegression(*noisy_line(300))[np.random.default_rng(0).permutation(300)],
    "one row": EXAMPLE[0],
}


def bowl(*diagonal):
    """Return a problem with these curvatures along the axes, and nothing but a Hessian."""
    return SimpleNamespace(hessian=lambda: np.diag(np.array(diagonal, dtype=float)))


def rows_of(*rows):
    """Return a problem of these rows a, whose last entry need not be 1."""
    rows = np.array(rows, dtype=float)
    problem = LinearRegression(np.ones((len(rows), 1)), np.zeros(len(rows)))
    vars(problem)["design"] = rows
    return problem


@st.composite
def linear(draw, most=8):
    n, d, seed = draw(st.integers(1, most)), draw(st.integers(1, 3)), draw(st.integers(0, 10**6))
    r = np.random.default_rng(seed)
    x = r.standard_normal((n, d)) * 10.0 ** r.integers(-2, 2, d) + draw(st.sampled_from([0, 0, 1, 5]))
    return LinearRegression(x, r.standard_normal(n))


# --- the worked example -----------------------------------------------------------------------------------------------


def test_the_worked_examples_numbers():
    np.testing.assert_allclose(curvatures(EXAMPLE), [0, 0.195721, 2.794279], atol=5e-7)
    assert curvatures(EXAMPLE)[0] == 0
    assert stability_limit(EXAMPLE) == pytest.approx(0.715748, abs=5e-7)
    assert best_rate(EXAMPLE) == pytest.approx(0.668896, abs=5e-7)
    np.testing.assert_allclose(sample_limits(EXAMPLE), [1 / 1.65, 1 / 1.34], rtol=1e-14)
    assert round_radius(EXAMPLE, 0.67616) < 1 < round_radius(EXAMPLE, 0.67617)


def test_the_worked_examples_round_limit_is_the_mean_of_its_samples_limits():
    assert round_limit(EXAMPLE) == pytest.approx((1 / 1.65 + 1 / 1.34) / 2, rel=1e-12)


# --- curvatures and directions ----------------------------------------------------------------------------------------


@steady
@given(linear())
def test_curvatures_and_directions_are_the_hessians(problem):
    values, vectors = curvatures(problem), principal_directions(problem)
    p, hessian = len(problem.names), problem.hessian()
    assert values.shape == (p,)
    assert (np.diff(values) >= 0).all()
    assert (values >= 0).all()
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(p), atol=1e-12)
    np.testing.assert_allclose(hessian @ vectors, values * vectors, atol=1e-13 * values[-1])
    np.testing.assert_allclose(values.sum(), hessian.trace())
    assert (vectors[np.abs(vectors).argmax(axis=0), range(p)] > 0).all()


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_step_along_a_direction_changes_the_gradient_by_its_curvature(name):
    problem = PROBLEMS[name]
    for value, direction in zip(curvatures(problem), principal_directions(problem).T, strict=True):
        change = problem.gradient(direction) - problem.gradient(0 * direction)
        np.testing.assert_allclose(change, value * direction, atol=1e-11 * curvatures(problem)[-1])


def test_there_are_as_many_curvatures_not_zero_as_rows_and_columns_that_are_independent():
    # Exactly zero: whoever divides by the smallest that is not must not meet a rounding error.
    r = np.random.default_rng(0)
    for _ in range(150):
        n, d = int(r.integers(1, 300)), int(r.integers(1, 8))
        x = r.standard_normal((n, d)) + r.uniform(-3, 3)
        copies = int(r.integers(0, d + 1))  # as many columns are made of the bias, or of the first column, again
        if copies:
            x[:, d - copies :] = r.uniform(-3, 3) if copies == d or r.random() < 0.5 else 2 * x[:, :1] - 1
        values = curvatures(LinearRegression(x, r.standard_normal(n)))
        assert np.count_nonzero(values) == min(n, d + 1 - copies)
        assert (values >= 0).all()


@pytest.mark.parametrize("n", [1, 2, 3, 9])
def test_the_same_row_again_and_again_has_one_curvature_and_one_direction(n):
    problem = LinearRegression(np.tile([0.1, 0.8], (n, 1)), np.full(n, 0.8))
    np.testing.assert_allclose(curvatures(problem), [0, 0, 2 * 1.65], rtol=1e-12)
    assert np.count_nonzero(curvatures(problem)) == 1
    np.testing.assert_allclose(principal_directions(problem)[:, -1], np.array([0.1, 0.8, 1]) / np.sqrt(1.65))
    np.testing.assert_allclose(sample_limits(problem), 1 / 1.65)
    assert stability_limit(problem) == pytest.approx(1 / 1.65)  # the mean over the rows is each row
    assert round_limit(problem) == pytest.approx(1 / 1.65, rel=1e-12)
    assert best_rate(problem) == pytest.approx(1 / 3.3)
    assert condition_number(problem) == pytest.approx(1)


def test_rows_said_twice_change_no_curvature():
    for problem in (EXAMPLE, PROBLEMS["rents"]):
        twice = problem[np.tile(np.arange(len(problem)), 2)]
        np.testing.assert_allclose(curvatures(twice), curvatures(problem), atol=1e-13 * curvatures(problem)[-1])


@steady
@given(linear(), st.floats(0.1, 10))
def test_scaling_the_rows_scales_everything_by_the_square(problem, factor):
    scaled = rows_of(*(factor * problem.design))
    np.testing.assert_allclose(curvatures(scaled), factor**2 * curvatures(problem), atol=1e-13 * curvatures(scaled)[-1])
    for limit in (stability_limit, best_rate, sample_limits, round_limit):
        np.testing.assert_allclose(limit(scaled), limit(problem) / factor**2, rtol=1e-8)


# --- limits and best rates --------------------------------------------------------------------------------------------


def slowest(problem, eta):
    """Return by how much a step at this rate multiplies the error that shrinks least, flat directions left out."""
    values = curvatures(problem)
    return np.abs(1 - eta * values[values > 0]).max()


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_stability_limit_is_where_the_slowest_error_stops_shrinking(name):
    problem = PROBLEMS[name]
    limit = stability_limit(problem)
    assert slowest(problem, limit) == pytest.approx(1)
    assert slowest(problem, 0.99 * limit) < 1 < slowest(problem, 1.01 * limit)
    assert slowest(problem, 1e-6 * limit) < 1


@pytest.mark.parametrize("name", PROBLEMS)
def test_no_rate_beats_the_best_rate(name):
    problem = PROBLEMS[name]
    best = best_rate(problem)
    for factor in (0.01, 0.5, 0.9, 0.99, 0.9999, 1.0001, 1.01, 1.1, 2):
        assert slowest(problem, best) < slowest(problem, factor * best)
    kappa = condition_number(problem)
    assert slowest(problem, best) == pytest.approx((kappa - 1) / (kappa + 1), abs=1e-12)  # Nesterov, theorem 2.1.15
    assert best <= stability_limit(problem)


def test_at_the_best_rate_a_descent_is_closest_after_many_steps():
    problem = PROBLEMS["six points"]
    best, start = best_rate(problem), problem.minimizer() + principal_directions(problem).sum(axis=1)
    etas = best * np.array([0.8, 0.95, 1, 1.02, 1.05])
    distances = np.linalg.norm(descend(problem, start, etas, 150).theta - problem.minimizer(), axis=-1)
    assert distances.argmin() == 2


def test_bowls_of_known_curvature():
    np.testing.assert_array_equal(curvatures(bowl(4, 0, 1)), [0, 1, 4])
    assert stability_limit(bowl(4, 0, 1)) == 0.5
    assert best_rate(bowl(4, 0, 1)) == 2 / 5
    assert condition_number(bowl(4, 0, 1)) == 4
    np.testing.assert_array_equal(principal_directions(bowl(4, 0, 1)), [[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    assert best_rate(bowl(3)) == pytest.approx(1 / 3)  # one curvature: land in one step
    assert condition_number(bowl(3)) == 1


def test_a_curvature_of_rounding_size_is_zero_and_a_larger_one_is_not():
    np.testing.assert_array_equal(curvatures(bowl(1, 1e-17)), [0, 1])
    np.testing.assert_array_equal(curvatures(bowl(1, -1e-17)), [0, 1])
    np.testing.assert_array_equal(curvatures(bowl(1, 1e-12)), [1e-12, 1])
    np.testing.assert_array_equal(curvatures(bowl(0, 0)), [0, 0])


# --- contraction and regime -------------------------------------------------------------------------------------------


@steady
@given(st.floats(0, 10), st.floats(0.01, 100))
def test_contraction_is_what_a_step_does_to_the_distance(eta, curvature):
    before = np.array([1.0])
    after = before - eta * curvature * before
    assert contraction(eta, curvature) == pytest.approx(after[0], rel=1e-12, abs=1e-12)


def test_contraction_broadcasts():
    np.testing.assert_allclose(contraction([[0.1], [1]], [0, 1, 5]), [[1, 0.9, 0.5], [1, 0, -4]])


@pytest.mark.parametrize(
    ("z", "word"),
    [
        (0, "stays"),
        (1e-300, "glides"),
        (1e-9, "glides"),
        (0.5, "glides"),
        (1 - 2e-6, "glides"),
        (1 - 0.9e-6, "lands"),
        (1, "lands"),
        (1 + 0.9e-6, "lands"),
        (1 + 2e-6, "overshoots"),
        (1.5, "overshoots"),
        (2 - 2e-6, "overshoots"),
        (2 - 0.9e-6, "bounces"),
        (2, "bounces"),
        (2 + 0.9e-6, "bounces"),
        (2 + 2e-6, "diverges"),
        (3, "diverges"),
        (1e300, "diverges"),
    ],
)
@pytest.mark.parametrize("curvature", [1.0, 0.25, 8.0])
def test_regimes_have_their_borders_at_1_and_2(z, word, curvature):
    assert word in REGIMES
    assert regime(z / curvature, curvature) == word
    assert type(regime(z / curvature, curvature)) is str
    assert regime(curvature, z / curvature) == word  # only the product matters


@pytest.mark.parametrize(
    ("tolerance", "words"),
    [
        (0, ["glides", "lands", "overshoots", "overshoots", "bounces", "diverges"]),
        (0.05, ["lands", "lands", "lands", "bounces", "bounces", "bounces"]),
        (0.03, ["lands", "lands", "overshoots", "bounces", "bounces", "diverges"]),
    ],
)
def test_the_tolerance_is_how_close_it_must_be_to_land_or_bounce(tolerance, words):
    assert regime([0.98, 1, 1.04, 1.98, 2, 2.04], 1, tolerance).tolist() == words


def test_regimes_of_arrays_are_arrays():
    words = regime([[0], [0.5], [1.0], [1e200]], [0, 1, 2, 1e200])
    expected = [["stays"] * 4, ["stays", "glides", "lands", "diverges"], ["stays", "lands", "bounces", "diverges"]]
    assert words.tolist() == [*expected, ["stays", *["diverges"] * 3]]


@pytest.mark.parametrize("z", [0, 0.3, 0.9, 1, 1.2, 1.9, 2, 2.1, 5])
def test_regimes_say_what_a_descent_does(z):
    problem = LinearRegression([0.0], [0.0])  # the loss is b², of curvature 2
    errors = descend(problem, [0, 1], z / 2, 12).parameters[:, 1]
    before, after = errors[-2:]
    what_it_did = {
        "stays": after == before,
        "lands": after == before == 0,
        "bounces": after == -before,
        "diverges": abs(after) > abs(before),
        "glides": 0 < after < before,
        "overshoots": after * before < 0 and abs(after) < abs(before),
    }
    assert what_it_did[regime(z / 2, 2.0)]


# --- one sample a step, round and round -------------------------------------------------------------------------------


def exactly_stable(design, eta):
    """Return whether rounds of one-by-one steps at η shrink every error, without any rounding; rows of two numbers.

    A 2 × 2 matrix has both eigenvalues inside the unit circle just if |det| < 1 and |trace| < 1 + det (Jury).
    """
    eta, m = Fraction(float(eta)), [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]
    for a in [[Fraction(float(number)) for number in row] for row in design]:
        row = [a[0] * m[0][j] + a[1] * m[1][j] for j in (0, 1)]
        m = [[m[i][j] - 2 * eta * a[i] * row[j] for j in (0, 1)] for i in (0, 1)]
    determinant, trace = m[0][0] * m[1][1] - m[0][1] * m[1][0], m[0][0] + m[1][1]
    return abs(determinant) < 1 and abs(trace) < 1 + determinant


@settings(steady, max_examples=30)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(-2, 5))
def test_the_round_limit_is_where_exact_arithmetic_has_it(seed, n, power):
    r = np.random.default_rng(seed)
    problem = LinearRegression(10.0**power * (r.uniform(-2, 2, n) + r.integers(0, 2)), np.zeros(n))
    limit = round_limit(problem)
    assert not exactly_stable(problem.design, limit * (1 + 1e-6))
    for eta in np.geomspace(sample_limits(problem).min() / 2, limit * (1 - 1e-6), 12):
        assert exactly_stable(problem.design, eta)


def two_rows_limit(a, b):
    """Return the limit of two rows in closed form, and how wide a gap in the stable rates below it is.

    With A = ‖a‖², B = ‖b‖², c = a·b the product of both steps has det = (1 − 2ηA)(1 − 2ηB) and, on the rows' span,
    trace = 2 − 2η(A + B) + 4η²c². Jury's conditions: det < 1 up to η = (A + B)/2AB, the mean of both limits, and
    1 + det + trace > 0 unless η lies between the roots of (AB + c²)η² − (A + B)η + 1.
    """
    A, B, c = a @ a, b @ b, a @ b
    mean, inside = (1 / A + 1 / B) / 2, (A - B) ** 2 - 4 * c**2
    if inside < 0:
        return mean, 0.0
    first, second = 2 / (A + B + np.sqrt(inside)), (A + B + np.sqrt(inside)) / (2 * (A * B + c**2))
    return min(mean, first), second / first - 1


@settings(steady, max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(-2, 8))
def test_the_round_limit_of_two_rows(seed, d, power):
    r = np.random.default_rng(seed)
    problem = LinearRegression(10.0**power * r.standard_normal((2, d)) + r.integers(0, 2), [0, 0])
    a, b = problem.design
    assume(np.linalg.matrix_rank(problem.design) == 2)
    expected, gap = two_rows_limit(a, b)
    assume(gap == 0 or gap > 0.1)  # the search is on a grid: it may overlook a narrow gap
    assert round_limit(problem) == pytest.approx(expected, rel=1e-7)
    assert round_limit(problem) >= sample_limits(problem).min() * (1 - 1e-12)
    assert round_limit(problem) <= sample_limits(problem).mean() * (1 + 1e-9)


@pytest.mark.parametrize(("b", "c"), [(0.5, 0.37494), (0.6, 0.31994), (0.7, 0.25499)])
@pytest.mark.parametrize("size", [1, 0.01, 100])
def test_a_gap_of_a_hundredth_in_the_stable_rates_is_not_overlooked(b, c, size):
    rows = size * np.array([[1, 0], [c, np.sqrt(b * b - c * c)]])
    expected, gap = two_rows_limit(*rows)
    assert 0.005 < gap < 0.025
    assert round_limit(rows_of(*rows)) == pytest.approx(expected, rel=1e-9)


@steady
@given(linear(most=12))
def test_the_round_limit_lies_between_the_samples_limits(problem):
    limits, limit = sample_limits(problem), round_limit(problem)
    assert limits.min() * (1 - 1e-12) <= limit <= limits.max() * (1 + 1e-12)
    assert round_radius(problem, 0.999 * limits.min()) < 1
    assert round_radius(problem, 1.001 * limits.max()) > 1


@steady
@given(linear())
def test_sample_limits_are_where_a_rows_own_error_stops_shrinking(problem):
    limits = sample_limits(problem)
    assert limits.shape == (len(problem),)
    for i, limit in enumerate(limits):
        assert stability_limit(problem[i]) == pytest.approx(limit)  # on one row, batch descent is the same descent
        assert round_limit(problem[i]) == pytest.approx(limit, rel=1e-12)
        assert round_radius(problem[i], limit / 2) == pytest.approx(0, abs=1e-12)
        assert round_radius(problem[i], 0.75 * limit) == pytest.approx(0.5)


def test_orthogonal_rows_do_not_meddle():
    # Each step changes its own error alone, so the strictest limit holds for all, and for each the factor 1 − 2η‖a‖².
    problem = rows_of([2, 0, 0], [0, 1, 0])
    assert round_limit(problem) == pytest.approx(1 / 4, rel=1e-12)
    np.testing.assert_allclose(round_radius(problem, [0.1, 0.2, 0.25, 0.3]), [0.8, 0.6, 1, 1.4])


def test_rows_of_one_direction_multiply_their_factors():
    # 1 − 8η and 1 − 2η: their product is −1 nowhere, and 1 at η = 5/8, far above the limit 1/4 of the longer row.
    problem = rows_of([2, 0], [1, 0])
    assert round_limit(problem) == pytest.approx(5 / 8, rel=1e-12)
    np.testing.assert_allclose(round_radius(problem, [0.1, 0.25, 0.5]), [0.2 * 0.8, 1 * 0.5, 0])


@pytest.mark.parametrize("far", [1e3, 1e6, 1e7, 1e8, 1e10])
def test_the_round_limit_of_features_far_from_zero_is_not_left_to_rounding(far):
    problem = LinearRegression([far, 2 * far], [0, 0])
    assert round_limit(problem) == pytest.approx(sample_limits(problem).mean(), rel=1e-6)


@pytest.mark.parametrize("power", [7, 8, 9, 12])
def test_features_far_from_zero_have_the_round_limit_of_their_first_column(power):
    # The bias is nothing beside them, and each step multiplies the error by 1 − 2ηx²: so does a round, by the product.
    r = np.random.default_rng(power)
    for _ in range(6):
        x = 10.0**power * r.uniform(-2, 2, 4)
        limit = round_limit(LinearRegression(x, np.zeros(4)))
        etas = np.geomspace(1 / np.max(x**2) / 2, limit * (1 - 1e-6), 500)
        assert (np.abs(np.prod(1 - 2 * etas[:, np.newaxis] * x**2, axis=1)) < 1).all()
        assert np.abs(np.prod(1 - 2 * limit * (1 + 1e-6) * x**2)) > 1


@pytest.mark.parametrize(
    "x", [[-0.6, -35.1, 143.0], [1.0, -197.0, -37.7, -0.7], [-4.2, -1.7, -0.8, 40.1, 1.1, 281.3]], ids=len
)
def test_the_round_limit_is_the_first_crossing_also_where_limits_lie_powers_of_ten_apart(x):
    # The first cell of an even grid from the smallest limit to the largest would swallow it.
    problem = LinearRegression(x, np.zeros(len(x)))
    limit = round_limit(problem)
    assert not exactly_stable(problem.design, 1.000001 * limit)
    for eta in np.geomspace(sample_limits(problem).min() / 2, 0.999999 * limit, 100):
        assert exactly_stable(problem.design, eta)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_radius_is_what_a_long_run_does_to_an_error(name):
    problem = PROBLEMS[name]
    _, sizes, directions = np.linalg.svd(problem.design, full_matrices=False)
    span, limit = directions[sizes > 1e-9 * sizes[0]], round_limit(problem)
    for factor in (0.3, 0.8, 0.99, 1.01, 1.5):
        errors = span  # where every error begins: one direction of the rows' span each
        for a in problem.design:
            errors = errors - 2 * factor * limit * np.outer(errors @ a, a)
        rounds, growth = errors @ span.T, 0.0
        for doubling in range(20):  # 2, 4, 8, … a million rounds, and the logarithm of what each does on average
            size = np.abs(rounds).max()
            growth, rounds = growth + np.log(size) / 2**doubling, rounds @ rounds / size**2
        assert round_radius(problem, factor * limit) == pytest.approx(np.exp(growth), rel=1e-4)
        assert (round_radius(problem, factor * limit) >= 1) == (factor > 1)


def test_the_radius_broadcasts():
    etas = np.array([[0.1, 0.4], [0.67, 0.7], [3, 0]])
    radii = round_radius(EXAMPLE, etas)
    assert radii.shape == (3, 2)
    for index in np.ndindex(3, 2):
        assert radii[index] == pytest.approx(round_radius(EXAMPLE, etas[index]), rel=1e-12)
    assert radii[2, 1] == 1  # a rate of zero changes nothing
    assert isinstance(round_radius(EXAMPLE, 0.1), float)  # a number of numpy's, not an array around one


def test_the_radius_of_a_round_beyond_the_floats_is_infinite_without_a_warning():
    problem = LinearRegression(*noisy_line(400))
    np.testing.assert_array_equal(np.isinf(round_radius(problem, [0.01, 50.0])), [False, True])


@pytest.mark.parametrize("top", [1, 1000, 1e6])
def test_many_rows_of_many_sizes_have_a_round_limit(top):
    problem = LinearRegression(np.linspace(0, top, 60), np.zeros(60))
    limit = round_limit(problem)
    assert sample_limits(problem).min() <= limit <= sample_limits(problem).max()
    assert round_radius(problem, 0.99 * limit) < 1 <= round_radius(problem, limit * (1 + 1e-9))


@pytest.mark.parametrize("name", ["example", "six points", "rents, standardised", "noisy line"])
def test_the_order_of_the_rows_may_change_the_limit_but_going_backwards_does_not(name):
    problem = PROBLEMS[name]  # transposing the product reverses the order of its symmetric factors
    assert round_limit(problem[::-1]) == pytest.approx(round_limit(problem), rel=1e-9)
    turned = problem[np.roll(np.arange(len(problem)), 1)]  # nor does beginning elsewhere: similar matrices
    assert round_limit(turned) == pytest.approx(round_limit(problem), rel=1e-9)


# --- bad input --------------------------------------------------------------------------------------------------------

BAD = {
    "η −1, regime": (lambda: regime(-1, 1), ValueError, "eta must not be negative, got -1"),
    "η NaN, regime": (lambda: regime(np.nan, 1), ValueError, "eta must be finite"),
    "η text, regime": (lambda: regime("fast", 1), TypeError, "eta must be made of real numbers"),
    "η None, regime": (lambda: regime(None, 1), TypeError, "eta must be made of real numbers"),
    "η empty, regime": (lambda: regime([], 1), ValueError, "eta is empty"),
    "η ragged, regime": (lambda: regime([[1], [1, 2]], 1), TypeError, "eta must be made of numbers in rows"),
    "λ −1, regime": (lambda: regime(1, [2, -1]), ValueError, "curvature must not be negative, got -1"),
    "λ ∞, regime": (lambda: regime(1, np.inf), ValueError, "curvature must be finite"),
    "λ text, regime": (lambda: regime(1, "steep"), TypeError, "curvature must be made of real numbers"),
    "tolerance −1": (lambda: regime(1, 1, -1), ValueError, "tolerance must not be negative"),
    "tolerance NaN": (lambda: regime(1, 1, np.nan), ValueError, "tolerance must be finite"),
    "tolerance text": (lambda: regime(1, 1, "none"), TypeError, "tolerance must be made of real numbers"),
    "η −1, contraction": (lambda: contraction(-1, 1), ValueError, "eta must not be negative"),
    "η Boolean, contraction": (lambda: contraction(True, 1), TypeError, "eta must be made of real numbers"),
    "λ NaN, contraction": (lambda: contraction(1, np.nan), ValueError, "curvature must be finite"),
    "λ empty, contraction": (lambda: contraction(1, []), ValueError, "curvature is empty"),
    "η −1, radius": (lambda: round_radius(EXAMPLE, -1), ValueError, "eta must not be negative"),
    "η ∞, radius": (
        lambda: round_radius(EXAMPLE, [0.1, np.inf]),
        ValueError,
        "eta must be finite, .* inf at position 1",
    ),
    "η None, radius": (lambda: round_radius(EXAMPLE, None), TypeError, "eta must be made of real numbers"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_named(what):
    call, error, message = BAD[what]
    with pytest.raises(error, match=rf"^{message}"):
        call()


@pytest.mark.parametrize("function", [curvatures, principal_directions, stability_limit, best_rate, condition_number])
def test_a_curve_has_no_curvature_of_its_own(function):
    with pytest.raises(TypeError, match=r"problem must have the same hessian\(\) everywhere"):
        function(parabola())


@pytest.mark.parametrize("function", [sample_limits, round_limit, lambda problem: round_radius(problem, 0.1)])
def test_limits_of_single_samples_are_those_of_the_squared_error(function):
    class Own(LinearRegression):
        def loss(self, theta):
            return np.abs(self.residuals(theta)).mean(axis=-1)

    for problem, words in ((Own([1], [1]), r"Own has loss\(\) of its own"), (np.eye(2), "problem must be a LinearReg")):
        with pytest.raises(TypeError, match=f"^{words}"):
            function(problem)
