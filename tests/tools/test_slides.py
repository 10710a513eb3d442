"""The slides: what the notebooks' metadata asks for, and the decks in a browser, where nothing may run over."""

import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from importlib import import_module
from pathlib import Path

import execute
import nbformat
import pytest
import slides
from frames import said
from links import relinked
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from shared import CI, first_or_all, needed, needed_chromium

from gdlib._course import NOTEBOOKS, lectures
from gdlib.explore import explorers

LECTURES = [path.stem for path in lectures()]
BLOCKS = "One. Two? Three.\n\n$$a\n\n= b$$\n\n- x\n  more\n- y\n\n> **Predict.** Now?"


def read(name):
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def minutes(notes):
    """Return the minutes with which a speaker note begins."""
    found = re.match(r"(\d+) minutes?[.,]", notes)
    return int(found[1]) if found else None


def dots_wide(html):
    """Return how wide the PNG in a piece of HTML is: its header says so."""
    return int.from_bytes(b64decode(html.partition("base64,")[2][:32])[16:20], "big")


# ---- what the metadata asks for --------------------------------------------------------------------------------------


def test_there_are_seven_lectures():
    assert len(LECTURES) == 7


@pytest.mark.parametrize("name", LECTURES)
def test_every_cell_says_what_a_slide_shows_of_it(name):
    for cell in read(name).cells:
        about = slides.told(cell)
        assert about.get("slide_type") in slides.TYPES, cell.id
        assert set(about) <= {"slide_type", "show", "frames", "notes"}, cell.id
        if about["slide_type"] == "skip":
            assert set(about) == {"slide_type"}, cell.id
        elif cell.cell_type == "code" and "show" in about:
            assert set(about["show"]) <= {"source", "output", "figure"}, cell.id
            assert about["show"], cell.id
        elif "show" in about:
            paragraphs = [block for block in slides.blocks(cell.source) if not block.startswith("#")]
            for pick in about["show"]:
                number, count = pick if isinstance(pick, list) else (pick, None)
                assert 0 <= number < len(paragraphs), cell.id
                assert count is None or slides.first(paragraphs[number], count) != paragraphs[number], cell.id


@pytest.mark.parametrize("name", LECTURES)
def test_a_lecture_takes_twenty_to_twenty_five_minutes(name):
    notes = [slides.told(cell)["notes"] for cell in read(name).cells if "notes" in slides.told(cell)]
    assert None not in map(minutes, notes)
    assert 20 <= sum(map(minutes, notes)) <= 25
    assert any("?" in each for each in notes)


@pytest.mark.parametrize("name", LECTURES)
def test_speaker_notes_are_plain_text(name):
    for cell in read(name).cells:
        assert not re.search(r"[$\\<>*_`]", slides.told(cell).get("notes", "")), cell.id


@pytest.mark.parametrize("name", LECTURES)
def test_exercises_and_answers_stay_off_the_slides(name):
    cells = {cell.id: slides.told(cell)["slide_type"] for cell in read(name).cells}
    hidden = [each for each in cells if each.endswith("-yours") or each in ("try-it", "exercises", "further-reading")]
    assert {cells[each] for each in hidden} == {"skip"}
    assert cells["title"] == cells["summary"] == "slide"


@pytest.mark.parametrize("name", first_or_all(LECTURES))
def test_frames_move_controls_of_the_explorer_and_differ(name):
    (cell,) = [cell for cell in read(name).cells if "frames" in slides.told(cell)]
    pictures = list(slides.frames(cell))
    assert 3 <= len(set(pictures)) == len(pictures) <= 5
    assert all(re.search(r'<img alt="[^"]{20,}"', each) for each in pictures)
    assert all(dots_wide(each) == 2 * int(re.search(r' width="(\d+)"', each)[1]) for each in pictures)
    kind = re.search(r"(\w+Explorer)\(\)", cell.source)[1]
    explorer = next(each for each in explorers().values() if each.__name__ == kind)()
    for settings in slides.told(cell)["frames"]:
        for control, value in settings.items():
            getattr(explorer, control).value = value
            assert getattr(explorer, control).value == value
    assert pictures[-1].count(explorer.reading.replace("'", "&#x27;")) >= 1
    explorer.close()


# ---- the tool --------------------------------------------------------------------------------------------------------


def test_blocks_are_paragraphs_formulas_lists_and_quotes():
    assert slides.blocks(BLOCKS) == ["One. Two? Three.", "$$a\n\n= b$$", "- x\n  more\n- y", "> **Predict.** Now?"]
    assert slides.blocks("```\na\n\nb\n```\n\nc") == ["```\na\n\nb\n```", "c"]


def test_first_sentences_and_items():
    assert slides.first("One. Two? Three.", 2) == "One. Two?"
    assert slides.first("- x\n  more\n- y\n- z", 2) == "- x\n  more\n- y"
    assert slides.first("At $x = 0.5$ it is 3. Then", 1) == "At $x = 0.5$ it is 3."


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (None, f"## Head\n\n{BLOCKS}"),
        ([0, 3], "## Head\n\nOne. Two? Three.\n\n> **Predict.** Now?"),
        ([[0, 1]], "## Head\n\nOne."),
        ([], "## Head"),
    ],
)
def test_what_is_shown_of_prose(show, expected):
    assert slides.shown(f"## Head\n\n{BLOCKS}", show) == expected


def test_links_lead_to_slides_or_nowhere():
    source = "[a](03-derivation.ipynb), [b](glossary.md), [c](../README.md), [d](https://example.org)"
    assert relinked(source, slides.to_slides) == "[a](03-derivation.slides.html), b, c, [d](https://example.org)"


def test_a_deck_has_what_is_shown_and_nothing_else():
    out = [new_output("stream", text="4.4")]
    picture = {"image/png": "iVBO", "text/html": "<img alt='a'>", execute.VIEW: {}}
    cells = [
        new_markdown_cell("# 1. Start\n\nA.\n\nB.", metadata={"slideshow": {"slide_type": "slide", "show": [1]}}),
        new_markdown_cell("## Next\n\nNo.", metadata={"slideshow": {"slide_type": "skip"}}),
        new_code_cell("1 + 1", outputs=out, metadata={"slideshow": {"slide_type": "slide", "show": ["output"]}}),
        new_code_cell("2", metadata={"slideshow": {"slide_type": "-", "show": ["source"], "notes": "1 minute. Say."}}),
        new_code_cell(
            "3",
            outputs=[*out, new_output("display_data", picture)],
            metadata={"slideshow": {"slide_type": "-", "show": ["figure"]}},
        ),
        new_code_cell(
            "from gdlib.explore.concept import ConceptExplorer\n\nConceptExplorer()",
            metadata={"slideshow": {"slide_type": "slide", "frames": [{"eta": 0.1}, {"eta": 1.5}]}},
        ),
    ]
    made = slides.deck(new_notebook(cells=cells))
    kinds = [cell.metadata.slideshow.slide_type for cell in made.cells]
    assert kinds == ["slide", "slide", "-", "-", "notes", "-", "slide", "subslide", "notes"]
    assert [cell.source for cell in made.cells[:2]] == ["# 1. Start\n\nB.", "## Next"]
    assert made.cells[2].metadata.transient == {"remove_source": True}
    assert made.cells[2].outputs == out
    assert not made.cells[3].metadata.transient["remove_source"]
    assert made.cells[4].source == "1 minute. Say."
    assert [set(output.data) for output in made.cells[5].outputs] == [{"image/png", "text/html"}]
    assert "<b>learning rate η = 1.5</b>" in made.cells[7].source
    assert "overshoots" in made.cells[7].source
    assert re.search(
        r'data-live="concept" data-state="[^"]*eta=0.1&[^"]*" data-then="[^"]*eta=1.5&', made.cells[7].source
    )
    assert made.metadata.title == "1. Start"


def test_a_caption_says_what_each_control_is_set_to():
    settings = [{"row": "2", "w1": 0.25}, {"b": -1}]
    cell = new_code_cell("DerivationExplorer()", metadata={"slideshow": {"slide_type": "slide", "frames": settings}})
    captions = [re.search("<b>(.*?)</b>", each)[1] for each in slides.frames(cell)]
    assert captions == ["row = 2, w₁ = 0.25", "b = −1"]
    assert [said(ticked) for ticked in (True, False)] == ["yes", "no"]


# ---- the decks in a browser ------------------------------------------------------------------------------------------

MEASURE = """slide => {
    const kinds = 'h1, h2, h3, p, ul, ol, table, pre, img, canvas, label, button, mjx-container';
    const parts = [...slide.querySelectorAll(kinds)];
    const boxes = parts.filter(part => !part.closest('aside')).map(part => [part, part.getBoundingClientRect()]);
    const frame = slide.closest('.slides').getBoundingClientRect();
    const right = (part, box) => Math.max(box.right, box.left + (part.scrollWidth ?? 0));  // what sticks out of a box
    return boxes.filter(([part, box]) => box.width && (right(part, box) > frame.right + 1
            || box.bottom > frame.bottom + 1 || box.left < frame.left - 1 || box.top < frame.top - 1))
        .map(([part]) => `${part.tagName}: ${part.textContent.trim().slice(0, 60)}`);
}"""

PROSE = """slide => {
    const copy = slide.cloneNode(true);
    copy.querySelectorAll('pre, code, aside, mjx-container').forEach(part => part.remove());
    return copy.textContent;
}"""
BARE = """slide => slide.querySelectorAll('img:not([alt]), img[alt=""], mjx-merror').length"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with all decks."""
    if not shutil.which("npm") and not CI:
        pytest.skip("npm, which brings reveal.js and MathJax, is not installed")
    folder = tmp_path_factory.mktemp("slides")
    for path in lectures():
        slides.write(path, folder)
    return folder


@pytest.fixture(scope="module")
def browser():
    """A Chromium, or a skip where there is none; in CI that is an error."""
    with needed_chromium().launched() as browser:
        yield browser


class Show:
    """A deck that is shown, as large as a projector's picture."""

    def __init__(self, browser, file):
        self.page = browser.new_page(viewport={"width": slides.WIDTH, "height": slides.HEIGHT})
        self.errors, self.outside = [], []
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.route(re.compile("^https?:"), self._refuse)
        self.page.goto(file.resolve().as_uri())
        self.page.wait_for_function("window.Reveal && Reveal.isReady()")

    def _refuse(self, route):
        self.outside.append(route.request.url)
        route.abort()

    def __iter__(self):
        """Yield each slide's element once it is shown, with all its fragments."""
        for number in range(self.page.evaluate("Reveal.getTotalSlides()")):
            self.page.evaluate(
                """number => {
                    const {h, v} = Reveal.getIndices(Reveal.getSlides()[number]);
                    Reveal.slide(h, v ?? 0);
                    for (const each of Reveal.getCurrentSlide().querySelectorAll('.fragment'))
                        each.classList.add('visible');
                }""",
                number,
            )
            yield self.page.evaluate_handle("Reveal.getCurrentSlide()")


@pytest.fixture(scope="module", params=LECTURES)
def show(request, browser, folder):
    show = Show(browser, folder / f"{request.param}.slides.html")
    yield show
    show.page.close()


@pytest.mark.long
def test_no_slide_runs_over(show):
    over = {number: found for number, slide in enumerate(show, 1) if (found := slide.evaluate(MEASURE))}
    assert over == {}


@pytest.mark.long
def test_code_and_text_are_read_from_the_last_row(show):
    small = """slide => [...slide.querySelectorAll('p, li, td, pre, figcaption')]
        .filter(part => !part.closest('aside') && parseFloat(getComputedStyle(part).fontSize) < 22)
        .map(part => part.textContent.slice(0, 60))"""
    assert [found for slide in show if (found := slide.evaluate(small))] == []


@pytest.mark.long
def test_figures_are_large(show):
    heights = "slide => [...slide.querySelectorAll('img, canvas')].filter(e => e.offsetParent).map(e => e.clientHeight)"
    assert min(height for slide in show for height in slide.evaluate(heights)) >= 300


@pytest.mark.long
def test_slides_need_no_network_and_nothing_fails(show):
    for _ in show:
        pass
    show.page.wait_for_timeout(200)
    assert show.outside == []
    assert show.errors == []
    loaded = "document.fonts.check('20px \"Course Sans\"', 'η') && document.fonts.check('20px \"Course Mono\"')"
    assert show.page.evaluate(loaded)


@pytest.mark.long
def test_mathematics_is_typeset_and_pictures_have_words(show):
    for slide in show:
        assert not re.search(r"\$|\\[a-z]", slide.evaluate(PROSE))
        assert slide.evaluate(BARE) == 0


@pytest.mark.long
def test_the_lecturer_has_notes(show):
    notes = show.page.evaluate("[...document.querySelectorAll('aside.notes')].map(note => note.textContent.trim())")
    assert 20 <= sum(minutes(each) for each in notes if each != slides.ASK) <= 25
    assert notes.count(slides.ASK) >= 2


@pytest.mark.long
def test_nobody_is_shut_out(show):
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    for number, _ in enumerate(show, 1):
        found = axe.run(show.page, context=".slides section.present", options={"resultTypes": ["violations"]})
        grave = [each for each in found.response["violations"] if each["impact"] in ("serious", "critical")]
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in grave] == [], number


PLACE = """() => {
    const {h, v, f} = Reveal.getIndices();
    return [Reveal.getSlidePastCount(), f ?? -1];
}"""


@pytest.mark.long
@pytest.mark.parametrize("key", ["ArrowRight", " ", "PageDown"])
def test_one_key_goes_through_every_slide_and_fragment_once_and_in_order(show, key):
    """A clicker has no other."""
    page = show.page
    page.evaluate("Reveal.slide(0, 0)")
    page.evaluate(
        "Reveal.getSlides().forEach(s => s.querySelectorAll('.fragment').forEach(f => f.classList.remove('visible')))"
    )
    expected = page.evaluate(
        """() => Reveal.getSlides().flatMap((slide, at) => {
            const steps = new Set([...slide.querySelectorAll('.fragment')].map(f => f.dataset.fragmentIndex));
            return [-1, ...Array(steps.size).keys()].map(f => [at, steps.size || f >= 0 ? f : -1]);
        })"""
    )
    went = [page.evaluate(PLACE)]
    for _ in expected[1:]:
        page.keyboard.press(key)
        went.append(page.evaluate(PLACE))
    assert went == expected
    page.keyboard.press(key)
    assert page.evaluate(PLACE) == expected[-1]


@pytest.mark.long
def test_explorers_move_ask_before_they_answer_and_never_hold_a_clicker(show):
    page, at = show.page, "Reveal.getSlidePastCount()"
    deck = page.url.partition("#")[0]
    page.goto("about:blank")  # whoever looked before may have left answers open, and the address says where
    page.goto(deck)
    page.wait_for_function("window.Reveal && Reveal.isReady() && window.gdlibLive?.ready")
    page.evaluate("gdlibLive.ready")
    places = page.evaluate("Reveal.getSlides().flatMap((s, i) => s.querySelector('.gl') ? [i] : [])")
    shown = "Reveal.getCurrentSlide().querySelector('.gl').dataset.shown"
    states = []
    for place in places:
        page.evaluate(
            "i => { const {h, v} = Reveal.getIndices(Reveal.getSlides()[i]); Reveal.slide(h, v ?? 0, -1); }", place
        )
        if states:
            page.wait_for_function(f"{shown} === {states[-1]!r}")  # what is asked is not yet answered
            before = page.evaluate(shown)
            page.keyboard.press("ArrowRight")
            page.wait_for_function(f"{shown} !== {before!r}")
        states.append(page.evaluate(shown))
        assert page.evaluate(at) == place
        slider = page.evaluate_handle(
            "Reveal.getCurrentSlide().querySelector('.gl input[type=range]:enabled')"
        ).as_element()
        slider.focus()
        moved = f"{shown} !== {states[-1]!r}"
        slider.press("End")
        page.wait_for_timeout(500)
        if not page.evaluate(moved):  # it stood at its last place
            slider.press("Home")
        page.wait_for_function(moved)
        assert page.evaluate(at) == place
        slider.press("PageDown")
        assert page.evaluate(at) == place + 1
        page.keyboard.press("PageUp")
        assert page.evaluate(at) == place
        slider.focus()
        slider.press(" ")
        assert page.evaluate(at) == place + 1
    assert len(set(states)) == len(states) >= 3


@pytest.mark.long
def test_too_much_for_a_slide_is_seen(browser, folder):
    prose = "## Long\n\n" + "\n\n".join(["A paragraph of its own."] * 20)
    cells = [
        new_markdown_cell(prose, metadata={"slideshow": {"slide_type": "slide"}}),
        new_code_cell("x" * 200, metadata={"slideshow": {"slide_type": "slide"}}),
    ]
    path = folder / "long.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Title"), *cells]), path)
    show = Show(browser, slides.write(path, folder))
    over = [bool(slide.evaluate(MEASURE)) for slide in show]
    assert over == [False, True, True]
    show.page.close()


@pytest.mark.long
def test_pages_of_the_pdf_keep_a_margin(browser, show):
    """Reveal.js takes the slides' padding away in print, unless it is told not to."""
    page = browser.new_page(viewport={"width": slides.WIDTH, "height": slides.HEIGHT})
    page.goto(show.page.url.partition("#")[0] + "?print-pdf")
    page.wait_for_function(slides.PRINTED)
    near = page.evaluate(
        """() => [...document.querySelectorAll('.pdf-page')].flatMap(paper => {
            const edge = paper.getBoundingClientRect();
            const parts = [...paper.querySelectorAll('h1, h2, h3, p, li, blockquote, table, pre, img, mjx-container')];
            return parts.filter(part => !part.closest('aside')).filter(part => {
                const box = part.getBoundingClientRect();
                const right = Math.max(box.right, box.left + (part.scrollWidth ?? 0));
                return box.width && (box.left < edge.left + 20 || right > edge.right - 20
                    || box.top < edge.top + 20 || box.bottom > edge.bottom - 10);
            }).map(part => `${part.tagName}: ${part.textContent.trim().slice(0, 60)}`);
        })"""
    )
    page.close()
    assert near == []


@pytest.mark.long
def test_pdf_has_a_page_for_each_slide(show, folder):
    """The tool starts a Chromium of its own, which needs a process of its own."""
    pypdf = needed("pypdf")
    deck = folder / Path(show.page.url.partition("#")[0]).name
    code = "import sys, slides; from pathlib import Path; slides.print_pdf([Path(sys.argv[1])])"
    subprocess.run([sys.executable, "-c", code, deck], check=True, env=os.environ | {"PYTHONPATH": str(slides.TOOLS)})
    pages = pypdf.PdfReader(deck.with_suffix("").with_suffix(".pdf")).pages
    assert len(pages) == show.page.evaluate("Reveal.getTotalSlides()")
    assert all(
        page.mediabox.width / page.mediabox.height == pytest.approx(slides.WIDTH / slides.HEIGHT, rel=0.01)
        for page in pages
    )
