"""Deskew: slanted digits are made upright, so that a network need not learn their slant."""

from typing import NamedTuple

import numpy as np

from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.layers.base import Layer, Shape, check_images

__all__ = ["Deskew"]

_MAX_SLOPE = 1.0  # columns per row: 45 degrees


class Deskew(Layer):
    r"""Shear each image so that its ink is upright: y(p, q) = x(p, q + a (p - p0)).

    a is the slope of the line that has the least squared horizontal distance from the ink,

    .. math::
        a = \frac{S_{pq}}{S_{pp}}, \quad S_{pq} = \sum w (p - p_0) (q - q_0), \quad
        S_{pp} = \sum w (p - p_0)^2, \quad w = \max(x, 0)

    with p the row, q the column and (p0, q0) the centre of the ink. Between columns x is
    interpolated linearly; outside the image it is 0. Use the layer before ``Normalize``, while
    the background is still 0.

    Backward: the transpose of moving a row by r is moving it by -r. In addition, x changes the
    slope and the centre:

    .. math::
        \frac{\partial a}{\partial w} = \frac{(p - p_0)(q - q_0) - a (p - p_0)^2}{S_{pp}}, \quad
        \frac{\partial p_0}{\partial w} = \frac{p - p_0}{\sum w}

    (the derivatives of S with respect to p0 and q0 are 0, since the centre is the mean position of
    the ink). Slopes beyond 1, such as that of a horizontal stroke, are clipped to 1, with a
    derivative of 0.

    References:
        LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document
        recognition" (1998), section III-A, which deskews MNIST's digits in this way.
    """

    def __init__(self) -> None:
        super().__init__()
        self.dtype: DTypeLike = np.float32

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Remember the dtype of the network, to which pixels of any dtype are converted."""
        super().initialize(rng, dtype)
        self.dtype = dtype

    def output_shape(self, shape: Shape) -> Shape:
        """Return ``shape``, (H, W, C)."""
        check_images("Deskew", shape)
        return shape

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the upright images in the dtype of the network."""
        x = x.astype(self.dtype, copy=False)
        slant = _slant(x)
        moves = slant.slope[:, None] * slant.down
        left, right = _neighbours(x, moves)
        if training:
            self.save_for_backward(x, moves, right - left, *slant)
        return _interpolate(left, right, moves)

    def backward(self, dy: Array) -> Array:
        """Return dx: the gradient through the moved pixels, and through slope and centre."""
        x, moves, rise, slope, down, across, total, spread = self.pop_saved()
        dx = _interpolate(*_neighbours(dy, -moves), -moves)
        dmoves = np.einsum("npqc,npqc->np", dy, rise)
        dslope = np.where(np.abs(slope) < _MAX_SLOPE, (dmoves * down).sum(axis=1), 0)
        dcentre = -slope * dmoves.sum(axis=1)
        by_slope = down[:, :, None] * (across[:, None, :] - (slope[:, None] * down)[:, :, None])
        dw = (dslope / spread)[:, None, None] * by_slope
        dw += ((dcentre / total)[:, None] * down)[:, :, None]
        dx += dw[..., None] * (x > 0)
        return dx


class _Slant(NamedTuple):
    """Slant of the ink of each image.

    Attributes:
        slope: a, shape (N,).
        down: p - p0, shape (N, H).
        across: q - q0, shape (N, W).
        total: Sum of w, shape (N,), never 0.
        spread: S_pp, shape (N,), never 0.
    """

    slope: Array
    down: Array
    across: Array
    total: Array
    spread: Array


def _slant(x: Array) -> _Slant:
    """Return the slant of the ink of images (N, H, W, C); the slope of a blank image is 0."""
    ink = np.maximum(x, 0).sum(axis=3)
    rows, columns = ink.sum(axis=2), ink.sum(axis=1)
    least = np.finfo(x.dtype).tiny  # the divisor for a blank image, in place of 0
    total = np.maximum(rows.sum(axis=1), least)
    p, q = (np.arange(size, dtype=x.dtype) for size in ink.shape[1:])
    down = p - ((rows * p).sum(axis=1) / total)[:, None]
    across = q - ((columns * q).sum(axis=1) / total)[:, None]
    covariance = ((ink * across[:, None, :]).sum(axis=2) * down).sum(axis=1)
    spread = np.maximum((rows * down**2).sum(axis=1), least)
    slope = np.clip(covariance / spread, -_MAX_SLOPE, _MAX_SLOPE)
    return _Slant(slope, down, across, total, spread)


def _neighbours(x: Array, moves: Array) -> tuple[Array, Array]:
    """Return, for each position that is read, the pixel at or left of it and the next pixel."""
    count, height, width, channels = x.shape
    framed = np.zeros((count, height, width + 2, channels), x.dtype)
    framed[:, :, 1:-1] = x
    flat = framed.reshape(-1, channels)
    row = np.arange(count * height).reshape(count, height, 1) * (width + 2)
    column = np.arange(width) + np.floor(moves)[..., None].astype(np.int64) + 1
    left, right = (np.clip(column + step, 0, width + 1) + row for step in (0, 1))
    return flat.take(left, axis=0), flat.take(right, axis=0)


def _interpolate(left: Array, right: Array, moves: Array) -> Array:
    """Return left + f (right - left), where f is the fractional part of a move."""
    fraction = (moves - np.floor(moves))[..., None, None]
    result: Array = left + fraction * (right - left)
    return result
