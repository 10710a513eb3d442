"""tools/execute.py: what it writes is the same from run to run, and what it cannot run it leaves alone."""

import contextlib
import io
import json
import re
from base64 import b64decode, b64encode
from io import BytesIO
from types import SimpleNamespace
from uuid import uuid4

import execute
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

SLIDER = """\
import ipywidgets as widgets
unseen = widgets.IntSlider()
slider, reading = widgets.FloatSlider(description="η"), widgets.HTML("?")
slider.observe(lambda change: setattr(reading, "value", f"{change.new:.2f}"), "value")
slider.value = 0.5
widgets.VBox([slider, reading])"""

FIGURE = """\
%matplotlib inline
import matplotlib.pyplot as plt
_ = plt.plot([0, 1, 4])
plt.show()"""

STREAM = """\
import os, sys, time
print("one", os.path.exists("first.ipynb"))  # beside the notebook
sys.stdout.flush(); time.sleep(0.3)  # longer than the kernel keeps a piece back
print("two", {"a set", "comes", "in an order", "of its", "own"})"""


def write(path, *sources):
    cells = [new_markdown_cell("# A notebook"), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """One call of `main`: a notebook, its copy with stale outputs, a bad one; beside them a broken kernel python3."""
    folder = tmp_path_factory.mktemp("executed")
    kernel = folder / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps({"argv": ["no-such-python"], "display_name": "foreign", "language": "python"}))
    first = write(folder / "first.ipynb", SLIDER, "reading", FIGURE, STREAM, "")
    stale = nbformat.read(first, as_version=4)
    for cell in stale.cells[-2:]:
        cell.update(outputs=[new_output("stream", text="old\n")], execution_count=7)
    nbformat.write(stale, folder / "second.ipynb")
    bad = write(folder / "bad.ipynb", "x = 1", "x / 0")
    before = bad.read_bytes()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as said:
        patch.setenv("JUPYTER_PATH", str(folder))
        code = execute.main([str(bad), str(first), str(folder / "second.ipynb"), "--jobs", "3"])
    return SimpleNamespace(first=first, folder=folder, bad_before=before, said=said.getvalue(), code=code)


@pytest.fixture
def notebook(executed):
    return nbformat.read(executed.first, as_version=4)


@pytest.mark.long
def test_second_run_gives_the_same_bytes(executed):
    assert executed.first.read_bytes() == (executed.folder / "second.ipynb").read_bytes()


@pytest.mark.long
def test_written_form_is_canonical(executed, notebook):
    assert executed.first.read_bytes() == execute.canonical(notebook).encode()


@pytest.mark.long
def test_error_leaves_the_file_alone_and_the_others_go_on(executed):
    assert executed.code == 1
    assert (executed.folder / "bad.ipynb").read_bytes() == executed.bad_before
    assert re.search(r"bad\.ipynb: cell 3 \(\w+\)", executed.said)
    assert "ZeroDivisionError" in executed.said
    assert "second.ipynb: written" in executed.said


@pytest.mark.long
def test_outputs_are_there(notebook):
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    assert [len(each) for each in outputs] == [1, 1, 1, 1, 0]
    assert "HTML(value='0.50')" in outputs[0][0].data["text/plain"]
    assert outputs[2][0].data["image/png"]
    assert re.fullmatch(r"one True\ntwo \{.*\}\n", outputs[3][0].text)


@pytest.mark.long
def test_widgets_are_numbered_everywhere_and_only_shown_ones_kept(executed, notebook):
    text = executed.first.read_text(encoding="utf-8")
    state = notebook.metadata.widgets[execute.WIDGETS].state
    assert list(state) == [f"{number:032x}" for number in range(1, len(state) + 1)]
    assert re.findall('"model_id": "(.*)"', text) == [f"{1:032x}", f"{2:032x}"]
    assert set(re.findall("IPY_MODEL_([0-9a-f]{32})", text)) < set(state)
    kinds = [model["model_name"] for model in state.values()]
    assert kinds[:3] == ["VBoxModel", "HTMLModel", "FloatSliderModel"]  # the views first, then their parts
    assert "IntSliderModel" not in kinds
    assert state[f"{2:032x}"].state.value == "0.50"


@pytest.mark.long
def test_metadata_says_nothing_of_the_machine(notebook):
    assert set(notebook.metadata) == {"kernelspec", "language_info", "widgets"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert "version" not in notebook.metadata.language_info
    assert all(cell.metadata == {} for cell in notebook.cells)


def test_what_a_cell_tells_of_its_slides_is_kept_to_the_letter():
    told = {"slide_type": "slide", "show": [0, [2, 1]], "notes": "1 minute. η?", "frames": [{"eta": 0.1, "k": 6}]}
    cells = [new_markdown_cell("# One", id="one", metadata={"slideshow": told, "collapsed": True})]
    once = execute.canonical(new_notebook(cells=cells))
    assert nbformat.reads(once, as_version=4).cells[0].metadata == {"slideshow": told}
    assert execute.canonical(nbformat.reads(once, as_version=4)) == once


@pytest.mark.parametrize("hidden", [True, False])
def test_that_an_output_is_collapsed_is_kept(hidden):
    cells = [new_code_cell("1", id="one", metadata={"jupyter": {"outputs_hidden": hidden, "source_hidden": False}})]
    once = execute.canonical(new_notebook(cells=cells))
    expected = {"jupyter": {"outputs_hidden": True}} if hidden else {}
    assert nbformat.reads(once, as_version=4).cells[0].metadata == expected
    assert execute.canonical(nbformat.reads(once, as_version=4)) == once


def test_check_shows_what_differs_and_writes_nothing(tmp_path, capsys, monkeypatch):
    cell = new_code_cell(
        "x", id="answer", execution_count=1, outputs=[new_output("stream", name="stdout", text="42\n")]
    )
    fresh = execute.canonical(new_notebook(cells=[new_markdown_cell("# Long\n" * 50, id="long"), cell]))
    monkeypatch.setattr(execute, "execute", lambda path: fresh)
    path = tmp_path / "stored.ipynb"
    for stored, seen in [
        (fresh.replace("42", "41"), ["cell 2 (answer)", '-    "41\\n"', '+    "42\\n"']),
        (fresh.replace("# Long", "# " + 200 * "é"), ["cell 1 (long)", "characters"]),
        (fresh.replace('"file_extension"', '"version": "3.11.7",\n   "file_extension"'), ["the metadata"]),
        (fresh[:-1], ["the spelling"]),
        (fresh.replace("\n", "\r\n"), ["the spelling"]),
    ]:
        assert stored != fresh
        path.write_bytes(stored.encode())
        assert execute.main(["--check", str(path)]) == 1
        assert path.read_bytes() == stored.encode()
        said = capsys.readouterr().out
        assert [each for each in seen if each not in said] == []
        assert len(said.splitlines()) < 20
        assert max(map(len, said.splitlines())) < 140


def test_canonical_form_forgets_chance_and_editors():
    def saved_by(editor):
        slider, layout, style, forgotten = (uuid4().hex for _ in range(4))
        view = {execute.VIEW: {"model_id": slider}, "text/plain": "FloatSlider()"}
        texts = ["a\n", "b\n"] if editor else ["a\nb\n"]
        cell = new_code_cell("slider", id="show", metadata={"tags": ["keep"], "scrolled": bool(editor)})
        cell.outputs = [new_output("stream", name="stdout", text=text) for text in texts]
        cell.outputs += [new_output("display_data", view), new_output("stream", name="stdout", text="c\n")]
        parts = [("layout", f"IPY_MODEL_{layout}"), ("style", f"IPY_MODEL_{style}")]
        state = {
            slider: {"state": dict(reversed(parts) if editor else parts)},
            layout: {"state": {"width": "1em"}},
            style: {"state": {}},
            forgotten: {"state": dict(parts)},
        }
        widgets = {execute.WIDGETS: {"state": state, "version_major": 2, "version_minor": 0}}
        language = {"name": "python", "version": f"3.11.{editor}"}
        return new_notebook(cells=[cell], metadata={"widgets": widgets, "language_info": language})

    text = execute.canonical(saved_by(0))
    assert text == execute.canonical(saved_by(1))
    assert text == execute.canonical(nbformat.reads(text, as_version=4))
    assert "keep" in text
    assert text.count('"output_type": "stream"') == 2  # what stands between the pieces keeps its place
    assert text.endswith("}\n")
    assert text.splitlines()[1].startswith(' "cells"')


def test_canonical_form_gives_missing_ids_and_keeps_letters():
    old = new_notebook(cells=[new_markdown_cell("# ŷ − y")])
    del old.cells[0]["id"]
    text = execute.canonical(old)
    assert "ŷ − y" in text
    assert '"id": "cell-1"' in text


def test_a_picture_is_stored_alike_however_it_was_packed():
    pixels = np.random.default_rng(0).integers(0, 3, (40, 50, 3), dtype=np.uint8)
    packed = []
    for level in (1, 9):
        file = BytesIO()
        Image.fromarray(pixels).save(file, "PNG", compress_level=level)
        packed.append(f'<img src="data:image/png;base64,{b64encode(file.getvalue()).decode()}">')
    assert packed[0] != packed[1]
    once, again = (execute.PICTURE.sub(execute._repacked, each) for each in packed)
    assert once == again
    assert (np.asarray(Image.open(BytesIO(b64decode(execute.PICTURE.search(once)[0])))) == pixels).all()
