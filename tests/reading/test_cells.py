"""Cells: the numbers of a table are not joined, and the boxes of a form are."""

from collections.abc import Sequence

import numpy as np
import pytest

import tenfold
from tenfold.nn.array import Array
from tenfold.reading import Reading
from tenfold.reading.cells import are_separated, split_at_upright_lines
from tenfold.reading.mask import find_pieces

from .pages import digit_mask, truth

ROW, DIGIT = 80, 56  # pixels: height of a row, and of the box of a digit


def table(rows: Sequence[Sequence[Sequence[int]]], digits: int) -> Array:
    """Return a page with a table whose cells contain test digits.

    Args:
        rows: The indices of the test digits of each cell.
        digits: Number of digits for which a cell has room.
    """
    width = digits * 40 + 40
    grey = np.full((40 + len(rows) * ROW, 40 + len(rows[0]) * width), 235.0)
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            for place, index in enumerate(cell):
                top, left = 20 + y * ROW + 12, 20 + x * width + 20 + 40 * place
                area = grey[top : top + DIGIT, left : left + DIGIT]
                area -= 195 * digit_mask(index, DIGIT) * (area > 40)
    for y in range(len(rows) + 1):
        grey[20 + y * ROW : 22 + y * ROW, 20:-20] = 90
    for x in range(len(rows[0]) + 1):
        grey[20:-20, 20 + x * width : 22 + x * width] = 90
    return np.clip(grey, 0, 255).astype(np.uint8)


def lines_read(picture: Array) -> list[str]:
    reading = tenfold.read(picture)
    assert isinstance(reading, Reading)
    return list(reading.lines)


def test_the_cells_of_a_table_are_numbers_row_by_row() -> None:
    rows = [[[0, 1], [2, 3, 4], [5]], [[10, 11], [12], [13, 17]]]
    expected = truth([cell for row in rows for cell in row])
    assert lines_read(table(rows, digits=3)) == expected


def test_a_number_in_boxes_stays_one_number() -> None:
    rows = [[[0], [1], [2], [3], [4], [5]]]
    assert lines_read(table(rows, digits=1)) == truth([[0, 1, 2, 3, 4, 5]])


PIECES = {
    "two numbers": ([(0, 10), (12, 22), (40, 50), (52, 62)], [31], [[0, 1], [2, 3]]),
    "no upright line": ([(0, 10), (12, 22), (40, 50), (52, 62)], [], [[0, 1, 2, 3]]),
    "one box a digit": ([(0, 10), (20, 30), (40, 50)], [15, 35], [[0, 1, 2]]),
    "a broken digit": ([(0, 10), (20, 25), (26, 31), (41, 51)], [15, 36], [[0, 1, 2, 3]]),
    "touching digits": ([(0, 24), (40, 64)], [31], [[0], [1]]),
    "wide digits": ([(0, 22), (40, 62)], [31], [[0, 1]]),
}


@pytest.mark.parametrize("name", PIECES)
def test_lines_are_split_only_between_numbers(name: str) -> None:
    spans, uprights, expected = PIECES[name]
    mask = np.zeros((24, 70), bool)
    for left, right in spans:
        mask[4:20, left:right] = True
    ink = find_pieces(mask, 1 - mask.astype(np.float32), mask.astype(np.float32))
    ink.ruled = np.zeros(mask.shape, bool)
    ink.ruled[:, uprights] = True
    assert split_at_upright_lines(ink, [list(range(len(spans)))]) == expected


def test_a_flat_part_of_a_broken_digit_is_not_two_digits() -> None:
    """Each digit of a form has a box; a 5 consists of two parts, both wider than high."""
    mask = np.zeros((60, 250), bool)
    for left in (70, 130, 190):
        mask[10:50, left : left + 24] = True
    mask[10:22, 10:40] = mask[28:50, 10:40] = True
    ink = find_pieces(mask, 1 - mask.astype(np.float32), mask.astype(np.float32))
    ink.ruled = np.zeros(mask.shape, bool)
    ink.ruled[:, [55, 115, 175, 235]] = True
    by_left = np.argsort(ink.boxes[:, 1], kind="stable").tolist()
    upper, lower, *others = sorted(by_left, key=lambda i: (ink.boxes[i, 1], ink.boxes[i, 0]))
    lines = [[upper, *others], [lower]]
    assert split_at_upright_lines(ink, lines) == lines


def test_a_short_or_level_line_separates_nothing() -> None:
    left, right = np.array([4, 0, 20, 10]), np.array([4, 30, 20, 40])
    ruled = np.zeros((24, 50), bool)
    ruled[4:14, 20] = True  # the upper part only
    ruled[12, :] = True
    assert not are_separated(ruled, left, right)
    ruled[2:22, 20] = True
    assert are_separated(ruled, left, right)
    assert not are_separated(ruled, left, np.array([4, 8, 20, 40]))  # no room between them
