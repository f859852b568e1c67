"""Which digits may be a sheet of paper, or a part of one, although their reading is clear.

A single 0 may be the outline of a sheet. A 1 may be a narrow sheet, which covers much of the
picture, or the edge of a sheet. At an edge, there is paper on one side and a table on the other. So
a 1 is not an edge if the colours on both of its sides are the same. To compare them takes a
fraction of the time of looking for sheets.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.result import Found, Result

__all__ = ["may_be_sheet"]

_SAME = 8.0  # grey levels: colours that differ by less, in each channel, are the same
_LARGE = 0.05  # least area of a 1 that may be a sheet, as a share of the area of the picture
_GAP = 0.1  # distance of the compared sides from the box of the 1, in sizes of the 1
_SIDE = 0.35  # width of the compared sides, in sizes of the 1


def may_be_sheet(result: Result, rgb: Array) -> bool:
    """Return whether a digit of a clear reading may be a sheet or a part of one.

    It is true for a single 0, and for a 1 that may be a narrow sheet or an edge. It is also true
    for any 1 if the ink was turned, since its sides are then not compared.

    Args:
        result: The reading.
        rgb: (H, W, 3) uint8, the picture that was read.
    """
    if [found.arc.digit for found in result.digits] == [0]:
        return True
    ones = [found for found in result.digits if found.arc.digit == 1]
    return bool(ones) and (result.angle != 0 or any(_is_part(found, rgb) for found in ones))


def _is_part(found: Found, rgb: Array) -> bool:
    """Return whether a 1 may be a sheet, or its sides differ or are not in the picture."""
    top, left, bottom, right = found.candidate.box
    if np.count_nonzero(found.candidate.mask) >= _LARGE * rgb[..., 0].size:
        return True
    size = max(bottom - top, right - left)
    gap, side = round(_GAP * size) + 1, round(_SIDE * size) + 1
    before = rgb[top:bottom, max(0, left - gap - side) : max(0, left - gap)]
    after = rgb[top:bottom, right + gap : right + gap + side]
    if min(before.size, after.size) == 0:
        return True
    colours = [np.median(part.reshape(-1, 3), axis=0) for part in (before, after)]
    return float(np.abs(colours[0] - colours[1]).max()) >= _SAME
