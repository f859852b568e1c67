"""Marks with a dot: `!` and `i` look like a 1, and `?` looks like a 7 or a 2.

The dot of `!` and `?` is below the stroke, and that of `i` above it. A full stop after a digit is
beside it, not below it. A speck of dirt may be below a digit by chance, so a dot counts only if it
is the only small mark near the digit.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.mask import Ink
from tenfold.reading.result import Found, Result

__all__ = ["have_dots"]

_BELOW = (1, 2, 7)  # digits that look like a mark with a dot below it
_ABOVE = (1,)  # and with a dot above it
_LARGEST = 0.3  # largest size of a dot, in sizes of the digit
_STROKE = 0.6  # least size of a dot, in stroke widths of the digit
_AS_STRONG = 0.5  # least contrast of a dot, in contrasts of the digit
_GAP = 0.45  # largest gap between the dot and the digit, in sizes of the digit
_NEAR = 0.5  # how far other small marks count, in sizes of the digit
_END = 0.15  # share of the height of the digit at which its stroke ends
_BESIDE = 2.0  # how far the middle of a dot is beside the end of the stroke, in stroke widths


def have_dots(result: Result) -> Array:
    """Return which digits may be marks with a dot, such as `!` and `?`: (N,) bool.

    Args:
        result: The reading.
    """
    return np.array([_has_dot(result.ink, found) for found in result.digits], bool)


def _has_dot(ink: Ink, found: Found) -> bool:
    """Return whether a dot is below or above a digit that looks like a mark with such a dot."""
    if found.arc.digit not in _BELOW or not found.candidate.pieces or found.candidate.is_part:
        return False
    pieces = np.array(found.candidate.pieces)
    main = int(pieces[ink.area[pieces].argmax()])
    top, left, bottom, right = map(int, ink.boxes[main])
    size, stroke = max(bottom - top, right - left), float(ink.stroke[main])
    small = (ink.sizes <= _LARGEST * size) & (ink.sizes >= _STROKE * stroke)
    small &= ink.peak >= _AS_STRONG * ink.peak[main]
    small[pieces] = False
    room = _NEAR * size
    low, high = np.array([top, left]) - room, np.array([bottom, right]) + room
    near = (ink.boxes[:, 2:] >= low).all(axis=1) & (ink.boxes[:, :2] <= high).all(axis=1)
    dots = ink.boxes[small & near]
    if len(dots) != 1:
        return False
    y, x, y_end, x_end = map(int, dots[0])
    own = ink.labels[top:bottom, left:right] == main + 1
    rows = max(1, round(_END * (bottom - top)))
    if 0 < y - bottom <= _GAP * size:
        end = own[-rows:]
    elif 0 < top - y_end <= _GAP * size and found.arc.digit in _ABOVE:
        end = own[:rows]
    else:
        return False
    columns = left + np.flatnonzero(end.any(axis=0))
    reach = _BESIDE * stroke
    return bool(columns.min() - reach <= (x + x_end) / 2 <= columns.max() + reach)
