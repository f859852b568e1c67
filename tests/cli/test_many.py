"""``--jobs``: several runs at the same time; and ``tenfold tune``."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tenfold.recipes import ENSEMBLES, RECIPES, EnsembleRecipe
from tests.cli.conftest import Tenfold


def test_a_series_and_an_ensemble_on_processes_equal_those_of_one(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENSEMBLES, "pair", EnsembleRecipe("pair", "", {"linear": 2}))
    folders = [tmp_path / "one", tmp_path / "jobs"]
    for folder, options in zip(folders, ((), ("--jobs", "2")), strict=True):
        command = ("train", "pair", "--data", digits_file, "--out", folder, *options)
        assert tenfold(*command).code == 0
    one, jobs = ([*sorted(folder.rglob("model.safetensors"))] for folder in folders)
    assert len(one) == 2
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in jobs]
    again = tenfold("train", "pair", "--data", digits_file, "--out", folders[1], "--jobs", "2")
    assert (again.code, again.err) == (0, "")  # nothing is trained twice


def test_jobs_need_several_runs(tenfold: Tenfold, trained: Path) -> None:
    for arguments in (("train", "mlp"), ("train", "--resume", trained), ("train", "--profile")):
        answer = tenfold(*arguments, "--jobs", 2)
        assert (answer.code, answer.out) == (2, "")
        assert "several runs can be trained at the same time with --seeds N" in answer.err


def test_tune_prints_the_best_settings_as_a_command(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    pytest.importorskip("optuna", reason="no Optuna: pip install '.[cluster]'")
    command: tuple[object, ...] = ("tune", "linear", "--data", digits_file)
    command += ("--out", tmp_path / "t", "--trials", 2)
    command += ("--set", "learning_rate=0.001..0.1", "--set", "epochs=2")
    answer = tenfold(*command)
    assert answer.code == 0
    assert "Trials      2 complete" in answer.out
    assert (tmp_path / "t" / "settings.png").exists()
    result = json.loads(tenfold(*command, "--json").out)
    assert result["command"] in answer.out
    assert [row["validation"] for row in result["trials"]] == sorted(
        (row["validation"] for row in result["trials"]), reverse=True
    )
    best = f"{result['best']['settings']['learning_rate']:.4g}"
    assert f"schedule.learning_rate={best} " in result["command"]


def test_tune_refuses_settings_that_are_no_range(tenfold: Tenfold, tmp_path: Path) -> None:
    answer = tenfold("tune", "mlp", "--trials", 2, "--set", "epochs=2", "--out", tmp_path / "t")
    assert (answer.code, answer.out) == (2, "")
    assert "there is no setting to choose" in answer.err
    assert not (tmp_path / "t").exists()


def test_label_errors_on_processes_equal_those_of_one(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Few images are trained on for 20 times as many epochs.
    monkeypatch.setitem(RECIPES, "linear", replace(RECIPES["linear"], epochs=1))
    command = ("data", "label-errors", digits_file, "--folds", 2, "--recipe", "linear", "--json")
    alone = tenfold(*command)
    kept = (*command, "--keep", tmp_path / "kept")
    assert tenfold(*kept, "--jobs", 2).out == alone.out
    model = tmp_path / "kept" / "fold-1" / "model.safetensors"
    written = model.stat().st_mtime_ns
    again = tenfold(*kept)
    assert again.out == alone.out
    assert model.stat().st_mtime_ns == written
