"""Quantiles and medians against NumPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tenfold.nn.array import Array
from tenfold.reading.quantiles import median, quantile, quantiles

SHARES = (0.0, 0.05, 0.25, 0.5, 0.9, 0.99, 1.0)


@given(arrays.arrays(np.float32, st.integers(1, 60), elements=st.floats(-9, 9, width=32)))
def test_quantiles_of_a_few_values_equal_those_of_numpy(values: Array) -> None:
    expected = np.quantile(values, np.array(SHARES))
    np.testing.assert_allclose(quantiles(values, SHARES), expected, atol=1e-5)
    assert quantile(values, 0.9) == pytest.approx(expected[4], abs=1e-5)
    assert median(values) == pytest.approx(float(np.median(values)), abs=1e-5)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.int32, np.uint8])
def test_all_values_of_an_array_count_in_any_dtype(dtype: type[np.generic]) -> None:
    values = np.random.default_rng(0).integers(0, 255, (30, 41)).astype(dtype)[::2]
    before = values.copy()
    assert quantiles(values, SHARES) == pytest.approx(np.quantile(values.astype(float), SHARES))
    assert median(values) == float(np.median(values))
    np.testing.assert_array_equal(values, before)


def test_the_difference_of_two_bytes_does_not_overflow() -> None:
    assert median(np.array([255, 0, 250, 10], np.uint8)) == 130
    assert quantile(np.array([-128, 127], np.int8), 0.5) == -0.5
