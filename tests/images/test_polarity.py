"""Background and ink: which of the two is lighter, and images as light ink on black."""

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.images import background_level, has_light_background, to_light_on_black


def test_mnist_is_dark_and_its_negative_is_light(mnist: Dataset) -> None:
    assert not has_light_background(mnist.images).any()
    assert has_light_background(255 - mnist.images[:1000]).all()


def test_more_than_half_of_the_border_decides() -> None:
    image = np.full((1, 4, 5, 1), 255, np.uint8)  # 14 pixels of border
    image[0, 1:3, 1:4] = 0  # the inside plays no part
    image[0, 0], image[0, 1:3, 0] = 127, 0
    assert not has_light_background(image)[0]  # 7 of 14 are light: 127 is not
    image[0, 0, 0] = 128
    assert has_light_background(image)[0]


@pytest.mark.parametrize(
    ("background", "ink", "light"),
    [(0, 16, False), (100, 10, True), (16, 0, True), (140, 255, False), (200, 255, False)],
)
def test_background_is_compared_with_the_ink(
    background: int, ink: int, light: bool, mnist: Dataset
) -> None:
    images = np.rint(background + mnist.images[:50] * ((ink - background) / 255)).astype(np.uint8)
    assert (background_level(images) == background).all()
    assert (has_light_background(images) == light).all()
    difference = np.abs(to_light_on_black(images).astype(int) - mnist.images[:50])
    assert difference.max() <= 255 / abs(ink - background)


@pytest.mark.parametrize(("shade", "light"), [(0, False), (127, False), (128, True), (255, True)])
def test_blank_image_is_light_above_127(shade: int, light: bool) -> None:
    image = np.full((1, 28, 28, 1), shade, np.uint8)
    assert has_light_background(image)[0] == light
    assert not to_light_on_black(image).any()


def test_background_is_the_lower_median_of_the_border() -> None:
    images = np.full((1, 3, 4, 2), 99, np.uint8)
    images[0, :, :, 0] = [[1, 2, 3, 4], [5, 99, 99, 6], [7, 8, 9, 10]]
    images[0, :, :, 1] = images[0, :, :, 0]
    assert background_level(images).tolist() == [5]
    assert background_level(np.zeros((0, 28, 28, 1), np.uint8)).shape == (0,)


def test_to_ink_does_not_change_mnist(mnist: Dataset) -> None:
    images = mnist.images[:1000]
    assert (to_light_on_black(images) == images).all()
    assert (to_light_on_black(255 - images) == images).all()
