"""Figures for the tests of this folder."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Polygon, Rectangle

from gdlib.figures.describe import describe


def axes(**settings):
    """Return an Axes on a new figure."""
    ax = Figure().subplots()
    ax.set(**settings)
    return ax


def words(ax):
    """Return the lines of the description of an Axes' figure."""
    return describe(ax.figure).splitlines()


def parts(local):
    """Return the local variables that are parts of a figure."""
    return {name: part for name, part in local.items() if name != "k"}


def loss(ax):
    """Draw curves, texts and a legend."""
    k = np.arange(30)
    ax.set(title="Loss", xlabel="step", ylabel="loss", yscale="log", xlim=(0, 29), ylim=(1e-6, 1))
    title = ax.figure.suptitle("Everything")
    curve = ax.plot(k, 0.64 * 0.8**k, label="η = 0.1")[0]
    points = ax.plot([3, 4], [0.1, 0.2], "o")[0]
    goal = ax.axhline(1e-3)
    band = ax.axvspan(5, 6)
    note = ax.annotate("start", (0, 0.64), (4, 0.8), arrowprops={"arrowstyle": "->"})
    corner = ax.text(0.9, 0.9, "corner", transform=ax.transAxes)
    legend = ax.legend(title="rates")
    return parts(locals())


def bowl(ax, levels=(0.5, 1, 2), steepness=4.0):
    """Draw contours of a bowl."""
    w, b = np.meshgrid(np.linspace(-2, 2, 41), np.linspace(-1, 1, 41))
    return ax.contour(w, b, w**2 + steepness * b**2, levels=levels)


def plane(ax):
    """Draw contours, a path, a cloud and patches."""
    contours = bowl(ax)
    path = ax.plot([-1.5, 1, -0.5, 0.2], [0.5, -0.4, 0.3, 0], label="path")[0]
    tangent = ax.axline((0, 0), slope=0.5)
    scatter = ax.scatter(np.linspace(-1, 1, 12), np.linspace(0, 1, 12) ** 2, c=np.arange(12))
    circle = ax.add_patch(Circle((0, 0), 0.5))
    square = ax.add_patch(Rectangle((-1, -1), 1, 0.5))
    triangle = ax.add_patch(Polygon([(0, 0), (1, 0), (0, 1)]))
    arrow = ax.add_patch(FancyArrowPatch((-1, 0), (0, 0.5)))
    crowd = [ax.add_patch(Rectangle((0.1 * i, 0), 0.05, 0.1)) for i in range(12)]
    return parts(locals())


def heat_map(ax):
    """Draw an image with its colour bar, and an inset."""
    inner = ax.inset_axes([0.6, 0.6, 0.3, 0.3]).plot([1, 2, 3], [1, 4, 9])[0]
    image = ax.imshow(np.arange(12.0).reshape(3, 4) ** 2)
    bar = ax.figure.colorbar(image, label="loss")
    return parts(locals())


def bars(ax):
    """Draw bars, arrows, segments and a region."""
    columns = ax.bar(["sample 1", "sample 2"], [0.64, 0.0862], label="losses")
    field = ax.quiver([0, 1], [0, 1], [1, 0], [0, 1])
    lines = ax.vlines([0.2, 0.4], 0, [0.5, 1])
    region = ax.fill_between([0, 1, 2], [0, 0.5, 0.1])
    return parts(locals())


def everything():
    """Return a figure with all that the course draws."""
    fig = Figure(figsize=(9, 6))
    for draw, ax in zip((loss, plane, heat_map, bars), fig.subplots(2, 2).flat, strict=True):
        draw(ax)
    return fig
