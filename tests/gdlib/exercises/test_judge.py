"""Answers are judged by their results: right, nearly right, a known mistake, or whatever else came."""

import functools
import html
import itertools

import numpy as np
import pytest

from gdlib.exercises import all_exercises, find_exercise
from gdlib.exercises.judge import alike, diagnose, judge, result_of

KNOWN = all_exercises()


def judged(name, answer):
    return judge(find_exercise(name), answer)


@pytest.mark.parametrize("name", KNOWN)
def test_mistakes_differ_from_each_other_on_the_data(name):
    exercise = KNOWN[name]
    computations = {"right": exercise.right} | {mistake.name: mistake.compute for mistake in exercise.mistakes}
    assert len(computations) == 1 + len(exercise.mistakes)
    results = {
        key: [result_of(exercise, compute, case) for case in exercise.cases] for key, compute in computations.items()
    }
    for (one, first), (other, second) in itertools.combinations(results.items(), 2):
        same = [alike(*pair, exercise.tolerance) for pair in zip(first, second, strict=True)]
        assert not all(same), f"{one} and {other} give the same"


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_mistake_is_told_and_another_result_is_not(name):
    exercise = KNOWN[name]
    for mistake in exercise.mistakes:
        assert diagnose(exercise, [result_of(exercise, mistake.compute, case) for case in exercise.cases]) is mistake
    assert diagnose(exercise, ["<text>" for _ in exercise.cases]) is None


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
    ],
)
def test_anything_is_answered_in_words(answer, words, capsys):
    reply = judged("concept-step", answer)
    assert reply.verdict == "wrong"
    assert words in " ".join(repr(reply).split())
    assert html.escape(words.split("`")[0]) in reply._repr_html_()
    assert capsys.readouterr() == ("", "")


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
    reply = judged(name, answer)
    assert reply.verdict == "wrong"
    assert words in " ".join(repr(reply).split())


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


def test_decimals_cut_off_are_told():
    reply = judged("loss-mse", lambda x, y, w, b: int(np.mean((x @ w + b - y) ** 2)))
    assert (reply.verdict, reply.mistake) == ("wrong", "integers for decimals")


def test_changed_argument_is_told_by_its_name():
    def in_place(parameters, x, y, eta):
        a = np.append(x, 1)
        parameters -= eta * 2 * (a @ parameters - y) * a
        return parameters

    reply = judged("derivation-update", in_place)
    assert reply.mistake == "argument changed"
    assert "`parameters`" in repr(reply)
