"""Affine transformations of images: rotation, scaling, shear and shift, sampled once."""

import numpy as np

from tenfold.images.augment import sample_at
from tenfold.nn.array import Array

__all__ = ["rotation", "warp"]


def warp(images: Array, inverse: Array, shift: Array | None = None) -> Array:
    r"""Return transformed images: a pixel at p takes the value of the image at

    .. math:: s(p) = c + M (p - c - t)

    with bilinear interpolation, and 0 outside the image; c is the centre of the image.

    Args:
        images: (N, H, W, 1).
        inverse: M for (y, x), with y downwards: (2, 2) for all images or (N, 2, 2). M is the
            inverse of the transformation: with 2 on its diagonal the digits get half their size.
        shift: t, in pixels downwards and to the right: (N, 2). By default 0.

    Returns:
        float32 (N, H, W, 1).
    """
    count, height, width, _ = images.shape
    inverse = np.broadcast_to(inverse, (count, 2, 2)).astype(np.float32)
    moved = np.zeros((count, 2)) if shift is None else shift
    y = _from_centre(height)[:, None] - moved[:, 0, None, None].astype(np.float32)
    x = _from_centre(width) - moved[:, 1, None, None].astype(np.float32)
    rows, columns = (
        inverse[:, axis, 0, None, None] * y + inverse[:, axis, 1, None, None] * x for axis in (0, 1)
    )
    return sample_at(images, rows, columns)


def rotation(angle: Array) -> Array:
    """Return the matrices M with which ``warp`` rotates images counterclockwise.

    Args:
        angle: Angle of each image, in radians: (N,).

    Returns:
        (N, 2, 2).
    """
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([np.stack([cos, sin], axis=-1), np.stack([-sin, cos], axis=-1)], axis=-2)


def _from_centre(size: int) -> Array:
    return np.arange(size, dtype=np.float32) - np.float32((size - 1) / 2)
