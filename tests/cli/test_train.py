import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from .conftest import Tenfold

SMALL = ("mlp", "--set", "hidden=16", "--epochs", 2, "--no-pictures")


def test_train_says_how_good_it_is_and_where_everything_is(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    answer = tenfold("train", "--data", digits_file, "--out", out, *SMALL)
    assert answer.code == 0, answer.err
    metrics = json.loads((out / "metrics.json").read_text())
    assert f"{metrics['test']['accuracy']:.2%} accuracy" in answer.out
    assert str(out) in answer.out
    assert "Next: tenfold predict" in answer.out
    assert answer.err == ""  # nobody looks, so no progress


def test_pictures_and_a_report_are_drawn_into_the_run_folder(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    answer = tenfold("train", "linear", "--data", digits_file, "--out", out, "--epochs", 2)
    assert f"Pictures    {out}/pictures\nReport      {out}/report.html" in answer.out
    assert "How it learned" in (out / "report.html").read_text("utf-8")
    assert sorted(path.name for path in (out / "pictures").iterdir()) == [
        "activations.png",
        "confidence.png",
        "confusion.png",
        "distributions.png",
        "gradients.png",
        "learning-curve.png",
        "loss.png",
        "misclassified.png",
        "sample-predictions.png",
        "schedule.png",
        "updates.png",
        "weights.png",
    ]


def test_without_matplotlib_a_run_is_finished_without_pictures(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenfold.cli.commands.train.find_spec", lambda name: None)
    out = tmp_path / "run"
    answer = tenfold("train", "linear", "--data", digits_file, "--out", out, "--epochs", 1)
    assert answer.code == 0
    assert not (out / "pictures").exists()
    assert "Pictures" not in answer.out


def test_json_is_one_document(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    answer = tenfold("train", "--data", digits_file, "--out", out, "--json", "--seed", 3, *SMALL)
    printed = json.loads(answer.out)
    assert printed["folder"] == str(out)
    assert printed["seed"] == 3
    assert {"accuracy", "n", "interval95"} <= set(printed["test"])


def test_folders_are_numbered_under_runs(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert (
            tenfold("train", "linear", "--data", digits_file, "--epochs", 1, "--no-pictures").code
            == 0
        )
    assert sorted(p.name for p in Path("runs").iterdir()) == ["001-linear", "002-linear"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["no-such-recipe"], 2, "there is no recipe 'no-such-recipe'; there are: quick"),
        (["--set", "epoch=3"], 2, "Did you mean epochs?"),
        (["mlp", "--set", "hidden=0"], 2, "hidden is a list of whole numbers"),
        (["--data", "missing.csv"], 1, "missing.csv"),
        (["--resume", "missing"], 1, "holds no run"),
        (["mlp", "--resume", "missing"], 2, "takes no recipe"),
        (["--epochs", "3", "--resume", "missing"], 2, "takes no --epochs"),
        (["--epochs", "3", "--set", " epochs =5"], 2, "say the same thing"),
        (["--set", "easy=0.5"], 2, "It belongs to Selective: choose that first"),
        (["--set", "selective=Selective"], 2, "selective needs at least two epochs"),
        (["--profile", "--seeds", "3"], 2, "takes no --seeds"),
        (["--profile", "--out", "x"], 2, "takes no --out"),
        (["--seed", str(2**64 - 1), "--seeds", "2"], 1, "a seed is a whole number"),
    ],
)
def test_misuse_is_one_sentence_and_leaves_nothing(
    tenfold: Tenfold,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = tenfold("train", *arguments)
    assert answer.code == code
    assert message in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert answer.out == ""
    assert not list(tmp_path.iterdir())


def test_resuming_a_finished_run_tells_its_result(tenfold: Tenfold, run_copy: Path) -> None:
    answer = tenfold("train", "--resume", run_copy)
    assert answer.code == 0
    assert "already finished" in answer.out
    assert "accuracy" in answer.out


def test_divergence_is_one_sentence(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    arguments = ("--data", digits_file, "--out", tmp_path / "run", "--set", "learning_rate=1e30")
    answer = tenfold("train", *arguments)
    assert answer.code == 1
    assert answer.err.startswith("tenfold: training cannot go on after 1 steps: its loss")
    assert len(answer.err.strip().splitlines()) == 1


def test_ctrl_c_saves_and_resume_ends_with_the_same_bytes(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    options = ["mlp", "--data", str(digits_file), "--set", "hidden=16", "--epochs", "400"]
    options.append("--no-pictures")
    command = [sys.executable, "-c", "from tenfold.cli.main import run; run()", "train", *options]
    broken = tmp_path / "broken"
    child = subprocess.Popen(
        [*command, "--out", str(broken), "--checkpoint-every", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (broken / "checkpoint.safetensors").exists():
        assert child.poll() is None
    os.kill(child.pid, signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    assert f"go on with: tenfold train --resume {broken}" in said
    assert not (broken / "metrics.json").exists()
    assert tenfold("train", "--resume", broken, "--no-pictures").code == 0
    assert tenfold("train", "--out", tmp_path / "whole", *options).code == 0
    models = [tmp_path / name / "model.safetensors" for name in ("broken", "whole")]
    assert models[0].read_bytes() == models[1].read_bytes()


def test_recipes_are_listed_and_shown(tenfold: Tenfold) -> None:
    listed = tenfold("recipes").out
    assert listed.startswith("quick ")
    assert "classic-two-layer-corrected" in listed
    shown = tenfold("recipes", "mlp", "--json").out
    assert json.loads(shown)["architecture"]["hidden"] == [128, 64]
    assert "Mended:" in tenfold("recipes", "classic-adam-corrected").out
    assert set(json.loads(tenfold("recipes", "--json").out)) >= {"mlp", "linear", "classic-gd"}


def test_an_unknown_recipe_is_named(tenfold: Tenfold) -> None:
    answer = tenfold("recipes", "nope")
    assert answer.code == 2
    assert "there is no recipe 'nope'" in answer.err


def test_a_seed_that_does_not_fit_is_refused(tenfold: Tenfold, tmp_path: Path) -> None:
    for seed in (-1, 2**64, "x"):
        answer = tenfold("train", "--seed", seed, "--out", tmp_path / "run")
        assert answer.code == 2
        assert "Traceback" not in answer.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["classes=3"], "labels run up to 9"),
        (["patience=1", "source.validation=0"], "patience needs validation"),
    ],
)
def test_what_cannot_work_leaves_no_folder(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, settings: list[str], message: str
) -> None:
    options = [word for setting in settings for word in ("--set", setting)]
    answer = tenfold("train", "--data", digits_file, "--out", tmp_path / "run", *options)
    assert answer.code == 1
    assert message in answer.err
    assert not (tmp_path / "run").exists()


def test_resume_takes_no_seed(tenfold: Tenfold, run_copy: Path) -> None:
    answer = tenfold("train", "--resume", run_copy, "--seed", 3)
    assert answer.code == 2
    assert "takes no --seed" in answer.err


def test_own_data_is_found_again_from_another_folder(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(digits_file.parent)
    tenfold("train", "--data", digits_file.name, "--out", tmp_path / "run", *SMALL)
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert config["data"] == str(digits_file.resolve())


def test_data_with_a_fault_is_warned_of(tenfold: Tenfold, tmp_path: Path) -> None:
    path = tmp_path / "ones.npz"
    images = np.full((40, 28, 28), 9, np.uint8)
    images[:, 5:20, 5:20] = np.arange(40, dtype=np.uint8)[:, None, None] * 5
    np.savez(path, images=images, labels=np.ones(40, np.int64))
    answer = tenfold("train", "--data", path, "--out", tmp_path / "run", *SMALL)
    assert "Warning:" in answer.err


def test_a_run_without_test_images_is_trained_and_compared(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    options = ("--data", digits_file, "--out", out, "--set", "test_share=0")
    answer = tenfold("train", *options, *SMALL)
    assert answer.code == 0
    assert "Test" not in answer.out
    assert "Validation" in answer.out
    other = shutil.copytree(out, tmp_path / "other")
    assert tenfold("compare", out, other).code == 0


def test_paths_with_spaces_are_quoted(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "my run"
    answer = tenfold("train", "--data", digits_file, "--out", out, *SMALL)
    assert f"predict '{out}' IMAGE..." in answer.out


def test_the_number_of_threads_changes_no_byte(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    small = ("--set", "layout=4c5-P-8", "--set", "batch_norm=true", "--no-pictures")
    for threads in (1, 2):
        out = tmp_path / str(threads)
        given = ("lenet", "--data", digits_file, "--out", out, "--threads", threads, *small)
        assert tenfold("train", *given).code == 0
    models = [(tmp_path / n / "model.safetensors").read_bytes() for n in "12"]
    assert models[0] == models[1]
    assert tenfold("train", "--threads", 0).code == 2


def test_a_profile_times_each_layer_and_leaves_nothing_behind(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = ("train", "lenet", "--profile", "--data", digits_file, "--set", "layout=4c5-P-8")
    answer = tenfold(*given)
    assert answer.code == 0, answer.err
    assert "1 ConvMaxPool" in answer.out
    assert "for a step of 128 images on one thread, one of the batch's 2 shards" in answer.out
    parts = json.loads(tenfold(*given, "--json").out)
    assert parts["images"] == 128
    assert [part["name"] for part in parts["parts"]][-2:] == ["loss", "optimizer"]
    assert not list(tmp_path.iterdir())
