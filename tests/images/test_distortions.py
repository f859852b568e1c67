"""Distortions: the neutral strength changes nothing, and a stronger one changes more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.data import Dataset
from tenfold.images import DISTORTIONS, Distortion
from tenfold.nn.array import Array

every_distortion = pytest.mark.parametrize("one", DISTORTIONS.values(), ids=list(DISTORTIONS))


@every_distortion
def test_the_neutral_strength_changes_nothing(one: Distortion, digits: Dataset) -> None:
    images = digits.images[:20]
    assert one.neutral in one.strengths
    np.testing.assert_array_equal(one(images, one.neutral), images)
    nearly = one(images, one.neutral + 1e-6)  # and there is no jump beside it
    assert np.abs(nearly.astype(int) - images).max() <= 1


@every_distortion
def test_stronger_distortions_change_more(one: Distortion, digits: Dataset) -> None:
    images = digits.images[:300]
    start = one.strengths.index(one.neutral)
    for strengths in (one.strengths[start:], one.strengths[start::-1]):
        changes = [np.abs(one(images, s).astype(int) - images).mean() for s in strengths]
        assert changes == sorted(changes)
        assert len(set(changes)) == len(changes)


@every_distortion
def test_the_result_does_not_depend_on_the_batch(one: Distortion, digits: Dataset) -> None:
    images, strength = digits.images[:300], one.strengths[-2]
    whole = one(images, strength, seed=9)
    assert whole.dtype == np.uint8
    for place in (0, 256, 299):
        alone = one(images[place : place + 1], strength, seed=9, first=place)
        np.testing.assert_array_equal(alone[0], whole[place])


def test_a_shift_by_hand() -> None:
    images = np.zeros((30, 28, 28, 1), np.uint8)
    images[:, 13, 12] = 99
    found = DISTORTIONS["shift"](images, 4)
    places = {tuple(np.argwhere(image[..., 0])[0].tolist()) for image in found}
    assert places == {(9, 12), (17, 12), (13, 8), (13, 16)}


def test_thickness_by_hand() -> None:
    images = np.zeros((1, 11, 11, 1), np.uint8)
    images[0, 5, 5] = 200
    column = {
        s: DISTORTIONS["stroke thickness"](images, s)[0, :, 5, 0].tolist() for s in (1, 1.5, -0.5)
    }
    assert column[1] == [0, 0, 0, 0, 200, 200, 200, 0, 0, 0, 0]
    assert column[1.5] == [0, 0, 0, 100, 200, 200, 200, 100, 0, 0, 0]
    assert column[-0.5] == [0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0]


def test_contrast_by_hand() -> None:
    image = np.array([[0, 100, 200, 100]], np.uint8).reshape(1, 2, 2, 1)
    assert DISTORTIONS["contrast"](image, 0.5).ravel().tolist() == [50, 100, 150, 100]


def test_noise_and_blur_have_their_standard_deviation() -> None:
    grey = np.full((40, 28, 28, 1), 128, np.uint8)
    assert DISTORTIONS["noise"](grey, 20).std() == pytest.approx(20, rel=0.02)
    spot = np.zeros((1, 28, 28, 1), np.uint8)
    spot[0, 14, 14] = 255
    profile = DISTORTIONS["blur"](spot, 1.5)[0, :, :, 0].astype(float).sum(axis=1)
    places = np.arange(28) - 14
    assert standard_deviation(profile, places) == pytest.approx(1.5, abs=0.1)


def standard_deviation(weights: Array, places: Array) -> float:
    return float(np.sqrt(weights @ places**2 / weights.sum()))


@settings(max_examples=10)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 3), st.integers(0, 2**64 - 1))
def test_any_size_and_number_of_images(height: int, width: int, count: int, seed: int) -> None:
    images = np.full((count, height, width, 1), 77, np.uint8)
    for one in DISTORTIONS.values():
        assert one(images, one.strengths[-1], seed).shape == images.shape


@pytest.mark.parametrize("strength", [float("nan"), float("inf")])
def test_a_strength_that_is_not_finite_raises(strength: float) -> None:
    with pytest.raises(ValueError, match="strength must be finite, got"):
        DISTORTIONS["noise"](np.zeros((1, 28, 28, 1), np.uint8), strength)


def test_other_images_raise() -> None:
    with pytest.raises(ValueError, match=r"got float64 of shape \(1, 28, 28, 1\)"):
        DISTORTIONS["blur"](np.zeros((1, 28, 28, 1)), 1)
