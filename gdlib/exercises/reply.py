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
    code: str = ""  #: lines of code, shown as they are

    def __bool__(self) -> bool:
        """Return whether the answer was right."""
        return self.verdict == "right"

    def __repr__(self) -> str:
        """Return the reply as plain text, wrapped."""
        mark = _LOOKS[self.verdict][0]
        paragraphs = [" ".join(filter(None, [mark, self.headline])), *filter(None, self.text.split("\n"))]
        wrapped = [textwrap.fill(each, 100, break_long_words=False, break_on_hyphens=False) for each in paragraphs]
        return "\n".join([*wrapped, *([self.code] if self.code else [])])

    def _repr_html_(self) -> str:
        mark, colour = _LOOKS[self.verdict]
        head = " ".join(filter(None, [mark, _rich(self.headline)]))
        body = "".join(f"<div>{_rich(each)}</div>" for each in filter(None, self.text.split("\n")))
        font = "font-family: var(--jp-code-font-family, monospace)"  # JupyterLab sets outputs in its text font
        code = f'<pre style="{font}">{html.escape(self.code)}</pre>' if self.code else ""
        return (
            f'<div role="status" style="border-left: 4px solid {colour}; padding: 0.2em 0.8em">'
            f"<div><strong>{head}</strong></div>{body}{code}</div>"
        )


def wrong(text: str, mistake: str = "") -> Reply:
    """Return the reply to a wrong answer, with the name of the mistake if it is a known one."""
    return Reply("wrong", f"Not yet: {mistake}." if mistake else "Not yet.", text, mistake)


def _rich(text: str) -> str:
    """Return text as HTML: escaped, with `code` set as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))
