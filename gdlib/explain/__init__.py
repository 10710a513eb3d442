"""One step of gradient descent, written out as arithmetic from its own numbers.

A float is read as the decimal of its 15 significant digits (0.12800000000000003 is 0.128);
from there on everything is exact. ``=`` stands only where what is shown is exactly so, ``≈`` elsewhere. Whoever types
the shown numbers into a calculator gets the shown result to within one unit of its last place, and no error, and no
change of a parameter, is ever rounded away: where this takes more digits than were asked for, more are shown. What
σ and ln give is marked ≈: no calculator has it to the last digit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import count
from gdlib._arithmetic import FLOAT_DIGITS
from gdlib.classify import LogisticRegression
from gdlib.descent import Run
from gdlib.explain.display import Explanation as Explanation
from gdlib.explain.display import Line as Line
from gdlib.explain.linear import explain_linear
from gdlib.explain.logistic import explain_logistic
from gdlib.explain.network import explain_network
from gdlib.explain.step import MOST_ROWS as MOST_ROWS
from gdlib.linear import LinearRegression, unaltered
from gdlib.network import Network

_WRITERS = {LinearRegression: explain_linear, LogisticRegression: explain_logistic, Network: explain_network}


def explain(
    problem: LinearRegression | LogisticRegression | Network,
    theta: ArrayLike,
    eta: float,
    digits: int = 6,
    step: int | None = None,
) -> Explanation:
    """Return one step θ ← θ − η∇L(θ), equation (1), written out with its own numbers.

    Parameters
    ----------
    problem
        The rows that the step uses, four at most: ``problem[0]`` for the first sample. Loss and gradient are means over
        them; ŷ⁽¹⁾, ŷ⁽²⁾, … count them, or p⁽¹⁾, p⁽²⁾, … of a `LogisticRegression`.
        Of a `Network` one row, at most three hidden neurons and one output: forward, backward and update.
    theta
        The parameters before the step, bias last, shape ``(p,)``.
    eta
        The learning rate η ≥ 0.
    digits
        Significant digits, 1 to 15; trailing zeros are dropped, and more are shown where rounding would mislead.
    step
        Which step of a run it is, for the title.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is said above; also for more rows than four (take some: ``problem[rows]``), and for
        scores beyond ±700: e⁷⁰⁹ is about the largest power that a float holds.
    """
    kind = _kind_of(problem)
    digits = count("digits", digits, most=FLOAT_DIGITS)
    step = None if step is None else count("step", step)
    return _WRITERS[kind](problem, theta, eta, digits, step)


def explain_step(run: Run, k: int, digits: int = 6) -> Explanation:
    """Return step k = 1, 2, … of a run written out: from ``run.parameters[k - 1]`` to ``run.parameters[k]``.

    Raises
    ------
    TypeError, ValueError
        If the run has no step k or has several replicas, and for what `explain` says.
    """
    if np.ndim(run.parameters) != 2:
        raise ValueError(f"run must be of a single replica, got parameters of shape {np.shape(run.parameters)}")
    k = count("k", k, most=len(run.parameters) - 1)
    _kind_of(run.problem)
    return explain(run.problem[run.rows[k - 1]], run.parameters[k - 1], run.rates[k - 1], digits, k)


def _kind_of(problem: object) -> type:
    """Return which kind a problem is whose steps are written out; raise a TypeError for others, or another loss."""
    kind = next((kind for kind in _WRITERS if isinstance(problem, kind)), None)
    if kind is None:
        names = "a LinearRegression, a LogisticRegression or a Network"
        raise TypeError(f"problem must be {names}, got {type(problem).__name__}; steps of others are not written out")
    unaltered(problem, kind)
    return kind
