"""The sliding mean against SciPy's filter."""

import numpy as np
import pytest
from scipy import ndimage

from tenfold.reading.sliding_mean import sliding_mean


@pytest.mark.parametrize("window", [1, 2, 3, 4, 5, 13, 16, 40, 63])
def test_the_mean_equals_scipys_filter(window: int) -> None:
    values = np.random.default_rng(window).random((23, 40), np.float32)
    found = sliding_mean(values, window)
    assert found.dtype == np.float32
    expected = ndimage.uniform_filter(values.astype(np.float64), window, mode="nearest")
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_values_are_not_changed() -> None:
    values = np.random.default_rng(0).random((5, 6), np.float32)
    before = values.copy()
    sliding_mean(values, 1)[:] = 0
    np.testing.assert_array_equal(values, before)
