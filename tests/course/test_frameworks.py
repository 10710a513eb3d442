"""Each notebook shows its step in a framework's words; where PyTorch is installed, the words are run.

The box has the code, and what it prints. Its numbers are tied to the notebook's own outputs by the ledger, like all in
prose; here the code is tied to the numbers. PyTorch is large and belongs to the group `bench` alone.
"""

import ast
import contextlib
import io
import re

import nbformat
import pytest

from gdlib._course import lectures


def box(path):
    """Return the code of a notebook's box, and what it is said to print."""
    source = next(cell.source for cell in nbformat.read(path, 4).cells if cell.id == "framework")
    return re.search(r"```python\n(.*?)```\s*```text\n(.*?)```", source, re.DOTALL).groups()


@pytest.mark.parametrize("path", lectures(), ids=lambda path: path.stem)
def test_a_box_has_code_and_what_it_prints(path):
    code, printed = box(path)
    ast.parse(code)
    assert "import torch" in code
    assert re.search(r"\d", printed)


@pytest.mark.parametrize("path", lectures(), ids=lambda path: path.stem)
def test_a_framework_takes_the_same_step(path):
    pytest.importorskip("torch")
    code, printed = box(path)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(code, path.name, "exec"), {})
    assert said.getvalue().split() == printed.split()
