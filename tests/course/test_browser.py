"""The explorers in JupyterLab in a real browser: moved by hand, they show what gdlib says.

Where no Chromium is found these tests are skipped; where ``CI`` is set they fail instead.
"""

import json
import random
import re
import shutil
from base64 import b64decode
from pathlib import Path

import execute
import ipywidgets as widgets
import pytest
from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook
from shared import needed, needed_chromium

from gdlib._course import NOTEBOOKS
from gdlib._formatting import number
from gdlib.explore.classification import ClassificationExplorer
from gdlib.explore.concept import ConceptExplorer
from gdlib.explore.derivation import DerivationExplorer
from gdlib.explore.example import WorkedExampleExplorer
from gdlib.explore.loss import LossExplorer
from gdlib.explore.network import NetworkExplorer
from gdlib.explore.rate import LearningRateExplorer
from gdlib.figures.image import png

pytestmark = pytest.mark.long
EXPLORERS = {
    "01-concept": ConceptExplorer,
    "02-loss": LossExplorer,
    "03-derivation": DerivationExplorer,
    "04-worked-example": WorkedExampleExplorer,
    "05-learning-rate": LearningRateExplorer,
    "06-classification": ClassificationExplorer,
    "07-network": NetworkExplorer,
}
SLIDERS = (widgets.FloatSlider, widgets.FloatLogSlider, widgets.IntSlider)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the notebooks: a browser saves what it opens."""
    return Path(shutil.copytree(NOTEBOOKS, tmp_path_factory.mktemp("course") / "notebooks"))


@pytest.fixture(scope="module")
def lab(folder):
    needed_chromium()
    with needed("lab").Lab(folder) as lab:
        yield lab


class Hand:
    """A reader's hand on an explorer in the browser."""

    def __init__(self, notebook, kind, source, place=0):
        self.notebook, self.page, self.kind = notebook, notebook.page, kind
        self.output = notebook.output(source)
        self.find = f"[v for v in Out.values() if isinstance(v, {kind.__name__})][{place}]"
        notebook.execute(f"import json, ipywidgets\nfrom {kind.__module__} import {kind.__name__}")
        self.output.locator("img").wait_for(timeout=90_000)
        notebook.unanswered()  # from here on the page's messages are counted
        self.page.wait_for_timeout(300)  # names come a moment after the widgets

    @property
    def values(self):
        """What the kernel holds, {attribute: value} of every control."""
        kinds = "ipywidgets.FloatSlider, ipywidgets.FloatLogSlider, ipywidgets.IntSlider, ipywidgets.Dropdown"
        code = f"{{k: c.value for k, c in vars({self.find}).items() if isinstance(c, ({kinds}, ipywidgets.Checkbox))}}"
        return json.loads(self.notebook.execute(f"print(json.dumps({code}))"))

    @property
    def reading(self):
        return self.output.locator("img").get_attribute("alt")

    @property
    def picture(self):
        return b64decode(self.output.locator("img").get_attribute("src").partition(",")[2])

    @property
    def positions(self):
        """Where the sliders stand, as a screen reader says it, {name: number}."""
        handles = self.output.locator(".noUi-handle").all()
        said = {h.get_attribute("aria-label"): h.get_attribute("aria-valuetext") for h in handles}
        return {label: float(text.replace("−", "-")) for label, text in said.items()}

    def handle(self, slider):
        return self.output.locator(f'.noUi-handle[aria-label="{slider.description}"]')

    def box(self, slider):
        return self.output.get_by_label(f"{slider.description}, typed")

    def settle(self, seconds=20):
        """Wait until the kernel has answered, and what it holds and what the page shows stay as they are."""
        before = None
        for _ in range(10 * seconds):
            now = (self.notebook.unanswered(), self.positions, self.reading, self.values)
            if now == before and now[0] == 0:
                return
            before = now
            self.page.wait_for_timeout(100)
        raise AssertionError(f"it does not come to rest: {now}")

    def wait_for(self, reading, positions, seconds=20):
        """Wait until the page shows what the kernel has sent; a busy page may lag behind."""
        for _ in range(10 * seconds):
            if self.reading == reading and self.positions == pytest.approx(positions, rel=1e-5):
                return
            self.page.wait_for_timeout(100)

    def put(self, values):
        """Set controls from the kernel's side."""
        lines = [f"{self.find}.{name}.value = {value!r}" for name, value in values.items()]
        self.notebook.execute("\n".join([f"{self.find}.forget()", *lines]))
        self.settle()


@pytest.fixture(scope="module", params=EXPLORERS)
def opened(request, lab):
    """A notebook that was opened and run from the top; it is looked at by all tests of this file, one after another."""
    notebook = lab.open(f"{request.param}.ipynb")
    notebook.run_all()
    yield notebook, EXPLORERS[request.param]
    notebook.page.context.close()


@pytest.fixture(scope="module")
def start(opened):
    notebook, kind = opened
    hand = Hand(notebook, kind, f"{kind.__name__}()")
    return hand, hand.values


@pytest.fixture
def hand(start):
    """The explorer of a notebook as it is at the start."""
    hand, values = start
    hand.put(values)
    return hand


@pytest.fixture(scope="module")
def twins():
    """Explorers of this process, to compare with."""
    made = {kind: kind() for kind in EXPLORERS.values()}
    yield made
    for each in made.values():
        each.close()


def same_as_gdlib(hand, twins):
    """Return the reading, after comparing page, kernel and an explorer of this process with the same values."""
    hand.settle()
    twin, values = twins[hand.kind], hand.values
    twin.forget()
    for name, value in values.items():
        if name != "k":
            getattr(twin, name).value = value
    if "k" in values:
        twin.k.value = values["k"]
    sliders = [each for each in vars(twin).values() if isinstance(each, SLIDERS)]
    positions = {slider.description: slider.value for slider in sliders}
    hand.wait_for(twin.reading, positions)
    assert hand.positions == pytest.approx(positions, rel=1e-5)
    for slider in sliders:
        assert hand.box(slider).input_value() == number(slider.value, 6)
    assert hand.reading == twin.reading
    assert twin.reading in hand.output.inner_text()
    wanted = png(twin.picture.pixels)
    for _ in range(50):  # words and pictures come one after the other
        if hand.picture == wanted:
            break
        hand.page.wait_for_timeout(100)
    same_pixels = hand.picture == wanted  # pytest would look for the difference for minutes
    assert same_pixels
    return twin.reading


def test_it_runs_without_a_word_of_trouble(opened):
    notebook, _ = opened
    assert notebook.errors == []
    trouble = "[data-mime-type*='error'], [data-mime-type*='stderr'], .jp-RenderedMarkdown .MathJax_Error, mjx-merror"
    assert notebook.page.locator(trouble).count() == 0
    assert "Error displaying widget" not in notebook.page.locator(".jp-Notebook").inner_text()


def test_every_slider_follows_the_keys(hand, twins):
    for name, slider in vars(twins[hand.kind]).items():
        if isinstance(slider, SLIDERS):
            before, was = hand.values[name], (hand.reading, hand.picture)
            hand.handle(slider).focus()
            full = before == slider.max or (name == "k" and before > slider.min)  # k may stand at either end
            key = "ArrowLeft" if full else "ArrowRight"
            for _ in range(1 if name == "k" else 6):
                hand.page.keyboard.press(key)
            same_as_gdlib(hand, twins)
            assert hand.values[name] != before
            assert name == "steps" or was != (hand.reading, hand.picture)
            hand.page.keyboard.press("Home")
            same_as_gdlib(hand, twins)
            hand.page.keyboard.press("End")
            same_as_gdlib(hand, twins)


def test_every_slider_follows_the_mouse(hand, twins):
    for name, slider in vars(twins[hand.kind]).items():
        if isinstance(slider, SLIDERS):
            before = hand.values[name]
            box = hand.handle(slider).bounding_box()
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            hand.page.mouse.move(x, y)
            hand.page.mouse.down()
            for k in range(1, 25):
                hand.page.mouse.move(x + (-2 * k if x > 1100 or before == slider.max else 2 * k), y)
            hand.page.mouse.up()
            same_as_gdlib(hand, twins)
            assert hand.values[name] != before


def test_every_choice_is_taken(hand, twins):
    for name, control in vars(twins[hand.kind]).items():
        if isinstance(control, widgets.Dropdown):
            for option in (*control.options[::-1], control.options[0]):
                hand.output.get_by_label(control.description, exact=True).select_option(option)
                same_as_gdlib(hand, twins)
                assert hand.values[name] == option
        if isinstance(control, widgets.Checkbox):
            for _ in range(2):
                hand.output.get_by_label(control.description).click()
                same_as_gdlib(hand, twins)
            assert hand.values[name] is False


def test_presets_do_what_they_say(hand, twins):
    if hand.kind is not LearningRateExplorer:
        pytest.skip("no presets here")
    words = {"too small": "glides", "overshooting": "overshoots", "bouncing": "bounces", "diverging": "diverges"}
    for name, word in words.items():
        hand.output.get_by_role("button", name=name).click()
        assert same_as_gdlib(hand, twins).startswith(word)
    hand.output.get_by_label("features scaled").click()
    hand.output.get_by_label("order of the rows").select_option("one by one")
    hand.output.get_by_role("button", name="below the limit").click()
    assert same_as_gdlib(hand, twins).startswith("converges")


def test_step_play_pause_and_reset(hand, twins):
    if not hasattr(twins[hand.kind], "play"):
        pytest.skip("nothing plays here")
    hand.output.get_by_role("button", name="Reset").click()
    same_as_gdlib(hand, twins)
    assert hand.values["k"] == 0
    hand.output.get_by_role("button", name="Step").click()
    same_as_gdlib(hand, twins)
    assert hand.values["k"] == 1
    if hand.kind is WorkedExampleExplorer:  # the course's three numbers
        shown = hand.output.inner_text()
        assert all(re.search(rf"= {number}\b", shown) for number in ("0.016", "0.128", "0.16"))
    hand.output.get_by_role("button", name="play", exact=True).click()
    hand.page.wait_for_timeout(1000)
    hand.output.get_by_role("button", name="pause", exact=True).click()
    same_as_gdlib(hand, twins)
    reached = hand.values["k"]
    assert reached >= 4
    hand.page.wait_for_timeout(500)
    assert hand.values["k"] == reached
    hand.output.get_by_role("button", name="play", exact=True).click()
    hand.page.wait_for_timeout(300)
    hand.output.get_by_role("button", name="Reset").click()
    same_as_gdlib(hand, twins)
    hand.page.wait_for_timeout(400)
    assert hand.values["k"] == 0


def test_layers_light_up_and_a_parameter_keeps_its_value_until_all_is_put_back(hand, twins):
    if hand.kind is not NetworkExplorer:
        pytest.skip("no layers here")
    start = same_as_gdlib(hand, twins)
    for press, layers in (("Forward", 1), ("Forward", 2), ("Backward", 4)):
        hand.output.get_by_role("button", name=press).click()
        same_as_gdlib(hand, twins)
        assert hand.values["shown"] == layers
    hand.handle(twins[hand.kind].value).focus()
    hand.page.keyboard.press("End")
    hand.settle()
    moved = hand.reading
    choice = hand.output.get_by_label("parameter", exact=True)
    for name, value in (("v₂", -1), ("w₁₁", 2)):
        choice.select_option(name)
        hand.settle()
        assert hand.values["value"] == value
    assert hand.reading == moved
    hand.output.get_by_role("button", name="Back to the start").click()
    same_as_gdlib(hand, twins)
    assert hand.reading == start


def test_nonsense_gets_a_sentence_and_changes_nothing(hand, twins):
    slider = next(each for each in vars(twins[hand.kind]).values() if isinstance(each, SLIDERS))
    values, reading, shown = hand.values, hand.reading, hand.box(slider).input_value()
    for text in ("abc", "", "1e999", "nan", "-1e9", "<script>alert(1)</script>", "0.1.2"):
        hand.box(slider).fill(text)
        hand.box(slider).press("Enter")
        hand.page.wait_for_timeout(300)
        hand.settle()
        assert (hand.values, hand.reading) == (values, reading)
        said = hand.output.inner_text()
        assert re.search("is not (a number|from)|Nothing was typed", said)
        assert f"{slider.description} stays at" in said
        assert hand.box(slider).input_value() == shown
    assert hand.output.locator("script").count() == 0
    good = 0.25 if slider.description == "learning rate η" else 0.5
    hand.box(slider).fill(str(good))
    hand.box(slider).press("Enter")
    hand.page.wait_for_timeout(300)
    same_as_gdlib(hand, twins)
    assert good in hand.values.values()
    assert "stays at" not in hand.output.locator(".gdlib-live").first.inner_text()


def test_a_thousand_quick_inputs_end_where_the_slider_stands(hand, twins):
    slider = next(each for each in vars(twins[hand.kind]).values() if isinstance(each, SLIDERS))
    hand.handle(slider).focus()
    keys = random.Random(0).choices(["ArrowRight", "ArrowLeft", "PageUp", "PageDown"], k=1000)
    for key in keys:
        hand.page.keyboard.press(key)
    same_as_gdlib(hand, twins)
    hand.page.keyboard.press("ArrowLeft")
    hand.page.keyboard.press("ArrowLeft")
    same_as_gdlib(hand, twins)
    assert hand.notebook.errors == []


def test_labels_and_layout_fit(hand):
    page = hand.page
    for width, height in ((1366, 768), (1920, 1080), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("small => jupyterapp.shell[small ? 'collapseLeft' : 'expandLeft']()", width < 800)
        page.wait_for_timeout(400)
        explorer = hand.output.locator(".gdlib-explorer")
        cut = explorer.evaluate("""root => [...root.querySelectorAll('.widget-label, button')]
            .filter(node => node.clientWidth && node.scrollWidth > node.clientWidth + 1)
            .map(node => node.textContent)""")
        assert cut == []
        outer, inner = hand.output.bounding_box(), explorer.bounding_box()
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
        assert outer["x"] + outer["width"] <= width
        if width > 390:
            assert inner["height"] <= height - 108  # what JupyterLab leaves
    page.set_viewport_size({"width": 1366, "height": 768})
    page.evaluate("jupyterapp.shell.expandLeft()")


def test_the_picture_stays_in_its_place(hand, twins):
    """Longer numbers and readings have their room already."""
    top = hand.output.locator("img").bounding_box()["y"] - hand.output.bounding_box()["y"]
    for name, slider in vars(twins[hand.kind]).items():
        if isinstance(slider, SLIDERS):
            low, high = slider.min, slider.max
            whole = isinstance(slider, widgets.IntSlider) or name == "steps"
            for value in (low, high // 3 if whole else low + (high - low) / 3, high):
                hand.put({name: slider.base**value if hasattr(slider, "base") else value})
                now = hand.output.locator("img").bounding_box()["y"] - hand.output.bounding_box()["y"]
                assert (name, value, now) == (name, value, pytest.approx(top, abs=1))


def test_nobody_is_shut_out(hand):
    axe = needed("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(hand.page, context=".jp-OutputArea-output", options={"resultTypes": ["violations"]})
    grave = [each for each in found.response["violations"] if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in grave] == []


def test_focus_is_seen(hand, twins):
    slider = next(each for each in vars(twins[hand.kind]).values() if isinstance(each, SLIDERS))
    hand.box(slider).focus()
    hand.page.keyboard.press("Shift+Tab")
    look = hand.handle(slider).evaluate(
        "node => [node === document.activeElement, getComputedStyle(node).outlineWidth]"
    )
    assert look[0]
    assert look[1] != "0px"


def test_a_restarted_kernel_says_how_to_start(hand, twins):
    """This spoils the notebook's state, so it is the last test of the notebook."""
    line = hand.output.locator(".gdlib-start")
    assert not line.is_visible()
    hand.notebook.restart()
    line.wait_for(state="visible", timeout=10_000)
    assert "press Shift+Enter" in line.inner_text()
    hand.notebook.run_all()
    again = Hand(hand.notebook, hand.kind, f"{hand.kind.__name__}()")
    assert not again.output.locator(".gdlib-start").is_visible()
    slider = next(each for each in vars(twins[hand.kind]).values() if isinstance(each, SLIDERS))
    again.handle(slider).focus()
    again.page.keyboard.press("ArrowLeft")
    same_as_gdlib(again, twins)


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_saved_notebook_that_is_not_run_still_shows_its_explorer(lab, folder, name):
    """JupyterLab's own save leaves the widgets' state out."""
    notebook = json.loads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))
    notebook["metadata"].pop("widgets", None)
    (folder / "saved.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    opened = lab.open("saved.ipynb")
    output = opened.output(f"{EXPLORERS[name].__name__}()")
    picture = output.locator("img")
    picture.wait_for(timeout=90_000)
    assert picture.evaluate("image => image.complete && image.naturalWidth") >= 880
    assert picture.get_attribute("alt")
    said = output.inner_text()
    assert "run its cell" in said
    assert "model not found" not in said
    opened.page.context.close()


def test_two_explorers_alive_do_not_meddle(lab, folder, twins):
    kind = LearningRateExplorer
    notebook = new_notebook(
        cells=[
            new_code_cell(
                "%load_ext gdlib\nfrom gdlib.explore.rate import LearningRateExplorer\n\nLearningRateExplorer()"
            ),
            new_code_cell("LearningRateExplorer()  # the other"),
        ],
        metadata={"kernelspec": execute.KERNEL},
    )
    write(notebook, folder / "two.ipynb")
    opened = lab.open("two.ipynb")
    opened.run_all()
    one, other = Hand(opened, kind, "import", 0), Hand(opened, kind, "the other", 1)
    values, reading = other.values, other.reading
    one.handle(one_slider := twins[kind].eta).focus()
    for _ in range(20):
        one.page.keyboard.press("ArrowRight")
    same_as_gdlib(one, twins)
    assert (other.values, other.reading) == (values, reading)
    other.output.get_by_label("data").select_option("narrow valley")
    other.handle(one_slider).focus()
    other.page.keyboard.press("Home")
    moved = one.values
    same_as_gdlib(other, twins)
    same_as_gdlib(one, twins)
    assert one.values == moved != other.values
    opened.page.context.close()


def test_a_fine_screen_gets_a_fine_picture(lab, folder, twins):
    """The page alone knows its screen, and tells the kernel; the finest of two pages counts."""
    kind = WorkedExampleExplorer
    cell = new_code_cell(
        "%load_ext gdlib\nfrom gdlib.explore.example import WorkedExampleExplorer\n\n" + kind.__name__ + "()"
    )
    write(new_notebook(cells=[cell], metadata={"kernelspec": execute.KERNEL}), folder / "fine.ipynb")
    opened = lab.open("fine.ipynb", lab.context(device_scale_factor=2))
    opened.run_all()
    hand = Hand(opened, kind, "import")
    fine = "image => image.naturalWidth === 2 * Number(image.getAttribute('width'))"
    opened.page.wait_for_function(fine, arg=hand.output.locator("img").element_handle())
    twin = twins[kind]
    (screen,) = twin.view.children[-1].children
    screen.ratio = 2
    hand.handle(twin.k).focus()
    hand.page.keyboard.press("ArrowRight")
    same_as_gdlib(hand, twins)
    screen.ratio = 1
    opened.page.context.close()
