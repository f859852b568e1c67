"""Outlines: pieces of ink that lie around other pieces, but are parts of digits and not boxes."""

from tenfold.reading.connected import without_holes
from tenfold.reading.hull import convex_hull
from tenfold.reading.mask import Ink

__all__ = ["is_hollow", "is_on_both_sides"]

_CLOSED = 1.6  # least area of a closed outline and its inside, in areas of the outline
_WIDEST_HOLLOW = 1.3  # largest width of a hollow digit, in heights: a row of boxes is wider
_CONVEX = 0.9  # least area of a filled box, as a share of the area of its convex hull
_BESIDE = 0.5  # least share of the rows of a piece in which a box has ink on either side of it


def is_hollow(ink: Ink, piece: int) -> bool:
    """Return whether a piece is closed, but not convex, unlike the borders of boxes.

    Args:
        ink: The ink.
        piece: Index of the piece.
    """
    top, left, bottom, right = ink.boxes[piece]
    if right - left > _WIDEST_HOLLOW * (bottom - top):
        return False
    outline = ink.labels[top:bottom, left:right] == piece + 1
    filled = without_holes(outline)
    if filled.sum() < _CLOSED * outline.sum():
        return False
    return bool(filled.sum() < _CONVEX * convex_hull(filled).sum())


def is_on_both_sides(ink: Ink, outer: int, inner: int) -> bool:
    """Return whether a piece has ink to the left and to the right of a piece inside its box.

    The border of a box has ink on both sides. The stroke of a 7 whose bar is a piece of its own is
    only to the right of the bar.

    Args:
        ink: The ink.
        outer: Index of the piece that may be a box.
        inner: Index of the other piece, whose box lies inside that of ``outer``.
    """
    left, right = ink.boxes[outer, [1, 3]]
    top, start, bottom, end = ink.boxes[inner]
    rows = ink.labels[top:bottom] == outer + 1
    sides = rows[:, left:start].any(axis=1), rows[:, end:right].any(axis=1)
    return min(float(side.mean()) for side in sides) >= _BESIDE
