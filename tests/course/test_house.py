"""The house rules: who imports whom, what is written where twice, and what no file may say.

A rule is a function that returns a list of complaints; each is tried on a house that breaks it.
"""

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import gdlib
from gdlib._course import ROOT

# Which modules of gdlib each module may import. Every arrow points up this table.
ARROWS = {
    "_arguments": set(),
    "_course": set(),
    "data": set(),
    "figures": set(),
    "problem": {"_arguments"},
    "curvature": {"_arguments"},
    "descent": {"_arguments", "problem"},
    "explain": {"_arguments", "problem"},
    "plots": {"_arguments", "curvature"},
    "explore": {"data", "figures", "problem", "curvature", "descent", "explain", "plots"},
    "exercises": {"_arguments", "_course", "data", "problem", "curvature", "descent"},
    "check": {"_arguments", "exercises"},
    "__init__": {"figures"},  # inside %load_ext gdlib only: `import gdlib` alone loads nothing
}
# Which modules may import a library from outside. What is not named here may not be imported at all.
LIBRARIES = {
    "numpy": set(ARROWS) - {"__init__"},
    "matplotlib": {"plots", "figures", "explore", "__init__"},
    "matplotlib_inline": {"__init__"},
    "ipywidgets": {"figures", "explore"},
    "anywidget": {"explore"},
    "traitlets": {"explore"},
    "PIL": {"figures"},
    "isal": {"figures"},
    "IPython": {"__init__"},
}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def imports(source):
    """Return the dotted names that a module of gdlib imports, at its top or inside its functions."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, ["gdlib" if node.level else "", node.module]))
            whole = base == "gdlib"  # `from gdlib import data` imports gdlib.data
            names += [f"gdlib.{alias.name}" for alias in node.names] if whole else [base]
    return names


def arrow_complaints(package):
    complaints = []
    for path in sorted(package.rglob("*.py")):
        module = path.relative_to(package).parts[0].removesuffix(".py")  # a package inside counts as one module
        if module not in ARROWS:
            complaints.append(f"{path.name} is new: add it to the table ARROWS, with what it may import")
            continue
        for name in imports(path.read_text(encoding="utf-8")):
            top, _, rest = name.partition(".")
            inside = rest.partition(".")[0]
            if top == "gdlib" and inside in ARROWS and inside not in ARROWS[module] | {module}:
                complaints.append(f"{path.name} imports gdlib.{inside}, which the table ARROWS does not allow")
            elif top not in sys.stdlib_module_names | {"gdlib"} and module not in LIBRARIES.get(top, ()):
                complaints.append(f"{path.name} imports {top}, which the table LIBRARIES does not allow")
    return complaints


def test_arrows_point_one_way():
    assert arrow_complaints(ROOT / "gdlib") == []


def test_table_of_arrows_has_no_circle():
    above = list(ARROWS)
    assert all(above.index(target) < above.index(module) for module, targets in ARROWS.items() for target in targets)


def test_contributing_shows_the_table_of_arrows():
    rows = re.findall(r"^\| `(\w+)` \|.*\| (.*?) ?\|$", read("CONTRIBUTING.md"), re.MULTILINE)
    shown = {module: set(re.findall(r"`(\w+)`", targets)) for module, targets in rows}
    assert dict(rows)["explore"] == "anything above"
    shown["explore"] = set(list(shown)[: list(shown).index("explore")])
    assert shown == {module: targets for module, targets in ARROWS.items() if module != "__init__"}


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("problem", "from gdlib.descent import descend", "gdlib.descent"),
        ("problem", "import gdlib.descent as later", "gdlib.descent"),
        ("problem", "from gdlib import descent", "gdlib.descent"),
        ("problem", "from . import descent", "gdlib.descent"),
        ("problem", "from .descent import descend", "gdlib.descent"),
        ("problem", "def f():\n    from gdlib.descent import descend", "gdlib.descent"),
        ("problem", "import matplotlib.pyplot as plt", "matplotlib"),
        ("plots", "from ipywidgets import FloatSlider", "ipywidgets"),
        ("data", "import scipy", "scipy"),
        ("__init__", "import numpy as np", "numpy"),
        ("rooms", "", "add it to the table"),
    ],
)
def test_wrong_arrow_is_seen(tmp_path, module, source, complaint):
    (tmp_path / f"{module}.py").write_text(source)
    assert [complaint in each for each in arrow_complaints(tmp_path)] == [True]


def test_right_arrows_pass(tmp_path):
    (tmp_path / "explore.py").write_text(
        "import math\nimport ipywidgets\nfrom gdlib.plots import loss\nfrom . import live"
    )
    assert arrow_complaints(tmp_path) == []


def test_package_inside_counts_as_a_module(tmp_path):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "rate.py").write_text(
        "from gdlib.exercises.kinds import Mistake\nfrom gdlib import check"
    )
    assert arrow_complaints(tmp_path) == ["rate.py imports gdlib.check, which the table ARROWS does not allow"]


def test_importing_gdlib_loads_no_library():
    loud = "import sys, gdlib; print(sorted({'numpy', 'matplotlib', 'ipywidgets', 'IPython'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", loud], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


# ---- docstrings and annotations --------------------------------------------------------------------------------------


def signature_complaints(source, name):
    """Complain of public functions, methods and classes without docstring, and of functions without annotations."""
    complaints = []

    def visit(node, inside):
        for child in node.body:
            if not isinstance(child, ast.FunctionDef | ast.ClassDef):
                continue
            full, special = f"{inside}.{child.name}", child.name.startswith("__")
            if child.name.startswith("_") and not special:
                continue
            if not special and not ast.get_docstring(child):
                complaints.append(f"{full} has no docstring")
            if isinstance(child, ast.ClassDef):
                visit(child, full)
            else:
                complaints.extend(
                    f"{full}: {each} has no annotation" for each in bare(child, isinstance(node, ast.ClassDef))
                )

    def bare(function, method):
        given = function.args
        named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, [given.vararg, given.kwarg])]
        static = any(getattr(each, "id", "") == "staticmethod" for each in function.decorator_list)
        named = named[1:] if method and not static else named
        return [each.arg for each in named if each.annotation is None] + ["the result"] * (function.returns is None)

    visit(ast.parse(source), name)
    return complaints


@pytest.mark.parametrize("path", sorted((ROOT / "gdlib").rglob("*.py")), ids=lambda path: path.stem)
def test_public_functions_are_documented_and_annotated(path):
    assert signature_complaints(path.read_text(encoding="utf-8"), path.stem) == []


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("def f() -> int: ...", "m.f has no docstring"),
        ("def f(x) -> int:\n 'doc'", "m.f: x has no annotation"),
        ("def f(*x, y: int) -> int:\n 'doc'", "m.f: x has no annotation"),
        ("def f(x: int):\n 'doc'", "m.f: the result has no annotation"),
        ("class C:\n 'doc'\n def f(self) -> int: ...", "m.C.f has no docstring"),
        ("class C:\n 'doc'\n def __len__(self): ...", "m.C.__len__: the result has no annotation"),
        ("class C: ...", "m.C has no docstring"),
    ],
)
def test_missing_docstring_or_annotation_is_seen(source, complaint):
    assert signature_complaints(source, "m") == [complaint]


def test_private_and_complete_functions_pass():
    source = "def _f(x): ...\nclass C:\n 'doc'\n @classmethod\n def f(cls, *, x: int) -> None:\n  'doc'"
    assert signature_complaints(source, "m") == []


# ---- what is written twice -------------------------------------------------------------------------------------------


CONDA = {"isal": "python-isal"}  # what conda-forge calls otherwise


def requirement(line):
    """Return ("numpy", ">=1.26") of "numpy>=1.26", also where a marker says for which machines it is."""
    return re.fullmatch(r"\s*([\w.-]+)\s*(.*?)\s*(?:;.*)?", line).groups()


def wanted_packages(pyproject):
    """Return {name: bound} of what a learner who also runs the tests needs, Python itself included."""
    table = tomllib.loads(pyproject)
    groups = table["dependency-groups"]

    def lines(group):
        for entry in groups[group]:
            yield from lines(entry["include-group"]) if isinstance(entry, dict) else [entry]

    wanted = [f"python{table['project']['requires-python']}", *table["project"]["dependencies"], *lines("test")]
    return {CONDA.get(name, name): bound for name, bound in map(requirement, wanted)}


def environment_complaints(environment, pyproject):
    """Complain where environment.yml and pyproject.toml do not ask for the same packages with the same bounds."""
    code = re.sub(r"\s*#.*", "", environment)
    listed, _, pip = code.partition("dependencies:")[2].partition("- pip:")
    found = dict(requirement(line) for line in re.findall(r"^\s*- (.+)$", listed, re.MULTILINE))
    wanted = wanted_packages(pyproject) | {"pip": ""}
    names = sorted(set(found) | set(wanted))
    complaints = [
        f"{name}: {found.get(name, 'missing')!r} in environment.yml, {wanted.get(name, 'missing')!r} in pyproject.toml"
        for name in names
        if found.get(name) != wanted.get(name)
    ]
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
        if name != "python":
            own = {conda: own for own, conda in CONDA.items()}.get(name, name)
            for other in (f'"{own}>=99', f'"{own}', f'"not-{own}{bound}'):
                wrong = environment_complaints(environment, pyproject.replace(f'"{own}{bound}', other))
                assert any(each.startswith(f"{name}:") for each in wrong)
    for old, new in [("- numpy", "- surplus\n  - numpy"), ("- -e .", "- -e .\n      - surplus"), ("- -e .", "- .")]:
        assert len(environment_complaints(environment.replace(old, new), pyproject)) == 1
    assert environment_complaints(environment, pyproject.replace('">=3.11"', '">=3.12"'))


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
            "https?://[^\\s\"'<>)]*/" + r"simple\b",
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


def tracked_files():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nobody tracks files here")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]  # also where another user owns the checkout
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    names = filter(None, answer.stdout.decode().split("\0"))
    return [name for name in names if (ROOT / name).is_file()]


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


# ---- links -----------------------------------------------------------------------------------------------------------


def broken_links(text, folder):
    """Return the relative links of a Markdown text that lead to no file; `folder` is where the text lies."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    targets = re.findall(r"\]\(\s*<?([^)\s>]+)", text) + re.findall(r"^\s*\[[^\]]+\]:\s*(\S+)", text, re.MULTILINE)
    targets += re.findall(r"""<(?:a|img)\b[^>]*(?:href|src)=["']([^"']+)""", text)
    files = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    return [file for file in files if file and not (folder / file.replace("%20", " ")).exists()]


def test_links_of_markdown_files_lead_somewhere():
    pages = [ROOT / name for name in tracked_files() if name.endswith(".md")]
    broken = [f"{page.name}: {link}" for page in pages for link in broken_links(page.read_text("utf-8"), page.parent)]
    assert not broken, "\n".join(["", *broken])


def test_broken_link_is_seen(tmp_path):
    (tmp_path / "a.md").touch()
    good = "[a](a.md) [part](a.md#part) [top](#top) [out](https://example.org/x) `[code](no.md)` ![p](a.md)"
    assert broken_links(good, tmp_path) == []
    for bad in ("[x](b.md)", "[x](b.md#part)", "![x](b.md)", "[x](<b.md>)", "[x]: b.md", '<img src="b.md">'):
        assert broken_links(good + "\n" + bad, tmp_path) == ["b.md"]


# ---- what is let pass ------------------------------------------------------------------------------------------------


def waived(kind):
    """Return {what: reason} of what a check lets pass."""
    return tomllib.loads(read("tests/waivers.toml"))[kind]


def test_every_line_without_coverage_is_listed():
    lines = [line for path in (ROOT / "gdlib").glob("*.py") for line in path.read_text("utf-8").splitlines()]
    marked = {line.split("#")[0].strip() for line in lines if re.search(r"#\s*pragma:\s*no", line)}
    assert marked == set(waived("coverage"))


def test_every_cell_that_nbval_ignores_is_listed():
    marked = set()
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        if "my" not in path.relative_to(ROOT).parts:
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                tags = " ".join(cell["metadata"].get("tags", [])) + "".join(cell["source"])
                if re.search(r"nbval[-_](?:ignore|skip)|validate[-_]ignore", tags, re.IGNORECASE):
                    marked.add(f"{path.name}, {cell['id']}")
    assert marked == set(waived("nbval"))


def test_every_waiver_has_a_reason():
    reasons = [each["reason"] for each in waived("number")]
    reasons += [reason for kind in ("spelling", "coverage", "nbval") for reason in waived(kind).values()]
    reasons += [reason for lines in waived("mutants").values() for reason in lines.values()]
    assert all(len(reason) > 5 for reason in reasons)


def test_every_explained_mutant_is_of_a_function_that_is_there():
    for name in set(waived("mutants")) - {"anywhere"}:
        module, *_, function = name.split(".")
        assert f"def {function}(" in read(f"gdlib/{module}.py"), name
