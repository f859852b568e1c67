"""Lines: which pieces follow one another, at any skew, and in which order lines are read."""

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading.lines import find_lines, skew
from tenfold.reading.order import reading_order


def _grid(rows: int, columns: int, size: int = 40, gap: int = 20, leading: int = 60) -> Array:
    boxes = [
        (r * (size + leading), c * (size + gap), r * (size + leading) + size, c * (size + gap) + 24)
        for r in range(rows)
        for c in range(columns)
    ]
    return np.array(boxes) + 100


def _lines(boxes: Array) -> list[list[int]]:
    return find_lines(boxes, np.full(len(boxes), 5.0))


def _turn(boxes: Array, degrees: float) -> Array:
    angle = np.radians(degrees)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    y = middle[:, 0] * np.cos(angle) + middle[:, 1] * np.sin(angle)
    x = middle[:, 1] * np.cos(angle) - middle[:, 0] * np.sin(angle)
    middle = np.stack([y, x], axis=1)
    return np.rint(np.concatenate([middle - half, middle + half], axis=1)).astype(int)


def test_three_lines_from_left_to_right() -> None:
    boxes = _grid(3, 5)
    order = np.random.default_rng(0).permutation(15)
    lines = _lines(boxes[order])
    assert sorted(order[line].tolist() for line in lines) == [
        [0, 1, 2, 3, 4],
        [5, 6, 7, 8, 9],
        [10, 11, 12, 13, 14],
    ]


@pytest.mark.parametrize("degrees", [-40, -15, 0, 8, 25, 40])
def test_skew_is_measured(degrees: float) -> None:
    assert skew(_turn(_grid(3, 5), degrees)) == pytest.approx(degrees, abs=3)


def test_no_skew_without_neighbours() -> None:
    assert skew(np.zeros((0, 4), int)) == 0
    assert skew(np.array([[0, 0, 10, 10]])) == 0


def test_columns_are_separate_lines() -> None:
    left, right = _grid(2, 3), _grid(2, 3) + np.array([0, 300, 0, 300])
    lines = _lines(np.concatenate([left, right]))
    assert sorted(lines) == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]


def test_columns_are_read_one_after_the_other() -> None:
    lines = np.array([(0, 300, 40, 500), (100, 0, 140, 200), (0, 0, 40, 200), (100, 300, 140, 500)])
    assert reading_order(lines) == [2, 1, 0, 3]


def test_two_numbers_side_by_side_are_read_from_left_to_right() -> None:
    assert reading_order(np.array([(10, 300, 50, 400), (0, 0, 40, 100)])) == [1, 0]


def test_the_lines_of_a_skewed_row_are_read_from_left_to_right() -> None:
    """The first line is as wide as the page; it falls, and the lines of the other rows rise."""
    first, second = [(0, 0, 60, 700)], [(55, 0, 91, 300), (45, 400, 81, 700)]
    third = [(100, 0, 136, 300), (90, 400, 126, 700)]
    assert reading_order(np.array(first + second + third)) == [0, 1, 2, 3, 4]


def test_a_row_of_single_digits_is_read_from_left_to_right() -> None:
    tops = (5, 2, 7, 0, 4)
    boxes = np.array([(top, 100 * k, top + 40, 100 * k + 30) for k, top in enumerate(tops)])
    assert reading_order(boxes) == [0, 1, 2, 3, 4]


def test_pieces_of_very_different_size_are_no_neighbours() -> None:
    boxes = np.array([(0, 0, 100, 60), (45, 80, 60, 90)])
    assert len(_lines(boxes)) == 2


@pytest.mark.parametrize(("width", "lines"), [(5, 1), (15, 1), (30, 2), (1, 2)])
def test_pieces_of_very_different_strokes_are_no_neighbours(width: float, lines: int) -> None:
    boxes = np.array([(0, 0, 40, 24), (0, 40, 40, 64)])
    assert len(find_lines(boxes, np.array([5.0, width]))) == lines


def test_several_digits_that_touch_are_in_a_line_with_single_ones() -> None:
    boxes = np.array([(100, 100, 140, 124), (98, 134, 142, 290), (100, 300, 140, 324)])
    assert _lines(boxes) == [[0, 1, 2]]


def test_a_line_goes_on_after_a_broken_digit() -> None:
    # The bar of the third digit, a 5, is nearer to the fourth digit than the rest of the 5.
    boxes = np.array(
        [
            (53, 99, 143, 138),
            (57, 179, 141, 243),
            (61, 274, 134, 330),
            (42, 325, 66, 380),
            (34, 398, 129, 468),
            (36, 500, 131, 560),
        ]
    )
    assert [sorted(line) for line in _lines(boxes)] == [[0, 1, 2, 3, 4, 5]]


def test_lines_at_different_heights_are_not_joined() -> None:
    upper, lower = _grid(1, 3), _grid(1, 3) + np.array([35, 180, 35, 180])
    assert sorted(_lines(np.concatenate([upper, lower]))) == [[0, 1, 2], [3, 4, 5]]


def test_a_digit_that_is_far_from_the_others_belongs_to_the_only_line() -> None:
    boxes = _grid(1, 5, gap=8)
    boxes[3:, [1, 3]] += 50  # a gap of 1.85 digits; the others are 0.6 digits wide
    assert _lines(boxes) == [[0, 1, 2, 3, 4]]


def test_a_gap_is_one_between_columns_if_it_is_in_two_lines_or_very_wide() -> None:
    two = _grid(2, 6, gap=8)
    two[[3, 4, 5, 9, 10, 11], 1] += 50
    two[[3, 4, 5, 9, 10, 11], 3] += 50
    assert sorted(_lines(two)) == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]
    wide = _grid(1, 6)
    wide[3:, [1, 3]] += 80
    assert sorted(_lines(wide)) == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(("pieces", "lines"), [(3, 4), (1, 3)])
def test_a_gap_is_one_between_columns_if_two_lines_are_apart_there(pieces: int, lines: int) -> None:
    boxes = _grid(2, 6, gap=8)
    boxes[3:6, [1, 3]] += 50
    boxes[9:, [1, 3]] += 110  # too far for neighbours
    assert len(_lines(boxes[: 9 + pieces])) == lines


def test_digits_at_two_heights_in_turn_are_one_line() -> None:
    boxes = _grid(1, 6, gap=4)
    boxes[1::2, [0, 2]] += 26  # 0.65 of their height: too much for neighbours
    assert _lines(boxes) == [[0, 1, 2, 3, 4, 5]]


def test_a_single_digit_that_is_higher_than_the_others_belongs_to_their_line() -> None:
    boxes = _grid(1, 5)
    boxes[0, [0, 2]] -= 26
    assert _lines(boxes) == [[0, 1, 2, 3, 4]]


def test_two_lines_one_above_the_other_stay_apart() -> None:
    boxes = _grid(2, 4, leading=-8)  # the lines overlap by a fifth of their height
    assert len(_lines(boxes)) == 2


def test_the_halves_of_a_broken_digit_after_a_gap_stay_together() -> None:
    boxes = np.array(
        [
            *([0, 0, 40, 22], [0, 28, 40, 50], [0, 56, 40, 78], [0, 84, 40, 106]),
            *([0, 198, 22, 211], [21, 198, 40, 216], [0, 226, 40, 248]),
        ]
    )
    assert find_lines(boxes, np.full(7, 4.0)) == [[0, 1, 2, 3], [4, 5, 6]]


def test_the_bar_of_a_digit_joins_the_two_lines_of_which_it_is_a_part() -> None:
    """A 9 before a 7 whose bar is a piece of its own: the bar follows the 9, in its height."""
    nine, seven, bar, six = (77, 78, 141, 123), (73, 138, 141, 189), (106, 147, 123, 170), (64, 275)
    boxes = np.array([nine, seven, bar, (*six, 135, 325)])
    assert sorted(map(sorted, _lines(boxes))) == [[0, 1, 2, 3]]
    halves = np.array([(73, 204, 100, 240), (104, 206, 141, 244)])
    broken = np.array([nine, seven, (*six, 135, 325)])
    level = np.concatenate(
        [broken + np.array([[-12], [20], [-12]]) * np.array([1, 0, 1, 0]), halves]
    )
    assert sorted(map(sorted, _lines(level))) == [[0, 1, 2, 3, 4]]
    above = boxes + np.array([[0], [0], [-60], [0]]) * np.array([1, 0, 1, 0])
    assert sorted(map(sorted, _lines(above))) != [[0, 1, 2, 3]]
