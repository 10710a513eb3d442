"""Make a worksheet to print, the arithmetic of a few steps with blanks, and its key.

uv run --group publish python tools/worksheet.py                # the article's rows, from zeros, with η = 0.1
uv run --group publish python tools/worksheet.py --rows "1 2 3; 2 1 1; 0 1 2" --start "0 0 0" --eta 0.05 --order batch

A row is its features and then its target, with blanks between the numbers; rows are parted by semicolons or stand on
lines of their own. Both pages come as HTML and, where a Chromium is found, as PDF, into build/worksheet.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from html import escape, unescape
from pathlib import Path
from typing import NoReturn

import numpy as np
from here import ROOT

from gdlib._arithmetic import FLOAT_DIGITS
from gdlib.data import worked_example
from gdlib.descent import Run, descend
from gdlib.explain import MOST_ROWS, Explanation, Line, explain_step
from gdlib.linear import LinearRegression

BUILD = ROOT / "build" / "worksheet"
MOST_FEATURES = 4
MOST_STEPS = 12
PAPERS = ("A4", "Letter")
#: What is meant by the minus sign of typeset numbers, and by the signs of a Chinese keyboard.
MEANT = str.maketrans("−；，", "-;,")
ORDERS = {"one by one": "one row at a time, in turn", "batch": "all rows at once"}

MADE_WITH = '<meta name="made-with" content="{}">'

STYLE = """
@page { margin: 14mm 16mm 18mm }
* { box-sizing: border-box }
body { font: 11pt/1.4 "DejaVu Sans", "Segoe UI", Arial, sans-serif; color: #000; max-width: 180mm; margin: 8mm auto;
  padding: 0 4mm }
@media print { body { margin: 0; padding: 0 0.5mm; max-width: none } }
header { display: flex; justify-content: space-between; gap: 8mm; margin-bottom: 3mm }
header span { flex: 1; border-bottom: 0.3mm solid #000; padding-top: 2mm }
h1 { font-size: 17pt; margin: 0 0 2mm }
h2 { font-size: 12pt; margin: 0 0 1mm; break-after: avoid }
table { border-collapse: collapse; width: 100% }
th { font-weight: normal; text-align: left; white-space: nowrap; padding-right: 2mm; vertical-align: bottom }
tr { break-inside: avoid }
td { vertical-align: bottom; padding: 0.2mm 0; overflow-wrap: anywhere }
.given { display: flex; flex-wrap: wrap; gap: 4mm 12mm; align-items: flex-start; break-inside: avoid }
.data { width: auto; text-align: center }
.data td, .data th { border: 0.2mm solid #000; padding: 0.5mm 4mm; text-align: center }
.formulas { border: 0.3mm solid #000; padding: 2mm 3mm; margin: 3mm 0; break-inside: avoid }
.hint { border-left: 1.2mm solid #000; padding-left: 3mm; margin: 3mm 0 }
section { break-inside: avoid; margin: 3mm 0 }
section p { margin: 0 0 1mm }
.steps th { width: 18mm }
.steps td:last-child { width: 30% }
.steps td > div { display: flex; align-items: flex-end; gap: 1.5mm }
.blank, .filled { flex: 1; min-height: 6.2mm; border-bottom: 0.3mm solid #000; padding: 0 1mm }
.blank.long { min-height: 15mm }
.filled { font-weight: bold; color: #005a9c }
td:last-child .blank { border: 0.3mm solid #000; margin-bottom: 0.5mm }
td:last-child .filled { border: 0.3mm solid #000; margin-bottom: 0.5mm }
"""


def numbers(text: str) -> list[float]:
    """Return the numbers of a text, parted by blanks, or by commas with a blank beside them.

    Raises
    ------
    ValueError
        If a part is no number, or a comma has none on one side. So is a comma between two digits refused: it may part
        two numbers or be a decimal comma.
    """
    text = text.translate(MEANT).strip()
    if either := re.search(r"\S*\d,\d\S*", text):
        raise ValueError(f"{either[0]!r} can be read in two ways: write 0.1 with a point, and a blank between numbers")
    if not text:
        raise ValueError("there are no numbers")
    words = re.split(r"\s*,\s*|\s+", text)
    if "" in words:
        raise ValueError(f"in {text!r} a comma has no number on one side: take it away, or write the number")
    return [_finite(word) for word in words]


def _finite(word: str) -> float:
    try:
        value = float(word.replace("_", "no"))  # Python would take 1_0 for ten
    except ValueError:
        raise ValueError(f"{word!r} is not a number") from None
    if not np.isfinite(value):
        raise ValueError(f"{word!r} is not finite")
    return value


def problem_of(text: str) -> LinearRegression:
    """Return the problem of rows like "0.1 0.8 0.8; 0.5 0.3 0.5", the target last.

    A row ends with a semicolon or with its line; one semicolon at the end of a line is no row more.

    Raises
    ------
    ValueError
        If a row is empty or has not one to four features and a target, or the rows differ in length.
    """
    lines = [re.sub(r";\s*$", "", line) for line in text.translate(MEANT).splitlines() if line.strip()]
    written = [row for line in lines for row in line.split(";")]
    if not "".join(written).strip():
        raise ValueError("there are no numbers")
    rows = []
    for number, row in enumerate(written, start=1):
        if not row.strip():
            raise ValueError(f"row {number} is empty: take one semicolon away, or write the row")
        rows.append(numbers(row))
        count, first = len(rows[-1]), len(rows[0])
        if count != first:
            raise ValueError(f"every row must have as many numbers as row 1, {first}; row {number} has {count}")
    if not 2 <= first <= MOST_FEATURES + 1:
        raise ValueError(f"a row must have 1 to {MOST_FEATURES} features and a target, got {first} numbers")
    table = np.array(rows)
    return LinearRegression(table[:, :-1], table[:, -1])


def explanations(run: Run, digits: int) -> list[Explanation]:
    """Return each step of a run written out; of a run that blew up, its finite part."""
    return [explain_step(run, k, digits) for k in range(1, len(run.parameters))]


def page(run: Run, steps: list[Explanation], key: bool, digits: int) -> str:
    """Return the worksheet as a page of HTML, or its key: the same page with the numbers in it."""
    rounded = f"{digits} significant digits" if digits > 1 else "1 significant digit"
    title = "Gradient descent by hand" + ": the key" * key
    hint = "Compute each ŷ once, from the θ before the step, and use it for all parameters: they all change at once."
    formulas = [f"{line.name} {line.cells()[0]}" for line in _in_order(steps[0]) if not _is_error(line)]
    columns = 2 if max(map(len, formulas)) < 45 else 1
    listed = "".join(f"<div>{escape(formula)}</div>" for formula in formulas)
    sections = "\n".join(_section(run, explanation, key) for explanation in steps)
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><meta name="viewport" content="width=device-width">
<style>{STYLE}</style></head>
<body>
<header>{"<strong>Key</strong>" if key else "<span>Name</span><span>Date</span>"}</header>
<h1>{title}</h1>
{_given(run)}
<div class="formulas"><h2>The formulas of a step</h2><div style="columns: {columns}">{listed}</div></div>
<p class="hint"><strong>Hint.</strong> {hint}
Round as the sign says: “=” is exact, “≈” is rounded to {rounded}, or to more where these would hide a change.</p>
{_ending(run, steps)}
{sections}
</body>
</html>
"""


def _given(run: Run) -> str:
    """Return the table of the rows, and where the descent starts."""
    problem = run.problem
    names = ["row", *problem.features, "y"]
    head = "".join(f"<th scope='col'>{name}</th>" for name in names)
    body = "".join(
        f"<tr><th scope='row'>{i}</th>{''.join(f'<td>{_number(value)}</td>' for value in [*x, y])}</tr>"
        for i, (x, y) in enumerate(zip(problem.x, problem.y, strict=True), start=1)
    )
    start = ", ".join(
        f"{name} = {_number(value)}" for name, value in zip(problem.names, run.parameters[0], strict=True)
    )
    return f"""<div class="given"><table class="data"><tr>{head}</tr>{body}</table>
<div>Start: {start}<br>Learning rate: η = {_number(run.eta)}<br>Order: {ORDERS[run.order]}</div></div>"""


def _section(run: Run, explanation: Explanation, key: bool) -> str:
    """Return one step: which rows it uses, and its lines."""
    k = explanation.step
    used = [int(row) + 1 for row in np.arange(len(run.problem))[run.rows[k - 1]]]
    which = f"Row {used[0]}" if len(used) == 1 else f"Rows {', '.join(map(str, used))}"
    theta = "the start" if k == 1 else f"the new θ of step {k - 1}"
    rows = "\n".join(_row(line, key, wide=len(used) > 1) for line in _in_order(explanation))
    return f"""<section><h2>Step {k}</h2><p>{which}, with {theta}.</p>
<table class="steps">{rows}</table></section>"""


def _in_order(explanation: Explanation) -> list[Line]:
    """Return the lines in the order in which a pencil takes them: outputs, errors, loss, slopes, new parameters."""
    lines, between, n = explanation.lines, explanation.between, len(explanation.outputs)
    return [*lines[:n], *between[:n], lines[n], *between[n:], *lines[n + 1 :]]


def _row(line: Line, key: bool, wide: bool) -> str:
    name = f"new {line.name}" if line.parts[0][0] == "←" else line.name
    long = " long" * (wide and not _is_error(line))
    cells = [f"<td><div>{_slot(line, place, key, long if place == 1 else '')}</div></td>" for place in (1, 2)]
    return f"<tr><th scope='row'>{escape(name)}</th>{''.join(cells)}</tr>"


def _slot(line: Line, place: int, key: bool, long: str) -> str:
    """Return a relation and what stands at its right: a blank, or in the key the numbers."""
    relation, tokens = line.parts[place]
    if not key:
        return f'{relation} <span class="blank{long}"></span>'
    return f'{relation} <span class="filled">{escape("".join(tokens))}</span>'


def _is_error(line: Line) -> bool:
    return " − " in line.name


def _number(value: float) -> str:
    return f"{value:.{FLOAT_DIGITS}g}".replace("-", "−")


def _ending(run: Run, steps: list[Explanation]) -> str:
    """Return what becomes of a run that blows up, or nothing."""
    return f"<p>In step {len(steps) + 1} the numbers become too large for a computer.</p>" * bool(run.diverged)


def worksheet(
    problem: LinearRegression, start: list[float], eta: float, order: str, steps: int, digits: int = 6
) -> tuple[str, str]:
    """Return the worksheet and its key, two pages of HTML.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what `descend` and `explain` take; the message names it.
    """
    run = descend(problem, start, eta, steps, order=order)
    written = explanations(run, digits)
    if not written:
        raise ValueError("eta is too large for these rows: already the first step overflows")
    return page(run, written, False, digits), page(run, written, True, digits)


class _Parser(argparse.ArgumentParser):
    """One that says what is wrong in a sentence."""

    def error(self, message: str) -> NoReturn:
        """Say it, and end with status 2."""
        message = message.removeprefix("argument ")
        message = re.sub("^unrecognized arguments: (.*)", r"what is \1? Put quotes around the value before it", message)
        message = message.replace(
            "expected one argument", 'a value is missing; one with a minus goes so: --start="-1 0"'
        )
        self.exit(2, f"worksheet: {message}\n")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options as they are computed with, and ``made_with``: those that are not the default, as a text."""
    parser = _Parser(description=__doc__.splitlines()[0])
    x, y = worked_example()
    article = "; ".join(" ".join(f"{value:g}" for value in row) for row in np.column_stack([x, y]))
    parser.add_argument("--rows", default=article, help='features and target, default: "%(default)s"')
    parser.add_argument("--start", help="a number for each weight and for the bias, default: zeros")
    parser.add_argument("--eta", default="0.1", help="the learning rate, default: %(default)s")
    parser.add_argument("--order", default="one by one", help=f"{_any_of(ORDERS)}, default: %(default)s")
    parser.add_argument("--steps", default="4", help=f"1 to {MOST_STEPS}, default: %(default)s")
    parser.add_argument("--digits", default="6", help="significant digits, default: %(default)s")
    parser.add_argument("--paper", default="A4", help=f"{_any_of(PAPERS)}, default: %(default)s")
    parser.add_argument("--to", default=str(BUILD), help="the folder to write into, default: build/worksheet")
    options = parser.parse_args(arguments)
    own = {name: value for name, value in vars(options).items() if name != "to" and value != parser.get_default(name)}
    for name in ("order", "paper", "rows", "eta", "start", "steps", "digits", "to"):
        try:
            setattr(options, name, _checked(options, name))
        except ValueError as error:
            parser.error(f"--{name}: {error}")
    options.made_with = " ".join(f'--{name} "{value}"' for name, value in own.items())
    return options


def _any_of(names: Iterable[str]) -> str:
    return " or ".join(f'"{name}"' for name in names)


def _checked(options: argparse.Namespace, name: str) -> object:
    """Return an option as it is computed with; those before it are checked already."""
    value = getattr(options, name)
    if name in ("order", "paper"):
        names = {"order": ORDERS, "paper": PAPERS}[name]
        if value not in names:
            raise ValueError(f"{_any_of(names)} is wanted, got {value}")
        return value
    if name == "rows":
        problem = problem_of(value)
        if options.order == "batch" and len(problem) > MOST_ROWS:
            raise ValueError(f"a batch must have at most {MOST_ROWS} rows, got {len(problem)}")
        return problem
    if name == "start":
        names = options.rows.names
        start = [0.0] * len(names) if value is None else numbers(value)
        if len(start) != len(names):
            raise ValueError(f"one number for each of {', '.join(names)} is wanted, got {len(start)}")
        return start
    if name == "eta":
        eta = numbers(value)
        if len(eta) != 1 or eta[0] <= 0:
            raise ValueError(f"one number above 0 is wanted, got {value}")
        return eta[0]
    if name == "to":
        if not value.strip():
            raise ValueError("a folder is wanted, got nothing")
        return Path(value)
    most = {"steps": MOST_STEPS, "digits": FLOAT_DIGITS}[name]
    if not (re.fullmatch(r"\s*\d{1,9}\s*", value) and 1 <= int(value) <= most):
        raise ValueError(f"a whole number from 1 to {most} is wanted, got {value}")
    return int(value)


def made_with(folder: Path) -> str:
    """Return the options with which the worksheet in a folder was made; nothing, if with none or there is no worksheet.

    Of a page that does not say so nobody knows: "unknown options".
    """
    sheet = folder / "worksheet.html"
    if not sheet.exists():
        return ""
    said = re.search(MADE_WITH.format('([^"]*)'), sheet.read_text(encoding="utf-8"))
    return unescape(said[1]) if said else "unknown options"


def print_out(folder: Path, paper: str) -> str:
    """Print the pages of HTML in a folder; return what was done, or why it could not be."""
    try:
        import paper as press
        from chromium import find
    except ImportError:
        return "no PDF: Playwright is not installed (`uv run --group publish` brings it)"
    if not find():
        return "no PDF: no Chromium was found; print the pages from any browser"
    with press.Press() as printer:
        for html in sorted(folder.glob("*.html")):
            title = "Gradient descent by hand" + ": the key" * (html.stem == "key")
            margin = {"top": "14mm", "bottom": "18mm", "left": "16mm", "right": "16mm"}
            options = {"format": paper, "margin": margin, "display_header_footer": True, "header_template": "<i></i>"}
            printer.pdf(
                html, html.with_suffix(".pdf"), width=press.WIDTH, footer_template=press.footer(title), **options
            )
    return f"{folder / 'worksheet.pdf'} and key.pdf"


def main(arguments: list[str] | None = None) -> int:
    """Write the worksheet and its key, as HTML and PDF; return 1 if the first step overflows or a file is refused."""
    options = _options(arguments)
    given = (options.rows, options.start, options.eta, options.order, options.steps, options.digits)
    try:
        sheet, key = worksheet(*given)
    except ValueError as error:
        print(f"worksheet: {error}", file=sys.stderr)
        return 1
    told = MADE_WITH.format(escape(options.made_with))
    try:
        options.to.mkdir(parents=True, exist_ok=True)
        for name, made in (("worksheet", sheet), ("key", key)):
            (options.to / f"{name}.pdf").unlink(missing_ok=True)  # else that of another sheet stays, without a Chromium
            (options.to / f"{name}.html").write_text(made.replace("<style>", f"{told}\n<style>", 1), encoding="utf-8")
        print(f"{options.to / 'worksheet.html'} and key.html")
        print(print_out(options.to, options.paper))
    except OSError as error:
        cure = "name a folder in which you may write, and close what shows its pages"
        print(f"worksheet: --to: {options.to} takes no pages ({error.strerror or error}); {cure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
