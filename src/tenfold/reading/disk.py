"""Maximum within a disk around each pixel, which makes strokes thicker by the same width.

The disk of radius r is cut into rows. Its row at the height d is a run of pixels from -k to k, with
the largest k that has d^2 + k^2 <= r^2. The maxima along a run are computed from the maxima along
the next shorter run, with two comparisons of whole arrays. Then they are shifted up and down by d.
This takes about 4 r comparisons of whole arrays. A filter would visit every pixel of every disk.
"""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["disk_maximum"]


def disk_maximum(values: Array, radius: float) -> Array:
    """Return the maximum within a disk around each pixel: (H, W), of the same dtype.

    Only pixels of the array count. With values of bool, this is the dilation by a disk.

    Args:
        values: (H, W) of any real dtype, without NaN.
        radius: Radius of the disk, in pixels, at least 0. Pixels at this distance are in the disk.
    """
    rows = _rows_by_reach(radius)
    run, found = values.copy(), values.copy()
    for reach in range(len(rows)):
        if reach:
            np.maximum(run[:, :-reach], values[:, reach:], out=run[:, :-reach])
            np.maximum(run[:, reach:], values[:, :-reach], out=run[:, reach:])
        for row in rows[reach]:
            if row == 0:
                np.maximum(found, run, out=found)
            else:
                np.maximum(found[:-row], run[row:], out=found[:-row])
                np.maximum(found[row:], run[:-row], out=found[row:])
    return found


def _rows_by_reach(radius: float) -> list[list[int]]:
    """Return for each reach k, from 0, the heights d >= 0 of the rows that extend from -k to k."""
    whole = int(radius)
    rows: list[list[int]] = [[] for _ in range(whole + 1)]
    reach = whole
    for row in range(whole + 1):
        while row**2 + reach**2 > radius**2:
            reach -= 1
        rows[reach].append(row)
    return rows
