"""Pooling: one number for each neighbourhood of pixels, in each channel separately."""

from collections.abc import Sequence

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size
from tenfold.nn.layers.base import Layer, Shape, check_images

__all__ = ["AveragePool", "GlobalAveragePool", "GlobalMaxPool", "MaxPool", "largest", "mark_first"]


class _Pool(Layer):
    """Base class of pooling over windows.

    Pixels at the right and lower edge that no complete window contains are ignored; their gradient
    is 0.

    Args:
        size: Size K of the square window, at least 1; 2 by default.
        stride: Distance between neighbouring windows, at least 1; None, the default, for K, so
            that windows do not overlap.

    Raises:
        ValueError: If an argument has a wrong type or is out of its range.
    """

    @checked
    def __init__(self, size: Size = 2, stride: Size | None = None) -> None:
        super().__init__()
        self.size = size
        self.stride = stride

    @property
    def stride_pixels(self) -> int:
        """The stride in pixels, also if ``stride`` is None."""
        return self.size if self.stride is None else self.stride

    def output_shape(self, shape: Shape) -> Shape:
        """Return (OH, OW, C), OH = (H - K) // stride + 1, for an image of (H, W, C)."""
        name = f"{type(self).__name__}({self.size})"
        check_images(name, shape)
        height, width = ((n - self.size) // self.stride_pixels + 1 for n in shape[:2])
        if min(height, width) < 1:
            raise ValueError(
                f"the input of {name} must be at least {self.size} x {self.size} pixels, "
                f"got {shape[0]} x {shape[1]}: use fewer or smaller pools"
            )
        return (height, width, shape[2])

    def _empty_gradient(self, x: Array, dy: Array) -> Array:
        """Return memory for dx: zeros, unless every pixel belongs to exactly one window."""
        dx = self.buffer("dx", x.shape, dy.dtype)
        if self.stride_pixels != self.size or x.shape[1] % self.size or x.shape[2] % self.size:
            dx[...] = 0
        return dx

    def _write_or_add(self, gradient: Array, contribution: Array) -> None:
        """Write the gradient of one position of the window into dx; add it if windows overlap."""
        if self.stride_pixels >= self.size:
            gradient[...] = contribution
        else:
            gradient += contribution

    def positions(self, x: Array) -> list[Array]:
        """Return a view of x for each position in the window, row by row.

        Each view, (N, OH, OW, C), contains the pixels at this position of all windows.
        """
        height, width, _ = self.output_shape(x.shape[1:])
        reach = self.stride_pixels * (height - 1) + 1, self.stride_pixels * (width - 1) + 1
        return [
            x[
                :,
                top : top + reach[0] : self.stride_pixels,
                left : left + reach[1] : self.stride_pixels,
            ]
            for top in range(self.size)
            for left in range(self.size)
        ]


class MaxPool(_Pool):
    """The largest value in each K x K window, in each channel.

    y_nijc = max over k, l of x_{n, si + k, sj + l, c}. dx is dy at the pixel with the maximum and 0
    elsewhere; of equal pixels, the first one counts, row by row. The gradients of
    overlapping windows are added.

    Shapes: x (N, H, W, C), y (N, OH, OW, C), OH = (H - K) // s + 1.

    Args:
        size: Size K of the square window, at least 1; 2 by default.
        stride: Distance s between neighbouring windows, at least 1; None, the default, for K.

    Raises:
        ValueError: If an argument has a wrong type or is out of its range.

    References:
        Riesenhuber and Poggio, "Hierarchical models of object recognition in cortex" (1999).
    """

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the maxima, shape (N, OH, OW, C)."""
        first, *others = self.positions(x)
        y = self.buffer("y", first.shape, x.dtype) if training else np.empty(first.shape, x.dtype)
        y[...] = first
        largest([y, *others], out=y)
        if training:
            self.save_for_backward(x, y)
        return y

    def backward(self, dy: Array) -> Array:
        """Return dy at the pixels with the maxima, shape (N, H, W, C)."""
        x, y = self.pop_saved()
        dx = self._empty_gradient(x, dy)
        remaining = dy  # gradients whose pixel has not been found yet
        buffer = self.buffer("remaining", dy.shape, dy.dtype)
        contribution = self.buffer("contribution", dy.shape, dy.dtype)
        is_largest = self.buffer("is largest", dy.shape, np.bool_)
        *positions, last = zip(self.positions(x), self.positions(dx), strict=True)
        for pixels, gradient in positions:
            np.equal(pixels, y, out=is_largest)
            np.multiply(remaining, is_largest, out=contribution)
            self._write_or_add(gradient, contribution)
            remaining = np.subtract(remaining, contribution, out=buffer)
        self._write_or_add(last[1], remaining)
        return dx


def largest(arrays: Sequence[Array], out: Array) -> Array:
    """Return the elementwise maximum of arrays of one shape, in ``out`` if there are several."""
    best = arrays[0]
    for array in arrays[1:]:
        best = np.maximum(best, array, out=out)
    return best


def mark_first(arrays: Sequence[Array], best: Array, marks: Array, scratch: Array) -> None:
    """Write, for each array, where it is the first array that equals the maximum of all arrays.

    Args:
        arrays: Arrays of one shape.
        best: Elementwise maximum of the arrays, of the same shape.
        marks: Result, bool, one array of the same shape for each array.
        scratch: Memory of the same shape, bool.
    """
    scratch[...] = True  # where no array has equalled the maximum yet
    for array, mark in zip(arrays, marks, strict=True):
        np.equal(array, best, out=mark)
        mark &= scratch
        scratch ^= mark


class AveragePool(_Pool):
    """The mean of each K x K window, in each channel.

    y_nijc = 1 / K^2 * sum over k, l of x_{n, si + k, sj + l, c}; each of these pixels receives
    dy_nijc / K^2. The gradients of overlapping windows are added.

    Shapes: x (N, H, W, C), y (N, OH, OW, C), OH = (H - K) // s + 1.

    Args:
        size: Size K of the square window, at least 1; 2 by default.
        stride: Distance s between neighbouring windows, at least 1; None, the default, for K.

    Raises:
        ValueError: If an argument has a wrong type or is out of its range.

    References:
        LeCun et al., "Gradient-based learning applied to document recognition" (1998).
    """

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the means, shape (N, OH, OW, C)."""
        first, *others = self.positions(x)
        y = self.buffer("y", first.shape, x.dtype) if training else np.empty(first.shape, x.dtype)
        y[...] = first
        for array in others:
            y += array
        y *= 1 / self.size**2
        if training:
            self.save_for_backward(x)
        return y

    def backward(self, dy: Array) -> Array:
        """Return dy / K^2 at every pixel of its window, shape (N, H, W, C)."""
        (x,) = self.pop_saved()
        dx = self._empty_gradient(x, dy)
        contribution = np.multiply(
            dy, 1 / self.size**2, out=self.buffer("contribution", dy.shape, dy.dtype)
        )
        for gradient in self.positions(dx):
            self._write_or_add(gradient, contribution)
        return dx


class GlobalMaxPool(Layer):
    """The largest value of each channel: y_nc = max over i, j of x_nijc, shape (N, C).

    dx is dy at the first pixel with the maximum, row by row, and 0 elsewhere.
    """

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C,) for an image of (H, W, C)."""
        check_images("GlobalMaxPool", shape)
        return (shape[2],)

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the maxima, shape (N, C)."""
        if training:
            self.save_for_backward(x)
        return x.max(axis=(1, 2))

    def backward(self, dy: Array) -> Array:
        """Return dy at the pixels with the maxima, shape (N, H, W, C)."""
        (x,) = self.pop_saved()
        n, height, width, channels = x.shape
        first = x.reshape(n, height * width, channels).argmax(axis=1)
        dx = self.buffer("dx", (n, height * width, channels), dy.dtype)
        dx[...] = 0
        np.put_along_axis(dx, first[:, None], dy[:, None], axis=1)
        return dx.reshape(x.shape)


class GlobalAveragePool(Layer):
    """The mean of each channel: y_nc = 1 / (H W) * sum over i, j of x_nijc, shape (N, C).

    Each pixel receives dx_nijc = dy_nc / (H W).

    References:
        Lin, Chen and Yan, "Network in network" (ICLR 2014).
    """

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C,) for an image of (H, W, C)."""
        check_images("GlobalAveragePool", shape)
        return (shape[2],)

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the means, shape (N, C)."""
        if training:
            self.save_for_backward(x)
        return x.mean(axis=(1, 2))

    def backward(self, dy: Array) -> Array:
        """Return dy / (H W) at every pixel, shape (N, H, W, C)."""
        (x,) = self.pop_saved()
        dx = self.buffer("dx", x.shape, dy.dtype)
        dx[...] = (dy / (x.shape[1] * x.shape[2]))[:, None, None]
        return dx
