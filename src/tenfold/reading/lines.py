"""Lines: which pieces of ink follow one another, from left to right."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.quantiles import median, quantile

__all__ = ["find_lines", "skew"]

_STEEPEST = 50  # largest angle between neighbours that counts for the skew, in degrees
_REACH = 2.6  # longest gap between neighbours in a line, in sizes of the larger one
_MAX_SIZE_RATIO = 2.8  # largest ratio of the sizes of neighbours
_RISE = 0.6  # largest vertical distance of neighbours in a line, in sizes of the larger one
_OVERLAP = 0.6  # largest horizontal overlap of a line and its continuation, in sizes of the smaller
_COLUMN_GAP = 1.1  # least size of a wide gap, in sizes of a digit
_GAP_RATIO = 2.5  # least size of a wide gap, in median gaps of the line
_FAR = 2.2  # a larger gap, in sizes of a digit, always separates two columns
_MAX_STROKE_RATIO = 4.0  # largest ratio of the stroke widths of neighbours
_ENDS = 3  # number of pieces at the ends of two lines that are compared
# Least vertical overlaps of two lines, in heights of the line with the smaller height.
_LEVEL_SHARE = 0.6  # of a line and its continuation
_LONE_SHARE = 0.3  # of a line and a single piece near it
_COMMON = 0.25  # of lines whose pieces alternate
_ABOVE = 0.25  # largest horizontal overlap of two pieces of such lines, in widths of the narrower
_ONE_DIGIT = 1.25  # largest height of two parts of one digit together, in usual heights of digits
_FEW_LINES = 60  # lines whose pieces alternate are joined only up to this number of lines
_FEWEST_PAIRS = 2  # fewest pairs of neighbours from which a skew is estimated


@dataclass(frozen=True)
class _Neighbours:
    distance: Array  # (P, P), infinite if the second piece does not follow the first
    angle: Array  # (P, P) degrees, positive downwards


def skew(boxes: Array) -> float:
    """Return the angle of the lines in degrees, positive if they fall to the right; 0 if unknown.

    Args:
        boxes: (P, 4): top, left, bottom, right of pieces about as large as digits.
    """
    if not len(boxes):
        return 0.0
    near = _neighbours(boxes, _STEEPEST)
    nearest = near.distance.argmin(axis=1)
    linked = np.isfinite(near.distance.min(axis=1))
    angles = near.angle[linked, nearest[linked]]
    if len(angles) < _FEWEST_PAIRS:
        return 0.0
    size = _sizes(boxes)
    ratio = np.minimum(size, size[nearest]) / np.maximum(np.maximum(size, size[nearest]), 1)
    votes = ratio[linked] ** 2  # a digit and a part of a broken digit seldom lie level
    weight = (np.exp(-(((angles[:, np.newaxis] - angles) / 6) ** 2)) * votes).sum(axis=1)
    best = angles[weight.argmax()]
    close = np.abs(angles - best) < 10
    if close.sum() < max(_FEWEST_PAIRS, 0.4 * len(angles)):
        return 0.0
    return median(angles[close])


def find_lines(boxes: Array, stroke: Array) -> list[list[int]]:
    """Return the horizontal lines as lists of the indices of their pieces, from left to right.

    Neighbours have similar strokes: a shadow or a thin frame beside a digit is not in its line.

    Args:
        boxes: (P, 4): top, left, bottom, right of pieces about as large as digits.
        stroke: (P,), the stroke width of each piece, in pixels.
    """
    near = _neighbours(boxes, 35)
    count, size = len(boxes), _sizes(boxes)
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    rise = np.abs(middle[:, np.newaxis] - middle)
    ratio = stroke[:, np.newaxis] / np.maximum(stroke, 1e-9)
    allowed = rise <= _RISE * np.maximum(size[:, np.newaxis], size)
    allowed &= (ratio <= _MAX_STROKE_RATIO) & (ratio >= 1 / _MAX_STROKE_RATIO)
    distance = np.where(allowed, near.distance + rise, np.inf)
    following, preceding = [-1] * count, [-1] * count
    pairs = np.flatnonzero(np.isfinite(distance))  # few pairs of pieces may be neighbours
    for pair in pairs[np.argsort(distance.reshape(-1)[pairs], kind="stable")].tolist():
        first, second = divmod(pair, count)
        if following[first] < 0 and preceding[second] < 0:
            following[first], preceding[second] = second, first
    lines = []
    for index in range(count):
        if preceding[index] < 0:
            line = [index]
            while following[line[-1]] >= 0:
                line.append(following[line[-1]])
            lines.append(line)
    joined = _joined(lines, boxes, stroke)
    gaps = [_wide_gaps(line, boxes) for line in joined]
    beside = _gaps_beside(joined, boxes)
    return [
        part
        for index, line in enumerate(joined)
        for part in _split(line, gaps[index], [beside, *gaps[:index], *gaps[index + 1 :]])
    ]


def _joined(lines: list[list[int]], boxes: Array, stroke: Array) -> list[list[int]]:
    """Join each line and its continuation, and lines whose pieces alternate.

    A line often ends at a broken digit, since its parts are higher or lower than the other digits.
    The last pieces of the first line and the first pieces of the second must be at the same height.
    """
    size = _sizes(boxes)
    few = len(lines) <= _FEW_LINES
    joined: list[list[int]] = []
    spans: list[tuple[int, int]] = []  # top and bottom of each joined line
    for line in sorted(lines, key=lambda line: int(boxes[line, 1].min())):
        top, bottom = int(boxes[line, 0].min()), int(boxes[line, 2].max())
        for number, (home, (first, last)) in enumerate(zip(joined, spans, strict=True)):
            if min(bottom, last) < max(top, first):  # most pairs: one is above the other
                continue
            alternate = few and _interleaved(boxes[home], boxes[line], size[home + line])
            if alternate or _continues(home, line, boxes, size, stroke):
                home += line
                home.sort(key=lambda i: int(boxes[i, 1] + boxes[i, 3]))
                spans[number] = min(top, first), max(bottom, last)
                break
        else:
            joined.append(list(line))
            spans.append((top, bottom))
    return joined


def _continues(
    first: list[int], second: list[int], boxes: Array, size: Array, stroke: Array
) -> bool:
    """Return whether the second line continues the first one to the right."""
    one, two = boxes[first[-_ENDS:]], boxes[second[:_ENDS]]
    overlap = min(one[:, 2].max(), two[:, 2].max()) - max(one[:, 0].min(), two[:, 0].min())
    sizes = median(size[first]), median(size[second])
    gap = boxes[second, 1].min() - boxes[first, 3].max()
    if not -_OVERLAP * min(sizes) <= gap <= _REACH * min(sizes):
        return False  # as for most pairs of lines
    height = min(np.ptp(one[:, [0, 2]]), np.ptp(two[:, [0, 2]]))
    lone = min(len(first), len(second)) == 1
    ratio = median(stroke[first]) / max(median(stroke[second]), 1e-9)
    return bool(
        max(sizes) <= _MAX_SIZE_RATIO * min(sizes)
        and overlap >= (_LONE_SHARE if lone and gap <= min(sizes) else _LEVEL_SHARE) * height
        and 1 / _MAX_STROKE_RATIO <= ratio <= _MAX_STROKE_RATIO
    )


def _interleaved(one: Array, two: Array, size: Array) -> bool:
    """Return whether two lines are one line whose pieces are at two heights.

    The digits of a number in boxes may be at different heights, and are then found as two lines.
    They are one line if no piece is above another one, and if the two lines overlap both in width
    and in height. Pieces that may be parts of the same digit, such as the two halves of a broken 5,
    are not compared. If one of the lines has only such pieces, the two are one line.

    Args:
        one: (P, 4), boxes of the pieces of a line.
        two: (Q, 4), boxes of the pieces of the other line.
        size: (P + Q,), their sizes.
    """
    if one[:, 3].max() <= two[:, 1].min() or two[:, 3].max() <= one[:, 1].min():
        return False
    usual = quantile(np.concatenate([one, two])[:, [0, 2]] @ np.array([-1, 1]), 0.75)
    alone = ~_are_parts(one, two, usual), ~_are_parts(two, one, usual)
    if not (alone[0].any() and alone[1].any()):
        return True
    one, two, size = one[alone[0]], two[alone[1]], size[np.concatenate(alone)]
    heights = np.ptp(one[:, [0, 2]]), np.ptp(two[:, [0, 2]])
    overlap = min(one[:, 2].max(), two[:, 2].max()) - max(one[:, 0].min(), two[:, 0].min())
    across = np.minimum(one[:, np.newaxis, 3], two[:, 3]) - np.maximum(
        one[:, np.newaxis, 1], two[:, 1]
    )
    widths = np.minimum((one[:, 3] - one[:, 1])[:, np.newaxis], two[:, 3] - two[:, 1])
    return bool(
        overlap >= _COMMON * min(heights)
        and (across <= _ABOVE * widths).all()
        and size.max() <= _MAX_SIZE_RATIO * size.min()
    )


def _are_parts(boxes: Array, others: Array, usual: float) -> Array:
    """Return which boxes may belong to one digit together with one of the others: (P,) bool.

    The two boxes share columns, and together they are hardly higher than a digit.

    Args:
        boxes: (P, 4), boxes of pieces.
        others: (Q, 4), the other boxes.
        usual: Usual height of a digit.
    """
    mine = boxes[:, np.newaxis]
    across = np.minimum(mine[..., 3], others[:, 3]) - np.maximum(mine[..., 1], others[:, 1])
    both = np.maximum(mine[..., 2], others[:, 2]) - np.minimum(mine[..., 0], others[:, 0])
    return np.asarray(((across > 0) & (both <= _ONE_DIGIT * usual)).any(axis=1))


class _Gap(NamedTuple):
    """A gap between two neighbouring pieces of a line.

    Attributes:
        before: Number of the pieces of the line before the gap.
        left: Left end of the gap: the right edge of a piece.
        right: Right end of the gap: the left edge of the next piece.
        size: Its width, in median sizes of the pieces.
    """

    before: int
    left: int
    right: int
    size: float


def _wide_gaps(line: list[int], boxes: Array) -> list[_Gap]:
    """Return the gaps of a line that are much wider than its other gaps."""
    if len(line) < 3:
        return []
    left, right = boxes[line[:-1], 3], boxes[line[1:], 1]
    gaps = np.maximum(right - left, 0)
    size = median(_sizes(boxes[line]))
    least = max(_COLUMN_GAP * size, _GAP_RATIO * median(gaps))
    return [
        _Gap(int(k) + 1, int(left[k]), int(right[k]), float(gaps[k] / size))
        for k in np.flatnonzero(gaps > least)
    ]


def _gaps_beside(lines: list[list[int]], boxes: Array) -> list[_Gap]:
    """Return the gap between each line and the nearest line to the right, at the same height.

    Only lines of several pieces count: two such lines side by side belong to two columns. Other
    lines of these columns may be closer together.
    """
    several = [boxes[line] for line in lines if len(line) > 1]
    around = np.array([[*b[:, :2].min(axis=0), *b[:, 2:].max(axis=0)] for b in several])
    gaps = []
    for top, _, bottom, right in around.tolist():
        overlap = np.minimum(around[:, 2], bottom) - np.maximum(around[:, 0], top)
        height = np.minimum(around[:, 2] - around[:, 0], bottom - top)
        following = around[(around[:, 1] >= right) & (overlap >= _LEVEL_SHARE * height), 1]
        gaps += [_Gap(0, right, int(following.min()), np.inf)] if len(following) else []
    return gaps


def _split(line: list[int], gaps: list[_Gap], others: list[list[_Gap]]) -> list[list[int]]:
    """Split a line at the gaps between columns.

    A wide gap separates two columns if another line has a wide gap there, too, or if the gap is
    very wide. Otherwise the gap is within a number, in which a digit is far from the others.

    Args:
        line: Indices of the pieces of the line, from left to right.
        gaps: Wide gaps of the line, from left to right.
        others: The wide gaps of each other line.
    """
    starts = [
        gap.before
        for gap in gaps
        if gap.size > _FAR
        or any(min(gap.right, g.right) > max(gap.left, g.left) for other in others for g in other)
    ]
    return [line[a:b] for a, b in pairwise([0, *starts, len(line)])]


def _sizes(boxes: Array) -> Array:
    """Return the size of each piece, (P,): its height, or its width if it is flat.

    The width counts only up to the typical height, so several touching digits are as large as one
    digit. The typical height is the median of the heights, weighted by the areas of the boxes.
    """
    height, width = (boxes[:, 2:] - boxes[:, :2]).T.astype(np.float64)
    if not len(boxes):
        return height
    order = np.argsort(height)
    area = np.cumsum((height * width)[order])
    typical = height[order][np.searchsorted(area, area[-1] / 2)]
    return np.maximum(height, np.minimum(width, typical))


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
        & (largest / smallest <= _MAX_SIZE_RATIO)
        & (np.abs(angle) <= steepest)
    )
    return _Neighbours(np.where(follows, apart, np.inf), angle)
