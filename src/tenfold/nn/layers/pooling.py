"""Pooling: one number for a neighbourhood of pixels, in each channel on its own."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.layers.base import Layer, Shape, is_size

__all__ = ["AveragePool", "GlobalAveragePool", "GlobalMaxPool", "MaxPool"]


class _Pool(Layer):
    """What both pools over windows share: sizes, and the view of x at one place of the window.

    Pixels at the right and lower edge that no whole window covers are left out, and their
    gradient is 0.

    Args:
        size: K, of the square window.
        stride: how far it moves; None for K, so that windows do not overlap.

    Raises:
        ValueError: if a size is not a whole number of at least 1.
    """

    def __init__(self, size: int = 2, stride: int | None = None) -> None:
        super().__init__()
        sizes = (size, size if stride is None else stride)
        if not all(map(is_size, sizes)):
            raise ValueError(
                f"{type(self).__name__} needs a size and a stride of at least 1, in whole numbers, "
                f"not {size!r}, {stride!r}"
            )
        self.size = int(size)
        self.stride = None if stride is None else int(stride)

    @property
    def step(self) -> int:
        """The stride in pixels."""
        return self.size if self.stride is None else self.stride

    def output_shape(self, shape: Shape) -> Shape:
        """Return (OH, OW, C), OH = (H - K) // stride + 1, for an image of (H, W, C)."""
        name = f"{type(self).__name__}({self.size})"
        if len(shape) != 3:
            raise ValueError(f"{name} takes images (H, W, C), but receives the shape {shape}")
        height, width = ((n - self.size) // self.step + 1 for n in shape[:2])
        if min(height, width) < 1:
            raise ValueError(
                f"{name} does not fit an image of {shape[0]} x {shape[1]}: pool less, or before it"
            )
        return (height, width, shape[2])

    def _empty_gradient(self, x: Array, dy: Array) -> Array:
        """Return memory for dx: zeros, unless every pixel belongs to just one window."""
        dx = self.buffer("dx", x.shape, dy.dtype)
        if self.step != self.size or x.shape[1] % self.size or x.shape[2] % self.size:
            dx[...] = 0
        return dx

    def _assign(self, gradient: Array, part: Array) -> None:
        """Give a place of the window its part of dy; windows that overlap add up."""
        if self.step >= self.size:
            gradient[...] = part
        else:
            gradient += part

    def _places(self, x: Array) -> list[Array]:
        """Return, for each place in the window row by row, what stands there: (N, OH, OW, C)."""
        height, width, _ = self.output_shape(x.shape[1:])
        reach = self.step * (height - 1) + 1, self.step * (width - 1) + 1
        return [
            x[:, top : top + reach[0] : self.step, left : left + reach[1] : self.step]
            for top in range(self.size)
            for left in range(self.size)
        ]


class MaxPool(_Pool):
    """The largest value in each K x K window, in each channel.

    y_nijc = max over k, l of x_{n, si + k, sj + l, c}. dx is dy where that maximum was taken, and
    0 elsewhere; of equal values the first, row by row, counts. Windows that overlap add up.

    Shapes: x (N, H, W, C), y (N, OH, OW, C), OH = (H - K) // s + 1.

    Riesenhuber and Poggio, "Hierarchical models of object recognition in cortex" (1999).
    """

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the maxima, shape (N, OH, OW, C)."""
        first, *others = self._places(x)
        y = self.buffer("y", first.shape, x.dtype) if training else np.empty(first.shape, x.dtype)
        y[...] = first
        for place in others:
            np.maximum(y, place, out=y)
        if training:
            self.keep(x, y)
        return y

    def backward(self, dy: Array) -> Array:
        """Return dy where the maxima stood, shape (N, H, W, C)."""
        x, y = self.kept()
        dx = self._empty_gradient(x, dy)
        rest = dy  # what has not found its pixel yet
        less = self.buffer("rest", dy.shape, dy.dtype)
        part = self.buffer("part", dy.shape, dy.dtype)
        found = self.buffer("found", dy.shape, np.bool_)
        *places, last = zip(self._places(x), self._places(dx), strict=True)
        for place, gradient in places:
            np.equal(place, y, out=found)
            np.multiply(rest, found, out=part)
            self._assign(gradient, part)
            rest = np.subtract(rest, part, out=less)
        self._assign(last[1], rest)
        return dx


class AveragePool(_Pool):
    """The mean of each K x K window, in each channel.

    y_nijc = 1 / K^2 * sum over k, l of x_{n, si + k, sj + l, c}, so each of those pixels receives
    dy_nijc / K^2; windows that overlap add up.

    Shapes: x (N, H, W, C), y (N, OH, OW, C), OH = (H - K) // s + 1.

    LeCun et al., "Gradient-based learning applied to document recognition" (1998).
    """

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the means, shape (N, OH, OW, C)."""
        first, *others = self._places(x)
        y = self.buffer("y", first.shape, x.dtype) if training else np.empty(first.shape, x.dtype)
        y[...] = first
        for place in others:
            y += place
        y *= 1 / self.size**2
        if training:
            self.keep(x)
        return y

    def backward(self, dy: Array) -> Array:
        """Return dy / K^2 at every pixel of its window, shape (N, H, W, C)."""
        (x,) = self.kept()
        dx = self._empty_gradient(x, dy)
        part = np.multiply(dy, 1 / self.size**2, out=self.buffer("part", dy.shape, dy.dtype))
        for gradient in self._places(dx):
            self._assign(gradient, part)
        return dx


class GlobalMaxPool(Layer):
    """The largest value of each channel: y_nc = max over i, j of x_nijc, shape (N, C).

    dx is dy at the first pixel that holds the maximum, row by row, and 0 elsewhere.
    """

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C,) for an image of (H, W, C)."""
        return _channels(self, shape)

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the maxima, shape (N, C)."""
        if training:
            self.keep(x)
        return x.max(axis=(1, 2))

    def backward(self, dy: Array) -> Array:
        """Return dy where the maxima stood, shape (N, H, W, C)."""
        (x,) = self.kept()
        n, height, width, channels = x.shape
        first = x.reshape(n, height * width, channels).argmax(axis=1)
        dx = self.buffer("dx", (n, height * width, channels), dy.dtype)
        dx[...] = 0
        np.put_along_axis(dx, first[:, None], dy[:, None], axis=1)
        return dx.reshape(x.shape)


class GlobalAveragePool(Layer):
    """The mean of each channel: y_nc = 1 / (H W) * sum over i, j of x_nijc, shape (N, C).

    Each pixel receives dx_nijc = dy_nc / (H W). Lin, Chen and Yan, "Network in network" (2014).
    """

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C,) for an image of (H, W, C)."""
        return _channels(self, shape)

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the means, shape (N, C)."""
        if training:
            self.keep(x)
        return x.mean(axis=(1, 2))

    def backward(self, dy: Array) -> Array:
        """Return dy / (H W) at every pixel, shape (N, H, W, C)."""
        (x,) = self.kept()
        dx = self.buffer("dx", x.shape, dy.dtype)
        dx[...] = (dy / (x.shape[1] * x.shape[2]))[:, None, None]
        return dx


def _channels(layer: Layer, shape: Shape) -> Shape:
    if len(shape) != 3:
        raise ValueError(
            f"{type(layer).__name__} takes images (H, W, C), but receives the shape {shape}"
        )
    return (shape[2],)
