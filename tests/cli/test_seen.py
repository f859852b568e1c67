"""Images that a model was trained on are named first, and left out of the figure that counts."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tenfold.models import load_model
from tenfold.runs import open_run

from .conftest import Tenfold


@pytest.fixture
def mixed(trained: Path, tmp_path: Path) -> tuple[Path, Dataset, int]:
    """A file of 50 images that the run was trained on and 30 that it was not."""
    run = open_run(trained)
    train = run.recipe.source.load(run.data).train
    new = load_mnist("test").subset(np.arange(30))
    images = np.concatenate([train.images[:50], new.images])
    labels = np.concatenate([train.require_labels()[:50], new.require_labels()])
    np.savez(tmp_path / "mixed.npz", images=images, labels=labels)
    return tmp_path / "mixed.npz", Dataset(images, labels), 50


def test_evaluate_says_so_first_and_gives_the_accuracy_on_the_others(
    tenfold: Tenfold, trained: Path, mixed: tuple[Path, Dataset, int]
) -> None:
    path, dataset, seen = mixed
    answer = tenfold("evaluate", trained, "--data", path)
    assert answer.err.startswith("Warning: 50 of the 80 images were used to train the model")
    assert answer.out.startswith("Images not used for training: ")
    metrics = json.loads(tenfold("evaluate", trained, "--data", path, "--json").out)
    predicted = load_model(trained / "model.safetensors").predict(dataset.images).digit
    correct = predicted[seen:] == dataset.require_labels()[seen:]
    assert metrics["unseen"]["n"] == 30
    assert metrics["unseen"]["correct"] == correct.sum()
    assert metrics["n"] == 80


def test_unknown_and_new_images_give_no_warning(
    tenfold: Tenfold, trained: Path, tmp_path: Path
) -> None:
    new = load_mnist("test").subset(np.arange(30))
    np.savez(tmp_path / "new.npz", images=new.images, labels=new.require_labels())
    answer = tenfold("evaluate", trained, "--data", tmp_path / "new.npz")
    assert answer.err == ""
    assert "not used" not in answer.out


@pytest.mark.usefixtures("empty_pictures")
def test_only_training_images_say_nothing_about_new_ones(
    tenfold: Tenfold, trained: Path, tmp_path: Path
) -> None:
    run = open_run(trained)
    train = run.recipe.source.load(run.data).train.subset(np.arange(20))
    np.savez(tmp_path / "old.npz", images=train.images, labels=train.require_labels())
    for command in (
        ("evaluate",),
        ("robustness", "--images", 5),
        ("map", "-o", tmp_path / "m.png"),
    ):
        answer = tenfold(command[0], trained, *command[1:], "--data", tmp_path / "old.npz")
        assert answer.err.startswith("Warning: all 20 images were used to train the model")


def test_robustness_and_map_leave_training_images_out(
    tenfold: Tenfold, trained: Path, mixed: tuple[Path, Dataset, int], tmp_path: Path
) -> None:
    path = mixed[0]
    answer = tenfold("robustness", trained, "--data", path, "--json")
    assert answer.err.startswith(
        "Warning: 50 of the 80 images were used to train the model and are"
    )
    assert json.loads(answer.out)["clean"]["n"] == 30
    picture = tmp_path / "map.png"
    answer = tenfold("map", trained, "--data", path, "-o", picture, "--json")
    assert len(json.loads(answer.out)["images"]) == 30


def _move_data(run: Path, data: Path) -> str:
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(config | {"data": str(data)}))
    return f"they are no longer at {data}"


def _damage_config(run: Path, data: Path) -> str:
    (run / "config.json").write_text("{}")
    return "config.json is damaged"


def _remove_config(run: Path, data: Path) -> str:
    (run / "config.json").unlink()
    return "their path is stored only in the run folder"


@pytest.mark.parametrize("spoil", [_move_data, _damage_config, _remove_config])
def test_unknown_training_images_are_named_with_the_reason(
    tenfold: Tenfold,
    run_copy: Path,
    new_file: Path,
    tmp_path: Path,
    spoil: Callable[[Path, Path], str],
) -> None:
    reason = spoil(run_copy, tmp_path / "gone.npz")
    for command in (
        ("evaluate", run_copy, "--data", new_file),
        ("evaluate", run_copy),
        ("robustness", run_copy, "--images", 5),
        ("map", run_copy, "-o", tmp_path / "m.png", "--images", 10),
    ):
        answer = tenfold(*command)
        assert answer.code == 0, answer.err
        assert answer.err.startswith("Warning: the training images of this model are unknown (")
        assert reason in answer.err
        assert "so the result may include images that were used for training" in answer.err
        assert reason in json.loads(tenfold(*command, "--json").out)["warning"]


def test_damaged_results_do_not_hide_which_images_were_seen(
    tenfold: Tenfold, run_copy: Path, mixed: tuple[Path, Dataset, int]
) -> None:
    (run_copy / "metrics.json").write_text("damaged")
    answer = tenfold("evaluate", run_copy, "--data", mixed[0])
    assert answer.err.startswith("Warning: 50 of the 80 images were used to train the model")


def test_an_ensemble_says_how_many_members_are_unknown(
    tenfold: Tenfold, trained: Path, run_copy: Path, mixed: tuple[Path, Dataset, int]
) -> None:
    (run_copy / "config.json").unlink()
    answer = tenfold("evaluate", trained, run_copy, "--data", mixed[0])
    first, second = answer.err.splitlines()
    assert first.startswith("Warning: 50 of the 80 images")
    assert second.startswith("Warning: the training images of 1 of the 2 models of this ensemble")


@pytest.mark.parametrize("command", ["evaluate", "robustness", "map"])
def test_missing_labels_are_the_only_message(
    tenfold: Tenfold, run_copy: Path, tmp_path: Path, command: str
) -> None:
    (run_copy / "config.json").unlink()
    np.savez(tmp_path / "images.npz", images=load_mnist("test").images[:20])
    answer = tenfold(command, run_copy, "--data", tmp_path / "images.npz")
    assert answer.code == 1
    assert answer.err.startswith("tenfold: this data has no labels")
