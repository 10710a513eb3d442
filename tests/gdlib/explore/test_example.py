"""The worked example explorer: its numbers are the article's."""

import numpy as np
from explorers import plain

from gdlib.curvature import round_limit, stability_limit
from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.explore.example import WorkedExampleExplorer, worked_reading
from gdlib.linear import LinearRegression

ROWS = LinearRegression(*worked_example())


def test_worked_reading():
    run = descend(ROWS, np.zeros(3), 0.1, 10, order="one by one")
    start = "start at w₁ = w₂ = b = 0, where the mean loss is 0.445; converges"
    assert worked_reading(run, 0).startswith(start)
    assert worked_reading(run, 1).startswith("step 1 uses row 1; the mean loss falls from 0.445 to 0.1867;")
    assert worked_reading(run, 4).startswith("step 4 uses row 2; ")
    assert worked_reading(descend(ROWS, np.zeros(3), 0.1, 3), 2).startswith("step 2 uses all rows; ")


def test_worked_example_reads_the_article_s_numbers(take):
    explorer = take(WorkedExampleExplorer)
    assert explorer.reading.startswith("step 1 uses row 1;")
    explorer.reset.click()
    assert "Press Step" in explorer.details.value
    explorer.step.click()
    for text in ("= 0.016 ", "= 0.128 ", "= 0.16 ", " 1 1 0.64 0.016 0.128 0.16 "):
        assert text in plain(explorer.details)
    explorer.step.click()
    assert " 2 2 0.0862 0.04536 0.1456 0.2187 1 1 0.64 0.016" in plain(explorer.details)
    explorer.order.value, explorer.k.value = "batch", 1
    assert " 1 1, 2 0.445 0.033 0.079 0.13 " in plain(explorer.details)


def test_batch_order_says_what_counts_its_rows(take):
    explorer = take(WorkedExampleExplorer)
    explorer.order.value = "batch"
    assert "x₁⁽²⁾ is x₁ of row 2" in plain(explorer.details)
    assert "w₁·x₁⁽²⁾" in plain(explorer.details)
    explorer.order.value = "one by one"
    assert "⁽²⁾" not in plain(explorer.details)


def test_a_loss_outside_the_picture_is_pointed_to(take):
    explorer = take(WorkedExampleExplorer)
    for order, eta, k, marker in (
        ("one by one", 0.1, 5, "D"),
        ("one by one", 1, 90, "^"),
        ("batch", 0.6, 100, "v"),
    ):
        explorer.order.value, explorer.eta.value, explorer.k.value = order, eta, k
        artists = explorer.layer_artists()
        assert artists[-1].get_marker() == marker
        low, high = explorer.right.get_ylim()
        loss = explorer.run.losses[k]
        assert ("v" if loss < low else "^" if loss > high else "D") == marker
        for artist in artists:
            artist.remove()


def test_worked_example_past_the_limit(take):
    explorer = take(WorkedExampleExplorer)
    for order, limit in (("one by one", round_limit(ROWS)), ("batch", stability_limit(ROWS))):
        explorer.order.value, explorer.k.value = order, 100
        assert explorer.edges() == {"eta": [limit]}
        explorer.eta.value = limit + 0.05
        assert "diverges" in explorer.reading
        assert explorer.details.value.count("<tr>") > 100
        explorer.eta.value = limit - 0.05
        assert "converges" in explorer.reading
        explorer.eta.value = 0
        assert "stays" in explorer.reading
        assert explorer.run.losses[-1] == explorer.run.losses[0]
