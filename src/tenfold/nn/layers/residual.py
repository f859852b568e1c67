"""Residual: a block learns what to add to its input."""

from collections.abc import Sequence

import numpy as np

from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.layers.base import Layer, Shape

__all__ = ["Residual"]


class Residual(Layer):
    """y = x + f(x), with f the given layers in a row, which must keep the shape.

    By the chain rule dx = dy + J_f^T dy: the gradient reaches x on a second, straight way, whatever
    the block makes of it.

    Parameters and state are those of the layers, their names led by the layer's index in the block.

    Args:
        block: the layers of f, from input to output.

    Raises:
        ValueError: if the block is empty; by ``output_shape``, if it changes the shape.

    He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (CVPR 2016).
    """

    def __init__(self, block: Sequence[Layer]) -> None:
        super().__init__()
        listed = isinstance(block, Sequence) and all(isinstance(layer, Layer) for layer in block)
        if not listed or not block:
            raise ValueError(f"Residual needs a list of at least one layer, not {block!r}")
        if any(layer.placed for layer in block) or len(set(map(id, block))) < len(block):
            raise ValueError(
                "a layer of this Residual already stands in it or elsewhere: make a new one for "
                "each place"
            )
        self.block = tuple(block)
        self.random = any(layer.random for layer in self.block)
        for index, layer in enumerate(self.block):
            layer.placed = True
            for parameter in layer.parameters:
                parameter.name = f"{index}.{parameter.name}"
        self.parameters = [p for layer in self.block for p in layer.parameters]
        self._gather_state()

    def output_shape(self, shape: Shape) -> Shape:
        """Return the same shape, if the block keeps it."""
        inner = shape
        for layer in self.block:
            inner = layer.output_shape(inner)
        if inner != shape:
            raise ValueError(
                f"Residual adds its block's output to its input, so the shapes must agree: "
                f"{shape} goes in, {inner} comes out"
            )
        return shape

    def multiply_adds(self, shape: Shape) -> int:
        """Return those of the block."""
        total = 0
        for layer in self.block:
            total += layer.multiply_adds(shape)
            shape = layer.output_shape(shape)
        return total

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Initialise the layers of the block, one after the other."""
        for layer in self.block:
            layer.initialize(rng, dtype)
        self._gather_state()

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return x + f(x)."""
        inner = x
        for layer in self.block:
            if training and layer.random:
                layer.rng = self.rng
            inner = layer.forward(inner, training)
        if not training:
            return x + inner
        self.rng = None
        self.keep(x)
        return np.add(x, inner, out=self.buffer("y", x.shape, x.dtype))

    def absorb(self, x: Array, share: float) -> Array:
        """Return x + f(x), each layer of the block absorbing what reaches it."""
        inner = x
        for layer in self.block:
            inner = layer.absorb(inner, share)
        return x + inner

    def backward(self, dy: Array) -> Array:
        """Assign the block's gradients; return dy + J_f^T dy."""
        self.kept()
        inner = dy
        for layer in reversed(self.block):
            inner = layer.backward(inner)
        return np.add(dy, inner, out=self.buffer("dx", dy.shape, dy.dtype))

    def _gather_state(self) -> None:
        self.state = {
            f"{index}.{name}": array
            for index, layer in enumerate(self.block)
            for name, array in layer.state.items()
        }
