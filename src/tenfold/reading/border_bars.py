"""Bars at the border of a picture look like a 1: the light of a lamp, or the edge of a thing.

The long side of such a bar lies on the border. A 1 that the border cuts off is cut across its
stroke, or in a close crop, the 1 touches several borders.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.rests import contact, touched
from tenfold.reading.result import Result

__all__ = ["are_border_bars"]

_CONTACT = 0.6  # least share of the length of a bar that lies on the border
_LEFT_AND_RIGHT = (1, 3)  # numbers of these borders, see ``touched``


def are_border_bars(result: Result) -> Array:
    """Return which 1s may be bars at the left or right border of the picture: (N,) bool.

    The bar touches no other border, and the picture is wider than the bar is long.

    Args:
        result: The reading.
    """
    if result.angle:  # the ink was turned, so its borders are not those of the picture
        return np.zeros(len(result.digits), bool)
    touches = touched(result.ink)
    return np.array(
        [
            found.arc.digit == 1
            and len(found.candidate.pieces) == 1
            and _is_bar(result, touches, found.candidate.pieces[0])
            for found in result.digits
        ],
        bool,
    )


def _is_bar(result: Result, touches: Array, piece: int) -> bool:
    """Return whether the long side of a piece lies on the left or the right border."""
    sides = np.flatnonzero(touches[piece])
    if len(sides) != 1 or sides[0] not in _LEFT_AND_RIGHT:
        return False
    top, _, bottom, _ = result.ink.boxes[piece]
    wide = result.ink.contrast.shape[1] > bottom - top
    return bool(wide and contact(result.ink, piece, int(sides[0])) >= _CONTACT)
