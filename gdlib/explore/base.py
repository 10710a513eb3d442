"""The frame of every explorer: its controls, a picture, and what is seen in words.

An explorer is three things: a run made by `descend` from what the controls say (`Explorer.make_run`), plot functions
that draw it (`Explorer.ground_artists`, what stays, and `Explorer.layer_artists`, what moves), and the widget that ties
them together. Every control is a public attribute; setting its ``value`` does what a hand on it would do: it calls
`Explorer.update`, which makes the run, draws it, and says what is seen.
All is drawn in the course's look, whatever a reader's settings are when it is made or moved (`course_look`).
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from threading import RLock
from typing import ClassVar

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from gdlib._formatting import number
from gdlib.descent import Run
from gdlib.explore.words import block
from gdlib.figures.image import DENSITY, still_bundle
from gdlib.figures.live import LiveFigure
from gdlib.figures.look import course_look


class Button(widgets.Button):
    """A button that raises its errors when Python clicks it; ``on_click`` would log them."""

    def __init__(self, description: str, action: Callable[[], None]) -> None:
        super().__init__(description=description, layout={"width": "auto"})
        self._action = action

    def click(self) -> None:
        """Do what the button is for."""
        self._action()


class Turn(Button):
    """A button that puts a control that counts from 0 from each of its values to another; a page without Python has it.

    Attributes
    ----------
    control
        The control.
    to
        Where it goes from 0, from 1, …
    """

    def __init__(self, description: str, control: widgets.IntSlider, to: Sequence[int]) -> None:
        super().__init__(description, lambda: setattr(control, "value", to[control.value]))
        self.control, self.to = control, to


class _Access(anywidget.AnyWidget):
    """What ipywidgets leaves out: names for a screen reader, of sliders and Play; and how fine the page's screen is."""

    _esm = Path(__file__).with_name("access.js")
    scales = traitlets.Dict().tag(sync=True)
    ratio = traitlets.Int(1, min=1, max=2).tag(sync=True)


START = f"""<style>{Path(__file__).with_name("explore.css").read_text(encoding="utf-8")}</style>
<p class="gdlib-start"><b>This explorer is at rest: its kernel has not run it yet, or was started anew.</b>
To move the sliders click into its cell and press <kbd>Shift</kbd>+<kbd>Enter</kbd>.</p>"""
STILL = """<p><i>A still picture of an explorer. To get its sliders run its cell, and before it the first.</i></p>"""


class _Exact:
    """A slider that keeps a value between two of its places, such as a typed one.

    The page puts the handle at the nearest place, and tells that place. It is no news, and no move.
    """

    _before: float | None = None

    def set_state(self, sync_data: dict[str, object]) -> None:
        """Take over what the page tells."""
        self._before = self.value
        try:
            super().set_state(sync_data)
        finally:
            self._before = None

    @traitlets.validate("value")
    def _validate_value(self, proposal: traitlets.Bunch) -> float:
        value, before = super()._validate_value(proposal), self._before
        return before if before is not None and self._place(value) == self._place(before) else value

    def _place(self, value: float) -> int:
        return round((value - self.min) / self.step)


class Slider(_Exact, widgets.FloatSlider):
    """A slider for numbers."""


class LogSlider(_Exact, widgets.FloatLogSlider):
    """A slider for numbers of very different sizes; its places are their powers of ten."""

    def _place(self, value: float) -> int:
        return super()._place(math.log(value, self.base))


class Explorer:
    """Controls, a picture, and what is seen in words.

    Attributes
    ----------
    run
        The descent that is shown; None where nothing descends.
    picture
        The `LiveFigure`.
    typed
        For each slider the box in which its value can be typed.
    message
        What was wrong with a typed value, or nothing.
    details
        Numbers and tables beside the picture; above it with ``details_first``.
    view
        The widget that holds all of it.
    grounds
        The controls whose change draws the ground anew.
    shipped
        What a page without Python holds: for each control the values it takes, in all combinations; a control that is
        not named stays as it starts. The first entry comes with the page, and its first control is the main one. An
        entry with several steps taken, k, is a walk.
    """

    name = "Explorer"
    run: Run | None = None
    details_first = False
    shipped: ClassVar[Sequence[Mapping[str, Sequence[object]]]] = ()

    def __init__(
        self, figure: Figure, controls: Sequence[widgets.Widget], grounds: Sequence[widgets.Widget] = ()
    ) -> None:
        self.picture, self.grounds, self._updating = LiveFigure(figure), grounds, False
        self._lock = RLock()  # JupyterLab hands some messages to a second thread: one after the other, please
        self._drawn: list[Artist] = []
        self.message, self.details, self._words = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.typed: dict[widgets.Widget, widgets.Text] = {}
        columns = {"grid_template_columns": "repeat(auto-fit, minmax(min(100%, 400px), 1fr))", "grid_gap": "0 30px"}
        table = widgets.GridBox(list(map(self._tie, controls)), layout=columns).add_class("gdlib-controls")
        for live in (self.message, self._words):
            live.add_class("gdlib-live")
        self.picture.widget.add_class("gdlib-picture")
        below = [self.picture.widget, self.details]
        parts = [table, self.message, self._words, *(reversed(below) if self.details_first else below)]
        scales = {each.description: {"step": each.step, "base": getattr(each, "base", 0)} for each in self.typed}
        access = _Access(scales=scales)
        access.observe(self._sharpen, "ratio")
        aside = widgets.Box([access], layout={"display": "none"})
        self.view = widgets.VBox([widgets.HTML(START), *parts, aside], layout={"max_width": "940px"})
        self.view.add_class("gdlib-explorer")
        for _ in range(2):  # where contours carry their labels hangs on the layout, which the first ground makes
            self.update(grounds=True)

    # What an explorer computes, draws and says: each defines its own.

    def make_run(self) -> Run | None:
        """Return the run that the controls ask for."""

    def ground_artists(self) -> list[Artist]:
        """Return what stays, drawn."""
        return []

    def layer_artists(self) -> list[Artist]:
        """Return what moves, drawn."""
        raise NotImplementedError

    def reading_text(self) -> str:
        """Return what is seen, in a line."""
        raise NotImplementedError

    def details_html(self) -> str:
        """Return the details, as HTML."""
        return ""

    def edges(self) -> dict[str, list[float]]:
        """Return for a control the values between which something changes, as the others are set; a page has these."""
        return {}

    def forget(self) -> None:
        """Put back what was set and a control may no longer show; controls set after this say all there is."""

    # The rest is the same for all.

    @property
    def reading(self) -> str:
        """What is seen, in a line: also the picture's alt text."""
        return self.picture.alt

    @property
    def taken(self) -> int:
        """The steps that are shown: k, or as many as there are."""
        return min(self.k.value, len(self.run))

    @course_look()
    def update(self, *, grounds: bool = False) -> None:
        """Compute, draw and say what the controls ask for; with ``grounds``, draw what stays anew as well."""
        with self._lock:
            if self._updating:  # a control was changed by the update itself
                return
            self._updating = True
            try:
                self.run = self.make_run()
                if grounds:
                    self._redraw()
                self.picture.show(self.layer_artists, self.reading_text())
                self._words.value = block(escape(self.reading), style="min-height: 2.8em")  # two lines: no jump
                self.details.value, self.message.value = block(self.details_html()), ""
            finally:
                self._updating = False

    @course_look()
    def still(self) -> np.ndarray:
        """Return what is shown now as pixels to be stored: drawn anew, with `DENSITY` dots for one of the page."""
        with self._lock:
            return self.picture.at(DENSITY)

    def close(self) -> None:
        """Close every widget that the explorer is made of."""
        for widget in list(_tree(self.view)):
            widget.close()

    def __repr__(self) -> str:
        return f"{self.name}: {self.reading}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, object], dict[str, object]]:
        """Return the widget for a front end with a kernel; a still picture, with how to start, and words for others."""
        view = {"version_major": 2, "version_minor": 0, "model_id": self.view.model_id}
        still, metadata = still_bundle(self.still(), self.reading, above=STILL)
        return {"application/vnd.jupyter.widget-view+json": view, **still, "text/plain": repr(self)}, metadata

    @course_look()
    def _sharpen(self, change: dict[str, object]) -> None:
        """Draw with as many dots as the page's screen has."""
        with self._lock:
            self.picture.density = change["new"]

    def _redraw(self) -> None:
        """Draw the ground anew; Axes that are not cleared keep their ticks, which take longest to make."""
        for artist in self._drawn:
            if artist.axes is not None:  # contours take their labels along
                artist.remove()
        self._drawn = self.ground_artists()
        self.picture.ground()

    def _tie(self, control: widgets.Widget) -> widgets.Widget:
        """Return a control that updates the explorer, a slider with a box to type in."""
        if isinstance(control, widgets.HBox):
            control.children = list(map(self._tie, control.children))
            return control
        if isinstance(control, widgets.Button | widgets.Play):
            return control
        if not isinstance(control, widgets.FloatSlider | widgets.FloatLogSlider | widgets.IntSlider):
            control.observe(self._changed, "value")
            return control
        box = widgets.Text(
            number(control.value, 6),
            continuous_update=False,
            tooltip=f"{control.description}, typed",
            layout={"width": "80px"},
        )
        control.observe(lambda change: setattr(box, "value", number(control.value, 6)), "value")
        control.observe(self._changed, "value")  # after the box: the new picture has access.js read the box again
        box.observe(lambda change: self._take(control, box), "value")
        self.typed[control] = box
        return widgets.HBox([control, box])

    def _changed(self, change: dict[str, object]) -> None:
        self.update(grounds=change["owner"] in self.grounds)

    def _take(self, slider: widgets.Widget, box: widgets.Text) -> None:
        """Take a typed value over, or say what is wrong with it and leave everything as it is."""
        now, wrong = number(slider.value, 6), ""
        if box.value == now:
            return
        try:
            slider.value = _typed_value(slider, box.value)
        except _NotTaken as error:
            wrong = f"<b>{escape(f'{error}; {slider.description} stays at {now}.')}</b>"
        box.value, self.message.value = number(slider.value, 6), wrong

    def add_player(self, most: int, k: int) -> list[widgets.Widget]:
        """Return what steps through a run: play and pause, step, reset; and a slider for k, the steps taken."""
        self.k = slider(widgets.IntSlider, "steps taken k", k, 0, most)
        self.play = widgets.Play(value=k, max=most, interval=90, show_repeat=False, tooltip="play or pause")
        self.step = Button("Step", lambda: setattr(self.k, "value", min(self.k.value + 1, self.k.max)))
        self.reset = Button("Reset", self._reset)
        widgets.dlink((self.k, "max"), (self.play, "max"))
        widgets.dlink((self.k, "value"), (self.play, "value"))
        self.play.observe(self._played, "value")
        return [together(self.play, self.step, self.reset), self.k]

    def _played(self, change: dict[str, object]) -> None:
        """Follow the player; a tick that the page sent before it heard of the reset does not count."""
        with self._lock:
            if self.play.playing:
                self.k.value = self.play.value
            else:
                self.play.value = self.k.value

    def _reset(self) -> None:
        with self._lock:
            self.play.playing = False
            self.k.value = 0


class _NotTaken(ValueError):
    """What is wrong with a typed value, in a plain sentence."""


def _typed_value(slider: widgets.Widget, text: str) -> float:
    """Return the number that was typed, if the slider can take it."""
    quoted, whole = f"“{text.strip()[:20]}”", isinstance(slider, widgets.IntSlider)
    low, high = slider.min, slider.max
    if isinstance(slider, widgets.FloatLogSlider):
        low, high = slider.base**low, slider.base**high
    typed = text.strip().replace("−", "-")
    if not typed:
        raise _NotTaken("Nothing was typed")
    try:
        value = int(typed) if whole else _fraction(typed)
    except ValueError:
        point = "; for decimals, use a point" * ("," in typed)
        raise _NotTaken(f"{quoted} is not a {'whole ' * whole}number{point}") from None
    if not low <= value <= high:
        raise _NotTaken(f"{quoted} is not from {number(low)} to {number(high)}")
    return value


def _fraction(text: str) -> float:
    """Return the number that a text is, such as 0.5 or 1/3."""
    above, bar, below = text.partition("/")
    try:
        return float(above) / float(below) if bar else float(above)
    except ZeroDivisionError:
        raise ValueError(text) from None


def slider(kind: type, description: str, value: float, low: float, high: float, step: float = 1) -> widgets.Widget:
    """Return a slider; its number stands in the box beside it."""
    settings = {"value": value, "min": low, "max": high, "step": step, "readout": False}
    return _control(kind, description, layout={"flex": "1", "width": "auto"}, **settings)


def places(low: float, high: float, step: float) -> list[float]:
    """Return the numbers from ``low`` to ``high``, a step apart."""
    return [round(low + step * i, 9) for i in range(round((high - low) / step) + 1)]


def dropdown(description: str, *options: str) -> widgets.Dropdown:
    """Return a list to choose from."""
    return _control(widgets.Dropdown, description, options=options, layout={"width": "auto", "max_width": "280px"})


def _control(kind: type, description: str, **more: object) -> widgets.Widget:
    """Return a control; the widest description, "order of the rows", fits, so all controls begin in one line."""
    return kind(description=description, style={"description_width": "120px"}, **more)


def together(*controls: widgets.Widget) -> widgets.HBox:
    """Return controls that stand in one row."""
    return widgets.HBox(controls, layout={"flex_flow": "row wrap"})


def figure_of(width: float, height: float) -> Figure:
    """Return a figure in inches of 100 dots, with room at its sides for wider numbers along an axis."""
    figure = Figure((width, height), dpi=100, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.25)
    return figure


def _tree(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """Yield a widget and all that it is made of."""
    for part in getattr(widget, "children", ()):
        yield from _tree(part)
    for name in ("layout", "style"):
        if hasattr(widget, name):
            yield getattr(widget, name)
    yield widget
