"""Steps of logistic regression, written out: what is displayed is read back, and worked out again with 400 digits."""

import re
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shared import NUMBER, evaluate, last_place, read_float
from strategies import many

from gdlib.classify import LogisticRegression
from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.explain import explain, explain_step, functions
from gdlib.problem import Penalised

TWO = LogisticRegression(worked_example()[0], [1, 0])
MARKS = {1: [""], 2: ["⁽¹⁾", "⁽²⁾"], 3: ["⁽¹⁾", "⁽²⁾", "⁽³⁾"], 4: ["⁽¹⁾", "⁽²⁾", "⁽³⁾", "⁽⁴⁾"]}


def sigma(z):
    if z < 0:
        return 1 - sigma(-z)  # to the last digit
    with localcontext(prec=1000):
        return Fraction(1 / (1 + (-(Decimal(z.numerator) / z.denominator)).exp()))


def ln(number):
    with localcontext(prec=1000):
        return Fraction((Decimal(number.numerator) / number.denominator).ln())


def test_functions_keep_their_digits_where_they_are_small():
    q = Fraction(1, 3 * 10**250)  # digits without end
    near_one = functions.ln(functions.Expression(("p",), 1 - q)).value  # ln(1 − q) = −q − q²/2 − q³/3 − …
    assert abs((near_one + q) / q**2 + Fraction(1, 2)) < Fraction(1, 10**200)
    score = functions.Expression(("z",), q)
    assert abs(functions.tanh(score).value / q - 1) < Fraction(1, 10**390)  # tanh z = z − z³/3 + …
    assert abs((functions.sigma(score).value - Fraction(1, 2)) / q - Fraction(1, 4)) < Fraction(1, 10**390)


def work_out(text):
    """Return what displayed arithmetic with numbers, σ and ln comes to."""
    if found := re.fullmatch(r"σ\((.*)\)", text):
        return sigma(evaluate(found[1]))
    values = {}

    def logarithm(found):
        values[name := f"x{'₀₁₂₃₄'[len(values)]}"] = ln(evaluate(found[1] or found[2]))
        return name

    text = re.sub(r"ln(?: ([0-9.]+[⁻⁰¹²³⁴-⁹]*)|\(((?:[^()]|\([^()]*\))*)\))", logarithm, text)
    return evaluate(text, values)


def displayed(explanation):
    """Return [name, relation, symbols, relation, numbers, relation, result] for each line, from its plain text."""
    lines = []
    for row in str(explanation).splitlines():
        if re.match(r" *[zpLwb][₀-₉]*(⁽.⁾)? +[=←]", row):
            lines.append("")
        lines[-1] += " " + row.strip()
    return [[part.strip() for part in re.split("([=≈←])", re.sub(" +", " ", text))] for text in lines]


def exactly(problem, theta, eta):
    """Return every line's value, apart from the module: z and p of each row, L, and the new parameters."""
    n, rate, values = len(problem), read_float(eta), {}
    old = list(map(read_float, theta))
    rows = [[*map(read_float, x), Fraction(1)] for x in problem.x]
    scores = [sum(t * a for t, a in zip(old, row, strict=True)) for row in rows]
    odds = list(map(sigma, scores))
    for letter, each in (("z", scores), ("p", odds)):
        values.update({letter + mark: value for mark, value in zip(MARKS[n], each, strict=True)})
    values["L"] = -sum(ln(p) if y else ln(1 - p) for p, y in zip(odds, problem.y, strict=True)) / n
    for i, name in enumerate(problem.names):
        pull = sum((p - int(y)) * row[i] for p, y, row in zip(odds, problem.y, rows, strict=True)) / n
        values[name] = old[i] - rate * pull
    return values


def check(problem, theta, eta, digits):
    """Check every claim that a displayed step makes, and that no error and no change is rounded away."""
    explanation = explain(problem, theta, eta, digits)
    exact, lines = exactly(problem, theta, eta), displayed(explanation)
    before = dict(zip(problem.names, theta, strict=True))
    assert [line[0] for line in lines] == list(exact)
    shown = {}
    for name, first, symbols, _, numbers, third, result in lines:
        assert first == ("←" if name in problem.names else "=")
        assert re.fullmatch(NUMBER, result), result
        value, come_to = evaluate(result), work_out(numbers)
        assert abs(value - exact[name]) <= abs(exact[name]) * Fraction(5, 10**digits)
        assert abs(come_to - value) <= last_place(result)
        irrational = name[0] in "pL"
        assert third == ("=" if come_to == value and not irrational else "≈")
        shown[name] = result
        if name[0] == "p":
            assert 0 < value < 1
            assert numbers == f"σ({shown['z' + name[1:]]})"
            assert symbols == f"σ(z{name[1:]})"
        for mark in MARKS[len(problem)]:
            if f"p{mark} − y" in symbols:
                assert f"({shown['p' + mark]} − " in numbers
        if name in before:
            moved, should = value - shown_before(numbers), exact[name] - read_float(before[name])
            assert (moved > 0) - (moved < 0) == (should > 0) - (should < 0)
    floats = [*explanation.outputs, explanation.loss, *explanation.parameters]
    assert floats == pytest.approx([float(value) for name, value in exact.items() if name[0] != "z"], rel=1e-15)
    return explanation


def shown_before(numbers):
    """Return the number that an update begins with."""
    return evaluate(re.match(NUMBER.partition("(?: [")[0], numbers)[0])


# --- the article's two rows as classes --------------------------------------------------------------------------------


def test_the_second_step_of_the_two_rows():
    run = descend(TWO, [0, 0, 0], 0.1, 2, order="one by one")
    assert str(explain_step(run, 2)) == "\n".join(
        [
            "step 2",
            " z = w₁·x₁ + w₂·x₂ + b = 0.005·0.5 + 0.04·0.3 + 0.05     = 0.0645",
            " p = σ(z)              = σ(0.0645)                       ≈ 0.5161194",
            " L = −ln(1 − p)        ≈ −ln(1 − 0.5161194)              ≈ 0.725917",
            "w₁ ← w₁ − η·(p − y)·x₁ ≈ 0.005 − 0.1·(0.5161194 − 0)·0.5 ≈ −0.020806",
            "w₂ ← w₂ − η·(p − y)·x₂ ≈ 0.04 − 0.1·(0.5161194 − 0)·0.3  ≈ 0.0245164",
            " b ← b − η·(p − y)     ≈ 0.05 − 0.1·(0.5161194 − 0)      = −0.00161194",
        ]
    )
    np.testing.assert_allclose(explain_step(run, 2).parameters, run.theta, rtol=1e-14)
    assert explain_step(run, 2).loss == pytest.approx(run.step_losses[1], rel=1e-14)


def test_half_is_exact_and_yet_no_calculator_shows_it_of_a_sigmoid():
    first = explain(TWO[0], [0, 0, 0], 0.1)
    assert [str(line) for line in first.lines[1:4]] == [
        "p = σ(z) = σ(0) ≈ 0.5",
        "L = −ln p = −ln 0.5 ≈ 0.693147",
        "w₁ ← w₁ − η·(p − y)·x₁ = 0 − 0.1·(0.5 − 1)·0.1 = 0.005",
    ]
    assert [str(line) for line in first.between[:2]] == [
        "p − y = p − y = 0.5 − 1 = −0.5",
        "∂L/∂w₁ = (p − y)·x₁ = (0.5 − 1)·0.1 = −0.05",
    ]


def test_a_batch_step_is_a_mean():
    lines = {line.name: line.cells() for line in explain(TWO, [1, 2, 0.5], 0.1).lines}
    assert lines["L"][0] == "= (−ln p⁽¹⁾ − ln(1 − p⁽²⁾))/2"
    assert lines["b"][0] == "← b − η·((p⁽¹⁾ − y⁽¹⁾) + (p⁽²⁾ − y⁽²⁾))/2"
    np.testing.assert_allclose(
        explain(TWO, [1, 2, 0.5], 0.1).parameters, np.array([1, 2, 0.5]) - 0.1 * TWO.gradient([1, 2, 0.5]), rtol=1e-14
    )


def test_in_mathjax_sigma_and_ln_are_upright_commands():
    latex = explain(TWO[0], [0, 0, 0], 0.1)._repr_latex_()
    assert r"p &= \sigma(z) = \sigma(0) \approx 0.5 \\" in latex
    assert r"L &= -\ln p = -\ln 0.5 \approx 0.693147 \\" in latex
    assert r"L &= -\ln (1 - p)" in explain(TWO[1], [0, 0, 0], 0.1)._repr_latex_()


def test_rows_that_mirror_each_other_cancel():
    lines = [str(line) for line in explain(LogisticRegression([1, -1], [0, 1]), [1, 0], 0.1, 3).lines]
    assert lines[2:4] == ["p⁽¹⁾ = σ(z⁽¹⁾) = σ(1) ≈ 0.731", "p⁽²⁾ = σ(z⁽²⁾) = σ(−1) ≈ 0.269"]
    assert lines[-1].endswith("≈ 0 − 0.1·((0.731 − 0) + (0.269 − 1))/2 = 0")


def test_scores_that_hardly_differ_are_told_apart():
    check(LogisticRegression([1, -1, 0, 0], [1, 1, 0, 1])[:2], np.array([3.11150764e-61, 1.0]), 1e-9, 1)


def test_probabilities_near_0_and_1_are_written_as_what_is_left():
    lines = [str(line) for line in explain(TWO[0], [30, 45, 0.5], 0.1).lines]
    assert lines[1:3] == [
        "p = σ(z) = σ(39.5) ≈ 1 − 7.00435·10⁻¹⁸",
        "L = −ln p ≈ −ln(1 − 7.00435·10⁻¹⁸) ≈ 7.00435·10⁻¹⁸",
    ]
    assert str(explain(TWO[1], [60, 90, 0], 0.1).lines[2]) == "L = −ln(1 − p) ≈ −ln(1 − (1 − 1.75879·10⁻²⁵)) ≈ 57"


def test_what_cannot_be_written_out_is_refused():
    with pytest.raises(ValueError, match=r"^theta must give each score from −700 to 700, got 701: beyond, e to "):
        explain(TWO[0], [0, 0, 701], 0.1)
    explain(TWO[0], [0, 0, -700], 0.1)
    with pytest.raises(
        TypeError, match=r"^problem must be a LinearRegression, a LogisticRegression or a Network, got Penalised;"
    ):
        explain(Penalised(TWO, 1), [0, 0, 0], 0.1)
    with pytest.raises(ValueError, match=r"^problem must have at most 4 rows, got 5"):
        explain(LogisticRegression(range(5), [0, 1, 0, 1, 1]), [0, 0], 0.1)

    class Own(LogisticRegression):
        def loss(self, theta):
            return 2 * super().loss(theta)

    with pytest.raises(TypeError, match=r"^Own has loss\(\) of its own"):
        explain(Own(TWO.x, TWO.y), [0, 0, 0], 0.1)


# --- honesty, over hundreds of steps ----------------------------------------------------------------------------------

short = st.integers(-3000, 3000).map(lambda whole: whole / 1000)
ordinary_rates = st.sampled_from([0.0, 0.1, 0.01, 0.5, 0.3, 1.0, 1 / 3])


@st.composite
def steps(draw, numbers, rates, most_rows=1):
    n, d = draw(st.integers(1, most_rows)), draw(st.integers(1, 3))
    flat = np.array(draw(st.lists(numbers, min_size=n * d + d + 1, max_size=n * d + d + 1)))
    classes = draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=n, max_size=n))
    whole = LogisticRegression(np.vstack([flat[: n * d].reshape(n, d), np.zeros((2, d))]), [*classes, 0, 1])
    return whole[:n], flat[n * d :], draw(rates), draw(st.integers(1, 15))


@many(100)
@given(steps(short, ordinary_rates, most_rows=4))
def test_honest_on_short_decimals(step):
    check(*step)


@many(100)
@given(steps(st.floats(-10, 10), st.sampled_from([1e-9, 1e-20, 3.7, 1e10, 0.1]), most_rows=2))
def test_honest_on_long_decimals(step):
    problem, theta, eta, digits = step
    if np.abs(problem.scores(theta)).max() < 699:
        check(problem, theta, eta, digits)


@many(60)
@example(-207, 1.0, 1)  # p is a power of ten
@given(st.integers(-699, 699), st.sampled_from([0.0, 1.0]), st.integers(1, 15))
def test_honest_where_p_is_nearly_0_or_1(score, y, digits):
    check(LogisticRegression([0.1, 0.2], [y, 1 - y])[0], [0.0, float(score)], 0.1, digits)
