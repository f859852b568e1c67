"""Architectures: networks described by a few settings, and the multilayer perceptron."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

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
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.constraints import Choice, Finite, FractionBelowOne, Positive, Size, Whole

__all__ = ["MAX_WEIGHTS", "MLP", "Activation", "Architecture", "Classes", "activation_layer"]

_PIXELS = 28 * 28
_Width = Annotated[int, Whole(1, 100_000)]

MAX_WEIGHTS = 100_000_000
"""Largest number of weights of an ``MLP``, or of one layer of a layout. Their initialisation in
float64 takes 0.8 GB."""

Activation = Annotated[str, Choice(*sorted(layers.activations.__all__))]
"""The name of an activation layer."""

Classes = Annotated[int, Whole(2, 1000)]
"""A number of outputs."""


class Architecture(Describable, ABC):
    """Base class: makes the layers of a network from a few settings."""

    @abstractmethod
    def layers(self) -> list[Layer]:
        """Return new layers, not yet initialised."""


@dataclass(frozen=True)
class MLP(Architecture):
    """A multilayer perceptron: dense layers with an activation between them.

    Args:
        hidden: Sizes of the hidden layers, 1 to 100,000 each; an empty list gives softmax
            regression.
        activation: Name of an activation layer.
        batch_norm: Whether to add batch normalisation before each activation.
        dropout: Dropout rate after each activation, 0 to below 1; 0 for no dropout.
        initializer: Initializer of the weights.
        bias_initializer: Initializer of the biases.
        classes: Number of outputs, 2 to 1000.
        mean: Mean of the pixels on their scale of 0 to 255, which is subtracted; 33.3184, the mean
            of MNIST, by default.
        deviation: Standard deviation of the pixels on the same scale, by which they are divided;
            78.5675, as in MNIST, by default.

    Raises:
        ValueError: If a value is out of its range, or there are more than 100,000,000 weights.
    """

    hidden: tuple[_Width, ...] = (128, 64)
    activation: Activation = "ReLU"
    batch_norm: bool = False
    dropout: FractionBelowOne = 0.0
    initializer: Initializer = HeNormal()  # noqa: RUF009 - frozen
    bias_initializer: Initializer = Zeros()  # noqa: RUF009
    classes: Classes = 10
    mean: Finite = 33.3184
    deviation: Positive = 78.5675

    def __post_init__(self) -> None:
        check_fields(self)
        sizes = (_PIXELS, *self.hidden, self.classes)
        if (weights := sum(a * b for a, b in pairwise(sizes))) > MAX_WEIGHTS:
            raise ValueError(
                f"hidden must give at most {MAX_WEIGHTS:,} weights, got {weights:,}: choose fewer "
                "or smaller layers"
            )

    def layers(self) -> list[Layer]:
        """Return Normalize, Flatten and the dense layers."""
        first = Normalize(mean=self.mean, deviation=self.deviation)
        return [first, Flatten(), *self.dense_layers(_PIXELS)]

    @checked
    def dense_layers(self, features: Size) -> list[Layer]:
        """Return the layers after ``Flatten``, not yet initialised.

        Args:
            features: Number of inputs, at least 1.
        """
        network: list[Layer] = []
        for size in self.hidden:
            network.append(self._dense(features, size))
            if self.batch_norm:
                network.append(BatchNorm(size))
            network.append(activation_layer(self.activation))
            if self.dropout:
                network.append(Dropout(self.dropout))
            features = size
        network.append(self._dense(features, self.classes))
        return network

    def _dense(self, inputs: int, outputs: int) -> Layer:
        return Dense(inputs, outputs, self.initializer, self.bias_initializer)


@checked
def activation_layer(name: Activation) -> Layer:
    """Return a new activation layer.

    Args:
        name: Name of its class, such as ``"ReLU"``.

    Raises:
        ValueError: If there is no activation layer of that name.
    """
    layer: Layer = getattr(layers.activations, name)()
    return layer
