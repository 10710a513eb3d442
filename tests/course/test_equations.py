"""The equations of the article, as the notebooks number them, and what confirms each one.

`EQUATIONS` in tools/guards.py has for each number the forms in which a notebook may write it. A notebook that writes
one differently, or under another number, is complained of; so is an equation that no cell of code carries out. The
facts themselves are tested here, on rows and parameters drawn by lot, by central differences.
"""

from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from guards import EQUATIONS, carried_out, equation_complaints, equations

from gdlib._course import notebooks
from gdlib.descent import descend
from gdlib.linear import LinearRegression
from gdlib.problem import numerical_gradient

CONFIRMED = {}


def confirms(*numbers):
    """Return a decorator: this test confirms these equations."""
    return lambda test: CONFIRMED.update(dict.fromkeys(numbers, test)) or test


COURSE = [nbformat.read(path, as_version=4) for path in notebooks()]


def test_notebooks_tell_every_equation():
    assert {number for notebook in COURSE for number, _ in equations(notebook)} == set(EQUATIONS)


def test_code_of_the_course_carries_out_every_equation():
    assert set.union(*map(carried_out, COURSE)) == set(EQUATIONS)


def test_every_equation_is_confirmed_here():
    assert set(CONFIRMED) == set(EQUATIONS)


@pytest.mark.parametrize(
    ("prose", "code"),
    [
        (r"$$\theta \leftarrow \theta + \eta\,\nabla L(\theta) \tag{1}$$", "x"),
        (r"$$L = (\hat y - y)^2 \tag{5}$$", "x"),
        (r"$$L = (\hat y - y)^2 \tag{14}$$", "x"),
        ("", "x  # equation (14)"),
        ("", "x  # equations (1) and (0)"),
    ],
)
def test_wrong_equation_is_seen(prose, code):
    cells = [nbformat.v4.new_markdown_cell(prose), nbformat.v4.new_code_cell(code)]
    assert len(equation_complaints(nbformat.v4.new_notebook(cells=cells))) == 1


# ---- the facts -------------------------------------------------------------------------------------------------------


@pytest.fixture(params=(1, 2, 4))
def row(request):
    """A row (x, y) of so many features, parameters (w, b) = θ, and the row's problem, drawn by lot."""
    lot = np.random.default_rng(request.param)
    x, w = lot.normal(size=(2, request.param))
    y, b = lot.normal(size=2)
    problem = LinearRegression(x[np.newaxis], [y])
    return SimpleNamespace(x=x, y=y, w=w, b=b, theta=np.append(w, b), problem=problem)


def partials(f, theta):
    """Return the derivatives of f by each entry of θ, by central differences."""
    return numerical_gradient(f, theta)


def output_of(x):
    return lambda theta: theta[..., :-1] @ x + theta[..., -1]


@confirms(1)
def test_a_step_goes_against_the_gradient(row):
    expected = row.theta - 0.3 * partials(row.problem.loss, row.theta)
    assert descend(row.problem, row.theta, 0.3, 1).theta == pytest.approx(expected, abs=1e-6)


@confirms(2)
def test_output_is_the_weighted_sum_and_the_bias(row):
    assert row.problem.predict(row.theta)[0] == pytest.approx(sum(row.w * row.x) + row.b)


@confirms(3, 4)
def test_loss_of_a_row_is_its_squared_error(row):
    assert row.problem.loss(row.theta) == pytest.approx((sum(row.w * row.x) + row.b - row.y) ** 2)


@confirms(5)
def test_slope_of_the_loss_by_the_output(row):
    output = row.problem.predict(row.theta)
    by_output = partials(lambda yhat: (yhat[..., 0] - row.y) ** 2, output)
    assert by_output == pytest.approx(2 * (output - row.y), abs=1e-6)


@confirms(6, 10)
def test_a_step_moves_each_parameter_against_its_own_slope(row):
    new, h = descend(row.problem, row.theta, 0.3, 1).theta, 1e-5
    for i in range(len(row.theta)):
        nudge = h * np.eye(len(row.theta))[i]
        slope = (row.problem.loss(row.theta + nudge) - row.problem.loss(row.theta - nudge)) / (2 * h)
        assert new[i] == pytest.approx(row.theta[i] - 0.3 * slope, abs=1e-6)


@confirms(7, 11)
def test_slopes_multiply_along_the_chain(row):
    by_output = partials(lambda yhat: (yhat[..., 0] - row.y) ** 2, row.problem.predict(row.theta))
    along = by_output * partials(output_of(row.x), row.theta)
    assert partials(row.problem.loss, row.theta) == pytest.approx(along, abs=1e-6)


@confirms(8, 12)
def test_slopes_of_the_output_are_the_inputs_and_one(row):
    assert partials(output_of(row.x), row.theta) == pytest.approx(np.append(row.x, 1), abs=1e-6)


@confirms(9, 13)
def test_a_step_in_full(row):
    new, shared = descend(row.problem, row.theta, 0.1, 1).theta, 0.1 * 2 * (sum(row.w * row.x) + row.b - row.y)
    assert new[:-1] == pytest.approx(row.w - shared * row.x)
    assert new[-1] == pytest.approx(row.b - shared)
