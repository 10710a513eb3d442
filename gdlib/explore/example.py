"""The worked example explorer: its steps, one by one, in arithmetic."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D

from gdlib import data, plots
from gdlib._formatting import number
from gdlib.descent import Run, descend
from gdlib.explain import explain_step
from gdlib.explore.base import Explorer, Slider, dropdown, figure_of, slider
from gdlib.explore.words import block, explanation_table, loss_change, rate_in_words, table
from gdlib.figures.look import course_look
from gdlib.linear import LinearRegression


def worked_reading(run: Run, k: int) -> str:
    """Return what step k of a run on few rows did, and what its learning rate does in the long run."""
    whole = rate_in_words(run.problem, float(run.eta), run.order)
    if k == 0:
        names = " = ".join(run.problem.names)
        return f"start at {names} = 0, where the loss over all rows is {number(run.losses[0])}; {whole}"
    rows = f"row {run.rows[k - 1][0] + 1}" if run.order == "one by one" else "all rows"
    return f"step {k} uses {rows}; the loss over all rows {loss_change(run, k - 1, k)}; {whole}"


def steps_table(run: Run, k: int) -> str:
    """Return the first k steps of a run as an HTML table, the last one on top."""
    numbers = np.arange(1, len(run.problem) + 1)
    rows = [
        [str(j), ", ".join(map(str, numbers[run.rows[j - 1]])), number(run.step_losses[j - 1], 6)]
        + [number(parameter, 6) for parameter in run.parameters[j]]
        for j in range(k, 0, -1)
    ]
    start = ["start", "", "", *(number(parameter, 6) for parameter in run.parameters[0])]
    head = ["step", "rows", "loss", *run.problem.names]
    return table("All steps up to now: rows used, their loss before, θ after", head, [*rows, start])


class WorkedExampleExplorer(Explorer):
    """The worked example, step by step: the arithmetic of a step with its numbers, and all steps before it."""

    name = "Worked example explorer"
    details_first = True
    most = 100

    @course_look()
    def __init__(self) -> None:
        self.problem = LinearRegression(*data.worked_example())
        self.eta = slider(Slider, "learning rate η", 0.1, 0, 1, 0.01)
        self.order = dropdown("order of the rows", "one by one", "batch")
        figure = figure_of(9, 3.4)
        self.left, self.right = figure.subplots(1, 2)
        super().__init__(figure, [self.eta, self.order, *self.add_player(self.most, 1)])

    def make_run(self) -> Run:
        """Return the descent from zero."""
        return descend(self.problem, np.zeros(3), self.eta.value, self.most, order=self.order.value)

    def ground_artists(self) -> list[Artist]:
        """Return the loss surface and axes for the loss, drawn."""
        self.plane, start = plots.plane_of(self.problem), self.run.losses[0]
        return [
            *plots.contours(self.left, self.problem, self.plane),
            *plots.loss_axes(self.right, steps=self.most, lowest=1e-6 * start, highest=100 * start),
        ]

    def layer_artists(self) -> list[Artist]:
        """Return the path up to now, the loss, and where it is now, drawn."""
        k = self.taken
        here = np.clip(self.run.losses[k], *self.right.get_ylim())
        return [
            *plots.path(self.left, self.run, self.plane, upto=k),
            *plots.losses(self.right, self.run),
            self.right.add_artist(Line2D([k], [here], marker="D", color="black", ms=8, clip_on=False)),
        ]

    def reading_text(self) -> str:
        """Return what the step did."""
        return worked_reading(self.run, self.taken)

    def details_html(self) -> str:
        """Return the step's arithmetic, and the table of all steps up to now."""
        k = self.taken
        arithmetic = explanation_table(explain_step(self.run, k)) if k else "<p>Press Step or Play.</p>"
        steps = block(steps_table(self.run, k), 'tabindex="0"', "height: 11em; overflow: auto")
        return f'<div style="display: flex; flex-wrap: wrap; gap: 0 2em">{arithmetic}{steps}</div>'
