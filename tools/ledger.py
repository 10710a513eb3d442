"""Write tests/ledger.json: which numbers the prose of each notebook gives, and the place that each decimal stands on.

uv run --group tool python tools/ledger.py            # after an edit: write it, and say what changed
uv run --group tool python tools/ledger.py --check    # write nothing; exit status 1 if it would change

A reader cannot compute a number that stands in a sentence, and neither can nbval. So each cell of prose has here its
numbers in order, and each of its decimals has the line of code or of an output, in the same section, that gives it. A
cell of code has the checksum of its source, from which its outputs came. Who changes a number without the ledger turns
the tests red; who changes both sees it in the difference of one small file.

A decimal that no line of its own section gives is refused, unless tests/waivers.toml says why it may stand there.
"""

import argparse
import hashlib
import html
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import execute
import nbformat
from here import ROOT, notebooks

LEDGER = ROOT / "tests" / "ledger.json"
WAIVERS = ROOT / "tests" / "waivers.toml"
LONGEST_PLACE = 60  # characters of a line before and with its number: enough to know it again
NOWHERE = "in no code and no output"
Place = tuple[Decimal, str]

# What looks like a decimal number in prose and is none. The patterns are taken out before numbers are looked for.
NOT_A_NUMBER = {
    r"\]\([^)]*\)|<?https?://\S+": "a link's address",
    r"(?i:arXiv[:\s]*)\d{4}\.\d{4,5}": "an arXiv identifier",
    r"\b10\.\d{4,9}/\S+": "a DOI",
    r"(?:§+|\b[Ss]ections?|\b[Cc]hapters?|\b[Tt]heorems?|\b[Ff]igures?)\s*\d+(?:\.\d+)+": "the number of a section",
    r"\b(?:Python|numpy|NumPy|matplotlib|ipywidgets|JupyterLab|CC[ -]BY|version)\s+\d+(?:\.\d+)+": "a version",
}
SIGN = r"(?:(?<![\w)\]}.])-(?=\d))?"  # a minus sign counts where it cannot be a subtraction
DECIMAL = re.compile(SIGN + r"(?<![\w.])\d+\.\d+(?:[eE][+-]?\d+)?(?!\.?\d)")


def plain(text: str) -> str:
    """Return a text of the same length in which − is -, and LaTeX's words and escapes are blank."""
    return re.sub(r"\\[a-zA-Z]+|\\.", lambda found: " " * len(found[0]), text.replace("−", "-"), flags=re.DOTALL)


def decimals(text: str) -> dict[Decimal, str]:
    """Return {value: token} of the decimal numbers of a text."""
    return {Decimal(token): token for token in DECIMAL.findall(plain(text))}


def told(cell: dict) -> dict[Decimal, str]:
    """Return {value: token} of the decimal numbers of a cell of prose, without names, addresses and versions."""
    return decimals(re.sub("|".join(NOT_A_NUMBER), " ", cell["source"]))


def numbers(text: str) -> str:
    """Return all that is written in digits, in order, signs included."""
    return " ".join(re.findall(r"[-−]?\d+(?:\.\d+)*", text))


def words(output: dict) -> str:
    """Return what an output says, without pictures and without the tags of its HTML."""
    data = output.get("data", {})
    kinds = ("text/plain", "text/markdown", "text/latex")
    return "\n".join([output.get("text", ""), *(data.get(kind, "") for kind in kinds), bare(data.get("text/html", ""))])


def bare(text: str) -> str:
    """Return the text of a piece of HTML; a style's numbers are not told."""
    return html.unescape(re.sub(r"<style>.*?</style>|</?[a-zA-Z][^<>]*>", " ", text, flags=re.DOTALL))


def shown(cell: dict, models: dict[str, dict]) -> tuple[str, str]:
    """Return what a cell of code shows: its printed outputs, widgets and source, and the words of its figures."""
    if cell["id"].endswith("-yours"):  # the hints in a reply compute nothing
        return cell["source"], ""
    printed, figures = [], []
    for output in cell["outputs"]:
        (figures if "image/png" in output.get("data", {}) else printed).append(words(output))
    views = [output["data"].get(execute.VIEW, {}) for output in cell["outputs"] if "data" in output]
    widgets = [models[model].get("state", {}) for model in execute.shown_widgets(views, models)]
    values = [bare(str(state.get("value", ""))) for state in widgets]
    return "\n".join([*printed, *values, cell["source"]]), "\n".join(figures)


def models_of(notebook: dict) -> dict[str, dict]:
    """Return {id: model} of the widgets whose state a notebook stores."""
    return notebook["metadata"].get("widgets", {}).get(execute.WIDGETS, {}).get("state", {})


def with_notes(cells: list[dict]) -> Iterator[dict]:
    """Yield the cells, and after each the speaker notes of its slide: they are prose as well."""
    for cell in cells:
        yield cell
        notes = cell["metadata"].get("slideshow", {}).get("notes")
        if notes:
            yield {"cell_type": "markdown", "id": f"{cell['id']}, notes", "source": notes}


def sections(notebook: dict) -> list[list[dict]]:
    """Return the cells, speaker notes among them, from each heading of level 1 or 2 up to the next."""
    parts: list[list[dict]] = [[]]
    for cell in with_notes(notebook["cells"]):
        heading = cell["cell_type"] == "markdown" and re.search(r"^##? ", cell["source"], re.MULTILINE)
        if heading and parts[-1]:
            parts.append([])
        parts[-1].append(cell)
    return parts


def places(cell: dict, models: dict[str, dict]) -> tuple[list[Place], list[Place]]:
    """Return (number, where it stands) of all that a cell of code shows: the cell's id, and a line up to the number."""
    printed, figures = (
        [
            (Decimal(found[0]), f"{cell['id']}: {line[max(0, found.end() - LONGEST_PLACE) : found.end()].lstrip()}")
            for line in text.splitlines()
            for found in DECIMAL.finditer(plain(line))
        ]
        for text in shown(cell, models)
    )
    return printed, figures


def name_of(path: Path) -> str:
    """Return a notebook's path inside the nearest folder that is called notebooks."""
    above = [*path.resolve().parts[:-1]]
    inside = above[::-1].index("notebooks") if "notebooks" in above else 0
    return "/".join(path.resolve().parts[-1 - inside :])


def account(notebook: dict, waived: dict[str, list[str]], old: dict) -> dict[str, dict | str]:
    """Return the ledger of one notebook: {id of a cell: its numbers and their places, or the checksum of its source}.

    A place in ``old`` stays as long as it gives the number. Otherwise it is the nearest in the section, before the
    prose rather than after it, and in figures last; for a number that is waived, the first in the notebook.
    """
    models, accounts = models_of(notebook), {}
    code = {cell["id"]: places(cell, models) for cell in notebook["cells"] if cell["cell_type"] == "code"}
    for section in sections(notebook):
        for at, cell in enumerate(section):
            if cell["cell_type"] == "code":
                accounts[cell["id"]] = hashlib.sha256(cell["source"].encode()).hexdigest()[:12]
            elif numbers(cell["source"]):
                near = [each["id"] for each in [*reversed(section[:at]), *section[at:]] if each["id"] in code]
                before, entry = old.get(cell["id"]), {"numbers": numbers(cell["source"])}
                for value, token in told(cell).items():
                    where = code if token in waived.get(cell["id"], []) else near
                    every = [place for part in (0, 1) for name in where for place in code[name][part]]
                    found = [place for number, place in every if number == value]
                    kept = isinstance(before, dict) and before.get(token) in found
                    entry[token] = before[token] if kept else (found or [NOWHERE])[0]
                accounts[cell["id"]] = entry
    return accounts


def waivers() -> dict[str, dict[str, list[str]]]:
    """Return {notebook: {id of a cell: the numbers in it that its own section need not give}}."""
    waived: dict[str, dict[str, list[str]]] = {}
    for each in tomllib.loads(WAIVERS.read_text(encoding="utf-8"))["number"]:
        waived.setdefault(each["notebook"], {}).setdefault(each["cell"], []).extend(each["numbers"])
    return waived


def unfounded(notebook: dict, waived: dict[str, list[str]]) -> list[str]:
    """Return the decimal numbers in prose that no line of their own section gives, and that are not waived."""
    return [
        f"{cell}: no line of its section gives {token}"
        for cell, entry in account(notebook, waived, {}).items()
        if isinstance(entry, dict)
        for token, place in entry.items()
        if place == NOWHERE and token not in waived.get(cell, [])
    ]


def changes(notebook: dict, waived: dict[str, list[str]], stored: dict) -> list[str]:
    """Return the cells in which a notebook differs from its part of the ledger, and how."""
    fresh = account(notebook, waived, stored)
    cells = [cell for cell in dict.fromkeys([*fresh, *stored]) if fresh.get(cell) != stored.get(cell)]
    return [f"{cell}: {difference(stored.get(cell), fresh.get(cell))}" for cell in cells]


def difference(then: dict | str | None, now: dict | str | None) -> str:
    """Return in words how a cell differs from its part of the ledger."""
    if then is None or now is None or type(then) is not type(now):
        return "the cell is new" if then is None else "the cell is gone, or of another kind"
    if isinstance(now, str):
        return "its source is not the one that was looked at"
    if then["numbers"] != now["numbers"]:
        return f"its numbers were {then['numbers']} and are {now['numbers']}"
    changed = [token for token in now if then.get(token) != now[token]]
    return ", ".join(f"{token} stood on “{then.get(token)}” and stands on “{now[token]}”" for token in changed)


def main(arguments: list[str] | None = None) -> int:
    """Write the ledger, or check it; return 1 if it differs or if a number stands on nothing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(arguments).check
    ledger = json.loads(LEDGER.read_text(encoding="utf-8")) if LEDGER.exists() else {}
    waived, fresh, wrong = waivers(), {}, False
    for path in notebooks():
        notebook, name = nbformat.read(path, as_version=4), name_of(path)
        mine, stored = waived.get(name, {}), ledger.get(name, {})
        bad, changed = unfounded(notebook, mine), changes(notebook, mine, stored)
        fresh[name] = account(notebook, mine, stored)
        wrong |= bool(bad) or (check and bool(changed))
        for each in [*bad, *changed]:
            print(f"{name}, {each}")
    if not check:
        LEDGER.write_text(json.dumps(fresh, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
