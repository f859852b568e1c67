"""Which way up digits stand. EMNIST's files hold theirs transposed, and nothing in them says so.

A network trained on transposed digits scores as well as any, and then reads every real digit
wrongly. So the images themselves are asked: in which of a square's eight positions do they agree
best with the mean digits of MNIST? Chance does not produce the answer "transposed": on 100 images
of MNIST the difference is already twenty standard errors.
"""

import functools

import numpy as np

from tenfold.data.arrays import SIDE
from tenfold.data.dataset import CLASSES, Dataset
from tenfold.data.mnist import load_mnist
from tenfold.nn.array import Array

__all__ = [
    "TRANSPOSED",
    "TRANSPOSED_POSITION",
    "UPRIGHT",
    "agreement",
    "looks_transposed",
    "set_upright",
]

TRANSPOSED = (
    "the digits look transposed (mirrored on the diagonal), as EMNIST stores them: put 'emnist' "
    "into the name of the file or its folder and they are set upright on reading"
)
UPRIGHT, TRANSPOSED_POSITION = 0, 4
"""Places in the list of positions."""

_FEWEST = 50  # images, below which nothing is claimed
_SAMPLE = 2000
_AGREEMENT = 0.5  # MNIST itself: 0.67; its wrong positions: up to 0.52, its inversion: below 0
_STANDARD_ERRORS = 10.0


def looks_transposed(images: Array, labels: Array | None = None) -> bool:
    """Return whether these are, almost certainly, digits stored with rows and columns exchanged.

    They are if of all ``agreement`` the transposed position's is best, by at least 0.5 on average,
    and better than the upright one's by ten standard errors of the difference.

    Args:
        images: (N, H, W, C) uint8; anything but 28x28x1, or fewer than 50 images, gives False.
        labels: (N,) int64, or None.
    """
    if len(images) < _FEWEST or images.shape[1:] != (SIDE, SIDE, 1):
        return False
    fits = agreement(images, labels)
    means = fits.mean(axis=1)
    gain = fits[TRANSPOSED_POSITION] - fits[UPRIGHT]
    certain = gain.mean() > _STANDARD_ERRORS * gain.std() / len(gain) ** 0.5
    best = means.argmax() == TRANSPOSED_POSITION
    return bool(certain and best and means[TRANSPOSED_POSITION] >= _AGREEMENT)


def agreement(images: Array, labels: Array | None = None) -> Array:
    """Return how well images agree with MNIST's mean digits, in each of eight positions: (8, n).

    For up to 2,000 of the images, spread evenly, it is the correlation with the mean digit of the
    same label (without labels: with the most similar one) in that position.

    Args:
        images: (N, 28, 28, 1) uint8. ``labels``: (N,) int64, or None.
    """
    spread = np.linspace(0, len(images) - 1, min(_SAMPLE, len(images))).astype(np.intp)
    correlation = np.einsum("np,kcp->knc", _unit(images[spread]), _positions(), optimize=True)
    best: Array = correlation.max(axis=2)
    return best if labels is None else correlation[:, np.arange(len(spread)), labels[spread]]


def set_upright(dataset: Dataset, origin: str) -> Dataset:
    """Return the data with transposed digits set upright, or with a note that they are not.

    Two witnesses are needed to change anything: the images look transposed, and their origin (the
    names of file and folder) says EMNIST. With the first alone the data stays as it is and gets
    the note ``TRANSPOSED``; with the second alone, somebody has set it upright before.
    """
    if not looks_transposed(dataset.images, dataset.labels):
        return dataset
    images, note = dataset.images, TRANSPOSED
    if "emnist" in origin.lower():
        images = np.ascontiguousarray(images.swapaxes(1, 2))
        note = "the digits were stored transposed, as EMNIST does it, and have been set upright"
    return Dataset(images, dataset.labels, dataset.name, (*dataset.notes, note))


@functools.cache
def _positions() -> Array:
    """Return MNIST's mean digits in a square's eight positions: (8, 10, 784) unit vectors.

    First the four quarter turns, then the four of the transposed digits.
    """
    train = load_mnist("train")
    labels = train.require_labels()
    means = np.stack([train.images[labels == c].mean(axis=0) for c in range(CLASSES)])[..., 0]
    turned = [
        np.rot90(digits, turns, axes=(1, 2))
        for digits in (means, means.swapaxes(1, 2))
        for turns in range(4)
    ]
    return np.stack([_unit(digits) for digits in turned])


def _unit(images: Array) -> Array:
    """Return (N, H * W) float32: each image less its mean, at length 1 (a blank one stays 0)."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
