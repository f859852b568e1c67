"""Orientation of digits: detects images that are stored transposed, as EMNIST's are.

EMNIST's files do not state that they are transposed. A network trained on transposed digits
scores as well as any other, but then misreads real digits. So the images are compared with the
mean digits of MNIST in the eight orientations of a square (four rotations, with and without
transposition). A wrong result by chance is practically impossible: on 100 images of MNIST the
difference is already twenty standard errors.
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
    "the digits look transposed (mirrored at the diagonal), as EMNIST stores them: put 'emnist' "
    "into the name of the file or its folder, and they are set upright when read"
)
UPRIGHT, TRANSPOSED_POSITION = 0, 4
"""Indices of the upright and the transposed orientation in the result of ``agreement``."""

_FEWEST = 50  # images needed for a decision
_SAMPLE = 2000  # largest number of images that are compared
# Least mean agreement. MNIST: 0.67; in wrong orientations: up to 0.52; inverted: below 0.
_AGREEMENT = 0.5
_STANDARD_ERRORS = 10.0  # by which the transposed orientation must be better than the upright one


def looks_transposed(images: Array, labels: Array | None = None) -> bool:
    """Return whether the images are almost certainly digits with rows and columns swapped.

    They are if three conditions hold: of the eight orientations, the mean ``agreement`` is highest
    in the transposed one; it is at least 0.5; and it exceeds the mean agreement in the upright
    orientation by more than ten standard errors of the difference.

    Args:
        images: (N, H, W, C) uint8. The result is False for fewer than 50 images, and for images
            that are not 28 x 28 x 1.
        labels: (N,) int64, or None if they are unknown.
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
    """Return the agreement of images with MNIST's mean digits in eight orientations: (8, n).

    Each value is the correlation of one image with the mean digit of its label in one orientation.
    There are n = min(N, 2000) images, spread evenly. Without labels, or for a label that is no
    digit, it is the correlation with the most similar mean digit.

    Args:
        images: (N, 28, 28, 1) uint8.
        labels: (N,) int64, or None if they are unknown.
    """
    chosen = np.linspace(0, len(images) - 1, min(_SAMPLE, len(images))).astype(np.intp)
    correlation = np.einsum("np,kcp->knc", _unit(images[chosen]), _templates(), optimize=True)
    best: Array = correlation.max(axis=2)
    if labels is None:
        return best
    labels, every_image = labels[chosen], np.arange(len(chosen))
    is_digit = labels < CLASSES
    return np.where(is_digit, correlation[:, every_image, np.where(is_digit, labels, 0)], best)


def set_upright(dataset: Dataset, path_names: str) -> Dataset:
    """Return the data with transposed digits set upright, or with a note that they are not.

    The images are changed only if they look transposed and ``path_names`` contains "emnist". If
    they look transposed without this name, only the note ``TRANSPOSED`` is added. If they do not
    look transposed, the data is returned unchanged.

    Args:
        dataset: The data.
        path_names: Names of the file and of its folder, as one text.
    """
    if not looks_transposed(dataset.images, dataset.labels):
        return dataset
    if "emnist" not in path_names.lower():
        return dataset.with_notes((*dataset.notes, TRANSPOSED))
    images = np.ascontiguousarray(dataset.images.swapaxes(1, 2))
    note = "the digits were stored transposed, as in EMNIST, and have been set upright"
    return Dataset(images, dataset.labels, dataset.name, (*dataset.notes, note))


@functools.cache
def _templates() -> Array:
    """Return MNIST's mean digits in eight orientations: (8, 10, 784), unit vectors.

    First the digits, rotated by 0 to 3 quarter turns; then the transposed digits, rotated likewise.
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
    """Return images minus their mean, scaled to length 1: (N, H * W) float32. Blank ones stay 0."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
