"""Gradient descent in a small package that reads like the mathematics.

A walk through the house, in the order of its rooms:

1. `data` has the rows: two of them in the worked example.
2. `problem` makes rows, or a curve, into something with a loss L(θ) and a gradient ∇L(θ).
3. `curvature` tells beforehand which learning rates η will do.
4. `descent` has the one algorithm, θ ← θ − η ∇L(θ): `descend` walks downhill, and returns a `Run`, all that happened.
5. `explain` writes a step of a run out as arithmetic.
6. `plots` draws a run on an Axes that is handed in, and `describe` says in words what a figure shows.
7. `explore` puts sliders on all this, with `live` for the speed.
8. `check` answers a reader's solution, from what `exercises` and `bugs` compute.

Nothing happens on import. `%load_ext gdlib`, at the top of a notebook, switches on the course's look for its figures
and their description in words.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib.figure import Figure

__version__ = "0.1.0"


def load_ipython_extension(ipython: "InteractiveShell") -> None:
    """Switch on the course's figures for this session; `%load_ext gdlib` calls it.

    From then on figures follow the style sheet `course.mplstyle`, are shown at the size they are made, and carry
    their description: whole as the text of the output, in short as the alternative text of the picture.

    Parameters
    ----------
    ipython : InteractiveShell
        The running session. It does not matter whether pyplot has been imported before.
    """
    import matplotlib.style
    from matplotlib.figure import Figure

    matplotlib.style.use("gdlib.figures.course")
    ipython.display_formatter.mimebundle_formatter.for_type(Figure, _in_words)
    _show_figures_as(ipython, set())  # in no format of its own: the bundle has them


def unload_ipython_extension(ipython: "InteractiveShell") -> None:
    """Switch the course's figures off; `%unload_ext gdlib` calls it.

    Style settings return to those of the user's matplotlibrc, not to what a cell may have set since.

    Parameters
    ----------
    ipython : InteractiveShell
        The running session.
    """
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rc_file_defaults()
    ipython.display_formatter.mimebundle_formatter.pop(Figure, None)
    _show_figures_as(ipython, {"png"})


def _show_figures_as(ipython: "InteractiveShell", formats: set[str]) -> None:
    """Set how the inline backend shows figures, whether it has started yet or starts with the first figure."""
    from IPython.core.pylabtools import select_figure_formats
    from matplotlib_inline.config import InlineBackend

    InlineBackend.instance(parent=ipython).figure_formats = formats
    select_figure_formats(ipython, formats)


def _in_words(figure: "Figure") -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return a figure's picture with its description, and the metadata for it; of a figure without Axes, words alone.

    The picture is as large as the figure is made: a tight bounding box hangs on fonts, and doubles the time to draw.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from gdlib.figures.describe import describe, summarise
    from gdlib.figures.image import still_bundle

    if not figure.axes:
        return {"text/plain": describe(figure)}, {}
    canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    canvas.draw()
    bundle, metadata = still_bundle(canvas.buffer_rgba(), summarise(figure))
    return bundle | {"text/plain": describe(figure)}, metadata
