"""Soft pieces: gradual brightness is no ink, strokes are, even if they are blurred."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

import tenfold
from tenfold.nn.array import Array
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.mask import find_pieces
from tenfold.reading.picture import load_picture
from tenfold.reading.soft import without_soft_pieces
from tests.reading.pages import digit_mask


def _in_uneven_light() -> Array:
    """Return a photo of a 4 with dark corners, as a camera without noise takes it: uint8."""
    y, x = np.mgrid[:600, :800]
    light = 1 - 0.5 * (((x - 380) / 500) ** 2 + ((y - 330) / 400) ** 2)
    grey = 200 * np.clip(light, 0.2, 1)
    digit = digit_mask(4, 100)
    place = grey[340:440, 440:540]
    place[:] = np.where(digit > 0.5, 0.45 * place, place)
    return np.asarray(grey.round(), np.uint8)


def test_the_dark_corners_of_a_photo_are_no_ink() -> None:
    reading = tenfold.read(_in_uneven_light())
    assert reading.lines == ["4"]
    assert reading.verdict == "digits"


@pytest.mark.parametrize(("blur", "soft"), [(0, False), (8, False), (60, True)])
@pytest.mark.parametrize("light", [False, True])
def test_only_an_edge_over_a_large_part_of_the_size_is_soft(
    blur: int, soft: bool, light: bool
) -> None:
    sharp = np.full((300, 300), 230, np.uint8)
    sharp[100:200, 80:220] = 50
    smooth = Image.fromarray(sharp).filter(ImageFilter.GaussianBlur(blur))
    grey = np.asarray(smooth, np.float32) / 255
    contrast = (grey.max() - grey) / grey.max()
    ink = find_pieces(contrast > contrast.max() / 2, 1 - grey if light else grey, contrast)
    assert len(ink.area) == 1
    assert (len(without_soft_pieces(ink).area) == 0) is soft


@pytest.mark.parametrize(("side", "kept"), [(24, True), (400, False)])
def test_soft_pieces_of_small_pictures_are_kept(side: int, kept: bool) -> None:
    """A small picture is enlarged, and gets a margin, so all of its edges are soft."""
    y, x = np.indices((side, side)) / side - 0.5
    blob = 230 * (1 - np.exp(-(x**2 + y**2) / 0.06))
    picture = load_picture(blob.astype(np.uint8))
    hypothesis = next(iter(Hypotheses(picture.rgb, picture.margin)), None)
    assert (hypothesis is not None and len(hypothesis.ink.area) > 0) is kept


def test_small_soft_pieces_are_kept() -> None:
    y, x = np.mgrid[:400, :400]
    contrast = np.exp(-((x - 200) ** 2 + (y - 200) ** 2) / 800).astype(np.float32)
    ink = find_pieces(contrast > 0.5, 1 - contrast, contrast)
    assert without_soft_pieces(ink) is ink
