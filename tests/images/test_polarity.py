"""Polarity: whether the background is light."""

import numpy as np

from tenfold.data import Dataset
from tenfold.images import has_light_background


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
