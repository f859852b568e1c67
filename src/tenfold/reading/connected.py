"""Connected pieces of a mask, in NumPy: to import SciPy takes a quarter of a second.

The mask is divided into runs: neighbouring pixels of a row. Two runs in neighbouring rows are
connected if they share a column or, with diagonal neighbours, touch at a corner. The runs of the
row above that touch a run follow one another, so they are found by binary search. Then each run
points to the first run above it, and chains of pointers lead to the first run of a piece. Runs that
touch several others join their pieces: of two first runs, the later one points to the earlier one.

A picture has far fewer runs than pixels, and all runs are processed at once.

References:
    Shiloach and Vishkin, "An O(log n) parallel connectivity algorithm" (1982).
"""

from typing import NamedTuple

import numpy as np

from tenfold.nn.array import Array

__all__ = ["Connected", "connected_pieces", "without_holes"]


class Connected(NamedTuple):
    """The connected pieces of a mask, numbered in the order of their first pixels, row by row.

    Attributes:
        labels: (H, W) int32: the number of the piece of each pixel, from 1; 0 for the others.
        boxes: (P, 4) int64: top, left, bottom, right of each piece; bottom and right are outside.
    """

    labels: Array
    boxes: Array


def connected_pieces(mask: Array, *, diagonal: bool = True) -> Connected:
    """Return the connected pieces of a mask.

    Args:
        mask: (H, W) bool.
        diagonal: Whether pixels that touch only at a corner are connected.
    """
    height, width = mask.shape
    line = width + 1  # a column of background separates the rows
    flat = np.zeros(height * line + 1, bool)
    flat[1:].reshape(height, line)[:, :-1] = mask
    ends = np.flatnonzero(flat[1:] != flat[:-1])
    start, stop = ends[::2], ends[1::2]
    first = _first_runs(*_touching(start, stop, line, int(diagonal)), len(start))
    is_first = first == np.arange(len(first))
    roots, number = np.flatnonzero(is_first), np.cumsum(is_first)[first] - 1
    labels = np.zeros(mask.size, np.int32)
    labels[np.flatnonzero(mask)] = np.repeat((number + 1).astype(np.int32), stop - start)
    boxes = np.empty((len(roots), 4), np.int64)
    boxes[:, 0] = start[roots] // line
    boxes[:, 1], boxes[:, 2:] = width, 0
    np.minimum.at(boxes[:, 1], number, start % line)
    np.maximum.at(boxes[:, 2], number, start // line + 1)
    np.maximum.at(boxes[:, 3], number, stop - start // line * line)
    return Connected(labels.reshape(mask.shape), boxes)


def without_holes(mask: Array) -> Array:
    """Return a mask (H, W) bool with its holes filled: background that does not reach the border.

    Pixels of the background that touch only at a corner are not connected.
    """
    around = np.ones((mask.shape[0] + 2, mask.shape[1] + 2), bool)
    around[1:-1, 1:-1] = ~mask
    return np.asarray(connected_pieces(around, diagonal=False).labels[1:-1, 1:-1] != 1)


def _touching(start: Array, stop: Array, line: int, reach: int) -> tuple[Array, Array]:
    """Return the pairs of runs that touch, as the indices of the upper and of the lower ones.

    The pairs are in the order of the lower runs, then of the upper ones.

    Args:
        start: (N,), positions of the first pixels of the runs, in increasing order.
        stop: (N,), positions after their last pixels.
        line: Distance between a pixel and the one below it.
        reach: 1 if runs that touch only at a corner count, else 0.
    """
    low = np.searchsorted(stop, start - line - reach, "right")
    count = np.searchsorted(start, stop - line + reach, "left") - low
    lower = np.repeat(np.arange(len(start)), count)
    within = np.arange(len(lower)) - np.repeat(np.cumsum(count) - count, count)
    return low[lower] + within, lower


def _first_runs(upper: Array, lower: Array, count: int) -> Array:
    """Return the first run of the piece of each run: (N,).

    Args:
        upper: (E,), for each pair of runs that touch, the index of the upper one.
        lower: (E,), the index of the lower one, in increasing order.
        count: Number of runs, N.
    """
    first = np.arange(count)
    first[lower[::-1]] = upper[::-1]  # of several upper runs, the first one counts
    first = _followed(first)
    while True:
        one, other = first[upper], first[lower]
        apart = one != other
        if not apart.any():
            return first
        upper, lower = upper[apart], lower[apart]
        one, other = one[apart], other[apart]
        np.minimum.at(first, np.maximum(one, other), np.minimum(one, other))
        first = _followed(first)


def _followed(first: Array) -> Array:
    """Return where chains of pointers (N,) end. Each leads to an earlier entry or to itself."""
    while True:
        following = first[first]
        if np.array_equal(following, first):
            return first
        first = following
