"""Blank images."""

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.images import is_blank
from tenfold.nn.array import Array


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.bool_])
def test_an_image_of_one_value_is_blank(dtype: type) -> None:
    images: Array = np.zeros((4, 3, 2, 1), dtype)
    images[1] = 1
    images[2, 0, 0] = 1
    images[3] = 1
    images[3, 2, 1] = 0
    assert is_blank(images).tolist() == [True, True, False, False]


def test_an_image_of_one_colour_is_not_blank() -> None:
    colour = np.broadcast_to(np.array([255, 0, 0], np.uint8), (1, 5, 5, 3))
    assert is_blank(colour).tolist() == [False]


def test_no_images_give_an_empty_result() -> None:
    assert is_blank(np.zeros((0, 28, 28, 1), np.uint8)).shape == (0,)


def test_no_image_of_mnist_is_blank(mnist: Dataset) -> None:
    assert not is_blank(mnist.images).any()
