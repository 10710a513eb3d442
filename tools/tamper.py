"""Spoil the stored notebooks, one small thing at a time, and count what the checks see.

uv run --group test python tools/tamper.py               # every kind of corruption, up to 6 of a kind in a notebook
uv run --group test python tools/tamper.py --most 1000   # every single one
uv run --group test python tools/tamper.py notebooks/01-concept.ipynb

Each corrupted copy is written as tools/execute.py would write it, so that its spelling gives nothing away. Then it is
judged by what judges the course: nbval, tools/guards.py with the ledger of tools/ledger.py, what it
shows when run again, and byte identity. The exit status is 1 if one corruption passes all of them.

A notebook is run once. nbval then meets a kernel that plays back what came out, so all but the running is nbval's own
code; byte identity compares with the same outputs under the corrupted sources.
"""

import argparse
import base64
import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

import execute
import guards
import ledger
import nbformat
import numpy as np
import pytest
from here import ROOT, notebooks
from nbformat import NotebookNode as Node
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbval.plugin import IPyNbFile, NbCellError
from PIL import Image

GUARDS = [guard for guard in guards.GUARDS if guard is not guards.file_is_canonical]  # every copy is, and it is slow
Trial = tuple[str, str, list[str]]
PORTABLE = ("nbval", "guards", "run again")
JUDGES = (*PORTABLE, "bytes")
KINDS: dict[str, tuple[Callable, Callable]] = {}

EDITED = "a source edited, its output the same"

# Kinds of output that a chapter may come to have; run and spoilt with the others.
SPECIMEN = [
    "%load_ext gdlib\nfrom IPython.display import HTML, JSON, SVG, Markdown",
    'Markdown("The loss is **0.25**.")',
    'HTML("<p>The loss is <b>0.125</b>.</p>")',
    'JSON({"loss": 0.64})',
    'SVG(\'<svg xmlns="http://www.w3.org/2000/svg"><circle r="4.5"/></svg>\')',
    'int("0.2064")',
]


# ---- the judges ------------------------------------------------------------------------------------------------------


class Replay:
    """A kernel for nbval that answers each cell with outputs that are known already."""

    def __init__(self, notebook: Node) -> None:
        self.cells = (cell.outputs for cell in notebook.cells if cell.cell_type == "code")
        self.messages: Iterator[dict] = iter(())

    def is_alive(self) -> bool:
        """Return True: it never dies."""
        return True

    def execute_cell_input(self, source: str, allow_stdin: bool) -> str:
        """Prepare the messages of the next cell, and return the request's id."""
        said = [(output["output_type"], output) for output in next(self.cells)]
        said += [("status", {"execution_state": "idle"})]
        request = {"msg_id": "request"}
        self.messages = iter([{"msg_type": kind, "content": what, "parent_header": request} for kind, what in said])
        return request["msg_id"]

    def get_message(self, stream: str, timeout: float | None = None) -> dict:
        """Return the next message of the cell."""
        return next(self.messages)

    def await_reply(self, request: str, timeout: float | None = None) -> None:
        """Wait for nothing: the cell has run."""

    await_idle = await_reply


def nbval_session(folder: Path) -> pytest.Session:
    """Return a pytest session with the course's own settings, for nbval to judge in; nothing is run."""
    kept = []

    class Keep:
        def pytest_collection_finish(self, session: pytest.Session) -> None:
            kept.append(session)

    settings = ["-c", str(ROOT / "pyproject.toml"), "-n0", "-p", "no:cacheprovider", "--collect-only"]
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*settings, str(folder)], plugins=[Keep()])
    return kept[0]


def nbval_says(session: pytest.Session, path: Path, fresh: Node) -> list[str]:
    """Return the cells of a notebook that nbval fails, given what comes out when it is run."""
    file, failed = IPyNbFile.from_parent(session, path=path), []
    file.fspath, file.kernel = path, Replay(fresh)  # pytest knows a path by its old name only while a session runs
    with contextlib.chdir(ROOT):
        file.setup_sanitize_files()  # pixels in HTML are left out, by tests/nbval.cfg
    for item in file.collect():
        try:
            item.runtest()
        except NbCellError as error:
            failed.append(f"{item.name}: {error}")
        except pytest.skip.Exception:
            next(file.kernel.cells)
    return failed


def run_again(stored: Node, fresh: Node) -> Node:
    """Return a notebook with the outputs that its cells have when it is run; its prose and sources stay."""
    again = nbformat.from_dict(stored | {"metadata": fresh.metadata, "cells": []})
    for cell, new in zip(stored.cells, fresh.cells, strict=True):
        outcome = {key: new[key] for key in ("outputs", "execution_count") if key in new}
        again.cells.append(nbformat.from_dict(cell | outcome))
    return again


@dataclass
class Bench:
    """Where copies of one notebook are judged: a folder of its own, and what comes out when the notebook is run."""

    path: Path
    fresh: Node
    session: pytest.Session

    @classmethod
    def of(cls, source: Path, folder: Path) -> "Bench":
        """Return the bench of a notebook, beside a copy of its neighbours so that its links lead somewhere."""
        name = Path(ledger.name_of(source))
        root = source.parents[len(name.parts) - 1]
        copy = shutil.copytree(root, folder / "notebooks") / name
        shutil.copy(ROOT / "README.md", folder)
        return cls(copy, nbformat.reads(execute.execute(source), as_version=4), nbval_session(folder))

    def judge(self, text: str) -> dict[str, list[str]]:
        """Return what each judge has against a notebook's text, which must be canonical."""
        self.path.write_bytes(text.encode())
        notebook = nbformat.reads(text, as_version=4)
        again = run_again(notebook, self.fresh)
        return {
            "nbval": nbval_says(self.session, self.path, self.fresh),
            "guards": [each for guard in GUARDS for each in guard(notebook, self.path)],
            "run again": guards.differs_when_run_again(notebook, again),
            "bytes": ["it differs"] * (text != execute.canonical(again)),
        }


# ---- the corruptions: where, and what happens there ------------------------------------------------------------------


def kind(name: str, find: Callable[..., Iterable[tuple]]) -> Callable[[Callable], Callable]:
    """Return a decorator: a function that spoils each (place, …) that ``find`` sees in a notebook, given the …."""

    def named(spoil: Callable) -> Callable:
        KINDS[name] = (find, spoil)
        return spoil

    return named


def code_cells(notebook: Node) -> list[tuple[str, Node]]:
    """Return (place, cell) of the cells of code that hold something."""
    return [(cell.id, cell) for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def outputs(notebook: Node) -> list[tuple[str, Node, Node]]:
    """Return (place, cell, output) of all outputs."""
    return [
        (f"{place}, output {number}", cell, output)
        for place, cell in code_cells(notebook)
        for number, output in enumerate(cell.outputs, start=1)
    ]


def pictures(notebook: Node) -> list[tuple[str, Node]]:
    """Return (place, output) of the outputs with a picture."""
    return [(place, output) for place, _, output in outputs(notebook) if "image/png" in output.get("data", {})]


def in_html(notebook: Node) -> list[tuple[str, Node]]:
    """Return (place, output) of the outputs with a picture in HTML."""
    return [
        (place, output)
        for place, _, output in outputs(notebook)
        if "base64," in output.get("data", {}).get("text/html", "")
    ]


def errors(notebook: Node) -> list[tuple[str, Node]]:
    """Return (place, output) of the errors."""
    return [(place, output) for place, _, output in outputs(notebook) if output.output_type == "error"]


def neighbours(find: Callable[[Node], list[tuple]]) -> Callable[[Node], list[tuple]]:
    """Return a finder of (places, one, other), for what stands next to each other among what ``find`` finds."""
    return lambda notebook: [(f"{a[0]} and {b[0]}", a[-1], b[-1]) for a, b in pairwise(find(notebook))]


def texts(kind: str) -> Callable[[Node], list[tuple]]:
    """Return a finder of (place, holder, kind) for texts of a kind of output with a digit in them."""

    def find(notebook: Node) -> list[tuple]:
        every = [(place, output.get("data", output)) for place, _, output in outputs(notebook)]
        return [(place, holder, kind) for place, holder in every if re.search(r"\d", str(holder.get(kind, "")))]

    return find


def states(*traits: str) -> Callable[[Node], list[tuple]]:
    """Return a finder of (place, state, trait) for these traits of the stored widgets."""

    def find(notebook: Node) -> list[tuple]:
        every = enumerate((model.state for model in ledger.models_of(notebook).values()), start=1)
        return [
            (f"widget {number} ({state['_model_name']}) {trait}", state, trait)
            for number, state in every
            for trait in traits
            if trait in state
        ]

    return find


def said(pattern: str) -> Callable[[Node], list[tuple]]:
    """Return a finder of (place, cell, match) for what the prose says."""

    def find(notebook: Node) -> list[tuple]:
        prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
        return [
            (f"{cell.id} “{found[0][:50]}” at {found.start()}", cell, found)
            for cell in prose
            for found in re.finditer(pattern, cell.source)
        ]

    return find


def other_digit(text: str) -> str:
    """Return a text with one of its digits changed, the same one every time; without a digit, with one added."""
    random = Random(text)
    words = re.sub(r"base64,[^\"]*", lambda pixels: "-" * len(pixels[0]), text)  # of a picture in it, not the pixels
    digits = [found.start() for found in re.finditer(r"\d", words)]
    at = random.choice(digits) if digits else len(text)
    old = int(text[at]) if digits else 0
    return f"{text[:at]}{(old + random.randint(1, 9)) % 10}{text[at + 1 :]}"


def in_place(html: str, change: Callable[[str], str]) -> str:
    """Return HTML with the base64 of its picture changed."""
    return re.sub(r'(?<=base64,)[^"]+', lambda png: change(png[0]), html)


def repainted(png: str) -> str:
    """Return a picture in base64 with one pixel changed, by as little as there is."""
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))
    pixels[pixels.shape[0] // 2, pixels.shape[1] // 3, 0] ^= 1
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return base64.b64encode(file.getvalue()).decode()


def retell(cell: Node, found: re.Match, new: str) -> None:
    """Put other words at a place in a cell of prose."""
    cell.source = cell.source[: found.start()] + new + cell.source[found.end() :]


def swap(one: dict, other: dict, key: str) -> None:
    """Let two things change places."""
    one[key], other[key] = other[key], one[key]


# ---- outputs


@kind("a digit in a printed text", texts("text"))
@kind("a digit in a text/plain, figures in words too", texts("text/plain"))
@kind("a digit in LaTeX", texts("text/latex"))
@kind("a digit in Markdown", texts("text/markdown"))
@kind("a digit in HTML", texts("text/html"))
@kind("a digit in SVG", texts("image/svg+xml"))
@kind("a digit in the message of an error", texts("evalue"))
def spoil_text(holder: Node, kind: str) -> None:
    """Change a digit."""
    holder[kind] = other_digit(holder[kind])


@kind("an entry of JSON", texts("application/json"))
def spoil_json(holder: Node, kind: str) -> None:
    """Add an entry."""
    holder[kind]["added"] = 1


@kind("the name of an error", errors)
def spoil_error(output: Node) -> None:
    """Tell another error."""
    output.ename = "TypeError"


@kind("a pixel of a picture", pictures)
def spoil_pixel(output: Node) -> None:
    """Change the last bit of a pixel's red."""
    output.data["image/png"] = repainted(output.data["image/png"])


@kind("a pixel of a picture in HTML", in_html)
def spoil_html_pixel(output: Node) -> None:
    """Change the last bit of a pixel's red."""
    output.data["text/html"] = in_place(output.data["text/html"], repainted)


@kind("a picture in HTML without its alt text", in_html)
def drop_html_alt(output: Node) -> None:
    """Take it away."""
    output.data["text/html"] = re.sub(r' alt="[^"]*"', "", output.data["text/html"])


@kind("swapped figures, their words left", neighbours(pictures))
def swap_pictures(one: Node, other: Node) -> None:
    """Swap the pixels, in HTML too."""
    swap(one.data, other.data, "image/png")
    for each in (one.data, other.data):
        if "text/html" in each:
            each["text/html"] = in_place(each["text/html"], lambda _, new=each["image/png"]: new)


@kind("swapped figures with their words", neighbours(pictures))
def swap_figures(one: Node, other: Node) -> None:
    """Swap pixels, descriptions and alt texts."""
    swap(one, other, "data")
    swap(one, other, "metadata")


@kind("swapped alt texts", neighbours(pictures))
def swap_alts(one: Node, other: Node) -> None:
    """Swap the alt texts."""
    swap(one.metadata, other.metadata, "image/png")


@kind("an alt text changed", pictures)
def spoil_alt(output: Node) -> None:
    """Change a digit, or add one."""
    output.metadata["image/png"]["alt"] = other_digit(output.metadata["image/png"]["alt"])


@kind("an alt text missing", pictures)
def drop_alt(output: Node) -> None:
    """Take it away."""
    del output.metadata["image/png"]


@kind("a picture dropped, its words left", pictures)
def drop_picture(output: Node) -> None:
    """Take the pixels away."""
    del output.data["image/png"]


@kind("a picture in HTML dropped", in_html)
def drop_html(output: Node) -> None:
    """Take the HTML away, the PNG stays."""
    del output.data["text/html"]


@kind("a dropped output", outputs)
def drop_output(cell: Node, output: Node) -> None:
    """Take it away."""
    cell.outputs = [each for each in cell.outputs if each is not output]


@kind("an added output", code_cells)
def add_output(cell: Node) -> None:
    """Add a printed line."""
    cell.outputs.append(new_output("stream", name="stdout", text="η = 0.1\n"))


@kind("a warning added", code_cells)
def add_warning(cell: Node) -> None:
    """Add a line on stderr."""
    cell.outputs.append(new_output("stream", name="stderr", text="RuntimeWarning: overflow\n"))


@kind("swapped order of outputs", code_cells)
def swap_outputs(cell: Node) -> None:
    """Turn the outputs round."""
    cell.outputs.reverse()


@kind("an output of another type", outputs)
def spoil_type(cell: Node, output: Node) -> None:
    """Turn what is displayed into a result."""
    if output.output_type == "display_data":
        output.update(output_type="execute_result", execution_count=cell.execution_count)


@kind("a cell never executed", code_cells)
def clear(cell: Node) -> None:
    """Clear the outputs and the count, as an editor does."""
    cell.update(outputs=[], execution_count=None)


@kind("cells executed out of order", neighbours(code_cells))
def swap_counts(one: Node, other: Node) -> None:
    """Swap the counts."""
    swap(one, other, "execution_count")


@kind(EDITED, code_cells)
def edit_source(cell: Node) -> None:
    """Add a comment, which changes no output."""
    cell.source += "\n# edited"


# ---- widgets


@kind("a slider's position", states("value"))
def spoil_position(state: Node, trait: str) -> None:
    """Move a slider or player to its least value, or away from it."""
    if "min" in state:
        state[trait] = state["max"] if state[trait] == state["min"] else state["min"]


@kind("a slider's limits and step", states("min", "max", "step"))
def spoil_limit(state: Node, trait: str) -> None:
    """Shift it."""
    if isinstance(state[trait], int | float):
        state[trait] += 1


@kind("a widget's words and numbers", states("value", "description", "tooltip"))
def spoil_words(state: Node, trait: str) -> None:
    """Change a digit or add one, not in a picture."""
    if isinstance(state[trait], str):
        words, picture, pixels = state[trait].partition("src=")
        state[trait] = other_digit(words) + picture + pixels


@kind("a widget's choice", states("value", "index", "_options_labels", "disabled"))
def spoil_choice(state: Node, trait: str) -> None:
    """Tick or untick, choose another option, or turn the options round."""
    value = state[trait]
    if isinstance(value, bool):
        state[trait] = not value
    elif trait == "index" and value is not None:
        state[trait] = (value + 1) % len(state["_options_labels"])
    elif trait == "_options_labels":
        state[trait] = value[::-1]


@kind("a pixel of a widget's picture", states("value"))
def spoil_widget_pixel(state: Node, trait: str) -> None:
    """Change a pixel of the picture in HTML."""
    if isinstance(state[trait], str):
        state[trait] = in_place(state[trait], repainted)


@kind("a widget's width", states("width", "max_width"))
def spoil_width(state: Node, trait: str) -> None:
    """Make it 99 pixels wide."""
    state[trait] = "99px"


@kind("a widget's state missing", lambda notebook: [(each, notebook, each) for each in ledger.models_of(notebook)])
def drop_state(notebook: Node, model: str) -> None:
    """Take it away."""
    del ledger.models_of(notebook)[model]


# ---- prose


DECIMAL = r"(?<![\w.])\d+\.\d+(?![\w.]*\d)"


def elsewhere(cells: Callable[[Node, Node], list[Node]]) -> Callable[[Node], list[tuple]]:
    """Return a finder of (place, cell, match, number) for decimals of the prose and a different one of other cells."""

    def find(notebook: Node) -> list[tuple]:
        found = []
        for place, cell, match in said(DECIMAL)(notebook):
            code = [each for each in cells(notebook, cell) if each["cell_type"] == "code"]
            shown = "\n".join("\n".join(ledger.shown(each, {})) for each in code)
            others = sorted({each for each in re.findall(DECIMAL, shown) if float(each) != float(match[0])})
            found += [(place, cell, match, Random(place).choice(others))] if others else []
        return found

    return find


def section_of(notebook: Node, cell: Node) -> list[Node]:
    """Return the cells of the section of a cell."""
    return next(section for section in ledger.sections(notebook) if any(each is cell for each in section))


@kind("a decimal number in the prose: a digit", said(DECIMAL))
@kind("a whole number in the prose", said(r"(?<![\d.])\d+(?![\d.])"))
def spoil_number(cell: Node, found: re.Match) -> None:
    """Change a digit."""
    retell(cell, found, other_digit(found[0]))


def noted(notebook: Node) -> list[tuple]:
    """Find (place, slide's metadata, match) for the numbers in speaker notes."""
    slides = [(cell.id, cell.metadata.get("slideshow", {})) for cell in notebook.cells]
    return [
        (f"{name}, notes at {found.start()}", about, found)
        for name, about in slides
        for found in re.finditer(r"\d+", about.get("notes", ""))
    ]


@kind("a number in a speaker's note", noted)
def spoil_note(about: Node, found: re.Match) -> None:
    """Change a digit."""
    about["notes"] = about["notes"][: found.start()] + other_digit(found[0]) + about["notes"][found.end() :]


@kind("a decimal number in the prose: another of the notebook", elsewhere(lambda notebook, _: notebook.cells))
@kind("a decimal number in the prose: another of the section", elsewhere(section_of))
def swap_number(cell: Node, found: re.Match, other: str) -> None:
    """Put another number that is right elsewhere."""
    retell(cell, found, other)


@kind("a minus in the prose", said(r"(?<![\w)}])[-−](?=\d+\.?\d*)"))
def drop_sign(cell: Node, found: re.Match) -> None:
    """Take the minus of a number away."""
    retell(cell, found, "")


@kind("a link in the prose", said(r"(?<=\]\()(?![a-z]+:)[^)#]+"))
def spoil_link(cell: Node, found: re.Match) -> None:
    """Let a link to a file lead nowhere."""
    retell(cell, found, f"not-{found[0]}")


@kind("an equation of the article", said(r"(?m)^.*\\tag\{\d+\}.*$"))
def spoil_equation(cell: Node, found: re.Match) -> None:
    """Turn its signs round, or else the parts of its last product or fraction, w into b."""
    turned = found[0].translate(str.maketrans("-+", "+-"))
    retell(cell, found, turned if turned != found[0] else found[0].replace("x_i", "y").replace(" 1 ", " b "))


@kind("the number of an equation", said(r"(?<=\\tag\{)\d+"))
def spoil_tag(cell: Node, found: re.Match) -> None:
    """Give it the next number."""
    retell(cell, found, str(int(found[0]) + 1))


# ---- the count -------------------------------------------------------------------------------------------------------


def specimen(folder: Path) -> Path:
    """Return the path of a small notebook with outputs of kinds that the course does not have."""
    cells = [new_code_cell(source, id=f"show-{number}") for number, source in enumerate(SPECIMEN)]
    cells[-1].metadata["tags"] = ["raises-exception"]
    path = folder / "specimen" / "specimen.ipynb"
    path.parent.mkdir()
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Specimens", id="title"), *cells]), path)
    path.write_bytes(execute.execute(path).encode())
    return path


def spoilt(whole: str, name: str, most: int) -> Iterator[tuple[str, str]]:
    """Yield (place, spoilt text) for so many corruptions of a kind at places chosen by lot, the same every time."""
    find, spoil = KINDS[name]
    places, done = list(range(len(find(nbformat.reads(whole, as_version=4))))), 0
    Random(name).shuffle(places)
    while places and done < most:
        notebook = nbformat.reads(whole, as_version=4)
        place, *spot = find(notebook)[places.pop()]
        spoil(*spot)
        text = execute.canonical(notebook)
        if text != whole:  # else it is no corruption
            done += 1
            yield place, text


def try_all(path: Path | None, most: int) -> tuple[str, list[Trial]]:
    """Return a notebook's name and, for each corruption, (kind, place, the judges that saw it); None: the specimen."""
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        source = path or specimen(folder)
        bench, whole = Bench.of(source, folder), source.read_bytes().decode()
        before = bench.judge(whole)
        if any(before.values()) and path:
            raise ValueError(f"{path.name} must be green before it is spoilt: {before}")
        results = []
        kinds = [name for name in KINDS if path or name != EDITED]  # the ledger sees that, and has no specimen
        for name in kinds:
            for place, text in spoilt(whole, name, most):
                found = bench.judge(text)
                results.append((name, place, [judge for judge in JUDGES if set(found[judge]) - set(before[judge])]))
        return ledger.name_of(source), results


def report(tried: dict[str, list[Trial]]) -> str:
    """Return the table caught / tried for each kind, what only byte identity saw, and what nothing saw."""
    rows = [(name, each, place, seen) for name, results in tried.items() for each, place, seen in results]
    lines = [
        f"{'corruption':52}{'tried':>6}{'nbval':>7}{'guards':>8}{'run again':>11}{'portable':>10}{'bytes':>7}{'all':>6}"
    ]
    for name in [*KINDS, "together"]:
        found = [seen for _, each, _, seen in rows if name in (each, "together")]
        sums = [sum(judge in seen for seen in found) for judge in JUDGES]
        portable, some = sum(bool(set(PORTABLE) & set(seen)) for seen in found), sum(map(bool, found))
        nbval, guard, again, exact = sums
        lines.append(f"{name:52}{len(found):6}{nbval:7}{guard:8}{again:11}{portable:10}{exact:7}{some:6}")
    for title, wanted in (("only byte identity sees", ["bytes"]), ("NOTHING SEES", [])):
        lines += ["", f"{title}:"]
        for name in KINDS:
            where = [f"{notebook} {place}" for notebook, each, place, seen in rows if each == name and seen == wanted]
            lines += [f"  {name} ({len(where)}): {'; '.join(where)}"] if where else []
        if lines[-1] == f"{title}:":
            lines[-1] += " none"
    caught = sum(bool(seen) for *_, seen in rows)
    return "\n".join([*lines, "", f"caught {caught} of {len(rows)}: {caught / max(1, len(rows)):.1%}"])


def main(arguments: list[str] | None = None) -> int:
    """Spoil, judge and count; return 1 unless every corruption was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of the course, and the specimen")
    parser.add_argument(
        "--most", type=int, default=6, help="corruptions of a kind in a notebook (default: %(default)s)"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="notebooks at a time (default: %(default)s)")
    options = parser.parse_args(arguments)
    paths = options.notebooks or [*notebooks(), None]
    with ProcessPoolExecutor(options.jobs) as pool:
        tried = dict(pool.map(try_all, paths, [options.most] * len(paths)))
    print(report(tried))
    return int(not all(seen for results in tried.values() for *_, seen in results))


if __name__ == "__main__":
    sys.exit(main())
