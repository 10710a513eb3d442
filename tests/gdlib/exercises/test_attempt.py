"""Whatever a reader's function does, the caller lives on."""

import builtins
import cmd
import contextlib
import getpass
import pdb
import random
import sys
import threading
import time

import numpy as np
import pytest

from gdlib.exercises import attempt as module
from gdlib.exercises.attempt import attempt


def endless():
    while True:
        pass


def endless_numpy():
    while True:
        np.zeros(1000) + 1


leave = threading.Event()  # left alone, `stubborn` would take a processor from all tests that follow


def stubborn():
    while not leave.is_set():
        try:
            while not leave.is_set():
                pass
        except BaseException:
            continue


@pytest.mark.parametrize("function", [endless, endless_numpy])
def test_endless_loop_is_stopped_and_its_thread_is_gone(function):
    before = threading.active_count()
    outcome = attempt(function, (), patience=0.1)
    assert not outcome.in_time
    assert outcome.error is None
    assert threading.active_count() == before


# Python 3.11 under a tracer, such as coverage's, goes round in circles until the exception has been taken.
TRACED = sys.gettrace() is not None and sys.version_info < (3, 12)
asleep = pytest.param(lambda: time.sleep(3), marks=pytest.mark.skipif(TRACED, reason="Python 3.11 waits, if traced"))


@pytest.mark.parametrize("function", [stubborn, asleep])
def test_what_does_not_listen_is_left_behind(function):
    leave.clear()
    begin = time.monotonic()
    in_time = attempt(function, (), patience=0.1).in_time
    took = time.monotonic() - begin
    leave.set()
    assert not in_time
    assert took < 2.5  # the function itself takes longer, or for ever


def test_it_works_where_no_signal_is_heard():
    found = []
    thread = threading.Thread(target=lambda: found.append(attempt(endless, (), patience=0.1)))
    thread.start()
    thread.join(10)
    assert [outcome.in_time for outcome in found] == [False]


def test_result_and_print_are_handed_over(capsys):
    def add(a, b):
        print("adding")
        return a + b

    outcome = attempt(add, (2, 3))
    assert (outcome.value, outcome.error, outcome.changed) == (5, None, None)
    assert outcome.printed == "adding\n"
    assert capsys.readouterr() == ("", "")


def recurse():
    return recurse()


@pytest.mark.parametrize(
    ("function", "error"), [(lambda: 1 / 0, ZeroDivisionError), (sys.exit, SystemExit), (recurse, RecursionError)]
)
def test_what_is_raised_is_an_outcome(function, error):
    assert isinstance(attempt(function, ()).error, error)


def test_warnings_stay_away(recwarn, capsys):
    outcome = attempt(lambda: np.array([1.0]) / 0, ())
    assert np.isinf(outcome.value).all()
    assert not recwarn.list
    assert capsys.readouterr().err == ""


def test_arguments_are_copies_and_changes_are_seen():
    theta, slope = np.zeros(2), np.cos

    def spoil(slope, theta):
        theta += 1
        return theta

    outcome = attempt(spoil, (slope, theta))
    assert outcome.changed == 1
    assert theta.tolist() == [0, 0]
    assert attempt(lambda slope, theta: theta + 1, (slope, theta)).changed is None


def test_list_that_grows_is_seen():
    assert attempt(lambda starts: starts.append(1), ([0.0],)).changed == 0


def test_list_that_becomes_ragged_is_seen():
    assert attempt(lambda rows: rows.append([1.0, 2.0]), ([[0.0]],)).changed == 0


# --- the keyboard, and what all share ---------------------------------------------------------------------------------


def stubborn_input():
    for _ in range(3):
        with contextlib.suppress(BaseException):
            input("a number, please")


def debugger_of_another_name():
    pdb.Pdb(nosigint=True, readrc=False).set_trace()
    return 1


def in_a_thread():
    thread = threading.Thread(target=stubborn_input)
    thread.start()
    thread.join()


@pytest.mark.parametrize(
    ("function", "thing"),
    [
        *((stubborn_input, "input"), (in_a_thread, "input")),
        (lambda: input(), "input"),
        (lambda: getpass.getpass("?"), "input"),
        (lambda: sys.stdin.readline(), "input"),
        (lambda: sys.stdin.read(), "input"),
        (lambda: next(iter(sys.stdin)), "input"),
        (lambda: breakpoint(), "a debugger"),
        (lambda: pdb.set_trace(), "a debugger"),
        (lambda: cmd.Cmd().cmdloop(), "a debugger"),
        pytest.param(
            debugger_of_another_name,
            "a debugger",
            marks=pytest.mark.skipif(sys.gettrace() is not None, reason="takes the tracer's place"),
        ),
    ],
)
def test_nobody_can_type(function, thing):
    begin = time.monotonic()
    assert attempt(function, ()).asks_for == thing
    assert time.monotonic() - begin < 1


def test_doors_are_open_again_afterwards():
    def doors():
        return [builtins.input, sys.stdin, sys.breakpointhook, pdb.set_trace, getpass.getpass, sys.stdout, sys.stderr]

    before = doors()
    attempt(lambda: input(), ())
    attempt(endless, (), patience=0.05)
    assert doors() == before
    assert attempt(lambda: 1, ()).asks_for == ""


def test_what_all_share_is_as_before():
    def meddle():
        np.random.seed(1)  # noqa: NPY002
        random.seed(1)
        np.seterr(all="raise")
        return np.random.rand(), random.random()  # noqa: NPY002

    def state():
        return [np.random.get_state()[1].tolist(), random.getstate(), np.geterr()]  # noqa: NPY002

    before = state()
    assert attempt(meddle, ()).error is None
    assert state() == before


def test_flood_of_words_is_cut(monkeypatch):
    monkeypatch.setattr(module, "_PAGE", 10)
    outcome = attempt(lambda: [print("123456"), print("78901234567"), sys.stderr.write("x" * 50)], ())
    assert outcome.printed == "123456\n789"
    assert outcome.value[2] == 50


def test_reader_uses_what_the_notebook_has_defined_and_threads():
    def through_a_thread():
        found = []
        thread = threading.Thread(target=lambda: found.append(TRACED))
        thread.start()
        thread.join()
        return found

    assert attempt(through_a_thread, ()).value == [TRACED]


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit])
def test_exception_of_any_sort_is_an_outcome(error):
    def fail():
        raise error

    assert isinstance(attempt(fail, ()).error, error)


def test_argument_spoiled_by_something_hostile_is_seen():
    class Hostile:
        def __eq__(self, other):
            raise RuntimeError("no")

        __hash__ = None

    assert attempt(lambda starts: starts.__setitem__(0, Hostile()), ([0.0],)).changed == 0
