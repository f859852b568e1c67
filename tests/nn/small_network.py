"""A small network for tests: 12-8-5 with batch normalisation, on 4 x 3 images."""

import numpy as np

from tenfold.nn import (
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Network,
    Normalize,
    ReLU,
    SoftmaxCrossEntropy,
    stream,
)
from tenfold.nn.array import Array, DTypeLike

SHAPE = (4, 3, 1)


def network(dtype: DTypeLike = np.float32, seed: int = 0, dropout: float | None = None) -> Network:
    """Return the network, with dropout before the last layer if a rate is given."""
    hidden: list[Layer] = [Dense(12, 8), BatchNorm(8), ReLU()]
    if dropout is not None:
        hidden.append(Dropout(dropout))
    return Network([Normalize(), Flatten(), *hidden, Dense(8, 5)], seed, dtype, SHAPE)


def images(n: int = 6, seed: int = 0) -> Array:
    return stream(seed, "images").integers(0, 256, (n, *SHAPE), np.uint8)


def labels(n: int = 6) -> Array:
    return stream(0, "labels").integers(0, 5, n)


def gradient(net: Network, x: Array, step: int | None = None) -> Array:
    """Return a copy of dL/dtheta from one training forward and backward."""
    _, dlogits = SoftmaxCrossEntropy()(net.forward(x, training=True, step=step), labels(len(x)))
    net.backward(dlogits)
    return net.theta.grad.copy()
