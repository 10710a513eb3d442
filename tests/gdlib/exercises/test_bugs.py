"""Each program shows the symptoms that its bug is known by, and what is shown of it is what was run."""

import numpy as np
import pytest

from gdlib.curvature import condition_number, curvatures, principal_directions, stability_limit
from gdlib.data import rents, six_points, standardised
from gdlib.descent import descend
from gdlib.exercises.bugs import CULPRITS, PLACES, PROGRAMS, culprit, faulty, faulty_lines, symptoms
from gdlib.linear import LinearRegression

NUMBERS = range(1, PROGRAMS + 1)
ALL = {number: symptoms(number) for number in NUMBERS}
SEEN = {culprit(number): ALL[number] for number in reversed(NUMBERS)}  # the first of each kind
POINTS = LinearRegression(*six_points())
HEALTHY = descend(POINTS, [0, 0], 0.1, 60)
WRONG_GRADIENT = {"sign", "factor 2", "no bias", "wrong axis", "gradient not zeroed"}
ARROW = "# ←"


def test_each_suspect_is_guilty_and_three_of_them_twice():
    found = [culprit(number) for number in NUMBERS]
    assert set(found) == set(CULPRITS)
    twice = {"factor 2", "rate too large", "record overwritten"}
    assert {name for name in found if found.count(name) == 2} == twice
    assert len(found) == len(CULPRITS) + len(twice)


def test_numbers_mean_what_they_meant_to_readers_before():
    assert [culprit(number) for number in range(1, 13)] == [
        *("sign", "rate too large", "factor 2", "no bias", "record overwritten", "whole numbers", "stale gradient"),
        *("features not standardised", "rows shuffled", "wrong axis", "shared array", "gradient not zeroed"),
    ]


@pytest.mark.parametrize("number", NUMBERS)
def test_symptoms_are_whole(number):
    seen = ALL[number]
    assert seen.path.shape == (len(seen.losses), 2)
    assert all(np.isfinite(each).all() for each in (seen.path, seen.losses, seen.slopes, seen.measured))
    assert seen.slopes.shape == seen.measured.shape == (len(PLACES), 2)
    assert (seen.losses >= seen.least - 1e-9).all()
    assert len(seen.table().splitlines()) == 1 + len(PLACES)


@pytest.mark.parametrize("number", NUMBERS)
def test_gradient_check_tells_a_wrong_gradient_from_a_right_one(number):
    right = np.allclose(ALL[number].slopes, ALL[number].measured, rtol=1e-6, atol=1e-6)
    assert right == (culprit(number) not in WRONG_GRADIENT)


@pytest.mark.parametrize("number", NUMBERS)
def test_programs_do_the_same_each_time(number):
    np.testing.assert_array_equal(ALL[number].path, symptoms(number).path)
    np.testing.assert_array_equal(ALL[number].slopes, symptoms(number).slopes)


# --- the lines at fault -----------------------------------------------------------------------------------------------


def made(lines):
    """Return the function that lines of code define, where only numpy is at hand."""
    namespace = {"np": np}
    exec(lines, namespace)
    return next(each for name, each in namespace.items() if name not in ("np", "__builtins__"))


@pytest.mark.parametrize("number", NUMBERS)
def test_lines_that_are_shown_do_what_the_program_did(number):
    lines = faulty_lines(number)
    assert lines.count(ARROW) in ((0,) if culprit(number) == "no bug" else (1, 2))
    assert 2 <= len(lines.splitlines()) <= 9
    again = symptoms(number, made(lines))
    np.testing.assert_array_equal(again.path, ALL[number].path)
    np.testing.assert_array_equal(again.slopes, ALL[number].slopes)


# --- bug by bug -------------------------------------------------------------------------------------------------------


def test_sign():
    assert (np.diff(SEEN["sign"].losses) > 0).all()
    np.testing.assert_allclose(SEEN["sign"].slopes, -SEEN["sign"].measured, rtol=1e-6)


def test_factor_2():
    seen = SEEN["factor 2"]
    np.testing.assert_allclose(seen.slopes, seen.measured / 2, rtol=1e-6)
    np.testing.assert_allclose(seen.path, descend(POINTS, [0, 0], 0.05, 60).parameters)
    assert seen.losses[-1] < 1.1 * seen.least


def test_factor_2_may_be_there_twice():
    np.testing.assert_allclose(ALL[15].slopes, 2 * ALL[15].measured, rtol=1e-6)
    np.testing.assert_allclose(ALL[15].path, descend(POINTS, [0, 0], 0.2, 12).parameters)
    assert (np.diff(ALL[15].losses) > 0).all()
    assert 0.1 < stability_limit(POINTS) < 0.2


def test_shared_array():
    seen = SEEN["shared array"]
    np.testing.assert_allclose(seen.path[0], HEALTHY.theta)
    assert seen.losses[0] < 1.01 * seen.least


def test_record_overwritten():
    seen = SEEN["record overwritten"]
    np.testing.assert_allclose(seen.path, np.broadcast_to(HEALTHY.theta, seen.path.shape))


def test_record_may_be_overwritten_in_one_entry():
    np.testing.assert_array_equal(ALL[16].path[0], ALL[16].path[-1])
    np.testing.assert_allclose(ALL[16].path[1:], HEALTHY.parameters[1:])
    assert np.linalg.norm(ALL[16].path[0] - ALL[16].path[1]) > 0.3
    assert np.linalg.norm(0.1 * POINTS.gradient(ALL[16].path[0])) < 0.01  # a run that began there would hardly move


def test_whole_numbers():
    seen = SEEN["whole numbers"]
    assert (seen.path == np.round(seen.path)).all()
    assert (seen.path[-10:] == seen.path[-1]).all()
    assert np.abs(0.1 * POINTS.gradient(seen.path[-1])).max() < 1
    assert seen.losses[-1] > 10 * seen.least


def test_whole_numbers_take_both_marked_lines():
    lines = faulty_lines(6)
    assert [line.partition(ARROW)[0].strip() for line in lines.splitlines() if ARROW in line] == [
        "theta = np.array(start)",
        "theta[:] = theta - eta * gradient(theta)",
    ]
    right = descend(POINTS, [0, 3], 0.1, 40).parameters
    for mend in (("np.array(start)", "np.array(start, dtype=float)"), ("theta[:] = ", "theta = ")):
        np.testing.assert_allclose(symptoms(6, made(lines.replace(*mend))).path, right)
    with pytest.raises(TypeError, match="Cannot cast"):
        symptoms(6, made(lines.replace("theta[:] = theta - ", "theta -= ")))


@pytest.mark.parametrize(("number", "left"), [(2.9, 2), (0.9, 0), (2.79, 2), (0.12, 0)])
def test_decimals_are_cut_off(number, left):
    array = np.array([0, 3])
    array[:] = number
    assert (array == left).all()


def test_whole_numbers_are_those_that_the_hint_cuts_off():
    path = SEEN["whole numbers"].path
    steps = path - 0.1 * POINTS.gradient(path)
    assert f"{steps[0, 1]:.2f}" == "2.79"
    assert f"{steps[1, 0]:.2f}" == "0.12"


def test_rate_too_large():
    seen = SEEN["rate too large"]
    assert (np.diff(seen.losses) > 0).all()
    steps = np.diff(seen.path, axis=0)
    assert (np.einsum("ij,ij->i", steps[:-1], steps[1:]) < 0).all()  # to and fro


def test_rate_too_large_falls_first_where_it_starts_on_the_floor():
    seen = ALL[13]
    assert (np.diff(seen.losses[:12]) < 0).all()
    assert (np.diff(seen.losses[11:]) > 0).all()
    gentle, steep = ((seen.path - POINTS.minimizer()) @ principal_directions(POINTS)).T
    ratios = [error[1:] / error[:-1] for error in (gentle, steep)]
    assert (ratios[0] > 0).all()
    assert (ratios[0] < 1).all()
    assert (ratios[1] < -1).all()
    assert np.diag(POINTS.hessian()).max() < curvatures(POINTS)[-1]


def test_features_not_standardised():
    seen = SEEN["features not standardised"]
    assert seen.losses[1] < seen.losses[0] / 3
    assert (np.diff(seen.losses) < 0).all()
    assert seen.losses[-1] > 0.8 * seen.losses[1] > 100 * seen.least
    area = rents()[0][:, 1]
    scaled = LinearRegression((area - area.mean()) / area.std(), rents()[1])
    assert descend(scaled, [0, 3], 0.5, 60).losses[-1] < 1.01 * seen.least


def test_centring_does_more_than_dividing_for_the_area():
    x = faulty(8)(rents()[0][:, 1])
    assert (x.min(), x.max()) == (4, 16)  # units of 10 m²
    features = (x, x / x.std(), x - x.mean(), standardised(x))
    numbers = [condition_number(LinearRegression(each, rents()[1])) for each in features]
    assert [f"{each:.3g}" for each in numbers] == ["680", "58", "14.7", "1"]


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


def test_updated_too_early():
    seen = SEEN["updated too early"]
    start = np.array(PLACES[0])
    np.testing.assert_array_equal(seen.path[0], start)
    by_hand = start - 0.15 * seen.measured[0]  # the first line of the check, as the question says
    assert seen.path[1, 0] == pytest.approx(by_hand[0])
    assert seen.path[1, 1] < start[1] < by_hand[1]
    assert seen.losses[-1] < 1.001 * seen.least
    w = seen.path[1, 0]  # b's slope is that of the place to which w has gone
    assert seen.path[1, 1] == pytest.approx(start[1] - 0.15 * POINTS.gradient([w, start[1]])[1])


def test_bias_frozen():
    seen = SEEN["bias frozen"]
    assert (seen.path[:, 1] == -1).all()
    assert np.abs(POINTS.gradient(seen.path)[:, 1]).min() > 0.5
    assert np.abs(seen.slopes[:, 1]).min() > 0.5
    assert abs(POINTS.gradient(seen.path[-1])[0]) < 1e-2
    assert (np.diff(seen.losses) < 0).all()
    assert seen.losses[-1] > 2 * seen.least


def test_rows_shuffled():
    seen = SEEN["rows shuffled"]
    assert np.ptp(seen.losses[-50:]) < 1e-6
    assert seen.losses[-1] > 5 * seen.least
    assert abs(seen.path[-1, 0]) < POINTS.minimizer()[0] / 3  # almost level, and the points rise


def test_no_bug():
    seen = SEEN["no bug"]
    np.testing.assert_array_equal(seen.path[0], [0, 0])
    assert (np.diff(seen.losses) < 0).all()
    assert 0 < seen.least <= seen.losses[-1] < 1.0001 * seen.least
    steps = np.diff(seen.path, axis=0)
    assert (np.diff(np.linalg.norm(steps, axis=1)) < 0).all()
    assert (np.einsum("ij,ij->i", steps[:10], steps[1:11]) < 0).all()  # to and fro, at first


@pytest.mark.parametrize(
    ("number", "error"), [(0, ValueError), (PROGRAMS + 1, ValueError), (1.5, TypeError), ("1", TypeError)]
)
def test_no_such_program(number, error):
    with pytest.raises(error, match="number"):
        symptoms(number)
    with pytest.raises(error, match="number"):
        culprit(number)


def test_what_is_put_into_a_program_must_be_a_function():
    with pytest.raises(TypeError, match="mended must be a function, got ndarray"):
        symptoms(1, np.zeros(2))
