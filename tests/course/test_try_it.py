"""Each experiment of notebooks 1 and 2 does what its text says: those of *Try it*, and those with the explorers."""

import re

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from shared import story

from gdlib.descent import descend
from gdlib.explore.concept import ConceptExplorer
from gdlib.explore.loss import LossExplorer
from gdlib.linear import LinearRegression
from gdlib.problem import Curve, numerical_gradient


def numbers(printed, name):
    """Return the numbers that stand after ``name`` and a = in a printed text, one from each line that has it."""
    return np.array([float(each) for each in re.findall(rf"{name} = *(-?[0-9.]+)", printed)])


# ---- notebook 1 ------------------------------------------------------------------------------------------------------


def test_from_the_other_side_all_slopes_are_negative_and_the_formula_needs_no_change():
    printed = story("01-concept", "descent-by-hand", {"theta = 5.0\nfor k": "theta = -1\nfor k"}).printed
    theta, slopes = (numbers(printed["descent-by-hand"], name) for name in ("θ", "slope"))
    assert theta[0] == -1
    assert (slopes < 0).all()
    assert (np.diff(np.abs(theta - 2)) < 0).all()
    assert (theta < 2).all()


def test_with_a_large_rate_the_hole_is_reached_in_few_steps_and_left_to_and_fro():
    change = {"run = descend(plain, 3, 0.5, 40)": "run = descend(plain, 3, 2, 40)"}
    run = story("01-concept", "plateau-picture", change).names["run"]
    theta = run.parameters[:, 0]
    reached = int(np.argmax(np.abs(theta) < 0.1))
    slowly = story("01-concept", "plateau-run").names["run"].parameters[:, 0]
    assert reached == 9 < int(np.argmax(np.abs(slowly) < 0.1))
    assert (np.sign(theta[reached + 1 :]) == -np.sign(theta[reached:-1])).all()
    assert abs(theta[-1]) > 0.9 * abs(theta[reached])  # it hardly comes in


@pytest.mark.long  # 24,000 steps, twice
def test_half_the_rate_hovers_nearer_and_starts_more_slowly():
    rough = 'rough = descend(line, [0, 0], 0.1, 8000, order="stochastic", seed=2)'
    told = [story("01-concept", "distances", {rough: rough.replace("0.1", rate)}).names for rate in ("0.1", "0.05")]
    full, half = (names["distances"](names["rough"], 40) for names in told)
    assert half[-20:].mean() < full[-20:].mean()
    assert half[1] > full[1]


@pytest.mark.parametrize("level", [1 / 21, 0.2, 1, 3])
@pytest.mark.parametrize("eta", [0.1, 0.5, 1])
def test_the_promise_of_when_to_stop_is_kept_on_convex_curves_with_slopes_that_level_out(level, eta):
    def loss(theta):  # a parabola in the middle, straight lines beside it
        return np.where(np.abs(theta) < level, theta**2 / 2, level * np.abs(theta) - level**2 / 2)

    curve = Curve(loss, lambda theta: np.clip(theta, -level, level))  # λ = 1, and the bottom is at 0
    for start in (-3, 1, 5):
        losses = descend(curve, start, eta, 200).losses
        k = np.arange(1, len(losses))
        assert (losses[1:] <= start**2 / (2 * eta * k)).all()


def test_the_promise_of_when_to_stop_is_no_empty_one():
    k = 10
    level = 1 / (2 * k + 1)
    curve = Curve(lambda t: level * np.abs(t) - level**2 / 2, lambda t: np.clip(t, -level, level))
    assert descend(curve, 1, 1, k).losses[-1] > 0.45 / (2 * k)


def moved(explorer, **settings):
    """Return a new explorer with its sliders at these values, set in this order."""
    shown = explorer()
    for name, value in settings.items():
        getattr(shown, name).value = value
    return shown


@pytest.mark.parametrize(("eta", "word"), [(1, "lands"), (2, "bounces")])
def test_a_rate_that_lands_and_one_that_jumps_for_ever(eta, word):
    assert moved(ConceptExplorer, eta=eta).reading_text().startswith(word)


def test_the_end_jumps_between_two_starts_and_one_start_gets_almost_nowhere():
    shown, ends = moved(ConceptExplorer, curve="two minima"), {}
    for start in (0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3):
        shown.start.value = start
        ends[start] = shown.run.theta[0]
    assert [start for start, end in ends.items() if end < -1] == [0, 0.05, 0.1]
    assert [start for start, end in ends.items() if end > 1] == [0.2, 0.25, 0.3]
    assert ends[0.15] == pytest.approx(0.15, abs=0.2)


# ---- notebook 2 ------------------------------------------------------------------------------------------------------


def test_a_wild_point_turns_the_line_and_both_pictures_still_show_it():
    change = {"x, y = six_points()": "x, y = six_points()\ny[0] = 3"}
    told = story("02-loss", "bowl-picture", change)
    before = story("02-loss", "best-fit").names["best"]
    assert 0 < told.names["best"][0] < before[0] / 2
    assert told.names["run"].theta == pytest.approx(told.names["best"], abs=1e-4)
    (squares,), (bowl,) = told.figures["squares-picture"], told.figures["bowl-picture"]
    for ax in squares.axes:
        (areas,) = [each for each in ax.collections if isinstance(each, PolyCollection)]
        corners = np.concatenate([square.vertices for square in areas.get_paths()])
        assert corners[:, 1].max() == 3  # the wild point's own square is there
        assert all(is_inside(ax, corner) for corner in corners)
    *_, above = bowl.axes
    assert is_inside(above, told.names["best"])


def is_inside(ax, point):
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    return left <= point[0] <= right and low <= point[1] <= high


def test_sum_and_half_walk_like_the_mean_at_rates_of_their_own():
    names = story("02-loss", "same-steps").names
    walk, losses = names["walk"], [names[f"{kind}_loss"] for kind in ("mean", "sum", "half")]
    for steps in (1, 2, 20):
        mean, total, half = (walk(loss, eta, steps) for loss, eta in zip(losses, (0.1, 0.1 / 6, 0.2), strict=True))
        assert total == pytest.approx(mean, abs=1e-6)
        assert half == pytest.approx(mean, abs=1e-6)
    out, back = (np.linalg.norm(walk(names["sum_loss"], 0.1, steps)) for steps in (1, 2))
    assert back > out > 5


def test_an_honest_coin_says_how_often_it_rains_to_both_losses():
    entropy = story("02-loss", "cross-entropy").names["cross_entropy"]
    days, forecasts = np.array([1, 1, 1, 0]), np.array([0.6, 0.7, 0.75, 0.8, 0.9])
    for loss in (entropy, lambda p, y: (p - y) ** 2):
        costs = [np.mean(loss(p, days)) for p in forecasts]
        assert forecasts[np.argmin(costs)] == 0.75


def test_one_knob_at_a_time_gets_stuck_and_both_together_go_on():
    shown = LossExplorer()

    def loss(w, b):
        return float(shown.problem.loss([w, b]))

    w, b, notch, left = shown.w.value, shown.b.value, shown.w.step, np.inf
    while loss(w, b) < left:
        left = loss(w, b)
        w = min(np.arange(shown.w.min, shown.w.max + notch / 2, notch), key=lambda each: loss(each, b))
        b = min(np.arange(shown.b.min, shown.b.max + notch / 2, notch), key=lambda each: loss(w, each))
    assert left > 1.2 * loss(*shown.problem.minimizer())
    assert min(loss(w + notch, b), loss(w - notch, b), loss(w, b + notch), loss(w, b - notch)) >= left
    assert loss(w + notch, b - 2 * notch) < left


def test_steps_from_any_line_become_shorter_as_the_slopes_do():
    shown = LossExplorer()
    for w, b in ((0, 1), (-1.5, 3), (2.5, -1), (1, 1)):
        shown.w.value, shown.b.value = w, b
        path = shown.run.parameters
        lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
        assert (np.diff(lengths) < 0).all()
        assert lengths == pytest.approx(0.1 * np.linalg.norm(shown.problem.gradient(path[:-1]), axis=1))


def test_in_z_cross_entropy_is_never_steeper_than_1_and_squared_error_is_level_where_a_forecast_is_sure_and_wrong():
    names, z = story("02-loss", "sigmoid").names, np.linspace(-30, 30, 601)
    sigmoid, entropy = names["sigmoid"], names["cross_entropy"]
    slope = numerical_gradient(lambda each: entropy(sigmoid(each), 1).sum(axis=-1), z)
    assert slope == pytest.approx(sigmoid(z) - 1, abs=1e-6)
    assert np.abs(slope).max() < 1 + 1e-6
    square = numerical_gradient(lambda each: ((sigmoid(each) - 1) ** 2).sum(axis=-1), z)
    assert square == pytest.approx(2 * (sigmoid(z) - 1) * sigmoid(z) * (1 - sigmoid(z)), abs=1e-6)
    assert np.abs(square[z < -10]).max() < 1e-4


def test_a_falling_line_through_the_middle_nearly_cancels_its_residuals():
    shown = moved(LossExplorer, w=-0.5)
    middles = [abs(shown.problem.residuals([-0.5, b]).sum()) for b in np.arange(shown.b.min, shown.b.max, shown.b.step)]
    assert min(middles) < 0.2
    assert shown.problem.loss([-0.5, shown.problem.y.mean() + 0.5 * shown.problem.x.mean()]) > 1.5


def test_normal_equations_tell_the_best_line_and_what_any_other_costs():
    lot = np.random.default_rng(2026)
    for _ in range(50):
        problem, lines = LinearRegression(*lot.normal(size=(2, 5))), lot.normal(size=(20, 2))
        x, best = problem.x[:, 0], problem.minimizer()
        left = problem.residuals(best)
        assert [left.sum(), left @ x] == pytest.approx([0, 0], abs=1e-12)
        # The slopes of the mean are twice the means of these sums: where one is not zero, a step leads lower.
        twice = [2 * problem.residuals(lines).mean(axis=-1), 2 * (problem.residuals(lines) * x).mean(axis=-1)]
        assert problem.gradient(lines) == pytest.approx(np.stack(twice[::-1], axis=-1))
        more = np.mean((problem.predict(lines) - problem.predict(best)) ** 2, axis=-1)
        assert problem.loss(lines) == pytest.approx(problem.loss(best) + more)


def test_every_line_through_the_middle_has_residuals_that_sum_to_zero_and_only_the_best_passes_the_second_test():
    names = story("02-loss", "best-residuals").names
    x, points = names["x"], names["points"]
    for w in np.linspace(-2, 3, 50):
        left = points.residuals([w, points.y.mean() - w * x.mean()])
        assert left.sum() == pytest.approx(0, abs=1e-12)
        assert left @ x == pytest.approx((w - names["best"][0]) * ((x - x.mean()) ** 2).sum())


def test_every_cut_through_the_bowl_is_a_parabola_that_opens_upwards():
    points = story("02-loss", "linear-regression").names["points"]
    lot, t = np.random.default_rng(2026), np.linspace(-2, 2, 9)[:, np.newaxis]
    for place, direction in lot.normal(size=(50, 2, 2)):
        bends = np.diff(points.loss(place + t * direction), 2)
        assert bends == pytest.approx(np.full(7, bends[0]))
        assert bends[0] > 0
