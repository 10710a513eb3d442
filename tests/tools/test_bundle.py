"""The bundle for a class without a network: everything in it, the same file twice, and a page whose links hold."""

import re
import shutil
import subprocess
import sys
import types
import zipfile

import bundle
import pytest
import worksheet
from shared import package_files

from gdlib._course import NOTEBOOKS


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What the builders leave behind, in small."""
    folder = tmp_path_factory.mktemp("built")
    for part in bundle.PARTS:
        (folder / "build" / part).mkdir(parents=True)
        (folder / "build" / part / "index.html").write_text(part)
    (folder / "wheels").mkdir()
    (folder / "wheels" / "gdlib-0-py3-none-any.whl").write_bytes(b"wheel")
    return folder


def packed(built, folder):
    """Return the path of what was packed, with the wheels of one machine."""
    files = bundle.contents(built / "build", built / "wheels")
    bundle.pack(files, {"START-HERE.html": bundle.start_here(list(files), "Python 3.11")}, folder / "course.zip")
    return folder / "course.zip"


@pytest.fixture(scope="module")
def archive(built):
    """The bundle, opened."""
    with zipfile.ZipFile(packed(built, built)) as archive:
        yield archive


def test_everything_is_in_it(archive):
    names = {name.removeprefix("course/") for name in archive.namelist()}
    wanted = {"START-HERE.html", "README.md", "TEACHING.md", "LICENSE", "LICENSE-CONTENT", "pyproject.toml"}
    wanted |= {"notebooks/01-concept.ipynb", "notebooks/practice-bug-hunt.ipynb", "notebooks/glossary.md"}
    wanted |= {"notebooks/solutions/07-network.py", "environment.yml", *package_files()}
    wanted |= {f"{part}/index.html" for part in ("slides", "site", "handouts", "explorers", "worksheet")}
    wanted |= {"wheels/gdlib-0-py3-none-any.whl", "docs/descent.png"}
    assert wanted <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith("notebooks/my/")]


def test_a_readers_own_work_stays_out(tmp_path):
    for name in ("my/a.ipynb", "__pycache__/a.pyc", "a.ipynb", ".ipynb_checkpoints/a.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert list(bundle._files(tmp_path, "notebooks")) == ["notebooks/a.ipynb"]


def test_files_come_out_as_they_went_in(archive):
    assert archive.testzip() is None
    assert archive.read("course/notebooks/glossary.md") == (NOTEBOOKS / "glossary.md").read_bytes()
    assert archive.read("course/slides/index.html") == b"slides"


def test_same_content_makes_the_same_file(built, archive, tmp_path):
    (built / "build/slides/index.html").touch()
    assert packed(built, tmp_path).read_bytes() == (built / "course.zip").read_bytes()


def test_part_that_was_not_built_is_named(built, tmp_path):
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    (tmp_path / "build/site/index.html").unlink()
    with pytest.raises(RuntimeError, match=r"site is empty: run tools/website\.py first"):
        bundle.contents(tmp_path / "build", tmp_path / "wheels")


def test_every_link_of_the_page_leads_somewhere(archive):
    page, names = archive.read("course/START-HERE.html").decode(), archive.namelist()
    links = re.findall('href="([^"]+)"', page)
    assert {"notebooks/", "slides/index.html", "site/index.html", "README.md"} <= set(links)
    for link in links:
        assert any(name.startswith(f"course/{link}") for name in names), link
    assert not re.search(r"https?:|<script", page)


def test_page_says_whether_a_network_is_needed():
    names = ["notebooks/01-concept.ipynb", "wheels/gdlib.whl"]
    without, with_wheels = bundle.start_here(names, ""), bundle.start_here(names, "Python 3.11 on Linux")
    assert "a network once" in without
    assert "--no-index" not in without
    assert "No network is needed" in with_wheels
    assert with_wheels.count("pip install --no-index --find-links wheels gdlib jupyterlab") == 2
    assert "\n.venv/bin/course<" in with_wheels
    assert "\n.venv\\Scripts\\course<" in with_wheels
    assert "slides" not in without  # not packed, not spoken of


def fake(monkeypatch, answers):
    asked = []

    def tool(name, answer):
        module = types.ModuleType(name)
        module.main = lambda arguments: asked.append((name, arguments)) or answer
        return module

    for name, answer in answers.items():
        monkeypatch.setitem(sys.modules, name, tool(name, answer))
    return asked


def test_every_builder_is_asked(monkeypatch, tmp_path):
    asked = fake(monkeypatch, {tool: 0 for tool, _ in bundle.PARTS.values()})
    bundle.build(built=tmp_path)
    assert asked == [("slides", []), ("website", []), ("handouts", []), ("live", []), ("worksheet", [])]


def test_a_lecturers_own_worksheet_is_kept_and_that_of_the_article_made_anew(monkeypatch, tmp_path, capsys):
    own, parts = tmp_path / "worksheet", {"worksheet": bundle.PARTS["worksheet"]}
    monkeypatch.setitem(sys.modules, "paper", None)  # no PDF: it takes time
    worksheet.main(["--to", str(own), "--rows", "1 2; 3 4"])
    asked = fake(monkeypatch, {"worksheet": 0})
    bundle.build(parts, tmp_path)
    assert not asked
    assert 'worksheet: kept, made with --rows "1 2; 3 4"' in capsys.readouterr().out
    worksheet.main(["--to", str(own)])
    bundle.build(parts, tmp_path)
    assert asked == [("worksheet", [])]


def test_builder_that_fails_ends_it(monkeypatch, capsys):
    fake(monkeypatch, {"slides": 0, "website": 1, "handouts": 0, "worksheet": 0})
    assert bundle.main([]) == 1
    assert "tools/website.py ended with 1" in capsys.readouterr().err


def test_the_package_has_files_of_every_kind_in_folders_too(planted):
    assert {"gdlib/descent.py", "gdlib/explore/access.js", "gdlib/figures/course.mplstyle"} <= set(package_files())
    package = planted("figures/x.svg", "<svg/>")
    assert set(package_files(package)) - set(package_files()) == {"gdlib/figures/x.svg"}


@pytest.mark.long
def test_wheel_holds_the_package(tmp_path):
    names = zipfile.ZipFile(bundle.wheel(tmp_path)).namelist()
    assert set(package_files()) - set(names) == set()
    assert not [name for name in names if name.startswith(("tests", "tools"))]


@pytest.mark.long
def test_pip_finds_all_it_needs_among_the_wheels(tmp_path):
    bundle.download(bundle.wheel(tmp_path), tmp_path)
    (tmp_path / "nothing").mkdir()
    pip = ["uvx", "-q", "--python", sys.executable, "pip"]
    command = [*pip, "install", "--no-index", "--dry-run", "--ignore-installed", "gdlib", "jupyterlab", "--find-links"]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"Would install .*gdlib-.*jupyterlab-", done.stdout)
    assert subprocess.run([*command, str(tmp_path / "nothing")], capture_output=True).returncode != 0
