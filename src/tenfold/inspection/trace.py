"""Trace: every number of one forward and backward pass for one image."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.inspection.frozen import FrozenNetwork
from tenfold.nn import Network, SoftmaxCrossEntropy, softmax
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array

__all__ = ["Switched", "Trace", "forward_from", "trace"]

Switched = Mapping[int, Collection[int]]
"""Units that are switched off: for each layer by its index, the features that are set to 0."""

_LOSS = SoftmaxCrossEntropy()


@dataclass(frozen=True)
class Trace:
    """One image on its way through a network, and the gradient of its loss on the way back.

    Attributes:
        image: (H, W, C) uint8.
        label: The class for which the loss is computed.
        outputs: Output of each layer, without the batch axis; units that are off are 0.
        gradients: Gradient of the loss with respect to each of these outputs; 0 where a unit is
            off.
        saliency: Gradient of the loss with respect to the pixels (on their scale of 0 to 255),
            (H, W, C).
        parameters: Gradient of each parameter, by name.
        loss: Cross-entropy, -log p of the label.
        off: The units that were off.
    """

    image: Array
    label: int
    outputs: tuple[Array, ...]
    gradients: tuple[Array, ...]
    saliency: Array
    parameters: dict[str, Array]
    loss: float
    off: Switched

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def logits(self) -> Array:
        """Output of the last layer, (C,)."""
        return self.outputs[-1]

    @property
    def probabilities(self) -> Array:
        """softmax(logits), (C,)."""
        return softmax(self.logits)

    def input_of(self, layer: int) -> Array:
        """Return the input of a layer, without the batch axis."""
        return self.outputs[layer - 1] if layer else self.image


@checked
def trace(frozen: FrozenNetwork, image: Array, label: int, off: Switched | None = None) -> Trace:
    """Run an image forward and backward.

    Args:
        frozen: The network, from ``freeze``; the pass overwrites its gradients.
        image: (H, W, C) uint8.
        label: The class for which the loss is computed.
        off: Units that are switched off. Default: none.

    Raises:
        ValueError: If the image does not fit the network, or there is no such class or unit.
    """
    network, off = frozen.network, off or {}
    masks = _masks(network, off)
    if image.shape != network.input_shape:
        raise ValueError(f"image must have the shape {network.input_shape}, got {image.shape}")
    outputs, x = [], image[np.newaxis]
    for index, layer in enumerate(network.layers):
        x = np.array(layer.forward(x, training=True))
        x = x * masks[index] if index in masks else x
        outputs.append(x[0])
    loss, dy = _LOSS(x, np.array([label]))
    gradients: list[Array] = []
    for index in reversed(range(len(network.layers))):
        dy = dy * masks[index] if index in masks else dy
        gradients.insert(0, dy[0])
        dy = np.array(network.layers[index].backward(dy))
    parameters = {p.name: p.grad.copy() for p in network.parameters}
    return Trace(image, label, tuple(outputs), tuple(gradients), dy[0], parameters, loss, off)


@checked
def forward_from(network: Network, x: Array, first: int = 0, off: Switched | None = None) -> Array:
    """Return the logits for the input of the layer ``first``, with units switched off.

    Args:
        network: The network.
        x: Input of that layer, with a batch axis.
        first: Index of the layer. Default: the first one.
        off: Units that are switched off. Default: none.
    """
    masks = _masks(network, off or {})
    for index, layer in enumerate(network.layers[first:], first):
        x = layer.forward(x)
        x = x * masks[index] if index in masks else x
    return x


def _masks(network: Network, off: Switched) -> dict[int, Array]:
    """Return a factor, 0 or 1, for each feature of each layer in which units are off."""
    masks = {}
    for index, units in off.items():
        if not 0 <= index < len(network.layers) - 1:
            raise ValueError(f"units can be switched off only in a hidden layer, got layer {index}")
        features = network.shapes[index][-1]
        if not all(0 <= unit < features for unit in units):
            raise ValueError(f"units of layer {index} must be from 0 to {features - 1}")
        mask = np.ones(features, network.dtype)
        mask[list(units)] = 0
        masks[index] = mask
    return masks
