"""What `import gdlib` costs, what `%load_ext gdlib` does in a real kernel, and the look that it switches on."""

import base64
import subprocess
import sys
import tomllib
from types import SimpleNamespace

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
from matplotlib.colors import to_rgb
from nbclient import NotebookClient
from shared import session

import gdlib
from gdlib._course import ROOT
from gdlib.figures import extension
from gdlib.figures.describe import describe
from gdlib.figures.summarise import summarise

DRAW = 'fig, ax = plt.subplots()\nax.plot([0, 1, 2], [4, 1, 0], label="η = 0.5")\nax.set_title("Falling")\nplt.show()'
WORDS = """\
Axes “Falling”: x from 0 to 2, y from 0 to 4.
Line “η = 0.5”: 3 points, from (0, 4) down to (2, 0); passing (1, 1)."""
SHORT = "Falling. η = 0.5 falls from 4 to 0."


def run(*cells):
    """Return the outputs of each cell, run in a new kernel."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(notebook, timeout=60, shutdown_kernel="immediate").execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.mark.parametrize(("source", "printed"), [("# Predict first.\n1 + 1", " \n"), ("1 + 1", "")])
def test_an_output_that_waits_begins_with_an_empty_line(source, printed, capsys):
    extension._cover(SimpleNamespace(raw_cell=source))
    assert capsys.readouterr().out == printed


def size(png):
    """Return the width and height of a PNG, in base64, from its header."""
    png = base64.b64decode(png)
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def assert_speaks(outputs):
    assert [output.output_type for output in outputs] == ["display_data"]
    assert outputs[0].data["text/plain"] == WORDS
    assert outputs[0].metadata["image/png"]["alt"] == SHORT
    assert set(outputs[0].data) == {"text/plain", "text/html", "image/png"}
    assert f'<img alt="{SHORT}" width="880" ' in outputs[0].data["text/html"]
    assert size(outputs[0].data["image/png"]) == (880, 495)
    assert size(outputs[0].data["text/html"].partition("base64,")[2]) == (1760, 990)


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert gdlib.__version__ == project["version"]


def test_importing_the_package_imports_nothing_heavy():
    look = "import sys; before = set(sys.modules); import gdlib; print(*(set(sys.modules) - before))"
    imported = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()
    assert {name.split(".")[0] for name in imported} - sys.stdlib_module_names == {"gdlib"}
    assert "importlib.metadata" not in imported


@pytest.mark.long
def test_a_notebook_that_loads_the_extension_first():
    load, draw, last, again = run(
        "%load_ext gdlib\nimport matplotlib.pyplot as plt", DRAW, "fig", "%load_ext gdlib\n" + DRAW
    )
    assert load == []
    assert_speaks(draw)
    assert last[0].data["text/plain"] == WORDS
    assert "image/png" in last[0].data
    assert again[0].output_type == "stream"
    assert again[0].name == "stdout"  # IPython says that it is loaded already
    assert_speaks(again[1:])


@pytest.mark.long
def test_a_notebook_that_has_drawn_before():
    _, before, load, draw, empty, bare, unload = run(
        "import matplotlib.pyplot as plt\nfrom matplotlib.figure import Figure",
        DRAW,
        "%load_ext gdlib\n%reload_ext gdlib",
        DRAW,
        "Figure()",
        "fig = Figure()\nfig.subplots()\nfig",
        "%unload_ext gdlib\n" + DRAW,
    )
    assert load == []
    assert_speaks(draw)
    assert empty[0].data == {"text/plain": "An empty figure."}
    assert empty[0].metadata == {}
    assert "It is empty." in bare[0].data["text/plain"]
    assert "image/png" in bare[0].data
    assert unload[0].data["text/plain"] == before[0].data["text/plain"] == "<Figure size 640x480 with 1 Axes>"
    assert unload[0].metadata == {}
    assert size(unload[0].data["image/png"]) != size(draw[0].data["image/png"])


def test_the_extension_in_this_process():
    with matplotlib.rc_context():
        shell = session()
        gdlib.load_ipython_extension(shell)
        fig, ax = plt.subplots()
        ax.plot([0, 1, 2], [4, 1, 0], label="η = 0.5")
        ax.set_title("Falling")
        assert tuple(fig.get_size_inches() * fig.dpi) == (880, 495)
        data, metadata = shell.display_formatter.format(fig)
        assert data["text/plain"] == WORDS
        assert metadata["image/png"]["alt"] == SHORT
        assert shell.display_formatter.format(matplotlib.figure.Figure())[1] == {}
        gdlib.unload_ipython_extension(shell)
        assert shell.display_formatter.format(fig)[0]["text/plain"] == "<Figure size 880x495 with 1 Axes>"
    plt.close("all")


@pytest.fixture
def course():
    with matplotlib.style.context("gdlib.figures.course"):
        yield matplotlib.rcParams
    plt.close("all")


def lightness(colour):
    """Return how light a colour prints, from 0 for black to 1 for white (CIE L*, over 100)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return (116 * luminance ** (1 / 3) - 16) / 100 if luminance > 0.008856 else 9.033 * luminance


def test_lines_of_the_same_style_differ_in_print(course):
    cycle = list(course["axes.prop_cycle"])
    pairs = [(a, b) for i, a in enumerate(cycle) for b in cycle[:i] if a["linestyle"] == b["linestyle"]]
    assert len({one["color"] for one in cycle}) == len(cycle) == 7
    assert len({one["linestyle"] for one in cycle[:4]}) == 4
    assert all(abs(lightness(a["color"]) - lightness(b["color"])) > 0.15 for a, b in pairs)


def test_lines_show_on_white(course):
    assert to_rgb(course["axes.facecolor"]) == to_rgb(course["figure.facecolor"]) == (1, 1, 1)
    assert all(lightness(one["color"]) < 0.75 for one in course["axes.prop_cycle"])


def test_text_is_large_enough(course):
    ax = plt.subplots()[1]
    ax.plot([0, 1], label="a")
    texts = [ax.xaxis.label, ax.title, *ax.get_xticklabels(), *ax.legend().get_texts(), ax.text(0, 0, "note")]
    assert all(text.get_fontsize() >= 11 for text in texts)


def test_the_font_has_the_letters_of_the_course(course):
    from matplotlib.font_manager import findfont, get_font

    glyphs = get_font(findfont(course["font.family"][0], fallback_to_default=False)).get_charmap()
    assert [letter for letter in "ηθλ∇ŷ₁₂ₙθ₀−½²·→≤≈‖Σ∂" if ord(letter) not in glyphs] == []


def test_words_do_not_hang_on_the_look(course):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [1, 0])
    styled = describe(fig), summarise(fig)
    with matplotlib.style.context("default"):
        fig, ax = plt.subplots()
        ax.plot([0, 1], [1, 0])
    assert styled == (describe(fig), summarise(fig))
