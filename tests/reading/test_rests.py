"""Rests: what the border of the picture cuts off, beside a digit and beside numbers."""

import numpy as np
import pytest

import tenfold
from tenfold.nn.array import Array
from tenfold.reading.digit_pieces import digit_sized, rest_pieces
from tenfold.reading.mask import Ink, find_pieces
from tests.reading.pages import digit_mask, truth


def _ink(mask: Array, margin: int = 0) -> Ink:
    mask = np.pad(mask, margin)
    ink = find_pieces(mask, np.where(mask, 0.1, 0.9).astype(np.float32), mask.astype(np.float32))
    ink.margin = margin
    return ink


def _ring(top: int, left: int, shape: tuple[int, int] = (150, 150)) -> Array:
    """Return a ring (H, W) bool of 80 x 60 pixels with strokes of 10 pixels."""
    y, x = np.indices(shape)
    outer = np.hypot((y - top - 40) / 40, (x - left - 30) / 30) < 1
    return outer & ~(np.hypot((y - top - 40) / 30, (x - left - 30) / 20) < 1)


@pytest.mark.parametrize("margin", [0, 24])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_part_of_a_ring_at_any_border_is_a_rest(margin: int, turns: int) -> None:
    mask = np.rot90(_ring(30, 50) | _ring(25, -42), turns)  # the second one is visible for 18 of 60
    ink = _ink(mask, margin)
    (rest,) = np.flatnonzero(rest_pieces(ink))
    assert rest == ink.area.argmin()
    assert digit_sized(ink).tolist() == [ink.area.argmax()]


def test_without_a_complete_digit_there_are_no_rests() -> None:
    ink = _ink(_ring(25, -42))
    assert not rest_pieces(ink).any()
    assert len(digit_sized(ink)) == 1


@pytest.mark.parametrize(
    "mask",
    [
        _ring(25, -42) | _ring(30, 90),  # the right one touches the border
        _ring(30, 50) | _ring(25, -20),  # most of the left one is visible
        _ring(30, 50) | np.eye(150, k=-30, dtype=bool) & (np.arange(150) < 15),  # only one end
    ],
)
def test_a_digit_at_the_border_is_no_rest(mask: Array) -> None:
    thick = mask | np.roll(mask, 1, axis=0)
    assert not rest_pieces(_ink(thick)).any()


@pytest.mark.parametrize("unit", [50, 120, 300])
@pytest.mark.parametrize(("index", "below"), [(1, 3), (7, None)])
def test_a_cell_with_rests_and_borders_shows_one_digit(
    unit: int, index: int, below: int | None
) -> None:
    picture = np.full((13 * unit // 10,) * 2, 235.0)
    here, seen = slice(15 * unit // 100, 115 * unit // 100), 3 * unit // 10
    picture[here, here] *= 1 - 0.85 * digit_mask(index, unit)
    picture[here, :seen] *= 1 - 0.85 * digit_mask(3, unit)[:, -seen:]  # a 0 at the left
    picture[here, -seen:] *= 1 - 0.85 * digit_mask(3, unit)[:, :seen]
    if below is None:
        picture[:, unit // 20 : unit // 20 + max(1, unit // 40)] *= 0.4
    else:
        picture[-seen:, here] *= 1 - 0.85 * digit_mask(below, unit)[:seen]
    reading = tenfold.read(picture.astype(np.uint8))
    assert reading.lines == truth([[index]])
    assert reading.verdict == "digits"


@pytest.mark.parametrize("height", [40, 150])
def test_a_number_is_unsure_beside_a_rest(height: int) -> None:
    """The number may continue outside the picture."""
    wide = np.full((height + 20, 3 * height), 235.0)
    for place, index in enumerate((0, 1, 3)):
        box = slice(place * height, (place + 1) * height)
        wide[10:-10, box] *= 1 - 0.85 * digit_mask(index, height)
    reading = tenfold.read(wide[:, : round(2.36 * height)].astype(np.uint8))
    assert reading.lines == truth([[0, 1]])
    assert reading.verdict == "unsure"


@pytest.mark.parametrize("height", [40, 300])
def test_a_tightly_cropped_number_is_read(height: int) -> None:
    """Its last digit touches three sides of the picture, as a frame does."""
    number = np.zeros((height, 3 * height))
    for place, (index, small) in enumerate(((1, height // 10), (4, height // 10), (3, 0))):
        mask = digit_mask(index, height - 2 * small)
        box = slice(place * height, place * height + len(mask))
        number[small : height - small, box] = mask
    picture = 235 * (1 - 0.85 * number)
    ink = number > 0.5
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    tight = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert tenfold.read(tight.astype(np.uint8)).lines == truth([[1, 4, 3]])
