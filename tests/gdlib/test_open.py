"""gdlib._open: the command `course` finds a notebook, tells JupyterLab where to look, and says what is missing."""

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace
from urllib.request import Request, urlopen

import pytest
from shared import read

from gdlib import _open
from gdlib._course import NOTEBOOKS, ROOT

FOURTH = NOTEBOOKS / "04-worked-example.ipynb"


@pytest.fixture
def lab(monkeypatch):
    """A JupyterLab that starts nothing, on another port than was asked for: (its options, whether it was started)."""
    told = SimpleNamespace(options=[], started=0, port=8889, public_url="http://localhost:8889/lab?token=key")
    loop = []
    told.io_loop = SimpleNamespace(add_callback=loop.append)

    def start():
        told.started += 1
        for each in loop:
            each()

    told.start = start
    fake = ModuleType("jupyterlab.labapp")
    fake.LabApp = SimpleNamespace(initialize_server=lambda argv: told.options.extend(argv) or told)
    monkeypatch.setitem(sys.modules, "jupyterlab", ModuleType("jupyterlab"))
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", fake)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    return told


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        (None, "01-concept"),
        ("4", "04-worked-example"),
        ("04", "04-worked-example"),
        ("hunt", "practice-bug-hunt"),
        ("Rate", "05-learning-rate"),
        ("6", "06-classification"),
        ("7", "07-network"),
        ("notebooks/02-loss.ipynb", "02-loss"),
    ],
)
def test_number_or_part_of_a_name_opens_its_notebook(lab, word, stem):
    assert _open.main([word] if word else []) == 0
    assert lab.started == 1
    assert f"--LabApp.default_url=/lab/tree/notebooks/{stem}.ipynb" in lab.options
    assert f"--notebook-dir={ROOT}" in lab.options
    assert "--ip=localhost" in lab.options


@pytest.mark.parametrize(
    ("word", "said"), [("9", "is no notebook"), ("0", "is no"), ("lost", "is no notebook"), ("e", "may be several")]
)
def test_wrong_word_lists_what_there_is(lab, word, said, capsys):
    assert _open.main([word]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert all(path.stem in error for path in NOTEBOOKS.glob("*.ipynb"))
    assert not lab.started


def test_list_starts_nothing(lab, capsys):
    assert _open.main(["--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
    assert listed[3].endswith("4. A worked example")
    assert not lab.started


def test_root_alone_is_let_in_as_root(lab, monkeypatch):
    _open.start(ROOT, FOURTH)
    assert not {"--allow-root", "--no-browser"} & set(lab.options)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    _open.start(ROOT, FOURTH)
    assert lab.options[-1] == "--allow-root"


def test_windows_knows_no_root(lab, monkeypatch):
    monkeypatch.delattr(os, "geteuid")
    _open.start(ROOT, FOURTH)
    assert "--allow-root" not in lab.options


def test_port_and_browser_are_passed_on_and_the_port_that_is_said_is_the_one_in_use(lab, capsys):
    assert _open.main(["--port", "8888", "--no-browser"]) == 0
    assert {"--port=8888", "--no-browser"} < set(lab.options)
    said = capsys.readouterr().out
    assert "http://localhost:8889/lab?token=key" in said
    assert "8888" not in said
    assert "ssh" not in said


@pytest.mark.parametrize("port", ["x", "0", "65536", "2.5", "-1"])
def test_port_that_is_none_is_refused_in_words(lab, port, capsys):
    with pytest.raises(SystemExit):
        _open.main([f"--port={port}"])
    assert f"a whole number from 1 to 65535 is wanted, got {port}" in capsys.readouterr().err


@pytest.mark.parametrize(("at", "option"), [("22", ""), ("2222", "-p 2222 ")])
def test_over_ssh_it_opens_no_browser_and_says_how_to_forward(lab, monkeypatch, capsys, at, option):
    monkeypatch.setenv("SSH_CONNECTION", f"192.0.2.1 5555 192.0.2.7 {at}")
    monkeypatch.setattr(_open.getpass, "getuser", lambda: "ada")
    assert _open.main([]) == 0
    assert "--no-browser" in lab.options
    assert f"`ssh -N -L 8889:localhost:8889 {option}ada@192.0.2.7`" in capsys.readouterr().out


def test_without_jupyterlab_it_says_what_brings_it(lab, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    monkeypatch.delitem(sys.modules, "jupyterlab.labapp")
    assert _open.main([]) == 1
    assert capsys.readouterr().err == f"course: {_open.NO_LAB}\n"


def test_another_package_that_is_missing_is_not_mistaken_for_jupyterlab(lab, monkeypatch):
    def fail(argv):
        raise ModuleNotFoundError("No module named 'tornado'", name="tornado")

    monkeypatch.setattr(sys.modules["jupyterlab.labapp"].LabApp, "initialize_server", fail)
    with pytest.raises(ModuleNotFoundError):
        _open.main([])


def test_package_without_a_course_takes_that_around_the_place(tmp_path, monkeypatch, capsys):
    inside = tmp_path / "course" / "notebooks" / "my"
    inside.mkdir(parents=True)
    (inside.parent / "01-a.ipynb").touch()
    wheel = tmp_path / "site-packages"
    assert _open.folder(wheel, inside) == _open.folder(wheel, tmp_path / "course") == tmp_path / "course"
    assert _open.folder(wheel, tmp_path) is None
    assert _open.folder(ROOT, inside) == ROOT
    monkeypatch.setattr(_open, "folder", lambda: None)
    assert _open.main([]) == 1
    assert capsys.readouterr().err == f"course: {_open.NO_COURSE}\n"


def test_the_command_is_installed_under_its_name():
    assert tomllib.loads(read("pyproject.toml"))["project"]["scripts"] == {"course": "gdlib._open:main"}


@pytest.mark.long
@pytest.mark.skipif(not (shutil.which("uv") and find_spec("jupyterlab")), reason="uv or JupyterLab is not here")
def test_course_really_starts_from_a_folder_inside(tmp_path):
    uv = ["uv", "run", "--active", "--no-sync", "course"]  # in the environment of this test, left as it is
    folders = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "RUNTIME", "DATA")}
    log = (tmp_path / "log").open("w+")
    environ = {**os.environ, **folders, "VIRTUAL_ENV": sys.prefix}
    environ.pop("JUPYTER_TOKEN", None)
    server = subprocess.Popen([*uv, "4", "--no-browser"], cwd=NOTEBOOKS, env=environ, stdout=log, stderr=log)
    try:
        end, found = time.monotonic() + 60, None
        while not found and time.monotonic() < end and server.poll() is None:
            time.sleep(0.2)
            said = (tmp_path / "log").read_text()
            found = re.search(
                r"^notebooks/04-worked-example\.ipynb: JupyterLab is at\s+"  # said last, when the port is open
                r"(http://localhost:\d+/)lab/tree/notebooks/04-worked-example\.ipynb\?token=(\w+)",
                said,
                re.MULTILINE,
            )
        assert found, said
        with pytest.raises(OSError, match="403"):  # the token is asked for, as ever
            urlopen(f"{found[1]}api/status", timeout=10)
        asked = Request(f"{found[1]}api/status", headers={"Authorization": f"token {found[2]}"})
        with urlopen(asked, timeout=10) as answer:
            assert answer.status == 200
        page = f"{found[1]}api/contents/notebooks/04-worked-example.ipynb?content=0&token={found[2]}"
        with urlopen(page, timeout=10) as answer:
            assert answer.status == 200
    finally:
        server.terminate()
        code = server.wait(30)
        log.close()
    assert code == 0, (tmp_path / "log").read_text()
    with pytest.raises(OSError, match="refused"):
        urlopen(f"{found[1]}api/status", timeout=10)
