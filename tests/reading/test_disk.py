"""The maximum within a disk against SciPy's dilation and distance transform."""

import numpy as np
import pytest
from scipy import ndimage

from tenfold.reading.disk import disk_maximum

RADII = (0.0, 0.8, 1.0, 1.3, 2.0, 2.5, 3.5, 5.0, 9.9)


@pytest.mark.parametrize("radius", RADII)
def test_grey_levels_equal_the_dilation_by_a_disk(radius: float) -> None:
    values = np.random.default_rng(0).random((17, 24), np.float32)
    y, x = np.mgrid[-10:11, -10:11]
    found = disk_maximum(values, radius)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(
        found, ndimage.grey_dilation(values, footprint=y**2 + x**2 <= radius**2, mode="nearest")
    )


@pytest.mark.parametrize("radius", RADII)
def test_a_mask_without_its_edge_is_what_is_further_from_the_background(radius: float) -> None:
    mask = ndimage.uniform_filter(np.random.default_rng(1).random((40, 30)), 9) > 0.48
    assert mask.any()
    assert not mask.all()
    thinner = ~disk_maximum(~mask, radius)
    np.testing.assert_array_equal(thinner, ndimage.distance_transform_edt(mask) > radius)


def test_a_disk_larger_than_the_array_covers_it() -> None:
    values = np.array([[3, 1, 2], [0, 5, 4]])
    np.testing.assert_array_equal(disk_maximum(values, 8.0), np.full((2, 3), 5))
    assert values[0, 0] == 3
