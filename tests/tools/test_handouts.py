"""The notebooks on paper: whole, numbered, linked, and printed without asking anybody outside.

Where no Chromium is found these tests are skipped; where ``CI`` is set they fail instead.
"""

import functools
import re
from importlib import import_module
from unicodedata import normalize

import nbformat
import numpy as np
import pytest
from links import relinked
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from shared import needed, needed_chromium

from gdlib._course import heading
from gdlib.figures.image import img, png

pytestmark = pytest.mark.long
A4 = (595, 842)


@pytest.fixture(scope="module")
def handouts():
    needed_chromium()
    for module in ("pypdf", "nbconvert"):
        needed(module)
    return needed("handouts")


@pytest.fixture(scope="module")
def built(handouts, tmp_path_factory):
    """All handouts, {name: PDF}."""
    folder = tmp_path_factory.mktemp("handouts")
    assert handouts.main(["--to", str(folder)]) == 0
    return {path.stem: needed("pypdf").PdfReader(path) for path in folder.glob("*.pdf")}


def plain(text):
    """Return a text as it can be compared: Markdown, LaTeX and white space taken away."""
    text = re.sub(r"\$[^$]*\$|`|\*|\\", "", text)
    return re.sub(r"\s+", "", normalize("NFKC", text))  # a font may print fi as one letter


def raw_dollars(text, code):
    """Return how many dollars of the prose were printed as they are; those of code and outputs may be."""
    return max(0, text.count("$") - code.count("$"))


def codes(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "\n".join([cell.source for cell in notebook.cells if cell.cell_type == "code"] + [str(o) for o in outputs])


@functools.cache  # formulas are many small paths, and slow to read
def texts(reader):
    return [page.extract_text() for page in reader.pages]


def pictures(reader):
    """Return how many pictures the pages use."""
    found = [page["/Resources"].get("/XObject", {}) for page in reader.pages]
    each = {(entry.idnum if hasattr(entry, "idnum") else id(entry)): entry for xs in found for entry in xs.values()}
    return sum(entry.get_object()["/Subtype"] == "/Image" for entry in each.values())


def addresses(reader):
    actions = [each.get_object().get("/A", {}) for page in reader.pages for each in page.get("/Annots", [])]
    return [str(action["/URI"]) for action in actions if "/URI" in action]


def test_every_notebook_and_the_glossary_have_a_handout(built, handouts):
    assert set(built) == set(handouts.sources())
    assert {"01-concept", "05-learning-rate", "practice-bug-hunt", "glossary"} <= set(built)


def test_title_language_tags_and_outline(built, handouts):
    for name, reader in built.items():
        root = reader.trailer["/Root"]
        assert reader.metadata.title == heading(handouts.notebook_of(handouts.sources()[name]).cells[0].source)
        assert root["/Lang"] == "en"
        assert root["/MarkInfo"]["/Marked"]
        assert reader.outline


def test_every_page_is_a4_and_has_its_number_and_the_title(built):
    for name, reader in built.items():
        last = len(reader.pages)
        for number, page in enumerate(reader.pages, start=1):
            assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=1)
            text = plain(texts(reader)[number - 1])
            assert f"{number}/{last}" in text, (name, number)
            assert plain(reader.metadata.title) in text, (name, number)


def test_no_page_is_nearly_empty_but_the_last(built):
    for name, reader in built.items():
        for number, text in enumerate(texts(reader)[:-1], start=1):
            assert len(plain(text)) > 150, (name, number)


def test_no_text_begins_outside_of_the_page(built):
    for name, reader in built.items():
        for number, page in enumerate(reader.pages, start=1):
            places = []

            def see(text, user, matrix, *_, places=places):
                if text.strip():
                    places.append((user[0] * matrix[4] + user[4], user[3] * matrix[5] + user[5]))

            page.extract_text(visitor_text=see)
            assert places
            for x, y in places:
                assert 0 <= x <= A4[0], (name, number, x)
                assert 0 <= y <= A4[1], (name, number, y)


def test_every_heading_is_printed(built, handouts):
    for name, reader in built.items():
        text = plain("".join(texts(reader)))
        prose = "\n".join(
            c.source for c in handouts.notebook_of(handouts.sources()[name]).cells if c.cell_type != "code"
        )
        headings = re.findall(r"^#{1,3} +(.+)$", re.sub(r"```.*?```", "", prose, flags=re.DOTALL), re.MULTILINE)
        assert len(headings) > 4
        missing = [heading for heading in headings if "$" not in heading and plain(heading) not in text]
        assert not missing, name


def test_no_formula_is_printed_raw(built, handouts):
    for name, reader in built.items():
        notebook = handouts.notebook_of(handouts.sources()[name])
        text = "".join(texts(reader))
        assert raw_dollars(text, codes(notebook)) == 0, name
        assert "\\frac" not in text, name
        assert "Math input error" not in text, name


def test_raw_formula_is_seen():
    assert raw_dollars(r"a $\theta$ b", "x = 1") == 2
    assert raw_dollars("ax.set(xlabel='$x$')", "ax.set(xlabel='$x$')") == 0


def test_figures_and_explorers_are_pictures(built, handouts):
    for name, reader in built.items():
        shown = [
            output.data["text/html"]
            for cell in handouts.notebook_of(handouts.sources()[name]).cells
            for output in cell.get("outputs", [])
            if "<img" in output.get("data", {}).get("text/html", "")
        ]
        assert pictures(reader) >= len(set(shown)), name
        explorers = sum(handouts.STILL in html for html in shown)
        assert explorers == (name[:2].isdigit()), name
        assert plain("".join(texts(reader))).count("Astillpictureofanexplorer.") == explorers
        assert "is at rest" not in "".join(texts(reader))


@pytest.mark.parametrize("size", [(400, 2000), (2000, 400), (1760, 990)])
def test_a_picture_is_printed_in_its_own_shape(handouts, tmp_path, size):
    pixels = np.random.default_rng(0).integers(0, 256, (*size[::-1], 3), np.uint8)
    shown = new_output("display_data", {"text/html": img(png(pixels), "noise", 2)})
    cells = [new_markdown_cell("# T"), new_code_cell("draw()", outputs=[shown])]
    nbformat.write(new_notebook(cells=cells), tmp_path / "n.ipynb")
    with handouts.Press() as press:
        handouts.print_handout(press, tmp_path / "n.ipynb", tmp_path)
    shapes = []

    def see(operator, operands, matrix, *_):
        if operator == b"Do":
            shapes.append(abs(matrix[0] / matrix[3]))

    (page,) = needed("pypdf").PdfReader(tmp_path / "n.pdf").pages
    page.extract_text(visitor_operand_before=see)
    assert shapes == pytest.approx([size[0] / size[1]], rel=0.02)


def test_links_lead_to_handouts_or_out_and_never_into_a_folder_of_one_machine(built):
    for name, reader in built.items():
        links = addresses(reader)
        inside = [link for link in links if not re.match("https?:", link)]
        assert {link.removesuffix(".pdf") for link in inside} <= set(built), name
        assert inside or name == "glossary", name
    assert "02-loss.pdf" in addresses(built["01-concept"])


def test_files_are_modest(handouts, built):
    for reader in built.values():
        assert reader.stream.seek(0, 2) < 3e6  # pictures have two dots for one of the page


# --- what is done to a notebook ---------------------------------------------------------------------------------------


def test_links_are_led_to_paper(handouts):
    said = relinked(
        "[a](02-loss.ipynb) [b](glossary.md#x) [c](../README.md) [d](https://example.org) [e](#x)", handouts.to_paper
    )
    assert said == "[a](02-loss.pdf) [b](glossary.pdf) c [d](https://example.org) [e](#x)"
    assert relinked("![picture](no.png)", handouts.to_paper) == "![picture](no.png)"


def test_unsolved_exercises_have_no_answer_and_room_to_write(handouts, tmp_path):
    said = new_output("execute_result", {"text/html": "Not solved yet"})
    cells = [new_markdown_cell("# T"), new_code_cell("def f():\n    return ...", id="x-yours", outputs=[said])]
    nbformat.write(new_notebook(cells=cells), tmp_path / "n.ipynb")
    page = handouts.page(handouts.notebook_of(tmp_path / "n.ipynb"), "")
    assert "Not solved yet" not in page
    assert page.count("<div></div>") == 3


# --- a page that must not be printed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('<img alt="x" src="https://example.org/x.png">', "asks for https://example.org/x.png"),
        ('<div style="width: 900px">wide</div>', "is 900 pixels wide"),
    ],
)
def test_page_that_asks_outside_or_is_too_wide_is_refused(handouts, tmp_path, body, complaint):
    nbformat.write(new_notebook(cells=[new_markdown_cell(f"# T\n\n{body}")]), tmp_path / "n.ipynb")
    with handouts.Press() as press, pytest.raises(RuntimeError, match=re.escape(complaint)):
        handouts.print_handout(press, tmp_path / "n.ipynb", tmp_path)


def test_unknown_name_is_said(handouts, tmp_path, capsys):
    with pytest.raises(SystemExit):
        handouts.main(["06-more", "--to", str(tmp_path)])
    assert "06-more: no such notebook" in capsys.readouterr().err


# --- the worksheet, with the same press -------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_worksheet_is_printed(handouts, tmp_path, paper):
    assert import_module("worksheet").main(["--to", str(tmp_path), "--paper", paper]) == 0
    for name, word in (("worksheet", "Name"), ("key", "0.128")):
        reader = needed("pypdf").PdfReader(tmp_path / f"{name}.pdf")
        assert word in "".join(texts(reader))
        assert 1 < len(reader.pages) <= 3
        assert reader.pages[0].mediabox.width == pytest.approx({"A4": 595, "Letter": 612}[paper], abs=1)
        assert "0.128" not in "".join(texts(needed("pypdf").PdfReader(tmp_path / "worksheet.pdf")))


def test_letters_that_no_font_has_are_known(handouts):
    with needed("paper").Press() as press:
        assert press.lacks("\ue001\ue002")  # private: no font of everybody's has them
        assert not press.lacks("ab")
