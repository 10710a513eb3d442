"""The site: its pages are the notebooks, its links resolve, and it reads well from a folder without a network.

Where no Chromium is found the browser's tests are skipped; where ``CI`` is set they fail instead.
"""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import execute
import live
import nbformat
import pytest
import still
import website
from links import relinked
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from shared import PACKAGE, has_moved, needed, needed_chromium, read, sources

from gdlib._course import NOTEBOOKS, ROOT, lectures, notebooks


def test_an_explorer_moves_on_its_page_and_nobody_is_told_to_run_it():
    data = {execute.VIEW: {"model_id": "1"}, "text/html": f"{still.STORED}<img alt='a'>"}
    cells = [
        new_markdown_cell("[home](../README.md). Run the cell. Press *Step*."),
        new_code_cell("WorkedExampleExplorer()", outputs=[new_output("display_data", data)]),
    ]
    made = website.moving(new_notebook(cells=cells, metadata={"widgets": {}}))
    assert made.cells[0].source == "[home](../index.md). The sliders below move on this page. Press *Step*."
    html = made.cells[1].outputs[0].data["text/html"]
    assert '<script src="../live/worked-example.js">' in html
    assert 'data-page="../explorers/worked-example.html"' in html
    assert 'data-press="step"' in html
    assert "widgets" not in made.metadata


def test_no_page_asks_to_run_a_cell_for_its_sliders():
    for path in lectures():
        cells = nbformat.read(path, 4).cells
        (at,) = [i for i, cell in enumerate(cells) if cell.cell_type == "code" and live.named(cell.source)]
        said = website.moved(cells[at - 1].source)
        assert said != cells[at - 1].source, path.name
        assert not re.search(r"\b[Rr]un the|kernel|to life", said), path.name


def test_every_explorer_is_stored_under_the_sentence_that_is_replaced():
    for path in notebooks():
        outputs = [output for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", [])]
        stored = [output.data for output in outputs if still.STORED in output.get("data", {}).get("text/html", "")]
        assert len(stored) == (path in lectures()), path.name
        assert all(execute.VIEW in data for data in stored), path.name


def test_links_to_what_is_no_page_lose_their_target():
    text = "[a](LICENSE) [b](notebooks/glossary.md) [c](README.md#begin) [d](https://d.org)"
    assert relinked(text, website.to_page) == "a [b](notebooks/glossary.md) [c](index.md#begin) [d](https://d.org)"


def test_the_home_page_has_the_map_and_both_commands():
    page = website.home((ROOT / "README.md").read_text("utf-8"))
    assert "pip install uv && uv run course\n" in page
    assert "--group test pytest" in page
    assert page.index('data-live="concept"') < page.index("## Begin")
    assert "descent.png" not in page
    assert all(f"](notebooks/{path.name})" in page for path in notebooks())
    assert "## For maintainers" not in page


def test_the_kit_lists_what_was_built(tmp_path):
    for name in ("slides/01-a.slides.html", "slides/01-a.pdf", "slides/assets/x.js", "handouts/glossary.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    page = website.kit(tmp_path)
    assert page.count("<a href=") == 3
    assert '<a href="slides/01-a.slides.html">01-a, in the browser</a>' in page
    assert '<a href="handouts/glossary.pdf">glossary, PDF</a>' in page


def public(package=PACKAGE):
    """Return the names of the modules that the reference must have; a folder is its ``__init__``."""
    every = {name.removesuffix(".__init__"): source for name, source in sources(package).items()}
    hidden = [name for name in every if any(part.startswith("_") for part in name.split("."))]
    return {name for name in set(every) - set(hidden) if not has_moved(every[name])}


def test_the_reference_follows_the_course_and_has_every_module():
    named = re.findall(r"^## gdlib\.([\w.]+)$", website.reference(), re.MULTILINE)
    above = [name for name in website.ORDER if name in named]
    assert [name for name in named if name in above] == above
    assert {"data", "problem", "descent", "curvature", "explain", "plots", "explore", "check"} <= set(above)
    assert set(named) == public()
    assert len(named) == len(public())


def test_the_reference_takes_a_folder_after_its_name_and_leaves_out_what_has_moved(tmp_path):
    for name in ("_a", "b", "data", "check", "explore/__init__", "explore/loss", "explore/_c", "figures/x", "plots"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").touch()
    (tmp_path / "bugs.py").write_text('raise ImportError("gdlib.bugs is now gdlib.exercises.bugs")')
    assert website.modules(tmp_path) == ["data", "plots", "explore", "explore.loss", "check", "b", "figures.x"]


def html(site):
    """Return a site's pages; the theme leaves templates of its own in _static."""
    return sorted(path for path in site.rglob("*.html") if "_static" not in path.relative_to(site).parts)


class Page(HTMLParser):
    """The links, anchors and pictures of one page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors, self.pictures = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        self.anchors |= {has[key] for key in ("id", "name") if has.get(key)}
        self.links += [has[key] for key in ("href", "src") if has.get(key)]
        if tag == "img":
            self.pictures.append(has)


def broken(site):
    """Return each link inside a site that leads nowhere, with its page."""
    pages = {path.resolve(): Page(path.read_text("utf-8")) for path in html(site)}
    found = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            if not to.exists() or (anchor and to in pages and anchor not in pages[to].anchors):
                found.append((path.name, link))
    return found


def test_the_crawler_sees_a_dead_link_a_dead_anchor_and_a_lost_file(tmp_path):
    (tmp_path / "a.html").write_text('<p id="x"><a href="#x"><a href="#y"><a href="b.html"><img src="c.png">')
    assert broken(tmp_path) == [("a.html", "#y"), ("a.html", "b.html"), ("a.html", "c.png")]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    for module in ("sphinx", "myst_nb", "sphinx_book_theme"):
        needed(module)
    return website.build(tmp_path_factory.mktemp("site") / "site")


@pytest.mark.long
def test_every_notebook_is_a_page_and_every_link_resolves(site):
    assert {p.stem for p in (site / "notebooks").glob("*.html")} == {
        "glossary",
        *(p.stem for p in NOTEBOOKS.glob("*.ipynb")),
    }
    assert broken(site) == []


@pytest.mark.long
def test_what_a_page_offers_for_download_is_the_notebook_to_be_run(site):
    for path in NOTEBOOKS.glob("*.ipynb"):
        offered, own = (nbformat.read(each, 4) for each in (site / "_sources" / "notebooks" / path.name, path))
        nbformat.validate(offered)
        assert [cell.source for cell in offered.cells] == [cell.source for cell in own.cells]
        assert [cell.id for cell in offered.cells if cell.get("outputs")] == []
        assert f"../_sources/notebooks/{path.name}" in (site / "notebooks" / f"{path.stem}.html").read_text("utf-8")


@pytest.mark.long
def test_every_picture_has_its_words_and_the_site_is_small(site):
    for path in html(site):
        assert all(picture.get("alt") for picture in Page(path.read_text("utf-8")).pictures), path.name
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 30e6


@pytest.mark.long
def test_every_address_that_was_ever_published_still_leads_there(site):
    """Others link to them. New ones are put on the list by ``tools/website.py --addresses``; none is taken off."""
    known, now = set(read("tests/addresses.txt").split()), website.published(site)
    assert known - now == set()
    assert {each for each in now - known if "#" not in each} == set()


@pytest.fixture(scope="module")
def browser():
    with needed_chromium().launched() as browser:
        yield browser


def visit(browser, site, width, theme):
    """Yield each page of the site in a browser without a network, and what it asked for or complained of."""
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
    context.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    page = context.new_page()
    wrong = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else wrong.append(r.url))
    for path in html(site):
        page.goto(path.as_uri())
        page.wait_for_function("!window.MathJax?.startup?.promise || MathJax.startup.promise.then(() => true)")
        yield path.name, page, wrong
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("width", [390, 1366])
def test_pages_fit_ask_nobody_and_set_their_mathematics(site, browser, width):
    for name, page, wrong in visit(browser, site, width, "light"):
        assert wrong == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.locator("mjx-merror").count() == 0, name
        raw = "[...document.querySelectorAll('.math')].filter(e => !e.querySelector('mjx-container')).length"
        assert page.evaluate(raw) == 0, name


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_of_the_course_shuts_anybody_out(site, browser, theme):
    axe = needed("axe_playwright_python.sync_playwright").Axe()
    for name, page, _ in visit(browser, site, 1366, theme):
        if name in ("search.html",):
            continue  # the theme's own
        found = axe.run(page, context="article.bd-article, .gl-alone main").response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == [], name


@pytest.mark.long
def test_explorers_move_on_the_site(site, browser):
    pages = [site / "index.html", *(site / "notebooks" / f"{path.stem}.html" for path in lectures())]
    at = "https://pages.test/"  # there alone is a link to what is shown

    def served(route):
        file = site / re.split("[?#]", route.request.url.removeprefix(at))[0]
        route.fulfill(path=file) if file.is_file() else route.fulfill(status=404)

    for path in pages:
        page = browser.new_context().new_page()
        page.route("**/*", served)
        page.goto(at + path.relative_to(site).as_posix())
        page.wait_for_function("document.querySelector('.gl')?.dataset.shown !== undefined")
        before = page.locator(".gl-reading").inner_text()
        slider = page.locator(".gl input[type=range]:enabled").first
        slider.focus()
        slider.press("ArrowLeft")
        page.wait_for_function("text => document.querySelector('.gl-reading').innerText !== text", arg=before)
        page.wait_for_function("document.querySelector('.gl').dataset.shown === location.hash.slice(1)")
        page.get_by_text("Link to what is shown").click()
        link = page.locator("[name=link]").input_value()
        after = page.locator(".gl-reading").inner_text()
        page.goto(link)
        page.wait_for_function("document.querySelector('.gl')?.dataset.shown !== undefined")
        assert page.locator(".gl-reading").inner_text() == after
        page.context.close()


@pytest.mark.long
def test_the_search_finds_the_learning_rate(site, browser):
    page = browser.new_page()
    page.goto((site / "search.html").as_uri() + "?q=learning+rate")
    page.wait_for_selector("#search-results li a")
    assert any("05-learning-rate" in a.get_attribute("href") for a in page.locator("#search-results li a").all())
    page.close()
