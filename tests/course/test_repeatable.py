"""Each section of a notebook can be run again, and shows the same: a reader goes back.

uv run --group test pytest -m long tests/course/test_repeatable.py -n0 -k 01    # one notebook
"""

import bindings
import execute
import guards
import ledger
import nbformat
import pytest
from ledger import name_of
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gdlib._course import notebooks


def backwards(notebook):
    """Return the numbers of the cells of code to run again: from the last section to the first, each from its top.

    So each section meets what the later ones have left. The cell that loads gdlib says something else the second time.
    """
    numbers = {cell.id: number for number, cell in enumerate(notebook.cells)}
    code = {cell.id for cell in guards.code_cells(notebook) if "%load_ext" not in cell.source}
    sections = reversed(ledger.sections(notebook))
    return [numbers[cell["id"]] for section in sections for cell in section if cell["id"] in code]


def changed(path):
    """Return what a notebook shows otherwise when its sections are run again."""
    stored = nbformat.read(path, as_version=4)
    again = nbformat.reads(execute.execute(path, again=backwards(stored)), as_version=4)
    return guards.differs_when_run_again(stored, again)


@pytest.mark.long
@pytest.mark.parametrize("path", notebooks(), ids=name_of)
def test_each_section_shows_the_same_when_run_again(path):
    assert changed(path) == []


@pytest.mark.long
@pytest.mark.parametrize(("second", "same"), [("print(w)", True), ("w = w + 1\nprint(w)", False)])
def test_a_section_that_goes_on_from_what_it_left_is_seen(second, same, tmp_path):
    cells = [
        new_markdown_cell("# A chapter", id="title"),
        new_code_cell("%load_ext gdlib", id="load"),
        new_markdown_cell("## One", id="one"),
        new_code_cell("w = 1", id="first"),
        new_markdown_cell("## Two", id="two"),
        new_code_cell(second, id="second"),
        new_code_cell("w", id="counted"),
    ]
    path = tmp_path / "small.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    path.write_bytes(execute.execute(path).encode())
    assert (changed(path) == []) == same


# ---- names, which are seen without a run -----------------------------------------------------------------------------

STORY = "eta = 0.2\ndef slope(t):\n    return t"


@pytest.mark.parametrize(
    "sections",
    [
        [
            STORY,
            "theta = 5\nfor k in range(3):\n    theta = theta - eta * slope(theta)",
            "for theta in (1, 2):\n    theta",
        ],
        [STORY, "eta", "print([eta for eta in (1, 2)], {eta: 1 for eta in (1, 2)}, lambda eta: eta)"],
        [STORY, "eta", "def other(eta):\n    eta = 1\n    return eta"],
        ["k = 1\nif k:\n    a = 1\nelse:\n    a = 2\na", "a = 3\na"],
        ["with open('f') as f:\n    a = f", "a = 1\na\nf = 2\nf"],
        ["import numpy as np", "import numpy as np\nnp", "np"],
        ["%matplotlib inline\nx, y = 1, 2", "x + y"],
    ],
)
def test_names_that_mean_the_same_wherever_one_begins(sections):
    assert bindings.complaints([[(f"cell-{n}", source)] for n, source in enumerate(sections)]) == []


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ("eta", [STORY, "eta", "for eta in (1, 2):\n    eta"]),
        ("eta", ["for k in (1, 2):\n    for a, (b, eta) in []:\n        eta", "print(f'{eta}')"]),
        ("eta", [STORY + "\nfor eta in (1, 2):\n    eta", "[k * eta for k in (1, 2)]"]),
        ("eta", [STORY, "eta", "if slope:\n    while slope:\n        with slope as (eta, k):\n            eta"]),
        (
            "eta",
            [STORY, "def step(t):\n    def inner():\n        return eta\n    return inner", "for eta in []:\n    eta"],
        ),
        ("eta", ["for eta in []:\n    lambda t: eta * t"]),
        ("eta", [STORY, "theta, eta = -1, 0.3", "eta"]),
        ("eta", [STORY, "eta = eta / 2"]),
        ("eta", [STORY, "eta /= 2"]),
        ("eta", ["eta = 0.2", "if eta:\n    eta = 1\neta"]),
        ("eta", ["eta = 0.2", "for k in []:\n    eta = 1\neta"]),
        ("eta", ["eta = 0.2", "try:\n    eta = 1\nexcept ValueError:\n    k = 1\neta"]),
        ("k", ["for k in (1, 2):\n    k\nk", "k = 0"]),
        ("slope", [STORY, "def slope(t):\n    return 2 * t", "slope(1)"]),
        ("f", ["with open('f') as f:\n    f", "f"]),
    ],
)
def test_names_that_another_section_would_find_changed(name, sections):
    (complaint, *_) = bindings.complaints([[(f"cell-{n}", source)] for n, source in enumerate(sections)])
    assert f"binds {name}," in complaint
