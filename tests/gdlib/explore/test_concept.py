"""The concept explorer: its words agree with the run, its run with the controls."""

import re
from fractions import Fraction

import numpy as np
import pytest
from explorers import numbers

from gdlib.descent import descend
from gdlib.explore.concept import ConceptExplorer, _way, concept_reading, update_in_words
from gdlib.problem import parabola, plateau, two_minima


@pytest.mark.parametrize(
    ("curve", "start", "eta", "words"),
    [
        (parabola(), 2.5, 0, "stays: η = 0"),
        (parabola(), 0, 0.5, "stays: at the start θ₀ = 0 the slope is 0"),
        (parabola(), -2, 1, "lands"),
        (parabola(), 2, 2, "bounces"),
        (two_minima(), 2.5, 0, "stays: η = 0"),
        (two_minima(), 3, 2.5, "diverges: after step 5 "),
        (two_minima(), 0.5, 0.3, "goes one way all the time; 20 steps end at θ = 1.9"),
        (two_minima(), -0.5, 0.3, "goes one way all the time; 20 steps end at θ = −2.0"),
        (two_minima(), 2.5, 0.7, "turns round"),
        (plateau(), 0, 1, "stays: at the start"),
        (plateau(), 3, 0.1, "goes one way all the time"),
    ],
)
def test_concept_reading(curve, start, eta, words):
    run = descend(curve, start, eta, 20)
    curvature = 1.0 if curve.name == "parabola" else None
    assert concept_reading(run, 0, curvature).startswith(words)
    assert concept_reading(run, len(run), curvature).startswith(words)


def test_concept_reading_tells_the_way_and_the_step():
    run = descend(two_minima(), 3, 1.0, 30)
    theta, words = run.parameters[:, 0], concept_reading(run, 4)
    first = next(k for k in range(2, 31) if (theta[k] - theta[k - 1]) * (theta[1] - theta[0]) < 0)
    assert f"for the first time at step {first};" in words or (first == 2 and "at every step" in words)
    assert numbers(words)[-4:] == pytest.approx([*theta[3:5], *run.losses[3:5]], rel=1e-3)
    assert "downhill is to the left" in concept_reading(run, 0)
    assert "downhill is to the right" in concept_reading(descend(two_minima(), -3, 1.0, 3), 0)


def test_update_is_true_arithmetic():
    exact = 0
    for curve in (parabola(), two_minima(), plateau()):
        for eta in (0, 0.01, 0.3, 0.5, 1, 2.5):
            run = descend(curve, 2.5, eta, 30)
            for k in range(1, len(run) + 1):
                words = update_in_words(run, k)
                relations = re.findall(r"[=≈]", words)
                values = re.sub(r"θ[₀-₉]+", "", words.split("L′(")[1])  # what stands behind the symbols
                before, rate, slope, after = numbers(values.replace(" − ", " | "))
                assert [before, after] == pytest.approx(run.parameters[k - 1 : k + 1, 0], rel=1e-5)
                assert before - rate * slope == pytest.approx(after, rel=1e-4, abs=1e-5 * abs(before))
                assert (before == after) == (run.parameters[k - 1, 0] == run.parameters[k, 0])
                assert relations[0] == "="
                if relations[-1] == "=" and "10" not in values:
                    texts = re.findall(r"−?\d+(?:\.\d+)?", values.replace(" − ", " | "))
                    a, b, c, d = (Fraction(text.replace("−", "-")) for text in texts)
                    assert a - b * c == d
                    exact += 1
    assert exact > 30
    assert update_in_words(descend(parabola(), 2.5, 0.3, 3), 0) == "θ₀ = 2.5"
    assert update_in_words(descend(parabola(), 2.5, 0.3, 3), 1) == "θ₁ = θ₀ − η·L′(θ₀) = 2.5 − 0.3·2.5 = 1.75"
    assert update_in_words(descend(parabola(), -2.5, 1.5, 3), 1).endswith("= −2.5 − 1.5·(−2.5) = 1.25")


def test_concept_run_is_what_the_controls_say(take):
    explorer = take(ConceptExplorer)
    explorer.curve.value, explorer.start.value, explorer.eta.value, explorer.steps.value = "two minima", -1, 0.4, 12
    expected = descend(two_minima(), -1, 0.4, 12)
    assert np.array_equal(explorer.run.parameters, expected.parameters)
    assert explorer.k.max == explorer.play.max == 12
    assert update_in_words(explorer.run, explorer.k.value) in explorer.details.value
    explorer.curve.value, explorer.eta.value = "parabola", 2.2
    assert explorer.reading.startswith("diverges: the sign flips each step and the distance grows (factor −1.2)")
    explorer.curve.value, explorer.start.value, explorer.eta.value = "two minima", 3, 2.5
    explorer.k.value = 12
    assert explorer.run.diverged
    assert explorer.taken == len(explorer.run) < 12
    assert "too large for a computer" in explorer.reading


def test_fewer_steps_take_the_player_along(take):
    explorer = take(ConceptExplorer)
    explorer.k.value, explorer.steps.value = 20, 7
    assert (explorer.k.value, explorer.k.max, explorer.play.value, explorer.play.max) == (7, 7, 7, 7)
    assert "in step 7 " in explorer.reading


def test_the_way_of_a_run_in_words():
    assert _way(np.array([0.0, 1.0, 1.5])) == "goes one way all the time"
    assert _way(np.array([0.0, 1.0, 0.5, 0.7])) == "turns round at every step"
    assert _way(np.array([0.0, 1.0, 2.0, 1.5, 1.7])) == "turns round for the first time at step 3"
