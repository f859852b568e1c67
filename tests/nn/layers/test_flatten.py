import numpy as np

from tenfold.nn import Flatten


def test_order_is_rows_columns_channels() -> None:
    x = np.arange(24.0).reshape(2, 2, 3, 2)
    layer = Flatten()
    y = layer.forward(x, training=True)
    np.testing.assert_array_equal(y, np.arange(24.0).reshape(2, 12))
    np.testing.assert_array_equal(layer.backward(y), x)
    assert layer.output_shape((2, 3, 2)) == (12,)


def test_output_is_a_view() -> None:
    x = np.zeros((2, 3, 3, 1))
    assert np.shares_memory(Flatten().forward(x), x)
