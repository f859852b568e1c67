"""Rows: the tags of a text line beside each other, above or below its boxes."""

from collections.abc import Sequence

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.show.folding import Rect

__all__ = ["row_of_tags"]

_GAP = 2  # pixels between tags, and between a tag and the boxes


def row_of_tags(
    boxes: Sequence[Rect],
    sizes: Sequence[tuple[float, float]],
    bounds: Rect,
    taken: Sequence[Rect],
) -> list[Rect] | None:
    """Return a place for each tag in a row above the boxes of a line, or below; None if none fits.

    Each tag starts where its box starts, or as near to it as the other tags allow. A row does not
    fit if one of its tags is not above or below its own box, or covers one of ``taken``.

    Args:
        boxes: The boxes of the line, from left to right.
        sizes: (width, height) of each tag.
        bounds: What tags must not leave.
        taken: What tags must not cover, such as the boxes of other lines.
    """
    own, size = np.array(boxes, np.float64), np.array(sizes, np.float64)
    low, high = bounds[0], bounds[2] - size[:, 0]
    if (high < low).any():
        return None
    lefts = np.rint(_apart(np.clip(own[:, 0], low, high), size[:, 0] + _GAP))
    spans = np.stack([lefts, lefts + size[:, 0]], axis=1)
    beside = (spans[:, 0] > own[:, 2]) | (spans[:, 1] < own[:, 0])
    if beside.any() or lefts[0] < bounds[0] or spans[-1, 1] > bounds[2]:
        return None
    near = (own[:, 0] < spans[:, 1:]) & (own[:, 2] > spans[:, :1])
    above = np.where(near, own[:, 1], np.inf).min(axis=1) - size[:, 1] - _GAP
    below = np.where(near, own[:, 3], -np.inf).max(axis=1) + _GAP
    others = np.array(taken, np.float64).reshape(-1, 4)
    for tops in (above, below):
        row = np.stack([spans[:, 0], tops, spans[:, 1], tops + size[:, 1]], axis=1)
        if tops.min() >= bounds[1] and row[:, 3].max() <= bounds[3] and not _covers(row, others):
            return [(float(a), float(b), float(c), float(d)) for a, b, c, d in row]
    return None


def _apart(lefts: Array, widths: Array) -> Array:
    """Return the positions nearest to ``lefts`` at which intervals of these widths do not overlap.

    From each position, the sum of the widths before it is subtracted. The result is found by
    isotonic regression of these differences: neighbours in the wrong order are joined into blocks,
    each at the mean of its differences.
    """
    before = np.append(0.0, np.cumsum(widths[:-1]))
    blocks: list[list[float]] = []  # sum and number of the differences of each block
    for value in lefts - before:
        blocks.append([float(value), 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + count]
    return before + np.repeat(
        [total / count for total, count in blocks], [int(b[1]) for b in blocks]
    )


def _covers(rects: Array, others: Array) -> bool:
    a, b = rects[:, np.newaxis], others
    return bool(((a[..., :2] < b[:, 2:]) & (a[..., 2:] > b[:, :2])).all(axis=2).any())
