"""Pictures of one digit: repeatable, with the right truth, from halves that share nothing."""

import numpy as np
import pytest
from benchmarks.reading.compose import CONDITIONS, ENLARGED, STORED, enlarged, singles, stored
from benchmarks.reading.compose.singles import balanced
from benchmarks.reading.sources import find_source
from benchmarks.reading.sources.cells import Cells

from tenfold.data import load_mnist

_BIG = ("tiny", "phone")  # pictures of up to 12 megapixels: too slow for a quick test
_NEEDS_PATHS = ("one pixel",)
_SMALL = 47  # a seed of small pictures
_QUICK = [name for name in CONDITIONS if name not in _BIG + _NEEDS_PATHS]


@pytest.mark.parametrize("condition", _QUICK)
def test_pictures_repeat_and_name_their_digit(condition: str) -> None:
    (picture, truth), (again, same) = (next(singles(condition, _SMALL, 1)) for _ in range(2))
    assert (picture == again).all()
    assert truth == same
    assert picture.dtype == np.uint8
    assert picture.shape[2:] == (3,)
    label = find_source("mnist").labels[truth.member]
    assert truth.lines == (str(label),)
    x, y, width, height = truth.marks[0].box
    box = picture[max(0, int(y)) : int(y + height) + 1, max(0, int(x)) : int(x + width) + 1]
    assert np.ptp(box) > 40  # the digit is where the truth says: paper and ink differ there


def test_a_picture_does_not_depend_on_how_many_follow() -> None:
    first = next(singles("plain", 5, 1))[0]
    assert (first == next(singles("plain", 5, 3))[0]).all()
    assert first.shape != next(singles("plain", 6, 1))[0].shape


@pytest.mark.parametrize("name", ["mnist", "cells"])
def test_the_halves_are_disjoint_and_complete(name: str) -> None:
    source = find_source(name)
    dev, final = source.members("dev"), source.members("final")
    assert not set(dev) & set(final)
    assert len(dev) + len(final) == len(source.labels)


def test_a_condition_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r"condition must be one of plain, .*, got snow"):
        next(singles("snow", 0, 1))


@pytest.mark.parametrize("condition", ENLARGED)
def test_enlarged_cells_keep_their_ink_and_come_once(condition: str) -> None:
    cells = Cells()
    pairs = list(enlarged(condition, 0, 40, "final"))
    assert len({truth.member for _, truth in pairs}) == 40
    for picture, truth in pairs:
        ink = picture[..., 0] / 255
        ink = 1 - ink if condition.endswith("light") else ink
        means = ink.reshape(8, 16, 8, 16).mean(axis=(1, 3))
        assert np.corrcoef(means.ravel(), cells.images[truth.member].ravel())[0, 1] > 0.95
        assert truth.lines == (str(cells.labels[truth.member]),)
        x, y, width, height = map(int, truth.marks[0].box)
        assert ink[y : y + height, x : x + width].sum() > 0.85 * ink.sum()
        assert ink[y : y + height, x : x + width].max(axis=0).min() > 0.1  # ink in all columns


def test_the_digits_take_turns_and_none_comes_twice() -> None:
    source = find_source("mnist")
    order = balanced(source, "dev", np.random.default_rng(0))
    assert sorted(order) == source.members("dev").tolist()
    for start in range(0, 1000, 10):
        assert sorted(source.labels[order[start : start + 10]]) == list(range(10))


@pytest.mark.parametrize("condition", STORED)
def test_stored_images_are_those_of_the_file(condition: str) -> None:
    data = load_mnist("test")
    assert data.labels is not None
    pairs = list(stored(condition, 0, 50, "final"))
    assert len({truth.member for _, truth in pairs}) == 50
    for picture, truth in pairs:
        assert truth.member % 2 == 1  # of the final half
        ink = picture[..., 0] if condition == "light on dark" else 255 - picture[..., 0]
        assert (ink == data.images[truth.member].reshape(28, 28)).all()
        assert truth.lines == (str(data.labels[truth.member]),)
        x, y, width, height = map(int, truth.marks[0].box)
        assert ink[y : y + height, x : x + width].sum() == ink.sum()
