"""Every check accepts its solution, has patience with its stub, and names every known mistake."""

import functools
import html
import itertools
import re

import numpy as np
import pytest

from gdlib._course import SHEETS
from gdlib.check import _alike, _shown, check, hint, progress, result_of, solution
from gdlib.exercises import all_exercises, sheet
from gdlib.exercises.kinds import Exercise
from gdlib.exercises.progress import VARIABLE
from gdlib.exercises.rate import _between
from gdlib.exercises.sheet import entries

KNOWN = all_exercises()
ENTRIES = entries(SHEETS)
FUNCTIONS = [name for name, exercise in KNOWN.items() if not exercise.is_value]
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


@pytest.mark.parametrize("name", KNOWN)
def test_mistakes_differ_from_each_other_on_the_data(name):
    exercise = KNOWN[name]
    computations = {"right": exercise.right} | {mistake.name: mistake.compute for mistake in exercise.mistakes}
    assert len(computations) == 1 + len(exercise.mistakes)
    results = {
        key: [result_of(exercise, compute, case) for case in exercise.cases] for key, compute in computations.items()
    }
    for (one, first), (other, second) in itertools.combinations(results.items(), 2):
        same = [_alike(*pair, exercise.tolerance) for pair in zip(first, second, strict=True)]
        assert not all(same), f"{one} and {other} give the same"


def test_table_of_exercise_and_mistake():
    """Print the table; ``pytest -n0 -s`` shows it."""
    rows = [(name, mistake.name) for name, exercise in KNOWN.items() for mistake in exercise.mistakes]
    for name, group in itertools.groupby(rows, key=lambda row: row[0]):
        print(f"{name:28} {'; '.join(mistake for _, mistake in group)}")
    computed = [row for row in rows if not KNOWN[row[0]].choices]
    print(f"{len(rows)} planted wrong answers, {len(computed)} of them computed, in {len(KNOWN)} exercises")
    assert len(computed) >= 60
    assert all(len(exercise.mistakes) >= 1 for exercise in KNOWN.values())


@pytest.mark.parametrize(
    "wanted", ["factor 2 forgotten", "sum for mean", "sign flipped, or plus for minus", "η squared"]
)
def test_mistakes_that_everyone_makes_are_known_in_many_places(wanted):
    assert sum(wanted in {mistake.name for mistake in exercise.mistakes} for exercise in KNOWN.values()) >= 2


def test_sign_and_plus_share_one_message_that_names_both():
    hints = {m.hint for exercise in KNOWN.values() for m in exercise.mistakes if m.name.startswith("sign flipped, or")}
    assert len(hints) == 1
    assert "(ŷ − y)" in min(hints)
    assert "plus" in min(hints)


def test_functions_are_tried_on_other_data_than_the_notebooks():
    for name in FUNCTIONS:
        assert len(KNOWN[name].cases) >= 2, name


@pytest.mark.parametrize("name", [name for name in VALUES if not KNOWN[name].choices])
def test_nothing_said_on_the_way_gives_a_number_away(name):
    right = [f"{value:.10g}".replace("-", "−") for value in np.atleast_1d(KNOWN[name].right())]
    said = " ".join([*ENTRIES[name].hints, *(mistake.hint for mistake in KNOWN[name].mistakes)])
    numbers = re.findall(r"−?\d+(?:\.\d+)?", said.replace("-", "−"))
    if all("." in number for number in right):  # a small whole number may stand for something else
        assert not set(right) & set(numbers)


# --- whatever a reader hands over -------------------------------------------------------------------------------------


def endless(theta, eta, slope):
    while True:
        pass


def nothing(theta, eta, slope):
    theta - eta * slope(theta)


def printing(theta, eta, slope):
    print(theta - eta * slope(theta))


def wrong_line(theta, eta, slope):
    step = eta * slopes(theta)  # noqa: F821
    return theta - step


def listed(theta, eta, slope):
    return [theta - eta * slope(theta)]


def calls_itself(theta, eta, slope):
    return calls_itself(theta, eta, slope)


class Odd:
    """Something that does not want to be looked at."""

    def __array__(self, *arguments, **options):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (endless, "still running after two seconds"),
        (nothing, "It returns nothing: is there a `return`?"),
        (printing, "It prints its result. `return` hands it back."),
        (wrong_line, "NameError: name 'slopes' is not defined. The line is `step = eta * slopes(theta)"),
        (calls_itself, "calls itself without end"),
        (listed, "an array of shape (1,); a single number was asked"),
        (lambda theta, eta, slope: "far", "text; a single number was asked"),
        (lambda theta, eta, slope: float("nan"), "gives nan"),
        (lambda theta, eta, slope: np.inf, "gives inf"),
        (lambda theta, eta, slope: 1j, "a complex number"),
        (lambda theta, eta, slope: True, "yes or no"),
        (lambda theta, eta, slope: {1: 2}, "type dict"),
        (lambda theta, eta, slope: [[1], [1, 2]], "type list"),
        (lambda theta, eta, slope: Odd(), "type Odd"),
        (lambda theta, eta, slope: slope, "a function"),
        (lambda theta, eta, slope: theta / 0, "ZeroDivisionError"),
        (lambda theta, eta: theta, "TypeError"),
        (lambda theta, eta, slope: exit(), "SystemExit"),
        (lambda *arguments: 3, "it returns 3, but 4.8 is right"),
        (functools.partial(lambda theta, eta, slope: 3), "it returns 3, but 4.8 is right"),
        (max, "TypeError"),
        (5, "A function is asked here"),
        ("theta", "A function is asked here"),
        (Odd(), "A function is asked here"),
    ],
)
def test_anything_is_answered_in_words(answer, words, capsys):
    reply = check("concept-step", answer)
    assert reply.verdict == "wrong"
    assert words in " ".join(repr(reply).split())
    assert html.escape(words.split("`")[0]) in reply._repr_html_()
    assert capsys.readouterr() == ("", "")


def unwritten(theta, eta, slope):
    raise NotImplementedError


def empty(theta, eta, slope):
    """Return θ."""


@pytest.mark.parametrize("answer", [..., None, unwritten, empty, lambda *arguments: ..., lambda *arguments: None])
def test_unwritten_function_is_not_solved_yet(answer):
    assert check("concept-step", answer).verdict == "unsolved"


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("concept-one-step", lambda: -0.4, "A number is asked here"),
        ("concept-predict-rate", lambda: 1, "A word is asked here"),
        ("concept-one-step", "minus", "text; a single number was asked"),
        ("concept-one-step", [1, 2], "an array of shape (2,)"),
        ("concept-one-step", -0.39, "none of the known mistakes"),
        ("concept-one-step", float("nan"), "gives nan"),
        ("derivation-by-hand", [-0.3, -0.18], "an array of shape (2,); an array of shape (3,) was asked"),
        ("concept-predict-rate", "bounces", "Choose one of “glides”, “overshoots”, “diverges”"),
        ("concept-predict-rate", 3, "Choose one of"),
        ("concept-predict-rate", Odd(), "Choose one of"),
        ("rate-ten-steps", lambda x: np.full(10, -1.0), "a rate is negative"),
        ("rate-ten-steps", lambda x: np.zeros(10), "after these ten steps 1 of the distance is left"),
        ("rate-land", lambda x: 0.303030, "it returns 0.30303, but 0.3030303 is right"),
        ("rate-ten-steps", lambda x: np.ones(9), "shape (9,)"),
    ],
)
def test_values_and_words_are_answered_too(name, answer, words):
    reply = check(name, answer)
    assert reply.verdict == "wrong"
    assert words in " ".join(repr(reply).split())


@pytest.mark.parametrize("answer", ["overshoots", "Overshoots", " overshoots ", "Overshoots."])
def test_words_are_read_kindly(answer):
    assert check("concept-predict-rate", answer)


@pytest.mark.parametrize("answer", ["No.", "no", False, np.False_])
def test_no_may_be_said_in_several_ways(answer):
    assert check("example-predict-third", answer)
    assert check("rate-predict-converges", not answer if isinstance(answer, bool | np.bool_) else "Yes!")


def test_an_exercise_with_many_right_answers_says_what_falls_short():
    assert all((each.accepts is None) == (each.falls_short is None) for each in KNOWN.values())


@pytest.mark.parametrize("answer", [-0.4 * (1 + 1e-12), np.array(-0.4), np.float64(-0.4)])
def test_last_digits_do_not_matter(answer):
    assert check("concept-one-step", answer)


def test_right_but_rounded_is_told():
    reply = check("concept-step", lambda theta, eta, slope: round(theta - eta * slope(theta), 3))
    assert (reply.verdict, reply.mistake) == ("wrong", "rounded")
    assert check("loss-by-hand", 0.023).mistake == "rounded"
    assert check("loss-by-hand", 0.024).mistake == ""


def test_decimals_cut_off_are_told():
    reply = check("loss-mse", lambda x, y, w, b: int(np.mean((x @ w + b - y) ** 2)))
    assert (reply.verdict, reply.mistake) == ("wrong", "integers for decimals")


def test_changed_argument_is_told_by_its_name():
    def in_place(parameters, x, y, eta):
        a = np.append(x, 1)
        parameters -= eta * 2 * (a @ parameters - y) * a
        return parameters

    reply = check("derivation-update", in_place)
    assert reply.mistake == "argument changed"
    assert "`parameters`" in repr(reply)


def test_reader_cannot_spoil_the_data():
    def spoil(X, y, w, b):
        X[:] = y[:] = w[:] = 0
        return 0.0

    assert check("loss-mse", spoil).verdict == "wrong"
    assert check("loss-mse", run("loss-mse", ENTRIES["loss-mse"].solution))


def test_search_may_be_a_little_off():
    solve = run("rate-two-rows", ENTRIES["rate-two-rows"].solution)
    assert check("rate-two-rows", lambda one, two: solve(one, two) * (1 + 1e-5))
    assert not check("rate-two-rows", lambda one, two: solve(one, two) * (1 + 1e-3))


def test_both_signs_of_a_direction_are_right():
    solve = run("example-flat", ENTRIES["example-flat"].solution)
    assert check("example-flat", lambda one, two: -solve(one, two))


@pytest.mark.parametrize("part", [1.0, 1.5])
def test_the_narrow_valley_accepts_any_rates_that_arrive(part):
    solve = run("rate-ten-steps", ENTRIES["rate-ten-steps"].solution)

    def other(x):  # the two landing rates somewhere, and mild ones around them
        rates = np.full(10, solve(x).min() / 2 * part)
        rates[[3, 7]] = solve(x)[:2]
        return rates

    assert check("rate-ten-steps", other)


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
    assert re.search(r"02-loss +■□+ +1 of 9", text)
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


def test_exercise_knows_whether_a_value_is_asked():
    assert Exercise(lambda: 1).is_value
    assert not Exercise(lambda x: x, ((1,),)).is_value


def test_numbers_are_shown_in_short():
    assert _shown(np.zeros(12)).count("0") == 12
    assert _shown(np.zeros((13, 2))) == "an array of shape (13, 2)"


@pytest.mark.parametrize(("limit", "word"), [(1.0, "the smaller"), (1.5, "between"), (2.0, "the larger")])
def test_where_a_limit_lies_is_said(limit, word):
    assert _between(limit, np.array([2.0, 1.0])) == word
