"""Lines: which pieces of ink follow one another, from left to right and from top to bottom."""

from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array

__all__ = ["find_lines", "reading_order", "skew"]

_STEEPEST = 50  # degrees
_REACH = 2.6  # longest gap between neighbours in a line, in sizes of the larger one
_RATIO = 2.8  # largest ratio of the sizes of neighbours
_RISE = 0.6  # largest vertical distance of neighbours in a horizontal line, in sizes
_WORD_GAP = 1.1  # smallest gap between columns, in sizes
_GAP_RATIO = 2.5  # the same, in median gaps of the line
_STROKES = 4.0  # largest ratio of the stroke widths of neighbours
_LINKS = 2  # fewest links that show a skew


@dataclass(frozen=True)
class _Neighbours:
    distance: Array  # (P, P), infinite if the second does not follow the first
    angle: Array  # (P, P) degrees, positive downwards


def skew(boxes: Array) -> float:
    """Return the angle of the lines in degrees, positive if they fall to the right; 0 if unknown.

    Args:
        boxes: (P, 4): top, left, bottom, right of pieces about as large as digits.
    """
    near = _neighbours(boxes, _STEEPEST)
    if not len(boxes):
        return 0.0
    nearest = near.distance.argmin(axis=1)
    rows = np.arange(len(boxes))
    linked = np.isfinite(near.distance[rows, nearest])
    angles = near.angle[rows, nearest][linked]
    if len(angles) < _LINKS:
        return 0.0
    weight = np.exp(-(((angles[:, np.newaxis] - angles) / 6) ** 2)).sum(axis=1)
    best = angles[weight.argmax()]
    close = np.abs(angles - best) < 10
    if close.sum() < max(_LINKS, 0.4 * len(angles)):
        return 0.0
    return float(np.median(angles[close]))


def find_lines(boxes: Array, stroke: Array) -> list[list[int]]:
    """Return the horizontal lines as lists of the indices of their pieces, from left to right.

    Neighbours have similar strokes: a shadow or a thin frame beside a digit is not in its line.

    Args:
        boxes: (P, 4): top, left, bottom, right of pieces about as large as digits.
        stroke: (P,), the stroke width of each, in pixels.
    """
    near = _neighbours(boxes, 35)
    count = len(boxes)
    size = _sizes(boxes)
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    rise = np.abs(middle[:, np.newaxis] - middle)
    ratio = stroke[:, np.newaxis] / np.maximum(stroke, 1e-9)
    allowed = rise <= _RISE * np.maximum(size[:, np.newaxis], size)
    allowed &= (ratio <= _STROKES) & (ratio >= 1 / _STROKES)
    distance = np.where(allowed, near.distance + rise, np.inf)
    following = [-1] * count
    preceding = [-1] * count
    for flat in np.argsort(distance, axis=None, kind="stable"):
        first, second = divmod(int(flat), count)
        if not np.isfinite(distance[first, second]):
            break
        if following[first] < 0 and preceding[second] < 0:
            following[first], preceding[second] = second, first
    lines = []
    for index in range(count):
        if preceding[index] < 0:
            line = [index]
            while following[line[-1]] >= 0:
                line.append(following[line[-1]])
            lines += _split(line, boxes)
    return lines


def _split(line: list[int], boxes: Array) -> list[list[int]]:
    """Split a line where a gap is much wider than its other gaps, as between columns."""
    if len(line) < 3:
        return [line]
    gaps = np.maximum(boxes[line[1:], 1] - boxes[line[:-1], 3], 0)
    size = float(np.median(_sizes(boxes[line])))
    widest = max(_WORD_GAP * size, _GAP_RATIO * float(np.median(gaps)))
    parts = [[line[0]]]
    for gap, index in zip(gaps, line[1:], strict=True):
        if gap > widest:
            parts.append([])
        parts[-1].append(index)
    return parts


def reading_order(boxes: Array) -> list[int]:
    """Return the order in which lines are read: columns from left to right, each from the top.

    Args:
        boxes: (L, 4): top, left, bottom, right of each line.
    """
    if len(boxes) < 2:
        return list(range(len(boxes)))
    for axis, fewest in ((1, 2), (0, 1)):
        parts = _cut(boxes, axis)
        if len(parts) > 1 and min(map(len, parts)) >= fewest:
            return [part[i] for part in parts for i in reading_order(boxes[part])]
    return sorted(range(len(boxes)), key=lambda i: (boxes[i, 0] + boxes[i, 2], boxes[i, 1]))


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


def _sizes(boxes: Array) -> Array:
    return np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]).astype(np.float64)


def _neighbours(boxes: Array, steepest: float) -> _Neighbours:
    size = _sizes(boxes)
    middle = np.stack([boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]], axis=1) / 2
    down, right = (middle[np.newaxis] - middle[:, np.newaxis]).transpose(2, 0, 1)
    largest = np.maximum(size[:, np.newaxis], size)
    smallest = np.maximum(np.minimum(size[:, np.newaxis], size), 1)
    half = (boxes[:, 3] - boxes[:, 1]) / 2
    apart = np.hypot(down, right)
    gap = apart - half[:, np.newaxis] - half
    angle = np.degrees(np.arctan2(down, np.maximum(right, 1e-9)))
    follows = (
        (right > 0)
        & (apart > 0.25 * largest)
        & (gap <= _REACH * largest)
        & (largest / smallest <= _RATIO)
        & (np.abs(angle) <= steepest)
    )
    return _Neighbours(np.where(follows, apart, np.inf), angle)
