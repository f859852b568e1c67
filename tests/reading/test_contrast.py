"""Contrast: independent of the light, in every colour, and for light ink too."""

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading.contrast import contrast, ink_channel

BAR = (slice(40, 80), slice(58, 64))


def _page(paper: tuple[int, int, int], ink: tuple[int, int, int]) -> Array:
    page = np.empty((120, 120, 3), np.uint8)
    page[:] = paper
    page[BAR] = ink
    return page


@pytest.mark.parametrize(
    ("paper", "ink", "light"),
    [
        ((255, 255, 255), (0, 0, 0), False),
        ((250, 250, 250), (220, 40, 40), False),  # red ink, which the red channel does not show
        ((240, 220, 90), (30, 60, 150), False),  # blue on yellow
        ((120, 120, 120), (60, 60, 60), False),
        ((20, 60, 40), (200, 210, 200), True),  # chalk
    ],
)
def test_ink_of_any_colour_has_contrast_and_the_paper_none(
    paper: tuple[int, int, int], ink: tuple[int, int, int], light: bool
) -> None:
    found = contrast(ink_channel(_page(paper, ink), light), 60)
    inside = np.zeros((120, 120), bool)
    inside[BAR] = True
    assert found[BAR].min() > 0.3
    assert found[~inside].max() < 0.05


def test_contrast_does_not_change_with_the_light() -> None:
    grey = np.full((120, 120), 0.8, np.float32)
    grey[BAR] = 0.3
    shade = np.linspace(1, 0.4, 120, dtype=np.float32)[:, np.newaxis]
    even, shaded = contrast(grey, 60), contrast(grey * shade, 60)
    assert even[BAR] == pytest.approx(1 - 0.3 / 0.8, abs=0.01)
    assert np.abs(even[BAR] - shaded[BAR]).max() < 0.08
    assert shaded[:80, :50].max() < 0.12  # below, half a window reaches the border


def test_an_area_wider_than_the_window_is_ground() -> None:
    grey = np.full((120, 120), 0.9, np.float32)
    grey[:, 60:] = 0.4  # a hard shadow
    inner = contrast(grey, 30)[:, 80:110]
    assert inner.max() < 0.05


def test_the_edge_of_a_shadow_has_no_contrast() -> None:
    grey = np.full((120, 120), 0.9, np.float32)
    grey[:, 60:] = 0.4
    assert contrast(grey, 30).max() < 0.3  # up to 0.55 if the ground is smoothed across the edge
