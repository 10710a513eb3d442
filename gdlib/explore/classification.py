"""The classification explorer: two kinds of flowers, what is learnt about them, and how sure it gets."""

from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from gdlib import data, plots
from gdlib._formatting import number
from gdlib.classify import LogisticRegression
from gdlib.descent import Run, descend
from gdlib.explore.base import Explorer, LogSlider, dropdown, figure_of, places, slider
from gdlib.figures.look import course_look

PAIRS = {"setosa, versicolor": 0, "versicolor, virginica": 50}
STEPS = (1, 2, 4, 10, 20, 40, 100, 200, 400, 700, 1000)  # that a page without Python holds


@dataclass(frozen=True)
class SquaredError:
    """The mean of (p − y)² behind the sigmoid of a logistic regression: a problem that stalls."""

    model: LogisticRegression

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, in the order of θ."""
        return self.model.names

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return the mean of (p − y)² over the rows; shape ``(..., p)`` in, ``(...)`` out."""
        return np.square(self.model.probabilities(theta) - self.model.y).mean(axis=-1)

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return the mean of 2(p − y)·p(1 − p)·a over the rows; shape ``(..., p)`` in and out."""
        p = self.model.probabilities(theta)
        return (2 * (p - self.model.y) * p * (1 - p)) @ self.model.design / len(self.model)


def petals(pair: str) -> LogisticRegression:
    """Return the problem of two kinds of flowers: petal length and width, standardised over both."""
    x, y = data.iris()
    rows = slice(PAIRS[pair], PAIRS[pair] + 100)
    return LogisticRegression(data.standardised(x[rows, 2:]), y[rows] - y[PAIRS[pair]])


def own_scores(problem: LogisticRegression, theta: np.ndarray) -> np.ndarray:
    """Return each row's score for its own class: above 0 on the right side of the line p = ½."""
    return np.where(problem.y == 1, 1, -1) * problem.scores(theta)


def classification_reading(problem: LogisticRegression, loss: str, run: Run) -> str:
    """Return how large the weights are after a run, how many rows are on the wrong side, and which costs most."""
    theta, scores = run.theta, own_scores(problem, run.theta)
    steps = "step 1" if len(run) == 1 else f"{len(run)} steps"
    wrong, worst = int((scores <= 0).sum()), int(scores.argmin())
    size, mean, score = (number(each) for each in (np.hypot(*theta[:2]), run.losses[-1], scores[worst]))
    return (
        f"after {steps} ‖w‖ = {size}, the mean of the {loss} is {mean}, and {wrong} of {len(problem)} flowers are on "
        f"the wrong side; the one that costs most has the score {score} for its own class"
    )


class ClassificationExplorer(Explorer):
    """Two kinds of flowers and the line p = ½, both losses of the flower that costs most, and how ‖w‖ grows."""

    name = "Classification explorer"
    most = 12.0  # of ‖w‖
    shipped = (
        {"steps": STEPS},
        {"eta": [10**power for power in places(-2, 1, 0.25)]},
        {"pair": list(PAIRS), "loss": ["log-loss", "squared error"], "eta": [0.1, 1, 4], "steps": STEPS[::2]},
    )

    @course_look()
    def __init__(self) -> None:
        self.models = {pair: petals(pair) for pair in PAIRS}
        self.pair = dropdown("flowers", *PAIRS)
        self.loss = dropdown("loss", "log-loss", "squared error")
        self.eta = slider(LogSlider, "learning rate η", 1, -2, 1, 0.02)
        self.steps = slider(LogSlider, "steps taken k", 100, 0, 3, 0.02)
        figure = figure_of(9, 5)
        axes = figure.subplot_mosaic("ab;cc", height_ratios=[2.2, 1])
        self.left, self.right, self.below = axes.values()
        super().__init__(figure, [self.pair, self.loss, self.eta, self.steps], [self.pair])

    @property
    def model(self) -> LogisticRegression:
        """The flowers that are looked at."""
        return self.models[self.pair.value]

    def make_run(self) -> Run:
        """Return the descent from zero, k steps long."""
        problem = self.model if self.loss.value == "log-loss" else SquaredError(self.model)
        return descend(problem, np.zeros(3), self.eta.value, round(self.steps.value), record_losses=None)

    def ground_artists(self) -> list[Artist]:
        """Return the flowers, both losses over the score, drawn, and axes for ‖w‖."""
        self.below.set(title="Length of the weights", xlabel="step k", ylabel="‖w‖", xscale="log", xlim=(0.9, 1100))
        self.below.set(ylim=(0, self.most), xticks=[1, 10, 100, 1000], xticklabels=["1", "10", "100", "1000"])
        curves = plots.score_losses(self.right)
        self.right.set_title("Losses of the flower that costs most")
        self.flowers = plots.classes(self.left, self.model)
        self.left.set(title="Flowers, and the line p = ½")
        self.left.set(xlabel="petal length, standardised", ylabel="petal width, standardised")
        return [*self.flowers, *curves, self.right.legend(handles=curves, loc="upper right", fontsize=9)]

    def layer_artists(self) -> list[Artist]:
        """Return the shading for p and the line, the tangents, and ‖w‖ up to now, drawn."""
        sizes, steps = np.hypot(*self.run.parameters[:, :2].T), np.arange(1, len(self.run) + 1)
        path = Line2D(steps, sizes[1:], color="C2"), Line2D(steps[-1:], sizes[-1:], color="black", marker="D", ms=8)
        return [
            *plots.probability(self.left, self.model, self.run.theta),
            *map(self.left.add_artist, map(_copy, self.flowers)),  # once more, above the shading
            *plots.score_tangents(self.right, float(own_scores(self.model, self.run.theta).min())),
            *map(self.below.add_artist, path),
        ]

    def reading_text(self) -> str:
        """Return how large the weights are, who is on the wrong side, and what costs most."""
        return classification_reading(self.model, self.loss.value, self.run)


def _copy(points: Line2D) -> Line2D:
    """Return points that look the same."""
    same = Line2D(*points.get_data())
    same.update_from(points)
    return same
