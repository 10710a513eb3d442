"""The exercises on passing slopes back accept what is right in another form, and tell the slips of real programs."""

import numpy as np
import pytest

from gdlib.exercises import find_exercise
from gdlib.exercises.judge import judge
from gdlib.exercises.passing_back import FAMOUS


def neuron_by_neuron(theta, x, y, eta, early=False, bend=np.tanh, slope=lambda z: 1 / np.cosh(z) ** 2):
    new = [float(each) for each in theta]
    z = [theta[0] * x[0] + theta[1] * x[1] + theta[2], theta[3] * x[0] + theta[4] * x[1] + theta[5]]
    h = [bend(z[0]), bend(z[1])]
    e = 2 * (theta[6] * h[0] + theta[7] * h[1] + theta[8] - y)
    for j in (0, 1):
        new[6 + j] -= eta * e * h[j]
    new[8] -= eta * e
    for j in (0, 1):
        back = e * (new if early else theta)[6 + j] * slope(z[j])
        for i, a in enumerate((x[0], x[1], 1)):
            new[3 * j + i] -= eta * back * a
    return new


def sigma(z):
    return 1 / (1 + np.exp(-z))


def weight_by_weight(x, t, W, V, b, c, eta, early=False):
    h, W, V = sigma(W @ x + b), W.copy(), V.copy()
    old = V if early else V.copy()
    o = sigma(V @ h + c)
    for k in (0, 1):
        for j in (0, 1):
            V[k, j] -= eta * (o[k] - t[k]) * o[k] * (1 - o[k]) * h[j]
    for j in (0, 1):
        back = sum((o[k] - t[k]) * o[k] * (1 - o[k]) * old[k, j] for k in (0, 1))
        for i in (0, 1):
            W[j, i] -= eta * back * h[j] * (1 - h[j]) * x[i]
    return 0.5 * sum((t - sigma(V @ sigma(W @ x + b) + c)) ** 2)


def in_matrices(x, t, W, V, b, c, eta, back=lambda V, W, d: d @ V, outer=np.outer):
    h = sigma(W @ x + b)
    o = sigma(V @ h + c)
    d = (o - t) * o * (1 - o)
    W, V = W - eta * outer(back(V, W, d) * h * (1 - h), x), V - eta * np.outer(d, h)
    return np.sum((t - sigma(V @ sigma(W @ x + b) + c)) ** 2) / 2


def row_by_row(X, y, W, v):
    slopes = np.zeros_like(W)
    for x, target in zip(X, y, strict=True):
        a = np.append(x, 1)
        h = np.tanh(W @ a)
        slopes += np.outer(2 * (v[:-1] @ h + v[-1] - target) * v[:-1] * (1 - h**2), a)
    return slopes / len(X)


@pytest.mark.parametrize(
    ("name", "answer"),
    [("step", neuron_by_neuron), ("famous", weight_by_weight), ("matrices", row_by_row)],
)
def test_another_form_is_right(name, answer):
    assert judge(find_exercise(f"network-{name}"), answer)


@pytest.mark.parametrize(
    ("name", "answer", "mistake"),
    [
        ("step", lambda *row: neuron_by_neuron(*row, early=True), "updated too early"),
        ("step", lambda *row: neuron_by_neuron(*row, slope=lambda z: 1), "tanh′ left out"),
        ("step", lambda *row: neuron_by_neuron(*row, slope=lambda z: z > 0), "ReLU's gate"),
        (
            "step",
            lambda *row: neuron_by_neuron(*row, bend=lambda z: max(0, z), slope=lambda z: z > 0),
            "ReLU for tanh",
        ),
        ("step", lambda theta, x, y, eta: neuron_by_neuron(theta, x, y, 0.1), "η fixed at 0.1"),
        ("famous", lambda *case: weight_by_weight(*case, early=True), "updated too early"),
        ("famous", lambda *case: in_matrices(*case, back=lambda V, W, d: d @ W), "W for V"),
        ("famous", lambda *case: in_matrices(*case, outer=lambda d, x: np.outer(x, d)), "slopes of W turned"),
        ("matrices", lambda X, y, W, v: len(y) * row_by_row(X, y, W, v), "sum for mean"),
        ("matrices", lambda X, y, W, v: row_by_row(X, y, W, v) / len(X), "mean taken twice"),
    ],
)
def test_slips_of_real_programs_have_their_names(name, answer, mistake):
    assert judge(find_exercise(f"network-{name}"), answer).mistake == mistake


def one_step_like_the_notebooks(theta, x, y, eta):
    return theta[4], np.array(neuron_by_neuron(theta, x, y, eta))


def out_of_order(theta, x, y, eta):
    for each in neuron_by_neuron(theta, x, y, eta):
        return each
    return None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (one_step_like_the_notebooks, "It returns 2 things, a single number and a list of 9 numbers; a list of 9"),
        (lambda *row: neuron_by_neuron(*row)[:6], "asked: w₁₁, w₁₂, b₁, w₂₁, w₂₂, b₂, v₁, v₂, c."),
        (out_of_order, "A `return` stands inside your loop: does it end too early?"),
    ],
)
def test_a_step_of_another_form_is_told_what_was_asked(answer, said):
    assert said in judge(find_exercise("network-step"), answer).text


def test_known_slips_in_the_famous_example_are_not_called_close():
    asked = find_exercise("network-famous")
    for mistake in asked.mistakes:
        assert any(abs(mistake.compute(*case) / asked.right(*case) - 1) > 0.01 for case in asked.cases), mistake.name


def test_famous_page_prints_the_loss_of_an_early_update():
    assert f"{find_exercise('network-famous').right(*FAMOUS):.9f}" == "0.291027774"
    assert f"{weight_by_weight(*FAMOUS, early=True):.9f}" == "0.291027924"
    assert f"{weight_by_weight(*FAMOUS[:-1], 0):.9f}" == "0.298371109"


def test_no_table_of_weights_is_square():
    """A table that is turned must not fit by chance."""
    for X, _, W, _ in find_exercise("network-matrices").cases:
        assert len(W) != W.shape[1]
        assert len(X) not in W.shape
