"""Order: in which order the lines of a page are read."""

from itertools import pairwise

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.cells import are_separated

__all__ = ["reading_order"]

_SAME_ROW = 0.5  # least vertical overlap of two lines of a row, in heights of the smaller one


def reading_order(boxes: Array, frames: Array | None = None) -> list[int]:
    """Return the indices of lines as they are read: columns from left to right, each from the top.

    Where neither columns nor rows are separated by gaps, as on a page that is slightly skewed,
    lines at about the same height are read from left to right. A table is read row by row: lines
    at the same height with an upright line between them are its cells.

    Args:
        boxes: (L, 4): top, left, bottom, right of each line.
        frames: (H, W) bool: pixels that may belong to lines between cells; None if there are none.
    """
    if len(boxes) < 2:
        return list(range(len(boxes)))
    table = frames is not None and _are_cells(boxes, frames)
    # Axis and least number of lines of each part: a column has at least two lines, a row one.
    for axis, fewest in ((0, 1),) if table else ((1, 2), (0, 1)):
        parts = _cut(boxes, axis)
        if len(parts) > 1 and min(map(len, parts)) >= fewest:
            return [part[i] for part in parts for i in reading_order(boxes[part], frames)]
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    rows = _rows(boxes)
    tops = [middles[rows == row].mean() for row in range(rows.max() + 1)]
    return sorted(range(len(boxes)), key=lambda i: (tops[rows[i]], rows[i], boxes[i, 1]))


def _are_cells(boxes: Array, frames: Array) -> bool:
    """Return whether an upright line stands between two lines that follow each other in a row."""
    rows = _rows(boxes)
    order = sorted(range(len(boxes)), key=lambda i: (rows[i], boxes[i, 1]))
    return any(
        rows[first] == rows[second] and are_separated(frames, boxes[first], boxes[second])
        for first, second in pairwise(order)
    )


def _rows(boxes: Array) -> Array:
    """Return the number of the row of each line, (L,).

    Lines beside each other are in one row if their vertical overlap is at least half of the smaller
    one of their heights.
    """
    sides = np.minimum(boxes[:, np.newaxis, 2:], boxes[:, 2:])
    common = sides - np.maximum(boxes[:, np.newaxis, :2], boxes[:, :2])
    heights = boxes[:, 2] - boxes[:, 0]
    smaller = np.minimum(heights[:, np.newaxis], heights)
    beside = (common[..., 1] <= 0) & (common[..., 0] >= _SAME_ROW * smaller)
    linked = beside | np.eye(len(boxes), dtype=bool)
    rows, before = np.arange(len(boxes)), None
    while before is None or (rows != before).any():
        before, rows = rows, np.where(linked, rows, len(boxes)).min(axis=1)
    return np.asarray(np.unique(rows, return_inverse=True)[1])


def _cut(boxes: Array, axis: int) -> list[list[int]]:
    """Split boxes at the gaps along one axis: axis 0 gives groups of rows, axis 1 columns."""
    order = np.argsort(boxes[:, axis], kind="stable")
    parts, end = [[int(order[0])]], boxes[order[0], axis + 2]
    for index in map(int, order[1:]):
        overlap = end - boxes[index, axis]
        if overlap > 0.3 * (boxes[index, axis + 2] - boxes[index, axis]):
            parts[-1].append(index)
        else:
            parts.append([index])
        end = max(end, boxes[index, axis + 2])
    return parts
