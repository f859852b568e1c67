from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tenfold.nn import (
    AveragePool,
    GlobalAveragePool,
    GlobalMaxPool,
    Layer,
    MaxPool,
    Network,
    Normalize,
    describe,
    stream,
)
from tenfold.nn.array import Array
from tenfold.nn.layers.pooling import largest, mark_first
from tests.nn import reference_images as reference

Kind = type[MaxPool] | type[AveragePool]
both = pytest.mark.parametrize("kind", [MaxPool, AveragePool])
both_global = pytest.mark.parametrize("kind", [GlobalMaxPool, GlobalAveragePool])

LOOPS: dict[type, tuple[Callable[..., Any], Callable[..., Any]]] = {
    MaxPool: (reference.max_pool, reference.max_pool_backward),
    AveragePool: (reference.average_pool, reference.average_pool_backward),
}
LOOPS |= {GlobalMaxPool: LOOPS[MaxPool], GlobalAveragePool: LOOPS[AveragePool]}


def numbers(purpose: str, shape: tuple[int, ...]) -> Array:
    """Return small whole numbers, many of which are equal."""
    return stream(0, purpose).integers(-2, 3, shape).astype(np.float64)


def both_ways(layer: Layer, x: Array, dy: Array) -> tuple[Array, Array]:
    return layer.forward(x, training=True).copy(), layer.backward(dy)


def image(*rows: list[float]) -> Array:
    return np.array(rows, np.float64)[None, :, :, None]


# --- examples worked by hand


def test_first_of_equal_maxima_gets_the_gradient() -> None:
    x = image([1, 7, 7, 0], [7, 2, 0, 7], [0, 0, -3, -3], [0, 0, -3, -3])
    y, dx = both_ways(MaxPool(), x, image([1, 2], [3, 4]))
    np.testing.assert_array_equal(y, image([7, 7], [0, -3]))
    # Of two 7s the one in the upper row, of four equal pixels the upper left.
    np.testing.assert_array_equal(dx, image([0, 1, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]))


def test_gradients_of_overlapping_windows_are_added() -> None:
    x = image([0, 1, 0], [2, 9, 2], [0, 3, 3])
    y, dx = both_ways(MaxPool(2, stride=1), x, image([1, 2], [3, 4]))
    np.testing.assert_array_equal(y, image([9, 9], [9, 9]))
    np.testing.assert_array_equal(dx, image([0, 0, 0], [0, 1 + 2 + 3 + 4, 0], [0, 0, 0]))
    y, dx = both_ways(AveragePool(2, stride=1), x, image([4, 8], [12, 16]))
    np.testing.assert_array_equal(y, image([12 / 4, 12 / 4], [14 / 4, 17 / 4]))
    np.testing.assert_array_equal(
        dx, image([1, 1 + 2, 2], [1 + 3, 1 + 2 + 3 + 4, 2 + 4], [3, 7, 4])
    )


@both
def test_pixels_in_no_complete_window_are_ignored(kind: Kind) -> None:
    x = np.ones((2, 5, 7, 3))
    x[:, 4], x[:, :, 6] = 99, 99  # a window with them would have them as its maximum
    y, dx = both_ways(kind(), x, np.ones((2, 2, 3, 3)))
    np.testing.assert_array_equal(y, np.ones((2, 2, 3, 3)))
    assert (dx[:, 4] == 0).all()
    assert (dx[:, :, 6] == 0).all()
    assert dx.sum() == y.size


@both
def test_pixels_between_windows_are_ignored(kind: Kind) -> None:
    x = np.full((1, 5, 5, 1), 9.0)
    x[:, [0, 1, 3, 4]], x[:, :, [0, 1, 3, 4]] = 1, 1
    y, dx = both_ways(kind(2, stride=3), x, np.ones((1, 2, 2, 1)))
    np.testing.assert_array_equal(y, np.ones((1, 2, 2, 1)))
    assert (dx[:, 2] == 0).all()
    assert (dx[:, :, 2] == 0).all()
    assert dx.sum() == 4


def test_global_pools_worked_by_hand() -> None:
    x = np.concatenate([image([1, 5, 5], [5, 0, 2]), image([-1, -2, -3], [-2, -4, -6])], axis=3)
    y, dx = both_ways(GlobalMaxPool(), x, np.array([[10.0, 20.0]]))
    np.testing.assert_array_equal(y, [[5, -1]])
    np.testing.assert_array_equal(dx[..., :1], image([0, 10, 0], [0, 0, 0]))
    np.testing.assert_array_equal(dx[..., 1:], image([20, 0, 0], [0, 0, 0]))
    y, dx = both_ways(GlobalAveragePool(), x, np.array([[12.0, 18.0]]))
    np.testing.assert_array_equal(y, [[18 / 6, -18 / 6]])
    np.testing.assert_array_equal(dx, np.full((1, 2, 3, 2), [2, 3]))


# --- agreement with plain loops


def assert_equal_to_loops(layer: Layer, x: Array, window: tuple[int, int], stride: int) -> None:
    forward, backward = LOOPS[type(layer)]
    shape = (len(x), *layer.output_shape(x.shape[1:]))
    places = [len(reference.slide(x.shape[1 + a], window[a], stride)) for a in (0, 1)]
    dy = numbers("dy", (len(x), *places, x.shape[3]))
    y, dx = both_ways(layer, x, dy.reshape(shape))
    expected = np.reshape(forward(x.tolist(), window, stride), shape)
    assert y.shape == shape
    np.testing.assert_allclose(y, expected, rtol=1e-14, atol=1e-15)
    np.testing.assert_array_equal(layer.forward(x), y)
    expected = np.reshape(backward(x.tolist(), window, stride, dy.tolist()), x.shape)
    assert dx.shape == x.shape
    np.testing.assert_allclose(dx, expected, rtol=1e-14, atol=1e-15)


shapes = st.tuples(st.integers(0, 5), st.integers(1, 9), st.integers(1, 9), st.integers(1, 4))


@both
@settings(max_examples=200)
@given(shapes, st.integers(1, 5), st.none() | st.integers(1, 7))
def test_pools_agree_with_plain_loops(
    kind: Kind, shape: tuple[int, ...], size: int, stride: int | None
) -> None:
    assume(min(shape[1:3]) >= size)
    step = size if stride is None else stride
    assert_equal_to_loops(kind(size, stride), numbers("x", shape), (size, size), step)


@both_global
@given(shapes)
def test_global_pools_agree_with_plain_loops(kind: type[Layer], shape: tuple[int, ...]) -> None:
    assert_equal_to_loops(kind(), numbers("x", shape), (shape[1], shape[2]), 1)


@pytest.mark.parametrize("layer", [MaxPool(), MaxPool(3, 2), GlobalMaxPool()])
@pytest.mark.parametrize("value", [0.0, -7.0])
def test_gradient_of_a_constant_image_goes_to_one_pixel(layer: Layer, value: float) -> None:
    x: Array = np.full((2, 7, 7, 2), value)
    y = layer.forward(x, training=True)
    dx = layer.backward(np.ones_like(y))
    assert dx.sum() == y.size
    assert (dx[:, 0, 0] == 1).all()


def test_zero_and_minus_zero_are_equal() -> None:
    y, dx = both_ways(MaxPool(), image([-0.0, 0.0], [0.0, -0.0]), image([5]))
    assert y == 0
    np.testing.assert_array_equal(dx, image([5, 0], [0, 0]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "layer", [MaxPool(3, 2), AveragePool(3, 2), GlobalMaxPool(), GlobalAveragePool()]
)
def test_dtype_follows_the_data(layer: Layer, dtype: type) -> None:
    x: Array = numbers("x", (3, 6, 7, 2)).astype(dtype)
    y, dx = both_ways(layer, x, numbers("dy", layer.forward(x).shape).astype(dtype))
    assert y.dtype == dx.dtype == layer.forward(x).dtype == dtype


@pytest.mark.parametrize(
    "layer", [MaxPool(), MaxPool(3, 2), AveragePool(2, 3), GlobalMaxPool(), GlobalAveragePool()]
)
def test_empty_batch_gives_empty_output_and_zero_gradients(layer: Layer) -> None:
    x = np.empty((0, 7, 6, 2))
    shape = (0, *layer.output_shape((7, 6, 2)))
    y, dx = both_ways(layer, x, np.empty(shape))
    assert y.shape == layer.forward(x).shape == shape
    assert dx.shape == x.shape


@pytest.mark.parametrize("count", [1, 2, 4])
def test_mark_first_marks_the_first_largest_place_once(count: int) -> None:
    places = [numbers(f"place {n}", (5, 7)) for n in range(count)]
    best = largest(places, np.empty((5, 7)))
    marks = np.empty((count, 5, 7), bool)
    mark_first(places, best, marks, np.empty((5, 7), bool))
    np.testing.assert_array_equal(best, np.max(places, axis=0))
    np.testing.assert_array_equal(marks.argmax(axis=0), np.argmax(places, axis=0))
    np.testing.assert_array_equal(marks.sum(axis=0), 1)


# --- sizes and shapes


@both
def test_numpy_integers_are_accepted_as_sizes(kind: Kind) -> None:
    sizes: list[Any] = [np.int64(3), np.uint8(2)]
    description = describe(kind(*sizes))
    assert description == {"type": kind.__name__, "size": 3, "stride": 2}
    assert type(description["size"]) is type(description["stride"]) is int
    assert describe(kind(3)) == {"type": kind.__name__, "size": 3, "stride": None}


@both
@pytest.mark.parametrize("stride", [None, 1, 9])
@pytest.mark.parametrize("size", [(2, 5), (5, 2), (1, 1)])
def test_pool_larger_than_the_image_raises(
    kind: Kind, size: tuple[int, int], stride: int | None
) -> None:
    message = (
        rf"the input of {kind.__name__}\(3\) must be at least 3 x 3 pixels, "
        f"got {size[0]} x {size[1]}: use fewer or smaller pools"
    )
    with pytest.raises(ValueError, match=f"^{message}"):
        kind(3, stride).output_shape((*size, 1))
    with pytest.raises(ValueError, match=f"^layer 1: {message}"):
        Network([Normalize(), kind(3, stride)], input_shape=(*size, 1))


@pytest.mark.parametrize("layer", [MaxPool, AveragePool, GlobalMaxPool, GlobalAveragePool])
@pytest.mark.parametrize("shape", [(6,), (6, 6), (1, 6, 6, 2), ()])
def test_input_that_is_not_an_image_raises(layer: type[Layer], shape: tuple[int, ...]) -> None:
    name = rf"the input of {layer.__name__}(\(2\))?"
    message = rf"{name} must be an image of shape \(H, W, C\), got "
    with pytest.raises(ValueError, match=f"^{message}") as caught:
        layer().output_shape(shape)
    assert str(caught.value).endswith(str(shape))
    with pytest.raises(ValueError, match=f"^layer 0: {message}"):
        Network([layer()], input_shape=shape)
