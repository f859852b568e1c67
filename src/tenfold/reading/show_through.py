"""Pale ink beside strong ink: writing on the back that shows through, or faint digits.

The pieces of ink of some pictures are of two kinds, strong and pale, with a gap between their
contrasts. Pale ink may be writing on the back of the paper, or digits of a pencil or of a pen that
is running dry. Writing on the back is mirrored. So each pale piece is recognised as it is, and
mirrored. Let p be the highest probability of a digit, and q that of the mirrored piece. A piece is

- a digit if p >= 0.9 and log(p / (1 - p)) - log(q / (1 - q)) >= 3
- mirrored if q >= 0.9 and p < 0.5, unless the mirrored piece is a 2 or a 5: each of these digits
  looks like the other one in a mirror
- unlike any digit if p < 0.5.

Otherwise it may be either, such as a 0, a 1 or an 8. A 1 and a 7 with thinner strokes than the
strong ink do not count as digits: a ruled line, the edge of a shadow and the side of a box look
like a 1, and a corner of a box like a 7.

When a picture is reduced, a thin stroke is averaged with the paper around it, and parts of the
stroke may become paler. So the pale pieces are parts of a digit if they nearly touch the only
strong piece, and all pieces together are a certain digit, other than the strong piece alone.

If the pale pieces are digits, all ink is read. If they are no digits, only the strong ink is read,
provided that it consists of digits of probability 0.8 or more. If they may be either, a single
strong piece is read alone if it is a certain digit, and that digit is unsure. Otherwise, all pieces
are read, except those that are too pale (``digit_pieces.WEAKEST``), which make all digits unsure.
"""

from enum import Enum

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import whole_candidate
from tenfold.reading.digit_pieces import digit_sized
from tenfold.reading.line_digits import CERTAIN
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.mask import Ink, find_pieces, pixels_of
from tenfold.reading.sliding import sliding_maximum

__all__ = ["Pale", "pale_pieces", "strong_ink", "what_is_pale"]

_GAP = 0.65  # largest contrast of the strongest pale piece, in contrasts of the weakest strong one
_ABOVE = 1.1  # least contrast of strong ink, in contrasts of the strongest pale piece
_MOST = 8  # largest number of pale pieces that are examined: those with the most ink
_HIGH = 0.9  # least probability of a digit, as it is or mirrored
_POSSIBLE = 0.5  # a piece of lower probability does not look like a digit
_ALIKE = (2, 5)  # each of these digits looks like the other one if it is mirrored
_BARS = (1, 7)  # a side or a corner of a pale box looks like one of these digits
_THIN = 0.6  # smallest stroke width of a pale 1 or 7, in stroke widths of the strong ink
_NEAR = 3  # largest gap, in pixels, between a strong piece and a pale part of the same digit
_ODDS = 3.0  # least difference of the log odds of a digit and of its mirror image
_NEVER_SURE = 1e-6  # probabilities are at least this far from 0 and 1


class Pale(Enum):
    """What the pale pieces of a picture are."""

    DIGITS = "digits, or parts of the strong digit"
    NO_DIGITS = "mirrored digits, or marks that do not look like digits"
    UNKNOWN = "marks that look like digits, also mirrored"


def pale_pieces(ink: Ink) -> Array:
    """Return the indices of the pale pieces of digit size; empty if all ink is equally strong.

    Args:
        ink: All ink of the picture.
    """
    pieces = digit_sized(ink, pale=True)
    order = pieces[np.argsort(ink.peak[pieces], kind="stable")]
    if len(order) < 2:
        return order[:0]
    ratios = ink.peak[order[:-1]] / ink.peak[order[1:]]
    gap = int(ratios.argmin())
    return order[: gap + 1] if ratios[gap] <= _GAP else order[:0]


def strong_ink(ink: Ink, pale: Array) -> Ink:
    """Return the ink without its pale pieces, and without all other ink that is as pale as these.

    Args:
        ink: All ink of the picture.
        pale: Indices of the pale pieces.
    """
    limit = _ABOVE * float(ink.peak[pale].max())
    strong = pixels_of(ink, ink.peak > limit)
    found = find_pieces(strong & (ink.contrast > limit), ink.grey, ink.contrast)
    found.ruled, found.margin = ink.ruled, ink.margin
    return found


def what_is_pale(ink: Ink, pale: Array, recognise: Recogniser) -> Pale:
    """Return what pale pieces are.

    They are digits if more of them are digits than mirrored, and at least as many are digits as are
    unlike any digit. They are also digits if they are parts of the digit of the only strong piece.
    Otherwise, they are no digits if a piece is mirrored, or if all pieces are unlike any digit.

    Args:
        ink: All ink of the picture.
        pale: Indices of the pale pieces, at least one.
        recognise: Function that recognises images.
    """
    examined = pale[np.argsort(-(ink.area * ink.peak)[pale], kind="stable")[:_MOST]]
    images = np.stack([whole_candidate(ink, [int(piece)]).glyph.image for piece in examined])
    found = np.array(recognise(np.concatenate([images, images[:, :, ::-1]]))[:, :10])
    strong = np.setdiff1d(digit_sized(ink, pale=True), pale)
    thin = ink.stroke[examined] < _THIN * np.median(ink.stroke[strong])
    found[np.ix_(np.tile(thin, 2), np.array(_BARS))] = 0
    as_it_is, mirrored = np.split(found.max(axis=1).astype(np.float64), 2)
    difference = _log_odds(as_it_is) - _log_odds(mirrored)
    unlike = as_it_is < _POSSIBLE
    digits = (as_it_is >= _HIGH) & (difference >= _ODDS)
    reversed_ = unlike & (mirrored >= _HIGH)
    reversed_ &= ~np.isin(found[len(examined) :].argmax(axis=1), _ALIKE)
    if digits.sum() > reversed_.sum() and digits.sum() >= unlike.sum():
        return Pale.DIGITS
    if _are_parts(ink, pale, strong, recognise):
        return Pale.DIGITS
    return Pale.NO_DIGITS if reversed_.any() or unlike.all() else Pale.UNKNOWN


def _are_parts(ink: Ink, pale: Array, strong: Array, recognise: Recogniser) -> bool:
    """Return whether the pale pieces are parts of the digit of the only strong piece."""
    if len(strong) != 1:
        return False
    near = sliding_maximum(ink.labels == strong[0] + 1, 2 * _NEAR + 1)
    if not np.isin(pale + 1, ink.labels[near]).all():
        return False
    groups = (np.append(strong, pale), strong)
    digits = [whole_candidate(ink, [int(piece) for piece in group]) for group in groups]
    both, alone = recognise(np.stack([digit.glyph.image for digit in digits]))[:, :10]
    return bool(both.max() >= CERTAIN and both.argmax() != alone.argmax())


def _log_odds(probability: Array) -> Array:
    kept = probability.clip(_NEVER_SURE, 1 - _NEVER_SURE)
    return np.asarray(np.log(kept / (1 - kept)))
