"""Serve one explorer as a page of its own, with Voilà: no cells, no menus, for a screen in the room or a class.

uv run --group app python tools/app.py learning-rate                # on this machine, at a port that is free
uv run --group app python tools/app.py concept --port 8866 --share  # also for other machines of the room's network

Each visitor has a kernel of their own, about 130 MB.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import nbformat
from here import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gdlib.explore import explorers

APPS = ROOT / "build" / "app"
EXPLORERS = explorers()


def write(name: str, folder: Path = APPS) -> Path:
    """Return the notebook of an app: the explorer, and nothing else."""
    kind, module = EXPLORERS[name].__name__, EXPLORERS[name].__module__
    cells = [
        new_markdown_cell(f"# {name.replace('-', ' ').capitalize()}", id="title"),
        new_code_cell(f"%load_ext gdlib\nfrom {module} import {kind}\n\n{kind}()", id="explorer"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def main(arguments: list[str] | None = None) -> int:
    """Serve the explorer that is named until it is told to stop (Ctrl+C)."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("explorer", choices=EXPLORERS)
    parser.add_argument("--port", type=int, default=8866, help="the first port to try (default: %(default)s)")
    parser.add_argument("--share", action="store_true", help="for other machines, too; do so in a network you trust")
    parser.add_argument("--no-browser", action="store_true", help="open no browser")
    options = parser.parse_args(arguments)
    from voila.app import Voila

    address = "0.0.0.0" if options.share else "127.0.0.1"
    command = [str(write(options.explorer)), f"--Voila.ip={address}", f"--port={options.port}"]
    Voila.launch_instance([*command, *["--no-browser"] * options.no_browser])
    return 0


if __name__ == "__main__":
    sys.exit(main())
