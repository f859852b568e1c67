"""Tips of shadows at the border are not ink, and digits at the border are."""

import numpy as np
import pytest
from scipy import ndimage

from tenfold.nn.array import Array
from tenfold.reading.contrast import contrast
from tenfold.reading.hypothesis import Polarity
from tenfold.reading.mask import Ink, find_ink
from tenfold.reading.shadow_tips import without_shadow_tips

PAPER = 0.9
ROWS, COLUMNS = np.indices((200, 200))


def _ink(grey: Array) -> Ink:
    return find_ink(grey, contrast(grey, 100))


def _page() -> Array:
    grey = np.full((200, 200), PAPER, np.float32)
    grey[80:140, 110:118] = 0.2  # a 1
    return grey


@pytest.mark.parametrize("shadow", [ROWS + COLUMNS < 150, ROWS - COLUMNS > 30])
def test_the_tips_of_a_shadow_are_left_out(shadow: Array) -> None:
    grey = np.where(shadow, 0.5, 1) * _page()
    found = _ink(grey.astype(np.float32))
    assert len(found.area) == 3  # the 1, and where the shadow ends at two sides of the picture
    kept = without_shadow_tips(found)
    assert kept.boxes.tolist() == [[80, 110, 140, 118]]


def test_a_dark_corner_in_uneven_light_is_left_out() -> None:
    distance = np.hypot(ROWS - 90, COLUMNS - 90) / 150
    grey = (1 - 0.6 * np.clip(distance, 0, 1) ** 4) * _page()
    found = _ink(grey.astype(np.float32))
    assert (found.area > 20).sum() == 4  # the 1, and three corners
    assert (without_shadow_tips(found).area > 20).sum() == 1


@pytest.mark.parametrize("blur", [0, 2])
def test_a_stroke_at_the_border_is_kept(blur: int) -> None:
    grey = _page()
    grey[:12, 60:150] = 0.2  # the bar of a 7 at the upper border
    grey[100:160, :9] = 0.2  # a 1 at the left border
    found = _ink(np.asarray(ndimage.gaussian_filter(grey, blur), np.float32))
    assert len(found.area) == 3
    assert without_shadow_tips(found) is found


def test_a_digit_that_touches_the_tip_of_a_shadow_is_kept() -> None:
    grey = np.where(ROWS + COLUMNS < 150, 0.5, 1) * _page()
    grey[4:12, 100:190] = 0.1  # from the tip of the shadow to the right
    grey[4:90, 182:190] = 0.1
    kept = without_shadow_tips(_ink(grey.astype(np.float32)))
    assert any(right == 190 for *_, right in kept.boxes.tolist())


@pytest.mark.parametrize("light", [False, True])
def test_only_dark_tips_are_left_out(light: bool) -> None:
    corner = np.where(ROWS + COLUMNS < 150, 1.0, 0.7) if light else 1 - 0.5 * (ROWS + COLUMNS < 150)
    rgb = np.repeat((255 * corner * _page()).astype(np.uint8)[..., np.newaxis], 3, axis=2)
    ink = next(Polarity(rgb, light, likely=True, margin=0).first_hypotheses()).ink
    assert (len(without_shadow_tips(ink).area) < len(ink.area)) == light


@pytest.mark.parametrize(("right", "kept_too"), [(177, True), (200, False)])
def test_a_digit_in_the_tip_of_a_shadow_is_kept_but_not_a_fold(right: int, kept_too: bool) -> None:
    distance = np.hypot(ROWS - 100, COLUMNS - 200)
    light = 1 - 0.75 * np.clip(1 - distance / 90, 0, 1) ** 0.7
    grey = _page()
    grey[80:140, 170:177] = 0.2
    grey[110:114, 170:right] = 0.2  # a fold goes on to the border
    found = _ink((light * grey).astype(np.float32))
    tip = int(found.labels[100, 198]) - 1
    assert found.labels[100, 173] == tip + 1  # the digit and the tip are one piece
    kept = without_shadow_tips(found)
    digits = kept.boxes[kept.area > 100]
    expected = [[80, 110, 140, 118], [80, 170, 140, 177]][: 1 + kept_too]
    assert digits.shape == np.shape(expected)
    assert np.abs(digits - expected).max() <= 2
