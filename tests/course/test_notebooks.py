"""Guards over the notebooks, for what comparing outputs cannot see.

A guard takes a notebook and its path and returns a list of complaints. The second half of this file spoils a good
notebook in each way and sees that the guard says so.
"""

import functools
import json
import re
from itertools import pairwise, zip_longest

import execute
import ledger
import nbformat
import pytest
from ledger import models_of, name_of, words
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from test_equations import equation_complaints
from test_house import broken_links

LONGEST_CELL = 15
# A date with a time, a time of day with seconds, how long something took, and what counts seconds since 1970.
TIME = r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\b\d\d:\d\d:\d\d\b|\bWall time\b|\b\d+(?:\.\d+)? [mµn]?s ±|\b1[5-9]\d{8}\.\d"
# Tags that run or load something, attributes that do on an event, and addresses that are code.
RUNS = r"<(?:script|iframe|object|embed|link|meta|base|form)\b|<[a-z][^<>]*\son\w+\s*=|=\s*[\"']?\s*javascript:"
GUARDS = []
SILENT = r"<img\b(?![^>]*\balt=[\"'][^\"'])"  # a picture without words, in HTML


def guard(function):
    GUARDS.append(function)
    return function


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def prose_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def outputs(notebook):
    """Yield (cell, output) for every stored output."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            yield cell, output


def headings(notebook):
    """Return (level, text) of every heading, in order; a `#` inside a fence is none."""
    prose = "\n".join(re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL) for cell in prose_cells(notebook))
    return [(len(marks), text) for marks, text in re.findall(r"^(#{1,6})\s+(.+?)\s*$", prose, re.MULTILINE)]


@guard
def every_cell_was_executed_in_order(notebook, path):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    return [] if counts == list(range(1, len(counts) + 1)) else [f"execution counts are {counts}"]


@guard
def no_cell_failed(notebook, path):
    return [f"{cell.id}: {output.ename}" for cell, output in outputs(notebook) if output.output_type == "error"]


@guard
def nothing_on_stderr(notebook, path):
    return [f"{cell.id}: {output.text}" for cell, output in outputs(notebook) if output.get("name") == "stderr"]


@guard
def outputs_are_for_people(notebook, path):
    odd = r"<?[^<>\n]* at 0x[0-9a-fA-F]+>?|\bnp\.(?:float|int|bool|str)\w*\("
    texts = [(cell, words(output)) for cell, output in outputs(notebook)]
    return [f"{cell.id}: the output shows {found}" for cell, text in texts for found in re.findall(odd, text)]


@guard
def no_output_tells_the_time(notebook, path):
    texts = [(cell, words(output)) for cell, output in outputs(notebook)]
    return [f"{cell.id}: the output has a time, {found}" for cell, text in texts for found in re.findall(TIME, text)]


@guard
def no_html_runs_anything(notebook, path):
    """Return what would run in a reader's browser: outputs, prose and the values of widgets may hold none."""
    shown = [(cell.id, str(text)) for cell, output in outputs(notebook) for text in output.get("data", {}).values()]
    shown += [(cell.id, cell.source) for cell in prose_cells(notebook)]
    shown += [(model["state"].get("_model_name"), str(model["state"])) for model in models_of(notebook).values()]
    found = [(name, match) for name, text in shown for match in re.findall(RUNS, text, re.IGNORECASE)]
    kinds = [(cell.id, kind) for cell, output in outputs(notebook) for kind in output.get("data", {})]
    found += [(name, kind) for name, kind in kinds if "javascript" in kind]
    return [f"{name} holds {what}" for name, what in found]


@guard
def cells_are_short(notebook, path):
    lengths = [(cell.id, len(cell.source.splitlines())) for cell in code_cells(notebook)]
    return [f"{name} has {length} lines, more than {LONGEST_CELL}" for name, length in lengths if length > LONGEST_CELL]


@guard
def cells_have_ids(notebook, path):
    ids = [cell.get("id", "") for cell in notebook.cells]
    odd = [name for name in ids if not re.fullmatch("[a-z0-9-]+", name)]
    return [f"the id {name!r} is not made of a-z, 0-9 and -" for name in odd] + [
        f"the id {name!r} is there {ids.count(name)} times" for name in sorted(set(ids)) if ids.count(name) > 1
    ]


@guard
def headings_go_down_one_level_at_a_time(notebook, path):
    found = headings(notebook)
    if [level for level, _ in found].count(1) != 1 or found[0][0] != 1:
        return ["it must begin with its one heading of level 1"]
    return [f"{text!r} skips a level" for (above, _), (level, text) in pairwise(found) if level > above + 1]


@guard
def first_code_cell_loads_gdlib(notebook, path):
    first = code_cells(notebook)[:1]
    loads = first and "%load_ext gdlib" in first[0].source.splitlines()
    return [] if loads else ["the first code cell must have the line %load_ext gdlib"]


@guard
def links_lead_somewhere(notebook, path):
    return [f"no file at {link}" for cell in prose_cells(notebook) for link in broken_links(cell.source, path.parent)]


@guard
def pictures_speak(notebook, path):
    complaints = [
        f"{cell.id}: a picture has no alt text"
        for cell, output in outputs(notebook)
        for kind in output.get("data", {})
        if kind.startswith("image/") and not output.metadata.get(kind, {}).get("alt", "").strip()
    ]
    complaints += [
        f"{cell.id}: a picture in HTML has no alt text"
        for cell, output in outputs(notebook)
        if re.search(SILENT, output.get("data", {}).get("text/html", ""))
    ]
    bare = [cell for cell in prose_cells(notebook) if re.search(r"!\[\s*\]\(|" + SILENT, cell.source)]
    return complaints + [f"{cell.id}: a picture has no alt text" for cell in bare]


@guard
def prose_gives_numbers_of_its_section(notebook, path):
    return ledger.unfounded(notebook, ledger.waivers().get(name_of(path), {}))


@guard
def numbers_and_sources_are_those_looked_at(notebook, path):
    stored = json.loads(ledger.LEDGER.read_text(encoding="utf-8")).get(name_of(path), {})
    changes = ledger.changes(notebook, ledger.waivers().get(name_of(path), {}), stored)
    return [f"{change}; look at it, then run tools/ledger.py" for change in changes]


@guard
def equations_are_those_of_the_article(notebook, path):
    return equation_complaints(notebook)


@guard
def widgets_are_stored(notebook, path):
    views = re.findall(r'"model_id": "(\w+)"', json.dumps(notebook.cells))
    state = models_of(notebook)
    parts = re.findall(r"IPY_MODEL_(\w+)", json.dumps(state))
    return [f"the state of widget {model} is not stored" for model in sorted({*views, *parts} - set(state))]


@guard
def file_is_canonical(notebook, path):
    same = path.read_bytes() == execute.canonical(notebook).encode()
    return [] if same else [f"it is not as tools/execute.py writes it: run `python tools/execute.py {path.name}`"]


@guard
def chapter_leads_to_the_glossary(notebook, path):
    linked = any("](glossary.md" in cell.source for cell in prose_cells(notebook))
    return [] if linked or path.parent.name == "solutions" else ["a chapter needs a link to glossary.md"]


# What a reader sees of a widget; the rest is the look, and the versions of packages.
TRAITS = ("_model_name", "_options_labels", "base", "description", "disabled", "index", "max", "min", "placeholder")
TRAITS += ("step", "tooltip", "value")


def without_pixels(kind, shown):
    """Return a piece of an output without its picture, alone or inside HTML."""
    return "" if kind == "image/png" else re.sub("data:image/png;base64,[A-Za-z0-9+/=]+", "", str(shown))


def shows(notebook):
    """Return what a notebook shows on any machine: all but pixels, and the look and the packages of its widgets."""
    cells = []
    for cell in code_cells(notebook):
        for output in cell.outputs:
            data = {kind: without_pixels(kind, shown) for kind, shown in output.get("data", {}).items()}
            data.pop("application/vnd.jupyter.widget-view+json", None)
            kept = {key: value for key, value in output.items() if key not in ("data", "traceback")}
            cells.append((cell.id, kept | {"data": data}))
    states = [model.get("state", {}) for model in models_of(notebook).values()]
    values = [{trait: state[trait] for trait in TRAITS if trait in state} for state in states]
    widgets = [(state["_model_name"], without_pixels("widget", state)) for state in values]
    return cells + widgets


def differs_when_run_again(notebook, again):
    """Return the cells and widgets of a notebook that show something else when it is run again."""
    pairs = zip_longest(shows(notebook), shows(again), fillvalue=("nothing", ""))
    return [
        f"{then[0]} shows {str(then[1])[:200]}, run again {str(now[1])[:200]}" for then, now in pairs if then != now
    ]


def complaints_about(path):
    notebook = nbformat.read(path, as_version=4)
    return [f"{each.__name__}: {complaint}" for each in GUARDS for complaint in each(notebook, path)]


@pytest.mark.parametrize("path", execute.course_notebooks(), ids=name_of)
def test_notebook_keeps_the_rules(path):
    complaints = complaints_about(path)
    assert not complaints, "\n".join(["", *complaints])


@pytest.fixture(scope="module")
def fresh():
    """Return a function that gives a notebook's text when it is run, and runs each once."""
    return functools.cache(execute.execute)


@pytest.mark.long
@pytest.mark.parametrize("path", execute.course_notebooks(), ids=name_of)
def test_notebook_shows_the_same_when_run_again(path, fresh):
    again = nbformat.reads(fresh(path), as_version=4)
    assert differs_when_run_again(nbformat.read(path, as_version=4), again) == []


@pytest.mark.long
@pytest.mark.parametrize("path", execute.course_notebooks(), ids=name_of)
def test_notebook_comes_out_byte_for_byte(path, fresh):
    again, stored = fresh(path), path.read_bytes().decode()
    assert again == stored, "\n".join(execute.differences(stored, again))


def test_every_waived_number_is_needed():
    notebooks = {name_of(path): nbformat.read(path, as_version=4) for path in execute.course_notebooks()}
    for name, cells in ledger.waivers().items():
        strict = ledger.account(notebooks[name], {}, {})
        for cell, numbers in cells.items():
            assert [number for number in numbers if strict[cell].get(number) != ledger.NOWHERE] == [], (name, cell)


# ---- the guards bite -------------------------------------------------------------------------------------------------


def good_notebook():
    """Return a small notebook that breaks no rule."""
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": f"{1:032x}"}, "text/plain": "HTML(value='0.25')"}
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
def shelf(tmp_path, monkeypatch):
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


def test_good_notebook_passes(shelf):
    assert complaints_about(stored(good_notebook(), shelf)) == []


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


def forget_alt(notebook):
    cell(notebook, "run").outputs[1].metadata["image/png"].pop("alt")


def forget_widget(notebook):
    notebook.metadata.widgets[execute.WIDGETS].state.clear()


def put_into_widget(html):
    return lambda notebook: models_of(notebook)[f"{1:032x}"].state.update(value=html)


def forget_part(notebook):
    notebook.metadata.widgets[execute.WIDGETS].state[f"{1:032x}"].state["layout"] = f"IPY_MODEL_{2:032x}"


SPOILERS = [
    (every_cell_was_executed_in_order, put("run", execution_count=None)),
    (every_cell_was_executed_in_order, put("run", execution_count=3)),
    (every_cell_was_executed_in_order, put("load", execution_count=2)),
    (no_cell_failed, fail),
    (nothing_on_stderr, warn),
    (outputs_are_for_people, say("<gdlib.descent.Run object at 0x7f3a>")),
    (outputs_are_for_people, show("text/plain", "np.float64(0.128)")),
    (outputs_are_for_people, show("text/html", "<b>[np.int64(3)]</b>")),
    (no_output_tells_the_time, say("run on 2026-01-31 09:30")),
    (no_output_tells_the_time, say("it is 09:30:01")),
    (no_output_tells_the_time, say("CPU times: user 2 s, Wall time: 3 s")),
    (no_output_tells_the_time, say("1.5 ms ± 20 µs per loop")),
    (no_output_tells_the_time, say("time.time() = 1767225600.123")),
    (no_html_runs_anything, show("text/html", "<p>a</p><script>alert(1)</script>")),
    (no_html_runs_anything, show("text/html", "<IFRAME src='https://example.org'></IFRAME>")),
    (no_html_runs_anything, show("text/html", '<img src="x" onerror="alert(1)">')),
    (no_html_runs_anything, show("text/markdown", "<a href='javascript:alert(1)'>a</a>")),
    (no_html_runs_anything, show("application/javascript", "alert(1)")),
    (no_html_runs_anything, tell("<script src='x.js'></script>")),
    (no_html_runs_anything, put_into_widget("<b onclick=alert(1)>")),
    (cells_are_short, put("run", source="eta = 0.1\nstart = 0.50" + 14 * "\n1")),
    (cells_have_ids, put("run", id="Run_2")),
    (headings_go_down_one_level_at_a_time, tell("# A second title")),
    (headings_go_down_one_level_at_a_time, tell("#### Too deep")),
    (headings_go_down_one_level_at_a_time, put("title", source="## No title")),
    (headings_go_down_one_level_at_a_time, lambda notebook: notebook.cells.insert(0, notebook.cells.pop())),
    (first_code_cell_loads_gdlib, put("load", source="import gdlib  # not %load_ext gdlib")),
    (first_code_cell_loads_gdlib, lose("load")),
    (links_lead_somewhere, tell("[next](06-nowhere.ipynb#part)")),
    (links_lead_somewhere, tell("![a picture](figures/none.png)")),
    (pictures_speak, forget_alt),
    (pictures_speak, lambda notebook: cell(notebook, "run").outputs[1].metadata["image/png"].update(alt=" ")),
    (pictures_speak, show("image/svg+xml", "<svg/>")),
    (pictures_speak, show("text/html", '<p>a</p><img src="data:image/png;base64,iVBO">')),
    (pictures_speak, show("text/html", '<img alt="" src="data:image/png;base64,iVBO">')),
    (pictures_speak, tell("![](other.ipynb)")),
    (pictures_speak, tell('<img src="other.ipynb">')),
    (prose_gives_numbers_of_its_section, retell("0.5", "0.2")),
    (prose_gives_numbers_of_its_section, retell("-0.2064", "0.2064")),
    (prose_gives_numbers_of_its_section, retell("0.5", "$0.33\\,$")),
    (prose_gives_numbers_of_its_section, retell("0.5", "1.5e-3.")),
    (prose_gives_numbers_of_its_section, retell("0.25", "−0.5")),
    (prose_gives_numbers_of_its_section, tell("## More\n\n0.5")),
    (prose_gives_numbers_of_its_section, put("run", source="eta = 0.1\nstart = 0.501")),
    (numbers_and_sources_are_those_looked_at, retell("0.5", "0.25")),
    (numbers_and_sources_are_those_looked_at, retell("0.5 − 0.10", "0.10 − 0.5")),
    (numbers_and_sources_are_those_looked_at, retell("A step", "Step 2")),
    (numbers_and_sources_are_those_looked_at, put("run", source="eta = 0.1\nstart = 0.50  # a word")),
    (numbers_and_sources_are_those_looked_at, lose("yours")),
    (numbers_and_sources_are_those_looked_at, tell("A new cell with 1 number.")),
    (numbers_and_sources_are_those_looked_at, print_other),
    (equations_are_those_of_the_article, tell(r"$$L = (\hat y + y)^2 \tag{4}$$")),
    (equations_are_those_of_the_article, put("run", source="eta = 0.1  # equation (14)")),
    (widgets_are_stored, forget_widget),
    (widgets_are_stored, forget_part),
    (chapter_leads_to_the_glossary, lose("words")),
]


@pytest.mark.parametrize(("guard", "spoil"), SPOILERS, ids=lambda each: each.__name__)
def test_guard_sees_a_spoilt_notebook(shelf, guard, spoil):
    notebook = good_notebook()
    spoil(notebook)
    path = stored(notebook, shelf)
    assert guard(nbformat.read(path, as_version=4), path) != []


def test_guard_sees_an_id_given_twice(shelf):  # nbformat would mend it on the way
    notebook = good_notebook()
    notebook.cells[1].id = notebook.cells[0].id
    assert cells_have_ids(notebook, shelf) == ["the id 'title' is there 2 times"]
    del notebook.cells[1]["id"]
    assert cells_have_ids(notebook, shelf) != []


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
def test_guard_sees_a_file_that_is_not_canonical(shelf, respell):
    path = stored(good_notebook(), shelf, respell)
    assert respell(text := execute.canonical(good_notebook())) != text
    assert file_is_canonical(nbformat.read(path, as_version=4), path) != []


def test_every_guard_is_tried():
    assert {each for each, _ in SPOILERS} | {file_is_canonical} == set(GUARDS)


def test_waived_number_passes(shelf):
    path = stored(good_notebook(), shelf)
    notebook = good_notebook()
    tell("## Other\n\n0.2065")(notebook)
    assert prose_gives_numbers_of_its_section(notebook, path) == ["added: no line of its section gives 0.2065"]
    waiver = '{notebook = "chapter.ipynb", cell = "added", numbers = ["0.2065"], reason = "a misprint"}'
    ledger.WAIVERS.write_text(f"number = [{waiver}]")
    assert prose_gives_numbers_of_its_section(notebook, path) == []


def test_solutions_need_no_link_to_the_glossary(shelf):
    notebook = good_notebook()
    lose("words")(notebook)
    assert chapter_leads_to_the_glossary(notebook, shelf / "solutions" / "01.ipynb") == []
