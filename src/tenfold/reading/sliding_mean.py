"""Sliding mean: the mean in a square window around each pixel.

The sum s(w) of a window of length w is computed from the sums of shorter windows. With s(1) = the
values themselves,

    s(2 w)[i] = s(w)[i] + s(w)[i + w],

so the sums of all windows of the lengths 1, 2, 4, ... need one addition of whole arrays each. A
window of another length is divided into such windows, one for each binary digit 1 of its length. A
square is a window along the rows, then along the columns.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.sliding import continued, part_along

__all__ = ["sliding_mean"]


def sliding_mean(values: Array, window: int) -> Array:
    """Return the mean in a window around each value: (H, W) float32.

    Beyond the border, the array continues with its nearest value.

    Args:
        values: (H, W) float32.
        window: Side of the window, at least 1. It has ``window // 2`` values before its middle.
    """
    for axis in (0, 1):
        values = _sums(continued(values, window, axis), window, axis)
        values *= np.float32(1 / window)
    return values


def _sums(wide: Array, window: int, axis: int) -> Array:
    """Return the sums of all windows of a length along an axis, a new array."""
    count = wide.shape[axis] - window + 1
    sums, length = wide, 1  # the sums of all windows of the length
    total: Array | None = None
    done = 0  # length of the window of which ``total`` is the sum
    while True:
        if window & length:
            more = part_along(axis, sums, done, done + count)
            total = more.copy() if total is None else np.add(total, more, out=total)
            done += length
        if done == window:
            assert total is not None
            return total
        end = sums.shape[axis] - length
        sums = part_along(axis, sums, 0, end) + part_along(axis, sums, length, end + length)
        length *= 2
