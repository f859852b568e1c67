"""Alike ink: nearly the same pixels in as many pieces."""

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading.alike import are_alike
from tenfold.reading.mask import Ink, find_pieces

MASK = np.zeros((100, 100), bool)
MASK[20:80, 20:40] = MASK[20:80, 60:80] = True


def _ink(mask: Array) -> Ink:
    return find_pieces(mask, 1 - mask.astype(np.float32), mask.astype(np.float32))


@pytest.mark.parametrize(("removed", "alike"), [(0, True), (1, True), (6, False)])
def test_ink_of_nearly_the_same_pixels_is_alike(removed: int, alike: bool) -> None:
    other = MASK.copy()
    other[80 - removed : 80] = False
    assert are_alike(_ink(MASK), _ink(other)) is alike
    assert are_alike(_ink(other), _ink(MASK)) is alike


def test_ink_in_more_pieces_is_not_alike() -> None:
    other = MASK.copy()
    other[50, 20:40] = False  # cuts one of the pieces in two
    assert not are_alike(_ink(MASK), _ink(other))
