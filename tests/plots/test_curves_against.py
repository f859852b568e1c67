"""Curves against epochs, seconds and steps, and the mean curve of several seeds."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.plots import Over, draw_comparison, learning_curves, run_pictures
from tenfold.recipes import RECIPES
from tenfold.runs import Run
from tests.plots.pictures import assert_readable, epoch_records


@pytest.mark.parametrize(
    ("over", "label", "expected"),
    [
        ("epoch", "epoch", [1, 2, 3]),
        ("seconds", "seconds of training", [0, 1, 2]),
        ("step", "step", [430, 860, 1290]),
    ],
)
def test_x_axis_of_epochs_seconds_and_updates(over: Over, label: str, expected: list[int]) -> None:
    figure = learning_curves({"mlp": epoch_records(3)}, over=over)
    (axes,) = figure.axes
    assert axes.get_xlabel() == label
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == expected
    assert_readable(figure)


def test_the_mean_of_runs_under_one_name_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Any] = []

    def note(records: Any, keys: Any, **options: Any) -> Any:
        drawn.append((records, keys, options))
        return learning_curves(records)

    monkeypatch.setattr(run_pictures, "metric_curves", note)
    runs = []
    for loss in (1.0, 3.0):
        run = Run(RECIPES["mlp"], 0, tmp_path / str(loss))
        run.folder.mkdir()
        rows = [{"epoch": 1, "step": 4, "train_loss": loss, "train_accuracy": 0.5}]
        (run.folder / "records.jsonl").write_text("".join(json.dumps(row) for row in rows))
        runs.append(run)
    draw_comparison({"both": runs, "one": runs[0]}, tmp_path / "p.png", ["loss"], "step")
    [(records, keys, options)] = drawn
    assert [records[name][0]["train_loss"] for name in ("both", "one")] == [2.0, 1.0]
    assert (keys, options) == (("loss",), {"over": "step"})
