import copy
import re
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tenfold import nn
from tenfold.nn import (
    Conv2D,
    ConvMaxPool,
    Layer,
    MaxPool,
    Network,
    Normalize,
    Ones,
    Uniform,
    build,
    describe,
    patches,
    stream,
)
from tenfold.nn.array import Array, DTypeLike
from tests.nn import reference_images as reference

PADDINGS: tuple[str | int, ...] = ("valid", "same", 0, 1, 2, 3)


def numbers(purpose: str, shape: tuple[int, ...]) -> Array:
    """Return small whole numbers: sums of their products are exact, and many are equal."""
    return stream(0, purpose).integers(-1, 2, shape).astype(np.float64)


def filled(layer: Layer, dtype: DTypeLike = np.float64) -> Any:
    layer.initialize(stream(0, "test"), dtype)
    for parameter in layer.parameters:
        parameter.value[...] = numbers(parameter.name, parameter.shape)
    return layer


def test_small_example_worked_by_hand() -> None:
    layer = filled(ConvMaxPool(1, 1, 2))
    layer.weight.value[...] = np.array([[1, 0], [0, 1]]).reshape(2, 2, 1, 1)
    layer.bias.value[...] = 10
    x = np.array([[1.0, 2, 0], [3, 1, 1], [0, 2, 5]]).reshape(1, 3, 3, 1)
    # The convolution is 1 + 1 = 2, 2 + 1 = 3 above 3 + 2 = 5, 1 + 5 = 6: the last wins.
    np.testing.assert_array_equal(layer.forward(x, training=True), [[[[6 + 10]]]])
    dx = layer.backward(np.full((1, 1, 1, 1), 4.0))
    np.testing.assert_array_equal(dx[0, :, :, 0], [[0, 0, 0], [0, 4, 0], [0, 0, 4]])
    np.testing.assert_array_equal(layer.weight.grad[..., 0, 0], [[4, 4], [8, 20]])
    np.testing.assert_array_equal(layer.bias.grad, [4])


def assert_equal_to_loops(shape: tuple[int, ...], features: int, kernel: int, padding: Any) -> None:
    layer, x = filled(ConvMaxPool(shape[3], features, kernel, padding=padding)), numbers("x", shape)
    around = reference.padding_around(padding, kernel)
    weight, bias = layer.weight.value.tolist(), layer.bias.value.tolist()
    inner = reference.conv_forward(x.tolist(), weight, bias, 1, around)
    y = layer.forward(x, training=True)
    dy = numbers("dy", (shape[0], *layer.output_shape(shape[1:])))
    dinner = reference.max_pool_backward(inner, (2, 2), 2, dy.tolist())
    dx, dweight, dbias = reference.conv_backward(x.tolist(), weight, dinner, 1, around)
    expected = np.reshape(reference.max_pool(inner, (2, 2), 2), dy.shape)
    assert y.shape == dy.shape
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(layer.forward(x), expected)
    np.testing.assert_array_equal(layer.backward(dy), np.reshape(dx, shape))
    np.testing.assert_array_equal(layer.weight.grad, np.reshape(dweight, layer.weight.shape))
    np.testing.assert_array_equal(layer.bias.grad, dbias)


sizes = st.integers(1, 9)
shapes = st.tuples(st.integers(0, 5), sizes, sizes, st.integers(1, 3))


@settings(max_examples=200)
@given(shapes, st.integers(1, 3), st.integers(1, 5), st.sampled_from(PADDINGS))
def test_agrees_with_convolution_and_pool_in_plain_loops(
    shape: tuple[int, ...], features: int, kernel: int, padding: Any
) -> None:
    assume(min(shape[1:3]) + sum(reference.padding_around(padding, kernel)) - kernel >= 1)
    assert_equal_to_loops(shape, features, kernel, padding)


@pytest.mark.parametrize("images", [1, 2, 3, 5])
@pytest.mark.parametrize("padding", ["valid", 1, 4])
def test_result_does_not_depend_on_the_block_size(images: int, padding: str | int) -> None:
    with patch.object(patches.Window, "_block_images", lambda *_: images):
        assert_equal_to_loops((5, 6, 7, 2), 3, 3, padding)


def test_parameters_are_those_of_its_convolution() -> None:
    layer = ConvMaxPool(2, 3)
    assert layer.parameters is layer.convolution.parameters
    assert (layer.weight, layer.bias) == (layer.convolution.weight, layer.convolution.bias)
    twin = copy.deepcopy(layer)
    assert twin.weight is twin.convolution.weight is twin.parameters[0]
    assert twin.weight is not layer.weight


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("with_bias", [True, False])
def test_equals_conv2d_and_max_pool(with_bias: bool, padding: Any, dtype: type) -> None:
    settings = {"padding": padding, "with_bias": with_bias}
    both = filled(ConvMaxPool(2, 3, 3, **settings), dtype)
    conv, pool = filled(Conv2D(2, 3, 3, **settings), dtype), MaxPool(2)
    x: Array = numbers("x", (4, 8, 7, 2)).astype(dtype)
    y = pool.forward(conv.forward(x, training=True), training=True)
    dy: Array = numbers("dy", y.shape).astype(dtype)
    results = [both.forward(x, training=True), both.backward(dy)]
    expected = [y, conv.backward(pool.backward(dy))]
    for layer, arrays in ((both, results), (conv, expected)):
        arrays += [parameter.grad for parameter in layer.parameters]
    assert len(results) == len(expected) == 4 if with_bias else 3
    for one, other in zip(results, expected, strict=True):
        assert one.dtype == dtype
        np.testing.assert_array_equal(one, other)
    # As the first layer of a network, it assigns the same gradients without dx.
    for parameter in both.parameters:
        parameter.grad[...] = 123
    both.forward(x, training=True)
    both.backward_parameters(dy)
    np.testing.assert_array_equal(both.weight.grad, conv.weight.grad)


def test_of_equal_places_the_first_gets_the_gradient() -> None:
    layer = filled(ConvMaxPool(1, 1, 1))
    layer.weight.value[...] = 2
    layer.forward(np.ones((1, 5, 4, 1)), training=True)
    dx = layer.backward(np.array([[1.0, 2], [3, 4]]).reshape(1, 2, 2, 1))
    expected = np.zeros((5, 4))
    expected[[0, 0, 2, 2], [0, 2, 0, 2]] = [2, 4, 6, 8]
    np.testing.assert_array_equal(dx[0, :, :, 0], expected)


@pytest.mark.parametrize(
    ("kernel", "padding", "size", "left"),
    [(3, 0, (3, 9), (1, 7)), (3, 0, (9, 3), (7, 1)), (6, 1, (4, 5), (1, 2))],
)
def test_convolution_output_too_small_to_pool_raises(
    kernel: int, padding: int, size: tuple[int, int], left: tuple[int, int]
) -> None:
    layer = ConvMaxPool(1, 2, kernel, padding=padding)
    message = re.escape(
        "the output of the convolution must be at least 2 x 2 pixels to be pooled, got "
        f"{left[0]} x {left[1]} for an image of {size[0]} x {size[1]}: choose a smaller kernel or "
        "more padding"
    )
    with pytest.raises(ValueError, match=f"^{message}$"):
        layer.output_shape((*size, 1))
    with pytest.raises(ValueError, match=f"^layer 1: {message}$"):
        Network([Normalize(), layer], input_shape=(*size, 1))


def test_one_pooling_window_is_enough() -> None:
    assert ConvMaxPool(1, 2, 4, padding=1).output_shape((3, 4, 1)) == (1, 1, 2)


def test_multiply_adds_count_pooled_positions_only() -> None:
    # 5 x 4 positions, of which 4 x 4 are pooled; each takes 3 * 3 * 2 * 3 multiply-adds.
    assert ConvMaxPool(2, 3).multiply_adds((7, 6, 2)) == 4 * 4 * 54


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((6, 6, 3), "must be an image of shape (H, W, 2), got (6, 6, 3)"),
        ((6, 2), "must be an image of shape (H, W, 2), got (6, 2)"),
        ((2, 2, 2), "got 3 for an image of 2 x 2 with padding 'valid'"),
    ],
)
def test_input_that_does_not_fit_the_convolution_raises(
    shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        ConvMaxPool(2, 3).output_shape(shape)


def test_description_makes_an_equal_layer() -> None:
    layer = ConvMaxPool(
        2,
        3,
        5,
        padding="same",
        initializer=Uniform(0.25),
        bias_initializer=Ones(),
        with_bias=False,
    )
    again = build(describe(layer), {name: getattr(nn, name) for name in nn.__all__})
    assert "stride" not in describe(layer)
    assert describe(again) == describe(layer)
    assert [p.name for p in again.parameters] == ["weight"]
