"""A copy of a network for exact arithmetic: it computes as in prediction, by default in float64.

Dropout is off, and ``ConvMaxPool`` is split into ``Conv2D`` and ``MaxPool``. With a single image,
batch normalisation in training mode subtracts the mean of that image. After a dense layer its
output would then be the same for every image, so all gradients in the layers before it would be
exactly 0. Therefore batch normalisation is replaced here by its formula for prediction

    y = gamma * (x - mean) / sqrt(variance + epsilon) + beta

with the running mean and variance as constants, also for the backward pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tenfold.nn import (
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dropout,
    Layer,
    MaxPool,
    Network,
    Residual,
)
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.description import settings_of

__all__ = ["FrozenBatchNorm", "FrozenNetwork", "Identity", "freeze"]


class FrozenBatchNorm(BatchNorm):
    r"""Batch normalisation as a fixed affine map, also in training mode.

    With :math:`s = \gamma / \sqrt{\sigma^2 + \epsilon}` and xhat = (x - mean) / sqrt(variance +
    epsilon): y = s (x - mean) + beta, dx = s dy, dscale = sum dy xhat, dshift = sum dy. The running
    statistics never change.
    """

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return scale * xhat + shift."""
        if training:
            self.save_for_backward(x)
        return super().forward(x)

    def backward(self, dy: Array) -> Array:
        """Assign dscale and dshift; return dx."""
        (x,) = self.pop_saved()
        axes = tuple(range(x.ndim - 1))
        if self.with_shift:
            self.shift.grad[...] = dy.sum(axis=axes)
        if self.with_scale:
            self.scale.grad[...] = (dy * self.standardised(x)).sum(axis=axes)
        return dy * self.affine()[0]

    def standardised(self, x: Array) -> Array:
        """Return xhat."""
        deviation = np.sqrt(self.state["running_variance"] + self.epsilon)
        result: Array = (x - self.state["running_mean"]) / deviation
        return result


class Identity(Layer):
    """A layer that does nothing when the network predicts, such as dropout: y = x, dx = dy."""

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return x."""
        return x

    def backward(self, dy: Array) -> Array:
        """Return dy."""
        return dy


@dataclass(frozen=True)
class FrozenNetwork:
    """The network that ``freeze`` returns.

    Attributes:
        network: The network. In training mode it computes the same outputs as in prediction.
        origins: For each of its L layers, the index in the original network of the layer that it
            comes from: a ``ConvMaxPool`` has become a ``Conv2D`` and a ``MaxPool``.
    """

    network: Network
    origins: tuple[int, ...]

    def __post_init__(self) -> None:
        check_fields(self)


@checked
def freeze(network: Network, dtype: DTypeLike = np.float64) -> FrozenNetwork:
    """Return a copy of a network with fixed batch normalisation, and no dropout or fused layers.

    Args:
        network: The network, which is not changed.
        dtype: dtype of the copy. The default, float64, is needed to compare gradients with finite
            differences.

    Raises:
        ValueError: If an argument has a wrong type.
    """
    parts = [list(_frozen(layer)) for layer in network.layers]
    layers = [layer for part in parts for layer in part]
    copy = Network(layers, network.seed, dtype, network.input_shape)
    for layer, part in zip(network.layers, parts, strict=True):
        new = [parameter for inner in part for parameter in inner.parameters]
        for target, source in zip(new, layer.parameters, strict=True):
            target.value[...] = source.value
        states = [array for inner in part for array in inner.state.values()]
        for state, array in zip(states, layer.state.values(), strict=True):
            state[...] = array
    origins = tuple(index for index, part in enumerate(parts) for _ in part)
    return FrozenNetwork(copy, origins)


def _frozen(layer: Layer) -> Iterator[Layer]:
    """Yield new layers, not yet initialised, that compute what a layer computes in inference."""
    settings = settings_of(layer)
    if isinstance(layer, Dropout):
        yield Identity()
    elif isinstance(layer, BatchNorm):
        yield FrozenBatchNorm(**settings)
    elif isinstance(layer, ConvMaxPool):
        yield Conv2D(**settings)
        yield MaxPool(2)
    elif isinstance(layer, Residual):
        yield Residual([inner for each in layer.block for inner in _frozen(each)])
    else:
        yield type(layer)(**settings)
