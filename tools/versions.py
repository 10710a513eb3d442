"""Run the README's tests with the oldest packages, with the newest, and on every Python that is found.

python tools/versions.py                  # all of it
python tools/versions.py oldest           # the oldest packages that pyproject.toml allows, on the oldest Python
python tools/versions.py pythons          # the packages of everyone's set-up, on each Python of this machine
python tools/versions.py newest           # the newest packages of today, on the newest Python of this machine
python tools/versions.py oldest -- -n1    # what follows goes to pytest

Each run has an environment of its own, and leaves no lock file; nothing but uv is needed. The exit status is 1 if one
of them fails.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = os.environ.get("UV", "uv")  # of the `uv run` that started this, if one did
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SETS = {
    "oldest": ["--resolution", "lowest-direct"],
    "pythons": [],
    "newest": ["--upgrade", "--exclude-newer", "2100-01-01"],
}


def find(version: str) -> str | None:
    """Return the path of a Python of this version, on the PATH or among pyenv's, or None."""
    asked = [UV, "python", "find", "--system", "--no-python-downloads", version]
    answer = subprocess.run(asked, capture_output=True, text=True)
    if answer.returncode == 0:
        return answer.stdout.strip()
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    return next((str(path) for path in sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True)), None)


def runs(sets: list[str], found: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    """Return (set, Python, options of uv) of the runs to make, given {version: path} of the Pythons there are.

    The oldest packages have no builds for a newer Python, so uv may fetch the oldest Python where it is not found.
    """
    on = {"oldest": PYTHONS[:1], "pythons": list(found), "newest": list(found)[-1:]}
    return [
        (name, python, ["--isolated", "--python", found.get(python, python), *SETS[name]])
        for name in sets
        for python in on[name]
    ]


def main(arguments: list[str] | None = None) -> int:
    """Run the sets that are named, or all; print what came out, and return 1 if one failed."""
    arguments = sys.argv[1:] if arguments is None else arguments
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="set", help=f"of {', '.join(SETS)}; default: all")
    sets = parser.parse_args(arguments[:cut]).sets or list(SETS)
    if set(sets) - set(SETS):
        parser.error(f"a set must be one of {', '.join(SETS)}, got {' '.join(sets)}")
    found = {version: path for version in PYTHONS if (path := find(version))}
    lines = []
    for name, python, options in runs(sets, found):
        print(f"\n=== {name}: Python {python} ===", flush=True)
        start = time.perf_counter()
        command = [UV, "run", *options, "--group", "test", "pytest", *arguments[cut + 1 :]]
        outcome = "FAILED" if subprocess.run(command, cwd=ROOT).returncode else "passed"
        lines.append(f"{name:8} Python {python:5} {outcome} {time.perf_counter() - start:5.0f} s")
    missing = [version for version in PYTHONS if version not in found] if "pythons" in sets else []
    print("\n".join(["", *lines, *(f"{'pythons':8} Python {each:5} not on this machine" for each in missing)]))
    return int(not lines or any("FAILED" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
