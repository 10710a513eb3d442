"""The network explorer: one row's way through a network and back, and what the network gives everywhere."""

from dataclasses import replace

import ipywidgets as widgets
import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PathCollection
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from gdlib import data, plots
from gdlib._formatting import number, subscript
from gdlib.explain import explain
from gdlib.explore.base import Button, Explorer, Slider, Turn, dropdown, figure_of, slider, together
from gdlib.explore.words import block, explanation_table
from gdlib.figures.look import course_look
from gdlib.network import Network
from gdlib.plots.network import ROUNDING, rounded

START = (1.0, 1.0, 0.0, 1.0, -1.0, 0.0, 0.5, -1.0, 0.0)  # w₁₁ w₁₂ b₁, w₂₁ w₂₂ b₂, v₁ v₂ c
ETA = 0.1  # of the step that is written out
#: What is lit up, by the number of layers that are shown.
SHOWN = (
    "the inputs alone",
    "forward to the hidden neurons",
    "forward to the output",
    "forward to the loss",
    "backward to the output's weights",
    "backward to the hidden weights",
)
#: How many lines of the step are shown then: z₁ h₁ z₂ h₂, ŷ, L, δ, and with δ₁ and δ₂ the update.
LINES = (0, 4, 5, 6, 7, 18)
#: What is said of the neurons that are dead, by their numbers.
FATES = {
    (): "no neuron is dead",
    (1,): "neuron 1 is dead",
    (2,): "neuron 2 is dead",
    (1, 2): "both neurons are dead",
}
OTHERS = [name for name in Network(*data.worked_example()).names if name != "v₁"]  # they start at whole numbers


def scores(network: Network, theta: np.ndarray) -> np.ndarray:
    """Return z of each hidden neuron on the only row of a network; what is 0 but for rounding is 0."""
    return rounded(network.layers(theta)[0] @ network.design[0])


def shut(network: Network, theta: np.ndarray) -> np.ndarray:
    """Return θ with the gates shut that rounding alone holds open: at z = 0 a ReLU has slope 0."""
    theta = theta.copy()
    network.layers(theta)[0][scores(network, theta) == 0, -1] -= ROUNDING / 2
    return theta


def gates(network: Network, theta: np.ndarray, at: int) -> list[float]:
    """Return where, as parameter ``at`` moves, a hidden neuron of a single row has z = 0: with six digits, exactly."""
    moved = np.zeros_like(theta)
    moved[at] = 1
    own, slope = scores(network, theta), network.layers(moved)[0] @ network.design[0]
    found = theta[at] - own[slope != 0] / slope[slope != 0]
    return [float(value) for value in found.round(6) if np.abs(found - value).min() < 1e-12]


def network_reading(network: Network, theta: np.ndarray, name: str, shown: int = 5) -> str:
    """Return what a row's numbers are on its way through a network, as far as is shown, and one parameter's slope."""
    if not shown:
        given = *network.x[0], theta[network.names.index(name)]
        return ", ".join(f"{each} = {number(v)}" for each, v in zip((*network.features, name), given, strict=True))
    theta, z = shut(network, theta), scores(network, theta)
    told = ", ".join(f"z{subscript(j + 1)} = {number(each)}" for j, each in enumerate(z))
    fate = FATES[tuple(np.flatnonzero(z <= 0) + 1)]
    output, loss = float(network.predict(theta)[0]), float(network.loss(theta))
    slope = rounded(network.gradient(theta))[network.names.index(name)]
    if loss < ROUNDING**2:
        output, loss = float(network.y[0]), 0.0
    words = [
        f"{told}, and {fate}",
        f"; ŷ = {number(output)} for the target {number(network.y[0])}",
        f", so L = {number(loss)}",
    ]
    words = words[: min(shown, 3)]
    if shown > 4 or (shown == 4 and name in network.names[network.parts["ŷ"]]):
        words.append(f"; the slope ∂L/∂{name} is {number(slope)}")
    return "".join(words)


def step_html(network: Network, theta: np.ndarray, shown: int = 5) -> str:
    """Return a step on the only row of a network in numbers, as far as is shown: there and back; the update beside."""
    step = explain(network, theta, ETA)
    (cut, update) = step.headings[-1]
    way = replace(step, lines=step.lines[:cut], headings=step.headings[:-1])
    moves = replace(step, lines=step.lines[cut:], headings=((0, f"{update}, η = {number(ETA)}"),))
    there = explanation_table(way, shown=LINES[shown])
    beside = explanation_table(moves, parts=slice(0, 3, 2), shown=LINES[shown] - cut)  # without the numbers: it is wide
    both = "".join(block(each, 'tabindex="0"') for each in (there, beside))
    return f'<div class="gdlib-boxes gdlib-halves">{both}</div>'


class NetworkExplorer(Explorer):
    """A network of two neurons: a row's values forward, its slopes backward, and the output over all inputs."""

    name = "Network explorer"
    span = -0.5, 1.5  # of the outputs that have colours
    shipped = (
        {"value": (-2, 0, 1, 2), "shown": range(6)},
        {"row": ["2"], "shown": range(6)},
        {"row": ["1", "2"], "parameter": ["v₁"], "value": (-2, -1, 0, START[6], 1, 2), "shown": [5]},
        {"row": ["1", "2"], "parameter": OTHERS, "value": (-2, -1, 0, 1, 2), "shown": [5]},
    )

    @course_look()
    def __init__(self) -> None:
        self.network = Network(*data.worked_example())
        self.theta, self._at = np.array(START), 0
        self.parameter = dropdown("parameter", *self.network.names)
        self.row = dropdown("row", "1", "2")
        self.value = slider(Slider, "value", START[0], -2, 2, 0.05)
        self.shown = slider(widgets.IntSlider, "layers shown", 0, 0, 5)
        self.forward = Turn("Forward", self.shown, (1, 2, 3, 1, 1, 1))
        self.backward = Turn("Backward", self.shown, (4, 4, 4, 4, 5, 4))
        self.restore = Button("Back to the start", self.restart)
        figure = figure_of(9, 3.3)
        self.left, self.right = figure.add_axes((0, 0, 0.64, 1)), figure.add_subplot()
        self.left.set_axis_off()
        self.rows, _ = plots.square(self.right, self.network, span=self.span)  # never drawn anew: all controls leave it
        self.right.set(title="Output ŷ", xlim=(-0.6, 1.2), ylim=(-0.6, 1.2))
        figure.get_layout_engine().set(rect=(0.65, 0.04, 0.35, 0.92), w_pad=0.02)
        choices, buttons = together(self.parameter, self.row), together(self.forward, self.backward, self.restore)
        super().__init__(figure, [choices, self.value, buttons, self.shown], [self.row])

    @property
    def problem(self) -> Network:
        """The network on the row that is looked at."""
        return self.network[int(self.row.value) - 1]

    def make_run(self) -> None:
        """Take over what the slider says; to another parameter the slider goes: nothing descends."""
        at = self.parameter.index
        if at != self._at:
            self._at, self.value.value = at, self.theta[at]
        self.theta[at] = self.value.value

    def forget(self) -> None:
        """Put back all parameters."""
        with self._lock:
            if (self.theta != START).any():
                self.theta = np.array(START)
                self.value.value = START[self._at]
                self.update()

    def restart(self) -> None:
        """Put back everything."""
        self.forget()
        self.parameter.index = self.row.index = self.shown.value = 0

    def layer_artists(self) -> list[Artist]:
        """Return the row's graph as far as it is shown, and the output with folds and rows, drawn."""
        theta, shown = shut(self.problem, self.theta), self.shown.value
        lit = {"forward": min(shown, 3), "backward": max(shown - 3, 0)}
        return [
            *plots.network_graph(self.left, self.problem, theta, **lit),
            *plots.output_over(self.right, self.network, self.theta, span=self.span),
            *self._rows(),
        ]

    def _rows(self) -> list[Artist]:
        """Return the rows once more, above the output, with their numbers; a thick frame has the one looked at."""
        dots, here = PathCollection(self.rows.get_paths()), int(self.row.value) - 1
        dots.update_from(self.rows)
        dots.set(offsets=self.network.x, offset_transform=self.right.transData, zorder=4)
        dots.set(path_effects=[withStroke(linewidth=5, foreground="white")])
        dots.set(sizes=[160], linewidths=[2.5 if i == here else 1 for i in range(len(self.network))])
        look = {"ha": "center", "va": "center_baseline", "size": 9, "color": "black", "zorder": 5}
        names = [Text(*place, str(i + 1), **look) for i, place in enumerate(self.network.x)]
        return [self.right.add_artist(each) for each in (dots, *names)]

    def edges(self) -> dict[str, list[float]]:
        """Return the values of the parameter at which a neuron dies, or comes to life."""
        return {"value": gates(self.problem, self.theta, self.parameter.index)}

    def reading_text(self) -> str:
        """Return what is shown of which row, its numbers, and the slope of the chosen parameter."""
        told = network_reading(self.problem, self.theta, self.parameter.value, self.shown.value)
        return f"row {self.row.value}, {SHOWN[self.shown.value]}: {told}"

    def details_html(self) -> str:
        """Return the step on the row, written out."""
        return step_html(self.problem, self.theta, self.shown.value)
