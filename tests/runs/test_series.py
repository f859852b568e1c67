"""A series of seeds, and what it comes to."""

import json
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev

import pytest

from tenfold.errors import TenfoldError
from tenfold.recipes import Recipe, Split
from tenfold.runs import Run, Series, create_run, execute, open_series


def new(recipe: Recipe, folder: Path, count: int = 3) -> Series:
    return Series.begin(Run(replace(recipe, epochs=1), 5, folder), count)


def finish(series: Series, split: Split, indices: range) -> None:
    for index in indices:
        for _ in execute(series.run(index), split):
            pass


def test_the_summary_is_of_all_seeds(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    series = new(tiny, tmp_path / "series")
    finish(series, split, range(3))
    summary = series.summarise()
    runs = [series.run(index).metrics() for index in range(3)]
    accuracies = [run["test"]["accuracy"] for run in runs]
    assert summary["seeds"] == [run["seed"] for run in runs] == [5, 6, 7]
    assert summary["test_accuracies"] == accuracies
    assert summary["test_accuracy_mean"] == pytest.approx(mean(accuracies))
    assert summary["test_accuracy_std"] == pytest.approx(stdev(accuracies))
    assert summary["seconds_train_mean"] == mean(run["seconds"]["train"] for run in runs)
    assert json.loads((tmp_path / "series" / "summary.json").read_text()) == summary


def test_a_series_goes_on_where_it_was_left(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    finish(new(tiny, tmp_path / "series"), split, range(1))
    again = open_series(tmp_path / "series")
    assert again is not None
    assert (again.count, again.first.seed) == (3, 5)
    assert again.run(0).finished
    assert not again.run(1).finished
    with pytest.raises(TenfoldError, match="unfinished run"):
        again.summarise()
    finish(again, split, range(1, 3))
    assert len(again.summarise()["seeds"]) == 3


def test_one_seed_has_no_spread(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    series = new(tiny, tmp_path / "series", count=1)
    finish(series, split, range(1))
    assert series.summarise()["test_accuracy_std"] == 0


def test_nothing_is_written_over(tiny: Recipe, tmp_path: Path) -> None:
    new(tiny, tmp_path / "series")
    with pytest.raises(TenfoldError, match="already holds a run or a series"):
        new(tiny, tmp_path / "series")


def test_a_folder_without_a_series_holds_none(tmp_path: Path) -> None:
    assert open_series(tmp_path) is None


@pytest.mark.parametrize("content", ["", "[]", '{"first": 5}', '{"first": "x", "count": 2}'])
def test_a_damaged_plan_is_a_clear_error(tiny: Recipe, tmp_path: Path, content: str) -> None:
    new(tiny, tmp_path / "series")
    (tmp_path / "series" / "series.json").write_text(content)
    with pytest.raises(TenfoldError, match="damaged"):
        open_series(tmp_path / "series")


def test_a_series_that_was_stopped_before_its_plan_was_written_begins_again(
    tiny: Recipe, tmp_path: Path
) -> None:
    new(tiny, tmp_path / "series")
    (tmp_path / "series" / "series.json").unlink()
    again = new(tiny, tmp_path / "series")
    assert (again.count, again.first.seed) == (3, 5)


def test_a_last_seed_that_is_none_is_refused_at_once(tiny: Recipe, tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match="a seed is"):
        Series.begin(Run(tiny, 2**64 - 2, tmp_path / "series"), 3)
    assert not (tmp_path / "series").exists()


def test_another_run_in_the_first_seeds_place_is_not_adopted(tiny: Recipe, tmp_path: Path) -> None:
    create_run(Run(replace(tiny, epochs=7), 5, tmp_path / "series" / "seed-5"))
    with pytest.raises(TenfoldError, match="already holds a run"):
        new(tiny, tmp_path / "series")
    assert not (tmp_path / "series" / "series.json").exists()
