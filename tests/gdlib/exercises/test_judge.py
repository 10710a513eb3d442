"""Answers are judged by their results: right, nearly right, a known mistake, or whatever else came."""

import functools
import html
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from gdlib.exercises import all_exercises, find_exercise
from gdlib.exercises.attempt import PATIENCE, attempt
from gdlib.exercises.judge import judge
from gdlib.exercises.kinds import Exercise

KNOWN = all_exercises()


def judged(name, answer):
    return judge(find_exercise(name), answer)


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
        (nothing, "It returns nothing: is there a `return`?"),
        (printing, "It prints its result. `return` hands it back."),
        (wrong_line, "NameError: name 'slopes' is not defined. The line is `step = eta * slopes(theta)"),
        (calls_itself, "calls itself without end"),
        (listed, "a list of 1 numbers; a single number was asked"),
        (lambda theta, eta, slope: "far", "text; a single number was asked"),
        (lambda theta, eta, slope: float("nan"), "gives nan"),
        (lambda theta, eta, slope: np.inf, "gives inf"),
        (lambda theta, eta, slope: 1j, "a complex number"),
        (lambda theta, eta, slope: True, "yes or no"),
        (lambda theta, eta, slope: {1: 2}, "a dictionary"),
        (lambda theta, eta, slope: [[1], [1, 2]], "type list"),
        (lambda theta, eta, slope: Odd(), "type Odd"),
        (lambda theta, eta, slope: slope, "a function"),
        (lambda theta, eta, slope: theta / 0, "ZeroDivisionError"),
        (lambda theta, eta: theta, "TypeError"),
        (lambda theta, eta, slope: exit(), "SystemExit"),
        (lambda *arguments: 3, "it returns 3, but 4.8 is right"),
        (functools.partial(lambda theta, eta, slope: 3), "it returns 3, but 4.8 is right"),
        (max, "TypeError"),
    ],
)
def test_anything_is_answered_in_words(answer, words, capsys):
    reply = judged("concept-step", answer)
    assert reply.verdict == "wrong"
    assert words in " ".join(repr(reply).split())
    assert html.escape(words.split("`")[0]) in reply._repr_html_()
    assert capsys.readouterr() == ("", "")


def endless(theta, eta, slope):
    while True:
        pass


def test_endless_function_is_stopped_and_told(monkeypatch):
    assert PATIENCE == 2
    monkeypatch.setattr("gdlib.exercises.judge.attempt", functools.partial(attempt, patience=0.1))
    reply = judged("concept-step", endless)
    assert reply.verdict == "wrong"
    assert "still running after two seconds" in " ".join(repr(reply).split())


def unwritten(theta, eta, slope):
    raise NotImplementedError


def empty(theta, eta, slope):
    """Return θ."""


@pytest.mark.parametrize("answer", [unwritten, empty, lambda *arguments: ..., lambda *arguments: None])
def test_unwritten_function_is_not_judged(answer):
    assert judged("concept-step", answer) is None


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("concept-one-step", "minus", "text; a single number was asked"),
        ("concept-one-step", [1, 2], "a list of 2 numbers"),
        ("concept-one-step", -0.39, "none of the known mistakes"),
        ("concept-one-step", float("nan"), "gives nan"),
        ("derivation-by-hand", [-0.3, -0.18], "a list of 2 numbers; a list of 3 numbers was asked"),
        ("concept-predict-rate", "bounces", "Choose one of “glides”, “overshoots”, “diverges”"),
        ("concept-predict-rate", 3, "Choose one of"),
        ("concept-predict-rate", Odd(), "Choose one of"),
        ("rate-ten-steps", lambda x: np.full(10, -1.0), "a rate is negative"),
        ("rate-ten-steps", lambda x: np.zeros(10), "after these ten steps 1 of the distance is left"),
        ("rate-land", lambda x: 0.303030, "it returns 0.30303, but 0.3030303 is right"),
        ("rate-ten-steps", lambda x: np.ones(9), "a list of 9 numbers; a list of 10 numbers was asked."),
    ],
)
def test_values_and_words_are_answered_too(name, answer, words):
    reply = judged(name, answer)
    assert reply.verdict == "wrong"
    assert words in " ".join(repr(reply).split())


def first_of_ten(x):
    rates = []
    for _ in range(10):
        rates.append(0.1)
        return rates
    return None


def one_of_ten(x):
    rates = [0.1 for _ in range(1)]
    for _ in range(3):
        rates[0] *= 1
    return rates


@pytest.mark.parametrize(
    ("answer", "asks"), [(first_of_ten, True), (one_of_ten, False), (functools.partial(one_of_ten), False)]
)
def test_a_loop_is_blamed_only_where_there_is_a_return_in_one(answer, asks):
    assert ("`return` stands inside your loop" in judged("rate-ten-steps", answer).text) is asks


@pytest.mark.parametrize("answer", ["overshoots", "Overshoots", " overshoots ", "Overshoots."])
def test_words_are_read_kindly(answer):
    assert judged("concept-predict-rate", answer)


@pytest.mark.parametrize("answer", ["No.", "no", False, np.False_])
def test_no_may_be_said_in_several_ways(answer):
    assert judged("example-predict-third", answer)
    assert judged("rate-predict-converges", not answer if isinstance(answer, bool | np.bool_) else "Yes!")


@pytest.mark.parametrize("answer", [-0.4 * (1 + 1e-12), np.array(-0.4), np.float64(-0.4)])
def test_last_digits_do_not_matter(answer):
    assert judged("concept-one-step", answer)


def test_right_but_rounded_is_told():
    reply = judged("concept-step", lambda theta, eta, slope: round(theta - eta * slope(theta), 3))
    assert (reply.verdict, reply.mistake) == ("wrong", "rounded")
    assert judged("loss-by-hand", 0.023).mistake == "rounded"
    assert judged("loss-by-hand", 0.024).mistake == ""


@pytest.mark.parametrize(
    ("name", "right", "rounded", "lost"),
    [
        ("loss-predict-mean", 0.445, (0.44, 0.45, np.float32(0.45)), (0.4, 0.5, 0.43, 0.4449, 0, 1)),
        ("loss-by-hand", 0.0225, (0.022, 0.023), (0.02, 0.03, 0.0, 0.1, 0.0226)),
        ("concept-one-step", -0.4, (), (-0.39, -0.5, 0, -0.40001)),
    ],
)
def test_rounded_is_a_correct_rounding_to_two_digits_at_least(name, right, rounded, lost):
    assert judged(name, right)
    assert [judged(name, answer).mistake for answer in rounded] == ["rounded"] * len(rounded)
    assert [judged(name, answer).mistake for answer in lost] == [""] * len(lost)


def test_large_results_may_be_rounded_before_the_point():
    asked = Exercise.function(lambda x: 1234.5 * x, ((1.0,), (0.01,), (2.0,)))
    assert judge(asked, lambda x: float(f"{1234.5 * x:.2g}")).mistake == "rounded"
    assert judge(asked, lambda x: float(f"{1234.5 * x:.1g}")).mistake == ""


def test_decimals_cut_off_are_told_by_what_cuts_them():
    number = judged("loss-mse", lambda x, y, w, b: int(np.mean((x @ w + b - y) ** 2)))
    array = judge(Exercise.function(lambda x: 1.5 * x, ((np.arange(3),),)), lambda x: (1.5 * x).astype(int))
    value = judged("concept-predict-step", 4)
    assert {each.mistake for each in (number, array, value)} == {"integers for decimals"}
    assert ["array" in each.text for each in (number, array, value)] == [False, True, False]
    assert value.text == "Whole numbers will not do here: the answer has decimals."


@pytest.mark.parametrize(
    "answer",
    [
        *(-0.4, [-0.4], (-0.4,), np.array([[-0.4]]), np.ma.array(-0.4), Fraction(-2, 5), Decimal("-0.4")),
        *(np.float32(-0.4), np.float16(-0.4), np.longdouble(-0.4), [Fraction(-2, 5)], np.array(-0.4, dtype=object)),
    ],
)
def test_one_number_is_right_in_any_type(answer):
    assert judged("concept-one-step", answer)


@pytest.mark.parametrize("answer", [4, 4.0, np.int8(4), np.uint64(4), Fraction(4), Decimal(4), [4], range(4, 5)])
def test_whole_number_is_right_in_any_type(answer):
    assert judged("loss-predict-double", answer)


@pytest.mark.parametrize(
    "answer",
    [
        *((-0.3, -0.18, -0.6), np.float32([-0.3, -0.18, -0.6]), [np.float32(-0.3), -0.18, -0.6]),
        *([Fraction(-3, 10), Decimal("-0.18"), -0.6], np.ma.array([-0.3, -0.18, -0.6], mask=False)),
    ],
)
def test_several_numbers_are_right_in_any_type(answer):
    assert judged("derivation-by-hand", answer)


def test_numbers_of_pandas_are_right():
    pandas = pytest.importorskip("pandas")
    for kind in ("float64", "float32", "Float64", object):
        assert judged("derivation-by-hand", pandas.Series([-0.3, -0.18, -0.6], dtype=kind))
    missing = judged("derivation-by-hand", pandas.Series([-0.3, None, -0.6], dtype="Float64"))
    assert "nan, −0.6]: a number is missing" in missing.text or "not made of plain numbers" in missing.text


@pytest.mark.parametrize("name", [name for name, exercise in KNOWN.items() if not exercise.choices])
def test_right_results_in_single_precision_are_right_and_mistakes_stay_mistakes(name):
    exercise = KNOWN[name]
    for mistake in (None, *exercise.mistakes):
        compute = mistake.compute if mistake else exercise.right
        single = functools.partial(lambda compute, *case: np.float32(compute(*case)), compute)
        reply = judge(exercise, single() if exercise.is_value else single)
        assert (bool(reply), reply.mistake) == ((False, mistake.name) if mistake else (True, ""))


def test_coarse_numbers_are_judged_at_their_own_precision():
    assert not judged("concept-one-step", np.float32(-0.4 * (1 + 1e-6)))
    assert not judged("concept-one-step", -0.4 * (1 + 1e-7))
    assert not judged("loss-predict-mean", np.float16(0.446))
    single = np.float32
    assert judged("loss-mse", lambda x, y, w, b: np.mean((single(x) @ single(w) + single(b) - single(y)) ** 2))
    assert judged("concept-step", lambda theta, eta, slope: Fraction(theta - eta * slope(theta)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("0.5", "without quotes: 0.5."),
        ("η = −0.4.", "without quotes: -0.4."),
        ("1/3", "without quotes: 1/3."),
        ("1e-3", "without quotes: 1e-3."),
        *(
            (text, "Take the quotes away and let Python compute it.")
            for text in ("ln 3", "np.log(3)", "w = √2", "2 pi")
        ),
        ("0,5", "Use a point: 0.5, and no quotes."),
        ((0, 5), "2 numbers in place of 1. For decimals, use a point: 0.5, or -0.5."),
        ((1, -2), "a list of 2 numbers"),
        ((10**5000, 5), "type tuple, not made of plain numbers"),
        ("", "Your answer is empty text; a single number was asked."),
        ("w2 or w3", "Your answer is text; a single number was asked."),
        ("1 or 2", "Your answer is text; a single number was asked."),
        (True, "Your answer is True, yes or no"),
        (np.inf, "Your computation gives inf"),
        (0.4j, "a complex number"),
        ({-0.4}, "a set, which has no order"),
        (iter([-0.4]), "an iterator, not yet a list"),
        ({}, "a dictionary"),
        (10**400, "a number that no float can hold"),
        (np.ma.array([-0.4], mask=True), "an array with masked entries"),
        (["-0.4"], "type list, not made of plain numbers"),
        (np.array([True]), "type ndarray, not made of plain numbers"),
    ],
)
def test_what_is_no_number_is_told_what_it_is(answer, words):
    reply = judged("concept-one-step", answer)
    assert reply.verdict == "wrong"
    assert words in reply.text


def test_decimal_commas_in_a_list_are_told():
    assert (
        "6 numbers in place of 3. For decimals, use a point: 0.3, or -0.3."
        in judged("derivation-by-hand", [0, 3, 0, 18, 0, 6]).text
    )
    assert "a list of 2 numbers" in judged("concept-one-step", [0, 5]).text


def test_where_whole_numbers_are_asked_no_comma_is_meant():
    assert "point" not in judged("network-predict-zero", (1, 2)).text


def test_error_that_does_not_say_what_it_is_is_answered():
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("no")

    def fail(theta, eta, slope):
        raise Mute

    assert "stops with a Mute." in judged("concept-step", fail).text


def asking(theta, eta, slope):
    return float(input("η? "))


def debugged(theta, eta, slope):
    breakpoint()
    return theta


@pytest.mark.parametrize(("answer", "words"), [(asking, "asks for input"), (debugged, "A debugger cannot open")])
def test_what_waits_for_the_keyboard_is_told(answer, words):
    reply = judged("concept-step", answer)
    assert (reply.verdict, words in reply.text) == ("wrong", True)


def test_changed_argument_is_told_by_its_name():
    def in_place(parameters, x, y, eta):
        a = np.append(x, 1)
        parameters -= eta * 2 * (a @ parameters - y) * a
        return parameters

    reply = judged("derivation-update", in_place)
    assert reply.mistake == "argument changed"
    assert "`parameters`" in repr(reply)
