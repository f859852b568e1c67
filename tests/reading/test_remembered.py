"""A recogniser that remembers images."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.remembered import remembered


def _images(*levels: int) -> Array:
    return np.array(levels, np.uint8)[:, np.newaxis, np.newaxis, np.newaxis] * np.ones(
        (1, 28, 28, 1), np.uint8
    )


def test_each_different_image_is_recognised_once_and_the_rows_keep_their_order() -> None:
    asked: list[list[int]] = []

    def recognise(images: Array) -> Array:
        levels = images[:, 0, 0, 0]
        asked.append(levels.tolist())
        return levels[:, np.newaxis] / np.arange(1, 12)

    remember = remembered(recognise)
    first = remember(_images(5, 3, 5))
    np.testing.assert_array_equal(first[:, 0], [5, 3, 5])
    np.testing.assert_array_equal(
        remember(_images(7, 3, 5, 7)),
        np.array([[level / k for k in range(1, 12)] for level in (7, 3, 5, 7)]),
    )
    np.testing.assert_array_equal(remember(_images(3)), first[1:2])
    assert asked == [[5, 3], [7]]


def test_no_images_give_no_rows() -> None:
    assert remembered(lambda images: np.zeros((len(images), 11)))(_images()).shape == (0, 11)
