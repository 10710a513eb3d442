"""Make a JupyterLite site of the notebooks in build/lite: they run in the reader's browser, without a server.

uv run --isolated --group lite python tools/lite.py

The Python that runs there, and numpy with it, come from a CDN when a notebook is opened: nothing of them is in the
folder. The package of the course is; a first cell, which the copies get, installs it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from bundle import wheel
from here import NOTEBOOKS, ROOT
from nbformat.v4 import new_code_cell

LITE = ROOT / "build" / "lite"
INSTALL = "%pip install -q gdlib  # in this browser"


def gather(folder: Path) -> None:
    """Copy what a reader opens into a folder; each notebook begins by installing the package."""
    shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "my", "my-*"))
    for path in folder.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.kernelspec = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
        notebook.cells.insert(0, new_code_cell(INSTALL, id="install"))
        nbformat.write(notebook, path)


def build(lite: Path = LITE) -> Path:
    """Return the folder of the finished site."""
    shutil.rmtree(lite, ignore_errors=True)
    with tempfile.TemporaryDirectory() as room:
        gather(Path(room) / "notebooks")
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--contents", "notebooks", "--output-dir", lite]
        command += ["--piplite-wheels", wheel(Path(room)), "--no-sourcemaps", "--no-unused-shared-packages"]
        subprocess.run([*map(str, command)], cwd=room, check=True)
    return lite


def main(arguments: list[str] | None = None) -> int:
    """Build the site; there is nothing to choose."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args(arguments)
    print(build().relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
