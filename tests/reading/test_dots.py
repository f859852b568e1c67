"""Marks with a dot, such as an exclamation mark, are no certain digits."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

import tenfold
from tenfold.nn.array import Array
from tenfold.reading.dots import have_dots
from tenfold.reading.picture import load_picture
from tenfold.reading.pictures import read_loaded

BAR = [(103, 50), (99, 150)]
HOOK = [(62, 78), (70, 56), (100, 48), (128, 62), (128, 88), (112, 112), (98, 128), (95, 152)]


def _mark(stroke: list[tuple[int, int]], *dots: tuple[int, int], light: bool = False) -> Array:
    """Return dark or light ink: a stroke, and dots around the given points (x, y)."""
    picture = Image.new("L", (200, 230), 35 if light else 230)
    draw = ImageDraw.Draw(picture)
    ink = 225 if light else 40
    draw.line(stroke, ink, 10, joint="curve")
    for x, y in dots:
        draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill=ink)
    return np.asarray(picture)


def _have_dots(picture: Array) -> bool:
    _, result = read_loaded(load_picture(picture))
    assert result is not None
    assert result.digits
    return bool(have_dots(result).any())


@pytest.mark.parametrize("light", [False, True])
@pytest.mark.parametrize(
    ("stroke", "dot"),
    [(BAR, (98, 180)), (BAR, (103, 22)), (HOOK, (95, 182))],
    ids=["!", "i", "?"],
)
def test_a_digit_with_a_dot_may_be_another_mark(
    stroke: list[tuple[int, int]], dot: tuple[int, int], light: bool
) -> None:
    assert not _have_dots(_mark(stroke, light=light))
    assert _have_dots(_mark(stroke, dot, light=light))


@pytest.mark.parametrize("stroke", [BAR, HOOK], ids=["!", "?"])
def test_it_is_unsure(stroke: list[tuple[int, int]]) -> None:
    alone, dotted = (tenfold.read(_mark(stroke, *dots)) for dots in ((), ((97, 181),)))
    assert alone.digits[0].confidence > 0.5
    assert dotted.verdict == "unsure"
    assert dotted.digits[0].confidence <= 0.5


@pytest.mark.parametrize(
    "dots",
    [
        [(125, 145)],  # a full stop
        [(98, 180), (140, 120), (60, 100)],  # specks
        [(150, 175)],  # far from the end of the stroke
        [(97, 213)],  # far below
    ],
    ids=["full stop", "specks", "far beside", "far below"],
)
def test_other_dots_do_not_count(dots: list[tuple[int, int]]) -> None:
    assert not _have_dots(_mark(BAR, *dots))
