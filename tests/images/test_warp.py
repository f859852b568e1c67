"""Affine transformations, compared with SciPy's, and worked examples."""

import numpy as np
import pytest
from scipy.ndimage import affine_transform

from tenfold.data import Dataset
from tenfold.images.warp import rotation, warp


def test_warp_equals_scipys_affine_transform(digits: Dataset) -> None:
    images = digits.images[:4].astype(np.float32)
    rng = np.random.default_rng(0)
    inverse = np.eye(2) + rng.uniform(-0.4, 0.4, (4, 2, 2))
    shift = rng.uniform(-3, 3, (4, 2))
    found = warp(images, inverse, shift)
    for image, matrix, moved, ours in zip(images, inverse, shift, found, strict=True):
        offset = 13.5 - matrix @ (13.5 + moved)
        theirs = affine_transform(image[..., 0], matrix, offset, order=1)
        # Beyond the centres of the outermost pixels SciPy is 0; here it falls to 0 within a pixel.
        np.testing.assert_allclose(ours[2:-2, 2:-2, 0], theirs[2:-2, 2:-2], atol=0.05)


def test_a_quarter_turn_is_counterclockwise(digits: Dataset) -> None:
    turned = warp(digits.images[:3], rotation(np.full(3, np.pi / 2)))
    expected = np.rot90(digits.images[:3], axes=(1, 2))
    np.testing.assert_allclose(turned, expected, atol=0.01)


def test_a_shift_goes_down_and_to_the_right() -> None:
    spot = np.zeros((2, 5, 7, 1), np.uint8)
    spot[:, 1, 2] = 200
    moved = warp(spot, np.eye(2), np.array([[2, 3], [-1, 0]]))
    assert moved[0, 3, 5, 0] == moved[1, 0, 2, 0] == pytest.approx(200)
    assert moved.sum() == pytest.approx(400, abs=0.01)
