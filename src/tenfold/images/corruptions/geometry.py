"""Geometry: a digit that is slanted, smaller, turned, or not in the middle."""

import math

import numpy as np

from tenfold.images.per_image_random import Lanes
from tenfold.images.warp import rotation, warp
from tenfold.nn.array import Array

__all__ = ["rotate", "scale", "shear", "translate"]

_SHEAR, _ROTATION = 0.4, 0.4  # radians, either way
_SCALE = 0.7
_SHIFT = 3  # pixels


def shear(images: Array, lanes: Lanes) -> Array:
    """Slant by 0.4 radians (23 degrees), to the left or to the right, about the middle.

    As in MNIST-C, whose transformation (scikit-image's of 2019) turns the vertical axis and keeps
    its length: a row moves by sin 0.4 of its height, and the digit grows by 1 / cos 0.4 = 1.09
    from top to bottom.
    """
    slant = _SHEAR * lanes.signs(1)[:, 0]
    inverse = np.zeros((len(images), 2, 2))
    inverse[:, 0, 0] = math.cos(_SHEAR)
    inverse[:, 1, 0] = -np.sin(slant)
    inverse[:, 1, 1] = 1
    return warp(images, inverse)


def scale(images: Array, lanes: Lanes) -> Array:
    """Shrink to 0.7 of its size, about the middle. As in MNIST-C; nothing is random."""
    return warp(images, np.eye(2) / _SCALE)


def rotate(images: Array, lanes: Lanes) -> Array:
    """Turn by 0.4 radians (23 degrees), one way or the other, about the middle. As in MNIST-C."""
    return warp(images, rotation(_ROTATION * lanes.signs(1)[:, 0]))


def translate(images: Array, lanes: Lanes) -> Array:
    """Move by 3 pixels up or down, and 3 aside, as in MNIST-C; what leaves is lost."""
    return warp(images, np.eye(2), _SHIFT * lanes.signs(2))
