"""The convex hull of a mask.

References:
    Andrew, "Another efficient algorithm for convex hulls in two dimensions" (1979).
"""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["convex_hull"]

_PASSES = 3  # passes over all points at once; then the remaining points are examined one by one


def convex_hull(mask: Array) -> Array:
    """Return the convex hull of a mask (h, w) bool, filled."""
    from PIL import Image, ImageDraw

    rows = np.flatnonzero(mask.any(axis=1))
    first = mask.argmax(axis=1)[rows]
    last = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)[rows]
    left, right = _chain(rows, first, 1), _chain(rows, last, -1)
    picture = Image.new("1", mask.shape[::-1])
    corners = [(x, y) for y, x in (*left, *right[::-1])]
    ImageDraw.Draw(picture).polygon(corners * (1 if len(corners) > 1 else 2), fill=1, outline=1)
    return np.array(picture)


def _chain(y: Array, x: Array, side: int) -> list[tuple[int, int]]:
    """Return the corners of the convex hull on the left (1) or the right (-1) of the points.

    Args:
        y: (N,), the rows of the points, increasing.
        x: (N,), their columns.
        side: 1 or -1.
    """
    for _ in range(_PASSES):
        y, x = _without_dents(y, x, side)
    chain: list[tuple[int, int]] = []
    for row, column in zip(y.tolist(), x.tolist(), strict=True):
        while len(chain) > 1:
            (y0, x0), (y1, x1) = chain[-2:]
            if side * ((x1 - x0) * (row - y0) - (column - x0) * (y1 - y0)) < 0:
                break
            chain.pop()
        chain.append((row, column))
    return chain


def _without_dents(y: Array, x: Array, side: int) -> tuple[Array, Array]:
    """Return only the points that lie outside the line between their two neighbours.

    None of the other points is a corner of the hull, so they can all be removed at once. The first
    and the last point are kept.
    """
    down, across = np.diff(y), np.diff(x)
    turn = side * (across[:-1] * (down[:-1] + down[1:]) - (across[:-1] + across[1:]) * down[:-1])
    kept = np.ones(len(y), bool)
    kept[1:-1] = turn < 0
    return y[kept], x[kept]
