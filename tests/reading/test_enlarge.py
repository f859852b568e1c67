"""Bicubic enlargement against Pillow's."""

import numpy as np
import pytest
from PIL import Image

from tenfold.reading.enlarge import enlarge


@pytest.mark.parametrize("source", [(1, 1), (1, 7), (13, 9), (30, 41)])
@pytest.mark.parametrize("target", [(41, 41), (84, 62)])
def test_enlarged_values_equal_those_of_pillow(
    source: tuple[int, int], target: tuple[int, int]
) -> None:
    values = np.random.default_rng(0).random(source).astype(np.float32)
    picture = Image.fromarray(values).resize(target[::-1], Image.Resampling.BICUBIC)
    found = enlarge(values, target)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.asarray(picture), atol=1e-6)
