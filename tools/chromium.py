"""An installed Chromium: where it is, and how it is started."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
#: Whether this process may do everything: JupyterLab and Chromium's sandbox refuse to start then, unless they are told.
IS_ROOT = getattr(os, "geteuid", lambda: 1)() == 0


def find() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """Yield a Chromium without a window, which ends with the context; a process can have one at a time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=QUIET + ["--no-sandbox"] * IS_ROOT)
        try:
            yield browser
        finally:
            browser.close()
