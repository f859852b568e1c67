"""Places for tags: near their boxes, where they cover neither boxes nor each other."""

from collections.abc import Sequence

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.show.folding import Rect

__all__ = ["place_tags"]

_GAP = 2  # pixels between a tag and its box
_APART = 5  # pixels between a tag and other boxes, to show which box the tag belongs to
_RINGS = 10  # number of rings of places around a box, each half a tag's height further away


def place_tags(
    boxes: Sequence[Rect],
    sizes: Sequence[tuple[float, float]],
    bounds: Rect,
    taken: Sequence[Rect],
    tags: Sequence[Rect] = (),
    *,
    left_first: bool = False,
) -> list[Rect | None]:
    """Return a place for the tag of each box; None if it would cover another tag everywhere.

    Each tag gets the nearest place that covers none of ``taken`` and no earlier tag; if there is
    none, the place that covers no earlier tag and the least of ``taken``.

    Args:
        boxes: The box of each tag.
        sizes: (width, height) of each tag.
        bounds: The rectangle that contains all tags.
        taken: Rectangles that tags should not cover, such as all boxes.
        tags: Earlier tags, which no tag may cover.
        left_first: Whether the preferred place is left of the box, instead of above it.
    """
    obstacles = np.array(taken, np.float64).reshape(-1, 4)
    placed = np.array(tags, np.float64).reshape(-1, 4)
    places: list[Rect | None] = []
    for box, size in zip(boxes, sizes, strict=True):
        near = _around(obstacles, box, size)
        own = (near == box).all(axis=1)
        spaced = near + np.where(own, 0, _APART)[:, None] * (-1, -1, 1, 1)
        earlier = _around(placed, box, size)
        chosen = None
        for candidates in (_near(box, size, left_first), _far(box, size)):
            inside = _within(candidates, size, bounds)
            free = inside[~(_common(inside, earlier) > 0).any(axis=1)]
            best = free[~(_common(free, spaced) > 0).any(axis=1)]
            if len(best):
                chosen = best[0]
                break
            if len(free):
                chosen = free[int(_common(free, near).sum(axis=1).argmin())]
        places.append(None if chosen is None else _rect(chosen))
        placed = placed if chosen is None else np.vstack([placed, chosen])
    return places


def _around(rects: Array, box: Rect, size: tuple[float, float]) -> Array:
    """Return the rectangles that a tag of this box can reach, even if moved into the bounds."""
    reach = 2 * (_RINGS * (size[1] / 2 + _GAP) + max(size) + _APART)
    low, high = np.array(box[:2]) - reach, np.array(box[2:]) + reach
    return rects[((rects[:, :2] < high) & (rects[:, 2:] > low)).all(axis=1)]


def _rect(values: Array) -> Rect:
    left, top, right, bottom = (float(v) for v in values)
    return left, top, right, bottom


def _near(box: Rect, size: tuple[float, float], left_first: bool) -> Array:
    """Return corners (N, 2) of places that touch the box, the preferred ones first."""
    left, top, right, bottom = box
    w, h = size
    above, below = top - h - _GAP, bottom + _GAP
    before, after = left - w - _GAP, right + _GAP
    middle = (top + bottom - h) / 2
    rows = [(left, above), (right - w, above), (left, below), (right - w, below)]
    sides = [(before, middle), (after, middle), (before, top), (after, top), (before, bottom - h)]
    return np.array([*sides, *rows] if left_first else [*rows, *sides], np.float64)


def _far(box: Rect, size: tuple[float, float]) -> Array:
    """Return corners (N, 2) of places around the box, in rings."""
    left, top, right, bottom = box
    w, h = size
    corners = []
    for ring in range(1, _RINGS + 1):
        d = ring * (h / 2 + _GAP)
        low, high = np.array((left - w - d, top - h - d)), np.array((right + d, bottom + d))
        xs = np.arange(low[0], high[0] + 1, max(w / 2, 1))
        ys = np.arange(low[1], high[1] + 1, max(h / 2, 1))
        corners += [(x, y) for x in xs for y in (low[1], high[1])]
        corners += [(x, y) for y in ys for x in (low[0], high[0])]
    return np.array(corners, np.float64)


def _within(corners: Array, size: tuple[float, float], bounds: Rect) -> Array:
    """Return rectangles (N, 4) of a size with these corners, moved into the bounds."""
    low = np.array(bounds[:2])
    high = np.maximum(low, np.floor(np.array(bounds[2:]) - size))
    moved = np.clip(np.rint(corners), low, high)
    return np.hstack([moved, moved + np.array(size)])


def _common(rects: Array, others: Array) -> Array:
    """Return the common area (N, M) of rectangles (N, 4) and others (M, 4)."""
    a, b = rects[:, None], others[None]
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    return np.maximum(sides, 0).prod(axis=2)
