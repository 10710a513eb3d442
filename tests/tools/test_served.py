"""The explorers served by Voilà, and the notebooks in JupyterLite: tools/app.py and tools/lite.py.

Both need packages that must not lie beside JupyterLab's, so they are tested in environments of their own, in which
``SERVED`` names what has to be there: ``SERVED=app uv run --isolated --group browser --group app pytest -m long
tests/tools/test_served.py``. Elsewhere these tests are skipped.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from urllib.request import urlopen

import app
import lite
import nbformat
import pytest
from shared import needed, needed_chromium, package_files

from gdlib._course import NOTEBOOKS
from gdlib.explore.rate import LearningRateExplorer

SERVED = os.environ.get("SERVED", "").split()


@pytest.mark.parametrize("name", app.EXPLORERS)
def test_an_app_is_an_explorer_and_nothing_else(name, tmp_path):
    notebook = nbformat.read(app.write(name, tmp_path), as_version=4)
    nbformat.validate(notebook)
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code"]
    kind = app.EXPLORERS[name]
    assert (
        notebook.cells[1].source
        == f"%load_ext gdlib\nfrom {kind.__module__} import {kind.__name__}\n\n{kind.__name__}()"
    )


def test_an_app_that_is_not_there_is_refused(capsys):
    with pytest.raises(SystemExit):
        app.main(["nothing"])
    assert "invalid choice: 'nothing'" in capsys.readouterr().err


def test_copies_for_a_browser_install_the_package_first(tmp_path):
    lite.gather(tmp_path / "notebooks")
    copies = sorted((tmp_path / "notebooks").glob("*.ipynb"))
    assert [path.name for path in copies] == sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    for path in copies:
        notebook = nbformat.read(path, as_version=4)
        assert notebook.cells[0].source == lite.INSTALL
        original = nbformat.read(NOTEBOOKS / path.name, as_version=4)
        assert [cell.source for cell in notebook.cells[1:]] == [cell.source for cell in original.cells]


@pytest.mark.long
def test_lite_has_every_notebook_and_the_package(tmp_path):
    needed("jupyterlite_core", must="lite" in SERVED)
    made = lite.build(tmp_path / "lite")
    listed = json.loads((made / "api" / "contents" / "all.json").read_text(encoding="utf-8"))["content"]
    here = {path.name for path in NOTEBOOKS.glob("*.ipynb")}
    assert {each["name"] for each in listed if each["type"] == "notebook"} == here
    assert {path.name for path in (made / "files").glob("*.ipynb")} == here
    wheels = json.loads((made / "pypi" / "all.json").read_text(encoding="utf-8"))
    (release,) = wheels["gdlib"]["releases"].values()
    packed = zipfile.ZipFile(made / "pypi" / release[0]["filename"]).namelist()
    assert set(package_files()) - set(packed) == set()


@pytest.fixture
def served():
    """The address of an explorer that Voilà serves."""
    needed("voila", must="app" in SERVED)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, app.__file__, "learning-rate", f"--port={port}", "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address, end = f"http://127.0.0.1:{port}/voila/static/voila.js", time.monotonic() + 60
    try:
        while True:
            try:
                urlopen(address, timeout=5).close()
                break
            except OSError:
                assert server.poll() is None
                assert time.monotonic() < end
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(20)


@pytest.mark.long
def test_an_explorer_is_served_and_follows_the_keys(served):
    with needed_chromium(must="app" in SERVED).launched() as browser:
        page = browser.new_page()
        page.route(re.compile("^https?://(?!127\\.0\\.0\\.1)"), lambda route: route.abort())  # an icon of Play's
        page.goto(served)
        picture = page.locator(".gdlib-explorer img")
        picture.wait_for()
        twin = LearningRateExplorer()
        assert picture.get_attribute("alt") == twin.reading
        page.locator(".noUi-handle").first.focus()
        page.keyboard.press("End")
        twin.eta.value = 10
        page.wait_for_function("alt => document.querySelector('.gdlib-explorer img').alt === alt", arg=twin.reading)
        assert not page.get_by_text("import LearningRateExplorer").is_visible()
        twin.close()
