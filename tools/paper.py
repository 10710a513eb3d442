"""Pages on paper: a Chromium that prints files of this machine, and refuses every other address."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from chromium import launched
from playwright.sync_api import Route

#: Draws two letters of a text, and says whether they look alike; without a font for them both are the same empty box.
ALIKE = """([one, other]) => {
  const drawn = [one, other].map(letter => {
    const ground = new OffscreenCanvas(40, 40).getContext('2d');
    ground.font = '30px serif';
    ground.fillText(letter, 4, 32);
    return String(ground.getImageData(0, 0, 40, 40).data);
  });
  return drawn[0] === drawn[1];
}"""
#: How wide what is printed may be, in CSS pixels: A4 less 16 mm at either side. US Letter has more room.
WIDTH = 672


class Press:
    """A Chromium that prints; a context manager that ends it.

    Attributes
    ----------
    asked
        The addresses outside of this machine that the printed pages asked for. None of them was answered.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __enter__(self) -> Press:
        self._opened = ExitStack()
        self._browser = self._opened.enter_context(launched())
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _only_files(self, route: Route) -> None:
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            self.asked.append(route.request.url)
            route.abort()

    def lacks(self, letters: str) -> bool:
        """Return whether no font of this machine has the first two letters of a text."""
        tab = self._browser.new_page()
        alike = tab.evaluate(ALIKE, list(letters[:2]))
        tab.close()
        return alike

    def pdf(
        self,
        page: Path,
        pdf: Path,
        ready: str = "true",
        query: str = "",
        width: int | None = None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        """Print a page of HTML into a PDF, tagged and with an outline.

        Parameters
        ----------
        page, pdf
            The two files.
        ready
            JavaScript that is true once the page is ready to be printed.
        query
            What stands behind the file's name in its address, such as ``"?print-pdf"``.
        width
            How wide the page may be, in CSS pixels; without it, nobody looks.
        options
            What Playwright's ``page.pdf`` takes: format, margin, footer_template.

        Raises
        ------
        RuntimeError
            If something on the page is wider: Chromium would shrink the whole page, or clip it.
        """
        context = self._browser.new_context(**({"viewport": {"width": width, "height": 950}} if width else {}))
        context.route("**/*", self._only_files)
        tab = context.new_page()
        tab.goto(page.resolve().as_uri() + query)
        tab.wait_for_function(ready)
        if width:
            tab.emulate_media(media="print")
            if (wide := tab.evaluate("document.documentElement.scrollWidth")) > width:
                raise RuntimeError(f"{page.name} is {wide} pixels wide, more than the paper's {width}")
        tab.pdf(path=pdf, tagged=True, outline=True, print_background=True, **options)
        context.close()


def footer(title: str) -> str:
    """Return the foot of every page: the title at the left, the page's number at the right."""
    style = (
        "font: 8pt sans-serif; color: #555; width: 100%; margin: 0 16mm; display: flex; justify-content: space-between"
    )
    number = '<span><span class="pageNumber"></span> / <span class="totalPages"></span></span>'
    return f'<div style="{style}"><span>{title}</span>{number}</div>'
