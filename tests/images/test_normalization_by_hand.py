"""MNIST's normalisation: examples worked out by hand, and naive loops as the oracle."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tenfold.images.normalization import area_matrix, normalize
from tenfold.nn.array import Array

from .extent import extent


class TestAreaMatrix:
    def test_shrinking_by_hand(self) -> None:
        expected = np.array([[2, 1, 0], [0, 1, 2]]) / 3
        np.testing.assert_allclose(area_matrix(3, 2), expected, atol=1e-15)

    def test_enlarging_by_hand(self) -> None:
        expected = np.array([[2, 0], [1, 1], [0, 2]]) / 2
        np.testing.assert_allclose(area_matrix(2, 3), expected, atol=1e-15)

    @given(st.integers(1, 40), st.integers(1, 24))
    def test_equals_a_naive_loop(self, source: int, target: int) -> None:
        naive = np.zeros((target, source))
        for cell in range(target):
            start, end = cell * source / target, (cell + 1) * source / target
            for pixel in range(source):
                overlap = min(end, pixel + 1) - max(start, pixel)
                naive[cell, pixel] = max(overlap, 0) / (end - start)
        np.testing.assert_allclose(area_matrix(source, target), naive, atol=1e-12)

    @given(st.integers(1, 40), st.integers(2, 6))
    def test_repeating_pixels_changes_nothing(self, source: int, factor: int) -> None:
        """The original program doubled the pixels of squares below 20 x 20; R need not."""
        pixels = np.sqrt(np.arange(source))
        large = area_matrix(source * factor, 20) @ np.repeat(pixels, factor)
        np.testing.assert_allclose(large, area_matrix(source, 20) @ pixels, atol=1e-12)

    @given(st.integers(1, 300), st.integers(1, 40))
    def test_rows_sum_to_one_and_columns_are_equal(self, source: int, target: int) -> None:
        matrix = area_matrix(source, target)
        np.testing.assert_allclose(matrix.sum(axis=1), 1, atol=1e-12)
        np.testing.assert_allclose(matrix.sum(axis=0), target / source, atol=1e-12)


def naive_normalize(ink: Array) -> Array:
    """Follow the steps of the original program, one source pixel after another."""
    rows, columns = np.nonzero(ink)
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    side = max(height, width, 10)
    top = int(rows.min()) - (side - height) // 2
    left = int(columns.min()) - (side - width) // 2
    box, cell = np.zeros((20, 20)), side / 20
    for row, column in np.argwhere(ink).tolist():
        for i in range(20):
            down = min((i + 1) * cell, row - top + 1) - max(i * cell, row - top)
            if down <= 0:
                continue
            for j in range(20):
                across = min((j + 1) * cell, column - left + 1) - max(j * cell, column - left)
                box[i, j] += float(ink[row, column]) * down * max(across, 0) / cell**2
    small = np.floor(255 * box / box.max() + 0.5)
    y, x = (small.sum(axis=axis) @ (np.arange(20) + 0.5) / small.sum() for axis in (1, 0))
    image = np.zeros((48, 48))
    top, left = (10 + max(-10, min(18, math.trunc(15 - centre))) for centre in (y, x))
    image[top : top + 20, left : left + 20] = small
    return image[10:38, 10:38, np.newaxis]


@settings(max_examples=25)
@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=14)))
def test_normalize_equals_a_naive_loop_over_pixels(ink: Array) -> None:
    if ink.any():
        difference = normalize(ink) - naive_normalize(ink)
        assert np.abs(difference).max() <= 1  # a grey level of exactly one half may go either way


class TestByHand:
    def test_a_single_pixel_is_a_tenth_of_the_box(self) -> None:
        # In a square of 10 it lies at (4, 4), so in the box at 8 to 9; its centre of mass is 9, the
        # offset int(15 - 9) = 6.
        image = normalize(np.array([[7.0]]))
        assert extent(image) == (14, 15, 14, 15)
        assert image.sum() == 4 * 255

    def test_a_square_fills_the_box(self) -> None:
        image = normalize(np.ones((50, 50)))
        assert extent(image) == (5, 24, 5, 24)  # int(15 - 10) = 5
        assert image.sum() == 400 * 255

    def test_a_rectangle_keeps_its_proportions(self) -> None:
        # The square has a side of 40, the columns begin at int((40 - 20) / 2) = 10.
        assert extent(normalize(np.ones((40, 20)))) == (5, 24, 10, 19)
        assert extent(normalize(np.ones((20, 40)))) == (10, 19, 5, 24)

    def test_an_odd_rest_goes_to_the_end(self) -> None:
        # 20 x 17: int(3 / 2) = 1 column before, 2 after; the centre is 1 + 8.5, the offset 5.
        assert extent(normalize(np.ones((20, 17)))) == (5, 24, 6, 22)

    def test_grey_levels_are_scaled_to_the_peak_and_rounded_half_up(self) -> None:
        ink = np.full((20, 20), 2.0)
        ink[0, :3] = 1, 0.5, 0  # 127.5, 63.75 and 0
        assert normalize(ink)[4, 4:7, 0].tolist() == [128, 64, 0]  # the centre is beyond 10

    def test_the_centre_of_mass_is_that_of_the_rounded_grey_levels(self) -> None:
        # In real numbers the faint row would move the centre from 10.5 to below 10.0.
        ink = np.zeros((20, 20))
        ink[10], ink[19, 0], ink[0] = 1, 0.01, 0.0019  # 255, 3, and 0.48, which becomes 0
        real = (ink.sum(axis=1) @ (np.arange(20) + 0.5)) / ink.sum()
        assert int(15 - real) == 4
        assert extent(normalize(ink))[0] == 14  # row 10 at offset 4; the faint row is gone

    @pytest.mark.parametrize(
        ("middle", "first"),
        [(4, 10), (14, 0), (15, 0), (16, -1)],  # int(15 - middle - 0.5), truncated towards 0
    )
    def test_offsets_are_truncated_towards_zero(self, middle: int, first: int) -> None:
        ink = np.zeros((20, 20))
        ink[middle], ink[0, 0], ink[19, 19] = 255, 1e-6, 1e-6
        assert extent(normalize(ink))[0] == middle + first

    def test_ink_outside_the_image_is_cut_off(self) -> None:
        ink = np.zeros((20, 20))
        ink[0], ink[19, 9:11] = 1, 0.1  # the centre is (0.7, 10), the offset (14, 5)
        image = normalize(ink)
        assert extent(image) == (14, 14, 5, 24)
        assert image.sum() == 20 * 255
