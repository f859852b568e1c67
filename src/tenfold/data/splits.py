"""Splits: what is held out is chosen once, by class, and is the same on every machine."""

import numpy as np

from tenfold.data.dataset import CLASSES, Dataset
from tenfold.errors import TenfoldError
from tenfold.nn import stream
from tenfold.nn.array import Array

__all__ = ["folds", "hold_out"]


def hold_out(
    dataset: Dataset, count: int, seed: int = 0, purpose: str = "validation"
) -> tuple[Dataset, Dataset]:
    """Divide labelled data into (rest, held out), both in the original order.

    Each class gives its share of ``count``, rounded by largest remainder (Hamilton's method) so
    that the shares add up; within a class, chance decides, by (seed, purpose, class).

    Args:
        dataset: with labels.
        count: how many images are held out, 0 < count < N.
        seed: of the choice.
        purpose: what they are held out for; other purposes choose independently.

    Raises:
        TenfoldError: if the data has no labels, or one of the parts would be empty.
    """
    labels = dataset.require_labels()
    if not 0 < count < len(dataset):
        raise TenfoldError(
            f"{dataset.name}: of {len(dataset)} images, 1 to {len(dataset) - 1} can be held out "
            f"for {purpose}, not {count}. Ask for fewer, or bring more images."
        )
    held = np.zeros(len(dataset), bool)
    for digit, share in enumerate(_shares(np.bincount(labels, minlength=CLASSES), count)):
        members = np.flatnonzero(labels == digit)
        held[stream(seed, purpose, lane=digit).permutation(members)[:share]] = True
    return dataset.subset(~held), dataset.subset(held)


def folds(dataset: Dataset, count: int, seed: int = 0) -> Array:
    """Return for each image the fold (N,) from 0 to count - 1 that it belongs to.

    Each class is mixed, by (seed, "folds", class), and dealt out like cards; the next class goes on
    where it ended. So the folds differ by at most one image, and by at most one of each class.

    Args:
        dataset: with labels.
        count: how many folds, at least 2.
        seed: of the mixing.

    Raises:
        TenfoldError: if the data has no labels, or a class that occurs has fewer images than there
            are folds, so that it cannot be in all of them.
    """
    labels = dataset.require_labels()
    if not 2 <= count <= len(dataset):
        raise TenfoldError(
            f"{dataset.name}: {len(dataset)} images can be dealt into 2 to {len(dataset)} folds, "
            f"not {count}. Ask for fewer, or bring more images."
        )
    sizes = np.bincount(labels, minlength=CLASSES)
    rarest = min(np.flatnonzero(sizes), key=sizes.__getitem__)
    if sizes[rarest] < count:
        ways = [f"ask for {sizes[rarest]} folds"] if sizes[rarest] > 1 else []
        raise TenfoldError(
            f"{dataset.name}: {count} folds need {count} images of each digit, but of digit "
            f"{rarest} there is only {sizes[rarest]}: "
            f"{', '.join([*ways, 'bring more of it'])}, or leave it out."
        )
    order = [
        stream(seed, "folds", lane=digit).permutation(np.flatnonzero(labels == digit))
        for digit in range(CLASSES)
    ]
    fold = np.empty(len(dataset), np.int64)
    fold[np.concatenate(order)] = np.arange(len(dataset)) % count
    return fold


def _shares(sizes: Array, count: int) -> Array:
    """Return how many of ``count`` each class gives: its quota rounded down, or up while any is
    left to give, the largest fractions first and equal ones by digit.
    """
    shares, remainders = np.divmod(sizes * count, sizes.sum())
    largest = np.argsort(-remainders, kind="stable")
    shares[largest[: count - shares.sum()]] += 1
    return shares
