"""tools/versions.py: which packages meet which Python, and that one failure is a failure."""

import re
import subprocess
import sys
import tomllib
from shutil import which
from types import SimpleNamespace

import pytest
import versions
from shared import read

FOUND = {"3.11": "/bin/old", "3.13": "/bin/new"}


def test_the_oldest_python_is_the_one_that_the_package_asks_for():
    assert tomllib.loads(read("pyproject.toml"))["project"]["requires-python"] == f">={versions.PYTHONS[0]}"


def test_the_workflows_try_every_python_and_the_newest_of_everything():
    quoted = [f'"{each}"' for each in versions.PYTHONS]
    assert f"python: [{', '.join(quoted)}]" in read(".github/workflows/test.yml")
    assert (
        f"python-version: {quoted[-1]}\n      - run: pip install uv\n      - run: python tools/versions.py newest"
        in read(".github/workflows/weekly.yml")
    )


def test_each_set_meets_its_pythons():
    made = [(name, python) for name, python, _ in versions.runs(list(versions.SETS), FOUND)]
    assert made == [("oldest", "3.11"), ("pythons", "3.11"), ("pythons", "3.13"), ("newest", "3.13")]


def test_the_oldest_packages_are_tried_where_their_python_must_be_fetched():
    ((*_, options),) = versions.runs(["oldest"], {"3.13": "/bin/new"})
    assert options[options.index("--python") + 1] == "3.11"


@pytest.mark.skipif(not which(versions.UV), reason="uv is not here, as in a conda environment")
def test_this_python_is_found_and_another_is_not():
    this = f"{sys.version_info.major}.{sys.version_info.minor}"
    said = subprocess.run([versions.find(this), "--version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"Python {this}.")
    assert versions.find("3.99") is None


def test_pyenv_has_pythons_too(tmp_path, monkeypatch):
    for name in ("3.98.1", "3.98.2", "3.9.8"):
        (tmp_path / "versions" / name / "bin").mkdir(parents=True)
        (tmp_path / "versions" / name / "bin" / "python").touch()
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setattr(versions, "UV", sys.executable)  # which finds nothing
    assert versions.find("3.98") == str(tmp_path / "versions" / "3.98.2" / "bin" / "python")


@pytest.mark.parametrize(("codes", "status"), [([0, 0], 0), ([1, 0], 1), ([0, 5], 1)])
def test_one_failure_is_a_failure(codes, status, capsys, monkeypatch):
    left, commands = list(codes), []
    monkeypatch.setattr(versions, "find", FOUND.get)
    answer = lambda command, **_: commands.append(command) or SimpleNamespace(returncode=left.pop(0))  # noqa: E731
    monkeypatch.setattr(versions, "subprocess", SimpleNamespace(run=answer))
    assert versions.main(["oldest", "newest", "--", "-n1", "tests"]) == status
    assert [command[-4:] for command in commands] == [["test", "pytest", "-n1", "tests"]] * 2
    assert [word for command in commands for word in command if word in FOUND.values()] == list(FOUND.values())
    said = re.findall(r"^(oldest|newest) +Python \S+ +(passed|FAILED)", capsys.readouterr().out, re.MULTILINE)
    assert said == [
        (name, "FAILED" if code else "passed") for name, code in zip(["oldest", "newest"], codes, strict=True)
    ]


def test_what_is_not_there_is_said(capsys, monkeypatch):
    monkeypatch.setattr(versions, "find", {}.get)
    assert versions.main(["pythons"]) == 1  # nothing was tried
    assert re.findall(r"Python (\S+) +not on this machine", capsys.readouterr().out) == list(versions.PYTHONS)


def test_unknown_set_is_refused(capsys):
    with pytest.raises(SystemExit):
        versions.main(["youngest"])
    assert "one of oldest, pythons, newest, got youngest" in capsys.readouterr().err
