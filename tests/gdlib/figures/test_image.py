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

from gdlib.figures import image
from gdlib.figures.image import img, png, small_png, still_bundle


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
    data, metadata = still_bundle(drawn(), words, above="<p>above</p>")
    assert set(data) == {"text/html", "image/png"}
    assert metadata == {"image/png": {"alt": words}}
    assert data["text/html"].startswith("<p>above</p><img ")
    alt, source = re.search(r'alt="([^"]*)".*src="data:image/png;base64,([^"]*)"', data["text/html"]).groups()
    assert unescape(alt) == words
    assert "<" not in alt
    assert source == data["image/png"]
    assert b64decode(source) == small_png(drawn())


def test_words_can_not_leave_their_attribute():
    html = img(b"", '"><script>alert(1)</script>')
    assert html.count("<") == html.count(">") == 1
