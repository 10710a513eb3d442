import re
import runpy
import sys
import zlib
from base64 import b64decode
from html import unescape
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from shared import first_or_all

from gdlib.figures import image
from gdlib.figures._canvas import canvas_for
from gdlib.figures.extension import figure_bundle
from gdlib.figures.image import DENSITY, img, png, small_png, still_bundle
from gdlib.figures.look import course_look


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (40, 30)])
def test_png_holds_every_pixel(shape, channels):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, channels), dtype=np.uint8)
    read = plt.imread(BytesIO(png(pixels)))
    assert np.array_equal(np.round(read * 255), pixels[..., :3])


def test_without_isal_zlib_makes_the_same_picture(monkeypatch):
    monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)  # not to be had
    slow = runpy.run_path(image.__file__)
    assert slow["compress"] is zlib.compress
    read, other = (plt.imread(BytesIO(make(drawn()))) for make in (png, slow["png"]))
    assert np.array_equal(read, other)


def drawn():
    """Return a picture of few colours, as a figure is, with a soft edge."""
    pixels = np.full((60, 90, 4), 255, np.uint8)
    pixels[20:40, :, :3] = 0, 114, 178
    pixels[:, 44:46, :3] = np.linspace(0, 255, 60).astype(np.uint8)[:, np.newaxis, np.newaxis]
    return pixels


def test_a_small_png_is_smaller_and_looks_alike():
    pixels = drawn()
    read = plt.imread(BytesIO(small_png(pixels)))[..., :3] * 255
    assert read.shape == (60, 90, 3)
    assert np.abs(read - pixels[..., :3]).max() <= 8
    assert (read[pixels[..., 0] == 255] == 255).all()  # paper stays white
    noise = np.random.default_rng(0).integers(0, 256, (80, 80, 3), np.uint8)
    assert len(small_png(noise)) < noise.size / 2
    assert small_png(pixels) == small_png(pixels)


def test_a_still_picture_carries_its_words_in_each_form():
    words = 'a < b & "c" — η'
    fine = drawn().repeat(DENSITY, axis=0).repeat(DENSITY, axis=1)
    data, metadata = still_bundle(fine, words, above="<p>above</p>")
    assert set(data) == {"text/html", "image/png"}
    assert metadata == {"image/png": {"alt": words}}
    assert data["text/html"].startswith("<p>above</p><img ")
    alt, source = re.search(r'alt="([^"]*)".*src="data:image/png;base64,([^"]*)"', data["text/html"]).groups()
    assert unescape(alt) == words
    assert "<" not in alt
    assert b64decode(source) == small_png(fine)
    assert b64decode(data["image/png"]) == small_png(drawn())  # as if it had been drawn with half the dots


def test_words_can_not_leave_their_attribute():
    html = img(b"", '"><script>alert(1)</script>')
    assert html.count("<") == html.count(">") == 1


def pictures_of(bundle):
    """Return the picture in a bundle's HTML and the one beside it, as bytes of red, green and blue."""
    files = bundle["text/html"].partition("base64,")[2], bundle["image/png"]
    return [np.round(plt.imread(BytesIO(b64decode(each)))[..., :3] * 255).astype(int) for each in files]


def halved(pixels):
    """Return pixels, of an even number each way, with half the dots: each is the mean of four."""
    return sum(pixels[i::2, j::2].astype(float) for i in (0, 1) for j in (0, 1)) / 4


@course_look()
def figure_with(draw, size=(8, 4.5)):
    figure = Figure(size, layout="constrained")
    draw(figure.subplots())
    return figure


def lines(ax):
    for k in range(7):
        ax.plot(np.linspace(0, 1, 50) ** (k + 1), marker="osDv^<>"[k], label=f"{k}")
    ax.set_title("Seven lines")
    ax.legend()


def contours(ax):
    x, y = np.meshgrid(np.linspace(-2, 2, 80), np.linspace(-1, 1, 80))
    levels = 0.02 * 1.6 ** np.arange(13)
    ax.contourf(x, y, x**2 + 3 * y**2, levels, cmap="Blues_r", extend="both")
    ax.contour(x, y, x**2 + 3 * y**2, levels, colors="0.4", linewidths=0.8)


def hatches(ax):
    for k, hatch in enumerate(("//", "..", "xx")):
        ax.axvspan(k, k + 1, facecolor=(f"C{k}", 0.25), edgecolor=(f"C{k}", 0.5), hatch=hatch, lw=0)
    ax.plot([0, 3], [0, 1], "k--")


def sweep(ax):
    x, y = np.meshgrid(np.linspace(0.01, 1, 200), np.arange(60))
    ax.pcolormesh(x, y, np.log(1.02 - x) * y, shading="nearest", rasterized=True)


DRAWN = [lines, contours, hatches, sweep]


def off(picture, true):
    """Return which part of a picture's dots are not in their true colour: off by more than 2 of 255."""
    return (np.abs(picture - true).max(axis=-1) > 2).mean()


@pytest.mark.long
@course_look()
def test_stored_colours_are_true():
    parts = []
    for draw in DRAWN:
        fine, coarse = pictures_of(figure_bundle(figure_with(draw))[0])
        twin = figure_with(draw)
        with canvas_for(twin, DENSITY * twin.dpi) as canvas:
            canvas.draw()
        true = np.asarray(canvas.buffer_rgba())[..., :3]
        parts.append((off(fine, true), off(coarse, halved(true))))
    assert np.max(parts) <= 0.08
    assert np.mean(parts) <= 0.02


@pytest.mark.parametrize("size", first_or_all([(3.05, 2.55), (8, 4.5), (4, 12), (20, 3)]))
def test_a_figure_has_twice_the_dots_in_html_and_is_as_wide_as_it_is_made(size):
    figure = figure_with(lines, size)
    canvas, dpi = figure.canvas, figure.dpi
    data, _ = figure_bundle(figure)
    fine, coarse = pictures_of(data)
    assert np.abs(np.subtract(fine.shape[:2], DENSITY * np.array(coarse.shape[:2]))).max() <= 1  # half a dot is one
    assert np.abs(np.array(coarse.shape[1::-1]) - dpi * np.array(size)).max() <= 1
    tag = re.search("<img[^>]*>", data["text/html"])[0]
    assert f' width="{coarse.shape[1]}" ' in tag
    assert not re.search(r"height=|srcset|min\(", tag)
    assert (figure.canvas, figure.dpi, *figure.get_size_inches()) == (canvas, dpi, *size)


@pytest.mark.parametrize("draw", first_or_all(DRAWN))
def test_both_pictures_are_one_drawing_and_come_out_the_same_again(draw):
    data, _ = figure_bundle(figure_with(draw))
    fine, coarse = pictures_of(data)
    assert off(coarse, halved(fine)) <= 0.08
    assert data == figure_bundle(figure_with(draw))[0]


def test_a_window_does_not_grow_with_the_dots():
    class Window:
        def resize(self, *size):
            raise AssertionError(size)

    figure = figure_with(lines)
    figure.canvas.manager = Window()
    figure_bundle(figure)
