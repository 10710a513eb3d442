"""What a reader has solved, kept in one small file in the reader's own folder. Nothing leaves the machine."""

import contextlib
import json
import os
import tempfile
from pathlib import Path

#: The file, in the folder in which the notebook runs; the environment variable names another one.
FILE, VARIABLE = "my-progress.json", "GDLIB_PROGRESS"

_VERSION = 1


def progress_file(path: str | os.PathLike[str] | None = None) -> Path:
    """Return where the progress is kept: ``path``, or what the environment names, or ``my-progress.json`` here."""
    return Path(path or os.environ.get(VARIABLE) or Path.cwd() / FILE)


def solved(path: Path) -> tuple[set[str], str]:
    """Return the names of what is solved, and a sentence where the file could not be used."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return set(), ""
    except (OSError, ValueError):
        return set(), f"{path.name} could not be read, so your progress starts afresh."
    names = record.get("solved") if isinstance(record, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return set(), f"{path.name} holds something else, so your progress starts afresh."
    if record.get("version") != _VERSION:
        return set(), f"{path.name} is from another version of the course, so your progress starts afresh."
    return set(names), ""


def remember(name: str, path: Path) -> str:
    """Add a name to what is solved, and return a sentence where that did not go as it should."""
    names, note = solved(path)
    if name in names:
        return note
    text = json.dumps({"version": _VERSION, "solved": sorted({*names, name})}, indent=1) + "\n"
    try:
        _replace(path, text)
    except OSError:
        return "Your progress is not kept: its file cannot be written here."
    return note


def _replace(path: Path, text: str) -> None:
    """Write the file in one go, so that nobody ever finds half of it."""
    handle, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
