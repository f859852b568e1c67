"""Pieces: which could be digits, and which are boxes around digits."""

import numpy as np
import pytest

import tenfold
from tenfold.nn.array import Array
from tenfold.reading import digit_pieces
from tenfold.reading.digit_pieces import digit_sized, span_the_picture
from tenfold.reading.mask import Ink, find_pieces
from tenfold.reading.pieces import lines_of_pieces
from tests.reading.pages import page


def _ink(mask: Array) -> Ink:
    return find_pieces(mask, np.where(mask, 0.1, 0.9).astype(np.float32), mask.astype(np.float32))


def _boxes_in_a_row(
    count: int, size: int = 60, height: int = 24
) -> tuple[Array, list[tuple[int, int]]]:
    """Boxes that share their sides, with a bar in each; also the places of the bars."""
    mask = np.zeros((size + 80, count * size + 80), bool)
    places = []
    for number in range(count):
        left = 40 + number * size
        mask[40 : 40 + size, [left, left + 1, left + size, left + size + 1]] = True
        mask[[40, 41, 38 + size, 39 + size], left : left + size + 2] = True
        top = 40 + (size - height) // 2
        mask[top : top + height, left + 26 : left + 34] = True
        places.append((top, left + 26))
    return mask, places


def test_a_row_of_boxes_around_small_digits_is_not_a_digit() -> None:
    mask, places = _boxes_in_a_row(5)
    ink = _ink(mask)
    chosen = ink.boxes[digit_sized(ink)]
    assert [tuple(box[:2]) for box in chosen.tolist()] == places
    assert [len(line) for line in lines_of_pieces(ink)] == [5]


def test_a_grid_around_many_small_digits_is_not_a_digit() -> None:
    mask, places = np.zeros((400, 500), bool), [(55 + 60 * row, 70) for row in range(4)]
    for line in range(0, 301, 60):
        mask[40 + line : 42 + line, 40:462] = True
        mask[40:342, [40 + 7 * line // 5, 41 + 7 * line // 5]] = True
    for top, left in places:
        mask[top : top + 30, left : left + 6] = True
    ink = _ink(mask)
    assert [tuple(box[:2]) for box in ink.boxes[digit_sized(ink)].tolist()] == places


def test_a_row_of_boxes_of_which_two_are_open_is_not_a_digit() -> None:
    mask, places = _boxes_in_a_row(5)
    mask[85:105, 160:220] = mask[85:105, 280:340] = False  # the lower ends of two boxes
    ink = _ink(mask)
    assert [tuple(box[:2]) for box in ink.boxes[digit_sized(ink)].tolist()] == places


def test_a_zero_with_a_speck_inside_is_a_digit() -> None:
    y, x = np.mgrid[:200, :160]
    ring = np.hypot((y - 100) / 70, (x - 80) / 45)
    mask = (ring < 1) & (ring > 0.75)
    mask[96:106, 74:84] = True
    ink = _ink(mask)
    assert (31, 36) in [tuple(map(int, box[:2])) for box in ink.boxes[digit_sized(ink)]]


@pytest.mark.parametrize("is_box", [False, True])
def test_a_seven_around_its_bar_is_a_digit_and_a_box_around_a_bar_is_not(is_box: bool) -> None:
    mask = np.zeros((140, 200), bool)
    mask[30:36, 40:100] = mask[30:110, 94:100] = True  # a 7 with an upright stroke
    mask[68:74, 50:86] = True  # its bar, which does not touch the stroke
    mask[30:110, 130:136] = True  # a 1
    if is_box:
        mask[30:110, 40:46] = True
    widths = np.ptp(_ink(mask).boxes[digit_sized(_ink(mask))][:, [1, 3]], axis=1).tolist()
    assert sorted(widths) == ([6, 36] if is_box else [6, 36, 60])


def test_a_rule_with_a_digit_on_it_crosses_the_picture() -> None:
    mask = np.zeros((120, 200), bool)
    mask[90:93, :] = True
    mask[40:92, 60:68] = True
    mask[40:80, 120:128] = True
    ink = _ink(mask)
    assert ink.boxes[span_the_picture(ink)].tolist() == [[40, 0, 93, 200]]


@pytest.mark.parametrize(
    ("top", "left", "joined"),
    [
        (60, 330, True),
        (30, 330, True),
        (10, 330, False),  # above the digits
        (60, 420, False),  # far from them
    ],
)
def test_a_fragment_beside_digits_belongs_to_their_line(top: int, left: int, joined: bool) -> None:
    mask = np.zeros((160, 460), bool)
    for digit in (40, 100, 160, 220, 280):
        mask[40:110, digit : digit + 30] = True
    mask[top : top + 24, left : left + 5] = True
    assert sorted(map(len, lines_of_pieces(_ink(mask)))) == ([6] if joined else [1, 5])


def test_an_underline_is_no_digit_and_connects_no_columns() -> None:
    """The bars stand for a word at the left and a number at the right, 150 pixels apart."""
    mask = np.zeros((140, 500), bool)
    mask[78:81, 40:330] = True
    bars = [40, 70, 100, 350, 380, 410]
    for left in bars:
        mask[40:70, left : left + 8] = True
    ink = _ink(mask)
    assert [len(line) for line in lines_of_pieces(ink)] == [3, 3]
    assert sorted(ink.boxes[digit_sized(ink)][:, 1].tolist()) == bars


def test_a_flat_piece_is_kept_unless_it_is_much_wider_than_the_others() -> None:
    mask = np.zeros((140, 300), bool)
    mask[60:64, 40:110] = True
    assert len(digit_sized(_ink(mask))) == 1  # alone
    mask[30:70, 150:158] = True
    assert len(digit_sized(_ink(mask))) == 2


def test_too_many_pieces_make_all_digits_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tenfold.read(page([[0, 1, 3, 4]])).verdict == "digits"
    monkeypatch.setattr("tenfold.reading.digit_pieces.MOST_PIECES", 3)
    reading = tenfold.read(page([[0, 1, 3, 4]]))
    assert len(reading.digits) == 3
    assert all(digit.unsure for digit in reading.digits)
    assert reading.warnings == (
        "There are more than 400 pieces of ink. Only those with the most ink were read, so all "
        "digits are unsure.",
    )


@pytest.mark.parametrize(("count", "is_frame"), [(6, True), (2, False)])
def test_a_piece_from_border_to_border_is_a_frame_if_several_small_digits_are_inside(
    count: int, is_frame: bool
) -> None:
    """The edge of a table at two sides of the paper looks like a 7."""
    mask = np.zeros((260, 370), bool)
    mask[10:22] = mask[10:160, 340:352] = True
    for left in range(40, 40 + 40 * count, 40):
        mask[120:145, left : left + 5] = True
    ink = _ink(mask)
    heights = np.ptp(ink.boxes[digit_sized(ink)][:, [0, 2]], axis=1).tolist()
    assert heights == ([25] * count if is_frame else [150])


@pytest.mark.parametrize(("thickness", "is_box"), [(3, True), (10, False)])
def test_the_thin_corner_of_a_box_is_no_part_of_the_digit_beside_it(
    thickness: int, is_box: bool
) -> None:
    """The upper and the right side of the box look like a 7; so do those of a real 7."""
    mask = np.zeros((200, 200), bool)
    mask[20 : 20 + thickness, 20:180] = mask[20:170, 180 - thickness : 180] = True
    mask[100:112, 50:120] = True
    ink = _ink(mask)
    widths = np.ptp(ink.boxes[digit_sized(ink)][:, [1, 3]], axis=1).tolist()
    assert sorted(widths) == ([70] if is_box else [70, 160])


def test_pieces_in_boxes_are_found_as_by_comparing_all_pairs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(digit_pieces, "is_hollow", lambda ink, piece: False)
    monkeypatch.setattr(digit_pieces, "is_on_both_sides", lambda ink, outer, inner: True)
    rng = np.random.default_rng(0)
    containers = 0
    for _ in range(60):
        ink = _ink(np.zeros((99, 99), bool))
        corner = rng.integers(0, 30, (5, 2))
        ink.boxes = np.concatenate([corner, corner + rng.integers(3, 60, (5, 2))], axis=1)
        lengths = ink.boxes[:, 2:] - ink.boxes[:, :2]
        size, shorter = lengths.max(axis=1), lengths.min(axis=1)
        found = digit_pieces._containers(ink, size, np.ones(5, bool))
        for outer, (top, left, bottom, right) in enumerate(ink.boxes.tolist()):
            inside = sorted(
                int(size[inner])
                for inner, (first, start, last, end) in enumerate(ink.boxes.tolist())
                if first > top and start > left and last < bottom and end < right
                if size[inner] < 0.97 * size[outer]
            )
            around = min(size[outer], 1.5 * shorter[outer])
            one = bool(inside) and inside[-1] >= 0.35 * around
            assert found[outer] == (one or (inside[-2:-1] >= [0.2 * shorter[outer]]))
            containers += int(found[outer])
    assert 10 < containers < 290


def test_the_pieces_of_an_ink_are_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    mask = np.zeros((60, 60), bool)
    mask[10:50, 20:26] = True
    ink = _ink(mask)
    assert digit_sized(ink).tolist() == [0]
    monkeypatch.setattr(digit_pieces, "_find_possible_digits", None)
    assert digit_sized(ink).tolist() == [0]


def test_an_ink_of_which_all_pieces_touch_the_border_has_no_digits() -> None:
    mask = np.zeros((60, 60), bool)
    mask[:50, 10:20] = mask[58:, 30:] = True
    mask[0], mask[:, 0], mask[-1] = True, True, True
    assert len(digit_sized(_ink(mask))) == 0
