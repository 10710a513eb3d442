"""The IPython extension: how a session shows figures from `%load_ext gdlib` to `%unload_ext gdlib`."""

import matplotlib.style
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import select_figure_formats
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib_inline.config import InlineBackend

from gdlib.figures.describe import describe
from gdlib.figures.image import still_bundle
from gdlib.figures.summarise import summarise


def load(ipython: InteractiveShell) -> None:
    """Switch on the style sheet `course.mplstyle`, and figures that carry their words.

    From then on figures are shown at the size they are made, with their description: whole as the text of the output,
    in short as the alternative text of the picture. It does not matter whether pyplot has been imported before.
    """
    matplotlib.style.use("gdlib.figures.course")
    ipython.display_formatter.mimebundle_formatter.for_type(Figure, figure_bundle)
    _show_figures_as(ipython, set())  # in no format of its own: the bundle has them


def unload(ipython: InteractiveShell) -> None:
    """Switch both off: style settings return to those of the user's matplotlibrc, not to what a cell may have set."""
    matplotlib.rc_file_defaults()
    ipython.display_formatter.mimebundle_formatter.pop(Figure, None)
    _show_figures_as(ipython, {"png"})


def _show_figures_as(ipython: InteractiveShell, formats: set[str]) -> None:
    """Set how the inline backend shows figures, whether it has started yet or starts with the first figure."""
    InlineBackend.instance(parent=ipython).figure_formats = formats
    select_figure_formats(ipython, formats)


def figure_bundle(figure: Figure) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return a figure's picture and description as a MIME bundle, and its metadata; without Axes, the words alone.

    The picture is as large as the figure is made: a tight bounding box hangs on fonts, and doubles the time to draw.
    """
    if not figure.axes:
        return {"text/plain": describe(figure)}, {}
    canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    canvas.draw()
    bundle, metadata = still_bundle(canvas.buffer_rgba(), summarise(figure))
    return bundle | {"text/plain": describe(figure)}, metadata
