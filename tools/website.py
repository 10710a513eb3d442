"""Make the course's site, pages to read in a browser without a network, in build/site.

uv run --group publish python tools/website.py          # the pages
uv run --group publish python tools/website.py --kit    # and a page of the slides and handouts in build/
uv run --group publish python tools/website.py --addresses    # and put addresses that are new on their list
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import live
import nbformat
from answers import waits
from assets import licences
from execute import cleared
from here import NOTEBOOKS, ROOT, lectures, notebooks
from links import relinked
from still import without_widgets

from gdlib.explore import explorers

SITE = ROOT / "build" / "site"
OTHERS = """The pages are made by Sphinx (BSD-2-Clause), MyST-NB (BSD-3-Clause) and the Sphinx Book Theme
(BSD-3-Clause), which brings Font Awesome's icons (CC BY 4.0, SIL OFL 1.1, MIT). Slides use the letters of DejaVu, which
come with matplotlib (licence of Bitstream Vera). From npm come:"""
#: What a notebook says before an explorer, and what the site says there: nothing has to be run.
RUN = re.compile(r"Run the (?:next )?cell(?: to bring the sliders to life)?(?:\. \(Without a kernel[^)]*\))?")
MOVE = "The sliders below move on this page"
#: The picture of the README, in whose place the home page has an explorer that moves, after the first paragraph.
PICTURE = re.compile(r"^!\[[^\]]*\]\(docs/descent\.png\)\n\n((?:.+\n)+)", re.MULTILINE)
TRY = "**Try it.** Move η, the learning rate, slowly up to 2.5. From where on do the steps lead away from the minimum?"
#: What a page of a notebook says under its title, and what it leaves out: nothing runs there.
READ = "This page is for reading{}. To answer and run cells, start the course: `uv run course {}`."
FAILS, UNSOLVED = "If the cell above fails", "Not solved yet"
#: Every address that was ever published: others link to them, so the list only grows.
ADDRESSES = ROOT / "tests" / "addresses.txt"
#: What a lecturer takes along: folders of build/, and what the site says of them.
KIT = {"slides": "Slides; press S for the speaker notes", "handouts": "Handouts to print"}
#: The reference follows the course; modules that are not named, and not in a folder that is, come after.
ORDER = (
    "data",
    "problem",
    "linear",
    "classify",
    "network",
    "descent",
    "curvature",
    "explain",
    "plots",
    "graph",
    "explore",
    "check",
)
#: The sections of the README that make the home page; the others are for those who have the folder.
HOME = ("Begin", "The course", "Prove it", "For lecturers", "Sources and licence")


def home(readme: str) -> str:
    """Return the home page: the README's opening and its sections for a reader, with the list of pages."""
    opening, *sections = re.split(r"^(?=## )", readme, flags=re.MULTILINE)
    kept = [section for section in sections if section[3:].split("\n", 1)[0] in HOME]
    moves = raw(live.fragment("concept", "live/", "explorers/concept.html"))
    opening = PICTURE.sub(lambda found: f"{TRY}\n\n{moves}\n\n{found[1]}", opening)
    text = opening + "".join(re.sub(r"^### Keep your own work.*\Z", "", section, flags=re.M | re.S) for section in kept)
    return relinked(text, to_page) + "\n"


def raw(html: str) -> str:
    """Return HTML as MyST that goes into the page as it is."""
    return f"```{{raw}} html\n{html}\n```"


def alone() -> str:
    """Return the page that lists the explorers' own pages, as MyST."""
    lines = [f'- <a href="explorers/{name}.html">{kind.name}</a>' for name, kind in explorers().items()]
    about = """Each explorer has a page of its own, to link to or to embed. Its address says what is shown, such as
`learning-rate.html#eta=0.7`: move it, then open *Link to what is shown*, and copy the link, or the line for another
page. Such an address stays valid."""
    return "\n".join(["# The explorers", "", about, "", *lines, ""])


def to_home(target: str) -> str:
    """Return where a link of a notebook leads on the site: the README is the home page."""
    return re.sub(r"^(\.\./)?README\.md", r"\1index.md", target)


def to_page(target: str) -> str | None:
    """Return where a link of the README or the guide leads on the site; what is no page is no link."""
    return to_home(target) if re.match(r"notebooks/[\w-]+\.|docs/|TEACHING\.md|README\.md|#", target) else None


def kit(build: Path) -> str:
    """Return the page of the slides and handouts that were built, as MyST."""
    lines = ["# For the class"]
    for folder, title in KIT.items():
        lines += [f"## {title}", ""]
        for path in sorted(build.joinpath(folder).glob("[0-9a-z]*.[hp]*")):
            name = f"{path.name.partition('.')[0]}, {'PDF' if path.suffix == '.pdf' else 'in the browser'}"
            lines.append(f'- <a href="{folder}/{path.name}">{name}</a>')
    return "\n".join([*lines, ""])


def contents(more: Sequence[str] = ()) -> str:
    """Return the site's table of contents, as MyST."""
    course = [f"notebooks/{path.stem}" for path in notebooks()] + ["notebooks/glossary"]
    more = ["explorers", "TEACHING", *more, "reference", "licences"]
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(pages) + "\n```\n"
        for caption, pages in (("The course", course), ("More", more))
    )


def moved(source: str) -> str:
    """Return what a notebook says before its explorer as the site says it."""
    return RUN.sub(MOVE, source.replace("Run the cell, and try", "Try"))


def for_reading(source: str, word: str, moves: bool) -> str:
    """Return a notebook's first cell with how to start it under its title; ``word`` is what `course` takes."""
    title, below = source.split("\n", 1)
    return f"{title}\n\n{READ.format('; its explorer moves' * moves, word)}\n{below}"


def moving(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook without widgets: its explorer moves by itself, and the sentence before it says so."""
    notebook = without_widgets(notebook, "")
    cells = notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith(FAILS)]
    for before, cell in pairwise(cells):
        if name := live.named(cell.source) if cell.cell_type == "code" else None:
            before.source = moved(before.source)
            html = live.fragment(name, "../live/", f"../explorers/{name}.html")
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": html})]
    for cell in cells:
        if "outputs" in cell:
            blank = [output for output in cell.outputs if output.output_type == "stream" and not output.text.strip()]
            cell.outputs = [each for each in cell.outputs if each not in blank and UNSOLVED not in str(each)]
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output.data.pop("image/png", None)  # the same picture for those who cannot show HTML
        if cell.cell_type == "markdown":
            cell.source = relinked(cell.source, to_home)
        elif waits(cell):
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-output"]  # MyST-NB's word for it
    return notebook


def modules(package: Path = ROOT / "gdlib") -> list[str]:
    """Return the names of the public modules of a package, a folder before what is in it, in the reference's order.

    What is left of a module that has moved, and only says where it is now, is none.
    """
    found = []
    for path in package.rglob("*.py"):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        moved = re.search("^raise ImportError", path.read_text("utf-8"), re.MULTILINE)
        if name and not moved and not re.search(r"(^|\.)_", name):
            found.append(name)
    place = {name: number for number, name in enumerate(ORDER)}
    return sorted(found, key=lambda name: (place.get(name.partition(".")[0], len(ORDER)), name))


def reference() -> str:
    """Return the page of gdlib's public functions, a section for each module."""
    block = "## gdlib.{0}\n\n```{{eval-rst}}\n.. automodule:: gdlib.{0}\n   :members:\n   :ignore-module-all:\n```\n"
    parts = [block.format(name) for name in modules()]
    return "# gdlib, function by function\n\n" + "\n".join(parts)


def gather(folder: Path, more: dict[str, str]) -> None:
    """Write every page of the site, and more of them, into a folder, in the form that Sphinx reads."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "notebooks").mkdir(parents=True)
    for path in notebooks():
        notebook, lecture = moving(nbformat.read(path, 4)), path in lectures()
        first, word = notebook.cells[0], str(int(path.name[:2])) if lecture else path.stem.rpartition("-")[2]
        first.source = for_reading(first.source, word, moves=lecture)
        nbformat.write(notebook, folder / "notebooks" / path.name)
    pages = {
        "index.md": home((ROOT / "README.md").read_text("utf-8")) + contents([*more]),
        "notebooks/glossary.md": relinked((NOTEBOOKS / "glossary.md").read_text("utf-8"), to_home),
        "reference.md": reference(),
        "explorers.md": alone(),
        "licences.md": f"# What others made\n\n{OTHERS}\n\n{licences()}\n",
        "TEACHING.md": relinked((ROOT / "TEACHING.md").read_text("utf-8"), to_page),
    } | {f"{name}.md": text for name, text in more.items()}
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")


def to_run(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook of the course as a page offers it for download: to be run, so without outputs."""
    notebook.metadata.pop("widgets", None)
    return cleared(notebook)


def build(site: Path = SITE, kit_of: Path | None = None) -> Path:
    """Return the folder of the finished site; a warning of Sphinx stops it.

    Parameters
    ----------
    site
        The folder.
    kit_of
        A folder whose slides and handouts go along.
    """
    pages = site.with_name(site.name + "-pages")
    gather(pages, {"kit": kit(kit_of)} if kit_of else {})
    shutil.rmtree(site, ignore_errors=True)
    conf = ROOT / "docs" / "site"
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-E", "-b", "html", "-c", conf]
    subprocess.run([*map(str, command), "-d", str(pages / ".doctrees"), str(pages), str(site)], check=True)
    for unread in site.joinpath("_static").rglob("*.map"):  # for who works on the theme: a tenth of the site
        unread.unlink()
    for path in notebooks():
        nbformat.write(to_run(nbformat.read(path, 4)), site / "_sources" / "notebooks" / path.name)
    live.copied(site / "live")
    (site / "explorers").mkdir()
    for name in explorers():
        (site / "explorers" / f"{name}.html").write_text(live.page(name, "../live/"), "utf-8")
    for folder in KIT if kit_of else ():
        if (kit_of / folder).is_dir():
            shutil.copytree(kit_of / folder, site / folder)
    return site


def published(site: Path) -> set[str]:
    """Return the addresses of a site: its pages, their headings, and what can be set of an explorer.

    Functions of gdlib are not among them: they move with the package.
    """
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts and path.parent.name not in KIT]
    found = set()
    for path in pages:
        name, text = path.relative_to(site).as_posix(), path.read_text("utf-8")
        found |= {name} | {f"{name}#{each}" for each in re.findall(r'<(?:section[^>]*|a) id="([^"]+)"', text)}
        script = site / "live" / f"{path.stem}.js"
        if path.parent.name == "explorers" and script.exists():
            head = json.loads(script.read_text("utf-8").partition("\n")[0].partition(",")[2].removesuffix(");"))
            for control in head["controls"]:
                values = control["values"] if control["choice"] else [""]
                found |= {f"{name}#{urlencode({control['name']: value}).lower()}" for value in values}
    return {each for each in found if not each.startswith("reference.html#")}


def main(arguments: list[str] | None = None) -> int:
    """Build the site."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kit", action="store_true", help="with the slides and handouts that were built")
    parser.add_argument("--addresses", action="store_true", help="add those that are new to tests/addresses.txt")
    options = parser.parse_args(arguments)
    if options.addresses:
        known = set(ADDRESSES.read_text("utf-8").split()) if ADDRESSES.exists() else set()
        ADDRESSES.write_text("\n".join(sorted(known | published(build()))) + "\n", "utf-8")
        return 0
    print(build(kit_of=SITE.parent if options.kit else None).relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
