"""The arithmetic that explain.py shows, read back from the page and worked out again with fractions."""

import re
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from functools import cache
from html import unescape

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared import NUMBER, SYMBOL, evaluate, last_place, read_float, sign
from strategies import many

from gdlib.descent import descend
from gdlib.explain import Explanation, Line, explain, explain_step
from gdlib.explain.display import WIDTH, _broken
from gdlib.explore.words import explanation_table
from gdlib.linear import LinearRegression
from gdlib.problem import parabola

TWO_ROWS = LinearRegression([[0.1, 0.8], [0.5, 0.3]], [0.8, 0.5])
STEP_ONE = np.array([0.016, 0.128, 0.16000000000000003])


def article_run(**changes):
    return descend(TWO_ROWS, [0, 0, 0], **{"eta": 0.1, "steps": 2, "order": "one by one", **changes})


def strings(explanation):
    return [str(line) for line in explanation.lines]


# --- reading what is displayed ----------------------------------------------------------------------------------------


@cache
def number(text):
    return evaluate(text)


def displayed(rows):
    """Join the rows of a display to lines, and cut these at the relations: [name, relation, symbols, relation, …]."""
    lines = []
    for row in rows:
        if re.match(r"[ŷLwb]", row.strip()):
            lines.append([])
        lines[-1].append(row.strip())
    return [re.split(" *([=≈←]) *", re.sub(" +", " ", " ".join(line))) for line in lines]


def from_text(explanation):
    return displayed(str(explanation).splitlines())


def from_latex(explanation):
    """Read the MathJax block back into the characters of the plain text."""
    block = re.fullmatch(r"\$\$\\begin\{aligned\}\n(.*)\n\\end\{aligned\}\$\$", explanation._repr_latex_(), re.S)[1]
    for command, letter in {
        r"\hat{y}": "ŷ",
        r"\eta": "η",
        r" \cdot ": "·",
        r"\leftarrow": "←",
        r"\approx": "≈",
    }.items():
        block = block.replace(command, letter)
    block = block.replace(r"\quad {}", "").replace("-", "−")
    low, high = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"), str.maketrans("0123456789−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾")
    block = re.sub(r"_(?:\{([^}]*)\}|(.))", lambda m: (m[1] or m[2]).translate(low), block)
    block = re.sub(r"\^(?:\{([^}]*)\}|(.))", lambda m: (m[1] or m[2]).translate(high), block)
    assert not re.search(r"[\\{}^_]", block.replace(" \\\\\n", "\n")), block
    rows = block.split(" \\\\\n")
    assert all(row.count("&") == 1 for row in rows)
    return displayed([row.replace("&", "") for row in rows])


def from_html(explanation):
    rows = re.findall("<tr>(.*?)</tr>", explanation_table(explanation))
    return displayed([unescape(re.sub("<[^>]+>", " ", row)) for row in rows])


# --- the article's steps ----------------------------------------------------------------------------------------------


def test_first_step_of_the_article():
    assert strings(explain(TWO_ROWS[0], [0, 0, 0], 0.1)) == [
        "ŷ = w₁·x₁ + w₂·x₂ + b = 0·0.1 + 0·0.8 + 0 = 0",
        "L = (ŷ − y)² = (0 − 0.8)² = 0.64",
        "w₁ ← w₁ − η·2·(ŷ − y)·x₁ = 0 − 0.1·2·(0 − 0.8)·0.1 = 0.016",
        "w₂ ← w₂ − η·2·(ŷ − y)·x₂ = 0 − 0.1·2·(0 − 0.8)·0.8 = 0.128",
        "b ← b − η·2·(ŷ − y) = 0 − 0.1·2·(0 − 0.8) = 0.16",
    ]


def test_second_step_of_the_article_aligned():
    assert str(explain_step(article_run(), 2, digits=8)) == "\n".join(
        [
            "step 2",
            " ŷ = w₁·x₁ + w₂·x₂ + b   = 0.016·0.5 + 0.128·0.3 + 0.16     = 0.2064",
            " L = (ŷ − y)²            = (0.2064 − 0.5)²                  = 0.08620096",
            "w₁ ← w₁ − η·2·(ŷ − y)·x₁ = 0.016 − 0.1·2·(0.2064 − 0.5)·0.5 = 0.04536",
            "w₂ ← w₂ − η·2·(ŷ − y)·x₂ = 0.128 − 0.1·2·(0.2064 − 0.5)·0.3 = 0.145616",
            " b ← b − η·2·(ŷ − y)     = 0.16 − 0.1·2·(0.2064 − 0.5)      = 0.21872",
        ]
    )


@pytest.mark.parametrize(
    ("digits", "line", "end"),
    [(6, 1, "≈ 0.086201"), (4, 1, "≈ 0.0862"), (8, 1, "= 0.08620096"), (5, 3, "≈ 0.14562"), (6, 3, "= 0.145616")],
)
def test_the_digits_the_article_rounds_to(digits, line, end):
    assert strings(explain(TWO_ROWS[1], STEP_ONE, 0.1, digits))[line].endswith(f" {end}")


def test_second_step_of_the_article_in_mathjax():
    latex = explain(TWO_ROWS[1], STEP_ONE, 0.1)._repr_latex_().splitlines()
    assert latex[0] == r"$$\begin{aligned}"
    assert latex[1] == (
        r"\hat{y} &= w_1 \cdot x_1 + w_2 \cdot x_2 + b = 0.016 \cdot 0.5 + 0.128 \cdot 0.3 + 0.16 = 0.2064 \\"
    )
    assert (
        latex[5]
        == r"b &\leftarrow b - \eta \cdot 2 \cdot (\hat{y} - y) = 0.16 - 0.1 \cdot 2 \cdot (0.2064 - 0.5) = 0.21872"
    )
    assert latex[6] == r"\end{aligned}$$"


def test_the_numbers_themselves():
    explanation = explain_step(article_run(), 2)
    assert (explanation.outputs, explanation.loss, explanation.step) == ((0.2064,), 0.08620096, 2)
    assert explanation.parameters == (0.04536, 0.145616, 0.21872)


def test_a_batch_step_is_a_mean():
    explanation = explain_step(article_run(order="batch"), 1)
    assert explanation.parameters == (0.033, 0.079, 0.13)
    assert strings(explanation)[1:4] == [
        "ŷ⁽²⁾ = w₁·x₁⁽²⁾ + w₂·x₂⁽²⁾ + b = 0·0.5 + 0·0.3 + 0 = 0",
        "L = ((ŷ⁽¹⁾ − y⁽¹⁾)² + (ŷ⁽²⁾ − y⁽²⁾)²)/2 = ((0 − 0.8)² + (0 − 0.5)²)/2 = 0.445",
        "w₁ ← w₁ − η·2·((ŷ⁽¹⁾ − y⁽¹⁾)·x₁⁽¹⁾ + (ŷ⁽²⁾ − y⁽²⁾)·x₁⁽²⁾)/2"
        " = 0 − 0.1·2·((0 − 0.8)·0.1 + (0 − 0.5)·0.5)/2 = 0.033",
    ]
    assert strings(explanation)[5].startswith("b ← b − η·2·((ŷ⁽¹⁾ − y⁽¹⁾) + (ŷ⁽²⁾ − y⁽²⁾))/2 = ")


@pytest.mark.parametrize(
    "changes",
    [{}, {"order": "batch"}, {"order": "stochastic"}, {"eta": 3, "steps": 2000}, {"schedule": lambda k: 1 / (1 + k)}],
)
def test_steps_lead_where_the_run_went(changes):
    run = article_run(**{"steps": 20, **changes})
    for k in (1, 2, len(run) // 2, len(run)):
        explanation = explain_step(run, k)
        assert explanation.parameters == pytest.approx(run.parameters[k], rel=1e-12)
        assert explanation.loss == pytest.approx(run.step_losses[k - 1], rel=1e-12)
        assert explanation.step == k


# --- textbook habits --------------------------------------------------------------------------------------------------


def test_negative_numbers_are_bracketed_only_after_an_operator():
    assert strings(explain(LinearRegression([-0.3], [-0.5]), [-0.2, -1], 0.5)) == [
        "ŷ = w·x + b = −0.2·(−0.3) + (−1) = −0.94",
        "L = (ŷ − y)² = (−0.94 − (−0.5))² = 0.1936",
        "w ← w − η·2·(ŷ − y)·x = −0.2 − 0.5·2·(−0.94 − (−0.5))·(−0.3) = −0.332",
        "b ← b − η·2·(ŷ − y) = −1 − 0.5·2·(−0.94 − (−0.5)) = −0.56",
    ]


def test_powers_of_ten_are_bracketed_as_factors():
    lines = strings(explain(LinearRegression([1.2e-7], [3e9]), [2, 0], 1e-7))
    assert lines[0] == "ŷ = w·x + b = 2·(1.2·10⁻⁷) + 0 = 2.4·10⁻⁷"
    assert lines[2] == "w ← w − η·2·(ŷ − y)·x = 2 − 10⁻⁷·2·(2.4·10⁻⁷ − 3·10⁹)·(1.2·10⁻⁷) ≈ 2.000072"


def test_whole_numbers_keep_their_zeros():
    assert strings(explain(LinearRegression([1200], [300000]), [100, 0], 0.5, digits=2))[:2] == [
        "ŷ = w·x + b = 100·1200 + 0 = 120000",
        "L = (ŷ − y)² = (120000 − 300000)² ≈ 3.2·10¹⁰",
    ]


def test_no_more_digits_than_it_takes():
    assert strings(explain(TWO_ROWS[0], [0.04536, 0.145616, 0.21872], 0.1))[:2] == [
        "ŷ = w₁·x₁ + w₂·x₂ + b = 0.04536·0.1 + 0.145616·0.8 + 0.21872 ≈ 0.339749",
        "L = (ŷ − y)² ≈ (0.339749 − 0.8)² ≈ 0.211831",
    ]
    assert strings(explain(LinearRegression([1 / 3], [2 / 3]), [1 / 7, 1 / 9], 0.1, digits=3))[2] == (
        "w ← w − η·2·(ŷ − y)·x ≈ 0.143 − 0.1·2·(0.159 − 0.667)·0.333 ≈ 0.177"
    )


def test_without_a_word_there_are_six_digits():
    run = descend(LinearRegression([1 / 3], [2 / 3]), [1 / 7, 1 / 9], 0.1, 1)
    assert explain_step(run, 1) == explain_step(run, 1, 6) == explain(run.problem, [1 / 7, 1 / 9], 0.1, step=1)
    assert explain_step(run, 1) not in (explain_step(run, 1, 5), explain_step(run, 1, 7))


def test_cancellation_gets_more_digits():
    lines = strings(explain(LinearRegression([1], [0.5]), [0.5000001234, 0], 0.1))
    assert lines[1] == "L = (ŷ − y)² = (0.5000001234 − 0.5)² ≈ 1.52276·10⁻¹⁴"


@pytest.mark.parametrize(
    ("x", "w", "y", "shown"),
    [
        (0.6, 0.8, 0.46, "(0.48 − 0.46)²"),  # 0.48 − 0.5 is as large, and of the other sign
        (1, 0.5, 0.465, "(0.5 − 0.46)²"),  # 0.5 − 0.5 is none
        (1, 0.5, 0.535, "(0.5 − 0.54)²"),
    ],
)
def test_no_error_changes_its_sign_or_vanishes_where_few_digits_would_do(x, w, y, shown):
    assert shown in strings(explain(LinearRegression([x], [y]), [w, 0], 0, digits=1))[1]


def test_a_change_too_small_for_digits_is_written_as_one():
    lines = strings(explain(LinearRegression([1], [1.5]), [0.5, 0], 1e-30))
    assert lines[2].endswith("= 0.5 − 10⁻³⁰·2·(0.5 − 1.5)·1 = 0.5 + 2·10⁻³⁰")


def test_a_whole_unit_of_the_last_place_is_within_it():
    lines = strings(explain(LinearRegression([1], [9.18]), [2.7, 0], 1, digits=1))
    assert lines[2] == "w ← w − η·2·(ŷ − y)·x ≈ 3 − 1·2·(3 − 9)·1 ≈ 16"  # a calculator says 15, exact is 15.66


def test_up_to_thirty_digits_no_more_are_shown_than_it_takes_and_beyond_all_are():
    theta = [-0.6897031749365414, 1.5196107293673933]  # w all but vanishes: 15 of its digits take 29
    problem = LinearRegression([-0.3677524837959041], [-2.121])
    line = strings(explain(problem, theta, 0.24079790203152754, digits=15))[0]
    assert line.endswith("≈ 1.7732507850322238359259957281")
    apart = LinearRegression([0.5, 1.7e308], [-2 / 3, 1e20])  # sizes as far apart as floats have them
    assert strings(explain(apart, [-3e-30, 1.7e308], 0.5, digits=1))[0].endswith("= 1.7·10³⁰⁸ − 1.5·10⁻³⁰")


def test_many_digits_are_split_only_where_that_is_shorter():
    lines = strings(explain(LinearRegression([1], [0.123456789012345]), [4e-16, 0.123456789012345], 0.1))
    assert lines[0].endswith("= 4·10⁻¹⁶·1 + 0.123456789012345 = 0.1234567890123454")


def test_from_a_ten_thousandth_on_and_below_ten_million_numbers_are_written_plainly():
    lines = strings(explain(LinearRegression([0.0001], [9999999]), [0.00009, 12345678], 0, digits=15))
    assert lines[0].startswith("ŷ = w·x + b = 9·10⁻⁵·0.0001 + 1.2345678·10⁷ ≈ ")
    assert "− 9999999)²" in lines[1]


def test_ten_million_has_no_more_digits_than_were_asked_for():
    line = strings(explain(LinearRegression([18], [8]), [5, 9999910], 0, digits=2))[0]
    assert line == "ŷ = w·x + b ≈ 5·18 + 10⁷ ≈ 10⁷"


def test_float_noise_is_not_arithmetic():
    assert "0.16000000000000003" not in str(explain(TWO_ROWS[1], STEP_ONE, 0.1, digits=15))


@pytest.mark.parametrize("d", [1, 2, 9, 12, 40])
def test_long_sums_break_into_rows(d):
    problem = LinearRegression(np.linspace(-1, 1, 2 * d).reshape(2, d), [0.3, -0.7])
    explanation = explain(problem, np.linspace(1, 2, d + 1), 0.1)
    rows = str(explanation).splitlines()
    assert max(map(len, rows)) < 110
    assert {re.search("[=≈←+]", row).start() for row in rows} <= {5, 7}  # relations stand in line, a + further in
    assert ("\n &\\quad {}+ " in explanation._repr_latex_()) == (d > 2)
    assert [str(line) for line in explanation.lines] == [
        f"{name} {' '.join(rest)}" for name, *rest in from_text(explanation)
    ]
    check(problem, np.linspace(1, 2, d + 1), 0.1, 6)


def made_of(*tokens):
    """Return an explanation of one line of such a sum."""
    line = Line("L", (("=", tokens), ("=", ("1",)), ("=", ("1",))))
    return Explanation((line,), (1.0,), 1.0, (1.0,))


@pytest.mark.parametrize(("longer", "rows"), [(0, 1), (1, 3)])
def test_a_line_of_just_the_width_stays_whole(longer, rows):
    whole = f"L = {'x' * (WIDTH - len('L =  = 1 = 1') + longer)} = 1 = 1"
    assert len(whole) == WIDTH + longer
    shown = str(made_of(whole.split()[2])).splitlines()
    assert len(shown) == rows
    assert rows > 1 or shown == [whole]


def test_a_sum_breaks_in_front_of_a_plus_alone_and_as_late_as_it_can():
    first, *others = _broken("=", ("a" * 40, " − ", "b" * 30, *((" + ", "cc-cc") * 40)))
    assert first.startswith(f"= {'a' * 40} − {'b' * 30} + cc-cc")
    assert all(re.match(r"  \+ cc-cc( \+ cc-cc)*$", row) for row in others)
    assert all(WIDTH - len(" + cc-cc") < len(row) <= WIDTH for row in [first, *others[:-1]])
    assert [len(row) for row in _broken("=", ("a" * 40, " − ", "b" * 70, " + ", "c"))] == [115, 5]


def test_html_is_a_table_of_plain_escaped_text():
    explanation = explain_step(article_run(), 2)
    caption, *rows = explanation_table(explanation).removeprefix("<table>\n").removesuffix("\n</table>").split("\n")
    assert caption == "<caption>step 2</caption>"
    assert len(rows) == len(explanation.lines)
    assert all(
        re.fullmatch(r'<tr><th scope="row">[^<]+</th>(<td style="[^"]*">[^<]+</td>){3}</tr>', row) for row in rows
    )
    assert "<caption>step 2</caption>" in explanation_table(explanation)
    hostile = replace(explanation, lines=(replace(explanation.lines[0], name="<script>"),))
    assert "<script>" not in explanation_table(hostile)


def test_an_explanation_is_plain_data():
    explanation = explain_step(article_run(), 2)
    assert explanation == explain_step(article_run(), 2)
    assert repr(explanation) == str(explanation)
    assert "step" not in str(explain(TWO_ROWS[0], [0, 0, 0], 0.1))
    with pytest.raises(FrozenInstanceError):
        explanation.loss = 0


# --- bad input --------------------------------------------------------------------------------------------------------

FIVE_ROWS = LinearRegression(np.arange(5.0), np.arange(5.0))


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (
            (parabola(), [0], 0.1),
            TypeError,
            "problem must be a LinearRegression, a LogisticRegression or a Network, got Curve",
        ),
        ((FIVE_ROWS, [0, 0], 0.1), ValueError, "problem must have at most 4 rows, got 5"),
        ((TWO_ROWS, [0, 0], 0.1), ValueError, "theta must be one number for each of w₁, w₂, b"),
        ((TWO_ROWS, [[0, 0, 0]], 0.1), ValueError, "theta must be"),
        ((TWO_ROWS, [0, np.nan, 0], 0.1), ValueError, "theta must be"),
        ((TWO_ROWS, ["0", "0", "0"], 0.1), TypeError, "theta must be made of real numbers"),
        ((TWO_ROWS, [[0], [0, 0]], 0.1), TypeError, "theta must be made of numbers"),
        ((TWO_ROWS, None, 0.1), TypeError, "theta must be made of real numbers"),
        ((TWO_ROWS, [0, 0, 0], -0.1), ValueError, "eta must not be negative, got -0.1"),
        ((TWO_ROWS, [0, 0, 0], np.inf), ValueError, "eta must be finite, but it holds inf"),
        ((TWO_ROWS, [0, 0, 0], [0.1, 0.2]), ValueError, "eta must be a single number"),
        ((TWO_ROWS, [0, 0, 0], "0.1"), TypeError, "eta must be made of real numbers"),
        ((TWO_ROWS, [0, 0, 0], 0.1, 0), ValueError, "digits must be from 1 to 15, got 0"),
        ((TWO_ROWS, [0, 0, 0], 0.1, 16), ValueError, "digits must be from 1 to 15, got 16"),
        ((TWO_ROWS, [0, 0, 0], 0.1, 6.0), TypeError, "digits must be a whole number"),
        ((TWO_ROWS, [0, 0, 0], 0.1, 6, 0), ValueError, "step must be"),
    ],
)
def test_explain_says_what_is_wrong(arguments, error, words):
    with pytest.raises(error, match=words):
        explain(*arguments)


@pytest.mark.parametrize("k", [0, 3, -1])
def test_only_steps_that_were_taken(k):
    with pytest.raises(ValueError, match=f"k must be from 1 to 2, got {k}"):
        explain_step(article_run(), k)


def test_runs_that_cannot_be_explained():
    with pytest.raises(TypeError, match="k must be a whole number"):
        explain_step(article_run(), 1.0)
    with pytest.raises(ValueError, match=r"run must be of a single replica, got parameters of shape \(3, 2, 3\)"):
        explain_step(article_run(eta=[0.1, 0.2]), 1)
    with pytest.raises(
        TypeError, match="problem must be a LinearRegression, a LogisticRegression or a Network, got Curve"
    ):
        explain_step(descend(parabola(), 1, 0.1, 2), 1)


# --- honesty, over thousands of steps ---------------------------------------------------------------------------------


def exactly(problem, theta, eta):
    """The step with fractions, apart from the module: the values of all letters, then ŷ…, L and the new parameters."""
    n = len(problem)
    marks = ["⁽¹⁾", "⁽²⁾", "⁽³⁾", "⁽⁴⁾"][:n] if n > 1 else [""]
    values = {"η": read_float(eta), **dict(zip(problem.names, map(read_float, theta), strict=True))}
    slopes, loss = dict.fromkeys(problem.names, Fraction(0)), Fraction(0)
    for mark, row, y in zip(marks, problem.x, problem.y, strict=True):
        a = dict(zip(problem.names, [*map(read_float, row), Fraction(1)], strict=True))
        values.update({name.replace("w", "x") + mark: x for name, x in a.items() if name != "b"})
        values["y" + mark] = read_float(y)
        values["ŷ" + mark] = sum(values[name] * x for name, x in a.items())
        error = values["ŷ" + mark] - values["y" + mark]
        loss += error**2 / n
        slopes = {name: slope + 2 * error * a[name] / n for name, slope in slopes.items()}
    new = {name: values[name] - values["η"] * slope for name, slope in slopes.items()}
    return values, {**{"ŷ" + mark: values["ŷ" + mark] for mark in marks}, "L": loss, **new}


def operands(symbols, numbers):
    """Find each symbol's number in the displayed numbers, brackets included."""
    pattern, last = "", 0
    for found in SYMBOL.finditer(symbols):
        pattern += re.escape(symbols[last : found.start()]) + rf"(\({NUMBER}\)|{NUMBER})"
        last = found.end()
    match = re.fullmatch(pattern + re.escape(symbols[last:]), numbers)
    assert match, (symbols, numbers)
    return [(found, text) for found, text in zip(SYMBOL.finditer(symbols), match.groups(), strict=True)]


def check(problem, theta, eta, digits):
    """Check every claim that a displayed step makes, and that no error and no change is rounded away or made up."""
    explanation = explain(problem, theta, eta, digits)
    values, results = exactly(problem, theta, eta)
    lines = from_text(explanation)
    assert [line[0] for line in lines] == list(results)
    shown = {line[0]: number(line[-1]) for line in lines if line[0].startswith("ŷ")}
    for name, first, symbols, *rest in lines:
        assert first == ("←" if name in problem.names else "=")
        assert evaluate(symbols, values) == results[name]
        check_numbers(symbols, *rest, values, shown)
        check_result(rest[-1], results[name], digits, shortest=name == "L")
    for name, *_, result in lines:
        before = name.replace("ŷ", "y")
        if name != "L":
            assert sign(number(result) - shown[before]) == sign(results[name] - values[before])
    check_floats(problem, theta, eta, explanation, results)
    return explanation


def check_numbers(symbols, second, numbers, third, result, values, shown):
    """Check both relations, every bracket, and that a number looks the same wherever it stands."""
    unrounded = True
    for found, text in operands(symbols, numbers):
        bare, before = text.strip("()"), symbols[: found.start()]
        factor, term = before.endswith("·"), before.endswith(("+ ", "− "))
        assert text.startswith("(") == ((factor and "·" in bare) or ((factor or term) and bare[0] == "−")), numbers
        assert shown.setdefault(found[0], number(bare)) == number(bare)
        unrounded &= number(bare) == values[found[0]]
    come_to = evaluate(numbers)
    assert second == ("=" if unrounded else "≈")
    assert third == ("=" if come_to == number(result) else "≈")
    assert abs(come_to - number(result)) <= last_place(result)


def check_result(result, exact, digits, shortest):
    """Check that a result has its digits right, and if nothing else is worked out from it, no more than asked for."""
    assert abs(number(result) - exact) <= abs(exact) * Fraction(5, 10**digits)
    assert sign(number(result)) == sign(exact)
    if shortest:
        assert len(re.sub("·?10[⁻⁰¹²³⁴-⁹]+|[.−]", "", result).strip("0")) <= digits


def check_floats(problem, theta, eta, explanation, results):
    """Check the attributes, and the new parameters against numpy, up to what 15 digits of every number do to a sum."""
    floats = [*explanation.outputs, explanation.loss, *explanation.parameters]
    for shown, exact in zip(floats, results.values(), strict=True):
        assert shown == float(exact) if abs(exact) < 1e308 else sign(exact) * shown >= 1e308
    sizes = np.abs([*problem.x.flat, *problem.y, *theta, eta])
    if ((sizes == 0) | ((sizes > 1e-60) & (sizes < 1e60))).all():  # beyond, products of four leave what floats can hold
        larger = LinearRegression(np.abs(problem.x), -np.abs(problem.y))  # all terms add up: the scale of the rounding
        scale = np.abs(theta) + eta * larger.gradient(np.abs(theta))
        assert (np.abs(theta - eta * problem.gradient(theta) - explanation.parameters) <= 1e-13 * scale).all()


short = st.integers(-3000, 3000).map(lambda whole: whole / 1000)
plain = st.floats(-10, 10)
nasty = st.sampled_from(
    [0.0, 1e-7, -3e-30, 0.1 + 0.2, 1 / 3, -2 / 3, 1e200, -7e150, 1e-200, 5e-324, 1.7e308, 123456789.0]
)
anything = st.floats(allow_nan=False, allow_infinity=False)
whole = st.integers(-20000, 20000).map(float)
negative = st.floats(-10, -0.1)


@st.composite
def steps(draw, numbers, rates, most_rows=1):
    n, d = draw(st.integers(1, most_rows)), draw(st.integers(1, 3))
    flat = draw(st.lists(numbers, min_size=n * d + n + d + 1, max_size=n * d + n + d + 1))
    x, y, theta = np.split(np.array(flat), [n * d, n * d + n])
    return LinearRegression(x.reshape(n, d), y), theta, draw(rates), draw(st.integers(1, 15))


ordinary_rates = st.sampled_from([0.0, 0.1, 0.01, 0.5, 0.3, 1.0, 1 / 3])
odd_rates = st.one_of(ordinary_rates, st.sampled_from([1e-9, 1e-20, 1e-300, 3.7, 1e100]))


@many(60)
@given(steps(st.one_of(plain, nasty), odd_rates, most_rows=3))
def test_text_mathjax_and_html_say_the_same(step):
    explanation = explain(*step)
    assert from_text(explanation) == from_latex(explanation) == from_html(explanation)


@many(600)
@given(steps(short, ordinary_rates))
def test_honest_on_short_decimals(step):
    check(*step)


@many(150)
@given(steps(st.one_of(plain, negative, whole), odd_rates, most_rows=4))
def test_honest_on_long_decimals_and_several_rows(step):
    check(*step)


@many(300)
@given(steps(st.one_of(nasty, short, anything), st.one_of(odd_rates, anything.map(abs)), most_rows=2))
def test_honest_on_nasty_numbers(step):
    check(*step)


@many(150)
@given(steps(st.one_of(plain, short), odd_rates, most_rows=2), st.sampled_from([0, 1e-3, 1e-9, -1e-13, 1e-15, -1e-40]))
def test_honest_where_the_output_nearly_meets_the_target(step, gap):
    problem, theta, eta, digits = step
    check(LinearRegression(problem.x, problem.predict(theta) + gap), theta, eta, digits)


@many(30)
@given(steps(st.one_of(plain, short), st.just(0.5)))
def test_honest_where_the_new_parameters_nearly_vanish(step):
    problem, theta, eta, digits = step
    y = problem.predict(theta) - theta[-1]  # with η = 1/2 the bias steps to zero
    check(LinearRegression(problem.x, y), theta, eta, digits)


@many(60)
@given(steps(short, st.sampled_from([0.0, 0.1])))
def test_nothing_moves_without_an_error_or_a_rate(step):
    problem, theta, eta, digits = step
    problem = LinearRegression(0 * problem.x, theta[-1:] if eta else problem.y)
    assert check(problem, theta, eta, digits).parameters == tuple(theta)


def test_the_reader_of_displays_can_tell_false_from_true():
    assert evaluate("0.016 − 0.1·2·(0.2064 − 0.5)·0.5") == Fraction("0.04536")
    assert evaluate("−10⁻²·(−3.5·10³)/2 + (2 − 1)²") == Fraction("18.5")
    assert evaluate("ŷ⁽¹⁾ + w₁₂·x₁₂⁽¹⁾", {"ŷ⁽¹⁾": 1, "w₁₂": 2, "x₁₂⁽¹⁾": 3}) == 7
    assert [last_place(text) for text in ("0.25", "−12", "3.5·10⁻⁷", "10⁵", "0.5 − 1.2·10⁻³⁰")] == [
        Fraction(power) for power in ("0.01", "1", "1e-8", "1e5", "1e-31")
    ]
    assert isinstance(explain(TWO_ROWS[0], [0, 0, 0], 0.1), Explanation)


# --- what a pencil wants between ŷ and the new θ ----------------------------------------------------------------------


def test_errors_and_slopes_of_the_articles_second_step():
    lines = [str(line) for line in explain_step(article_run(), 2).between]
    assert lines == [
        "ŷ − y = ŷ − y = 0.2064 − 0.5 = −0.2936",
        "∂L/∂w₁ = 2·(ŷ − y)·x₁ = 2·(0.2064 − 0.5)·0.5 = −0.2936",
        "∂L/∂w₂ = 2·(ŷ − y)·x₂ = 2·(0.2064 − 0.5)·0.3 = −0.17616",
        "∂L/∂b = 2·(ŷ − y) = 2·(0.2064 − 0.5) = −0.5872",
    ]


@pytest.mark.parametrize("rows", [0, slice(None)])
def test_slopes_between_are_the_gradient(rows):
    problem, theta = TWO_ROWS[rows], [0.3, -1.2, 1 / 3]
    between = explain(problem, theta, 0.1, digits=12).between
    marks = [""] if rows == 0 else ["⁽¹⁾", "⁽²⁾"]
    assert [line.name for line in between] == [*(f"ŷ{m} − y{m}" for m in marks), "∂L/∂w₁", "∂L/∂w₂", "∂L/∂b"]
    slopes = [evaluate(line.parts[-1][1][0]) for line in between[len(problem) :]]
    np.testing.assert_allclose([float(each) for each in slopes], problem.gradient(theta), rtol=1e-9)


def test_a_calculator_agrees_with_every_line_between():
    explanation = explain(TWO_ROWS, [1 / 3, -1.2e-5, 70000], 0.1)
    for line in explanation.between:
        numbers, (relation, result) = "".join(line.parts[1][1]), line.parts[2]
        gap = abs(evaluate(numbers) - evaluate("".join(result)))
        assert gap == 0 if relation == "=" else 0 < gap <= abs(evaluate(numbers)) / 10**5
