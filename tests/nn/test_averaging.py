import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.nn import ExponentialAverage
from tenfold.nn.array import Array


def updated(average: ExponentialAverage, *thetas: float) -> Array:
    for theta in thetas:
        average.update(np.array([theta], np.float64))
    assert average.value is not None
    return average.value


def test_first_updates_worked_by_hand() -> None:
    # 2; then d = min(0.5, 2 / 11): 2 + 9/11 * (13 - 2) = 11; then d = min(0.5, 3 / 12):
    # 11 + 3/4 * (25 - 11) = 21.5
    average = ExponentialAverage(0.5)
    assert updated(average, 2, 13, 25).item() == pytest.approx(21.5)
    assert average.updates == 3


def test_after_many_updates_decay_is_the_share_kept() -> None:
    average = ExponentialAverage(0.9, np.array([1.0]), updates=10_000)
    assert updated(average, 2).item() == pytest.approx(0.9 * 1 + 0.1 * 2)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.floats(0, 0.999))
def test_average_is_between_the_extremes(thetas: list[float], decay: float) -> None:
    average = updated(ExponentialAverage(decay), *thetas).item()
    assert min(thetas) - 1e-9 <= average <= max(thetas) + 1e-9


def test_average_is_a_copy_of_theta() -> None:
    theta = np.ones(3, np.float32)
    average = ExponentialAverage(0.9)
    assert average.value is None
    average.update(theta)
    theta[...] = 5
    np.testing.assert_array_equal(average.value, [1, 1, 1])
    theta.flags.writeable = False
    average.update(theta)
    assert np.asarray(average.value).dtype == np.float32
