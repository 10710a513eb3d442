"""A step written out, as it is shown: text when printed, mathematics in a notebook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from unicodedata import normalize

from gdlib._arithmetic import Expression

WIDTH = 96  # characters in a row of text

_LATEX = str.maketrans(
    {
        "ŷ": r"\hat{y}",
        "η": r"\eta",
        "·": r" \cdot ",
        "−": "-",
        "←": r"\leftarrow",
        "≈": r"\approx",
        "σ": r"\sigma",
        "δ": r"\delta",
    }
)


@dataclass(frozen=True)
class Line:
    """One line: a name, then (relation, tokens) three times: in symbols, in numbers, and what they come to."""

    name: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        return " ".join([self.name, *self.cells()])

    def cells(self) -> list[str]:
        """Return the parts as text, each with its relation in front."""
        return [f"{relation} {''.join(tokens)}" for relation, tokens in self.parts]


@dataclass(frozen=True, repr=False)
class Explanation:
    """A step written out: text when printed, mathematics in a notebook.

    Attributes
    ----------
    lines
        A `Line` for the output of each row (for its score, too, where the output is a probability), for the loss, and
        for each parameter.
    outputs, loss, parameters
        The numbers themselves: ŷ (or p, of classes) of each row and the mean loss before the step, θ after it.
    step
        Which step of a run it is, or None.
    between
        Lines for work by hand, not displayed: a `Line` for the error ŷ − y (or p − y) of each row, and for each slope.
    headings
        Where a step has blocks: which line each begins with, and what it is called.
    """

    lines: tuple[Line, ...]
    outputs: tuple[float, ...]
    loss: float
    parameters: tuple[float, ...]
    step: int | None = None
    between: tuple[Line, ...] = ()
    headings: tuple[tuple[int, str], ...] = ()

    def __str__(self) -> str:
        rows, headings = self._rows(), dict(self.headings)
        cells = [row for own in rows for row in own]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        shown = self.title
        for i, own in enumerate(rows):
            shown += [headings[i]] if i in headings else []
            shown += [_padded(row, widths) for row in own]
        return "\n".join(shown)

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        rows, headings = self._rows(), dict(self.headings)
        shown = [rf"&\text{{{words}}}" for words in self.title]
        for i, own in enumerate(rows):
            shown += [rf"&\textbf{{{headings[i]}}}"] if i in headings else []
            shown += [f"{_latex(name)} &{_latex(' '.join(cells))}" for name, *cells in own]
        return "$$\\begin{aligned}\n" + " \\\\\n".join(shown) + "\n\\end{aligned}$$"

    @property
    def title(self) -> list[str]:
        """``["step 3"]``, or nothing for a step that is not of a run."""
        return [] if self.step is None else [f"step {self.step}"]

    def _rows(self) -> list[list[list[str]]]:
        """Return the rows of each line: one if all lines fit so, else one for each relation, and long sums broken."""
        rows = [[line.name, *line.cells()] for line in self.lines]
        if sum(1 + max(map(len, column)) for column in zip(*rows, strict=True)) <= WIDTH + 1:
            return [[row] for row in rows]
        broken = [(line.name, [row for part in line.parts for row in _broken(*part)]) for line in self.lines]
        return [[["" if i else name, row] for i, row in enumerate(cells)] for name, cells in broken]


def _padded(row: list[str], widths: list[int]) -> str:
    """Return a row as text, its cells as wide as their columns."""
    name, *cells = row
    return " ".join([name.rjust(widths[0]), *map(str.ljust, cells, widths[1:])]).rstrip()


def _broken(relation: str, tokens: Sequence[str]) -> list[str]:
    """Break an expression into rows, and only in front of the + of a sum."""
    glued = "".join(" +\xa0" if token == " + " else token.replace(" ", "\xa0") for token in tokens)
    rows = wrap(f"{relation}\xa0{glued}", WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return [row.replace("\xa0", " ") for row in rows]


def _latex(text: str) -> str:
    """Translate shown text: the indent of a row that goes on, lowered and raised characters, letters with a name."""
    text = re.sub("^ +", r"\\quad {}", text)
    text = re.sub("[₀-₉]+", r"_{\g<0>}", text)
    text = re.sub("[⁰¹²³⁴-⁹⁻⁽⁾]+", r"^{\g<0>}", text)
    text = re.sub(r"([_^])\{(.)\}", r"\1\2", text)
    text = re.sub(r"\b(ln|tanh|max)\b ?", r"\\\1 ", text)
    return normalize("NFKC", text).translate(_LATEX)


def line(name: str, formula: Expression, numbers: Expression, result: Expression, rounds: bool = False) -> Line:
    """Return the line of a name; where a function ``rounds``, as σ and ln do, its result is marked ≈."""
    relations = (
        "←" if name == formula.tokens[0] else "=",
        "=" if numbers.exact else "≈",
        "=" if numbers.value == result.value and not rounds else "≈",
    )
    return Line(name, tuple(zip(relations, (formula.tokens, numbers.tokens, result.tokens), strict=True)))
