"""Pieces: which pieces of ink form a text line, and which small pieces are parts of its digits."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.cells import split_at_upright_lines
from tenfold.reading.digit_pieces import WEAKEST, digit_sized, rest_pieces
from tenfold.reading.lines import find_lines
from tenfold.reading.mask import Ink
from tenfold.reading.quantiles import median

__all__ = ["lines_of_pieces", "with_small_pieces"]

_SMALLEST_PART = 0.12  # smallest size of a part of a digit, in sizes of the digits of its line
_PART_HEIGHT = 0.7  # largest height of parts of a broken digit, in heights of its neighbours
_BEYOND = 0.25  # how far such parts may reach above or below these neighbours, in their heights
_FEW_LINES = 60  # with more lines, most are hardly lines of digits, so no lines of parts are joined
_MOST_PARTS = 3  # a line of N pieces gets at most 3 (N + 1) small pieces


def lines_of_pieces(ink: Ink) -> list[list[int]]:
    """Return, for each horizontal line, the indices of its pieces, with the small pieces last."""
    pieces = digit_sized(ink)
    lines = [
        [int(pieces[i]) for i in line] for line in find_lines(ink.boxes[pieces], ink.stroke[pieces])
    ]
    lines = split_at_upright_lines(ink, lines)
    lines = _join_within(ink, _join_fragments(ink, lines))
    used = rest_pieces(ink).copy()
    for line in lines:
        used[line] = True
    for line in lines:
        added = with_small_pieces(ink, line, used)
        used[added] = True
        line += added[len(line) :]
    return lines


def _join_fragments(ink: Ink, lines: list[list[int]]) -> list[list[int]]:
    """Join each line of a single piece to the line of a larger piece close above or below it.

    Such a single piece is a part of a broken digit, such as the bar of a 5.
    """
    order = sorted(lines, key=lambda line: -int(ink.area[line].max()))
    joined: list[list[int]] = []
    pieces: list[int] = []
    owners: list[int] = []
    for line in order:
        alone = np.array([len(joined[owner]) == 1 for owner in owners], bool)
        homes = _close_above_or_below(ink.boxes[line[0]], ink.boxes[pieces], alone)
        if len(line) == 1 and len(homes):
            home = owners[int(homes[0])]
            joined[home] += line
        else:
            home = len(joined)
            joined.append(list(line))
        pieces += line
        owners += [home] * len(line)
    return joined


def _join_within(ink: Ink, lines: list[list[int]]) -> list[list[int]]:
    """Join each line of small pieces to a line of larger pieces beside them, at the same height.

    Such small pieces are parts of a broken digit, or specks.
    """
    if len(lines) > _FEW_LINES:
        return lines
    joined: list[list[int]] = []
    for line in sorted(lines, key=lambda line: -int(np.ptp(ink.boxes[line][:, [0, 2]]))):
        home = next((each for each in joined if _is_within(ink.boxes[line], ink.boxes[each])), None)
        if home is None:
            joined.append(list(line))
        else:
            home += line
    return joined


def _is_within(few: Array, line: Array) -> bool:
    """Return whether pieces are beside a line, at the same height, and smaller than its pieces.

    Args:
        few: (F, 4), boxes of the pieces.
        line: (P, 4), boxes of the pieces of the line.
    """
    top, left, *_ = few.min(axis=0)
    *_, bottom, right = few.max(axis=0)
    height = median(line[:, 2] - line[:, 0])
    beside = (line[:, 1] <= right + height) & (line[:, 3] >= left - height)
    if len(line) < 2 or bottom - top > _PART_HEIGHT * height or not beside.any():
        return False
    room = _BEYOND * height
    return bool(line[beside, 0].min() - room <= top and bottom <= line[beside, 2].max() + room)


def _close_above_or_below(box: Array, boxes: Array, alone: Array) -> Array:
    """Return the indices of the pieces that are close above or below a fragment.

    Args:
        box: (4,), box of the fragment.
        boxes: (P, 4), boxes of the pieces.
        alone: (P,) bool, which pieces are alone in their line. The fragment may also be beside such
            a piece.
    """
    overlap = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    both = np.maximum(box[2:], boxes[:, 2:]) - np.minimum(box[:2], boxes[:, :2])
    height, width = both[:, 0], both[:, 1]
    size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    small = (box[2] - box[0] < 0.7 * height) & (overlap[:, 1] >= 0.4 * (box[3] - box[1]))
    above_or_below = small & (overlap[:, 0] >= -0.2 * size)
    near = (overlap >= -0.1 * size[:, np.newaxis]).all(axis=1) & (width <= 1.2 * height)
    return np.flatnonzero(above_or_below | (alone & near))


def with_small_pieces(ink: Ink, line: list[int], used: Array | None = None) -> list[int]:
    """Return the pieces of a line, and small pieces near them that may be parts of the digits.

    Such a part is, for example, the bar of a 5.

    Args:
        ink: The ink of the picture.
        line: Indices of the pieces of the line.
        used: (P,) bool, which pieces must not be added: they belong to another line, or to no
            digit. Default: none.
    """
    if not line:
        return []
    boxes = ink.boxes[line]
    size = median((boxes[:, 2:] - boxes[:, :2]).max(axis=1))
    sides = (ink.boxes[:, 2:] - ink.boxes[:, :2]).max(axis=1)
    free = np.ones(len(sides), bool) if used is None else ~used
    free[line] = False
    around = np.array([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)]).ravel()
    inside = (ink.boxes[:, :2] <= around[2:] + 0.3 * size).all(axis=1)
    inside &= (ink.boxes[:, 2:] >= around[:2] - 0.3 * size).all(axis=1)
    strong = ink.peak > WEAKEST * ink.peak[line].max()
    fitting = (sides >= _SMALLEST_PART * size) & (sides < size)
    found = np.flatnonzero(free & inside & strong & fitting)
    top, left, bottom, right = ink.boxes[found][:, np.newaxis].transpose(2, 0, 1)
    near = (boxes[:, 0] - 0.25 * size <= bottom) & (top <= boxes[:, 2] + 0.1 * size)
    near &= (boxes[:, 1] - 0.3 * size <= right) & (left <= boxes[:, 3] + 0.3 * size)
    found = found[near.any(axis=1)]
    most = _MOST_PARTS * (1 + len(line))
    return [*line, *map(int, found[np.argsort(-sides[found], kind="stable")[:most]])]
