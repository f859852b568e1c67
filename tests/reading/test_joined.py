"""Joined strokes: dotted and dashed digits, and ink that must not be joined."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tenfold.nn.array import Array
from tenfold.reading import read
from tenfold.reading.hypothesis import polarities
from tenfold.reading.joined import join_strokes
from tenfold.reading.mask import Ink, find_ink
from tenfold.reading.reader import _joined, _readings
from tenfold.reading.working import bundled_recogniser
from tests.reading.pages import digit_mask

_TURN = np.linspace(0, 2 * np.pi, 40)

PATHS = {
    "0": np.column_stack([110 + 45 * np.sin(_TURN), 120 - 75 * np.cos(_TURN)]),
    "4": np.array([(95, 45), (60, 140), (160, 140), (130, 140), (135, 90), (125, 200)]),
    "7": np.array([(60, 50), (160, 50), (95, 200)]),
    "8": np.column_stack([110 + 50 * np.sin(2 * _TURN), 120 - 75 * np.cos(_TURN)]),
}


def _points(path: Array, step: float) -> Array:
    """Return points of a path at equal distances: (n, 2)."""
    lengths = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    at = np.arange(0, lengths[-1], step)
    return np.column_stack([np.interp(at, lengths, path[:, k]) for k in (0, 1)])


def _dots(points: Array, radius: float, size: tuple[int, int] = (220, 250)) -> Array:
    picture = Image.new("L", size, 240)
    draw = ImageDraw.Draw(picture)
    for x, y in points:
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=40)
    return np.asarray(picture)


def _ink(grey: Array) -> Ink:
    values = grey.astype(np.float32) / 255
    return find_ink(values, 1 - values / values.max())


@pytest.mark.parametrize("digit", PATHS)
@pytest.mark.parametrize(("step", "radius"), [(11, 3), (14, 4.5)])
def test_a_dotted_digit_is_read(digit: str, step: float, radius: float) -> None:
    reading = read(_dots(_points(PATHS[digit], step), radius))
    assert reading.lines == [digit]
    assert reading.verdict == "digits"


def test_a_dotted_1_is_read() -> None:
    path = np.array([(60, 120), (125, 40), (117, 210)])
    assert read(_dots(_points(path, 14), 3)).lines == ["1"]


def test_the_dots_become_one_piece_with_strong_gaps() -> None:
    ink = _ink(_dots(_points(PATHS["7"], 12), 3))
    joined = join_strokes(ink)
    assert joined is not None
    assert len(ink.area) > 15
    assert len(joined.area) == 1
    assert joined.contrast[joined.labels > 0].min() > 0.5
    assert (
        np.abs(joined.boxes - [*ink.boxes[:, :2].min(axis=0), *ink.boxes[:, 2:].max(axis=0)]).max()
        <= 6
    )


SCATTERED = np.random.default_rng(0).uniform(20, 200, (25, 2))


@pytest.mark.parametrize(
    "points",
    [
        PATHS["7"],
        _points(PATHS["7"], 45),
        SCATTERED,
        np.array([(x, 120) for x in range(20, 200, 9)]),
    ],
    ids=["too few", "wide gaps", "scattered", "a dotted line"],
)
def test_other_dots_are_not_joined(points: Array) -> None:
    assert join_strokes(_ink(_dots(points, 3))) is None


def test_ink_at_the_border_does_not_belong_to_a_dotted_digit() -> None:
    grey = _dots(_points(PATHS["7"], 12), 3).copy()
    grey[:, :6] = 40
    joined = join_strokes(_ink(grey))
    assert joined is not None
    assert joined.boxes[:, 1].min() > 50


def test_the_joined_digit_is_not_cut() -> None:
    ring = [(120 + 65 * np.cos(a), 120 + 60 * np.sin(a)) for a in np.linspace(0, 6.0, 24)]
    grey = _dots(np.array(ring), 3)
    rgb = np.clip(grey, 0, 255).astype(np.uint8)[..., np.newaxis].repeat(3, axis=2)
    (hypothesis,) = polarities(rgb)[0].joined_hypotheses()
    (result,) = _readings(hypothesis, lambda images: np.full((len(images), 11), 1 / 11), 200)
    assert result.candidates == 1


def test_digits_in_a_column_are_no_dotted_1() -> None:
    grey = np.full((300, 160), 235.0)
    for number, index in enumerate([0, 1, 3, 4, 0, 7]):
        top = 20 + 40 * number
        grey[top : top + 36, 60:96] -= 200 * digit_mask(index, 36)
    rgb = np.clip(grey, 0, 255).astype(np.uint8)[..., np.newaxis].repeat(3, axis=2)
    polarity, recognise = polarities(rgb)[0], bundled_recogniser()
    as_one = _joined(polarity, recognise, ones=True)
    assert as_one is not None
    assert [found.arc.digit for found in as_one.digits] == [1]
    assert _joined(polarity, recognise, ones=False) is None


def test_a_digit_of_two_dashed_parts_is_read() -> None:
    """The bar of a 5 does not touch its other strokes, so no line of ink contains both."""
    bar = _points(np.array([(85, 38), (150, 36)]), 11)
    curve = [(78, 62), (76, 108), (110, 98), (143, 120), (142, 168), (108, 192), (70, 180)]
    five = np.concatenate([bar, _points(np.array(curve), 11)])
    reading = read(_dots(five, 3.5))
    assert (reading.lines, reading.verdict) == (["5"], "digits")


def test_two_dotted_digits_are_no_single_digit() -> None:
    points = np.concatenate([_points(PATHS["0"] * [0.5, 1] + [x, 0], 11) for x in (5, 75)])
    reading = read(_dots(points, 3))
    assert not (len(reading.digits) == 1 and reading.verdict == "digits")


def test_a_sprayed_digit_is_read() -> None:
    """The spray of a paint program consists of many hundreds of dots."""
    rng = np.random.default_rng(0)
    points = _points(PATHS["8"] * 2, 2).repeat(9, axis=0)
    angle, radius = (
        rng.uniform(0, 2 * np.pi, len(points)),
        11 * rng.uniform(0, 1, len(points)) ** 0.5,
    )
    points = points + radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    grey = np.full((440, 500), 255, np.uint8)
    grey[points[:, 1].astype(int), points[:, 0].astype(int)] = 60
    reading = read(grey)
    assert (reading.lines, reading.verdict) == (["8"], "digits")
