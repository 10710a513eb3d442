"""What notebooks 3 to 5 say of every case, on cases drawn by lot: a test for each claim, named like it.

At the end the list of all such sentences, in tests/claims.toml, and what finds them.
"""

from decimal import Decimal, localcontext
from fractions import Fraction

import claims
import numpy as np
import pytest

from gdlib.curvature import (
    REGIMES,
    best_rate,
    condition_number,
    curvatures,
    principal_directions,
    regime,
    round_limit,
    round_radius,
    sample_limits,
    stability_limit,
)
from gdlib.data import narrow_valley, overfitting, rents, standardised, worked_example
from gdlib.descent import descend
from gdlib.linear import LinearRegression
from gdlib.problem import check_gradient, numerical_gradient, parabola

EXAMPLE = LinearRegression(*worked_example())
VALLEY = LinearRegression(*narrow_valley())


@pytest.fixture
def lot():
    return np.random.default_rng(2026)


def rows_by_lot(lot, met=False, most=5):
    """Return a few rows with a few features, and a θ; with ``met``, one that meets all rows."""
    n, d = int(lot.integers(1, most + 1)), int(lot.integers(1, 4))
    x = lot.normal(size=(n, d)) * np.exp(lot.normal(size=d)) + lot.normal()
    theta = lot.normal(size=d + 1)
    y = x @ theta[:-1] + theta[-1] if met else lot.normal(size=n)
    return LinearRegression(x, y), theta


# ---- 3. The derivation -----------------------------------------------------------------------------------------------


def test_central_difference_is_the_slope_whatever_the_nudge(lot):
    for _ in range(200):
        a, theta, (y,) = ([Fraction(int(each), 7) for each in lot.integers(-99, 99, size)] for size in (3, 3, 1))
        i, h = int(lot.integers(3)), Fraction(int(lot.integers(1, 10**6)), int(lot.integers(1, 10**6)))

        def loss(nudge, a=a, theta=theta, y=y, i=i):
            return (sum(p * q for p, q in zip(a, theta, strict=True)) + nudge * a[i] - y) ** 2

        assert (loss(h) - loss(-h)) / (2 * h) == 2 * (sum(p * q for p, q in zip(a, theta, strict=True)) - y) * a[i]


@pytest.mark.parametrize("degree", [3, 4])
def test_error_of_a_central_difference_keeps_its_bound_which_a_cubic_reaches(degree, lot):
    for _ in range(200):
        powers = [Fraction(int(each), 7) for each in lot.integers(-99, 99, degree + 1)]
        at, h = Fraction(int(lot.integers(-99, 99)), 7), Fraction(int(lot.integers(1, 10**6)), 10**4)

        def f(t, powers=powers):
            return sum(factor * t**power for power, factor in enumerate(powers))

        slope = sum(power * factor * at ** (power - 1) for power, factor in enumerate(powers) if power)
        third = [6 * powers[3] + 24 * sum(powers[4:]) * end for end in (at - h, at + h)]  # between them a straight line
        error, bound = abs((f(at + h) - f(at - h)) / (2 * h) - slope), h**2 / 6 * max(map(abs, third))
        assert error <= bound
        assert (error == bound) == (not any(powers[4:]))


def relative_error(found, measured):
    return np.linalg.norm(found - measured) / max(np.linalg.norm(found), np.linalg.norm(measured))


def test_relative_error_of_2_is_the_mark_of_a_flipped_sign_and_a_lost_2_gives_a_half(lot):
    for _ in range(500):
        found, measured = lot.normal(size=(2, 3))
        assert relative_error(found, measured) < 2  # for other lists it is less
        assert relative_error(-measured, measured) == pytest.approx(2)
        assert relative_error(lot.uniform(1.1, 3) * -measured, measured) < 1.95
        assert relative_error(measured / 2, measured) == pytest.approx(0.5)
        assert relative_error(2 * measured, measured) == pytest.approx(0.5)


def test_relative_error_is_that_of_check_gradient(lot):
    for _ in range(20):
        problem, theta = rows_by_lot(lot)
        both = check_gradient(problem, theta)
        assert both.relative_error == pytest.approx(relative_error(both.analytic, both.numerical))


def test_slope_of_the_fourth_power_is_smaller_near_the_target_and_larger_far_away():
    errors = np.linspace(0.01, 3, 300)
    fourth, square = np.abs(numerical_gradient(lambda e: np.sum(e**4), errors)), 2 * errors
    assert (fourth < square)[errors < 0.7].all()
    assert (fourth > square)[errors > 0.72].all()


# ---- 4. A worked example ---------------------------------------------------------------------------------------------


def test_from_step_11_on_the_printed_loss_lies_above_the_mean_and_from_step_6_on_steps_repair_one_row_spoil_the_other():
    numbers = [[Decimal(number) for number in row.split()] for row in ("0.1 0.8 1 0.8", "0.5 0.3 1 0.5")]
    theta, above, spoils = [Decimal(0)] * 3, set(), set()
    with localcontext() as context:
        context.prec = 60  # with 16 digits the losses of step 700 are rounding
        for step in range(1, 1001):
            own = (step - 1) % 2
            errors = [sum(a * t for a, t in zip(row, theta, strict=False)) - row[3] for row in numbers]
            above |= {step} if errors[own] ** 2 > (errors[0] ** 2 + errors[1] ** 2) / 2 else set()
            theta = [t - Decimal("0.2") * errors[own] * a for a, t in zip(numbers[own], theta, strict=False)]
            after = [sum(a * t for a, t in zip(row, theta, strict=False)) - row[3] for row in numbers]
            better, worse = abs(after[own]) < abs(errors[own]), abs(after[1 - own]) > abs(errors[1 - own])
            spoils |= {step} if better and worse else set()
    assert set(range(1, 1001)) - above == {2, 4, 6, 8, 10}
    assert set(range(1, 1001)) - spoils == {1, 2, 3, 4, 5}


def test_no_step_moves_theta_along_a_direction_at_right_angles_to_all_rows(lot):
    for _ in range(50):
        x, y = lot.normal(size=(2, 2)), lot.normal(size=2)
        problem, start = LinearRegression(x, y), lot.normal(size=3)
        d = np.cross(*problem.design)
        for order in ("one by one", "batch"):
            moves = descend(problem, start, 0.05, 40, order=order).parameters - start
            assert np.abs(moves @ d).max() < 1e-12


def test_both_orders_from_zero_end_at_the_shortest_theta_that_meets_both_rows():
    ends = [descend(EXAMPLE, [0, 0, 0], 0.1, 2000, order=order).theta for order in ("one by one", "batch")]
    for theta in ends:
        np.testing.assert_allclose(theta, EXAMPLE.minimizer(), atol=1e-12)
    d = np.cross(*EXAMPLE.design)
    for t in (-1, -1e-3, 1e-3, 1):
        assert EXAMPLE.loss(EXAMPLE.minimizer() + t * d) < 1e-30
        assert np.linalg.norm(EXAMPLE.minimizer() + t * d) > np.linalg.norm(EXAMPLE.minimizer())


def test_a_third_row_off_the_line_settles_the_tilt_and_one_on_it_does_not(lot):
    first, second = EXAMPLE.x
    for t in lot.uniform(-3, 3, size=50):
        on, off = first + t * (second - first), first + t * (second - first) + lot.normal() * np.array([0.925, 0.74])
        ranks = [np.linalg.matrix_rank(np.column_stack([[first, second, third], np.ones(3)])) for third in (on, off)]
        assert ranks == [2, 3]


def test_training_loss_falls_at_every_step_of_batch_descent_below_the_limit(lot):
    for _ in range(50):
        problem, start = rows_by_lot(lot)
        run = descend(problem, start, lot.uniform(0.01, 0.99) * stability_limit(problem), 30)
        falls = np.diff(run.losses) < 0
        assert falls[run.losses[:-1] > (1 + 1e-9) * problem.loss(problem.minimizer()) + 1e-20].all()
    (x, y), _ = overfitting()
    assert (np.diff(descend(LinearRegression(x, y), np.zeros(11), 0.1, 300).losses) < 0).all()


def test_held_out_loss_of_the_step_that_it_chose_flatters_on_average(lot):
    (x, y), _ = overfitting()
    steps = descend(LinearRegression(x, y), np.zeros(11), 0.1, 300).parameters
    truth = (steps[:, 0] - 1) ** 2 + np.square(steps[:, 1:-1]).sum(axis=1) + (steps[:, -1] - 1) ** 2 + 0.25
    chosen = []
    for _ in range(200):  # held-out sets of 20 rows, each of which chooses its own step
        new_x = lot.normal(size=(20, 10))
        losses = LinearRegression(new_x, 1 + new_x[:, 0] + 0.5 * lot.normal(size=20)).loss(steps)
        chosen.append((losses.min(), truth[losses.argmin()], losses[7] - truth[7]))
    flattering, honest, unbiased = np.mean(chosen, axis=0)
    assert flattering < 0.95 * honest
    assert abs(unbiased) < 0.02  # of a step that was not chosen by them, they tell the truth


def test_other_rows_may_have_another_best_step():
    best = []
    for seed in range(5):
        training, held_out = (LinearRegression(*rows) for rows in overfitting(seed=seed))
        best.append(int(held_out.loss(descend(training, np.zeros(11), 0.1, 300).parameters).argmin()))
    assert len(set(best)) == 5


def test_no_linear_neuron_does_better_than_a_quarter_on_either_or(lot):
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    either = LinearRegression(corners, [0, 1, 1, 0])
    thetas = np.concatenate([lot.normal(size=(5000, 3)), [0, 0, 0.5] + 1e-3 * lot.normal(size=(5000, 3))])
    assert either.loss(thetas).min() > 0.25 - 1e-15
    outputs = either.predict(thetas)
    np.testing.assert_allclose(outputs[:, 0] + outputs[:, 3], outputs[:, 1] + outputs[:, 2])
    total = corners.sum(axis=1)
    assert (np.maximum(0, total) - 2 * np.maximum(0, total - 1)).tolist() == [0, 1, 1, 0]  # two bends do


# ---- 5. The learning rate --------------------------------------------------------------------------------------------


def test_five_words_are_all_that_a_rate_above_0_can_do_on_a_parabola(lot):
    words = [*regime(lot.uniform(0, 3, size=2000), 1.0).tolist(), regime(1, 1), regime(2, 1)]
    assert set(words) == set(REGIMES) - {"stays"}
    assert len(set(words)) == 5


def test_descent_on_a_parabola_converges_from_every_start_exactly_below_2_over_the_curvature(lot):
    for product in (0.03, 0.5, 1, 1.97, 2, 2.03, 3):
        steepness, starts = float(np.exp(lot.normal())), lot.normal(size=(20, 1))
        run = descend(parabola(steepness), starts, np.full(20, product / steepness), 600)
        closer = np.abs(run.theta[:, 0] / starts[:, 0])
        assert (closer < 1e-7).all() == (product < 2)
        assert (closer > 1e7).all() == (product > 2)


def test_every_cut_of_a_bowl_is_a_parabola_and_none_is_steeper_than_the_steepest_axis(lot):
    for _ in range(100):
        problem, here = rows_by_lot(lot)
        own, axes = curvatures(problem), principal_directions(problem)
        u = lot.normal(size=len(here))
        u /= np.linalg.norm(u)
        places = here + lot.uniform(-3, 3, size=(5, 1)) * u
        slopes = problem.gradient(places) @ u
        per_unit = np.diff(slopes) / np.diff((places - here) @ u)
        average = (own * (axes.T @ u) ** 2).sum()  # weighted by squares that add up to 1
        np.testing.assert_allclose(per_unit, average, rtol=1e-6, atol=1e-9 * own[-1])
        assert average <= own[-1] * (1 + 1e-12)


def test_after_many_steps_from_almost_any_start_only_the_slowest_axis_counts(lot):
    axes = principal_directions(VALLEY)
    for part, slowest in ((0.2, 0), (0.9, 0), (0.99, 1)):  # of the limit; near it the steep axis is the slow one
        for start in lot.normal(size=(10, 2)):
            theta = descend(VALLEY, start, part * stability_limit(VALLEY), 800).theta
            along = np.abs(axes.T @ (theta - VALLEY.minimizer()))
            assert along[slowest] > 1e3 * along[1 - slowest]


def test_half_the_limit_needs_at_most_twice_the_steps_of_the_best_rate_on_any_bowl():
    x = np.geomspace(1e-6, 0.999, 4000)  # 1/κ: the best factor is (1 − x)/(1 + x), that of half the limit 1 − x
    ratio = np.log((1 - x) / (1 + x)) / np.log(1 - x)
    assert (ratio < 2).all()  # for 1 − x² < 1, so that −ln(1 + x) > ln(1 − x)
    assert (ratio > 1.95)[x < 1 / 50].all()


def test_a_third_of_the_limit_needs_about_three_times_the_steps_of_the_best_rate_in_a_valley():
    x = np.geomspace(1e-6, 1 / 50, 4000)
    ratio = np.log((1 - x) / (1 + x)) / np.log(1 - 2 * x / 3)
    assert (ratio > 2.95).all()
    assert (ratio < 3).all()


def test_half_the_limit_needs_at_most_twice_the_steps_from_the_worst_start(lot):
    for spread in lot.uniform(0.3, 0.9, size=8):  # one feature of mean 1: the smaller its spread, the narrower
        problem = LinearRegression(1 + spread * np.array([-1.0, 1]), [1.0, 2.0])
        worst, counts = problem.minimizer() + principal_directions(problem)[:, 0], []
        for eta in (best_rate(problem), stability_limit(problem) / 2):
            distances = np.linalg.norm(descend(problem, worst, eta, 1000).parameters - problem.minimizer(), axis=1)
            counts.append(int((distances < 1e-6).argmax()))
        assert 0 < counts[0] < counts[1] <= 2 * counts[0]


def test_no_start_is_harder_than_out_along_the_gentle_axis_and_most_are_kinder(lot):
    gentle, steep = principal_directions(VALLEY).T
    angles = np.concatenate([[0], lot.uniform(0, 2 * np.pi, size=50)])[:, np.newaxis]
    starts = VALLEY.minimizer() + np.cos(angles) * gentle + np.sin(angles) * steep
    for eta in (0.0557, 0.0371):  # half of the edge that the recipe finds, and a third
        excess = descend(VALLEY, starts, np.full(51, eta), 800).losses - VALLEY.loss(VALLEY.minimizer())
        steps = (excess < 1e-6 * excess[0]).argmax(axis=0)
        assert steps.min() > 0
        assert steps.max() == steps[0]
        assert np.mean(steps < 0.9 * steps[0]) > 0.5


def test_no_rate_below_the_smallest_sample_limit_takes_theta_farther_from_one_that_meets_all_rows(lot):
    for _ in range(200):
        problem, meets = rows_by_lot(lot, met=True)
        start = meets + lot.normal(size=len(meets))
        eta = lot.uniform(0, 1) * sample_limits(problem).min()
        path = descend(problem, start, eta, 30, order="one by one").parameters
        distances = np.linalg.norm(path - meets, axis=1)
        assert (np.diff(distances) <= 1e-12 * distances[0]).all()
        assert round_radius(problem, 0.999 * sample_limits(problem).min()) < 1


def test_rounds_may_converge_again_above_the_rate_at_which_they_first_stop():
    rows = LinearRegression([-3.0, -0.8], [1.0, 2.0])
    etas = np.array([0.11, 0.12, 0.123, 0.28, 0.293, 0.298, 0.31, 0.353, 0.357, 0.5, 1])
    converges = (etas < 0.1212) | (etas > 0.2951) & (etas < 0.3549)
    run = descend(rows, [0, 0], etas, 8000, order="one by one")
    np.testing.assert_array_equal(run.losses[-1] < 1e-9, converges)
    np.testing.assert_array_equal(run.diverged | (run.losses[-1] > 1e9), ~converges)
    np.testing.assert_array_equal(round_radius(rows, etas) < 1, converges)
    assert round_limit(rows) == pytest.approx(0.1212, abs=5e-5)  # the first


def test_no_scaling_makes_a_bowl_round_whose_features_go_together(lot):
    features, rent = rents()
    for _ in range(300):
        moved = (features - lot.normal(2.5, 1, 2) * [1, 40]) / np.exp(lot.normal(size=2) * 2) / [1, 40]
        assert condition_number(LinearRegression(moved, rent)) > 4
    assert condition_number(LinearRegression(standardised(features), rent)) == pytest.approx(32.9, abs=0.05)


def test_standardising_changes_nothing_that_the_model_can_say(lot):
    for _ in range(100):
        problem, _ = rows_by_lot(lot)
        again = LinearRegression(standardised(problem.x), problem.y)
        np.testing.assert_allclose(again.predict(again.minimizer()), problem.predict(problem.minimizer()), atol=1e-9)


def test_every_rate_below_the_limit_leads_to_the_least_training_loss(lot):
    etas = np.array([0.05, 0.5, 0.9, 0.99]) * stability_limit(VALLEY)
    for start in 3 * lot.normal(size=(3, 2)):
        run = descend(VALLEY, start, etas, 8000)
        np.testing.assert_allclose(run.losses[-1], VALLEY.loss(VALLEY.minimizer()), rtol=1e-9)


def test_where_no_theta_meets_all_rows_they_pull_against_each_other_even_at_the_best():
    bowl = LinearRegression(standardised(VALLEY.x), VALLEY.y)
    pulls = np.array([bowl[i].gradient(bowl.minimizer()) for i in range(len(bowl))])
    np.testing.assert_allclose(pulls.mean(axis=0), 0, atol=1e-15)
    assert (np.linalg.norm(pulls, axis=1) > 1e-3).all()


def test_a_constant_rate_hovers_the_larger_the_wider_and_a_shrinking_one_goes_on_falling():
    bowl = LinearRegression(standardised(VALLEY.x), VALLEY.y)

    def excess(eta, schedule=None):
        run = descend(bowl, [0, 0], eta, 1600, order="stochastic", schedule=schedule)
        return run.losses[1:].reshape(4, 400).mean(axis=1) - bowl.loss(bowl.minimizer())  # fifty passes each

    floors = np.array([excess(eta)[1:] for eta in (0.2, 0.05, 0.0125)])
    assert (floors.max(axis=1) < 1.2 * floors.min(axis=1)).all()  # level
    assert (floors[:-1] > 10 * floors[1:]).all()
    shrinking = excess(0.2, lambda k: 1 / (1 + k / 40))
    assert (np.diff(shrinking) < 0).all()
    assert shrinking[-1] < floors.min()


def test_armijo_accepts_a_rate_on_a_bowl_exactly_if_eta_lambda_along_the_gradient_is_at_most_1(lot):
    for _ in range(200):
        problem, theta = rows_by_lot(lot)
        gradient = problem.gradient(theta)
        squared = gradient @ gradient
        curvature = gradient @ problem.hessian() @ gradient / squared
        for product in (0.01, 0.5, 0.999, 1.001, 2, 50):
            eta = product / curvature
            fits = problem.loss(theta - eta * gradient) <= problem.loss(theta) - eta / 2 * squared
            assert fits == (product <= 1)


def test_at_the_best_rate_the_distance_keeps_its_bound_on_bowls_and_on_other_losses_of_such_curvatures(lot):
    for _ in range(100):
        problem, start = rows_by_lot(lot)
        kappa = condition_number(problem)
        distances = np.linalg.norm(
            descend(problem, start, best_rate(problem), 20).parameters - nearest(problem, start), axis=1
        )
        assert (
            distances <= ((kappa - 1) / (kappa + 1)) ** np.arange(21) * distances[0] + 1e-9 * (1 + distances[0])
        ).all()
        least, most = np.sort(np.exp(2 * lot.normal(size=2)))  # the bends of log cosh lie between 0 and 1
        turn, theta = np.linalg.qr(lot.normal(size=(3, 3)))[0], 3 * lot.normal(size=3)
        for _ in range(20):
            slope = least * theta + (most - least) * turn @ np.tanh(turn.T @ theta)
            nearer = theta - 2 / (least + most) * slope
            factor = (most - least) / (most + least)
            assert np.linalg.norm(nearer) <= factor * np.linalg.norm(theta) * (1 + 1e-9) + 1e-300
            theta = nearer


def nearest(problem, start):
    """Return the best fit where a descent from there ends: the shortest, and what it brings along flat directions."""
    axes = principal_directions(problem)[:, curvatures(problem) == 0]
    return problem.minimizer() + axes @ (axes.T @ (start - problem.minimizer()))


def test_steepest_and_gentlest_direction_of_a_bowl_are_at_right_angles(lot):
    angles = np.linspace(0, np.pi, 1801)[:-1]
    u = np.array([np.cos(angles), np.sin(angles)])
    for _ in range(100):
        problem = LinearRegression(lot.normal(size=5) * np.exp(lot.normal()) + lot.normal(), lot.normal(size=5))
        bends = (u * (problem.hessian() @ u)).sum(axis=0)
        assert abs(int(bends.argmax()) - int(bends.argmin())) == pytest.approx(900, abs=1)  # tenths of a degree


def test_two_eigenvalues_are_below_1_in_size_exactly_if_trace_and_determinant_say_so(lot):
    matrices = lot.normal(size=(5000, 2, 2))
    trace, determinant = np.trace(matrices, axis1=1, axis2=2), np.linalg.det(matrices)
    below = (np.abs(np.linalg.eigvals(matrices)) < 1).all(axis=1)
    np.testing.assert_array_equal(below, (np.abs(trace) < 1 + determinant) & (1 + determinant < 2))


# ---- the list of all that is said of every case ----------------------------------------------------------------------


def test_each_sentence_that_says_something_of_every_case_is_accounted_for():
    assert claims.complaints() == []


def test_what_is_not_accounted_for_no_longer_said_or_without_a_reason_is_told():
    every, never, old = ("01-concept", "Every step helps."), ("glossary", "It never ends."), ("replies", "All fall.")
    named = {every: "searched: test_no_such_search", never: "told"}
    assert claims.complaints([every, never], {never: "told", old: "diagnosis"}) == [
        "01-concept: not accounted for: Every step helps.",
        "replies: no longer said: All fall.",
    ]
    assert claims.complaints([every, never], named) == [
        "01-concept: no reason, searched: test_no_such_search: Every step helps."
    ]
    assert not claims.holds("true")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One helps. *Every* step does.\nSo it ends.", ["*Every* step does."]),
        ("Not at all, at most 3. Does it always end?", []),
        ("- It falls.\n- From step 6 on\n  it grows.", ["- From step 6 on it grows."]),
        ("It counts from row 1 on the left.", []),
        ("No constant rate is faster. No reason is given.", ["No constant rate is faster."]),
    ],
)
def test_sentences_that_say_something_of_every_case_are_found(text, said, monkeypatch):
    monkeypatch.setattr(claims, "texts", lambda: [("here", text)])
    assert claims.claims() == [("here", each) for each in said]
