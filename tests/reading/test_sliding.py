"""Sliding maxima and minima against SciPy's filters."""

import numpy as np
import pytest
from scipy import ndimage

from tenfold.nn.array import Array
from tenfold.reading.sliding import sliding_maximum, sliding_minimum

DTYPES = (np.float32, np.float64, np.int32, np.uint8, np.bool_)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("window", [1, 2, 3, 4, 7, 10, 31, 64])
def test_a_square_window_equals_scipys_filters(window: int, dtype: type[np.generic]) -> None:
    values: Array = np.random.default_rng(window).integers(0, 200, (23, 40)).astype(dtype)
    highest, lowest = sliding_maximum(values, window), sliding_minimum(values, window)
    assert highest.dtype == lowest.dtype == dtype
    numbers = values.astype(np.float64)
    np.testing.assert_array_equal(highest, ndimage.maximum_filter(numbers, window, mode="nearest"))
    np.testing.assert_array_equal(lowest, ndimage.minimum_filter(numbers, window, mode="nearest"))


@pytest.mark.parametrize("axis", [0, 1])
def test_a_window_along_one_axis_equals_scipys_filter(axis: int) -> None:
    values = np.random.default_rng(1).random((9, 12), np.float32)
    for window in (2, 5, 30):
        found = sliding_maximum(values, window, (axis,))
        np.testing.assert_array_equal(
            found, ndimage.maximum_filter1d(values, window, axis=axis, mode="nearest")
        )


def test_the_values_are_not_changed() -> None:
    values = np.arange(12.0).reshape(3, 4)
    before = values.copy()
    sliding_minimum(values, 3)
    np.testing.assert_array_equal(values, before)


def test_a_single_row_and_a_window_larger_than_the_array() -> None:
    np.testing.assert_array_equal(sliding_maximum(np.array([[1, 5, 2]]), 9), [[5, 5, 5]])
    np.testing.assert_array_equal(sliding_minimum(np.array([[1, 5, 2]]), 2), [[1, 1, 2]])
