"""The IPython extension: how a session shows figures from `%load_ext gdlib` to `%unload_ext gdlib`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell
from IPython.core.pylabtools import select_figure_formats
from matplotlib import rcParams
from matplotlib.figure import Figure
from matplotlib_inline.config import InlineBackend

from gdlib.figures._canvas import canvas_for
from gdlib.figures.describe import describe
from gdlib.figures.image import DENSITY, still_bundle
from gdlib.figures.look import LETTERS, LOOK, fonts_for, mend_fonts, no_font_log, wear
from gdlib.figures.summarise import summarise

#: The comment that begins a cell whose output waits, collapsed, until the reader runs it.
WAITS = "# Predict first."


def load(ipython: InteractiveShell) -> None:
    """Switch on the style sheet `course.mplstyle`, and figures that carry their words.

    From then on figures are shown at the size they are made, with their description: whole as the text of the output,
    in short as the alternative text of the picture. It does not matter whether pyplot has been imported before.

    The sheet starts from matplotlib's own defaults: no style, cell or matplotlibrc from before shows through. Of the
    reader's settings, those stay that are no look (backend, windows, keys, file formats), and the fonts: they draw the
    letters that DejaVu Sans lacks, such as Chinese ones. What the reader sets afterwards holds.
    """
    before = {key: rcParams[key] for key in (*LOOK, "font.sans-serif")}
    # Copies of lists, as a reader may insert a font; where one puts a Chinese font, "sans-serif" finds it.
    look = {key: value.copy() if isinstance(value, list) else value for key, value in LOOK.items()}
    look["font.family"] = list(dict.fromkeys([LETTERS, *fonts_for(rcParams["font.family"]), "sans-serif"]))
    look["font.sans-serif"] = fonts_for(["sans-serif"])
    ipython.display_formatter.mimebundle_formatter.for_type(Figure, _Shown(before))
    wear(look)
    _show_figures_as(ipython, set())  # in no format of its own: the bundle has them
    ipython.events.register("pre_run_cell", _cover)


def unload(ipython: InteractiveShell) -> None:
    """Switch both off: each setting that makes the look returns to what it was before `load`."""
    shown = ipython.display_formatter.mimebundle_formatter.pop(Figure)
    wear(shown.before)
    _show_figures_as(ipython, {"png"})
    ipython.events.unregister("pre_run_cell", _cover)


def _cover(info: ExecutionInfo) -> None:
    """Begin the output of a cell that waits with an empty line: JupyterLab shows the first of what is collapsed."""
    if info.raw_cell.startswith(WAITS):
        print(" ")


@dataclass(frozen=True)
class _Shown:
    """What shows a figure from `load` to `unload`; it keeps the look from before."""

    before: Mapping[str, Any]

    def __call__(self, figure: Figure) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        return figure_bundle(figure)


def _show_figures_as(ipython: InteractiveShell, formats: set[str]) -> None:
    """Set how the inline backend shows figures, whether it has started yet or starts with the first figure."""
    InlineBackend.instance(parent=ipython).figure_formats = formats
    select_figure_formats(ipython, formats)


def figure_bundle(figure: Figure) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return a figure's picture and description as a MIME bundle, and its metadata; without Axes, the words alone.

    The picture is as large as the figure is made: a tight bounding box hangs on fonts, and doubles the time to draw. It
    is drawn once, with more dots: a second time, the layout would move.
    """
    if not figure.axes:
        return {"text/plain": describe(figure)}, {}
    mend_fonts(figure)
    with no_font_log(), canvas_for(figure, DENSITY * figure.dpi) as canvas:
        canvas.draw()
    bundle, metadata = still_bundle(canvas.buffer_rgba(), summarise(figure))
    return bundle | {"text/plain": describe(figure)}, metadata
