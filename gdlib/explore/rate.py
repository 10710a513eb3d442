"""The learning rate explorer: which rates do what, on a ruler."""

import ipywidgets as widgets
import numpy as np
from matplotlib.artist import Artist

from gdlib import data, plots
from gdlib.curvature import best_rate, curvatures, round_limit, stability_limit
from gdlib.descent import Run, descend
from gdlib.explore.base import Button, Explorer, LogSlider, dropdown, figure_of, slider, together
from gdlib.explore.words import loss_in_words, rate_in_words
from gdlib.figures.look import course_look
from gdlib.linear import LinearRegression


def rate_problem(rows: str, scaled: bool) -> LinearRegression:
    """Return the problem of the data set of this name, its features standardised or not."""
    x, y = {"two rows": data.worked_example, "narrow valley": data.narrow_valley}[rows]()
    return LinearRegression(data.standardised(x) if scaled else x, y)


def rate_limit(problem: LinearRegression, order: str) -> float:
    """Return the rate at which descent in this order first stops converging."""
    return round_limit(problem) if order == "one by one" else stability_limit(problem)


#: Rates that a page without Python has for all data and orders; between them, for the two rows in batch order, more.
ROUND = (0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 1, 2, 5, 10)
BETWEEN = (
    *(0.0015, 0.002, 0.004, 0.005, 0.006, 0.008, 0.015, 0.03, 0.04, 0.06, 0.08, 0.12, 0.15, 0.17, 0.22, 0.25, 0.28),
    *(0.32, 0.35, 0.38, 0.45, 0.55, 0.62, 0.66, 0.68, 0.72, 0.75, 0.8, 0.9, 1.2, 1.5, 3, 4, 7),
)


class LearningRateExplorer(Explorer):
    """A learning rate on a ruler of what rates do, the path it makes, and its loss step by step."""

    name = "Learning rate explorer"
    most = 50
    shipped = (
        {"eta": sorted(ROUND + BETWEEN)},
        {
            "eta": ROUND,
            "data": ["two rows", "narrow valley"],
            "order": ["batch", "one by one"],
            "scaled": [False, True],
        },
    )

    @course_look()
    def __init__(self) -> None:
        self.eta = slider(LogSlider, "learning rate η", 0.1, -3, 1, 0.01)
        self.data = dropdown("data", "two rows", "narrow valley")
        self.order = dropdown("order of the rows", "batch", "one by one")
        self.scaled = widgets.Checkbox(False, description="features scaled", indent=False, layout={"width": "auto"})
        parts = {"too small": 0.02, "good": 0.5, "overshooting": 0.9, "bouncing": 1.0, "diverging": 1.05}
        self.presets = {name: Button(name, lambda part=part: self._preset(part)) for name, part in parts.items()}
        figure = figure_of(9, 4.7)
        self.ruler, self.left, self.right = figure.subplot_mosaic("aa;bc", height_ratios=[1, 2.4]).values()
        grounds = [self.data, self.order, self.scaled]
        rows = together(self.data, self.scaled)
        super().__init__(figure, [self.eta, together(*self.presets.values()), rows, self.order], grounds)

    def _preset(self, part: float) -> None:
        self.eta.value = part * self.limit

    def make_run(self) -> Run:
        """Return the descent from zero."""
        problem = rate_problem(self.data.value, self.scaled.value)
        return descend(problem, np.zeros(len(problem.names)), self.eta.value, self.most, order=self.order.value)

    def ground_artists(self) -> list[Artist]:
        """Return the ruler, the loss surface and axes for the loss, drawn; presets are named for what they do now."""
        problem, order, start = self.run.problem, self.run.order, self.run.losses[0]
        self.limit, self.plane = rate_limit(problem, order), plots.plane_of(problem)
        self.presets["overshooting"].description = "overshooting" if order == "batch" else "below the limit"
        self.presets["bouncing"].description = "bouncing" if order == "batch" else "at the limit"
        lowest = max(float(problem.loss(problem.minimizer())) / 2, 1e-8 * start)
        return [
            *plots.regimes(self.ruler, problem, order=order, low=1e-3, high=10),
            *plots.contours(self.left, problem, self.plane),
            *plots.loss_axes(self.right, steps=self.most, lowest=lowest, highest=1000 * start),
            *self._legend(),
        ]

    def _legend(self) -> list[Artist]:
        """Return the names of the parts of the loss, drawn, where it is split."""
        parts = self._parts()
        # Above the Axes: inside, lines would cross it.
        above = {"loc": "lower center", "bbox_to_anchor": (0.5, 1), "borderaxespad": 0.2}
        look = {"fontsize": 9, "handlelength": 2.4, "ncol": 2, "columnspacing": 1, "frameon": False}
        legends = [self.right.legend(handles=parts, **above, **look)] if parts else []
        self.right.set_title(self.right.get_title(), pad=21)
        for part in parts:
            part.remove()
        return legends

    def _parts(self) -> list[Artist]:
        """Return the parts of the loss along the axes of the bowl, drawn; single rows have no axes in common."""
        parts = plots.loss_parts(self.right, self.run) if self.run.order == "batch" else []
        for part in parts:  # its last digits, which would move single dots, hang on the processor
            part.set_ydata(np.float32(np.minimum(part.get_ydata(), 1e38)))
        return parts

    def layer_artists(self) -> list[Artist]:
        """Return the rate on the ruler, the path, and the loss with its parts, drawn."""
        return [
            *plots.rate_marker(self.ruler, self.eta.value),
            *plots.path(self.left, self.run, self.plane),
            *plots.losses(self.right, self.run),
            *self._parts(),
        ]

    def edges(self) -> dict[str, list[float]]:
        """Return the rates at which the steepest axis overshoots, all is fastest, and the descent stops converging."""
        problem, order = self.run.problem, self.run.order
        lands = [1 / curvatures(problem)[-1], best_rate(problem)] if order == "batch" else []
        return {"eta": [*map(float, lands), rate_limit(problem, order)]}

    def reading_text(self) -> str:
        """Return what the rate does in the long run, and what it did to the loss."""
        return f"{rate_in_words(self.run.problem, float(self.run.eta), self.run.order)}; {loss_in_words(self.run)}"
