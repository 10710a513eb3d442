"""The command `course`: JupyterLab, open at a notebook of the course.

JupyterLab runs in this process and not as another, so that it is that of this environment, and Ctrl+C reaches it.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from gdlib._course import ROOT, notebooks, title

NO_COURSE = "no course here: go into its folder, the one that holds `notebooks`, and try again"
NO_LAB = "this Python has no JupyterLab: run `uv run course` in the course's folder, or `pip install jupyterlab` first"


def folder(package: Path = ROOT, here: Path | None = None) -> Path | None:
    """Return the folder of the course: the package's own, or that around a place, by default where one is; or None."""
    here = here or Path.cwd()
    return next((each for each in (package, here, *here.parents) if list(each.glob("notebooks/01-*.ipynb"))), None)


def matching(word: str, known: list[Path]) -> list[Path]:
    """Return the notebooks that a word means: a number, a name, or a part of one."""
    if word.isdecimal():
        return [path for path in known if path.name.partition("-")[0].lstrip("0") == word.lstrip("0")]
    return [path for path in known if Path(word).name.casefold() in path.name.casefold()]


def start(root: Path, notebook: Path, port: int | None = None, browser: bool = True) -> None:
    """Run JupyterLab on loopback, for the course's folder, until it is ended; over SSH no browser is opened.

    Raises
    ------
    ModuleNotFoundError
        If JupyterLab is not installed.
    """
    from jupyterlab.labapp import LabApp

    path = notebook.relative_to(root).as_posix()
    ssh = os.environ.get("SSH_CONNECTION", "")
    options = [
        f"--notebook-dir={root}",
        f"--LabApp.default_url=/lab/tree/{path}",
        "--ip=localhost",
        "--Application.log_level=WARN",
    ]
    if port:
        options.append(f"--port={port}")
    if ssh or not browser:
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # JupyterLab refuses to run as root unless it is told
        options.append("--allow-root")
    server = LabApp.initialize_server(argv=options)

    def tell() -> None:
        print(f"{path}: JupyterLab is at\n    {server.public_url}\nuntil you press Ctrl+C here, twice.")
        if ssh:
            print(f"On the machine before you, run `{forwarding(server.port, ssh)}`; there open the address above.")
        sys.stdout.flush()

    server.io_loop.add_callback(tell)  # in the loop, behind the callback that opens the port: before it nobody listens
    server.start()


def forwarding(port: int, connection: str) -> str:
    """Return the command that brings a port here to the other end of an SSH connection, as SSH_CONNECTION tells it."""
    *_, host, at = connection.split()
    return f"ssh -N -L {port}:localhost:{port} {f'-p {at} ' * (at != '22')}{getpass.getuser()}@{host}"


def _port(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"a whole number from 1 to 65535 is wanted, got {text}")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """Open a notebook; return 1, after a sentence that says why, if there is nothing to open or to open it with."""
    parser = argparse.ArgumentParser("course", description="Open a notebook of the course in JupyterLab.")
    parser.add_argument("notebook", nargs="?", default="1", help="its number or a part of its name; default: the first")
    parser.add_argument("--list", action="store_true", help="say what notebooks there are")
    parser.add_argument("--no-browser", action="store_true", help="only say where JupyterLab is")
    parser.add_argument("--port", type=_port, help="where JupyterLab is to be; if taken, it looks for another")
    options = parser.parse_args(arguments)
    root = folder()
    if root is None:
        print(f"course: {NO_COURSE}", file=sys.stderr)
        return 1
    known = notebooks(root / "notebooks")
    listed = "\n".join(f"  {path.stem:20} {title(path)}" for path in known)
    if options.list:
        print(listed)
        return 0
    found = matching(options.notebook, known)
    if len(found) != 1:
        many = "may be several notebooks" if found else "is no notebook"
        print(f"course: {options.notebook!r} {many}. There are\n{listed}", file=sys.stderr)
        return 1
    try:
        start(root, found[0], options.port, not options.no_browser)
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] != "jupyterlab":
            raise
        print(f"course: {NO_LAB}", file=sys.stderr)
        return 1
    return 0
