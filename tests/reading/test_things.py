"""Things: a pen or a ring on the paper casts a shadow, and is no accepted digit."""

import numpy as np
import pytest
from scipy import ndimage

import tenfold
from tenfold.nn.array import Array

ROWS, COLUMNS = np.indices((400, 400))


def _pen(width: int = 20) -> Array:
    """Return a slanted bar (H, W) bool, 220 pixels high."""
    return (np.abs(COLUMNS - 220 + 0.2 * (ROWS - 200)) < width / 2) & (np.abs(ROWS - 200) < 110)


def _ring() -> Array:
    """Return an oval ring (H, W) bool, 200 pixels high and 140 pixels wide."""
    distance = np.hypot((ROWS - 200) / 100, (COLUMNS - 200) / 70)
    return (distance < 1) & (distance > 0.72)


def _photo(thing: Array, shadow: float, shift: tuple[int, int]) -> Array:
    """Return a photo (H, W) uint8 of a dark thing on paper, with its shadow beside it."""
    dark = ndimage.gaussian_filter(np.roll(thing, shift, (0, 1)).astype(np.float32), 5)
    page = 225 * (1 - shadow * dark)
    page = np.where(thing, 50, page) + np.random.default_rng(0).normal(0, 2, thing.shape)
    return ndimage.gaussian_filter(page, 0.8).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("shift", [(10, 10), (-8, 10), (0, -10)])
@pytest.mark.parametrize(("thing", "digit"), [(_pen(), "1"), (_ring(), "0")])
def test_a_thing_with_a_shadow_is_unsure(thing: Array, digit: str, shift: tuple[int, int]) -> None:
    for shadow, verdict in ((0.0, "digits"), (0.3, "unsure"), (0.5, "unsure")):
        reading = tenfold.read(_photo(thing, shadow, shift))
        assert reading.lines == [digit]
        assert reading.verdict == verdict
        assert ("may be an object with a shadow" in reading.digits[0].remarks) is (
            verdict == "unsure"
        )


def test_a_1_at_the_border_of_the_picture_is_no_thing() -> None:
    photo = _photo(_pen(), 0.0, (0, 0))[:, 190:]
    assert tenfold.read(photo).verdict == "digits"
