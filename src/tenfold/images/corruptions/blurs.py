"""Blurs: seen through rough glass, or while the camera moves."""

import math

import numpy as np

from tenfold.images.blur import gaussian_matrix
from tenfold.images.corruptions.corruption import SIDE
from tenfold.images.per_image_random import Lanes
from tenfold.nn.array import Array

__all__ = ["glass_blur", "motion_blur"]

_GLASS, _ROUNDS = 0.7, 2  # pixels of smoothing; how often pixels change places
_MOTION, _TRAIL = 3.0, 20  # deviation and length of the smear, in pixels
_STEEPEST = 45.0  # degrees


def glass_blur(images: Array, lanes: Lanes) -> Array:
    """Smooth by 0.7 pixels, let neighbours change places twice over, smooth again.

    From the bottom right to the top left, each pixel but those of the first two rows and columns
    swaps, with a chance of one half, with itself or its neighbour above, to the left, or both.

    As in MNIST-C, whose published code takes the horizontal axis for that of the colours: its
    smoothing is vertical only, and so is ours. It cuts grey levels off before the swaps; so do we.
    """
    smooth = gaussian_matrix(SIDE, _GLASS)
    levels = np.floor(255 * (smooth @ images[..., 0]))
    flat = np.ascontiguousarray(levels.reshape(len(images), -1).T)  # (pixels, N)
    each = np.arange(len(images))
    for _ in range(_ROUNDS):
        back = _swaps(lanes)
        for row, column in np.ndindex(back.shape[1:]):
            here = (SIDE - 1 - row) * SIDE + SIDE - 1 - column
            there = here - back[:, row, column]
            kept = flat[here].copy()
            flat[here] = flat[there, each]
            flat[there, each] = kept
    return (smooth @ (flat.T.reshape(images.shape[:3]) / 255))[..., None]


def _swaps(lanes: Lanes) -> Array:
    """Return how many pixels before it each pixel's partner lies, 0 for itself: (N, 26, 26)."""
    inner = (SIDE - 2, SIDE - 2)
    choice = lanes.draw(lambda rng: rng.integers(0, 8, inner))
    partners = np.array([0, 0, 0, 0, 0, 1, SIDE, SIDE + 1])
    return partners[choice]


def motion_blur(images: Array, lanes: Lanes) -> Array:
    """Smear to one side along a line that rises or falls by up to 45 degrees.

    A pixel is the mean of those that lie 0, 1, ..., 20 pixels away along the line, nearest whole
    pixels, with weights exp(-d^2 / (2 * 3^2)). As in MNIST-C, where ImageMagick does it with a
    radius of 10 and a deviation of 3; it repeats the edge beyond the image, where ours is black.
    """
    far = np.arange(_TRAIL + 1)
    weights = np.exp(-(far**2) / (2 * _MOTION**2))
    weights /= weights.sum()
    angle = lanes.draw(lambda rng: math.radians(rng.uniform(-_STEEPEST, _STEEPEST)))
    down, right = (np.rint(far * part[:, None]) for part in (np.sin(angle), np.cos(angle)))
    wide = np.pad(images[..., 0], ((0, 0), (_TRAIL, _TRAIL), (_TRAIL, _TRAIL)))
    side = wide.shape[1]
    y, x = np.indices((SIDE, SIDE)) + _TRAIL
    place = np.arange(len(images))[:, None, None] * side**2 + y * side + x
    away = (down * side + right).astype(np.intp)
    out = np.zeros(images.shape[:3], np.float32)
    for step, weight in enumerate(weights.astype(np.float32)):
        out += weight * wide.ravel().take(place + away[:, step, None, None])
    return out[..., None]
