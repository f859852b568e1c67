"""The images that everybody trains on and answers: MNIST, enlarged if larger ones are wanted."""

import numpy as np

from benchmarks.nets import PIXELS
from tenfold.data import Dataset, load_mnist
from tenfold.nn.array import Array

__all__ = ["DEVIATION", "MEAN", "as_floats", "test_images", "training_images"]

MEAN, DEVIATION = 33.3184, 78.5675
"""Of MNIST's training pixels: what ``Normalize`` takes by default."""

_LARGE = 6400  # enlarged images that are enough to train on for some seconds


def training_images(size: int = PIXELS) -> Dataset:
    """Return all 60,000 images, or 6,400 of them enlarged to size x size pixels."""
    train = load_mnist("train")
    if size == PIXELS:
        return train
    times = size // PIXELS
    images = train.images[:_LARGE].repeat(times, axis=1).repeat(times, axis=2)
    return Dataset(images, train.require_labels()[:_LARGE], train.name)


def test_images(count: int) -> Array:
    """Return the first ``count`` test images, (count, 28, 28, 1) uint8."""
    return load_mnist("test").images[:count]


def as_floats(images: Array) -> Array:
    """Return (images - mean) / deviation as float32, made in place: no memory but the result."""
    floats = images.astype(np.float32)
    floats -= MEAN
    floats /= DEVIATION
    return floats
