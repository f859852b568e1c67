"""Deskew against numbers worked by hand, against loops, and on digits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tenfold.data import load_mnist
from tenfold.images import Augment
from tenfold.nn import Deskew, check_layer

IMAGES = arrays.arrays(np.uint8, st.tuples(st.just(2), *[st.integers(1, 9)] * 2, st.integers(1, 2)))


def upright(images: np.ndarray, dtype: type = np.float64) -> np.ndarray:
    layer = Deskew()
    layer.initialize(np.random.default_rng(0), dtype)
    return layer.forward(images)


def by_loops(image: np.ndarray) -> np.ndarray:
    """Return the result of the formula in the docstring, one pixel at a time."""
    height, width = image.shape
    places = [(p, q) for p in range(height) for q in range(width)]
    total = sum(float(image[place]) for place in places)
    if total == 0:
        return np.zeros(image.shape)
    p0, q0 = (sum(float(image[place]) * place[axis] for place in places) / total for axis in (0, 1))
    along = sum(float(image[p, q]) * (p - p0) * (q - q0) for p, q in places)
    down = sum(float(image[p, q]) * (p - p0) ** 2 for p, q in places)
    slope = min(1.0, max(-1.0, along / down)) if down else 0.0
    out = np.zeros(image.shape)
    for p, q in places:
        where = q + slope * (p - p0)
        left = math.floor(where)
        for column, share in ((left, left + 1 - where), (left + 1, where - left)):
            if 0 <= column < width:
                out[p, q] += share * float(image[p, column])
    return out


def slopes(images: np.ndarray) -> np.ndarray:
    """Return S_pq / S_pp of each image."""
    ink = images[..., 0].astype(float)
    total = ink.sum(axis=(1, 2))
    p, q = np.mgrid[:28, :28]
    p0, q0 = ((ink * axis).sum(axis=(1, 2)) / total for axis in (p, q))
    down, across = p - p0[:, None, None], q - q0[:, None, None]
    lean: np.ndarray = (ink * down * across).sum(axis=(1, 2)) / (ink * down**2).sum(axis=(1, 2))
    return lean


def test_diagonal_becomes_a_column() -> None:
    images = np.array([np.eye(3), np.eye(3)[::-1]])[..., None] * 200
    column = np.zeros((3, 3))
    column[:, 1] = 200
    np.testing.assert_array_equal(upright(images)[..., 0], [column, column])


def test_half_a_column_is_split_between_two() -> None:
    image = np.array([[6, 0, 0, 0], [0, 0, 0, 0], [0, 6, 0, 0]])[None, ..., None]  # a = 1/2
    moved = upright(image)[0, ..., 0]
    np.testing.assert_array_equal(moved, [[3, 3, 0, 0], [0, 0, 0, 0], [3, 3, 0, 0]])


def test_blank_images_and_horizontal_strokes_are_unchanged() -> None:
    images = np.zeros((2, 5, 6, 1), np.uint8)
    images[1, 3, 1:5] = 255
    np.testing.assert_array_equal(upright(images), images)


@given(IMAGES)
def test_agrees_with_plain_loops(images: np.ndarray) -> None:
    gray = images[..., :1]
    wanted = [by_loops(image[..., 0]) for image in gray]
    np.testing.assert_allclose(upright(gray)[..., 0], wanted, atol=1e-9)
    assert upright(images).shape == images.shape


def test_slanted_digits_become_upright() -> None:
    images = load_mnist("train").images[:500]
    assert np.abs(slopes(images)).mean() > 0.2  # the mean slant is about twelve degrees
    assert np.abs(slopes(upright(images, np.float32))).mean() < 0.02


def test_sheared_digit_gives_nearly_the_same_result() -> None:
    images = load_mnist("train").images[:200]
    slanted = Augment(shear=15)(images, np.random.default_rng(0))
    before = np.abs(slanted - images).mean()
    after = np.abs(upright(slanted, np.float32) - upright(images, np.float32)).mean()
    assert after < before / 3


@pytest.mark.parametrize("channels", [1, 3])
def test_gradient_includes_the_slope(channels: int) -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 255, (4, 7, 6, channels)) * (rng.random((4, 7, 6, channels)) < 0.6)
    layer = Deskew()
    layer.initialize(rng, np.float64)
    assert all(check.error < 1e-6 for check in check_layer(layer, x + 1e-3))


def test_input_that_is_not_an_image_raises() -> None:
    with pytest.raises(ValueError, match=r"an image of shape \(H, W, C\), got \(784,\)"):
        Deskew().output_shape((784,))
