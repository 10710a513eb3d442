"""Make slides for a lecture from each notebook: reveal.js decks in build/slides that need no network.

uv run --group publish python tools/slides.py                 # all of them
uv run --group publish python tools/slides.py 02-loss --pdf   # one, and as PDF too

A cell's metadata says what a slide shows of it; nothing is written twice. Under `slideshow` stand

- `slide_type`: "slide", "subslide", "fragment", "-" (with the cell before) or "skip", as in JupyterLab;
- `show`, of prose: the paragraphs that are shown, by their number from 0, headings not counted; `[2, 1]` is the first
  sentence (or item) of paragraph 2. Of code: "source", "output", or "figure" for pictures alone. Without it, all is
  shown;
- `frames`, of an explorer: the settings of its controls, a slide for each, on which it moves; paper has a still. From
  the second on the slide asks first, and the next press of the key answers;
- `notes`: what the lecturer sees (press S): minutes, the question to the room, the mistake to expect.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import live
import matplotlib
import nbformat
from answers import opened, uncovered
from here import NOTEBOOKS, ROOT, heading, lectures
from links import relinked
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from gdlib.explore import explorers

TOOLS = Path(__file__).resolve().parent
SLIDES = ROOT / "build" / "slides"
WIDTH, HEIGHT = 1280, 720
#: What the lecturer sees beside each setting of an explorer but the first, which has the notes of its cell.
ASK = "→ asks, → again answers; in between let the class call a value."
PRINTED = "!!document.querySelector('.pdf-page')"
FONTS = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSans-Oblique.ttf",
    "DejaVuSansMono.ttf",
    "DejaVuSansMono-Bold.ttf",
)
NEW = ("slide", "subslide")
TYPES = (*NEW, "fragment", "-", "skip")


def told(cell: NotebookNode) -> dict:
    """Return what a cell's metadata says about slides."""
    return cell.metadata.get("slideshow", {})


# --- what a slide shows of a cell -------------------------------------------------------------------------------------


def blocks(source: str) -> list[str]:
    """Return the paragraphs, lists, formulas and tables of a piece of Markdown; a fence or a formula is one of them."""
    parts, inside = [[]], ""
    for line in source.splitlines():
        if not (line.strip() or inside):
            parts.append([])
            continue
        parts[-1].append(line)
        for fence in ("```", "$$"):
            if inside in ("", fence) and line.count(fence) % 2:
                inside = "" if inside else fence
    return ["\n".join(lines) for lines in parts if lines]


def first(block: str, count: int) -> str:
    """Return the first sentences of a paragraph, or the first items of a list."""
    items = re.split(r"\n(?=(?:[-*]|\d+\.) )", block)
    if len(items) > 1:
        return "\n".join(items[:count])
    sentences = re.split(r"(?:(?<=[.?!:])|(?<=[.?!][*)]))\s+(?=[A-ZÀ-Žŷη*`$\"(“])", block)
    return " ".join(sentences[:count])


def shown(source: str, show: Sequence[int | list[int]] | None) -> str:
    """Return the part of a piece of Markdown that stands on the slide: its headings, and the blocks in ``show``."""
    if show is None:
        return source
    kept, number = [], -1
    picks = dict(each if isinstance(each, list) else (each, None) for each in show)
    for block in blocks(source):
        if block.startswith("#"):
            kept.append(block)
            continue
        number += 1
        if number in picks:
            kept.append(block if picks[number] is None else first(block, picks[number]))
    return "\n\n".join(kept)


def to_slides(target: str) -> str | None:
    """Return where a link leads on slides: those to other lectures to their slides, and others to nothing."""
    path = NOTEBOOKS / target
    return f"{path.stem}.slides.html" if path in lectures() else None


def frames(cell: NotebookNode) -> Iterator[str]:
    """Yield an explorer at each setting that its cell asks for, as HTML; where nothing moves, it is a still."""
    kind, before = live.named(cell.source), ""
    explorer = explorers()[kind]()
    for settings in told(cell)["frames"]:
        for name, value in settings.items():
            getattr(explorer, name).value = value
        at = [f"{getattr(explorer, name).description} = {live.said(value)}" for name, value in settings.items()]
        here, setting = live.address(explorer), f"<b>{escape(', '.join(at))}</b>"
        ask = f'{setting}: what will it show? <span class="fragment">Look.</span>' if before else setting
        states = f'data-state="{escape(before or here)}" data-then="{escape(here)}"'
        yield f'<div class="gl" data-live="{kind}" {states}><p class="gl-ask">{ask}</p>{live.body(explorer)}</div>'
        before = here
    explorer.close()


def deck(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook of a lecture: what its slides show, and nothing else."""
    cells, title = [], ""
    for cell in notebook.cells:
        about = told(cell)
        kind = about.get("slide_type", "-")
        found = re.match(r"#+ (.*)", cell.source) if cell.cell_type == "markdown" else None
        title = found[1] if found else title
        if kind == "skip":
            continue
        if cell.cell_type == "markdown":
            source = relinked(shown(opened(cell.source), about.get("show")), to_slides)
            if kind in NEW and not found:  # a slide that goes on with its section says so
                source = f"## {title}\n\n{source}"
            parts = [new_markdown_cell(source)]
        elif "frames" in about:
            parts = [new_markdown_cell(f"## {title}\n\n{figure}") for figure in frames(cell)]
        else:
            parts = [_code(cell, about.get("show", ["source", "output"]))]
            if kind in NEW:
                parts.insert(0, new_markdown_cell(f"## {title}"))
        for number, part in enumerate(parts):
            follows = "subslide" if "frames" in about else "-"
            part.metadata.slideshow = {"slide_type": follows if number else kind}
        if "frames" in about:  # the first has the notes of the cell
            parts = [each for part in parts for each in (part, _notes(ASK))]
            parts[1:2] = [_notes(about["notes"])] if "notes" in about else []
        elif "notes" in about:
            parts.append(_notes(about["notes"]))
        cells += parts
    return new_notebook(
        cells=cells, metadata={"title": heading(notebook.cells[0].source), "language_info": {"name": "python"}}
    )


def _notes(text: str) -> NotebookNode:
    return new_markdown_cell(text, metadata={"slideshow": {"slide_type": "notes"}})


def _code(cell: NotebookNode, show: Sequence[str]) -> NotebookNode:
    part = uncovered(nbformat.from_dict(cell))
    part.metadata = NotebookNode(transient={"remove_source": "source" not in show})
    part.outputs = [
        _still(output)
        for output in part.outputs
        if "output" in show or ("figure" in show and "image/png" in output.get("data", {}))
    ]
    return part


def _still(output: NotebookNode) -> NotebookNode:
    """Return an output without what needs a kernel."""
    if "data" in output:
        output = nbformat.from_dict(output)
        output.data = {kind: data for kind, data in output.data.items() if "widget" not in kind}
    return output


# --- decks ------------------------------------------------------------------------------------------------------------


def write(path: Path, folder: Path = SLIDES) -> Path:
    """Return the file of the deck that was made from a notebook, in a folder with all that it needs."""
    import assets
    from nbconvert import SlidesExporter  # here: whoever only looks at what is shown would wait for it

    folder.mkdir(parents=True, exist_ok=True)
    for name in ("reveal.js", "mathjax"):
        source = assets.asset(name)
        shutil.copytree(source, folder / "assets" / source.name, dirs_exist_ok=True)
    for font in FONTS:  # those of the figures, so that every machine has the same letters
        shutil.copy(Path(matplotlib.get_data_path(), "fonts", "ttf", font), _made(folder / "assets" / "fonts"))
    shutil.copy(TOOLS / "templates" / "course" / "slides.css", folder / "assets")
    notebook = nbformat.read(path, as_version=4)
    moving = [live.named(cell.source) for cell in notebook.cells if "frames" in told(cell)]
    if moving:
        live.copied(folder / "assets" / "live", moving)
    exporter = SlidesExporter(
        template_name="course",
        extra_template_basedirs=[str(TOOLS / "templates")],
        reveal_url_prefix=f"assets/{assets.asset('reveal.js').name}",
        reveal_theme="white",
        reveal_width=str(WIDTH),
        reveal_height=str(HEIGHT),
        mathjax_url=f"assets/{assets.asset('mathjax').name}/es5/tex-svg.js",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    html, _ = exporter.from_notebook_node(
        deck(notebook), {"slides_css": "assets/slides.css", "moving": moving, "metadata": {"name": path.stem}}
    )
    target = folder / f"{path.stem}.slides.html"
    target.write_text(html, encoding="utf-8")
    return target


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def print_pdf(decks: Sequence[Path]) -> list[Path]:
    """Return the PDFs that were printed of decks, beside them, a page a slide."""
    from paper import Press

    targets = [each.with_suffix("").with_suffix(".pdf") for each in decks]
    with Press() as press:
        for each, target in zip(decks, targets, strict=True):
            press.pdf(each, target, ready=PRINTED, query="?print-pdf", prefer_css_page_size=True)
    return targets


def main(arguments: list[str] | None = None) -> int:
    """Write the decks that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="notebooks, such as 02-loss (default: all)")
    parser.add_argument("--pdf", action="store_true", help="as PDF too")
    options = parser.parse_args(arguments)
    paths = [NOTEBOOKS / f"{name}.ipynb" for name in options.names] or lectures()
    decks = [write(path) for path in paths]
    for each in [*decks, *(print_pdf(decks) if options.pdf else [])]:
        print(each.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
