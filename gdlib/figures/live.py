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

from gdlib.figures._canvas import canvas_for
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
        self._canvas, self._dpi, self._density = FigureCanvasAgg(figure), figure.dpi, 1
        self._ground, self._layer = None, list

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
        self._draw(layer)
        self.alt, self._layer = alt, layer
        self.widget.value = img(png(self.pixels), alt, self._density)

    def _draw(self, layer: Callable[[], Sequence[Artist]]) -> None:
        """Draw what a layer adds to the figure on the canvas that the figure has now."""
        artists = layer()
        try:
            for artist in sorted(artists, key=Artist.get_zorder):
                self.figure.draw_artist(artist)
        finally:
            for artist in artists:
                artist.remove()

    @property
    def density(self) -> int:
        """How many dots the picture has for one of the page: 1, or 2 for a fine screen."""
        return self._density

    @density.setter
    def density(self, density: int) -> None:
        """Take 1 or 2 and draw what is shown anew; raise a ValueError at anything else."""
        if density not in (1, 2):
            raise ValueError(f"density must be 1 or 2, got {density!r}")
        if density == self._density:
            return
        self._density, self.figure.dpi = density, density * self._dpi
        if self._ground is not None:
            self.ground()
            self.show(self._layer, self.alt)

    @property
    def pixels(self) -> np.ndarray:
        """What is shown now, shape ``(height, width, 4)``: red, green, blue and opacity as bytes."""
        return np.asarray(self._canvas.buffer_rgba())

    def at(self, density: int) -> np.ndarray:
        """Return what is shown now, drawn anew with this many dots for one of the page, as pixels.

        The picture in the widget stays as it is. The layer is asked for its artists once more.
        """
        if self._ground is None:  # it makes the layout
            self.ground()
        with canvas_for(self.figure, density * self._dpi) as canvas:
            canvas.draw()
            self._draw(self._layer)
            return np.asarray(canvas.buffer_rgba())
