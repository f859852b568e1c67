"""The convex hull of a mask.

References:
    Andrew, "Another efficient algorithm for convex hulls in two dimensions" (1979).
"""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["convex_hull"]


def convex_hull(mask: Array) -> Array:
    """Return the convex hull of a mask (h, w) bool, filled."""
    from PIL import Image, ImageDraw

    rows = np.flatnonzero(mask.any(axis=1))
    first = mask.argmax(axis=1)[rows]
    last = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)[rows]
    left = _chain(list(zip(rows.tolist(), first.tolist(), strict=True)), 1)
    right = _chain(list(zip(rows.tolist(), last.tolist(), strict=True)), -1)
    picture = Image.new("1", mask.shape[::-1])
    corners = [(x, y) for y, x in (*left, *right[::-1])]
    ImageDraw.Draw(picture).polygon(corners * (1 if len(corners) > 1 else 2), fill=1, outline=1)
    return np.array(picture)


def _chain(points: list[tuple[int, int]], side: int) -> list[tuple[int, int]]:
    """Return the corners of the convex hull on the left (1) or the right (-1) of the points."""
    chain: list[tuple[int, int]] = []
    for y, x in points:
        while len(chain) > 1:
            (y0, x0), (y1, x1) = chain[-2:]
            if side * ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) < 0:
                break
            chain.pop()
        chain.append((y, x))
    return chain
