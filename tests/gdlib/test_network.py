"""A network as facts: forward and backward one number at a time, central differences, and where it is known to end."""

import math
import pickle
import warnings
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import many, numbers

import gdlib._rows
from gdlib.classify import LogisticRegression, Softmax
from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.linear import LinearRegression
from gdlib.network import ACTIVATIONS, Network
from gdlib.problem import Penalised, check_gradient

pytestmark = pytest.mark.filterwarnings("error")

KINDS = list(product(ACTIVATIONS, ("squared", "log", "softmax")))
XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
ARTICLE = Network(*worked_example())
START = [1, 1, 0, 1, -1, 0, 0.5, -1, 0]


def rng(seed):
    return np.random.default_rng(seed)


def targets(loss, n, generator, several=False):
    """Return targets that fit a loss; of classes, each has a row."""
    if loss == "squared":
        return generator.standard_normal((n, 2) if several else n)
    return generator.permutation(np.arange(n) % (2 if loss == "log" else 3))


def made(activation, loss, seed=0, n=6, d=2, hidden=3, several=False):
    """Return a network on random rows, and a random θ."""
    generator = rng(seed)
    x = generator.standard_normal((n, d))
    network = Network(x, targets(loss, n, generator, several), hidden, activation, loss)
    return network, generator.standard_normal(len(network.names))


# --- the formulas, one number at a time -------------------------------------------------------------------------------

BENDS = {
    "relu": (lambda z: max(0.0, z), lambda z: float(z > 0)),
    "tanh": (math.tanh, lambda z: 1 - math.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
}


def row_by_hand(network, theta, x, y):
    """Return a row's loss and its slopes by the chain rule, with parameters by their names."""
    value, slope = BENDS[network.activation]
    blocks = {part: [float(t) for t in theta[where]] for part, where in network.parts.items()}
    hidden = [blocks[part] for part in blocks if part[0] == "h"]
    output = [blocks[part] for part in blocks if part[0] == "ŷ"]
    z = [math.fsum(w * xi for w, xi in zip(block[:-1], x, strict=True)) + block[-1] for block in hidden]
    h = [value(each) for each in z]
    scores = [math.fsum(v * hj for v, hj in zip(block[:-1], h, strict=True)) + block[-1] for block in output]
    if network.kind == "squared":
        wanted = np.atleast_1d(y)
        loss = math.fsum((s - t) ** 2 for s, t in zip(scores, wanted, strict=True))
        errors = [2 * (s - t) for s, t in zip(scores, wanted, strict=True)]
    elif network.kind == "log":
        p = 1 / (1 + math.exp(-scores[0]))
        loss, errors = -math.log(p if y else 1 - p), [p - y]
    else:
        total = math.fsum(map(math.exp, scores))
        loss = -math.log(math.exp(scores[int(y)]) / total)
        errors = [math.exp(s) / total - (k == y) for k, s in enumerate(scores)]
    slopes = []
    for j, _ in enumerate(hidden):
        back = math.fsum(error * block[j] for error, block in zip(errors, output, strict=True)) * slope(z[j])
        slopes += [*(back * xi for xi in x), back]
    for error in errors:
        slopes += [*(error * hj for hj in h), error]
    return loss, np.array(slopes)


@pytest.mark.parametrize(("activation", "loss"), KINDS)
@pytest.mark.parametrize("several", [False, True])
def test_loss_and_gradient_are_means_of_the_rows_by_hand(activation, loss, several):
    network, theta = made(activation, loss, several=several)
    rows = [row_by_hand(network, theta, x, y) for x, y in zip(network.x, network.y, strict=True)]
    assert network.loss(theta) == pytest.approx(np.mean([each for each, _ in rows]), rel=1e-12)
    np.testing.assert_allclose(network.gradient(theta), np.mean([each for _, each in rows], axis=0), atol=1e-13)
    for i, (own, slopes) in enumerate(rows):
        assert network[i].loss(theta) == pytest.approx(own, rel=1e-12)
        np.testing.assert_allclose(network[i].gradient(theta), slopes, atol=1e-13)


def away_from_kinks(network, theta, gap=1e-3):
    rows, (hidden, _) = np.column_stack([network.x, np.ones(len(network))]), network.layers(theta)
    return network.activation != "relu" or np.abs(hidden @ rows.T).min() > gap


@pytest.mark.parametrize(("activation", "loss"), KINDS)
@pytest.mark.parametrize("cases", [12, pytest.param(112, marks=pytest.mark.long)])  # of nine kinds: 1,008 in all
def test_gradients_agree_with_central_differences(activation, loss, cases):
    seeds, worst = iter(range(10_000)), 0.0
    for case in range(cases):
        shape = {"n": 3 + case % 5, "d": 1 + case % 3, "hidden": 1 + case % 4, "several": case % 2 == 0}
        network, theta = next(
            (network, theta)
            for network, theta in (made(activation, loss, seed=seed, **shape) for seed in seeds)
            if away_from_kinks(network, theta)
        )
        check = check_gradient(network, theta)
        worst = max(worst, check.relative_error)
    assert worst < 1e-6


@st.composite
def drawn(draw):
    activation, loss = draw(st.sampled_from(KINDS))
    n, d, hidden = draw(st.integers(3, 6)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    x = draw(hnp.arrays(float, (n, d), elements=numbers()))
    y = (
        draw(hnp.arrays(float, n, elements=numbers()))
        if loss == "squared"
        else np.arange(n) % (2 if loss == "log" else 3)
    )
    network = Network(x, y, hidden, activation, loss)
    return network, draw(hnp.arrays(float, (2, 3, len(network.names)), elements=numbers()))


@many(60)
@given(drawn())
def test_many_theta_are_one_call(case):
    network, theta = case
    losses, gradients = network.loss(theta), network.gradient(theta)
    predictions, hidden = network.predict(theta), network.hidden(theta)
    for where in np.ndindex(2, 3):
        np.testing.assert_allclose(losses[where], network.loss(theta[where]), rtol=1e-12, atol=1e-13)
        scale = max(1.0, np.abs(gradients[where]).max())
        np.testing.assert_allclose(gradients[where], network.gradient(theta[where]), rtol=1e-11, atol=1e-12 * scale)
        np.testing.assert_allclose(network.scores(theta)[where], network.scores(theta[where]), rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(hidden[where], network.hidden(theta[where]), rtol=1e-11, atol=1e-12)
        assert predictions[where].shape == network.predict(theta[where]).shape
    parts = [network[i] for i in range(len(network))]
    np.testing.assert_allclose(np.mean([part.loss(theta) for part in parts], axis=0), losses, rtol=1e-11, atol=1e-12)


# --- θ, neuron by neuron ----------------------------------------------------------------------------------------------


def test_parameters_go_neuron_by_neuron_with_the_bias_last():
    assert ARTICLE.names == ("w₁₁", "w₁₂", "b₁", "w₂₁", "w₂₂", "b₂", "v₁", "v₂", "c")
    assert ARTICLE.parts == {"h₁": slice(0, 3), "h₂": slice(3, 6), "ŷ": slice(6, 9)}
    assert ARTICLE.biases == ("b₁", "b₂", "c")
    assert repr(ARTICLE) == f"Network(2 rows, θ = ({', '.join(ARTICLE.names)}))"


def test_names_tell_single_neurons_inputs_and_outputs_from_many():
    assert Network([1, 2], [1, 2], hidden=1).names == ("w₁", "b₁", "v₁", "c")
    several = Network([1, 2], [[1, 2], [3, 4]], hidden=2)
    assert several.names == ("w₁", "b₁", "w₂", "b₂", "v₁₁", "v₁₂", "c₁", "v₂₁", "v₂₂", "c₂")
    assert list(several.parts) == ["h₁", "h₂", "ŷ₁", "ŷ₂"]
    classes = Network([1, 2], [0, 1], hidden=1, loss="softmax")
    assert classes.names == ("w₁", "b₁", "v₀₁", "c₀", "v₁₁", "c₁")
    assert list(classes.parts) == ["h₁", "ŷ₀", "ŷ₁"]
    assert Network([[1, 2], [2, 3]], [1, 2], hidden=9).names[24:27] == ("w₉₁", "w₉₂", "b₉")
    ten = Network([[1, 2], [2, 3]], [1, 2], hidden=10).names
    assert (ten[0], ten[29], ten[30], ten[-2], ten[-1]) == ("w₁,₁", "b₁₀", "v₁", "v₁₀", "c")
    assert Network(np.ones((2, 10)), [[1, 2], [2, 3]], hidden=2).names[9:12] == ("w₁,₁₀", "b₁", "w₂,₁")
    assert Network([1, 2], [[1, 2], [2, 3]], hidden=10).names[20:22] == ("v₁,₁", "v₁,₂")
    for network in (several, classes, Network(np.ones((2, 11)), [[1, 2], [2, 3]], hidden=12)):
        assert len(set(network.names)) == len(network.names) == network.gradient(np.zeros(len(network.names))).size


@pytest.mark.parametrize("loss", ["squared", "log", "softmax"])
def test_parts_and_layers_say_the_same(loss):
    network, theta = made("tanh", loss, hidden=4, d=3)
    hidden, output = network.layers(theta)
    blocks = [theta[where].tolist() for where in network.parts.values()]
    assert blocks == [*hidden.tolist(), *output.tolist()]
    assert [number for block in blocks for number in block] == theta.tolist()
    assert np.shares_memory(hidden, theta)
    assert network.layers(np.zeros((5, 2, theta.size)))[0].shape == (5, 2, 4, 4)


def test_a_runs_history_of_a_neuron_is_a_slice():
    run = descend(ARTICLE, START, 0.1, 3, order="one by one")
    history = run.parameters[:, ARTICLE.parts["h₂"]]
    assert history.shape == (4, 3)
    assert (history[0] == history[1]).all()  # dead on the first row: it does not move


def test_parts_keep_what_hangs_on_all_rows():
    network, theta = made("tanh", "softmax")
    (own,) = np.flatnonzero(network.y == 2)[:1]
    part = network[int(own)]
    assert (type(part), len(part), part.outputs, part.names) == (Network, 1, 3, network.names)
    network.loss(theta)  # now the rows' own tables are kept
    assert network[[0, 1]].loss(theta) == pytest.approx(np.mean([network[i].loss(theta) for i in (0, 1)]))
    assert pickle.loads(pickle.dumps(part)).loss(theta) == part.loss(theta)
    several, theta = made("relu", "squared", several=True)
    assert several[0].y.shape == several[[0]].y.shape == (1, 2)
    assert several[0].scores(theta).shape == (1, 2)


# --- outputs ----------------------------------------------------------------------------------------------------------


def test_shapes_of_outputs():
    for loss, several, shape in (
        ("squared", False, ()),
        ("squared", True, (2,)),
        ("log", False, ()),
        ("softmax", False, (3,)),
    ):
        network, theta = made("relu", loss, several=several)
        stack = np.stack([theta] * 5)
        assert network.scores(theta).shape == (6, *shape)
        assert network.scores(stack).shape == (5, 6, *shape)
        assert network.scores(stack, np.zeros((4, 2))).shape == (5, 4, *shape)
        assert network.scores(theta, [1, 2]).shape == (1, *shape)
        assert network.hidden(stack, np.zeros((4, 2))).shape == (5, 4, 3)
        assert network.predict(stack).shape == (5, 6, *(shape if several else ()))


def test_new_inputs_are_treated_as_rows():
    network, theta = made("tanh", "softmax")
    for ask in (network.scores, network.hidden, network.predict, network.probabilities):
        np.testing.assert_array_equal(ask(theta, network.x), ask(theta))
        np.testing.assert_array_equal(ask(theta, network.x[:2]), ask(theta)[:2])
    one_feature = Network([1, 2], [1, 2])
    assert one_feature.scores(np.ones(7), [1, 2, 3]).shape == (3,)


def test_predictions_are_the_likeliest():
    network, theta = made("tanh", "softmax")
    odds = network.probabilities(theta)
    np.testing.assert_allclose(odds.sum(axis=1), 1)
    np.testing.assert_array_equal(network.predict(theta), odds.argmax(axis=1))
    network, theta = made("tanh", "log")
    np.testing.assert_array_equal(network.predict(theta), network.probabilities(theta) > 0.5)
    assert network.predict(np.zeros_like(theta)).tolist() == [0.0] * 6  # p = ½ is not above
    hardly = np.append(np.zeros(len(theta) - 1), 0.1)  # each score is c
    assert network.predict(hardly).tolist() == [1.0] * 6
    np.testing.assert_allclose(network.probabilities(hardly), 1 / (1 + np.exp(-0.1)))
    network, theta = made("tanh", "squared")
    np.testing.assert_array_equal(network.predict(theta), network.scores(theta))


def test_a_network_whose_neurons_stay_on_their_straight_side_is_a_line():
    generator = rng(4)
    x = generator.uniform(0, 1, (20, 2))
    theta = np.array([1, 0, 0, 0, 1, 0, 0.7, -0.3, 0.2])  # h = (x₁, x₂)
    for loss, line in (("squared", LinearRegression), ("log", LogisticRegression)):
        y = targets(loss, 20, generator)
        network, line = Network(x, y, 2, "relu", loss), line(x, y)
        np.testing.assert_allclose(network.scores(theta), line.scores(theta[6:]))
        assert network.loss(theta) == pytest.approx(line.loss(theta[6:]), rel=1e-14)
        np.testing.assert_allclose(network.gradient(theta)[6:], line.gradient(theta[6:]), rtol=1e-12)
    y = targets("softmax", 20, generator)
    output = generator.standard_normal(9)
    network = Network(x, y, 2, "relu", "softmax")
    assert network.loss([*theta[:6], *output]) == pytest.approx(Softmax(x, y).loss(output), rel=1e-14)


# --- exact where naive formulas overflow ------------------------------------------------------------------------------


@pytest.mark.parametrize(("z", "y", "loss"), [(800, 1, 0), (800, 0, 800), (-800, 1, 800), (-800, 0, 0), (40, 0, 40)])
def test_losses_come_from_scores(z, y, loss):
    theta = np.array([0, 0, 0.0, z])  # h = 0: the score is c
    own = Network([1.0, 2.0], [0, 1], hidden=1, loss="log")[y]
    assert own.loss(theta) == pytest.approx(loss, abs=1e-300)
    assert own.gradient(theta)[-1] == pytest.approx(1 / (1 + math.exp(-z)) - y if abs(z) < 700 else (z > 0) - y)
    own = Network([1.0, 2.0], [0, 1], hidden=1, loss="softmax")[y]
    assert own.loss([0, 0, 0, 0, 0, z]) == pytest.approx(loss, abs=1e-300)
    assert np.isfinite(own.gradient([0, 0, 0, 0, 0, z])).all()


def test_a_small_probability_keeps_its_digits():
    own = Network([1.0, 2.0], [0, 1], hidden=1, loss="log")[0]
    assert own.loss([0, 0, 0, -50]) == pytest.approx(math.exp(-50), rel=1e-12)
    assert own.gradient([0, 0, 0, -50])[-1] == pytest.approx(math.exp(-50), rel=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_a_saturated_neuron_has_no_slope_and_no_warning(activation):
    network = Network([1.0], [0.0], hidden=1, activation=activation)
    for z in (1000, -1000):
        slopes = network.gradient([z, 0, 1, 0])
        assert slopes[:2].tolist() == [0, 0]
        assert np.isfinite(slopes).all()


def test_the_slope_at_the_kink_is_zero():
    assert Network([1.0], [1.0], hidden=1).gradient([1, -1, 1, 0])[:2].tolist() == [0, 0]


@pytest.mark.parametrize(("activation", "loss"), KINDS)
def test_divergence_is_a_result_without_a_warning(activation, loss):
    network, theta = made(activation, loss, n=9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = descend(network, theta, 1e200, 30)
    assert np.isfinite(run.losses).all()
    assert run.diverged == (run.stopped == "diverged")
    if (activation, loss) == ("relu", "squared"):
        assert run.diverged


@pytest.mark.parametrize("loss", ["squared", "softmax"])
def test_a_table_too_large_for_memory_is_worked_out_in_parts(loss, monkeypatch):
    network, theta = made("tanh", loss, several=True)
    stack = rng(1).standard_normal((5, 4, theta.size))
    whole, sizes, forward = network.loss(stack), [], Network._forward
    monkeypatch.setattr(Network, "_forward", lambda self, part: sizes.append(len(part)) or forward(self, part))
    monkeypatch.setattr(gdlib._rows, "LARGEST_TABLE", 3 * len(network) * 3)
    np.testing.assert_allclose(network.loss(stack), whole, rtol=1e-14)
    assert sizes == [3, 3, 3, 3, 3, 3, 2]


# --- bad input --------------------------------------------------------------------------------------------------------

BAD = {
    "no neuron": (lambda: Network(*XOR, hidden=0), ValueError, "hidden must be at least 1, got 0"),
    "half a neuron": (lambda: Network(*XOR, hidden=1.5), TypeError, "hidden must be a whole number, got 1.5"),
    "activation": (
        lambda: Network(*XOR, activation="step"),
        ValueError,
        "activation must be one of 'relu', 'tanh', 'sigmoid', got 'step'",
    ),
    "no activation": (lambda: Network(*XOR, activation=None), ValueError, "activation must be one of .*, got None"),
    "unhashable": (lambda: Network(*XOR, loss=["log"]), ValueError, "loss must be one of .*, got"),
    "loss": (
        lambda: Network(*XOR, loss="hinge"),
        ValueError,
        "loss must be one of 'squared', 'log', 'softmax', got 'hinge'",
    ),
    "no class": (lambda: Network([1, 2], [0, 2], loss="log"), ValueError, "y must be 0 or 1 in each row, got 2"),
    "one class": (
        lambda: Network([1, 2], [1, 1], loss="log"),
        ValueError,
        "y must have rows of class 0 and of class 1",
    ),
    "a gap": (lambda: Network([1, 2], [0, 2], loss="softmax"), ValueError, "y must have rows of each class up to 2"),
    "text": (lambda: Network([1, 2], ["a", "b"], loss="softmax"), TypeError, "y must be made of real numbers.*unique"),
    "text, squared": (lambda: Network([1, 2], ["a", "b"]), TypeError, "y must be made of real numbers"),
    "a table of classes": (
        lambda: Network([1, 2], [[0, 1], [1, 0]], loss="softmax"),
        ValueError,
        "y must hold one target a row",
    ),
    "a cube": (lambda: Network([1], [[[1]]]), ValueError, r"y must hold the targets of each row, shape \(n,\) or"),
    "a number": (lambda: Network([1], 1), ValueError, r"y must hold the targets of each row, shape \(n,\) or"),
    "NaN in y": (lambda: Network([1, 2], [0, np.nan]), ValueError, "y must be finite, but it holds nan at position 1"),
    "NaN in x": (lambda: Network([1, np.nan], [0, 1]), ValueError, "x must be finite"),
    "empty": (lambda: Network([], []), ValueError, "x is empty"),
    "rows": (lambda: Network([1, 2], [1, 2, 3]), ValueError, "x and y must have as many rows as each other"),
    "theta": (lambda: ARTICLE.loss(np.zeros(8)), ValueError, r"theta must have 9 parameter\(s\) in its last axis"),
    "theta, backward": (lambda: ARTICLE.gradient(np.zeros(8)), ValueError, r"theta must have 9 parameter\(s\)"),
    "theta, text": (lambda: ARTICLE.predict(["0"] * 9), TypeError, "theta must be made of real numbers"),
    "inputs": (lambda: ARTICLE.predict(np.zeros(9), [1, 2, 3]), ValueError, r"x must have 2 feature\(s\) a row"),
    "an index": (lambda: ARTICLE[2], IndexError, "rows: 2 does not fit 2 rows"),
    "no odds": (lambda: ARTICLE.probabilities(START), TypeError, "probabilities need loss='log' or loss='softmax'"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_named(what):
    attempt, error, message = BAD[what]
    with pytest.raises(error, match=f"^{message}"):
        attempt()


def test_a_network_is_penalised_without_its_biases():
    penalised, theta = Penalised(ARTICLE, 0.5), np.array(START)
    np.testing.assert_allclose(
        penalised.gradient(theta) - ARTICLE.gradient(theta), 0.5 * theta * [1, 1, 0, 1, 1, 0, 1, 1, 0]
    )


# --- known runs -------------------------------------------------------------------------------------------------------


def test_the_articles_rows_one_by_one():
    run = descend(ARTICLE, START, 0.1, 3, order="one by one")
    np.testing.assert_allclose(run.step_losses, [0.1225, 0.0237716420, 0.0148348403], atol=5e-11)
    first, second, third = run.parameters[1:]
    np.testing.assert_allclose(first, [1.0035, 1.028, 0.035, 1, -1, 0, 0.563, -1, 0.07], atol=5e-11)
    waiting = [0.984581945, -1.009250833, -0.03083611]
    after = [1.0121803650, 1.0332082190, 0.0523607299, *waiting, 0.5890611384, -0.993832778, 0.10083611]
    np.testing.assert_allclose(second, after, atol=5e-11)
    after = [1.0136152986, 1.0446876878, 0.0667100660, *waiting, 0.6129371573, -0.993832778, 0.1251957819]
    np.testing.assert_allclose(third, after, atol=5e-11)
    outputs = [ARTICLE[k % 2].predict(run.parameters[k])[0] for k in range(3)]
    np.testing.assert_allclose(outputs, [0.45, 0.34581945, 0.67820164], atol=5e-9)
    scores = [run.parameters[k, :6].reshape(2, 3) @ [*ARTICLE.x[k % 2], 1] for k in range(3)]
    np.testing.assert_allclose(scores, [[0.9, -0.7], [0.84515, 0.2], [0.98014534, -0.73977858]], atol=5e-9)


def test_new_weights_in_the_hidden_slopes_would_give_another_step():
    """The slip to know: the output layer moved first, and the hidden slopes taken through its new weights."""
    new = descend(ARTICLE[0], START, 0.1, 1).theta
    slipped = np.append(START[:6], new[6:])
    at_hidden = 2 * (0.45 - 0.8) * slipped[6]
    assert 1 - 0.1 * at_hidden * 0.1 == pytest.approx(1.003941, abs=1e-9)
    assert new[0] == pytest.approx(1.0035, abs=1e-12)


def test_from_zero_only_the_output_bias_moves():
    run = descend(ARTICLE, np.zeros(9), 0.1, 500)
    assert (run.parameters[:, :8] == 0).all()
    assert run.theta[8] == pytest.approx(0.65, abs=1e-12)
    assert run.losses[-1] == pytest.approx(0.0225, abs=1e-12)
    assert np.var(ARTICLE.y) == pytest.approx(0.0225)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_equal_starts_stay_equal(activation):
    network = Network(*worked_example(), activation=activation)
    run = descend(network, np.full(9, 0.1), 0.1, 300)
    np.testing.assert_array_equal(run.parameters[:, network.parts["h₁"]], run.parameters[:, network.parts["h₂"]])
    np.testing.assert_array_equal(run.parameters[:, 6], run.parameters[:, 7])


@pytest.mark.long
def test_where_equal_starts_end():
    run = descend(Network(*worked_example(), activation="tanh"), np.full(9, 0.1), 0.1, 30_000, record_losses=None)
    np.testing.assert_allclose(run.theta[:6], [-0.2129748, 0.4495345, 0.0549361] * 2, atol=5e-7)


@pytest.mark.long
@pytest.mark.parametrize(("hidden", "learnt"), [(2, 471), (3, 895), (4, 974), (8, 1000)])
def test_how_many_of_a_thousand_starts_learn_xor(hidden, learnt):
    network = Network(*XOR, hidden, "tanh", "log")
    start = np.random.default_rng(1).standard_normal((1000, len(network.names)))
    run = descend(network, start, 0.5, 2000, record_losses=None)
    assert (run.losses[-1] < 0.1).sum() == learnt


def test_no_line_does_better_on_xor_than_a_half():
    line = LinearRegression(*XOR)
    np.testing.assert_allclose(line.minimizer(), [0, 0, 0.5], atol=1e-12)
    theta = [1, 1, 0, 1, 1, -1, 1, -2, 0]  # h₁ counts the ones, h₂ takes away what is too much
    assert Network(*XOR).loss(theta) == 0
