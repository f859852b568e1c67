"""Ruled lines: the lines of ruled or squared paper, and the borders of boxes, are erased.

A ruled line is thin, long and straight. Its pixels are found by the runs of ink across it: these
runs are about as long as the ruled line is thick. Where a stroke of a digit crosses the ruled line,
the run is longer. Such a run is kept, so that the stroke stays whole. A straight line y = a + b x
is fitted to each long piece (least squares). Thin ink along this straight line is erased, also
between the digits.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.connected import connected_pieces
from tenfold.reading.quantiles import median, quantile
from tenfold.reading.sliding import sliding_maximum, sliding_minimum

__all__ = ["erase_ruled_lines"]

_LONG = 0.55  # length of the shortest ruled line, as a share of the width (height) of the picture
_LONG_AT_BORDER = 0.3  # replaces _LONG for a ruled line that reaches the border
_SLOPE = 0.7  # slope of the steepest ruled line, in rows per column
_SLENDER = 8.0  # least length of a ruled line, in thicknesses; a shorter bar may belong to a digit
# Largest distance of 90% of the pixels from the fitted straight line, in thicknesses; 1 pixel and
# 1% of the length are added.
_STRAIGHT = 1.2
_MAIN = 0.6  # share of the thin ink that is fitted if thin strokes of digits are among it
# Such a ruled line reaches the border, unlike the long sides of a digit of outlines.
_LONGER = 24.0  # its least length, in thicknesses
_FLAT = 2.0  # its least length, in heights of the line together with the digits that touch it
_COVERED = 0.85  # least share of its columns that have ink along it
_FITS = 4  # number of fits to this share of the ink


def erase_ruled_lines(
    mask: Array, stroke: float, length: float = _LONG, *, crossed: bool = False
) -> tuple[Array, int]:
    """Return the mask without ruled lines, and the number of ruled lines that were found.

    Args:
        mask: (H, W) bool.
        stroke: Typical stroke width, in pixels. A line is erased only if it is at most 1.5 times as
            thick, or at most 2 pixels thick.
        length: Length of the shortest ruled line, as a share of the width of the mask. For upright
            ruled lines, it is a share of the height.
        crossed: Whether lines are erased only if at least one is horizontal, as for the sides of a
            box: upright lines alone are no box.
    """
    without_horizontal, horizontal = _erase_horizontal(mask, stroke, length)
    if crossed and not horizontal:
        return mask.copy(), 0
    without_upright, upright = _erase_horizontal(mask.T, stroke, length)
    return without_horizontal & without_upright.T, horizontal + upright


def _erase_horizontal(mask: Array, stroke: float, length: float) -> tuple[Array, int]:
    """Return the mask without its roughly horizontal ruled lines, and the number of these."""
    runs = _vertical_runs(mask)
    limit = max(2, round(1.5 * stroke))
    thin = mask & (runs <= limit)
    gap = 3 * limit + 1
    kept, count = mask.copy(), 0
    # Most masks have no ruled lines. To see that, it is enough to close all rows together as one.
    row = np.logical_or.reduce(thin, axis=0, keepdims=True)
    if not _any_long(_closed(row, gap)[0], length):
        return kept, count
    labels, boxes = connected_pieces(_closed(thin, gap))
    for number, (top, left, bottom, right) in enumerate(boxes.tolist(), 1):
        if not _is_long(left, right, mask.shape[1], length):
            continue
        box = (slice(top, bottom), slice(left, right))
        inside = (labels[box] == number) & thin[box]
        if np.count_nonzero(inside.any(axis=0)) < 0.5 * (right - left):
            continue
        if not (inside & kept[box]).any():
            continue
        rows, columns = np.nonzero(inside)
        rows, columns = rows + top, columns + left
        count += _erase_along(kept, mask, runs, rows, columns)
    return kept, count


def _closed(thin: Array, gap: int) -> Array:
    """Return thin ink (H, W) bool with filled gaps: those along the rows, shorter than ``gap``."""
    return np.asarray(thin | sliding_minimum(sliding_maximum(thin, gap, (1,)), gap, (1,)))


def _any_long(columns: Array, length: float) -> bool:
    """Return whether columns with ink, (W,) bool, may contain a ruled line."""
    ends = _ends(columns).tolist()
    pairs = zip(ends[::2], ends[1::2], strict=True)
    return any(_is_long(left, right, len(columns), length) for left, right in pairs)


def _is_long(left: int, right: int, width: int, length: float) -> bool:
    """Return whether ink from one column to another is as long as a ruled line."""
    shorter = length == _LONG and _is_at_border(left, right, width)
    return right - left >= (_LONG_AT_BORDER if shorter else length) * width


def _is_at_border(left: int, right: int, width: int) -> bool:
    """Return whether ink from one column to another reaches the left or the right border."""
    return min(left, width - right) <= 0.02 * width


def _erase_along(kept: Array, mask: Array, runs: Array, rows: Array, columns: Array) -> bool:
    """Erase a ruled line from ``kept``; return False if the given pixels are not a ruled line.

    Args:
        kept: (H, W) bool, the mask without the ruled lines so far; modified.
        mask: (H, W) bool, all ink.
        runs: (H, W), as from ``_vertical_runs``.
        rows: (P,), rows of pixels that may be a ruled line.
        columns: (P,), their columns.
    """
    length = int(columns.max() - columns.min())
    thickness = median(runs[rows, columns])
    if length == 0 or length < _SLENDER * thickness:
        return False
    reach = _STRAIGHT * thickness + 1 + 0.01 * length
    at_border = _is_at_border(int(columns.min()), int(columns.max()) + 1, mask.shape[1])
    touched = at_border and length >= max(_LONGER * thickness, _FLAT * float(np.ptp(rows)))
    slope, intercept, along = _straight_line(rows, columns, reach, touched)
    if abs(slope) > _SLOPE or not along.any():
        return False
    kept[rows[along], columns[along]] = False
    all_columns = np.arange(mask.shape[1])
    middle = np.rint(intercept + slope * all_columns).astype(int)
    most = 1.6 * thickness + 1
    for offset in range(-int(thickness) - 2, int(thickness) + 3):
        y = middle + offset
        inside = (y >= 0) & (y < mask.shape[0])
        x, y = all_columns[inside], y[inside]
        thin = runs[y, x] <= most
        kept[y[thin], x[thin]] = False
    return True


def _straight_line(
    rows: Array, columns: Array, reach: float, touched: bool
) -> tuple[float, float, Array]:
    """Return the slope and intercept of a straight line, and which pixels lie along it: (P,) bool.

    No pixel does if the pixels are not a straight line. Digits that stand on a ruled line touch it,
    and their thin strokes would turn the fitted line. So if the pixels are not straight, the line
    is fitted to the nearest ones again and again (least trimmed squares). Then it must have ink
    along nearly all of its columns, unlike the strokes of a row of digits.

    Args:
        rows: (P,), rows of the pixels.
        columns: (P,), their columns.
        reach: Largest distance of a pixel from the line, in pixels.
        touched: Whether it is long enough for a ruled line that digits touch.

    References:
        Rousseeuw, "Least median of squares regression" (1984): least trimmed squares.
    """
    slope, intercept = np.polyfit(columns, rows, 1)
    distance = np.abs(intercept + slope * columns - rows)
    straight = quantile(distance, 0.9) <= reach
    if straight or not touched:
        return slope, intercept, np.full(len(rows), straight)
    for _ in range(_FITS):
        main = distance <= quantile(distance, _MAIN)
        slope, intercept = np.polyfit(columns[main], rows[main], 1)
        distance = np.abs(intercept + slope * columns - rows)
    along = distance <= reach
    covered = len(np.unique(columns[along]))
    return slope, intercept, along & (covered >= _COVERED * (np.ptp(columns) + 1))


def _vertical_runs(mask: Array) -> Array:
    """Return the length of the vertical run of ink of each pixel, (H, W) int32; 0 on background."""
    height, width = mask.shape
    columns = np.zeros((width, height + 1), bool)  # with a pixel of background after each column
    columns[:, :-1] = mask.T
    ends = _ends(columns.reshape(-1))
    length = ends[1::2] - ends[::2]
    runs = np.zeros(columns.shape, np.int32)
    runs[columns] = np.repeat(length, length)
    return np.ascontiguousarray(runs[:, :-1].T)


def _ends(ink: Array) -> Array:
    """Return the start and the end of each run of ink (N,) bool: start, end, start, ..."""
    padded = np.zeros(len(ink) + 2, bool)
    padded[1:-1] = ink
    return np.flatnonzero(padded[1:] != padded[:-1])
