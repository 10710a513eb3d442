"""The repository as a whole: what is written twice, what no file may say, links and paths, and what is let pass.

A rule is a function that returns a list of complaints; each is tried on something that breaks it.
"""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import nbformat
import pytest
import versions as versions_tool
from guards import broken_links
from shared import PACKAGE, imported, read, sources, tracked_files

import gdlib
from gdlib._course import ROOT, notebooks

# ---- what is written twice -------------------------------------------------------------------------------------------


CONDA = {"isal": "python-isal"}  # what conda-forge calls otherwise


def requirement(line):
    """Return ("numpy", ">=1.26") of "numpy>=1.26", also where a marker says for which machines it is."""
    return re.fullmatch(r"\s*([\w.-]+)\s*(.*?)\s*(?:;.*)?", line).groups()


def wanted_packages(pyproject):
    """Return {name: bound} of what a learner who also runs the tests needs, without Python."""
    table = tomllib.loads(pyproject)
    groups = table["dependency-groups"]

    def lines(group):
        for entry in groups[group]:
            yield from lines(entry["include-group"]) if isinstance(entry, dict) else [entry]

    wanted = [*table["project"]["dependencies"], *lines("test")]
    return {CONDA.get(name, name): bound for name, bound in map(requirement, wanted)}


def environment_complaints(environment, pyproject):
    """Complain where environment.yml and pyproject.toml do not ask for the same packages with the same bounds."""
    code = re.sub(r"\s*#.*", "", environment)
    listed, _, pip = code.partition("dependencies:")[2].partition("- pip:")
    found = dict(requirement(line) for line in re.findall(r"^\s*- (.+)$", listed, re.MULTILINE))
    wanted = wanted_packages(pyproject) | {"pip": "", "python": found.get("python")}
    names = sorted(set(found) | set(wanted))
    complaints = [
        f"{name}: {found.get(name, 'missing')!r} in environment.yml, {wanted.get(name, 'missing')!r} in pyproject.toml"
        for name in names
        if found.get(name) != wanted.get(name)
    ]
    one = re.fullmatch(r"=3\.(\d+)", found.get("python", ""))  # one minor version, as Binder wants it
    least = re.search(r'^requires-python = ">=3\.(\d+)"$', pyproject, re.MULTILINE)
    if not (one and least and int(one[1]) >= int(least[1])):
        complaints.append("python: environment.yml must name one version that pyproject.toml allows")
    if re.findall(r"- (.+)", pip) != ["-e ."]:
        complaints.append("environment.yml must install the course itself, and only that, by pip: -e .")
    return complaints


def test_environment_and_pyproject_agree():
    assert environment_complaints(read("environment.yml"), read("pyproject.toml")) == []


def test_every_disagreement_of_environment_and_pyproject_is_seen():
    environment, pyproject = read("environment.yml"), read("pyproject.toml")
    for name, bound in wanted_packages(pyproject).items():
        assert environment.count(f"- {name}{bound}\n") == 1
        for other in (f"- {name}>=99\n", f"- {name}\n", f"- not-{name}{bound}\n", "\n"):
            wrong = environment_complaints(environment.replace(f"- {name}{bound}\n", other), pyproject)
            assert any(each.startswith(f"{name}:") for each in wrong)
        own = {conda: own for own, conda in CONDA.items()}.get(name, name)
        for other in (f'"{own}>=99', f'"{own}', f'"not-{own}{bound}'):
            wrong = environment_complaints(environment, pyproject.replace(f'"{own}{bound}', other))
            assert any(each.startswith(f"{name}:") for each in wrong)
    for old, new in [("- numpy", "- surplus\n  - numpy"), ("- -e .", "- -e .\n      - surplus"), ("- -e .", "- .")]:
        assert len(environment_complaints(environment.replace(old, new), pyproject)) == 1
    for other in ("- python>=3.11\n", "- python\n", "- python=3.10\n", "- python=3.13.1\n", "- not-python=3.13\n"):
        wrong = environment_complaints(re.sub("- python=.*\n", other, environment), pyproject)
        assert any(each.startswith("python:") for each in wrong)
    assert environment_complaints(environment, pyproject.replace('">=3.11"', '">=3.99"'))


def test_condas_python_is_one_that_is_tried():
    assert re.search(r"- python=(\S+)", read("environment.yml"))[1] in versions_tool.PYTHONS


@pytest.mark.long
def test_binder_takes_the_python_that_environment_names():
    if not shutil.which("uvx"):
        pytest.skip("uvx is not here")
    repo2docker = ["uvx", "--quiet", "--from", "jupyter-repo2docker", "repo2docker"]
    if subprocess.run([*repo2docker, "--version"], capture_output=True).returncode:
        pytest.skip("repo2docker cannot be had here")
    command = [*repo2docker, "--no-build", "--debug", "--user-id=1000", "--user-name=reader", str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    said, python = done.stdout + done.stderr, re.search(r"- (python=\S+)", read("environment.yml"))[1]
    assert done.returncode == 0, said
    assert f"Building conda environment for {python}\n" in said
    assert "current default Python" not in said
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"' in said


def versions():
    """Return each place's word for the version of the course."""
    return {
        "pyproject.toml": tomllib.loads(read("pyproject.toml"))["project"]["version"],
        "CITATION.cff": re.search(r"^version: (\S+)$", read("CITATION.cff"), re.MULTILINE)[1],
        "CHANGELOG.md, newest release": re.search(r"^## \[(\d\S*)\]", read("CHANGELOG.md"), re.MULTILINE)[1],
        "gdlib": getattr(gdlib, "__version__", None) or importlib.metadata.version("gdlib"),
    }


def test_versions_agree():
    assert len(set(versions().values())) == 1, versions()


def test_release_dates_agree():
    cited = re.search(r"^date-released: (\S+)$", read("CITATION.cff"), re.MULTILINE)[1]
    assert re.search(r"^## \[\d\S*\] - (\S+)$", read("CHANGELOG.md"), re.MULTILINE)[1] == cited


# ---- what no file may say --------------------------------------------------------------------------------------------

# Assembled here, so that this file does not say it either.
FORBIDDEN = {
    "a package registry's host": "|".join(
        [
            "py" + r"pi\.(org|io)",
            "python" + r"hosted\.org",
            "registry" + r"\.(npmjs|yarnpkg)",
            "conda" + r"\.anaconda\.",
            "https?://[^\\s\"'<>)]*/" + r"simple(?![\w-])",
        ]
    ),
    "a path of one machine": r"(?<![\w.~])/" + r"(work|tmp|home|root|Users)/\w" + "|" + r"\b[A-Z]:\\Users\b",
}


def text_complaints(name, text):
    complaints = [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1} names {what}: {found[0]}"
        for what, pattern in FORBIDDEN.items()
        for found in re.finditer(pattern, text)
    ]
    lock = "uv" + ".lock"
    return complaints + [f"{name} is a lock file, full of download addresses"] * (Path(name).name == lock)


def test_no_tracked_file_names_a_registry_or_a_machine():
    files = tracked_files()
    texts = {name: (ROOT / name).read_bytes().decode("utf-8", errors="replace") for name in files}
    assert [each for name, text in texts.items() for each in text_complaints(name, text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "see https://" + "py" + "pi.org/project/numpy",
        "https://files." + "python" + "hosted.org/x.whl",
        "https://registry" + ".npmjs.org/x",
        "--index-url https://mirror.example/" + "simple/",
        "in /" + "home/ada/course",
        "File /" + "work/main/x.py",
        "C:\\" + "Users\\Ada",
    ],
)
def test_forbidden_text_is_seen(text):
    assert len(text_complaints("a.md", "first\n" + text)) == 1
    assert text_complaints("a.md", "first\n" + text)[0].startswith("a.md:2 ")


def test_lock_file_is_seen_and_plain_text_passes():
    assert text_complaints("uv" + ".lock", "")
    assert text_complaints("a.md", "homework/home/x, ../work/x, https://example.org/home/x and PyPI") == []
    assert text_complaints("a.md", "https://example.org/simple-network and https://example.org/simple_network") == []


# ---- links -----------------------------------------------------------------------------------------------------------


def test_links_of_markdown_files_lead_somewhere():
    pages = [ROOT / name for name in tracked_files() if name.endswith(".md")]
    broken = [f"{page.name}: {link}" for page in pages for link in broken_links(page.read_text("utf-8"), page.parent)]
    assert not broken, "\n".join(["", *broken])


PATH = r"(?<![\w./-])(?:tests|tools|gdlib)/[\w./-]*\w(?![\w\\])"


def lost_paths(text, root):
    """Return the paths of tests, tools and modules that a text names and that are not there."""
    return [path for path in re.findall(PATH, text) if not (root / path).exists()]


def test_paths_that_are_named_are_there():
    pages = [name for name in tracked_files() if re.search(r"\.(md|yml|toml)$|^tools/.*\.py$|^\.ci/", name)]
    assert [f"{page}: {path}" for page in pages for path in lost_paths(read(page), ROOT)] == []


def test_lost_path_is_seen(tmp_path):
    for name in ("tests/gdlib/test_a.py", "tools/a.py", "gdlib/figures/a.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    good = "`tests/gdlib/test_a.py`, tests/gdlib/ and tools/a.py, gdlib/figures. my/tools/x, https://tests/x"
    assert lost_paths(good, tmp_path) == []
    for bad in ("tests/test_a.py", "tools/b.py", "gdlib/a.css", "gdlib/a"):
        assert lost_paths(f"see `{bad}`.", tmp_path) == [bad]


def test_broken_link_is_seen(tmp_path):
    (tmp_path / "a.md").touch()
    good = "[a](a.md) [part](a.md#part) [top](#top) [out](https://example.org/x) `[code](no.md)` ![p](a.md)"
    assert broken_links(good, tmp_path) == []
    for bad in ("[x](b.md)", "[x](b.md#part)", "![x](b.md)", "[x](<b.md>)", "[x]: b.md", '<img src="b.md">'):
        assert broken_links(good + "\n" + bad, tmp_path) == ["b.md"]


# ---- who may import a test ------------------------------------------------------------------------------------------


def imported_tests(name, source):
    """Return the tests that a file imports; a tool may import nothing of the tests, not even what they share."""
    forbidden = r"(^|\.)test_\w+" if name.startswith("tests/") else r"(^|\.)test_\w+|^(tests|shared|conftest)\b"
    nodes = list(ast.walk(ast.parse(source)))
    calls = [node for node in nodes if isinstance(node, ast.Call) and node.args]
    called = [(getattr(call.func, "attr", getattr(call.func, "id", "")), call.args[0]) for call in calls]
    asked = [argument for name, argument in called if re.search("import|needed", name)]
    strings = [each.value for each in asked if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return [each for each in [*imported(nodes), *strings] if re.search(forbidden, each)]


def test_no_test_and_no_tool_imports_a_test():
    folders = ("tests", "tools", "gdlib", "benchmarks", "docs")
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    names = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}
    assert {"tests/shared.py", "tools/guards.py", "tests/gdlib/figures/test_live.py"} <= set(names)
    assert {name: found for name, source in names.items() if (found := imported_tests(name, source))} == {}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("tests/gdlib/test_a.py", "from test_data import ROWS"),
        ("tests/gdlib/test_a.py", "import tests.gdlib.test_data as data"),
        ("tests/gdlib/test_a.py", "def f():\n    from tests.gdlib import test_data"),
        ("tests/shared.py", "__import__('test_data')"),
        ("tests/shared.py", "x = importlib.import_module('test_data').ROWS"),
        ("tests/shared.py", "needed('test_data', must=True)"),
        ("tools/a.py", "import test_data"),
        ("tools/a.py", "from shared import read"),
        ("tools/a.py", "import tests"),
    ],
)
def test_imported_test_is_seen(name, source):
    assert len(imported_tests(name, source)) == 1
    assert imported_tests("tests/gdlib/test_a.py", "from shared import read\nimport pytest, hypothesis") == []


# ---- what is let pass ------------------------------------------------------------------------------------------------


def waived(kind):
    """Return {what: reason} of what a check lets pass."""
    return tomllib.loads(read("tests/waivers.toml"))[kind]


def without_coverage(package):
    """Return the lines of a package that coverage is told not to count."""
    lines = [line for source in sources(package).values() for line in source.splitlines()]
    return {line.split("#")[0].strip() for line in lines if re.search(r"#\s*pragma:\s*no", line)}


def test_every_line_without_coverage_is_listed():
    assert without_coverage(PACKAGE) == set(waived("coverage"))


def test_line_without_coverage_is_seen_in_a_folder_too(planted):
    package = planted("figures/x.py", "if False:  # pragma: no cover\n    pass\n")
    assert without_coverage(package) - set(waived("coverage")) == {"if False:"}


def test_every_cell_that_nbval_ignores_is_listed():
    marked = set()
    for path in notebooks():
        for cell in nbformat.read(path, as_version=4).cells:
            tags = " ".join(cell.metadata.get("tags", [])) + cell.source
            if re.search(r"nbval[-_](?:ignore|skip)|validate[-_]ignore", tags, re.IGNORECASE):
                marked.add(f"{path.name}, {cell.id}")
    assert marked == set(waived("nbval"))


def test_every_waiver_has_a_reason():
    reasons = [each["reason"] for each in waived("number")]
    reasons += [reason for kind in ("spelling", "coverage", "nbval") for reason in waived(kind).values()]
    reasons += [reason for lines in waived("mutants").values() for reason in lines.values()]
    assert all(len(reason) > 5 for reason in reasons)


def functions(package):
    """Return "figures.live.LiveFigure.show" and so on, for every function and method of a package."""

    def inside(node, name):
        for child in node.body:
            if isinstance(child, ast.FunctionDef):
                yield f"{name}.{child.name}"
            elif isinstance(child, ast.ClassDef):
                yield from inside(child, f"{name}.{child.name}")

    return {each for name, source in sources(package).items() for each in inside(ast.parse(source), name)}


def test_every_explained_mutant_is_of_a_function_that_is_there():
    assert set(waived("mutants")) - {"anywhere"} - functions(PACKAGE) == set()


def test_functions_are_found_in_folders_too(planted):
    package = planted("figures/x.py", "class C:\n    def f(self): ...\n\ndef g(): ...\n")
    assert functions(package) - functions(PACKAGE) == {"figures.x.C.f", "figures.x.g"}
