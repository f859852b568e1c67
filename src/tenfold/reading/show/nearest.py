"""Nearest training digits: the images of MNIST that are nearest to an image."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tenfold.data import load_mnist
from tenfold.nn.array import Array

__all__ = ["NEAREST", "Neighbour", "nearest_digits"]

NEAREST = 3
"""Number of training digits for each image."""

_BLOCK = 32  # images at a time: their distances to all training digits need 8 MB


@dataclass(frozen=True)
class Neighbour:
    """A training digit: its image (28, 28) and its label."""

    image: Array
    label: int


def nearest_digits(images: Array) -> list[list[Neighbour]]:
    """Return the three training digits of MNIST that are nearest to each image (N, 28, 28, 1).

    The distance is the Euclidean distance of the pixels: |x - t|^2 = |x|^2 - 2 x t + |t|^2. The
    term |x|^2 is left out, since it is the same for all training digits t.
    """
    train, squares, labels = _training_digits()
    queries = images.reshape(len(images), -1).astype(np.float32)
    found = []
    for start in range(0, len(queries), _BLOCK):
        distances = squares - 2 * queries[start : start + _BLOCK] @ train.T
        first = np.argpartition(distances, NEAREST, axis=1)[:, :NEAREST]
        order = np.take_along_axis(distances, first, axis=1).argsort(axis=1)
        found += list(np.take_along_axis(first, order, axis=1))
    return [[Neighbour(train[i].reshape(28, 28), int(labels[i])) for i in row] for row in found]


@lru_cache(maxsize=1)
def _training_digits() -> tuple[Array, Array, Array]:
    data = load_mnist("train")
    train = data.images.reshape(len(data.images), -1).astype(np.float32)
    return train, (train**2).sum(axis=1), data.require_labels()
