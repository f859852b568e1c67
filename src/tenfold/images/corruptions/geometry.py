"""Geometric corruptions: shear, scale, rotation and translation."""

import math

import numpy as np

from tenfold.images.per_image_random import PerImageRandom
from tenfold.images.warp import rotation, warp
from tenfold.nn.array import Array

__all__ = ["rotate", "scale", "shear", "translate"]

_SHEAR, _ROTATION = 0.4, 0.4  # radians, with a random sign
_SCALE = 0.7  # size of the digit after ``scale`` as a share of its size before
_SHIFT = 3  # pixels


def shear(images: Array, random: PerImageRandom) -> Array:
    """Shear by 0.4 radians (23 degrees), to the left or to the right, about the centre.

    As in MNIST-C, the transformation is that of scikit-image in 2019: a row of the result at the
    distance d from the centre is shifted by d * sin 0.4, and the height of the digit grows by the
    factor 1 / cos 0.4 = 1.09.
    """
    slant = _SHEAR * random.signs(1)[:, 0]
    inverse = np.zeros((len(images), 2, 2))
    inverse[:, 0, 0] = math.cos(_SHEAR)
    inverse[:, 1, 0] = -np.sin(slant)
    inverse[:, 1, 1] = 1
    return warp(images, inverse)


def scale(images: Array, random: PerImageRandom) -> Array:
    """Scale to 0.7 of the size, about the centre, as in MNIST-C. Nothing is random."""
    return warp(images, np.eye(2) / _SCALE)


def rotate(images: Array, random: PerImageRandom) -> Array:
    """Rotate by 0.4 radians (23 degrees) about the centre, in a random direction, as in MNIST-C."""
    return warp(images, rotation(_ROTATION * random.signs(1)[:, 0]))


def translate(images: Array, random: PerImageRandom) -> Array:
    """Shift by 3 pixels up or down and 3 pixels to the left or right, as in MNIST-C."""
    return warp(images, np.eye(2), _SHIFT * random.signs(2))
