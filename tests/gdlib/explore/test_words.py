"""Sentences that explorers share agree with runs and regimes."""

import re

import numpy as np
import pytest
from explorers import numbers

from gdlib._formatting import number
from gdlib.curvature import curvatures, principal_directions, regime, round_limit, round_radius, stability_limit
from gdlib.data import narrow_valley, worked_example
from gdlib.descent import descend
from gdlib.explain import explain
from gdlib.explore.rate import rate_problem
from gdlib.explore.words import (
    batch_rate_in_words,
    change_in_words,
    digits_apart,
    explanation_table,
    loss_in_words,
    rate_in_words,
    round_rate_in_words,
)
from gdlib.linear import LinearRegression
from gdlib.network import Network
from gdlib.problem import parabola

ROWS = LinearRegression(*worked_example())
VALLEY = LinearRegression(*narrow_valley())


def test_different_numbers_look_different():
    assert digits_apart(0.1, 0.2) == 4
    assert digits_apart(1.0, 1.0) == 4
    for gap in (1e-3, 1e-7, 1e-12, 2.3e-16):
        digits = digits_apart(1.0, 1 + gap)
        assert number(1.0, digits) != number(1 + gap, digits)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (0.64, 0.2, "falls from 0.64 to 0.2"),
        (-1, 2, "rises from −1 to 2"),
        (0.5, 0.5, "stays at 0.5"),
        (1.00001, 1.00002, "rises from 1.00001 to 1.00002"),
        (0.5, 1e-30, "falls from 0.5 to practically 0"),
        (1e-30, 1e-40, "stays at practically 0"),
        (0.3, 0.3 + 1e-16, "stays at 0.3"),
    ],
)
def test_change_in_words(before, after, words):
    assert change_in_words(before, after, least=1e-20) == words


@pytest.mark.parametrize("z", [0, 0.01, 0.5, 0.99999, 1, 1.05, 1.5, 1.99999, 2, 2.00001, 2.5, 5])
@pytest.mark.parametrize("curvature", [0.3, 1.0, 4.0])
def test_batch_words_tell_what_the_distance_does(z, curvature):
    theta = descend(parabola(curvature), 2.0, z / curvature, 60).parameters[:, 0]
    words = batch_rate_in_words(z / curvature, curvature)
    assert words.split(":")[0] == regime(z / curvature, curvature)
    flips, ratio = (theta[1:] * theta[:-1] < 0).all(), abs(theta[-1] / theta[0])
    assert ("sign flips" in words) == flips
    assert ("distance stays" in words) == (flips and ratio == pytest.approx(1))
    assert ("distance grows" in words) == (ratio > 1 + 1e-9)
    assert ("closer" in words or "still converges" in words or "one step" in words) == (ratio < 1 - 1e-9)
    if "factor" in words:
        assert numbers(words)[-1] == pytest.approx(1 - z, rel=1e-2)
        assert (abs(numbers(words)[-1]) == 1) == ("distance stays" in words)


@pytest.mark.parametrize("problem", [ROWS, rate_problem("two rows", True), VALLEY, rate_problem("narrow valley", True)])
@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.97, 1, 1.03, 2])
def test_round_words_tell_what_the_loss_does_in_the_long_run(problem, part):
    eta = part * round_limit(problem)
    run = descend(problem, np.zeros(len(problem.names)), eta, 400 * len(problem), order="one by one")
    words, theta = round_rate_in_words(problem, eta), run.parameters
    n, grew = len(problem), run.losses[-1] / run.losses[0]
    assert not any(word in words for word in ("overshoots", "glides", "lands", "bounces"))
    assert words.startswith("stays") == (theta == theta[0]).all() == (part == 0)
    assert words.startswith("at the limit") == (part == 1)
    assert words.startswith("diverges") == (part > 1) == (part != 1 and grew > 1e3)
    assert words.startswith("converges") == (part != 1 and grew < 1e-8)
    if words.startswith("settles"):
        late = theta[-3 * n :]
        assert np.allclose(late[n:], late[:-n], atol=1e-2)
        assert np.ptp(late, axis=0).max() > 1e-3
        assert problem.loss(problem.minimizer()) > 0.01
    if "multiplies" in words:
        assert numbers(words)[-1] == pytest.approx(float(round_radius(problem, eta)), rel=1e-3)


@pytest.mark.parametrize("problem", [ROWS, rate_problem("two rows", True), VALLEY, rate_problem("narrow valley", True)])
@pytest.mark.parametrize("part", [0, 0.02, 0.3, 0.5, 0.9, 0.97, 1, 1.03])
def test_batch_words_tell_what_the_steepest_axis_does_and_how_the_distance_ends(problem, part):
    eta, bent = part * stability_limit(problem), curvatures(problem)
    words, start = rate_in_words(problem, eta, "batch"), problem.minimizer() + principal_directions(problem).sum(axis=1)
    assert words.split(":")[0] == regime(eta, bent[-1])
    run = descend(problem, start, eta, 400)
    lasting = principal_directions(problem)[:, bent > 0]  # along a flat direction nothing moves
    away = np.linalg.norm((run.parameters - problem.minimizer()) @ lasting, axis=1)
    if words == "lands: one step is enough":
        assert np.ptp(bent[bent > 0]) < 1e-9
        assert away[1] < 1e-12
    elif part:
        assert "a pass (1 step) multiplies the distance to the minimum by" in words
        late = np.flatnonzero(away > 1e-9 * away[0])[-1]
        assert numbers(words)[-1] == pytest.approx((away[late] / away[late // 2]) ** (1 / (late - late // 2)), rel=2e-2)
        assert numbers(words)[-1] == pytest.approx(abs(1 - eta * bent[bent > 0]).max(), rel=1e-3)


def test_both_orders_tell_their_progress_in_a_pass():
    """At η = 0.1 the two rows' long-run factors are 0.9804 a pass in batch order, and 0.955 one by one."""
    ends = {
        order: rate_in_words(ROWS, 0.1, order).rpartition("in the long run ")[2] for order in ("batch", "one by one")
    }
    assert ends == {
        "batch": "a pass (1 step) multiplies the distance to the minimum by 0.9804",
        "one by one": "a pass (2 steps) multiplies the distance to a perfect fit on average by 0.955",
    }


def test_loss_in_words():
    assert loss_in_words(descend(ROWS, np.zeros(3), 0, 7)) == "in 7 steps the mean loss stays at 0.445"
    assert loss_in_words(descend(ROWS, np.zeros(3), 0.1, 1)) == "in 1 step the mean loss falls from 0.445 to 0.2365"
    blown = descend(ROWS, np.zeros(3), 1e6, 100)
    assert loss_in_words(blown) == f"after step {len(blown)} the numbers are too large for a computer"
    assert blown.diverged


@pytest.mark.parametrize("stacked", [False, True])
def test_a_step_is_a_table_with_a_row_for_each_line_and_for_each_heading(stacked):
    plain = explain(ROWS[0], np.zeros(3), 0.1)
    rows = explanation_table(plain, stacked=stacked).split("\n")
    assert len(rows) == len(plain.lines) + 2
    assert not any("rowgroup" in row for row in rows)
    blocks = explain(Network(*worked_example())[0], np.ones(9), 0.1)
    rows = explanation_table(blocks, stacked=stacked).split("\n")[1:-1]
    for at, name in blocks.headings:
        heading = rows.pop(at)  # those above it are gone already
        assert re.sub("<[^>]*>", "", heading) == name
        assert 'scope="rowgroup"' in heading
    assert [re.search("<th[^>]*>(.*?)</th>", row)[1] for row in rows] == [line.name for line in blocks.lines]


def test_what_is_not_shown_yet_of_a_step_keeps_its_room_and_parts_can_be_left_out():
    step = explain(Network(*worked_example())[0], [1, 1, 0, 1, -1, 0, 0.5, -1, 0], 0.1)
    hidden = "visibility: hidden"
    for shown in (0, 5, len(step.lines)):
        rows = [row for row in explanation_table(step, shown=shown).split("\n") if 'scope="row"' in row]
        assert [row.count(hidden) for row in rows] == [0] * shown + [2] * (len(rows) - shown)
        assert all(hidden not in row.split("</td>")[0] for row in rows)
    full, part = explanation_table(step), explanation_table(step, parts=slice(0, 3, 2))
    assert re.findall(r">([=←] [^<]*)<", part) == [
        cell for i, cell in enumerate(re.findall(r">([=←≈] [^<]*)<", full)) if i % 3 != 1
    ]
