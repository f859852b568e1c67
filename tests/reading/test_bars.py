"""Bars at the border of a picture are no certain 1s."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

import tenfold
from tenfold.nn.array import Array
from tenfold.reading.bars import is_border_bar
from tenfold.reading.candidates import whole_candidate
from tenfold.reading.doubtful import look_like_others
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.lattice import Arc
from tenfold.reading.mask import find_pieces
from tenfold.reading.result import Found, Result


def _reading(mask: Array, digit: int = 1, angle: float = 0.0) -> Result:
    """Return a reading of all ink (H, W) bool as one digit."""
    values = mask.astype(np.float32)
    ink = find_pieces(mask, 1 - values, values)
    found = Found(whole_candidate(ink, [0]), Arc(0, digit, 0.99), 0)
    return Result([found], Hypothesis(ink, False, True), ink, angle, 1.0)


def _mask(top: int, left: int, bottom: int, right: int, width: int = 300) -> Array:
    mask = np.zeros((240, width), bool)
    mask[top:bottom, left:right] = True
    return mask


@pytest.mark.parametrize(("left", "right"), [(0, 25), (275, 300)])
def test_a_1_whose_long_side_lies_on_the_border_may_be_a_bar(left: int, right: int) -> None:
    bar = _mask(40, left, 200, right)
    assert look_like_others(_reading(bar)).all()
    assert not look_like_others(_reading(bar, digit=7)).any()
    assert not look_like_others(_reading(bar, angle=10.0)).any()


@pytest.mark.parametrize(
    "mask",
    [
        _mask(40, 30, 200, 55),
        _mask(0, 0, 200, 25),
        _mask(40, 0, 200, 25, width=100),
    ],
    ids=["inside", "cut off above", "close crop"],
)
def test_other_ones_are_no_bars(mask: Array) -> None:
    assert not look_like_others(_reading(mask)).any()


def test_a_slanted_1_that_only_touches_the_border_is_no_bar() -> None:
    rows, columns = np.indices((240, 300))
    slanted = (np.abs(columns - 40 + (rows - 40) * 0.25) < 12) & (rows >= 40) & (rows < 200)
    ink = _reading(slanted).ink
    assert not is_border_bar(ink, whole_candidate(ink, [0]))


def test_light_at_the_border_of_empty_paper_is_unsure() -> None:
    y, x = np.mgrid[:300, :340]
    lit = np.exp(-((x / 26) ** 2) - ((y - 160) / 95) ** 4)
    grain = np.random.default_rng(0).normal(0, 2, lit.shape)
    reading = tenfold.read(np.clip(120 + 40 * lit + grain, 0, 255).astype(np.uint8))
    assert reading.verdict != "digits"


def test_light_at_the_border_does_not_replace_a_dark_digit() -> None:
    y, x = np.mgrid[:300, :340]
    lit = np.exp(-((x / 26) ** 2) - ((y - 160) / 95) ** 4)
    picture = Image.fromarray(np.clip(120 + 60 * lit, 0, 255).astype(np.uint8))
    ImageDraw.Draw(picture).line([(205, 110), (240, 108), (222, 165)], 60, 4)
    reading = tenfold.read(np.asarray(picture))
    assert (reading.lines, reading.verdict) == (["7"], "digits")
