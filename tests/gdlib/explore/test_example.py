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
    start = "start at w₁ = w₂ = b = 0, where the loss over all rows is 0.445; converges"
    assert worked_reading(run, 0).startswith(start)
    assert worked_reading(run, 1).startswith("step 1 uses row 1; the loss over all rows falls from 0.445 to 0.1867;")
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
    assert " 2 2 0.086201 0.04536 0.145616 0.21872 1 1 0.64 0.016" in plain(explorer.details)
    explorer.order.value, explorer.k.value = "batch", 1
    assert " 1 1, 2 0.445 0.033 0.079 0.13 " in plain(explorer.details)


def test_worked_example_past_the_limit(take):
    explorer = take(WorkedExampleExplorer)
    for order, limit in (("one by one", round_limit(ROWS)), ("batch", stability_limit(ROWS))):
        explorer.order.value, explorer.k.value = order, 100
        explorer.eta.value = limit + 0.05
        assert "diverges" in explorer.reading
        assert explorer.details.value.count("<tr>") > 100
        explorer.eta.value = limit - 0.05
        assert "converges" in explorer.reading
        explorer.eta.value = 0
        assert "stays" in explorer.reading
        assert explorer.run.losses[-1] == explorer.run.losses[0]
