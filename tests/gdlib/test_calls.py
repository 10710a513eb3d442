"""A reader's function is called as the reader wrote it, and a stacked call is trusted only where it is the same."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import many

from gdlib._calls import agree, at_each, at_one, is_ours
from gdlib.data import worked_example
from gdlib.descent import descend
from gdlib.exercises import find_exercise
from gdlib.linear import LinearRegression
from gdlib.problem import Curve, Penalised, check_gradient, numerical_gradient, parabola

pytestmark = pytest.mark.filterwarnings("error")
A, Y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 1.0])


class Own:
    """A problem that is made of two functions."""

    def __init__(self, loss, gradient, names=("a", "b")):
        self.loss, self.gradient, self.names = loss, gradient, names


class Rows(Own):
    """A problem of two rows, each of which is another problem."""

    def __init__(self, row):
        super().__init__(lambda t: np.sum(t**2), lambda t: 2 * t)
        self.row = row

    def __len__(self):
        return 2

    def __getitem__(self, rows):
        return self.row


def counted(function, module=__name__):
    """Return the function as one of this module, with the list of the shapes that it was given."""

    def called(x):
        called.shapes.append(np.shape(x))
        return function(x)

    called.shapes, called.__module__ = [], module
    return called


# What a reader may write for a² + 3b, one θ in and one number out; the last three take a stack as well.
STYLES = {
    "t[0]": lambda t: t[0] ** 2 + 3 * t[1],
    "unpacked": lambda t: (lambda a, b: a**2 + 3 * b)(*t),
    "np.sum": lambda t: np.sum([t[0] ** 2, 3 * t[1]]),
    "math": lambda t: math.pow(t[0], 2) + 3 * float(t[1]),
    "if": lambda t: t[0] ** 2 + 3 * t[1] if t[0] > -1e9 else 0.0,
    "python": lambda t: sum(x * y for x, y in zip(t, (t[0], 3), strict=True)),
    "an array of one": lambda t: np.array([t[0] ** 2 + 3 * t[1]]),
    "float32 in the end": lambda t: np.float64(t[0] ** 2 + 3 * t[1]),
    "mean over all": lambda t: (t - t.mean()).sum() + t[0] ** 2 + 3 * t[1],
    "mean over a whole stack": lambda t: (t - t.mean()).sum(axis=-1) + t[..., 0] ** 2 + 3 * t[..., 1],
    "spoils its argument": lambda t: (t.__imul__(1.0), t.__setitem__(0, t[0] ** 2), t[0] + 3 * t[1])[-1],
    "last axis": lambda t: t[..., 0] ** 2 + 3 * t[..., 1],
    "columns": lambda t: (t.T[0] ** 2 + 3 * t.T[1]).T,
    "dot": lambda t: t[..., 0] ** 2 + t @ np.array([0.0, 3.0]),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("theta", [(1.0, 2.0), (0.0, 0.0), (-1.5, 0.25)])
def test_the_numerical_gradient_is_right_in_every_style(style, theta):
    np.testing.assert_allclose(numerical_gradient(STYLES[style], theta), [2 * theta[0], 3], atol=1e-9)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("steps", [1, 2, 5, 70])
def test_descent_is_right_in_every_style_and_with_every_number_of_steps(style, steps):
    problem = Own(STYLES[style], lambda t: np.array([2 * t[0], 3.0]))
    run = descend(problem, [1.0, 2.0], 0.1, steps)
    a, b = 0.8 ** np.arange(steps + 1), 2 - 0.3 * np.arange(steps + 1)
    np.testing.assert_allclose(run.parameters, np.stack([a, b], axis=-1), atol=1e-12)
    np.testing.assert_allclose(run.losses, a**2 + 3 * b, atol=1e-12)


@pytest.mark.parametrize("style", STYLES)
def test_a_sweep_is_its_single_runs_in_every_style(style):
    problem = Own(STYLES[style], lambda t: np.array([2 * t[0], 3.0]))  # of a stack of two: another shape, or nonsense
    etas, starts = np.array([0.05, 0.2]), [[[1.0, 2.0]], [[0.5, 0.5]], [[-1.0, 0.0]]]
    run = descend(problem, starts, etas, 4)
    for i, j in np.ndindex(3, 2):
        single = descend(problem, starts[i][0], etas[j], 4)
        np.testing.assert_allclose(run.parameters[:, i, j], single.parameters, atol=1e-12)
        np.testing.assert_allclose(run.losses[:, i, j], single.losses, atol=1e-12)


def test_three_squares_have_the_slopes_of_three_squares():  # 28, 14, 9.33 where a stack was taken for one θ
    np.testing.assert_allclose(numerical_gradient(lambda t: np.sum(t**2), [1, 2, 3]), [2, 4, 6], rtol=1e-8)


def test_a_right_gradient_is_not_convicted():
    problem = Own(lambda t: np.mean((A @ t - Y) ** 2), lambda t: A.T @ (A @ t - Y))
    assert check_gradient(problem, [1, 2]).relative_error < 1e-9
    wrong = Own(problem.loss, lambda t: A.T @ (A @ t - Y) * [1, 1.01])
    assert check_gradient(wrong, [1, 2]).relative_error > 1e-3


class Counts:
    """A vectorised loss that counts its calls."""

    calls = 0

    def __call__(self, t):
        self.calls += 1
        return np.square(t).sum(axis=-1)


def test_a_vectorised_function_is_called_once_for_many():
    loss = Counts()
    numerical_gradient(loss, np.ones(100))
    assert loss.calls < 12
    loss = Counts()
    descend(Own(loss, lambda t: 2 * t), [1.0, 2.0], 0.001, 500)
    assert loss.calls < 30  # of blocks of 64, 128, … steps, each with three single calls


def test_a_vectorised_curve_is_called_once_for_many_and_three_times_for_proof():
    theta = np.linspace(-1, 2, 50)[:, np.newaxis]
    for f in (counted(lambda x: x**2), counted(lambda x: 3)):  # a number is the same for all
        Curve(f, f).loss(theta)
        assert f.shapes == [(50,), (), (), ()]


@pytest.mark.parametrize("replicas", [2, 50])
def test_a_vectorised_gradient_is_called_once_a_step(replicas):
    gradient = counted(lambda t: 2 * t)
    run = descend(Own(lambda t: np.square(t).sum(axis=-1), gradient), np.ones((replicas, 2)), 0.1, 20)
    assert gradient.shapes.count((replicas, 2)) - (replicas != 2) == 20  # two θ of two parameters are tried as three
    np.testing.assert_allclose(run.theta, np.full((replicas, 2), 0.8**20), rtol=1e-12)


def test_the_packages_own_functions_are_called_once_and_need_no_proof():
    f, slope = counted(np.square, "gdlib.mine"), counted(lambda x: 2 * x, "gdlib.mine")
    Curve(f, slope).loss(np.ones((4, 3, 1)))
    Curve(f, slope).gradient(np.ones((4, 3, 1)))
    assert (f.shapes, slope.shapes) == ([(4, 3)], [(4, 3, 1)])
    loss, gradient = counted(lambda t: np.square(t).sum(axis=-1), "gdlib.mine"), counted(lambda t: 2 * t, "gdlib.mine")
    descend(Own(loss, gradient), np.ones((4, 2)), 0.1, 3)
    assert (loss.shapes, gradient.shapes) == ([(4, 2), (4, 4, 2)], [(4, 2)] * 3)


@pytest.mark.parametrize("wrong", [0, 3, 6])
def test_a_stacked_call_that_is_wrong_at_its_first_middle_or_last_theta_is_not_trusted(wrong):
    def loss(t):
        values = t.sum(axis=-1)
        return values + (np.arange(7) == wrong) if t.ndim == 2 else values

    thetas = np.arange(21.0).reshape(7, 3)
    np.testing.assert_array_equal(at_each(loss, thetas, "loss"), thetas.sum(axis=1))


@pytest.mark.parametrize("p", [3, 4, 5, 6])
def test_as_many_thetas_as_parameters_do_not_pass_for_one(p):
    thetas = np.random.default_rng(p).normal(size=(4, p))
    for k in (2, 3):  # where a stack is compared with single θ, t[0] is the same for both
        if k < p:
            thetas[0, k] = thetas[k, 0]
    np.testing.assert_array_equal(at_each(lambda t: t[0], thetas, "loss"), thetas[:, 0])


@pytest.mark.parametrize("size", [1e-200, 1e-15, 1.0, 1e200])
def test_two_results_agree_up_to_rounding_whatever_their_size(size):
    one = size * np.array([1.0, -2.0, 0.0])
    assert agree(one, one)
    assert agree(one, one + 1e-14 * size)  # beside 2, 0 and 1e-14 are the same
    assert not agree(one, one + 1e-11 * size)
    assert not agree(one + 1e-11 * size, one)
    assert not agree(one, -one)


def test_what_is_not_finite_agrees_with_itself_alone():
    for value in (np.inf, -np.inf, np.nan):
        one = np.array([value, 1.0])
        assert agree(one, one)
        assert agree(one[:1], one[:1])
        assert not agree(one, np.array([value, 1.0 + 1e-11]))
        for other in (1.0, 0.0, 1e300, -value if value == value else np.inf):
            assert not agree(one, np.array([other, 1.0]))
            assert not agree(np.array([other, 1.0]), one)


def test_an_array_of_one_is_one_number():
    for result in (3, [3.0], [[3.0]], np.float32(3)):
        value = at_one(lambda t, result=result: result, np.ones(2), "loss")
        assert (value.shape, value.dtype, value) == ((), float, 3)


def test_what_is_wrong_with_single_calls_is_said_with_the_name_and_the_cure():
    for result, error, words in [
        (None, TypeError, r"^{} must return its result, got None; is there a `return`\?$"),
        ("3", TypeError, "^what {} returns must be made of real numbers, got '3'$"),
        (1j, TypeError, "^what {} returns must be made of real numbers, got 1j$"),
        (
            [1.0, 2.0],
            ValueError,
            r"^{} must return one number, such as a mean over the rows, got shape \(2,\) for one theta of shape \(.,\)",
        ),
    ]:
        for name, call in [
            ("loss", lambda loss: numerical_gradient(loss, [1.0, 2.0])),
            ("problem.loss", lambda loss: check_gradient(Own(loss, lambda t: 2 * t), [1.0, 2.0])),
            ("problem.loss", lambda loss: descend(Own(loss, lambda t: 2 * t), [1.0, 2.0], 0.1, 3)),
            ("Curve.f", lambda f: descend(Curve(f, lambda x: x), 1.0, 0.1, 3)),
        ]:
            with pytest.raises(error, match=words.format(name).replace(".f", r"\.f")):
                call(lambda t, result=result: result)


NONE = r" must return its result, got None; is there a `return`\?$"


def test_a_loss_that_is_none_later_or_elsewhere_is_told_so_by_name():
    alone = lambda t: 0.0 if t[0] == 1 else None  # noqa: E731
    in_a_stack = lambda t: None if t.ndim == 1 and t[0] != 1 else np.square(t).sum(axis=-1)  # noqa: E731
    for loss in (alone, in_a_stack):
        with pytest.raises(TypeError, match=rf"^problem\.loss{NONE}"):
            descend(Own(loss, lambda t: 2 * t), [1.0, 2.0], 0.1, 3)
        with pytest.raises(TypeError, match=f"^loss{NONE}"):
            numerical_gradient(loss, [1.0, 2.0])
    with pytest.raises(TypeError, match=rf"^problem\.loss{NONE}"):
        descend(Rows(Own(alone, lambda t: 2 * t)), [1.0, 2.0], 0.1, 3, order="one by one")


def test_a_gradient_that_is_none_later_or_elsewhere_is_told_so_by_name():
    for gradient in (lambda t: 2 * t if t[0] == 1 else None, lambda t: None if t.ndim == 1 and t[0] != 1 else 2 * t):
        for start in ([1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]]):
            with pytest.raises(TypeError, match=rf"^problem\.gradient{NONE}"):
                descend(Own(lambda t: np.square(t).sum(axis=-1), gradient), start, 0.1, 3)


def test_a_gradient_of_another_length_is_told_what_was_wanted():
    problem = Own(lambda t: np.sum(t**2), lambda t: np.zeros(3))
    words = r"^problem\.gradient must return shape \(2,\), a slope for each parameter, got shape \(3,\) for one theta"
    for call in (lambda: descend(problem, [1, 2], 0.1, 3), lambda: check_gradient(problem, [1, 2])):
        with pytest.raises(ValueError, match=words + r" of shape \(2,\)$"):
            call()


def test_a_masked_value_is_told_of_wherever_it_is():
    curve = Curve(lambda x: np.ma.masked_where(x == 0.5, x), lambda x: 1)
    with pytest.raises(ValueError, match=r"^what Curve\.f returns has a masked entry"):
        curve.loss(np.array([0.0, 0.5, 1.0, 1.5, 2.0])[:, np.newaxis])


@pytest.mark.parametrize("result", [None, [1.0], [[1.0, 2.0]], 3.0, "a"])
def test_a_gradient_that_is_none_is_told_so(result):
    problem = Own(lambda t: np.sum(t**2), lambda t: result)
    for call in (lambda: descend(problem, [1, 2], 0.1, 3), lambda: check_gradient(problem, [1, 2])):
        with pytest.raises((TypeError, ValueError), match=r"problem\.gradient (must )?return"):
            call()


def test_a_slope_without_return_does_not_diverge_after_0_steps():
    def slope(x):
        2 * x

    with pytest.raises(TypeError, match=r"^Curve\.slope must return its result, got None; is there a `return`\?"):
        descend(Curve(lambda x: x**2, slope), 1.0, 0.1, 5)


@pytest.mark.parametrize("slope", [lambda x: np.nan, lambda x: x * np.inf])
def test_a_slope_that_is_no_number_is_no_divergence(slope):
    with pytest.raises(ValueError, match=r"^what problem\.gradient returns at the start must be finite"):
        descend(Curve(lambda x: x**2, slope), 1.0, 0.1, 5)
    with pytest.raises(ValueError, match=r"^what problem\.gradient returns must be finite"):
        check_gradient(Curve(lambda x: x**2, slope), 1.0)


def test_two_results_at_one_theta_are_shown_with_what_follows_from_them():
    results = iter([1.0, 2.5])
    words = (
        "loss gives two results at one theta, 1.0 and then 2.5: it must depend on theta alone, "
        "not on chance or on earlier calls"
    )
    with pytest.raises(ValueError, match=f"^{words}$"):
        numerical_gradient(lambda t: next(results), [1.0])


def test_chance_and_memory_are_refused_by_name():
    generator, memory = np.random.default_rng(0), []
    noisy = lambda t: np.sum(t**2) + generator.normal()  # noqa: E731
    growing = lambda t: memory.append(t) or float(len(memory))  # noqa: E731
    for loss in (noisy, growing):
        with pytest.raises(ValueError, match=r"^loss gives two results at one theta, .* and then .*: it must depend"):
            numerical_gradient(loss, [1.0, 2.0])
        with pytest.raises(ValueError, match=r"^problem\.loss gives two results"):
            descend(Own(loss, lambda t: 2 * t), [1.0, 2.0], 0.1, 5)
        with pytest.raises(ValueError, match=r"^problem\.loss gives two results"):
            descend(Curve(lambda x, loss=loss: loss(np.array([x])), lambda x: 2 * x), 1.0, 0.1, 5)
    with pytest.raises(ValueError, match=r"^problem\.gradient gives two results"):
        descend(Own(lambda t: np.sum(t**2), lambda t: 2 * t + generator.normal()), [1.0, 2.0], 0.1, 5)


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda x: math.exp(x) - 2 * x, lambda x: math.exp(x) - 2),
        (lambda x: x**2 if x > 0 else x**4, lambda x: 2 * x if x > 0 else 4 * x**3),
        (lambda x: abs(float(x)) ** 1.5, lambda x: 1.5 * math.copysign(math.sqrt(abs(x)), x)),
        (lambda x: np.where(x > 0, x, 0.1 * x) ** 2, lambda x: np.where(x > 0, 2 * x, 0.02 * x)),
        (lambda x: 3 * x, lambda x: 3),
    ],
)
def test_a_curve_may_be_written_with_math_and_if(f, slope):
    curve, theta = Curve(f, slope), np.array([[-1.5], [0.25], [2.0]])
    assert curve.loss(theta).tolist() == [f(x) for (x,) in theta.tolist()]
    assert curve.gradient(theta).tolist() == [[slope(x)] for (x,) in theta.tolist()]
    assert check_gradient(curve, 0.7).relative_error < 1e-8
    run = descend(curve, [[-0.5], [1.5]], 0.05, 20)
    for k, x in np.ndindex(20, 2):
        before, after = run.parameters[k : k + 2, x, 0]
        assert after == pytest.approx(before - 0.05 * slope(before), abs=1e-12)


def test_what_pythons_own_mathematics_cannot_hold_is_divergence():
    run = descend(Curve(lambda x: math.exp(x * x), lambda x: 2 * x * math.exp(x * x)), 3.0, 1.0, 20)
    assert run.diverged


def test_the_packages_own_functions_are_known_and_a_subclass_is_a_readers():
    class Mine(LinearRegression):
        def loss(self, theta):
            return super().loss(theta)

    problem = Mine(*worked_example())
    assert (is_ours(problem.gradient), is_ours(problem.loss), is_ours(parabola().f)) == (True, False, True)
    assert is_ours(Penalised(problem, 1).gradient)
    assert not is_ours(Penalised(Penalised(problem, 1), 1).loss)
    assert is_ours(Penalised(parabola(), 1).loss)
    for function in (np.sin, len, [].append, (2.0).__mul__):  # some have no module, or None
        assert not is_ours(function)
    assert not is_ours(find_exercise("derivation-gradient").measured)  # what an exercise computes takes one θ
    np.testing.assert_allclose(
        descend(problem, [0, 0, 0], 0.1, 3).losses, descend(problem[:], [0, 0, 0], 0.1, 3).losses
    )


@pytest.mark.parametrize("m", [1, 2, 3, 4, 7])
def test_each_theta_of_a_stack_gets_its_own_value(m):
    thetas = np.random.default_rng(m).normal(size=(m, 3))
    for loss in (lambda t: t[0] * t[1] + t[2], lambda t: np.max(t), lambda t: np.linalg.norm(t), lambda t: t.sum(-1)):
        expected = [float(loss(theta)) for theta in thetas]
        np.testing.assert_allclose(at_each(loss, thetas, "loss"), expected, rtol=1e-12)


@st.composite
def losses(draw):
    """Return a smooth loss with its gradient, in ordinary and in vectorised style, and a θ away from its minima."""
    p, seed = draw(st.integers(1, 10)), draw(st.integers(0, 10**6))
    r = np.random.default_rng(seed)
    w, c, q = r.normal(size=p), r.normal(size=p), r.normal(size=(p, p)) / p
    factor = 10 ** draw(st.floats(-3, 3))

    def vectorised(t):
        return factor * (np.sin(t + c) @ w + 0.5 * np.square(t @ q).sum(axis=-1) + np.exp(0.3 * t).sum(axis=-1))

    def ordinary(t):
        total = 0.0
        for i in range(p):
            total += w[i] * math.sin(t[i] + c[i]) + math.exp(0.3 * t[i])
        return factor * (total + 0.5 * np.sum((t @ q) ** 2))

    def gradient(t):
        return factor * (w * np.cos(t + c) + t @ q @ q.T + 0.3 * np.exp(0.3 * t))

    return vectorised, ordinary, gradient, r.normal(size=p)


@many(200, derandomize=True)
@given(losses(), st.integers(0, 9), st.sampled_from([0.99, 1.01, 2.0, 0.5, -1.0]))
def test_right_gradients_pass_and_wrong_ones_do_not(case, entry, factor):
    vectorised, ordinary, gradient, theta = case
    exact, names = gradient(theta), [f"t{i}" for i in range(len(theta))]
    slip = np.where(np.arange(len(theta)) == entry % len(theta), factor, 1)
    for loss in (vectorised, ordinary):
        assert check_gradient(Own(loss, gradient, names), theta).relative_error < 1e-6
        if np.abs(exact * (slip != 1)).max() >= 0.1 * np.abs(exact).max():
            assert check_gradient(Own(loss, lambda t: gradient(t) * slip, names), theta).relative_error > 1e-4


@pytest.mark.parametrize("problem", [(1, 2), None, np.eye(2), Own(0, 0, "ab")])
def test_what_is_no_problem_is_told_what_it_lacks(problem):
    for call in (lambda: descend(problem, [0, 0], 0.1, 3), lambda: check_gradient(problem, [0, 0])):
        with pytest.raises(TypeError, match=r"^problem(\.names)? must (have names, loss|be a tuple)"):
            call()
