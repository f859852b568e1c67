"""Options of ``tenfold train``: settings by plain options, wrong options, threads, the profile."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.nn import Constant
from tenfold.recipes.architectures import MLP
from tenfold.runs import open_run

from .conftest import Tenfold


def test_plain_options_are_settings(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    given = ("mlp", "--data", digits_file, "--no-figures", "--epochs", 1)
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
    given = ("--data", digits_file, "--no-figures", "--epochs", 1, "--out", tmp_path / "run")
    options = ("--lr", 0.02, "--hidden", 16, "--set", "architecture=MLP", "--set")
    answer = tenfold("train", "lenet", *given, *options, "schedule=Constant")
    assert answer.code == 0, answer.err
    recipe = open_run(tmp_path / "run").recipe
    assert recipe.schedule == Constant(0.02)
    assert recipe.architecture == MLP((16,))


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


def test_invalid_seed_raises(tenfold: Tenfold, tmp_path: Path) -> None:
    for seed in (-1, 2**64, "x"):
        answer = tenfold("train", "--seed", seed, "--out", tmp_path / "run")
        assert answer.code == 2
        assert "Traceback" not in answer.err
    assert not list(tmp_path.iterdir())


def test_number_of_threads_does_not_change_the_model(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    small = ("--set", "layout=4c5-P-8", "--set", "batch_norm=true", "--no-figures")
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
    assert (
        "for one step on one thread, with 128 images (one of the 2 shards of a batch)" in answer.out
    )
    parts = json.loads(tenfold(*given, "--json").out)
    assert parts["images"] == 128
    assert [part["name"] for part in parts["parts"]][-2:] == ["loss", "optimizer"]
    assert not list(tmp_path.iterdir())


def test_a_batch_size_larger_than_the_data_is_named(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    given = ("--data", digits_file, "--no-figures", "--epochs", 1, "--out")
    answer = tenfold("train", "linear", "--batch-size", 1000, *given, tmp_path / "large")
    assert answer.code == 0
    assert (
        "Warning: the batch size, 1,000, is larger than the number of training images, 486, so "
        "each epoch is one step. For more steps: --batch-size 32" in answer.err
    )
    assert "batch_size" not in answer.err  # the library's warning, which says the same
    answer = tenfold("train", "linear", "--batch-size", 486, *given, tmp_path / "full")
    assert "the batch size" not in answer.err


def test_the_validation_part_of_the_data_is_chosen_by_an_option(
    tenfold: Tenfold, digits_file: Path, new_digits: Dataset, tmp_path: Path
) -> None:
    with np.load(digits_file) as arrays:
        own: dict[str, Any] = {"x_val": new_digits.images[:80]}
        own["y_val"] = new_digits.require_labels()[:80]
        np.savez(tmp_path / "a.npz", **arrays, **own)
    arguments = ("train", "linear", "--data", tmp_path / "a.npz", "--epochs", 1, "--no-pictures")
    answer = tenfold(*arguments, "--validation", "own", "--out", tmp_path / "run")
    assert "unused" not in answer.err
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert (metrics["validation"]["n"], metrics["train"]["n"], metrics["test"]["n"]) == (
        80,
        540,
        60,
    )
    assert "unused" not in tenfold("doctor", tmp_path / "run").out
    answer = tenfold(*arguments, "--validation", "0.5", "--out", tmp_path / "half")
    assert "(to use these, train with --validation own)" in answer.err
    metrics = json.loads((tmp_path / "half" / "metrics.json").read_text())
    assert metrics["validation"]["n"] == 270
    answer = tenfold(*arguments, "--validation", "most")
    assert answer.code == 2
    assert "validation must be a finite number of at least 0 or 'own', got 'most'" in answer.err
