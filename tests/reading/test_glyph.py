"""Glyphs: near MNIST's own images, whatever the size and the width of the strokes."""

import numpy as np
import pytest
from PIL import Image

from tenfold.data import load_mnist
from tenfold.nn.array import Array
from tenfold.reading.glyph import make_glyph


def _enlarged(index: int, size: int) -> Array:
    image = load_mnist("test").images[index, :, :, 0]
    big = Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(big, np.float32) / 255


@pytest.mark.parametrize("size", [40, 112, 300])
@pytest.mark.parametrize("index", range(5))
def test_an_enlarged_digit_comes_back(index: int, size: int) -> None:
    values = _enlarged(index, size)
    glyph = make_glyph(values, values > 0.5)
    original = load_mnist("test").images[index].astype(float)
    difference = np.abs(glyph.image.astype(float) - original).mean() / original.mean()
    shifted = [
        np.abs(np.roll(glyph.image.astype(float), s, (0, 1)) - original).mean() / original.mean()
        for s in [(1, 0), (0, 1), (-1, 0), (0, -1)]
    ]
    assert min(difference, *shifted) < 0.5


@pytest.mark.parametrize(("width", "low", "high"), [(1, 1.5, 3.2), (8, 1.5, 4.2), (60, 2.0, 7.0)])
def test_strokes_come_near_the_width_of_mnist(width: int, low: float, high: float) -> None:
    mask = np.zeros((200, 200), bool)
    mask[20:180, 100 : 100 + width] = True
    mask[20 : 20 + width, 60:150] = True
    image = make_glyph(mask.astype(np.float32), mask).image[..., 0]
    rows = image[12:20].astype(float).sum(axis=1) / 255
    assert low <= np.median(rows) <= high


def test_aspect_is_that_of_the_ink() -> None:
    mask = np.zeros((100, 100), bool)
    mask[10:90, 40:60] = True
    assert make_glyph(mask.astype(np.float32), mask).aspect == pytest.approx(20 / 80)
