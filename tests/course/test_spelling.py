"""Spelling, by the word lists of codespell: no misspelling that it knows, and no American spelling in what is read.

codespell's dictionaries hold misspellings rather than words, so a Greek letter or a name is never complained of.
"""

import contextlib
import io
import re
import tomllib
from pathlib import Path

import codespell_lib
import ledger
import nbformat
import pytest
from shared import tracked_files

from gdlib._course import ROOT, notebooks

WRITTEN = {".md", ".py", ".toml", ".yml", ".cff", ".sh", ".mplstyle"}
AMERICAN = Path(codespell_lib.__file__).parent / "data" / "dictionary_en-GB_to_en-US.txt"


def waived():
    """Return the words that codespell would complain of, and that are meant."""
    return set(tomllib.loads(ledger.WAIVERS.read_text(encoding="utf-8"))["spelling"])


def texts():
    """Return {name: text} of all that is written: tracked text files and all cells and outputs of the notebooks."""
    names = [
        name for name in tracked_files() if Path(name).suffix in WRITTEN and name != "tests/course/test_spelling.py"
    ]
    written = {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
    for path in notebooks():
        cells = nbformat.read(path, as_version=4).cells
        shown = [ledger.words(output) for cell in cells for output in cell.get("outputs", [])]
        written[ledger.name_of(path)] = "\n".join([cell.source for cell in cells] + shown)
    return written


def misspellings(written, folder):
    """Return codespell's complaints about {name: text}."""
    for name, text in written.items():
        (folder / f"{name.replace('/', '_')}.txt").write_text(text, encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        codespell_lib.main("--disable-colors", str(folder))
    return said.getvalue().replace(f"{folder}/", "").splitlines()


def americanisms(text):
    """Return (American word, British word) for what a reader reads; code in backticks, links and attributes are not."""
    british = dict(line.rstrip(",").split("->")[::-1] for line in AMERICAN.read_text(encoding="utf-8").splitlines())
    prose = re.sub(
        r"```.*?```|`[^`\n]*`|\]\([^)]*\)|<[^>]*>|https?://\S+|“[^”]*”|\"[^\"]*\"|\*[^*\n]*\*",
        " ",
        text,
        flags=re.DOTALL,
    )
    found = re.findall(r"[a-z]+", prose.lower())
    return sorted({(word, british[word]) for word in found if word in british})


def prose():
    """Return {name: text} of what is read as a page: Markdown files and the cells of prose."""
    pages = {name: (ROOT / name).read_text(encoding="utf-8") for name in tracked_files() if name.endswith(".md")}
    for path in notebooks():
        cells = nbformat.read(path, as_version=4).cells
        pages[ledger.name_of(path)] = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return pages


@pytest.fixture(scope="module")
def complaints(tmp_path_factory):
    """Return {misspelt word: the complaints about it}, waived words too."""
    found = {}
    for each in misspellings(texts(), tmp_path_factory.mktemp("texts")):
        found.setdefault(re.search(r": (\S+) ==> ", each)[1].lower(), []).append(each)
    return found


def test_nothing_is_misspelt(complaints):
    assert {word: each for word, each in complaints.items() if word not in waived()} == {}


def test_spelling_is_british():
    found = [(name, *words) for name, text in prose().items() for words in americanisms(text)]
    assert [each for each in found if each[1] not in waived()] == []


def test_every_waived_word_is_needed(complaints):
    american = {word for text in prose().values() for word, _ in americanisms(text)}
    assert waived() - set(complaints) - american == set()


def test_misspelling_is_seen_and_good_spelling_passes(tmp_path):
    bad = ["the paramter θ", "It recieves", "# overshoots teh minimum", "a seperate step"]
    good = "ŷ − y: the neighbour's colour, standardised; Polyak, Nesterov, `color` and “center”."
    found = misspellings({"good.md": good, **{f"{number}.md": text for number, text in enumerate(bad)}}, tmp_path)
    assert [each[0] for each in sorted(found)] == ["0", "1", "2", "3"]
    assert americanisms(good) == []


@pytest.mark.parametrize("word", ["color", "neighbor", "normalize", "center"])
def test_american_spelling_is_seen(word):
    assert [found for found, _ in americanisms(f"The {word} of it.")] == [word]
