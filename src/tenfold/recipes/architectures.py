"""Architectures: the shapes of networks, as few numbers. The only place where sizes are chosen."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from tenfold.nn import (
    BatchNorm,
    Dense,
    Describable,
    Dropout,
    Flatten,
    HeNormal,
    Initializer,
    Layer,
    Normalize,
    Zeros,
    layers,
)

__all__ = ["MLP", "Architecture"]


class Architecture(Describable, ABC):
    """Makes the layers of a network from a few numbers."""

    @abstractmethod
    def layers(self) -> list[Layer]:
        """Return fresh layers, not yet initialised."""


@dataclass(frozen=True)
class MLP(Architecture):
    """A multilayer perceptron: dense layers with an activation between them.

    Args:
        hidden: the sizes of the hidden layers; none of them makes softmax regression.
        activation: the name of an activation layer.
        batch_norm: put a batch normalisation before each activation.
        dropout: rate after each activation, 0 for none.
        initializer: of the weights. ``bias_initializer``: of the biases.
        classes: how many outputs.
        mean: of the pixels, subtracted from them. ``deviation``: they are divided by it.
    """

    hidden: tuple[int, ...] = (128, 64)
    activation: str = "ReLU"
    batch_norm: bool = False
    dropout: float = 0.0
    initializer: Initializer = HeNormal()  # noqa: RUF009 - frozen
    bias_initializer: Initializer = Zeros()  # noqa: RUF009
    classes: int = 10
    mean: float = 33.3184
    deviation: float = 78.5675

    def layers(self) -> list[Layer]:
        """Return Normalize, Flatten and the dense layers."""
        made: list[Layer] = [Normalize(self.mean, self.deviation), Flatten()]
        features = 784
        for size in self.hidden:
            made.append(self._dense(features, size))
            if self.batch_norm:
                made.append(BatchNorm(size))
            made.append(_activation(self.activation))
            if self.dropout:
                made.append(Dropout(self.dropout))
            features = size
        made.append(self._dense(features, self.classes))
        return made

    def _dense(self, inputs: int, outputs: int) -> Layer:
        return Dense(inputs, outputs, self.initializer, self.bias_initializer)


def _activation(name: str) -> Layer:
    if name not in layers.activations.__all__:
        known = ", ".join(sorted(layers.activations.__all__))
        raise ValueError(f"there is no activation {name!r}; there are: {known}")
    made: Layer = getattr(layers.activations, name)()
    return made
