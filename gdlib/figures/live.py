"""A matplotlib figure inside a widget, redrawn as fast as a slider moves.

What stays is drawn once and kept as pixels; at each move only what moves is drawn on top. The figure belongs to no
pyplot, so nothing is shown twice and nothing stays open.
"""

from collections.abc import Callable, Sequence

import ipywidgets as widgets
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gdlib.figures.image import img, png


class LiveFigure:
    """A figure shown in a widget, where its picture carries a text for those who do not see it.

    Parameters
    ----------
    figure
        A ``matplotlib.figure.Figure`` of its own, not one of pyplot's; its background is opaque.

    Attributes
    ----------
    widget
        The picture, as an ``<img>`` with its alt text in an HTML widget.
    alt
        What is to be seen, in words.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure, self.alt, self.widget = figure, "", widgets.HTML()
        self._canvas = FigureCanvasAgg(figure)
        self._ground = None

    def ground(self) -> None:
        """Draw all that is in the figure and keep it: it stays until the next call.

        The layout is worked out the first time only: so Axes do not jump, and later grounds take a third of the time.
        """
        self._canvas.draw()
        self.figure.set_layout_engine("none")
        self._ground = self._canvas.copy_from_bbox(self.figure.bbox)

    def show(self, layer: Callable[[], Sequence[Artist]], alt: str) -> None:
        """Draw what a layer adds to the figure on top of the ground, and take it out of the figure again.

        Parameters
        ----------
        layer
            Adds artists to the figure's Axes, without changing limits, labels or scales, and returns them.
        alt
            What is to be seen now, in words.
        """
        if self._ground is None:
            self.ground()
        self._canvas.restore_region(self._ground)
        artists = layer()
        try:
            for artist in sorted(artists, key=Artist.get_zorder):
                self.figure.draw_artist(artist)
        finally:
            for artist in artists:
                artist.remove()
        self.alt = alt
        self.widget.value = img(png(self.pixels), alt)

    @property
    def pixels(self) -> np.ndarray:
        """What is shown now, shape ``(height, width, 4)``: red, green, blue and opacity as bytes."""
        return np.asarray(self._canvas.buffer_rgba())
