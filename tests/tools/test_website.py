"""The site: its pages are the notebooks, its links resolve, and it reads well from a folder without a network.

Where no Chromium is found the browser's tests are skipped; where ``CI`` is set they fail instead.
"""

import os
import re
from html.parser import HTMLParser
from importlib import import_module
from urllib.parse import unquote, urlsplit

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

CI = bool(os.environ.get("CI"))
from gdlib._course import ROOT


def needed(module):
    """Return a module of the group "publish"; without it, a test is skipped, in CI it fails."""
    return import_module(module) if CI else pytest.importorskip(module, reason=f"{module} is not installed")


def test_an_explorer_becomes_its_picture_and_says_how_to_run_it():
    website = import_module("website")
    data = {website.WIDGET: {"model_id": "1"}, "text/html": f"<p>{website.JUPYTER_LINE}</p><img alt='a'>"}
    cells = [new_markdown_cell("[home](../README.md)"), new_code_cell(outputs=[new_output("display_data", data)])]
    made = website.still(new_notebook(cells=cells, metadata={"widgets": {}}))
    assert made.cells[0].source == "[home](../index.md)"
    assert made.cells[1].outputs[0].data == {"text/html": f"<p>{website.SITE_LINE}</p><img alt='a'>"}
    assert "widgets" not in made.metadata


def test_links_to_what_is_no_page_lose_their_target():
    website = import_module("website")
    assert website.within("[a](LICENSE) [b](notebooks/glossary.md) [c](README.md#begin) [d](https://d.org)") == (
        "a [b](notebooks/glossary.md) [c](index.md#begin) [d](https://d.org)"
    )


def test_the_home_page_has_the_map_and_both_commands():
    website = import_module("website")
    page = website.home((ROOT / "README.md").read_text("utf-8"))
    assert "jupyter lab" in page
    assert "--group test pytest" in page
    assert all(f"](notebooks/{path.name})" in page for path in website.notebooks())
    assert "## For maintainers" not in page


def test_the_kit_lists_what_was_built(tmp_path):
    website = import_module("website")
    for name in ("slides/01-a.slides.html", "slides/01-a.pdf", "slides/assets/x.js", "handouts/glossary.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    page = website.kit(tmp_path)
    assert page.count("<a href=") == 3
    assert '<a href="slides/01-a.slides.html">01-a, in the browser</a>' in page
    assert '<a href="handouts/glossary.pdf">glossary, PDF</a>' in page


def test_the_reference_follows_the_walk_and_has_every_module():
    website = import_module("website")
    page = website.reference()
    named = re.findall(r"^## gdlib\.(\w+)$", page, re.MULTILINE)
    assert tuple(named[:3]) == ("data", "problem", "descent")
    assert sorted(named) == sorted(path.stem for path in (ROOT / "gdlib").glob("[!_]*.py"))


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
    return needed("website").build(tmp_path_factory.mktemp("site") / "site")


@pytest.mark.long
def test_every_notebook_is_a_page_and_every_link_resolves(site):
    assert {p.stem for p in (site / "notebooks").glob("*.html")} == {
        "glossary",
        *(p.stem for p in (ROOT / "notebooks").glob("*.ipynb")),
    }
    assert broken(site) == []


@pytest.mark.long
def test_every_picture_has_its_words_and_the_site_is_small(site):
    for path in html(site):
        assert all(picture.get("alt") for picture in Page(path.read_text("utf-8")).pictures), path.name
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 20e6


@pytest.fixture(scope="module")
def browser():
    needed("playwright")
    found = needed("lab").chromium()
    if not found and not CI:
        pytest.skip("no Chromium is installed")
    with needed("playwright.sync_api").sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


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
        found = axe.run(page, context="article.bd-article").response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == [], name


@pytest.mark.long
def test_the_search_finds_the_learning_rate(site, browser):
    page = browser.new_page()
    page.goto((site / "search.html").as_uri() + "?q=learning+rate")
    page.wait_for_selector("#search-results li a")
    assert any("05-learning-rate" in a.get_attribute("href") for a in page.locator("#search-results li a").all())
    page.close()
