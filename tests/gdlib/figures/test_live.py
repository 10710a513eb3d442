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


def image(live):
    """Return the picture in the widget as an array, read by matplotlib."""
    data = re.search(r'src="data:image/png;base64,([^"]+)"', live.widget.value)[1]
    return plt.imread(BytesIO(b64decode(data)))


def test_fast_redraw_equals_a_full_draw_pixel_for_pixel(figure):
    live = LiveFigure(figure)
    live.show(layer(figure, 0.3), "first")
    live.show(layer(figure, 1.3), "second")
    fast = live.pixels.copy()
    for artist in layer(figure, 1.3)():
        artist.set_zorder(artist.zorder + GROUND)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    assert np.array_equal(fast, np.asarray(canvas.buffer_rgba()))


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


@pytest.mark.parametrize("alt", ["glides: L falls", "a \"<b>\" & 'c'", '"><script>alert(1)</script>'])
def test_alt_text_is_escaped(figure, alt):
    tags = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            tags.append((tag, dict(attributes)))

    live = LiveFigure(figure)
    live.show(layer(figure), alt)
    Reader().feed(live.widget.value)
    assert [tag for tag, _ in tags] == ["img"]
    assert tags[0][1]["alt"] == live.alt == alt


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


def test_no_pyplot_figure_is_open(figure):
    live = LiveFigure(figure)
    live.show(layer(figure), "")
    assert plt.get_fignums() == []
    assert isinstance(live.widget, widgets.HTML)
