"""One step on one row, right and wrong."""

from collections.abc import Callable

import numpy as np

from gdlib.exercises import slips
from gdlib.exercises.kinds import Computation, Mistake


def one_step(theta: np.ndarray, a: np.ndarray, y: float, eta: float, factor: float = 2.0) -> np.ndarray:
    """Return θ after a step on the row a = (x₁, …, 1), equations (9) and (13)."""
    return theta - eta * factor * (a @ theta - y) * a


def _alike(theta: np.ndarray, a: np.ndarray, y: float, eta: float) -> np.ndarray:
    return theta - eta * 2 * (a @ theta - y)


def _fixed_bias(theta: np.ndarray, a: np.ndarray, y: float, eta: float) -> np.ndarray:
    return np.append(one_step(theta, a, y, eta)[:-1], theta[-1])


def _biasless(theta: np.ndarray, a: np.ndarray, y: float, eta: float) -> np.ndarray:
    return theta - eta * 2 * (a[:-1] @ theta[:-1] - y) * a


def _new_w(theta: np.ndarray, a: np.ndarray, y: float, eta: float) -> np.ndarray:
    moved = _fixed_bias(theta, a, y, eta)
    return np.append(moved[:-1], one_step(moved, a, y, eta)[-1])


def _new_b(theta: np.ndarray, a: np.ndarray, y: float, eta: float) -> np.ndarray:
    moved = np.append(theta[:-1], one_step(theta, a, y, eta)[-1])
    return np.append(one_step(moved, a, y, eta)[:-1], moved[-1])


def parameter_by_parameter(theta: np.ndarray, a: np.ndarray, y: float, eta: float) -> np.ndarray:
    """Return θ after a step that computes ŷ anew before each parameter moves: a mistake."""
    theta = theta.copy()
    for i in range(len(theta)):
        theta[i] = one_step(theta, a, y, eta)[i]
    return theta


def step_mistakes(build: Callable[[Computation], Computation]) -> tuple[Mistake, ...]:
    """Return the mistakes of a step on one row; ``build`` makes a step into what the exercise computes."""
    return (
        Mistake(*slips.FACTOR_FORGOTTEN, build(lambda theta, a, y, eta: one_step(theta, a, y, eta, 1))),
        Mistake(*slips.SIGN_FLIPPED, build(lambda theta, a, y, eta: one_step(theta, a, y, -eta))),
        Mistake(*slips.RATE_SQUARED, build(lambda theta, a, y, eta: one_step(theta, a, y, eta**2))),
        Mistake(*slips.BIAS_BY_NEW_WEIGHTS, build(_new_w)),
        Mistake(
            "w updated with the new b",
            "The bias is right, the weights are not: their error was computed after the bias had moved.",
            build(_new_b),
        ),
        Mistake(
            "ŷ computed anew for each parameter",
            "The first weight is right, and the others see less and less of the error. All share one error.",
            build(parameter_by_parameter),
        ),
        Mistake(*slips.X_LEFT_OUT, build(_alike)),
        Mistake(*slips.BIAS_STILL, build(_fixed_bias)),
        Mistake("bias left out of ŷ", "The output is missing something: what is added last?", build(_biasless)),
    )


def on_sample(step: Computation) -> Computation:
    """Return the step as a function of (θ, x, y, η)."""
    return lambda theta, x, y, eta: step(theta, np.append(x, 1.0), y, eta)


def in_turn(step: Computation) -> Computation:
    """Return the descent that takes this step on one row after the other, as a function of (X, y, θ, η, steps)."""

    def descent(x: np.ndarray, y: np.ndarray, theta: np.ndarray, eta: float, steps: int) -> np.ndarray:
        rows = np.column_stack([x, np.ones(len(x))])
        for k in range(steps):
            theta = step(theta, rows[k % len(rows)], y[k % len(rows)], eta)
        return theta

    return descent
