"""Pictures of problems and runs, drawn on an Axes that is handed in.

A *ground* is what stays while a slider moves: it sets title, labels, scales and limits. A *layer* is what moves: it
adds artists within the limits that are there. Both return the list of the artists they added. Nothing here descends:
plots read runs. What lies outside a picture is cut off at its frame, and a note in the picture says so.
There is a module for each kind of picture; all their functions are found here.
"""

from gdlib._moved import moved
from gdlib.plots.bowl import Plane, contours, direction, path, plane_of, surface
from gdlib.plots.classes import classes, probability, score_losses, score_tangents
from gdlib.plots.network import learning_curves, network_graph, output_over, square
from gdlib.plots.one_parameter import curve, secant, steps_on_curve, tangent
from gdlib.plots.rates import rate_marker, regimes, sweep
from gdlib.plots.rows import data, fit
from gdlib.plots.step_by_step import loss_axes, loss_parts, losses

__all__ = [
    "Plane",
    "classes",
    "contours",
    "curve",
    "data",
    "direction",
    "fit",
    "learning_curves",
    "loss_axes",
    "loss_parts",
    "losses",
    "network_graph",
    "output_over",
    "path",
    "plane_of",
    "probability",
    "rate_marker",
    "regimes",
    "score_losses",
    "score_tangents",
    "secant",
    "square",
    "steps_on_curve",
    "surface",
    "sweep",
    "tangent",
]
__getattr__ = moved(__name__, graph="gdlib.graph")
