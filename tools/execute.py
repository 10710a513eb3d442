"""Re-execute the notebooks and write them in a form that comes out the same, byte for byte.

uv run --group tool python tools/execute.py                  # every notebook of the course
uv run --group tool python tools/execute.py notebooks/01*    # these
uv run --group tool python tools/execute.py --check          # write nothing; say which files would change
"""

import argparse
import difflib
import json
import os
import platform
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import chain, zip_longest
from pathlib import Path

import nbformat
from here import notebooks
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from PIL import Image

# Under these a notebook stores the state of its widgets, and in an output which of them is on display.
WIDGETS = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
PICTURE = re.compile(r"(?<=data:image/png;base64,)[A-Za-z0-9+/=]+")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What a kernel says of itself, without its patch version.
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}
# Each processor would take matrix products its own way, and a last digit may move a pixel: all take that of AVX2.
PROCESSOR = {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}
PROCESSOR = PROCESSOR if platform.machine().lower() in ("x86_64", "amd64") else {}


class CurrentPython(AsyncKernelManager):
    """Starts the Python that runs this tool, whatever kernels are installed beside it."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel specification of this very environment."""
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict(["--log-level=ERROR"]))


def cleared(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook without outputs, as it is before it is run."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    return notebook


def execute(path: Path, again: Iterable[int] = ()) -> str:
    """Return a notebook's text, cleared, run from top to bottom and made canonical; a RuntimeError names a bad cell.

    The cells of code whose numbers are in ``again`` are then run once more, in that order and in the same kernel, and
    keep what they show the second time.
    """
    notebook = cleared(nbformat.read(path, as_version=4))
    client = NotebookClient(notebook, kernel_manager_class=CurrentPython, timeout=120, shutdown_kernel="immediate")
    with client.setup_kernel(cwd=str(path.parent), env=PROCESSOR | os.environ | {"PYTHONHASHSEED": "0"}):
        for number in chain(range(len(notebook.cells)), again):
            cell = notebook.cells[number]
            count = cell.get("execution_count")
            try:
                client.execute_cell(cell, number)
            except (CellControlSignal, DeadKernelError) as error:
                raise RuntimeError(f"cell {number + 1} ({cell.get('id')}): {error}") from error
            if count:  # it counts as the first time
                _recount(cell, count)
        client.set_widgets_metadata()
    for model in notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {}).values():
        texts = {name: value for name, value in model["state"].items() if isinstance(value, str)}
        model["state"].update({name: PICTURE.sub(_repacked, text) for name, text in texts.items()})
    return canonical(notebook)


def _repacked(picture: re.Match) -> str:
    """Return the same picture, packed by Pillow: isal packs faster, but once in a while into other bytes."""
    file = BytesIO()
    Image.open(BytesIO(b64decode(picture[0]))).save(file, "PNG", compress_level=9)
    return b64encode(file.getvalue()).decode()


def _recount(cell: nbformat.NotebookNode, count: int) -> None:
    """Give a cell of code, and its outputs that are counted, this count."""
    cell.execution_count = count
    for output in cell.outputs:
        if "execution_count" in output:
            output.execution_count = count


def canonical(notebook: nbformat.NotebookNode) -> str:
    """Return a notebook's text in its one spelling: nothing in it differs from run to run or from editor to editor."""
    notebook = nbformat.from_dict(notebook)
    for number, cell in enumerate(notebook.cells, start=1):
        cell.setdefault("id", f"cell-{number}")
        cell.metadata = _kept(cell.metadata)
        if cell.cell_type == "code":
            cell.outputs = merge_streams(cell.outputs)
    models = notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {})
    shown = shown_widgets(notebook.cells, models)
    notebook.metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE}
    if shown:
        state = {model: models[model] for model in shown}
        notebook.metadata["widgets"] = {WIDGETS: {"state": state, "version_major": 2, "version_minor": 0}}
    notebook.nbformat_minor = 5
    ids = {model: f"{number:032x}" for number, model in enumerate(shown, start=1)}
    text = re.sub("[0-9a-f]{32}", lambda found: ids.get(found[0], found[0]), json.dumps(notebook))
    return nbformat.writes(nbformat.reads(text, as_version=4)) + "\n"


def _kept(metadata: dict) -> dict:
    """Return what stays of a cell's metadata: its slide, its tags, and that its output is collapsed."""
    kept = {key: metadata[key] for key in ("slideshow", "tags") if key in metadata}
    collapsed = metadata.get("jupyter", {}).get("outputs_hidden")
    return kept | ({"jupyter": {"outputs_hidden": True}} if collapsed else {})


def merge_streams(outputs: list[dict]) -> list[dict]:
    """Return the outputs with neighbouring pieces of one stream joined: where a stream is cut is chance."""
    merged: list[dict] = []
    for output in outputs:
        if merged and output["output_type"] == "stream" and output["name"] == merged[-1].get("name"):
            merged[-1]["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def shown_widgets(cells: list[dict], models: dict[str, dict]) -> list[str]:
    """Return the ids of the widgets on display, then of what they are made of, in the order in which they come."""
    shown = re.findall(r'"model_id": "([0-9a-f]{32})"', json.dumps(cells))
    for model in shown:  # grows while it is read
        parts = re.findall("IPY_MODEL_([0-9a-f]{32})", json.dumps(models.get(model), sort_keys=True))
        shown += [part for part in parts if part not in shown]
    return [model for model in dict.fromkeys(shown) if model in models]


def differences(stored: str, fresh: str) -> Iterator[str]:
    """Yield the cells in which two texts of one notebook differ, each with its first changed lines."""
    cells = zip_longest(json.loads(stored)["cells"], json.loads(fresh)["cells"], fillvalue={})
    for number, pair in enumerate(cells, start=1):
        lines = [json.dumps(cell, indent=1, ensure_ascii=False).splitlines() for cell in pair]
        changed = [line for line in list(difflib.unified_diff(*lines, n=0))[2:] if line[0] in "+-"]
        if changed:
            yield f"  cell {number} ({pair[0].get('id') or pair[1].get('id')})"
            yield from (f"    {line[:100]}{f'… {len(line)} characters' * (len(line) > 100)}" for line in changed[:8])


def treat(path: Path, check: bool) -> str:
    """Execute one notebook, store it or compare it, and return what is wrong, or nothing."""
    try:
        fresh = execute(path)
    except RuntimeError as error:
        return f"{path}: {error}"
    stored = path.read_bytes().decode()
    if check and fresh != stored:
        seen = list(differences(stored, fresh)) or ["  no cell: the metadata (widgets) or the spelling of the file"]
        return "\n".join([f"{path}: does not come out as it is stored", *seen])
    if not check:
        path.write_bytes(fresh.encode())
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Execute the notebooks that are named, or all; return 1 if one fails or, with --check, differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of the course")
    parser.add_argument("--check", action="store_true", help="write nothing; compare byte for byte")
    parser.add_argument("--jobs", type=int, default=2, help="notebooks at a time (default: %(default)s)")
    options = parser.parse_args(arguments)
    import matplotlib.font_manager  # noqa: F401  builds the font cache; without one, the first figure warns

    paths, failed = options.notebooks or notebooks(), False
    with ThreadPoolExecutor(options.jobs) as pool:
        for path, wrong in zip(paths, pool.map(treat, paths, [options.check] * len(paths)), strict=True):
            print(wrong or f"{path}: {'as stored' if options.check else 'written'}", flush=True)
            failed |= bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
