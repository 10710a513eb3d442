"""JupyterLab in a real browser, for the tests and benchmarks that need both.

A `Lab` is a server of its own on loopback and a Chromium; `Lab.open` opens a notebook in it, as a reader would.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

from chromium import IS_ROOT, launched
from playwright.sync_api import BrowserContext, Locator, Page

SETTINGS = {  # no questions asked, no cell taken out of the page while it is out of sight
    "apputils-extension/notification.jupyterlab-settings": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}
_EXECUTE = """async code => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code, store_history: false, stop_on_error: true});
    let text = '', error = '';
    future.onIOPub = ({header, content}) => {
        if (header.msg_type === 'stream') text += content.text;
        if (header.msg_type === 'error') error += content.traceback.join('\\n');
    };
    await future.done;
    return [text, error];
}"""
_UNANSWERED = """() => {  // how many of the page's messages to its widgets in the kernel have no answer yet
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    if (!kernel.gdlibAsked) {
        const asked = kernel.gdlibAsked = new Set();
        kernel.anyMessage.connect((_, {msg, direction}) => {
            if (direction === 'send' && msg.header.msg_type === 'comm_msg') asked.add(msg.header.msg_id);
            if (msg.content.execution_state === 'idle') asked.delete(msg.parent_header.msg_id);
            if (msg.content.execution_state === 'restarting') asked.clear();
        });
    }
    return kernel.gdlibAsked.size;
}"""
_SETTLED = """() => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session?.kernel;
    const cells = jupyterapp.shell.currentWidget.content.widgets;
    return kernel?.status === 'idle' && !cells.some(cell => cell.promptNode?.textContent.includes('*'));
}"""


class Lab:
    """A JupyterLab that serves a folder on loopback, and a browser; a context manager that ends both."""

    def __init__(self, folder: Path) -> None:
        self._own = tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True)
        room, self._token = Path(self._own.name), secrets.token_hex(16)
        for name, settings in SETTINGS.items():
            path = room / "settings" / "@jupyterlab" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(settings))
        folders = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
        folders |= {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython"}
        options = ["--no-browser", "--ip=127.0.0.1", "--port=0", "--expose-app-in-browser", f"--notebook-dir={folder}"]
        options += ["--allow-root"] * IS_ROOT
        self._log = (room / "log").open("w+")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env=os.environ
            | {name: str(room / each) for name, each in folders.items()}
            | {"JUPYTER_TOKEN": self._token},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._opened = ExitStack()
        try:
            self.address = self._wait(room / "runtime" / f"jpserver-{self._server.pid}.json")
            self.browser = self._opened.enter_context(launched())
        except BaseException:
            self._server.kill()
            raise

    def _wait(self, told: Path, seconds: float = 60) -> str:
        """Return the server's address once it answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._server.poll() is None:
            try:
                address = json.loads(told.read_text())["url"]
                urlopen(f"{address}api?token={self._token}", timeout=5).close()
                return address
            except (OSError, ValueError):
                time.sleep(0.1)
        self._log.seek(0)
        raise RuntimeError(f"JupyterLab did not start:\n{self._log.read()[-2000:]}")

    def context(self, width: int = 1366, height: int = 768, **more: object) -> BrowserContext:
        """Return a new browser context, as large as a laptop's screen."""
        return self.browser.new_context(viewport={"width": width, "height": height}, **more)

    def open(self, path: str, context: BrowserContext | None = None) -> Notebook:
        """Return a notebook of the folder, opened and with its kernel ready, in a page of its own."""
        page = (context or self.context()).new_page()
        notebook = Notebook(page)
        page.goto(f"{self.address}lab/tree/{path}?reset&token={self._token}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function(_SETTLED, timeout=60_000)
        return notebook

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()
        self._server.terminate()
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            self._server.kill()
        self._log.close()
        self._own.cleanup()


class Notebook:
    """A notebook open in JupyterLab.

    Attributes
    ----------
    page
        Playwright's page.
    errors
        What the browser's console said at error level, and errors of scripts.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.errors = page, []
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def command(self, name: str) -> None:
        """Run a command of JupyterLab's, such as ``"notebook:run-all-cells"``."""
        self.page.evaluate("name => { jupyterapp.commands.execute(name); }", name)

    def run_all(self, seconds: float = 120) -> None:
        """Run all cells and wait until the last is done."""
        self.command("notebook:run-all-cells")
        self.page.wait_for_timeout(300)
        self.page.wait_for_function(_SETTLED, timeout=1000 * seconds)

    def restart(self) -> None:
        """Restart the kernel; nothing is run."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        self.page.wait_for_function(_SETTLED, timeout=60_000)

    def execute(self, code: str) -> str:
        """Return what code prints in the notebook's kernel; it leaves no cell behind."""
        text, error = self.page.evaluate(_EXECUTE, code)
        if error:
            raise RuntimeError(error)
        return text

    def unanswered(self) -> int:
        """Return how many messages of widgets, sent since this was first asked, the kernel has not answered yet."""
        return self.page.evaluate(_UNANSWERED)

    def output(self, text: str) -> Locator:
        """Return the output of the first code cell whose source contains this text, scrolled into view."""
        found = """text => {
            const cells = jupyterapp.shell.currentWidget.content.widgets;
            const index = cells.findIndex(c => c.model.type === 'code' && c.model.sharedModel.source.includes(text));
            cells[index]?.node.setAttribute('data-cell', index);
            return index;
        }"""
        index = self.page.evaluate(found, text)
        if index < 0:
            raise ValueError(f"no code cell contains {text!r}")
        output = self.page.locator(f'[data-cell="{index}"] .jp-Cell-outputArea').first
        output.scroll_into_view_if_needed()
        return output
