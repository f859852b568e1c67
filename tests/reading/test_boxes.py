"""Boxes: where the digits are, in the picture and in its drawing."""

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

import tenfold
from tenfold.reading import Reading, draw_reading
from tenfold.reading.picture import load_picture
from tenfold.reading.show.layout import lay_out

from .pages import page


@pytest.mark.parametrize("degrees", [-38, -15, 15, 38])
def test_boxes_of_skewed_digits_are_tight(degrees: float) -> None:
    """As tight as the boxes of the ink in the picture, also if it is turned to be read."""
    upright = Image.fromarray(page([[0, 1, 2, 3, 4]], noise=0))
    picture = np.asarray(
        upright.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=230)
    )
    labels, _ = ndimage.label(picture < 135, np.ones((3, 3)))
    pieces = [p for p in ndimage.find_objects(labels) if p[0].stop - p[0].start > 12]
    digits = tenfold.read(picture).digits
    assert len(digits) == len(pieces) == 5
    for y, x in pieces:
        box = (x.start, y.start, x.stop - x.start, y.stop - y.start)
        assert min(max(abs(a - b) for a, b in zip(box, d.box, strict=True)) for d in digits) <= 4


@pytest.mark.parametrize("size", [60, 100, 300])
def test_the_box_is_drawn_on_the_digit_of_a_small_picture(size: int) -> None:
    """A small picture is read with a margin, which is not drawn."""
    grey = np.full((size, size), 255, np.uint8)
    grey[size // 4 : size // 2, size // 2 : size // 2 + size // 12] = 0
    reading = tenfold.read(grey, single=True)
    assert isinstance(reading, Reading)
    place = lay_out(reading, load_picture(grey).without_margin().shape[1::-1]).boxes[0]
    sheet = np.asarray(draw_reading(reading, grey).convert("L"))
    left, top, right, bottom = (int(v) for v in place)
    assert (sheet[top + 24 : bottom - 24, left + 24 : right - 24] < 150).all()
    assert (sheet[top + 24 : bottom - 24, right + 12] > 200).all()
