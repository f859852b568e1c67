"""Layer rows: what is read from ``layers.jsonl``, and the errors for damaged lines."""

import json
from pathlib import Path
from typing import Any

import pytest

from tenfold.errors import TenfoldError
from tenfold.inspection import LayerRow
from tenfold.runs.layer_rows import read_layer_rows

HISTOGRAM: dict[str, Any] = {"low": -0.5, "high": 1.0, "counts": [1, 0, 3]}
ROW: LayerRow = {
    "step": 0,
    "layer": 2,
    "name": "2 Dense",
    "images": 64,
    "mean": 0.2,
    "deviation": 1.0,
}


def written(path: Path, *rows: LayerRow) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_rows_are_read_and_a_missing_file_has_none(tmp_path: Path) -> None:
    parts = {"values": HISTOGRAM, "updates": None}
    rows = [ROW, ROW | {"dead": None, "mean": float("nan"), "histograms": {"weight": parts}}]
    assert str(read_layer_rows(written(tmp_path / "layers.jsonl", *rows))) == str(rows)
    assert read_layer_rows(tmp_path / "missing.jsonl") == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"step": -1}, "step must be an integer of at least 0, got -1"),
        ({"layer": 1.5}, "layer must be an integer"),
        ({"name": 3}, "name must be a string, got 3"),
        ({"images": None}, "images must be an integer"),
        ({"mean": "low"}, "mean must be a number of at most 1e100 or null, got 'low'"),
        ({"update_ratio": 1e200}, r"update_ratio must be a number of at most 1e100 .* 1e\+200"),
        ({"histograms": []}, "histograms must map each parameter"),
        ({"histograms": {"weight": {"values": None}}}, "histograms must map each parameter"),
        ({"histograms": {"weight": {"values": 3, "updates": None}}}, "histograms must map each"),
    ],
)
def test_damaged_rows_are_named_by_their_line(
    tmp_path: Path, change: LayerRow, problem: str
) -> None:
    path = written(tmp_path / "layers.jsonl", ROW, ROW | change)
    with pytest.raises(TenfoldError, match=rf"layers\.jsonl is damaged: in line 2, {problem}"):
        read_layer_rows(path)


@pytest.mark.parametrize(
    "change", [{"low": 1.0}, {"counts": []}, {"counts": [0, 0]}, {"counts": [-1, 2]}, {"low": None}]
)
def test_impossible_histograms_raise(tmp_path: Path, change: LayerRow) -> None:
    parts = {"values": HISTOGRAM | change, "updates": None}
    path = written(tmp_path / "layers.jsonl", ROW | {"histograms": {"weight": parts}})
    with pytest.raises(TenfoldError, match="histograms must map each parameter"):
        read_layer_rows(path)
