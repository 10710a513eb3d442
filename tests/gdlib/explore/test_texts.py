"""Writing in the explorers' pictures: at no setting does it leave the figure, is cut off, or lie on other writing.

What is drawn is asked of matplotlib's own renderer: each text that it draws is noted, with its box in pixels.
"""

from itertools import combinations, product

import ipywidgets as widgets
import pytest
from explorers import EXPLORERS, buttons, controls, ends
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from gdlib.explore.loss import LossExplorer
from gdlib.figures.look import course_look

SLACK = 2  # pixels: boxes have a margin that letters do not fill


def writing(explorer):
    """Return (words, box in pixels, box that cuts) of all that an explorer's picture has written, a legend as one."""
    with course_look(), pytest.MonkeyPatch.context() as patch:
        drawn, draw, canvas = [], Text.draw, explorer.picture._canvas

        def noted(text, renderer):
            if text.get_visible() and text.get_text().strip():
                drawn.append(text)
            draw(text, renderer)

        patch.setattr(Text, "draw", noted)
        layer = explorer.layer_artists()
        canvas.draw()
        renderer = canvas.get_renderer()
        legends = explorer.picture.figure.findobj(Legend)
        inside = {id(text) for legend in legends for text in legend.findobj(Text)}
        boxes = [(each.get_text(), whole_box(each, renderer), cutter(each)) for each in drawn if id(each) not in inside]
        boxes += [("legend", each.get_window_extent(renderer), None) for each in legends]
        for artist in layer:
            artist.remove()
    return boxes


def whole_box(text, renderer):
    """Return the box of a text, that of the frame around it if there is one; without lines left empty for a value."""
    around, (words, lines) = text.get_bbox_patch(), (text.get_text().rstrip("\n"), text.get_text().count("\n") + 1)
    empty = lines - words.count("\n") - 1
    box = around.get_window_extent(renderer) if around and not empty else Text.get_window_extent(text, renderer)
    return Bbox([(box.x0, box.y0 + box.height * empty / lines), (box.x1, box.y1)])


def cutter(text):
    """Return the box that a text is cut off at, None if there is none."""
    if not text.get_clip_on():
        return None
    path = text.get_clip_path()
    return path.get_fully_transformed_path().get_extents() if path and path[0] is None else text.get_clip_box()


def complaints(explorer):
    """Return what is wrong with the writing in an explorer's picture."""
    boxes, figure, found = writing(explorer), explorer.picture.figure.bbox, []
    for words, box, frame in boxes:
        if not lies_in(box, figure):
            found.append(f"{words!r} leaves the figure")
        if frame is not None and not lies_in(box, frame):
            found.append(f"{words!r} is cut off by its axes")
    for (words, box, _), (others, other, _) in combinations(boxes, 2):
        both = Bbox.intersection(box, other)
        if both is not None and both.width > SLACK and both.height > SLACK:
            found.append(f"{words!r} lies on {others!r}")
    return found


def lies_in(box, frame):
    """Return whether a box lies in another, give or take a pixel or two."""
    return bool((box.min > frame.min - SLACK).all() and (box.max < frame.max + SLACK).all())


def put(explorer, values):
    """Set controls by their names."""
    for name, value in values.items():
        getattr(explorer, name).value = value


@pytest.mark.parametrize("kind", EXPLORERS)
def test_no_writing_is_cut_or_covered_as_it_is_made(take, kind):
    assert complaints(take(kind)) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", EXPLORERS)
def test_no_writing_is_cut_or_covered_at_each_end(take, kind):
    explorer, found = take(kind), {}
    for name, control in controls(explorer).items():
        before = {each: hand.value for each, hand in controls(explorer).items()}
        for value in ends(control):
            control.value = value
            found[f"{name} = {value}"] = complaints(explorer)
        put(explorer, before)
    for name, button in buttons(explorer).items():
        button.click()
        found[name] = complaints(explorer)
    assert {where: each for where, each in found.items() if each} == {}


@pytest.mark.long
@pytest.mark.parametrize("kind", EXPLORERS)
def test_no_writing_is_cut_or_covered_anywhere(take, kind):
    """Every choice with every end of the sliders, places between them, and the last step."""
    explorer, found = take(kind), {}
    hands = controls(explorer)
    for values in product(*map(places, hands.values())):
        settings = dict(zip(hands, values, strict=True))
        put(explorer, settings)
        if wrong := complaints(explorer):
            found[str(settings)] = wrong
    assert found == {}


def places(control):
    """Return the ends of a control and, of a slider, two places between them."""
    if not hasattr(control, "max"):
        return ends(control)
    low, high = control.min, control.max
    between = [low + part * (high - low) for part in (0.31, 0.6)]
    if isinstance(control, widgets.IntSlider):
        return [low, *map(round, between), high]
    return [control.base**each for each in (low, *between, high)] if hasattr(control, "base") else [low, *between, high]


def test_what_is_wrong_is_seen(take, monkeypatch):
    explorer = take(LossExplorer)
    assert complaints(explorer) == []
    layer = explorer.layer_artists

    def spoilt(x, y, **look):
        text = Text(x, y, "a word", transform=explorer.right.transAxes, **look)
        monkeypatch.setattr(explorer, "layer_artists", lambda: [*layer(), explorer.right.add_artist(text)])
        return complaints(explorer)

    assert spoilt(0.6, 0.5, clip_on=False) == []
    assert spoilt(0.95, 0.5) == ["'a word' is cut off by its axes"]
    assert spoilt(1.3, 0.5, clip_on=False) == ["'a word' leaves the figure"]
    assert spoilt(0.4, 1.05, clip_on=False) == ["'a word' lies on 'Mean loss L'"]
