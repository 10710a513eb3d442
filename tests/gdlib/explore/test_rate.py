"""The learning rate explorer: its presets do what they are called."""

from html import unescape

import numpy as np

from gdlib._formatting import number
from gdlib.curvature import REGIMES
from gdlib.data import narrow_valley
from gdlib.descent import descend
from gdlib.explore.rate import LearningRateExplorer
from gdlib.explore.words import loss_in_words, round_rate_in_words
from gdlib.linear import LinearRegression

VALLEY = LinearRegression(*narrow_valley())


def test_presets_do_what_they_are_called(take):
    explorer = take(LearningRateExplorer)
    batch = ["glides:", "lands:", "overshoots:", "bounces:", "diverges:"]
    assert list(explorer.presets) == ["too small", "good", "overshooting", "bouncing", "diverging"]
    for rows, scaled in [("two rows", False), ("narrow valley", True)]:
        explorer.data.value, explorer.scaled.value, explorer.order.value = rows, scaled, "batch"
        assert [press(explorer, name) for name in explorer.presets] == batch
        explorer.order.value = "one by one"
        below = "converges:" if rows == "two rows" else "settles"
        assert [press(explorer, name) for name in explorer.presets] == [below, below, below, "at", "diverges:"]
    assert [button.description for button in explorer.presets.values()][2:4] == ["below the limit", "at the limit"]
    explorer.order.value = "batch"
    assert [button.description for button in explorer.presets.values()] == list(explorer.presets)


def press(explorer, name):
    """Press a preset, see that its rate is shown and used, and return the reading's first word."""
    explorer.presets[name].click()
    assert explorer.run.eta == explorer.eta.value
    assert explorer.typed[explorer.eta].value == number(explorer.eta.value, 6)
    return explorer.reading.split()[0]


def test_learning_rate_run_is_what_the_controls_say(take):
    explorer = take(LearningRateExplorer)
    explorer.data.value, explorer.order.value, explorer.eta.value = "narrow valley", "one by one", 0.02
    expected = descend(VALLEY, [0, 0], 0.02, 50, order="one by one")
    assert np.array_equal(explorer.run.parameters, expected.parameters)
    assert explorer.reading == f"{round_rate_in_words(VALLEY, 0.02)}; {loss_in_words(expected)}"
    assert not any(word in explorer.reading for word in REGIMES if word not in ("stays", "diverges"))
    explorer.eta.value = 10
    assert "diverges" in explorer.reading


def test_typed_zero_is_off_the_log_slider(take):
    explorer = take(LearningRateExplorer)
    explorer.typed[explorer.eta].value = "0"
    assert unescape(explorer.message.value) == "<b>“0” is not from 0.001 to 10; learning rate η stays at 0.1.</b>"


def test_the_loss_is_split_along_the_axes_in_batch_order_alone(take):
    explorer = take(LearningRateExplorer)
    for order, parts in (("batch", ["along the steep axis", "along the gentle axis"]), ("one by one", [])):
        explorer.order.value = order
        layer = explorer.layer_artists()
        labels = [str(artist.get_label()) for artist in layer]
        assert [label for label in labels if label.startswith("along")] == parts
        for artist in layer:
            artist.remove()
        legend = explorer.right.get_legend()
        assert [text.get_text() for text in legend.get_texts()] == parts if legend else parts == []


def test_a_still_leaves_what_is_shown_later_as_it_would_be(take):
    """It is drawn with more dots, and texts remember that: their room decides where labels stand."""
    plain, stored = take(LearningRateExplorer), LearningRateExplorer()
    stored.still()
    for explorer in (plain, stored):
        explorer.eta.value = 0.25
    assert np.array_equal(plain.picture.pixels, stored.picture.pixels)
    stored.close()


def test_the_edges_are_where_the_reading_changes(take):
    explorer = take(LearningRateExplorer)
    for order, expected in {"batch": ["lands:", "overshoots:", "bounces:"], "one by one": ["at"]}.items():
        explorer.order.value, found = order, []
        for eta in explorer.edges()["eta"]:
            explorer.eta.value = eta
            found.append(explorer.reading.split()[0])
        assert found == expected
