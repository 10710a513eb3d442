"""The explorers on pages without Python: what is shown is what the live explorer shows, whichever hand moves it.

Where no Chromium is found the browser's tests are skipped; where ``CI`` is set they fail instead.
"""

import functools
import random
import re
from base64 import b64decode
from io import BytesIO
from urllib.parse import urlencode

import frames
import live
import nbformat
import numpy as np
import pytest
import slides
from PIL import Image
from shared import first_or_all, needed, needed_chromium, read

from gdlib._course import lectures
from gdlib.curvature import best_rate, curvatures, round_limit, stability_limit
from gdlib.explore import explorers
from gdlib.explore.network import START
from gdlib.explore.rate import ROUND, rate_problem

NAMES = list(explorers())


class Planned:
    def __init__(self, explorer):
        self.explorer, self.parts = explorer, frames.plan(explorer)
        self.header = frames.header(explorer, self.parts)


@pytest.fixture(scope="module")
def planned():
    """Explorers and what is shipped of them, made when they are asked for."""
    return functools.cache(lambda name: Planned(explorers()[name]()))


# ---- what is shipped -------------------------------------------------------------------------------------------------


def test_a_frame_on_its_ground_is_the_picture():
    ground = np.full((40, 60, 4), 255, np.uint8)
    picture = ground.copy()
    picture[10:20, 30:50, :3] = [0, 114, 178]
    picture[12, 33, :3] = 255  # inside the box, and as the ground
    x, y, png = frames.frame(picture, ground)
    layer = Image.open(BytesIO(b64decode(png))).convert("RGBA")
    page = Image.fromarray(ground)
    page.paste(layer, (x, y), layer)
    assert (x, y, layer.size) == (30, 10, (20, 10))
    assert np.array_equal(np.asarray(page), picture)
    assert frames.frame(ground, ground) == []


def pasted(page, box):
    """Lay a frame on a page, as it is drawn there."""
    if box and box[2]:
        layer = Image.open(BytesIO(b64decode(box[2]))).convert("RGBA")
        page.paste(layer, tuple(box[:2]), layer)


@pytest.mark.long
def test_a_frame_on_the_ground_or_on_its_key_is_the_picture(planned):
    plan = planned("network")
    start, key = frames.state(plan.explorer), plan.parts[0][8]
    part = [*plan.parts[0][:2], key, plan.parts[1][0]]
    made = frames.draw(plan.explorer, part, key)
    assert made["key"] == 2
    keyed = [len(frame) == 4 for frame in made["frames"]]
    assert any(keyed)
    assert not keyed[2]
    for setting, frame, on_key in zip(part, made["frames"], keyed, strict=True):
        page = Image.open(BytesIO(b64decode(made["ground"]))).convert("RGB")
        pasted(page, made["frames"][2] if on_key else None)
        pasted(page, frame)
        frames.put(plan.explorer, setting)
        gap = np.abs(np.asarray(page).astype(int) - plan.explorer.picture.pixels[..., :3]).max(axis=-1)
        assert gap.mean() < 0.5
        assert (gap > 48).mean() < 0.003
    plan.explorer.picture.density = 1
    frames.put(plan.explorer, start)


def test_a_page_knows_where_buttons_lead_and_what_a_choice_moves(planned):
    header = planned("network").header
    names = [each["name"] for each in header["controls"]]
    shown, value, parameter = map(names.index, ("shown", "value", "parameter"))
    assert header["turns"] == {"forward": [shown, (1, 2, 3, 1, 1, 1)], "backward": [shown, (4, 4, 4, 4, 5, 4)]}
    values, moved = header["controls"][value]["values"], header["follow"][parameter]
    led = {header["controls"][parameter]["values"][at]: values[each[value]] for at, each in moved.items()}
    assert led == dict(zip(("w₁₁", "w₁₂", "b₁", "w₂₁", "w₂₂", "b₂", "v₁", "v₂", "c"), START, strict=True))
    assert not any(each for i, each in enumerate(header["follow"]) if i != parameter)
    assert not any(any(planned(name).header["follow"]) for name in ("concept", "derivation"))


@pytest.mark.parametrize("name", first_or_all(NAMES))
def test_what_is_shipped_can_be_set_and_no_setting_comes_twice(planned, name):
    explorer, parts, header = planned(name).explorer, planned(name).parts, planned(name).header
    every = [frames._key(setting) for part in parts for setting in part]
    assert len(every) == len(set(every))
    assert frames._key(frames.state(explorer)) in {frames._key(setting) for setting in parts[0]}
    assert all(set(setting) == set(frames.controls(explorer)) for part in parts for setting in part)
    assert [len(part) for part in header["parts"]] == [len(part) for part in parts]
    assert {name: each.value for name, each in frames.controls(explorer).items()} == parts_start(header)
    several = {name: {setting[name] for part in parts for setting in part} for name in frames.controls(explorer)}
    still = {name for name, values in several.items() if len(values) < 2}
    assert still <= {"steps"}  # every other control moves


def parts_start(header):
    """Return {control: value} at the start, as a header has it."""
    both = zip(header["controls"], header["start"], strict=True)
    return {control["name"]: control["values"][place] for control, place in both}


@pytest.mark.long
def test_the_edges_of_a_rate_are_hit_exactly(planned):
    parts = planned("learning-rate").parts
    for data in ("two rows", "narrow valley"):
        for scaled in (False, True):
            problem = rate_problem(data, scaled)
            of = {"data": data, "scaled": scaled}
            shipped = {order: rates(parts, {**of, "order": order}) for order in ("batch", "one by one")}
            edges = {1 / curvatures(problem)[-1], best_rate(problem), stability_limit(problem)}
            for edge in {edge for edge in edges if edge <= 10}:
                assert min(abs(rate / edge - 1) for rate in shipped["batch"]) < 1e-9
            assert round_limit(problem) in shipped["one by one"]
            for each in shipped.values():
                assert set(ROUND) <= each
                assert np.diff(np.log(sorted(each))).min() > 1e-9  # no rate twice
    assert stability_limit(rate_problem("two rows", False)) * 1.05 in rates(parts, {"order": "batch"})  # a preset


def rates(parts, of):
    settings = [setting for part in parts for setting in part]
    return {each["eta"] for each in settings if all(each[name] == value for name, value in of.items())}


@pytest.mark.parametrize("path", first_or_all(lectures()), ids=lambda path: path.stem)
def test_the_pictures_of_the_slides_are_shipped(planned, path):
    (cell,) = [cell for cell in nbformat.read(path, 4).cells if "frames" in slides.told(cell)]
    plan = planned(live.named(cell.source))
    settings, setting = {frames._key(each) for part in plan.parts for each in part}, frames.state(plan.explorer)
    for change in slides.told(cell)["frames"]:
        setting = setting | change
        assert frames._key(setting) in settings, change


def test_controls_are_those_of_the_explorer(planned):
    explorer = planned("concept").explorer
    html = live.body(explorer)
    assert re.findall(r'data-control="(\w+)"', html) == ["curve", "start", "eta", "steps", "k"]
    assert re.findall(r'data-press="(\w+)"', html) == ["play", "step", "reset", "start"]
    assert all(control.description in html for control in frames.controls(explorer).values())
    assert explorer.reading in html
    assert "\n" not in html


def test_an_explorer_is_found_by_the_cell_that_shows_it():
    assert live.named("from x import y\n\nLearningRateExplorer()") == "learning-rate"
    assert live.named("print(1)") is None


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scripts():
    """The frames of all explorers, drawn if they are not there."""
    return frames.drawn()


def size(script):
    """Return how many bytes a script holds, pictures counted as they are before base64."""
    text = script.read_text("utf-8")
    pictures = re.findall(r'"([A-Za-z0-9+/=]{100,})"', text)
    return len(text.encode()) - sum(len(each) for each in pictures) // 4


@pytest.mark.long
def test_frames_are_small(scripts):
    sizes = {name: [size(each) for each in files] for name, files in scripts.items()}
    print({name: [f"{each[0] / 1e6:.2f}", f"{sum(each) / 1e6:.2f}"] for name, each in sizes.items()})
    assert max(each[0] for each in sizes.values()) <= 0.8e6
    assert max(sum(each) for each in sizes.values()) <= 2.8e6
    assert sum(map(sum, sizes.values())) <= 2e6 * len(sizes)
    assert max(len(live.page(name).encode()) for name in NAMES) <= 4e6


# ---- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    with needed_chromium().launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory, scripts):
    """A folder with a page for each explorer: its frames inside, or in a folder beside it."""
    folder = tmp_path_factory.mktemp("pages")
    live.copied(folder / "live")
    for name in NAMES:
        (folder / f"{name}.html").write_text(live.page(name), "utf-8")
        (folder / f"{name}-beside.html").write_text(live.page(name, "live/"), "utf-8")
    return folder


SHOWN = "document.querySelector('.gl')?.dataset.shown !== undefined"
PIXELS = "document.querySelector('.gl canvas').toDataURL()"


SITE = "https://pages.test/"


class Page:
    """An explorer's page in a browser that refuses every address but files, or those of its ``site``."""

    def __init__(self, browser, file, state="", site=None, **context):
        self.context = browser.new_context(**({"viewport": {"width": 1366, "height": 900}} | context))
        self.page, self.wrong = self.context.new_page(), []
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.route(re.compile("^https?:"), self._refuse)
        if site:
            serve = lambda route: route.fulfill(path=site / route.request.url.removeprefix(SITE).partition("#")[0])  # noqa: E731
            self.page.route(f"{SITE}**", serve)
        self.page.goto((SITE + file.relative_to(site).as_posix() if site else file.as_uri()) + state)

    def _refuse(self, route):
        self.wrong.append(route.request.url)
        route.abort()

    def __enter__(self):
        self.page.wait_for_function(SHOWN)
        return self

    def __exit__(self, *_):
        self.context.close()
        assert self.wrong == []

    @property
    def shown(self):
        return self.page.evaluate("document.querySelector('.gl').dataset.shown")

    @property
    def reading(self):
        return self.page.locator(".gl-reading").inner_text()

    def settle(self):
        """Wait until nothing changes any more, and return all that is seen."""
        before = None
        while before != (now := self.seen()):
            before = now
            self.page.wait_for_timeout(80)
        return now

    def seen(self):
        details = self.page.locator(".gl-details").inner_text()
        return self.shown, self.reading, details, hash(self.page.evaluate(PIXELS))


def words(html):
    return re.sub(r"\s+", "", html)


def sample(parts):
    """Return settings of every part, and always its first and last."""
    pick = random.Random(0)
    return [each for part in parts for each in {id(s): s for s in (part[0], part[-1], pick.choice(part))}.values()]


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_words_and_pixels_are_those_of_the_live_explorer(browser, folder, planned, name):
    explorer = planned(name).explorer
    (screen,) = explorer.view.children[-1].children
    screen.ratio = 2
    told = {each["name"]: functools.partial(said_of, each) for each in planned(name).header["controls"]}
    with Page(browser, folder / f"{name}.html") as shown:
        for setting in sample(planned(name).parts):
            frames.put(explorer, setting)
            shown.page.evaluate("state => { location.hash = state; }", live.address(explorer))
            shown.page.wait_for_function(
                "text => document.querySelector('.gl-reading').textContent === text", arg=explorer.reading
            )
            shown.settle()
            text = shown.page.evaluate(
                "html => { const box = document.createElement('div'); box.innerHTML = html; return box.textContent; }",
                explorer.details.value,
            )
            assert words(shown.page.locator(".gl-details").text_content()) == words(text)
            data = b64decode(shown.page.evaluate(PIXELS).partition(",")[2])
            page = np.asarray(Image.open(BytesIO(data)).convert("RGB")).astype(int)
            gap = np.abs(page - explorer.picture.pixels[..., :3]).max(axis=-1)
            assert page.shape[:2] == explorer.picture.pixels.shape[:2]
            assert gap.mean() < 0.5, setting  # out of 255: 64 colours stand for all
            assert (gap > 48).mean() < 0.003, setting
            names = shown.page.evaluate(
                "[...document.querySelectorAll('input[type=range]')].map(e => "
                "[e.dataset.control, e.getAttribute('aria-valuetext')])"
            )
            assert dict(names) == {each: told[each](setting[each]) for each, _ in names}
    screen.ratio = 1


def said_of(control, value):
    """Return how a page says the value of a slider, or the nearest that it has."""
    return min(zip(control["values"], control["said"], strict=True), key=lambda pair: abs(pair[0] - value))[1]


def enabled(page, selector):
    return [each for each in page.locator(f".gl {selector}").all() if each.is_enabled() and each.is_visible()]


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_every_control_moves_by_mouse_and_keyboard(browser, folder, name):
    with Page(browser, folder / f"{name}-beside.html") as shown:
        moved = 0
        for slider in enabled(shown.page, "input[type=range]"):
            if not slider.is_enabled():  # another slider's move has left what is shipped
                continue
            before = shown.settle()
            slider.focus()
            down = slider.evaluate("e => Number(e.value) > Number(e.min)")
            shown.page.keyboard.press("ArrowLeft" if down else "ArrowRight")
            after = shown.settle()
            assert before[0] != after[0]
            assert before[1:] != after[1:]
            slider.press("End")
            assert shown.settle() != after
            slider.press("Home")
            low = shown.settle()
            box = slider.bounding_box()
            shown.page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
            assert shown.settle() != low
            moved += 1
            shown.page.evaluate(
                "location.hash = '#' + new URLSearchParams(Object.fromEntries("
                "[...document.querySelectorAll('[data-control]')].map(e => [e.dataset.control, '']))) "
            )
            shown.page.goto(shown.page.url.partition("#")[0])
            shown.page.reload()
            shown.page.wait_for_function(SHOWN)
        assert moved
        for choice in enabled(shown.page, "select[data-control]"):
            options = [each.inner_text() for each in choice.locator("option").all() if each.is_enabled()]
            assert len(options) > 1
            for option in reversed(options):
                before = shown.settle()
                value = choice.input_value()
                choice.select_option(option)
                assert (shown.settle() != before) == (option != value)
        for tick in enabled(shown.page, "input[type=checkbox]"):
            before = shown.settle()
            tick.click()
            assert shown.settle()[0] != before[0]
        shown.page.evaluate("document.querySelector('[data-press=start]').click()")
        for button in enabled(shown.page, "button[data-press]"):
            if button.get_attribute("data-press") not in ("play", "step", "reset", "start"):
                before = shown.settle()
                button.click()
                assert shown.settle()[1:] != before[1:]
        for walk in enabled(shown.page, ".gl-walks select"):
            for at in range(walk.locator("option").count() - 1):
                walk.select_option(str(at))
                shown.settle()
                shown.page.get_by_role("button", name="Reset").click()
                start = shown.settle()
                shown.page.get_by_role("button", name="Step").click()
                step = shown.settle()
                assert start[1:] != step[1:]
                shown.page.get_by_role("button", name="Play").click()
                shown.page.wait_for_timeout(500)
                shown.page.get_by_role("button", name="Pause").click()
                assert shown.settle()[0] != step[0]
                shown.page.get_by_role("button", name="Reset").click()
                assert shown.settle()[1:] == start[1:]


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_a_finger_on_a_phone_moves_the_main_slider(browser, folder, name):
    with Page(browser, folder / f"{name}.html", viewport={"width": 390, "height": 844}, has_touch=True) as shown:
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390
        slider = enabled(shown.page, "input[type=range]")[0]
        before, box = shown.settle(), slider.bounding_box()
        shown.page.touchscreen.tap(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
        assert shown.settle() != before


@pytest.mark.long
def test_the_state_stands_in_the_address_and_can_be_copied(browser, folder):
    with Page(browser, folder / "learning-rate.html", "#eta=0.5&data=narrow valley", site=folder) as shown:
        assert shown.shown == "eta=0.5&data=narrow%20valley"
        assert shown.page.locator(".gl-note").inner_text() == ""
        shown.page.get_by_role("button", name="bouncing").click()
        shown.settle()
        shown.page.wait_for_function("document.querySelector('.gl').dataset.shown === location.hash.slice(1)")
        shown.page.get_by_text("Link to what is shown").click()
        assert shown.page.locator("[name=link]").input_value() == shown.page.url
        line = shown.page.locator("[name=frame]").input_value()
        assert line.startswith(f'<iframe src="{SITE}')
        assert "width: 100%; max-width: 980px; height: " in line
        shown.page.get_by_role("button", name="Copy").first.click()
        shown.page.get_by_role("button", name="Copied").wait_for()
        assert shown.page.get_by_role("button", name="Copied").count() == 1
        assert shown.shown.replace("&", "&amp;") in line
        reading = shown.reading
        url = shown.page.url
        shown.page.goto("about:blank")
        shown.page.goto(url)
        shown.page.wait_for_function(SHOWN)
        assert shown.reading == reading
    for odd in ("#nonsense", "#eta=", "#eta=abc", "#eta=1e999", "#eta=-5", "#data=none", "#x=%22%3E<script>"):
        with Page(browser, folder / "learning-rate.html", odd) as shown:
            assert shown.reading


@pytest.mark.long
def test_layers_light_up_and_a_parameter_that_is_chosen_is_at_its_start(browser, folder):
    with Page(browser, folder / "network.html") as shown:
        told = lambda control: shown.page.locator(f"label:has([data-control={control}]) b").inner_text()  # noqa: E731
        note, choice = shown.page.locator(".gl-note"), shown.page.locator("select[data-control=parameter]")
        for press, layers in (("Forward", "1"), ("Forward", "2"), ("Backward", "4"), ("Backward", "5")):
            shown.page.get_by_role("button", name=press).click()
            shown.settle()
            assert told("shown") == layers
        shown.page.locator("[data-control=value]").press("End")
        shown.settle()
        assert told("value") == "2"
        choice.select_option("v₁")
        assert "the slope ∂L/∂v₁ is −0.63" in shown.settle()[1]
        assert not shown.page.get_by_role("button", name="Forward").is_enabled()
        assert told("value") == "0.5"
        assert note.inner_text().startswith("On this page w₁₁ is back where it started")
        choice.select_option("c")
        shown.settle()
        assert (told("value"), note.inner_text()) == ("0", "")


@pytest.mark.long
def test_an_address_may_do_without_lowered_digits_and_what_is_wrong_is_said_until_it_is_right(browser, folder):
    with Page(browser, folder / "network.html", "#parameter=w12&shown=5") as shown:
        assert shown.page.locator("select[data-control=parameter]").input_value() == "w₁₂"
        note = shown.page.locator(".gl-note")
        for state, said in (
            ("parameter=w99", "This page has no parameter = w99; nearest: w₁₂."),
            ("a-heading", ""),
            ("value=0.37", "This page has no value = 0.37; nearest: 0."),
            ("parameter=c", ""),
        ):
            shown.page.evaluate("state => { location.hash = state; }", state)
            shown.settle()
            assert note.inner_text() == said


@pytest.mark.long
def test_an_explorer_that_fails_keeps_its_still_and_holds_nothing_up(browser, folder, tmp_path):
    text = (folder / "network.html").read_text("utf-8")
    (tmp_path / "broken.html").write_text(re.sub(r'"ground":"[^"]*"', '"ground":"AAAA"', text), "utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "broken.html").as_uri())
    page.evaluate("gdlibLive.ready")
    assert page.locator(".gl-picture img").is_visible()
    assert not page.locator(".gl-controls").is_visible()
    page.close()


@pytest.mark.long
def test_an_address_of_no_picture_says_so(browser, folder):
    with Page(browser, folder / "learning-rate.html", "#eta=0.705") as shown:
        assert shown.page.locator(".gl-note").inner_text() == "This page has no η = 0.705; nearest: 0.7."
        shown.page.wait_for_function("location.hash === '#eta=0.7'")
        shown.page.get_by_text("Link to what is shown").click()
        assert "Put this file on a web server" in shown.page.locator(".gl-share").inner_text()
        slider = enabled(shown.page, "input[type=range]")[0]
        slider.press("ArrowLeft")
        shown.settle()
        assert shown.page.locator(".gl-note").inner_text() == ""
    with Page(browser, folder / "learning-rate.html", "#eta=0.7") as shown:
        for data in ("narrow valley", "two rows"):
            shown.page.locator("select[data-control=data]").select_option(data)
            assert "eta=0.7&" in shown.settle()[0] + "&"
        assert "0.7" in shown.page.locator("label:has([data-control=eta]) b").inner_text()


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_from_everywhere_there_is_a_way_back(browser, folder, planned, name):
    back = "document.querySelector('[data-press=start]').click()"
    with Page(browser, folder / f"{name}.html") as shown:
        start, many = shown.settle(), planned(name).header
        movable = {each["name"] for each in many["controls"] if len(each["values"]) > 1}
        for setting in sample(planned(name).parts):
            shown.page.evaluate("state => { location.hash = state; }", urlencode(setting).lower())
            shown.settle()
            said = shown.page.evaluate(
                "[...document.querySelectorAll('[data-control]:disabled')]"
                ".map(e => [e.dataset.control, e.parentNode.querySelector('i').textContent])"
            )
            assert all((text == "after “Back to the start”") == (control in movable) for control, text in said)
            for press in ("step", "play", "reset"):
                if many["walks"]:
                    shown.page.evaluate(f"document.querySelector('[data-press={press}]').click()")
                    shown.settle()
            shown.page.evaluate(back)
            assert shown.settle()[1:] == start[1:]


@pytest.mark.long
def test_a_frame_does_not_move_the_page_around_it(browser, folder):
    host = folder / "host.html"
    host.write_text('<div style="height: 2000px"></div><iframe src="learning-rate.html#eta=0.5"></iframe>')
    page = browser.new_page()
    page.goto(host.as_uri())
    page.frames[1].wait_for_function(SHOWN, polling=100)  # out of view nothing is animated
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0
    page.close()


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_shut_out(browser, folder, name):
    axe = needed("axe_playwright_python.sync_playwright").Axe()
    for scheme, width in (("light", 1366), ("dark", 390)):
        look = {"color_scheme": scheme, "viewport": {"width": width, "height": 844}}
        with Page(browser, folder / f"{name}.html", **look) as shown:
            found = axe.run(shown.page).response["violations"]
            grave = [each for each in found if each["impact"] in ("serious", "critical")]
            assert [(each["id"], each["nodes"][0]["html"][:200]) for each in grave] == []


@pytest.mark.long
def test_without_scripts_and_on_paper_there_is_a_picture(browser, folder):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((folder / "concept.html").as_uri())
    assert page.locator(".gl-picture img").is_visible()
    assert page.locator(".gl-picture img").get_attribute("alt") in page.locator(".gl-reading").inner_text()
    assert not page.locator(".gl-controls").is_visible()
    page.context.close()
    with Page(browser, folder / "concept.html") as shown:
        shown.page.emulate_media(media="print")
        assert shown.page.locator("canvas").is_visible()
        assert not shown.page.locator(".gl-share").is_visible()


def test_what_moves_a_page_asks_nobody():
    for file in ("live.js", "live.css"):
        text = read(f"tools/templates/live/{file}")
        assert not re.search(r"https?:|fetch\(|XMLHttpRequest|import ", text)
