"""Networks from a layout that lists every layer, such as 16c5-BN-ReLU-P-F-64-ReLU."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, Literal, NamedTuple

from tenfold.nn import (
    AveragePool,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    HeNormal,
    Initializer,
    Layer,
    MaxPool,
    Normalize,
    Zeros,
    layers,
)
from tenfold.nn.arguments import check_fields
from tenfold.nn.constraints import Finite, Positive
from tenfold.recipes.architectures import Architecture, Classes
from tenfold.recipes.notation import CONVOLUTION, DENSE, POOLS, check_weights

__all__ = ["Sequential", "Stage"]

_MAX_LAYERS = 100
_POOL = re.compile(r"([PA])(\d{1,2})")
_DROPOUT = re.compile(r"D(0?\.\d{1,4}|[01])")
# Layers without settings, and pools with a size, by the parts of a layout that describe them.
_SIMPLE: dict[str, type[Layer]] = POOLS | {"F": Flatten}
_SIMPLE |= {name: getattr(layers, name) for name in layers.activations.__all__}
_SIZED: dict[str, type[MaxPool | AveragePool]] = {"P": MaxPool, "A": AveragePool}


class Stage(NamedTuple):
    """A layer of a layout, and the part of the layout that describes it.

    The stages of ``tenfold.inspection`` are something else: they may contain several layers.

    Attributes:
        part: Part of the layout that describes the layer, such as ``"16c5"``.
        layer: The layer, not yet initialised.
        output: Shape of its output for one image.
    """

    part: str
    layer: Layer
    output: tuple[int, ...]


@dataclass(frozen=True)
class Sequential(Architecture):
    """A network from a layout that lists every layer, such as ``16c5-BN-ReLU-P-F-64-ReLU``.

    ``ConvNet`` and ``MLP`` add normalisation, activation and ``Flatten`` automatically. Here only
    two layers are added to those of the layout: the scaling of the pixels at the start, and the
    output layer, which is dense, at the end.

    ``16c5`` is a convolution with 16 channels and a 5 x 5 kernel; ``16c5/2`` has stride 2. ``P`` is
    2 x 2 max-pooling, ``P3`` 3 x 3; ``A`` and ``A3`` are average pooling. ``G`` is the mean of each
    channel and ``M`` its maximum. ``F`` is ``Flatten``, and a number alone a dense layer. ``BN`` is
    batch normalisation, ``D0.25`` dropout with the rate 0.25. Activations have the names of their
    classes, such as ``ReLU``.

    Args:
        layout: The layers, joined by hyphens.
        padding: Padding of the convolutions, ``"valid"`` or ``"same"``.
        initializer: Initializer of the weights.
        bias_initializer: Initializer of the biases.
        classes: Number of outputs, 2 to 1000.
        mean: Mean of the pixels on their scale of 0 to 255, which is subtracted; 33.3184, the mean
            of MNIST, by default.
        deviation: Standard deviation of the pixels on the same scale, by which they are divided;
            78.5675, as in MNIST, by default.

    Raises:
        ValueError: If a value is out of its range. ``layers`` raises it if the layout cannot be
            read, or a layer does not fit the one before it.
    """

    layout: str = "16c5-BN-ReLU-P-F-64-ReLU"
    padding: Literal["valid", "same"] = "valid"
    initializer: Initializer = HeNormal()  # noqa: RUF009 - frozen
    bias_initializer: Initializer = Zeros()  # noqa: RUF009
    classes: Classes = 10
    mean: Finite = 33.3184
    deviation: Positive = 78.5675

    def __post_init__(self) -> None:
        check_fields(self)

    def layers(self) -> list[Layer]:
        """Return Normalize, the layers of the layout, and the output layer."""
        first = Normalize(mean=self.mean, deviation=self.deviation)
        return [first, *(stage.layer for stage in self.stages())]

    def stages(self) -> Iterator[Stage]:
        """Yield the layers of the layout, and the output layer.

        Raises:
            ValueError: At the first layer that is impossible, after the layers before it have been
                yielded.
        """
        shape: tuple[int, ...] = (28, 28, 1)
        parts = self.layout.split("-") if self.layout else []
        if len(parts) > _MAX_LAYERS:
            raise ValueError(f"layout must have at most {_MAX_LAYERS} layers, got {len(parts)}")
        for number, part in enumerate([*parts, str(self.classes)], 1):
            name = f"layer {number}, {part:.20}" if number <= len(parts) else "the output layer"
            try:
                layer = self._layer(part, shape)
                shape = layer.output_shape(shape)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
            yield Stage(part, layer, shape)

    def _layer(self, part: str, shape: tuple[int, ...]) -> Layer:
        """Return the layer of a part, for an input of ``shape``."""
        if part in _SIMPLE:
            return _SIMPLE[part]()
        if part == "BN":
            return BatchNorm(shape[-1])
        if pool := _POOL.fullmatch(part):
            return _SIZED[pool[1]](int(pool[2]))
        if dropout := _DROPOUT.fullmatch(part):
            return Dropout(float(dropout[1]))
        initializers: dict[str, Any] = {
            "initializer": self.initializer,
            "bias_initializer": self.bias_initializer,
        }
        if convolution := CONVOLUTION.fullmatch(part):
            features, kernel, stride = (int(n) for n in convolution.groups(default="1"))
            channels = shape[-1] if len(shape) == 3 else 1
            check_weights(kernel * kernel * channels * features)
            return Conv2D(channels, features, kernel, stride, padding=self.padding, **initializers)
        if DENSE.fullmatch(part):
            check_weights(prod(shape) * int(part))
            return Dense(prod(shape), int(part), **initializers)
        raise ValueError(
            "layout must be made of parts such as 16c5, 16c5/2, P, A, G, M, F, 64, BN, D0.25 and "
            f"ReLU, joined by hyphens, got {part!r:.20}"
        )
