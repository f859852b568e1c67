"""Splits of a data set, stratified by class and the same on every machine."""

import numpy as np

from tenfold.data.dataset import Dataset
from tenfold.errors import TenfoldError
from tenfold.nn import stream
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = ["folds", "hold_out"]


@checked
def hold_out(
    dataset: Dataset, count: int, seed: int = 0, purpose: str = "validation"
) -> tuple[Dataset, Dataset]:
    """Split labelled data into (rest, held out), both in the original order.

    The split is stratified: each class contributes its share of ``count``, rounded by the largest
    remainder method (Hamilton's), so that the shares add up. Within a class the images are chosen
    at random, by (seed, purpose, class).

    Args:
        dataset: Data with labels.
        count: Number of images to hold out, 1 to N - 1.
        seed: Random seed, 0 to 2**64 - 1.
        purpose: Name of the purpose, such as "validation". The choices for different purposes are
            independent.

    Raises:
        TenfoldError: If the data has no labels, or ``count`` is out of its range.
    """
    labels = dataset.require_labels()
    if not 0 < count < len(dataset):
        raise TenfoldError(
            f"{dataset.name}: the number of images held out for {purpose} must be from 1 to "
            f"{len(dataset) - 1}, got {count}. Hold out fewer, or add images."
        )
    is_held_out = np.zeros(len(dataset), bool)
    for digit, share in enumerate(_shares(np.bincount(labels, minlength=dataset.classes), count)):
        positions = np.flatnonzero(labels == digit)
        is_held_out[stream(seed, purpose, index=digit).permutation(positions)[:share]] = True
    return dataset.subset(~is_held_out), dataset.subset(is_held_out)


@checked
def folds(dataset: Dataset, count: int, seed: int = 0) -> Array:
    """Return the fold of each image, from 0 to count - 1: (N,) int64.

    Each class is shuffled by (seed, "folds", class), and its images go to one fold after the other;
    the next class continues with the next fold. So the sizes of the folds differ by at most one
    image, in total and for each class.

    Args:
        dataset: Data with labels.
        count: Number of folds, 2 to N.
        seed: Random seed, 0 to 2**64 - 1.

    Raises:
        TenfoldError: If the data has no labels, ``count`` is out of its range, or a class
            with images has fewer images than there are folds.
    """
    labels = dataset.require_labels()
    if not 2 <= count <= len(dataset):
        raise TenfoldError(
            f"{dataset.name}: the number of folds must be from 2 to {len(dataset)}, the number of "
            f"images, got {count}. Use fewer folds, or add images."
        )
    sizes = np.bincount(labels, minlength=dataset.classes)
    rarest = min(np.flatnonzero(sizes), key=sizes.__getitem__)
    if sizes[rarest] < count:
        fewer = f"use {sizes[rarest]} folds, " if sizes[rarest] > 1 else ""
        raise TenfoldError(
            f"{dataset.name}: {count} folds need {count} images of each digit, got "
            f"{sizes[rarest]} of digit {rarest}: {fewer}add images of it, or leave it out."
        )
    order = [
        stream(seed, "folds", index=digit).permutation(np.flatnonzero(labels == digit))
        for digit in range(dataset.classes)
    ]
    fold = np.empty(len(dataset), np.int64)
    fold[np.concatenate(order)] = np.arange(len(dataset)) % count
    return fold


def _shares(sizes: Array, count: int) -> Array:
    """Return the number of images that each class contributes to ``count``: (classes,) int64.

    Quotas are rounded down; the remaining images go to the largest fractions, and among equal
    fractions to the smaller digits.
    """
    shares, remainders = np.divmod(sizes * count, sizes.sum())
    largest = np.argsort(-remainders, kind="stable")
    shares[largest[: count - shares.sum()]] += 1
    return shares
