"""Readers' tables: whatever holds honest numbers is taken as such, and what does not is refused with a true reason."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import many

from gdlib.curvature import regime, round_limit, stability_limit
from gdlib.data import standardised, worked_example
from gdlib.descent import descend
from gdlib.explain import explain
from gdlib.linear import LinearRegression
from gdlib.problem import check_gradient, numerical_gradient

pytestmark = pytest.mark.filterwarnings("error")
X, Y = worked_example()
ROWS = LinearRegression(X, Y)
FRAME = pd.DataFrame(X, columns=["a", "b"])


def memmap(tmp_path):
    X.tofile(tmp_path / "x.bin")
    return np.memmap(tmp_path / "x.bin", dtype=float, shape=X.shape)


TABLES = {
    "lists": lambda: X.tolist(),
    "tuples": lambda: tuple(map(tuple, X.tolist())),
    "a frame": lambda: FRAME,
    "a frame of nullable numbers": lambda: FRAME.convert_dtypes().astype("Float64"),
    "a frame of objects": lambda: FRAME.astype(object),
    "a frame with an index": lambda: FRAME.set_index(pd.Index(["p", "q"])),
    "masked, nothing masked": lambda: np.ma.array(X, mask=False),
    "Fractions": lambda: [[Fraction(1, 10), Fraction(4, 5)], [Fraction(1, 2), Fraction(3, 10)]],
    "Decimals": lambda: [[Decimal("0.1"), Decimal("0.8")], [Decimal("0.5"), Decimal("0.3")]],
    "kinds mixed": lambda: [[Decimal("0.1"), Fraction(4, 5)], [np.float64(0.5), 0.3]],
    "longdouble": lambda: X.astype(np.longdouble),
    "big endian": lambda: X.astype(">f8"),
    "a matrix that is not contiguous": lambda: np.asfortranarray(X),
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_of_honest_numbers_is_taken(kind):
    problem = LinearRegression(TABLES[kind](), pd.Series(Y) if "frame" in kind else Y)
    run, wanted = (descend(each, [0, 0, 0], 0.1, 4, order="one by one") for each in (problem, ROWS))
    np.testing.assert_array_equal(run.parameters, wanted.parameters)
    np.testing.assert_array_equal(standardised(TABLES[kind]()), standardised(X))


def test_float32_is_taken_at_its_own_precision():
    problem = LinearRegression(X.astype(np.float32), Y.astype(np.float32))
    assert problem.x.dtype == float
    np.testing.assert_allclose(problem.loss([0, 0, 0]), ROWS.loss([0, 0, 0]), rtol=1e-7)


def test_a_large_memmap_is_not_copied(tmp_path):
    np.ones((40_000, 2)).tofile(tmp_path / "x.bin")
    x = np.memmap(tmp_path / "x.bin", dtype=float, shape=(40_000, 2), mode="r")
    assert np.shares_memory(LinearRegression(x, np.ones(40_000)).x, x)


MANY = [[1.0, 2.0]] * 20_000
REFUSED = {
    "a mask": (np.ma.masked_equal([[1.0, -999.0], [2.0, 3.0]], -999), r"x has a masked entry at row 0, column 1: fill"),
    "a missing value": (FRAME.astype("Float64").mask(FRAME > 0.6), "x must be .* it holds <NA> at row 0, column 1"),
    "None in many": ([*MANY, [1.0, None]], "x must be .* it holds None at row 20000, column 1"),
    "NaN in a frame": (FRAME.mask(FRAME > 0.6), "x must be finite, but it holds nan at row 0, column 1"),
    "text in a column": (pd.DataFrame({"a": [1, 2], "b": ["3", "four"]}), "x must be .* it holds '3' at row 0, column"),
    "yes and no": (pd.DataFrame({"a": [True, False]}), "x must be made of real numbers, got True and False: take 1"),
    "yes and no among numbers": (FRAME.assign(c=[True, False]), "x must be .* it holds True at row 0, column 2"),
    "dates": (pd.DataFrame({"a": pd.to_datetime(["2026-01-01"] * 2)}), "x must be made of real numbers, got"),
    "a set": ({1.0, 2.0}, "x must be made of real numbers, got {1.0, 2.0}"),
    "a generator": ((i for i in range(2)), "x must be made of real numbers, got <generator"),
    "a number too large": ([[10**400], [1]], "x holds a number that no float can hold at row 0, column 0: 1000"),
    "ragged": ([[1.0] * 50] * 999 + [[1.0]], "x must be made of numbers in rows of one length, got"),
    "complex": ([[1 + 2j], [1]], "x must be made of real numbers"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_is_refused_for_a_true_reason_on_a_short_line(kind):
    x, words = REFUSED[kind]
    for call in (lambda: LinearRegression(x, [1.0, 2.0]), lambda: standardised(x)):
        with pytest.raises((TypeError, ValueError), match=f"^{words}") as caught:
            call()
        assert len(str(caught.value)) < 300
        if kind == "a generator":
            break


@pytest.mark.parametrize(
    ("x", "error", "words"),
    [
        ([2104, 1600, np.nan], ValueError, "x must be finite, but it holds nan at position 2"),
        ([], ValueError, "x is empty"),
        (["a", "b"], TypeError, "x must be made of real numbers"),
        (5.0, ValueError, r"x must have shape \(n, d\) or \(n,\), got \(\)"),
        (np.ones((2, 2, 2)), ValueError, "x must have shape"),
    ],
)
def test_features_are_standardised_by_the_same_rules(x, error, words):
    with pytest.raises(error, match=f"^{words}"):
        standardised(x)


@pytest.mark.parametrize("size", [1e200, 1e-200, 1e308, 1e-310])
def test_the_size_of_a_feature_does_not_matter_to_its_standard_form(size):
    x = np.array([0.0, 0.25, 0.5, 1.0])
    np.testing.assert_allclose(standardised(x * size), standardised(x), rtol=1e-9)
    both = standardised(np.column_stack([x * size, x]))
    np.testing.assert_allclose(both[:, 0], both[:, 1], rtol=1e-9)


def test_no_problem_at_all_is_told_what_it_lacks():
    with pytest.raises(TypeError, match=r"^problem must have names, loss"):
        descend((X, Y), [0, 0, 0], 0.1, 3)
    with pytest.raises(TypeError, match=r"^problem must be a LinearRegression, got ndarray"):
        round_limit(X)


# ---- whatever is thrown at it ----------------------------------------------------------------------------------------

REAL = st.floats(-1e3, 1e3, width=32)
ODD = st.sampled_from(
    [
        None,
        pd.NA,
        pd.NaT,
        np.nan,
        np.inf,
        "1",
        "",
        1j,
        True,
        np.bool_(False),
        10**400,
        b"1",
        [],
        {},
        object,
        np.ma.masked,
    ]
)
HONEST = [float, np.float32, np.float64, Fraction, Decimal, lambda v: np.array(v), lambda v: np.longdouble(v)]
SHAPES = {
    "list": list,
    "tuple": tuple,
    "array": np.array,
    "objects": lambda values: np.array(values, dtype=object),
    "Series": pd.Series,
    "nullable": lambda values: pd.array([float(v) for v in values], dtype="Float64"),
    "masked": np.ma.array,
}
CALLS = {
    "x": lambda v: LinearRegression(v, np.arange(3.0)).x[:, 0],
    "y": lambda v: LinearRegression(np.arange(3.0), v).y,
    "start": lambda v: descend(ROWS, v, 0.1, 1).parameters[0],
    "eta": lambda v: descend(ROWS, np.zeros(3), v, 1).eta,
    "theta": lambda v: (ROWS.loss(v), numerical_gradient(ROWS.loss, v), check_gradient(ROWS, v), v)[-1],
    "curvature": lambda v: (regime(0.1, v), v)[-1],
    "standardised": lambda v: (standardised(v), v)[-1],
    "explain": lambda v: (explain(ROWS, v, 0.1), v)[-1],
}


@st.composite
def brought(draw):
    """Return three numbers as floats, or None where one is odd, and the same as a reader may bring them."""
    values = draw(st.lists(REAL, min_size=3, max_size=3))
    kinds = draw(st.lists(st.sampled_from(HONEST), min_size=3, max_size=3))
    given = [kind(value) for kind, value in zip(kinds, values, strict=True)]
    odd = draw(st.none() | st.integers(0, 2))
    if odd is not None:
        given[odd] = draw(ODD)
    return (values if odd is None else None), given, draw(st.sampled_from(list(SHAPES)))


@pytest.mark.filterwarnings("ignore:Warning. converting a masked element to nan")  # numpy's own word for a lost mask
@many(150, derandomize=True)
@given(brought(), st.sampled_from(list(CALLS)))
def test_it_is_plain_numbers_or_a_short_error_with_the_name(case, call):
    values, given, shape = case
    try:
        table = SHAPES[shape](given)
    except (TypeError, ValueError, OverflowError):  # of numpy's or pandas' own
        return
    try:
        got = CALLS[call](table)
    except (TypeError, ValueError) as error:
        assert len(str(error)) < 2000  # noqa: PT017
        assert any(name in str(error) for name in ("x", "y", "start", "eta", "theta", "curvature"))  # noqa: PT017
        assert values is None or (min(values) < 0 and call in ("eta", "curvature"))
    else:  # among floats numpy takes True for 1
        assert shape == "nullable" or not any(
            isinstance(value, str | bytes) for value in given
        )  # there, made of floats
        np.testing.assert_allclose(np.asarray(got, dtype=float), list(map(float, given)), rtol=1e-6)


def test_limits_do_not_care_what_the_numbers_were():
    assert stability_limit(LinearRegression(TABLES["Decimals"](), Y)) == stability_limit(ROWS)
