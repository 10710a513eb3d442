"""tools/tamper.py: its short cut says what nbval says, and it tells what passes."""

import base64
import io
import re
import subprocess
import sys

import execute
import nbformat
import numpy as np
import pytest
import tamper
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from gdlib._course import ROOT, notebooks

SMALL = [
    "%load_ext gdlib\nimport matplotlib.pyplot as plt\nimport ipywidgets",
    'print("L = 0.64")',
    'fig, ax = plt.subplots(figsize=(2, 1))\nax.plot([0, 1], [0.5, 2])\nax.set_title("A line")\nplt.show()',
    'fig, ax = plt.subplots(figsize=(2, 1))\nax.plot([0, 1], [2, 0.5])\nax.set_title("Another")\nplt.show()',
    "ipywidgets.FloatSlider(0.5)",
    'print("one")\nax',
    'int("four")',
    "x / 0  # never reached",
]


def small(folder):
    """Return the path of an executed notebook with an output of each kind that nbval treats differently."""
    cells = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(SMALL)]
    cells[6].metadata["tags"] = ["raises-exception"]
    cells[7].metadata["tags"] = ["nbval-skip", "raises-exception"]
    path = folder / "small.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Small\n\n0.64", id="title"), *cells]), path)
    path.write_bytes(execute.execute(path).encode())
    return path


KINDS_TRIED = [
    "a digit in a printed text",
    "a digit in a text/plain, figures in words too",
    "the name of an error",
    "a pixel of a picture",
    "a pixel of a picture in HTML",
    "swapped figures with their words",
    "an alt text missing",
    "a dropped output",
    "an added output",
    "swapped order of outputs",
    "a cell never executed",
    "a slider's position",
    "a decimal number in the prose: a digit",
]


@pytest.mark.long
def test_replayed_nbval_says_what_nbval_says(tmp_path):
    (tmp_path / "one").mkdir()
    source = small(tmp_path / "one")
    whole, bench = source.read_bytes().decode(), tamper.Bench.of(source, tmp_path)
    texts = [whole] + [text for kind in KINDS_TRIED for _, text in tamper.spoilt(whole, kind, 1)]
    replayed, folder = [], tmp_path / "real"
    folder.mkdir()
    for number, text in enumerate(texts):
        failed = bench.judge(text)["nbval"]
        replayed += [f"copy-{number:02}.ipynb::{each.partition(':')[0]}" for each in failed]
        (folder / f"copy-{number:02}.ipynb").write_bytes(text.encode())
    settings = ["-c", str(ROOT / "pyproject.toml"), "-n2", "-rf"]
    command = [sys.executable, "-m", "pytest", *settings, str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True)
    real = re.findall(r"^FAILED \S*(copy-\d+\.ipynb::Cell \d+)", answer.stdout, re.MULTILINE)
    assert len(texts) == 1 + len(KINDS_TRIED)
    assert sorted(real) == sorted(replayed), answer.stdout
    assert {"copy-00", "copy-04", "copy-05"} & {each[:7] for each in real} == set()  # nothing, and pixels
    assert {"copy-01", "copy-02", "copy-06", "copy-08", "copy-09"} <= {each[:7] for each in real}


@pytest.mark.long
def test_every_corruption_of_the_course_is_seen(capsys):
    assert tamper.main(["--most", "3"]) == 0
    said = capsys.readouterr().out
    print(said)
    assert int(re.search(r"caught (\d+) of \1: 100\.0%", said)[1]) >= 300
    tried = dict(re.findall(r"^(\S.*\S)\s{2,}(\d+)(?:\s+\d+){6}$", said, re.MULTILINE))
    assert [kind for kind in tamper.KINDS if int(tried[kind]) == 0] == []


def test_report_tells_what_nothing_sees():
    trials = [("a pixel of a picture", "here", ["bytes"]), ("an added output", "there", [])]
    said = tamper.report({"a.ipynb": trials})
    assert re.search(r"^a pixel of a picture( +[10]){7}$", said, re.MULTILINE)
    assert "only byte identity sees:\n  a pixel of a picture (1): a.ipynb here\n" in said
    assert "NOTHING SEES:\n  an added output (1): a.ipynb there\n" in said
    assert "caught 1 of 2: 50.0%" in said


@pytest.mark.parametrize("text", ["L = 0.64", "9", "no digit", ""])
def test_other_digit_is_another_and_always_the_same(text):
    assert tamper.other_digit(text) == tamper.other_digit(text) != text


def test_repainted_picture_differs_in_one_pixel():
    file = io.BytesIO()
    Image.new("RGB", (5, 4), "white").save(file, "png")
    old = base64.b64encode(file.getvalue()).decode()
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(tamper.repainted(old)))))
    assert sorted(pixels[pixels != 255]) == [254]


@pytest.mark.long
def test_every_kind_changes_a_notebook_and_nothing_more():
    whole = execute.canonical(nbformat.read(notebooks()[3], as_version=4))
    for kind in tamper.KINDS:
        for _, text in tamper.spoilt(whole, kind, 1):
            assert text != whole
            assert len(nbformat.reads(text, as_version=4).cells) == len(nbformat.reads(whole, as_version=4).cells)
