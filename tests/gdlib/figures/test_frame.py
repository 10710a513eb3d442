"""An axis has the range and the digits that its data ask for."""

from drawings import axes, words
from matplotlib.figure import Figure


def test_an_axis_that_scales_itself_has_the_range_of_its_data():
    ax = axes()
    ax.plot([0, 20], [1, 3])
    assert words(ax)[0] == "Axes: x from 0 to 20, y from 1 to 3."
    ax.margins(0.3)
    assert words(ax)[0] == "Axes: x from 0 to 20, y from 1 to 3."
    ax.set_xlim(25, -5)
    assert words(ax)[0] == "Axes: x from 25 to -5, y from 1 to 3."


def test_shared_axes_have_one_range():
    upper, lower = Figure().subplots(2, sharex=True)
    upper.plot([0, 10], [0, 1])
    lower.plot([5, 20], [0, 1])
    assert [line.split(",")[0] for line in words(upper) if line.startswith("Axes")] == [
        "Axes 1: x from 0 to 20",
        "Axes 2: x from 0 to 20",
    ]


def test_zero_is_zero_beside_what_the_axis_spans():
    ax = axes()
    ax.plot([0, 1, 2], [-1, -1e-17, 1])
    assert "passing (1, 0)" in words(ax)[1]
    ax = axes()
    ax.plot([0, 1, 2], [-1e-16, 1e-17, 2e-16])
    assert "from (0, -1e-16) up to (2, 2e-16)" in words(ax)[1]


def test_a_log_axis_stops_at_rounding_error_of_where_lines_begin():
    ax = axes(yscale="log")
    ax.plot([1, 1e-3, 1e-20])
    ax.plot([1, 1e5, 1e30])
    assert "from (0, 1) down to (2, below 1e-12); passing (1, 0.001)" in words(ax)[1]
    assert "from (0, 1) up to (2, 1e+30); passing (1, 100000)" in words(ax)[2]
