"""Draw the picture at the top of the README: ``uv run python tools/picture.py``."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import numpy as np
from here import ROOT
from matplotlib import pyplot as plt
from matplotlib.text import Annotation

from gdlib import plots
from gdlib.curvature import curvatures, regime, stability_limit
from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.linear import LinearRegression

PICTURE = ROOT / "docs" / "descent.png"

#: Learning rates in parts of the stability limit, and how many steps of each are drawn.
RATES = ((0.05, 30), (0.88, 30), (1.05, 9))


def draw(path: Path) -> None:
    """Write the picture: three descents on the two rows of the worked example, and their losses."""
    problem = LinearRegression(*worked_example())
    steep, flat = plots.plane_of(problem).directions.T
    plane = plots.Plane(problem.minimizer(), np.column_stack([flat, steep]), ("along the valley", "across the valley"))
    start = plane.lift(-1.25, 0.5)
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), width_ratios=(1.5, 1))
    plots.contours(left, problem, plane, span=((-1.5, 0.5), (-0.75, 0.75)))
    plots.loss_axes(right, steps=30, lowest=1e-3, highest=10)
    for part, steps in RATES:
        eta = part * stability_limit(problem)
        run = descend(problem, start, eta, steps)
        for artist in plots.path(left, run, plane):
            if isinstance(artist, Annotation):
                artist.remove()  # names of points, and notes on what is outside: not needed to make one want to begin
        plots.losses(right, run, label=f"η = {eta:.2g}: {regime(eta, curvatures(problem)[-1])}")
    left.set_title("One loss, three learning rates")
    right.legend(loc="upper right")
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=120, metadata={"Software": None})


if __name__ == "__main__":
    with plt.style.context("gdlib.figures.course"):
        draw(PICTURE)
