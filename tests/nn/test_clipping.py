import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tenfold.nn import clip_norm
from tenfold.nn.array import Array

vectors = hnp.arrays(np.float64, st.integers(1, 6), elements=st.floats(-1e3, 1e3, width=32))


def test_small_example_worked_by_hand() -> None:
    gradient = np.array([3.0, -4.0])  # of norm 5
    assert clip_norm(gradient, 2.5) == 5
    np.testing.assert_array_equal(gradient, [1.5, -2])


@given(vectors, st.floats(0.01, 100))
def test_norm_is_limited_and_direction_kept(gradient: Array, limit: float) -> None:
    before = gradient.copy()
    norm = clip_norm(gradient, limit)
    assert norm == pytest.approx(np.sqrt(sum(v * v for v in before)), rel=1e-12, abs=1e-150)
    if norm <= limit:
        np.testing.assert_array_equal(gradient, before)
    else:
        np.testing.assert_allclose(gradient * norm, before * limit, rtol=1e-12)
        assert np.linalg.norm(gradient) == pytest.approx(limit)


def test_dtype_is_kept() -> None:
    gradient = np.full(4, 10, np.float32)
    clip_norm(gradient, 1)
    assert gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, [0.5] * 4)


def test_zero_gradient_stays_zero() -> None:
    gradient = np.zeros(3)
    assert clip_norm(gradient, 1) == 0
    np.testing.assert_array_equal(gradient, 0)
