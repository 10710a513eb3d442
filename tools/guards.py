"""Guards over the notebooks, for what comparing outputs cannot see.

A guard takes a notebook and its path and returns a list of complaints; `complaints_about` asks them all. The tests hold
the course against them, and spoil a good notebook in each way; tools/tamper.py spoils the course itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise, zip_longest
from pathlib import Path

import answers
import bindings
import execute
import ledger
import nbformat
from ledger import models_of, name_of, words
from nbformat import NotebookNode as Node

Guard = Callable[[Node, Path], list[str]]
GUARDS: list[Guard] = []
LONGEST_CELL = 15
# A date with a time, a time of day with seconds, how long something took, and what counts seconds since 1970.
TIME = r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\b\d\d:\d\d:\d\d\b|\bWall time\b|\b\d+(?:\.\d+)? [mµn]?s ±|\b1[5-9]\d{8}\.\d"
# Tags that run or load something, attributes that do on an event, and addresses that are code.
RUNS = r"<(?:script|iframe|object|embed|link|meta|base|form)\b|<[a-z][^<>]*\son\w+\s*=|=\s*[\"']?\s*javascript:"
SILENT = r"<img\b(?![^>]*\balt=[\"'][^\"'])"  # a picture without words, in HTML

#: The equations, {number: the forms in which a notebook may write it}; (1) to (13) are the article's.
EQUATIONS = {
    1: {r"\theta \leftarrow \theta - \eta\,\nabla L(\theta)"},
    2: {r"\hat y = \sum_i w_i x_i + b", r"\hat y = w_1 x_1 + w_2 x_2 + b"},
    3: {r"L = (\text{output} - \text{wanted output})^2"},
    4: {r"L = (\hat y - y)^2"},
    5: {r"\frac{\partial L}{\partial \hat y} = 2(\hat y - y)"},
    6: {r"w_i \leftarrow w_i - \eta\, \frac{\partial L}{\partial w_i}"},
    7: {
        r"\frac{\partial L}{\partial w_i}"
        r" = \frac{\partial L}{\partial \hat y} \cdot \frac{\partial \hat y}{\partial w_i}"
    },
    8: {r"\frac{\partial \hat y}{\partial w_i} = x_i"},
    9: {r"w_i \leftarrow w_i - \eta \cdot 2(\hat y - y) \cdot x_i"},
    10: {r"b \leftarrow b - \eta\, \frac{\partial L}{\partial b}"},
    11: {
        r"\frac{\partial L}{\partial b} = \frac{\partial L}{\partial \hat y} \cdot \frac{\partial \hat y}{\partial b}"
    },
    12: {r"\frac{\partial \hat y}{\partial b} = 1"},
    13: {r"b \leftarrow b - \eta \cdot 2(\hat y - y)"},
    14: {r"p = \frac{1}{1 + e^{-z}}"},
    15: {r"L = -\bigl[\,y \ln p + (1 - y) \ln (1 - p)\,\bigr]"},
    16: {r"\frac{\partial L}{\partial z} = p - y"},
    17: {r"w_i \leftarrow w_i - \eta\,(p - y)\,x_i"},
    18: {r"b \leftarrow b - \eta\,(p - y)"},
    19: {r"L = \ln(1 + e^{z}) - y z"},
    20: {r"p_c = \frac{e^{z_c}}{\sum_j e^{z_j}}"},
    21: {r"\frac{\partial L}{\partial z_c} = p_c - y_c"},
    22: {r"z_j = \sum_i w_{ji} x_i + b_j, \qquad h_j = \varphi(z_j)"},
    23: {r"\hat y = \sum_j v_j h_j + c"},
    24: {r"\frac{\partial L}{\partial v_j} = \delta\, h_j, \qquad \frac{\partial L}{\partial c} = \delta"},
    25: {r"\delta_j = \frac{\partial L}{\partial z_j} = \delta\, v_j\, \varphi'(z_j)"},
    26: {r"\frac{\partial L}{\partial w_{ji}} = \delta_j\, x_i, \qquad \frac{\partial L}{\partial b_j} = \delta_j"},
}


def guard(function: Guard) -> Guard:
    """Return the function, after putting it among the guards."""
    GUARDS.append(function)
    return function


# ---- the parts of a notebook -----------------------------------------------------------------------------------------


def code_cells(notebook: Node) -> list[Node]:
    """Return the cells of code that hold something."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def prose_cells(notebook: Node) -> list[Node]:
    """Return the cells of prose."""
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def outputs(notebook: Node) -> Iterator[tuple[Node, Node]]:
    """Yield (cell, output) for every stored output."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            yield cell, output


def headings(notebook: Node) -> list[tuple[int, str]]:
    """Return (level, text) of every heading, in order; a `#` inside a fence is none."""
    prose = "\n".join(re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL) for cell in prose_cells(notebook))
    return [(len(marks), text) for marks, text in re.findall(r"^(#{1,6})\s+(.+?)\s*$", prose, re.MULTILINE)]


def broken_links(text: str, folder: Path) -> list[str]:
    """Return the relative links of a Markdown text that lead to no file; ``folder`` is where the text lies."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    targets = re.findall(r"\]\(\s*<?([^)\s>]+)", text) + re.findall(r"^\s*\[[^\]]+\]:\s*(\S+)", text, re.MULTILINE)
    targets += re.findall(r"""<(?:a|img)\b[^>]*(?:href|src)=["']([^"']+)""", text)
    files = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    return [file for file in files if file and not (folder / file.replace("%20", " ")).exists()]


def equations(notebook: Node) -> Iterator[tuple[int, str]]:
    """Yield (number, TeX) of the equations of a notebook."""
    for cell in prose_cells(notebook):
        for tex, number in re.findall(r"\$\$(.*?)\s*\\tag\{(\d+)\}", cell.source):
            yield int(number), tex


def carried_out(notebook: Node) -> set[int]:
    """Return the numbers of the equations that a comment in a cell of code names."""
    comments = re.findall(r"# equations? (.*)", "\n".join(cell.source for cell in code_cells(notebook)))
    return {int(number) for comment in comments for number in re.findall(r"\((\d+)\)", comment)}


def equation_complaints(notebook: Node) -> list[str]:
    """Complain of equations that are not those of the course."""
    return [
        f"({number}) is not {tex}" for number, tex in equations(notebook) if tex not in EQUATIONS.get(number, ())
    ] + [f"a cell carries out ({number}), which is none" for number in sorted(carried_out(notebook) - set(EQUATIONS))]


# ---- the guards ------------------------------------------------------------------------------------------------------


@guard
def every_cell_was_executed_in_order(notebook: Node, path: Path) -> list[str]:
    """Complain unless the cells were run from the top, each once."""
    counts = [cell.execution_count for cell in code_cells(notebook)]
    return [] if counts == list(range(1, len(counts) + 1)) else [f"execution counts are {counts}"]


@guard
def no_cell_failed(notebook: Node, path: Path) -> list[str]:
    """Complain of errors among the outputs."""
    return [f"{cell.id}: {output.ename}" for cell, output in outputs(notebook) if output.output_type == "error"]


@guard
def nothing_on_stderr(notebook: Node, path: Path) -> list[str]:
    """Complain of warnings, and of all else that goes to stderr."""
    return [f"{cell.id}: {output.text}" for cell, output in outputs(notebook) if output.get("name") == "stderr"]


@guard
def outputs_are_for_people(notebook: Node, path: Path) -> list[str]:
    """Complain of addresses in memory and of numpy's scalars."""
    odd = r"<?[^<>\n]* at 0x[0-9a-fA-F]+>?|\bnp\.(?:float|int|bool|str)\w*\("
    texts = [(cell, words(output)) for cell, output in outputs(notebook)]
    return [f"{cell.id}: the output shows {found}" for cell, text in texts for found in re.findall(odd, text)]


@guard
def no_output_tells_the_time(notebook: Node, path: Path) -> list[str]:
    """Complain of dates and times, which differ from run to run."""
    texts = [(cell, words(output)) for cell, output in outputs(notebook)]
    return [f"{cell.id}: the output has a time, {found}" for cell, text in texts for found in re.findall(TIME, text)]


@guard
def no_html_runs_anything(notebook: Node, path: Path) -> list[str]:
    """Complain of what would run in a reader's browser: outputs, prose and the values of widgets may hold none."""
    shown = [(cell.id, str(text)) for cell, output in outputs(notebook) for text in output.get("data", {}).values()]
    shown += [(cell.id, cell.source) for cell in prose_cells(notebook)]
    shown += [(model["state"].get("_model_name"), str(model["state"])) for model in models_of(notebook).values()]
    found = [(name, match) for name, text in shown for match in re.findall(RUNS, text, re.IGNORECASE)]
    kinds = [(cell.id, kind) for cell, output in outputs(notebook) for kind in output.get("data", {})]
    found += [(name, kind) for name, kind in kinds if "javascript" in kind]
    return [f"{name} holds {what}" for name, what in found]


@guard
def cells_are_short(notebook: Node, path: Path) -> list[str]:
    """Complain of long cells of code."""
    lengths = [(cell.id, len(cell.source.splitlines())) for cell in code_cells(notebook)]
    return [f"{name} has {length} lines, more than {LONGEST_CELL}" for name, length in lengths if length > LONGEST_CELL]


@guard
def cells_have_ids(notebook: Node, path: Path) -> list[str]:
    """Complain of ids that are missing, odd, or given twice."""
    ids = [cell.get("id", "") for cell in notebook.cells]
    odd = [name for name in ids if not re.fullmatch("[a-z0-9-]+", name)]
    return [f"the id {name!r} is not made of a-z, 0-9 and -" for name in odd] + [
        f"the id {name!r} is there {ids.count(name)} times" for name in sorted(set(ids)) if ids.count(name) > 1
    ]


@guard
def headings_go_down_one_level_at_a_time(notebook: Node, path: Path) -> list[str]:
    """Complain unless one title comes first, and no heading skips a level."""
    found = headings(notebook)
    if [level for level, _ in found].count(1) != 1 or found[0][0] != 1:
        return ["it must begin with its one heading of level 1"]
    return [f"{text!r} skips a level" for (above, _), (level, text) in pairwise(found) if level > above + 1]


@guard
def sections_can_be_run_again(notebook: Node, path: Path) -> list[str]:
    """Complain of names that a section takes from another, and that a loop or a third section binds too."""
    sections = [[cell for cell in section if cell["cell_type"] == "code"] for section in ledger.sections(notebook)]
    return bindings.complaints([[(cell["id"], cell["source"]) for cell in section] for section in sections])


@guard
def first_code_cell_loads_gdlib(notebook: Node, path: Path) -> list[str]:
    """Complain unless the course's look is switched on at the top."""
    first = code_cells(notebook)[:1]
    loads = first and "%load_ext gdlib" in first[0].source.splitlines()
    return [] if loads else ["the first code cell must have the line %load_ext gdlib"]


@guard
def links_lead_somewhere(notebook: Node, path: Path) -> list[str]:
    """Complain of links to files that are not there."""
    return [f"no file at {link}" for cell in prose_cells(notebook) for link in broken_links(cell.source, path.parent)]


@guard
def pictures_speak(notebook: Node, path: Path) -> list[str]:
    """Complain of pictures without alt text, in outputs and in prose."""
    complaints = [
        f"{cell.id}: a picture has no alt text"
        for cell, output in outputs(notebook)
        for kind in output.get("data", {})
        if kind.startswith("image/") and not output.metadata.get(kind, {}).get("alt", "").strip()
    ]
    complaints += [
        f"{cell.id}: a picture in HTML has no alt text"
        for cell, output in outputs(notebook)
        if re.search(SILENT, output.get("data", {}).get("text/html", ""))
    ]
    bare = [cell for cell in prose_cells(notebook) if re.search(r"!\[\s*\]\(|" + SILENT, cell.source)]
    return complaints + [f"{cell.id}: a picture has no alt text" for cell in bare]


@guard
def prose_gives_numbers_of_its_section(notebook: Node, path: Path) -> list[str]:
    """Complain of decimals in prose that no line of their section gives."""
    return ledger.unfounded(notebook, ledger.waivers().get(name_of(path), {}))


@guard
def numbers_and_sources_are_those_looked_at(notebook: Node, path: Path) -> list[str]:
    """Complain where the notebook differs from the ledger."""
    stored = json.loads(ledger.LEDGER.read_text(encoding="utf-8")).get(name_of(path), {})
    changes = ledger.changes(notebook, ledger.waivers().get(name_of(path), {}), stored)
    return [f"{change}; look at it, then run tools/ledger.py" for change in changes]


@guard
def what_answers_a_prediction_waits(notebook: Node, path: Path) -> list[str]:
    """Return the cells that answer a prediction before it is made."""
    return answers.given_away(notebook)


@guard
def equations_are_those_of_the_course(notebook: Node, path: Path) -> list[str]:
    """Complain of equations that are not the article's or those that the course goes on with."""
    return equation_complaints(notebook)


@guard
def widgets_are_stored(notebook: Node, path: Path) -> list[str]:
    """Complain of widgets on display whose state is not in the file."""
    views = re.findall(r'"model_id": "(\w+)"', json.dumps(notebook.cells))
    state = models_of(notebook)
    parts = re.findall(r"IPY_MODEL_(\w+)", json.dumps(state))
    return [f"the state of widget {model} is not stored" for model in sorted({*views, *parts} - set(state))]


@guard
def file_is_canonical(notebook: Node, path: Path) -> list[str]:
    """Complain of a file in another spelling than that of tools/execute.py."""
    same = path.read_bytes() == execute.canonical(notebook).encode()
    return [] if same else [f"it is not as tools/execute.py writes it: run `python tools/execute.py {path.name}`"]


@guard
def chapter_leads_to_the_glossary(notebook: Node, path: Path) -> list[str]:
    """Complain of a chapter without a link to the glossary."""
    linked = any("](glossary.md" in cell.source for cell in prose_cells(notebook))
    return [] if linked or path.parent.name == "solutions" else ["a chapter needs a link to glossary.md"]


def complaints_about(path: Path) -> list[str]:
    """Return what the guards have against a notebook, each complaint with the guard's name."""
    notebook = nbformat.read(path, as_version=4)
    return [f"{each.__name__}: {complaint}" for each in GUARDS for complaint in each(notebook, path)]


# ---- what a notebook shows -------------------------------------------------------------------------------------------

# What a reader sees of a widget; the rest is the look, and the versions of packages.
TRAITS = ("_model_name", "_options_labels", "base", "description", "disabled", "index", "max", "min", "placeholder")
TRAITS += ("step", "tooltip", "value")


def without_pixels(kind: str, shown: object) -> str:
    """Return a piece of an output without its picture, alone or inside HTML."""
    return "" if kind == "image/png" else re.sub("data:image/png;base64,[A-Za-z0-9+/=]+", "", str(shown))


def shows(notebook: Node) -> list[tuple[str, dict | str]]:
    """Return what a notebook shows on any machine: all but pixels, and the look and the packages of its widgets."""
    cells = []
    for cell, output in outputs(notebook):
        data = {kind: without_pixels(kind, shown) for kind, shown in output.get("data", {}).items()}
        data.pop(execute.VIEW, None)
        kept = {key: value for key, value in output.items() if key not in ("data", "traceback")}
        cells.append((cell.id, kept | {"data": data}))
    states = [model.get("state", {}) for model in models_of(notebook).values()]
    values = [{trait: state[trait] for trait in TRAITS if trait in state} for state in states]
    widgets = [(state["_model_name"], without_pixels("widget", state)) for state in values]
    return cells + widgets


def differs_when_run_again(notebook: Node, again: Node) -> list[str]:
    """Return the cells and widgets of a notebook that show something else when it is run again."""
    pairs = zip_longest(shows(notebook), shows(again), fillvalue=("nothing", ""))
    return [
        f"{then[0]} shows {str(then[1])[:200]}, run again {str(now[1])[:200]}" for then, now in pairs if then != now
    ]
