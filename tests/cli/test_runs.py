"""``tenfold runs`` lists run folders of every state."""

import json
import shutil
from pathlib import Path

from tenfold.runs import open_run
from tenfold.runs.lock import locked

from .conftest import Tenfold


def test_runs_of_every_state_are_listed(tenfold: Tenfold, trained: Path, tmp_path: Path) -> None:
    root = tmp_path / "runs"
    names = ("a-finished", "b-training", "c-interrupted", "d-diverged", "deep/e-damaged")
    for name in names:
        shutil.copytree(trained, root / name)
    for name in names[1:4]:
        (root / name / "metrics.json").unlink()
    (root / "c-interrupted" / "model.safetensors").unlink()
    (root / "deep" / "e-damaged" / "config.json").write_text("{}")
    with locked(root / "b-training"):
        rows = json.loads(tenfold("runs", root, "--json").out)
        answer = tenfold("runs", root)
    assert [row["state"] for row in rows] == [name.partition("-")[2] for name in names]
    assert [row["folder"] for row in rows] == [str(root / name) for name in names]
    results = open_run(trained).results()
    assert results.test is not None
    assert rows[0]["test"] == results.test.accuracy
    assert rows[0]["epochs"] == rows[2]["epochs"] == 2
    lines = answer.out.splitlines()
    assert len(lines) == 6
    assert f"{results.test.accuracy:.2%}" in lines[1]
    assert "Warning" in answer.err
    assert "e-damaged" in answer.err


def test_an_empty_or_missing_folder_is_one_sentence(tenfold: Tenfold, tmp_path: Path) -> None:
    assert "contains no runs. Train one with: tenfold train" in tenfold("runs", tmp_path).out
    answer = tenfold("runs", tmp_path / "missing")
    assert answer.code == 2
    assert "is not a folder" in answer.err
