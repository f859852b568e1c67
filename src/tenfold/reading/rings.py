"""Rings: circles and other closed outlines, which look like a 0.

The outlines of coins, wheels, buttons and signs are not digits, but the network reads them as a 0
with high probability. A written 0 differs from them in two ways: it is hardly ever a circle, and
the paper inside it is the same as the paper around it.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.connected import without_holes
from tenfold.reading.disk import disk_maximum
from tenfold.reading.glyph import stroke_width
from tenfold.reading.mask import Ink

__all__ = ["is_ring"]

_CIRCLE = 0.05  # largest standard deviation of the radius of a circle, as a share of its mean
_AROUND = 0.15  # width of the surroundings that are compared with the inside, in sizes of the ring
_DARKER = 0.2  # least difference of a darker inside from the paper, in contrasts of the ink
_LIGHTER = 0.8  # the same for a lighter inside: larger, since dark ink may have a light halo
# If a hole is lighter than the paper by this many contrasts of the ink, the hole is ink, and the
# apparent 0 is bright paper.
_OPPOSITE = 1.0
_PALE = 0.65  # largest contrast of the area inside the outline, in contrasts of the outline
_INSIDE = 0.25  # smallest inside that is compared, as a share of the area of the filled outline


def is_ring(ink: Ink, candidate: Candidate) -> bool:
    """Return whether a 0 is a circle, or the area inside it is darker or lighter than the paper.

    Args:
        ink: The ink of the picture.
        candidate: The ink of the 0.
    """
    filled = without_holes(candidate.mask)
    return _spread_of_radius(filled) < _CIRCLE or _differs_inside(ink, candidate, filled)


def _spread_of_radius(filled: Array) -> float:
    """Return the standard deviation of the radius of a shape (h, w) bool, divided by its mean."""
    outside = np.pad(~filled, 1, constant_values=True)
    rows, columns = np.nonzero(filled & disk_maximum(outside, 1)[1:-1, 1:-1])
    y, x = (positions.mean() for positions in np.nonzero(filled))
    radius = np.hypot(rows - y, columns - x)
    return float(radius.std() / max(radius.mean(), 1e-9))


def _differs_inside(ink: Ink, candidate: Candidate, filled: Array) -> bool:
    """Return whether the area inside a 0 is darker or lighter than the paper around it."""
    top, left, bottom, right = candidate.box
    margin = max(2, round(_AROUND * max(filled.shape)))
    y, x = max(0, top - margin), max(0, left - margin)
    around = ink.grey[y : bottom + margin, x : right + margin]
    outside = np.ones(around.shape, bool)
    outside[top - y : bottom - y, left - x : right - x] = False
    grey = ink.grey[top:bottom, left:right]
    paper = float(np.median(around[outside])) if outside.any() else 1.0
    contrast = paper - float(np.quantile(grey[candidate.mask], 0.1))
    hole = grey[filled & ~candidate.mask]
    if len(hole) and float(np.median(hole)) - paper > _OPPOSITE * contrast:
        return True
    bright = ~candidate.mask | (grey > paper - _PALE * contrast)
    inside = grey[_deep(filled, stroke_width(filled & ~bright)) & bright]
    if len(inside) < _INSIDE * filled.sum():
        return False
    low, high = np.quantile(inside, (0.25, 0.75))
    return bool(paper - high > _DARKER * contrast or low - paper > _LIGHTER * contrast)


def _deep(filled: Array, depth: float) -> Array:
    """Return which pixels of a filled outline (h, w) bool are deeper than its strokes: (h, w) bool.

    The other pixels may be strokes, since many 0s have pale strokes on one side.
    """
    outside = np.pad(~filled, 1, constant_values=True)
    return ~disk_maximum(outside, depth)[1:-1, 1:-1]
