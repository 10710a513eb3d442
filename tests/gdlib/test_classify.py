"""Classification as facts: the log-loss row by row in exact words, central differences, and scikit-learn."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import central_difference, many

import gdlib._rows
from gdlib.classify import LogisticRegression, Softmax, sigmoid, softmax
from gdlib.curvature import curvatures, principal_directions, stability_limit
from gdlib.data import iris, standardised, worked_example
from gdlib.descent import descend
from gdlib.explain import explain
from gdlib.plots import plane_of
from gdlib.problem import Penalised, check_gradient

pytestmark = pytest.mark.filterwarnings("error")

TWO = LogisticRegression(worked_example()[0], [1, 0])
FAR_APART = LogisticRegression([-2, -1, 1, 2], [0, 0, 1, 1])
PETALS = standardised(iris()[0][:, 2:])
FLOWERS = Softmax(PETALS, iris()[1])
PAIR = LogisticRegression(standardised(iris()[0][50:, 2:]), iris()[1][50:] - 1)


def drawn(kind, n, d, seed):
    """Return a problem of random rows, two or three classes, each of them there."""
    generator, classes = np.random.default_rng(seed), 2 if kind is LogisticRegression else 3
    y = generator.integers(0, classes, n)
    y[:classes] = range(classes)
    return kind(generator.standard_normal((n, d)), y), generator


CASES = given(
    st.sampled_from([LogisticRegression, Softmax]), st.integers(3, 8), st.integers(1, 4), st.integers(0, 10**6)
)


def by_hand(problem, theta):
    """Return the mean of −ln p of each row's own class and its gradient, a number at a time."""
    losses, slopes, blocks = [], np.zeros(len(theta)), np.asarray(theta).reshape(-1, problem.x.shape[1] + 1)
    if isinstance(problem, LogisticRegression):
        blocks = np.vstack([np.zeros_like(blocks), blocks])  # a second class whose score is always 0
    for x, y in zip(problem.x.tolist(), problem.y.astype(int).tolist(), strict=True):
        a = [*x, 1.0]
        powers = [math.exp(math.fsum(t * ai for t, ai in zip(block, a, strict=True))) for block in blocks.tolist()]
        odds = [power / math.fsum(powers) for power in powers]
        losses.append(-math.log(odds[y]))
        pulls = [(p - (k == y)) * ai for k, p in enumerate(odds) for ai in a]
        slopes += np.array(pulls[-len(theta) :]) / len(problem)
    return math.fsum(losses) / len(losses), slopes


# --- σ and softmax ----------------------------------------------------------------------------------------------------


def test_sigmoid_turns_scores_into_probabilities():
    np.testing.assert_allclose(sigmoid([[0, 1], [-1, 2]]), [[0.5, 0.7310585786], [0.2689414214, 0.8807970780]])
    np.testing.assert_array_equal(sigmoid([1000, -1000, np.inf, -np.inf]), [1, 0, 1, 0])
    assert sigmoid(-40) == pytest.approx(math.exp(-40), rel=1e-15)
    assert sigmoid(-800) == 0


def test_softmax_turns_scores_into_probabilities_that_add_up_along_an_axis():
    scores = np.array([[1000, 1001, 0], [-1e300, 1e300, 5]])
    np.testing.assert_allclose(softmax(scores), [[0.2689414214, 0.7310585786, 0], [0, 1, 0]])
    np.testing.assert_allclose(softmax(scores[:1], axis=0), [[1, 1, 1]])
    np.testing.assert_allclose(softmax([0, math.log(3)]), sigmoid([-math.log(3), math.log(3)]))
    np.testing.assert_array_equal(softmax(scores.T, axis=-2), softmax(scores).T)
    with pytest.raises(TypeError, match=r"^scores must be made of real numbers, got 'a'$"):
        softmax("a")
    with pytest.raises(TypeError, match=r"^scores must be made of real numbers, got 'a'$"):
        sigmoid("a")


# --- losses and gradients ---------------------------------------------------------------------------------------------


@many(100)
@CASES
def test_loss_and_gradient_are_the_formulas_row_by_row(kind, n, d, seed):
    problem, generator = drawn(kind, n, d, seed)
    theta = generator.standard_normal(len(problem.names))
    loss, slopes = by_hand(problem, theta)
    assert problem.loss(theta) == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(problem.gradient(theta), slopes, rtol=1e-12, atol=1e-13)


def test_a_thousand_gradients_agree_with_central_differences():
    for seed in range(500):
        kind = (LogisticRegression, Softmax)[seed % 2]
        problem, generator = drawn(kind, 3 + seed % 6, 1 + seed % 4, seed)
        theta = 2 * generator.standard_normal(len(problem.names))
        for each in (problem, Penalised(problem, 0.3)):
            assert check_gradient(each, theta).relative_error < 1e-6


@many(50)
@CASES
def test_leading_axes_broadcast(kind, n, d, seed):
    problem, generator = drawn(kind, n, d, seed)
    theta = generator.standard_normal((2, 3, len(problem.names)))
    assert problem.loss(theta).shape == (2, 3)
    assert problem.gradient(theta).shape == theta.shape
    assert problem.predict(theta).shape == (2, 3, n)
    assert problem.probabilities(theta).shape == ((2, 3, n) if kind is LogisticRegression else (2, 3, n, 3))
    for i, j in np.ndindex(2, 3):
        np.testing.assert_allclose(problem.loss(theta)[i, j], problem.loss(theta[i, j]), rtol=1e-13)
        np.testing.assert_allclose(problem.gradient(theta)[i, j], problem.gradient(theta[i, j]), atol=1e-14)
        np.testing.assert_allclose(problem.probabilities(theta)[i, j], problem.probabilities(theta[i, j]), atol=1e-14)
        np.testing.assert_array_equal(problem.predict(theta)[i, j], problem.predict(theta[i, j]))
    for empty in (np.zeros((0, len(problem.names))), np.zeros((2, 0, len(problem.names)))):
        assert problem.loss(empty).shape == empty.shape[:-1]
        assert problem.gradient(empty).shape == empty.shape


@many(50)
@CASES
def test_the_loss_is_the_mean_of_the_rows_losses_and_so_is_the_gradient(kind, n, d, seed):
    problem, generator = drawn(kind, n, d, seed)
    theta = generator.standard_normal(len(problem.names))
    parts = [problem[i] for i in range(n)]
    assert {(type(part), part.names, len(part)) for part in parts} == {(kind, problem.names, 1)}
    np.testing.assert_allclose(np.mean([part.loss(theta) for part in parts]), problem.loss(theta), rtol=1e-13)
    np.testing.assert_allclose(
        np.mean([part.gradient(theta) for part in parts], 0), problem.gradient(theta), atol=1e-14
    )


@pytest.mark.parametrize("score", [1000.0, 745.0, 40.0, 37.0, 1e300])
def test_a_confident_score_costs_itself_or_nothing(score):
    # −ln(1 − p) of the rounded p is ∞ from a score of 37 on, and −ln p from −746 on.
    one, nought = LogisticRegression([1, -1], [1, 0]), Softmax([1, -1], [1, 0])
    for yes, no, theta in ((one[0], one[1], [score, 0]), (nought[0], nought[1], [-score / 2, 0, score / 2, 0])):
        theta = np.array(theta)
        for right in (yes, no):
            assert right.loss(theta) == pytest.approx(0, abs=1e-15)
            np.testing.assert_allclose(right.gradient(theta), 0, atol=1e-15)
            assert right.loss(-theta) == score
            assert np.abs(right.gradient(-theta)).max() == 1


def test_rows_and_thetas_of_scores_far_apart_do_not_meddle():
    rows, theta = Softmax([1000, 0, 1], [0, 1, 0]), np.array([1.0, 0, 0, 0])
    expected = [(math.log(2) + math.log1p(math.exp(-1))) / 3, math.log(2)]
    np.testing.assert_allclose(rows.loss([theta, 0 * theta]), expected, rtol=1e-14)
    np.testing.assert_allclose(rows.gradient([theta, 0 * theta])[0], rows.gradient(theta), rtol=1e-14)


def test_a_small_loss_keeps_its_digits_and_so_does_its_slope():
    row = LogisticRegression([1, 2], [1, 0])[0]
    assert row.loss([40, 0]) == pytest.approx(math.exp(-40), rel=1e-14)
    np.testing.assert_allclose(row.gradient([40, 0]), -math.exp(-40) * np.ones(2), rtol=1e-14)


def test_at_zero_k_classes_cost_ln_k_and_at_infinity_asking_is_no_error():
    assert TWO.loss(np.zeros(3)) == math.log(2)
    assert FLOWERS.loss(np.zeros(9)) == pytest.approx(math.log(3), rel=1e-15)
    with np.errstate(all="ignore"):
        assert np.isnan(TWO.loss([np.nan, 0, 0]))
        assert not np.isfinite(FLOWERS.loss(np.full(9, np.inf)))


def test_adding_to_all_scores_changes_no_softmax():
    theta, more = np.linspace(-1, 1, 9), np.tile([3.0, -2, 1], 3)
    assert FLOWERS.loss(theta + more) == pytest.approx(FLOWERS.loss(theta), rel=1e-13)
    np.testing.assert_allclose(FLOWERS.gradient(theta).reshape(3, 3).sum(axis=0), 0, atol=1e-15)


def test_softmax_of_two_classes_is_logistic_regression_on_the_difference():
    x, y = worked_example()[0], [1, 0]
    both, theta = Softmax(x, y), np.array([0.3, -1, 2, 0.5, 0.25, -1])
    difference = theta[3:] - theta[:3]
    assert both.loss(theta) == pytest.approx(TWO.loss(difference), rel=1e-14)
    np.testing.assert_allclose(both.gradient(theta)[3:], TWO.gradient(difference), rtol=1e-13)
    np.testing.assert_allclose(both.probabilities(theta)[:, 1], TWO.probabilities(difference), rtol=1e-13)
    np.testing.assert_array_equal(both.predict(theta), TWO.predict(difference))


@pytest.mark.parametrize("problem", [PAIR, FLOWERS], ids=["two classes", "three"])
def test_a_table_too_large_for_memory_is_worked_out_in_parts(problem, monkeypatch):
    theta = np.random.default_rng(1).standard_normal((5, 4, len(problem.names)))
    whole, sizes = problem.loss(theta), []
    own = problem._log_losses
    monkeypatch.setattr(type(problem), "_log_losses", lambda self, part: sizes.append(len(part)) or own(part))
    monkeypatch.setattr(gdlib._rows, "LARGEST_TABLE", 3 * len(problem) * getattr(problem, "classes", 1))
    np.testing.assert_allclose(problem.loss(theta), whole, rtol=1e-14)
    assert sizes == [3, 3, 3, 3, 3, 3, 2]


# --- second derivatives -----------------------------------------------------------------------------------------------


@many(50)
@CASES
def test_the_hessian_is_the_gradients_central_difference_and_no_curvature_exceeds_the_bound(kind, n, d, seed):
    problem, generator = drawn(kind, n, d, seed)
    theta = generator.standard_normal(len(problem.names))
    hessian = problem.hessian(theta)
    np.testing.assert_allclose(hessian, central_difference(problem.gradient, theta), atol=1e-8)
    np.testing.assert_allclose(hessian, hessian.T, atol=1e-15)
    eigenvalues = np.linalg.eigvalsh(hessian)
    assert eigenvalues[0] > -1e-14
    assert eigenvalues[-1] <= problem.curvature_bound() * (1 + 1e-12)
    design = np.column_stack([problem.x, np.ones(n)])
    bound = np.linalg.eigvalsh(design.T @ design / n)[-1] / (4 if kind is LogisticRegression else 2)
    assert problem.curvature_bound() == pytest.approx(bound, rel=1e-12)


def test_the_bound_of_two_classes_is_reached_at_zero():
    for problem in (TWO, PAIR, Softmax(worked_example()[0], [1, 0])):
        steepest = np.linalg.eigvalsh(problem.hessian(np.zeros(len(problem.names))))[-1]
        assert steepest == pytest.approx(problem.curvature_bound(), rel=1e-12)


def test_curvatures_are_those_at_a_theta_and_a_limit_needs_the_same_everywhere():
    theta = [1.0, -1, 0.5]
    np.testing.assert_allclose(curvatures(PAIR, theta), np.linalg.eigvalsh(PAIR.hessian(theta)), rtol=1e-12)
    np.testing.assert_allclose(
        PAIR.hessian(theta) @ principal_directions(PAIR, theta),
        principal_directions(PAIR, theta) * curvatures(PAIR, theta),
        atol=1e-14,
    )
    np.testing.assert_array_equal(plane_of(PAIR, theta).directions, principal_directions(PAIR, theta)[:, [-1, -2]])
    for kind, problem in (("LogisticRegression", PAIR), ("Softmax", FLOWERS)):
        with pytest.raises(TypeError, match=f"^theta must be given: the second derivatives of {kind} depend on it$"):
            stability_limit(problem)
        with pytest.raises(ValueError, match=r"^theta must be a single vector, shape \(p,\), got shape \(2, 3\)$"):
            problem.hessian(np.zeros((2, 3)))
        with pytest.raises(ValueError, match=r"^theta must be finite"):
            problem.hessian([np.nan, 0, 0])


@pytest.mark.parametrize(("kind", "size"), [(LogisticRegression, 3), (Softmax, 6)])
def test_a_subclass_with_a_loss_of_its_own_inherits_no_second_derivatives(kind, size):
    class Own(kind):
        def loss(self, theta):
            return 2 * super().loss(theta)

    class Whole(Own):
        def hessian(self, theta):
            return 2 * super().hessian(theta)

    own = Own(worked_example()[0], [1, 0])
    for ask in (lambda: own.hessian(np.zeros(size)), own.curvature_bound):
        with pytest.raises(TypeError, match=rf"^Own has loss\(\) of its own, so what holds for {kind.__name__} need"):
            ask()
    plain = kind(worked_example()[0], [1, 0]).hessian(np.zeros(size))
    np.testing.assert_array_equal(Whole(worked_example()[0], [1, 0]).hessian(np.zeros(size)), 2 * plain)


# --- probabilities, classes, names ------------------------------------------------------------------------------------


def test_probabilities_and_classes_of_new_rows():
    theta = [1.0, -2, 0]
    np.testing.assert_allclose(TWO.probabilities(theta, [[2, 1], [4, 1]]), sigmoid([0, 2]))
    np.testing.assert_array_equal(TWO.predict(theta, [[2, 1], [2.5, 1], [0, 1]]), [0, 1, 0])  # a tie: the first class
    blocks = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    np.testing.assert_allclose(FLOWERS.scores(blocks, [[3, 2], [0, 0]]), [[3, 2, 1], [0, 0, 1]])
    np.testing.assert_allclose(FLOWERS.probabilities(blocks, [3, 2]), softmax([[3, 2, 1]]))
    np.testing.assert_array_equal(FLOWERS.predict(blocks, [[3, 2], [0, 5], [0, 0], [1, 1]]), [0, 1, 2, 0])


def test_probabilities_of_the_own_class_are_what_the_loss_is_made_of():
    theta = np.linspace(-1, 1, 9)
    odds = FLOWERS.probabilities(theta)
    np.testing.assert_allclose(odds.sum(axis=-1), 1, rtol=1e-14)
    own = odds[np.arange(150), FLOWERS.y.astype(int)]
    assert FLOWERS.loss(theta) == pytest.approx(-np.log(own).mean(), rel=1e-13)


def test_parameters_are_named_class_by_class_with_the_bias_last():
    assert TWO.names == ("w₁", "w₂", "b")
    assert FLOWERS.names == ("w₀₁", "w₀₂", "b₀", "w₁₁", "w₁₂", "b₁", "w₂₁", "w₂₂", "b₂")
    assert Softmax([1, 2], [0, 1]).names == ("w₀", "b₀", "w₁", "b₁")
    assert Softmax(np.ones((2, 9)), [0, 1]).names[8] == "w₀₉"
    assert Softmax(np.ones((2, 10)), [0, 1]).names[9:12] == ("w₀,₁₀", "b₀", "w₁,₁")
    assert Softmax(np.ones((10, 2)), range(10)).names[-3:] == ("w₉₁", "w₉₂", "b₉")
    many_of_both = Softmax(np.ones((11, 11)), range(11)).names
    assert len(set(many_of_both)) == 132 == len(many_of_both)
    assert TWO.biases == ("b",)
    assert FLOWERS.biases == ("b₀", "b₁", "b₂")
    assert repr(FLOWERS[:2]).startswith("Softmax(2 rows, θ = (w₀₁, w₀₂, b₀, ")


def test_parts_may_have_one_class_and_know_all_classes():
    setosas = FLOWERS[:50]
    assert (type(setosas), setosas.classes, setosas.names) == (Softmax, 3, FLOWERS.names)
    assert setosas.loss(np.zeros(9)) == pytest.approx(math.log(3))
    assert FLOWERS[100:][7].y == 2
    again = pickle.loads(pickle.dumps(FLOWERS[3]))
    assert again.loss(np.ones(9)) == FLOWERS[3].loss(np.ones(9))


# --- descent ----------------------------------------------------------------------------------------------------------


def test_the_two_rows_as_classes_one_by_one():
    run = descend(TWO, np.zeros(3), 0.1, 4, order="one by one")
    odds = [float(TWO[run.rows[k]].probabilities(run.parameters[k])[0]) for k in range(4)]
    np.testing.assert_allclose(odds, [0.5, 0.51611941, 0.50398006, 0.51482729], atol=5e-9)
    np.testing.assert_allclose(run.step_losses, [0.69314718, 0.72591712, 0.68521857, 0.72325036], atol=5e-9)
    expected = [
        [0.005, 0.04, 0.05],
        [-0.02080597, 0.02451642, -0.00161194],
        [-0.01584577, 0.06419801, 0.04799005],
        [-0.04158714, 0.04875319, -0.00349268],
    ]
    np.testing.assert_allclose(run.parameters[1:], expected, atol=5e-9)


def test_weights_of_separable_classes_grow_like_the_logarithm_of_the_steps():
    run = descend(FAR_APART, [0, 0], 1, 10**4, record_losses=None)
    weights = run.parameters[[1, 10, 100, 1000, 10_000], 0]
    np.testing.assert_allclose(weights, [0.75, 2.1030, 4.0180, 6.2312, 8.5194], atol=5e-5)
    np.testing.assert_allclose(run.parameters[:, 1], 0, atol=1e-12)
    assert weights[-1] - math.log(10**4) == pytest.approx(-math.log(2), abs=3e-3)
    assert 10**4 * run.losses[-1] == pytest.approx(1, abs=3e-3)
    settled = descend(Penalised(FAR_APART, 0.1), [0, 0], 1, 300, record_losses=None).theta
    np.testing.assert_allclose(settled, [1.45784, 0], atol=5e-6)


def test_petals_of_three_species():
    run = descend(FLOWERS, np.zeros(9), 1, 1000)
    losses = [0.667067, 0.363263, 0.135876, 0.075853]
    np.testing.assert_allclose(run.losses[[1, 10, 100, 1000]], losses, atol=5e-7)
    wrong = (FLOWERS.predict(run.parameters[[1, 10, 100, 1000]]) != FLOWERS.y).sum(axis=-1)
    assert wrong.tolist() == [50, 7, 7, 6]


@pytest.mark.parametrize("way", ["batch", "one by one", "stochastic"])
def test_a_sweep_is_its_single_runs(way):
    etas = np.array([0.1, 1.0, 30.0])
    for problem in (TWO, FLOWERS[::15]):
        start = np.zeros(len(problem.names))
        sweep = descend(problem, start, etas, 40, order=way)
        for i, eta in enumerate(etas):
            single = descend(problem, start, eta, 40, order=way)
            np.testing.assert_allclose(sweep.parameters[:, i], single.parameters, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(sweep.losses[:, i], single.losses, rtol=1e-9, atol=1e-12)


def test_a_rate_without_reason_diverges_in_silence_or_stays_finite():
    for problem in (TWO, FLOWERS):
        run = descend(problem, np.zeros(len(problem.names)), 1e308, 100)
        assert np.isfinite(run.parameters).all()
        assert np.isfinite(run.losses).all()


def test_explanations_of_squared_errors_are_refused_for_more_than_two_classes():
    with pytest.raises(TypeError, match="Softmax"):
        explain(FLOWERS[:2], np.zeros(9), 0.1)


@pytest.mark.long
@pytest.mark.parametrize("penalty", [0.0, 0.01, 1.0])
def test_at_scikit_learns_optimum_the_gradient_is_zero(penalty):
    from sklearn.linear_model import LogisticRegression as TheirModel

    for problem in (PAIR, FLOWERS):
        if problem is FLOWERS and not penalty:
            continue  # of many minima theirs need not be ours
        strength = {"C": 1 / (penalty * len(problem))} if penalty else {"C": np.inf}
        theirs = TheirModel(tol=1e-13, max_iter=500, solver="newton-cholesky", **strength)
        theirs.fit(problem.x, problem.y)
        theta = np.column_stack([theirs.coef_, theirs.intercept_]).ravel()
        priced = Penalised(problem, penalty)
        assert np.abs(priced.gradient(theta)).max() < 1e-9
        rate = 1 / (problem.curvature_bound() + penalty)
        ours = descend(priced, np.zeros(len(theta)), rate, 40_000, record_losses=None).theta
        odds = problem.probabilities(ours)
        odds = odds if problem is FLOWERS else np.column_stack([1 - odds, odds])
        np.testing.assert_allclose(odds, theirs.predict_proba(problem.x), rtol=0, atol=1e-9)


# --- bad input --------------------------------------------------------------------------------------------------------

NUMBERS = r"np\.unique\(y, return_inverse=True\)\[1\] numbers them"
BAD = {
    "2 as a class": (
        lambda: LogisticRegression([1, 2], [1, 2]),
        ValueError,
        r"y must be 0 or 1 in each row, got 2 at position 1; \(np.asarray\(y\) == 2\) \* 1 makes the largest class",
    ),
    "−1 as a class": (lambda: LogisticRegression([1, 2], [-1, 1]), ValueError, "y must be 0 or 1 .* got -1 at posi"),
    "half a class": (lambda: LogisticRegression([1, 2, 3], [0, 1, 0.5]), ValueError, "y must .* got 0.5 at position 2"),
    "one class": (
        lambda: LogisticRegression([1, 2], [1, 1]),
        ValueError,
        "y must have rows of class 0 and of class 1, got 1 alone; add rows of both$",
    ),
    "one row": (lambda: LogisticRegression([1], [1]), ValueError, "y must have .* got 1 alone"),
    "ragged": (
        lambda: Softmax([1, 2], [[0], [0, 1]]),
        TypeError,
        "y must be made of numbers in rows of one length, got",
    ),
    "no class 1": (lambda: LogisticRegression([1, 2], [0, 0]), ValueError, "y must have .* got 0 alone"),
    "text": (
        lambda: LogisticRegression([1, 2], ["setosa", "virginica"]),
        TypeError,
        rf"y must be made of real numbers, got \['setosa', 'virginica'\]; {NUMBERS}$",
    ),
    "text in a table": (
        lambda: Softmax([1, 2], np.array(["a", 1], dtype=object)),
        TypeError,
        f"y must be made of real numbers, but it holds 'a' at position 0; {NUMBERS}$",
    ),
    "truth": (
        lambda: LogisticRegression([1, 2], [True, False]),
        TypeError,
        "y must be .* True and False: take 1 and 0$",
    ),
    "None": (
        lambda: Softmax([1, 2], [None, 1]),
        TypeError,
        "y must be made of real numbers, but it holds None at po.* 0$",
    ),
    "NaN": (lambda: Softmax([1, 2], [0, np.nan]), ValueError, "y must be finite, but it holds nan at position 1$"),
    "empty": (lambda: LogisticRegression([], []), ValueError, "x is empty"),
    "a table of classes": (lambda: LogisticRegression([1, 2], [[1, 0]]), ValueError, "y must hold one target a row"),
    "three classes for two rows": (lambda: Softmax([1, 2], [0, 1, 2]), ValueError, "x and y must have as many rows"),
    "x NaN": (lambda: Softmax([1, np.nan], [0, 1]), ValueError, "x must be finite"),
    "a gap": (
        lambda: Softmax([1, 2, 3], [0, 1, 3]),
        ValueError,
        f"y must have rows of each class up to 3, got none of class 2; {NUMBERS}$",
    ),
    "from 1": (lambda: Softmax([1, 2], [1, 2]), ValueError, "y must .* up to 2, got none of class 0"),
    "negative": (
        lambda: Softmax([1, 2], [0, -1]),
        ValueError,
        f"y must hold classes 0, 1, 2, …, got -1 at position 1; {NUMBERS}$",
    ),
    "half": (lambda: Softmax([1, 2], [0.5, 0]), ValueError, "y must hold classes 0, 1, 2, …, got 0.5 at position 0"),
    "one of many": (
        lambda: Softmax([1, 2], [0, 0]),
        ValueError,
        "y must have rows of two classes or more, got class 0 alone; add rows of another$",
    ),
    "θ short": (lambda: TWO.loss([1, 2]), ValueError, r"theta must have 3 parameter\(s\)"),
    "θ short, gradient": (lambda: TWO.gradient([1, 2]), ValueError, r"theta must have 3 parameter\(s\)"),
    "θ of many short": (lambda: FLOWERS.loss([1, 2, 3]), ValueError, r"theta must have 9 parameter\(s\)"),
    "θ of many text": (lambda: FLOWERS.gradient(["a"] * 9), TypeError, "theta must be made of real numbers"),
    "scores of a short θ": (lambda: FLOWERS.scores([1, 2, 3]), ValueError, r"theta must have 9 parameter\(s\)"),
    "new rows": (lambda: FLOWERS.predict(np.zeros(9), [1, 2, 3]), ValueError, r"x must have 2 feature\(s\) a row"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_named(what):
    attempt, error, message = BAD[what]
    with pytest.raises(error, match=f"^{message}"):
        attempt()


@pytest.mark.parametrize("score", [3, 40, 700])
def test_second_derivatives_are_as_large_on_either_side(score):
    row = LogisticRegression([0, 1], [0, 1])[:1]
    there, back = row.hessian([0, score]), row.hessian([0, -score])
    np.testing.assert_array_equal(there, back)
    assert there[1, 1] == pytest.approx(math.exp(-score) / (1 + math.exp(-score)) ** 2, rel=1e-12)


@pytest.mark.parametrize("model", [LogisticRegression([0, 1], [0, 1]), Softmax([0, 1], [0, 1])])
def test_no_class_is_predicted_where_theta_is_not_a_number(model):
    with pytest.raises(ValueError, match="theta must be finite"):
        model.predict([np.nan] * len(model.names))
