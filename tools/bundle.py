"""Pack the course for a class without a network: one zip with a page that says where to start.

uv run --group publish python tools/bundle.py              # build slides, site, handouts and worksheet, and pack
uv run --group publish python tools/bundle.py --wheels     # and the packages for this kind of machine, about 100 MB
uv run --group publish python tools/bundle.py --packed     # build nothing, pack what is in build/
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from html import escape
from importlib import import_module
from pathlib import Path

from here import ROOT, TITLE
from worksheet import made_with

BUILD = ROOT / "build"

#: What is built: the tool that builds it, which is also asked in this order, and what START-HERE says of it.
PARTS = {
    "slides": ("slides", "Slides for each lecture; press S for the speaker notes"),
    "site": ("website", "The course as pages to read: open index.html"),
    "handouts": ("handouts", "The notebooks on paper, as PDF"),
    "explorers": ("live", "The explorers, a file each, to open in any browser; they need no Python"),
    "worksheet": ("worksheet", "Four steps by hand: a page with blanks, and its key"),
}
#: What is packed as it lies in the repository: folders, and files.
FOLDERS = ("notebooks", "gdlib", "docs")
FILES = ("README.md", "TEACHING.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "LICENSE-CONTENT")
FILES += ("environment.yml", "pyproject.toml")
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", "my"}
#: The oldest date that a zip can hold: the same content makes the same file.
DATE = (1980, 1, 1, 0, 0, 0)


def build(parts: dict[str, tuple[str, str]] = PARTS, built: Path = BUILD) -> None:
    """Run the tool of each part; a worksheet that was made with options, a lecturer's own, is kept.

    Raises
    ------
    RuntimeError
        If a tool says that it failed.
    """
    for part, (tool, _) in parts.items():
        if part == "worksheet" and (own := made_with(built / part)):
            print(f"{part}: kept, made with {own} (tools/worksheet.py alone makes that of the article's rows)")
            continue
        print(f"{part}:", flush=True)
        if failed := import_module(tool).main([]):
            raise RuntimeError(f"tools/{tool}.py ended with {failed}")


def version() -> str:
    """Return the version of the course."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def wheel(folder: Path) -> Path:
    """Return gdlib as a wheel, made in a folder; a RuntimeError says why it could not be."""
    _run("uv", "build", "--quiet", "--wheel", "--out-dir", str(folder), str(ROOT))
    (made,) = folder.glob("gdlib-*.whl")
    return made


def download(gdlib: Path, folder: Path) -> None:
    """Bring what gdlib and JupyterLab need on this kind of machine into a folder, in the versions of the course.

    pip asks for what pip will install: the course's own set-up leaves out a package that pip would miss.
    """
    pinned = folder / "pinned.txt"
    _run("uv", "export", "--quiet", "--no-hashes", "--no-emit-project", "--no-annotate", "-o", str(pinned), at=ROOT)
    pip = ("uvx", "--quiet", "--python", sys.executable, "pip", "download", "--quiet", "--only-binary", ":all:")
    _run(*pip, "--dest", str(folder), "--constraint", str(pinned), str(gdlib), "jupyterlab")
    pinned.unlink()


def _run(*command: str, at: Path | None = None) -> None:
    if shutil.which(command[0]) is None:
        raise RuntimeError(f"{command[0]} is not here; `pip install uv` brings it")
    done = subprocess.run(command, cwd=at, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])} failed: {done.stderr.strip()[-800:]}")


def contents(built: Path, wheels: Path) -> dict[str, Path]:
    """Return {name in the zip: file}; a RuntimeError names a part that was not built."""
    found = {name: ROOT / name for name in FILES if (ROOT / name).exists()}
    for folder in FOLDERS:
        found |= _files(ROOT / folder, folder)
    for part, (tool, _) in PARTS.items():
        files = _files(built / part, part)
        if not files:
            raise RuntimeError(f"{built / part} is empty: run tools/{tool}.py first")
        found |= files
    return found | _files(wheels, "wheels")


def _files(folder: Path, name: str) -> dict[str, Path]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    inside = {path: path.relative_to(folder) for path in paths}
    return {f"{name}/{at.as_posix()}": path for path, at in inside.items() if not LEFT_OUT & {*at.parts}}


def pack(files: dict[str, Path], texts: dict[str, str], archive: Path) -> None:
    """Write a zip with everything in one folder of its name: sorted, and with one date."""
    with zipfile.ZipFile(archive, "w") as made:
        for name in sorted([*files, *texts]):
            entry = zipfile.ZipInfo(f"{archive.stem}/{name}", DATE)
            packed = name.endswith((".whl", ".png", ".pdf"))
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            made.writestr(entry, texts[name].encode() if name in texts else files[name].read_bytes())


def start_here(names: list[str], platform_of_wheels: str) -> str:
    """Return the page that says what is where, and how to begin; a part that is not packed is not spoken of."""
    words = {"notebooks": "The course: its notebooks, a bug hunt, a glossary, and the solutions of the exercises"}
    words |= {part: text for part, (_, text) in PARTS.items()}
    words |= {"wheels": "Python packages to install from", "README.md": "What the course is"}
    words |= {"TEACHING.md": "Plans for one lecture, for seven, and for a week alone"}
    there = {name: text for name, text in words.items() if any(each.split("/")[0] == name for each in names)}
    rows = "\n".join(
        f'<tr><td><a href="{_door(name, names)}">{name}</a></td><td>{escape(text)}</td></tr>'
        for name, text in there.items()
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Gradient descent: start here</title>
<style>body {{ font: 1rem/1.5 sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
td {{ padding: 0.2rem 1.5rem 0.2rem 0; vertical-align: top }}
pre {{ background: #f2f2f2; padding: 0.8rem; overflow: auto }}
</style></head><body>
<h1>{TITLE}</h1>
<p>Unpack the zip first: the pages find each other only in a folder.</p>
<h2>What is where</h2>
<table>
{rows}
</table>
<h2>Run the notebooks</h2>
{_install(platform_of_wheels)}
</body></html>
"""


def _door(name: str, names: list[str]) -> str:
    """Return where a link to a part leads: its index, where it has one."""
    return next((page for page in (f"{name}/index.html", name) if page in names), f"{name}/")


def _install(platform_of_wheels: str) -> str:
    source, needs = "--find-links wheels", "You need Python 3.11 or newer, and a network once."
    if platform_of_wheels:
        source, needs = (
            "--no-index --find-links wheels",
            f"No network is needed. The packages are for {platform_of_wheels}.",
        )
    here = f"python3 -m venv .venv\n.venv/bin/pip install {source} gdlib jupyterlab\n.venv/bin/course"
    windows = here.replace(".venv/bin/", ".venv\\Scripts\\").replace("python3", "py")
    return f"""<p>{escape(needs)} In a terminal, inside this folder:</p>
<pre>{here}</pre>
<p>On Windows, in PowerShell:</p>
<pre>{windows}</pre>
<p>The last line opens the first notebook, and is enough next time; with <code>4</code> after it, the fourth.</p>"""


def kind_of_machine() -> str:
    """Return what the wheels of this machine are for, in words."""
    return f"Python {platform.python_version().rpartition('.')[0]} on {platform.system()}, {platform.machine()}"


def main(arguments: list[str] | None = None) -> int:
    """Build and pack; return 1 if something cannot be built."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheels", action="store_true", help="add the Python packages for this kind of machine")
    parser.add_argument("--packed", action="store_true", help="build nothing, pack what is in build/")
    options = parser.parse_args(arguments)
    archive = BUILD / f"gradient-descent-course-{version()}.zip"
    BUILD.mkdir(exist_ok=True)
    try:
        if not options.packed:
            build()
        with tempfile.TemporaryDirectory() as room:
            gdlib = wheel(Path(room))
            if options.wheels:
                download(gdlib, Path(room))
            (Path(room) / ".gitignore").unlink(missing_ok=True)  # uv puts one beside a wheel
            files = contents(BUILD, Path(room))
            page = start_here(list(files), kind_of_machine() if options.wheels else "")
            pack(files, {"START-HERE.html": page}, archive)
    except RuntimeError as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 1
    print(f"{archive.name}: {len(files) + 1} files, {archive.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
