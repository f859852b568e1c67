"""Hairlines: parts of a stroke that are much thinner or paler than the other parts of the digit.

A fountain pen, a brush or a light hand draws parts of a stroke so thin that they have less than
half of the contrast of the other parts. So they are no ink by the threshold of the piece
(``tenfold.reading.mask``), and the other parts may look like another digit: a 9 without the lower
side of its loop looks like a 7. A lower threshold for all ink would also keep ruled lines and soft
edges. So the ink of a single digit is looked at a second time, with its hairlines. The new digit
replaces the old one only if the new one is certain, also in other views.

A digit may also fall into several pieces, where its stroke is thin or pale: none of them may be a
digit, or some pieces may look like digits, as a 7 with a gap looks like another 7 above a 1. If
hairlines connect nearly all pieces, these are parts of one stroke, and all of it may be a digit.
"""

from dataclasses import replace

import numpy as np

from tenfold.images.normalization import bounding_box
from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.confidence import confidences
from tenfold.reading.connected import connected_pieces
from tenfold.reading.digit_pieces import digit_sized
from tenfold.reading.evidence import evidence_of
from tenfold.reading.lattice import Arc
from tenfold.reading.line_digits import CERTAIN
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.mask import Ink, pixels_of
from tenfold.reading.quantiles import quantile
from tenfold.reading.result import Found, Result
from tenfold.reading.sliding import sliding_maximum
from tenfold.reading.steadiness import is_steady, with_steadiness

__all__ = ["with_hairlines"]

_MOST_PIECES = 6  # largest number of pieces into which a digit with hairlines falls
_WIDEST = 1.3  # largest width of a digit with hairlines, in its heights
_AROUND = 0.15  # how far a hairline reaches beyond the pieces, in sizes of the digit
_WEAKEST = 0.22  # least contrast of a hairline, in contrasts of the strong ink
_STRONG = 0.9  # the contrast of strong ink is this quantile of the contrast of all ink
_SOFT = 2  # pixels beside the ink that may be its soft edge
_LEAST = 0.004  # least area of hairlines, as a share of the area of the ink
_NEARLY_ALL = 0.97  # least share of the ink that its hairlines connect
_GAP = 0.05  # largest gap in a connected stroke, in sizes of the digit


def with_hairlines(result: Result | None, recognise: Recogniser) -> Result | None:
    """Return the reading; a digit with hairlines replaces it if it is another, better reading.

    A single digit is replaced by another digit. If several digits, no digit, or the same digit
    without certainty were read, the hairlines must connect the pieces of ink, and the confidence of
    the new digit must be higher than the lowest one of the digits that were read. Several digits of
    the less probable kind of ink are kept: the light paper between dark strokes is connected, too.

    The reading stays as it is if the new digit is not certain, or not steady in other views. It
    also stays as it is if a margin was added to the picture: then the picture was enlarged, too, so
    all its edges are soft.

    Args:
        result: The reading.
        recognise: Function that recognises images.
    """
    if result is None or result.ink.margin:
        return result
    ink = result.ink if len(result.digits) == 1 else result.hypothesis.ink
    candidate = _with_weak_ink(ink)
    if candidate is None:
        return result
    probabilities = recognise(candidate.glyph.image[np.newaxis])[0]
    digit = int(probabilities[:10].argmax())
    found = Found(candidate, Arc(0, digit, float(probabilities[digit])), 0)
    read = [each.arc for each in result.digits]
    same = [arc.digit for arc in read] == [digit]
    if found.arc.probability < CERTAIN or (same and read[0].probability >= CERTAIN):
        return result
    if len(read) == 1 and not same:
        changed = replace(result, digits=[found])
        return changed if is_steady(changed, recognise) else result
    joins = (result.hypothesis.likely or not read) and _is_connected(candidate.mask)
    return _if_better(result, found, recognise) if joins else result


def _if_better(result: Result, found: Found, recognise: Recogniser) -> Result:
    """Return the reading of all ink as one digit if it is steady and better, else ``result``."""
    hypothesis = result.hypothesis
    evidence = evidence_of(hypothesis.ink, found.candidate, found.arc)
    one = Result([found], hypothesis, hypothesis.ink, 0.0, evidence, hypotheses=result.hypotheses)
    if not is_steady(one, recognise):
        return result
    old, new = (confidences(with_steadiness(each, recognise)) for each in (result, one))
    return one if new[0] > old.min(initial=1.0 if result.digits else 0.0) else result


def _is_connected(mask: Array) -> bool:
    """Return whether nearly all ink (H, W) bool is connected, apart from very small gaps."""
    reach = max(1, round(_GAP / 2 * max(mask.shape)))
    labels, _ = connected_pieces(_widened(np.pad(mask, reach), reach))
    ink = np.bincount(labels[reach:-reach, reach:-reach][mask])
    return bool(ink.max() >= _NEARLY_ALL * ink.sum())


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
    used = tuple(map(int, pieces))
    return Candidate(
        0, len(used), contrast[rows, columns], mask[rows, columns], ink_box, pieces=used
    )


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
