"""Which digits may be a sheet or a part of one."""

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading.candidates import whole_candidate
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.lattice import Arc
from tenfold.reading.mask import find_pieces
from tenfold.reading.result import Found, Result
from tenfold.reading.sheet_parts import may_be_sheet

PAPER, WOOD = (230, 225, 210), (150, 110, 80)


def _bar(*, left: int = 100, width: int = 6, table: bool = False) -> tuple[Array, Array]:
    """Return a picture with a bar, with a table at its left if ``table``; and where the bar is."""
    rgb = np.full((120, 200, 3), PAPER, np.uint8)
    if table:
        rgb[:, :left] = WOOD
    bar = np.zeros((120, 200), bool)
    bar[30:90, left : left + width] = True
    rgb[bar] = 30
    return rgb, bar


def _may_be_sheet(rgb: Array, bar: Array, *digits: int, angle: float = 0.0) -> bool:
    """Return the answer if the bar is each of some digits."""
    ink = find_pieces(bar, 1 - bar.astype(np.float32), bar.astype(np.float32))
    candidate = whole_candidate(ink, [0])
    found = [Found(candidate, Arc(0, digit, 1.0), 0) for digit in digits]
    hypothesis = Hypothesis(ink, light=False, likely=True)
    return may_be_sheet(Result(found, hypothesis, ink, angle, evidence=1.0), rgb)


@pytest.mark.parametrize("table", [True, False])
def test_a_1_may_be_an_edge_if_its_sides_differ(table: bool) -> None:
    assert _may_be_sheet(*_bar(table=table), 2, 1) is table


def test_a_1_at_the_border_of_the_picture_may_be_an_edge() -> None:
    assert _may_be_sheet(*_bar(left=0), 1)
    assert _may_be_sheet(*_bar(left=194), 1)


def test_a_large_1_may_be_a_sheet() -> None:
    assert _may_be_sheet(*_bar(width=30), 1)


def test_the_sides_of_a_turned_1_are_not_known() -> None:
    assert _may_be_sheet(*_bar(), 1, angle=9.0)


def test_of_the_other_digits_only_a_single_0_may_be_a_sheet() -> None:
    rgb, bar = _bar(table=True)
    assert _may_be_sheet(rgb, bar, 0)
    assert not _may_be_sheet(rgb, bar, 0, 7)
    assert not _may_be_sheet(rgb, bar, 7)
