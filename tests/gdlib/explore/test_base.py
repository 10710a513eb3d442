"""What all explorers have in common: every control from end to end, typed values, errors, threads."""

import gc
import re
import threading
import weakref
from base64 import b64decode
from functools import partial
from html import unescape
from io import BytesIO
from pathlib import Path

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from explorers import EXPLORERS, SCRIPT, alt, controls, ends, looks, parts, runs
from ipywidgets.widgets.widget import _instances
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.textpath import TextPath
from shared import first_or_all

from gdlib._course import lectures
from gdlib._formatting import number
from gdlib.explore import base, explorers
from gdlib.explore.base import Explorer
from gdlib.explore.classification import ClassificationExplorer
from gdlib.explore.concept import ConceptExplorer
from gdlib.explore.derivation import DerivationExplorer
from gdlib.explore.example import WorkedExampleExplorer
from gdlib.explore.loss import LossExplorer
from gdlib.explore.network import NetworkExplorer
from gdlib.explore.rate import LearningRateExplorer
from gdlib.figures.image import still_bundle
from gdlib.figures.look import course_look

GROUND = 10  # layers lie on the ground, also where their zorder is lower

HOW_MANY = {  # controls
    ConceptExplorer: 5,
    LossExplorer: 4,
    DerivationExplorer: 4,
    WorkedExampleExplorer: 3,
    LearningRateExplorer: 4,
    ClassificationExplorer: 4,
    NetworkExplorer: 4,
}


def places(control):
    """Return values of a control: least, greatest, and one between; or every option."""
    if isinstance(control, widgets.Dropdown):
        return control.options
    if isinstance(control, widgets.Checkbox):
        return [True, False]
    if isinstance(control, widgets.FloatLogSlider):
        return [10**control.min, 10**control.max, 0.05, 0.8]
    return [control.min, control.max, (control.min + control.max) / 2 if "Float" in type(control).__name__ else 3]


def another(control):
    """Return another value than the one it begins with: the greatest or the least, the last option, the contrary."""
    if isinstance(control, widgets.Checkbox):
        return not control.value
    if isinstance(control, widgets.Dropdown):
        return control.options[-1]
    least, greatest, _ = places(control)[:3]
    return least if control.value == greatest else greatest


def assert_sound(explorer):
    """Check that what an explorer says is the same everywhere, and made of numbers."""
    assert alt(explorer) == explorer.reading
    assert explorer.reading in unescape(explorer._words.value)
    assert not re.search(r"\b(nan|inf|None)\b", explorer.reading + explorer.details.value)


@pytest.mark.parametrize("kind", EXPLORERS)
def test_every_control_does_something_and_leaves_no_trace(take, built, kind):
    explorer, (*_, as_it_was_made) = take(kind), built(kind)
    assert len(controls(explorer)) == HOW_MANY[kind]
    for name, control in controls(explorer).items():
        default = control.value
        control.value = another(control)
        assert_sound(explorer)
        assert looks(explorer) != as_it_was_made, name
        control.value = default
    assert looks(explorer) == as_it_was_made


@pytest.mark.long
@pytest.mark.parametrize("kind", EXPLORERS)
def test_every_control_from_least_to_greatest(take, kind):
    explorer = take(kind)
    for name, control in controls(explorer).items():
        default = control.value
        seen = set()
        for value in places(control):
            control.value = value
            seen.add(looks(explorer))
            assert_sound(explorer)
        control.value = default
        assert len(seen) > 1, name
    assert plt.get_fignums() == []


@course_look()
@pytest.mark.parametrize("kind", EXPLORERS)
def test_fast_redraw_equals_a_full_draw(take, kind):
    explorer = take(kind)
    explorer.update()
    fast, figure = explorer.picture.pixels.copy(), explorer.picture.figure
    artists = explorer.layer_artists()
    for artist in artists:
        artist.set_zorder(artist.zorder + GROUND)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    for artist in artists:
        artist.remove()
    figure.set_canvas(explorer.picture._canvas)
    assert np.array_equal(fast, np.asarray(canvas.buffer_rgba()))


def test_no_artist_outlives_its_picture(take, monkeypatch):
    def remembered(layer, seen):
        artists = layer()
        seen.extend(map(weakref.ref, artists))
        return artists

    seen = {kind: [] for kind in EXPLORERS}
    for kind in EXPLORERS:
        explorer = take(kind)
        monkeypatch.setattr(explorer, "layer_artists", partial(remembered, explorer.layer_artists, seen[kind]))
        for value in (0.01, 0.5, 1):
            next(iter(explorer.typed)).value = value
    monkeypatch.undo()
    gc.collect()  # once for all: it looks at whatever the tests before have left
    assert min(map(len, seen.values())) > 6
    assert {kind: left for kind in seen if (left := [each() for each in seen[kind] if each() is not None])} == {}


@pytest.mark.parametrize("kind", [ConceptExplorer, LossExplorer, WorkedExampleExplorer])
def test_play_step_and_reset(take, kind):
    explorer = take(kind)
    explorer.reset.click()
    assert explorer.k.value == explorer.play.value == 0
    assert not re.search(r"step \d", explorer.reading)
    start = explorer.picture.pixels.copy()
    explorer.step.click()
    explorer.step.click()
    assert explorer.k.value == explorer.play.value == 2
    assert "step 2 " in explorer.reading
    assert not np.array_equal(explorer.picture.pixels, start)
    explorer.play.playing = True
    explorer.play.value = 3  # as the front end does, 10 times a second
    assert explorer.k.value == 3
    assert "step 3 " in explorer.reading
    explorer.k.value = explorer.k.max
    explorer.step.click()
    assert explorer.k.value == explorer.k.max
    explorer.reset.click()
    assert not explorer.play.playing
    assert explorer.k.value == 0
    assert np.array_equal(explorer.picture.pixels, start)


@pytest.mark.parametrize("kind", EXPLORERS)
def test_typed_values_are_taken(take, kind):
    explorer = take(kind)
    for slider, box in explorer.typed.items():
        low, high = (10**slider.min, 10**slider.max) if "Log" in type(slider).__name__ else (slider.min, slider.max)
        for value in (high, low):
            box.value = f" {value:g} "
            assert slider.value == pytest.approx(value)
            assert box.value == number(value, 6)
            assert explorer.message.value == ""


NONSENSE = [
    "abc",
    "",
    "1/0",
    "1/",
    "1//2",
    "nan",
    "inf",
    "1e999",
    "-5000",
    "1,5",
    "0x10",
    "<img src=x onerror=alert(1)>",
    "1" * 500,
]


@pytest.mark.parametrize("kind", EXPLORERS)
def test_typed_nonsense_changes_nothing_and_is_said(take, kind):
    explorer = take(kind)
    for slider, box in explorer.typed.items():
        before = explorer.picture.pixels.copy(), explorer.reading, slider.value, box.value
        for text in NONSENSE:
            box.value = text
            assert np.array_equal(explorer.picture.pixels, before[0])
            assert (explorer.reading, slider.value, box.value) == before[1:]
            sentence = unescape(re.fullmatch("<b>([^<>]*)</b>", explorer.message.value)[1])
            assert sentence.startswith(f"“{text[:20]}” is not " if text else "Nothing was typed; ")
            assert ("use a point" in sentence) == ("," in text)
            assert sentence.endswith(f"; {slider.description} stays at {box.value}.")
        slider.value = 1 if slider.value != 1 else 0
        assert explorer.message.value == ""


@pytest.mark.parametrize("kind", EXPLORERS)
def test_typed_script_is_never_html(take, kind):
    explorer, typed = take(kind), 0
    for box in [each for each in parts(explorer.view) if isinstance(each, widgets.Text)]:
        box.value = SCRIPT
        pages = [each.value for each in parts(explorer.view) if isinstance(each, widgets.HTML | widgets.HTMLMath)]
        assert [page for page in pages if runs(page)] == []
        typed += any("&lt;script&gt;" in page for page in pages)
    assert typed > 0  # what was typed is quoted, as text


def test_typed_minus_sign_and_whole_numbers(take):
    explorer = take(ConceptExplorer)
    explorer.typed[explorer.start].value = "−1.5"
    assert explorer.start.value == -1.5
    explorer.typed[explorer.steps].value = "2.5"
    assert "“2.5” is not a whole number; number of steps stays at 20." in explorer.message.value
    explorer.typed[explorer.steps].value = "20"
    explorer.typed[explorer.eta].value = "1/4"
    assert explorer.eta.value == 0.25
    explorer.typed[explorer.eta].value = "2"
    assert explorer.reading.startswith("bounces")
    assert explorer.message.value == ""


def picture_in(html):
    """Return the picture in HTML, and the width at which it is shown."""
    width, data = re.search(r'width="(\d+)".*base64,([^"]+)', html).groups()
    return plt.imread(BytesIO(b64decode(data))), int(width)


@pytest.mark.parametrize("kind", first_or_all(EXPLORERS))
def test_bundle_for_front_ends(take, kind):
    explorer = take(kind)
    bundle, metadata = explorer._repr_mimebundle_(include=None, exclude=None)
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.view.model_id
    assert bundle["text/plain"] == repr(explorer) == f"{explorer.name}: {explorer.reading}"
    assert metadata["image/png"]["alt"] == explorer.reading
    pixels, still = explorer.picture.pixels, explorer.still()
    assert still_bundle(still, explorer.reading, above=base.STILL)[0].items() <= bundle.items()
    assert still.shape[:2] == (2 * pixels.shape[0], 2 * pixels.shape[1])
    (was, width), (stored, stored_width) = map(picture_in, (explorer.picture.widget.value, bundle["text/html"]))
    assert width == stored_width == was.shape[1] == stored.shape[1] / 2
    assert explorer.view.model_id not in bundle["text/plain"]


def in_blocks(pixels, size):
    """Return the mean of each block of so many dots: where an edge falls between two dots does not matter then."""
    rows, columns = (length // size for length in pixels.shape[:2])
    cut = pixels[: rows * size, : columns * size].astype(float)
    return cut.reshape(rows, size, columns, size, -1).mean(axis=(1, 3))


@pytest.mark.parametrize("kind", first_or_all(EXPLORERS))
def test_a_still_picture_is_the_one_that_is_shown_with_twice_the_dots(take, kind):
    explorer = take(kind)
    slider = next(iter(explorer.typed))
    slider.value = slider.max
    shown, still = explorer.picture.pixels.copy(), explorer.still()
    gap = np.abs(in_blocks(still, 8) - in_blocks(shown, 4)).mean()
    assert gap < 2  # of 255; what is moved by three dots has 4
    slider.value = slider.min
    assert np.abs(in_blocks(still, 8) - in_blocks(explorer.picture.pixels, 4)).mean() > gap
    slider.value = slider.max
    assert np.array_equal(explorer.picture.pixels, shown)
    with plt.rc_context({"font.size": 30, "lines.linewidth": 9, "path.simplify_threshold": 1}):
        assert np.array_equal(explorer.still(), still)


@pytest.mark.parametrize("kind", EXPLORERS)
def test_errors_in_a_callback_are_raised_and_pass(take, kind, monkeypatch):
    explorer = take(kind)
    slider = next(iter(explorer.typed))
    default = slider.value
    with monkeypatch.context() as patch:
        patch.setattr(explorer, "reading_text", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            slider.value = slider.min
        if hasattr(explorer, "step"):
            patch.setattr(explorer.step, "_action", lambda: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                explorer.step.click()
    slider.value = default
    explorer.update()
    assert alt(explorer) == explorer.reading


@pytest.mark.parametrize("kind", EXPLORERS)
def test_every_control_has_a_description_that_is_not_cut(take, kind):
    explorer = take(kind)
    for control in controls(explorer).values():
        assert control.description
        if width := getattr(control.style, "description_width", ""):  # a browser's tests look at it there
            room = float(width.removesuffix("px"))
            assert TextPath((0, 0), control.description, size=13).get_extents().width < room - 4
    for box in explorer.typed.values():
        assert box.tooltip


@pytest.mark.parametrize("kind", first_or_all(EXPLORERS))
def test_a_constructor_displays_nothing_and_close_leaves_no_widget_behind(kind, capsys):
    before = set(_instances)
    explorer = kind()
    assert len(set(_instances) - before) > 10
    explorer.close()
    assert set(_instances) - before == set()
    assert capsys.readouterr().out == ""


def test_two_explorers_do_not_disturb_each_other(take):
    one, other = LossExplorer(), take(LossExplorer)
    before = other.picture.pixels.copy()
    one.w.value = 1
    assert np.array_equal(other.picture.pixels, before)
    assert other.w.value == 0
    one.close()


def test_no_module_uses_pyplot_or_an_output_widget():
    for path in Path(base.__file__).parent.glob("*.py"):
        assert not re.search(r"pyplot|interact\(|interactive|Output\(", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    ("kind", "name", "typed", "place", "next_place"),
    [
        (LossExplorer, "w", 0.123, 0.1, 0.15),
        (LearningRateExplorer, "eta", 0.25, 10**-0.6, 10**-0.59),
        (LearningRateExplorer, "eta", 0.0123, 10**-1.91, 10**-1.9),
    ],
)
def test_a_typed_value_stays_exact_though_the_page_puts_the_handle_at_a_place(
    take, kind, name, typed, place, next_place
):
    explorer = take(kind)
    slider = getattr(explorer, name)
    explorer.typed[slider].value = str(typed)
    slider.set_state({"value": place})  # as the page tells where the handle is
    assert slider.value == typed
    assert explorer.typed[slider].value == str(typed)
    slider.set_state({"value": next_place})
    assert slider.value == next_place
    slider.set_state({"value": place})
    assert slider.value == place
    slider.value = typed  # Python may put it anywhere
    assert slider.value == typed


@pytest.mark.parametrize("kind", [ConceptExplorer, LossExplorer, WorkedExampleExplorer])
def test_a_late_tick_of_the_player_does_not_undo_a_reset(take, kind):
    explorer = take(kind)
    explorer.play.set_state({"playing": True})
    explorer.play.set_state({"value": explorer.k.value + 2})
    late = explorer.k.value + 1
    explorer.reset.click()
    explorer.play.set_state({"value": late})
    assert explorer.k.value == explorer.play.value == 0
    explorer.play.set_state({"playing": True})
    explorer.play.set_state({"value": 1})
    assert explorer.k.value == 1
    explorer.reset.click()


def test_a_move_in_another_thread_is_drawn_after_the_one_under_way(take):
    """JupyterLab hands a player's ticks and a button's click to two threads."""
    explorer = take(ConceptExplorer)
    drawing, go_on, draw = threading.Event(), threading.Event(), explorer.layer_artists

    def slow_layer():
        artists = draw()
        drawing.set()
        assert go_on.wait(10)
        return artists

    explorer.layer_artists = slow_layer
    try:
        tick = threading.Thread(target=lambda: setattr(explorer.k, "value", 9))
        tick.start()
        assert drawing.wait(10)
        click = threading.Thread(target=explorer.reset.click)
        click.start()
        click.join(0.2)
        assert click.is_alive()  # it waits for its turn
        go_on.set()
        tick.join(10)
        click.join(10)
    finally:
        go_on.set()
        del explorer.layer_artists
    assert explorer.k.value == explorer.play.value == 0
    assert "at the start" in explorer.reading


def test_an_explorer_must_say_what_it_draws_and_reads():
    class Reading(Explorer):
        def reading_text(self):
            return "nothing yet"

    class Drawn(Explorer):
        def layer_artists(self):
            return []

    for kind in (Reading, Drawn):
        with pytest.raises(NotImplementedError):
            kind(plt.Figure(), [])


def test_every_explorer_is_found_by_its_name():
    assert {name: kind.__module__ for name, kind in explorers().items()} == {
        "classification": "gdlib.explore.classification",
        "concept": "gdlib.explore.concept",
        "derivation": "gdlib.explore.derivation",
        "worked-example": "gdlib.explore.example",
        "loss": "gdlib.explore.loss",
        "learning-rate": "gdlib.explore.rate",
        "network": "gdlib.explore.network",
    }
    assert all(issubclass(kind, Explorer) for kind in explorers().values())
    titles = [kind.__name__ for kind in explorers().values()]
    shown = [next(each for each in titles if f"{each}()" in path.read_text("utf-8")) for path in lectures()]
    assert shown == titles  # in the order of the course


def test_a_fine_screen_gets_a_fine_picture(take):
    explorer = take(WorkedExampleExplorer)
    (access,) = explorer.view.children[-1].children
    once, reading = explorer.picture.pixels.copy(), explorer.reading
    access.ratio = 2
    assert explorer.picture.pixels.shape == (2 * once.shape[0], 2 * once.shape[1], 4)
    assert f' width="{once.shape[1]}" ' in explorer.picture.widget.value
    explorer.k.value = 2
    assert explorer.picture.pixels.shape[0] == 2 * once.shape[0]
    explorer.k.value = 1
    access.ratio = 1
    assert np.array_equal(explorer.picture.pixels, once)
    assert explorer.reading == reading


def test_a_turn_puts_its_control_from_each_value_to_another():
    control = base.slider(widgets.IntSlider, "layers", 0, 0, 2)
    turn = base.Turn("round", control, (1, 2, 0))
    seen = []
    for _ in range(4):
        turn.click()
        seen.append(control.value)
    assert seen == [1, 2, 0, 1]


def test_places_are_a_step_apart():
    assert base.places(-1, 1, 0.5) == [-1, -0.5, 0, 0.5, 1]
    assert base.places(0, 0.3, 0.1) == [0, 0.1, 0.2, 0.3]


@pytest.mark.parametrize("kind", EXPLORERS)
def test_what_a_page_holds_is_named_by_controls_and_lies_within_them(kind, take):
    explorer = take(kind)
    for entry in kind.shipped:
        for name, values in entry.items():
            control = controls(explorer)[name]
            low, high = ends(control) if not isinstance(control, widgets.Dropdown | widgets.Checkbox) else (None, None)
            assert all(value in control.options for value in values) if hasattr(control, "options") else True
            assert low is None or all(low <= value <= high for value in values)
    assert explorer.edges().keys() <= {"eta", "value"}
