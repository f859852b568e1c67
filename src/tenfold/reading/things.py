"""Things on the paper, such as pens and rolls of tape, look like a 1 or a 0, but cast a shadow.

Ink has the same paper on all its sides. Beside a thing, the paper is darker on the side of its
shadow than on the opposite side. So the contrast of the paper is measured in eight directions, in a
strip along the outline of the digit: this strip is where the digit would be if it were moved by 0.7
stroke widths, without the digit itself and its soft edge.

A digit that may be a thing is unsure at every error rate; its confidence is not changed.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.mask import Ink
from tenfold.reading.quantiles import median, quantile
from tenfold.reading.result import Result
from tenfold.reading.sliding import sliding_maximum

__all__ = ["are_things"]

_DIGITS = (0, 1)  # the digits that things look like
_SIZE = 64  # pixels: in a larger digit, pixels are left out
_THINNEST = 5.0  # least stroke width of a thing, in pixels; the soft edges of thinner ink differ
_NEAR, _FAR = 0.2, 0.7  # from the outline to the strip and to its end, in stroke widths
_NEAREST, _FARTHEST = 2, 4  # the same at least, in pixels
_STRONG = 0.9  # the contrast of a digit is this quantile of the contrast of its ink
_CORE = 0.75  # ink of less contrast, in contrasts of the digit, may be the darkest part of a shadow
_FEWEST = 10  # fewest pixels of a strip that is measured
_SHADOW = 0.07  # least difference between the contrasts of the paper on opposite sides
_DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1))  # and the opposite ones: rows down, columns right


def are_things(result: Result, chosen: Array) -> Array:
    """Return which of the chosen digits are 0s and 1s that cast a shadow: (N,) bool.

    Args:
        result: The reading.
        chosen: (N,) bool, which digits are examined.
    """
    return np.array(
        [
            bool(each) and found.arc.digit in _DIGITS and _casts_shadow(result.ink, found.candidate)
            for found, each in zip(result.digits, chosen, strict=True)
        ],
        bool,
    )


def _casts_shadow(ink: Ink, candidate: Candidate) -> bool:
    """Return whether the paper on one side of a digit is much darker than on the opposite side.

    It is False if the strokes are thin, or the picture was enlarged: then their edges are soft.

    Args:
        ink: The ink of the picture.
        candidate: The ink of the digit.
    """
    size = max(candidate.mask.shape)
    thickness = candidate.glyph.stroke * size
    if thickness < _THINNEST or ink.margin:
        return False
    step = max(1, size // _SIZE)
    stroke = thickness / step
    near, far = max(_NEAREST, round(_NEAR * stroke)), max(_FARTHEST, round(_FAR * stroke))
    digit, contrast, free = _around(ink, candidate, step, far)
    free &= ~sliding_maximum(digit, 2 * near + 1)
    for down, right in _DIRECTIONS:
        one = _side(digit, contrast, free, (down * far, right * far))
        other = _side(digit, contrast, free, (-down * far, -right * far))
        if abs(one - other) >= _SHADOW:
            return True
    return False


def _around(ink: Ink, candidate: Candidate, step: int, room: int) -> tuple[Array, Array, Array]:
    """Return the strong ink of a digit, the contrast, and where no other ink is: (H, W) each.

    Args:
        ink: The ink of the picture.
        candidate: The ink of the digit.
        step: Every ``step``-th pixel is used, in both directions.
        room: Width of the room on each side.
    """
    top, left, bottom, right = candidate.box
    y, x = (max(0, start - 2 * room * step) for start in (top, left))
    area = (slice(y, bottom + 2 * room * step), slice(x, right + 2 * room * step))
    digit = np.zeros(ink.labels[area].shape, bool)
    own = (slice(top - y, bottom - y), slice(left - x, right - x))
    free = ink.labels[area] == 0
    free[own] |= candidate.mask
    strong = quantile(candidate.contrast[candidate.mask], _STRONG)
    digit[own] = candidate.mask & (candidate.contrast >= _CORE * strong)
    few = (slice(None, None, step),) * 2
    return (
        np.pad(digit[few], room),
        np.pad(ink.contrast[area][few], room, mode="edge"),
        np.pad(free[few], room),
    )


def _side(digit: Array, contrast: Array, free: Array, shift: tuple[int, int]) -> float:
    """Return the median contrast of the free pixels that a moved digit covers; NaN if too few."""
    covered = np.roll(digit, shift, (0, 1)) & free
    return median(contrast[covered]) if covered.sum() >= _FEWEST else float("nan")
