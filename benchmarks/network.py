"""Time a network with one hidden layer beside PyTorch, and many starts in one call beside a call for each.

``uv run --group bench python benchmarks/network.py``; it prints rows as `descent.py` does, whose top says how to get a
small PyTorch. Both sides compute in float64, with as many threads as each other, and are checked to agree.
"""

from __future__ import annotations

from importlib.util import find_spec
from os import cpu_count
from platform import python_version

import numpy as np
from descent import compare

from gdlib.descent import descend
from gdlib.network import Network


def classes(n: int, d: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return ``n`` rows of ``d`` features around the middle of each of ``k`` classes."""
    generator = np.random.default_rng(0)
    y = np.arange(n) % k
    return generator.standard_normal((k, d))[y] + generator.standard_normal((n, d)), y


def torch_descent(network: Network, start: np.ndarray, eta: float, steps: int, one_by_one: bool) -> np.ndarray:
    """Return θ after PyTorch's own SGD on the same two layers from the same start."""
    import torch  # here: once loaded it changes how fast NumPy is

    x, y = torch.from_numpy(network.x), torch.from_numpy(network.y.astype(int))
    bend = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}[network.activation]
    first, second = (torch.nn.Linear(table.shape[1] - 1, len(table)).double() for table in network.layers(start))
    with torch.no_grad():
        for layer, table in zip((first, second), network.layers(start), strict=True):
            layer.weight[:], layer.bias[:] = torch.from_numpy(table[:, :-1]), torch.from_numpy(table[:, -1])
    model, loss = torch.nn.Sequential(first, bend(), second), torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=eta)
    for k in range(steps):
        part = slice(k % len(y), k % len(y) + 1) if one_by_one else slice(None)
        optimizer.zero_grad()
        loss(model(x[part]), y[part]).backward()
        optimizer.step()
    tables = [torch.hstack([layer.weight, layer.bias[:, None]]) for layer in (first, second)]
    return torch.cat([table.flatten() for table in tables]).detach().numpy()


def digits(activation: str, order: str, steps: int, eta: float, wanted: str) -> None:
    """Take steps on 1 000 × 64, 32 hidden neurons, 10 classes, every θ kept and the losses of the ends alone."""
    network = Network(*classes(1000, 64, 10), hidden=32, activation=activation, loss="softmax")
    start = 0.1 * np.random.default_rng(1).standard_normal(len(network.names))

    def ours() -> np.ndarray:
        return descend(network, start, eta, steps, order=order, record_losses=None).theta

    def other() -> np.ndarray:
        return torch_descent(network, start, eta, steps, order == "one by one")

    np.testing.assert_allclose(ours(), other(), rtol=0, atol=1e-10)
    what = f"{activation}, {order}, 1 000 × 64, 32 hidden, 10 classes, {steps} steps"
    compare(f"{what}, against PyTorch's SGD", ours, other, wanted)


def starts() -> None:
    """Take 1 000 starts of XOR in one call, and in a call for each."""
    network = Network([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], hidden=2, activation="tanh", loss="log")
    thetas = np.random.default_rng(1).standard_normal((1000, len(network.names)))
    together = descend(network, thetas, 0.5, 100).theta
    singly = [descend(network, theta, 0.5, 100).theta for theta in thetas]
    np.testing.assert_allclose(together, singly, rtol=0, atol=1e-10)
    compare(
        "1 000 starts of XOR × 100 steps, against 1 000 calls",
        lambda: descend(network, thetas, 0.5, 100),
        lambda: [descend(network, theta, 0.5, 100) for theta in thetas],
        "≥ 20",
        times=2,
    )


if __name__ == "__main__":
    print(f"Python {python_version()}, numpy {np.__version__}, {cpu_count()} processors\n")
    print("| what, against what | best, ms | other, ms | ratio | wanted |\n| --- | --- | --- | --- | --- |")
    starts()
    if find_spec("torch"):
        for activation in ("relu", "tanh"):
            digits(activation, "batch", 50, 0.5, "≥ 1.5")
            digits(activation, "one by one", 3000, 0.01, "≥ 3")
    else:
        print("\nPyTorch is not installed; see the top of descent.py.")
