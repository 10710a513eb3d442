"""Sentences and tables that several explorers share."""

from collections.abc import Sequence
from html import escape

import numpy as np

from gdlib._formatting import number
from gdlib.curvature import contraction, curvatures, regime, round_radius
from gdlib.descent import Run
from gdlib.explain import Explanation
from gdlib.linear import LinearRegression


def digits_apart(*numbers: float, digits: int = 4) -> int:
    """Return with how many significant digits, at least so many, different numbers look different."""
    return next((d for d in range(digits, 17) if len({number(x, d) for x in numbers}) == len(set(numbers))), 17)


def change_in_words(before: float, after: float, least: float = 0.0) -> str:
    """Return what became of a number, such as ``"falls from 0.64 to 0.2"``.

    Numbers of size ``least`` or below are practically 0, and a change in the 12th digit is none: rounding never shows.
    """
    before, after = (0.0 if abs(value) <= least else float(value) for value in (before, after))
    digits = digits_apart(before, after)
    first, last = ("practically 0" if least and not value else number(value, digits) for value in (before, after))
    if abs(after - before) <= 1e-12 * max(abs(before), abs(after)):
        return f"stays at {number(after) if after else last}"
    return f"{'falls' if after < before else 'rises'} from {first} to {last}"


def factor_in_words(factor: float) -> str:
    """Return a factor by which a distance is multiplied; only ±1 itself looks like ±1."""
    return f"factor {number(factor, digits_apart(abs(factor), 1.0, digits=3))}"


def loss_in_words(run: Run) -> str:
    """Return what became of a run's mean loss."""
    if run.diverged:
        return f"after step {len(run)} the numbers are too large for a computer"
    return f"in {steps_in_words(run)} the loss {loss_change(run, 0, len(run))}"


def steps_in_words(run: Run) -> str:
    """Return how many steps a run took."""
    return "1 step" if len(run) == 1 else f"{len(run)} steps"


def loss_change(run: Run, first: int, last: int) -> str:
    """Return what became of a run's mean loss between two of its steps."""
    return change_in_words(run.losses[first], run.losses[last], least=1e-20 * run.losses[0])


def batch_rate_in_words(eta: float, curvature: float, where: str = "") -> str:
    """Return what a rate does along a direction of this curvature, by `regime`; ``where`` names the direction."""
    factor = float(contraction(eta, curvature))
    shown = factor_in_words(factor)
    return {
        "stays": "stays: η = 0 moves nothing",
        "glides": f"glides: {where}each step comes closer from the same side ({shown})",
        "lands": f"lands: {where}one step is enough",
        "overshoots": f"overshoots: {where}the sign flips each step, and still converges ({shown})",
        "bounces": f"bounces: {where}the sign flips each step and the distance stays (factor {number(factor)})",
        "diverges": f"diverges: {where}the sign flips each step and the distance grows ({shown})",
    }[regime(eta, curvature)]


def round_rate_in_words(problem: LinearRegression, eta: float) -> str:
    """Return what a rate does in one-by-one descent, round after round, by `round_radius`."""
    radius = float(round_radius(problem, eta))
    shown, a_round = factor_in_words(radius), f"a round of {len(problem)} steps"
    if eta == 0:
        return "stays: η = 0 moves nothing"
    if abs(radius - 1) <= 1e-9:
        return f"at the limit: just below, {a_round} shrinks the distance in the long run; just above, it stretches it"
    if radius > 1:
        return f"diverges: in the long run {a_round} stretches the distance ({shown} a round)"
    if problem.loss(problem.minimizer()) > 1e-20 * np.square(problem.y).mean():  # no line meets all rows
        return f"settles into a cycle: in the long run {a_round} repeats the one before ({shown} a round)"
    return f"converges: in the long run {a_round} shrinks the distance to a perfect fit ({shown} a round)"


def rate_in_words(problem: LinearRegression, eta: float, order: str) -> str:
    """Return what a rate does to a linear regression in batch or one-by-one order."""
    if order == "one by one":
        return round_rate_in_words(problem, eta)
    return batch_rate_in_words(eta, curvatures(problem)[-1], "along the steepest direction ")


def downhill(problem: LinearRegression, gradient: np.ndarray) -> str:
    """Return what a step does to each parameter."""
    moves = {"raise": gradient < 0, "lower": gradient > 0}
    words = [f"{move} {', '.join(np.array(problem.names)[which])}" for move, which in moves.items() if which.any()]
    return " and ".join(words) or "no direction, the gradient is 0"


def explanation_table(explanation: Explanation) -> str:
    """Return a step written out as an HTML table, a row for each line: live text beside a slider."""
    rows, pad = [f"<caption>{escape(title)}</caption>" for title in explanation.title], "padding: 0 0.5em"
    for line in explanation.lines:
        cells = "".join(f'<td style="text-align: left; {pad}">{escape(cell)}</td>' for cell in line.cells())
        rows.append(f'<tr><th scope="row">{escape(line.name)}</th>{cells}</tr>')
    return "\n".join(["<table>", *rows, "</table>"])


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an HTML table; a row's first cell is its heading."""
    pad = 'style="padding: 0 0.6em; text-align: right"'
    top = "".join(f'<th scope="col" {pad}>{escape(cell)}</th>' if cell else "<td></td>" for cell in head)
    lines = [
        f'<tr><th scope="row" {pad}>{escape(first)}</th>' + "".join(f"<td {pad}>{escape(cell)}</td>" for cell in rest)
        for first, *rest in rows
    ]
    return (
        f"<table><caption>{escape(caption)}</caption><tr>{top}</tr>{''.join(f'{line}</tr>' for line in lines)}</table>"
    )


def block(html: str, attributes: str = "", style: str = "") -> str:
    """Return HTML with its lines as close as a text's; in JupyterLab those of a widget are as far apart as controls."""
    return f'<div {attributes} style="line-height: 1.4; {style}">{html}</div>'
