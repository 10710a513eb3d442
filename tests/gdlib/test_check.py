"""Every check accepts its solution, has patience with its stub, and names every known mistake."""

import itertools
import re
import shutil
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gdlib import check as module
from gdlib._course import SHEETS
from gdlib.check import check, hint, progress, solution
from gdlib.exercises import all_exercises, sheet
from gdlib.exercises.progress import VARIABLE
from gdlib.exercises.sheet import entries

KNOWN = all_exercises()
ENTRIES = entries(SHEETS)
VALUES = [name for name, exercise in KNOWN.items() if exercise.is_value]


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """Return the progress file of this test."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


def run(name, code):
    """Return the answer that the code of an exercise leaves behind."""
    namespace = {"np": np}
    exec(compile(code, f"<{name}>", "exec"), namespace)
    return namespace[ENTRIES[name].answer]


def planted(name, mistake):
    """Return the mistake as an answer: a value, or a function."""
    return mistake.compute() if KNOWN[name].is_value else lambda *arguments: mistake.compute(*arguments)


@pytest.mark.parametrize("name", KNOWN)
def test_solution_is_right(name, kept):
    reply = check(name, run(name, ENTRIES[name].solution))
    assert reply.verdict == "right", reply
    assert ENTRIES[name].title in repr(reply)
    assert name in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", KNOWN)
def test_stub_is_not_solved_yet(name, kept):
    reply = check(name, run(name, ENTRIES[name].stub))
    assert reply.verdict == "unsolved", reply
    assert "Not solved yet" in repr(reply)
    assert not kept.exists()


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_mistake_is_named(name, kept):
    for mistake in KNOWN[name].mistakes:
        reply = check(name, planted(name, mistake))
        assert (reply.verdict, reply.mistake) == ("wrong", mistake.name), reply
        assert mistake.hint.split()[0] in repr(reply)
    assert not kept.exists()


def test_table_of_exercise_and_mistake():
    """Print the table; ``pytest -n0 -s`` shows it."""
    rows = [(name, mistake.name) for name, exercise in KNOWN.items() for mistake in exercise.mistakes]
    for name, group in itertools.groupby(rows, key=lambda row: row[0]):
        print(f"{name:28} {'; '.join(mistake for _, mistake in group)}")
    computed = [row for row in rows if not KNOWN[row[0]].choices]
    print(f"{len(rows)} planted wrong answers, {len(computed)} of them computed, in {len(KNOWN)} exercises")
    assert len(computed) >= 60
    assert all(len(exercise.mistakes) >= 1 for exercise in KNOWN.values())


@pytest.mark.parametrize("name", [name for name in VALUES if not KNOWN[name].choices])
def test_nothing_said_on_the_way_gives_a_number_away(name):
    right = [f"{value:.10g}".replace("-", "−") for value in np.atleast_1d(KNOWN[name].right())]
    said = " ".join([*ENTRIES[name].hints, *(mistake.hint for mistake in KNOWN[name].mistakes)])
    numbers = re.findall(r"−?\d+(?:\.\d+)?", said.replace("-", "−"))
    if all("." in number for number in right):  # a small whole number may stand for something else
        assert not set(right) & set(numbers)


class Odd:
    """Something that does not want to be looked at."""

    def __array__(self, *arguments, **options):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("concept-step", 5, "A function is asked here"),
        ("concept-step", "theta", "A function is asked here"),
        ("concept-step", Odd(), "A function is asked here"),
        ("concept-one-step", lambda: -0.4, "A number is asked here"),
        ("concept-predict-rate", lambda: 1, "A word is asked here"),
    ],
)
def test_another_sort_of_answer_is_told_what_is_asked(name, answer, words, capsys):
    reply = check(name, answer)
    assert reply.verdict == "wrong"
    assert words in " ".join(repr(reply).split())
    assert words in reply._repr_html_()
    assert capsys.readouterr() == ("", "")


def unwritten(theta, eta, slope):
    raise NotImplementedError


def empty(theta, eta, slope):
    """Return θ."""


@pytest.mark.parametrize("answer", [..., None, unwritten, empty, lambda *arguments: ..., lambda *arguments: None])
def test_unwritten_function_is_not_solved_yet(answer):
    assert check("concept-step", answer).verdict == "unsolved"


def test_a_wrong_answer_ends_with_a_nudge_and_a_right_one_says_what_it_was_tried_on():
    assert repr(check("concept-step", lambda theta, eta, slope: 3.0)).endswith(
        "in a cell of its own: `hint('concept-step')`."
    )
    assert "Tried 3 times, with other inputs." in repr(
        check("concept-step", lambda theta, eta, slope: theta - eta * slope(theta))
    )
    assert "Tried" not in repr(check("concept-one-step", -0.4))


def test_reader_cannot_spoil_the_data():
    def spoil(X, y, w, b):
        X[:] = y[:] = w[:] = 0
        return 0.0

    assert check("loss-mse", spoil).verdict == "wrong"
    assert check("loss-mse", run("loss-mse", ENTRIES["loss-mse"].solution))


def test_replies_are_the_same_each_time():
    wrong = lambda theta, eta, slope: 3.0  # noqa: E731
    assert repr(check("concept-step", wrong)) == repr(check("concept-step", wrong))
    assert check("concept-step", wrong)._repr_html_() == check("concept-step", wrong)._repr_html_()
    assert "0x" not in repr(check("concept-step", wrong))


@pytest.mark.parametrize("call", [lambda name: check(name, 1), hint, solution])
def test_unknown_name_is_an_error_that_helps(call):
    with pytest.raises(ValueError, match=r"name must be that of an exercise, got 'concept-stepp'; .* 'concept-step'"):
        call("concept-stepp")
    with pytest.raises(ValueError, match="there are concept-predict-step, "):
        call("zzz")


# --- anything at all --------------------------------------------------------------------------------------------------


class Hostile:
    """Refuses whatever is done to it."""

    def refuse(self, *arguments, **options):
        raise RuntimeError("no" * 5000)

    __class__ = property(refuse)
    __array__ = __eq__ = __repr__ = __str__ = __iter__ = __len__ = __float__ = __bool__ = refuse
    __hash__ = None


class Shout(Exception):
    """Says what it is at length, or nothing."""

    __str__ = Hostile.refuse


def hostile(kind):
    return type("Long" * 500, (kind,), {"__array__": Hostile.refuse, "strip": Hostile.refuse, "lower": Hostile.refuse})


def raising(error):
    def fail(*arguments):
        raise error

    return fail


NUMBERS = st.one_of(
    st.floats(),
    st.integers(),
    st.fractions(),
    st.decimals(allow_nan=True),
    st.complex_numbers(),
    st.booleans(),
    st.sampled_from([np.float16, np.float32, np.int8, np.uint64, np.longdouble]).map(
        lambda kind: kind(-0.4 if kind(0.5) else 4)
    ),
    hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, min_side=0)),
)
TEXTS = st.one_of(st.text(), st.from_regex(r"-?\d{1,4}[.,/]\d{1,4}"), st.binary())
THINGS = st.recursive(
    st.one_of(
        NUMBERS, TEXTS, st.builds(Hostile), st.builds(lambda: hostile(str)("a")), st.builds(lambda: hostile(list)([1]))
    ),
    lambda each: st.one_of(
        *(st.lists(each, max_size=4), st.lists(each, max_size=4).map(tuple), st.lists(each, max_size=4).map(iter)),
        st.dictionaries(st.text(), each, max_size=3),
    ),
    max_leaves=5,
)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(
        ["concept-one-step", "derivation-by-hand", "example-predict-third", "concept-step", "rate-ten-steps"]
    ),
    THINGS.map(lambda thing: lambda: thing),
)
@example("concept-step", Hostile)
@example("concept-one-step", Hostile)
@example("concept-one-step", lambda: "9" * 5000)
@example("example-predict-third", Hostile)
@example("derivation-by-hand", lambda: [Fraction(1, 3), Decimal("Infinity"), 10**400])
@example("rate-ten-steps", lambda: np.full(10, 1e308))
@example("rate-ten-steps", lambda: [1e-320] * 10)
def test_anything_at_all_is_answered_in_short(name, made):
    thing = made()
    answers = [thing] if KNOWN[name].is_value else [lambda *arguments: thing, thing]
    for answer in answers:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "entries", lambda: ENTRIES)  # or most of the time is spent on reading the sheets
            reply = check(name, answer)
        assert reply.verdict in ("right", "wrong", "unsolved")
        assert len(repr(reply)) < 2000
        assert len(reply._repr_html_()) < 4000


@pytest.mark.parametrize(
    "error", [Shout(), Shout("x" * 5000), ValueError("x " * 5000), type("", (Exception,), {})(), hostile(OSError)()]
)
def test_any_error_is_answered_in_short(error):
    reply = check("concept-step", raising(error))
    assert "it stops with a" in repr(reply)
    assert len(repr(reply)) < 2000


class Called:
    """A function that has no signature, no code and no equal."""

    __signature__ = __code__ = property(Hostile.refuse)
    __eq__ = Hostile.refuse
    __hash__ = None

    def __call__(self, theta, eta, slope):
        return None


def test_hostile_function_is_answered_in_short():
    assert "It returns nothing" in repr(check("concept-step", Called()))


# --- hints, solutions, progress ---------------------------------------------------------------------------------------


def test_hints_come_one_at_a_time_and_say_what_is_next():
    hints = ENTRIES["rate-edge"].hints
    first, last = repr(hint("rate-edge")), repr(hint("rate-edge", len(hints)))
    assert first.startswith("Hint 1 of 3")
    assert "hint('rate-edge', 2)" in first
    assert "last hint" in last
    assert "solution('rate-edge')" in repr(hint("rate-edge", len(hints) + 1))
    assert hints[1].split()[-1] not in first.splitlines()[1]


@pytest.mark.parametrize(("number", "error"), [(0, ValueError), (1.5, TypeError), ("one", TypeError)])
def test_hint_wants_a_number(number, error):
    with pytest.raises(error, match="number"):
        hint("rate-edge", number)


@pytest.mark.parametrize("name", KNOWN)
def test_solution_shows_code_and_reason(name):
    text = repr(solution(name))
    assert ENTRIES[name].code in text
    assert ENTRIES[name].why.split()[0] in text


def test_progress_counts_what_is_solved(kept):
    assert f"0 of {len(KNOWN)} solved" in repr(progress())
    check("loss-predict-double", 4)
    check("loss-predict-double", 4)
    check("loss-by-hand", 5)
    text = repr(progress())
    assert f"1 of {len(KNOWN)} solved" in text
    assert re.search(r"02-loss +1 of +\d+  □*■□+\n", text)
    assert "Next: Predict one step (1 min), in 01-concept." in text


def test_all_solved_is_said(kept):
    for name in KNOWN:
        check(name, run(name, ENTRIES[name].solution))
    assert "All of them" in repr(progress())


def test_progress_may_be_kept_elsewhere(tmp_path, kept):
    check("loss-predict-double", 4, file=tmp_path / "mine.json")
    assert not kept.exists()
    assert "1 of" in repr(progress(tmp_path / "mine.json"))


def test_damaged_progress_is_told_and_the_answer_still_counts(kept):
    kept.write_text("{", encoding="utf-8")
    assert "starts afresh" in repr(progress())
    reply = check("loss-predict-double", 4)
    assert reply
    assert "starts afresh" in repr(reply)
    assert "1 of" in repr(progress())


def test_damaged_sheet_is_told_and_checks_still_answer(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sheet, "SHEETS", tmp_path / "solutions")
    shutil.copytree(SHEETS, tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "solutions" / "02-loss.py").write_text("# %%\nprint('é')\n", encoding="latin-1")
    assert check("loss-predict-double", 4)
    assert "5" in repr(solution("rate-predict-land"))
    for reply in (hint("loss-mse"), solution("loss-mse"), progress()):
        assert "Damaged, and not read in full: 02-loss.py." in repr(reply)


def test_checks_answer_where_nothing_can_be_written(tmp_path):
    reply = check("loss-predict-double", 4, file=tmp_path / "no-such-folder" / "p.json")
    assert reply
    assert "not kept" in repr(reply)


def test_without_sheets_checks_still_answer(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sheet, "SHEETS", tmp_path / "none")
    assert "loss-predict-double" in repr(check("loss-predict-double", 4))
    for reply in (hint("rate-edge"), solution("rate-edge"), progress()):
        assert "notebooks/solutions" in repr(reply)


# --- what opens, and what is said to who is right ---------------------------------------------------------------------


@pytest.mark.parametrize("name", KNOWN)
def test_a_right_answer_is_told_why(name):
    reply = check(name, run(name, ENTRIES[name].solution))
    assert " ".join(ENTRIES[name].why.split()) in " ".join(reply.text.split())


@pytest.mark.parametrize("name", KNOWN)
def test_every_hint_opens_inside_the_reply_and_the_last_says_where_the_solution_is(name):
    reply = check(name, ...)
    assert len(reply.hints) == len(ENTRIES[name].hints)
    assert f"`solution({name!r})`" in reply.hints[-1]
    assert ENTRIES[name].hints[0].split("`")[0] in reply.hints[0]


@pytest.mark.parametrize("blank", ["...", "", " … "])
def test_dots_in_quotes_are_not_an_answer_yet(blank):
    assert check("concept-predict-rate", blank).verdict == "unsolved"
    assert check("concept-one-step", blank).verdict == "wrong"


def test_a_question_for_a_title_has_no_second_point():
    assert "Where does it hover?\n" in repr(check("concept-hover", ...))
