"""Normalize: raw pixels become numbers with mean 0 and standard deviation 1."""

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.constraints import Finite, Positive
from tenfold.nn.layers.base import Layer

__all__ = ["Normalize"]


class Normalize(Layer):
    """The first layer of a network: y = (x - mean) / deviation, with fixed numbers.

    It takes raw pixels, 0 to 255, as they are stored (uint8). Networks are therefore called with
    raw images everywhere, and the model file contains mean and deviation. dx = dy / deviation.

    Args:
        mean: Mean of the pixels on their scale of 0 to 255; 33.3184, the mean of MNIST's training
            images, by default.
        deviation: Standard deviation of the pixels on the same scale, above 0; 78.5675, as in
            MNIST's training images, by default. ``Normalize(mean=0, deviation=255)`` divides pixels
            by 255, so that they are from 0 to 1.

    Raises:
        ValueError: If a number is out of its range.
    """

    @checked
    def __init__(self, *, mean: Finite = 33.3184, deviation: Positive = 78.5675) -> None:
        super().__init__()
        self.mean = mean
        self.deviation = deviation
        self.dtype: DTypeLike = np.float32

    @property
    def raw_pixels(self) -> bool:
        """True if the deviation is that of pixels on the scale 0 to 255, not 0 to 1."""
        return self.deviation > 1.5

    @property
    def unit_pixels(self) -> bool:
        """True if mean and deviation are those of pixels from 0 to 1, such as 0.1307 and 0.3081."""
        return 0 <= self.mean <= 1 and self.deviation < 1

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Remember the dtype of the network, to which pixels of any dtype are converted."""
        super().initialize(rng, dtype)
        self.dtype = dtype

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return (x - mean) / deviation in the dtype of the network."""
        dtype = self.dtype
        y = self.buffer("y", x.shape, dtype) if training else np.empty(x.shape, dtype)
        if training:
            self.save_for_backward(y)
        np.subtract(x, self.mean, out=y, dtype=dtype)
        y *= 1 / self.deviation
        return y

    def backward(self, dy: Array) -> Array:
        """Return dy / deviation."""
        self.pop_saved()
        return dy * (1 / self.deviation)
