"""Tangents: how the output of a layer changes with its input (forward-mode derivatives), J v.

``Layer.backward`` multiplies by the transpose of the Jacobian J; ``tangent`` multiplies by J. A
layer such as ReLU is smooth except at kinks. ``kinks`` yields on which side of each kink the
inputs are, such as which inputs of a ReLU are positive: as long as this does not change, the layer
is smooth.
"""

from collections.abc import Iterator

import numpy as np

from tenfold.inspection.frozen import FrozenBatchNorm, Identity
from tenfold.nn import (
    GELU,
    AveragePool,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    Layer,
    LeakyReLU,
    MaxPool,
    Normalize,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
)
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = ["ACTIVATIONS", "kinks", "tangent", "winners"]

ACTIVATIONS = (ReLU, LeakyReLU, Tanh, Sigmoid, GELU)
"""Layers whose Jacobian is diagonal."""

_AFFINE = (
    Conv2D,
    Dense,
    FrozenBatchNorm,
    AveragePool,
    GlobalAveragePool,
    Flatten,
    Identity,
    Normalize,
)
_STEP = 1e-6  # step of finite differences, for layers that users have written


@checked
def tangent(layer: Layer, x: Array, v: Array) -> Array:
    """Return J v, with J the Jacobian of a layer at x.

    Args:
        layer: A layer of a frozen network. For layers that users have written, J v is computed as a
            centred difference.
        x: Input with a batch axis, float64.
        v: Direction, in the shape of x.
    """
    if isinstance(layer, _AFFINE):
        return layer.forward(v) - layer.forward(np.zeros_like(v))
    if isinstance(layer, ACTIVATIONS):  # J is its own transpose
        layer.forward(x, training=True)
        return np.array(layer.backward(v))
    if isinstance(layer, MaxPool):
        positions = np.stack(layer.positions(v))
        return np.take_along_axis(positions, winners(layer, x)[np.newaxis], axis=0)[0]
    if isinstance(layer, GlobalMaxPool):
        flat = v.reshape(len(v), -1, v.shape[-1])
        return np.take_along_axis(flat, winners(layer, x)[:, np.newaxis], axis=1)[:, 0]
    if isinstance(layer, Residual):
        shortcut = v
        for inner in layer.block:
            v, x = tangent(inner, x, v), inner.forward(x)
        return shortcut + v
    return (layer.forward(x + _STEP * v) - layer.forward(x - _STEP * v)) / (2 * _STEP)


def winners(layer: MaxPool | GlobalMaxPool, x: Array) -> Array:
    """Return for each output the index of the largest pixel in its window, counted row by row."""
    if isinstance(layer, MaxPool):
        return np.stack(layer.positions(x)).argmax(axis=0)
    return x.reshape(len(x), -1, x.shape[-1]).argmax(axis=1)


def kinks(layer: Layer, x: Array) -> Iterator[Array]:
    """Yield arrays that change when the input of a layer crosses one of its kinks.

    Args:
        layer: A layer of a frozen network.
        x: Input with a batch axis.
    """
    if isinstance(layer, (ReLU, LeakyReLU)):
        yield x > 0
    elif isinstance(layer, (MaxPool, GlobalMaxPool)):
        yield winners(layer, x)
    elif isinstance(layer, Residual):
        for inner in layer.block:
            yield from kinks(inner, x)
            x = inner.forward(x)
