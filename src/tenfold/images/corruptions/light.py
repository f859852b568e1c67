"""Corruptions of brightness: a brighter image and inverted stripes."""

import numpy as np

from tenfold.images.per_image_random import PerImageRandom
from tenfold.nn.array import Array

__all__ = ["brightness", "stripe"]

_BRIGHTER = 0.5  # share of full brightness that is added
_LEFT, _RIGHT = 7, 21  # columns


def brightness(images: Array, random: PerImageRandom) -> Array:
    """Add half of full brightness, up to white, as in MNIST-C. Nothing is random."""
    return images + np.float32(_BRIGHTER)


def stripe(images: Array, random: PerImageRandom) -> Array:
    """Invert the first seven and the last seven columns, as in MNIST-C. Nothing is random."""
    out = images.copy()
    for part in (slice(0, _LEFT), slice(_RIGHT, None)):
        out[:, :, part] = 1 - out[:, :, part]
    return out
