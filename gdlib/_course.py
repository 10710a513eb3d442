"""Where the course lies: its folder, and its notebooks in their order, each with its title."""

import json
from pathlib import Path

#: The folder of the course. Around a package installed from a wheel there is none, and `notebooks` finds nothing.
ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
SHEETS = NOTEBOOKS / "solutions"


def notebooks(folder: Path | None = None) -> list[Path]:
    """Return every notebook of the course, or of a copy of its folder ``notebooks``, in order.

    JupyterLab's checkpoints and a reader's own copies are none.
    """
    folder, others = folder or NOTEBOOKS, {".ipynb_checkpoints", "my"}
    return sorted(path for path in folder.rglob("*.ipynb") if not others & {*path.relative_to(folder).parts})


def lectures() -> list[Path]:
    """Return the notebooks that are lectures, in order: those with a number."""
    return [path for path in notebooks() if path.name[0].isdigit()]


def title(path: Path) -> str:
    """Return the title of a notebook: that of its first cell."""
    return heading("".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]))


def heading(markdown: str) -> str:
    """Return the title of a text in Markdown, which begins with it: ``"# The title"``."""
    return markdown.partition("\n")[0].removeprefix("# ")
