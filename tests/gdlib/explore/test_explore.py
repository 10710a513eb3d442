import gc
import re
import threading
import weakref
from fractions import Fraction
from html import unescape

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.textpath import TextPath

from gdlib import explore
from gdlib.curvature import REGIMES, regime, round_limit, round_radius, stability_limit
from gdlib.data import narrow_valley, six_points, worked_example
from gdlib.descent import descend
from gdlib.explore import (
    ConceptExplorer,
    DerivationExplorer,
    LearningRateExplorer,
    LossExplorer,
    WorkedExampleExplorer,
    batch_rate_in_words,
    change_in_words,
    concept_reading,
    digits_apart,
    loss_in_words,
    loss_reading,
    rate_problem,
    round_rate_in_words,
    say,
    update_in_words,
    worked_reading,
)
from gdlib.linear import LinearRegression
from gdlib.problem import parabola, plateau, two_minima

EXPLORERS = [ConceptExplorer, LossExplorer, DerivationExplorer, WorkedExampleExplorer, LearningRateExplorer]
GROUND = 10  # layers lie on the ground, also where their zorder is lower
ROWS = LinearRegression(*worked_example())
VALLEY = LinearRegression(*narrow_valley())


def controls(explorer):
    """Return {attribute: control} of all that has a value."""
    kinds = (widgets.FloatSlider, widgets.FloatLogSlider, widgets.IntSlider, widgets.Dropdown, widgets.Checkbox)
    return {name: each for name, each in vars(explorer).items() if isinstance(each, kinds)}


@pytest.fixture(scope="module")
def built():
    """One explorer of each kind, and the values of its controls."""
    explorers = {kind: kind() for kind in EXPLORERS}
    yield {kind: (each, {c: c.value for c in controls(each).values()}) for kind, each in explorers.items()}
    for explorer in explorers.values():
        explorer.close()


@pytest.fixture
def take(built):
    """Return a function that gives the explorer of a kind, as it was when it was made."""
    taken = []

    def taker(kind):
        explorer, values = built[kind]
        taken.append((explorer, values))
        return explorer

    yield taker
    for _, values in taken:
        for control, value in values.items():
            control.value = value


def numbers(text):
    """Return the numbers of a reading as floats."""
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    return [
        float(mantissa.replace("−", "-")) * 10.0 ** int(power.translate(raised) or 0)
        for mantissa, power in re.findall(r"(−?\d+(?:\.\d+)?)(?:·10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?", text)
    ]


def plain(html):
    """Return the text of an HTML widget."""
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", html.value)))


def alt(explorer):
    """Return the alt text that a browser would give."""
    return unescape(re.search(r'alt="([^"]*)"', explorer.picture.widget.value)[1])


# ---- numbers and changes in words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.1, "0.1"), (-0.25, "−0.25"), (-0.0, "0"), (1.5e-7, "1.5·10⁻⁷"), (-2e30, "−2·10³⁰"), (1234567, "1.235·10⁶")],
)
def test_say(number, text):
    assert say(number) == text


def test_different_numbers_look_different():
    assert digits_apart(0.1, 0.2) == 4
    assert digits_apart(1.0, 1.0) == 4
    for gap in (1e-3, 1e-7, 1e-12, 2.3e-16):
        digits = digits_apart(1.0, 1 + gap)
        assert say(1.0, digits) != say(1 + gap, digits)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (0.64, 0.2, "falls from 0.64 to 0.2"),
        (-1, 2, "rises from −1 to 2"),
        (0.5, 0.5, "stays at 0.5"),
        (1.00001, 1.00002, "rises from 1.00001 to 1.00002"),
        (0.5, 1e-30, "falls from 0.5 to practically 0"),
        (1e-30, 1e-40, "stays at practically 0"),
        (0.3, 0.3 + 1e-16, "stays at 0.3"),
    ],
)
def test_change_in_words(before, after, words):
    assert change_in_words(before, after, least=1e-20) == words


# ---- readings agree with runs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [0, 0.01, 0.5, 0.99999, 1, 1.05, 1.5, 1.99999, 2, 2.00001, 2.5, 5])
@pytest.mark.parametrize("curvature", [0.3, 1.0, 4.0])
def test_batch_words_tell_what_the_distance_does(z, curvature):
    theta = descend(parabola(curvature), 2.0, z / curvature, 60).parameters[:, 0]
    words = batch_rate_in_words(z / curvature, curvature)
    assert words.split(":")[0] == regime(z / curvature, curvature)
    flips, ratio = (theta[1:] * theta[:-1] < 0).all(), abs(theta[-1] / theta[0])
    assert ("sign flips" in words) == flips
    assert ("distance stays" in words) == (flips and ratio == pytest.approx(1))
    assert ("distance grows" in words) == (ratio > 1 + 1e-9)
    assert ("closer" in words or "still converges" in words or "one step" in words) == (ratio < 1 - 1e-9)
    if "factor" in words:
        assert numbers(words)[-1] == pytest.approx(1 - z, rel=1e-2)
        assert (abs(numbers(words)[-1]) == 1) == ("distance stays" in words)


@pytest.mark.parametrize("problem", [ROWS, rate_problem("two rows", True), VALLEY, rate_problem("narrow valley", True)])
@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.97, 1, 1.03, 2])
def test_round_words_tell_what_the_loss_does_in_the_long_run(problem, part):
    eta = part * round_limit(problem)
    run = descend(problem, np.zeros(len(problem.names)), eta, 400 * len(problem), order="one by one")
    words, theta = round_rate_in_words(problem, eta), run.parameters
    n, grew = len(problem), run.losses[-1] / run.losses[0]
    assert not any(word in words for word in ("overshoots", "glides", "lands", "bounces"))
    assert words.startswith("stays") == (theta == theta[0]).all() == (part == 0)
    assert words.startswith("at the limit") == (part == 1)
    assert words.startswith("diverges") == (part > 1) == (part != 1 and grew > 1e3)
    assert words.startswith("converges") == (part != 1 and grew < 1e-8)
    if words.startswith("settles"):
        late = theta[-3 * n :]
        assert np.allclose(late[n:], late[:-n], atol=1e-2)
        assert np.ptp(late, axis=0).max() > 1e-3
        assert problem.loss(problem.minimizer()) > 0.01
    if "factor" in words:
        assert numbers(words)[-1] == pytest.approx(float(round_radius(problem, eta)), rel=1e-2)


def test_loss_in_words():
    assert loss_in_words(descend(ROWS, np.zeros(3), 0, 7)) == "in 7 steps the loss stays at 0.445"
    assert loss_in_words(descend(ROWS, np.zeros(3), 0.1, 1)) == "in 1 step the loss falls from 0.445 to 0.2365"
    blown = descend(ROWS, np.zeros(3), 1e6, 100)
    assert loss_in_words(blown) == f"after step {len(blown)} the numbers are too large for a computer"
    assert blown.diverged


@pytest.mark.parametrize(
    ("curve", "start", "eta", "words"),
    [
        (parabola(), 2.5, 0, "stays: η = 0"),
        (parabola(), 0, 0.5, "stays: at the start θ₀ = 0 the slope is 0"),
        (parabola(), -2, 1, "lands"),
        (parabola(), 2, 2, "bounces"),
        (two_minima(), 2.5, 0, "stays: η = 0"),
        (two_minima(), 3, 2.5, "diverges: after step 5 "),
        (two_minima(), 0.5, 0.3, "goes one way all the time; 20 steps end at θ = 1.9"),
        (two_minima(), -0.5, 0.3, "goes one way all the time; 20 steps end at θ = −2.0"),
        (two_minima(), 2.5, 0.7, "turns round"),
        (plateau(), 0, 1, "stays: at the start"),
        (plateau(), 3, 0.1, "goes one way all the time"),
    ],
)
def test_concept_reading(curve, start, eta, words):
    run = descend(curve, start, eta, 20)
    curvature = 1.0 if curve.name == "parabola" else None
    assert concept_reading(run, 0, curvature).startswith(words)
    assert concept_reading(run, len(run), curvature).startswith(words)


def test_concept_reading_tells_the_way_and_the_step():
    run = descend(two_minima(), 3, 1.0, 30)
    theta, words = run.parameters[:, 0], concept_reading(run, 4)
    first = next(k for k in range(2, 31) if (theta[k] - theta[k - 1]) * (theta[1] - theta[0]) < 0)
    assert f"for the first time at step {first};" in words or (first == 2 and "at every step" in words)
    assert numbers(words)[-4:] == pytest.approx([*theta[3:5], *run.losses[3:5]], rel=1e-3)
    assert "downhill is to the left" in concept_reading(run, 0)
    assert "downhill is to the right" in concept_reading(descend(two_minima(), -3, 1.0, 3), 0)


def test_update_is_true_arithmetic():
    exact = 0
    for curve in (parabola(), two_minima(), plateau()):
        for eta in (0, 0.01, 0.3, 0.5, 1, 2.5):
            run = descend(curve, 2.5, eta, 30)
            for k in range(1, len(run) + 1):
                words = update_in_words(run, k)
                relations = re.findall(r"[=≈]", words)
                values = re.sub(r"θ[₀-₉]+", "", words.split("L′(")[1])  # what stands behind the symbols
                before, rate, slope, after = numbers(values.replace(" − ", " | "))
                assert [before, after] == pytest.approx(run.parameters[k - 1 : k + 1, 0], rel=1e-5)
                assert before - rate * slope == pytest.approx(after, rel=1e-4, abs=1e-5 * abs(before))
                assert (before == after) == (run.parameters[k - 1, 0] == run.parameters[k, 0])
                assert relations[0] == "="
                if relations[-1] == "=" and "10" not in values:
                    texts = re.findall(r"−?\d+(?:\.\d+)?", values.replace(" − ", " | "))
                    a, b, c, d = (Fraction(text.replace("−", "-")) for text in texts)
                    assert a - b * c == d
                    exact += 1
    assert exact > 30
    assert update_in_words(descend(parabola(), 2.5, 0.3, 3), 0) == "θ₀ = 2.5"
    assert update_in_words(descend(parabola(), 2.5, 0.3, 3), 1) == "θ₁ = θ₀ − η·L′(θ₀) = 2.5 − 0.3·2.5 = 1.75"
    assert update_in_words(descend(parabola(), -2.5, 1.5, 3), 1).endswith("= −2.5 − 1.5·(−2.5) = 1.25")


def test_loss_reading():
    problem = LinearRegression(*six_points())
    best = problem.minimizer()
    assert "this is the best fit" in loss_reading(problem, best)
    for shift in ([0.5, 0], [-0.5, 0], [0, 0.3], [0.2, -1]):
        theta = best + shift
        words, loss = loss_reading(problem, theta), problem.loss(theta)
        assert numbers(words)[0] == pytest.approx(loss, rel=1e-3)
        assert numbers(words)[1] == pytest.approx(loss - problem.loss(best), rel=1e-3)
        w, b = problem.gradient(theta)
        for name, slope in (("w", w), ("b", b)):
            assert re.search(f"{'lower' if slope > 0 else 'raise'} (w, )?{name}", words)


def test_worked_reading():
    run = descend(ROWS, np.zeros(3), 0.1, 10, order="one by one")
    start = "start at w₁ = w₂ = b = 0, where the loss over all rows is 0.445; converges"
    assert worked_reading(run, 0).startswith(start)
    assert worked_reading(run, 1).startswith("step 1 uses row 1; the loss over all rows falls from 0.445 to 0.1867;")
    assert worked_reading(run, 4).startswith("step 4 uses row 2; ")
    assert worked_reading(descend(ROWS, np.zeros(3), 0.1, 3), 2).startswith("step 2 uses all rows; ")


# ---- every control, from end to end ----------------------------------------------------------------------------------


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
    assert len(controls(explorer)) == dict(zip(EXPLORERS, [5, 2, 4, 3, 4], strict=True))[kind]
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


@pytest.mark.parametrize("kind", EXPLORERS)
def test_fast_redraw_equals_a_full_draw(take, kind):
    explorer = take(kind)
    explorer.update()
    fast, figure = explorer.picture.pixels.copy(), explorer.picture.figure
    artists = explorer.layer()
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
    layer, control = explorer.layer, next(iter(explorer.typed))

    def remembered():
        artists = layer()
        seen.extend(map(weakref.ref, artists))
        return artists

    monkeypatch.setattr(explorer, "layer", remembered)
    for value in (0.01, 0.5, 1):
        control.value = value
    monkeypatch.undo()
    gc.collect()
    assert len(seen) > 6
    assert [each() for each in seen if each() is not None] == []


# ---- each explorer ---------------------------------------------------------------------------------------------------


def test_concept_run_is_what_the_controls_say(take):
    explorer = take(ConceptExplorer)
    explorer.curve.value, explorer.start.value, explorer.eta.value, explorer.steps.value = "two minima", -1, 0.4, 12
    expected = descend(two_minima(), -1, 0.4, 12)
    assert np.array_equal(explorer.run.parameters, expected.parameters)
    assert explorer.k.max == explorer.play.max == 12
    assert update_in_words(explorer.run, explorer.k.value) in explorer.details.value
    explorer.curve.value, explorer.eta.value = "parabola", 2.2
    assert explorer.reading.startswith("diverges: the sign flips each step and the distance grows (factor −1.2)")
    explorer.curve.value, explorer.start.value, explorer.eta.value = "two minima", 3, 2.5
    explorer.k.value = 12
    assert explorer.run.diverged
    assert explorer.taken == len(explorer.run) < 12
    assert "too large for a computer" in explorer.reading


def test_fewer_steps_take_the_player_along(take):
    explorer = take(ConceptExplorer)
    explorer.k.value, explorer.steps.value = 20, 7
    assert (explorer.k.value, explorer.k.max, explorer.play.value, explorer.play.max) == (7, 7, 7, 7)
    assert "in step 7 " in explorer.reading


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


def test_loss_explorer_tells_the_loss(take):
    explorer = take(LossExplorer)
    explorer.w.value, explorer.b.value = 0.5, 1
    assert np.array_equal(explorer.theta, [0.5, 1])
    loss = explorer.problem.loss([0.5, 1])
    assert explorer.reading == loss_reading(explorer.problem, np.array([0.5, 1]))
    assert f"L = {say(loss)}" in explorer.details.value
    explorer.w.value, explorer.b.value = explorer.problem.minimizer()
    assert "best fit" in explorer.reading
    assert explorer.run is None


def test_derivation_explorer_tells_the_gradient(take):
    explorer = take(DerivationExplorer)
    explorer.sample.value, explorer.w1.value, explorer.b.value = "2", 0.5, -0.25
    assert np.array_equal(explorer.problem.x, [[0.5, 0.3]])
    start = "sample 2: ŷ = 0 is 0.5 below the target 0.5, L = 0.25; downhill: raise w₁, w₂, b;"
    assert explorer.reading.startswith(start)
    assert explorer.reading.endswith("gradient agree to 8 decimals")
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", explorer.details.value)
    assert cells[0::3] == ["−1·1·1·0.5", "−1·1·1·0.3", "−1·1·1·1"]
    assert cells[1::3] == cells[2::3] == ["−0.50000000", "−0.30000000", "−1.00000000"]
    explorer.b.value = 0.25
    assert "exactly the target 0.5, L = 0; downhill: no direction" in explorer.reading


def test_worked_example_reads_the_article_s_numbers(take):
    explorer = take(WorkedExampleExplorer)
    assert explorer.reading.startswith("step 1 uses row 1;")
    explorer.reset.click()
    assert "Press Step" in explorer.details.value
    explorer.step.click()
    for text in ("= 0.016 ", "= 0.128 ", "= 0.16 ", " 1 1 0.64 0.016 0.128 0.16 "):
        assert text in plain(explorer.details)
    explorer.step.click()
    assert " 2 2 0.086201 0.04536 0.145616 0.21872 1 1 0.64 0.016" in plain(explorer.details)
    explorer.order.value, explorer.k.value = "batch", 1
    assert " 1 1, 2 0.445 0.033 0.079 0.13 " in plain(explorer.details)


def test_worked_example_past_the_limit(take):
    explorer = take(WorkedExampleExplorer)
    for order, limit in (("one by one", round_limit(ROWS)), ("batch", stability_limit(ROWS))):
        explorer.order.value, explorer.k.value = order, 100
        explorer.eta.value = limit + 0.05
        assert "diverges" in explorer.reading
        assert explorer.details.value.count("<tr>") > 100
        explorer.eta.value = limit - 0.05
        assert "converges" in explorer.reading
        explorer.eta.value = 0
        assert "stays" in explorer.reading
        assert explorer.run.losses[-1] == explorer.run.losses[0]


def test_presets_do_what_they_are_called(take):
    explorer = take(LearningRateExplorer)
    batch = ["glides:", "lands:", "overshoots:", "bounces:", "diverges:"]
    assert list(explorer.presets) == ["too small", "good", "overshooting", "bouncing", "diverging"]
    for rows, scaled in [("two rows", False), ("narrow valley", True)]:
        explorer.data.value, explorer.scaled.value, explorer.order.value = rows, scaled, "batch"
        assert [press(explorer, name) for name in explorer.presets] == batch
        explorer.order.value = "one by one"
        below = "converges:" if rows == "two rows" else "settles"
        assert [press(explorer, name) for name in explorer.presets] == [below, below, below, "at", "diverges:"]
    assert [button.description for button in explorer.presets.values()][2:4] == ["below the limit", "at the limit"]
    explorer.order.value = "batch"
    assert [button.description for button in explorer.presets.values()] == list(explorer.presets)


def press(explorer, name):
    """Press a preset, see that its rate is shown and used, and return the reading's first word."""
    explorer.presets[name].click()
    assert explorer.run.eta == explorer.eta.value
    assert explorer.typed[explorer.eta].value == say(explorer.eta.value, 6)
    return explorer.reading.split()[0]


def test_learning_rate_run_is_what_the_controls_say(take):
    explorer = take(LearningRateExplorer)
    explorer.data.value, explorer.order.value, explorer.eta.value = "narrow valley", "one by one", 0.02
    expected = descend(VALLEY, [0, 0], 0.02, 50, order="one by one")
    assert np.array_equal(explorer.run.parameters, expected.parameters)
    assert explorer.reading == f"{round_rate_in_words(VALLEY, 0.02)}; {loss_in_words(expected)}"
    assert not any(word in explorer.reading for word in REGIMES if word not in ("stays", "diverges"))
    explorer.eta.value = 10
    assert "diverges" in explorer.reading


# ---- typed values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", EXPLORERS)
def test_typed_values_are_taken(take, kind):
    explorer = take(kind)
    for slider, box in explorer.typed.items():
        low, high = (10**slider.min, 10**slider.max) if "Log" in type(slider).__name__ else (slider.min, slider.max)
        for value in (high, low):
            box.value = f" {value:g} "
            assert slider.value == pytest.approx(value)
            assert box.value == say(value, 6)
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


def test_typed_zero_is_off_the_log_slider(take):
    explorer = take(LearningRateExplorer)
    explorer.typed[explorer.eta].value = "0"
    assert unescape(explorer.message.value) == "<b>“0” is not from 0.001 to 10; learning rate η stays at 0.1.</b>"


# ---- what all of them have in common ---------------------------------------------------------------------------------


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
        patch.setattr(explorer, "read", lambda: 1 / 0)
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


def test_module_uses_no_pyplot_and_no_output_widget():
    with open(explore.__file__, encoding="utf-8") as file:
        source = file.read()
    assert not re.search(r"pyplot|interact\(|interactive|Output\(", source)


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
    drawing, go_on, draw = threading.Event(), threading.Event(), explorer.layer

    def slow_layer():
        artists = draw()
        drawing.set()
        assert go_on.wait(10)
        return artists

    explorer.layer = slow_layer
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
        del explorer.layer
    assert explorer.k.value == explorer.play.value == 0
    assert "at the start" in explorer.reading


def test_an_explorer_must_say_what_it_draws_and_reads():
    class Reading(explore.Explorer):
        def read(self):
            return "nothing yet"

    class Drawn(explore.Explorer):
        def layer(self):
            return []

    for kind in (Reading, Drawn):
        with pytest.raises(NotImplementedError):
            kind(plt.Figure(), [])


def test_the_way_of_a_run_in_words():
    assert explore._way(np.array([0.0, 1.0, 1.5])) == "goes one way all the time"
    assert explore._way(np.array([0.0, 1.0, 0.5, 0.7])) == "turns round at every step"
    assert explore._way(np.array([0.0, 1.0, 2.0, 1.5, 1.7])) == "turns round for the first time at step 3"


def test_at_the_very_minimum_no_arrow_shows_the_way_down(take):
    explorer = take(LossExplorer)
    with_arrow = len(explorer.layer())
    explorer.problem = LinearRegression([0, 1, 2], [1, 2, 3])
    explorer.w.value, explorer.b.value = 1, 1
    assert not explorer.problem.gradient(explorer.theta).any()
    assert len(explorer.layer()) == with_arrow - 1
