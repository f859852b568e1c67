"""Views of a glyph: turned both ways, narrower and flatter, and still in the middle."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.views import VIEWS, views


def _bar() -> Array:
    image = np.zeros((1, 28, 28, 1), np.uint8)
    image[0, 4:24, 10:18] = 255
    return image


def _moments(image: Array) -> tuple[Array, Array]:
    """Return the centre (y, x) and the covariance of the ink."""
    ink = image[..., 0] / 255
    places = np.indices(ink.shape).reshape(2, -1) + 0.5
    return np.average(places, axis=1, weights=ink.ravel()), np.cov(places, aweights=ink.ravel())


def test_every_view_has_its_ink_in_the_middle() -> None:
    shown = views(_bar())
    assert shown.shape == (1, len(VIEWS), 28, 28, 1)
    assert shown.dtype == np.uint8
    for view in shown[0]:
        np.testing.assert_allclose(_moments(view)[0], (14, 14), atol=0.1)


def test_views_are_turned_both_ways_narrower_and_flatter() -> None:
    left, right, narrow, flat = (_moments(view)[1] for view in views(_bar())[0])
    before = _moments(_bar()[0])[1]
    assert left[0, 1] * right[0, 1] < 0
    np.testing.assert_allclose(np.degrees(np.arctan2(*np.abs(left[:, 0][::-1]))), 6.5, atol=1)
    assert narrow[1, 1] < 0.85 * before[1, 1]
    np.testing.assert_allclose(narrow[0, 0], before[0, 0], rtol=0.02)
    assert flat[0, 0] < 0.85 * before[0, 0]
    np.testing.assert_allclose(flat[1, 1], before[1, 1], rtol=0.02)


def test_each_image_has_its_own_views() -> None:
    two = np.concatenate([_bar(), _bar().transpose(0, 2, 1, 3)])
    shown = views(two)
    np.testing.assert_array_equal(shown[0], views(two[:1])[0])
    np.testing.assert_array_equal(shown[1], views(two[1:])[0])
    assert views(two[:0]).shape == (0, len(VIEWS), 28, 28, 1)
