"""Architectures: networks described by a few settings, and the multilayer perceptron."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite

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
    describe,
    layers,
)

__all__ = ["MLP", "Architecture", "activation_layer", "check_rules"]

_PIXELS = 28 * 28
_WIDEST = 100_000
_MOST_WEIGHTS = 100_000_000  # initialisation in float64 takes 0.8 GB


def check_rules(thing: Describable, rules: dict[str, tuple[bool, str]]) -> None:
    """Refuse a setting that breaks its rule: (whether it holds, the rule in words), by name.

    Raises:
        ValueError: naming the first that does not hold, the rule, and what it is instead.
    """
    for name, (holds, words) in rules.items():
        if not holds:
            raise ValueError(f"{name} is {words}, not {describe(getattr(thing, name))}")


class Architecture(Describable, ABC):
    """Base class: makes the layers of a network from a few settings."""

    @abstractmethod
    def layers(self) -> list[Layer]:
        """Return new layers, not yet initialised."""


@dataclass(frozen=True)
class MLP(Architecture):
    """A multilayer perceptron: dense layers with an activation between them.

    Args:
        hidden: Sizes of the hidden layers, 1 to 100,000 each; an empty list makes softmax
            regression.
        activation: Name of an activation layer.
        batch_norm: Whether to add batch normalisation before each activation.
        dropout: Dropout rate after each activation, 0 to below 1; 0 for none.
        initializer: Initializer of the weights.
        bias_initializer: Initializer of the biases.
        classes: Number of outputs, 2 to 10.
        mean: Mean of the pixels, which is subtracted.
        deviation: Standard deviation of the pixels, by which they are divided.

    Raises:
        ValueError: If a value is out of its range, or there are more than 100,000,000 weights.
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

    def __post_init__(self) -> None:
        sizes = (_PIXELS, *self.hidden, self.classes)
        rules = {
            "hidden": (
                all(1 <= size <= _WIDEST for size in self.hidden),
                f"a list of whole numbers from 1 to {_WIDEST:,}",
            ),
            "classes": (2 <= self.classes <= 10, "from 2 to 10"),
            "dropout": (0 <= self.dropout < 1, "a rate from 0 to below 1"),
            "mean": (isfinite(self.mean), "finite"),
            "deviation": (0 < self.deviation < inf, "above 0, and finite"),
        }
        check_rules(self, rules)
        if (weights := sum(a * b for a, b in pairwise(sizes))) > _MOST_WEIGHTS:
            raise ValueError(
                f"hidden must give at most {_MOST_WEIGHTS:,} weights, got {weights:,}: choose "
                "fewer or smaller layers"
            )

    def layers(self) -> list[Layer]:
        """Return Normalize, Flatten and the dense layers."""
        made: list[Layer] = [Normalize(self.mean, self.deviation), Flatten()]
        features = _PIXELS
        for size in self.hidden:
            made.append(self._dense(features, size))
            if self.batch_norm:
                made.append(BatchNorm(size))
            made.append(activation_layer(self.activation))
            if self.dropout:
                made.append(Dropout(self.dropout))
            features = size
        made.append(self._dense(features, self.classes))
        return made

    def _dense(self, inputs: int, outputs: int) -> Layer:
        return Dense(inputs, outputs, self.initializer, self.bias_initializer)


def activation_layer(name: str) -> Layer:
    """Return a new activation layer.

    Args:
        name: Name of its class, such as ``"ReLU"``.

    Raises:
        ValueError: If there is no activation layer of that name.
    """
    if name not in layers.activations.__all__:
        known = ", ".join(sorted(layers.activations.__all__))
        raise ValueError(f"activation must be one of {known}, got {name!r}")
    made: Layer = getattr(layers.activations, name)()
    return made
