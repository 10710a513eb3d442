"""The concept explorer: a descent on a curve, step by step."""

from fractions import Fraction
from html import escape

import ipywidgets as widgets
import numpy as np
from matplotlib.artist import Artist

from gdlib import plots
from gdlib._formatting import number, subscript
from gdlib.descent import Run, descend
from gdlib.explore.base import Explorer, Slider, dropdown, figure_of, places, slider
from gdlib.explore.words import batch_rate_in_words, change_in_words, digits_apart, loss_change, steps_in_words
from gdlib.figures.look import course_look
from gdlib.problem import parabola, plateau, two_minima


def concept_reading(run: Run, k: int, curvature: float | None = None) -> str:
    """Return what is seen after k steps on a curve; ``curvature`` is its second derivative where that is constant."""
    theta, slopes = run.parameters[:, 0], run.problem.slope(run.parameters[:, 0])
    if slopes[0] == 0:
        return f"stays: at the start θ₀ = {number(theta[0])} the slope is 0, so no step moves"
    if run.diverged:
        whole = f"diverges: after step {len(run)} the numbers are too large for a computer"
    elif curvature is not None:
        whole = batch_rate_in_words(float(run.eta), curvature)
    elif run.eta == 0:
        whole = "stays: η = 0 moves nothing"
    else:
        ends = f"{steps_in_words(run)} end{'s' * (len(run) == 1)}"
        whole = f"{_way(theta)}; {ends} at θ = {number(theta[-1])}, {_slope(slopes[-1])}"
    if k == 0:
        return (
            f"{whole}; at the start θ₀ = {number(theta[0])} downhill is to the {'left' if slopes[0] > 0 else 'right'}"
        )
    moved = change_in_words(theta[k - 1], theta[k], least=1e-12)
    return f"{whole}; in step {k} θ {moved}, and the loss {loss_change(run, k - 1, k)}"


def _slope(slope: float) -> str:
    return f"where the slope is {'practically 0' if abs(slope) < 1e-12 else number(slope)}"


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
        return f"θ₀ = {number(run.parameters[0, 0], 6)}"
    old, new = map(float, run.parameters[k - 1 : k + 1, 0])
    eta, slope = float(run.rates[k - 1]), float(run.problem.slope(old))
    digits = digits_apart(old, new, digits=6)
    shown = [Fraction(f"{value:.{digits}g}") for value in (old, eta, slope, new)]
    unrounded = all(Fraction(f"{x:.15g}") == text for x, text in zip((old, eta, slope), shown, strict=False))
    equal = shown[0] - shown[1] * shown[2] == shown[3]
    before, rate, gradient, after = (number(value, digits) for value in (old, eta, slope, new))
    gradient = gradient if slope >= 0 and "·" not in gradient else f"({gradient})"
    now, then = (f"θ{subscript(j)}" for j in (k, k - 1))
    numbers = f"{'=' if unrounded else '≈'} {before} − {rate}·{gradient} {'=' if equal else '≈'} {after}"
    return f"{now} = {then} − η·L′({then}) {numbers}"


class ConceptExplorer(Explorer):
    """A descent on a curve, step by step: its start, its learning rate, and the tangent that each step follows."""

    name = "Concept explorer"
    details_first = True
    shipped = (
        {"eta": places(0, 2.5, 0.05)},
        {"k": range(21)},
        {"eta": [0.7, 1, 1.5, 2, 2.1], "k": range(13)},
        {"start": places(-3, 3, 0.25)},
        {"curve": ["two minima", "plateau"], "eta": places(0, 2.5, 0.125)},
        {"curve": ["two minima", "plateau"], "k": range(21)},
        {"curve": ["two minima", "plateau"], "start": places(-3, 3, 0.5)},
    )

    @course_look()
    def __init__(self) -> None:
        self.curves = {curve.name: curve for curve in (parabola(), two_minima(), plateau())}
        self.curve = dropdown("curve", *self.curves)
        self.start = slider(Slider, "start θ₀", 2.5, -3, 3, 0.05)
        self.eta = slider(Slider, "learning rate η", 0.3, 0, 2.5, 0.01)
        self.steps = slider(widgets.IntSlider, "number of steps", 20, 1, 50)
        figure = figure_of(9, 4)
        self.axes = figure.add_subplot()
        controls = [self.curve, self.start, self.eta, self.steps, *self.add_player(self.steps.value, 5)]
        super().__init__(figure, controls, [self.curve])

    def make_run(self) -> Run:
        """Return the descent from the start, and let the player go as far."""
        self.k.max = self.steps.value
        return descend(self.curves[self.curve.value], self.start.value, self.eta.value, self.steps.value)

    def ground_artists(self) -> list[Artist]:
        """Return the curve, drawn."""
        return plots.curve(self.axes, self.run.problem, (-3.5, 3.5))

    def layer_artists(self) -> list[Artist]:
        """Return the steps taken and the tangent at the last of them, drawn."""
        curve, k = self.run.problem, self.taken
        steps = plots.steps_on_curve(self.axes, curve, self.run, upto=k)
        return [*steps, *plots.tangent(self.axes, curve, self.run.parameters[k, 0])]

    def reading_text(self) -> str:
        """Return what the rate does, and what the last step did."""
        slope = self.run.problem.slope
        return concept_reading(self.run, self.taken, slope(1) - slope(0) if self.curve.value == "parabola" else None)

    def details_html(self) -> str:
        """Return the last update as an equation."""
        return escape(update_in_words(self.run, self.taken))
