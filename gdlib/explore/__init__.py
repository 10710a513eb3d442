"""The explorers: sliders on what the course teaches, a picture of it, and what is seen in words.

An explorer is three things: a run made by `descend` from what the controls say (`Explorer.compute`), plot functions
that draw it (`Explorer.ground`, what stays, and `Explorer.layer`, what moves), and the widget that ties them together.
Every control is a public attribute; setting its ``value`` does what a hand on it would do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from html import escape
from pathlib import Path
from threading import RLock

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from gdlib import data, plots
from gdlib.curvature import contraction, curvatures, regime, round_limit, round_radius, stability_limit
from gdlib.descent import Run, descend
from gdlib.explain import explain_step
from gdlib.figures.image import still_bundle
from gdlib.figures.live import LiveFigure
from gdlib.problem import LinearRegression, check_gradient, parabola, plateau, two_minima

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


# --- numbers and changes in words -------------------------------------------------------------------------------------


def say(number: float, digits: int = 4) -> str:
    """Return a number as text, with a proper minus sign and powers of ten."""
    mantissa, _, exponent = f"{number + 0.0:.{digits}g}".partition("e")
    power = f"·10{str(int(exponent)).translate(_RAISED)}" if exponent else ""
    return (mantissa + power).replace("-", "−")


def digits_apart(*numbers: float, digits: int = 4) -> int:
    """Return with how many significant digits, at least so many, different numbers look different."""
    return next((d for d in range(digits, 17) if len({say(x, d) for x in numbers}) == len(set(numbers))), 17)


def change_in_words(before: float, after: float, least: float = 0.0) -> str:
    """Return what became of a number, such as ``"falls from 0.64 to 0.2"``.

    Numbers of size ``least`` or below are practically 0, and a change in the 12th digit is none: rounding never shows.
    """
    before, after = (0.0 if abs(number) <= least else float(number) for number in (before, after))
    digits = digits_apart(before, after)
    first, last = ("practically 0" if least and not number else say(number, digits) for number in (before, after))
    if abs(after - before) <= 1e-12 * max(abs(before), abs(after)):
        return f"stays at {say(after) if after else last}"
    return f"{'falls' if after < before else 'rises'} from {first} to {last}"


def factor_in_words(factor: float) -> str:
    """Return a factor by which a distance is multiplied; only ±1 itself looks like ±1."""
    return f"factor {say(factor, digits_apart(abs(factor), 1.0, digits=3))}"


def loss_in_words(run: Run) -> str:
    """Return what became of a run's mean loss."""
    if run.diverged:
        return f"after step {len(run)} the numbers are too large for a computer"
    return f"in {_count(run)} the loss {loss_change(run, 0, len(run))}"


def _count(run: Run) -> str:
    return "1 step" if len(run) == 1 else f"{len(run)} steps"


def loss_change(run: Run, first: int, last: int) -> str:
    """Return what became of a run's mean loss between two of its steps."""
    return change_in_words(run.losses[first], run.losses[last], least=1e-20 * run.losses[0])


def batch_rate_in_words(eta: float, curvature: float, where: str = "") -> str:
    """Return what a rate does along a direction of this curvature, by `regime`; ``where`` names the direction."""
    factor = float(contraction(eta, curvature))
    shown = factor_in_words(factor)
    return {
        "stays": "stays: η = 0 moves nothing",
        "glides": f"glides: {where}each step comes closer from the same side ({shown})",
        "lands": f"lands: {where}one step is enough",
        "overshoots": f"overshoots: {where}the sign flips each step, and still converges ({shown})",
        "bounces": f"bounces: {where}the sign flips each step and the distance stays (factor {say(factor)})",
        "diverges": f"diverges: {where}the sign flips each step and the distance grows ({shown})",
    }[regime(eta, curvature)]


def round_rate_in_words(problem: LinearRegression, eta: float) -> str:
    """Return what a rate does in one-by-one descent, round after round, by `round_radius`."""
    radius = float(round_radius(problem, eta))
    shown, a_round = factor_in_words(radius), f"a round of {len(problem)} steps"
    if eta == 0:
        return "stays: η = 0 moves nothing"
    if abs(radius - 1) <= 1e-9:
        return f"at the limit: just below, {a_round} shrinks the distance in the long run; just above, it stretches it"
    if radius > 1:
        return f"diverges: in the long run {a_round} stretches the distance ({shown} a round)"
    if problem.loss(problem.minimizer()) > 1e-20 * np.square(problem.y).mean():  # no line meets all rows
        return f"settles into a cycle: in the long run {a_round} repeats the one before ({shown} a round)"
    return f"converges: in the long run {a_round} shrinks the distance to a perfect fit ({shown} a round)"


def rate_in_words(problem: LinearRegression, eta: float, order: str) -> str:
    """Return what a rate does to a linear regression in batch or one-by-one order."""
    if order == "one by one":
        return round_rate_in_words(problem, eta)
    return batch_rate_in_words(eta, curvatures(problem)[-1], "along the steepest direction ")


# --- what every explorer has ------------------------------------------------------------------------------------------


class _Button(widgets.Button):
    """A button that raises its errors when Python clicks it; ``on_click`` would log them."""

    def __init__(self, description: str, action: Callable[[], None]) -> None:
        super().__init__(description=description, layout={"width": "auto"})
        self._action = action

    def click(self) -> None:
        self._action()


class _Access(anywidget.AnyWidget):
    """Names for a screen reader, where ipywidgets gives none: a slider's handle, its power as a number, and Play."""

    _esm = Path(__file__).with_name("access.js")
    scales = traitlets.Dict().tag(sync=True)


_START = f"""<style>{Path(__file__).with_name("explore.css").read_text(encoding="utf-8")}</style>
<p class="gdlib-start"><b>This explorer is at rest: its kernel has not run it yet, or was started anew.</b>
To move the sliders choose <i>Run</i>, then <i>Run All Cells</i>.</p>"""
_STILL = """<p><i>A still picture of an explorer. To get its sliders choose Run, then Run All Cells.</i></p>"""


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


class _Slider(_Exact, widgets.FloatSlider):
    pass


class _LogSlider(_Exact, widgets.FloatLogSlider):
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
    """

    name = "Explorer"
    run: Run | None = None
    details_first = False

    def __init__(
        self, figure: Figure, controls: Sequence[widgets.Widget], grounds: Sequence[widgets.Widget] = ()
    ) -> None:
        self.picture, self._grounds, self._updating = LiveFigure(figure), grounds, False
        self._turn = RLock()  # JupyterLab hands some messages to a second thread: one after the other, please
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
        aside = widgets.Box([_Access(scales=scales)], layout={"display": "none"})
        self.view = widgets.VBox([widgets.HTML(_START), *parts, aside], layout={"max_width": "940px"})
        self.view.add_class("gdlib-explorer")
        for _ in range(2):  # where contours carry their labels hangs on the layout, which the first ground makes
            self.update(grounds=True)

    # An explorer says what it computes, draws and reads.

    def compute(self) -> None:
        """Make the run that the controls ask for."""

    def ground(self) -> list[Artist]:
        """Draw what stays, and return it."""
        return []

    def layer(self) -> list[Artist]:
        """Draw what moves, and return it."""
        raise NotImplementedError

    def read(self) -> str:
        """Return what is seen, in a line."""
        raise NotImplementedError

    def tell(self) -> str:
        """Return the details, as HTML."""
        return ""

    # The rest is the same for all.

    @property
    def reading(self) -> str:
        """What is seen, in a line: also the picture's alt text."""
        return self.picture.alt

    @property
    def taken(self) -> int:
        """The steps that are shown: k, or as many as there are."""
        return min(self.k.value, len(self.run))

    def update(self, *, grounds: bool = False) -> None:
        """Compute, draw and say what the controls ask for; with ``grounds``, draw what stays anew as well."""
        with self._turn:
            if self._updating:  # a control was changed by the update itself
                return
            self._updating = True
            try:
                self.compute()
                if grounds:
                    self._redraw()
                self.picture.show(self.layer, self.read())
                self._words.value = _block(escape(self.reading), style="min-height: 2.8em")  # two lines: no jump
                self.details.value, self.message.value = _block(self.tell()), ""
            finally:
                self._updating = False

    def close(self) -> None:
        """Close every widget that the explorer is made of."""
        for widget in list(_tree(self.view)):
            widget.close()

    def __repr__(self) -> str:
        return f"{self.name}: {self.reading}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, object], dict[str, object]]:
        """Return the widget for a front end with a kernel; a still picture, with how to start, and words for others."""
        view = {"version_major": 2, "version_minor": 0, "model_id": self.view.model_id}
        still, metadata = still_bundle(self.picture.pixels, self.reading, above=_STILL)
        return {"application/vnd.jupyter.widget-view+json": view, **still, "text/plain": repr(self)}, metadata

    def _redraw(self) -> None:
        """Draw the ground anew; Axes that are not cleared keep their ticks, which take longest to make."""
        for artist in self._drawn:
            if artist.axes is not None:  # contours take their labels along
                artist.remove()
        self._drawn = self.ground()
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
            say(control.value, 6),
            continuous_update=False,
            tooltip=f"{control.description}, typed",
            layout={"width": "80px"},
        )
        control.observe(lambda change: setattr(box, "value", say(control.value, 6)), "value")
        control.observe(self._changed, "value")  # after the box: the new picture has access.js read the box again
        box.observe(lambda change: self._take(control, box), "value")
        self.typed[control] = box
        return widgets.HBox([control, box])

    def _changed(self, change: dict[str, object]) -> None:
        self.update(grounds=change["owner"] in self._grounds)

    def _take(self, slider: widgets.Widget, box: widgets.Text) -> None:
        """Take a typed value over, or say what is wrong with it and leave everything as it is."""
        shown, wrong = say(slider.value, 6), ""
        if box.value == shown:
            return
        try:
            slider.value = _typed_value(slider, box.value)
        except _NotTaken as error:
            wrong = f"<b>{escape(f'{error}; {slider.description} stays at {shown}.')}</b>"
        box.value, self.message.value = say(slider.value, 6), wrong

    def _player(self, most: int, k: int) -> list[widgets.Widget]:
        """Return what walks through a run: play and pause, step, reset; and a slider for k, the steps taken."""
        self.k = _slider(widgets.IntSlider, "steps taken k", k, 0, most)
        self.play = widgets.Play(value=k, max=most, interval=90, show_repeat=False, tooltip="play or pause")
        self.step = _Button("Step", lambda: setattr(self.k, "value", min(self.k.value + 1, self.k.max)))
        self.reset = _Button("Reset", self._reset)
        widgets.dlink((self.k, "max"), (self.play, "max"))
        widgets.dlink((self.k, "value"), (self.play, "value"))
        self.play.observe(self._played, "value")
        return [_together(self.play, self.step, self.reset), self.k]

    def _played(self, change: dict[str, object]) -> None:
        """Follow the player; a tick that the page sent before it heard of the reset does not count."""
        with self._turn:
            if self.play.playing:
                self.k.value = self.play.value
            else:
                self.play.value = self.k.value

    def _reset(self) -> None:
        with self._turn:
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
    try:
        value = (int if whole else float)(text.strip().replace("−", "-"))
    except ValueError:
        raise _NotTaken(f"{quoted} is not a {'whole ' * whole}number") from None
    if not low <= value <= high:
        raise _NotTaken(f"{quoted} is not from {say(low)} to {say(high)}")
    return value


def _slider(kind: type, description: str, value: float, low: float, high: float, step: float = 1) -> widgets.Widget:
    """Return a slider; its number stands in the box beside it."""
    settings = {"value": value, "min": low, "max": high, "step": step, "readout": False}
    return _control(kind, description, layout={"flex": "1", "width": "auto"}, **settings)


def _dropdown(description: str, *options: str) -> widgets.Dropdown:
    return _control(widgets.Dropdown, description, options=options, layout={"width": "auto", "max_width": "280px"})


def _control(kind: type, description: str, **more: object) -> widgets.Widget:
    """Return a control; the widest description, "order of the rows", fits, so all controls begin in one line."""
    return kind(description=description, style={"description_width": "120px"}, **more)


def _together(*controls: widgets.Widget) -> widgets.HBox:
    return widgets.HBox(controls, layout={"flex_flow": "row wrap"})


def _figure(width: float, height: float) -> Figure:
    """Return a figure in inches of 100 dots, with room at its sides for wider numbers along an axis."""
    figure = Figure((width, height), dpi=100, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.25)
    return figure


def _block(html: str, attributes: str = "", style: str = "") -> str:
    """Return HTML with its lines as close as a text's; in JupyterLab those of a widget are as far apart as controls."""
    return f'<div {attributes} style="line-height: 1.4; {style}">{html}</div>'


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an HTML table; a row's first cell is its heading."""
    pad = 'style="padding: 0 0.6em; text-align: right"'
    top = "".join(f'<th scope="col" {pad}>{escape(cell)}</th>' if cell else "<td></td>" for cell in head)
    lines = [
        f'<tr><th scope="row" {pad}>{escape(first)}</th>' + "".join(f"<td {pad}>{escape(cell)}</td>" for cell in rest)
        for first, *rest in rows
    ]
    return (
        f"<table><caption>{escape(caption)}</caption><tr>{top}</tr>{''.join(f'{line}</tr>' for line in lines)}</table>"
    )


def _tree(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """Yield a widget and all that it is made of."""
    for part in getattr(widget, "children", ()):
        yield from _tree(part)
    for name in ("layout", "style"):
        if hasattr(widget, name):
            yield getattr(widget, name)
    yield widget


# --- a curve, step by step --------------------------------------------------------------------------------------------


def concept_reading(run: Run, k: int, curvature: float | None = None) -> str:
    """Return what is seen after k steps on a curve; ``curvature`` is its second derivative where that is constant."""
    theta, slopes = run.parameters[:, 0], run.problem.slope(run.parameters[:, 0])
    if slopes[0] == 0:
        return f"stays: at the start θ₀ = {say(theta[0])} the slope is 0, so no step moves"
    if run.diverged:
        whole = f"diverges: after step {len(run)} the numbers are too large for a computer"
    elif curvature is not None:
        whole = batch_rate_in_words(float(run.eta), curvature)
    elif run.eta == 0:
        whole = "stays: η = 0 moves nothing"
    else:
        whole = f"{_way(theta)}; {_count(run)} end at θ = {say(theta[-1])}, {_slope(slopes[-1])}"
    if k == 0:
        return f"{whole}; at the start θ₀ = {say(theta[0])} downhill is to the {'left' if slopes[0] > 0 else 'right'}"
    moved = change_in_words(theta[k - 1], theta[k], least=1e-12)
    return f"{whole}; in step {k} θ {moved}, and the loss {loss_change(run, k - 1, k)}"


def _slope(slope: float) -> str:
    return f"where the slope is {'practically 0' if abs(slope) < 1e-12 else say(slope)}"


def _way(theta: np.ndarray) -> str:
    """Return how the steps follow each other, in words, from their signs."""
    moves = np.diff(theta)
    steps = np.flatnonzero(np.abs(moves) > 1e-12 * np.abs(theta[:-1]))  # what is smaller may be rounding
    flips = np.diff(np.sign(moves[steps])) != 0
    if not flips.any():
        return "goes one way all the time"
    if flips.all():
        return "turns round at every step"
    return f"turns round for the first time at step {steps[1:][flips][0] + 1}"


def update_in_words(run: Run, k: int) -> str:
    """Return equation (1) for step k of a run on a curve, with its numbers; = only where the shown digits are exact."""
    if k == 0:
        return f"θ₀ = {say(run.parameters[0, 0], 6)}"
    old, new = map(float, run.parameters[k - 1 : k + 1, 0])
    eta, slope = float(run.rates[k - 1]), float(run.problem.slope(old))
    digits = digits_apart(old, new, digits=6)
    shown = [Fraction(f"{number:.{digits}g}") for number in (old, eta, slope, new)]
    unrounded = all(Fraction(f"{x:.15g}") == text for x, text in zip((old, eta, slope), shown, strict=False))
    equal = shown[0] - shown[1] * shown[2] == shown[3]
    before, rate, gradient, after = (say(number, digits) for number in (old, eta, slope, new))
    gradient = gradient if slope >= 0 and "·" not in gradient else f"({gradient})"
    now, then = (f"θ{j}".translate(_LOWERED) for j in (k, k - 1))
    numbers = f"{'=' if unrounded else '≈'} {before} − {rate}·{gradient} {'=' if equal else '≈'} {after}"
    return f"{now} = {then} − η·L′({then}) {numbers}"


class ConceptExplorer(Explorer):
    """A descent on a curve, step by step: its start, its learning rate, and the tangent that each step follows."""

    name = "Concept explorer"
    details_first = True

    def __init__(self) -> None:
        self.curves = {curve.name: curve for curve in (parabola(), two_minima(), plateau())}
        self.curve = _dropdown("curve", *self.curves)
        self.start = _slider(_Slider, "start θ₀", 2.5, -3, 3, 0.05)
        self.eta = _slider(_Slider, "learning rate η", 0.3, 0, 2.5, 0.01)
        self.steps = _slider(widgets.IntSlider, "number of steps", 20, 1, 50)
        figure = _figure(9, 4)
        self.axes = figure.add_subplot()
        controls = [self.curve, self.start, self.eta, self.steps, *self._player(self.steps.value, 5)]
        super().__init__(figure, controls, [self.curve])

    def compute(self) -> None:
        """Descend from the start, and let the player go as far."""
        self.run = descend(self.curves[self.curve.value], self.start.value, self.eta.value, self.steps.value)
        self.k.max = self.steps.value

    def ground(self) -> list[Artist]:
        """Draw the curve."""
        return plots.curve(self.axes, self.run.problem, (-3.5, 3.5))

    def layer(self) -> list[Artist]:
        """Draw the steps taken and the tangent at the last of them."""
        curve, k = self.run.problem, self.taken
        steps = plots.steps_on_curve(self.axes, curve, self.run, upto=k)
        return [*steps, *plots.tangent(self.axes, curve, self.run.parameters[k, 0])]

    def read(self) -> str:
        """Return what the rate does, and what the last step did."""
        slope = self.run.problem.slope
        return concept_reading(self.run, self.taken, slope(1) - slope(0) if self.curve.value == "parabola" else None)

    def tell(self) -> str:
        """Return the last update as an equation."""
        return escape(update_in_words(self.run, self.taken))


# --- a line fitted by hand --------------------------------------------------------------------------------------------


def loss_reading(problem: LinearRegression, theta: np.ndarray) -> str:
    """Return how good a fit is, how much better the best is, and which way is down."""
    loss, best, gradient = float(problem.loss(theta)), float(problem.loss(problem.minimizer())), problem.gradient(theta)
    if loss - best <= 1e-12 * best:
        return f"loss {say(loss)}, as small as it gets: this is the best fit"
    digits = digits_apart(loss, best)
    where = f"loss {say(loss, digits)}, {say(loss - best)} above the best fit's {say(best, digits)}"
    return f"{where}; downhill: {_downhill(problem, gradient)}"


def _downhill(problem: LinearRegression, gradient: np.ndarray) -> str:
    """Return what a step does to each parameter."""
    moves = {"raise": gradient < 0, "lower": gradient > 0}
    words = [f"{move} {', '.join(np.array(problem.names)[which])}" for move, which in moves.items() if which.any()]
    return " and ".join(words) or "no direction, the gradient is 0"


class LossExplorer(Explorer):
    """A line fitted by hand: each row's squared error as a square, and the loss as a place on its surface."""

    name = "Loss explorer"

    def __init__(self) -> None:
        self.problem = LinearRegression(*data.six_points())
        self.w = _slider(_Slider, "weight w", 0, -1.5, 2.5, 0.05)
        self.b = _slider(_Slider, "bias b", 1, -1, 3, 0.05)
        figure = _figure(9, 4.4)
        self.left, self.right = figure.subplots(1, 2)
        super().__init__(figure, [self.w, self.b])

    @property
    def theta(self) -> np.ndarray:
        """θ = (w, b) as the sliders say."""
        return np.array([self.w.value, self.b.value])

    def ground(self) -> list[Artist]:
        """Draw the data and the loss surface."""
        span = [(slider.min - 0.5, slider.max + 0.5) for slider in (self.w, self.b)]  # so that the arrow has room
        points = plots.data(self.left, self.problem)
        self.left.set(xlim=(-0.5, 4.5), ylim=(-0.5, 4.5))  # room for a line that is far off
        return [*points, *plots.contours(self.right, self.problem, plots.plane_of(self.problem), span=span)]

    def layer(self) -> list[Artist]:
        """Draw the line with its squares, the place on the surface, and an arrow downhill."""
        theta, gradient = self.theta, self.problem.gradient(self.theta)
        layer = [
            *plots.fit(self.left, self.problem, theta),
            self.right.add_artist(Line2D([theta[0]], [theta[1]], marker="o", color="C1", ms=10, mec="white")),
        ]
        if gradient.any():
            tip = theta - 0.45 * gradient / np.linalg.norm(gradient)
            arrow = FancyArrowPatch(theta, tip, arrowstyle="-|>", mutation_scale=16, color="C1", shrinkA=0, lw=2)
            layer.append(self.right.add_artist(arrow))
        return layer

    def read(self) -> str:
        """Return the loss and the way down."""
        return loss_reading(self.problem, self.theta)

    def tell(self) -> str:
        """Return each row's error and its square, and the mean of the squares."""
        errors = self.problem.residuals(self.theta)
        rows = [
            ["x", *map(say, self.problem.x[:, 0]), ""],
            ["error ŷ − y", *map(say, errors), ""],
            ["squared", *map(say, errors**2), f"L = {say(self.problem.loss(self.theta))}"],
        ]
        return _table("Errors of the line", ["", *(f"row {i}" for i in range(1, len(errors) + 1)), "mean"], rows)


# --- the chain rule, number by number ---------------------------------------------------------------------------------


def derivation_reading(row: LinearRegression, theta: np.ndarray) -> str:
    """Return what one row's output, loss and gradient are, and whether the derivation is confirmed."""
    output, error, check = row.predict(theta)[0], row.residuals(theta)[0], check_gradient(row, theta)
    side = f"{say(abs(error))} {'above' if error > 0 else 'below'}" if error else "exactly"
    where = f"ŷ = {say(output)} is {side} the target {say(row.y[0])}, L = {say(row.loss(theta))}"
    gap = np.abs(check.analytic - check.numerical).max()
    agree = "agree to 8 decimals" if gap < 5e-9 else f"differ by {say(gap, 2)}"  # below, it is rounding
    return f"{where}; downhill: {_downhill(row, check.analytic)}; analytic and numerical gradient {agree}"


class DerivationExplorer(Explorer):
    """The computation graph of one sample's loss: values forward, derivatives along the chain."""

    name = "Derivation explorer"

    def __init__(self) -> None:
        self.problems = LinearRegression(*data.worked_example())
        self.sample = _dropdown("sample", "1", "2")
        self.w1, self.w2, self.b = (_slider(_Slider, name, 0, -1, 1, 0.01) for name in self.problems.names)
        figure = _figure(9, 4.1)
        self.axes = figure.add_subplot(frameon=False, xticks=[], yticks=[])
        super().__init__(figure, [self.sample, self.w1, self.w2, self.b], [self.sample])

    @property
    def problem(self) -> LinearRegression:
        """The sample's own problem."""
        return self.problems[int(self.sample.value) - 1]

    @property
    def theta(self) -> np.ndarray:
        """θ = (w₁, w₂, b) as the sliders say."""
        return np.array([self.w1.value, self.w2.value, self.b.value])

    def ground(self) -> list[Artist]:
        """Draw the graph with its formulas."""
        return plots.graph_formulas(self.axes, self.problem)

    def layer(self) -> list[Artist]:
        """Draw the values."""
        return plots.graph_values(self.axes, self.problem, self.theta)

    def read(self) -> str:
        """Return the sample's output, loss and way down."""
        return f"sample {self.sample.value}: {derivation_reading(self.problem, self.theta)}"

    def tell(self) -> str:
        """Return the analytic gradient, from the chain rule, beside central differences."""
        check, error = check_gradient(self.problem, self.theta), self.problem.residuals(self.theta)[0]
        chains = [f"{say(2 * error, 6)}·1·1·{say(x, 6)}" for x in self.problem.design[0]]
        both = zip(self.problem.names, chains, check.analytic, check.numerical, strict=True)
        rows = [[f"∂L/∂{name}", chain, _fixed(g), _fixed(n)] for name, chain, g, n in both]
        head = ["gradient", "∂L/∂e·∂e/∂ŷ·∂ŷ/∂p·∂p/∂θ", "analytic", "central difference"]
        return _table("The product along the chain, from L back to a parameter", head, rows)


def _fixed(number: float) -> str:
    return f"{number:z.8f}".replace("-", "−")


# --- the worked example, step by step ---------------------------------------------------------------------------------


def worked_reading(run: Run, k: int) -> str:
    """Return what step k of a run on few rows did, and what its learning rate does in the long run."""
    whole = rate_in_words(run.problem, float(run.eta), run.order)
    if k == 0:
        names = " = ".join(run.problem.names)
        return f"start at {names} = 0, where the loss over all rows is {say(run.losses[0])}; {whole}"
    rows = f"row {run.rows[k - 1][0] + 1}" if run.order == "one by one" else "all rows"
    return f"step {k} uses {rows}; the loss over all rows {loss_change(run, k - 1, k)}; {whole}"


def steps_table(run: Run, k: int) -> str:
    """Return the first k steps of a run as an HTML table, the last one on top."""
    numbers = np.arange(1, len(run.problem) + 1)
    rows = [
        [str(j), ", ".join(map(str, numbers[run.rows[j - 1]])), say(run.step_losses[j - 1], 6)]
        + [say(parameter, 6) for parameter in run.parameters[j]]
        for j in range(k, 0, -1)
    ]
    start = ["start", "", "", *(say(parameter, 6) for parameter in run.parameters[0])]
    head = ["step", "rows", "loss", *run.problem.names]
    return _table("All steps up to now: rows used, their loss before, θ after", head, [*rows, start])


class WorkedExampleExplorer(Explorer):
    """The worked example, step by step: the arithmetic of a step with its numbers, and all steps before it."""

    name = "Worked example explorer"
    details_first = True
    most = 100

    def __init__(self) -> None:
        self.problem = LinearRegression(*data.worked_example())
        self.eta = _slider(_Slider, "learning rate η", 0.1, 0, 1, 0.01)
        self.order = _dropdown("order of the rows", "one by one", "batch")
        figure = _figure(9, 3.4)
        self.left, self.right = figure.subplots(1, 2)
        super().__init__(figure, [self.eta, self.order, *self._player(self.most, 1)])

    def compute(self) -> None:
        """Descend from zero."""
        self.run = descend(self.problem, np.zeros(3), self.eta.value, self.most, order=self.order.value)

    def ground(self) -> list[Artist]:
        """Draw the loss surface and axes for the loss."""
        self.plane, start = plots.plane_of(self.problem), self.run.losses[0]
        return [
            *plots.contours(self.left, self.problem, self.plane),
            *plots.loss_axes(self.right, steps=self.most, lowest=1e-6 * start, highest=100 * start),
        ]

    def layer(self) -> list[Artist]:
        """Draw the path up to now, the loss, and where it is now."""
        k = self.taken
        here = np.clip(self.run.losses[k], *self.right.get_ylim())
        return [
            *plots.path(self.left, self.run, self.plane, upto=k),
            *plots.losses(self.right, self.run),
            self.right.add_artist(Line2D([k], [here], marker="D", color="black", ms=8, clip_on=False)),
        ]

    def read(self) -> str:
        """Return what the step did."""
        return worked_reading(self.run, self.taken)

    def tell(self) -> str:
        """Return the step's arithmetic, and the table of all steps up to now."""
        arithmetic = explain_step(self.run, self.taken).to_html() if self.taken else "<p>Press Step or Play.</p>"
        table = _block(steps_table(self.run, self.taken), 'tabindex="0"', "height: 11em; overflow: auto")
        return f'<div style="display: flex; flex-wrap: wrap; gap: 0 2em">{arithmetic}{table}</div>'


# --- which learning rate? ---------------------------------------------------------------------------------------------


def rate_problem(rows: str, scaled: bool) -> LinearRegression:
    """Return the problem of the data set of this name, its features standardised or not."""
    x, y = {"two rows": data.worked_example, "narrow valley": data.narrow_valley}[rows]()
    return LinearRegression(data.standardised(x) if scaled else x, y)


def rate_limit(problem: LinearRegression, order: str) -> float:
    """Return the rate from which on descent in this order diverges."""
    return round_limit(problem) if order == "one by one" else stability_limit(problem)


class LearningRateExplorer(Explorer):
    """A learning rate on a ruler of what rates do, the path it makes, and its loss step by step."""

    name = "Learning rate explorer"
    most = 50

    def __init__(self) -> None:
        self.eta = _slider(_LogSlider, "learning rate η", 0.1, -3, 1, 0.01)
        self.data = _dropdown("data", "two rows", "narrow valley")
        self.order = _dropdown("order of the rows", "batch", "one by one")
        self.scaled = widgets.Checkbox(False, description="features scaled", indent=False, layout={"width": "auto"})
        parts = {"too small": 0.02, "good": 0.5, "overshooting": 0.9, "bouncing": 1.0, "diverging": 1.05}
        self.presets = {name: _Button(name, lambda part=part: self._preset(part)) for name, part in parts.items()}
        figure = _figure(9, 4.6)
        self.ruler, self.left, self.right = figure.subplot_mosaic("aa;bc", height_ratios=[1, 2.6]).values()
        grounds = [self.data, self.order, self.scaled]
        rows = _together(self.data, self.scaled)
        super().__init__(figure, [self.eta, _together(*self.presets.values()), rows, self.order], grounds)

    def _preset(self, part: float) -> None:
        self.eta.value = part * self.limit

    def compute(self) -> None:
        """Descend from zero."""
        problem = rate_problem(self.data.value, self.scaled.value)
        self.run = descend(problem, np.zeros(len(problem.names)), self.eta.value, self.most, order=self.order.value)

    def ground(self) -> list[Artist]:
        """Draw the ruler, the loss surface and axes for the loss; name the presets for what they do in this order."""
        problem, order, start = self.run.problem, self.run.order, self.run.losses[0]
        self.limit, self.plane = rate_limit(problem, order), plots.plane_of(problem)
        self.presets["overshooting"].description = "overshooting" if order == "batch" else "below the limit"
        self.presets["bouncing"].description = "bouncing" if order == "batch" else "at the limit"
        lowest = max(float(problem.loss(problem.minimizer())) / 2, 1e-8 * start)
        return [
            *plots.regimes(self.ruler, problem, order=order, low=1e-3, high=10),
            *plots.contours(self.left, problem, self.plane),
            *plots.loss_axes(self.right, steps=self.most, lowest=lowest, highest=1000 * start),
        ]

    def layer(self) -> list[Artist]:
        """Draw the rate on the ruler, the path and the loss."""
        return [
            *plots.rate_marker(self.ruler, self.eta.value),
            *plots.path(self.left, self.run, self.plane),
            *plots.losses(self.right, self.run),
        ]

    def read(self) -> str:
        """Return what the rate does in the long run, and what it did to the loss."""
        return f"{rate_in_words(self.run.problem, float(self.run.eta), self.run.order)}; {loss_in_words(self.run)}"
