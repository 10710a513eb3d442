"""The worked example explorer: its steps, one by one, in arithmetic."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D

from gdlib import data, plots
from gdlib._formatting import number, superscript
from gdlib.curvature import round_limit, stability_limit
from gdlib.descent import Run, descend
from gdlib.explain import explain_step
from gdlib.explore.base import Explorer, Slider, dropdown, figure_of, places, slider
from gdlib.explore.words import block, explanation_table, loss_change, rate_in_words, table
from gdlib.figures.look import course_look
from gdlib.linear import LinearRegression


def worked_reading(run: Run, k: int) -> str:
    """Return what step k of a run on few rows did, and what its learning rate does in the long run."""
    whole = rate_in_words(run.problem, float(run.eta), run.order)
    if k == 0:
        names = " = ".join(run.problem.names)
        return f"start at {names} = 0, where the mean loss is {number(run.losses[0])}; {whole}"
    rows = f"row {run.rows[k - 1][0] + 1}" if run.order == "one by one" else "all rows"
    return f"step {k} uses {rows}; the mean loss {loss_change(run, k - 1, k)}; {whole}"


def arithmetic_html(run: Run, k: int) -> str:
    """Return step k of a run in numbers, as HTML; for several rows with a line on what counts them."""
    if k == 0:
        return "Press Step or Play."
    if run.order == "one by one":
        return explanation_table(explain_step(run, k))
    x, row = run.problem.features[0], len(run.problem)
    about = f"{x}{superscript(f'({row})')} is {x} of row {row}, and so on; a step takes the mean over all rows."
    return about + explanation_table(explain_step(run, k), stacked=True)


def steps_table(run: Run, k: int) -> str:
    """Return the first k steps of a run as an HTML table, the last one on top."""
    numbers = np.arange(1, len(run.problem) + 1)
    rows = [
        [str(j), ", ".join(map(str, numbers[run.rows[j - 1]])), number(run.step_losses[j - 1])]
        + [number(parameter) for parameter in run.parameters[j]]
        for j in range(k, 0, -1)
    ]
    start = ["start", "", "", *(number(parameter) for parameter in run.parameters[0])]
    head = ["step", "rows", "loss", *run.problem.names]
    return table("All steps: loss before, θ after", head, [*rows, start])


class WorkedExampleExplorer(Explorer):
    """The worked example, step by step: the arithmetic of a step with its numbers, and all steps before it."""

    name = "Worked example explorer"
    details_first = True
    most = 100
    shipped = (
        {"k": range(51)},
        {"eta": places(0, 1, 0.05)},
        {"eta": [0.3, 0.8, 1], "k": range(16)},
        {"order": ["batch"], "eta": [0.1, 0.8], "k": range(21)},
        {"order": ["batch"], "eta": places(0, 1, 0.05)},
    )

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
        low, high = self.right.get_ylim()
        here = np.clip(loss := self.run.losses[k], low, high)
        marker = "^" if loss > high else "v" if loss < low else "D"  # an arrow to what is outside
        return [
            *plots.path(self.left, self.run, self.plane, upto=k),
            *plots.losses(self.right, self.run),
            self.right.add_artist(Line2D([k], [here], marker=marker, color="black", ms=8, clip_on=False)),
        ]

    def edges(self) -> dict[str, list[float]]:
        """Return the rate from which on the descent no longer converges."""
        limit = round_limit if self.order.value == "one by one" else stability_limit
        return {"eta": [limit(self.problem)]}

    def reading_text(self) -> str:
        """Return what the step did."""
        return worked_reading(self.run, self.taken)

    def details_html(self) -> str:
        """Return the step's arithmetic, and the table of all steps up to now."""
        boxes = arithmetic_html(self.run, self.taken), steps_table(self.run, self.taken)
        both = "".join(block(box, 'tabindex="0"') for box in boxes)
        return f'<div class="gdlib-boxes">{both}</div>'
