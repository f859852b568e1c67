"""Flatten: an image becomes a row of features."""

import math

from tenfold.nn.array import Array
from tenfold.nn.layers.base import Layer, Shape

__all__ = ["Flatten"]


class Flatten(Layer):
    """Keep the batch axis and lay the others in a row: (N, H, W, C) -> (N, H * W * C), a view."""

    def output_shape(self, shape: Shape) -> Shape:
        """Return (H * W * C,)."""
        return (math.prod(shape),)

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return x as (N, -1)."""
        if training:
            self.keep(x)
        return x.reshape(len(x), math.prod(x.shape[1:]))

    def backward(self, dy: Array) -> Array:
        """Return dy in the shape of x."""
        (x,) = self.kept()
        return dy.reshape(x.shape)
