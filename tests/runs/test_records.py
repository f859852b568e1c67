"""Epoch records: the points of a curve, means over seeds, and last values."""

import json
from pathlib import Path
from typing import Any

import pytest

from tenfold.errors import TenfoldError
from tenfold.runs import curve_points, last_values, mean_records, metric_names
from tenfold.runs.records import read_records, upgrade_records

RECORDS: list[dict[str, Any]] = [
    {"epoch": 1, "step": 5, "train_loss": 2.0, "validation_loss": None, "cost": 0.5},
    {"epoch": 3, "step": 15, "train_loss": 1.0, "validation_loss": 1.5, "cost": 0.3},
]

RECORD = {"epoch": 1, "step": 20, "train_accuracy": 0.5, "validation_accuracy": 0.9}


def rows(*steps: int) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for step in steps:
        batch = {"batch_loss": 2.0 / (step + 1), "batch_accuracy": step / 20}
        made += [{"step": step, "layer": 1}, {"step": step, "layer": 2, **batch}]
    return made


def test_a_single_epoch_is_replaced_by_its_batches() -> None:
    drawn = curve_points([RECORD], rows(0, 9, 19))
    assert drawn == [
        {"epoch": 1, "step": 1, "train_loss": 2.0, "train_accuracy": 0.0},
        {"epoch": 10, "step": 10, "train_loss": 0.2, "train_accuracy": 0.45},
        {"epoch": 20, "step": 20, "train_loss": 0.1, "train_accuracy": 0.95}
        | {"validation_accuracy": 0.9},
    ]


def test_validation_values_stay_at_the_end_of_their_epoch() -> None:
    drawn = curve_points([RECORD | {"step": 15}], rows(0, 9, 19))
    assert [row["step"] for row in drawn] == [1, 10, 15, 20]
    assert drawn[2] == {"epoch": 15, "step": 15, "validation_accuracy": 0.9}


def test_records_are_kept_if_there_are_three_epochs_or_too_few_batches() -> None:
    three = [RECORD | {"epoch": epoch, "step": 20 * epoch} for epoch in (1, 2, 3)]
    assert curve_points(three, rows(0, 9, 19)) == three
    assert curve_points([RECORD], rows(0, 9)) == [RECORD]
    assert curve_points([RECORD], [{"step": 0, "layer": 1}] * 9) == [RECORD]


def test_mean_records_cover_the_epochs_that_all_runs_have() -> None:
    other: list[dict[str, Any]] = [
        {"epoch": 2, "step": 10, "train_loss": 9.0},
        {"epoch": 3, "step": 16, "train_loss": 2.0, "validation_loss": 2.5},
    ]
    assert mean_records([RECORDS, other]) == [
        {"epoch": 3, "step": 16, "train_loss": 1.5, "validation_loss": 2.0}
    ]
    assert mean_records([RECORDS])[1] == RECORDS[1]
    assert mean_records([]) == mean_records([RECORDS, []]) == []


def test_metric_names_and_last_values() -> None:
    assert metric_names([RECORDS, [{"epoch": 0, "step": 1, "seconds": 2.0, "r2": 0.1}]]) == [
        "cost",
        "loss",
        "r2",
    ]
    assert last_values(RECORDS, "loss") == {"train_loss": 1.0, "validation_loss": 1.5}
    assert last_values(RECORDS[:1], "loss") == {"train_loss": 2.0}
    assert last_values(RECORDS, "cost") == {"cost": 0.3}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"train_loss": 1.0}', "epoch must be an integer of at least 0, but it is missing"),
        ('{"epoch": 0, "step": 1e308}', "step must be an integer of at least 0"),
        ('{"epoch": -1, "step": 1}', "epoch must be an integer of at least 0, got -1"),
        ('{"epoch": 9007199254740992, "step": 1}', "epoch must be an integer"),
        (
            '{"epoch": 0, "step": 1, "train_accuracy": 1.5}',
            "train_accuracy must be a number from 0",
        ),
        (
            '{"epoch": 0, "step": 1, "validation_accuracy": Infinity}',
            "validation_accuracy must be a number from 0 to 1",
        ),
        (
            '{"epoch": 0, "step": 1, "last_batch_accuracy": NaN}',
            "last_batch_accuracy must be a number from 0",
        ),
        ("[]", "the record must be a JSON object, got list"),
        (
            '{"epoch": 0, "step": 1, "train_loss": "low"}',
            "train_loss must be a number of at most 1e100 or null, got 'low'",
        ),
        (
            '{"epoch": 0, "step": 1, "train_loss": -1e101}',
            r"train_loss must be a number of at most 1e100 or null, got -1e\+101",
        ),
    ],
)
def test_damaged_records_are_named_by_their_line(line: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"epoch": 0, "step": 1}\n' + line + "\n")
    message = rf"records\.jsonl is damaged: in line 2, {problem}.*Restore it or train again"
    with pytest.raises(TenfoldError, match=message):
        read_records(path)


def test_missing_and_non_finite_values_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"epoch": 4, "step": 5, "train_loss": NaN, "r2": null, "cost": Infinity}')
    [record] = read_records(path)
    assert record["cost"] == float("inf")
    assert record["r2"] is None
    assert read_records(tmp_path / "missing.jsonl") == []


def test_epochs_of_version_0_1_are_counted_from_1(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"epoch": 0, "step": 5}\n{"epoch": 50, "step": 255}\n')
    expected = [{"epoch": 1, "step": 5}, {"epoch": 51, "step": 255}]
    assert read_records(path) == expected
    for _ in range(2):  # the second time nothing changes
        upgrade_records(path)
        assert [json.loads(line) for line in path.read_text().splitlines()] == expected
        assert read_records(path) == expected
    upgrade_records(tmp_path / "missing.jsonl")
    assert not (tmp_path / "missing.jsonl").exists()
