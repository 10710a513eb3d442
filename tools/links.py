"""Links in Markdown, led elsewhere: slides, handouts and the site each have pages of their own."""

from __future__ import annotations

import re
from collections.abc import Callable


def relinked(markdown: str, lead: Callable[[str], str | None]) -> str:
    """Return Markdown whose links lead where ``lead`` says; pictures and addresses on the web stay as they are.

    Parameters
    ----------
    markdown
        The text.
    lead
        Given a link's target, such as ``"02-loss.ipynb#the-bowl"`` or ``"#here"``, it returns the new one, or None:
        then the words stay and are no link.
    """

    def link(found: re.Match[str]) -> str:
        words, target = found.groups()
        if re.match(r"[a-z]+:", target):
            return found[0]
        led = lead(target)
        return words if led is None else f"[{words}]({led})"

    return re.sub(r"(?<!!)\[([^\]]+)\]\(([^)]+)\)", link, markdown)
