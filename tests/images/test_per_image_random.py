"""Lanes: an image's random numbers are its own."""

import numpy as np

from tenfold.images.per_image_random import Lanes, change_images
from tenfold.nn import stream
from tenfold.nn.array import Array


def test_each_image_draws_from_its_own_stream() -> None:
    drawn = Lanes(7, "test", 3, first=10).draw(lambda rng: rng.random(4))
    expected = [stream(7, "test", lane=lane).random(4) for lane in (10, 11, 12)]
    np.testing.assert_array_equal(drawn, expected)


def test_signs_are_both_and_nothing_else() -> None:
    signs = Lanes(0, "test", 400).signs(2)
    assert signs.shape == (400, 2)
    assert set(signs.ravel().tolist()) == {-1, 1}
    assert abs(signs.mean()) < 0.15
    assert 120 < (signs[:, 0] == signs[:, 1]).sum() < 280  # one knows nothing of the other


def test_ink_is_cut_off_and_rounded() -> None:
    images = np.array([0, 100, 255], np.uint8).reshape(1, 1, 3, 1)

    def brighter(ink: Array, lanes: Lanes) -> Array:
        assert ink.dtype == np.float32
        return 2 * ink - 10.4 / 255

    assert change_images(images, brighter, "test").ravel().tolist() == [0, 190, 255]
