"""Bars that look like a 1: parts of ruled lines, and the light of a lamp at the border.

If the border of a picture cuts off the light of a lamp or the edge of a thing, the long side of
this bar lies on the border. A 1 that the border cuts off is cut across its stroke, or in a close
crop, the 1 touches several borders.
"""

from collections.abc import Sequence

import numpy as np

from tenfold.reading.candidates import Candidate
from tenfold.reading.digit_pieces import other_pieces
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.mask import Ink
from tenfold.reading.rests import contact, touched
from tenfold.reading.result import Found

__all__ = ["are_mere_bars", "is_border_bar"]

_CONTACT = 0.6  # least share of the length of a bar that lies on the border
_LEFT_AND_RIGHT = (1, 3)  # numbers of these borders, see ``touched``


def is_border_bar(ink: Ink, candidate: Candidate) -> bool:
    """Return whether a 1 may be a bar at the left or right border of the picture.

    The bar touches no other border, and the picture is wider than the bar is long.

    Args:
        ink: The ink of the picture, which must not be turned.
        candidate: The ink of the 1.
    """
    if len(candidate.pieces) != 1 or candidate.is_part:
        return False
    (piece,) = candidate.pieces
    sides = np.flatnonzero(touched(ink)[piece])
    if len(sides) != 1 or sides[0] not in _LEFT_AND_RIGHT:
        return False
    wide = ink.contrast.shape[1] > candidate.box[2] - candidate.box[0]
    return bool(wide and contact(ink, piece, int(sides[0])) >= _CONTACT)


def are_mere_bars(digits: Sequence[Found], hypothesis: Hypothesis, ink: Ink, angle: float) -> bool:
    """Return whether all digits are 1s that may be something else.

    These are 1s beside other large ink, 1s after ruled lines were erased, and bars at the border.

    Args:
        digits: The digits of a reading.
        hypothesis: The hypothesis under which their ink was found.
        ink: The ink that they were read from.
        angle: How much this ink was turned, in degrees.
    """
    if any(found.arc.digit != 1 for found in digits):
        return False
    if hypothesis.ruled_lines or len(other_pieces(hypothesis.ink)):
        return True
    at_border = (is_border_bar(ink, found.candidate) for found in digits)
    return bool(digits) and not angle and all(at_border)
