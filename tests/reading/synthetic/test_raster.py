"""Discs and lines: areas by hand, and slow loops as oracles."""

import numpy as np

from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.reading.synthetic.raster import (
    neighbour_extreme,
    outlines,
    segment_cover,
    union_of_discs,
)

ONE = np.ones(1)


def discs(*circles: tuple[float, float, float], size: int = 24) -> Array:
    data = np.array(circles, np.float32)
    return union_of_discs(data[None, :, :2], data[None, :, 2], ONE, size)[0]


def test_the_sum_of_a_disc_is_its_area() -> None:
    for radius in (2.0, 4.0, 7.5):
        area = np.pi * radius**2
        assert abs(discs((12.3, 11.8, radius)).sum() - area) < 0.03 * area


def test_a_union_is_not_a_sum() -> None:
    one = discs((12, 12, 4))
    np.testing.assert_array_equal(discs((12, 12, 4), (12, 12, 4)), one)
    two = discs((8, 12, 4), (16.5, 12, 4))
    assert two.max() == 1
    assert abs(two.sum() - 2 * one.sum()) < 1


def test_discs_without_radius_are_left_out() -> None:
    np.testing.assert_array_equal(discs((12, 12, 4), (3, 3, 0)), discs((12, 12, 4)))
    assert not discs((12, 12, 0)).any()


def test_x_is_the_column_and_y_is_the_row() -> None:
    ink = discs((4.5, 9.5, 0.6), size=16)
    assert divmod(int(ink.argmax()), 16) == (9, 4)


def test_a_larger_softness_widens_the_edge_and_keeps_the_level_of_the_contour() -> None:
    points, radii = np.full((2, 1, 2), 12, np.float32), np.full((2, 1), 6, np.float32)
    sharp, soft = union_of_discs(points, radii, np.array([0.8, 3.0]), 24)
    assert ((soft > 0) & (soft < 1)).sum() > ((sharp > 0) & (sharp < 1)).sum()
    np.testing.assert_array_equal(sharp > 0.5, soft > 0.5)


def test_many_images_at_once_equal_single_ones() -> None:
    rng = stream(0, "test")
    points = rng.uniform(0, 20, (40, 30, 2)).astype(np.float32)
    radii = rng.uniform(-1, 3, (40, 30)).astype(np.float32)
    together = union_of_discs(points, radii, np.ones(40), 20)
    for row in range(40):
        alone = union_of_discs(points[[row]], radii[[row]], ONE, 20)[0]
        np.testing.assert_array_equal(together[row], alone)


def test_a_segment_equals_a_loop_over_pixels() -> None:
    start, end, radius = np.array([3.0, 4.0]), np.array([15.0, 9.0]), 1.7
    cover = segment_cover(start[None], end[None], np.array([radius]), 18)[0]
    step = end - start
    for row in range(18):
        for column in range(18):
            place = np.array([column + 0.5, row + 0.5])
            along = np.clip((place - start) @ step / (step @ step), 0, 1)
            distance = np.linalg.norm(place - start - along * step)
            assert abs(cover[row, column] - np.clip(0.5 + radius - distance, 0, 1)) < 1e-5


def test_an_outline_is_ink_on_the_edge_and_hollow_within() -> None:
    disc = np.repeat(discs((12, 12, 8))[None], 20, axis=0)
    lines = outlines(disc, stream(0, "test"))
    assert lines.dtype == np.float32
    assert (lines[:, 9:15, 9:15] == 0).all()
    assert (lines[:, 12, 2:7].max(axis=1) > 0.9).all()
    widths = (lines[:, 12, :12] > 0.3).sum(axis=1)
    assert 2 <= widths.min() < widths.max() <= 4


def test_ink_at_one_edge_does_not_appear_at_the_other() -> None:
    ink = np.zeros((1, 6, 6), np.float32)
    ink[0, 5, 2] = ink[0, 3, 0] = 1
    near = neighbour_extreme(ink, np.maximum)[0]
    assert set(zip(*np.nonzero(near), strict=True)) == {
        (5, 1), (5, 2), (5, 3), (4, 2), (2, 0), (3, 0), (4, 0), (3, 1)
    }  # fmt: skip
