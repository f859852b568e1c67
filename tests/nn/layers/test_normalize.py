import numpy as np
import pytest

from tenfold.nn import Normalize, stream


def test_small_example_worked_by_hand() -> None:
    layer = Normalize(mean=100, deviation=50)
    y = layer.forward(np.array([0, 100, 255], np.uint8), training=True)
    np.testing.assert_allclose(y, [-2, 0, 3.1], rtol=1e-6)
    np.testing.assert_allclose(layer.backward(np.array([1.0, 0.0, -5.0])), [0.02, 0, -0.1])


def test_mean_0_and_deviation_255_scale_to_0_1() -> None:
    pixels = np.arange(256, dtype=np.uint8)
    np.testing.assert_allclose(
        Normalize(mean=0, deviation=255).forward(pixels), pixels / 255, rtol=1e-6
    )


@pytest.mark.parametrize("pixels", [np.uint8, np.int64, np.float16, np.float32, np.float64, bool])
@pytest.mark.parametrize("precision", [np.float32, np.float64])
@pytest.mark.parametrize("training", [False, True])
def test_pixels_of_any_dtype_become_the_dtype_of_the_network(
    pixels: type, precision: type, training: bool
) -> None:
    # Otherwise a float32 network would compute in float64 on float64 pixels.
    layer = Normalize(mean=0.5, deviation=2)
    layer.initialize(stream(0, "test"), precision)
    y = layer.forward(np.array([0, 1], pixels), training)
    assert y.dtype == precision
    np.testing.assert_array_equal(y, [-0.25, 0.25])


def test_defaults_are_mean_and_standard_deviation_of_mnist() -> None:
    # 0.13066 and 0.30811 are the usual numbers for pixels of 0 to 1 in examples for MNIST.
    layer = Normalize()
    assert layer.mean == pytest.approx(0.13066 * 255, rel=1e-4)
    assert layer.deviation == pytest.approx(0.30811 * 255, rel=1e-4)
