"""Marks beside digits: printed words, ruled lines at the border, and rests of neighbours."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import tenfold
from tenfold.nn.array import Array
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.marks import beside_cut_off
from tenfold.reading.reader import read_all_ink
from tenfold.reading.working import bundled_recogniser
from tests.reading.pages import digit_mask, page, truth


def _cell(cut: int) -> Array:
    """Return a cell (150, 130) uint8 with a 4, and what a cut in column ``cut`` leaves of a 0."""
    wide = np.full((150, 130 + cut), 240.0)
    wide[10:140, :130] *= 1 - 0.85 * digit_mask(3, 130)
    wide[15:135, cut + 10 : cut + 130] *= 1 - 0.85 * digit_mask(4, 120)
    return wide[:, cut:].astype(np.uint8)


@pytest.mark.parametrize(("cut", "verdict"), [(84, "unsure"), (88, "unsure"), (94, "digits")])
def test_a_rest_makes_a_single_digit_unsure_if_it_is_as_wide_as_a_one(
    cut: int, verdict: str
) -> None:
    reading = tenfold.read(_cell(cut))
    assert reading.lines == ["4"]
    assert reading.verdict == verdict


def test_a_ruled_line_from_border_to_border_is_left_out() -> None:
    cell = _cell(110)
    cell[:, 4:10] = 60
    assert tenfold.read(cell).lines == ["4"]


def test_a_one_at_the_border_of_tightly_cropped_digits_is_read() -> None:
    picture = np.full((112, 200), 240.0)
    for x, index in ((0, 2), (84, 0)):
        picture[:, x : x + 112] *= 1 - 0.85 * digit_mask(index, 112)
    ink = picture < 150
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    cropped = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert tenfold.read(cropped.astype(np.uint8)).lines == truth([[2, 0]])


@pytest.mark.parametrize("word", ["Name", "Total", "Amount"])
def test_a_printed_word_beside_a_digit_is_left_out(word: str) -> None:
    form = Image.new("L", (800, 300), 250)
    ImageDraw.Draw(form).text((40, 130), word, fill=20, font=ImageFont.load_default(60))
    picture = np.asarray(form, np.float64)
    picture[50:250, 560:760] *= 1 - 0.85 * digit_mask(11, 200)
    assert tenfold.read(picture.astype(np.uint8)).lines == ["6"]


@pytest.mark.parametrize(("top", "unsure"), [(32, True), (2, False)])
def test_a_number_beside_the_end_of_a_stroke_at_the_border_is_unsure(
    top: int, unsure: bool
) -> None:
    picture = page([[0, 1, 2, 5, 4, 3]])[:, :400]
    for column in range(388, 400):  # the start of a 7 that the border cuts off
        start = top + (400 - column) * 2 // 3
        picture[start : start + 5, column] = 40
    reading = tenfold.read(picture)
    assert reading.lines == truth([[0, 1, 2, 5, 4, 3]])
    assert all(digit.unsure == unsure for digit in reading.digits)


def test_the_end_of_a_stroke_beside_a_single_digit_belongs_to_a_neighbour() -> None:
    picture = page([[0]])[:, :92]
    picture[32:37, 80:] = 40
    assert tenfold.read(picture).verdict == "digits"


def test_a_digit_of_an_mnist_like_picture_has_no_pieces_and_may_be_beside_a_cut_off_one() -> None:
    picture = page([[0, 1]])
    picture[40:60, :8] = 40  # the end of a stroke
    result = read_all_ink(Hypotheses(np.stack([picture] * 3, axis=2)), bundled_recogniser())
    assert result is not None
    bare = [replace(f, candidate=replace(f.candidate, pieces=())) for f in result.digits]
    assert len(bare) >= 2
    assert beside_cut_off(replace(result, digits=bare)).shape == (len(bare),)
