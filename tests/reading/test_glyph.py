"""Glyphs: near MNIST's own images, whatever the size and the width of the strokes."""

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scipy import ndimage

from tenfold.data import load_mnist
from tenfold.images.normalization import bounding_box
from tenfold.nn.array import Array
from tenfold.reading.disk import disk_maximum
from tenfold.reading.glyph import (
    _grown,
    _inside,
    _near,
    _with_edges,
    make_glyph,
    stroke_width,
)


def _enlarged(index: int, size: int) -> Array:
    image = load_mnist("test").images[index, :, :, 0]
    big = Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(big, np.float32) / 255


def _difference(image: Array, original: Array) -> float:
    """Return the mean difference, as a share of the original's mean, moved by at most a pixel."""
    one, other = image.astype(float), original.astype(float)
    moves = [(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1)]
    return min(float(np.abs(np.roll(one, m, (0, 1)) - other).mean()) for m in moves) / other.mean()


@pytest.mark.parametrize("size", [40, 112, 300])
@pytest.mark.parametrize("index", range(5))
def test_an_enlarged_digit_comes_back(index: int, size: int) -> None:
    values = _enlarged(index, size)
    glyph = make_glyph(values, values > 0.5)
    assert _difference(glyph.image, load_mnist("test").images[index]) < 0.5


@pytest.mark.parametrize("index", range(4))
def test_a_digit_that_is_reduced_first_has_nearly_the_same_image(index: int) -> None:
    small, large = (_enlarged(index, size) for size in (270, 1080))  # 200 and 800 pixels high
    one, other = (make_glyph(values, values > 0.5) for values in (small, large))
    assert _difference(other.image, one.image) < 0.25
    assert other.stroke == pytest.approx(one.stroke, rel=0.07)
    assert other.aspect == pytest.approx(one.aspect, rel=0.02)


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


def test_grey_levels_of_soft_strokes_are_kept() -> None:
    places = np.arange(100, dtype=np.float32)
    sharp = np.clip(6.5 - np.abs(places - 50), 0, 1)
    soft = np.clip(1 - np.abs(places - 50) / 12, 0, 1)
    grey = [
        np.count_nonzero((image > 40) & (image < 215))
        for profile in (sharp, soft)
        for image in [
            make_glyph(np.tile(profile, (100, 1)), np.tile(profile > 0.5, (100, 1))).image
        ]
    ]
    assert grey[0] <= 20  # one column, where an edge is not between two pixels
    assert grey[1] >= 40


def test_soft_edges_do_not_make_a_digit_smaller() -> None:
    mask = np.zeros((120, 120), np.float32)
    mask[20:100, 50:62] = 1
    mask[88:100, 50:90] = 1
    soft = np.asarray(
        Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(4)),
        np.float32,
    )
    heights = [
        np.flatnonzero((make_glyph(values, values > 127).image > 127).any(axis=(1, 2)))
        for values in (mask * 255, soft)
    ]
    assert [rows[-1] - rows[0] + 1 for rows in heights] == [20, 20]


@pytest.mark.parametrize("stroke", [1.0, 4.0, 9.0, 20.0, 60.0])
def test_near_the_strokes_is_a_square_around_each_pixel_of_ink(stroke: float) -> None:
    mask = np.random.default_rng(0).random((30, 17)) < 0.01
    side = 2 * max(1, round(0.35 * stroke)) + 1
    expected = ndimage.maximum_filter(np.pad(mask, 6), side, mode="constant")
    np.testing.assert_array_equal(_near(mask, 6, stroke), expected)


def test_values_continue_beyond_the_border_as_those_of_numpy() -> None:
    values = np.random.default_rng(0).random((4, 7)).astype(np.float32)
    np.testing.assert_array_equal(_with_edges(values, 3), np.pad(values, 3, mode="edge"))


def test_values_inside_a_mask_are_those_of_numpy() -> None:
    values = np.random.default_rng(0).random((9, 14)).astype(np.float32)[1:, 3:]
    mask = values > 0.4
    np.testing.assert_array_equal(_inside(values, mask), values[mask])


@pytest.mark.parametrize("density", [0.0, 0.2, 0.9, 1.0])
def test_the_stroke_width_counts_the_sides_of_pixels_at_the_edge(density: float) -> None:
    mask = np.random.default_rng(0).random((6, 8)) < density
    around = np.pad(mask, 1)
    sides = sum(
        int(around[y, x] and not around[y + down, x + right])
        for y in range(1, 7)
        for x in range(1, 9)
        for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0))
    )
    assert stroke_width(mask) == pytest.approx(2 * mask.sum() / max(sides * np.pi / 4, 1))


@pytest.mark.parametrize("radius", [0.8, 1.4, 3.0])
@pytest.mark.parametrize("place", [(0, 0), (9, 11), (20, 14)])
def test_grown_ink_is_cut_out_as_if_all_of_it_were_grown(
    place: tuple[int, int], radius: float
) -> None:
    ink = np.random.default_rng(0).random((32, 26)).astype(np.float32) / 2
    ink[place[0] : place[0] + 12, place[1] : place[1] + 12] *= 2
    grown = disk_maximum(ink, radius)
    expected = grown[bounding_box(grown > 0.5)]
    np.testing.assert_array_equal(_grown(ink, bounding_box(ink > 0.5), radius), expected)


def test_ink_without_contrast_gives_a_blank_image() -> None:
    mask = np.ones((9, 7), bool)
    assert not make_glyph(np.zeros(mask.shape, np.float32), mask).image.any()
