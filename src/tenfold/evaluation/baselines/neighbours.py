"""Nearest neighbours: predicts the class of the most similar training images."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.evaluation.baselines.base import Baseline, as_rows, training_arrays
from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size

__all__ = ["NearestNeighbours"]

_QUERY_BLOCK, _TRAIN_BLOCK = 1000, 2000  # images at a time: their distances need 16 MB
# With at most this number of pixels, sums of products are at most 2**24, which float32 represents
# exactly.
_MOST_EXACT_PIXELS = 1024


@dataclass
class NearestNeighbours(Baseline):
    r"""Predicts the most frequent class among the k nearest training images.

    Distances are Euclidean and computed as

    .. math:: \|x - y\|^2 = \|x\|^2 + \|y\|^2 - 2\, x \cdot y

    so nearly all work is one matrix product. The product is computed in blocks, which need about
    60 MB for any number of images. The distances are exact: pixels are whole numbers, and after 128
    is subtracted from each (which changes no distance) every sum is a whole number that the floats
    can represent. So the predictions are the same on every machine, and equal distances are exactly
    equal.

    Ties: of training images at the same distance, the earlier one counts as nearer. Of classes with
    the same number of votes, the one of the nearest image wins.

    Args:
        k: Number of neighbours that vote, at least 1. Default 1.

    Raises:
        ValueError: If ``k`` is less than 1.

    References:
        Cover and Hart, "Nearest neighbor pattern classification" (1967).
    """

    k: Size = 1

    def __post_init__(self) -> None:
        check_fields(self)

    def fit(self, dataset: Dataset) -> Self:
        """Store the training images."""
        self.pixels, self.labels, _ = training_arrays(dataset, minimum=self.k)
        return self

    def predict(self, images: Array) -> Array:
        """Return the most frequent class among the nearest training images."""
        votes = self.labels[self.nearest(images)[0]]
        counts = (votes[:, :, np.newaxis] == np.arange(CLASSES)).sum(axis=1)
        most = counts.max(axis=1, keepdims=True)
        elected = np.take_along_axis(counts, votes, axis=1) == most
        first = elected.argmax(axis=1)  # the nearest neighbour whose class has the most votes
        return votes[np.arange(len(votes)), first]

    def nearest(self, images: Array) -> tuple[Array, Array]:
        """Return the indices and squared distances of the nearest training images, nearest first.

        Args:
            images: Images (N, H, W, C) uint8 of the size of the training images.

        Returns:
            Indices (N, k) int64, and squared distances (N, k) float64.

        Raises:
            ValueError: If the images have another size.
        """
        rows = as_rows(images)
        if rows.shape[1] != self.pixels.shape[1]:
            raise ValueError(
                f"images must have {self.pixels.shape[1]} pixels, as the training images do, got "
                f"{rows.shape[1]}"
            )
        results = [self._nearest(_centred(block)) for _, block in _blocks(rows, _QUERY_BLOCK)]
        empty = np.zeros((0, self.k))
        indices, distances = zip(*results, strict=True) if results else ([empty], [empty])
        return np.concatenate(indices).astype(np.int64), np.concatenate(distances)

    def _nearest(self, x: Array) -> tuple[Array, Array]:
        """Return what ``nearest`` returns, for a block of images as rows of centred pixels.

        The training images are examined in blocks, too. The k nearest images of each of these
        blocks are merged with the k nearest of the earlier blocks.
        """
        indices = np.zeros((len(x), 0), np.int64)
        distances = np.zeros((len(x), 0))
        for start, block in _blocks(self.pixels, _TRAIN_BLOCK):
            y = _centred(block)
            block_distances = _norms(y) - 2 * (x @ y.T)
            near = _smallest(block_distances, min(self.k, len(y)))
            indices = np.concatenate([indices, start + near], axis=1)
            near_distances = np.take_along_axis(block_distances, near, axis=1)
            distances = np.concatenate([distances, near_distances], axis=1)
            kept = distances.argsort(axis=1, kind="stable")[:, : self.k]
            indices = np.take_along_axis(indices, kept, axis=1)
            distances = np.take_along_axis(distances, kept, axis=1)
        return indices, distances + _norms(x)[:, np.newaxis]


def _blocks(pixels: Array, size: int) -> Iterator[tuple[int, Array]]:
    for start in range(0, len(pixels), size):
        yield start, pixels[start : start + size]


def _centred(pixels: Array) -> Array:
    """Return pixels - 128 in the smallest float type in which sums of their products are exact."""
    dtype = np.float32 if pixels.shape[1] <= _MOST_EXACT_PIXELS else np.float64
    centred: Array = pixels.astype(dtype)
    centred -= 128
    return centred


def _norms(x: Array) -> Array:
    """Return the squared lengths of rows as float64, in which they are added exactly."""
    return np.einsum("nf,nf->n", x, x).astype(np.float64)


def _smallest(values: Array, k: int) -> Array:
    """Return the indices (N, k) of the k smallest values of each row, in ascending order.

    Equal values keep their order. Each of k passes finds a minimum and hides it, which is faster
    than sorting if k is small. ``values`` is restored at the end.
    """
    rows, found, hidden = np.arange(len(values)), [], []
    for _ in range(k):
        found.append(values.argmin(axis=1))
        hidden.append(values[rows, found[-1]])
        values[rows, found[-1]] = np.inf
    for index, value in zip(found, hidden, strict=True):
        values[rows, index] = value
    return np.stack(found, axis=1)
