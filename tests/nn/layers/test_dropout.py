import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.nn import Dropout, stream


def dropped(rate: float, x: np.ndarray, step: int = 0) -> np.ndarray:
    layer = Dropout(rate)
    layer.rng = stream(0, "dropout", step)
    return layer.forward(x, training=True)


@given(st.floats(0, 0.9))
def test_entries_are_dropped_or_scaled_and_the_mean_is_kept(rate: float) -> None:
    y = dropped(rate, np.ones(40_000))
    assert set(np.unique(y)) <= {0.0, y.max()}
    assert y.max() == pytest.approx(1 / (1 - rate), rel=1e-3)  # the rate is rounded to 2**-16
    assert abs((y == 0).mean() - rate) < 4 * np.sqrt(rate * (1 - rate) / 40_000) + 2**-16
    assert y.mean() == pytest.approx(1, abs=6 * np.sqrt(rate / (1 - rate) / 40_000) + 1e-12)


def test_backward_uses_the_same_mask() -> None:
    layer, x = Dropout(0.4), np.ones((30, 5))
    layer.rng = stream(0, "dropout")
    y = layer.forward(x, training=True)
    np.testing.assert_array_equal(layer.backward(np.full_like(x, 3.0)), 3 * y)


def test_same_step_gives_the_same_mask() -> None:
    x = np.ones((20, 5))
    np.testing.assert_array_equal(dropped(0.5, x, step=7), dropped(0.5, x, step=7))
    assert (dropped(0.5, x, step=7) != dropped(0.5, x, step=8)).any()


def test_both_precisions_draw_the_same_mask() -> None:
    single, double = dropped(0.5, np.ones(99, np.float32)), dropped(0.5, np.ones(99, np.float64))
    np.testing.assert_array_equal(single, double)


def test_inference_returns_the_input() -> None:
    x = np.ones(3)
    assert Dropout(0.5).forward(x) is x


def test_second_forward_with_the_same_generator_raises() -> None:
    layer = Dropout()
    layer.rng = stream(0, "dropout")
    layer.forward(np.ones(3), training=True)
    with pytest.raises(RuntimeError, match=r"needs a random generator: .* step=\.\.\.\)"):
        layer.forward(np.ones(3), training=True)


def test_rate_of_nearly_1_keeps_some_entries() -> None:
    # Without a limit the rate would be rounded to 1, and the scale would be a division by 0.
    y = dropped(1 - 1e-9, np.ones(2**20))
    assert set(np.unique(y)) == {0.0, 2.0**16}


def test_rate_of_0_changes_nothing() -> None:
    np.testing.assert_array_equal(dropped(0, np.arange(9.0)), np.arange(9.0))
