"""The images of all subjects: MNIST, enlarged on request."""

import numpy as np

from benchmarks.nets import PIXELS
from tenfold.data import Dataset, load_mnist
from tenfold.nn.array import Array

__all__ = ["MEAN", "STANDARD_DEVIATION", "as_floats", "test_images", "training_images"]

MEAN, STANDARD_DEVIATION = 33.3184, 78.5675
"""Mean and standard deviation of MNIST's training pixels, the defaults of ``Normalize``."""

_LARGE = 6400  # number of enlarged images, enough for some seconds of training


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
    """Return (images - mean) / standard deviation as float32, computed in place to save memory."""
    floats = images.astype(np.float32)
    floats -= MEAN
    floats /= STANDARD_DEVIATION
    return floats
