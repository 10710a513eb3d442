"""The network explorer: a row's numbers and slopes are the network's own, and nothing that was set is lost."""

import re

import numpy as np
import pytest
from explorers import numbers, plain
from matplotlib.collections import PathCollection
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text

from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.explore.network import START, NetworkExplorer, gates, network_reading, scores, shut, step_html
from gdlib.network import Network

ROWS = Network(*worked_example())


def texts(explorer):
    """Return all that is written in the layer, line by line."""
    layer = explorer.layer_artists()
    lines = [line for each in layer if isinstance(each, Text) for line in each.get_text().split("\n")]
    for artist in layer:
        artist.remove()
    return lines


@pytest.mark.parametrize("row", [0, 1])
@pytest.mark.parametrize("seed", range(5))
def test_reading_has_the_numbers_of_the_row(row, seed):
    theta = np.random.default_rng(seed).uniform(-2, 2, 9)
    problem = ROWS[row]
    z = theta[:6].reshape(2, 3) @ [*problem.x[0], 1]
    for name, slope in zip(ROWS.names, problem.gradient(theta), strict=True):
        words = network_reading(problem, theta, name)
        told = numbers(words.translate(str.maketrans("", "", "₁₂")).replace("neuron 1", "").replace("neuron 2", ""))
        expected = [*z, problem.predict(theta)[0], problem.y[0], float(problem.loss(theta)), slope]
        assert told == pytest.approx(expected, rel=1e-3)
        assert ("neuron 1 is dead" in words) == (z[0] <= 0 < z[1])
        assert ("both neurons are dead" in words) == (max(z) <= 0)
        assert f"the slope ∂L/∂{name} is" in words


def test_the_step_of_the_article_is_written_out_in_three_blocks(take):
    explorer = take(NetworkExplorer)
    explorer.shown.value = 5
    assert explorer.reading == (
        "row 1, backward to the hidden weights: z₁ = 0.9, z₂ = −0.7, and neuron 2 is dead; "
        "ŷ = 0.45 for the target 0.8, so L = 0.1225; the slope ∂L/∂w₁₁ is −0.035"
    )
    step = plain(explorer.details)
    at = [step.index(each) for each in ("forward", "δ = 2·(ŷ − y)", "backward", "w₁₁ ←", "update")]
    assert at[0] < at[2] < at[1] < at[4] < at[3]
    moved = descend(ROWS, START, 0.1, 1, order="one by one").theta
    new = [float(each.replace("−", "-")) for each in re.findall(r"← .*? = (\S+)", step)]
    assert new == pytest.approx(moved, rel=1e-6)


def test_a_parameter_keeps_its_value_while_others_are_chosen_and_reset_puts_all_back(take):
    explorer = take(NetworkExplorer)
    explorer.value.value = 1.5
    explorer.parameter.value = "v₂"
    assert explorer.value.value == -1
    assert explorer.typed[explorer.value].value == "−1"
    explorer.value.value = 0.25
    explorer.parameter.value = "w₁₁"
    assert explorer.value.value == 1.5
    expected = np.array(START)
    expected[[0, 7]] = 1.5, 0.25
    np.testing.assert_array_equal(explorer.theta, expected)
    explorer.parameter.value, explorer.row.value, explorer.shown.value = "c", "2", 1
    explorer.restore.click()
    assert (explorer.parameter.value, explorer.row.value, explorer.shown.value) == ("w₁₁", "1", 0)
    assert explorer.value.value == 1
    np.testing.assert_array_equal(explorer.theta, START)
    assert explorer.reading == "row 1, the inputs alone: x₁ = 0.1, x₂ = 0.8, w₁₁ = 1"


def test_forward_and_backward_light_up_a_layer_at_a_time(take):
    explorer = take(NetworkExplorer)

    def pressed(button):
        button.click()
        written = texts(explorer)
        return explorer.shown.value, [name for name in ("z₁", "ŷ", "L") if any(f"{name} =" in each for each in written)]

    assert [pressed(explorer.forward) for _ in range(4)] == [
        (1, ["z₁"]),
        (2, ["z₁", "ŷ"]),
        (3, ["z₁", "ŷ", "L"]),
        (1, ["z₁"]),
    ]
    everything = ["z₁", "ŷ", "L"]
    assert [pressed(explorer.backward) for _ in range(3)] == [(4, everything), (5, everything), (4, everything)]
    written = texts(explorer)
    assert any("∂L/∂v₁" in each for each in written)
    assert not any("∂L/∂w₁₁" in each for each in written)


@pytest.mark.parametrize(("name", "slope_at"), [("w₁₁", 5), ("v₁", 4)])
def test_words_and_table_say_what_is_shown_and_no_more(name, slope_at, take):
    explorer, said, told = take(NetworkExplorer), set(), ("z₁ = 0.9", "ŷ = 0.45", "L = 0.1225")
    explorer.parameter.value = name
    for shown in range(6):
        explorer.shown.value = shown
        how_far, _, words = explorer.reading.partition(": ")
        said.add(how_far)
        assert [each in words for each in told] == [shown > 0, shown > 1, shown > 2]
        assert ("∂L/∂" in words) == (shown >= slope_at)
        lines = [line for line in explorer.details.value.split("<tr>")[1:] if 'scope="row"' in line]
        seen = ["visibility: hidden" not in line for line in lines]
        names = [re.search("[a-zŷδ]", line.partition('scope="row">')[2].lower())[0] for line in lines]
        known = ["", "zh", "zhŷ", "zhŷl", "zhŷlδ", "zhŷlδ"][shown]
        assert seen[:6] == [each in known for each in names[:6]]
        assert seen[6:] == [shown > 3, *[shown > 4] * 11]
        assert len(lines) == 18
    assert len(said) == 6
    assert all(each.startswith("row 1, ") for each in said)


def test_a_dead_neuron_has_no_arrow_and_comes_to_life_at_its_gate(take):
    explorer = take(NetworkExplorer)

    def arrows():
        layer = explorer.layer_artists()
        for artist in layer:
            artist.remove()
        return sum(isinstance(each, FancyArrowPatch) for each in layer)

    explorer.shown.value = 5
    assert "neuron 2 is dead" in explorer.reading
    assert arrows() == 3
    explorer.parameter.value = "b₂"
    (gate,) = explorer.edges()["value"]
    assert gate == pytest.approx(0.7)
    for value, alive in ((gate - 0.05, False), (gate, False), (gate + 0.05, True)):
        explorer.value.value = value
        assert ("no neuron is dead" in explorer.reading) == alive
        assert arrows() == (6 if alive else 3)


@pytest.mark.parametrize("row", [0, 1])
def test_gates_are_where_a_score_is_zero_and_those_with_few_digits_are_all_there(row):
    for seed in range(30):
        theta = np.random.default_rng(seed).integers(-40, 41, 9) / 20
        for at in range(9):
            found = gates(ROWS[row], theta, at)
            for value in found:
                moved = theta.copy()
                moved[at] = value
                assert (scores(ROWS[row], moved) == 0).any()
            where = [place for place in range(-40, 41) if at < 6 and at_zero(ROWS[row], theta, at, place)]
            assert {round(place / 20, 2) for place in where} <= {round(value, 6) for value in found}


def at_zero(problem, theta, at, place):
    """Return whether the neuron of parameter ``at`` has z = 0 where it is place/20: in whole numbers, exactly."""
    twentieths = np.rint(20 * theta).astype(int)
    twentieths[at] = place
    x1, x2 = np.rint(10 * problem.x[0]).astype(int)
    w1, w2, b = twentieths[3 * (at // 3) : 3 * (at // 3) + 3]
    return w1 * x1 + w2 * x2 + 10 * b == 0


@pytest.mark.parametrize(("name", "value", "row"), [("b₁", -0.9, 0), ("b₂", 0.7, 0), ("b₁", -0.8, 1), ("w₂₁", 0.6, 1)])
def test_at_a_gate_the_neuron_is_dead_whatever_rounding_does(name, value, row):
    theta = np.array(START)
    theta[ROWS.names.index(name)] = value
    j = 0 if "₁" in name[1] else 1
    assert scores(ROWS[row], theta)[j] == 0
    assert ROWS[row].gradient(shut(ROWS[row], theta))[3 * j : 3 * j + 3].tolist() == [0, 0, 0]
    assert f"z{'₁₂'[j]} = 0," in network_reading(ROWS[row], theta, name)
    assert re.search(f"neuron {j + 1} is dead|both neurons are dead", network_reading(ROWS[row], theta, name))
    assert f'>= 0</td></tr>\n<tr><th scope="row">h{"₁₂"[j]}' in step_html(ROWS[row], theta)


@pytest.mark.parametrize(("row", "c"), [(0, 0.35), (1, 0.3)])
def test_where_the_output_is_the_target_nothing_slopes(row, c, take):
    explorer = take(NetworkExplorer)
    explorer.row.value, explorer.parameter.value, explorer.shown.value = "12"[row], "c", 5
    explorer.value.value = c
    assert "so L = 0; the slope ∂L/∂c is 0" in explorer.reading
    written = texts(explorer)
    assert "L = 0" in written
    assert {each.partition(" = ")[2] for each in written if each.startswith("∂L")} == {"0"}


def test_the_row_that_is_looked_at_has_a_thick_frame(take):
    explorer = take(NetworkExplorer)
    for explorer.row.value in "12":
        layer = explorer.layer_artists()
        (dots,) = (each for each in layer if isinstance(each, PathCollection))
        thick = int(np.argmax(dots.get_linewidths()))
        np.testing.assert_array_equal(dots.get_offsets(), ROWS.x)
        np.testing.assert_array_equal(dots.get_array(), ROWS.y)
        for artist in layer:
            artist.remove()
        assert str(thick + 1) == explorer.row.value
