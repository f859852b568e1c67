import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold import nn
from tenfold.nn import GELU, LeakyReLU, ReLU, Sigmoid, Tanh
from tenfold.nn.array import Array
from tests.nn import reference

numbers = st.floats(-12, 12)  # the references have no trick against overflow


@pytest.mark.parametrize("name", reference.ACTIVATIONS)
@given(xs=st.lists(numbers, min_size=1, max_size=8), dy=st.floats(-3, 3))
def test_values_and_derivatives_agree_with_plain_formulas(
    name: str, xs: list[float], dy: float
) -> None:
    f, slope = reference.ACTIVATIONS[name]
    layer = getattr(nn, name)()
    x = np.array(xs)
    np.testing.assert_allclose(layer.forward(x), [f(v) for v in xs], rtol=1e-12, atol=1e-13)
    y = layer.forward(x, training=True)
    np.testing.assert_allclose(y, [f(v) for v in xs], rtol=1e-12, atol=1e-13)
    dx = layer.backward(np.full_like(x, dy))
    np.testing.assert_allclose(dx, [slope(v) * dy for v in xs], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("layer", "slope"), [(ReLU(), 0.0), (LeakyReLU(0.2), 0.2)])
def test_derivative_at_zero_is_the_left_one(layer: nn.Layer, slope: float) -> None:
    layer.forward(np.zeros(1), training=True)
    assert layer.backward(np.ones(1)).item() == slope


@pytest.mark.parametrize("layer", [ReLU(), LeakyReLU(), Tanh(), Sigmoid(), GELU()])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_inputs_do_not_overflow(layer: nn.Layer, dtype: type) -> None:
    x: Array = np.array([-1e4, -100, 0, 100, 1e4], dtype)
    y = layer.forward(x, training=True)
    assert np.isfinite(y).all()
    assert np.isfinite(layer.backward(np.ones_like(x))).all()


def test_sigmoid_and_tanh_saturate() -> None:
    x = np.array([-1e4, 0, 1e4])
    np.testing.assert_array_equal(Sigmoid().forward(x), [0, 0.5, 1])
    np.testing.assert_array_equal(Tanh().forward(x), [-1, 0, 1])


def test_gelu_is_within_the_stated_error_of_the_exact_form() -> None:
    x = np.linspace(-6, 6, 4001)
    exact = [0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in x]
    error = np.abs(GELU().forward(x) - exact).max()
    assert 1e-4 < error < 5e-4
