"""The margin of small pictures."""

import numpy as np
import pytest

import tenfold


@pytest.mark.parametrize("shape", [(1, 159), (159, 1), (1, 1), (1, 40), (2, 159)])
@pytest.mark.parametrize("level", [0, 255])
def test_a_picture_of_one_row_or_column_has_no_digits(shape: tuple[int, int], level: int) -> None:
    assert tenfold.read(np.full(shape, level, np.uint8)).verdict == "none"
