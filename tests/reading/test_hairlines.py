"""Hairlines: strokes of a single digit that are too thin and pale for the threshold of its ink."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from tenfold.nn.array import Array
from tenfold.reading import read
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.hairlines import with_hairlines
from tenfold.reading.reader import read_all_ink
from tenfold.reading.working import bundled_recogniser


def _nine(hairline: float, *, curl: bool = True) -> Array:
    """Return a 9 of which the left and lower side of the loop is drawn with a lighter hand.

    Args:
        hairline: Contrast of this side, 0 to 1.
        curl: Whether there is such a side.
    """
    size = (200, 260)
    strong, weak = Image.new("L", size), Image.new("L", size)
    draw = ImageDraw.Draw(strong)
    draw.line([(75, 75), (100, 52), (130, 62), (134, 100), (124, 215)], 255, 14, joint="curve")
    if curl:
        loop = [(75, 75), (66, 100), (78, 122), (105, 122), (134, 90)]
        ImageDraw.Draw(weak).line(loop, round(255 * hairline), 4, joint="curve")
    ink = np.maximum(np.asarray(strong), np.asarray(weak)) / 255
    return np.rint(235 * (1 - 0.9 * ndimage.gaussian_filter(ink, 0.8))).astype(np.uint8)


@pytest.mark.parametrize("hairline", [0.45, 0.55])
def test_a_9_with_a_pale_side_is_no_7(hairline: float) -> None:
    reading = read(_nine(hairline))
    assert (reading.lines, reading.verdict) == (["9"], "digits")
    left, _, width, _ = reading.digits[0].box
    assert left <= 67
    assert left + width >= 138


def test_a_digit_without_hairlines_stays_as_it_is() -> None:
    rgb = _nine(0, curl=False)[..., np.newaxis].repeat(3, axis=2)
    result = read_all_ink(Hypotheses(rgb), bundled_recogniser())
    assert result is not None
    assert with_hairlines(result, bundled_recogniser()) is result


def test_a_ruled_line_through_a_digit_is_no_hairline() -> None:
    grey = _nine(0, curl=False)
    grey[120:123] = np.minimum(grey[120:123], 170)
    alone = read(_nine(0, curl=False)).lines
    assert read(grey).lines == alone


def _two(hairline: float) -> Array:
    """Return a 2 whose diagonal stroke and base are pale in the middle.

    Args:
        hairline: Contrast of these parts, 0 to 1; with 0, the 2 is in three pieces.
    """
    size = (200, 260)
    strong, weak = Image.new("L", size), Image.new("L", size)
    draw = ImageDraw.Draw(strong)
    arc = [(58, 92), (64, 66), (90, 50), (120, 58), (132, 85), (124, 118), (110, 135)]
    for stroke in (arc, [(80, 174), (56, 206), (70, 207)], [(100, 206), (142, 208)]):
        draw.line(stroke, 255, 11, joint="curve")
    draw = ImageDraw.Draw(weak)
    for stroke in ([(110, 135), (80, 174)], [(70, 207), (100, 206)]):
        draw.line(stroke, round(255 * hairline), 7)
    ink = np.maximum(np.asarray(strong), np.asarray(weak)) / 255
    return np.rint(235 * (1 - 0.9 * ndimage.gaussian_filter(ink, 0.8))).astype(np.uint8)


@pytest.mark.parametrize("hairline", [0.3, 0.4])
def test_pieces_that_hairlines_connect_are_one_digit(hairline: float) -> None:
    reading = read(_two(hairline))
    assert (reading.lines, reading.verdict) == (["2"], "digits")


def test_a_7_with_a_pale_middle_is_no_7_above_a_1() -> None:
    size = (200, 280)
    strong, weak = Image.new("L", size), Image.new("L", size)
    draw = ImageDraw.Draw(strong)
    draw.line([(55, 55), (140, 50), (122, 110)], 255, 11, joint="curve")
    draw.line([(104, 160), (78, 235)], 255, 11)
    ImageDraw.Draw(weak).line([(122, 110), (104, 160)], round(255 * 0.35), 7)
    ink = np.maximum(np.asarray(strong), np.asarray(weak)) / 255
    grey = np.rint(235 * (1 - 0.9 * ndimage.gaussian_filter(ink, 0.8))).astype(np.uint8)
    reading = read(grey)
    assert (reading.lines, reading.verdict) == (["7"], "digits")


def test_pieces_without_hairlines_stay_unsure() -> None:
    assert read(_two(0)).verdict != "digits"
