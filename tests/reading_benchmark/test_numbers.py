"""Lines, pages and pictures without digits: repeatable, and with the right truth."""

from itertools import pairwise

import numpy as np
import pytest
from benchmarks.reading.compose import LINES, NONDIGITS, PAGES, Truth, lines, nondigits, pages
from benchmarks.reading.compose.layout import GAPS, write_row
from benchmarks.reading.sources import find_source

pytestmark = pytest.mark.usefixtures("downloads")

_SMALL = 4  # a seed of small pages


def _same(pairs: list[tuple[np.ndarray, Truth]]) -> bool:
    (picture, truth), (again, repeated) = pairs
    return picture.shape == again.shape and bool((picture == again).all()) and truth == repeated


@pytest.mark.parametrize("condition", LINES)
def test_lines_repeat_and_name_their_digits(condition: str) -> None:
    pairs = [next(lines(condition, 2, 1)) for _ in range(2)]
    assert _same(pairs)
    picture, truth = pairs[0]
    assert [len(line) for line in truth.lines] == [5]
    assert "".join(mark.text for mark in truth.marks) == truth.lines[0]
    centres = [mark.box[0] + mark.box[2] / 2 for mark in truth.marks]
    assert centres == sorted(centres)
    assert all(0 < x < picture.shape[1] for x in centres)


@pytest.mark.parametrize("condition", PAGES)
def test_pages_repeat_and_contain_all_their_lines(condition: str) -> None:
    pairs = [next(pages(condition, _SMALL, 1)) for _ in range(2)]
    assert _same(pairs)
    picture, truth = pairs[0]
    assert len(truth.lines) == 3 * PAGES[condition].columns
    for line, text in enumerate(truth.lines):
        assert "".join(mark.text for mark in truth.marks if mark.line == line) == text
    boxes = np.array([mark.box for mark in truth.marks])
    assert boxes[:, :2].min() > -2  # nothing is cut off
    assert ((boxes[:, :2] + boxes[:, 2:]).max(axis=0) < np.array(picture.shape[1::-1]) + 2).all()


@pytest.mark.parametrize("kind", NONDIGITS)
def test_pictures_without_digits_repeat_and_differ_between_the_halves(kind: str) -> None:
    pairs = [next(nondigits(kind, 2, 1)) for _ in range(2)]
    assert _same(pairs)
    assert pairs[0][1].lines == ()
    other, _ = next(nondigits(kind, 2, 1, "final"))
    assert other.shape != pairs[0][0].shape or bool((other != pairs[0][0]).any())


@pytest.mark.parametrize(("spacing", "apart"), [("spaced", True), ("touching", False)])
def test_digits_touch_only_where_they_should(spacing: str, apart: bool) -> None:
    source = find_source("mnist")
    rng = np.random.default_rng(1)
    row = write_row(source, source.members("dev")[:5], 60, spacing, rng)
    assert GAPS[spacing][0] > 0 or not apart
    for left, right in pairwise(row):
        overlap = left.x + left.mask.shape[1] - right.x
        assert (overlap < 0) == apart


@pytest.mark.parametrize("make", [lines, pages, nondigits])
def test_a_condition_that_does_not_exist_is_named(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"must be one of .*, got snow"):
        next(make("snow", 0, 1))
