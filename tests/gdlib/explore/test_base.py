"""What all explorers have in common: every control from end to end, typed values, errors, threads."""

import gc
import re
import threading
import weakref
from html import unescape
from pathlib import Path

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from explorers import EXPLORERS, alt, controls
from ipywidgets.widgets.widget import _instances
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.textpath import TextPath

from gdlib._formatting import number
from gdlib.explore import base, explorers
from gdlib.explore.base import Explorer
from gdlib.explore.concept import ConceptExplorer
from gdlib.explore.derivation import DerivationExplorer
from gdlib.explore.example import WorkedExampleExplorer
from gdlib.explore.loss import LossExplorer
from gdlib.explore.rate import LearningRateExplorer
from gdlib.figures.look import course_look

GROUND = 10  # layers lie on the ground, also where their zorder is lower

HOW_MANY = {  # controls
    ConceptExplorer: 5,
    LossExplorer: 2,
    DerivationExplorer: 4,
    WorkedExampleExplorer: 3,
    LearningRateExplorer: 4,
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


@pytest.mark.parametrize("kind", EXPLORERS)
def test_every_control_from_least_to_greatest(take, kind):
    explorer = take(kind)
    assert len(controls(explorer)) == HOW_MANY[kind]
    for name, control in controls(explorer).items():
        default = control.value
        seen = set()
        for value in places(control):
            control.value = value
            seen.add((explorer.picture.pixels.tobytes(), explorer.reading, len(explorer.run or ())))
            assert alt(explorer) == explorer.reading
            assert explorer.reading in unescape(explorer._words.value)
            assert not re.search(r"\b(nan|inf|None)\b", explorer.reading + explorer.details.value)
        control.value = default
        assert len(seen) > 1, name
    assert plt.get_fignums() == []


@pytest.mark.parametrize("kind", EXPLORERS)
def test_same_values_give_the_same_picture_and_words(take, kind):
    explorer = take(kind)
    first = explorer.picture.pixels.copy(), explorer.reading, explorer.details.value
    for control in controls(explorer).values():
        default = control.value
        control.value = places(control)[1]
        control.value = default
    assert (explorer.reading, explorer.details.value) == first[1:]
    assert np.array_equal(explorer.picture.pixels, first[0])


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


@pytest.mark.parametrize("kind", EXPLORERS)
def test_no_artist_outlives_its_picture(take, kind, monkeypatch):
    explorer, seen = take(kind), []
    layer, control = explorer.layer_artists, next(iter(explorer.typed))

    def remembered():
        artists = layer()
        seen.extend(map(weakref.ref, artists))
        return artists

    monkeypatch.setattr(explorer, "layer_artists", remembered)
    for value in (0.01, 0.5, 1):
        control.value = value
    monkeypatch.undo()
    gc.collect()
    assert len(seen) > 6
    assert [each() for each in seen if each() is not None] == []


@pytest.mark.parametrize("kind", [ConceptExplorer, WorkedExampleExplorer])
def test_play_step_and_reset(take, kind):
    explorer = take(kind)
    explorer.reset.click()
    assert explorer.k.value == explorer.play.value == 0
    assert "start" in explorer.reading
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


NONSENSE = ["abc", "", "nan", "inf", "1e999", "-5000", "1,5", "0x10", "<img src=x onerror=alert(1)>", "1" * 500]


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
            assert sentence.startswith(f"“{text[:20]}” is not ")
            assert sentence.endswith(f"; {slider.description} stays at {box.value}.")
        slider.value = 1 if slider.value != 1 else 0
        assert explorer.message.value == ""


def test_typed_minus_sign_and_whole_numbers(take):
    explorer = take(ConceptExplorer)
    explorer.typed[explorer.start].value = "−1.5"
    assert explorer.start.value == -1.5
    explorer.typed[explorer.steps].value = "2.5"
    assert "“2.5” is not a whole number; number of steps stays at 20." in explorer.message.value
    explorer.typed[explorer.steps].value = "20"
    explorer.typed[explorer.eta].value = "2"
    assert explorer.reading.startswith("bounces")
    assert explorer.message.value == ""


@pytest.mark.parametrize("kind", EXPLORERS)
def test_bundle_for_front_ends(take, kind):
    explorer = take(kind)
    bundle, metadata = explorer._repr_mimebundle_(include=None, exclude=None)
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.view.model_id
    assert bundle["text/plain"] == repr(explorer) == f"{explorer.name}: {explorer.reading}"
    assert metadata["image/png"]["alt"] == explorer.reading
    assert bundle["image/png"].startswith("iVBOR")
    assert explorer.view.model_id not in bundle["text/plain"]


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


@pytest.mark.parametrize("kind", EXPLORERS)
def test_close_leaves_no_widget_behind(kind):
    before = set(_instances)
    explorer = kind()
    assert len(set(_instances) - before) > 10
    explorer.close()
    assert set(_instances) - before == set()


def test_nothing_is_displayed_by_a_constructor(capsys):
    explorer = LossExplorer()
    explorer.close()
    assert capsys.readouterr().out == ""


def test_two_explorers_do_not_disturb_each_other():
    one, other = LossExplorer(), LossExplorer()
    before = other.picture.pixels.copy()
    one.w.value = 1
    assert np.array_equal(other.picture.pixels, before)
    assert other.w.value == 0
    for explorer in (one, other):
        explorer.close()


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


@pytest.mark.parametrize("kind", [ConceptExplorer, WorkedExampleExplorer])
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


@pytest.mark.parametrize("kind", EXPLORERS)
def test_a_picture_does_not_hang_on_what_was_shown_before(kind):
    explorer, fresh = kind(), kind()
    for control in controls(explorer).values():
        before = control.value
        if isinstance(control, widgets.Dropdown):
            control.value = control.options[-1]
        elif isinstance(control, widgets.Checkbox):
            control.value = not before
        control.value = before
    assert (explorer.picture.pixels == fresh.picture.pixels).all()
    explorer.close()
    fresh.close()


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
        "concept": "gdlib.explore.concept",
        "derivation": "gdlib.explore.derivation",
        "worked-example": "gdlib.explore.example",
        "loss": "gdlib.explore.loss",
        "learning-rate": "gdlib.explore.rate",
    }
    assert all(issubclass(kind, Explorer) for kind in explorers().values())
