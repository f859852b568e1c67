"""Nearest neighbours: no learning at all, only memory and a ruler."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.evaluation.baselines.base import Baseline, as_rows, training_arrays
from tenfold.nn.array import Array

__all__ = ["NearestNeighbours"]

_QUESTIONS, _MEMORIES = 1000, 2000  # images at a time: a block of distances is 16 MB
_EXACT = 1024  # so many products of numbers up to 128 add up to at most 2**24


@dataclass
class NearestNeighbours(Baseline):
    r"""Answers with the commonest class among the k training images that are nearest (Euclid).

    .. math:: \|x - y\|^2 = \|x\|^2 + \|y\|^2 - 2\, x \cdot y

    so that nearly all work is one matrix product. It is done in blocks, which take some 60 MB
    however many images there are, and it is exact: pixels are whole numbers, and with 128 taken
    from each (which moves all images alike) every sum is a whole number that the floats can hold.
    So the answers are the same on every machine, and equal distances are really equal.

    Ties: of training images at the same distance the earlier one is nearer. Of classes with the
    same number of votes, the one with the nearest member wins.

    Args:
        k: how many neighbours vote, at least 1.

    Cover and Hart, "Nearest neighbor pattern classification" (1967).
    """

    k: int = 1

    def __post_init__(self) -> None:
        if self.k < 1:
            raise ValueError(f"at least 1 neighbour votes, not {self.k}")

    def fit(self, dataset: Dataset) -> Self:
        """Remember the images."""
        self.pixels, self.labels, _ = training_arrays(dataset, least=self.k)
        return self

    def predict(self, images: Array) -> Array:
        """Return the class that most of the nearest vote for."""
        votes = self.labels[self.nearest(images)[0]]
        counts = (votes[:, :, np.newaxis] == np.arange(CLASSES)).sum(axis=1)
        most = counts.max(axis=1, keepdims=True)
        elected = np.take_along_axis(counts, votes, axis=1) == most
        first = elected.argmax(axis=1)  # of the neighbours, the nearest whose class has the most
        return votes[np.arange(len(votes)), first]

    def nearest(self, images: Array) -> tuple[Array, Array]:
        """Return places (N, k) and squared distances (N, k) of the nearest, nearest first."""
        questions = as_rows(images)
        if questions.shape[1] != self.pixels.shape[1]:
            raise ValueError(f"images of {self.pixels.shape[1]} pixels, not {questions.shape[1]}")
        answers = [self._nearest(_centred(block)) for _, block in _blocks(questions, _QUESTIONS)]
        empty = np.zeros((0, self.k))
        places, distances = zip(*answers, strict=True) if answers else ([empty], [empty])
        return np.concatenate(places).astype(np.int64), np.concatenate(distances)

    def _nearest(self, x: Array) -> tuple[Array, Array]:
        """Return the k nearest of a block of questions: the best of each block, and of those."""
        places = np.zeros((len(x), 0), np.int64)
        distances = np.zeros((len(x), 0))
        for start, block in _blocks(self.pixels, _MEMORIES):
            y = _centred(block)
            some = _norms(y) - 2 * (x @ y.T)
            near = _smallest(some, min(self.k, len(y)))
            places = np.concatenate([places, start + near], axis=1)
            distances = np.concatenate([distances, np.take_along_axis(some, near, 1)], axis=1)
            kept = distances.argsort(axis=1, kind="stable")[:, : self.k]
            places = np.take_along_axis(places, kept, axis=1)
            distances = np.take_along_axis(distances, kept, axis=1)
        return places, distances + _norms(x)[:, np.newaxis]


def _blocks(pixels: Array, size: int) -> Iterator[tuple[int, Array]]:
    for start in range(0, len(pixels), size):
        yield start, pixels[start : start + size]


def _centred(pixels: Array) -> Array:
    """Return pixels - 128 in the smallest floats in which sums of their products are exact."""
    dtype = np.float32 if pixels.shape[1] <= _EXACT else np.float64
    centred: Array = pixels.astype(dtype)
    centred -= 128
    return centred


def _norms(x: Array) -> Array:
    """Return the squared lengths of rows as float64, in which they can be added exactly."""
    return np.einsum("nf,nf->n", x, x).astype(np.float64)


def _smallest(values: Array, k: int) -> Array:
    """Return the places (N, k) of each row's smallest values, smallest first, the first of equals.

    k sweeps, each of which finds a minimum and covers it: for a few neighbours that is quicker
    than to sort. ``values`` is left as it was.
    """
    rows, found, covered = np.arange(len(values)), [], []
    for _ in range(k):
        found.append(values.argmin(axis=1))
        covered.append(values[rows, found[-1]])
        values[rows, found[-1]] = np.inf
    for place, value in zip(found, covered, strict=True):
        values[rows, place] = value
    return np.stack(found, axis=1)
