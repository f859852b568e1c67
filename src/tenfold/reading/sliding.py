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

__all__ = ["continued", "part_along", "sliding_maximum", "sliding_minimum"]


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
        found, length = continued(values, window, axis), 1
        while length < window:
            step = min(length, window - length)
            end = found.shape[axis] - step
            first, second = (part_along(axis, found, k, k + end) for k in (0, step))
            found = extreme(first, second)
            length += step
        values = found
    return values


def continued(values: Array, window: int, axis: int) -> Array:
    """Return values continued along an axis, so that each has a whole window around it.

    Args:
        values: (H, W).
        window: Length of the window. It has ``window // 2`` values before its middle.
        axis: 0 or 1.
    """
    before, size = window // 2, values.shape[axis]
    shape = list(values.shape)
    shape[axis] = size + window - 1
    wide = np.empty(shape, values.dtype)
    if axis == 0:
        wide[before : before + size] = values
        wide[:before], wide[before + size :] = values[0], values[-1]
    else:
        wide[:, before : before + size] = values
        wide[:, :before], wide[:, before + size :] = values[:, :1], values[:, -1:]
    return wide


def part_along(axis: int, values: Array, start: int, stop: int) -> Array:
    """Return a part of an array (H, W): some of its rows (axis 0) or of its columns (axis 1)."""
    return values[start:stop] if axis == 0 else values[:, start:stop]
