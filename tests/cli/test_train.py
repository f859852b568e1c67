import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from shutil import which

import numpy as np
import pytest

from tenfold.nn import Constant
from tenfold.recipes.architectures import MLP
from tenfold.report import page
from tenfold.report.sections import SECTIONS
from tenfold.runs import open_run

from .conftest import PROGRAM, Tenfold

SMALL = ("mlp", "--set", "hidden=16", "--epochs", 2, "--no-pictures")


def test_result_and_folder_are_printed(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    answer = tenfold("train", "--data", digits_file, "--out", out, *SMALL)
    assert answer.code == 0, answer.err
    metrics = json.loads((out / "metrics.json").read_text())
    assert f"{metrics['test']['accuracy']:.2%} accuracy" in answer.out
    assert str(out) in answer.out
    program = "tenfold" if which("tenfold") else f"{Path(sys.executable).name} -m tenfold"
    assert f"Next: {program} predict" in answer.out
    assert answer.err == ""  # no progress without a terminal


def test_pictures_and_report_are_written_to_the_run_folder(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "SECTIONS", SECTIONS[:2])  # the others are slow
    out = tmp_path / "run"
    answer = tenfold("train", "linear", "--data", digits_file, "--out", out, "--epochs", 2)
    assert f"Pictures    {out}/pictures\nReport      {out}/report.html" in answer.out
    assert ">Training</h2>" in (out / "report.html").read_text("utf-8")
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


@pytest.mark.parametrize(
    ("missing", "left_out"),
    [
        ("matplotlib", "pictures and report are left out, since matplotlib is not installed"),
        ("jinja2", "the report is left out, since Jinja2 is not installed"),
    ],
)
def test_training_says_what_was_left_out_and_how_to_get_it(
    tenfold: Tenfold,
    digits_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    left_out: str,
) -> None:
    monkeypatch.setattr("tenfold.plots.draw_run", lambda run, held_out: None)
    monkeypatch.setattr(
        "tenfold.cli.shared.training.find_spec", lambda name: None if name == missing else name
    )
    out = tmp_path / "my run"
    answer = tenfold("train", "linear", "--data", digits_file, "--out", out, "--epochs", 1)
    assert answer.code == 0
    assert not (out / "pictures").exists()
    assert not (out / "report.html").exists()
    assert "Pictures" not in answer.out
    assert answer.err.splitlines() == [
        f"Note: {left_out}: in a checkout of tenfold, run make train or pip install '.[plots]'; "
        f"then tenfold train --resume '{out}' draws them"
    ]
    resumed = tenfold("train", "--resume", out, "--json")
    assert resumed.err == answer.err
    assert json.loads(resumed.out)["epochs"] == 1
    quiet = tenfold("train", "--resume", out, "--no-pictures")
    assert quiet.err == ""


def test_plain_options_are_settings(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    given = ("mlp", "--data", digits_file, "--no-pictures", "--epochs", 1)
    plain = ("--lr", 0.02, "--batch-size", 64, "--hidden", "24,16", "--set", "dropout=0")
    settings = ("learning_rate=0.02", "batch_size=64", "hidden=24,16", "dropout=0")
    sets = [word for setting in settings for word in ("--set", setting)]
    assert tenfold("train", *given, *plain, "--out", tmp_path / "plain").code == 0
    assert tenfold("train", *given, *sets, "--out", tmp_path / "sets").code == 0
    for name in ("config.json", "model.safetensors"):
        contents = [(tmp_path / run / name).read_bytes() for run in ("plain", "sets")]
        assert contents[0] == contents[1]
    recipe = open_run(tmp_path / "plain").recipe
    assert (recipe.schedule.learning_rate, recipe.batch_size) == (0.02, 64)
    architecture = recipe.architecture
    assert isinstance(architecture, MLP)
    assert architecture.hidden == (24, 16)


def test_plain_options_change_the_objects_that_settings_choose(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    given = ("--data", digits_file, "--no-pictures", "--epochs", 1, "--out", tmp_path / "run")
    options = ("--lr", 0.02, "--hidden", 16, "--set", "architecture=MLP", "--set")
    answer = tenfold("train", "lenet", *given, *options, "schedule=Constant")
    assert answer.code == 0, answer.err
    recipe = open_run(tmp_path / "run").recipe
    assert recipe.schedule == Constant(0.02)
    assert recipe.architecture == MLP((16,))


def test_json_is_the_only_output(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    answer = tenfold("train", "--data", digits_file, "--out", out, "--json", "--seed", 3, *SMALL)
    printed = json.loads(answer.out)
    assert printed["folder"] == str(out)
    assert printed["seed"] == 3
    assert {"accuracy", "n", "interval95"} <= set(printed["test"])


def test_run_folders_are_numbered(
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
        (["no-such-recipe"], 2, "unknown recipe 'no-such-recipe'; choose from quick"),
        (["--set", "epoch=3"], 2, "Did you mean epochs?"),
        (["mlp", "--set", "hidden=0"], 2, "hidden[0] must be a whole number"),
        (["--data", "missing.csv"], 1, "missing.csv"),
        (["--resume", "missing"], 1, "there is no folder missing"),
        (["mlp", "--resume", "missing"], 2, "cannot be combined with recipe"),
        (["--epochs", "3", "--resume", "missing"], 2, "cannot be combined with --epochs"),
        (["--epochs", "3", "--set", " epochs =5"], 2, "are the same setting"),
        (["--lr", "1", "--set", "learning_rate=1"], 2, "--lr and --set learning_rate are the same"),
        (["--lr", "1", "--set", "schedule.learning_rate=1"], 2, "--set schedule.learning_rate are"),
        (
            ["mlp", "--hidden", "9", "--set", "hidden=9"],
            2,
            "--hidden and --set hidden are the same",
        ),
        (["--batch-size", "9", "--set", "batch_size=9"], 2, "--batch-size and --set batch_size"),
        (["--hidden", "64"], 2, "--set layout=16c5-P-32c3-P-128. Recipes with --hidden: mlp, "),
        (["mlp", "--hidden", "a"], 2, "hidden[0] must be a whole number"),
        (["mlp", "--hidden", "0"], 2, "hidden[0] must be a whole number"),
        (["mlp", "--lr", "nan"], 2, "learning_rate must be"),
        (["mlp", "--lr", "-1"], 2, "learning_rate must be"),
        (["--lr", "1", "--resume", "missing"], 2, "cannot be combined with --lr"),
        (["ensemble", "--hidden", "9"], 2, "cannot be combined with --hidden"),
        (["ensemble", "--batch-size", "9"], 2, "cannot be combined with --batch-size"),
        (["--set", "easy=0.5"], 2, "It is a setting of Selective: choose that first"),
        (["--set", "selective=Selective"], 2, "selective training needs at least 2 epochs"),
        (["--profile", "--seeds", "3"], 2, "cannot be combined with --seeds"),
        (["--profile", "--out", "x"], 2, "cannot be combined with --out"),
        (["--seed", str(2**64 - 1), "--seeds", "2"], 1, "seed must be a whole number"),
    ],
)
def test_invalid_option_gives_one_line_and_leaves_no_files(
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


def test_resuming_a_finished_run_prints_its_result(tenfold: Tenfold, run_copy: Path) -> None:
    answer = tenfold("train", "--resume", run_copy)
    assert answer.code == 0
    assert "already finished" in answer.out
    assert "accuracy" in answer.out


def test_divergence_gives_one_line(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    arguments = ("--data", digits_file, "--out", tmp_path / "run", "--set", "learning_rate=1e30")
    answer = tenfold("train", *arguments)
    assert answer.code == 1
    assert answer.err.startswith("tenfold: training diverged after 1 step: the loss")
    assert len(answer.err.strip().splitlines()) == 1


def test_interrupted_and_resumed_run_gives_the_same_bytes(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    options = ["mlp", "--data", str(digits_file), "--set", "hidden=16", "--epochs", "100"]
    options.append("--no-pictures")
    command = [*PROGRAM, "train", *options]
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
    _, error = child.communicate(timeout=60)
    assert child.returncode == 130
    assert f"Resume with: tenfold train --resume {broken}" in error
    assert not (broken / "metrics.json").exists()
    assert tenfold("train", "--resume", broken, "--no-pictures").code == 0
    assert tenfold("train", "--out", tmp_path / "whole", *options).code == 0
    models = [tmp_path / name / "model.safetensors" for name in ("broken", "whole")]
    assert models[0].read_bytes() == models[1].read_bytes()


def test_recipes_are_listed_and_printed(tenfold: Tenfold) -> None:
    listed = tenfold("recipes").out
    assert listed.startswith("quick ")
    assert "classic-two-layer-corrected" in listed
    shown = tenfold("recipes", "mlp", "--json").out
    assert json.loads(shown)["architecture"]["hidden"] == [128, 64]
    assert "Corrected:" in tenfold("recipes", "classic-adam-corrected").out
    assert set(json.loads(tenfold("recipes", "--json").out)) >= {"mlp", "linear", "classic-gd"}


def test_unknown_recipe_raises(tenfold: Tenfold) -> None:
    answer = tenfold("recipes", "nope")
    assert answer.code == 2
    assert "unknown recipe 'nope'" in answer.err


def test_invalid_seed_raises(tenfold: Tenfold, tmp_path: Path) -> None:
    for seed in (-1, 2**64, "x"):
        answer = tenfold("train", "--seed", seed, "--out", tmp_path / "run")
        assert answer.code == 2
        assert "Traceback" not in answer.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["classes=3"], "labels must be from 0 to 2"),
        (["patience=1", "source.validation=0"], "(patience) needs validation"),
    ],
)
def test_recipe_that_does_not_fit_the_data_leaves_no_folder(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, settings: list[str], message: str
) -> None:
    options = [word for setting in settings for word in ("--set", setting)]
    answer = tenfold("train", "--data", digits_file, "--out", tmp_path / "run", *options)
    assert answer.code == 1
    assert message in answer.err
    assert not (tmp_path / "run").exists()


def test_resume_with_seed_raises(tenfold: Tenfold, run_copy: Path) -> None:
    answer = tenfold("train", "--resume", run_copy, "--seed", 3)
    assert answer.code == 2
    assert "cannot be combined with --seed" in answer.err


def test_path_of_own_data_is_saved_as_absolute(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(digits_file.parent)
    tenfold("train", "--data", digits_file.name, "--out", tmp_path / "run", *SMALL)
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert config["data"] == str(digits_file.resolve())


def test_data_with_faults_gives_a_warning(tenfold: Tenfold, tmp_path: Path) -> None:
    path = tmp_path / "ones.npz"
    images = np.full((40, 28, 28), 9, np.uint8)
    images[:, 5:20, 5:20] = np.arange(40, dtype=np.uint8)[:, None, None] * 5
    np.savez(path, images=images, labels=np.ones(40, np.int64))
    answer = tenfold("train", "--data", path, "--out", tmp_path / "run", *SMALL)
    assert "Warning:" in answer.err


def test_run_without_test_images_is_trained_and_compared(
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


def test_number_of_threads_does_not_change_the_model(
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


def test_profile_times_each_layer_and_leaves_no_files(
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


def test_resume_of_a_finished_run_without_its_model_says_so(
    tenfold: Tenfold, run_copy: Path
) -> None:
    (run_copy / "model.safetensors").unlink()
    answer = tenfold("train", "--resume", run_copy)
    assert answer.code == 1
    assert "is finished, but its model file model.safetensors is missing" in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize("as_json", [False, True])
def test_training_that_ends_at_chance_says_so(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, as_json: bool
) -> None:
    folder = tmp_path / "my run"
    words = ["train", "mlp", "--data", digits_file, "--hidden", 8, "--lr", "1e9", "--epochs", 1]
    answer = tenfold(*words, "--out", folder, "--no-pictures", *["--json"] * as_json)
    assert answer.code == 0
    warning = (
        "Warning: the network is no better than a guess. The likely cause: the learning rate "
        f"(1e+09) is too high. To examine it: tenfold doctor '{folder}'\n"
    )
    assert answer.err == warning
    again = tenfold("train", "--resume", folder, "--no-pictures", *["--json"] * as_json)
    assert again.err == warning


def test_series_that_ends_at_chance_says_so(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    words = ["train", "mlp", "--data", digits_file, "--hidden", 8, "--lr", "1e9", "--epochs", 1]
    answer = tenfold(*words, "--seeds", 2, "--out", tmp_path / "series")
    assert "Warning: 2 of the 2 runs are no better than a guess" in answer.err
    assert f"tenfold doctor {tmp_path / 'series' / 'seed-0'}" in answer.err


@pytest.mark.parametrize("series", [False, True])
def test_resume_after_the_images_were_moved(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, series: bool
) -> None:
    old, new, folder = tmp_path / "old.npz", tmp_path / "new.npz", tmp_path / "run"
    shutil.copy(digits_file, old)
    seeds = ["--seeds", 2] * series
    words = ["train", "mlp", "--data", old, "--hidden", 8, "--epochs", 1, "--out", folder]
    assert tenfold(*words, *seeds, "--no-pictures").code == 0
    for metrics in folder.rglob("metrics.json"):  # as if it had been stopped
        metrics.unlink()
    old.rename(new)
    answer = tenfold("train", "--resume", folder, "--no-pictures")
    assert answer.code == 1
    assert f"the images of {folder} are no longer at {old}. If they were moved: " in answer.err
    assert f"tenfold train --resume {folder} --data NEW_PATH" in answer.err
    answer = tenfold("train", "--resume", folder, "--data", new, "--no-pictures")
    assert answer.code == 0, answer.err
    assert "accuracy" in answer.out
    assert tenfold("train", "--resume", folder, "--no-pictures").code == 0
