"""Ink is bright on a dark ground here, as in MNIST; paper is the other way round."""

import math

import numpy as np

from tenfold.nn.array import Array

__all__ = ["has_light_background", "is_blank"]


def has_light_background(images: Array) -> Array:
    """Return (N,) bool: whether more than half of an image's outermost pixels are above 127.

    A digit seldom touches the border, and never most of it.

    Args:
        images: (N, H, W, 1) uint8.
    """
    border = np.concatenate(
        [images[:, 0], images[:, -1], images[:, 1:-1, 0], images[:, 1:-1, -1]], axis=1
    )
    return (border > 127).mean(axis=(1, 2)) > 0.5


def is_blank(images: Array) -> Array:
    """Return (N,) bool: whether an image (N, H, W, C) is all of one shade."""
    flat = images.reshape(len(images), math.prod(images.shape[1:]))
    return flat.min(axis=1) == flat.max(axis=1)
