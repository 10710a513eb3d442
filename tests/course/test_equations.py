"""The equations of the article and the course, as the notebooks number them, and what confirms each one.

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
from gdlib.classify import LogisticRegression, Softmax, sigmoid, softmax
from gdlib.descent import descend
from gdlib.linear import LinearRegression
from gdlib.network import ACTIVATIONS, Network
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
        (r"$$L = (\hat y - y)^2 \tag{99}$$", "x"),
        ("", "x  # equation (99)"),
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


# ---- the facts about classes -----------------------------------------------------------------------------------------


@pytest.fixture(params=(1, 2, 4))
def flower(request):
    """A row (x, y) of one of two classes, parameters (w, b) = θ, and the row's problem, drawn by lot."""
    lot = np.random.default_rng(request.param)
    x, w = lot.normal(size=(2, request.param))
    y, b = float(request.param % 2), lot.normal()
    problem = LogisticRegression(np.stack([x, x]), [y, 1 - y])[0]
    return SimpleNamespace(x=x, y=y, theta=np.append(w, b), z=w @ x + b, problem=problem)


def cost(p, y):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


@confirms(14)
def test_probability_is_the_sigmoid_of_the_score(flower):
    assert flower.problem.probabilities(flower.theta)[0] == pytest.approx(1 / (1 + np.exp(-flower.z)))


@confirms(15)
def test_loss_of_a_class_is_minus_ln_of_what_happened(flower):
    p = 1 / (1 + np.exp(-flower.z))
    assert flower.problem.loss(flower.theta) == pytest.approx(-np.log(p if flower.y else 1 - p))
    assert flower.problem.loss(flower.theta) == pytest.approx(cost(p, flower.y))


@confirms(16)
def test_slope_of_the_log_loss_by_the_score(flower):
    by_score = partials(lambda z: cost(sigmoid(z[..., 0]), flower.y), np.array([flower.z]))
    assert by_score == pytest.approx([sigmoid(flower.z) - flower.y], abs=1e-6)


@confirms(17, 18)
def test_a_step_for_a_class_in_full(flower):
    new, shared = descend(flower.problem, flower.theta, 0.1, 1).theta, 0.1 * (sigmoid(flower.z) - flower.y)
    assert new == pytest.approx(flower.theta - shared * np.append(flower.x, 1))
    expected = flower.theta - 0.1 * partials(flower.problem.loss, flower.theta)
    assert new == pytest.approx(expected, abs=1e-6)


@confirms(19)
def test_log_loss_from_the_score(flower):
    assert np.log(1 + np.exp(flower.z)) - flower.y * flower.z == pytest.approx(cost(sigmoid(flower.z), flower.y))
    huge = LogisticRegression([1, -1], [1, 0])
    assert huge.loss([-800, 0]) == 800


@pytest.fixture
def scores():
    return np.random.default_rng(3).normal(size=4)


@confirms(20)
def test_softmax_is_powers_divided_by_their_sum(scores):
    assert softmax(scores) == pytest.approx(np.exp(scores) / np.exp(scores).sum())


@confirms(21)
def test_slope_of_the_softmax_loss_by_each_score(scores):
    by_score = partials(lambda z: -np.log(softmax(z)[..., 2]), scores)
    assert by_score == pytest.approx(softmax(scores) - np.eye(4)[2], abs=1e-6)
    problem = Softmax(np.zeros((4, 1)), [0, 1, 2, 3])[2]  # of one row, whose scores are the four biases
    theta = np.column_stack([np.zeros(4), scores]).ravel()
    assert problem.gradient(theta)[1::2] == pytest.approx(softmax(scores) - np.eye(4)[2])


# ---- the facts about a network ---------------------------------------------------------------------------------------


@pytest.fixture(params=[(kind, seed) for kind in ACTIVATIONS for seed in (1, 2, 3)], ids=str)
def wired(request):
    """A row (x, y), the tables of a network's parameters, its problem, and what it works out, drawn by lot."""
    kind, seed = request.param
    lot = np.random.default_rng(seed)
    (d, m), bend = lot.integers(1, 5, size=2), ACTIVATIONS[kind].value
    x, w, (b, v), (y, c) = lot.normal(size=d), lot.normal(size=(m, d)), lot.normal(size=(2, m)), lot.normal(size=2)
    z = np.array([sum(w[j, i] * x[i] for i in range(d)) + b[j] for j in range(m)])
    h = bend(z)
    it = SimpleNamespace(x=x, y=y, v=v, c=c, z=z, h=h, yhat=sum(v[j] * h[j] for j in range(m)) + c, bend=bend)
    it.problem = Network(x[np.newaxis], [y], hidden=int(m), activation=kind)
    it.theta = np.concatenate([np.column_stack([w, b]).ravel(), v, [c]])
    it.slopes = it.problem.layers(partials(it.problem.loss, it.theta))  # measured, in a table for each layer
    return it


@confirms(22)
def test_hidden_neurons_bend_their_scores(wired):
    assert wired.problem.hidden(wired.theta)[0] == pytest.approx(wired.h)


@confirms(23)
def test_output_of_a_network_is_a_line_of_what_its_neurons_pass_on(wired):
    assert wired.problem.predict(wired.theta)[0] == pytest.approx(wired.yhat)


@confirms(24)
def test_slopes_of_the_outputs_own_parameters(wired):
    delta = 2 * (wired.yhat - wired.y)
    assert wired.slopes[1][0] == pytest.approx(delta * np.append(wired.h, 1), abs=1e-6)


@confirms(25)
def test_slope_at_a_hidden_score_comes_back_through_v_and_the_bend(wired):
    by_score = partials(lambda z: (wired.bend(z) @ wired.v + wired.c - wired.y) ** 2, wired.z)
    bends = np.array([partials(lambda z: wired.bend(z[..., 0]), [z])[0] for z in wired.z])
    assert by_score == pytest.approx(2 * (wired.yhat - wired.y) * wired.v * bends, abs=1e-6)


@confirms(26)
def test_slopes_of_hidden_parameters_are_delta_times_input_and_delta(wired):
    by_score = partials(lambda z: (wired.bend(z) @ wired.v + wired.c - wired.y) ** 2, wired.z)
    assert wired.slopes[0] == pytest.approx(np.outer(by_score, np.append(wired.x, 1)), abs=1e-6)
