"""The classification explorer: what it shows is what its descent did, for both losses."""

import numpy as np
import pytest
from explorers import numbers

from gdlib.descent import descend
from gdlib.explore.classification import (
    PAIRS,
    ClassificationExplorer,
    SquaredError,
    classification_reading,
    own_scores,
    petals,
)
from gdlib.problem import check_gradient

OVERLAP = petals("versicolor, virginica")


@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_are_a_hundred_flowers_of_two_kinds(pair):
    model = petals(pair)
    assert model.x.shape == (100, 2)
    assert model.y.tolist() == [0] * 50 + [1] * 50
    np.testing.assert_allclose([model.x.mean(axis=0), model.x.std(axis=0)], [[0, 0], [1, 1]], atol=1e-12)


def test_squared_error_has_the_slopes_that_are_measured():
    for theta in np.random.default_rng(0).normal(size=(5, 3)):
        assert check_gradient(SquaredError(OVERLAP), theta).relative_error < 1e-8
    many = np.random.default_rng(1).normal(size=(4, 3))
    assert SquaredError(OVERLAP).loss(many) == pytest.approx([SquaredError(OVERLAP).loss(each) for each in many])
    assert SquaredError(OVERLAP).names == OVERLAP.names


def test_a_row_is_on_its_side_where_its_own_score_is_above_0():
    theta = np.array([1.0, 2.0, 0.5])
    right = OVERLAP.predict(theta) == OVERLAP.y
    assert ((own_scores(OVERLAP, theta) > 0) == right).all()
    assert np.logaddexp(0, -own_scores(OVERLAP, theta)).mean() == pytest.approx(OVERLAP.loss(theta))


def test_reading_has_the_numbers_of_the_run():
    run = descend(OVERLAP, np.zeros(3), 1, 100)
    assert classification_reading(OVERLAP, "log-loss", run).startswith(
        "after 100 steps ‖w‖ = 4.299, the mean of the log-loss is 0.113, and 6 of 100 flowers"
    )
    one = classification_reading(OVERLAP, "log-loss", descend(OVERLAP, np.zeros(3), 1, 1))
    assert one.startswith("after step 1 ‖w‖ = 0.571, the mean of the log-loss is 0.438, and 6 of 100 flowers are on")


def test_run_is_what_the_controls_say(take):
    explorer = take(ClassificationExplorer)
    explorer.loss.value, explorer.pair.value = "squared error", "versicolor, virginica"
    explorer.steps.value, explorer.eta.value = 20, 4
    expected = descend(SquaredError(OVERLAP), np.zeros(3), 4, 20)
    np.testing.assert_allclose(explorer.run.parameters, expected.parameters, rtol=1e-12)
    assert numbers(explorer.reading)[2] == pytest.approx(expected.losses[-1], rel=1e-3)


def test_a_typed_step_between_two_places_is_taken(take):
    explorer = take(ClassificationExplorer)
    explorer.typed[explorer.steps].value = "37"
    assert len(explorer.run) == 37


def test_flowers_stand_above_the_shading(take):
    explorer = take(ClassificationExplorer)
    layer = explorer.layer_artists()
    names = [str(artist.get_label()) for artist in sorted(layer, key=lambda each: each.get_zorder())]
    for artist in layer:
        artist.remove()
    assert names.index("shading for p") < min(names.index("class 0"), names.index("class 1"))


def test_the_flower_that_costs_most_is_the_one_whose_tangents_are_drawn(take):
    explorer = take(ClassificationExplorer)
    layer = explorer.layer_artists()
    (dot,) = (each for each in layer if str(each.get_label()).startswith("log-loss"))
    p = explorer.model.probabilities(explorer.run.theta)
    costs = -np.log(np.where(explorer.model.y == 1, p, 1 - p))
    assert dot.get_ydata()[0] == pytest.approx(costs.max())
    for artist in layer:
        artist.remove()
