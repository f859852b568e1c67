"""Sliding maximum and minimum: the largest and the smallest value in a window around each pixel.

A window of length w is covered by two windows of length w' < w, one shifted by w - w', as long as
2 w' >= w. So with m(1) = the values themselves,

    m(w)[i] = max(m(w')[i], m(w')[i + w - w']),

and a window needs about log2(w) comparisons of whole arrays, which are several times faster than a
filter that visits the pixels one by one. A square is a window along the rows, then along the
columns. Beyond the border, the array continues with its nearest value.
"""

from collections.abc import Callable

import numpy as np

from tenfold.nn.array import Array

__all__ = ["sliding_maximum", "sliding_minimum"]


def sliding_maximum(values: Array, window: int, axes: tuple[int, ...] = (0, 1)) -> Array:
    """Return the maximum in a window around each value: an array of the same shape and dtype.

    Args:
        values: (H, W) of any real dtype, without NaN.
        window: Length of the window, at least 1. It has ``window // 2`` values before its middle.
        axes: The axes along which the window extends. Default: both, so the window is a square.
    """
    return _sliding(values, window, axes, np.maximum)


def sliding_minimum(values: Array, window: int, axes: tuple[int, ...] = (0, 1)) -> Array:
    """Return the minimum in a window around each value, see ``sliding_maximum``."""
    return _sliding(values, window, axes, np.minimum)


def _sliding(
    values: Array, window: int, axes: tuple[int, ...], extreme: Callable[[Array, Array], Array]
) -> Array:
    """Return the extreme value in each window; ``extreme`` is ``np.maximum`` or ``np.minimum``."""
    for axis in axes:
        before = window // 2
        room = [(before, window - 1 - before) if each == axis else (0, 0) for each in (0, 1)]
        found, length = _continued(values, room), 1
        while length < window:
            step = min(length, window - length)
            count = found.shape[axis] - step
            first, second = (slice(0, count), slice(step, step + count))
            if axis == 0:
                found = extreme(found[first], found[second])
            else:
                found = extreme(found[:, first], found[:, second])
            length += step
        values = found
    return values


def _continued(values: Array, room: list[tuple[int, int]]) -> Array:
    """Return values (H, W) continued by their nearest ones, (before, after) along each axis."""
    (top, bottom), (left, right) = room
    height, width = values.shape
    wide = np.empty((top + height + bottom, left + width + right), values.dtype)
    wide[top : top + height, left : left + width] = values
    wide[:, :left], wide[:, left + width :] = wide[:, left : left + 1], wide[:, [left + width - 1]]
    wide[:top], wide[top + height :] = wide[top], wide[top + height - 1]
    return wide
