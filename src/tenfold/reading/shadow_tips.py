"""Tips of shadows: where a shadow ends at the border of the picture, it looks like ink.

The paper is compared with the paper in a window around it (``tenfold.reading.contrast``). A shadow
that is wider than the window counts as paper. But its tip, between its edge and the border of the
picture, is narrower, so the tip is taken for a piece of ink. Unlike ink, it has no edge on one
side: there, the shadow goes on. The dark corners of a picture in uneven light are like such tips.
"""

import numpy as np

from tenfold.reading.mask import Ink, find_pieces, pixels_of
from tenfold.reading.sliding import sliding_maximum

__all__ = ["without_shadow_tips"]

_SMALLEST = 8  # least shorter side of the box of a tip, in pixels; smaller pieces are kept
_FILLED = 0.4  # least share of its box that a tip covers; low, since a digit may touch the tip
_OPEN = 0.2  # least share of the outline of a tip that has no edge
_DARK = 0.6  # least contrast of the shadow beside its tip, in contrasts of the tip
_DISTANCE = 0.4  # from a piece to the pixels that are compared with it, in stroke widths
_NEAREST = 2  # least value of this distance, in pixels: the edge of a stroke is seldom sharper


def without_shadow_tips(ink: Ink) -> Ink:
    """Return the ink without the tips of shadows.

    Args:
        ink: All ink of a picture.
    """
    ends = np.array(ink.contrast.shape)
    at_border = ((ink.boxes[:, :2] == 0) | (ink.boxes[:, 2:] == ends)).any(axis=1)
    sides = ink.boxes[:, 2:] - ink.boxes[:, :2]
    possible = at_border & (sides.min(axis=1) >= _SMALLEST)
    possible &= ink.area >= _FILLED * sides.prod(axis=1)
    tips = [int(piece) for piece in np.flatnonzero(possible) if _is_open(ink, int(piece))]
    if not tips:
        return ink
    kept = np.ones(len(ink.area), bool)
    kept[tips] = False
    return find_pieces(pixels_of(ink, kept), ink.grey, ink.contrast)


def _is_open(ink: Ink, piece: int) -> bool:
    """Return whether a part of the outline of a piece has no edge.

    Let g be the median grey level of the piece, and r its median contrast. So the grey level of the
    paper is b = g / (1 - r). Beside the outline, a pixel is as dark as the piece if its contrast
    with this paper, 1 - grey / b, is at least 0.6 r.
    """
    distance = max(_NEAREST, round(_DISTANCE * float(ink.stroke[piece])))
    top, left, bottom, right = map(int, ink.boxes[piece])
    y, x = max(0, top - distance), max(0, left - distance)
    around = (slice(y, bottom + distance), slice(x, right + distance))
    labels, grey = ink.labels[around], ink.grey[around]
    mine = labels == piece + 1
    nearer = sliding_maximum(mine, 2 * distance - 1)
    outline = sliding_maximum(mine, 2 * distance + 1) & ~nearer & (labels == 0)
    if not outline.any():
        return False
    contrast = float(np.median(ink.contrast[around][mine]))
    paper = float(np.median(grey[mine])) / max(1 - contrast, 1e-3)
    dark = 1 - grey[outline] / max(paper, 1e-3) >= _DARK * contrast
    return bool(dark.mean() >= _OPEN)
