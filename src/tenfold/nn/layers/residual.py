"""Residual: a block of layers whose output is added to its input."""

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.layers.base import Layer, Layers, Shape, check_unowned

__all__ = ["Residual"]


class Residual(Layer):
    """y = x + f(x), where f is a sequence of layers that keeps the shape.

    By the chain rule dx = dy + J_f^T dy: the gradient also reaches x directly, independently of
    the block.

    Parameters and state are those of the block's layers. Their names begin with the index of the
    layer in the block.

    Args:
        block: Layers of f from input to output, at least one, each a new object.

    Raises:
        ValueError: If an argument has a wrong type. From ``output_shape``, if the block changes
            the shape.

    References:
        He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (CVPR 2016).
    """

    @checked
    def __init__(self, block: Layers) -> None:
        super().__init__()
        check_unowned("block", block)
        self.block = tuple(block)
        self.random = any(layer.random for layer in self.block)
        for index, layer in enumerate(self.block):
            layer.owned = True
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
                f"the output of the block of Residual must have the shape of its input, {shape}, "
                f"got {inner}"
            )
        return shape

    def multiply_adds(self, shape: Shape) -> int:
        """Return the multiply-adds of the block."""
        total = 0
        for layer in self.block:
            total += layer.multiply_adds(shape)
            shape = layer.output_shape(shape)
        return total

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Initialise the layers of the block, one after another."""
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
        self.save_for_backward(x)
        return np.add(x, inner, out=self.buffer("y", x.shape, x.dtype))

    def absorb(self, x: Array, share: float) -> Array:
        """Return x + f(x); include the batch in the state of each layer with weight ``share``."""
        inner = x
        for layer in self.block:
            inner = layer.absorb(inner, share)
        return x + inner

    def backward(self, dy: Array) -> Array:
        """Assign the gradients of the block; return dy + J_f^T dy."""
        self.pop_saved()
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
