"""Edges: the outline of a digit."""

import numpy as np

from tenfold.images.augment import sample_at
from tenfold.images.blur import gaussian_blur
from tenfold.images.corruptions.corruption import SIDE
from tenfold.images.per_image_random import PerImageRandom
from tenfold.nn.array import Array

__all__ = ["canny_edges"]

_BLUR = 1.0  # standard deviation, in pixels
_WEAK, _STRONG = 0.1, 0.2  # thresholds of the gradient
_EQUAL = np.float32(1 + 1e-5)  # gradients with a smaller ratio are equal up to rounding


def canny_edges(images: Array, random: PerImageRandom) -> Array:
    """Replace the image by its edges, white on black. Nothing is random.

    The image is blurred by one pixel, and its gradients are computed with the Sobel filter, without
    normalisation. A pixel is an edge if its gradient is at least 0.1 and at least as large as at
    its two neighbours along the direction of the gradient. A group of edges that are connected by
    sides or corners is dropped if none of its gradients reaches 0.2.

    MNIST-C uses the Canny filter of scikit-image. The results differ only near the border, since
    here the outermost pixels are repeated outside the image. In both, the outermost pixels are
    never edges.

    References:
        Canny, "A computational approach to edge detection" (1986).
    """
    smooth = gaussian_blur(images, _BLUR)[..., 0]
    down, right = _sobel(smooth, 1), _sobel(smooth, 2)
    strength = np.hypot(down, right)
    edge = _ridge(strength, down, right) & (strength >= _WEAK)
    kept = edge & (strength >= _STRONG)
    return _connected(edge, kept)[..., None].astype(np.float32)


def _sobel(images: Array, axis: int) -> Array:
    """Return the difference of the neighbours along ``axis``, smoothed by 1, 2, 1 across it."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)), mode="edge")
    across = 3 - axis
    before, here, after = (_part(padded, across, first) for first in (0, 1, 2))
    summed = before + 2 * here + after
    return _part(summed, axis, 2) - _part(summed, axis, 0)


def _part(images: Array, axis: int, first: int) -> Array:
    """Return the 28 rows (or columns) that begin at ``first``."""
    return images[:, first : first + SIDE] if axis == 1 else images[:, :, first : first + SIDE]


def _ridge(strength: Array, down: Array, right: Array) -> Array:
    """Return where the gradient is a maximum along its direction; never at the outermost pixels.

    The two neighbours are one pixel away along the axis of the larger component, and interpolated
    along the other axis.
    """
    longer = np.maximum(np.abs(down), np.abs(right))
    longer[longer == 0] = 1
    y, x = np.indices((SIDE, SIDE), np.float32) - np.float32((SIDE - 1) / 2)
    is_maximum = strength > 0
    for sign in (1, -1):
        neighbour = sample_at(
            strength[..., None], y + sign * down / longer, x + sign * right / longer
        )
        is_maximum &= neighbour[..., 0] <= strength * _EQUAL
    is_maximum[:, (0, -1)] = is_maximum[:, :, (0, -1)] = False
    return is_maximum


def _connected(edge: Array, kept: Array) -> Array:
    """Return all edges that are connected with one of ``kept``, by repeated dilation."""
    while True:
        wide = np.pad(kept, ((0, 0), (1, 1), (1, 1)))
        rows = wide[:, :-2] | wide[:, 1:-1] | wide[:, 2:]
        grown = edge & (rows[:, :, :-2] | rows[:, :, 1:-1] | rows[:, :, 2:])
        if np.array_equal(grown, kept):
            return kept
        kept = grown
