"""Losses worked out from scores: they are those of the probabilities, and exact where these would round."""

import math

import numpy as np
import pytest
from strategies import central_difference

from gdlib._scores import (
    LogLoss,
    SoftmaxLoss,
    SquaredLoss,
    class_numbers,
    must_be_two_classes,
    number_of_classes,
    sigmoid,
    softmax,
)

pytestmark = pytest.mark.filterwarnings("error")

Y = np.array([0.0, 1.0, 1.0, 0.0])
LOSSES = {
    "squared": (SquaredLoss(Y), 1),
    "squared, two targets": (SquaredLoss(np.column_stack([Y, 2 - Y])), 2),
    "log": (LogLoss(Y), 1),
    "softmax": (SoftmaxLoss(np.array([0.0, 2.0, 1.0, 2.0])), 3),
}


@pytest.mark.parametrize("kind", LOSSES)
def test_slopes_are_those_of_the_losses(kind):
    loss, outputs = LOSSES[kind]
    scores = np.random.default_rng(0).standard_normal((5, outputs, 4))
    losses, slopes = loss.losses(scores), loss.slopes(scores)
    assert losses.shape == (5, 4)
    assert slopes.shape == scores.shape
    for theta, slope in zip(scores, slopes, strict=True):
        numerical = central_difference(lambda flat: loss.losses(flat.reshape(outputs, 4)).sum(), theta.ravel())
        np.testing.assert_allclose(slope.ravel(), numerical, atol=1e-8)


def test_losses_are_those_of_the_probabilities():
    z = np.array([[-2.0, 0.5, 3.0, 0.0]])
    p = sigmoid(z[0])
    np.testing.assert_allclose(LogLoss(Y).losses(z), -np.log(np.where(Y == 1, p, 1 - p)), rtol=1e-14)
    scores = np.random.default_rng(1).standard_normal((3, 4))
    own = softmax(scores, axis=0)[[0, 2, 1, 2], np.arange(4)]
    np.testing.assert_allclose(LOSSES["softmax"][0].losses(scores), -np.log(own), rtol=1e-14)
    both = LOSSES["squared, two targets"][0].losses(scores[:2])
    np.testing.assert_allclose(both, (scores[0] - Y) ** 2 + (scores[1] - 2 + Y) ** 2)


@pytest.mark.parametrize("size", [40, 800, 1e6])
def test_what_a_probability_loses_the_score_keeps(size):
    one, zero = LogLoss(np.array([1.0])), LogLoss(np.array([0.0]))
    assert one.losses(np.array([[-size]]))[0] == zero.losses(np.array([[size]]))[0] == size
    assert one.slopes(np.array([[-size]]))[0, 0] == -1
    tiny = zero.slopes(np.array([[-size]]))[0, 0]
    assert tiny == pytest.approx(math.exp(-size), rel=1e-12)
    three = SoftmaxLoss(np.array([1.0]))
    assert three.losses(np.array([[size], [0.0], [0.0]]))[0] == pytest.approx(size)
    np.testing.assert_allclose(three.slopes(np.array([[size], [0.0], [0.0]]))[:, 0], [1, -1, 0], atol=1e-17)


def test_the_scores_stay_as_they_are():
    scores = np.random.default_rng(2).standard_normal((3, 4))
    before = scores.copy()
    for loss in (LOSSES["softmax"][0], SquaredLoss(np.ones((4, 3)))):
        loss.losses(scores)
        loss.slopes(scores)
        np.testing.assert_array_equal(scores, before)


def test_classes_are_checked():
    assert number_of_classes(class_numbers([0, 2, 1, 1])) == 3
    must_be_two_classes(class_numbers([1, 0]))
    for check, y, message in (
        (must_be_two_classes, [0, 3], "y must be 0 or 1 in each row, got 3 at position 1"),
        (must_be_two_classes, [0, 0], "got 0 alone"),
        (number_of_classes, [0, 0.5], "y must hold classes 0, 1, 2, …, got 0.5 at position 1"),
        (number_of_classes, [-1, 0], "got -1 at position 0"),
        (number_of_classes, [0, 3, 1], "y must have rows of each class up to 3, got none of class 2"),
        (number_of_classes, [0, 0], "y must have rows of two classes or more"),
    ):
        with pytest.raises(ValueError, match=message):
            check(class_numbers(y))
    with pytest.raises(TypeError, match=r"y must be made of real numbers.*return_inverse"):
        class_numbers(["a", "b"])
    with pytest.raises(TypeError, match=r"y must be made of real numbers, got True and False: take 1 and 0$"):
        class_numbers([True, False])
    with pytest.raises(ValueError, match="y must hold one target a row"):
        class_numbers([[0, 1]])


@pytest.mark.parametrize("ahead", [0, 1, 30, 40, 300])
def test_softmax_of_two_keeps_the_digits_that_a_sigmoid_keeps(ahead):
    scores, loss = np.array([[0.0], [ahead]]), SoftmaxLoss(np.array([1.0]))
    np.testing.assert_allclose(loss.losses(scores), np.logaddexp(0, -ahead), rtol=1e-14)
    np.testing.assert_allclose(loss.slopes(scores)[:, 0], np.array([1, -1]) * sigmoid(-ahead), rtol=1e-14)


def test_softmax_of_nothing_is_refused():
    with pytest.raises(ValueError, match=r"^scores must hold a number for each class, got none$"):
        softmax([])


def test_a_class_is_told_with_all_its_digits_and_the_largest_stays_the_largest():
    with pytest.raises(
        ValueError, match=r"got -1 at position 0; \(np.asarray\(y\) == 1\) \* 1 makes the largest class 1"
    ):
        must_be_two_classes(np.array([-1.0, 1.0]))
    with pytest.raises(ValueError, match=r"got 1.000000000001 at position 1"):
        must_be_two_classes(np.array([0.0, 1 + 1e-12]))
