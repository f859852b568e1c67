"""Soft pieces: brightness that changes gradually looks like large ink with soft edges.

Examples are the dark corners of a photo (vignetting), its bright middle, and a soft shadow. Along
the outline of a stroke, the contrast changes within a small part of the size of a digit, even if
the picture is blurred. Along the outline of such a piece, it changes over a large part of its size.
"""

import numpy as np

from tenfold.reading.mask import Ink, find_pieces, pixels_of

__all__ = ["without_soft_pieces"]

_LARGE = 0.15  # least size of a soft piece, in longer sides of the picture
_PIXELS = 40  # the same, in pixels
_WIDE = 8  # least stroke width of a soft piece, in pixels
_ACROSS = 0.05  # distance from the outline to the compared pixels on its two sides, in sizes
_WITHIN = 0.5  # largest value of this distance, in stroke widths
_SOFT = 0.4  # largest difference between these pixels, as a share of the strongest contrast
_MOST = 0.75  # share of the outline that has such small differences


def without_soft_pieces(ink: Ink) -> Ink:
    """Return the ink without the pieces that have soft edges.

    Args:
        ink: All ink of a picture.
    """
    least = max(_LARGE * max(ink.contrast.shape), _PIXELS)
    possible = (ink.sizes >= least) & (ink.stroke >= _WIDE)
    soft = [piece for piece in np.flatnonzero(possible) if _is_soft(ink, int(piece))]
    if not soft:
        return ink
    kept = np.ones(len(ink.area), bool)
    kept[soft] = False
    return find_pieces(pixels_of(ink, kept), ink.grey, ink.contrast)


def _is_soft(ink: Ink, piece: int) -> bool:
    """Return whether the contrast changes little across most of the outline of a piece.

    At a pixel of the outline, it is compared at two pixels on opposite sides, once along the row
    and once along the column. The larger one of the two differences counts. The border of the
    picture does not belong to the outline.
    """
    top, left, bottom, right = map(int, ink.boxes[piece])
    y, x = max(0, top - 1), max(0, left - 1)
    mine = np.pad(ink.labels[y : bottom + 1, x : right + 1] == piece + 1, 1, mode="edge")
    inside = mine[:-2, 1:-1] & mine[2:, 1:-1] & mine[1:-1, :-2] & mine[1:-1, 2:]
    rows, columns = np.nonzero(mine[1:-1, 1:-1] & ~inside)
    if len(rows) == 0:
        return False
    rows, columns = rows + y, columns + x
    size, stroke = max(bottom - top, right - left), float(ink.stroke[piece])
    reach = round(min(_ACROSS * size, _WITHIN * stroke))
    height, width = ink.contrast.shape
    above, below = np.maximum(rows - reach, 0), np.minimum(rows + reach, height - 1)
    before, after = np.maximum(columns - reach, 0), np.minimum(columns + reach, width - 1)
    values = ink.contrast
    across = np.maximum(
        np.abs(values[above, columns] - values[below, columns]),
        np.abs(values[rows, before] - values[rows, after]),
    )
    return bool((across < _SOFT * ink.peak[piece]).mean() >= _MOST)
