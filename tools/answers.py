"""What answers a prediction waits: its cell's output is collapsed until it is run, and its prose opens on a click.

In a notebook the first is `"jupyter": {"outputs_hidden": true}` in the metadata of a code cell, as JupyterLab writes it
for *Collapse Selected Outputs*; running the cell shows the output. The cell begins with a comment, at which gdlib
leaves the output's first line empty, since JupyterLab shows that one. The second is a cell of Markdown in `<details>`.
"""

from nbformat import NotebookNode

from gdlib.figures.extension import WAITS

OPENS, ENDS = "<details><summary>What we saw</summary>\n\n", "\n\n</details>"


def waits(cell: NotebookNode) -> bool:
    """Return whether a cell's answer is not to be seen at once."""
    if cell.cell_type == "markdown":
        return cell.source.startswith(OPENS)
    return bool(cell.metadata.get("jupyter", {}).get("outputs_hidden"))


def opened(source: str) -> str:
    """Return Markdown as it reads when its answer is open."""
    return source.removeprefix(OPENS).removesuffix(ENDS) if source.startswith(OPENS) else source


def given_away(notebook: NotebookNode) -> list[str]:
    """Return what answers a prediction at once: an output up to the next piece of prose, or that piece itself."""
    found, asked = [], ""
    for cell in notebook.cells:
        if cell.cell_type == "code" and waits(cell) and not cell.source.startswith(WAITS):
            found.append(f"{cell.id} waits, and does not begin with {WAITS!r}")
        if asked and not waits(cell) and (cell.cell_type == "markdown" or cell.outputs):
            found.append(f"{cell.id} answers {asked} at once")
        if cell.cell_type == "markdown":
            asked = ""
        if "-predict-" in cell.id:
            asked = cell.id
    return found


def uncovered(cell: NotebookNode) -> NotebookNode:
    """Return a code cell, changed, as it reads when nobody is asked: without the comment and the empty line."""
    cell.source = cell.source.removeprefix(WAITS).lstrip("\n")
    for output in cell.outputs[:1]:
        if output.output_type == "stream":
            output.text = output.text.removeprefix(" \n")
    cell.outputs = [output for output in cell.outputs if output.get("text") != ""]
    return cell
