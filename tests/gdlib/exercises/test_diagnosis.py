"""A wrong result is told by what it is: a known mistake, in all entries or in some, or a matter of digits."""

import itertools

import numpy as np
import pytest

from gdlib.exercises import all_exercises, find_exercise
from gdlib.exercises.diagnosis import known_mistake
from gdlib.exercises.forms import alike, choice_meant, result_of
from gdlib.exercises.judge import judge
from gdlib.exercises.kinds import Exercise, Mistake

KNOWN = all_exercises()


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
        assert (
            known_mistake(exercise, [result_of(exercise, mistake.compute, case) for case in exercise.cases]) is mistake
        )
    assert known_mistake(exercise, ["<text>" for _ in exercise.cases]) is None


# What readers typed, and what they should hear: each was a dump of numbers, or refused, once.
def by_remainder(X, y, theta, eta, steps):
    for k in range(steps):
        a = np.append(X[k % 2], 1)
        theta = theta - eta * 2 * (a @ theta - y[k % 2]) * a
    return theta


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("example-one-by-one", by_remainder, "two rows only"),
        (
            "example-batch",
            lambda X, y, theta, eta: (
                theta - eta / 2 * 2 * (np.column_stack([X, np.ones(len(X))]).T @ (X @ theta[:-1] + theta[-1] - y))
            ),
            "divided by 2, not by n",
        ),
        ("example-left-over", lambda x, eta: 1 - 2 * eta * np.linalg.norm(np.append(x, 1)), "length not squared"),
        ("example-slip", 0.128, "the old w₂"),
        ("example-slip", 0.016, "the old w₁"),
        ("derivation-fourth-power", lambda output, y: 4 * (output - y) ** 2, "power lowered by two"),
        ("concept-one-step", -0.6, "η times the slope alone"),
        ("concept-one-step", -0.8, "θ for the slope"),
        ("concept-one-step", 0.4, "sign lost"),
        ("concept-one-step", -4, "η left out, and plus for minus"),
        ("concept-step", lambda theta, eta, slope: eta * slope(theta), "η times the slope alone"),
        ("loss-slopes", lambda outputs, y: outputs - y, "the residuals alone"),
        ("rate-two-rows", lambda a1, a2: 0.0, ""),
        ("classification-predict-three", 0.333, "p itself"),
        ("classification-predict-three", 0.69, "two classes for three"),
    ],
)
def test_each_likely_slip_has_its_name(name, answer, said):
    reply = judge(find_exercise(name), answer)
    assert (reply.verdict, reply.mistake) == ("wrong", said)


def test_a_rounded_mistake_is_told_only_where_it_is_one_alone():
    mistakes = (Mistake("a third", "Three?", lambda: 1 / 3), Mistake("hundredths", "Why?", lambda: 0.331))
    asked = Exercise.value(lambda: 7.0, *mistakes)
    assert judge(asked, 0.333).mistake == "a third"
    assert judge(asked, 0.33).mistake == ""  # may be either
    asked_in_code = Exercise.function(lambda x: 7.0, ((1.0,),), Mistake("a third", "Three?", lambda x: x / 3))
    assert judge(asked_in_code, lambda x: 0.333).mistake == ""
    assert judge(asked_in_code, lambda x: x / 3).mistake == "a third"


@pytest.mark.parametrize(
    ("name", "word", "choice"),
    [
        ("derivation-predict-farthest", "B", "b"),
        ("rate-predict-alternate", "in between", "between"),
        ("bug-3", "factor2", "factor 2"),
        ("bug-3", "Factor_2", "factor 2"),
        ("concept-predict-rate", "overshoot", "overshoots"),
        ("example-predict-order", "Less!", "less"),
        *(
            ("concept-predict-row", word, "not zero")
            for word in ("non-zero", "nonzero", "isn't zero", "≠ 0", "!=0", "It's != 0")
        ),
        *(("rate-predict-direction", word, "between") for word in ("between w and b", "w and b", "both")),
        ("rate-predict-scaling", "centring", "subtract"),
        ("derivation-predict-farthest", "the bias", "b"),
        *(("bug-3", word, "factor 2") for word in ("the 2 forgotten", "factor two", "half gradient")),
    ],
)
def test_a_word_is_taken_however_it_is_typed(name, word, choice):
    assert choice_meant(KNOWN[name], word) == choice
    assert judge(find_exercise(name), word)


@pytest.mark.parametrize(
    "denial",
    ["not {}", "non-{}", "isn't {}", "it doesn’t {}", "without {}", "≠ {}", "never {}", "cannot {}", "it shouldn't {}"],
)
def test_no_choice_is_read_into_its_denial(denial):
    for exercise in KNOWN.values():
        for choice in exercise.choices:
            assert choice_meant(exercise, denial.format(choice)) != choice


def test_small_letters_below_the_line_need_not_be_typed():
    assert judge(find_exercise("derivation-predict-farthest"), "w2").mistake == "chose “w₂”"


@pytest.mark.parametrize(
    ("name", "word", "said"),
    [
        ("concept-predict-rate", "overshotts", "Did you mean “overshoots”?"),
        ("bug-3", "gradient zeroed", "Did you mean “gradient not zeroed”?"),
        ("bug-18", "bias", "Did you mean “no bias” or “bias frozen”?"),
        ("bug-3", "rate", "Did you mean “rate too large”?"),
        ("classification-predict-push", "203 times", "Choose one of “twice”, “20 times”, “200 times”."),
        ("classification-predict-push", "300 times", "Choose one of “twice”, “20 times”, “200 times”."),
        ("classification-predict-push", 203, "Choose one of “twice”, “20 times”, “200 times”."),
        ("classification-predict-push", -2, "Choose one of “twice”, “20 times”, “200 times”."),
        ("concept-predict-tilt", "nonnegative", "Choose one of “positive”, “negative”."),
        ("concept-predict-rate", "it jumps", "Choose one of “glides”, “overshoots”, “diverges”."),
    ],
)
def test_a_word_that_is_nearly_a_choice_is_offered(name, word, said):
    assert judge(find_exercise(name), word).text == said


def test_right_entries_are_told_from_wrong_ones_without_a_number():
    reply = judge(find_exercise("example-other-first"), [0.06342, 0.13736, 0.1])
    assert reply.text.startswith("Right: w₁, w₂. Not yet: b.")
    assert judge(find_exercise("derivation-by-hand"), [-0.3, -0.18, 9]).text.startswith("Right: w₁, w₂. Not yet: b.")
    assert "Right" not in judge(find_exercise("derivation-by-hand"), [7, 8, 9]).text


def test_a_mistake_in_some_entries_is_named_with_the_entries():
    reply = judge(find_exercise("derivation-by-hand"), [-0.3, 0.18, -0.6])
    assert reply.mistake == "sign flipped"
    assert reply.text.startswith("Right: w₁, b. Not yet: w₂.")


def test_a_line_s_mixture_of_outputs_is_told_nothing_false():
    asked = find_exercise("network-predict-xor")
    assert judge(asked, [0, 0.5, 0.5, 1]).text.startswith(
        "Right: (0, 1), (1, 0). Not yet: (0, 0), (1, 1).\nYours misses a"
    )
    assert "opposite sides" in judge(asked, [0, 1, 0.5, 0.5]).text


def test_close_results_are_told_how_close_they_are_and_how_close_they_should_be():
    asked = find_exercise("rate-best")
    near = judge(asked, lambda bowl: asked.right(bowl) * (1 + 3e-4))
    assert near.text == "Close: it is right to about 3 digits, and 4 are asked. Search finer, or find the formula."
    assert judge(asked, lambda bowl: asked.right(bowl) * (1 + 3e-6))
    two = find_exercise("rate-two-rows")
    assert judge(two, lambda one, other: two.right(one, other) * (1 + 3e-6))


def test_a_measured_slope_for_a_formula_is_told():
    def measured(outputs, y, h=1e-3):
        loss = np.mean((outputs - y) ** 2)
        return np.array([(np.mean((outputs + h * e - y) ** 2) - loss) / h for e in np.eye(len(y))])

    reply = judge(find_exercise("loss-slopes"), measured)
    assert reply.text.startswith("Close: it is right to about 3 digits, not exactly.")


GRADIENTS = [name for name, exercise in KNOWN.items() if exercise.measured]


@pytest.mark.parametrize("name", GRADIENTS)
def test_measured_slopes_are_those_of_the_right_gradient(name):
    exercise = KNOWN[name]
    for case in exercise.cases:
        assert np.allclose(exercise.measured(*case), exercise.right(*case), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", GRADIENTS)
def test_a_wrong_gradient_is_shown_beside_the_measured_one_before_the_mistake(name):
    exercise = KNOWN[name]
    reply = judge(exercise, lambda *case: -np.asarray(exercise.right(*case)))
    rows = reply.table.splitlines()
    assert rows[0].split() == ["slope", "yours", "measured", "difference"]
    assert sum("the first wrong one" in row for row in rows) == 1
    assert repr(reply).index(rows[0].strip()) < repr(reply).index(reply.text.split()[0])


def test_the_first_wrong_slope_is_marked():
    asked = find_exercise("derivation-gradient")
    reply = judge(asked, lambda A, y, theta: asked.right(A, y, theta) + np.eye(len(theta))[-1])
    assert "1.00000 <- the first wrong one" in " ".join(reply.table.splitlines()[-1].split())


def test_what_fits_no_table_has_none():
    asked = find_exercise("derivation-gradient")
    assert judge(asked, lambda A, y, theta: 3.0).table == ""
    assert judge(asked, lambda A, y, theta: "far").table == ""


@pytest.mark.parametrize(
    ("name", "word"),
    [
        *(("example-predict-again", "<0.8"), ("bug-7", "not stale")),
        ("rate-predict-alternate", "the nearer"),
    ],
)
def test_a_word_is_not_turned_into_its_opposite(name, word):
    assert judge(find_exercise(name), word).text.startswith("Choose one of")


@pytest.mark.parametrize(
    ("name", "word"),
    [("example-predict-again", "lower"), ("bug-1", "wrong sign"), ("bug-7", "stale"), ("bug-6", "rounding")],
)
def test_a_right_thought_in_other_words_is_right(name, word):
    assert judge(find_exercise(name), word)


def test_converging_is_no_answer_to_how():
    assert "does it cross 0" in judge(find_exercise("concept-predict-rate"), "converges").text


def test_the_edge_of_two_rows_is_the_first_one():
    def last_crossing(a1, a2):
        n1, n2 = a1 @ a1, a2 @ a2
        etas = np.linspace(0, 1.01 / min(n1, n2), 20001)[:, None, None]
        one, two = (np.eye(len(a)) - 2 * etas * np.outer(a, a) for a in (a1, a2))
        basis = np.linalg.qr(np.stack([a1, a2], axis=1))[0]
        stable = np.abs(np.linalg.eigvals(basis.T @ two @ one @ basis)).max(-1) < 1
        return etas[np.flatnonzero(stable)[-1] + 1, 0, 0]

    assert not judge(find_exercise("rate-two-rows"), last_crossing)


def test_the_best_place_on_the_way_is_no_end():
    def best_visited(loss, slope, starts, eta, steps):
        places = []
        for theta in starts:
            for _ in range(steps):
                theta = theta - eta * slope(theta)
                places.append(theta)
        return min(places, key=loss)

    assert not judge(find_exercise("concept-starts"), best_visited)


def test_a_library_may_write_into_its_own_gradient():
    def backward(A, y, theta, grad):
        grad[:] = 0
        grad += 2 / len(y) * A.T @ (A @ theta - y)
        return grad

    assert judge(find_exercise("bug-12-repair"), backward)


@pytest.mark.parametrize("part", [1e-12, 1e-9, 0.999999])
def test_any_rate_below_the_edge_mends_too_large_a_rate(part):
    assert judge(find_exercise("bug-2-repair"), lambda A: part * len(A) / np.linalg.eigvalsh(A.T @ A)[-1])


@pytest.mark.parametrize(
    ("name", "word"),
    [
        *(("loss-predict-trap", "grow"), ("loss-predict-trap", "it rises"), ("loss-predict-cut", "a parabola")),
        *(("concept-predict-start", "the left valley"), ("concept-predict-tilt", "minus")),
    ],
)
def test_a_choice_may_stand_in_a_few_words(name, word):
    assert not judge(find_exercise(name), word).text.startswith(("Choose", "Did you mean"))


@pytest.mark.parametrize("word", ["not the left one", "left or right", "neither left"])
def test_two_choices_or_a_denied_one_are_none(word):
    assert judge(find_exercise("concept-predict-start"), word).text.startswith("Choose one of")


def test_several_numbers_in_quotes_are_asked_for_as_a_list():
    said = judge(find_exercise("derivation-by-hand"), "-0.3, −0.18, -0.6").text
    assert said == "Your answer is text. Hand the numbers over as a list, without quotes: [-0.3, -0.18, -0.6]."


def test_a_way_without_return_is_told_with_its_arguments():
    def until_still(loss, slope, start, eta, tolerance, most):
        theta = start
        for k in range(1, most + 1):
            before, theta = loss(theta), theta - eta * slope(theta)
            if abs(loss(theta) - before) < tolerance:
                return k
        return None

    assert "most = 10 it returns nothing: does every way" in judge(find_exercise("concept-stop"), until_still).text


@pytest.mark.parametrize(
    ("answer", "cure"),
    [
        (lambda x, y, w, b: np.mean((x @ w + b - y) ^ 2), "a power is `**`"),
        (lambda x, y, w, b: np.mean((w @ x + b - y) ** 2), "which order does `@` need"),
        (lambda x, y, w, b: np.mean((x[:, 0] + y[:2]) ** 2), "print `.shape` of each"),
    ],
)
def test_what_numpy_says_is_followed_by_what_helps(answer, cure):
    assert cure in judge(find_exercise("loss-mse"), answer).text
