"""Blur, compared with SciPy's Gaussian filter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from tenfold.images.blur import gaussian_blur, gaussian_matrix


@given(st.floats(0.1, 6), st.integers(1, 30), st.integers(1, 30))
def test_blur_equals_scipys_gaussian_filter(sigma: float, height: int, width: int) -> None:
    image = np.random.default_rng(1).uniform(0, 255, (2, height, width, 1))
    expected = gaussian_filter(image, sigma, mode="nearest", axes=(1, 2), truncate=4.0)
    np.testing.assert_allclose(gaussian_blur(image, sigma), expected, atol=1e-3)


def test_a_sigma_of_zero_changes_nothing() -> None:
    image = np.arange(20, dtype=np.uint8).reshape(1, 4, 5, 1)
    np.testing.assert_array_equal(gaussian_blur(image, 0), image)


def test_the_weights_sum_to_one() -> None:
    assert gaussian_matrix(28, 3.0).sum(axis=1) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("sigma", [-1.0, float("nan")])
def test_a_negative_sigma_and_nan_raise(sigma: float) -> None:
    with pytest.raises(ValueError, match="sigma must be at least 0, got"):
        gaussian_blur(np.zeros((1, 28, 28, 1)), sigma)
