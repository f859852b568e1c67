"""Hidden digits: ink that was set aside, or erased as a ruled line, but may be a digit.

A digit that touches the side of a box or a line of squared paper is one piece of ink with it. This
piece is too large for a digit, so it is set aside, and the digit is missing although all other ink
is read. If straight lines are erased from such a piece, and only its ink at the height of the other
digits counts, the digit is what remains. Likewise, a 1 is missing if it was erased as a short,
upright ruled line.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.connected import connected_pieces
from tenfold.reading.digit_pieces import other_pieces, span_the_picture
from tenfold.reading.marks import are_at_the_height
from tenfold.reading.mask import Ink, find_pieces
from tenfold.reading.result import Result

__all__ = ["beside_hidden", "may_hide_digits"]

_REACH = 1.5  # largest gap between a digit and a hidden one beside it, in sizes of the digit
_LEAST = 0.6  # least height of a hidden digit, in median sizes of the digits
_MOST = 1.6  # largest size of a hidden digit, in median sizes of the digits
_WIDTH = 0.3  # least width of a hidden digit, as a share of its height: sides of boxes are narrower
_LENGTH = 1.35  # least length of its strokes with those of the box, in its heights; 1 for a side
_SIDES = 0.2  # least width of such ink, in heights: the sides of two boxes are narrower
_STROKE = 0.4  # least stroke width of a hidden digit, in stroke widths of the digits
_CONTRAST = 0.7  # least contrast of a hidden digit, as a share of the contrast of the digits
_LEVEL = 0.3  # largest distance of the ends of a hidden 1 from those of a digit, in its sizes
_FREE = 3  # rows without ink above and below a hidden 1
_SLENDER = 0.5  # largest width of a hidden 1, as a share of its height


def may_hide_digits(result: Result) -> bool:
    """Return whether ink that was not read may be digits, so that other ink must be tried."""
    return bool(span_the_picture(result.hypothesis.ink).any() or _beside_others(result).any())


def beside_hidden(result: Result) -> Array:
    """Return which digits are beside ink that may be a digit, but was not read: (N,) bool.

    Args:
        result: The reading. If its lines are skewed, ink at all heights counts.
    """
    return _beside_others(result) | _beside_erased(result)


def _beside_others(result: Result) -> Array:
    """Return which digits have ink beside them that was set aside and may be a digit: (N,) bool."""
    ink, beside = result.hypothesis.ink, np.zeros(len(result.digits), bool)
    others = other_pieces(ink)
    if not result.angle:
        others = others[_are_near(result.boxes, ink.boxes[others]).any(axis=0)]
    if not len(others) or not result.digits:
        return beside
    if result.angle:  # the ink that was set aside was not turned with the digits
        beside[:] = len(_hidden(result, others, (0, 0, *ink.contrast.shape))) > 0
        return beside
    lines = np.array([found.line for found in result.digits])
    for line in np.unique(lines):
        here = lines == line
        boxes = result.boxes[here]
        reach = round((_REACH + 1) * float(result.sizes[here].max()))
        top, left = map(int, boxes[:, :2].min(axis=0))
        bottom, right = map(int, boxes[:, 2:].max(axis=0))
        place = (top, max(0, left - reach), bottom, right + reach)
        hidden = _hidden(result, others, place)
        middles = (boxes[:, 1] + boxes[:, 3])[:, np.newaxis] / 2
        around = ((middles > hidden[:, 1]) & (middles < hidden[:, 3])).any(axis=0)
        beside[here] = _are_near(boxes, hidden[~around]).any(axis=1)
    return beside


def _hidden(result: Result, others: Array, place: tuple[int, int, int, int]) -> Array:
    """Return the boxes of what may be digits in some pieces that were set aside: (M, 4).

    Their ink is examined twice: without the straight lines that can be erased, and as it is, since
    hand-drawn lines are seldom straight. In ink as it is, a digit and the side of a box have longer
    strokes than the side alone, and end within the part of the picture that counts.

    Args:
        result: The reading.
        others: Indices of the pieces.
        place: Top, left, bottom, right of the part of the picture that counts.
    """
    ink, lines = result.hypothesis.ink, result.hypothesis.kept
    top, left, bottom, right = place
    part = (slice(top, bottom), slice(left, right))
    mask, offset = np.isin(ink.labels[part], others + 1), np.array([top, left, top, left])
    if not mask.any():
        return np.zeros((0, 4), np.int64)
    whole = find_pieces(mask, ink.grey[part], ink.contrast[part])
    height = whole.boxes[:, 2] - whole.boxes[:, 0]
    inside = (whole.boxes[:, 1] > 0) & (whole.boxes[:, 3] < mask.shape[1])
    long = whole.area >= _LENGTH * height * whole.stroke
    long &= whole.boxes[:, 3] - whole.boxes[:, 1] >= _SIDES * height
    found = [whole.boxes[_are_alike(result, whole) & inside & long]]
    if lines is not None:
        rest = find_pieces(mask & lines.other_ink[part], ink.grey[part], ink.contrast[part])
        height, width = (rest.boxes[:, 2:] - rest.boxes[:, :2]).T
        found.append(rest.boxes[_are_alike(result, rest) & (width >= _WIDTH * height)])
    return np.concatenate(found) + offset


def _are_alike(result: Result, rest: Ink) -> Array:
    """Return which pieces, (P,), are about as large, thick and dark as the digits: (P,) bool."""
    height, width = (rest.boxes[:, 2:] - rest.boxes[:, :2]).T
    size = float(np.median(result.sizes))
    alike = (height >= _LEAST * size) & (np.maximum(height, width) <= _MOST * size)
    alike &= rest.stroke >= _STROKE * _stroke(result)
    return np.asarray(alike & (rest.peak >= _CONTRAST * _peak(result)))


def _beside_erased(result: Result) -> Array:
    """Return which digits are beside an erased ruled line that may be a 1: (N,) bool.

    The ruled line is as high as the digit, and no ink is above or below it: the side of a box ends
    at its other sides.
    """
    ruled, digits = result.ink.ruled, result.boxes
    if ruled is None or result.angle:
        return np.zeros(len(digits), bool)
    bars = connected_pieces(ruled).boxes
    height, width = (bars[:, 2:] - bars[:, :2]).T
    bars = bars[width <= _SLENDER * height]
    ends = np.abs(digits[:, np.newaxis, [0, 2]] - bars[:, [0, 2]]).max(axis=2)
    near = (ends <= _LEVEL * result.sizes[:, np.newaxis]) & _are_near(digits, bars)
    mask = ruled | (result.ink.labels > 0)
    free = [level and _ends_free(mask, bars[i].tolist()) for i, level in enumerate(near.any(0))]
    return np.asarray((near & np.array(free, bool)).any(axis=1))


def _ends_free(mask: Array, box: list[int]) -> bool:
    """Return whether a mask (H, W) bool has no ink directly above and below a box."""
    top, left, bottom, right = box
    columns = slice(max(0, left - _FREE), right + _FREE)
    above, below = slice(max(0, top - _FREE), top), slice(bottom, bottom + _FREE)
    return not (mask[above, columns].any() or mask[below, columns].any())


def _are_near(digits: Array, boxes: Array) -> Array:
    """Return which digits, (N, 4), and which boxes, (M, 4), are side by side and near: (N, M)."""
    sizes = (digits[:, 2:] - digits[:, :2]).max(axis=1, initial=0)
    gap = np.maximum(boxes[:, 1] - digits[:, 3, np.newaxis], digits[:, 1, np.newaxis] - boxes[:, 3])
    near = gap <= _REACH * sizes[:, np.newaxis]
    return np.asarray(are_at_the_height(digits, boxes) & near)


def _stroke(result: Result) -> float:
    """Return the median stroke width of the digits, in pixels."""
    strokes = [found.candidate.glyph.stroke for found in result.digits]
    return float(np.median(strokes * result.sizes))


def _peak(result: Result) -> float:
    """Return the median of the strongest contrasts of the digits."""
    return float(np.median([result.ink.strongest(found.candidate.box) for found in result.digits]))
