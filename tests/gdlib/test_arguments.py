"""The argument checks: what they let through, and what they say about what they don't."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gdlib._arguments import count, finite_array, finite_number, float_array, quoted, rates

steady = settings(deadline=None, max_examples=50, derandomize=True)

NOT_NUMBERS = [
    None,
    "text",
    "1.5",
    ["1", "2"],
    [1, None],
    [[1, 2], [3]],
    1 + 2j,
    [1j],
    True,
    [True, False],
    {},
    {1, 2},
    print,
    np.datetime64("2020-01-01"),
    b"1",
]
NOT_FINITE = [np.nan, np.inf, -np.inf, [1, np.nan], [[1, 2], [np.inf, 4]], np.float32("nan"), -np.inf * np.ones((2, 3))]
EMPTY = [[], (), [[]], np.zeros((0, 3)), np.zeros((3, 0))]
CHECKS = [float_array, finite_array, finite_number, rates]


@pytest.mark.parametrize("value", NOT_NUMBERS, ids=repr)
@pytest.mark.parametrize("check", CHECKS)
def test_what_is_not_made_of_real_numbers_is_a_type_error(check, value):
    with pytest.raises(TypeError, match=r"^weight must be made of .*numbers.*, (got|but it holds) "):
        check("weight", value)


@pytest.mark.parametrize("value", NOT_FINITE, ids=repr)
@pytest.mark.parametrize("check", [finite_array, finite_number, rates])
def test_what_is_not_finite_is_a_value_error(check, value):
    with pytest.raises(ValueError, match=r"^weight must be finite, but it holds -?(nan|inf)"):
        check("weight", value)


@pytest.mark.parametrize("value", EMPTY, ids=repr)
@pytest.mark.parametrize("check", [finite_array, finite_number, rates])
def test_what_is_empty_is_a_value_error(check, value):
    with pytest.raises(ValueError, match=r"^weight is empty"):
        check("weight", value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (np.nan, "holds nan$"),
        ([0, 1, -np.inf, np.nan], "holds -inf at position 2$"),
        ([[0, 1], [2, np.nan]], r"holds nan at row 1, column 1$"),
    ],
)
def test_the_first_odd_entry_is_named_with_its_place(value, found):
    with pytest.raises(ValueError, match=found):
        finite_array("weight", value)


@pytest.mark.parametrize("check", [float_array, finite_array])
@pytest.mark.parametrize(
    "value", [3, 2.5, [1, 2], (1.5, 2), [[1], [2]], np.arange(3, dtype=np.uint8), np.ones(2, np.float32), range(3)]
)
def test_real_numbers_come_back_as_floats_of_the_same_shape(check, value):
    array = check("weight", value)
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, np.asarray(value))
    assert array.shape == np.shape(value)


def test_only_float_array_lets_infinity_through():
    np.testing.assert_array_equal(float_array("theta", [np.inf, np.nan]), [np.inf, np.nan])


def test_an_array_of_floats_is_not_copied():
    array = np.ones((3, 2))
    assert finite_array("x", array) is array


def test_a_foreign_byte_order_is_read_as_the_numbers_it_holds():
    array = finite_array("x", np.array([1.5, -2], dtype=">f8"))
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, [1.5, -2])


@steady
@given(hnp.arrays(float, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats()))
def test_finite_means_every_entry_is_finite(array):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if np.isfinite(array).all():
            assert finite_array("x", array) is array
        else:
            with pytest.raises(ValueError, match=r"^x must be finite"):
                finite_array("x", array)


def test_finite_numbers_whose_squares_overflow_are_finite():
    np.testing.assert_array_equal(finite_array("x", [1e300, -1e308, 5e-324]), [1e300, -1e308, 5e-324])


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.int8(2), np.array(2)])
def test_a_number_comes_back_as_a_plain_float(value):
    number = finite_number("h", value)
    assert type(number) is float
    assert number == 2.0


@pytest.mark.parametrize("value", [[1.0], [[1.0]], np.ones(3)])
def test_an_array_is_no_number(value):
    with pytest.raises(ValueError, match=r"^h must be a single number, got an array of shape \("):
        finite_number("h", value)


@pytest.mark.parametrize("value", [0, 0.0, 0.1, [0, 1e-300, 1e300], np.float64(-0.0)])
def test_rates_may_be_zero(value):
    np.testing.assert_array_equal(rates("eta", value), value)


@pytest.mark.parametrize("value", [-0.1, -1, [0.1, -1e-300], [[1, 2], [-3, 4]]])
def test_rates_may_not_be_negative(value):
    with pytest.raises(ValueError, match=f"^eta must not be negative, got {np.min(value):g}: "):
        rates("eta", value)


@pytest.mark.parametrize("value", [1, 7, np.int64(7), np.uint8(1), 10**30])
def test_counts_are_whole_numbers(value):
    number = count("steps", value)
    assert type(number) is int
    assert number == value


@pytest.mark.parametrize(
    "value", [1.0, 2.5, np.float64(3), "3", None, True, False, np.True_, [3], np.array(3), np.nan, np.inf, 3j]
)
def test_what_is_not_a_whole_number_is_a_type_error(value):
    with pytest.raises(TypeError, match=r"^steps must be a whole number, got "):
        count("steps", value)


@pytest.mark.parametrize(("value", "least"), [(0, 1), (-1, 1), (-1, 0), (1, 2), (np.int64(-5), 0)])
def test_a_count_below_the_least_is_a_value_error(value, least):
    with pytest.raises(ValueError, match=f"^steps must be at least {least}, got {value}$"):
        count("steps", value, least=least)
    assert count("steps", least, least=least) == least


def test_a_value_that_cannot_be_shown_is_quoted_by_its_type():
    class Mute:
        def __repr__(self):
            raise RuntimeError("I won't")

    assert quoted(Mute()) == "something of type Mute"
