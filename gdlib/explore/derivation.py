"""The derivation explorer: the chain rule, number by number."""

import numpy as np
from matplotlib.artist import Artist

from gdlib import data
from gdlib._formatting import number
from gdlib.explore.base import Explorer, Slider, dropdown, figure_of, places, slider
from gdlib.explore.words import downhill, table
from gdlib.figures.look import course_look
from gdlib.graph import graph_formulas, graph_values
from gdlib.linear import LinearRegression
from gdlib.problem import check_gradient


def derivation_reading(row: LinearRegression, theta: np.ndarray) -> str:
    """Return what one row's output, loss and gradient are, and whether the derivation is confirmed."""
    output, error, check = row.predict(theta)[0], row.residuals(theta)[0], check_gradient(row, theta)
    side = f"{number(abs(error))} {'above' if error > 0 else 'below'}" if error else "exactly"
    where = f"ŷ = {number(output)} is {side} the target {number(row.y[0])}, L = {number(row.loss(theta))}"
    gap = np.abs(check.analytic - check.numerical).max()
    agree = "agree to 8 decimals" if gap < 5e-9 else f"differ by {number(gap, 2)}"  # below, it is rounding
    return f"{where}; downhill: {downhill(row, check.analytic)}; formula and measurement {agree}"


class DerivationExplorer(Explorer):
    """The computation graph of one row's loss: values forward, derivatives along the chain."""

    name = "Derivation explorer"
    shipped = (
        {"b": places(-1, 1, 0.05)},
        {"w1": [-0.5, 0, 0.5], "w2": [-0.5, 0, 0.5], "b": [-0.5, 0, 0.8]},
        {"w1": places(-1, 1, 0.1)},
        {"w2": places(-1, 1, 0.1)},
        {"row": ["2"], "b": places(-1, 1, 0.05)},
        {"row": ["2"], "w1": [-0.5, 0, 0.5], "w2": [-0.5, 0, 0.5], "b": [-0.5, 0, 0.8]},
        {"row": ["2"], "w1": places(-1, 1, 0.2)},
        {"row": ["2"], "w2": places(-1, 1, 0.2)},
    )

    @course_look()
    def __init__(self) -> None:
        self.problems = LinearRegression(*data.worked_example())
        self.row = dropdown("row", "1", "2")
        self.w1, self.w2, self.b = (slider(Slider, name, 0, -1, 1, 0.01) for name in self.problems.names)
        figure = figure_of(9, 4.1)
        self.axes = figure.add_subplot(frameon=False, xticks=[], yticks=[])
        super().__init__(figure, [self.row, self.w1, self.w2, self.b], [self.row])

    @property
    def problem(self) -> LinearRegression:
        """The row's own problem."""
        return self.problems[int(self.row.value) - 1]

    @property
    def theta(self) -> np.ndarray:
        """θ = (w₁, w₂, b) as the sliders say."""
        return np.array([self.w1.value, self.w2.value, self.b.value])

    def ground_artists(self) -> list[Artist]:
        """Return the graph with its formulas, drawn."""
        return graph_formulas(self.axes, self.problem)

    def layer_artists(self) -> list[Artist]:
        """Return the values, drawn."""
        return graph_values(self.axes, self.problem, self.theta)

    def reading_text(self) -> str:
        """Return the row's output, loss and way down."""
        return f"row {self.row.value}: {derivation_reading(self.problem, self.theta)}"

    def details_html(self) -> str:
        """Return the gradient by the formulas, from the chain rule, beside what central differences measure."""
        check, error = check_gradient(self.problem, self.theta), self.problem.residuals(self.theta)[0]
        chains = [f"{number(2 * error, 6)}·1·1·{number(x, 6)}" for x in self.problem.design[0]]
        both = zip(self.problem.names, chains, check.analytic, check.numerical, strict=True)
        rows = [[f"∂L/∂{name}", chain, _fixed(g), _fixed(n)] for name, chain, g, n in both]
        head = ["gradient", "∂L/∂e·∂e/∂ŷ·∂ŷ/∂p·∂p/∂θ", "by formula", "measured"]
        return table("The product along the chain, from L back to a parameter", head, rows)


def _fixed(value: float) -> str:
    return f"{value:z.8f}".replace("-", "−")
