"""Hairlines: parts of a stroke that are much thinner or paler than the other parts of the digit.

A fountain pen, a brush or a light hand draws parts of a stroke so thin that they have less than
half of the contrast of the other parts. So they are no ink by the threshold of the piece
(``tenfold.reading.mask``), and the other parts may look like another digit: a 9 without the lower
side of its loop looks like a 7. A lower threshold for all ink would also keep ruled lines and soft
edges. So the ink of a single digit is looked at a second time, with its hairlines. The new digit
replaces the old one only if the new one is certain, also in other views.
"""

from dataclasses import replace

import numpy as np

from tenfold.images.normalization import bounding_box
from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.connected import connected_pieces
from tenfold.reading.digit_pieces import digit_sized
from tenfold.reading.lattice import Arc
from tenfold.reading.line_digits import CERTAIN
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.mask import Ink, pixels_of
from tenfold.reading.quantiles import quantile
from tenfold.reading.result import Found, Result
from tenfold.reading.sliding import sliding_maximum
from tenfold.reading.steadiness import is_steady

__all__ = ["with_hairlines"]

_MOST_PIECES = 6  # largest number of pieces into which a digit with hairlines falls
_WIDEST = 1.3  # largest width of a digit with hairlines, in its heights
_AROUND = 0.15  # how far a hairline reaches beyond the pieces, in sizes of the digit
_WEAKEST = 0.22  # least contrast of a hairline, in contrasts of the strong ink
_STRONG = 0.9  # the contrast of strong ink is this quantile of the contrast of all ink
_SOFT = 2  # pixels beside the ink that may be its soft edge
_LEAST = 0.004  # least area of hairlines, as a share of the area of the ink


def with_hairlines(result: Result | None, recognise: Recogniser) -> Result | None:
    """Return the reading; a single digit is replaced if it is another digit with its hairlines.

    The reading stays as it is if the digit with its hairlines is the same, not certain, or not
    steady in other views. It also stays as it is if a margin was added to the picture: then the
    picture was enlarged, too, so all its edges are soft.

    Args:
        result: The reading.
        recognise: Function that recognises images.
    """
    if result is None or len(result.digits) != 1 or result.ink.margin:
        return result
    candidate = _with_weak_ink(result.ink)
    if candidate is None:
        return result
    probabilities = recognise(candidate.glyph.image[np.newaxis])[0]
    digit = int(probabilities[:10].argmax())
    arc = Arc(0, digit, float(probabilities[digit]))
    if digit == result.digits[0].arc.digit or arc.probability < CERTAIN:
        return result
    changed = replace(result, digits=[Found(candidate, arc, 0)])
    return changed if is_steady(changed, recognise) else result


def _with_weak_ink(ink: Ink) -> Candidate | None:
    """Return all digit-sized pieces with their hairlines as one digit; None without hairlines."""
    pieces = digit_sized(ink)
    if not 0 < len(pieces) <= _MOST_PIECES:
        return None
    boxes = ink.boxes[pieces]
    around = np.array([*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)])
    height, width = around[2:] - around[:2]
    if width > _WIDEST * height:
        return None
    room = int(_AROUND * max(height, width)) + _SOFT
    top, left = np.maximum(around[:2] - room, 0)
    box = (slice(top, around[2] + room), slice(left, around[3] + room))
    chosen = np.zeros(len(ink.area), bool)
    chosen[pieces] = True
    mask, contrast = pixels_of(ink, chosen)[box], ink.contrast[box]
    strong = quantile(contrast[mask], _STRONG)
    hairlines = _hairlines(mask, contrast > _WEAKEST * strong)
    if hairlines is None:
        return None
    contrast = np.where(hairlines, np.maximum(contrast, np.float32(strong)), contrast)
    mask |= hairlines
    rows, columns = bounding_box(mask)
    y, x = int(top), int(left)
    ink_box = (y + rows.start, x + columns.start, y + rows.stop, x + columns.stop)
    return Candidate(0, len(pieces), contrast[rows, columns], mask[rows, columns], ink_box)


def _hairlines(mask: Array, visible: Array) -> Array | None:
    """Return the hairlines (H, W) bool, which are connected with the ink; None if there are none.

    Args:
        mask: (H, W) bool, the ink.
        visible: (H, W) bool, which pixels have at least the contrast of a hairline.
    """
    labels, boxes = connected_pieces(visible | mask)
    connected = np.zeros(len(boxes) + 1, bool)
    connected[labels[mask]] = True
    visible = connected[labels]
    soft = _widened(mask, _SOFT)
    beyond = visible & ~soft
    if beyond.sum() < _LEAST * mask.sum():
        return None
    return np.asarray(_widened(beyond, _SOFT + 1) & visible)


def _widened(mask: Array, reach: int) -> Array:
    """Return which pixels are at most ``reach`` rows and columns away from a mask, (H, W) bool."""
    return sliding_maximum(mask, 2 * reach + 1)
