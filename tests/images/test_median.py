"""The median filter against the median of each square."""

import numpy as np
import pytest

from tenfold.images.median import median_filter


@pytest.mark.parametrize("side", [1, 3, 7, 15])
@pytest.mark.parametrize("shape", [(12, 9, 3), (4, 20, 1), (1, 1, 2)])
def test_each_pixel_is_the_median_of_its_square(side: int, shape: tuple[int, int, int]) -> None:
    image = np.random.default_rng(side).integers(0, 256, shape, np.uint8)
    reach = side // 2
    wide = np.pad(image, ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    squares = np.lib.stride_tricks.sliding_window_view(wide, (side, side), axis=(0, 1))
    np.testing.assert_array_equal(median_filter(image, side), np.median(squares, axis=(-2, -1)))


def test_the_darkest_and_the_lightest_images_do_not_change() -> None:
    for level in (0, 255):
        image = np.full((5, 6, 3), level, np.uint8)
        np.testing.assert_array_equal(median_filter(image, 13), image)
