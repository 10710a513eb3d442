"""Time gdlib beside what a reader would take instead, in one run, and print the ratios.

``uv run --group bench python benchmarks/descent.py``; on Linux, for PyTorch's small CPU build, rather
``uv sync && uv pip install --torch-backend cpu torch && uv run --no-sync python benchmarks/descent.py``.
Each pair is timed in turn, A B A B …, and compared by its best times: what is left when the machine was not busy
elsewhere. Before it is timed, each pair is checked to give the same parameters.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from os import cpu_count, environ
from platform import python_version

import numpy as np

from gdlib.classify import LogisticRegression
from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.linear import LinearRegression


def compare(what: str, ours: Callable, other: Callable, wanted: str, times: int = 9) -> float:
    """Print and return how many times longer the other takes than ours."""
    best = {ours: np.inf, other: np.inf}
    for _ in range(times):
        for function in best:
            start = time.perf_counter()
            function()
            best[function] = min(best[function], time.perf_counter() - start)
    ratio = best[other] / best[ours]
    print(f"| {what} | {best[ours] * 1e3:,.3f} | {best[other] * 1e3:,.3f} | {ratio:,.2f} | {wanted} |", flush=True)
    return ratio


def rows(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Return ``n`` rows of ``d`` features, and targets with some noise."""
    generator = np.random.default_rng(0)
    x = generator.standard_normal((n, d))
    return x, x @ generator.standard_normal(d) + 0.5 + generator.standard_normal(n)


def numpy_batch(a: np.ndarray, y: np.ndarray, eta: float, steps: int) -> np.ndarray:
    """Return θ after batch descent as everyone writes it; the bias is the weight of a last column of ones."""
    w = np.zeros(a.shape[1])
    for _ in range(steps):
        w -= eta * 2 / len(y) * (a.T @ (a @ w - y))
    return w


def numpy_one_by_one(x: np.ndarray, y: np.ndarray, eta: float, steps: int) -> np.ndarray:
    """Return θ after steps on one row after the other; nothing is kept on the way."""
    samples = [np.append(row, 1.0) for row in x]
    theta = np.zeros(x.shape[1] + 1)
    for k in range(steps):
        a = samples[k % len(y)]
        theta = theta - eta * 2 * (a @ theta - y[k % len(y)]) * a
    return theta


def torch_descent(
    x: np.ndarray, y: np.ndarray, eta: float, steps: int, one_by_one: bool = False, loss: str = "MSELoss"
) -> np.ndarray:
    """Return θ after PyTorch's own SGD on a linear layer, by one of its losses."""
    import torch  # here, and last: once loaded it changes how fast NumPy is

    features, targets = torch.from_numpy(x), torch.from_numpy(y)[:, None]
    layer = torch.nn.Linear(x.shape[1], 1, dtype=torch.float64)
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimizer, criterion = torch.optim.SGD(layer.parameters(), lr=eta), getattr(torch.nn, loss)()
    for k in range(steps):
        part = slice(k % len(y), k % len(y) + 1) if one_by_one else slice(None)
        optimizer.zero_grad()
        criterion(layer(features[part]), targets[part]).backward()
        optimizer.step()
    return np.append(layer.weight.detach().numpy()[0], layer.bias.detach().numpy())


def batch(pytorch: bool = False) -> None:
    """Batch descent on 100 000 × 20: a step of ours costs no pass over the rows."""
    x, y = rows(100_000, 20)
    a = np.column_stack([x, np.ones(len(x))])

    def ours() -> np.ndarray:
        return descend(LinearRegression(x, y), np.zeros(21), 0.1, 100).theta

    def other() -> np.ndarray:
        return torch_descent(x, y, 0.1, 100) if pytorch else numpy_batch(a, y, 0.1, 100)

    np.testing.assert_allclose(ours(), other(), rtol=0, atol=1e-10)
    name = "PyTorch's SGD" if pytorch else "a NumPy loop"
    compare(f"batch, 100 000 × 20, 100 steps, against {name}", ours, other, "≥ 20")


def many_rows() -> None:
    """1 000 000 × 50, 20 steps, beside the one product XᵀX that any way of knowing the curvature needs."""
    x, y = rows(1_000_000, 50)
    compare(
        "one XᵀX, against batch on 1 000 000 × 50, 20 steps",
        lambda: x.T @ x,
        lambda: descend(LinearRegression(x, y), np.zeros(51), 0.1, 20),
        "≤ 3",
        times=7,
    )


def one_by_one(pytorch: bool = False) -> None:
    """Take the two rows one by one, with the full record kept; the NumPy loop keeps nothing."""
    x, y = worked_example()
    problem, steps = LinearRegression(x, y), 2000

    def ours() -> np.ndarray:
        return descend(problem, np.zeros(3), 0.1, steps, order="one by one").theta

    def other() -> np.ndarray:
        return torch_descent(x, y, 0.1, steps, True) if pytorch else numpy_one_by_one(x, y, 0.1, steps)

    np.testing.assert_allclose(ours(), other(), rtol=0, atol=1e-10)
    name = f"one by one, {steps} steps"
    if pytorch:
        compare(f"{name}, against PyTorch's SGD", ours, other, "≥ 20")
    else:
        compare(f"a NumPy loop that keeps nothing, against {name}", other, ours, "≤ 2", times=40)


def sweep() -> None:
    """Try a thousand learning rates in one call, beside a thousand calls."""
    problem, etas = LinearRegression(*worked_example()), np.geomspace(0.001, 0.7, 1000)
    together = descend(problem, np.zeros(3), etas, 200).theta
    singly = [descend(problem, np.zeros(3), eta, 200).theta for eta in etas]
    np.testing.assert_allclose(together, singly, rtol=0, atol=1e-12)
    compare(
        "a sweep of 1 000 rates × 200 steps, against 1 000 calls",
        lambda: descend(problem, np.zeros(3), etas, 200),
        lambda: [descend(problem, np.zeros(3), eta, 200) for eta in etas],
        "≥ 50",
        times=5,
    )


def classes(pytorch: bool = False) -> None:
    """Logistic regression: 10 000 × 20 at a time, where only the steps are worked out, and the two rows one by one."""
    log_loss = "BCEWithLogitsLoss"  # from scores, as ours
    x, y = rows(10_000, 20)
    y = (y > 0.5).astype(float)
    many, two, steps = LogisticRegression(x, y), LogisticRegression(worked_example()[0], [1.0, 0.0]), 2000

    def batch() -> np.ndarray:
        return descend(many, np.zeros(21), 0.5, 200, record_losses=None).theta

    def one_by_one() -> np.ndarray:
        return descend(two, np.zeros(3), 0.1, steps, order="one by one").theta

    if pytorch:
        import torch

        threads = f"threads: {torch.get_num_threads()}"
        for name, ours, other, wanted in (
            (
                f"logistic, batch, 10 000 × 20, 200 steps, against PyTorch's SGD ({threads})",
                batch,
                lambda: torch_descent(x, y, 0.5, 200, loss=log_loss),
                "≥ 1",
            ),
            (
                f"logistic, one by one, {steps} steps, full record, against PyTorch's SGD",
                one_by_one,
                lambda: torch_descent(two.x, two.y, 0.1, steps, True, log_loss),
                "≥ 5",
            ),
        ):
            np.testing.assert_allclose(ours(), other(), rtol=0, atol=1e-10)
            compare(name, ours, other, wanted)
        return
    etas = np.geomspace(0.001, 100, 200)
    together = descend(two, np.zeros(3), etas, 200).theta
    singly = [descend(two, np.zeros(3), eta, 200).theta for eta in etas]
    np.testing.assert_allclose(together, singly, rtol=0, atol=1e-9)
    compare(
        "logistic, a sweep of 200 rates × 200 steps, against 200 calls",
        lambda: descend(two, np.zeros(3), etas, 200),
        lambda: [descend(two, np.zeros(3), eta, 200) for eta in etas],
        "≥ 20",
        times=5,
    )


def imports() -> None:
    """``import gdlib``, and the modules that a first notebook imports, beside ``import numpy``; whole processes."""
    # A reader's Python keeps what it compiles; where a machine forbids that, gdlib would be compiled anew each time.
    environment = {name: value for name, value in environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def process(code: str) -> Callable[[], None]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True, env=environment)

    compare("import numpy, against import gdlib", process("import numpy"), process("import gdlib"), "≤ 1.2", times=15)
    compare(
        "import numpy, against import gdlib.descent",
        process("import numpy"),
        process("import gdlib.descent, gdlib.data, gdlib.curvature"),
        "≤ 1.2",
        times=15,
    )


if __name__ == "__main__":
    print(f"Python {python_version()}, numpy {np.__version__}, {cpu_count()} processors\n")
    print("| what, against what | best, ms | other, ms | ratio | wanted |\n| --- | --- | --- | --- | --- |")
    for benchmark in (batch, many_rows, one_by_one, sweep, classes, imports):
        benchmark()
    if find_spec("torch"):
        batch(pytorch=True)
        one_by_one(pytorch=True)
        classes(pytorch=True)
    else:
        print("\nPyTorch is not installed; see the top of this file.")
