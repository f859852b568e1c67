"""``tenfold train`` for a series of seeds, and for an ensemble."""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from tenfold.cli.shared import options, training
from tenfold.recipes import ENSEMBLES, RECIPES, EnsembleRecipe, apply_settings
from tenfold.runs import series

from .conftest import Tenfold

SMALL = ("mlp", "--set", "hidden=16", "--epochs", 1)


def test_series_prints_mean_and_standard_deviation(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "series"
    answer = tenfold("train", "--data", digits_file, "--out", out, "--seeds", 2, *SMALL)
    assert answer.code == 0, answer.err
    summary = json.loads((out / "summary.json").read_text())
    assert summary["seeds"] == [0, 1]
    assert f"{summary['test_accuracy_mean']:.3%} mean accuracy" in answer.out
    assert f"standard deviation {summary['test_accuracy_std']:.3%}, 2 seeds" in answer.out
    assert f"Saved in    {out}" in answer.out
    assert answer.err.splitlines() == ["mlp, seed 0 (1 of 2)", "mlp, seed 1 (2 of 2)"]


def test_summary_is_printed_as_json(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "series"
    command = ("train", "--data", digits_file, "--out", out, "--seeds", 2, "--seed", 7, *SMALL)
    printed = json.loads(tenfold(*command, "--json").out)
    assert printed["seeds"] == [7, 8]
    assert printed["folder"] == str(out)


def test_unfinished_series_is_resumed(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "series"
    tenfold("train", "--data", digits_file, "--out", out, "--seeds", 2, *SMALL)
    model = (out / "seed-1" / "model.safetensors").read_bytes()
    for name in ("metrics.json", "model.safetensors"):
        (out / "seed-1" / name).unlink()
    (out / "summary.json").unlink()
    answer = tenfold("train", "--resume", out)
    assert answer.code == 0, answer.err
    assert answer.err.splitlines() == ["mlp, seed 1 (2 of 2)"]
    assert (out / "seed-1" / "model.safetensors").read_bytes() == model
    assert (out / "summary.json").exists()


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop every training as if Ctrl-C was pressed at once."""
    monkeypatch.setattr(training, "stop_on_signal", lambda: nullcontext(lambda: True))


@pytest.mark.usefixtures("stopped")
def test_interrupted_series_prints_the_command_to_resume(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "my series"
    answer = tenfold("train", "--data", digits_file, "--out", out, "--seeds", 2, *SMALL)
    assert (answer.code, answer.out) == (130, "")
    assert answer.err.splitlines() == [
        "mlp, seed 0 (1 of 2)",
        f"Stopped and saved. Resume with: tenfold train --resume '{out}'",
    ]
    assert (out / "seed-0" / "checkpoint.safetensors").exists()
    assert not (out / "seed-1").exists()


@pytest.mark.usefixtures("stopped")
def test_interrupted_ensemble_is_not_measured(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENSEMBLES, "pair", EnsembleRecipe("pair", "two", {"linear": 1, "mlp": 1}))
    out = tmp_path / "pair"
    answer = tenfold("train", "pair", "--data", digits_file, "--out", out)
    assert (answer.code, answer.out) == (130, "")
    assert answer.err.splitlines() == [
        "linear, seed 0 (1 of 2)",
        "Stopped and saved. Resume with: the same command, with the same --out",
    ]
    assert not (out / "ensemble.json").exists()


def test_the_same_command_trains_nothing_twice_and_another_is_refused(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    command = ("train", "--data", digits_file, "--out", tmp_path / "series", "--seeds", 1, *SMALL)
    first = tenfold(*command)
    model = tmp_path / "series" / "seed-0" / "model.safetensors"
    written = model.stat().st_mtime_ns
    again = tenfold(*command)
    assert (again.code, again.out) == (first.code, first.out) == (0, again.out)
    assert model.stat().st_mtime_ns == written
    answer = tenfold(*command, "--seed", 4)
    assert answer.code == 1
    assert "contains another series" in answer.err


def test_resume_with_seeds_raises(tenfold: Tenfold, tmp_path: Path) -> None:
    answer = tenfold("train", "--resume", tmp_path, "--seeds", 3)
    assert answer.code == 2
    assert "cannot be combined with --seeds" in answer.err


def test_ensemble_trains_only_missing_members(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RECIPES, "small", apply_settings(RECIPES["mlp"], ["hidden=16", "epochs=1"]))
    monkeypatch.setitem(ENSEMBLES, "pair", EnsembleRecipe("pair", "two", {"small": 2}))
    command = ("train", "pair", "--data", digits_file, "--out", tmp_path / "pair")
    answer = tenfold(*command)
    assert answer.code == 0, answer.err
    assert "seed 1 (2 of 2)" in answer.err
    metrics = json.loads((tmp_path / "pair" / "ensemble.json").read_text())
    assert f"{metrics['test']['accuracy']:.2%} accuracy" in answer.out
    assert f"Saved in    {tmp_path / 'pair'}" in answer.out
    again = tenfold(*command, "--json")  # no member is missing
    assert (again.code, again.err) == (0, "")
    assert json.loads(again.out) == metrics | {"folder": str(tmp_path / "pair")}


def test_ensemble_with_settings_raises(tenfold: Tenfold) -> None:
    answer = tenfold("train", "ensemble", "--set", "epochs=1", "--seed", 3)
    assert answer.code == 2
    assert "cannot be combined with --seed, --set" in answer.err


def test_ensembles_are_listed_among_the_recipes(tenfold: Tenfold) -> None:
    assert ENSEMBLES["ensemble"].summary in tenfold("recipes").out
    assert json.loads(tenfold("recipes", "ensemble").out)["members"]
    assert "ensemble" in json.loads(tenfold("recipes", "--json").out)


def test_the_number_of_seeds_is_limited(tenfold: Tenfold, tmp_path: Path) -> None:
    assert options.MAX_SEEDS == series.MAX_SEEDS
    answer = tenfold("train", "mlp", "--seeds", 10**12, "--out", tmp_path / "series")
    assert answer.code == 2
    assert not list(tmp_path.iterdir())
    (tmp_path / "series").mkdir()
    (tmp_path / "series" / "series.json").write_text(f'{{"first": 0, "count": {2**63}}}')
    answer = tenfold("evaluate", tmp_path / "series")
    assert answer.code == 1
    assert "series.json is damaged: count must be an integer from 1 to 10000" in answer.err
