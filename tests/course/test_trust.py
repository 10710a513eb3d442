"""What a reader may trust in: nothing calls out, no text becomes HTML, and Jupyter's own safeguards stay."""

import re
from html import escape

import execute
import ledger
import nbformat
import pytest
from explorers import SCRIPT, runs
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_notebook
from shared import PACKAGE, imports, sources, tracked_files

from gdlib._course import ROOT, notebooks
from gdlib.figures.live import LiveFigure

# Python runs this as it starts, before anything else. An audit hook cannot be taken away again. It refuses all but this
# machine, and keeps a list of what it refused, since whoever called out may have swallowed the failure.
GATE = """\
import os, sys

HERE = {None, "", "localhost", b"localhost", "127.0.0.1", "::1"}

def gate(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else None  # else it is a file, as on Unix
    else:
        return
    if host not in HERE:
        with open(os.environ["REFUSED"], "a") as file:
            print(event, host, file=file)
        raise ConnectionRefusedError(f"no network here: {event} {host}")

sys.addaudithook(gate)
"""
CALLING_OUT = {
    "ftplib",
    "http",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "subprocess",
    "telnetlib",
    "urllib",
    "webbrowser",
}
# What would loosen Jupyter's token, its checks of where a request comes from, or which notebooks it trusts.
LOOSENED = r"[.-]token\s*=|--no-token|\.password\s*=|disable_check_xsrf|allow_origin|jupyter[ -]trust\b"


@pytest.fixture
def refused(tmp_path, monkeypatch):
    """The file with what a kernel was refused; kernels that are started from now on are offline."""
    (tmp_path / "sitecustomize.py").write_text(GATE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("REFUSED", str(tmp_path / "refused.txt"))
    (tmp_path / "refused.txt").touch()
    return tmp_path / "refused.txt"


@pytest.mark.long
@pytest.mark.parametrize("path", notebooks(), ids=ledger.name_of)
def test_notebook_runs_without_network_and_does_not_ask_for_it(path, refused):
    execute.execute(path)  # raises where a cell fails
    assert refused.read_text() == ""


CALLS = """\
import socket, urllib.request

def tried(call, *arguments):
    try:
        return str(call(*arguments))[:0] or "through"
    except OSError as error:
        return "refused" if "no network here" in str(error) else "through"

datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print(tried(socket.create_connection, ("192.0.2.1", 80), 0.1), tried(socket.gethostbyname, "example.org"),
      tried(urllib.request.urlopen, "http://example.org"), tried(datagram.sendto, b"", ("192.0.2.1", 9)))
print(tried(socket.create_connection, ("127.0.0.1", 9), 0.1), tried(datagram.sendto, b"", ("127.0.0.1", 9)))"""


@pytest.mark.long
def test_gate_refuses_all_but_this_machine(tmp_path, refused):
    path = tmp_path / "calls.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(CALLS)]), path)
    said = nbformat.reads(execute.execute(path), as_version=4).cells[0].outputs[0].text
    assert said == "refused refused refused refused\nthrough through\n"
    assert len(refused.read_text().splitlines()) == 4


def calling_out(package):
    """Return (module, what it imports) where a module of a package could call out."""
    found = [(module, name) for module, source in sources(package).items() for name in imports(source)]
    return [(module, name) for module, name in found if name.partition(".")[0] in CALLING_OUT]


def test_package_has_no_means_of_calling_out():
    assert calling_out(PACKAGE) == []


@pytest.mark.parametrize(
    "source", ["import socket", "from urllib.request import urlopen", "def f():\n    import subprocess as s"]
)
def test_means_of_calling_out_are_seen_in_a_folder_too(planted, source):
    package = planted("figures/x.py", source)
    assert [module for module, _ in calling_out(package)] == ["figures.x"]


def test_jupyter_is_left_as_safe_as_it_is():
    texts = {name: (ROOT / name).read_bytes().decode("utf-8", errors="replace") for name in tracked_files()}
    del texts["tests/course/test_trust.py"]
    assert [name for name, text in texts.items() if re.search(LOOSENED, text)] == []


@pytest.mark.parametrize("text", ["--ServerApp.token=''", "--IdentityProvider.token=", "jupyter trust a.ipynb"])
def test_loosened_jupyter_is_seen(text):
    assert re.search(LOOSENED, text)


# ---- what is shown ---------------------------------------------------------------------------------------------------


def test_words_of_a_picture_are_never_html():
    picture = LiveFigure(Figure((1, 1)))
    picture.show(list, SCRIPT + '"')
    assert not runs(picture.widget.value)
    assert "&lt;script&gt;" in picture.widget.value


def test_script_is_seen():
    assert runs(SCRIPT)
    assert runs(SCRIPT[25:])
    assert not runs(escape(SCRIPT))
