"""Features of the confidence: what they say about pictures with known digits."""

import numpy as np
import pytest

from tenfold.data import load_mnist
from tenfold.nn.array import Array
from tenfold.reading.confidence import FEATURES, digit_features
from tenfold.reading.picture import load_picture
from tenfold.reading.working import bundled_recogniser, read_working


def _picture(*strengths: float) -> Array:
    """Return test digits (7, 2, 1, 0) side by side, each with a contrast to the paper."""
    images = load_mnist("test").images
    grey = np.full((110, 84 * len(strengths)), 230.0)
    for place, strength in enumerate(strengths):
        mask = images[place, :, :, 0].repeat(3, axis=0).repeat(3, axis=1) / 255
        grey[13:97, 84 * place : 84 * (place + 1)] *= 1 - strength * mask
    return grey.astype(np.uint8)


@pytest.mark.parametrize("strengths", [(0.8,), (0.8, 0.8), (0.9, 0.65), (0.3, 0.9, 0.6)])
def test_digits_are_compared_with_the_strongest_one(strengths: tuple[float, ...]) -> None:
    _, result = read_working(load_picture(_picture(*strengths)), bundled_recogniser())
    assert result is not None
    fainter = digit_features(result)[:, FEATURES.index("fainter than others")]
    expected = np.log(max(strengths) / np.array(strengths))
    np.testing.assert_allclose(fainter, expected, atol=0.1)


def test_a_1_is_judged_by_its_width_per_height() -> None:
    _, result = read_working(load_picture(_picture(0.8, 0.8, 0.8)), bundled_recogniser())
    assert result is not None
    assert [found.arc.digit for found in result.digits] == [7, 2, 1]
    top, left, bottom, right = result.digits[2].candidate.box
    feature = digit_features(result)[:, FEATURES.index("is a 1, log of width per height")]
    np.testing.assert_allclose(feature, [0, 0, np.log((right - left) / (bottom - top))], atol=1e-9)
