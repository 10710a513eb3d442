"""The worksheet: as many blanks as numbers, a key that says what descend says, and plain words for wrong arguments."""

import re
from html import unescape

import numpy as np
import pytest
import worksheet
from shared import NUMBER, evaluate

from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.linear import LinearRegression

ARTICLE = LinearRegression(*worked_example())
THREE = LinearRegression([[1.0, -2.0, 0.5], [0.3, 1.0, 7.0], [4.0, 0.1, 1.0]], [1.0, -1.0, 2.5])


def sections(html):
    """Return [{name: (numbers, result)}] of the steps of a page."""
    rows = [re.findall(r"<tr><th scope='row'>(.*?)</th>(.*?)</tr>", part, re.DOTALL) for part in html.split("<h2>Step")]
    cell = r'[=≈] <span class="(?:filled|blank)[^"]*">(.*?)</span>'
    return [{unescape(name): tuple(map(unescape, re.findall(cell, row))) for name, row in part} for part in rows[1:]]


def results(step, names):
    return [float(evaluate(step[name][1])) for name in names]


def test_key_shows_the_articles_first_step():
    _, key = worksheet.worksheet(ARTICLE, [0, 0, 0], 0.1, "one by one", 4)
    first = sections(key)[0]
    assert {name: first[name][1] for name in ("new w₁", "new w₂", "new b")} == {
        "new w₁": "0.016",
        "new w₂": "0.128",
        "new b": "0.16",
    }
    assert first["ŷ − y"] == ("0 − 0.8", "−0.8")


@pytest.mark.parametrize(("problem", "eta"), [(ARTICLE, 0.1), (ARTICLE, 5.0), (THREE, 0.01), (THREE[:1], 0.003)])
@pytest.mark.parametrize("order", worksheet.ORDERS)
def test_every_number_of_the_key_is_that_of_descend(problem, eta, order):
    start = np.linspace(-0.5, 1, len(problem.names))
    run = descend(problem, start, eta, 4, order=order)
    steps = sections(worksheet.worksheet(problem, list(start), eta, order, 4, digits=8)[1])
    assert len(steps) == 4
    for k, step in enumerate(steps):
        used, theta = problem[run.rows[k]], run.parameters[k]
        new = results(step, [f"new {name}" for name in problem.names])
        np.testing.assert_allclose(new, run.parameters[k + 1], rtol=1e-7)
        slopes = results(step, [f"∂L/∂{name}" for name in problem.names])
        np.testing.assert_allclose(slopes, used.gradient(theta), rtol=1e-6)
        np.testing.assert_allclose(results(step, ["L"]), used.loss(theta), rtol=1e-7)
        outputs = results(step, [name for name in step if name.startswith("ŷ") and "−" not in name])
        np.testing.assert_allclose(outputs, used.x @ theta[:-1] + theta[-1], rtol=1e-6)
        errors = results(step, [name for name in step if "−" in name])
        np.testing.assert_allclose(errors, np.array(outputs) - used.y, rtol=1e-6, atol=1e-12)


def test_worksheet_has_a_blank_for_each_number_of_the_key_and_no_number():
    sheet, key = worksheet.worksheet(THREE, [0, 0, 0, 0], 0.05, "batch", 3)
    assert sheet.count('class="blank') == key.count('class="filled') == 3 * 2 * (2 * 3 + 1 + 2 * 4)
    assert "filled" not in key.replace('class="filled', "").replace(worksheet.STYLE, "")
    blanks, filled = sections(sheet), sections(key)
    assert [list(step) for step in blanks] == [list(step) for step in filled]
    assert {text for step in blanks for pair in step.values() for text in pair} == {""}
    assert all(re.search(NUMBER, text) for step in filled for pair in step.values() for text in pair)


def test_rows_are_in_turn_and_the_formulas_stand_once():
    sheet, _ = worksheet.worksheet(ARTICLE, [0, 0, 0], 0.1, "one by one", 4)
    assert re.findall(r"<p>(Rows? [\d, ]+),", sheet) == ["Row 1", "Row 2", "Row 1", "Row 2"]
    assert sheet.count("w₁ ← w₁ − η·2·(ŷ − y)·x₁") == 1


def test_pages_need_nothing_from_elsewhere():
    for page in worksheet.worksheet(ARTICLE, [0, 0, 0], 0.1, "one by one", 1):
        assert not re.search(r"<script|<link|<img|url\(|https?:", page)
        assert page.startswith("<!DOCTYPE html>\n<html lang=")


def test_a_run_that_blows_up_is_written_out_as_far_as_it_goes():
    sheet, key = worksheet.worksheet(LinearRegression([[1.0]], [2.0]), [0, 0], 1e60, "batch", 9)
    last = len(sections(key))
    assert 1 <= last < 9
    assert f"In step {last + 1} the numbers become too large" in sheet
    assert "nan" not in key
    assert "inf" not in key


@pytest.mark.parametrize("features", [1, 2, 3, 4])
def test_one_to_four_features(features):
    rows = "; ".join(" ".join(map(str, range(i, i + features + 1))) for i in (1, 2))
    problem = worksheet.problem_of(rows)
    assert problem.x.shape == (2, features)
    assert list(problem.y) == [1 + features, 2 + features]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--rows", "1 nan"], "--rows: 'nan' is not finite"),
        (["--rows", "1 two"], "--rows: 'two' is not a number"),
        (["--rows", "1 2; 3"], "--rows: every row must have as many numbers, got 1 and 2"),
        (["--rows", "1"], "--rows: a row must have 1 to 4 features and a target, got 1 numbers"),
        (["--rows", "1 2 3 4 5 6"], "--rows: a row must have 1 to 4 features"),
        (["--rows", ""], "--rows: there are no numbers"),
        (["--rows", "1 2;" * 5, "--order", "batch"], "--rows: a batch must have at most 4 rows, got 5"),
        (["--start", "0 0"], "--start: one number for each of w₁, w₂, b is wanted, got 2"),
        (["--start", "0 0 inf"], "--start: 'inf' is not finite"),
        (["--eta=-0.1"], "--eta: one number above 0 is wanted, got -0.1"),
        (["--eta", "0"], "--eta: one number above 0"),
        (["--eta", "0.1 0.2"], "--eta: one number above 0"),
        (["--steps", "0"], "--steps: 1 to 12 is wanted, got 0"),
        (["--digits", "16"], "--digits: 1 to 15 is wanted, got 16"),
        (["--order", "backwards"], "argument --order: invalid choice: 'backwards'"),
    ],
)
def test_wrong_argument_is_named(arguments, complaint, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        worksheet.main([*arguments, "--to", str(tmp_path)])
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_first_step_that_overflows_is_said(tmp_path, capsys):
    assert worksheet.main(["--rows", "1 2", "--eta", "1e308", "--to", str(tmp_path)]) == 1
    assert "eta is too large" in capsys.readouterr().err


def test_without_a_browser_the_pages_are_html_and_it_says_so(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "paper", None)
    assert worksheet.main(["--to", str(tmp_path)]) == 0
    assert "no PDF" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key.html", "worksheet.html"]
