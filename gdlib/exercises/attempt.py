"""A reader's function, called so that nothing it does can hurt: it may raise, print, spoil its arguments or never end.

It runs in a thread of its own, and whoever called it waits for a limited time. An alarm signal would be shorter, but
Windows has none and only the main thread hears it; counting lines with `sys.settrace` would take the place of a
debugger, and neither sees the end of a long call into numpy. A thread can be waited for on every system. When its time
is up it is sent an exception, which ends any loop of Python lines; what does not listen is left behind.

Nobody can type into that thread, so what waits for the keyboard, `input()` or a debugger, ends at once and is noted.
"""

import builtins
import contextlib
import copy
import ctypes
import getpass
import io
import pdb
import random
import sys
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

#: How long a call may take, and how long it may take to die, in seconds.
PATIENCE, GRACE = 2.0, 0.5

#: How much of what is printed is kept, in characters.
_PAGE = 10_000


class TooLongError(BaseException):
    """Sent to a function whose time is up; no `except Exception` in it catches this."""


class NobodyThereError(BaseException):
    """Raised where a function waits for the keyboard; no `except Exception` in it catches this."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of one call."""

    value: Any = None  #: what it returned
    error: BaseException | None = None  #: what it raised
    in_time: bool = True  #: whether it ended within its time
    changed: int | None = None  #: the position of the first argument that it changed
    printed: str = ""  #: what it printed, or the beginning of that
    asks_for: str = ""  #: "input" or "a debugger", if it waited for the keyboard


def attempt(function: Callable[..., Any], arguments: tuple[Any, ...], patience: float = PATIENCE) -> Outcome:
    """Return the outcome of ``function(*arguments)`` on copies of the arguments, after ``patience`` seconds at most.

    Nothing is raised, printed or warned of. A function that no exception reaches, deep in a library, is left running in
    its daemon thread, which ends with the session.
    """
    handed, found, asked = copy.deepcopy(arguments), {}, []

    def work() -> None:
        try:
            with np.errstate(all="ignore"):
                found["value"] = function(*handed)
        except BaseException as error:  # SystemExit too: nothing that a reader writes may end the session
            found["error"] = error

    with _random_as_before(), _nobody_there(asked), _quiet() as printed:
        thread = threading.Thread(target=_unless_too_long, args=(work,), daemon=True)
        thread.start()
        try:
            thread.join(patience)
            in_time = not thread.is_alive()
        finally:
            _end(thread)
    seen = {"printed": printed.getvalue(), "asks_for": asked[0] if asked else ""}
    if not in_time:
        return Outcome(in_time=False, **seen)
    changed = next((i for i, pair in enumerate(zip(handed, arguments, strict=True)) if not _same(*pair)), None)
    return Outcome(found.get("value"), found.get("error"), True, changed, **seen)


def _unless_too_long(work: Callable[[], None]) -> None:
    """Call ``work``; the exception may arrive after its last line, too, and nobody has to hear of it."""
    with contextlib.suppress(TooLongError):
        work()


@contextlib.contextmanager
def _quiet() -> Any:  # noqa: ANN401
    """Catch what is printed, and drop warnings."""
    printed = _Page()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(_Page()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield printed


class _Page(io.StringIO):
    """Keeps the beginning of what is written: a loop that prints would fill the memory in two seconds."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, _PAGE - self.tell())])
        return len(text)


class _NoKeyboard(io.TextIOBase):
    """Stands where a keyboard is read: every way of reading a line calls ``ask``."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self.read = self.readline = ask


@contextlib.contextmanager
def _nobody_there(asked: list[str]) -> Any:  # noqa: ANN401
    """Note in ``asked`` who waits for the keyboard, and end it."""

    def ask(*_: Any, **__: Any) -> None:  # noqa: ANN401
        debugs = sys._getframe(1).f_globals.get("__name__") == "cmd"  # where every debugger reads its commands
        debug() if debugs else end("input")

    def debug(*_: Any, **__: Any) -> None:  # noqa: ANN401
        end("a debugger")

    def end(thing: str) -> None:
        asked.append(thing)
        raise NobodyThereError(thing)

    doors = ((builtins, "input", ask), (sys, "stdin", _NoKeyboard(ask)), (sys, "breakpointhook", debug))
    doors += ((getpass, "getpass", ask), (pdb, "set_trace", debug))
    kept = [getattr(owner, name) for owner, name, _ in doors]
    for owner, name, stand_in in doors:
        setattr(owner, name, stand_in)
    try:
        yield
    finally:
        for (owner, name, _), value in zip(doors, kept, strict=True):
            setattr(owner, name, value)


@contextlib.contextmanager
def _random_as_before() -> Any:  # noqa: ANN401
    """Put the generators of random numbers that all share back to where they stood."""
    numpys, pythons = np.random.get_state(), random.getstate()  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(numpys)  # noqa: NPY002
        random.setstate(pythons)


def _end(thread: threading.Thread) -> None:
    """Send the thread an exception until it ends: a bare `except` in a loop swallows the first, and goes on."""
    deadline = time.monotonic() + GRACE
    while thread.is_alive() and time.monotonic() < deadline:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TooLongError))
        thread.join(0.01)


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401
    """Return whether two arguments still hold the same."""
    if callable(one):
        return True
    try:
        return bool(np.array_equal(np.asarray(one), np.asarray(other), equal_nan=False))
    except Exception:  # whatever it has put there may do anything when it is looked at
        return False
