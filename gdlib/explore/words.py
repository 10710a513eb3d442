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
    return f"in {steps_in_words(run)} the mean loss {loss_change(run, 0, len(run))}"


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
        "overshoots": f"overshoots: {where}the sign flips each step, and the descent still converges ({shown})",
        "bounces": f"bounces: {where}the sign flips each step and the distance stays (factor {number(factor)})",
        "diverges": f"diverges: {where}the sign flips each step and the distance grows ({shown})",
    }[regime(eta, curvature)]


def bowl_rate_in_words(problem: LinearRegression, eta: float) -> str:
    """Return what a rate does in batch descent: along the bowl's steepest axis, and along the slowest, in a pass."""
    bent = curvatures(problem)
    bent = bent[bent > 0]
    if eta == 0 or np.all(regime(eta, bent) == "lands"):
        return batch_rate_in_words(eta, bent[-1])
    steepest = batch_rate_in_words(eta, bent[-1], "along the steepest axis ")
    slowest = float(np.abs(contraction(eta, bent)).max())
    return f"{steepest}, and {_in_the_long_run(1, 'the minimum', slowest)}"


def round_rate_in_words(problem: LinearRegression, eta: float) -> str:
    """Return what a rate does in one-by-one descent, pass after pass, by `round_radius`."""
    radius, n = float(round_radius(problem, eta)), len(problem)
    if eta == 0:
        return "stays: η = 0 moves nothing"
    if abs(radius - 1) <= 1e-9:
        below, above = f"just below, {_a_pass(n)} shrinks the distance in the long run", "just above, it stretches it"
        return f"at the limit: {below}; {above}"
    meets_all = problem.loss(problem.minimizer()) <= 1e-20 * np.square(problem.y).mean()
    said = _in_the_long_run(
        n, "a perfect fit" if meets_all else "the cycle", radius, " on average"
    )  # the error may turn
    return f"{'diverges' if radius > 1 else 'converges' if meets_all else 'settles into a cycle'}: {said}"


def _in_the_long_run(steps: int, goal: str, factor: float, how: str = "") -> str:
    """Return by what a pass multiplies a distance in the long run: for both orders in the same words."""
    shown = number(factor, digits_apart(factor, 1.0)) if abs(factor - 1) >= 1e-9 else "1"
    return f"in the long run {_a_pass(steps)} multiplies the distance to {goal}{how} by {shown}"


def _a_pass(steps: int) -> str:
    """Return the name of a pass over the rows, with its steps."""
    return f"a pass ({steps} step{'s' * (steps > 1)})"


def rate_in_words(problem: LinearRegression, eta: float, order: str) -> str:
    """Return what a rate does to a linear regression in batch or one-by-one order."""
    return round_rate_in_words(problem, eta) if order == "one by one" else bowl_rate_in_words(problem, eta)


def downhill(problem: LinearRegression, gradient: np.ndarray) -> str:
    """Return what a step does to each parameter."""
    moves = {"raise": gradient < 0, "lower": gradient > 0}
    words = [f"{move} {', '.join(np.array(problem.names)[which])}" for move, which in moves.items() if which.any()]
    return " and ".join(words) or "no direction, the gradient is 0"


def explanation_table(
    explanation: Explanation, *, stacked: bool = False, parts: slice = slice(None), shown: int | None = None
) -> str:
    """Return a step written out as an HTML table, a row for each line: live text beside a slider.

    A line's symbols, numbers and result, or those of these ``parts``, stand side by side, or ``stacked``. The headings
    of its blocks, if it has any, stand between the lines. Where only the first lines are ``shown``, the others have
    their symbols, and keep the room for the rest.
    """
    headings = dict(explanation.headings)
    rows, pad = [f"<caption>{escape(title)}</caption>" for title in explanation.title], "padding: 0 0.5em"
    for i, line in enumerate(explanation.lines):
        if i in headings:
            look = 'scope="rowgroup" colspan="4" style="text-align: left"'
            rows.append(f"<tr><th {look}>{escape(headings[i])}</th></tr>")
        told = list(map(escape, line.cells()))[parts]
        told = ["<br>".join(told)] if stacked else told
        waits = "; visibility: hidden" if shown is not None and i >= shown else ""
        looks = [pad, *[pad + waits] * (len(told) - 1)]
        both = zip(looks, told, strict=True)
        cells = "".join(f'<td style="text-align: left; {look}">{part}</td>' for look, part in both)
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
