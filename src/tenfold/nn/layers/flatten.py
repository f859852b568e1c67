"""Flatten: images become vectors of features."""

import math

from tenfold.nn.array import Array
from tenfold.nn.layers.base import Layer, Shape

__all__ = ["Flatten"]


class Flatten(Layer):
    """Merge all axes but the batch axis: (N, H, W, C) -> (N, H * W * C), a view if possible."""

    def output_shape(self, shape: Shape) -> Shape:
        """Return (H * W * C,)."""
        return (math.prod(shape),)

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return x in the shape (N, H * W * C)."""
        if training:
            self.save_for_backward(x)
        return x.reshape(len(x), math.prod(x.shape[1:]))

    def backward(self, dy: Array) -> Array:
        """Return dy in the shape of x."""
        (x,) = self.pop_saved()
        return dy.reshape(x.shape)
