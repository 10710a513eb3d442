"""How gdlib is laid out: which module may import which, how large modules and functions may be, and what each must say.

A rule is a function that returns a list of complaints; each is tried on a package that breaks it.
"""

import ast
import re
import runpy
import subprocess
import sys
from itertools import pairwise

import pytest
from shared import PACKAGE, has_moved, imports, modules, read, sources

from gdlib._course import ROOT

# A room is a module at the top of gdlib, or a folder with all that is in it. Which rooms each may import; every arrow
# points up this table, and none is there that nobody uses.
ARROWS = {
    "_arguments": set(),
    "_course": set(),
    "_formatting": set(),
    "_open": {"_course"},
    "_moved": set(),
    "_many_rows": set(),
    "_calls": {"_arguments"},
    "_rows": {"_arguments", "_formatting"},
    "_scores": {"_arguments"},
    "_arithmetic": {"_formatting"},
    "_drawing": {"_arguments"},
    "data": {"_arguments"},
    "figures": set(),
    "problem": {"_arguments", "_calls", "_moved"},
    "linear": {"_arguments", "_many_rows", "_rows"},
    "classify": {"_arguments", "_formatting", "_scores", "linear"},
    "network": {"_arguments", "_formatting", "_rows", "_scores"},
    "curvature": {"_arguments", "linear"},
    "descent": {"_arguments", "_calls", "problem"},
    "explain": {"_arguments", "_arithmetic", "_formatting", "descent", "linear", "classify", "network"},
    "plots": {"_arguments", "_drawing", "_formatting", "_moved", "curvature", "linear", "classify"},
    "graph": {"_arguments", "_drawing", "_formatting", "linear"},
    "explore": {
        *("_formatting", "_moved", "data", "figures", "problem", "linear", "classify", "curvature"),
        *("network", "descent", "explain", "plots", "graph"),
    },
    "exercises": {"_arguments", "_course", "_formatting", "data", "problem", "linear", "curvature", "descent"},
    "check": {"_arguments", "exercises"},
    "__init__": {"figures"},  # inside %load_ext gdlib only: `import gdlib` alone loads nothing
}
# Which rooms may import a library from outside. What is not named here may not be imported at all.
LIBRARIES = {
    "numpy": set(ARROWS) - {"__init__", "_course", "_formatting", "_open", "_moved", "_arithmetic", "check"},
    "matplotlib": {"_drawing", "plots", "graph", "figures", "explore"},
    "matplotlib_inline": {"figures"},
    "ipywidgets": {"figures", "explore"},
    "anywidget": {"explore"},
    "traitlets": {"explore"},
    "PIL": {"figures"},
    "isal": {"figures"},
    "jupyterlab": {"_open"},  # inside a function: the package does not need it
    "IPython": {"figures", "__init__"},
}
# Modules that have moved: what is left of each raises an ImportError that names the new place, and is no room.
MOVED = {"bugs"}

SOURCES = sources()
MOST_MODULES, MOST_FOLDERS, MOST_LINES, LONGEST_FUNCTION = 10, 5, 450, 50


# ---- arrows ----------------------------------------------------------------------------------------------------------


def room_of(module):
    return module.partition(".")[0]


def used(package):
    """Return (module, its room, what it imports, the room or library of that) for each import of a package.

    What is left of a module that has moved is not looked at; `test_what_has_moved_says_where` does.
    """
    found = []
    for module, source in sources(package).items():
        if module not in MOVED:
            for name in imports(source, f"gdlib.{module}"):
                top, _, inside = name.partition(".")
                target = room_of(inside) if room_of(inside) in {*ARROWS, *MOVED} else "__init__"
                found.append((module, room_of(module), name, target if top == "gdlib" else top))
    return found


def arrow_complaints(package):
    """Complain of new rooms, and of imports that the tables do not allow."""
    rooms = {room_of(module) for module in sources(package)} - MOVED
    complaints = [
        f"{room} is new: add it to the table ARROWS, with what it may import" for room in sorted(rooms - set(ARROWS))
    ]
    for module, room, name, target in used(package):
        if room not in ARROWS:
            continue
        if name.partition(".")[0] == "gdlib":
            if target not in ARROWS[room] | {room}:
                complaints.append(f"{module} imports {name}, which the table ARROWS does not allow")
        elif target not in sys.stdlib_module_names and room not in LIBRARIES.get(target, ()):
            complaints.append(f"{module} imports {name}, which the table LIBRARIES does not allow")
    return complaints


def unused_permissions(package):
    """Complain of rows of the tables that are of no room, and of permissions in them that nobody uses."""
    rooms = {room_of(module) for module in sources(package)}
    arrows, libraries = set(), set()
    for _, room, name, target in used(package):
        (arrows if name.partition(".")[0] == "gdlib" else libraries).add((room, target))
    complaints = [f"{room} is in the table ARROWS and not in gdlib" for room in ARROWS if room not in rooms]
    complaints += [f"{room} is in the table MOVED and not in gdlib" for room in MOVED if room not in rooms]
    complaints += [
        f"{room} does not import {target}, which the table ARROWS allows"
        for room in ARROWS
        for target in sorted(ARROWS[room])
        if (room, target) not in arrows
    ]
    return complaints + [
        f"{room} does not import {library}, which the table LIBRARIES allows"
        for library in LIBRARIES
        for room in sorted(LIBRARIES[library])
        if (room, library) not in libraries
    ]


def test_arrows_point_one_way():
    assert arrow_complaints(PACKAGE) == []


def test_table_of_arrows_has_no_circle():
    above = list(ARROWS)
    assert all(above.index(target) < above.index(room) for room, targets in ARROWS.items() for target in targets)


def test_every_permission_is_used():
    assert unused_permissions(PACKAGE) == []


def test_contributing_shows_the_table_of_arrows():
    rows = re.findall(r"^\| `(\w+)` \|.*\| (.*?) ?\|$", read("CONTRIBUTING.md"), re.MULTILINE)
    shown = {room: set(re.findall(r"`(\w+)`", targets)) for room, targets in rows}
    for room, targets in rows:
        if targets == "anything above":
            shown[room] = set(list(shown)[: list(shown).index(room)])
    assert shown == {room: targets for room, targets in ARROWS.items() if room != "__init__"}


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("problem", "from gdlib.descent import descend", "gdlib.descent"),
        ("problem", "import gdlib.descent as later", "gdlib.descent"),
        ("problem", "from gdlib import descent", "gdlib.descent"),
        ("problem", "from gdlib import __version__", "gdlib.__version__"),
        ("problem", "from . import descent", "gdlib.descent"),
        ("problem", "from .descent import descend", "gdlib.descent"),
        ("problem", "def f():\n    from gdlib.descent import descend", "gdlib.descent"),
        ("problem", "import matplotlib.pyplot as plt", "matplotlib"),
        ("plots", "from ipywidgets import FloatSlider", "ipywidgets"),
        ("data", "import scipy", "scipy"),
        ("__init__", "import numpy as np", "numpy"),
        ("rooms", "", "add it to the table"),
        ("figures/x", "from gdlib.explore import Explorer", "gdlib.explore"),
        ("figures/x", "from ..explore import Explorer", "gdlib.explore"),
        ("figures/x", "import torch", "torch"),
        ("exercises/x", "from gdlib import check", "gdlib.check"),
    ],
)
def test_wrong_arrow_is_seen(planted, tmp_path, module, source, complaint):
    (tmp_path / f"{module}.py").parent.mkdir(exist_ok=True)
    (tmp_path / f"{module}.py").write_text(source)
    assert [complaint in each for each in arrow_complaints(tmp_path)] == [True]
    if not (PACKAGE / f"{module}.py").exists():  # and among all the others
        assert [complaint in each for each in arrow_complaints(planted(f"{module}.py", source))] == [True]


def test_right_arrows_pass(tmp_path):
    (tmp_path / "explore.py").write_text(
        "import math\nimport ipywidgets\nfrom gdlib.plots import loss\nfrom . import figures"
    )
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "rate.py").write_text(
        "from gdlib.exercises.kinds import Mistake\nfrom .kinds import Exercise\nfrom . import steps"
    )
    assert arrow_complaints(tmp_path) == []


def test_moved_module_is_no_room_and_may_not_be_imported(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "MOVED", {"bugs"})
    (tmp_path / "bugs.py").write_text('raise ImportError("gdlib.bugs is now gdlib.exercises.bugs")')
    assert arrow_complaints(tmp_path) == []
    (tmp_path / "data.py").write_text("from gdlib.bugs import culprit")
    (tmp_path / "check.py").write_text("from gdlib import bugs")
    assert ["gdlib.bugs" in each for each in arrow_complaints(tmp_path)] == [True, True]


def test_unused_permissions_are_seen(planted, monkeypatch):
    package = planted("curvature.py", "from gdlib._arguments import count\nimport numpy")
    assert unused_permissions(package) == ["curvature does not import linear, which the table ARROWS allows"]
    (package / "curvature.py").write_text("from gdlib._arguments import count\nfrom gdlib.linear import squared_error")
    assert unused_permissions(package) == ["curvature does not import numpy, which the table LIBRARIES allows"]
    (package / "curvature.py").unlink()
    assert "curvature is in the table ARROWS and not in gdlib" in unused_permissions(package)
    monkeypatch.setitem(globals(), "MOVED", {"gone"})
    assert "gone is in the table MOVED and not in gdlib" in unused_permissions(package)


def test_importing_gdlib_loads_no_library():
    loud = "import sys, gdlib; print(sorted({'numpy', 'matplotlib', 'ipywidgets', 'IPython'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", loud], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def pyplot_users(package):
    """Return the modules of a package that import pyplot: it keeps figures, and chooses how they are shown."""
    found = [(module, name) for module, source in sources(package).items() for name in imports(source)]
    return [module for module, name in found if re.match(r"matplotlib\.pyplot\b|pylab\b", name)]


def test_no_module_uses_pyplot():
    assert pyplot_users(PACKAGE) == []


@pytest.mark.parametrize("source", ["import matplotlib.pyplot as plt", "def f():\n    from matplotlib import pyplot"])
def test_pyplot_is_seen_in_a_folder_too(planted, source):
    assert pyplot_users(planted("explore/x.py", source)) == ["explore.x"]


# ---- circles ---------------------------------------------------------------------------------------------------------


def graph(package):
    """Return {module: the modules that it imports}, of those inside a package; also what a function imports later."""
    every = {f"gdlib.{name}": source for name, source in sources(package).items()}

    def target(name):
        """Return the module that an imported name is, or is in: a folder is its ``__init__``."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            for found in (".".join(parts[:length]), ".".join([*parts[:length], "__init__"])):
                if found in every:
                    return found
        return None

    found = {name: {target(each) for each in imports(source, name)} - {None} for name, source in every.items()}
    return {name.removeprefix("gdlib."): {each.removeprefix("gdlib.") for each in found[name]} for name in found}


def circles(package):
    """Return the circles of imports in a package, each as the modules along it: a module is in one of them at most."""
    left, found = graph(package), []
    while left:
        free = [module for module, targets in left.items() if not targets & set(left)]
        if not free:  # each that is left imports another that is left: follow them until one comes again
            way = [min(left)]
            while way[-1] not in way[:-1]:
                way.append(min(left[way[-1]] & set(left)))
            found.append(way[way.index(way[-1]) :])
            free = found[-1]
        left = {module: targets for module, targets in left.items() if module not in free}
    return found


def test_no_import_circle():
    assert circles(PACKAGE) == []


@pytest.mark.parametrize(
    ("files", "circle"),
    [
        ({"a": "import gdlib.a"}, {"a"}),
        ({"a": "import gdlib.b", "b": "from gdlib.a import f", "c": "import gdlib.a"}, {"a", "b"}),
        ({"a": "from . import b", "b": "from .c import f", "c": "def f():\n    from gdlib import a"}, {"a", "b", "c"}),
        ({"f/a": "from .b import x", "f/b": "def g():\n    from gdlib.f.a import y", "f/__init__": ""}, {"f.a", "f.b"}),
        ({"f/__init__": "from gdlib.f.a import A", "f/a": "from gdlib.f import B"}, {"f.__init__", "f.a"}),
        (
            {"f/__init__": "from .a import A", "f/a": "from gdlib.b import x", "b": "import gdlib.f"},
            {"f.__init__", "f.a", "b"},
        ),
        ({"__init__": "def f():\n    from gdlib.a import x", "a": "from gdlib import version"}, {"__init__", "a"}),
    ],
)
def test_circle_is_seen(tmp_path, files, circle):
    for name, source in files.items():
        (tmp_path / f"{name}.py").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").write_text(source)
    (found,) = circles(tmp_path)
    assert set(found) == circle
    imported = graph(tmp_path)
    assert all(later in imported[earlier] for earlier, later in pairwise(found))
    assert found[0] == found[-1]


def test_circle_among_all_modules_is_seen(planted):
    package = planted("_arguments.py", "def f():\n    from gdlib import plots")
    assert any({"_arguments", "plots.__init__"} <= set(circle) for circle in circles(package))


def test_folder_without_circle_passes(tmp_path):
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "__init__.py").write_text("from gdlib.f.a import A\nfrom gdlib.f.b import B")
    (tmp_path / "f" / "a.py").write_text("from gdlib.f.b import B\nfrom .c import C")
    (tmp_path / "f" / "b.py").write_text("from . import c")
    (tmp_path / "f" / "c.py").write_text("import numpy")
    assert circles(tmp_path) == []


# ---- what has moved --------------------------------------------------------------------------------------------------


def stub_complaints(package):
    """Complain of modules that have moved without a word in the table, or without saying where to."""
    every, complaints = modules(package), []
    there = {
        f"gdlib.{name.removesuffix('.__init__')}"
        for name, path in every.items()
        if not has_moved(path.read_text("utf-8"))
    }
    for name in sorted(MOVED | {name for name in every if f"gdlib.{name.removesuffix('.__init__')}" not in there}):
        if name not in MOVED:
            complaints.append(f"{name} raises as it is imported: add it to the table MOVED")
        elif f"gdlib.{name}" in there or name not in every:
            complaints.append(f"{name} is in the table MOVED and has not moved")
        else:
            try:
                runpy.run_path(str(every[name]))
            except ImportError as error:
                named = set(re.findall(r"gdlib\.[\w.]*\w", str(error)))
                if not named & there:
                    complaints.append(f"{name} names no module that is there: {error}")
    return complaints


def test_what_has_moved_says_where():
    assert stub_complaints(PACKAGE) == []


def test_stub_that_says_nothing_is_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "MOVED", {"bugs"})
    (tmp_path / "data.py").touch()
    (tmp_path / "bugs.py").write_text('raise ImportError("gdlib.bugs is now gdlib.data")')
    assert stub_complaints(tmp_path) == []
    (tmp_path / "bugs.py").write_text('raise ImportError("gdlib.bugs is now gdlib.exercises.bugs")')
    assert stub_complaints(tmp_path) == ["bugs names no module that is there: gdlib.bugs is now gdlib.exercises.bugs"]
    (tmp_path / "bugs.py").write_text("x = 1")
    assert stub_complaints(tmp_path) == ["bugs is in the table MOVED and has not moved"]
    (tmp_path / "bugs.py").unlink()
    assert stub_complaints(tmp_path) == ["bugs is in the table MOVED and has not moved"]
    monkeypatch.setitem(globals(), "MOVED", set())
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "old.py").write_text('raise ImportError("gdlib.f.old is now gdlib.data")')
    assert stub_complaints(tmp_path) == ["f.old raises as it is imported: add it to the table MOVED"]


# ---- how large -------------------------------------------------------------------------------------------------------


def top_complaints(package):
    """Complain of too many public modules or folders at the top of a package; what has moved does not count."""
    top = {room_of(module): "." in module for module in sources(package)}
    public = {room: folder for room, folder in top.items() if not room.startswith("_") and room not in MOVED}
    counts = (
        ("modules", sum(not each for each in public.values()), MOST_MODULES),
        ("folders", sum(public.values()), MOST_FOLDERS),
    )
    return [f"{count} {kind} at the top, more than {most}" for kind, count, most in counts if count > most]


def size_complaints(source, name):
    """Complain of a long module, and of long functions, their docstrings not counted."""
    lines = len(source.splitlines())
    complaints = [f"{name} has {lines} lines, more than {MOST_LINES}"] * (lines > MOST_LINES)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node):
                length -= node.body[0].end_lineno - node.body[0].lineno + 1
            if length > LONGEST_FUNCTION:
                complaints.append(f"{name}.{node.name} has {length} lines, more than {LONGEST_FUNCTION}")
    return complaints


def test_the_top_is_short():
    assert top_complaints(PACKAGE) == []


@pytest.mark.parametrize("name", SOURCES)
def test_modules_and_functions_are_short(name):
    assert size_complaints(SOURCES[name], name) == []


def test_too_much_at_the_top_is_seen(tmp_path, monkeypatch):
    for name in ["__init__", "_a", *"bcdefghijk"]:
        (tmp_path / f"{name}.py").touch()
    for name in ("l", "m", "n", "o", "r", "_o"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "more.py").touch()
    assert top_complaints(tmp_path) == []
    (tmp_path / "p.py").touch()
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "r.py").touch()
    assert top_complaints(tmp_path) == ["11 modules at the top, more than 10", "6 folders at the top, more than 5"]
    monkeypatch.setitem(globals(), "MOVED", {"p"})
    assert top_complaints(tmp_path) == ["6 folders at the top, more than 5"]


def test_long_module_and_long_function_are_seen(planted):
    body = "\n".join(["    x = 1"] * 49)
    assert size_complaints(f"def f():\n    '''A\n\n    b.'''\n{body}\n", "m") == []
    assert size_complaints(f"class C:\n def f():\n    'A.'\n{body}\n    y = 2\n", "m") == [
        "m.f has 51 lines, more than 50"
    ]
    assert size_complaints("x = 1\n" * 450, "m") == []
    package = planted("figures/x.py", "x = 1\n" * 451)
    assert size_complaints(sources(package)["figures.x"], "figures.x") == ["figures.x has 451 lines, more than 450"]


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


@pytest.mark.parametrize("name", SOURCES)
def test_public_functions_are_documented_and_annotated(name):
    assert signature_complaints(SOURCES[name], name) == []


def test_missing_docstring_is_seen_in_a_folder_too(planted):
    package = planted("figures/x.py", "def f() -> int: ...")
    every = [each for name, source in sources(package).items() for each in signature_complaints(source, name)]
    assert every == ["figures.x.f has no docstring"]


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
