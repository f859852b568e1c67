"""``tenfold runs`` lists run folders of every state."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

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


def test_a_folder_that_cannot_be_listed_is_named(
    tenfold: Tenfold, run_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = run_copy.parent / "closed"
    closed.mkdir()
    scandir = os.scandir

    def refuse(path: str | int) -> object:
        if not isinstance(path, int) and Path(path) == closed:  # it may be a file descriptor
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    answer = tenfold("runs", run_copy.parent)
    assert f"cannot list {closed}: Permission denied" in answer.err
    assert str(run_copy) in answer.out
