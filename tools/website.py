"""Make the course's site, pages to read in a browser without a network, in build/site.

uv run --group publish python tools/website.py          # the pages
uv run --group publish python tools/website.py --kit    # and a page of the slides and handouts in build/
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from assets import licences
from here import NOTEBOOKS, ROOT, notebooks
from links import relinked
from still import without_widgets

SITE = ROOT / "build" / "site"
OTHERS = """The pages are made by Sphinx (BSD-2-Clause), MyST-NB (BSD-3-Clause) and the Sphinx Book Theme
(BSD-3-Clause), which brings Font Awesome's icons (CC BY 4.0, SIL OFL 1.1, MIT). Slides use the letters of DejaVu, which
come with matplotlib (licence of Bitstream Vera). From npm come:"""
STILL = """<p><i>A still picture of an explorer. Its sliders move when the notebook runs on your own machine: the home
page has the command.</i></p>""".replace("\n", " ")
#: What a lecturer takes along: folders of build/, and what the site says of them.
KIT = {"slides": "Slides; press S for the speaker notes", "handouts": "Handouts to print"}
#: The reference follows the course; modules that are not named, and not in a folder that is, come after.
ORDER = ("data", "problem", "linear", "descent", "curvature", "explain", "plots", "graph", "explore", "check")
#: The sections of the README that make the home page; the others are for those who have the folder.
HOME = ("Begin", "The course", "Prove it", "For lecturers", "Sources and licence")


def home(readme: str) -> str:
    """Return the home page: the README's opening and its sections for a reader, with the list of pages."""
    opening, *sections = re.split(r"^(?=## )", readme, flags=re.MULTILINE)
    kept = [section for section in sections if section[3:].split("\n", 1)[0] in HOME]
    text = opening + "".join(re.sub(r"^### Keep your own work.*\Z", "", section, flags=re.M | re.S) for section in kept)
    return relinked(text, to_page) + "\n"


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
    more = ["TEACHING", *more, "reference", "licences"]
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(pages) + "\n```\n"
        for caption, pages in (("The course", course), ("More", more))
    )


def still(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook without widgets: an explorer is its picture, and a line that says how to run it."""
    for cell in without_widgets(notebook, STILL).cells:
        if cell.cell_type == "markdown":
            cell.source = relinked(cell.source, to_home)
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
    (folder / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "descent.png", folder / "docs")
    for path in notebooks():
        nbformat.write(still(nbformat.read(path, 4)), folder / "notebooks" / path.name)
    pages = {
        "index.md": home((ROOT / "README.md").read_text("utf-8")) + contents([*more]),
        "notebooks/glossary.md": relinked((NOTEBOOKS / "glossary.md").read_text("utf-8"), to_home),
        "reference.md": reference(),
        "licences.md": f"# What others made\n\n{OTHERS}\n\n{licences()}\n",
        "TEACHING.md": relinked((ROOT / "TEACHING.md").read_text("utf-8"), to_page),
    } | {f"{name}.md": text for name, text in more.items()}
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")


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
    for folder in KIT if kit_of else ():
        if (kit_of / folder).is_dir():
            shutil.copytree(kit_of / folder, site / folder)
    return site


def main(arguments: list[str] | None = None) -> int:
    """Build the site."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kit", action="store_true", help="with the slides and handouts that were built")
    options = parser.parse_args(arguments)
    print(build(kit_of=SITE.parent if options.kit else None).relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
