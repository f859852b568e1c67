"""Rows: what a run wrote down line by line, refused where it cannot be drawn."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.inspection import Row
from tenfold.runs.run import Run

__all__ = ["by_update", "can_be_drawn", "counts", "layer_rows"]

_A_CURVE = 3  # epochs make one

_NUMBERS = (
    *("mean", "deviation", "dead", "weight_rms", "gradient_rms", "update_ratio"),
    *("batch_loss", "batch_accuracy"),
)


def counts(value: object) -> bool:
    """Return whether a value is a whole number that counts something."""
    return isinstance(value, int) and 0 <= value < 2**53


def can_be_drawn(value: object) -> bool:
    """Return whether a value is a number that an axis can hold, or None."""
    if value is None:
        return True  # left out, as if it were not there
    return isinstance(value, int | float) and not 1e100 < abs(value) < math.inf


def layer_rows(run: Run) -> list[Row]:
    """Return what was seen inside a run's network; nothing if nobody looked.

    Raises:
        TenfoldError: if ``layers.jsonl`` is damaged, with the line.
    """
    rows: list[Any] = run.layers()
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not _is_of_a_layer(row):
            problem = "is of no layer at no step"
        elif not all(can_be_drawn(row.get(key)) for key in _NUMBERS):
            problem = "holds what is no number, or one beyond all reason"
        elif not _are_histograms(row.get("histograms", {})):
            problem = "holds what is no histogram"
        else:
            continue
        raise TenfoldError(
            f"{run.layers_file} is damaged (line {number} {problem}): restore it or train again"
        )
    return rows


def _is_of_a_layer(row: Row) -> bool:
    whole = all(counts(row.get(key)) for key in ("step", "layer", "images"))
    return whole and isinstance(row.get("name"), str)


def _are_histograms(histograms: object) -> bool:
    return isinstance(histograms, dict) and all(
        isinstance(parts, dict)
        and set(parts) == {"values", "updates"}
        and all(part is None or _is_histogram(part) for part in parts.values())
        for parts in histograms.values()
    )


def _is_histogram(part: object) -> bool:
    if not isinstance(part, dict) or set(part) != {"low", "high", "counts"}:
        return False
    low, high, bins = part["low"], part["high"], part["counts"]
    ends = all(isinstance(end, float) and abs(end) < 1e100 for end in (low, high))
    filled = isinstance(bins, list) and all(counts(count) for count in bins) and any(bins)
    return ends and low < high and filled


def by_update(records: Sequence[Mapping[str, Any]], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return what a curve is drawn from: the epoch records, or of a short run its batches.

    One or two epochs make no curve. Their training numbers are replaced by those of the batches at
    the watched steps, where there are any, each counted as an epoch of one update; validation
    stays where its epoch ended.
    """
    batches = [row for row in rows if "batch_loss" in row]
    if len(records) >= _A_CURVE or len(batches) < _A_CURVE:
        return list(map(dict, records))
    found: dict[int, dict[str, Any]] = {
        int(row["step"]): {"train_loss": row["batch_loss"], "train_accuracy": row["batch_accuracy"]}
        for row in batches
    }
    for record in records:
        held_out = {key: value for key, value in record.items() if key.startswith("validation_")}
        found.setdefault(int(record["step"]) - 1, {}).update(held_out)
    return [{"epoch": step, "step": step + 1, **found[step]} for step in sorted(found)]
