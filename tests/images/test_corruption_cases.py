"""Single corruptions, compared with worked examples and with SciPy."""

import math

import numpy as np
import pytest
from scipy.ndimage import affine_transform

from tenfold.data import Dataset
from tenfold.images import CORRUPTIONS
from tenfold.images.corruptions.strokes import _line
from tenfold.images.per_image_random import PerImageRandom
from tenfold.nn.array import Array

BLACK = np.zeros((40, 28, 28, 1), np.uint8)
GREY = np.full((40, 28, 28, 1), 128, np.uint8)


def test_translate_shifts_by_three_pixels_along_both_axes() -> None:
    images = BLACK.copy()
    images[:, 14, 10] = 200
    found = CORRUPTIONS["translate"](images)
    places = {tuple(np.argwhere(image[..., 0])[0].tolist()) for image in found}
    assert places == {(11, 7), (11, 13), (17, 7), (17, 13)}
    assert set(found.ravel().tolist()) == {0, 200}


def test_stripe_inverts_seven_columns_on_each_side(digits: Dataset) -> None:
    images = digits.images[:5]
    found = CORRUPTIONS["stripe"](images)
    for column in range(28):
        inverted = column < 7 or column >= 21
        expected = 255 - images[:, :, column] if inverted else images[:, :, column]
        np.testing.assert_array_equal(found[:, :, column], expected)


def test_brightness_adds_half_of_full_brightness() -> None:
    images = np.resize(np.array([0, 100, 127, 128, 255], np.uint8), (1, 28, 28, 1))
    found = CORRUPTIONS["brightness"](images)
    assert found.ravel()[:5].tolist() == [128, 228, 254, 255, 255]


def affine(image: Array, matrix: list[list[float]]) -> Array:
    """Return an image transformed by SciPy; the matrix maps (y, x) of the result to the source."""
    inverse = np.array(matrix)
    offset = 13.5 - inverse @ np.array([13.5, 13.5])
    return np.asarray(affine_transform(image[..., 0].astype(float), inverse, offset, order=1))


@pytest.mark.parametrize("name", ["shear", "rotate", "scale"])
def test_geometric_corruptions_equal_scipys(name: str, digits: Dataset) -> None:
    def matrix(sign: int) -> list[list[float]]:
        cos, sin = math.cos(0.4), sign * math.sin(0.4)
        return {
            "shear": [[cos, 0.0], [-sin, 1.0]],
            "rotate": [[cos, sin], [-sin, cos]],
            "scale": [[1 / 0.7, 0.0], [0.0, 1 / 0.7]],
        }[name]

    images = digits.images[:20]
    ways = set()
    for image, ours in zip(images, CORRUPTIONS[name](images), strict=True):
        inner = ours[3:-3, 3:-3, 0]
        fits = [
            sign
            for sign in (1, -1)
            if np.abs(affine(image, matrix(sign))[3:-3, 3:-3] - inner).max() < 0.6
        ]
        assert fits
        ways.add(fits[0])
    assert ways == ({1} if name == "scale" else {1, -1})


def test_shot_noise_counts_photons() -> None:
    found = CORRUPTIONS["shot_noise"](GREY)
    assert set(found.ravel().tolist()) == {0, 85, 170, 255}  # 0, 1, 2, 3 or more photons
    mean = 3 * 128 / 255
    expected = [math.exp(-mean) * mean**k / math.factorial(k) for k in range(3)]
    shares = [(found == 85 * k).mean() for k in range(3)]
    assert shares == pytest.approx(expected, abs=0.01)
    assert not CORRUPTIONS["shot_noise"](BLACK).any()


def test_impulse_noise_replaces_17_percent_equally_by_white_and_black() -> None:
    found = CORRUPTIONS["impulse_noise"](GREY)
    assert set(found.ravel().tolist()) == {0, 128, 255}
    assert [(found == v).mean() for v in (0, 255)] == pytest.approx([0.085, 0.085], abs=0.005)


def test_a_soft_line_by_hand() -> None:
    column, row = np.array([3.5]), np.array([10.0])
    ink = _line((column, row), (np.array([9.2]), row))[0, ..., 0]
    assert np.flatnonzero(ink.any(axis=0)).tolist() == [3, 4, 5, 6, 7, 8, 9]
    # 1 + log(1 - d / 2.3) for d = 0, 1, 2; the last is below 0.
    assert ink[8:13, 5] == pytest.approx([0, 0.429455, 1, 0.429455, 0], abs=1e-5)


def test_a_dotted_line_goes_from_edge_to_edge() -> None:
    found = CORRUPTIONS["dotted_line"](BLACK, seed=2)
    ends = PerImageRandom(2, "corruption dotted_line", 40).sample(
        lambda rng: rng.integers(0, 27, 2)
    )
    for image, (left, right) in zip(found[..., 0], ends, strict=True):
        drawn = [*(2, 3, 6, 7, 10, 11, 14), *(15, 18, 19, 22, 23, 26)]
        assert np.flatnonzero(image.any(axis=0)).tolist() == drawn
        for column in drawn:
            middle = left + (right - left) * column / 27
            assert abs(int(image[:, column].argmax()) - middle) <= 0.5


def test_a_zigzag_has_its_peaks_at_their_positions() -> None:
    found = CORRUPTIONS["zigzag"](BLACK, seed=5)[..., 0].astype(float)
    random = PerImageRandom(5, "corruption zigzag", 40)
    start = random.sample(lambda rng: rng.integers(0, 27))
    rise = random.sample(lambda rng: rng.integers(-5, 5))
    level = np.flatnonzero((rise == 0) & (start > 4) & (start < 23))
    assert level.size
    for place in level:
        for peak, column in enumerate((4, 8, 12, 16, 20, 24)):
            row = start[place] + (2 if peak % 2 == 0 else -2)
            assert found[place, row, column] == 255
        assert not found[place, :, :2].any()
        assert not found[place, :, 25:].any()
    steep = int(np.abs(rise).argmax())
    middles = [found[steep, :, c] @ np.arange(28) / found[steep, :, c].sum() for c in (2, 6)]
    assert middles[1] - middles[0] == pytest.approx(4 * rise[steep] / 23, abs=1.2)


def test_motion_blurs_a_spot_to_its_left() -> None:
    images = BLACK.copy()
    images[:, 14, 20] = 255
    found = CORRUPTIONS["motion_blur"](images, seed=1)[..., 0]
    angles = PerImageRandom(1, "corruption motion_blur", 40).sample(
        lambda rng: rng.uniform(-45, 45)
    )
    weights = np.exp(-(np.arange(21) ** 2) / 18)
    weights *= 255 / weights.sum()
    for image, angle in zip(found, np.radians(angles), strict=True):
        naive = np.zeros((28, 28))
        for step, weight in enumerate(weights):
            row = 14 - round(step * math.sin(angle))
            column = 20 - round(step * math.cos(angle))
            if 0 <= row < 28 and column >= 0:
                naive[row, column] += weight
        np.testing.assert_allclose(image, naive, atol=0.51)


def test_fog_keeps_the_brightness_of_the_brightest_pixel() -> None:
    assert not CORRUPTIONS["fog"](BLACK).any()
    white = CORRUPTIONS["fog"](np.full_like(BLACK, 255))
    assert white.min() >= 63  # (1 + 3 * 0) / 4 of full brightness where the fog is thinnest
    assert white.max() > 200


def test_mud_covers_the_image() -> None:
    dark, light = (CORRUPTIONS["spatter"](np.full_like(BLACK, v)) for v in (0, 255))
    solid = dark >= 60
    assert 0.02 < (dark > 0).mean() < 0.3
    assert solid.any()
    assert light[solid].max() <= 75  # the image below no longer matters there
    assert np.all(light[dark == 0] == 255)
    assert dark[dark > 0].min() >= 0.8 * 63 - 1
