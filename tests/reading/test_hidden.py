"""Hidden digits: ink that was set aside or erased, although it may be a digit."""

from dataclasses import replace

import numpy as np
import pytest

import tenfold
from tenfold.nn.array import Array
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.hidden import beside_hidden, may_hide_digits
from tenfold.reading.reader import read_all_ink
from tenfold.reading.result import Result
from tenfold.reading.working import bundled_recogniser

from .pages import page, truth

ROW = [0, 1, 2, 5, 4, 3]
LAST = 374  # the last column of the last digit


def _in_a_box(right: int, row: list[int] = ROW) -> Array:
    """Return a number in a box whose right side is at this column: (126, 412) uint8."""
    picture = page([row])
    picture[[8, 9, 88, 89], 6 : right + 2] = 60
    picture[8:90, [6, 7, right, right + 1]] = 60
    return picture


def _read(picture: Array) -> Result:
    result = read_all_ink(Hypotheses(np.dstack([picture] * 3)), bundled_recogniser())
    assert result is not None
    return result


@pytest.mark.parametrize("inside", [0, 3, 6])
def test_a_digit_that_touches_the_side_of_a_box_is_read(inside: int) -> None:
    assert tenfold.read(_in_a_box(LAST - inside)).lines == truth([ROW])


def test_a_digit_that_is_one_piece_with_a_box_makes_its_number_unsure() -> None:
    reading = tenfold.read(_in_a_box(371, [2, 5, 3, 1, 0, 4]))
    assert len(reading.digits) >= 5
    assert all(digit.unsure for digit in reading.digits)


def test_a_7_that_is_one_piece_with_a_box_makes_its_number_unsure() -> None:
    picture = _in_a_box(LAST)
    picture[20:80, 335:LAST] = 230  # instead of the last digit, a 7 whose stroke ends at the side
    picture[28:33, 345 : LAST - 6] = 60
    for row in range(28, 72):
        column = LAST - 16 + (row - 28) * 3 // 8
        picture[row, column : column + 5] = 60
    result = _read(picture)
    assert beside_hidden(result).any()


def test_a_box_that_touches_no_digit_hides_none() -> None:
    result = _read(_in_a_box(LAST + 8))
    assert result.clear
    assert not may_hide_digits(result)
    assert not beside_hidden(result).any()


@pytest.mark.parametrize(("top", "hidden"), [(28, True), (8, False)])
def test_an_erased_bar_as_high_as_the_digits_may_be_a_1(top: int, hidden: bool) -> None:
    result = _read(page([ROW]))
    assert not beside_hidden(result).any()
    ruled = np.zeros(result.ink.labels.shape, bool)
    ruled[top:68, LAST + 10 : LAST + 13] = True
    erased = replace(result, ink=replace(result.ink, ruled=ruled))
    assert beside_hidden(erased)[-1] == hidden


def test_an_erased_bar_that_ends_at_other_lines_is_the_side_of_a_box() -> None:
    result = _read(page([ROW]))
    ruled = np.zeros(result.ink.labels.shape, bool)
    ruled[28:68, LAST + 10 : LAST + 13] = True
    labels = result.ink.labels.copy()
    labels[[26, 69], LAST + 10 : LAST + 13] = 1  # what is left of the crossings
    ink = replace(result.ink, ruled=ruled, labels=labels)
    assert not beside_hidden(replace(result, ink=ink)).any()
