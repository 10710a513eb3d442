"""List the sentences that claim something of all cases, and see that each is accounted for in tests/claims.toml.

uv run --group test python tools/claims.py           # what is not accounted for yet, or no longer said; exit status 1
uv run --group test python tools/claims.py --all     # every such sentence, with its place

Who writes *always*, *never*, *every*, *any*, *only*, *most*, *whatever*, *no step* or *from … on* says more than an
example can show. No other check sees whether it is true. So each such sentence that a reader meets, in notebooks,
glossary, sheets, replies and the docstrings of the mathematics, has a word in that file on why it holds.
"""

import argparse
import ast
import functools
import re
import sys
import tomllib
from collections.abc import Iterator

import nbformat
from here import NOTEBOOKS, ROOT, notebooks

from gdlib.exercises import all_exercises
from gdlib.exercises.sheet import entries

CLAIMS = ROOT / "tests" / "claims.toml"
MATHEMATICS = ("data", "problem", "linear", "classify", "network", "descent", "curvature", "explain")
CLAIM = re.compile(
    r"(?<!at )(?<!`)\b(?:always|never|every|all|only|most|any|whatever|whenever|everywhere|for ever)\b(?![-`])"
    r"|\bno matter\b|\bexactly (?:if|when|where)\b|\bfrom \S+(?: \S+){0,2} on\b(?! (?:the|a)\b)"
    r"|\bno more than\b|\bno (?:\w+ )?(?:bowl|descent|entry|error|line|point|rate|scaling|step)\b",
    re.IGNORECASE,
)
SECTION = re.compile(r"^(?:Parameters|Attributes|Returns|Raises)\n-+$", re.MULTILINE)  # of a docstring
Claim = tuple[str, str]  # where, and what is said there


def claims() -> list[Claim]:
    """Return every sentence that claims something of all cases, and its place; a question claims nothing."""
    found = ((place, sentence) for place, text in texts() for sentence in sentences(text))
    return [*dict.fromkeys((place, said) for place, said in found if CLAIM.search(said) and not said.endswith("?"))]


def texts() -> Iterator[tuple[str, str]]:
    """Yield what a reader meets, with its place: a notebook, the glossary, a sheet, the replies, a module."""
    for path in notebooks():
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown" and not cell.source.startswith("### "):  # exercises come from the sheets
                yield path.stem, cell.source
    yield "glossary", (NOTEBOOKS / "glossary.md").read_text(encoding="utf-8")
    for entry in entries().values():
        for text in (entry.question, *entry.hints, entry.why):
            yield f"sheet {entry.sheet}", text
    for exercise in all_exercises().values():
        for mistake in exercise.mistakes:
            yield "replies", mistake.hint
    for module in MATHEMATICS:
        for path in [*sorted((ROOT / "gdlib" / module).glob("*.py")), ROOT / "gdlib" / f"{module}.py"]:
            tree = ast.parse(path.read_text(encoding="utf-8") if path.exists() else "")
            for node in ast.walk(tree):
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                    yield f"gdlib.{module}", SECTION.split(ast.get_docstring(node) or "")[0]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each on one line; a heading, a row of a table or an item is one of its own."""
    text = re.sub(r"\$\$.*?\$\$|^#+ [^\n]*$|^-{3,}$", "\n\n", text, flags=re.DOTALL | re.MULTILINE)
    pieces = re.split(r"\n\s*\n|\n(?=\s*(?:[-*>|]|\d+\.)\s)", text)
    joined = (re.sub(r"\s+", " ", piece).strip(" >|") for piece in pieces)
    return [said for piece in joined for said in re.split(r"(?<=[.!?])[*)”\"]*\s+(?=[^a-z])", piece) if said]


def accounted() -> dict[Claim, str]:
    """Return the sentences that the file accounts for, with their places, and why each holds."""
    table = tomllib.loads(CLAIMS.read_text(encoding="utf-8"))
    return {(place, said): why for place, known in table.items() for said, why in known.items()}


def complaints(said: list[Claim] | None = None, known: dict[Claim, str] | None = None) -> list[str]:
    """Return what is said and not accounted for, what is no longer said, and which reasons are none."""
    said, known = claims() if said is None else said, accounted() if known is None else known
    new = [f"{place}: not accounted for: {each}" for place, each in said if (place, each) not in known]
    old = [f"{place}: no longer said: {each}" for place, each in known if (place, each) not in set(said)]
    return new + old + [f"{place}: no reason, {why}: {each}" for (place, each), why in known.items() if not holds(why)]


def holds(why: str) -> bool:
    """Return whether a reason is of a known kind, and whether the test that it names, if it names one, is there."""
    if name := re.match(r"searched: (\w+)$", why):
        return name[1] in tests()
    return bool(re.match(r"(?:told|definition|diagnosis)$|(?:here|proof): \S", why))


@functools.cache
def tests() -> set[str]:
    """Return the names of all tests of Python."""
    files = (ROOT / "tests").rglob("test_*.py")
    return {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))}


def main(arguments: list[str] | None = None) -> int:
    """Print what is to be accounted for, or all; return 1 if something is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="print every claim and change nothing")
    if parser.parse_args(arguments).all:
        print("\n".join(f"{place}: {said}" for place, said in claims()))
        return 0
    wrong = complaints()
    print("\n".join(wrong) or f"{len(accounted())} claims, each accounted for")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
