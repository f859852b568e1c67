"""Light: paper that is not black, or partly the wrong way round."""

import numpy as np

from tenfold.images.per_image_random import Lanes
from tenfold.nn.array import Array

__all__ = ["brightness", "stripe"]

_BRIGHTER = 0.5  # of full brightness
_LEFT, _RIGHT = 7, 21  # columns


def brightness(images: Array, lanes: Lanes) -> Array:
    """Add half of full brightness, up to white. As in MNIST-C; nothing is random."""
    return images + np.float32(_BRIGHTER)


def stripe(images: Array, lanes: Lanes) -> Array:
    """Invert the first seven columns and the last seven. As in MNIST-C; nothing is random."""
    out = images.copy()
    for part in (slice(0, _LEFT), slice(_RIGHT, None)):
        out[:, :, part] = 1 - out[:, :, part]
    return out
