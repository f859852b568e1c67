"""Duplicates: images of one data set that are exact copies of images in another."""

from hashlib import blake2b

import numpy as np

from tenfold.images.polarity import check_bytes
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = ["overlap", "overlapping"]

_BYTES = 16  # of a hash: two different images have the same one with probability 3e-39


@checked
def overlapping(images: Array, others: Array) -> Array:
    """Return whether each image is an exact copy of one of the others: (N,) bool.

    Images are compared by the BLAKE2b hash of their pixels; 28,000 against 70,000 take half a
    second.

    Args:
        images: (N, H, W, C) uint8.
        others: (M, H, W, C) uint8. If their size differs from that of the images, none is a copy.

    Raises:
        ValueError: If an array has another dtype or number of axes: equal images would differ.
    """
    check_bytes("images", images)
    check_bytes("others", others)
    if images.shape[1:] != others.shape[1:]:
        return np.zeros(len(images), bool)
    known = set(_hashes(others))
    return np.array([one in known for one in _hashes(images)], bool)


@checked
def overlap(images: Array, others: Array) -> int:
    """Return the number of images that are exact copies of one of the others."""
    return int(overlapping(images, others).sum())


def _hashes(images: Array) -> list[bytes]:
    return [blake2b(image.tobytes(), digest_size=_BYTES).digest() for image in images]
