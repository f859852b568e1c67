"""Cells: the numbers of a table, which are separated by the upright lines of the table.

Without these lines, the digits of a row would form one number. In a form, each digit of a number
has a box of its own, so upright lines separate the digits of one number. The two cases differ in
the number of digits between two upright lines: the cells of a table have several.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.digit_pieces import other_pieces
from tenfold.reading.mask import Ink
from tenfold.reading.quantiles import median

__all__ = ["are_separated", "frame_ink", "split_at_upright_lines"]

_UPRIGHT = 0.8  # least share of the rows of two pieces in which an upright line stands between them
_LEAST_SHARE = 0.3  # least share of cells with several digits in a table
_LEAST_COUNT = 2  # least number of cells with several digits in a table
_DIGIT = 0.6  # smallest height of a digit, in heights of the pieces of its line
_APART = 0.35  # least distance of the middles of two digits, in heights of the pieces of their line
_WIDE = 1.5  # least ratio of width to height of a piece that counts as several digits


def split_at_upright_lines(ink: Ink, lines: Sequence[list[int]]) -> list[list[int]]:
    """Return the text lines of a table, split into its cells; the lines of other pictures as given.

    Args:
        ink: The ink of the picture.
        lines: For each text line, the indices of its pieces from left to right.
    """
    frames = frame_ink(ink)
    if frames is None or not lines:
        return list(lines)
    cells = [cell for line in lines for cell in _cells(ink.boxes, line, frames)]
    usual = median(np.array([np.ptp(ink.boxes[i, [0, 2]]) for line in lines for i in line]))
    several = sum(_has_several_digits(ink.boxes[cell], usual) for cell in cells)
    is_table = several >= max(_LEAST_COUNT, _LEAST_SHARE * len(cells))
    return cells if is_table and len(cells) > len(lines) else list(lines)


def frame_ink(ink: Ink) -> Array | None:
    """Return which pixels may belong to lines between cells: (H, W) bool, or None if none may.

    These are ruled lines that were erased, and large pieces that could not be digits.
    """
    others = other_pieces(ink)
    if not len(others):
        return ink.ruled
    is_other = np.zeros(len(ink.area) + 1, bool)
    is_other[others + 1] = True
    frames = is_other[ink.labels]
    return frames if ink.ruled is None else frames | ink.ruled


def are_separated(frames: Array, left: Array, right: Array) -> bool:
    """Return whether an upright line stands between two boxes.

    Args:
        frames: Pixels that may belong to upright lines, see ``frame_ink``.
        left: (4,): top, left, bottom, right of a box.
        right: (4,): the same of a box to the right of it.
    """
    top, bottom = min(left[0], right[0]), max(left[2], right[2])
    between = frames[top:bottom, left[3] : right[1]]
    return bool(between.size) and float(between.any(axis=1).mean()) >= _UPRIGHT


def _cells(boxes: Array, line: list[int], frames: Array) -> list[list[int]]:
    """Return the pieces of a line in groups, separated by upright lines."""
    cells = [line[:1]]
    for first, second in pairwise(line):
        if are_separated(frames, boxes[first], boxes[second]):
            cells.append([])
        cells[-1].append(second)
    return cells


def _has_several_digits(boxes: Array, usual: float) -> bool:
    """Return whether the pieces of a cell are several digits, and not the parts of one.

    Args:
        boxes: (P, 4), their boxes.
        usual: Median height of the pieces of all cells. A flat piece, such as the bar of a broken
            5, is not as high.
    """
    height, width = (boxes[:, 2:] - boxes[:, :2]).T
    if ((width >= _WIDE * height) & (height >= _DIGIT * usual)).any():
        return True
    tall = boxes[height >= _DIGIT * height.max()]
    middles = np.sort(tall[:, 1] + tall[:, 3]) / 2
    return bool((np.diff(middles) >= _APART * height.max()).any())
