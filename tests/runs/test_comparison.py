"""Who is compared with whom, on which images, and what is made of several seeds' records."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.errors import TenfoldError, UsageError
from tenfold.evaluation import McNemar
from tenfold.files import write_json
from tenfold.recipes import Recipe, Split
from tenfold.runs import (
    Run,
    Series,
    compare_all,
    create_run,
    execute,
    last_values,
    mean_records,
    metric_names,
    open_contender,
    origin_of,
    read_answers,
)
from tenfold.runs.comparison import Pair

RECORDS: list[dict[str, Any]] = [
    {"epoch": 0, "step": 5, "train_loss": 2.0, "validation_loss": None, "cost": 0.5},
    {"epoch": 2, "step": 15, "train_loss": 1.0, "validation_loss": 1.5, "cost": 0.3},
]


def carried_out(recipe: Recipe, seed: int, split: Split, folder: Path) -> Run:
    run = create_run(Run(replace(recipe, epochs=1), seed, folder))
    for _ in execute(run, split):
        pass
    return run


def compared(one: Run, other: Run) -> Pair:
    [pair] = compare_all([open_contender(run.folder) for run in (one, other)])
    return pair


def test_two_seeds_are_compared_on_the_test_images(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    one, other = (carried_out(tiny, seed, split, tmp_path / str(seed)) for seed in (1, 2))
    pair = compared(one, other)
    assert isinstance(pair.test, McNemar)
    assert (pair.part, pair.images, pair.corrected) == ("test", 100, None)
    correct = [run.metrics()["test"]["correct"] for run in (one, other)]
    assert pair.test.only_first - pair.test.only_second == correct[0] - correct[1]
    assert pair.p == pair.test.p


def test_without_a_test_part_validation_decides(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    one = carried_out(tiny, 1, split, tmp_path / "one")
    other = carried_out(tiny, 2, replace(split, test=None), tmp_path / "other")
    assert compared(one, other).part == "validation"
    third = carried_out(tiny, 3, Split(split.train, None, None), tmp_path / "third")
    assert "no part was held out by both" in compared(one, third).words


def test_the_same_labels_may_stand_for_other_images(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    assert split.test is not None
    inverted = replace(split.test, images=255 - split.test.images)
    one = carried_out(tiny, 1, replace(split, validation=None), tmp_path / "one")
    other = carried_out(tiny, 1, Split(split.train, None, inverted), tmp_path / "other")
    answers = [read_answers(run) for run in (one, other)]
    assert answers[0] is not None
    assert answers[1] is not None
    np.testing.assert_array_equal(answers[0].labels, answers[1].labels)
    assert compared(one, other).test is None
    other.model.unlink()  # and with it what is known of its images, but for their labels
    assert compared(one, other).test is not None


def test_an_unfinished_run_is_no_contender(tiny: Recipe, tmp_path: Path) -> None:
    run = create_run(Run(tiny, 0, tmp_path / "run"))
    with pytest.raises(TenfoldError, match="unfinished run"):
        open_contender(run.folder)


@pytest.mark.parametrize("part", [5, {"accuracy": 0.9, "n": 100, "correct": 90}])
def test_results_that_are_not_whole_are_named(
    tiny: Recipe, split: Split, tmp_path: Path, part: object
) -> None:
    run = carried_out(tiny, 1, split, tmp_path / "run")
    write_json(run.folder / "metrics.json", run.metrics() | {"validation": part})
    with pytest.raises(TenfoldError, match=r"metrics\.json is damaged: its validation lacks some"):
        open_contender(run.folder)
    with pytest.raises(TenfoldError, match="is damaged"):
        origin_of(run.model)


def test_answers_of_a_part_that_is_not_there(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    run = carried_out(tiny, 1, replace(split, validation=None), tmp_path / "run")
    assert read_answers(run, "validation") is None
    found = read_answers(run, "test")
    assert found is not None
    assert len(found.labels) == 100


def test_the_mean_of_records_is_of_the_epochs_that_all_have() -> None:
    other: list[dict[str, Any]] = [
        {"epoch": 1, "step": 10, "train_loss": 9.0},
        {"epoch": 2, "step": 16, "train_loss": 2.0, "validation_loss": 2.5},
    ]
    assert mean_records([RECORDS, other]) == [
        {"epoch": 2, "step": 16, "train_loss": 1.5, "validation_loss": 2.0}
    ]
    assert mean_records([RECORDS])[1] == RECORDS[1]
    assert mean_records([]) == mean_records([RECORDS, []]) == []


def test_the_metrics_that_there_are_and_their_last_values() -> None:
    assert metric_names([RECORDS, [{"epoch": 0, "step": 1, "seconds": 2.0, "r2": 0.1}]]) == [
        "cost",
        "loss",
        "r2",
    ]
    assert last_values(RECORDS, "loss") == {"train_loss": 1.0, "validation_loss": 1.5}
    assert last_values(RECORDS[:1], "loss") == {"train_loss": 2.0}
    assert last_values(RECORDS, "cost") == {"cost": 0.3}


def test_a_run_is_not_compared_with_itself(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    run = carried_out(tiny, 1, split, tmp_path / "run")
    with pytest.raises(UsageError, match="named twice"):
        compared(run, run)


def test_seeds_that_all_come_to_the_same_tell_nothing_of_luck(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    contenders = []
    for name, correct in (("one", 90), ("other", 91)):
        series = Series.begin(Run(replace(tiny, epochs=1), 0, tmp_path / name), 2)
        for index in range(2):
            for _ in execute(series.run(index), split):
                pass
            metrics = series.run(index).metrics()
            metrics["test"] |= {"accuracy": correct / 100, "correct": correct}
            write_json(series.run(index).folder / "metrics.json", metrics)
        contenders.append(open_contender(series.folder))
    [pair] = compare_all(contenders)
    assert pair.test is None
    assert "neither varies over its seeds" in pair.words
