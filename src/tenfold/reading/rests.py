"""Rests: the visible parts of neighbouring digits that the border of the picture cuts through.

A small picture of one digit, such as the cell of a form, often shows a little of its neighbours. A
person does not read these rests, since the border cuts them off, and the digit is complete.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.mask import Ink

__all__ = ["are_rests", "contact", "touched"]

_DEPTH = 0.3  # how far a rest reaches into the picture, in sizes of the largest complete piece
_CUT = 0.6  # least share of the length of a rest that lies on the border
_LARGE = 0.2  # least size of the largest complete piece, as a share of the picture's shorter side
_AS_LARGE = 0.6  # least size of a cut-off piece that may be a digit, in sizes of the complete piece


def touched(ink: Ink) -> Array:
    """Return which borders each piece touches: (P, 4) bool, the upper, left, lower, right one."""
    inside = np.array(ink.contrast.shape) - ink.margin
    return np.concatenate(
        [ink.boxes[:, :2] <= ink.margin + 1, ink.boxes[:, 2:] >= inside - 1], axis=1
    )


def are_rests(ink: Ink, size: Array, usable: Array) -> Array:
    """Return which pieces are rests of digits that the border of the picture cuts off: (P,) bool.

    Most of the length of a rest lies on a border, and a rest reaches into the picture by at most
    0.3 times the size of the largest complete piece. There must be a large piece that the border
    does not cut off. If another large piece reaches from the border far into the picture, the
    picture was cropped so closely that its border cuts the digits themselves, and there are no
    rests.

    Args:
        ink: The ink.
        size: (P,), the longer side of the box of each piece.
        usable: (P,) bool, which pieces could be digits.
    """
    touches = touched(ink) & usable[:, np.newaxis]
    whole = usable & ~touches.any(axis=1)
    largest = int(size[whole].max(initial=0))
    if largest < _LARGE * min(ink.contrast.shape) or not touches.any():
        return np.zeros(len(size), bool)
    shallow = touches & (_depths(ink) <= _DEPTH * largest)
    deep = touches.any(axis=1) & ~shallow.any(axis=1)
    rests = np.zeros(len(size), bool)
    if (deep & (size >= _AS_LARGE * largest)).any():
        return rests
    for piece, side in np.argwhere(shallow):
        rests[piece] |= contact(ink, int(piece), int(side)) >= _CUT
    return rests


def _depths(ink: Ink) -> Array:
    """Return how far each piece reaches from each border into the picture: (P, 4), in pixels."""
    inside = np.array(ink.contrast.shape) - ink.margin
    return np.concatenate([ink.boxes[:, 2:] - ink.margin, inside - ink.boxes[:, :2]], axis=1)


def contact(ink: Ink, piece: int, side: int) -> float:
    """Return the length along which a piece touches a border, as a share of its own length.

    Args:
        ink: The ink.
        piece: Index of the piece.
        side: The border: 0 to 3 for the upper, left, lower, right one.
    """
    axis = side % 2
    end = ink.contrast.shape[axis] - ink.margin
    strip = slice(end - 2, end) if side >= 2 else slice(ink.margin, ink.margin + 2)
    labels = ink.labels[strip] if axis == 0 else ink.labels[:, strip].T
    along = np.flatnonzero((labels == piece + 1).any(axis=0))
    length = ink.boxes[piece, 3 - axis] - ink.boxes[piece, 1 - axis]
    return float(np.ptp(along) + 1) / length if len(along) else 0.0
