"""Connected pieces and holes against SciPy's."""

import numpy as np
import pytest
from scipy import ndimage

from tenfold.nn.array import Array
from tenfold.reading.connected import connected_pieces, without_holes


def _mask(seed: int) -> Array:
    """Return specks, or large pieces with holes, of a random share of the pixels."""
    rng = np.random.default_rng(seed)
    values = rng.random(rng.integers(1, 60, 2))
    values = ndimage.uniform_filter(values, 5) if seed % 2 else values
    return np.asarray(values > np.quantile(values, rng.random()))


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("diagonal", [True, False])
def test_the_pieces_and_their_boxes_equal_scipys(seed: int, diagonal: bool) -> None:
    mask = _mask(seed)
    expected, count = ndimage.label(mask, np.ones((3, 3)) if diagonal else None)
    slices = ndimage.find_objects(expected)
    labels, boxes = connected_pieces(mask, diagonal=diagonal)
    assert labels.dtype == np.int32
    np.testing.assert_array_equal(labels, expected)
    expected_boxes = [(y.start, x.start, y.stop, x.stop) for y, x in slices]
    np.testing.assert_array_equal(boxes, np.reshape(expected_boxes, (count, 4)))


def test_a_spiral_is_one_piece() -> None:
    spiral = np.zeros((41, 41), bool)
    for turn in range(0, 20, 2):  # squares within squares, each connected with the next one
        spiral[turn, turn : 41 - turn] = spiral[40 - turn, turn : 41 - turn] = True
        spiral[turn : 41 - turn, turn] = spiral[turn : 41 - turn, 40 - turn] = True
        spiral[turn + 1, turn + 2] = True
    assert connected_pieces(spiral, diagonal=False).boxes.tolist() == [[0, 0, 41, 41]]


def test_pieces_at_opposite_borders_do_not_touch() -> None:
    mask = np.array([[0, 0, 1], [1, 0, 0]], bool)
    assert connected_pieces(mask).boxes.tolist() == [[0, 2, 1, 3], [1, 0, 2, 1]]


def test_a_mask_without_ink_has_no_pieces() -> None:
    labels, boxes = connected_pieces(np.zeros((4, 5), bool))
    assert boxes.shape == (0, 4)
    assert not labels.any()


@pytest.mark.parametrize("seed", range(20))
def test_holes_equal_scipys(seed: int) -> None:
    mask = _mask(seed)
    np.testing.assert_array_equal(without_holes(mask), ndimage.binary_fill_holes(mask))
