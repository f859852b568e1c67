"""Remarks: the words about a digit match what the picture shows."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

import tenfold
from tenfold.nn.array import Array
from tenfold.reading import Reading, pictures
from tenfold.reading.picture import WorkingPicture
from tenfold.reading.result import Result

from .pages import digit_mask, page


def _read(mask: Array) -> tuple[str, ...]:
    grey = np.full((mask.shape[0] + 120, mask.shape[1] + 120), 225.0)
    grey[60:-60, 60:-60] -= 190 * mask
    (digit,) = tenfold.read(grey.astype(np.uint8)).digits
    return digit.remarks


def test_a_digit_of_one_stroke_has_no_remarks() -> None:
    assert _read(digit_mask(0, 140)) == ()


def test_specks_and_grain_are_no_pieces_and_no_thin_strokes() -> None:
    mask = digit_mask(1, 200)
    rng = np.random.default_rng(0)
    grain = np.kron(rng.random((100, 100)) > 0.25, np.ones((2, 2)))
    assert _read(mask * grain) == ()


def test_a_digit_with_a_gap_is_in_several_pieces() -> None:
    mask = digit_mask(1, 200)
    mask[96:110] = 0
    assert "in several pieces" in _read(mask)


@pytest.mark.parametrize("height", [100, 300])
def test_a_digit_at_the_border_says_so(height: int) -> None:
    """Paper is added around the smaller picture before it is read."""
    mask = digit_mask(0, height * 3 // 5)
    mask = mask[(mask > 0.5).any(axis=1).argmax() :]  # its ink starts in the first row
    grey = np.full((height, height), 225.0)
    grey[: len(mask), height // 5 : height // 5 + mask.shape[1]] -= 190 * mask
    inside = np.roll(grey, height // 4, axis=0)
    pictures = [each.astype(np.uint8) for each in (grey, inside)]
    remarks = [tenfold.read(picture).digits[0].remarks for picture in pictures]
    assert ["touches the border" in each for each in remarks] == [True, False]


@pytest.mark.parametrize(("width", "remark"), [(3, "thin strokes"), (70, "thick strokes")])
def test_the_width_of_strokes_is_named(width: int, remark: str) -> None:
    mask = np.zeros((200, max(width, 100)))
    mask[:, :width] = 1
    if width < 10:  # a 7
        mask[:width, :] = 1
        mask = mask[:, ::-1]
    assert remark in _read(mask)


def _reading_of(picture: Image.Image) -> Reading:
    reading = tenfold.read(np.asarray(picture))
    assert isinstance(reading, Reading)
    return reading


def _with_mark(*corners: tuple[int, int]) -> Image.Image:
    """Return three digits, with room for a mark on their left: a line or a filled polygon."""
    wide = Image.new("L", (400, 96), 230)
    wide.paste(Image.fromarray(page([[0, 4, 2]])), (150, 0))
    draw = ImageDraw.Draw(wide)
    if len(corners) == 2:
        draw.line(corners, fill=40, width=6)
    elif corners:
        draw.polygon(corners, fill=40)
    return wide


def test_accepted_digits_have_no_remarks_about_their_line() -> None:
    digits = _reading_of(_with_mark()).digits
    assert len(digits) == 3
    assert all(d.remarks == () for d in digits if not d.unsure)


def test_disputed_digits_are_unsure_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    read_loaded = pictures.read_loaded

    def disputed(*args: Any, **settings: Any) -> tuple[WorkingPicture, Result | None]:
        picture, result = read_loaded(*args, **settings)
        assert result is not None
        digits = [replace(found, disputed=True) for found in result.digits]
        return picture, replace(result, digits=digits)

    assert not any(d.unsure for d in _reading_of(_with_mark()).digits)
    monkeypatch.setattr(pictures, "read_loaded", disputed)
    digits = _reading_of(_with_mark()).digits
    assert all(d.unsure for d in digits)
    assert [d.remarks for d in digits] == [("another reading shows other digits",)] * 3


def test_unsure_digits_beside_a_mark_that_was_not_read_say_so() -> None:
    digits = _reading_of(_with_mark((50, 48), (110, 48))).digits
    assert all("unread marks may be digits" in d.remarks for d in digits)
    assert len(digits) == 3


def test_unsure_digits_beside_touching_marks_say_so() -> None:
    """Two bars that are joined are cut, and at least one of them is read as a digit."""
    left = ((60, 54), (60, 74), (44, 74), (44, 24), (60, 24), (60, 46))
    right = ((90, 50), (90, 30), (106, 30), (106, 74), (90, 74), (90, 58))
    digits = _reading_of(_with_mark(*left, *right)).digits
    marks = len(digits) - 3
    assert marks > 0
    parts = ["cut out of touching marks" in d.remarks for d in digits]
    beside = ["touching marks in its line" in d.remarks for d in digits]
    assert parts == [True] * marks + [False] * 3
    assert beside == [False] * marks + [True] * 3


def test_the_share_of_ink_that_was_not_read_is_noticed() -> None:
    """A large circle is not read; a speck is too little ink."""
    plain = Image.fromarray(page([[0, 1, 4, 2]], height=80))
    words = "Some marks, lines or dark areas were not read as digits."
    speck = plain.copy()
    ImageDraw.Draw(speck).line((10, 10, 14, 10), fill=40, width=6)
    assert words not in _reading_of(speck).warnings
    wide = Image.new("L", (700, plain.height + 200), 230)
    wide.paste(plain, (0, 0))
    circle = [(440, 40), (680, 280)]
    ImageDraw.Draw(wide).ellipse(circle, outline=40, width=6)
    assert words in _reading_of(wide).warnings


def test_light_ink_is_named() -> None:
    light = 255 - page([[0, 4, 2]])
    assert (
        "Light ink on a darker background was read." in _reading_of(Image.fromarray(light)).warnings
    )


@pytest.mark.parametrize("degrees", [-30, -8, 0, 8, 30])
def test_the_skew_is_that_of_the_lines(degrees: int) -> None:
    rows = [[0, 1, 2, 3, 4, 5], [10, 11, 12, 13, 14, 15], [20, 21, 22, 23, 24, 25]]
    turned = Image.fromarray(page(rows)).rotate(
        degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=230
    )
    words = [w for w in _reading_of(turned).warnings if "skewed" in w]
    said = [int(w.split()[-2]) for w in words]
    assert said == [pytest.approx(abs(degrees), abs=1)] if degrees else not said
