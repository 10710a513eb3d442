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

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "site"
WIDGET = "application/vnd.jupyter.widget-view+json"
JUPYTER_LINE = "To get its sliders choose Run, then Run All Cells."
OTHERS = """The pages are made by Sphinx (BSD-2-Clause), MyST-NB (BSD-3-Clause) and the Sphinx Book Theme
(BSD-3-Clause), which brings Font Awesome's icons (CC BY 4.0, SIL OFL 1.1, MIT). Slides use the letters of DejaVu, which
come with matplotlib (licence of Bitstream Vera). From npm come:"""
SITE_LINE = "Its sliders move when the notebook runs on your own machine: the home page has the command."
#: What a lecturer takes along: folders of build/, and what the site says of them.
KIT = {"slides": "Slides; press S for the speaker notes", "handouts": "Handouts to print"}
#: The reference follows the course's walk; modules that are not named come after.
WALK = ("data", "problem", "descent", "curvature", "explain", "plots", "explore", "check")
#: The sections of the README that make the home page; the others are for those who have the folder.
HOME = ("Begin", "The course", "Prove it", "For lecturers", "Sources and licence")


def notebooks() -> list[Path]:
    """Return the notebooks of the site, in reading order."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def home(readme: str) -> str:
    """Return the home page: the README's opening and its sections for a reader, with the list of pages."""
    opening, *sections = re.split(r"^(?=## )", readme, flags=re.MULTILINE)
    kept = [section for section in sections if section[3:].split("\n", 1)[0] in HOME]
    text = opening + "".join(re.sub(r"^### Keep your own work.*\Z", "", section, flags=re.M | re.S) for section in kept)
    return within(text) + "\n"


def within(text: str) -> str:
    """Return a page whose links stay on the site: the README is the home page, other files bare names."""
    text = text.replace("](README.md", "](index.md")
    return re.sub(r"\[([^\]]+)\]\((?!notebooks/[\w-]+\.|docs/|https?:|TEACHING\.md|index\.md|#)[^)]+\)", r"\1", text)


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
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("../README.md", "../index.md")
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.pop(WIDGET, None):
                data["text/html"] = data["text/html"].replace(JUPYTER_LINE, SITE_LINE)
    return notebook


def reference() -> str:
    """Return the page of gdlib's public functions, a section for each module."""
    others = sorted(path.stem for path in (ROOT / "gdlib").glob("[!_]*.py") if path.stem not in WALK)
    modules = (*WALK, *others)
    block = "## gdlib.{0}\n\n```{{eval-rst}}\n.. automodule:: gdlib.{0}\n   :members:\n```\n"
    parts = [block.format(name) for name in modules]
    return "# gdlib, function by function\n\n" + "\n".join(parts)


def gather(folder: Path, more: dict[str, str]) -> None:
    """Write every page of the site, and more of them, into a folder, in the form that Sphinx reads."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "notebooks").mkdir(parents=True)
    (folder / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "descent.png", folder / "docs")
    for path in notebooks():
        nbformat.write(still(nbformat.read(path, 4)), folder / "notebooks" / path.name)
    glossary = (ROOT / "notebooks" / "glossary.md").read_text("utf-8").replace("../README.md", "../index.md")
    pages = {
        "index.md": home((ROOT / "README.md").read_text("utf-8")) + contents([*more]),
        "notebooks/glossary.md": glossary,
        "reference.md": reference(),
        "licences.md": f"# What others made\n\n{OTHERS}\n\n{licences()}\n",
        "TEACHING.md": within((ROOT / "TEACHING.md").read_text("utf-8")),
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
