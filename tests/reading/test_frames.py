"""Frames: scan edges along the border, and digits that only look like scan edges."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tenfold.nn.array import Array
from tenfold.reading import read
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.frames import at_the_border
from tenfold.reading.mask import find_ink
from tenfold.reading.reader import read_all_ink
from tenfold.reading.working import bundled_recogniser

WIDTH, HEIGHT = 170, 200

SCAN_EDGES = {
    "band": [(0, 0), (WIDTH, 0), (WIDTH, 12), (0, 12)],
    "wedge": [(0, 0), (WIDTH, 0), (0, 30)],
    "corner": [(0, 0), (WIDTH, 0), (0, HEIGHT)],
    "half": [(0, 0), (WIDTH, 0), (WIDTH, 90), (0, 90)],
    "two sides": [(0, 0), (WIDTH, 0), (WIDTH, 15), (15, 15), (15, HEIGHT), (0, HEIGHT)],
}


def _seven() -> Array:
    """Return a 7 that fills its picture: its bar covers the upper border."""
    picture = Image.new("L", (WIDTH, HEIGHT), 235)
    draw = ImageDraw.Draw(picture)
    draw.line([(0, 8), (WIDTH - 14, 8), (50, HEIGHT - 8)], fill=35, width=24, joint="curve")
    return np.asarray(picture)


def _scan_edges(grey: Array) -> Array:
    values = grey.astype(np.float32) / 255
    return at_the_border(find_ink(values, 1 - values / values.max()))[0]


@pytest.mark.parametrize("name", SCAN_EDGES)
def test_ink_along_the_border_is_a_scan_edge(name: str) -> None:
    picture = Image.new("L", (WIDTH, HEIGHT), 235)
    ImageDraw.Draw(picture).polygon(SCAN_EDGES[name], fill=35)
    assert _scan_edges(np.asarray(picture)).tolist() == [True]


def test_a_digit_that_fills_the_picture_is_no_scan_edge() -> None:
    assert _scan_edges(_seven()).tolist() == [False]


def test_a_digit_whose_bar_covers_the_upper_border_is_read() -> None:
    result = read_all_ink(
        Hypotheses(_seven()[..., np.newaxis].repeat(3, axis=2)), bundled_recogniser()
    )
    assert result is not None
    assert [found.arc.digit for found in result.digits] == [7]


def _two(width: int) -> Array:
    """Return a 2 with a loop that fills its picture: the border cuts off the end of its stroke."""
    picture = Image.new("L", (150, 220), 235)
    draw = ImageDraw.Draw(picture)
    neck = [(25, 45), (50, 5), (90, -2), (125, 40), (120, 90), (40, 190)]
    for line in (neck, [(45, 185), (85, 225)], [(105, 226), (135, 195)]):
        draw.line(line, fill=35, width=width, joint="curve")
    draw.ellipse([-4, 160, 60, 215], outline=35, width=width)
    return np.asarray(picture)


@pytest.mark.parametrize("width", [13, 17])
def test_a_digit_of_which_the_border_cuts_off_the_end_is_read_as_a_whole(width: int) -> None:
    reading = read(_two(width))
    assert (reading.lines, reading.verdict) == (["2"], "digits")


@pytest.mark.parametrize("width", [3, 15])
def test_a_frame_around_a_digit_is_no_digit_that_fills_the_picture(width: int) -> None:
    picture = Image.new("L", (WIDTH, HEIGHT), 235)
    draw = ImageDraw.Draw(picture)
    draw.rectangle([0, 0, WIDTH - 1, HEIGHT - 1], outline=35, width=width)
    draw.line([(60, 60), (110, 60), (80, 150)], fill=35, width=15, joint="curve")
    assert read(np.asarray(picture)).lines == ["7"]
