"""Which artists there are, in which order, and their labels."""

import re

from drawings import axes, words
from matplotlib.patches import Rectangle

from gdlib.figures.describe import describe


def test_the_order_is_that_of_creation():
    ax = axes(xlim=(0, 1), ylim=(0, 1))
    ax.text(0, 0, "first")
    ax.add_patch(Rectangle((0, 0), 1, 1, label="second"))
    ax.scatter([0], [0], label="third")
    ax.plot([0, 1], label="fourth", zorder=-1)
    assert [re.search("“(.*)”", line)[1] for line in words(ax)[1:]] == ["first", "second", "third", "fourth"]


def test_labels_that_matplotlib_makes_up_are_none():
    ax = axes()
    ax.plot([0, 1], label="_nolegend_")
    ax.scatter([0], [1])
    assert "_" not in describe(ax.figure)
    assert "“" not in describe(ax.figure)
