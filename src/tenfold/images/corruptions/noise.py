"""Noise that is independent for each pixel."""

import numpy as np

from tenfold.images.per_image_random import PerImageRandom
from tenfold.nn.array import Array

__all__ = ["impulse_noise", "shot_noise"]

_PHOTONS = 3.0  # mean number of photons of a pixel of full brightness
_IMPULSES = 0.17  # share of the pixels that are replaced


def shot_noise(images: Array, random: PerImageRandom) -> Array:
    """Replace each pixel by k / 3, where k is Poisson with mean 3 times the pixel, as in MNIST-C.

    This is photon noise. Black pixels stay black.
    """
    shape, means = images.shape[1:], iter(_PHOTONS * images.astype(np.float64))
    counts = random.sample(lambda rng: rng.poisson(next(means), shape))
    return (counts / _PHOTONS).astype(np.float32)


def impulse_noise(images: Array, random: PerImageRandom) -> Array:
    """Set 17% of the pixels to white or black with equal probability, as in MNIST-C."""
    chance = random.sample(lambda rng: rng.random(images.shape[1:], np.float32))
    salted = np.where(chance < _IMPULSES / 2, np.float32(1), images)
    return np.where(chance > 1 - _IMPULSES / 2, np.float32(0), salted)
