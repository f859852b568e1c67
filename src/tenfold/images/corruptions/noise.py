"""Noise: each pixel goes wrong on its own."""

import numpy as np

from tenfold.images.per_image_random import Lanes
from tenfold.nn.array import Array

__all__ = ["impulse_noise", "shot_noise"]

_PHOTONS = 3.0  # that a pixel of full brightness sends, on average
_IMPULSES = 0.17  # the share of the pixels that are hit


def shot_noise(images: Array, lanes: Lanes) -> Array:
    """Count photons: k / 3, where k is Poisson with a mean of 3 times the pixel. As in MNIST-C.

    What is black stays black.
    """
    shape, means = images.shape[1:], iter(_PHOTONS * images.astype(np.float64))
    counts = lanes.draw(lambda rng: rng.poisson(next(means), shape))
    return (counts / _PHOTONS).astype(np.float32)


def impulse_noise(images: Array, lanes: Lanes) -> Array:
    """Salt and pepper: 17 % of the pixels turn white or black, as often, as in MNIST-C."""
    chance = lanes.draw(lambda rng: rng.random(images.shape[1:], np.float32))
    salted = np.where(chance < _IMPULSES / 2, np.float32(1), images)
    return np.where(chance > 1 - _IMPULSES / 2, np.float32(0), salted)
