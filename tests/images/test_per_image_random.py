"""Random numbers for each image."""

import numpy as np

from tenfold.images.per_image_random import PerImageRandom, change_images
from tenfold.nn import stream
from tenfold.nn.array import Array


def test_each_image_draws_from_its_own_stream() -> None:
    drawn = PerImageRandom(7, "test", 3, first=10).sample(lambda rng: rng.random(4))
    expected = [stream(7, "test", index=index).random(4) for index in (10, 11, 12)]
    np.testing.assert_array_equal(drawn, expected)


def test_signs_are_balanced_and_independent() -> None:
    signs = PerImageRandom(0, "test", 400).signs(2)
    assert signs.shape == (400, 2)
    assert set(signs.ravel().tolist()) == {-1, 1}
    assert abs(signs.mean()) < 0.15
    assert 120 < (signs[:, 0] == signs[:, 1]).sum() < 280  # they are independent


def test_ink_is_clipped_and_rounded() -> None:
    images = np.array([0, 100, 255], np.uint8).reshape(1, 1, 3, 1)

    def brighter(ink: Array, random: PerImageRandom) -> Array:
        assert ink.dtype == np.float32
        return 2 * ink - 10.4 / 255

    assert change_images(images, brighter, "test").ravel().tolist() == [0, 190, 255]
