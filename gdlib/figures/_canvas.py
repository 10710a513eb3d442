"""A canvas on which a figure is drawn with more dots than it was made for."""

from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


@contextmanager
def canvas_for(figure: Figure, dpi: float) -> Iterator[FigureCanvasAgg]:
    """Give a figure a canvas with this many dots per inch; afterwards it has its own again."""
    own, own_dpi = figure.canvas, figure.dpi
    canvas = FigureCanvasAgg(figure)  # a new one: the other may have a window, which would grow with the dots
    figure.dpi = dpi
    try:
        yield canvas
    finally:
        figure.dpi = own_dpi
        figure.set_canvas(own)
