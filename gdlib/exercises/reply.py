"""A reply to the reader: words, as plain text and as HTML."""

import html
import re
import textwrap
from dataclasses import dataclass
from types import MappingProxyType

#: The verdicts, each with its mark and the colour beside it. The mark says it without the colour, too.
_LOOKS = MappingProxyType(
    {"right": ("✓", "#009E73"), "wrong": ("✗", "#D55E00"), "unsolved": ("○", "#767676"), "note": ("", "#0072B2")}
)


@dataclass(frozen=True)
class Reply:
    """What is said to the reader."""

    verdict: str  #: "right", "wrong", "unsolved" (nothing to judge yet) or "note" (nothing is judged)
    headline: str  #: a few words
    text: str = ""  #: the rest: paragraphs, with `code` in backticks
    mistake: str = ""  #: the name of the known mistake that was recognised, or ""
    table: str = ""  #: lines in columns, shown as they are, before the text
    code: str = ""  #: lines of code, shown as they are, after it
    hints: tuple[str, ...] = ()  #: what opens inside the reply, one after the other
    nudge: str = ""  #: what says how to get the hints where nothing opens

    def __bool__(self) -> bool:
        """Return whether the answer was right."""
        return self.verdict == "right"

    def __repr__(self) -> str:
        """Return the reply as plain text, wrapped."""
        headline = " ".join(filter(None, [_LOOKS[self.verdict][0], self.headline]))
        parts = [_wrapped(headline), self.table, *map(_wrapped, [*self.text.split("\n"), self.nudge]), self.code]
        return "\n".join(filter(None, parts))

    def _repr_html_(self) -> str:
        mark, colour = _LOOKS[self.verdict]
        head = " ".join(filter(None, [mark, _rich(self.headline)]))
        body = _lines(self.table) + _paragraphs(self.text if self.hints else f"{self.text}\n{self.nudge}")
        return (
            f'<div role="status" style="border-left: 4px solid {colour}; padding: 0.2em 0.8em">'
            f"<div><strong>{head}</strong></div>{body}{_lines(self.code)}{_disclosed(self.hints)}</div>"
        )


def wrong(text: str, mistake: str = "") -> Reply:
    """Return the reply to a wrong answer, with the name of the mistake if it is a known one."""
    return Reply("wrong", f"Not yet: {mistake}." if mistake else "Not yet.", text, mistake)


def _rich(text: str) -> str:
    """Return text as HTML: escaped, with `code` set as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)


def _paragraphs(text: str) -> str:
    return "".join(f"<div>{_rich(each)}</div>" for each in filter(None, text.split("\n")))


def _lines(text: str) -> str:
    font = "font-family: var(--jp-code-font-family, monospace)"  # JupyterLab sets outputs in its text font
    return f'<pre style="{font}">{html.escape(text)}</pre>' if text else ""


def _disclosed(hints: tuple[str, ...]) -> str:
    """Return hints as HTML: each opens on a click, and has the next one in it."""
    inside = ""
    for i, hint in reversed([*enumerate(hints)]):
        said = f"<summary>Hint {i + 1} of {len(hints)}</summary>{_paragraphs(hint)}"
        inside = f"<details>{said}{inside}</details>"
    return inside
