"""What the tests of problems and curvatures share: problems drawn by lot, and their formulas written out."""

import math

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gdlib.linear import LinearRegression


def many(examples, **more):
    """Return Hypothesis's settings for so many examples, in CI and for mutants; elsewhere for a fifth, 20 at least."""
    percent = settings.default.max_examples  # those of the profile that tests/conftest.py has loaded
    return settings(max_examples=max(20, examples * percent // 100), deadline=None, **more)


def numbers(low=-5, high=5):
    return st.floats(low, high, width=32, allow_subnormal=False)


@st.composite
def problems(draw):
    n, d = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    x = draw(hnp.arrays(float, (n, d), elements=numbers()))
    return LinearRegression(x, draw(hnp.arrays(float, n, elements=numbers())))


@st.composite
def problems_with_theta(draw, leading=((),)):
    problem = draw(problems())
    shape = (*draw(st.sampled_from(leading)), len(problem.names))
    return problem, draw(hnp.arrays(float, shape, elements=numbers()))


def by_hand(problem, theta):
    """Return the mean loss and its gradient at one θ, equations (2)–(13), one row and one number at a time."""
    *w, b = (float(t) for t in theta)
    rows = list(zip(problem.x.tolist(), problem.y.tolist(), strict=True))
    errors = [math.fsum(wi * xi for wi, xi in zip(w, x, strict=True)) + b - y for x, y in rows]
    loss = math.fsum(error**2 for error in errors) / len(rows)
    slopes = [
        math.fsum(2 * e * x[i] for e, (x, _) in zip(errors, rows, strict=True)) / len(rows) for i in range(len(w))
    ]
    return loss, np.array([*slopes, math.fsum(2 * e for e in errors) / len(rows)])


def central_difference(f, theta, h=1e-5):
    moves = h * np.eye(len(theta))
    return np.array([(f(theta + move) - f(theta - move)) / (2 * h) for move in moves])
