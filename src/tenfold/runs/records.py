"""The epoch records of a run: ``records.jsonl``, checked, and their means for comparisons."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Annotated, Any, TypeAlias

from tenfold.files import write_text
from tenfold.inspection import LayerRow
from tenfold.nn.arguments import checked
from tenfold.nn.mapping_rules import DictWith
from tenfold.runs.json_fields import is_number, wrong_count
from tenfold.runs.jsonl import read_checked_lines

__all__ = [
    "Records",
    "curve_points",
    "is_drawable",
    "last_values",
    "mean_records",
    "metric_names",
    "read_records",
    "records_with",
    "upgrade_records",
]

Records: TypeAlias = Sequence[Annotated[Mapping[str, Any], DictWith("epoch", "step")]]
"""The epoch records of a run: ``epoch`` and ``step``, integers, and further numbers or None."""

_COUNTED = ("epoch", "step")
_NOT_METRICS = {*_COUNTED, "seconds"}
_MIN_POINTS = 3  # least number of points of a curve


def read_records(path: Path) -> list[dict[str, Any]]:
    """Return the epoch records in a file; an empty list if there is no such file.

    Version 0.1 counted epochs from 0; such records are returned with epochs from 1.

    Raises:
        TenfoldError: If a line is not an object with the integers ``epoch`` and ``step``, or has
            values other than numbers and null. Null, NaN and infinity are allowed; plots leave
            them out. Accuracies must be from 0 to 1.
    """
    return _counted_from_1(read_checked_lines(path, "record", _problem))


def upgrade_records(path: Path) -> None:
    """Rewrite a file of version 0.1 with epochs from 1, before further records are appended.

    Raises:
        TenfoldError: If the file is damaged or cannot be written.
    """
    rows = read_checked_lines(path, "record", _problem)
    if rows and rows[0]["epoch"] == 0:
        lines = [json.dumps(row) + "\n" for row in _counted_from_1(rows)]
        write_text(path, "".join(lines))


def _counted_from_1(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return records with epochs from 1: if the first epoch is 0, add 1 to all of them."""
    if not rows or rows[0]["epoch"] > 0:
        return rows
    return [row | {"epoch": row["epoch"] + 1} for row in rows]


def _problem(row: Mapping[str, Any]) -> str:
    """Return what is wrong with a record; empty if nothing is."""
    if wrong := wrong_count(row, _COUNTED):
        return wrong
    for key, value in row.items():
        if not is_drawable(value):
            return f"{key} must be a number of at most 1e100 or null, got {value!r:.40}"
        if key.endswith("accuracy") and value is not None and not is_number(value, 0, 1):
            return f"{key} must be a number from 0 to 1 or null, got {value!r:.40}"
    return ""


def records_with(records: Records, *keys: str) -> list[Mapping[str, Any]]:
    """Return the records that have a number for each of the keys: neither missing nor null."""
    return [record for record in records if all(record.get(key) is not None for key in keys)]


def is_drawable(value: object) -> bool:
    """Return whether plots accept a value: a number up to 1e100, or None, NaN or infinity.

    Plots leave out None, NaN and infinity.
    """
    if value is None:
        return True
    return isinstance(value, int | float) and not 1e100 < abs(value) < math.inf


@checked
def curve_points(records: Records, rows: Sequence[LayerRow]) -> list[dict[str, Any]]:
    """Return the points of a training curve: the epoch records, or the batches of a short run.

    One or two epochs are too few for a curve. Then, if at least three steps were measured, their
    batches give the training values, and each step counts as an epoch. The validation values are
    at the last step of their epoch.

    Args:
        records: The epoch records of a run.
        rows: The layer rows of the same run.
    """
    batches = [row for row in rows if "batch_loss" in row]
    if len(records) >= _MIN_POINTS or len(batches) < _MIN_POINTS:
        return list(map(dict, records))
    points: dict[int, dict[str, Any]] = {
        int(row["step"]): {"train_loss": row["batch_loss"], "train_accuracy": row["batch_accuracy"]}
        for row in batches
    }
    for record in records:
        held_out = {key: value for key, value in record.items() if key.startswith("validation_")}
        points.setdefault(int(record["step"]) - 1, {}).update(held_out)
    return [{"epoch": step + 1, "step": step + 1, **points[step]} for step in sorted(points)]


@checked
def mean_records(runs: Sequence[Records]) -> list[dict[str, Any]]:
    """Return a record with the mean of every number, for each epoch that all runs have recorded.

    A number that is missing in one of the runs is left out. ``epoch`` and ``step`` stay integers.
    """
    by_epoch = [{row["epoch"]: row for row in rows} for rows in runs]
    shared = set[int].intersection(*map(set, by_epoch)) if runs else set[int]()
    return [_mean_record([rows[epoch] for rows in by_epoch]) for epoch in sorted(shared)]


def _mean_record(rows: Records) -> dict[str, Any]:
    averaged: dict[str, Any] = {}
    for key in rows[0]:
        values = [value for row in rows if (value := row.get(key)) is not None]
        if len(values) == len(rows):
            averaged[key] = max(values) if key in _COUNTED else mean(values)
    return averaged


@checked
def metric_names(runs: Sequence[Records]) -> list[str]:
    """Return the metrics that the records of any run contain: ``accuracy``, ``loss``, and so on."""
    keys = {key for records in runs for row in records for key in row}
    metrics = keys - _NOT_METRICS
    return sorted({key.removeprefix("train_").removeprefix("validation_") for key in metrics})


@checked
def last_values(records: Records, metric: str) -> dict[str, float]:
    """Return the last recorded values of a metric, such as ``train_loss`` and ``validation_loss``.

    A metric without a split, such as ``cost``, has a single value.
    """
    return {
        key: row[key]
        for key in (f"train_{metric}", f"validation_{metric}", metric)
        for row in records
        if row.get(key) is not None
    }
