"""The course's look against a reader's settings: nothing shows through, all is legible, and the words stay the same."""

import logging
import warnings
from base64 import b64decode
from contextlib import contextmanager
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
import pytest
from cycler import cycler
from explorers import EXPLORERS
from matplotlib import rc_context, rcParams, style
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from shared import session

import gdlib
from gdlib import data, plots
from gdlib.descent import descend
from gdlib.explore.concept import ConceptExplorer
from gdlib.figures._text import plain_text
from gdlib.figures.describe import describe
from gdlib.figures.extension import figure_bundle
from gdlib.figures.image import small_png
from gdlib.figures.look import LOOK, course_look, fonts_for, mend_fonts
from gdlib.figures.summarise import summarise
from gdlib.graph import graph
from gdlib.linear import LinearRegression
from gdlib.problem import parabola

CHINESE = "WenQuanYi Micro Hei"
needs_chinese = pytest.mark.skipif(
    CHINESE not in {font.name for font in fontManager.ttflist}, reason=f"the font {CHINESE} is not installed"
)
SETTINGS = {
    **{name: style.library[name] for name in ("dark_background", "ggplot", "grayscale", "seaborn-v0_8-darkgrid")},
    "usetex": {"text.usetex": True},
    "cycle": {"axes.prop_cycle": cycler("linewidth", [1, 5])},
    "pale": {"axes.prop_cycle": cycler("color", ["#FFFFE0", "#F0FFFF"])},
    "large": {"font.size": 30, "axes.titlesize": 40},
    "transparent": {"savefig.facecolor": "none", "figure.facecolor": "none", "axes.facecolor": "none"},
    "black figure": {"figure.facecolor": "black"},
    "hyphens": {"axes.unicode_minus": False},
    "unknown font": {"font.family": ["No Such Font"]},
    "unknown list": {"font.sans-serif": ["No Such Font"], "font.family": ["sans-serif"]},
}
TWO_ROWS, SIX = LinearRegression(*data.worked_example()), LinearRegression(*data.six_points())
PLANE = plots.plane_of(TWO_ROWS)
RUNS = [descend(TWO_ROWS, np.zeros(3), eta, 12) for eta in (0.1, 1.5)]


@contextmanager
def loaded(before=(), after=()):
    """Load the extension where a reader has settings before, and make others afterwards; nothing may complain."""
    shell, complaints = session(), []
    hear = logging.Handler(logging.WARNING)
    hear.emit = complaints.append
    with rc_context(dict(before)), warnings.catch_warnings():
        warnings.filterwarnings("error", module=r"(matplotlib|gdlib)\b")
        warnings.filterwarnings("error", "Glyph", UserWarning)
        # Not ours: an old matplotlib calls a new pyparsing by names that it had before.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        logging.getLogger("matplotlib").addHandler(hear)
        gdlib.load_ipython_extension(shell)
        try:
            rcParams.update(dict(after))
            yield shell
        finally:
            logging.getLogger("matplotlib").removeHandler(hear)
            gdlib.unload_ipython_extension(shell)
            plt.close("all")
    assert [record.getMessage() for record in complaints] == []


def held():
    return {key: rcParams[key] for key in LOOK}


def all_held():
    return held() | {"font.sans-serif": list(rcParams["font.sans-serif"])}


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def contrast(one, other):
    """Return the contrast of two colours. Source: Web Content Accessibility Guidelines 2.2."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def laid(*layers):
    """Return the colour of layers, the lowest first, on white."""
    colour = np.ones(3)
    for layer in layers:
        *rgb, opacity = to_rgba(layer)
        colour = opacity * np.array(rgb) + (1 - opacity) * colour
    return tuple(colour)


def backs(ax):
    """Return the colours behind what is around an Axes, and behind what is in it."""
    around = ax.figure.get_facecolor()
    return laid(around), laid(around, ax.get_facecolor()) if ax.axison else laid(around)


def assert_own_words_show(ax):
    """Check that what gdlib writes into an Axes shows on its ground."""
    for text in ax.texts:
        box = text.get_bbox_patch()
        ground = laid(backs(ax)[1], box.get_facecolor()) if box else backs(ax)[1]
        assert contrast(text.get_color(), ground) >= 4.5, text


def assert_frame_shows(ax):
    """Check that title, labels and numbers of an Axes show around it."""
    texts = [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels()]
    for text in texts:
        assert contrast(text.get_color(), backs(ax)[0]) >= 4.5, text


def assert_lines_show(ax):
    """Check that lines, and markers or their edges, show."""
    for line in ax.lines:
        colours = [line.get_color(), line.get_markeredgecolor()]
        assert max(contrast(colour, backs(ax)[1]) for colour in colours) >= 3, line
    for lines in ax.collections:
        if type(lines) is LineCollection:
            assert contrast(lines.get_colors()[0], backs(ax)[1]) >= 3, lines


def draw_curve(ax):
    plots.curve(ax, parabola(), (-3.5, 3.5))
    plots.steps_on_curve(ax, parabola(), descend(parabola(), 2.5, 1.5, 5))
    plots.tangent(ax, parabola(), -3)


def draw_fit(ax):
    plots.data(ax, SIX)
    plots.fit(ax, SIX, (0.2, 3))


def draw_contours(ax):
    plots.contours(ax, TWO_ROWS, PLANE)
    for run in RUNS:
        plots.path(ax, run, PLANE, label=f"η = {run.eta:g}")


def draw_losses(ax):
    plots.loss_axes(ax, steps=12, lowest=1e-6, highest=10)
    for run in RUNS:
        plots.losses(ax, run)


def draw_ruler(ax):
    plots.regimes(ax, TWO_ROWS, low=0.05, high=2.0)
    plots.rate_marker(ax, 0.1)
    plots.rate_marker(ax, 3)


def draw_sweep(ax):
    plots.sweep(ax, descend(TWO_ROWS, np.zeros(3), np.geomspace(0.02, 1e40, 9), 20))


def draw_graph(ax):
    graph(ax, TWO_ROWS[0], np.zeros(3))
    ax.set_title("A graph")


DRAWINGS = [draw_curve, draw_fit, draw_contours, draw_losses, draw_ruler, draw_sweep, draw_graph]


def drawn(drawing):
    figure, ax = plt.subplots(figsize=(9, 4.5))
    drawing(ax)
    return figure, ax


# ---- what is set before ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain():
    """The settings that the extension makes for a reader without settings."""
    with rc_context():
        style.use("default")
        with loaded():
            return held() | {"font.family": None}


@pytest.mark.parametrize("name", SETTINGS)
def test_nothing_from_before_shows_through_and_all_of_it_returns(name, plain):
    with rc_context(SETTINGS[name]):
        before = all_held()
        with loaded():
            assert held() | {"font.family": None} == plain
            assert rcParams["font.family"][0] == "DejaVu Sans"
            rcParams.update(style.library["dark_background"])
            rcParams["font.family"].append("Another")
            rcParams["font.sans-serif"].insert(0, "Another")
        assert all_held() == before


def test_what_is_no_look_stays():
    kept = {"animation.ffmpeg_path": "there", "keymap.save": ["q"], "pdf.fonttype": 42, "savefig.format": "svg"}
    with rc_context(kept), loaded():
        assert {key: rcParams[key] for key in kept} == kept
        rcParams["pdf.fonttype"] = 3
    assert not {"backend", "interactive", "timezone", "toolbar", "date.epoch", *kept} & set(LOOK)


def shown(settings):
    """Return what some figures show and say where a reader has settings."""
    with loaded(settings) as shell:
        figures = [drawn(drawing)[0] for drawing in (draw_contours, draw_graph)]
        return [shell.display_formatter.format(figure) for figure in figures]


@pytest.mark.long
def test_figures_are_drawn_as_without_settings():
    plainly = shown({})
    for settings in SETTINGS.values():
        assert shown(settings) == plainly


@pytest.mark.long
@pytest.mark.parametrize("drawing", DRAWINGS)
def test_the_look_itself_is_legible(drawing):
    with loaded():
        ax = drawn(drawing)[1]
        assert_own_words_show(ax)
        assert_frame_shows(ax)
        assert_lines_show(ax)


# ---- what is set afterwards ------------------------------------------------------------------------------------------


def told(drawing):
    """Return what a figure says of itself without settings."""
    with loaded():
        figure, _ = drawn(drawing)
        return describe(figure), summarise(figure)


@pytest.mark.parametrize("drawing", [draw_curve, draw_contours, draw_ruler, draw_graph])
def test_a_dark_style_afterwards_holds_and_gdlib_shows_on_it(drawing):
    words = told(drawing)
    with loaded(after=SETTINGS["dark_background"]):
        figure, ax = drawn(drawing)
        assert figure.get_facecolor() == (0, 0, 0, 1)
        assert (describe(figure), summarise(figure)) == words
        assert_own_words_show(ax)
        assert_frame_shows(ax)
        assert_lines_show(ax)


@pytest.mark.long
@pytest.mark.parametrize("drawing", DRAWINGS)
def test_any_style_afterwards_holds_and_gdlib_shows_on_it(drawing):
    words = told(drawing)
    # Who asks for LaTeX after the load has it; and that a font is unknown, matplotlib says where it measures a text.
    for name in {*SETTINGS} - {"usetex", "unknown font", "unknown list"}:
        with loaded(after=SETTINGS[name]):
            figure, ax = drawn(drawing)
            assert (describe(figure), summarise(figure)) == words, name
            assert_own_words_show(ax)


def test_writing_in_a_picture_keeps_to_its_room():
    with loaded(after=SETTINGS["large"]):
        for drawing, most in ((draw_curve, 14), (draw_ruler, 14), (draw_graph, 13.5)):
            ax = drawn(drawing)[1]
            assert ax.texts
            assert all(text.get_fontsize() <= most for text in ax.texts)


def test_the_paper_is_what_is_seen_behind_an_axes():
    figure = Figure(facecolor="black")
    clear, white, bare = figure.subplots(1, 3)
    clear.set_facecolor("none")
    bare.set_axis_off()
    part = Figure(facecolor="black").subfigures().subplots(subplot_kw={"facecolor": (1, 1, 1, 0.1)})
    for ax, ink in ((clear, "white"), (white, "black"), (bare, "white"), (part, "white")):
        plots.regimes(ax, TWO_ROWS, low=0.05, high=2.0)
        assert {text.get_color() for text in ax.texts} == {ink}


def test_a_transparent_figure_is_shown_on_white():
    for pixel, seen in (((0, 0, 0, 0), 255), ((0, 0, 0, 128), 127), ((0, 0, 0, 255), 0), ((9, 9, 9), 9)):
        picture = plt.imread(BytesIO(small_png(np.full((2, 2, len(pixel)), pixel, np.uint8))))
        assert np.round(255 * picture[..., :3]).tolist() == np.full((2, 2, 3), seen).tolist()


# ---- fonts -----------------------------------------------------------------------------------------------------------

WAYS = {"family": {"font.family": [CHINESE]}, "list": {"font.sans-serif": ["SimHei", CHINESE]}}


def titled(title):
    figure, ax = plt.subplots(figsize=(3, 1.5), layout="none")
    ax.set_title(title, weight="bold")
    ax.set(xticks=[-1, 0], yticks=[], xlabel="wₘₐₓ, ŷ, ∇L")
    return figure


@pytest.mark.long  # .ci/run installs the font before it runs these
@needs_chinese
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("title", [r"梯度下降，$\eta_1$ 与 θ", "梯度下降"])
def test_chinese_letters_are_drawn(way, when, title):
    with loaded(**{when: WAYS[way]}):
        figure = titled(title)
        bundle, _ = figure_bundle(figure)  # a letter that is missing would warn
        assert plain_text(title) in bundle["text/plain"]
        fonts = figure.axes[0].title.get_fontfamily()
        assert set(fonts) >= {CHINESE, "DejaVu Sans"}
        assert fonts[0] == CHINESE or "$" not in title  # words beside mathematics are drawn in the first font alone


@needs_chinese
def test_a_font_from_before_does_not_touch_what_has_no_need_of_it():
    pictures = []
    for settings in ({}, WAYS["family"]):
        with loaded(settings):
            pictures.append(figure_bundle(titled("descent"))[0]["image/png"])
    assert pictures[0] == pictures[1]
    assert len(b64decode(pictures[0])) > 500


@pytest.mark.parametrize("name", ["unknown font", "unknown list"])
def test_a_font_that_is_not_there_is_passed_over(name):
    with loaded(after=SETTINGS[name]):
        figure = titled("descent")
        figure_bundle(figure)
        assert {font for text in figure.findobj(Text) for font in text.get_fontfamily()} == {"DejaVu Sans"}


def test_fonts_are_those_that_are_there():
    with rc_context({"font.serif": ["No Such Font", "DejaVu Serif"]}):
        assert fonts_for(["Nor This", "serif", "dejavu sans mono"]) == [
            *("DejaVu Serif", "dejavu sans mono", "DejaVu Sans")
        ]


# ---- explorers -------------------------------------------------------------------------------------------------------


def moved(kind, settings):
    """Return what an explorer shows and says that is made and moved under settings."""
    with rc_context(), warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        style.use("default")
        rcParams.update(settings)
        before = held()
        explorer = kind()
        for slider, step in zip(explorer.typed, (1, 0.5, 0.3, 2), strict=False):
            slider.value = min(slider.value + step, slider.max)
        seen = explorer.picture.pixels.copy(), explorer.reading, explorer.details.value
        assert held() == before
        explorer.close()
    return seen


def assert_same(one, other):
    assert np.array_equal(one[0], other[0])
    assert one[1:] == other[1:]


def test_an_explorer_has_the_look_of_the_course_whatever_is_set():
    everything = {key: value for settings in SETTINGS.values() for key, value in settings.items()}
    assert_same(moved(ConceptExplorer, everything), moved(ConceptExplorer, LOOK))


@pytest.mark.long
@pytest.mark.parametrize("kind", EXPLORERS)
def test_every_explorer_has_the_look_of_the_course(kind):
    course = moved(kind, LOOK)
    for settings in (SETTINGS["dark_background"], SETTINGS["usetex"] | SETTINGS["large"]):
        assert_same(moved(kind, settings), course)


@pytest.mark.long
@pytest.mark.parametrize("kind", EXPLORERS)
@course_look()
def test_what_an_explorer_shows_is_legible(kind):
    explorer = kind()
    explorer.layer_artists()
    for ax in explorer.picture.figure.axes:
        assert_own_words_show(ax)
        assert_frame_shows(ax)
        assert_lines_show(ax)
    explorer.close()


@course_look()
def fail_in_the_look():
    assert held() == LOOK
    raise ZeroDivisionError


def test_a_look_is_taken_off_after_an_error_too():
    with rc_context(SETTINGS["dark_background"]):
        before = held()
        with pytest.raises(ZeroDivisionError):
            fail_in_the_look()
        assert held() == before


@pytest.mark.parametrize(("words", "first"), [("$x$ and η", "DejaVu Sans"), ("$x$ and eta", "cmr10")])
def test_words_beside_mathematics_take_the_font_that_has_their_letters(words, first):
    figure = Figure()
    text = figure.text(0, 0, words, fontfamily=["cmr10"])  # comes with matplotlib, and has no Greek
    mend_fonts(figure)
    assert text.get_fontfamily()[0] == first
