"""The sources: which pen digits are taken, how they are drawn, and that the halves are disjoint."""

from pathlib import Path

import numpy as np
import pytest
from benchmarks.reading.downloads import cached
from benchmarks.reading.sources import SOURCES, find_source
from benchmarks.reading.sources.pen_shapes import kind_of, strokes

from tests.reading_benchmark.conftest import PEN


def _points(name: str) -> np.ndarray:
    return np.array(PEN[name][0], np.float64).reshape(8, 2)


@pytest.mark.parametrize("kind", ["flag", "crossed 7", "one stroke"])
def test_a_digit_that_is_drawn_rightly_has_its_kind(kind: str) -> None:
    assert kind_of(PEN[kind][1], _points(kind)) == kind


def test_a_digit_with_a_false_line_is_left_out() -> None:
    assert kind_of(5, _points("false line")) is None


def test_the_false_line_of_a_crossed_seven_is_left_out() -> None:
    points = _points("crossed 7")
    stem, bar = strokes("crossed 7", points)
    assert stem[-1].tolist() == [45, 0]  # the foot
    assert bar[0].tolist() == [15, 45]  # the left end of the bar
    assert len(stem) + len(bar) == 8


@pytest.mark.usefixtures("downloads")
@pytest.mark.parametrize("name", SOURCES)
def test_no_digit_is_in_both_halves(name: str) -> None:
    source = find_source(name)
    dev, final = source.members("dev"), source.members("final")
    assert len(dev)
    assert len(final)
    assert not set(dev) & set(final)


@pytest.mark.usefixtures("downloads")
def test_no_writer_is_in_both_halves() -> None:
    source = find_source("pen")
    writers = [set(source.writers(source.members(half))) for half in ("dev", "final")]
    assert not writers[0] & writers[1]
    every = np.concatenate([source.members("dev"), source.members("final")])
    assert set(every % 4) == {0, 1, 2}  # the digit with a false line is never taken


@pytest.mark.usefixtures("downloads")
def test_a_wider_pen_makes_more_ink_of_the_same_digit() -> None:
    source = find_source("pen")
    member = int(source.members("dev")[0])
    masks = [source.mask(member, 100, np.random.default_rng(0), pen) for pen in (3, 20)]
    assert masks[0].sum() < 0.3 * masks[1].sum()
    assert all(95 <= len(mask) - pen <= 107 for mask, pen in zip(masks, (3, 20), strict=True))


def test_an_enlarged_digit_keeps_its_place_and_has_sharp_edges() -> None:
    source = find_source("mnist")
    mask = source.mask(0, 400, np.random.default_rng(0))
    assert abs(len(mask) - 400) < 40
    between = ((mask > 0.1) & (mask < 0.9)).mean()
    assert between < 0.05


def test_a_missing_download_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENFOLD_BENCH_CACHE", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"python -m benchmarks\.reading\.downloads"):
        cached("penbased.dat")


def test_an_unknown_source_is_named() -> None:
    with pytest.raises(ValueError, match=r"source must be one of mnist, .*, got usps"):
        find_source("usps")
