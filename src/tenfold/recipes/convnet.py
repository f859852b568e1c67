"""ConvNet: convolutional networks in the notation of the field, such as 32c3-32c3-P-128."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite, prod

from tenfold.nn import (
    AveragePool,
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Deskew,
    Dropout,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    HeNormal,
    Initializer,
    Layer,
    MaxPool,
    Normalize,
    Zeros,
)
from tenfold.recipes.architectures import Architecture, activation_layer, check_rules

__all__ = ["ConvNet"]

_POOLS: dict[str, type[Layer]] = {
    "P": MaxPool,
    "A": AveragePool,
    "G": GlobalAveragePool,
    "M": GlobalMaxPool,
}
_CONVOLUTION = re.compile(r"(\d{1,4})c(\d{1,2})(?:/(\d{1,2}))?")
_DENSE = re.compile(r"\d{1,5}")
_MOST_WEIGHTS = 100_000_000  # they are drawn in float64: 0.8 GB


@dataclass(frozen=True)
class ConvNet(Architecture):
    """A convolutional network from its layout, such as ``24c5-P-32c3-P-256``.

    ``24c5`` is a convolution with 24 channels and a 5 x 5 kernel, ``24c5/2`` one with stride 2;
    ``P`` a 2 x 2 max-pooling, ``A`` an average pooling; ``G`` the mean of each channel, ``M`` its
    maximum; a number alone is a dense layer. The output layer is added.

    Args:
        layout: the layers, joined by hyphens.
        padding: of the convolutions, ``"valid"`` or ``"same"``.
        batch_norm: put a batch normalisation before each activation; convolutions then have no
            bias of their own.
        pool_first: where a max-pooling follows a convolution with stride 1, pool before normalising
            and activating: with a rising activation and no normalisation the numbers are the same
            for a quarter of the work.
        activation: the name of an activation layer.
        dropout: rate before the output layer, 0 to below 1, 0 for none.
        momentum: of the batch normalisations.
        initializer: of the weights. ``bias_initializer``: of the biases.
        classes: how many outputs, 2 to 10.
        mean: of the pixels, subtracted from them. ``deviation``: they are divided by it.
        deskew: set each digit upright first.

    Raises:
        ValueError: if a number is out of its range; by ``layers``, if the layout cannot be read,
            does not fit an image of 28 x 28, or makes more weights than memory holds.
    """

    layout: str = "24c5-P-32c3-P-256"
    padding: str = "valid"
    batch_norm: bool = False
    pool_first: bool = True
    activation: str = "ReLU"
    dropout: float = 0.0
    momentum: float = 0.1
    initializer: Initializer = HeNormal()  # noqa: RUF009 - frozen
    bias_initializer: Initializer = Zeros()  # noqa: RUF009
    classes: int = 10
    mean: float = 33.3184
    deviation: float = 78.5675
    deskew: bool = False

    def __post_init__(self) -> None:
        rules = {
            "padding": (self.padding in ("valid", "same"), "valid or same"),
            "classes": (2 <= self.classes <= 10, "from 2 to 10"),
            "dropout": (0 <= self.dropout < 1, "a rate from 0 to below 1"),
            "momentum": (0 < self.momentum <= 1, "above 0 up to 1"),
            "mean": (isfinite(self.mean), "finite"),
            "deviation": (0 < self.deviation < inf, "above 0, and finite"),
        }
        check_rules(self, rules)

    def layers(self) -> list[Layer]:
        """Return Normalize, what the layout says, and the output layer."""
        made: list[Layer] = [Deskew()] if self.deskew else []
        made.append(Normalize(self.mean, self.deviation))
        shape: tuple[int, ...] = (28, 28, 1)
        tokens = self.layout.split("-")
        while tokens:
            for layer in self._next(tokens, shape):
                made.append(layer)
                shape = layer.output_shape(shape)
        if self.dropout:
            made.append(Dropout(self.dropout))
        return [*made, *self._dense(shape, self.classes)]

    def _next(self, tokens: list[str], shape: tuple[int, ...]) -> Iterator[Layer]:
        """Yield the layers of the first token, and take it away."""
        token = tokens.pop(0)
        if convolution := _CONVOLUTION.fullmatch(token):
            features, kernel, stride = (int(n) for n in convolution.groups(default="1"))
            pooled = self.pool_first and stride == 1 and tokens[:1] == ["P"]
            if pooled:
                tokens.pop(0)
            yield self._convolution(shape, features, kernel, None if pooled else stride)
            yield from self._activated(features)
        elif token in _POOLS:
            yield _POOLS[token]()
        elif _DENSE.fullmatch(token):
            yield from self._dense(shape, int(token))
            yield from self._activated(int(token))
        else:
            raise ValueError(
                f"layout is made of parts such as 32c3, 32c3/2, P, A, G, M and 128, joined by "
                f"hyphens, not {token!r}"
            )

    def _convolution(
        self, shape: tuple[int, ...], features: int, kernel: int, stride: int | None
    ) -> Layer:
        """Return a convolution, pooled if it has no stride."""
        if len(shape) < 3:
            raise ValueError("layout has a convolution where no image is left: put it further left")
        _check_size(kernel * kernel * shape[-1] * features)
        settings = (self.padding, self.initializer, self.bias_initializer, not self.batch_norm)
        if stride is None:
            return ConvMaxPool(shape[-1], features, kernel, *settings)
        return Conv2D(shape[-1], features, kernel, stride, *settings)

    def _dense(self, shape: tuple[int, ...], outputs: int) -> list[Layer]:
        flat: list[Layer] = [Flatten()] if len(shape) > 1 else []
        _check_size(prod(shape) * outputs)
        return [*flat, Dense(prod(shape), outputs, self.initializer, self.bias_initializer)]

    def _activated(self, features: int) -> Iterator[Layer]:
        if self.batch_norm:
            yield BatchNorm(features, self.momentum)
        yield activation_layer(self.activation)


def _check_size(weights: int) -> None:
    if weights > _MOST_WEIGHTS:
        raise ValueError(
            f"layout makes a layer of {weights:,} weights, and at most {_MOST_WEIGHTS:,} fit: "
            "choose fewer or smaller layers"
        )
