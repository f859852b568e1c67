"""Marks that were read as digits: printed words, and rests of strokes at the border."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.found import Found, Result

__all__ = ["is_cut_off", "is_printed"]

_CUT = 0.5  # the border cuts off a 1 that touches it along at least this share of its height
_REACH = 2  # largest distance of cut-off ink from the border, in pixels
_THIN = 0.2  # largest width of a ruled line, in heights of the ruled line
_WEAKEST = 0.3  # highest confidence of the weakest digit of a word
_GOOD = 0.5  # least confidence of all digits of a number beside a word
_SMALLER = 0.8  # largest size of a word, in sizes of the digits of the number


def is_printed(result: Result, confidences: Array) -> Array:
    """Return which digits are letters of a word, such as "Amount" before a number: (N,) bool.

    The letters of such a word are a text line. At least one of them is a doubtful digit. They are
    smaller than the digits of another text line, all of which are probable.

    Args:
        result: The reading.
        confidences: (N,), of its digits.
    """
    lines = np.array([found.line for found in result.digits], np.int64)
    weakest = np.array([confidences[lines == line].min() for line in lines])
    sizes = result.sizes
    largest = np.array([sizes[lines == line].max() for line in lines])
    number = float(sizes[weakest >= _GOOD].max(initial=0))
    return np.asarray((weakest < _WEAKEST) & (largest <= _SMALLER * number))


def is_cut_off(result: Result, margin: int) -> Array:
    """Return which 1s are rests of digits or of ruled lines, cut off by the border: (N,) bool.

    Such a 1 touches the left or the right border along at least half of its height, or it is thin
    and reaches from the upper to the lower border. If another digit reaches these borders, the
    picture was cropped at the ink, so no 1 is such a rest. The same holds if there are no other
    digits.

    Args:
        result: The reading.
        margin: Pixels of paper that were added on each side of the picture.
    """
    height, width = result.ink.contrast.shape
    near = margin + _REACH
    boxes = np.array([found.candidate.box for found in result.digits]).reshape(-1, 4)
    sides = (boxes[:, 1] <= near) | (boxes[:, 3] >= width - near)
    through = (boxes[:, 0] <= near) & (boxes[:, 2] >= height - near)
    thin = boxes[:, 3] - boxes[:, 1] <= _THIN * (boxes[:, 2] - boxes[:, 0])
    ones = np.array([found.arc.digit == 1 for found in result.digits], bool)
    cut = np.array([_is_cut(found, near, width - near) for found in result.digits], bool)
    cut = ones & (cut | (through & thin))
    if result.angle or cut.all() or (sides | through)[~cut].any():
        return np.zeros(len(cut), bool)
    return np.asarray(cut)


def _is_cut(found: Found, low: int, high: int) -> bool:
    """Return whether at least half of the rows of a digit have ink at one of two borders.

    Args:
        found: The digit.
        low: Ink in this column or further left is at the left border.
        high: Ink in this column or further right is at the right border.
    """
    rows, columns = np.nonzero(found.candidate.mask)
    columns = columns + found.candidate.box[1]
    at_border = rows[(columns <= low) | (columns >= high)]
    return len(np.unique(at_border)) >= _CUT * found.candidate.mask.shape[0]
