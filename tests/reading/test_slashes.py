"""The slashes of a date are doubtful 1s."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

import tenfold
from tenfold.nn.array import Array
from tests.reading.pages import digit_mask

DIGITS = {"2": 1, "0": 3, "7": 0, "3": 18, "6": 11}
"""For each digit, the index of a test image of it."""


def _line(text: str, lean: float) -> Array:
    """Return a text of ``DIGITS``, 1s, and slashes that lean by an angle in degrees, uint8."""
    picture = np.full((140, 60 + 70 * len(text)), 235.0)
    for number, character in enumerate(text):
        x = 30 + 70 * number
        if character in DIGITS:
            picture[30:110, x : x + 80] *= 1 - 0.85 * digit_mask(DIGITS[character], 80)
            continue
        shift = 28 * np.tan(np.radians(lean if character == "/" else 2))
        bar = Image.new("L", picture.shape[::-1])
        ends = (x + 40 - shift, 98, x + 40 + shift, 42)
        ImageDraw.Draw(bar).line(ends, fill=255, width=7)
        picture *= 1 - 0.85 * np.asarray(bar) / 255
    return picture.astype(np.uint8)


@pytest.mark.parametrize("date", ["20/7/2026", "2026/07/3", "3/6/26"])
def test_the_slashes_of_a_date_are_unsure(date: str) -> None:
    reading = tenfold.read(_line(date, 20))
    assert reading.lines == [date.replace("/", "1")]
    for character, digit in zip(date, reading.digits, strict=True):
        assert (digit.confidence <= 0.5) == (character == "/")
        assert digit.unsure or character != "/"
    assert "Two 1s may be the slashes of a date." in reading.warnings


@pytest.mark.parametrize(
    ("number", "lean"),
    [
        ("20/7/2026", 3),  # upright
        ("20/7/202", 20),  # no year
        ("2/207/73", 20),  # three digits between the bars
        ("201712026", 20),  # 1s that do not lean
    ],
)
def test_other_ones_keep_their_confidence(number: str, lean: float) -> None:
    reading = tenfold.read(_line(number, lean))
    assert reading.lines == [number.replace("/", "1")]
    assert min(digit.confidence for digit in reading.digits) > 0.5
    assert reading.warnings == ()
