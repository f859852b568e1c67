"""The networks as data: each subject builds its network from the same description."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "CLASSES",
    "NETS",
    "PIXELS",
    "TITLES",
    "BatchNorm",
    "Conv",
    "Dense",
    "Flatten",
    "GlobalAverage",
    "Part",
    "Pool",
    "ReLU",
    "Shape",
    "is_dense",
    "placed",
    "widths",
]

PIXELS = 28
CLASSES = 10

Shape: TypeAlias = tuple[int, ...]
"""Shape of one image, (H, W, C), or of one row of features, (F,)."""


@dataclass(frozen=True)
class Conv:
    """A convolution with stride 1."""

    outputs: int
    kernel: int = 3
    padding: Literal["valid", "same"] = "same"
    bias: bool = True


@dataclass(frozen=True)
class Dense:
    """A fully connected layer with a bias."""

    outputs: int


@dataclass(frozen=True)
class Pool:
    """Max pooling of 2 x 2 pixels."""


@dataclass(frozen=True)
class ReLU:
    """max(x, 0)."""


@dataclass(frozen=True)
class BatchNorm:
    """Batch normalisation with scale and shift."""


@dataclass(frozen=True)
class Flatten:
    """Reshape an image to a row."""


@dataclass(frozen=True)
class GlobalAverage:
    """The mean of each channel."""


Part: TypeAlias = Conv | Dense | Pool | ReLU | BatchNorm | Flatten | GlobalAverage


def _mlp(*hidden: int) -> tuple[Part, ...]:
    parts: list[Part] = [Flatten()]
    for width in hidden:
        parts += [Dense(width), ReLU()]
    return (*parts, Dense(CLASSES))


def _vgg_block(outputs: int) -> tuple[Part, ...]:
    one: tuple[Part, ...] = (Conv(outputs, bias=False), BatchNorm())
    return (*one, ReLU(), *one, Pool(), ReLU())


NETS: dict[str, tuple[Part, ...]] = {
    "mlp-small": _mlp(128, 64),
    "mlp-wide": _mlp(800),
    "lenet": (
        *(Conv(24, 5, "valid"), Pool(), ReLU()),
        *(Conv(32, 3, "valid"), Pool(), ReLU()),
        *(Flatten(), Dense(256), ReLU(), Dense(CLASSES)),
    ),
    "vgg": (*_vgg_block(32), *_vgg_block(64), Flatten(), Dense(CLASSES)),
    "stack": (
        *(Conv(32), ReLU(), Pool(), Conv(64), ReLU(), Pool()),
        *(GlobalAverage(), Dense(CLASSES)),
    ),
}

TITLES = {
    "mlp-small": "784-128-64-10",
    "mlp-wide": "784-800-10",
    "lenet": "the network of the recipe `lenet`: 24c5-P-32c3-P-256-10, no padding, ReLU after each "
    "pool",
    "vgg": "32c3-32c3-P-64c3-64c3-P-10, padding `same`, batch normalisation after each convolution",
    "stack": "32c3-P-64c3-P, padding `same`, ReLU after each convolution, global average pooling, "
    "dense layer with 10 outputs",
}


def placed(net: str, size: int = PIXELS) -> Iterator[tuple[Part, Shape, Shape]]:
    """Yield each part of a net with its input shape and its output shape.

    Args:
        net: A key of ``NETS``.
        size: Height and width of the images, which have one channel.
    """
    shape: Shape = (size, size, 1)
    for part in NETS[net]:
        after = _after(part, shape)
        yield part, shape, after
        shape = after


def _after(part: Part, shape: Shape) -> Shape:
    match part:
        case Conv():
            lost = part.kernel - 1 if part.padding == "valid" else 0
            return (shape[0] - lost, shape[1] - lost, part.outputs)
        case Dense():
            return (part.outputs,)
        case Pool():
            return (shape[0] // 2, shape[1] // 2, shape[2])
        case Flatten():
            return (math.prod(shape),)
        case GlobalAverage():
            return shape[-1:]
        case _:
            return shape


def is_dense(net: str) -> bool:
    """Return whether a net is a multilayer perceptron, without convolutions."""
    return not any(isinstance(part, Conv) for part in NETS[net])


def widths(net: str) -> list[int]:
    """Return the outputs of a net's dense layers, in order."""
    return [part.outputs for part in NETS[net] if isinstance(part, Dense)]
