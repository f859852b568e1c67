"""Rings: circles and other closed outlines, which look like a 0.

The outlines of coins, wheels, buttons, signs and drawn things are not digits, but the network reads
them as a 0 with high probability. A written 0 differs from them in three ways:

- it is hardly ever a circle
- it is an oval: the outlines of a drop, a pear, a heart or a diamond are far from an ellipse
- the paper inside it is the same as the paper around it.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.connected import connected_pieces, without_holes
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
_HOLE = 0.15  # smallest hole of an outline, as a share of the area of the filled outline
_OVAL = 0.175  # largest area by which an oval differs from an ellipse, as a share of its own area
_TAIL = 0.75  # what is thinner than twice this many stroke widths is a tail, not the oval


def is_ring(ink: Ink, candidate: Candidate) -> bool:
    """Return whether a 0 may be a circle or the outline of something else.

    Args:
        ink: The ink of the picture.
        candidate: The ink of the 0.
    """
    filled = without_holes(candidate.mask)
    circle = _spread_of_radius(_largest_piece(filled)) < _CIRCLE  # without highlights and specks
    if circle or _differs_inside(ink, candidate, filled):
        return True
    hole = filled & ~candidate.mask
    return bool(hole.sum() >= _HOLE * filled.sum()) and not _is_oval(candidate.mask, filled)


def _largest_piece(mask: Array) -> Array:
    """Return the largest connected piece of a mask, (h, w) bool each."""
    labels, _ = connected_pieces(mask)
    return np.asarray(labels == np.bincount(labels[mask]).argmax())


def _spread_of_radius(filled: Array) -> float:
    """Return the standard deviation of the radius of a shape (h, w) bool, divided by its mean."""
    outside = np.pad(~filled, 1, constant_values=True)
    rows, columns = np.nonzero(filled & disk_maximum(outside, 1)[1:-1, 1:-1])
    y, x = (positions.mean() for positions in np.nonzero(filled))
    radius = np.hypot(rows - y, columns - x)
    return float(radius.std() / max(radius.mean(), 1e-9))


def _is_oval(mask: Array, filled: Array) -> bool:
    """Return whether a shape, without thin tails, hardly differs from an ellipse.

    The ellipse has the same moments of first and second order. If C is the covariance of the points
    of a filled ellipse, x^T C^-1 x is at most 4 within it, for x measured from its middle.

    Args:
        mask: (h, w) bool, the outline.
        filled: (h, w) bool, the outline with what is inside it.
    """
    radius = _TAIL * stroke_width(mask)
    margin = int(max(filled.shape) / 4 + radius) + 2
    outside = disk_maximum(np.pad(~filled, margin, constant_values=True), radius)
    shape = disk_maximum(~outside, radius)
    rows, columns = np.nonzero(shape)
    if len(rows) == 0:
        return True
    points = np.stack([rows, columns]).astype(np.float64)
    middle = points.mean(axis=1, keepdims=True)
    inverse = np.linalg.inv(np.cov(points - middle) + 1e-9 * np.eye(2))
    y, x = np.indices(shape.shape) - middle[:, :, np.newaxis]
    ellipse = inverse[0, 0] * y * y + 2 * inverse[0, 1] * y * x + inverse[1, 1] * x * x <= 4
    return bool((ellipse ^ shape).sum() <= _OVAL * len(rows))


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
