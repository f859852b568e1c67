"""Warp: turn, stretch, slant and move images by known amounts, in one sampling."""

import numpy as np

from tenfold.images.augment import sample
from tenfold.nn.array import Array

__all__ = ["rotation", "warp"]


def warp(images: Array, inverse: Array, shift: Array | None = None) -> Array:
    r"""Return images whose pixel at p shows what the image shows at

    .. math:: s(p) = c + M (p - c - t)

    bilinearly interpolated, 0 outside the image; c is its middle and stays where it is if t = 0.

    Args:
        images: (N, H, W, 1).
        inverse: M for (y, x), y downwards, one for all or one for each: (2, 2) or (N, 2, 2). It is
            the inverse of what happens to the image: 2 on its diagonal halves a digit.
        shift: t, in pixels downwards and to the right, (N, 2); none by default.

    Returns:
        float32 (N, H, W, 1).
    """
    count, height, width, _ = images.shape
    inverse = np.broadcast_to(inverse, (count, 2, 2)).astype(np.float32)
    moved = np.zeros((count, 2)) if shift is None else shift
    y = _from_middle(height)[:, None] - moved[:, 0, None, None].astype(np.float32)
    x = _from_middle(width) - moved[:, 1, None, None].astype(np.float32)
    rows, columns = (
        inverse[:, axis, 0, None, None] * y + inverse[:, axis, 1, None, None] * x for axis in (0, 1)
    )
    return sample(images, rows, columns)


def rotation(angle: Array) -> Array:
    """Return M for ``warp`` that turns each image against the clock by its angle, in radians.

    Args:
        angle: (N,).

    Returns:
        (N, 2, 2).
    """
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([np.stack([cos, sin], axis=-1), np.stack([-sin, cos], axis=-1)], axis=-2)


def _from_middle(size: int) -> Array:
    return np.arange(size, dtype=np.float32) - np.float32((size - 1) / 2)
