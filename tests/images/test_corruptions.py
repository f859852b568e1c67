"""Properties of all corruptions: shapes, seeds, and independence of the batch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.data import Dataset
from tenfold.images import CORRUPTIONS, Corruption
from tenfold.nn.array import Array

FIXED = {"scale", "brightness", "stripe", "canny_edges"}  # nothing in them is random
# Mean change of a pixel, in grey levels: strokes and mud change few pixels, brightness all.
AMOUNT = {"spatter": 9, "dotted_line": 6, "zigzag": 12, "shot_noise": 11, "glass_blur": 19}
AMOUNT |= {"impulse_noise": 22, "motion_blur": 25, "shear": 28, "rotate": 28, "scale": 28}
AMOUNT |= {"translate": 46, "canny_edges": 41, "fog": 95, "brightness": 116, "stripe": 126}


@pytest.fixture(scope="module")
def images(digits: Dataset) -> Array:
    """More images than one block has."""
    return digits.images[:300]


every_corruption = pytest.mark.parametrize("one", CORRUPTIONS.values(), ids=list(CORRUPTIONS))


def test_the_corruptions_are_the_fifteen_of_the_paper() -> None:
    assert list(CORRUPTIONS) == [
        *("shot_noise", "impulse_noise", "glass_blur", "motion_blur", "shear", "scale", "rotate"),
        *("brightness", "translate", "stripe", "fog", "spatter", "dotted_line", "zigzag"),
        "canny_edges",
    ]
    assert all(one.name == name for name, one in CORRUPTIONS.items())


@every_corruption
def test_the_mean_change_is_as_expected(one: Corruption, images: Array) -> None:
    before = images.copy()
    after = one(images)
    assert after.shape == images.shape
    assert after.dtype == np.uint8
    np.testing.assert_array_equal(images, before)
    change = np.abs(after.astype(int) - images).mean()
    assert change == pytest.approx(AMOUNT[one.name], rel=0.12)


@every_corruption
def test_the_result_does_not_depend_on_the_batch(one: Corruption, images: Array) -> None:
    whole = one(images, seed=3)
    np.testing.assert_array_equal(one(images, seed=3), whole)
    for place in (0, 17, 256, 299):
        alone = one(images[place : place + 1], seed=3, first=place)
        np.testing.assert_array_equal(alone[0], whole[place])
    others = images[:4][::-1].copy()
    others[0] = images[0]
    np.testing.assert_array_equal(one(others, seed=3)[0], whole[0])


@every_corruption
def test_the_result_depends_on_seed_and_position(one: Corruption, images: Array) -> None:
    twins = np.repeat(images[:1], 12, axis=0)  # enough for both signs to occur
    found, other = one(twins), one(twins, seed=1)
    alike = all(np.array_equal(image, found[0]) for image in found)
    assert alike == np.array_equal(found, other) == (one.name in FIXED)


@settings(max_examples=10)
@given(st.integers(0, 2**64 - 1), st.integers(0, 3), st.sampled_from([0, 1, 128, 255]))
def test_any_seed_and_grey_level(seed: int, count: int, grey: int) -> None:
    images = np.full((count, 28, 28, 1), grey, np.uint8)
    for one in CORRUPTIONS.values():
        found = one(images, seed)
        assert found.shape == images.shape
        np.testing.assert_array_equal(found, one(images, seed))


@every_corruption
def test_read_only_images_are_accepted(one: Corruption, images: Array) -> None:
    assert not images.flags.writeable  # those of a data set are not
    one(images[:2])


@pytest.mark.parametrize(
    "images",
    [np.zeros((2, 28, 28, 1)), np.zeros((2, 28, 28), np.uint8), np.zeros((2, 32, 32, 1), np.uint8)],
)
def test_other_images_raise(images: Array) -> None:
    with pytest.raises(
        ValueError, match=r"images must be a uint8 array of shape \(N, 28, 28, 1\), got"
    ):
        CORRUPTIONS["fog"](images)


def test_a_seed_out_of_range_raises() -> None:
    with pytest.raises(ValueError, match="seed"):
        CORRUPTIONS["fog"](np.zeros((1, 28, 28, 1), np.uint8), seed=-1)
