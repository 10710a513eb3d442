"""The bug hunt asks for the culprit of each program, shows the lines at fault, and has the function mended."""

import re

import exercises as tool
import numpy as np
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from gdlib._course import SHEETS
from gdlib.check import check
from gdlib.curvature import condition_number
from gdlib.data import rents, standardised
from gdlib.exercises import find_exercise
from gdlib.exercises.bugs import CULPRITS, PROGRAMS, culprit, faulty, faulty_lines, symptoms
from gdlib.exercises.hunt import SYNONYMS
from gdlib.exercises.judge import judge
from gdlib.exercises.sheet import entries
from gdlib.exercises.slips import BIAS_BY_NEW_WEIGHTS, STALE_GRADIENT
from gdlib.linear import LinearRegression

ENTRIES = {entry.name: entry for entry in entries(SHEETS).values() if entry.sheet == "practice-bug-hunt"}
NUMBERS = range(1, PROGRAMS + 1)
STARTS = {6: [0, 3], 8: [0, 3], 13: [0, 2.2], 17: [0.5, 0.5], 18: [0, -1]}  # the others begin at 0


def made(code):
    """Return what code leaves behind as ``repaired``, where only numpy is at hand."""
    namespace = {"np": np}
    exec(code, namespace)
    return namespace["repaired"]


def mended(number, *changes):
    """Return the function that is shown, with some of its text replaced, as a reader would."""
    lines = faulty_lines(number)
    for old, new in changes:
        assert old in lines
        lines = lines.replace(old, new)
    name = re.match(r"def (\w+)", lines)[1]
    return made(f"{lines}\n\n\nrepaired = {name}")


def said(number, function):
    """Return the reply to a repair, in one line."""
    return " ".join(repr(judge(find_exercise(f"bug-{number}-repair"), function)).split())


def test_each_program_is_asked_for_its_culprit():
    for number in NUMBERS:
        asked = find_exercise(f"bug-{number}")
        assert asked.right() == culprit(number)
        assert asked.choices == tuple(CULPRITS)
        assert [mistake.hint for mistake in asked.mistakes] == [
            look for word, look in CULPRITS.items() if word != culprit(number)
        ]


@pytest.mark.parametrize("number", NUMBERS)
def test_right_diagnosis_is_shown_the_lines_at_fault(number, tmp_path):
    reply = check(f"bug-{number}", culprit(number), file=tmp_path / "progress.json")
    assert reply
    assert reply.code == faulty_lines(number)
    assert ENTRIES[f"bug-{number}"].why.split()[0] in repr(reply)


def test_other_words_stand_for_suspects():
    assert set(SYNONYMS.values()) <= set(CULPRITS)
    assert judge(find_exercise("bug-6"), "integers")
    assert judge(find_exercise("bug-8"), "features unscaled")
    assert judge(find_exercise("bug-14"), "none")
    assert judge(find_exercise("bug-3"), "factor2")


def test_sheet_says_by_how_much_each_half_of_standardising_helps():
    x = faulty(8)(rents()[0][:, 1])
    for feature in (x, x / x.std(), x - x.mean(), standardised(x)):
        narrowness = condition_number(LinearRegression(feature, rents()[1]))
        assert re.search(rf"\b{narrowness:.3g}\b", ENTRIES["bug-8"].why)


# --- repairs ----------------------------------------------------------------------------------------------------------


def test_each_program_has_a_repair_whose_cell_gives_nothing_away():
    assert [name for name in ENTRIES if name.endswith("-repair")] == [f"bug-{number}-repair" for number in NUMBERS]
    for number in NUMBERS:
        entry = ENTRIES[f"bug-{number}-repair"]
        assert entry.repairs == f"bug-{number}"
        assert entry.stub == "repaired = ...  # the function above, mended"


@pytest.mark.parametrize("number", NUMBERS)
def test_function_that_is_shown_is_no_repair_unless_it_is_sound(number):
    reply = judge(find_exercise(f"bug-{number}-repair"), mended(number))
    if culprit(number) == "no bug":
        assert reply
    else:
        known = "argument changed" if culprit(number) == "shared array" else "the bug as it was"
        assert reply.mistake == known


@pytest.mark.parametrize("number", NUMBERS)
def test_program_with_the_solution_in_it_is_healthy(number):
    seen = symptoms(number, made(ENTRIES[f"bug-{number}-repair"].solution))
    np.testing.assert_allclose(seen.slopes, seen.measured, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(seen.path[0], STARTS.get(number, [0, 0]))
    assert (np.diff(seen.losses) <= 1e-15).all()
    assert seen.losses[-1] < seen.losses[0]


@pytest.mark.parametrize("number", [8, 9])
def test_program_with_the_solution_in_it_comes_to_the_least_loss(number):
    seen = symptoms(number, made(ENTRIES[f"bug-{number}-repair"].solution))
    assert seen.losses[-1] == pytest.approx(seen.least, rel=1e-5)


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (1, [("2 / len(y)", "-2 / len(y)")]),
        (2, [("1.02", "0.01")]),
        (2, [("1.02 * 2", "1.999")]),
        (4, [("0.0", "2 * errors.mean()")]),
        (5, [("theta -= eta", "theta = theta - eta")]),
        (6, [("np.array(start)", "np.array(start) + 0.0")]),
        (6, [("theta[:] = ", "theta = ")]),
        (7, [("theta - eta * slope", "theta - eta * gradient(theta)")]),
        (8, [("return x", "return (x.mean() - x) / x.std(ddof=1)")]),
        (9, [("generator.permutation(y)", "np.random.default_rng(seed).permutation(y)")]),
        (9, [("generator.permutation(x), generator.permutation(y)", "x[::-1], y[::-1]")]),
        (10, [("mean(axis=1)", "sum(axis=0) / len(y)")]),
        (11, [("theta -= eta", "theta = theta - eta")]),
        (11, [("theta = start ", "theta = np.array(start) ")]),
        (12, [("grad + 2", "2")]),
        (12, [("grad + 2", "0 * grad + 2")]),
        (13, [("np.diag(hessian).max()", "np.trace(hessian)")]),
        (15, [("pulls = 2 * ", "pulls = ")]),
        (15, [("2 / len(y) * A.T @ pulls", "A.T @ pulls / len(y)")]),
        (16, [("theta -= eta", "theta = theta - eta")]),
        (
            17,
            [("for i in range(len(theta)):\n            theta[i]", "theta"), ("gradient(theta)[i]", "gradient(theta)")],
        ),
        (17, [("for i", "slopes = gradient(theta)\n        for i"), ("gradient(theta)[i]", "slopes[i]")]),
        (18, [("[:-1]", "")]),
        (18, [("theta[:-1] -= eta * gradient(theta)[:-1]", "theta = theta - eta * gradient(theta)")]),
    ],
)
def test_other_repairs_are_right_too(number, changes):
    assert judge(find_exercise(f"bug-{number}-repair"), mended(number, *changes))


@pytest.mark.parametrize(
    ("number", "changes", "mistake"),
    [
        (3, [("/ len(y)", "* 4 / len(y)")], "4 for 2"),
        (5, [("[theta]", "[theta.copy()]")], "the first alone"),
        (5, [("append(theta)", "append(theta.copy())")], "all but the first"),
        (6, [("theta - eta * gradient(theta)", "np.round(theta - eta * gradient(theta))")], "rounded"),
        (8, [("return x", "return x / x.std()")], "only divided"),
        (8, [("return x", "return x - x.mean()")], "only centred"),
        (9, [("generator.permutation(y)", "y")], "the features alone"),
        (10, [("axis=1", "")], "the mean of all pulls"),
        (11, [("theta.copy()", "theta"), ("= start ", "= start.copy() ")], "record overwritten"),
        (12, [("return grad", "return 0 * grad")], "zeroed too late"),
        (15, [("2 * ", ""), ("2 / len(y) * ", "1 / len(y) * ")], "both gone"),
        (16, [("append(theta.copy())", "append(theta)")], "all of them"),
        (17, [("in range(len(theta))", "in reversed(range(len(theta)))")], "the other way round"),
        (
            17,
            [("for _", "slopes = gradient(theta)\n    for _"), ("gradient(theta)[i]", "slopes[i]")],
            STALE_GRADIENT[0],
        ),
        (18, [("[:-1]  # ←", "[:-1]\n        theta[-1] -= eta * gradient(theta)[-1]")], BIAS_BY_NEW_WEIGHTS[0]),
        (18, [("[:-1]", "[-1:]")], "the bias alone"),
    ],
)
def test_half_repairs_are_known(number, changes, mistake):
    assert judge(find_exercise(f"bug-{number}-repair"), mended(number, *changes)).mistake == mistake


def test_rate_is_judged_by_what_it_does():
    assert "each step multiplies the error along one axis by 1.389 in size" in said(2, lambda A: 0.2)
    assert "a rate is larger than 0" in said(2, lambda A: 0.0)
    assert "a rate is larger than 0" in said(13, lambda A: -0.1)
    assert "by inf in size" in said(13, lambda A: 1e308)
    edge = lambda A: 2 / np.linalg.eigvalsh(2 / len(A) * A.T @ A)[-1]  # noqa: E731
    assert "the edge itself" in said(2, edge)
    assert judge(find_exercise("bug-2-repair"), lambda A: (1 - 1e-6) * edge(A))
    assert "by 1 in size" in said(2, lambda A: (1 + 1e-6) * edge(A))


def test_feature_is_judged_by_the_bowl_it_makes():
    assert "the condition number of its rows is 9.81" in said(8, lambda a: (a - a.mean()) / np.ptp(a))
    assert "the condition number of its rows is 6.69·10⁴" in said(8, lambda a: a)
    assert "the condition number of its rows is inf" in said(8, lambda a: a * 1e200)
    for other in (np.sqrt, np.zeros_like, lambda a: (-1.0) ** np.arange(len(a))):
        assert "that is not the old feature" in said(8, other)
    assert "single number" in said(8, np.mean)
    assert "inf" in said(8, lambda a: a * np.inf)


def test_rows_are_judged_by_their_pairs():
    assert "(1.1, 0.5) is none of the old rows" in said(9, lambda x, y, seed: (y, x))
    assert "a row is there more than once" in said(9, lambda x, y, seed: np.array([x, y])[:, [1, *range(1, len(x))]])
    assert "single number" in said(9, lambda x, y, seed: 1.0)
    assert "(6, 2)" in said(9, lambda x, y, seed: np.column_stack([x, y]))
    assert "(0, 6)" in said(9, lambda x, y, seed: np.zeros((0, len(x))))


def test_wrong_gradient_stands_beside_the_measured_one():
    assert "measured" in said(1, lambda A, y, theta: 3 * A.T @ (A @ theta - y))


# --- the cells --------------------------------------------------------------------------------------------------------


def test_repair_is_put_behind_its_diagnosis_and_has_no_question():
    notebook = new_notebook(cells=[new_markdown_cell("Text", id="further-reading")])
    for _ in range(2):  # the second time nothing changes
        tool.place(notebook, list(ENTRIES.values()))
        ids = [cell.id for cell in notebook.cells]
        assert len(ids) == 3 + 3 * PROGRAMS
        for number in NUMBERS:
            assert ids.index(f"bug-{number}-repair-yours") == ids.index(f"bug-{number}-yours") + 1
    cells = {cell.id: cell.source for cell in notebook.cells}
    assert cells["bug-1-yours"] == 'culprit = "..."\ncheck("bug-1", culprit)'
    assert cells["bug-1-repair-yours"] == (
        'repaired = ...  # the function above, mended\ncheck("bug-1-repair", repaired)'
    )
    tool.fill(notebook, list(ENTRIES.values()))
    cells = {cell.id: cell.source for cell in notebook.cells}
    assert cells["bug-1-repair-yours"].startswith("def gradient(A, y, theta):\n    errors = A @ theta - y\n")
