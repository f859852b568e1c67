"""A passage: consecutive layers, with the inputs, outputs and gradients of each for one image.

All layers of a network are a passage, which ends with the logits. The layers in the block of a
``Residual`` are another passage.
"""

from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np

from tenfold.inspection.frozen import FrozenNetwork
from tenfold.inspection.steps import Step, Unit
from tenfold.inspection.trace import Switched, Trace
from tenfold.nn import Layer, Residual
from tenfold.nn.array import Array

__all__ = ["Passage"]


@dataclass(frozen=True)
class Passage:
    """Layers, with their inputs, outputs and gradients for one image, without the batch axis.

    Attributes:
        layers: The layers.
        start: Input of the first one.
        outputs: Output of each layer.
        gradients: Gradient of the loss with respect to each of these outputs.
        off: Units that are switched off.
        place: Where the layers are in the network. For the layers of a block, it is the index of
            the ``Residual``; if that is in the block of another ``Residual``, the index of the
            outer one comes first. Empty for the layers of the network itself.
    """

    layers: tuple[Layer, ...]
    start: Array
    outputs: tuple[Array, ...]
    gradients: tuple[Array, ...]
    off: Switched
    place: tuple[int, ...] = ()

    @classmethod
    def of(cls, frozen: FrozenNetwork, found: Trace) -> "Passage":
        """Return the passage of a trace through the whole network."""
        layers = frozen.network.layers
        return cls(layers, found.image, found.outputs, found.gradients, found.off)

    def input_of(self, layer: int) -> Array:
        """Return the input of a layer."""
        return self.outputs[layer - 1] if layer else self.start

    def block(self, layer: int) -> "Passage":
        """Return the passage through the block f of a ``Residual``, y = x + f(x).

        The gradient of the loss with respect to f(x) equals the gradient with respect to y. The
        forward and backward pass run in a copy of the block. They assign gradients, and the
        gradients of the network must not change.
        """
        residual, x = deepcopy(self.layers[layer]), self.input_of(layer)
        block = residual.block if isinstance(residual, Residual) else ()
        outputs, inner = [], x[np.newaxis]
        for each in block:
            inner = np.array(each.forward(inner, training=True))
            outputs.append(inner[0])
        gradients, dy = [self.gradients[layer]], self.gradients[layer][np.newaxis]
        for each in reversed(block[1:]):
            dy = np.array(each.backward(dy))
            gradients.insert(0, dy[0])
        place = (*self.place, layer)
        return Passage(block, x, tuple(outputs), tuple(gradients), {}, place)

    def placed(self, step: Step) -> Step:
        """Return an equation of this passage, with the position of its layer in the whole network.

        Args:
            step: The equation, with the index of its layer in the passage, from 0.
        """
        if not self.place:
            return step
        first, *rest = (*self.place, step.layer)
        return replace(step, layer=first, inner=tuple(rest))

    def is_off(self, layer: int, unit: Unit) -> bool:
        """Return whether an output of a layer is switched off."""
        return unit[-1] in self.off.get(layer, ())
