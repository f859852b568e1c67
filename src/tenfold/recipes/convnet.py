"""Convolutional networks from a layout in the usual notation, such as 32c3-32c3-P-128."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Annotated, Any, Literal

from tenfold.nn import (
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Deskew,
    Dropout,
    Flatten,
    HeNormal,
    Initializer,
    Layer,
    Normalize,
    Zeros,
)
from tenfold.nn.arguments import check_fields
from tenfold.nn.constraints import Finite, FractionBelowOne, Number, Positive
from tenfold.recipes.architectures import Activation, Architecture, Classes, activation_layer
from tenfold.recipes.notation import CONVOLUTION, DENSE, POOLS, check_weights

__all__ = ["ConvNet"]


@dataclass(frozen=True)
class ConvNet(Architecture):
    """A convolutional network from its layout, such as ``24c5-P-32c3-P-256``.

    ``24c5`` is a convolution with 24 channels and a 5 x 5 kernel; ``24c5/2`` has stride 2. ``P`` is
    2 x 2 max-pooling and ``A`` average pooling. ``G`` is the mean of each channel and ``M`` its
    maximum. A number alone is a dense layer. The output layer is added at the end.

    Args:
        layout: The layers, joined by hyphens.
        padding: Padding of the convolutions, ``"valid"`` or ``"same"``.
        batch_norm: Whether to add batch normalisation before each activation; the convolutions
            then have no bias.
        pool_first: Whether max-pooling after a convolution with stride 1 comes before normalisation
            and activation, which then process a quarter of the values. Without normalisation, and
            with an increasing activation, the output of the network does not change.
        activation: Name of an activation layer.
        dropout: Dropout rate before the output layer, 0 to below 1; 0 for no dropout.
        momentum: Momentum of the running statistics of batch normalisation, 0 < momentum <= 1.
        initializer: Initializer of the weights.
        bias_initializer: Initializer of the biases.
        classes: Number of outputs, 2 to 1000.
        mean: Mean of the pixels on their scale of 0 to 255, which is subtracted; 33.3184, the mean
            of MNIST, by default.
        deviation: Standard deviation of the pixels on the same scale, by which they are divided;
            78.5675, as in MNIST, by default.
        deskew: Whether to deskew each digit first.

    Raises:
        ValueError: If a value is out of its range. ``layers`` raises it if the layout cannot be
            read, does not fit an image of 28 x 28, or has a layer of more than 100,000,000 weights.
    """

    layout: str = "24c5-P-32c3-P-256"
    padding: Literal["valid", "same"] = "valid"
    batch_norm: bool = False
    pool_first: bool = True
    activation: Activation = "ReLU"
    dropout: FractionBelowOne = 0.0
    momentum: Annotated[float, Number("(0, 1]")] = 0.1
    initializer: Initializer = HeNormal()  # noqa: RUF009 - frozen
    bias_initializer: Initializer = Zeros()  # noqa: RUF009
    classes: Classes = 10
    mean: Finite = 33.3184
    deviation: Positive = 78.5675
    deskew: bool = False

    def __post_init__(self) -> None:
        check_fields(self)

    def layers(self) -> list[Layer]:
        """Return Deskew if set, Normalize, the layout, Dropout if set, and the output layer."""
        network: list[Layer] = [Deskew()] if self.deskew else []
        network.append(Normalize(mean=self.mean, deviation=self.deviation))
        shape: tuple[int, ...] = (28, 28, 1)
        tokens = self.layout.split("-")
        while tokens:
            for layer in self._take_layers(tokens, shape):
                network.append(layer)
                shape = layer.output_shape(shape)
        if self.dropout:
            network.append(Dropout(self.dropout))
        return [*network, *self._dense(shape, self.classes)]

    def _take_layers(self, tokens: list[str], shape: tuple[int, ...]) -> Iterator[Layer]:
        """Remove the first token and yield its layers.

        If a max-pooling becomes a part of the convolution before it, both tokens are removed.
        """
        token = tokens.pop(0)
        if convolution := CONVOLUTION.fullmatch(token):
            features, kernel, stride = (int(n) for n in convolution.groups(default="1"))
            pooled = self.pool_first and stride == 1 and tokens[:1] == ["P"]
            if pooled:
                tokens.pop(0)
            yield self._convolution(shape, features, kernel, None if pooled else stride)
            yield from self._normalized_activation(features)
        elif token in POOLS:
            yield POOLS[token]()
        elif DENSE.fullmatch(token):
            yield from self._dense(shape, int(token))
            yield from self._normalized_activation(int(token))
        else:
            raise ValueError(
                "layout must be made of parts such as 32c3, 32c3/2, P, A, G, M and 128, joined by "
                f"hyphens, got {token!r}"
            )

    def _convolution(
        self, shape: tuple[int, ...], features: int, kernel: int, stride: int | None
    ) -> Layer:
        """Return a convolution, with max-pooling if ``stride`` is None."""
        if len(shape) < 3:
            raise ValueError("layout must have its convolutions before G, M and dense layers")
        check_weights(kernel * kernel * shape[-1] * features)
        settings: dict[str, Any] = {
            "padding": self.padding,
            "initializer": self.initializer,
            "bias_initializer": self.bias_initializer,
            "with_bias": not self.batch_norm,
        }
        if stride is None:
            return ConvMaxPool(shape[-1], features, kernel, **settings)
        return Conv2D(shape[-1], features, kernel, stride, **settings)

    def _dense(self, shape: tuple[int, ...], outputs: int) -> list[Layer]:
        flat: list[Layer] = [Flatten()] if len(shape) > 1 else []
        check_weights(prod(shape) * outputs)
        return [*flat, Dense(prod(shape), outputs, self.initializer, self.bias_initializer)]

    def _normalized_activation(self, features: int) -> Iterator[Layer]:
        if self.batch_norm:
            yield BatchNorm(features, momentum=self.momentum)
        yield activation_layer(self.activation)
