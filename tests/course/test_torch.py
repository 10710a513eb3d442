"""A network beside PyTorch, where that is installed: it is large, and belongs to the group `bench` alone."""

from itertools import product

import numpy as np
import pytest

from gdlib.network import ACTIVATIONS, Network


def torch_gradient(torch, network, theta):
    """Return PyTorch's loss and gradient of the same network, in θ's order."""
    theta = torch.from_numpy(theta.copy()).requires_grad_()
    x, d, cut = torch.from_numpy(network.x), network.x.shape[1], network.neurons * (network.x.shape[1] + 1)
    first, second = theta[:cut].reshape(-1, d + 1), theta[cut:].reshape(-1, network.neurons + 1)
    bend = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}[network.activation]
    scores = bend(x @ first[:, :-1].T + first[:, -1]) @ second[:, :-1].T + second[:, -1]
    if network.kind == "softmax":
        loss = torch.nn.functional.cross_entropy(scores, torch.from_numpy(network.y.astype(int)))
    elif network.kind == "log":
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores[:, 0], torch.from_numpy(network.y))
    else:
        loss = ((scores - torch.from_numpy(network.y.reshape(len(network), -1))) ** 2).sum(dim=1).mean()
    loss.backward()
    return loss.item(), theta.grad.numpy()


@pytest.mark.parametrize(("activation", "loss"), list(product(ACTIVATIONS, ("squared", "log", "softmax"))))
def test_the_gradient_is_that_of_pytorch(activation, loss):
    torch = pytest.importorskip("torch")
    for seed in range(112):  # of each of nine kinds: 1,008 cases
        generator = np.random.default_rng(seed)
        n, d, hidden = generator.integers([3, 1, 1], [20, 6, 9])
        y = np.arange(n) % {"squared": n, "log": 2, "softmax": 3}[loss]
        if loss == "squared":
            y = generator.standard_normal((n, 2) if seed % 2 else n)
        network = Network(generator.standard_normal((n, d)), y, int(hidden), activation, loss)
        theta = generator.standard_normal(len(network.names))
        value, gradient = torch_gradient(torch, network, theta)
        assert network.loss(theta) == pytest.approx(value, rel=1e-12)
        ours = network.gradient(theta)
        assert np.linalg.norm(ours - gradient) <= 1e-9 * np.linalg.norm(gradient)
