"""The loss explorer: a line fitted by hand."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from gdlib import data, plots
from gdlib._formatting import number
from gdlib.explore.base import Explorer, Slider, figure_of, slider
from gdlib.explore.words import digits_apart, downhill, table
from gdlib.figures.look import course_look
from gdlib.linear import LinearRegression


def loss_reading(problem: LinearRegression, theta: np.ndarray) -> str:
    """Return how good a fit is, how much better the best is, and which way is down."""
    loss, best, gradient = float(problem.loss(theta)), float(problem.loss(problem.minimizer())), problem.gradient(theta)
    if loss - best <= 1e-12 * best:
        return f"loss {number(loss)}, as small as it gets: this is the best fit"
    digits = digits_apart(loss, best)
    where = f"loss {number(loss, digits)}, {number(loss - best)} above the best fit's {number(best, digits)}"
    return f"{where}; downhill: {downhill(problem, gradient)}"


class LossExplorer(Explorer):
    """A line fitted by hand: each row's squared error as a square, and the loss as a place on its surface."""

    name = "Loss explorer"

    @course_look()
    def __init__(self) -> None:
        self.problem = LinearRegression(*data.six_points())
        self.w = slider(Slider, "weight w", 0, -1.5, 2.5, 0.05)
        self.b = slider(Slider, "bias b", 1, -1, 3, 0.05)
        figure = figure_of(9, 4.4)
        self.left, self.right = figure.subplots(1, 2)
        super().__init__(figure, [self.w, self.b])

    @property
    def theta(self) -> np.ndarray:
        """θ = (w, b) as the sliders say."""
        return np.array([self.w.value, self.b.value])

    def ground_artists(self) -> list[Artist]:
        """Return the data and the loss surface, drawn."""
        span = [(each.min - 0.5, each.max + 0.5) for each in (self.w, self.b)]  # so that the arrow has room
        points = plots.data(self.left, self.problem)
        self.left.set(xlim=(-0.5, 4.5), ylim=(-0.5, 4.5))  # room for a line that is far off
        return [*points, *plots.contours(self.right, self.problem, plots.plane_of(self.problem), span=span)]

    def layer_artists(self) -> list[Artist]:
        """Return the line with its squares, the place on the surface, and an arrow downhill, drawn."""
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

    def reading_text(self) -> str:
        """Return the loss and the way down."""
        return loss_reading(self.problem, self.theta)

    def details_html(self) -> str:
        """Return each row's error and its square, and the mean of the squares."""
        errors = self.problem.residuals(self.theta)
        rows = [
            ["x", *map(number, self.problem.x[:, 0]), ""],
            ["error ŷ − y", *map(number, errors), ""],
            ["squared", *map(number, errors**2), f"L = {number(self.problem.loss(self.theta))}"],
        ]
        return table("Errors of the line", ["", *(f"row {i}" for i in range(1, len(errors) + 1)), "mean"], rows)
