"""The course's data: what each function says of its numbers is so."""

import runpy

import numpy as np
import pytest

import gdlib.data
from gdlib.data import (
    digits,
    iris,
    narrow_valley,
    noisy_line,
    overfitting,
    rents,
    six_points,
    standardised,
    worked_example,
)

SMALL = {  # name → (function, rows, features); None: a single feature, shape (n,)
    "worked_example": (worked_example, 2, 2),
    "six_points": (six_points, 6, None),
    "noisy_line": (noisy_line, 40, None),
    "narrow_valley": (narrow_valley, 8, None),
    "rents": (rents, 8, 2),
    "iris": (iris, 150, 4),
    "digits": (digits, 1797, 64),
    "overfitting, training": (lambda: overfitting()[0], 14, 10),
    "overfitting, held out": (lambda: overfitting()[1], 200, 10),
}


def fit(x, y):
    """Return the least-squares θ, bias last, and the mean squared error that it leaves."""
    design = np.column_stack([x, np.ones(len(y))])
    theta = np.linalg.lstsq(design, y, rcond=None)[0]
    return theta, np.mean((design @ theta - y) ** 2)


@pytest.mark.parametrize("name", SMALL)
def test_rows_are_finite_floats_of_matching_shape(name):
    make, n, d = SMALL[name]
    x, y = make()
    assert x.shape == ((n,) if d is None else (n, d))
    assert y.shape == (n,)
    assert x.dtype == y.dtype == np.float64
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()


@pytest.mark.parametrize("name", SMALL)
def test_each_call_returns_the_same_numbers_in_arrays_of_its_own(name):
    make = SMALL[name][0]
    (x, y), (kept_x, kept_y) = make(), make()
    np.testing.assert_array_equal(x, kept_x)
    np.testing.assert_array_equal(y, kept_y)
    x += 1
    y *= 2
    again_x, again_y = make()
    np.testing.assert_array_equal(again_x, kept_x)
    np.testing.assert_array_equal(again_y, kept_y)


def test_the_worked_example_is_the_articles():
    x, y = worked_example()
    np.testing.assert_array_equal(x, [[0.1, 0.8], [0.5, 0.3]])
    np.testing.assert_array_equal(y, [0.8, 0.5])


def test_six_points_lie_near_a_line_in_a_square_from_0_to_4():
    x, y = six_points()
    assert 0 <= min(x.min(), y.min()) <= max(x.max(), y.max()) <= 4
    assert np.ptp(x) > 2
    assert 0 < fit(x, y)[1] < 0.15 * y.var()


def test_the_noisy_line_is_a_line_from_minus_1_to_1_with_noise_of_a_half():
    n = 20_000
    x, y = noisy_line(n)
    np.testing.assert_allclose(x, np.linspace(-1, 1, n))
    noise = y - (1.5 * x + 0.5)
    error = 4 * 0.5 / np.sqrt(n)  # four standard deviations of what n draws leave open
    assert abs(noise.mean()) < error
    assert abs(noise.std() - 0.5) < error
    assert abs((noise * x).mean()) < error
    assert abs((noise[1:] * noise[:-1]).mean()) < error


@pytest.mark.parametrize("make", [lambda s: noisy_line(30, s), lambda s: overfitting(seed=s)[0]])
def test_a_seed_repeats_and_another_differs(make):
    np.testing.assert_array_equal(make(5)[1], make(5)[1])
    assert (make(5)[1] != make(6)[1]).all()


def test_rents_have_rooms_and_areas_of_scales_far_apart():
    x, y = rents()
    assert set(x[:, 0]) == {1, 2, 3, 4}
    assert (x[:, 1].min(), x[:, 1].max()) == (40, 160)
    assert x[:, 1].std() > 25 * x[:, 0].std()
    assert (y > 0).all()
    assert (y < 5).all()
    assert fit(x, y)[1] < 0.01 * y.var()  # rooms and area explain the rent


def test_the_narrow_valley_is_the_rooms_of_the_rents():
    (rooms, rent), (x, y) = narrow_valley(), rents()
    np.testing.assert_array_equal(rooms, x[:, 0])
    np.testing.assert_array_equal(rent, y)
    assert rooms.mean() > 2 * rooms.std()


def test_in_overfitting_one_feature_matters():
    x, y = overfitting(20_000)[0]
    theta, left = fit(x, y)
    error = 5 * 0.5 / np.sqrt(20_000)
    np.testing.assert_allclose(theta, [1, *9 * [0], 1], atol=error)
    assert abs(np.sqrt(left) - 0.5) < error


def test_in_overfitting_the_best_fit_to_the_training_rows_is_no_good_fit_to_the_others():
    (x, y), (held_x, held_y) = overfitting()
    theta, left = fit(x, y)
    held_out = np.mean((held_x @ theta[:-1] + theta[-1] - held_y) ** 2)
    truth = np.mean((1 + held_x[:, 0] - held_y) ** 2)
    assert left < 0.6 * truth  # noise learnt by heart …
    assert held_out > 2 * truth  # … and of no use


def test_overfitting_splits_rows_and_shares_none():
    (x, _), (held_x, _) = overfitting(n=9, features=4, seed=1)
    assert x.shape == (9, 4)
    assert held_x.shape == (200, 4)
    assert not (x[:, np.newaxis] == held_x).any()


def test_tables_are_read_when_they_are_asked_for_and_not_on_import(monkeypatch):
    asked = []
    monkeypatch.setattr(np, "loadtxt", lambda path, **how: asked.append(path.name) or np.zeros((1, 2)))
    module = runpy.run_path(gdlib.data.__file__)
    assert asked == []
    module["iris"]()
    assert asked == ["iris.csv"]


@pytest.mark.long
@pytest.mark.parametrize(("ours", "theirs"), [(iris, "load_iris"), (digits, "load_digits")])
def test_measured_data_are_scikit_learns(ours, theirs):
    from sklearn import datasets  # a second

    for mine, other in zip(ours(), getattr(datasets, theirs)(return_X_y=True), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_irises_are_50_of_each_species_with_the_means_of_rs_table():
    x, y = iris()
    np.testing.assert_array_equal(y, np.repeat([0, 1, 2], 50))
    # R: aggregate(. ~ Species, iris, mean). UCI's own file differs in two rows.
    means = [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]]
    np.testing.assert_allclose([x[y == species].mean(axis=0) for species in range(3)], means, rtol=0, atol=1e-9)


def separable(x, y):
    """Return whether some line leaves each class on a side of its own: whether a linear programme has a solution."""
    from scipy.optimize import linprog  # with scikit-learn

    sides = np.column_stack([x, np.ones(len(y))]) * (1 - 2 * y)[:, np.newaxis]
    return linprog(np.zeros(x.shape[1] + 1), sides, -np.ones(len(y)), bounds=(None, None)).status == 0


@pytest.mark.long
@pytest.mark.parametrize("features", [slice(None), slice(2, 4)], ids=["all four", "petals"])
def test_a_line_separates_the_first_pair_of_irises_and_not_the_last(features):
    x, y = iris()
    assert separable(x[:100, features], y[:100])
    assert not separable(x[50:, features], y[50:] - 1)


def test_digits_are_pictures_of_whole_numbers_from_0_to_16():
    x, y = digits()
    assert set(np.unique(x)) == set(range(17))
    assert np.bincount(y.astype(int)).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    ink = x.reshape(-1, 8, 8).mean(axis=0)
    assert ink[:, :1].max() < ink[:, 2:6].min()  # margins are empty: the pixels lie row by row
    mean_of = [x[y == digit].reshape(-1, 8, 8).mean(axis=0) for digit in (0, 1)]
    assert mean_of[0][3:5, 3:5].max() < 2 < 10 < mean_of[1][3:5, 3:5].min()  # a nought has a hole


# --- standardised -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "x", [rents()[0], six_points()[0], 1e6 + overfitting()[0][0], [[1, 2], [3, 5], [5, 5]], [1, 4]]
)
def test_standardised_features_have_mean_0_and_deviation_1(x):
    z = standardised(x)
    assert z.shape == np.shape(x)
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(z.std(axis=0), 1, rtol=1e-12)


def test_standardising_keeps_order_and_proportions():
    x = rents()[0]
    z = standardised(x)
    np.testing.assert_allclose(np.diff(z, axis=0) * x.std(axis=0), np.diff(x, axis=0), atol=1e-12)


def test_standardising_leaves_its_argument_alone():
    x = rents()[0]
    standardised(x)
    np.testing.assert_array_equal(x, rents()[0])


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1, -1 / 3, 1e9 / 7, 1e-300])
@pytest.mark.parametrize("n", [1, 3, 10, 1000])
def test_a_feature_that_never_varies_is_only_centred(n, value):
    # Rounding gives ten times 0.1 a standard deviation of 1e-17; to divide by it would make a feature of ones.
    x = np.column_stack([np.full(n, value), np.arange(n)])
    np.testing.assert_allclose(standardised(x)[:, 0], 0, atol=1e-12 * abs(value))
