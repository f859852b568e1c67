"""Normalize: raw pixels become numbers of a size that networks like."""

import math

import numpy as np

from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.layers.base import Layer

__all__ = ["Normalize"]


class Normalize(Layer):
    """The first layer of a network: y = (x - mean) / deviation, with fixed numbers.

    It takes the raw pixels, 0 to 255, as they are stored (uint8), so that the same call works on
    raw images everywhere, and the model file carries the scale. dx = dy / deviation.

    Args:
        mean: of the pixels, on their 0..255 scale; MNIST's training mean by default.
        deviation: likewise, above 0. ``Normalize(0, 255)`` is the plain scaling to 0..1.
    """

    def __init__(self, mean: float = 33.3184, deviation: float = 78.5675) -> None:
        super().__init__()
        if not math.isfinite(mean) or not 0 < deviation < math.inf:
            raise ValueError(
                f"Normalize needs a mean and a deviation above 0, both finite, "
                f"not {mean}, {deviation}"
            )
        self.mean = mean
        self.deviation = deviation
        self.dtype: DTypeLike = np.float32

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Remember which precision the network computes in: pixels of any dtype become that."""
        super().initialize(rng, dtype)
        self.dtype = dtype

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return (x - mean) / deviation in the network's precision."""
        dtype = self.dtype
        y = self.buffer("y", x.shape, dtype) if training else np.empty(x.shape, dtype)
        if training:
            self.keep(y)
        np.subtract(x, self.mean, out=y, dtype=dtype)
        y *= 1 / self.deviation
        return y

    def backward(self, dy: Array) -> Array:
        """Return dy / deviation."""
        self.kept()
        return dy * (1 / self.deviation)
