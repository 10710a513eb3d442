"""The notebooks keep the rules of tools/guards.py, show the same when run again, and come out byte for byte.

The second half of this file spoils a good notebook in each way and sees that the guard says so.
"""

import functools
import json

import execute
import guards
import ledger
import nbformat
import pytest
from guards import GUARDS, complaints_about, differs_when_run_again
from ledger import models_of, name_of
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gdlib._course import notebooks


@pytest.mark.parametrize("path", notebooks(), ids=name_of)
def test_notebook_keeps_the_rules(path):
    complaints = complaints_about(path)
    assert not complaints, "\n".join(["", *complaints])


@pytest.fixture(scope="module")
def fresh():
    """Return a function that gives a notebook's text when it is run, and runs each once."""
    return functools.cache(execute.execute)


@pytest.mark.long
@pytest.mark.parametrize("path", notebooks(), ids=name_of)
def test_notebook_shows_the_same_when_run_again(path, fresh):
    again = nbformat.reads(fresh(path), as_version=4)
    assert differs_when_run_again(nbformat.read(path, as_version=4), again) == []


@pytest.mark.long
@pytest.mark.parametrize("path", notebooks(), ids=name_of)
def test_notebook_comes_out_byte_for_byte(path, fresh):
    again, stored = fresh(path), path.read_bytes().decode()
    assert again == stored, "\n".join(execute.differences(stored, again))


def test_every_waived_number_is_needed():
    course = {name_of(path): nbformat.read(path, as_version=4) for path in notebooks()}
    for name, cells in ledger.waivers().items():
        strict = ledger.account(course[name], {}, {})
        for cell, numbers in cells.items():
            assert [number for number in numbers if strict[cell].get(number) != ledger.NOWHERE] == [], (name, cell)


# ---- the guards bite -------------------------------------------------------------------------------------------------


def good_notebook():
    """Return a small notebook that breaks no rule."""
    view = {execute.VIEW: {"model_id": f"{1:032x}"}, "text/plain": "HTML(value='0.25')"}
    picture = new_output(
        "display_data", {"image/png": "iVBO", "text/plain": "a line"}, metadata={"image/png": {"alt": "A line."}}
    )
    run = [new_output("stream", name="stdout", text="ŷ = -0.2064\n"), picture, new_output("display_data", view)]
    prose = "The slope $-0.2064$ of [this](other.ipynb), 0.5 − 0.10 and 0.25.\n\n```\n# no heading\n```"
    return new_notebook(
        cells=[
            new_markdown_cell("# A chapter", id="title"),
            new_code_cell("%load_ext gdlib", id="load", execution_count=1),
            new_markdown_cell("## A step\n\n" + prose, id="step"),
            new_code_cell("eta = 0.1\nstart = 0.50", id="run", execution_count=2, outputs=run),
            new_code_cell("", id="yours"),
            new_markdown_cell("## Words\n\n[Glossary](glossary.md), arXiv:1412.6980, section 2.1", id="words"),
        ],
        metadata={"widgets": {execute.WIDGETS: {"state": {f"{1:032x}": {"state": {"value": "0.25"}}}}}},
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a ledger of the good notebook, and without waivers."""
    entry = ledger.account(good_notebook(), {}, {})
    (tmp_path / "ledger.json").write_text(json.dumps({"chapter.ipynb": entry}))
    (tmp_path / "waivers.toml").write_text("number = []")
    monkeypatch.setattr(ledger, "LEDGER", tmp_path / "ledger.json")
    monkeypatch.setattr(ledger, "WAIVERS", tmp_path / "waivers.toml")
    return tmp_path


def stored(notebook, folder, respell=lambda text: text):
    """Return the path of a notebook stored in its canonical form, or a respelt one."""
    for name in ("other.ipynb", "glossary.md"):
        (folder / name).touch()
    path = folder / "chapter.ipynb"
    path.write_bytes(respell(execute.canonical(notebook)).encode())
    return path


def test_good_notebook_passes(folder):
    assert complaints_about(stored(good_notebook(), folder)) == []


def cell(notebook, name):
    return next(each for each in notebook.cells if each.id == name)


def say(text):
    """Return a spoiler that puts a stream output into the notebook."""
    return lambda notebook: cell(notebook, "load").outputs.append(new_output("stream", name="stdout", text=text))


def show(mime, value):
    return lambda notebook: cell(notebook, "load").outputs.append(new_output("display_data", {mime: value}))


def tell(text):
    """Return a spoiler that adds prose."""
    return lambda notebook: notebook.cells.append(new_markdown_cell(text, id="added"))


def retell(old, new):
    """Return a spoiler that changes the prose of a section."""

    def spoil(notebook):
        assert old in cell(notebook, "step").source
        cell(notebook, "step").source = cell(notebook, "step").source.replace(old, new)

    return spoil


def put(name, **changes):
    """Return a spoiler that changes a cell."""
    return lambda notebook: cell(notebook, name).update(**changes)


def fail(notebook):
    cell(notebook, "load").outputs.append(new_output("error", ename="ValueError", evalue="", traceback=[]))


def warn(notebook):
    cell(notebook, "load").outputs.append(new_output("stream", name="stderr", text="UserWarning"))


def lose(name):
    return lambda notebook: notebook.cells.remove(cell(notebook, name))


def print_other(notebook):
    """Let the number stand elsewhere in its section."""
    cell(notebook, "run").outputs[0].text = "slope = -0.2064\n"


def go_on(*sources):
    """Return a spoiler that adds sections, each with a cell of this code."""

    def spoil(notebook):
        for number, source in enumerate(sources):
            notebook.cells.append(new_markdown_cell(f"## Part {number}", id=f"part-{number}"))
            notebook.cells.append(new_code_cell(source, id=f"code-{number}"))

    return spoil


def forget_alt(notebook):
    cell(notebook, "run").outputs[1].metadata["image/png"].pop("alt")


def forget_widget(notebook):
    notebook.metadata.widgets[execute.WIDGETS].state.clear()


def put_into_widget(html):
    return lambda notebook: models_of(notebook)[f"{1:032x}"].state.update(value=html)


def forget_part(notebook):
    notebook.metadata.widgets[execute.WIDGETS].state[f"{1:032x}"].state["layout"] = f"IPY_MODEL_{2:032x}"


SPOILERS = [
    (guards.every_cell_was_executed_in_order, put("run", execution_count=None)),
    (guards.every_cell_was_executed_in_order, put("run", execution_count=3)),
    (guards.every_cell_was_executed_in_order, put("load", execution_count=2)),
    (guards.no_cell_failed, fail),
    (guards.nothing_on_stderr, warn),
    (guards.outputs_are_for_people, say("<gdlib.descent.Run object at 0x7f3a>")),
    (guards.outputs_are_for_people, show("text/plain", "np.float64(0.128)")),
    (guards.outputs_are_for_people, show("text/html", "<b>[np.int64(3)]</b>")),
    (guards.no_output_tells_the_time, say("run on 2026-01-31 09:30")),
    (guards.no_output_tells_the_time, say("it is 09:30:01")),
    (guards.no_output_tells_the_time, say("CPU times: user 2 s, Wall time: 3 s")),
    (guards.no_output_tells_the_time, say("1.5 ms ± 20 µs per loop")),
    (guards.no_output_tells_the_time, say("time.time() = 1767225600.123")),
    (guards.no_html_runs_anything, show("text/html", "<p>a</p><script>alert(1)</script>")),
    (guards.no_html_runs_anything, show("text/html", "<IFRAME src='https://example.org'></IFRAME>")),
    (guards.no_html_runs_anything, show("text/html", '<img src="x" onerror="alert(1)">')),
    (guards.no_html_runs_anything, show("text/markdown", "<a href='javascript:alert(1)'>a</a>")),
    (guards.no_html_runs_anything, show("application/javascript", "alert(1)")),
    (guards.no_html_runs_anything, tell("<script src='x.js'></script>")),
    (guards.no_html_runs_anything, put_into_widget("<b onclick=alert(1)>")),
    (guards.cells_are_short, put("run", source="eta = 0.1\nstart = 0.50" + 14 * "\n1")),
    (guards.cells_have_ids, put("run", id="Run_2")),
    (guards.headings_go_down_one_level_at_a_time, tell("# A second title")),
    (guards.headings_go_down_one_level_at_a_time, tell("#### Too deep")),
    (guards.headings_go_down_one_level_at_a_time, put("title", source="## No title")),
    (guards.headings_go_down_one_level_at_a_time, lambda notebook: notebook.cells.insert(0, notebook.cells.pop())),
    (guards.sections_can_be_run_again, go_on("print(eta)", "for eta in (1, 2):\n    print(eta)")),
    (guards.sections_can_be_run_again, go_on("eta = eta / 2")),
    (guards.what_answers_a_prediction_waits, put("load", id="load-predict-yours")),
    (guards.first_code_cell_loads_gdlib, put("load", source="import gdlib  # not %load_ext gdlib")),
    (guards.first_code_cell_loads_gdlib, lose("load")),
    (guards.links_lead_somewhere, tell("[next](06-nowhere.ipynb#part)")),
    (guards.links_lead_somewhere, tell("![a picture](figures/none.png)")),
    (guards.pictures_speak, forget_alt),
    (guards.pictures_speak, lambda notebook: cell(notebook, "run").outputs[1].metadata["image/png"].update(alt=" ")),
    (guards.pictures_speak, show("image/svg+xml", "<svg/>")),
    (guards.pictures_speak, show("text/html", '<p>a</p><img src="data:image/png;base64,iVBO">')),
    (guards.pictures_speak, show("text/html", '<img alt="" src="data:image/png;base64,iVBO">')),
    (guards.pictures_speak, tell("![](other.ipynb)")),
    (guards.pictures_speak, tell('<img src="other.ipynb">')),
    (guards.prose_gives_numbers_of_its_section, retell("0.5", "0.2")),
    (guards.prose_gives_numbers_of_its_section, retell("-0.2064", "0.2064")),
    (guards.prose_gives_numbers_of_its_section, retell("0.5", "$0.33\\,$")),
    (guards.prose_gives_numbers_of_its_section, retell("0.5", "1.5e-3.")),
    (guards.prose_gives_numbers_of_its_section, retell("0.25", "−0.5")),
    (guards.prose_gives_numbers_of_its_section, tell("## More\n\n0.5")),
    (guards.prose_gives_numbers_of_its_section, put("run", source="eta = 0.1\nstart = 0.501")),
    (guards.numbers_and_sources_are_those_looked_at, retell("0.5", "0.25")),
    (guards.numbers_and_sources_are_those_looked_at, retell("0.5 − 0.10", "0.10 − 0.5")),
    (guards.numbers_and_sources_are_those_looked_at, retell("A step", "Step 2")),
    (guards.numbers_and_sources_are_those_looked_at, put("run", source="eta = 0.1\nstart = 0.50  # a word")),
    (guards.numbers_and_sources_are_those_looked_at, lose("yours")),
    (guards.numbers_and_sources_are_those_looked_at, tell("A new cell with 1 number.")),
    (guards.numbers_and_sources_are_those_looked_at, print_other),
    (guards.equations_are_those_of_the_course, tell(r"$$L = (\hat y + y)^2 \tag{4}$$")),
    (guards.equations_are_those_of_the_course, put("run", source="eta = 0.1  # equation (99)")),
    (guards.widgets_are_stored, forget_widget),
    (guards.widgets_are_stored, forget_part),
    (guards.chapter_leads_to_the_glossary, lose("words")),
]


@pytest.mark.parametrize(("guard", "spoil"), SPOILERS, ids=lambda each: each.__name__)
def test_guard_sees_a_spoilt_notebook(folder, guard, spoil):
    notebook = good_notebook()
    spoil(notebook)
    path = stored(notebook, folder)
    assert guard(nbformat.read(path, as_version=4), path) != []


def test_guard_sees_an_id_given_twice(folder):  # nbformat would mend it on the way
    notebook = good_notebook()
    notebook.cells[1].id = notebook.cells[0].id
    assert guards.cells_have_ids(notebook, folder) == ["the id 'title' is there 2 times"]
    del notebook.cells[1]["id"]
    assert guards.cells_have_ids(notebook, folder) != []


@pytest.mark.parametrize(
    "respell",
    [
        lambda text: text[:-1],
        lambda text: text.replace("\n ", "\n  "),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("ŷ", "\\u0177"),
        lambda text: text.replace('"name": "python",', '"name": "python",\n   "version": "3.11.7",'),
        lambda text: text.replace('"metadata": {},', '"metadata": {"execution": {"iopub.execute_input": "now"}},', 1),
        lambda text: text.replace(f"{1:032x}", f"{7:032x}"),
    ],
)
def test_guard_sees_a_file_that_is_not_canonical(folder, respell):
    path = stored(good_notebook(), folder, respell)
    assert respell(text := execute.canonical(good_notebook())) != text
    assert guards.file_is_canonical(nbformat.read(path, as_version=4), path) != []


def test_every_guard_is_tried():
    assert {each for each, _ in SPOILERS} | {guards.file_is_canonical} == set(GUARDS)


def test_waived_number_passes(folder):
    path = stored(good_notebook(), folder)
    notebook = good_notebook()
    tell("## Other\n\n0.2065")(notebook)
    assert guards.prose_gives_numbers_of_its_section(notebook, path) == ["added: no line of its section gives 0.2065"]
    waiver = '{notebook = "chapter.ipynb", cell = "added", numbers = ["0.2065"], reason = "a misprint"}'
    ledger.WAIVERS.write_text(f"number = [{waiver}]")
    assert guards.prose_gives_numbers_of_its_section(notebook, path) == []


def test_solutions_need_no_link_to_the_glossary(folder):
    notebook = good_notebook()
    lose("words")(notebook)
    assert guards.chapter_leads_to_the_glossary(notebook, folder / "solutions" / "01.ipynb") == []
