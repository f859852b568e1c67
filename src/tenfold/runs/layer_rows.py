"""The layer rows of a run: ``layers.jsonl``, checked."""

from pathlib import Path

from tenfold.inspection import LayerRow
from tenfold.runs.json_fields import MAX_EXACT, is_count, is_number, wrong_count
from tenfold.runs.jsonl import read_checked_lines
from tenfold.runs.records import is_drawable

__all__ = ["read_layer_rows"]

_COUNTS = ("step", "layer", "images")
_NUMBERS = (
    *("mean", "deviation", "dead", "weight_rms", "gradient_rms", "update_ratio"),
    *("batch_loss", "batch_accuracy"),
)


def read_layer_rows(path: Path) -> list[LayerRow]:
    """Return the rows of a ``LayerMonitor`` in a file; an empty list if the file is missing.

    Raises:
        TenfoldError: If a line has the wrong form; the message gives line, key and value.
    """
    return read_checked_lines(path, "row", _problem)


def _problem(row: LayerRow) -> str:
    """Return what is wrong with a row; empty if nothing is."""
    if wrong := wrong_count(row, _COUNTS):
        return wrong
    if not isinstance(row.get("name"), str):
        return f"name must be a string, got {row.get('name')!r:.40}"
    for key in _NUMBERS:
        if not is_drawable(row.get(key)):
            return f"{key} must be a number of at most 1e100 or null, got {row[key]!r:.40}"
    if not _are_histograms(row.get("histograms", {})):
        return 'histograms must map each parameter to histograms of "values" and "updates"'
    return ""


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
    if not all(isinstance(end, float) and is_number(end, -1e100, 1e100) for end in (low, high)):
        return False
    are_counts = isinstance(bins, list) and all(is_count(count, MAX_EXACT) for count in bins)
    return low < high and are_counts and any(bins)
