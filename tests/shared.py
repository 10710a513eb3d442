"""What tests share: files, imports, packages that may be missing, and the arithmetic that is read back from a page."""

import ast
import functools
import os
import re
import subprocess
from fractions import Fraction
from importlib import import_module
from unicodedata import normalize

import pytest

from gdlib._course import ROOT

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


# --- imports ----------------------------------------------------------------------------------------------------------


@functools.cache  # many tests look at the same files
def imports(source, module="gdlib.module"):
    """Return the dotted names that a module imports, at its top or inside its functions.

    ``from gdlib.data import rents`` is ``gdlib.data.rents``. The module's own name is that to which a relative import
    is relative; a folder's is its ``__init__``.
    """
    names = []
    for node in ast.walk(ast.parse(source)):
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
