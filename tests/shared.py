"""What tests share: files, imports, packages that may be missing, a page's arithmetic read back, a notebook's story."""

import ast
import atexit
import contextlib
import functools
import io
import os
import re
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from unicodedata import normalize

import nbformat
import pytest

from gdlib._course import NOTEBOOKS, ROOT

PACKAGE = ROOT / "gdlib"
CI = bool(os.environ.get("CI"))


# --- files ------------------------------------------------------------------------------------------------------------


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def tracked_files():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nobody tracks files here")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]  # also where another user owns the checkout
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    names = filter(None, answer.stdout.decode().split("\0"))
    return [name for name in names if (ROOT / name).is_file()]


def package_files(package=PACKAGE):
    """Return {"gdlib/explore/access.js": its path} of every file of the package that is packed."""
    paths = [path for path in sorted(package.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return {f"gdlib/{path.relative_to(package).as_posix()}": path for path in paths}


def modules(package=PACKAGE):
    """Return {"figures.live": its path} of every module of the package; a folder is its ``__init__``."""
    paths = [path for name, path in package_files(package).items() if name.endswith(".py")]
    return {".".join(path.relative_to(package).with_suffix("").parts): path for path in paths}


def sources(package=PACKAGE):
    """Return {"figures.live": its source} of every module of the package."""
    return {name: path.read_text(encoding="utf-8") for name, path in modules(package).items()}


def has_moved(source):
    """Return whether a module is what is left of one that has moved: it raises as it is imported."""
    return any(isinstance(node, ast.Raise) for node in ast.parse(source).body)


def first_or_all(values):
    """Return the parameters of a test: the first for the quick suite, the others for the long one."""
    first, *others = values
    return [first, *(pytest.param(each, marks=pytest.mark.long) for each in others)]


def session():
    """Return a session of IPython that does nothing when the process ends: there, each would collect all garbage."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    atexit.unregister(shell.atexit_operations)
    return shell


# --- imports ----------------------------------------------------------------------------------------------------------


@functools.cache  # many tests look at the same files
def imports(source, module="gdlib.module"):
    """Return the dotted names that a module imports, at its top or inside its functions.

    ``from gdlib.data import rents`` is ``gdlib.data.rents``. The module's own name is that to which a relative import
    is relative; a folder's is its ``__init__``.
    """
    return imported(ast.walk(ast.parse(source)), module)


def imported(nodes, module="gdlib.module"):
    """Return the dotted names that the nodes of a module import, as `imports` does."""
    names = []
    for node in nodes:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            names += [f"{base}.{alias.name}" for alias in node.names]
    return names


# --- packages that may be missing -------------------------------------------------------------------------------------


def needed(module, must=CI):
    """Return a module; where it is not installed, skip what needs it, or fail where it must be there, as in CI."""
    return import_module(module) if must else pytest.importorskip(module, reason=f"{module} is not installed")


def needed_chromium(must=CI):
    """Return tools/chromium.py; where there is no Chromium, skip what needs it, or go on to fail as in CI."""
    needed("playwright", must)
    chromium = needed("chromium", must)
    if not chromium.find() and not must:
        pytest.skip("no Chromium is installed")
    return chromium


# --- arithmetic on a page ---------------------------------------------------------------------------------------------

SYMBOL = re.compile(r"[ŷywxbη][₀-₉]*(?:⁽[¹²³⁴]⁾)?")
TOKEN = re.compile(rf"10[⁻⁰¹²³⁴-⁹]+|[0-9.]+|{SYMBOL.pattern}|[+−·/²()]")
PLAIN = r"[0-9]+(?:\.[0-9]+)?"
POWER = r"(?:[0-9](?:\.[0-9]+)?·)?10[⁻⁰¹²³⁴-⁹]+"
NUMBER = f"−?(?:{POWER}|{PLAIN})(?: [+−] (?:{POWER}|{PLAIN}))*"


def evaluate(text, symbols=None):
    """Work out displayed arithmetic exactly; ``symbols`` gives the values of letters."""
    tokens = TOKEN.findall(text)
    assert "".join(tokens) == text.replace(" ", ""), text
    tokens.reverse()

    def total():
        value = -product() if tokens[-1] == "−" and tokens.pop() else product()
        while tokens and tokens[-1] in "+−":
            value = value + product() if tokens.pop() == "+" else value - product()
        return value

    def product():
        value = factor()
        while tokens and tokens[-1] in "·/":
            value = value * factor() if tokens.pop() == "·" else value / factor()
        return value

    def factor():
        token = tokens.pop()
        if token == "(":
            value = total()
            assert tokens.pop() == ")"
        elif token[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
            value = Fraction(10) ** raised(token[2:])
        else:
            value = Fraction(token) if token[0] in "0123456789" else symbols[token]
        return value**2 if tokens and tokens[-1] == "²" and tokens.pop() else value

    value = total()
    assert not tokens, text
    return value


def raised(text):
    """Return the number of small digits above the line."""
    return int(normalize("NFKC", text or "0").replace("−", "-"))


def last_place(text):
    """Return the unit of the last shown place of a number; an exact 0 has none."""
    last = re.split(" [+−] ", text)[-1]
    if last == "0":
        return Fraction(0)
    mantissa, _, power = last.rpartition("10") if re.fullmatch(f"−?{POWER}", last) else (last, "", "")
    decimals = len(mantissa.rstrip("·").partition(".")[2])
    return Fraction(10) ** (raised(power) - decimals)


def read_float(value):
    """Return the decimal as which a float is read."""
    return Fraction(f"{value:.15g}")


def sign(value):
    """Return +1, 0 or −1."""
    return (value > 0) - (value < 0)


# --- a notebook's story -----------------------------------------------------------------------------------------------


@dataclass
class Story:
    """What came of a notebook's cells: the names they bound, and what each of them printed and drew, by its id."""

    names: dict
    printed: dict
    figures: dict


def story(notebook, upto, replace=(), leave_out=()):
    """Run the cells of code of a notebook, ``"01-concept"``, down to the one with this id, and return their `Story`.

    ``replace`` is {old: new}: each old text stands once in what is run, and is changed there. Left out are the line
    that loads gdlib, the exercises, the explorers, and the cells whose ids are in ``leave_out``.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    code = [cell for cell in nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", 4).cells if cell.cell_type == "code"]
    code = code[: [cell.id for cell in code].index(upto) + 1]
    plays = {cell.id: cell.source.replace("%load_ext gdlib\n", "") for cell in code if not _is_for_readers(cell)}
    plays = {name: source for name, source in plays.items() if name not in leave_out}
    for old, new in dict(replace).items():
        (place,) = (name for name, source in plays.items() for _ in range(source.count(old)))
        plays[place] = plays[place].replace(old, new)
    told = Story({}, {}, {})
    with plt.rc_context():
        for name, source in plays.items():
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(source, f"{notebook}.ipynb, {name}", "exec"), told.names)
            told.printed[name] = printed.getvalue()
            told.figures[name] = [plt.figure(number) for number in plt.get_fignums()]
            plt.close("all")
    return told


def _is_for_readers(cell):
    """Return whether a cell is an answer to an exercise, or an explorer."""
    return cell.id.endswith("-yours") or "Explorer()" in cell.source
