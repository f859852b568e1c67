"""Series: one recipe with several random seeds."""

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


def test_summary_has_mean_and_standard_deviation_over_the_seeds(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
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
    file = tmp_path / "series" / "summary.json"
    assert json.loads(file.read_text()) == summary
    state = file.stat()
    assert series.summarise() == summary
    assert file.stat().st_ino == state.st_ino  # not written again: the folder may be read-only
    file.write_text("[")
    assert series.summarise() == summary
    assert json.loads(file.read_text()) == summary


def test_series_continues_with_the_missing_runs(tiny: Recipe, split: Split, tmp_path: Path) -> None:
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


def test_standard_deviation_of_one_seed_is_0(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    series = new(tiny, tmp_path / "series", count=1)
    finish(series, split, range(1))
    assert series.summarise()["test_accuracy_std"] == 0


def test_existing_series_raises(tiny: Recipe, tmp_path: Path) -> None:
    new(tiny, tmp_path / "series")
    with pytest.raises(TenfoldError, match="already contains a run or a series"):
        new(tiny, tmp_path / "series")


def test_folder_without_a_series_gives_none(tmp_path: Path) -> None:
    assert open_series(tmp_path) is None


@pytest.mark.parametrize("content", ["", "[]", '{"first": 5}', '{"first": "x", "count": 2}'])
def test_damaged_file_of_a_series_raises(tiny: Recipe, tmp_path: Path, content: str) -> None:
    new(tiny, tmp_path / "series")
    (tmp_path / "series" / "series.json").write_text(content)
    with pytest.raises(TenfoldError, match="damaged"):
        open_series(tmp_path / "series")


def test_series_interrupted_before_its_file_was_written_starts_again(
    tiny: Recipe, tmp_path: Path
) -> None:
    new(tiny, tmp_path / "series")
    (tmp_path / "series" / "series.json").unlink()
    again = new(tiny, tmp_path / "series")
    assert (again.count, again.first.seed) == (3, 5)


def test_last_seed_out_of_range_raises_at_once(tiny: Recipe, tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match="seed must be"):
        Series.begin(Run(tiny, 2**64 - 2, tmp_path / "series"), 3)
    assert not (tmp_path / "series").exists()


def test_other_run_in_the_folder_of_the_first_seed_raises(tiny: Recipe, tmp_path: Path) -> None:
    create_run(Run(replace(tiny, epochs=7), 5, tmp_path / "series" / "seed-5"))
    with pytest.raises(TenfoldError, match="already contains a run"):
        new(tiny, tmp_path / "series")
    assert not (tmp_path / "series" / "series.json").exists()
