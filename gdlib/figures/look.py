"""The course's look: what its figures are drawn with, whatever a reader's settings are; and fonts for all letters."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib import rc_params_from_file, rcParams
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.text import Text

LETTERS = "DejaVu Sans"  # comes with matplotlib, and has all letters of the course
_KINDS = ("cursive", "fantasy", "monospace", "sans-serif", "serif")  # for each the settings have a list of fonts
# No look: where figures go, windows and keys, the insides of files. These, by their first word or whole, stay.
_STAYS = {
    *(f"font.{kind}" for kind in _KINDS),
    *("animation", "backend", "backend_fallback", "date", "docstring", "interactive", "keymap", "pdf", "pgf", "ps"),
    *("svg", "timezone", "tk", "toolbar", "webagg", "figure.max_open_warning", "figure.raise_window"),
    *("savefig.directory", "savefig.format"),
}
_SHEET = rc_params_from_file(Path(__file__).with_name("course.mplstyle"), use_default_template=True)
LOOK = {key: value for key, value in _SHEET.items() if not {key, key.partition(".")[0]} & _STAYS}


def wear(look: Mapping[str, Any]) -> dict[str, Any]:
    """Put settings in force, and return those that they took the place of.

    They go in unchecked, since they come from a style sheet or from matplotlib itself: to check them all takes 4 ms.
    """
    held = dict.items(rcParams)  # as they are kept: through their own methods, all this takes ten times as long
    before = {key: value for key, value in held if (new := look.get(key, value)) is not value and new != value}
    dict.update(rcParams, {key: look[key] for key in before})
    return before


@contextmanager
def course_look() -> Iterator[None]:
    """Draw in the course's look: a context, or a decorator of a function that draws."""
    before = wear(LOOK)
    try:
        yield
    finally:
        dict.update(rcParams, before)


def fonts_for(families: Iterable[str]) -> list[str]:
    """Return the fonts among these families that are installed, a family like "serif" spelt out; DejaVu Sans at last.

    Of each letter matplotlib takes the first font that has it. Of one that is not installed it complains at every text.
    """
    there = {font.name.lower() for font in fontManager.ttflist}
    spelt = [font for name in families for font in (rcParams[f"font.{name}"] if name in _KINDS else [name])]
    return list(dict.fromkeys([*(font for font in spelt if font.lower() in there), LETTERS]))


def mend_fonts(figure: Figure) -> None:
    """Give each text of a figure fonts that are installed, and so all letters of the course.

    Of a text with mathematics, between dollar signs, matplotlib draws the words in its first font alone: the one that
    lacks the fewest of the letters comes first.
    """
    fonts_of = cache(lambda *families: fonts_for(families))
    for text in figure.findobj(Text):
        fonts, letters = fonts_of(*text.get_fontfamily()), set(text.get_text())
        text.set_fontfamily(sorted(fonts, key=lambda font: _lacking(font, letters)) if "$" in letters else fonts)


@contextmanager
def no_font_log() -> Iterator[None]:
    """Draw without a word on fonts that are not installed, or have no bold letters, as most Chinese ones."""
    log = logging.getLogger("matplotlib.font_manager")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def _lacking(font: str, letters: Iterable[str]) -> int:
    """Return how many letters a font does not have."""
    face = get_font(findfont(FontProperties(family=[font])))
    return sum(not face.get_char_index(ord(letter)) for letter in letters)
