"""Print the notebooks as PDFs, from their stored outputs: handouts for a class.

uv run --group publish python tools/handouts.py                # all of them, and the glossary, into build/handouts
uv run --group publish python tools/handouts.py 02-loss        # this one
"""

from __future__ import annotations

import argparse
import html
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import matplotlib
import nbformat
from answers import opened, uncovered, waits
from assets import asset
from chromium import find
from here import NOTEBOOKS, ROOT, TITLE, heading, notebooks
from links import relinked
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook
from paper import WIDTH, Press, footer
from pygments.formatters import HtmlFormatter
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from still import without_widgets

BUILD = ROOT / "build" / "handouts"
STILL = "<p><i>A still picture of an explorer. In the notebook it has sliders.</i></p>"
SCALES = (1, 0.97, 0.94)
FEW = 500  # characters: a page with no more is nearly empty
MARGIN = {"top": "13mm", "bottom": "15mm", "left": "16mm", "right": "16mm"}

FACES = {
    "": "",
    "-Bold": "font-weight: bold",
    "-Italic": "font-style: italic",
    "-BoldItalic": "font-weight: bold; font-style: italic",
}

STYLE = """
body { font: 10.2pt/1.45 "DejaVu Serif", Georgia, serif; color: #000; margin: 0; hyphens: manual }
h1, h2, h3 { font-family: "DejaVu Sans", "Segoe UI", Arial, sans-serif; line-height: 1.25; break-after: avoid;
  break-inside: avoid }
h1 { font-size: 20pt; margin: 0 0 4mm } h2 { font-size: 14pt; margin: 7mm 0 2mm }
h3 { font-size: 11.5pt; margin: 5mm 0 1mm }
h3 + p, .input, .text_cell:has(h3) { break-after: avoid }
[id$="-yours"] { break-before: avoid }
p, ul, ol { margin: 2mm 0; orphans: 3; widows: 3 } li { margin: 0.7mm 0 }
a { color: #004a80; text-decoration: underline; overflow-wrap: anywhere }
pre, code { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: 8pt; line-height: 1.35;
  overflow-wrap: anywhere }
p code, li code, td code { font-size: 8.8pt }
pre { white-space: pre-wrap; margin: 0; background: none }
.input_area .highlight { background: #f4f4f4; border-left: 0.8mm solid #888; padding: 1.5mm 2.5mm; margin: 2mm 0;
  break-inside: avoid }
.output_subarea pre { padding: 0.5mm 3.3mm; break-inside: avoid }
.output_area { margin: 1mm 0 3mm }
.output_area, .output_wrapper { break-inside: avoid }
img { display: block; max-width: 75% !important; max-height: 92mm; object-fit: contain; margin: 1mm auto;
  break-inside: avoid }
blockquote { border: 0.3mm solid #000; border-radius: 1.5mm; margin: 3mm 0; padding: 0.5mm 3.5mm; break-inside: avoid }
table { border-collapse: collapse; margin: 2mm 0; font-size: 9.2pt; line-height: 1.35 }
tr { break-inside: avoid } thead { display: table-header-group }
th, td { border-bottom: 0.2mm solid #999; padding: 0.6mm 2mm; text-align: left; vertical-align: top }
.room div { border-bottom: 0.2mm solid #777; height: 7.4mm }
.cover { border-bottom: 0.4mm dashed #000; font-size: 8.5pt; text-align: right; margin: 4mm 0 2mm; break-after: avoid }
.room { margin: 0 0 5mm; break-inside: avoid; break-before: avoid }
mjx-container[display="true"] { break-inside: avoid; margin: 3mm 0 !important }
mjx-container { overflow-wrap: normal }
mjx-container svg * { stroke: none }
"""

# Typeset, then say so; each formula's name for a screen reader is its source.
MATH = """window.MathJax = {
  tex: {inlineMath: [['$', '$'], ['\\\\(', '\\\\)']], processEscapes: true},
  svg: {fontCache: 'local'},
  options: {menuOptions: {settings: {assistiveMml: false}}},
  startup: {ready: () => {
    MathJax.startup.defaultReady();
    MathJax.startup.promise.then(() => {
      for (const item of MathJax.startup.document.math) {
        item.typesetRoot.setAttribute('role', 'img');
        item.typesetRoot.setAttribute('aria-label', item.math);
      }
      document.body.dataset.ready = 'yes';
    });
  }},
};"""
READY = "document.body.dataset.ready === 'yes' && [...document.images].every(image => image.complete)"


def sources() -> dict[str, Path]:
    """Return {name: file} of everything that has a handout: the notebooks, and the glossary."""
    paths = [*notebooks(), NOTEBOOKS / "glossary.md"]
    return {path.stem: path for path in paths if path.parent == NOTEBOOKS}


def notebook_of(path: Path) -> nbformat.NotebookNode:
    """Return what is printed of a file as a notebook: no widgets, links that lead to handouts, room to answer."""
    if path.suffix == ".md":
        notebook = new_notebook(cells=[new_markdown_cell(path.read_text(encoding="utf-8"))])
    else:
        notebook = nbformat.read(path, as_version=4)
    for cell in without_widgets(notebook, STILL).cells:
        if cell.cell_type == "markdown":
            cell.source = relinked(opened(cell.source), to_paper)
        elif waits(cell):
            uncovered(cell)
        elif cell.get("id", "").endswith("-yours"):  # what a check says of an exercise that nobody has solved
            cell.outputs = []
    cells = (cell for cell in notebook.cells if "repair" not in cell.get("id", ""))  # paper mends no code
    notebook.cells = list(_with_room(cells))
    return notebook


def _with_room(cells: Iterable[nbformat.NotebookNode]) -> Iterator[nbformat.NotebookNode]:
    """Yield the cells, before each answer a line that says so, and after each exercise a few lines to write on."""
    asked = False
    for cell in cells:
        if asked and waits(cell):
            yield new_markdown_cell('<div class="cover">Predict first. The answer is below this line.</div>')
            asked = False
        yield cell
        asked = asked or "-predict-" in cell.get("id", "")
        if cell.get("id", "").endswith("-yours"):
            lines = 1 if "-predict-" in cell.id or "culprit" in cell.source else 3
            yield new_markdown_cell(f'<div class="room" aria-hidden="true">{"<div></div>" * lines}</div>')


def to_paper(target: str) -> str | None:
    """Return where a link leads on paper: those to notebooks to their handouts, and to nothing what is not printed."""
    if target.startswith("#"):
        return target
    path = NOTEBOOKS / target.partition("#")[0]
    return f"{path.stem}.pdf" if path in sources().values() else None


def faces() -> str:
    """Return the style that brings the letters of the figures, which matplotlib carries, to the page."""
    folder, rules = Path(matplotlib.get_data_path(), "fonts", "ttf"), []
    for family in ("Serif", "Sans", "Sans Mono"):
        for style, rule in FACES.items():
            name = f"DejaVu{family.replace(' ', '')}{style}.ttf"
            file = folder / (name if family == "Serif" else name.replace("Italic", "Oblique"))
            rules.append(f'@font-face {{ font-family: "DejaVu {family}"; src: url({file.as_uri()}); {rule} }}')
    return "\n".join(rules)


def page(notebook: nbformat.NotebookNode, mathjax: str) -> str:
    """Return a notebook as a page of HTML for paper; ``mathjax`` is the address of the script."""
    exporter = HTMLExporter(
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True, exclude_anchor_links=True
    )
    body, _ = exporter.from_notebook_node(notebook)
    code = HtmlFormatter(style="bw").get_style_defs(".highlight")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(heading(notebook.cells[0].source))}</title>
<style>{faces()}{code}{STYLE}</style><script>{MATH}</script><script src="{mathjax}"></script></head>
<body>{body}</body></html>
"""


def finish(printed: Path, pdf: Path, title: str, folder: str) -> int:
    """Write a printed PDF with its title, and with links to its neighbours that hold anywhere; return its pages."""
    writer = PdfWriter(clone_from=PdfReader(printed))
    for sheet in writer.pages:
        for each in sheet.get("/Annots", []):
            action = each.get_object().get("/A", {})
            address = str(action.get("/URI", ""))
            if address.startswith(folder):
                name = TextStringObject(address.removeprefix(folder))
                target = {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): name}
                each.get_object()[NameObject("/A")] = DictionaryObject(target)
    writer.add_metadata({"/Title": title, "/Author": TITLE})
    writer.write(pdf)
    return len(writer.pages)


def print_handout(press: Press, path: Path, folder: Path) -> str:
    """Print one file into a folder, and return what was printed.

    Raises
    ------
    RuntimeError
        If the page asks for anything that is not on this machine.
    """
    notebook, pdf = notebook_of(path), folder / f"{path.stem}.pdf"
    title = heading(notebook.cells[0].source).replace("$", "")
    with tempfile.TemporaryDirectory() as room:
        written, printed = Path(room) / f"{path.stem}.html", Path(room) / "printed.pdf"
        written.write_text(page(notebook, (asset("mathjax") / "es5" / "tex-svg.js").as_uri()), encoding="utf-8")
        for scale in SCALES:  # a little smaller, if otherwise the last page were nearly empty
            press.pdf(
                written,
                printed,
                READY,
                width=WIDTH,
                format="A4",
                margin=MARGIN,
                scale=scale,
                display_header_footer=True,
                header_template="<i></i>",
                footer_template=footer(html.escape(title)),
            )
            if len(PdfReader(printed).pages[-1].extract_text()) > FEW:
                break
        if press.asked:
            raise RuntimeError(f"{path.name} asks for {', '.join(press.asked)}")
        pages = finish(printed, pdf, title, f"{Path(room).resolve().as_uri()}/")
    return f"{pdf.name}: {pages} pages, {pdf.stat().st_size / 1e6:.1f} MB"


def main(arguments: list[str] | None = None) -> int:
    """Print the handouts that are named, or all; return 1 where there is no Chromium."""
    known = sources()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"default: all of {', '.join(known)}")
    parser.add_argument("--to", default=BUILD, type=Path, help="the folder to write into, default: build/handouts")
    options = parser.parse_args(arguments)
    names = [Path(name).stem for name in options.names] or list(known)
    if unknown := [name for name in names if name not in known]:
        parser.error(f"{', '.join(unknown)}: no such notebook; there are {', '.join(known)}")
    if not find():
        print("handouts need a Chromium, and none is installed", file=sys.stderr)
        return 1
    options.to.mkdir(parents=True, exist_ok=True)
    with Press() as press:
        if press.lacks("梯度"):
            print(
                "no font for Chinese is installed, so the glossary's and the sources' Chinese names will be boxes",
                file=sys.stderr,
            )
        for name in names:
            print(print_handout(press, known[name], options.to), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
