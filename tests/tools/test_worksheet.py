"""The worksheet: as many blanks as numbers, a key that says what descend says, and plain words for wrong arguments."""

import re
import sys
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
        (["--rows", "1 2; 3"], "--rows: every row must have as many numbers as row 1, 2; row 2 has 1"),
        (["--rows", "1"], "--rows: a row must have 1 to 4 features and a target, got 1 numbers"),
        (["--rows", "1 2 3 4 5 6"], "--rows: a row must have 1 to 4 features"),
        (["--rows", ""], "--rows: there are no numbers"),
        (["--rows", "1 2;" * 5, "--order", "batch"], "--rows: a batch must have at most 4 rows, got 5"),
        (["--start", "0 0"], "--start: one number for each of w₁, w₂, b is wanted, got 2"),
        (["--start", "0 0 inf"], "--start: 'inf' is not finite"),
        (["--eta=-0.1"], "--eta: one number above 0 is wanted, got -0.1"),
        (["--eta", "0"], "--eta: one number above 0"),
        (["--eta", "0.1 0.2"], "--eta: one number above 0"),
        (["--steps", "0"], "--steps: a whole number from 1 to 12 is wanted, got 0"),
        (["--steps", "2.5"], "--steps: a whole number from 1 to 12 is wanted, got 2.5"),
        (["--digits", "16"], "--digits: a whole number from 1 to 15 is wanted, got 16"),
        (["--digits", "x"], "--digits: a whole number from 1 to 15 is wanted, got x"),
        (["--order", "backwards"], '--order: "one by one" or "batch" is wanted, got backwards'),
        (["--paper", "A5"], '--paper: "A4" or "Letter" is wanted, got A5'),
        (["--rows", "0,1 0,8 0,8; 0,5 0,3 0,5"], "--rows: '0,1' can be read in two ways: write 0.1 with a point, and"),
        (["--rows", "1,2,3"], "--rows: '1,2,3' can be read in two ways"),
        (["--rows", "0，1 0，8"], "--rows: '0,1' can be read in two ways"),
        (["--eta", "0,1"], "--eta: '0,1' can be read in two ways"),
        (["--start", "0,5 0 0"], "--start: '0,5' can be read in two ways"),
        (["--rows", "1 2;; 3 4"], "--rows: row 2 is empty: take one semicolon away, or write the row"),
        (["--rows", "1 2; 3 4;;"], "--rows: row 3 is empty"),
        (["--rows", "; 1 2; 3 4"], "--rows: row 1 is empty"),
        (["--rows", "1 2; \t; 3 4"], "--rows: row 2 is empty"),
        (["--rows", ";"], "--rows: there are no numbers"),
        (["--rows", "1,, 2; 3, 4"], "--rows: in '1,, 2' a comma has no number on one side"),
        (["--rows", "1, 2,; 3, 4"], "--rows: in '1, 2,' a comma has no number on one side"),
        (["--rows", "1 2; 3 4 5"], "--rows: every row must have as many numbers as row 1, 2; row 2 has 3"),
        (["--rows", "1 2\n3 4 5"], "--rows: every row must have as many numbers as row 1, 2; row 2 has 3"),
        (["--rows", "1_0 2"], "--rows: '1_0' is not a number"),
        (["--start", ""], "--start: there are no numbers"),
        (["--start", "0 0 0 0"], "--start: one number for each of w₁, w₂, b is wanted, got 4"),
        (["--rows", "1", "2"], "what is 2? Put quotes around the value before it"),
        (["--start", "-1,0"], 'a value is missing; one with a minus goes so: --start="-1 0"'),
        (["--to", " "], "--to: a folder is wanted, got nothing"),
    ],
)
def test_wrong_argument_is_named(arguments, complaint, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        worksheet.main(["--to", str(tmp_path), *arguments])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("worksheet: ")
    assert complaint in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "rows",
    [
        "0.1 0.8 −0.8; 0.5 0.3 0.5",
        "0.1 0.8 -0.8\n0.5 0.3 0.5\n",
        "\n  0.1\t0.8\t-0.8;\n\n  0.5\t0.3\t0.5;\n",
        "0.1, 0.8, -0.8; 0.5 ,0.3 , .5;",
        "0.1， 0.8， -8e-1；0.5 0.3 5E-1",
    ],
)
def test_rows_may_be_written_in_several_ways(rows):
    problem = worksheet.problem_of(rows)
    assert problem.x.tolist() == [[0.1, 0.8], [0.5, 0.3]]
    assert problem.y.tolist() == [-0.8, 0.5]


def test_start_may_have_the_minus_of_typeset_numbers():
    assert worksheet.numbers("−1 0, −0.5") == [-1, 0, -0.5]


@pytest.mark.parametrize(("digits", "words"), [(1, "1 significant digit,"), (3, "3 significant digits,")])
def test_sheet_says_to_how_many_digits_it_rounds(digits, words):
    for page in worksheet.worksheet(ARTICLE, [0, 0, 0], 0.1, "one by one", 2, digits):
        assert f"“≈” is rounded to {words} or to more where these would hide a change." in page


def no_press(monkeypatch):
    """Let there be no Playwright: the pages are HTML, and no time goes by."""
    monkeypatch.setitem(sys.modules, "paper", None)


def test_folder_that_takes_nothing_is_named(tmp_path, capsys, monkeypatch):
    no_press(monkeypatch)
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "inside"):
        assert worksheet.main(["--to", str(folder)]) == 1
        said = capsys.readouterr().err
        assert said.startswith(f"worksheet: --to: {folder} takes no pages (")
        assert "name a folder in which you may write" in said


def test_pdf_that_cannot_be_written_is_said_too(tmp_path, capsys, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(worksheet, "print_out", refuse)
    assert worksheet.main(["--to", str(tmp_path)]) == 1
    assert "takes no pages (Permission denied)" in capsys.readouterr().err


def test_pdf_of_another_sheet_does_not_stay(tmp_path, monkeypatch):
    no_press(monkeypatch)
    for name in ("worksheet.pdf", "key.pdf"):
        (tmp_path / name).touch()
    worksheet.main(["--to", str(tmp_path)])
    assert not list(tmp_path.glob("*.pdf"))


def test_sheet_says_with_which_options_it_was_made(tmp_path, monkeypatch):
    no_press(monkeypatch)
    assert worksheet.made_with(tmp_path) == ""
    worksheet.main(["--to", str(tmp_path)])
    assert worksheet.made_with(tmp_path) == ""
    worksheet.main(["--to", str(tmp_path), "--rows", "1 2\n3 4", "--paper", "Letter"])
    assert worksheet.made_with(tmp_path) == '--rows "1 2\n3 4" --paper "Letter"'
    (tmp_path / "worksheet.html").write_text("<style></style>")  # of an older edition, or written over
    assert worksheet.made_with(tmp_path) == "unknown options"


def test_first_step_that_overflows_is_said(tmp_path, capsys):
    assert worksheet.main(["--rows", "1 2", "--eta", "1e308", "--to", str(tmp_path)]) == 1
    assert "eta is too large" in capsys.readouterr().err


def test_without_a_browser_the_pages_are_html_and_it_says_so(tmp_path, capsys, monkeypatch):
    no_press(monkeypatch)
    assert worksheet.main(["--to", str(tmp_path)]) == 0
    assert "no PDF" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key.html", "worksheet.html"]
