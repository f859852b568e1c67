"""Blurs: rough glass and a moving camera."""

import math

import numpy as np

from tenfold.images.blur import gaussian_matrix
from tenfold.images.corruptions.corruption import SIDE
from tenfold.images.per_image_random import PerImageRandom
from tenfold.nn.array import Array

__all__ = ["glass_blur", "motion_blur"]

_GLASS, _ROUNDS = 0.7, 2  # standard deviation of the blur, in pixels; rounds of swaps
_MOTION, _TRAIL = 3.0, 20  # standard deviation and length of the motion blur, in pixels
_STEEPEST = 45.0  # degrees


def glass_blur(images: Array, random: PerImageRandom) -> Array:
    """Blur by 0.7 pixels, swap neighbouring pixels in two rounds, and blur again.

    Each round goes from the bottom right to the top left and omits the first two rows and columns.
    A pixel is swapped with its neighbour above, left, or above left, each with probability 1/8, and
    otherwise not.

    This follows the published code of MNIST-C, which takes the horizontal axis for the colour axis
    and therefore blurs only vertically, and which truncates grey levels before the swaps.
    """
    smooth = gaussian_matrix(SIDE, _GLASS)
    levels = np.floor(255 * (smooth @ images[..., 0]))
    flat = np.ascontiguousarray(levels.reshape(len(images), -1).T)  # (pixels, N)
    numbers = np.arange(len(images))
    for _ in range(_ROUNDS):
        offsets = _swaps(random)
        for row, column in np.ndindex(offsets.shape[1:]):
            here = (SIDE - 1 - row) * SIDE + SIDE - 1 - column
            there = here - offsets[:, row, column]
            kept = flat[here].copy()
            flat[here] = flat[there, numbers]
            flat[there, numbers] = kept
    return (smooth @ (flat.T.reshape(images.shape[:3]) / 255))[..., None]


def _swaps(random: PerImageRandom) -> Array:
    """Return the offset of each pixel's partner for a swap, (N, 26, 26).

    Pixels are counted in reading order. With the offset d, pixel i is swapped with pixel i - d; the
    offset 0 means no swap.
    """
    inner = (SIDE - 2, SIDE - 2)
    choice = random.sample(lambda rng: rng.integers(0, 8, inner))
    partners = np.array([0, 0, 0, 0, 0, 1, SIDE, SIDE + 1])
    return partners[choice]


def motion_blur(images: Array, random: PerImageRandom) -> Array:
    """Blur to one side along a line with a slope of up to 45 degrees, upwards or downwards.

    A pixel is the weighted mean of the pixels at the distances d = 0, 1, ..., 20 along the line,
    with weights proportional to exp(-d^2 / (2 * 3^2)). Positions on the line are rounded to whole
    pixels. MNIST-C uses ImageMagick with a radius of 10 and a standard deviation of 3, which
    repeats the edge outside the image; here the outside is black.
    """
    distances = np.arange(_TRAIL + 1)
    weights = np.exp(-(distances**2) / (2 * _MOTION**2))
    weights /= weights.sum()
    angle = random.sample(lambda rng: math.radians(rng.uniform(-_STEEPEST, _STEEPEST)))
    down, right = (np.rint(distances * part[:, None]) for part in (np.sin(angle), np.cos(angle)))
    wide = np.pad(images[..., 0], ((0, 0), (_TRAIL, _TRAIL), (_TRAIL, _TRAIL)))
    side = wide.shape[1]
    y, x = np.indices((SIDE, SIDE)) + _TRAIL
    index = np.arange(len(images))[:, None, None] * side**2 + y * side + x
    offsets = (down * side + right).astype(np.intp)
    out = np.zeros(images.shape[:3], np.float32)
    for step, weight in enumerate(weights.astype(np.float32)):
        out += weight * wide.ravel().take(index + offsets[:, step, None, None])
    return out[..., None]
