"""Memory: results do not depend on its layout, and training allocates none after the first step."""

import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tenfold.nn import (
    Adam,
    AveragePool,
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    Layer,
    MaxPool,
    Network,
    Normalize,
    ReLU,
    Residual,
    SoftmaxCrossEntropy,
    stream,
)
from tenfold.nn.array import Array, DTypeLike
from tests.nn.contract import read_only, trained

# --- memory layout

SHAPE = (4, 8, 4, 2)  # powers of two, so that means of whole numbers are exact

LAYERS: dict[str, Callable[[], Layer]] = {
    "Conv2D": lambda: Conv2D(2, 3),
    "Conv2D, a stride": lambda: Conv2D(2, 3, 3, stride=2, padding="same"),
    "Conv2D, a stride beyond the kernel": lambda: Conv2D(2, 2, 2, stride=3, padding=1),
    "ConvMaxPool": lambda: ConvMaxPool(2, 3),
    "MaxPool": MaxPool,
    "MaxPool, overlapping": lambda: MaxPool(3, 1),
    "AveragePool": AveragePool,
    "AveragePool, overlapping": lambda: AveragePool(3, 1),
    "GlobalMaxPool": GlobalMaxPool,
    "GlobalAveragePool": GlobalAveragePool,
    "BatchNorm": lambda: BatchNorm(2),
    "Residual": lambda: Residual([Conv2D(2, 2, padding="same"), ReLU(), BatchNorm(2)]),
}


def numbers(purpose: str, shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """Return small whole numbers, whose sums are exact in any order."""
    return stream(0, purpose).integers(-3, 4, shape).astype(dtype)


def made(name: str, dtype: DTypeLike) -> Layer:
    layer = LAYERS[name]()
    layer.initialize(stream(0, "test"), dtype)
    for parameter in layer.parameters:
        parameter.value[...] = numbers(parameter.name, parameter.shape, dtype)
    return layer


def fortran_ordered(x: Array) -> Array:
    return np.asfortranarray(x)


def channels_first_in_memory(x: Array) -> Array:
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(x, -1, 1)), 1, -1)


def rows_and_columns_swapped(x: Array) -> Array:
    return np.swapaxes(np.ascontiguousarray(np.swapaxes(x, 0, -2)), 0, -2)


def every_second_entry(x: Array) -> Array:
    for axis in range(x.ndim):
        x = np.repeat(x, 2, axis)
    return x[(slice(None, None, 2),) * x.ndim]


def every_third_image(x: Array) -> Array:
    return np.repeat(x, 3, axis=0)[1::3]


def cut_out_of_larger_images(x: Array) -> Array:
    inside = (slice(1, -1),) * x.ndim
    return np.pad(x, 1, constant_values=99)[inside]


def backwards(x: Array) -> Array:
    return np.flip(np.flip(x).copy())


def unchanged(x: Array) -> Array:
    return x.copy()


LAYOUTS = (
    *(fortran_ordered, channels_first_in_memory, rows_and_columns_swapped, every_second_entry),
    *(every_third_image, cut_out_of_larger_images, backwards, unchanged),
)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", LAYERS)
def test_every_memory_layout_gives_the_same_bits(
    name: str, layout: Callable[[Array], Array], dtype: type
) -> None:
    x = numbers("x", SHAPE, dtype)
    dy = numbers("dy", made(name, dtype).forward(x).shape, dtype)
    other_x, other_dy = read_only(layout(x)), read_only(layout(dy))
    np.testing.assert_array_equal(other_x, x)
    y, expected = made(name, dtype).forward(x), trained(made(name, dtype), x, dy)
    np.testing.assert_array_equal(made(name, dtype).forward(other_x), y)
    for one, gradient in ((other_x, dy), (x, other_dy), (other_x, other_dy)):
        results = trained(made(name, dtype), one, gradient)
        assert results.keys() == expected.keys()
        for key, array in expected.items():
            np.testing.assert_array_equal(results[key], array, err_msg=key)
    np.testing.assert_array_equal(other_x, x)
    np.testing.assert_array_equal(other_dy, dy)


# --- memory of training

SHAPE_OF_IMAGES = (28, 26, 1)


def network() -> Network:
    """Return a network with every kind of layer that has buffers."""
    block = [Conv2D(4, 4, padding="same", with_bias=False), BatchNorm(4), ReLU(), Dropout(0.2)]
    layers = [
        *(Normalize(), Conv2D(1, 4, 5, stride=2), BatchNorm(4), ReLU(), MaxPool(3, 2)),
        *(Residual([*block, Residual([Conv2D(4, 4, 1)])]), Conv2D(4, 4, 3, 2, "same")),
        *(AveragePool(2, 1), ConvMaxPool(4, 3, 2, padding="same"), Flatten(), Dense(3, 10)),
    ]
    return Network(layers, input_shape=SHAPE_OF_IMAGES)


def every(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    for layer in layers:
        yield layer
        if isinstance(layer, Residual):
            yield from every(layer.block)
        if isinstance(layer, ConvMaxPool):
            yield layer.convolution


def held(net: Network) -> dict[tuple[int, str], Array]:
    """Return every buffer of every layer, at any depth, by layer and name."""
    return {
        (place, name): buffer
        for place, layer in enumerate(every(net.layers))
        for name, buffer in layer._buffers.items()
    }


def step(net: Network, x: Array, number: int) -> None:
    logits = net.forward(x, training=True, step=number)
    _, dlogits = SoftmaxCrossEntropy()(logits, np.arange(len(x)) % 10)
    net.backward(dlogits)
    Adam().step(net.theta, 0.001)


@pytest.mark.parametrize("batches", [[12], [12, 5, 1, 11]])
def test_training_allocates_no_buffers_after_the_first_step(batches: list[int]) -> None:
    net, images = network(), stream(0, "images").integers(0, 256, (12, *SHAPE_OF_IMAGES), np.uint8)
    step(net, images, 0)
    before = held(net)
    assert len(before) > 20
    for number in range(1, 21):
        step(net, images[: batches[number % len(batches)]], number)
        net.predict(images[:7])
    after = held(net)
    assert after.keys() == before.keys()
    assert all(after[key] is buffer for key, buffer in before.items())


LARGE: dict[str, Callable[[], Layer]] = {
    **{name: make for name, make in LAYERS.items() if not name.startswith("Global")},
    "BatchNorm, far from zero": lambda: BatchNorm(2),
}


@pytest.mark.parametrize("name", LARGE)
def test_second_step_reuses_the_memory_of_the_first(name: str) -> None:
    layer, x = LARGE[name](), stream(0, "x").standard_normal((128, 28, 28, 2)).astype(np.float32)
    x += 1000 * name.endswith("far from zero")
    layer.initialize(stream(0, "test"))
    dy = np.ones_like(layer.forward(x))
    first = layer.forward(x, training=True), layer.backward(dy)
    tracemalloc.start()
    second = layer.forward(x, training=True), layer.backward(dy)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert all(np.shares_memory(one, other) for one, other in zip(first, second, strict=True))
    assert peak < 100_000  # memory of NumPy itself; x has 800,000 bytes, and y 100,000 or more


def test_inference_and_recomputed_statistics_keep_no_images() -> None:
    net, images = network(), stream(0, "images").integers(0, 256, (12, *SHAPE_OF_IMAGES), np.uint8)
    net.predict(images)
    assert held(net) == {}
    net.recompute_statistics(images)
    with_buffers = {type(layer) for layer in every(net.layers) if layer._buffers}
    assert with_buffers <= {BatchNorm}  # scratch memory for sums
    assert all(layer._saved is None for layer in every(net.layers))
