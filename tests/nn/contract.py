"""The table of the layer contract, with a row for every layer of ``tenfold.nn.layers``.

A new layer is one file in ``src/tenfold/nn/layers``, one export there and one row here.
``test_layer_contract.py`` then tests everything that the contract in ``base.py`` says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.nn import (
    GELU,
    AveragePool,
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Describable,
    Deskew,
    Dropout,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    Layer,
    LeakyReLU,
    MaxPool,
    Normalize,
    Parameter,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
    Uniform,
    stream,
)
from tenfold.nn.array import Array, DTypeLike


@dataclass(frozen=True)
class Row:
    """One layer to test.

    Attributes:
        make: Returns a new layer.
        shape: Shape of one input, without the batch axis.
        empty_training: True if a training forward pass accepts an empty batch; otherwise it must
            raise.
    """

    make: Callable[[], Layer]
    shape: tuple[int, ...]
    empty_training: bool = True

    def __str__(self) -> str:
        return f"{type(self.make()).__name__}-{'x'.join(map(str, self.shape))}"


ROWS = (
    Row(lambda: Dense(6, 4), (6,)),
    Row(lambda: Dense(3, 1, Uniform(1.0), Uniform(1.0)), (3,)),
    Row(ReLU, (7,)),
    Row(ReLU, (4, 3, 2)),
    Row(LeakyReLU, (7,)),
    Row(lambda: LeakyReLU(0.3), (4, 3, 2)),
    Row(Tanh, (4, 3, 2)),
    Row(Sigmoid, (4, 3, 2)),
    Row(GELU, (4, 3, 2)),
    Row(lambda: BatchNorm(5), (5,), empty_training=False),
    Row(lambda: BatchNorm(2, momentum=0.3), (4, 3, 2), empty_training=False),
    Row(lambda: BatchNorm(3, with_scale=False), (2, 4, 3), empty_training=False),
    Row(lambda: BatchNorm(5, with_shift=False), (5,), empty_training=False),
    Row(lambda: Dropout(0.4), (4, 3, 2)),
    Row(lambda: Conv2D(2, 3), (5, 6, 2)),
    Row(lambda: Conv2D(1, 4, 5, padding="same"), (6, 5, 1)),
    Row(lambda: Conv2D(3, 2, 3, stride=2, padding=1, with_bias=False), (6, 7, 3)),
    Row(lambda: Conv2D(2, 2, 2, stride=3), (7, 8, 2)),
    Row(lambda: ConvMaxPool(2, 3), (6, 7, 2)),
    Row(lambda: ConvMaxPool(1, 4, 4, padding="same", with_bias=False), (5, 6, 1)),
    Row(MaxPool, (6, 4, 2)),
    Row(lambda: MaxPool(3, stride=2), (7, 6, 2)),
    Row(AveragePool, (6, 5, 2)),
    Row(lambda: AveragePool(3, stride=1), (5, 4, 2)),
    Row(GlobalMaxPool, (4, 3, 2)),
    Row(GlobalAveragePool, (4, 3, 2)),
    Row(lambda: Residual([Conv2D(2, 2, padding="same"), Tanh()]), (4, 3, 2)),
    Row(lambda: Residual([BatchNorm(4), Dense(4, 4), Dropout(0.3)]), (4,), empty_training=False),
    Row(Flatten, (4, 3, 2)),
    Row(Deskew, (5, 4, 2)),
    Row(lambda: Normalize(mean=0.3, deviation=1.7), (4, 3, 1)),
)


def made(row: Row, dtype: DTypeLike = np.float64, seed: int = 0) -> Layer:
    """Return the layer of a row, initialised, with parameters and state unequal to 0 and 1."""
    layer = row.make()
    rng = stream(seed, "contract")
    layer.initialize(rng, dtype)
    for array in [p.value for p in layer.parameters] + list(layer.state.values()):
        array += rng.uniform(0.1, 0.5, array.shape).astype(dtype)
    return layer


def sample(row: Row, batch: int, seed: int = 0, dtype: DTypeLike = np.float64) -> Array:
    """Return a read-only input (batch, ...) with entries away from the kink at 0."""
    rng = stream(seed, "sample", batch)
    shape = (batch, *row.shape)
    return read_only((rng.uniform(0.1, 2, shape) * rng.choice([-1, 1], shape)).astype(dtype))


def gradient_for(y: Array, seed: int = 0) -> Array:
    """Return a read-only dy in the shape and dtype of ``y``."""
    return read_only(stream(seed, "dy").standard_normal(y.shape).astype(y.dtype))


def train(layer: Layer, x: Array, seed: int = 0) -> Array:
    """Return a training forward pass, with the random numbers of ``seed`` if the layer uses any."""
    layer.rng = stream(seed, "dropout") if layer.random else None
    return layer.forward(x, training=True)


def trained(layer: Layer, x: Array, dy: Array, seed: int = 0) -> dict[str, Array]:
    """Return copies of y, dx and each parameter's gradient from one forward and backward."""
    y = train(layer, x, seed).copy()
    dx = layer.backward(dy).copy()
    return {"y": y, "dx": dx} | {f"d{p.name}": p.grad.copy() for p in layer.parameters}


def read_only(array: Array) -> Array:
    """Return the array, made read-only."""
    array.flags.writeable = False
    return array


def snapshot(thing: Any) -> Any:
    """Return everything that an object contains, to any depth, in a form that == compares."""
    if isinstance(thing, np.ndarray):
        return thing.shape, str(thing.dtype), thing.tobytes()
    if isinstance(thing, np.random.Generator):
        return str(thing.bit_generator.state)
    if isinstance(thing, (Describable, Parameter)):
        return type(thing).__name__, snapshot(vars(thing))
    if isinstance(thing, dict):
        return {key: snapshot(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [snapshot(item) for item in thing]
    return repr(thing)
