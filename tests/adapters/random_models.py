"""Random models of all layers, and images for them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tenfold.models import Model
from tenfold.nn import (
    GELU,
    AveragePool,
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Deskew,
    Dropout,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    Layer,
    LeakyReLU,
    MaxPool,
    Network,
    Normalize,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
    stream,
)
from tenfold.nn.array import Array
from tests.nn.contract import ROWS, Row

ACTIVATIONS: tuple[Callable[[], Layer], ...] = (
    *(ReLU, LeakyReLU, Tanh, Sigmoid, GELU),
    lambda: LeakyReLU(0.3),
    lambda: Dropout(0.4),
)
Shape = tuple[int, ...]


def with_random_state(network: Network, seed: int) -> Network:
    """Set all parameters and running statistics to random values; variances are positive."""
    rng = stream(seed, "random model")
    for name, array in network.tensors().items():
        low = 0.3 if name.endswith("running_variance") else -0.6
        array[...] = rng.uniform(low, 0.9, array.shape)
    return network


def model_of_row(row: Row) -> Model:
    """Return a model with the layer of a row of the contract table, and a dense layer after it."""
    layer = row.make()
    shape = layer.output_shape(row.shape)
    last: list[Layer] = [Flatten()] if len(shape) > 1 else []
    network = Network([layer, *last, Dense(int(np.prod(shape)), 3)], 1, input_shape=row.shape)
    return Model(with_random_state(network, 1))


rows = ROWS


@st.composite
def image_layers(draw: st.DrawFn, shape: Shape) -> Layer:
    """Draw a layer for images of a shape."""
    height, width, channels = shape
    kernel = draw(st.integers(1, min(4, height, width)))
    outputs, bias = draw(st.integers(1, 4)), draw(st.booleans())
    paddings: list[str | int] = ["valid", "same", 0, 1, 2]
    padding = draw(st.sampled_from(paddings))
    kinds: list[Callable[[], Layer]] = [
        draw(st.sampled_from(ACTIVATIONS)),
        lambda: BatchNorm(channels, with_scale=bias, with_shift=not bias),
        lambda: Conv2D(channels, outputs, kernel, draw(st.integers(1, 3)), padding, with_bias=bias),
        lambda: Residual(
            [
                Conv2D(channels, channels, kernel, padding="same"),
                draw(st.sampled_from(ACTIVATIONS))(),
            ]
        ),
    ]
    if min(height, width) > 1:
        sizes = draw(st.integers(1, 2)), draw(st.sampled_from([None, 1, 2, 3]))
        kinds += [lambda: MaxPool(*sizes), lambda: AveragePool(*sizes)]
        kinds.append(lambda: ConvMaxPool(channels, outputs, kernel, padding="same", with_bias=bias))
    return draw(st.sampled_from(kinds))()


@st.composite
def models(draw: st.DrawFn, deskew: bool = True) -> Model:
    """Draw a model with up to four layers for images, and one or two dense layers."""
    shape: Shape = (draw(st.integers(3, 9)), draw(st.integers(3, 9)), draw(st.integers(1, 2)))
    input_shape, layers = shape, list[Layer]()
    if deskew and draw(st.booleans()):
        layers.append(Deskew())
    if draw(st.booleans()):
        layers.append(Normalize(mean=draw(st.floats(0, 90)), deviation=draw(st.floats(50, 99))))
    for _ in range(draw(st.integers(0, 4))):
        layers.append(draw(image_layers(shape)))
        shape = layers[-1].output_shape(shape)
    ends: list[Callable[[], Layer]] = [Flatten, GlobalMaxPool, GlobalAveragePool]
    layers.append(draw(st.sampled_from(ends))())
    shape = layers[-1].output_shape(shape)
    if draw(st.booleans()):
        layers += [Dense(shape[0], 5), BatchNorm(5), draw(st.sampled_from(ACTIVATIONS))()]
        shape = (5,)
    layers.append(Dense(shape[0], draw(st.integers(2, 4))))
    seed = draw(st.integers(0, 999))
    unsure = draw(st.sampled_from([None, 0.6]))
    return Model(
        with_random_state(Network(layers, seed, input_shape=input_shape), seed),
        test_time_shift=draw(st.integers(0, 2)),
        temperature=draw(st.sampled_from([1.0, 0.5, 1.7])),
        unsure_below=unsure,
        unsure_error=unsure and 0.01,
    )


def images_for(model: Model, count: int, seed: int = 0) -> Array:
    """Return images on the scale that a model takes; the second one, if there is one, is blank."""
    rng, shape = stream(seed, "images"), (count, *model.network.input_shape)
    images: Any = rng.integers(0, 256, shape, np.uint8)
    images[1:2] = 7
    first = next((x for x in model.network.layers if not isinstance(x, Deskew)), None)
    if isinstance(first, Normalize) and first.raw_pixels:
        return images
    return (images / 128 - 0.5).astype(np.float32)
