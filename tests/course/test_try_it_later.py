"""Each experiment of *Try it* from notebook 3 on does what its text says."""

import re

import nbformat
import numpy as np
import pytest
from shared import story

from gdlib._course import NOTEBOOKS
from gdlib.curvature import curvatures

DERIVATION, EXAMPLE, RATE = "03-derivation", "04-worked-example", "05-learning-rate"
CLASSIFICATION, NETWORK = "06-classification", "07-network"


def cells(notebook):
    return nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells


@pytest.mark.parametrize(
    ("notebook", "name"),
    [
        (DERIVATION, "derivation"),
        (EXAMPLE, "example"),
        (RATE, "rate"),
        (CLASSIFICATION, "classification"),
        (NETWORK, "network"),
    ],
)
def test_each_experiment_has_a_test(notebook, name):
    (text,) = (cell.source for cell in cells(notebook) if cell.id == "try-it")
    experiments = re.findall(r"^(?:-|\d\.) ", text, re.MULTILINE)
    assert len([each for each in globals() if each.startswith(f"test_{name}_")]) == len(experiments) == 3


# ---- 3. The derivation -----------------------------------------------------------------------------------------------


def test_derivation_1_a_blind_input_leaves_its_weight_where_it_is():
    assert [cell.source for cell in cells(DERIVATION) if cell.cell_type == "code"][1].startswith("x1, x2, y =")
    names = story(DERIVATION, "update-by-hand", {"x1, x2, y = 0.1,": "x1, x2, y = 0.0,"}).names
    assert names["slope_w1"] == 0
    assert names["new_w1"] == names["w1"]
    assert names["slope_w2"] * names["slope_b"] != 0
    assert names["new_w2"] != names["w2"]
    assert names["new_b"] != names["b"]


def test_derivation_2_another_loss_has_the_slope_of_the_chain_rule_for_small_nudges():
    names = story(DERIVATION, "differences").names
    slope = 2 * (0 - names["y"]) ** 2 * 2 * (0 - names["y"])  # 2u, times the slope of u
    small = eval("central(lambda output: (output - y) ** 4, 0, 1e-5)", names)
    assert small == pytest.approx(slope, rel=1e-8)
    assert abs(eval("central(lambda output: (output - y) ** 4, 0, 1)", names) - slope) > 1


def test_derivation_3_at_the_minimum_relative_errors_say_nothing():
    told = story(DERIVATION, "slips-check", {"place = np.zeros(3)": "place = problem.minimizer()"})
    errors = [float(line.split()[-1]) for line in told.printed["slips-check"].splitlines()]
    assert len(errors) == 5
    assert min(errors) > 0.01  # the right gradient seems wrong, too; how wrong is a matter of rounding
    assert np.abs(told.names["measured"]).max() < 1e-9


# ---- 4. A worked example ---------------------------------------------------------------------------------------------


def test_example_1_the_other_row_first_leads_another_way_to_the_same_end():
    names = story(EXAMPLE, "descend").names
    run, other = names["run"], names["descend"](names["problem"][[1, 0]], [0, 0, 0], 0.1, 1000, order="one by one")
    np.testing.assert_allclose(other.parameters[2], [0.06342, 0.13736, 0.2342])
    assert (np.abs(other.parameters[1:3] - run.parameters[1:3]) > 0.005).all()
    np.testing.assert_allclose(other.theta, run.theta, atol=1e-9)
    np.testing.assert_allclose(other.theta, names["problem"].minimizer(), atol=1e-9)  # both meet both rows, from zero


@pytest.mark.parametrize("order", ["one by one", "batch"])
def test_example_2_a_third_row_brings_both_runs_to_one_end(order):
    names = story(EXAMPLE, "flat-direction").names
    rows, targets = [[0.1, 0.8], [0.5, 0.3], [0.9, 0.9]], [0.8, 0.5, 1]
    three = names["LinearRegression"](rows, targets)
    starts = ([0, 0, 0], names["d"])
    from_zero, from_d = (names["descend"](three, start, 0.1, 3000, order=order).theta for start in starts)
    np.testing.assert_allclose(from_zero, from_d, atol=1e-9)
    np.testing.assert_allclose(three.predict(from_zero), targets, atol=1e-9)
    assert (curvatures(three) > 0).all()


def test_example_3_another_draw_has_another_best_step_and_may_fall_to_the_end():
    best, last = {}, {}
    for seed in (4, 0):
        told = story(EXAMPLE, "overfitting-figure", {"overfitting()": f"overfitting(seed={seed})"})
        losses = told.names["held_out_losses"]
        best[seed], last[seed] = told.names["best"], losses[-1] / losses.min()
        assert told.names["best"] == losses.argmin()
        *curves, marker = told.names["ax"].lines
        assert [max(each.get_xdata()) for each in curves] == [max(60, best[seed])] * 2
        assert list(marker.get_xdata()) == [best[seed]]  # on a curve, not out beyond its end
    assert best == {4: 29, 0: 300}  # 7 with the notebook's own draw
    assert last[4] > 2
    assert last[0] == 1  # here more steps are better, to the last


# ---- 5. The learning rate --------------------------------------------------------------------------------------------


def test_rate_1_a_start_farther_away_changes_no_fate():
    def paths(replace):
        printed = story(RATE, "fates-by-hand", replace).printed["fates-by-hand"]
        return np.array([[float(number) for number in line.split("θ₅:")[1].split()] for line in printed.splitlines()])

    near, far = paths({}), paths({"theta, path = 4.0, []": "theta, path = 400, []"})
    assert near.shape == (4, 6)
    np.testing.assert_allclose(far, 100 * near, atol=0.01)


def test_rate_2_another_start_does_not_move_the_edge():
    at_home = story(RATE, "edge-bisection").printed["edge-bisection"]
    away = story(RATE, "edge-bisection", {"[0, 0, 0], eta, 200)": "[5, -3, 1], eta, 200)"})
    assert away.printed["edge-bisection"].splitlines()[0] == at_home.splitlines()[0] == "the edge: η = 0.715748"


def test_rate_3_a_tenth_of_the_numbers_has_a_hundredth_of_the_curvature():
    change = {"hundreds = features / [1, 100]": "hundreds = features / [1, 10]"}
    others = ("alternate-experiment", "noise-runs", "noise-picture", "backtracking-steps")  # long, and of no use here
    names = story(RATE, "rents-table", change, leave_out=others).names
    bowls = [names["LinearRegression"](names["versions"][name], names["rent"]) for name in list(names["versions"])[:2]]
    along_area = [bowl.hessian()[1, 1] for bowl in bowls]
    assert along_area[0] == pytest.approx(100 * along_area[1])
    in_square_metres, in_tens = (names["stability_limit"](bowl) for bowl in bowls)
    assert 80 < in_tens / in_square_metres < 100  # roughly a hundredfold: the other axes have their say


# ---- 6. Classification -----------------------------------------------------------------------------------------------


def test_classification_1_a_surer_mistake_costs_one_loss_some_steps_and_the_other_a_factor():
    def steps(replace):
        printed = story(CLASSIFICATION, "stall-run", replace).printed["stall-run"]
        return [int(number) for number in re.findall(r"(\d+) steps", printed)]

    near, far = steps({}), steps({"path = [-6.0]": "path = [-12.0]"})
    assert far[0] - near[0] == 6
    assert 300 < far[1] / near[1] < 400  # nearly e⁶ = 403, by which p is smaller


def test_classification_2_an_overlap_stops_the_weights_and_a_border_that_can_move_does_not():
    def growth(x):
        change = {"[-2, -1, 1, 2], [0, 0, 1, 1]": f"[-2, -1, 1, 2, {x}], [0, 0, 1, 1, 1]"}
        weights = story(CLASSIFICATION, "runaway-run", change).names["long_run"].parameters[:, 0]
        return weights[10_000] - weights[1000]

    assert abs(growth(-1.5)) < 1e-6
    assert growth(-0.5) > 5


def test_classification_3_sepals_tell_setosa_apart_and_leave_25_of_the_others_on_the_wrong_side():
    printed = story(CLASSIFICATION, "overlap-run", {"2:]": ":2]"}).printed
    wrong = {
        name: int(printed[name].splitlines()[-2 if "θ" in printed[name] else -1].split()[2])
        for name in ("setosa-run", "overlap-run")
    }
    assert wrong == {"setosa-run": 0, "overlap-run": 25}


# ---- 7. A network ----------------------------------------------------------------------------------------------------


def test_network_1_a_larger_bias_wakes_neuron_2_on_row_1_and_all_nine_move():
    def standing_still(replace):
        printed = story(NETWORK, "back-step", replace).printed["back-step"]
        after = [float(number) for line in printed.splitlines()[1:] for number in line.split(":")[1].split(",")]
        before = [1, 1, 0, 1, -1, 0, 0.5, -1, 0]
        before[5] = 0.8 if replace else 0
        return [i for i in range(9) if after[i] == before[i]]

    assert standing_still({}) == [3, 4, 5, 7]
    assert standing_still({"b2 = 1.0, -1.0, 0.0": "b2 = 1.0, -1.0, 0.8"}) == []


def test_network_2_twins_that_start_differently_end_differently():
    def ends(replace):
        run = story(NETWORK, "twins-run", replace, leave_out=("famous-end",)).names["twins_run"]
        return run.theta[:3], run.theta[3:6], run.losses[-1]

    one, other, _ = ends({})
    np.testing.assert_array_equal(one, other)
    one, other, loss = ends({"np.full(9, 0.1)": "[0.2, *np.full(8, 0.1)]"})
    assert (np.abs(one - other) > 0.04).all()
    assert loss < 1e-9  # and both rows are met, as by the twins


@pytest.mark.long
def test_network_3_of_smaller_starts_more_learn_xor():
    def learnt(replace):
        printed = story(NETWORK, "starts-run", replace, leave_out=("famous-end",)).printed["starts-run"]
        return int(re.search(r"\d+", printed)[0])

    assert learnt({}) == 471
    assert learnt({"standard_normal((1000, len(xor.names)))": "standard_normal((1000, len(xor.names))) / 10"}) == 787
