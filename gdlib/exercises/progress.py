"""What a reader has solved, kept in one small file in the reader's own folder. Nothing leaves the machine."""

import contextlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from gdlib.exercises import exercise_names

#: The file, in the folder in which the notebook runs; the environment variable names another one.
FILE, VARIABLE = "my-progress.json", "GDLIB_PROGRESS"

_VERSION = 1

#: How long one notebook waits for another that writes the file, in seconds.
_PATIENCE = 2.0


def progress_file(path: str | os.PathLike[str] | None = None) -> Path:
    """Return where the progress is kept: ``path``, or what the environment names, or ``my-progress.json`` here."""
    return Path(path or os.environ.get(VARIABLE) or Path.cwd() / FILE)


def solved(path: Path) -> tuple[set[str], str]:
    """Return the names of what is solved, and a sentence where the file could not be used as it is."""
    try:
        names, sound = _names(_bytes(path))
    except OSError:
        return set(), f"{path.name} cannot be opened, so what it holds is not counted."
    if sound:
        return names, ""
    return names, f"{path.name} is damaged, or from another version of the course: {_taken_over(names)}."


def remember(name: str, path: Path) -> str:
    """Add a name to what is solved, and return a sentence where that did not go as it should.

    It is added to what the file holds by now, so that two notebooks lose nothing. A damaged file is kept beside.
    """
    try:
        names, sound = _names(_bytes(path))
        if sound and name in names:
            return ""
        with _alone(path):
            data = _bytes(path)
            names, sound = _names(data)
            kept = "" if sound else _keep(path, data)
            _replace(path, json.dumps({"version": _VERSION, "solved": sorted({*names, name})}, indent=1) + "\n")
    except OSError:
        return "Your progress is not kept: its file cannot be read and written here."
    if sound:
        return ""
    was = f"{path.name} was damaged, or from another version of the course"
    return f"{was}: {_taken_over(names)}, and the old file is kept as {kept}."


def _taken_over(names: set[str]) -> str:
    return f"{len(names)} solved could be read from it" if names else "your progress starts afresh"


def _bytes(path: Path) -> bytes:
    """Return what the file holds; of none, what one with nothing solved would hold."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return json.dumps({"version": _VERSION, "solved": []}).encode()


def _names(data: bytes) -> tuple[set[str], bool]:
    """Return the names in a file, and whether it is sound; of one that is not, those that are exercises."""
    text = data.decode("utf-8-sig", errors="replace")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        record = None
    names = record.get("solved") if isinstance(record, dict) else None
    if isinstance(names, list) and all(isinstance(name, str) for name in names) and record.get("version") == _VERSION:
        return set(names), True
    text = text.replace("\0", "") if names is None else json.dumps(names)  # in UTF-16 each letter has a zero beside it
    return set(re.findall(r'"([^"]+)"', text)) & {*exercise_names()}, False


def _keep(path: Path, data: bytes) -> str:
    """Copy a damaged file to ….bak, or to ….bak2, ….bak3 if that holds something else; return the copy's name."""
    number, copy = 1, path.with_name(f"{path.name}.bak")
    while copy.exists() and copy.read_bytes() != data:
        number += 1
        copy = path.with_name(f"{path.name}.bak{number}")
    if not copy.exists():
        copy.write_bytes(data)
    return copy.name


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until no other notebook writes the file. One that died while it wrote is waited for, but not for ever."""
    lock, deadline = path.with_name(f"{path.name}.lock"), time.monotonic() + _PATIENCE
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            if time.monotonic() > deadline:
                break
            time.sleep(0.005)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()


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
