"""Deskew: italic digits are set upright, so that slant is nothing that a network has to learn."""

from typing import NamedTuple

import numpy as np

from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.layers.base import Layer, Shape

__all__ = ["Deskew"]

_STEEPEST = 1.0  # columns that a row may move for each row below it: 45 degrees


class Deskew(Layer):
    r"""Shear each image until its ink does not lean: y(p, q) = x(p, q + a (p - p0)).

    The slope is that of the line through the ink which minimises its horizontal distance,

    .. math::
        a = \frac{S_{pq}}{S_{pp}}, \quad S_{pq} = \sum w (p - p_0) (q - q_0), \quad
        S_{pp} = \sum w (p - p_0)^2, \quad w = \max(x, 0)

    with p the row, q the column and (p0, q0) the middle of the ink. Between columns x is
    interpolated linearly; outside it is 0. It stands before ``Normalize``, where background is 0.

    Backward: moving a row by r has moving it by -r as its transpose; and x moves the slope, by

    .. math::
        \frac{\partial a}{\partial w} = \frac{(p - p_0)(q - q_0) - a (p - p_0)^2}{S_{pp}}, \quad
        \frac{\partial p_0}{\partial w} = \frac{p - p_0}{\sum w}

    (what p0 and q0 do to S vanishes, as w is balanced about them). Slopes beyond 1, as of a level
    stroke, are cut to 1, and their derivative is 0.

    LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition"
    (1998), section III-A, deskew MNIST's digits likewise.
    """

    def __init__(self) -> None:
        super().__init__()
        self.dtype: DTypeLike = np.float32

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Remember which precision the network computes in: pixels of any dtype become that."""
        super().initialize(rng, dtype)
        self.dtype = dtype

    def output_shape(self, shape: Shape) -> Shape:
        """Return ``shape``, (H, W, C).

        Raises:
            ValueError: if it is no image.
        """
        if len(shape) != 3:
            raise ValueError(f"Deskew takes images of shape (H, W, C), not {shape}")
        return shape

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the images, upright, in the network's precision."""
        x = x.astype(self.dtype, copy=False)
        lean = _lean(x)
        moves = lean.slope[:, None] * lean.down
        here, there = _neighbours(x, moves)
        if training:
            self.keep(x, moves, there - here, *lean)
        return _between(here, there, moves)

    def backward(self, dy: Array) -> Array:
        """Return dx: through the pixels that were moved, and through how far they were."""
        x, moves, rise, slope, down, across, total, spread = self.kept()
        dx = _between(*_neighbours(dy, -moves), -moves)
        dmoves = np.einsum("npqc,npqc->np", dy, rise)
        dslope = np.where(np.abs(slope) < _STEEPEST, (dmoves * down).sum(axis=1), 0)
        dmiddle = -slope * dmoves.sum(axis=1)
        by_slope = down[:, :, None] * (across[:, None, :] - (slope[:, None] * down)[:, :, None])
        dw = (dslope / spread)[:, None, None] * by_slope
        dw += ((dmiddle / total)[:, None] * down)[:, :, None]
        dx += dw[..., None] * (x > 0)
        return dx


class _Lean(NamedTuple):
    """How the ink of each image lies.

    Attributes:
        slope: a, (N,).
        down: p - p0, (N, H). ``across``: q - q0, (N, W).
        total: the sum of w, (N,). ``spread``: S_pp, (N,). Neither is 0, so both can be divided by.
    """

    slope: Array
    down: Array
    across: Array
    total: Array
    spread: Array


def _lean(x: Array) -> _Lean:
    ink = np.maximum(x, 0).sum(axis=3)
    rows, columns = ink.sum(axis=2), ink.sum(axis=1)
    least = np.finfo(x.dtype).tiny
    total = np.maximum(rows.sum(axis=1), least)
    p, q = (np.arange(size, dtype=x.dtype) for size in ink.shape[1:])
    down = p - ((rows * p).sum(axis=1) / total)[:, None]
    across = q - ((columns * q).sum(axis=1) / total)[:, None]
    together = ((ink * across[:, None, :]).sum(axis=2) * down).sum(axis=1)
    spread = np.maximum((rows * down**2).sum(axis=1), least)
    slope = np.clip(together / spread, -_STEEPEST, _STEEPEST)
    return _Lean(slope, down, across, total, spread)


def _neighbours(x: Array, moves: Array) -> tuple[Array, Array]:
    """Return what lies at or left of each column that is looked up, and what lies right of it."""
    count, height, width, channels = x.shape
    framed = np.zeros((count, height, width + 2, channels), x.dtype)
    framed[:, :, 1:-1] = x
    flat = framed.reshape(-1, channels)
    row = np.arange(count * height).reshape(count, height, 1) * (width + 2)
    column = np.arange(width) + np.floor(moves)[..., None].astype(np.int64) + 1
    here, there = (np.clip(column + step, 0, width + 1) + row for step in (0, 1))
    return flat.take(here, axis=0), flat.take(there, axis=0)


def _between(here: Array, there: Array, moves: Array) -> Array:
    """Return here + f (there - here), f the part of a column that a move goes beyond whole ones."""
    beyond = (moves - np.floor(moves))[..., None, None]
    between: Array = here + beyond * (there - here)
    return between
