"""Each broken program shows the symptoms that its bug is known by."""

import numpy as np
import pytest

from gdlib.data import rents, six_points
from gdlib.descent import descend
from gdlib.exercises.bugs import CULPRITS, PLACES, PROGRAMS, culprit, symptoms
from gdlib.linear import LinearRegression

SEEN = {culprit(number): symptoms(number) for number in range(1, PROGRAMS + 1)}
POINTS = LinearRegression(*six_points())
HEALTHY = descend(POINTS, [0, 0], 0.1, 60)
RIGHT_GRADIENT = {
    "shared array",
    "record overwritten",
    "whole numbers",
    "rate too large",
    "features unscaled",
    "stale gradient",
    "rows shuffled",
}


def test_each_culprit_has_one_program():
    assert len(SEEN) == PROGRAMS >= 10
    assert set(SEEN) == set(CULPRITS)


@pytest.mark.parametrize("name", CULPRITS)
def test_symptoms_are_whole(name):
    seen = SEEN[name]
    assert seen.path.shape == (len(seen.losses), 2)
    assert all(np.isfinite(each).all() for each in (seen.path, seen.losses, seen.slopes, seen.measured))
    assert seen.slopes.shape == seen.measured.shape == (len(PLACES), 2)
    assert (seen.losses >= seen.least - 1e-9).all()
    assert len(seen.table().splitlines()) == 1 + len(PLACES)


@pytest.mark.parametrize("name", CULPRITS)
def test_gradient_check_tells_a_wrong_gradient_from_a_right_one(name):
    right = np.allclose(SEEN[name].slopes, SEEN[name].measured, rtol=1e-6, atol=1e-6)
    assert right == (name in RIGHT_GRADIENT)


@pytest.mark.parametrize("number", range(1, PROGRAMS + 1))
def test_programs_do_the_same_each_time(number):
    first, second = symptoms(number), symptoms(number)
    np.testing.assert_array_equal(first.path, second.path)
    np.testing.assert_array_equal(first.slopes, second.slopes)


def test_sign():
    assert (np.diff(SEEN["sign"].losses) > 0).all()
    np.testing.assert_allclose(SEEN["sign"].slopes, -SEEN["sign"].measured, rtol=1e-6)


def test_factor_2():
    seen = SEEN["factor 2"]
    np.testing.assert_allclose(seen.slopes, seen.measured / 2, rtol=1e-6)
    np.testing.assert_allclose(seen.path, descend(POINTS, [0, 0], 0.05, 60).parameters)
    assert seen.losses[-1] < 1.1 * seen.least


def test_shared_array():
    seen = SEEN["shared array"]
    np.testing.assert_allclose(seen.path[0], HEALTHY.theta)
    assert seen.losses[0] < 1.01 * seen.least


def test_record_overwritten():
    seen = SEEN["record overwritten"]
    np.testing.assert_allclose(seen.path, np.broadcast_to(HEALTHY.theta, seen.path.shape))


def test_whole_numbers():
    seen = SEEN["whole numbers"]
    assert (seen.path == np.round(seen.path)).all()
    assert (seen.path[-10:] == seen.path[-1]).all()
    assert np.abs(0.1 * POINTS.gradient(seen.path[-1])).max() < 1
    assert seen.losses[-1] > 10 * seen.least


def test_rate_too_large():
    seen = SEEN["rate too large"]
    assert (np.diff(seen.losses) > 0).all()
    steps = np.diff(seen.path, axis=0)
    assert (np.einsum("ij,ij->i", steps[:-1], steps[1:]) < 0).all()  # to and fro


def test_features_unscaled():
    seen = SEEN["features unscaled"]
    assert seen.losses[1] < seen.losses[0] / 3
    assert (np.diff(seen.losses) < 0).all()
    assert seen.losses[-1] > 0.8 * seen.losses[1] > 100 * seen.least
    area = rents()[0][:, 1]
    scaled = LinearRegression((area - area.mean()) / area.std(), rents()[1])
    assert descend(scaled, [0, 3], 0.5, 60).losses[-1] < 1.01 * seen.least


def test_gradient_not_zeroed():
    seen = SEEN["gradient not zeroed"]
    np.testing.assert_allclose(seen.slopes, np.cumsum(seen.measured, axis=0), rtol=1e-6)
    turns = np.diff(np.sign(np.diff(seen.losses)))
    assert np.count_nonzero(turns) >= 10


def test_wrong_axis():
    seen = SEEN["wrong axis"]
    ratios = seen.slopes / seen.measured
    assert np.ptp(ratios) > 1
    assert seen.losses.argmin() > 0
    assert seen.losses[-1] > seen.losses[0]


def test_no_bias():
    seen = SEEN["no bias"]
    assert (seen.path[:, 1] == 0).all()
    assert (seen.slopes[:, 1] == 0).all()
    np.testing.assert_allclose(seen.slopes[:, 0], seen.measured[:, 0], rtol=1e-6)
    assert seen.losses[-1] > 2 * seen.least
    assert np.ptp(seen.losses[-20:]) < 1e-9


def test_stale_gradient():
    seen = SEEN["stale gradient"]
    steps = np.diff(seen.path, axis=0)
    np.testing.assert_allclose(steps, np.broadcast_to(steps[0], steps.shape))
    assert 0 < seen.losses.argmin() < len(seen.losses) - 1


def test_rows_shuffled():
    seen = SEEN["rows shuffled"]
    assert np.ptp(seen.losses[-50:]) < 1e-6
    assert seen.losses[-1] > 5 * seen.least
    assert abs(seen.path[-1, 0]) < POINTS.minimizer()[0] / 3  # almost level, and the points rise


@pytest.mark.parametrize(
    ("number", "error"), [(0, ValueError), (PROGRAMS + 1, ValueError), (1.5, TypeError), ("1", TypeError)]
)
def test_no_such_program(number, error):
    with pytest.raises(error, match="number"):
        symptoms(number)
    with pytest.raises(error, match="number"):
        culprit(number)
