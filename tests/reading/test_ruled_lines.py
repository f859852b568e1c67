"""Rules: erased, also where they are skewed, and crossings with strokes survive."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tenfold.reading.ruled_lines import _any_long, _vertical_runs, erase_ruled_lines


@pytest.mark.parametrize("slope", [0.0, 0.05, -0.2])
def test_a_ruled_line_is_erased_and_a_stroke_across_it_stays(slope: float) -> None:
    mask = np.zeros((200, 400), bool)
    for x in range(400):
        y = int(100 + slope * (x - 200))
        mask[y : y + 2, x] = True
    stroke = np.zeros_like(mask)
    stroke[60:150, 200:208] = True
    erased, count = erase_ruled_lines(mask | stroke, 6)
    assert count == 1
    assert not erased[:, :190].any()
    assert not erased[:, 220:].any()
    assert erased[stroke].mean() > 0.95


def _digits_on_a_line() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the ink of a ruled line, and of thin digits on its left half: two (120, 400) bool."""
    ruled, digits = np.zeros((120, 400), bool), np.zeros((120, 400), bool)
    ruled[90:92] = True
    for left in (10, 50, 90, 130):  # as 7s with slanted strokes
        digits[50:53, left : left + 34] = True
        for row in range(50, 92):
            column = left + 33 - 3 * (row - 50) // 4
            digits[row, column : column + 3] = True
    return ruled, digits


def test_a_ruled_line_is_erased_although_digits_stand_on_it() -> None:
    ruled, digits = _digits_on_a_line()
    erased, count = erase_ruled_lines(ruled | digits, 3)
    assert count == 1
    assert not erased[:, 200:].any()
    assert erased[digits & ~ruled].mean() > 0.9


def test_bars_side_by_side_are_no_ruled_line() -> None:
    digits = _digits_on_a_line()[1]
    erased, count = erase_ruled_lines(digits, 3)
    assert count == 0
    assert np.array_equal(erased, digits)


def test_a_square_grid_is_erased() -> None:
    mask = np.zeros((300, 300), bool)
    mask[20::40] = True
    mask[:, 15::40] = True
    erased, count = erase_ruled_lines(mask, 4)
    assert count == 15
    assert erased.mean() < 0.002


def test_strokes_of_digits_are_not_rules() -> None:
    mask = np.zeros((200, 400), bool)
    mask[50:56, 100:150] = True  # the bar of a 7
    mask[50:120, 145:151] = True
    erased, count = erase_ruled_lines(mask, 6)
    assert count == 0
    assert np.array_equal(erased, mask)


def test_a_thick_bar_is_no_ruled_line() -> None:
    mask = np.zeros((200, 400), bool)
    mask[80:110, 20:380] = True
    assert erase_ruled_lines(mask, 5)[1] == 0


@pytest.mark.parametrize(("height", "count"), [(4, 1), (12, 1), (40, 0)])
def test_a_bar_that_is_short_for_its_thickness_is_no_ruled_line(height: int, count: int) -> None:
    mask = np.zeros((250, 250), bool)
    mask[20 : 20 + height, 30:230] = True  # as the bar of a 5 that fills the picture
    assert erase_ruled_lines(mask, height)[1] == count


def test_a_run_is_the_ink_above_and_below_a_pixel() -> None:
    mask = np.random.default_rng(0).random((9, 30)) < 0.6
    mask[:, 3], mask[:, 4] = True, False
    runs = _vertical_runs(mask)
    for column in range(30):
        text = "".join("x" if ink else " " for ink in mask[:, column])
        expected = [len(part) for part in text.split() for _ in part]
        assert runs[mask[:, column], column].tolist() == expected
    assert not runs[~mask].any()


@pytest.mark.parametrize(
    ("start", "stop", "long"), [(20, 80, True), (20, 70, False), (0, 35, True), (76, 100, False)]
)
def test_a_ruled_line_that_ends_at_the_border_may_be_shorter(
    start: int, stop: int, long: bool
) -> None:
    columns = np.zeros(100, bool)
    columns[start:stop] = True
    assert _any_long(columns, 0.55) is long
    mask = np.zeros((100, 100), bool)
    mask[50:52, start:stop] = True
    assert (erase_ruled_lines(mask, 3)[1] == 1) is long


@pytest.mark.parametrize("closed", [False, True])
def test_upright_bars_alone_are_no_box(closed: bool) -> None:
    mask = np.zeros((80, 80), bool)
    mask[5:75, 5:8] = mask[5:75, 40:43] = mask[5:75, 72:75] = True
    mask[5:8, 5:75] = closed
    _, count = erase_ruled_lines(mask, 4, 0.6, crossed=True)
    assert count == (4 if closed else 0)
    assert erase_ruled_lines(mask, 4, 0.6)[1] == 3 + closed
