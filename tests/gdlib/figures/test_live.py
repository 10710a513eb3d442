import gc
import re
import weakref
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from gdlib.figures.live import LiveFigure

GROUND = 10  # layers lie on the ground, also where their zorder is lower


@pytest.fixture
def figure():
    """Two Axes, one with a logarithmic scale, and something that stays in both."""
    figure = Figure((5, 2.5), dpi=100, layout="constrained")
    left, right = figure.subplots(1, 2)
    left.set(xlim=(-2, 2), ylim=(-1, 3), xlabel="θ", ylabel="L(θ)", title="a loss")
    left.plot([-2, 0, 2], [2, 0, 2], label="L")
    left.legend()
    right.set(xlim=(0, 10), ylim=(1e-6, 10), yscale="log")
    return figure


def layer(figure, size=1.0):
    """Return a layer of many kinds of artists, in both Axes, some of them clipped."""
    left, right = figure.axes

    def draw():
        return [
            *left.plot([-3, 0, 2.5], [5 * size, size, -2], "C1o-", zorder=1),
            left.annotate("here", (0, size), (0.5, 2), arrowprops={"arrowstyle": "->"}),
            left.add_patch(Rectangle((-1, 0), size, size, alpha=0.4, hatch="//")),
            left.text(0, 1, "a label", color="tab:red", zorder=6),
            right.scatter(np.arange(11), size * 0.1 ** np.arange(11), marker="s", c="k"),
            *right.plot(np.arange(11), size * 0.5 ** np.arange(11), "C2--"),
        ]

    return draw


def badly_drawn(artists):
    artists[0].set_data([0, 1], [0, 1, 2])
    return artists


def fully_drawn(figure, artists):
    """Return the pixels of a figure with these artists on the ground, by matplotlib alone."""
    for artist in artists:
        artist.set_zorder(artist.zorder + GROUND)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def image(live):
    """Return the picture in the widget as an array, read by matplotlib."""
    data = re.search(r'src="data:image/png;base64,([^"]+)"', live.widget.value)[1]
    return plt.imread(BytesIO(b64decode(data)))


def test_fast_redraw_equals_a_full_draw_pixel_for_pixel(figure):
    live = LiveFigure(figure)
    live.show(layer(figure, 0.3), "first")
    live.show(layer(figure, 1.3), "second")
    fast = live.pixels.copy()
    assert np.array_equal(fast, fully_drawn(figure, layer(figure, 1.3)()))


def test_picture_in_the_widget_is_what_was_drawn(figure):
    live = LiveFigure(figure)
    live.show(layer(figure), "")
    assert image(live).shape == (250, 500, 3)
    assert np.array_equal(np.round(image(live) * 255), live.pixels[..., :3])


def test_layers_leave_nothing_behind(figure):
    live = LiveFigure(figure)
    live.show(list, "")
    bare, children = live.pixels.copy(), [ax.get_children() for ax in figure.axes]
    live.show(layer(figure), "")
    assert not np.array_equal(live.pixels, bare)
    live.show(list, "")
    assert np.array_equal(live.pixels, bare)
    assert [ax.get_children() for ax in figure.axes] == children


def test_old_artists_are_forgotten(figure):
    live, seen = LiveFigure(figure), []

    def remembered():
        artists = layer(figure)()
        seen.extend(map(weakref.ref, artists))
        return artists

    live.show(remembered, "")
    gc.collect()
    assert len(seen) == 6
    assert [each() for each in seen] == [None] * 6


def test_ground_is_drawn_anew_only_when_asked(figure):
    live = LiveFigure(figure)
    live.show(layer(figure), "")
    before, place = live.pixels.copy(), figure.axes[0].get_position().bounds
    figure.axes[0].set_title("another loss\nin two lines")
    live.show(layer(figure), "")
    assert np.array_equal(live.pixels, before)
    live.ground()
    live.show(layer(figure), "")
    assert not np.array_equal(live.pixels, before)
    assert figure.axes[0].get_position().bounds == place


def test_alt_text_is_escaped(figure):
    live, tags = LiveFigure(figure), []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            tags.append((tag, dict(attributes)))

    for alt in ("glides: L falls", "a \"<b>\" & 'c'", '"><script>alert(1)</script>'):
        live.show(layer(figure), alt)
        Reader().feed(live.widget.value)
        tag, attributes = tags.pop()
        assert tags == []
        assert (tag, attributes["alt"], live.alt) == ("img", alt, alt)


def test_error_in_a_layer_is_raised_and_the_next_picture_is_right(figure):
    live = LiveFigure(figure)
    live.show(layer(figure), "right")
    before = live.pixels.copy()
    with pytest.raises(ZeroDivisionError):
        live.show(lambda: 1 / 0, "wrong")
    with pytest.raises(ValueError, match="shape"):
        live.show(lambda: badly_drawn(layer(figure)()), "wrong")
    live.ground()
    assert live.alt == "right"
    live.show(layer(figure), "right")
    assert np.array_equal(live.pixels, before)


def test_shown_again_with_more_dots(figure):
    live = LiveFigure(figure)
    live.show(layer(figure, 1.3), "shown")
    once, value, children = live.pixels.copy(), live.widget.value, [ax.get_children() for ax in figure.axes]
    assert np.array_equal(live.at(1), once)
    twice = live.at(2)
    assert twice.shape == (500, 1000, 4)
    assert np.array_equal(live.pixels, once)
    assert (live.widget.value, live.alt) == (value, "shown")
    assert [ax.get_children() for ax in figure.axes] == children
    live.show(layer(figure, 1.3), "shown")
    assert live.widget.value == value
    figure.dpi = 200
    assert np.array_equal(twice, fully_drawn(figure, layer(figure, 1.3)()))


def test_before_the_first_picture_there_is_the_ground(figure):
    live = LiveFigure(figure)
    ground = live.at(1)
    live.show(list, "")
    assert np.array_equal(live.pixels, ground)


def test_an_error_in_drawing_again_leaves_all_as_it_was(figure):
    live = LiveFigure(figure)
    live.show(layer(figure), "")
    value = live.widget.value
    live._layer = lambda: badly_drawn(layer(figure)())
    with pytest.raises(ValueError, match="shape"):
        live.at(2)
    live.show(layer(figure), "")
    assert live.widget.value == value


def test_a_finer_screen(figure):
    live = LiveFigure(figure)
    live.show(layer(figure), "")
    value, places = live.widget.value, [ax.get_position().bounds for ax in figure.axes]
    twice = live.at(2)
    live.density = 2
    assert live.density == 2
    assert np.array_equal(live.pixels, twice)
    live.show(layer(figure), "")
    assert np.array_equal(live.pixels, twice)
    assert np.array_equal(live.at(2), twice)
    assert image(live).shape == (500, 1000, 3)
    assert ' width="500" ' in live.widget.value
    assert [ax.get_position().bounds for ax in figure.axes] == places
    live.density = 1
    assert live.widget.value == value


def test_a_finer_screen_before_the_first_picture(figure):
    live = LiveFigure(figure)
    live.density = 2
    assert live.widget.value == ""
    live.show(layer(figure), "")
    assert image(live).shape == (500, 1000, 3)


def test_a_density_that_is_set_again_keeps_the_ground(figure, monkeypatch):
    live = LiveFigure(figure)
    live.show(layer(figure), "")
    monkeypatch.setattr(live, "ground", lambda: pytest.fail("drawn anew"))
    live.density = 1
    live.show(layer(figure), "")


@pytest.mark.parametrize("density", [0, -1, 1.25, 3, "2", None])
def test_other_densities_are_refused(figure, density):
    live = LiveFigure(figure)
    with pytest.raises(ValueError, match=f"density must be 1 or 2, got {density!r}"):
        live.density = density
    assert live.density == 1


def test_no_pyplot_figure_is_open(figure):
    live = LiveFigure(figure)
    live.show(layer(figure), "")
    assert plt.get_fignums() == []
    assert isinstance(live.widget, widgets.HTML)
