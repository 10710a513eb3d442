"""A notebook where nothing runs: an explorer is its stored picture, under a sentence that says so."""

from __future__ import annotations

from execute import VIEW
from nbformat import NotebookNode

from gdlib.explore.base import STILL as STORED  # the sentence that stands above the picture in a stored notebook


def without_widgets(notebook: NotebookNode, sentence: str) -> NotebookNode:
    """Return the notebook, changed: without widgets, and with this sentence, as HTML, above each explorer's picture."""
    notebook.metadata.pop("widgets", None)
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        data = output.get("data", {})
        if data.pop(VIEW, None) and "text/html" in data:
            data["text/html"] = data["text/html"].replace(STORED, sentence)
    return notebook
