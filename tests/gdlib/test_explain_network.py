"""Steps of a network, written out: what is displayed is read back, and worked out again with fractions."""

import re
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared import NUMBER, last_place, read_float, sign
from strategies import many

from gdlib._arithmetic import Expression
from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.explain import explain, explain_step
from gdlib.explain.functions import ln
from gdlib.linear import LinearRegression
from gdlib.network import ACTIVATIONS, Network

ARTICLE = Network(*worked_example())
START = [1, 1, 0, 1, -1, 0, 0.5, -1, 0]
BLOCKS = ("forward", "backward", "update")


def step_of_the_article(k, digits=6):
    return explain_step(descend(ARTICLE, START, 0.1, 3, order="one by one"), k, digits)


# --- reading what is displayed ----------------------------------------------------------------------------------------

SYMBOL = re.compile("(?:[ŷywxbηzhδvcp])[₀-₉]*")


def with_digits(function, mirrored=lambda value: value):
    """Return a function of fractions that is worked out with very many digits, from that of −z where z is below 0."""

    def of(number):
        with localcontext(prec=1000):
            value = Fraction(function(Decimal(abs(number.numerator)) / number.denominator))
        return mirrored(value) if number < 0 else value

    return of


FUNCTIONS = {
    "σ": with_digits(lambda z: 1 / (1 + (-z).exp()), lambda value: 1 - value),
    "tanh": with_digits(lambda z: ((2 * z).exp() - 1) / ((2 * z).exp() + 1), lambda value: -value),
    "ln": with_digits(lambda p: p.ln()),
    "max": max,
    "one_if": lambda true: Fraction(int(true)),
}


def evaluate(text, values=None):
    """Work out displayed arithmetic exactly, and functions closely; ``values`` gives what letters stand for."""
    text = re.sub(r"ln ([^ ·()]+)", r"ln(\1)", text)
    text = re.sub(r"\[(.*?)\]", r"one_if(\1)", text)
    text = re.sub(
        "10([⁻⁰¹²³⁴-⁹]+)", lambda found: f"Fraction(10)**{normalize('NFKC', found[1]).replace('−', '-')}", text
    )
    text = re.sub(r"(?<![\w.*(])([0-9][0-9.]*)|(?<=\()(?<!Fraction\()([0-9][0-9.]*)", r"Fraction('\1\2')", text)
    text = (
        text.replace("Fraction(Fraction('10'))", "Fraction(10)").replace("²", "**2").replace("−", "-").replace("·", "*")
    )
    names = {name: name.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")) for name in values or {}}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name])
    return eval(
        text, {"Fraction": Fraction, **FUNCTIONS}, {names[name]: value for name, value in (values or {}).items()}
    )


def displayed(explanation):
    """Return {block: its lines}, each [name, relation, symbols, relation, numbers, relation, result], from the text."""
    blocks, lines = {}, None
    for row in str(explanation).splitlines():
        if row in BLOCKS:
            lines = blocks.setdefault(row, [])
        elif not row.startswith("step "):
            if re.match(rf" *{SYMBOL.pattern}( +[=←]|$)", row) or re.match(r" *L( +=|$)", row):
                lines.append("")
            lines[-1] += " " + row.strip()
    return {
        block: [[part.strip() for part in re.split("([=≈←])", re.sub(" +", " ", text))] for text in texts]
        for block, texts in blocks.items()
    }


def operands(symbols, numbers):
    """Find each symbol's number in the displayed numbers."""
    pattern, last = "", 0
    for found in SYMBOL.finditer(symbols.replace("max", "   ").replace("tanh", "    ").replace("ln", "  ")):
        pattern += re.escape(symbols[last : found.start()]) + rf"(\({NUMBER}\)|{NUMBER})"
        last = found.end()
    pattern = (pattern + re.escape(symbols[last:])).replace(r"ln\ (", r"ln ?(")
    match = re.fullmatch(pattern, numbers)
    assert match or "ln" in symbols, (symbols, numbers)
    found = SYMBOL.findall(symbols.replace("max", "   ").replace("tanh", "    ").replace("ln", "  "))
    return list(zip(found, (text.strip("()") for text in match.groups()), strict=True)) if match else []


def exactly(network, theta, eta):
    """Return what each letter is worth before the step, and what each line comes to, apart from the module."""
    values = {name: read_float(x) for name, x in zip(network.features, network.x[0], strict=True)}
    values |= {name: read_float(t) for name, t in zip(network.names, theta, strict=True)}
    values |= {"y": read_float(network.y[0]), "η": read_float(eta)}
    come = {}
    bend = {"relu": lambda z: max(z, Fraction(0)), "tanh": FUNCTIONS["tanh"], "sigmoid": FUNCTIONS["σ"]}
    slope = {"relu": lambda h: Fraction(int(h > 0)), "tanh": lambda h: 1 - h**2, "sigmoid": lambda h: h * (1 - h)}
    marks, inputs = "₁₂₃"[: network.neurons], list(network.features)
    blocks = {part: network.names[where] for part, where in network.parts.items()}
    for j in marks:
        *weights, bias = blocks[f"h{j}"]
        come[f"z{j}"] = sum(values[w] * values[x] for w, x in zip(weights, inputs, strict=True)) + values[bias]
        come[f"h{j}"] = bend[network.activation](come[f"z{j}"])
    *onward, bias = blocks["ŷ"]
    score = sum(values[v] * come[f"h{j}"] for v, j in zip(onward, marks, strict=True)) + values[bias]
    if network.kind == "squared":
        come |= {"ŷ": score, "L": (score - values["y"]) ** 2}
        come["δ"] = 2 * (score - values["y"])
    else:
        come |= {"ŷ": score, "p": FUNCTIONS["σ"](score)}
        come["L"] = -FUNCTIONS["ln"](come["p"] if values["y"] else 1 - come["p"])
        come["δ"] = come["p"] - values["y"]
    for v, j in zip(onward, marks, strict=True):
        come[f"δ{j}"] = come["δ"] * values[v] * slope[network.activation](come[f"h{j}"])
    for j in marks:
        for w, x in zip(blocks[f"h{j}"], [*(values[x] for x in inputs), 1], strict=True):
            come[w] = values[w] - values["η"] * come[f"δ{j}"] * x
    for v, h in zip(blocks["ŷ"], [*(come[f"h{j}"] for j in marks), 1], strict=True):
        come[v] = values[v] - values["η"] * come["δ"] * h
    return values, come


def check(network, theta, eta, digits):
    """Check every claim of a displayed step: each line, from the numbers above it and the old weights."""
    explanation = explain(network, theta, eta, digits)
    values, come = exactly(network, theta, eta)
    blocks = displayed(explanation)
    lines = [line for block in BLOCKS for line in blocks[block]]
    assert [line[0] for line in lines] == list(come)
    assert [line[0] for line in blocks["backward"]] == [name for name in come if name.startswith("δ")]
    assert [line[0] for line in blocks["update"]] == list(network.names)
    letters = values | {name: value for name, value in come.items() if name not in values}  # weights: the old ones
    shown = {}  # what each letter looks like, wherever it stands
    for name, first, symbols, second, numbers, third, result in lines:
        new = name in values
        assert first == ("←" if new else "=")
        assert close(evaluate(symbols, letters), come[name])
        own = operands(symbols, numbers)
        for letter, text in own:
            assert shown.setdefault(letter, text) == text
        come_to = evaluate(numbers)
        rounds = re.match("σ|tanh|−ln", symbols)
        if own:
            unrounded = all(evaluate(text) == letters[letter] for letter, text in own)
            assert second == ("=" if unrounded else "≈") or rounds or network.activation != "relu"
        assert third == ("≈" if rounds or come_to != evaluate(result) else "=")
        assert abs(come_to - evaluate(result)) <= last_place(result) + (Fraction(1, 10**300) if rounds else 0)
        assert abs(evaluate(result) - come[name]) <= abs(come[name]) * Fraction(5, 10**digits)
        assert sign(evaluate(result)) == sign(come[name])
        if new:
            assert sign(evaluate(result) - evaluate(shown[name])) == sign(come[name] - values[name])
        else:
            assert shown.setdefault(name, result) == result
    for name, number in zip(network.names, explanation.parameters, strict=True):
        assert number == float(come[name])
    assert explanation.loss == pytest.approx(float(come["L"]), rel=1e-15)
    assert explanation.outputs == (float(come["ŷ" if network.kind == "squared" else "p"]),)
    return explanation


def close(one, other):
    return abs(one - other) <= abs(other) * Fraction(1, 10**40)


# --- the article's rows -----------------------------------------------------------------------------------------------


def test_first_step_of_the_article():
    assert str(step_of_the_article(1)) == "\n".join(
        [
            "step 1",
            "forward",
            " z₁ = w₁₁·x₁ + w₁₂·x₂ + b₁ = 1·0.1 + 1·0.8 + 0    = 0.9",
            " h₁ = max(0, z₁)           = max(0, 0.9)          = 0.9",
            " z₂ = w₂₁·x₁ + w₂₂·x₂ + b₂ = 1·0.1 + (−1)·0.8 + 0 = −0.7",
            " h₂ = max(0, z₂)           = max(0, −0.7)         = 0",
            "  ŷ = v₁·h₁ + v₂·h₂ + c    = 0.5·0.9 + (−1)·0 + 0 = 0.45",
            "  L = (ŷ − y)²             = (0.45 − 0.8)²        = 0.1225",
            "backward",
            "  δ = 2·(ŷ − y)            = 2·(0.45 − 0.8)       = −0.7",
            " δ₁ = δ·v₁·[z₁ > 0]        = −0.7·0.5·[0.9 > 0]   = −0.35",
            " δ₂ = δ·v₂·[z₂ > 0]        = −0.7·(−1)·[−0.7 > 0] = 0",
            "update",
            "w₁₁ ← w₁₁ − η·δ₁·x₁        = 1 − 0.1·(−0.35)·0.1  = 1.0035",
            "w₁₂ ← w₁₂ − η·δ₁·x₂        = 1 − 0.1·(−0.35)·0.8  = 1.028",
            " b₁ ← b₁ − η·δ₁            = 0 − 0.1·(−0.35)      = 0.035",
            "w₂₁ ← w₂₁ − η·δ₂·x₁        = 1 − 0.1·0·0.1        = 1",
            "w₂₂ ← w₂₂ − η·δ₂·x₂        = −1 − 0.1·0·0.8       = −1",
            " b₂ ← b₂ − η·δ₂            = 0 − 0.1·0            = 0",
            " v₁ ← v₁ − η·δ·h₁          = 0.5 − 0.1·(−0.7)·0.9 = 0.563",
            " v₂ ← v₂ − η·δ·h₂          = −1 − 0.1·(−0.7)·0    = −1",
            "  c ← c − η·δ              = 0 − 0.1·(−0.7)       = 0.07",
        ]
    )


@pytest.mark.parametrize("k", [1, 2, 3])
def test_steps_lead_where_the_run_went(k):
    run = descend(ARTICLE, START, 0.1, 3, order="one by one")
    explanation = explain_step(run, k)
    np.testing.assert_allclose(explanation.parameters, run.parameters[k], rtol=1e-12)
    assert explanation.loss == pytest.approx(run.step_losses[k - 1], rel=1e-12)
    check(ARTICLE[(k - 1) % 2], run.parameters[k - 1], 0.1, 6)


def test_the_hidden_slope_takes_the_old_output_weight():
    assert "≈ −0.308361·0.563·[0.84515 > 0] " in str(step_of_the_article(2))
    assert " ≈ 0.589061" in str(step_of_the_article(2))


def test_smooth_neurons_and_the_log_loss():
    network = Network(worked_example()[0], [1, 0], activation="tanh", loss="log")
    lines = [str(line) for line in explain(network[1], START, 0.1, 3).lines]
    assert lines[1] == "h₁ = tanh(z₁) = tanh(0.8) ≈ 0.664"
    assert lines[5:9] == [
        "p = σ(ŷ) ≈ σ(0.135) ≈ 0.534",
        "L = −ln(1 − p) ≈ −ln(1 − 0.534) ≈ 0.763",
        "δ = p − y ≈ 0.534 − 0 = 0.534",
        "δ₁ = δ·v₁·(1 − h₁²) ≈ 0.534·0.5·(1 − 0.664²) ≈ 0.149",
    ]
    network = Network([1, 2], [1, 0], hidden=1, activation="sigmoid", loss="log")
    lines = [str(line) for line in explain(network[0], [1, 0, 1, 0], 0.1, 3).lines]
    assert lines[4] == "L = −ln p ≈ −ln 0.675 ≈ 0.393"
    assert lines[6] == "δ₁ = δ·v₁·h₁·(1 − h₁) ≈ −0.325·1·0.731·(1 − 0.731) ≈ −0.0639"


def test_squares_of_what_is_no_plain_number_are_bracketed():
    network = Network([1.0], [0.0], hidden=1, activation="tanh")
    lines = [str(line) for line in explain(network, [-0.5, 0, 1, 0], 0.1, 3).lines]
    assert "(1 − (−0.462)²)" in lines[5]
    lines = [str(line) for line in explain(network, [1e-7, 0, 1, 0], 0.1, 1).lines]
    assert "(1 − (10⁻⁷)²)" in lines[5]


def test_a_sign_is_never_rounded_away():
    lines = [str(line) for line in explain(Network([1.9], [2.8], hidden=1), [2.8, 2.7, 0.5, -4], 0.1, 1).lines]
    assert lines[1:3] == [
        "h₁ = max(0, z₁) = max(0, 8.02) = 8.02",
        "ŷ = v₁·h₁ + c = 0.5·8.02 + (−4) = 0.01",
    ]  # not 0.5·8 − 4
    lines = [str(line) for line in explain(Network([1.9], [2.8], hidden=1), [2.8, 2.7, -0.5, 4], 0.1, 1).lines]
    assert lines[2] == "ŷ = v₁·h₁ + c = −0.5·8.02 + 4 = −0.01"


def test_a_function_of_what_is_exact_is_told_from_one_of_what_is_rounded():
    lines = [str(line) for line in explain(Network([1, 2], [0, 1], 1, loss="log")[0], [0, 0, 0, 0], 0.1, 3).lines]
    assert lines[4] == "L = −ln(1 − p) = −ln(1 − 0.5) ≈ 0.693"
    lines = [str(line) for line in explain(Network([0.3333], [0], 1, "tanh"), [1, 1.1111, 1, 0], 0.1, 3).lines]
    assert lines[1] == "h₁ = tanh(z₁) ≈ tanh(1.444) ≈ 0.8946"
    assert ln(Expression(("1 − 10⁻⁵",), 1 - Fraction(1, 10**5))).tokens == ("ln(", "1 − 10⁻⁵", ")")


def test_a_change_keeps_two_digits():
    network = Network([1, 2], [0, 1], 1, loss="log")[0]
    assert str(explain(network, [0, 0, 0, -700], 0.1, 3).lines[-1]).endswith("≈ −700 − 9.9·10⁻³⁰⁶")


def test_neurons_that_mirror_each_other_cancel():
    theta = [1, 0, -1, 0, 2, 2, 0]
    for activation, output in (("tanh", "0"), ("sigmoid", "2")):
        network = Network([0.7], [0.5], 2, activation)
        lines = [str(line) for line in explain(network, theta, 0.1, 3).lines]
        assert lines[4].startswith("ŷ = v₁·h₁ + v₂·h₂ + c ≈ 2·")
        assert lines[4].endswith(f" = {output}")
        check(network, np.array(theta, float), 0.1, 3)


def test_a_gate_is_shut_where_the_score_is_0():
    lines = [str(line) for line in explain(Network([1.0], [2.0], hidden=1), [1, -1, 1, 0], 0.1).lines]
    assert lines[0] == "z₁ = w₁·x + b₁ = 1·1 + (−1) = 0"
    assert lines[5] == "δ₁ = δ·v₁·[z₁ > 0] = −4·1·[0 > 0] = 0"


def test_a_value_near_1_has_no_more_digits_than_others_but_p():
    lines = [str(line) for line in explain(Network([1.2], [5], hidden=1), [0.8, 0, 1, 0], 0.1, 1).lines]
    assert lines[2] == "ŷ = v₁·h₁ + c = 1·0.96 + 0 ≈ 1"
    lines = [str(line) for line in explain(Network([1, 2], [0, 1], 1, "relu", "log")[0], [4, 0, 1, 0], 0.1, 1).lines]
    assert lines[3] == "p = σ(ŷ) = σ(4) ≈ 0.98"  # 1 − p has a digit too


def test_a_step_in_mathjax():
    latex = step_of_the_article(1)._repr_latex_()
    rows = latex.removeprefix("$$\\begin{aligned}\n").removesuffix("\n\\end{aligned}$$").split(" \\\\\n")
    assert rows[:4] == [
        r"&\text{step 1}",
        r"&\textbf{forward}",
        r"z_1 &= w_{11} \cdot x_1 + w_{12} \cdot x_2 + b_1 = 1 \cdot 0.1 + 1 \cdot 0.8 + 0 = 0.9",
        r"h_1 &= \max (0, z_1) = \max (0, 0.9) = 0.9",
    ]
    assert r"\delta_1 &= \delta \cdot v_1 \cdot [z_1 > 0] = -0.7 \cdot 0.5 \cdot [0.9 > 0] = -0.35" in rows
    assert [row for row in rows if "textbf" in row] == [rf"&\textbf{{{block}}}" for block in BLOCKS]
    assert all(row.count("&") == 1 for row in rows)
    tanh = Network([1.0], [0.0], hidden=1, activation="tanh")
    assert r"h_1 &= \tanh (z_1) = \tanh (0.5) \approx 0.462" in explain(tanh, [0.5, 0, 1, 0], 0.1, 3)._repr_latex_()


def test_a_step_too_wide_has_a_row_for_each_relation():
    explanation = step_of_the_article(3, 8)
    rows = str(explanation).splitlines()
    assert rows[:3] == ["step 3", "forward", " z₁ = w₁₁·x₁ + w₁₂·x₂ + b₁"]
    assert rows[3].startswith("    ≈ 1.01218036·0.1 + ")
    assert list(displayed(explanation)) == list(BLOCKS)


# --- bad input --------------------------------------------------------------------------------------------------------


class Bent(Network):
    def loss(self, theta):
        return super().loss(theta) + 1


@pytest.mark.parametrize(
    ("attempt", "error", "words"),
    [
        (lambda: explain(ARTICLE, START, 0.1), ValueError, r"problem must be a single row.*problem\[0\], got 2 rows"),
        (
            lambda: explain(Network([1.0], [1.0], hidden=4), np.zeros(13), 0.1),
            ValueError,
            "problem must have at most 3 hidden neurons, got 4",
        ),
        (
            lambda: explain(Network([1.0], [[1.0, 2.0]]), np.zeros(10), 0.1),
            ValueError,
            "^problem must have one output.*is not written out$",
        ),
        (
            lambda: explain(Network([1, 2], [0, 1], loss="softmax")[0], np.zeros(10), 0.1),
            ValueError,
            "problem must have one output",
        ),
        (lambda: explain(ARTICLE[0], START[:8], 0.1), ValueError, "theta must be one number for each of w₁₁, "),
        (lambda: explain(ARTICLE[0], [START], 0.1), ValueError, "theta must be one number for each of w₁₁, "),
        (lambda: explain(ARTICLE[0], [np.inf, *START[1:]], 0.1), ValueError, "theta must be finite"),
        (lambda: explain(ARTICLE[0], START, -0.1), ValueError, "eta must not be negative"),
        (lambda: explain(ARTICLE[0], START, [0.1, 0.2]), ValueError, "eta must be a single number"),
        (lambda: explain(ARTICLE[0], START, 0.1, 16), ValueError, "digits must be from 1 to 15, got 16"),
        (lambda: explain(Bent([1.0], [1.0]), np.zeros(7), 0.1), TypeError, r"Bent has loss\(\) of its own"),
        (
            lambda: explain(Network([1.0], [1.0], hidden=1, activation="tanh"), [701, 0, 1, 0], 0.1),
            ValueError,
            "theta must give each score from −700 to 700, got 701",
        ),
        (lambda: explain_step(descend(ARTICLE, START, 0.1, 2), 1), ValueError, "problem must be a single row"),
    ],
)
def test_explain_says_what_is_wrong(attempt, error, words):
    with pytest.raises(error, match=words):
        attempt()


def test_a_linear_step_has_no_blocks():
    assert explain(LinearRegression([1.0], [2.0]), [0, 0], 0.1).headings == ()


# --- honesty, over random steps ---------------------------------------------------------------------------------------

short = st.integers(-3000, 3000).map(lambda whole: whole / 1000)
plain = st.floats(-3, 3)
nasty = st.sampled_from([0.0, 1e-7, 1e-150, -3e-30, 0.1 + 0.2, 1 / 3, -2 / 3, 1e-12, 40.0, -30.0, 123456.0])
KINDS = list(product(ACTIVATIONS, ("squared", "log")))


@st.composite
def steps(draw, numbers, kinds=KINDS):
    activation, loss = draw(st.sampled_from(kinds))
    d, hidden = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    p = hidden * (d + 2) + 1
    *flat, y = draw(st.lists(numbers, min_size=d + p + 1, max_size=d + p + 1))
    x, theta = np.array(flat[:d]), np.array(flat[d:])
    if loss == "squared":
        network = Network([x], [y], hidden, activation)
    else:
        network = Network([x, x], [0, 1], hidden, activation, "log")[draw(st.integers(0, 1))]
    return network, theta, draw(st.sampled_from([0.0, 0.1, 0.5, 1 / 3, 1e-9])), draw(st.integers(1, 15))


@many(100)
@given(steps(short))
def test_honest_on_short_decimals(step):
    check(*step)


@pytest.mark.long
@many(50)
@given(steps(plain))
def test_honest_on_long_decimals(step):
    check(*step)


@many(100)
@given(steps(st.one_of(nasty, short), [("relu", "squared")]))
def test_honest_on_nasty_numbers(step):
    check(*step)


@pytest.mark.long
@many(50)
@given(steps(st.sampled_from([0.0, 5.0, -4.0, 1e-7, 1e-150, 1 / 3])))
def test_honest_where_neurons_saturate_or_are_hardly_bent(step):
    check(*step)


def test_the_reader_of_displays_can_tell_false_from_true():
    assert evaluate("0.016 − 0.1·2·(0.2064 − 0.5)·0.5") == Fraction("0.04536")
    assert evaluate("−10⁻²·(−3.5·10³) + (2 − (−1))²") == Fraction("44")
    assert evaluate("max(0, −0.7) + [−0.7 > 0] + 3·[0.9 > 0] + max(0, 2)") == 5
    assert evaluate("v₁·h₁ + w₁₁", {"v₁": Fraction(2), "h₁": Fraction(3), "w₁₁": Fraction(1)}) == 7
    assert float(evaluate("−ln 0.5 + tanh(0.5) + σ(1) − ln(1 − 0.25)")) == pytest.approx(
        -np.log(0.5) + np.tanh(0.5) + 1 / (1 + np.exp(-1)) - np.log(0.75)
    )
    assert [last_place(text) for text in ("0.25", "−12", "3.5·10⁻⁷", "10⁵", "0.5 − 1.2·10⁻³⁰")] == [
        Fraction(power) for power in ("0.01", "1", "1e-8", "1e5", "1e-31")
    ]
