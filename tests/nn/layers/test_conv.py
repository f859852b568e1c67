from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tenfold.nn import Conv2D, Ones, Uniform, UniformFanIn, patches, stream
from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.layers.conv import reference_convolution
from tests.nn import reference_images as reference
from tests.nn.contract import read_only

PADDINGS: tuple[str | int, ...] = ("valid", "same", 0, 1, 2, 3)


def numbers(purpose: str, shape: tuple[int, ...]) -> Array:
    """Return small whole numbers, so that sums of their products are exact in any order."""
    return stream(0, purpose).integers(-4, 5, shape).astype(np.float64)


def filled(layer: Conv2D, dtype: DTypeLike = np.float64) -> Conv2D:
    """Return the layer with whole numbers in its parameters."""
    layer.initialize(stream(0, "test"), dtype)
    for parameter in layer.parameters:
        parameter.value[...] = numbers(parameter.name, parameter.shape)
    return layer


# --- the mathematics


def test_small_example_worked_by_hand() -> None:
    layer = filled(Conv2D(1, 1, 2))
    layer.weight.value[...] = np.array([[1, 2], [0, -1]]).reshape(2, 2, 1, 1)
    layer.bias.value[...] = 10
    x = np.array([[1.0, 2, 0], [3, 1, 1], [0, 2, 5]]).reshape(1, 3, 3, 1)
    # The top left: 1*1 + 2*2 + 0*3 - 1*1 + 10 = 14, then 2*1 + 0*2 - 1*1 + 10 = 11, and so on.
    y = layer.forward(x, training=True)
    np.testing.assert_array_equal(y[0, :, :, 0], [[14, 11], [13, 8]])
    dx = layer.backward(np.array([[1.0, 0], [0, 2]]).reshape(1, 2, 2, 1))
    # The first output depends on the pixel in the middle with weight -1, the last with weight 1.
    np.testing.assert_array_equal(dx[0, :, :, 0], [[1, 2, 0], [0, -1 + 2, 4], [0, 0, -2]])
    # Each weight's gradient is x in the window of the first output plus twice x in the last one.
    np.testing.assert_array_equal(layer.weight.grad[..., 0, 0], [[1 + 2, 2 + 2], [3 + 4, 1 + 10]])
    np.testing.assert_array_equal(layer.bias.grad, [3])


@dataclass(frozen=True)
class Case:
    """A convolution and the size of its images."""

    batch: int
    height: int
    width: int
    inputs: int
    outputs: int
    kernel: int
    stride: int
    padding: str | int

    def layer(self, dtype: DTypeLike = np.float64) -> Conv2D:
        sizes = (self.inputs, self.outputs, self.kernel, self.stride)
        return filled(Conv2D(*sizes, padding=self.padding), dtype)

    def x(self) -> Array:
        return numbers("x", (self.batch, self.height, self.width, self.inputs))

    def dy(self) -> Array:
        around = reference.padding_around(self.padding, self.kernel)
        height, width = (
            len(reference.slide(size, self.kernel, self.stride, around))
            for size in (self.height, self.width)
        )
        return numbers("dy", (self.batch, height, width, self.outputs))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    kernel, stride = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    padding: str | int = draw(st.sampled_from(PADDINGS))
    least = max(1, kernel - sum(reference.padding_around(padding, kernel)))
    size, channels = st.integers(least, least + 5), st.integers(1, 4)
    batch, height, width = draw(st.integers(0, 5)), draw(size), draw(size)
    return Case(batch, height, width, draw(channels), draw(channels), kernel, stride, padding)


def assert_equal_to_loops(case: Case) -> None:
    layer, x, dy = case.layer(), case.x(), case.dy()
    around = reference.padding_around(case.padding, case.kernel)
    weight, bias = layer.weight.value.tolist(), layer.bias.value.tolist()
    y = reference.conv_forward(x.tolist(), weight, bias, case.stride, around)
    dx, dweight, dbias = reference.conv_backward(
        x.tolist(), weight, dy.tolist(), case.stride, around
    )
    results = {"y": layer.forward(x), "training": layer.forward(x, training=True).copy()}
    results |= {"dx": layer.backward(dy), "dweight": layer.weight.grad, "dbias": layer.bias.grad}
    expected: dict[str, tuple[Any, Array]] = {"y": (y, dy), "training": (y, dy), "dx": (dx, x)}
    expected |= {"dweight": (dweight, layer.weight.value), "dbias": (dbias, layer.bias.value)}
    for name, (array, like) in expected.items():
        assert results[name].shape == like.shape, name
        np.testing.assert_array_equal(results[name], np.reshape(array, like.shape), err_msg=name)


@settings(max_examples=300)
@given(cases(), st.sampled_from([1, 600, 3000, patches._BLOCK_BYTES]))
@example(Case(5, 5, 7, 2, 3, 3, 2, "same"), 600)
@example(Case(2, 1, 1, 1, 1, 1, 4, 3), 1)
@example(Case(3, 9, 8, 2, 2, 2, 4, 3), 1)
def test_agrees_with_plain_loops(case: Case, block: int) -> None:
    with patch.object(patches, "_BLOCK_BYTES", block):
        assert_equal_to_loops(case)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
def test_every_kernel_stride_and_padding_agrees_with_plain_loops(
    kernel: int, stride: int, padding: str | int
) -> None:
    assert_equal_to_loops(Case(2, 6, 5, 2, 2, kernel, stride, padding))


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (3, 1), (3, 2), (2, 3), (4, 2)])
def test_agrees_with_the_reference_form(kernel: int, stride: int, padding: str | int) -> None:
    case = Case(2, 6, 5, 2, 3, kernel, stride, padding)
    layer, x, dy = case.layer(), case.x(), case.dy()
    zeros = reference.padding_around(padding, kernel)
    results = [layer.forward(x, training=True), layer.backward(dy)]
    results += [layer.weight.grad, layer.bias.grad]
    weight, bias = layer.weight.value, layer.bias.value
    for result, expected in zip(
        results, reference_convolution(x, weight, bias, dy, stride, zeros), strict=True
    ):
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("case", [Case(1, 3, 3, 1, 1, 1, 7, 2), Case(2, 4, 4, 2, 1, 2, 9, 3)])
def test_stride_may_be_larger_than_the_image(case: Case) -> None:
    assert_equal_to_loops(case)


@pytest.mark.parametrize("images", [1, 2, 3, 5])
@pytest.mark.parametrize("stride", [1, 2, 4])
def test_result_does_not_depend_on_the_block_size(images: int, stride: int) -> None:
    # 5 images in blocks of 1, of 2 (and a last one of 1), of 3 (and 2), and all at once, for every
    # window: that of y, of dweight, and of each part of dx.
    with patch.object(patches.Window, "_block_images", lambda *_: images):
        assert_equal_to_loops(Case(5, 7, 8, 2, 3, 3, stride, 1))


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_both_precisions_compute_the_same(stride: int) -> None:
    case, results = Case(3, 7, 6, 3, 2, 3, stride, "same"), []
    for dtype in (np.float32, np.float64):
        layer = case.layer(dtype)
        y = layer.forward(case.x().astype(dtype), training=True)
        arrays = [y, layer.backward(case.dy().astype(dtype)), layer.weight.grad, layer.bias.grad]
        assert [array.dtype for array in arrays] == [dtype] * 4
        results.append(arrays)
    for single, double in zip(*results, strict=True):
        np.testing.assert_array_equal(single, double)


def test_uint8_and_float_images_give_the_same_output() -> None:
    layer, pixels = (
        filled(Conv2D(1, 2)),
        stream(0, "pixels").integers(0, 256, (2, 5, 5, 1), np.uint8),
    )
    np.testing.assert_array_equal(layer.forward(pixels), layer.forward(pixels.astype(np.float64)))


# --- shapes


@given(st.integers(1, 9), st.integers(1, 12), st.integers(1, 12))
def test_padding_same_keeps_the_size(kernel: int, height: int, width: int) -> None:
    layer = Conv2D(2, 3, kernel, padding="same")
    assert layer.output_shape((height, width, 2)) == (height, width, 3)


@given(cases())
def test_output_shape_counts_the_windows(case: Case) -> None:
    announced = case.layer().output_shape((case.height, case.width, case.inputs))
    assert announced == case.dy().shape[1:]


def test_multiply_adds_worked_by_hand() -> None:
    # 4 x 3 outputs, each of which multiplies 3 * 3 * 2 numbers by 5 weights.
    assert Conv2D(2, 5, 3, stride=2, padding=1).multiply_adds((8, 5, 2)) == 4 * 3 * 3 * 3 * 2 * 5


def test_stride_larger_than_the_kernel_skips_pixels() -> None:
    layer = filled(Conv2D(1, 1, 2, stride=3))
    layer.weight.value[...] = 1
    assert layer.forward(np.ones((1, 6, 5, 1)), training=True).shape == (1, 2, 2, 1)
    expected = np.zeros((6, 5))
    for row in (0, 1, 3, 4):
        expected[row, [0, 1, 3, 4]] = 1
    np.testing.assert_array_equal(layer.backward(np.ones((1, 2, 2, 1)))[0, :, :, 0], expected)


@pytest.mark.parametrize("chosen", [{}, {"stride": 2, "padding": 1}, {"with_bias": False}])
def test_empty_batch_gives_empty_output_and_zero_gradients(chosen: dict[str, Any]) -> None:
    layer, x = filled(Conv2D(2, 3, **chosen)), np.empty((0, 6, 5, 2))
    shape = (0, *layer.output_shape((6, 5, 2)))
    assert layer.forward(x).shape == layer.forward(x, training=True).shape == shape
    for parameter in layer.parameters:
        parameter.grad[...] = 123
    assert layer.backward(np.empty(shape)).shape == x.shape
    assert all((parameter.grad == 0).all() for parameter in layer.parameters)


def test_kernel_of_the_size_of_the_padded_image_gives_one_output() -> None:
    assert Conv2D(1, 2, 6, padding=1).output_shape((4, 4, 1)) == (1, 1, 2)
    assert_equal_to_loops(Case(2, 4, 4, 1, 2, 6, 1, 1))


def test_images_and_weight_are_only_read() -> None:
    layer = filled(Conv2D(2, 3, 3, 2, "same"))
    x, dy = read_only(numbers("x", (2, 5, 5, 2))), read_only(numbers("dy", (2, 3, 3, 3)))
    weight = layer.weight.value.copy()
    layer.weight.value.flags.writeable = False
    layer.forward(x, training=True)
    layer.backward(dy)
    np.testing.assert_array_equal(layer.weight.value, weight)


# --- parameters


def test_initializers_are_used_and_only_the_weight_decays() -> None:
    layer = Conv2D(2, 3, 5, initializer=Ones(), bias_initializer=Uniform(0.5))
    layer.initialize(stream(0, "test"))
    np.testing.assert_array_equal(layer.weight.value, np.ones((5, 5, 2, 3)))
    assert layer.bias.value.shape == (3,)
    assert (layer.bias.value != 0).all()
    assert [(p.name, p.decay) for p in layer.parameters] == [("weight", True), ("bias", False)]


def test_default_initializers_are_he_normal_and_zeros() -> None:
    layer = Conv2D(20, 30, 5)
    layer.initialize(stream(0, "test"))
    assert layer.weight.value.std() == pytest.approx(np.sqrt(2 / (5 * 5 * 20)), rel=0.02)
    assert (layer.bias.value == 0).all()


def test_bias_initializer_uses_the_fan_in_of_the_weight() -> None:
    layer = Conv2D(4, 1000, 5, bias_initializer=UniformFanIn())
    layer.initialize(stream(0, "test"))
    assert abs(layer.bias.value).max() == pytest.approx(1 / np.sqrt(5 * 5 * 4), rel=0.01)


def test_without_bias_only_the_weight_is_used() -> None:
    layer, x = filled(Conv2D(2, 3, with_bias=False)), numbers("x", (2, 5, 5, 2))
    with_bias = filled(Conv2D(2, 3))
    with_bias.bias.value[...] = 0
    assert [p.name for p in layer.parameters] == ["weight"]
    np.testing.assert_array_equal(layer.forward(x), with_bias.forward(x))
    layer.forward(x, training=True)
    layer.backward(np.ones((2, 3, 3, 3)))
    assert layer.bias.grad.size == 0
