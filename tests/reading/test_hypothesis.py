"""Hypotheses: a digit is separate ink, also where a shadow crosses it."""

from collections.abc import Iterator

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading import hypothesis
from tenfold.reading.all_hypotheses import Hypotheses, _Once
from tenfold.reading.digit_pieces import digit_sized
from tenfold.reading.hypothesis import polarities
from tenfold.reading.ruled_lines import erase_ruled_lines
from tests.reading.pages import digit_mask


def _shaded(width: float) -> Array:
    """Return a digit of 110 pixels across the edge of a shadow that covers a corner."""
    y, x = np.mgrid[:220, :240]
    shade = np.clip((0.6 * x + y - 230) / width + 0.5, 0, 1)  # from 0 to 1 over the given width
    grey = 235 * (1 - 0.5 * shade)
    mask = digit_mask(0, 110)
    grey[60:170, 60:170] *= 1 - 0.85 * mask
    return np.repeat(np.rint(grey).astype(np.uint8)[..., np.newaxis], 3, axis=2)


@pytest.mark.parametrize("width", [2, 12])
def test_a_digit_across_the_edge_of_a_shadow_is_one_piece(width: float) -> None:
    rows, columns = np.nonzero(digit_mask(0, 110) > 0.5)
    box = np.array([rows.min(), columns.min(), rows.max(), columns.max()]) + 60
    found = [h.ink.boxes for h in Hypotheses(_shaded(width)) if not h.light]
    nearest = min(np.abs(piece - box).max() for boxes in found for piece in boxes)
    assert nearest <= 4


@pytest.mark.parametrize("light", [False, True])
def test_ink_in_a_shadow_that_covers_most_of_the_picture_is_dark(light: bool) -> None:
    """The paper in the light is further from the paper in the shadow than the ink is."""
    paper, ink = (30, 110) if light else (90, 40)
    grey = np.full((220, 480), float(paper))
    for left in (40, 160, 280):
        mask = digit_mask(2, 110)
        grey[60:170, left : left + 110] += (ink - paper) * mask
    grey[:, 420:] = paper if light else 220
    rgb = np.repeat(np.rint(grey).astype(np.uint8)[..., np.newaxis], 3, axis=2)
    assert polarities(rgb)[0].light == light


def test_a_scan_edge_does_not_hide_the_stroke_width_of_the_digits() -> None:
    """The window of the second hypothesis follows from the thin strokes, not from the scan edge."""
    grey = np.full((220, 240), 235.0)
    grey[60:170, 100:210] *= 1 - 0.85 * digit_mask(0, 110)
    grey[:, :30] = 20
    rgb = np.repeat(np.rint(grey).astype(np.uint8)[..., np.newaxis], 3, axis=2)
    kept = [h for h in Hypotheses(rgb) if h.likely and not h.ruled_lines and not h.smooth]
    assert len(kept) == 2


def test_the_borders_of_separate_boxes_in_a_row_are_erased() -> None:
    """Their upper sides lie on one straight line across the picture, as ruled lines do."""
    grey = np.full((120, 500), 235.0)
    for left in range(20, 480, 80):
        grey[20:100, left : left + 64] *= np.pad(np.ones((74, 58)), 3, constant_values=0.6)
    grey[34:90, 30:86] *= 1 - 0.85 * digit_mask(0, 56)
    rgb = np.repeat(np.rint(grey).astype(np.uint8)[..., np.newaxis], 3, axis=2)
    erased = [h for h in Hypotheses(rgb) if not h.light and h.ruled_lines]
    assert any(len(digit_sized(h.ink)) == 1 for h in erased)


def test_ruled_lines_are_looked_for_only_when_they_are_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grey = np.full((220, 240, 3), 235, np.uint8)
    grey[100:103] = 40
    calls: list[Array] = []

    def erase(mask: Array, stroke: float, *length: float) -> tuple[Array, int]:
        calls.append(mask)
        return erase_ruled_lines(mask, stroke, *length)

    monkeypatch.setattr(hypothesis, "erase_ruled_lines", erase)
    found = polarities(grey)[0].first_hypotheses()
    first = next(found)
    assert not calls
    assert first.on_ruled_lines is not None
    assert np.count_nonzero(first.on_ruled_lines) == 3 * 240
    second = next(found)
    assert second.ruled_lines == 1
    assert len(calls) == 1


def test_ruled_lines_are_erased_from_grainy_strokes_too() -> None:
    rng = np.random.default_rng(0)
    mask = digit_mask(0, 160) > 0.5
    grey = np.full((300, 300), 235.0)
    grey[100:103] = grey[220:223] = 110  # two ruled lines, which cross the digit
    grains = mask & (rng.random(mask.shape) < 0.4)
    grey[70:230, 70:230][grains] = 110
    rgb = np.repeat(np.rint(grey).astype(np.uint8)[..., np.newaxis], 3, axis=2)
    smooth = [h for h in Hypotheses(rgb) if h.likely and h.smooth]
    assert [h.ruled_lines for h in smooth] == [0, 2]
    widths = [max(h.ink.boxes[:, 3] - h.ink.boxes[:, 1]) for h in smooth]
    assert widths[0] == 300
    assert widths[1] < 180


def test_hypotheses_are_computed_once() -> None:
    made: list[int] = []

    def make() -> Iterator[int]:
        for number in range(3):
            made.append(number)
            yield number

    once = _Once(make())
    assert next(iter(once)) == 0
    assert made == [0]
    assert list(once) == [0, 1, 2]
    assert list(once) == [0, 1, 2]
    assert made == [0, 1, 2]


def test_all_hypotheses_come_by_their_assumption_about_the_ink() -> None:
    found = Hypotheses(_shaded(300))
    likely = [hypothesis.likely for hypothesis in found]
    assert likely == sorted(likely, reverse=True)
    in_groups = [each for _, group in found.groups for each in group]
    assert sorted(map(id, in_groups)) == sorted(map(id, found))
