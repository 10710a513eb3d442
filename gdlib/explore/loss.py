"""The loss explorer: a line fitted by hand, and led downhill from there."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.quiver import Quiver

from gdlib import data, plots
from gdlib._formatting import number
from gdlib.descent import Run, descend
from gdlib.explore.base import Explorer, Slider, figure_of, places, slider
from gdlib.explore.words import digits_apart, downhill, table
from gdlib.figures.look import course_look
from gdlib.linear import LinearRegression


def loss_reading(problem: LinearRegression, theta: np.ndarray) -> str:
    """Return how good a fit is, how much better the best is, and which way is down."""
    loss, best = float(problem.loss(theta)), float(problem.loss(problem.minimizer()))
    if is_best(problem, theta):
        return f"mean loss {number(loss)}, as small as it gets: this is the best fit"
    digits = digits_apart(loss, best)
    where = f"mean loss {number(loss, digits)}, {number(loss - best)} above the best fit's {number(best, digits)}"
    return f"{where}; downhill: {downhill(problem, problem.gradient(theta))}"


def is_best(problem: LinearRegression, theta: np.ndarray) -> bool:
    """Return whether a fit is the best up to rounding; what is left of its gradient points nowhere."""
    best = problem.loss(problem.minimizer())
    return bool(problem.loss(theta) - best <= 1e-12 * best)


class LossExplorer(Explorer):
    """A line fitted by hand: each row's squared error as a square, and the loss as a place on its surface.

    From there steps go down against the gradient; a line of one's own again begins a new trail.
    """

    name = "Loss explorer"
    most = 50
    shipped = (
        {"w": [0, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9], "b": [0.3, 0.5, 0.6, 0.7, 0.75, 0.85, 0.95, 1, 1.2]},
        {"w": [-1.5, -1, -0.5, -0.25, 0.1, 0.2, 0.35, 0.45, 0.65, 1, 1.25, 1.5, 2, 2.5]},
        {"b": places(-1, 3, 0.25)},
        {"w": [-1.5, -0.5, 0, 1.5, 2.5], "b": [-1, 0, 1.95, 2.95]},
        {"k": range(21)},
        {"eta": [0.05, 0.2], "k": range(13)},
        {"eta": places(0, 0.2, 0.02)},
    )

    @course_look()
    def __init__(self) -> None:
        self.problem = LinearRegression(*data.six_points())
        self.w = slider(Slider, "your weight w", 0, -1.5, 2.5, 0.05)
        self.b = slider(Slider, "your bias b", 1, -1, 3, 0.05)
        self.eta = slider(Slider, "learning rate η", 0.1, 0, 0.2, 0.005)
        figure = figure_of(9, 3.7)
        self.left, self.right = figure.subplots(1, 2)
        player, k = self.add_player(self.most, 0)
        for own in (self.w, self.b):
            own.observe(lambda change: self.reset.click(), "value")
        super().__init__(figure, [self.w, self.b, self.eta, k, player])

    def make_run(self) -> Run:
        """Return the descent from one's own line."""
        return descend(self.problem, [self.w.value, self.b.value], self.eta.value, self.most)

    @property
    def theta(self) -> np.ndarray:
        """θ = (w, b) after the steps taken."""
        return self.run.parameters[self.taken]

    def ground_artists(self) -> list[Artist]:
        """Return the data and the loss surface, drawn."""
        span = [(each.min - 0.5, each.max + 0.5) for each in (self.w, self.b)]  # so that an arrow has room
        self.plane = plots.plane_of(self.problem)
        points = plots.data(self.left, self.problem)
        self.left.set(xlim=(-0.5, 4.5), ylim=(-0.5, 4.5))  # room for a line that is far off
        return [*points, *plots.contours(self.right, self.problem, self.plane, span=span)]

    def layer_artists(self) -> list[Artist]:
        """Return the line with its squares, the trail on the surface, and the next step as an arrow, drawn."""
        move = -self.run.eta * self.problem.gradient(self.theta)
        layer = [
            *plots.fit(self.left, self.problem, self.theta),
            *plots.path(self.right, self.run, self.plane, upto=self.taken),
        ]
        if move.any() and not is_best(self.problem, self.theta) and self.right.viewLim.contains(*self.theta):
            look = {"angles": "xy", "scale_units": "xy", "scale": 1, "units": "inches", "width": 0.025, "zorder": 5}
            layer.append(self.right.add_artist(Quiver(self.right, *self.theta, *move, color="black", **look)))
        return layer

    def reading_text(self) -> str:
        """Return the loss and the way down, before or after steps."""
        k, (w, b) = self.taken, self.theta
        after = f"after step {k} w = {number(w)}, b = {number(b)}: " if k else ""
        return after + loss_reading(self.problem, self.theta)

    def details_html(self) -> str:
        """Return each row's error and its square, and the means of both."""
        errors = self.problem.residuals(self.theta)
        mean = errors.mean() if abs(errors.mean()) > 1e-12 * abs(errors).max() else 0  # what is left is rounding
        rows = [
            ["x", *map(number, self.problem.x[:, 0]), ""],
            ["error ŷ − y", *map(number, errors), number(mean)],
            ["squared", *map(number, errors**2), f"L = {number(self.problem.loss(self.theta))}"],
        ]
        return table("Errors of the line", ["", *(f"row {i}" for i in range(1, len(errors) + 1)), "mean"], rows)
