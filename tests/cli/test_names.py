"""Misspelt names, and arguments of another kind: the message says what is probably meant."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from .conftest import Tenfold


@pytest.fixture
def place(
    trained: Path, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The working directory, with a run, a series of two, data and an image."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(trained, "runs/001-mlp")
    for seed in (0, 1):
        shutil.copytree(trained, f"runs/002-mlp-seeds/seed-{seed}")
    Path("runs/002-mlp-seeds/series.json").write_text('{"first": 0, "count": 2}')
    shutil.copy(digits_file, "train.npz")
    Image.fromarray(np.load(digits_file)["images"][0, ..., 0]).save("7.png")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "message"),
    [
        # recipes
        ("train quik", "unknown recipe 'quik'. Did you mean quick? Choose from quick"),
        ("train LeNet5", "unknown recipe 'LeNet5'. Did you mean lenet?"),
        ("train ensembel", "unknown recipe 'ensembel'. Did you mean ensemble?"),
        ("recipes standart", "Did you mean standard?"),
        ("doctor --recipe mpl", "unknown recipe 'mpl'. Did you mean mlp?"),
        ("data label-errors --recipe lnet", "unknown recipe 'lnet'. Did you mean lenet?"),
        ("reproduce classic-adm", "'classic-adm'. Did you mean classic-adam?"),
        # paths in place of recipes
        ("train train.npz", "train.npz is a path, not a recipe: to train on it: --data train.npz"),
        ("train a.csv", "a.csv is a path, not a recipe: to train on it: --data a.csv"),
        ("train digits/new", "digits/new is a path, not a recipe"),
        ("train runs/001-mlp", "to continue it: tenfold train --resume runs/001-mlp"),
        ("train runs/002-mlp-seeds", "to continue it: tenfold train --resume runs/002-mlp-seeds"),
        # models
        ("predict standrad 7.png", "there is no file standrad. Did you mean standard?"),
        ("predict 001-mlp none.png", "there is no file 001-mlp. Did you mean runs/001-mlp?"),
        ("evaluate Standard", "Did you mean standard?"),
        ("evaluate runs/01-mlp", "Did you mean runs/001-mlp?"),
        ("robustness 001-mlp", "Did you mean runs/001-mlp?"),
        ("map runs/001-mpl", "Did you mean runs/001-mlp?"),
        ("show runs/001mlp", "Did you mean runs/001-mlp?"),
        ("submit stanard train.npz", "Did you mean standard?"),
        ("evaluate lenet", "lenet is a recipe: tenfold train lenet"),
        ("evaluate 7.png", "7.png is a picture, not a model"),
        ("show train.npz", "train.npz is a .npz archive, not a model"),
        # runs
        ("report runs/001-mpl", "there is no folder runs/001-mpl. Did you mean runs/001-mlp?"),
        ("compare 001-mlp", "there is no folder 001-mlp. Did you mean runs/001-mlp?"),
        ("train --resume runs/02-mlp-seeds", "Did you mean runs/002-mlp-seeds?"),
        ("doctor runs/001-mpl", "there is nothing at runs/001-mpl. Did you mean runs/001-mlp?"),
        ("report runs/none", "Train a run with tenfold train, or list all with tenfold runs."),
        # other kinds of arguments
        ("doctor mlp", "mlp is a recipe: to examine it: tenfold doctor --recipe mlp"),
        ("doctor standard", "standard is a recipe: to examine it: tenfold doctor --recipe"),
        ("doctor runs/001-mlp/model.safetensors", "model.safetensors is a model: doctor examines"),
        ("doctor runs/002-mlp-seeds", "examine one of them, such as runs/002-mlp-seeds/seed-0"),
        ("predict 7.png runs/001-mlp", "come before images: tenfold predict runs/001-mlp 7.png"),
        ("predict 7.png standard", "models come before images: tenfold predict standard 7.png"),
        ("evaluate standard --data runs/001-mlp", "This is the folder of a model: give the path"),
        ("data info runs/001-mlp", "This is the folder of a model: give the path of the images"),
        ("show standard --image train.npz", "train.npz is a .npz archive: --image takes one image"),
        (
            "train --data train.npz --out runs",
            "runs contains other runs, such as runs/001-mlp: choo",
        ),
        ("show standard --image=-1", "--image must be an index from 0 to 9999 or an image file"),
        ("show standard --image 1.5", "or an image file, got 1.5"),
        ("train --data train.npz --out runs/001-mlp/x", "runs/001-mlp/x is in the folder of anoth"),
        # one network of several
        (
            "report runs/002-mlp-seeds",
            "contains several runs: choose one of them, such as runs/002",
        ),
        ("doctor runs", "contains several runs: choose one of them, such as runs/001-mlp"),
        ("map runs/002-mlp-seeds", "contains 2 models, and map draws the stages of one network"),
        ("show runs/002-mlp-seeds", "such as runs/002-mlp-seeds/seed-0"),
    ],
)
def test_message_says_what_is_meant(
    tenfold: Tenfold, place: Path, command: str, message: str
) -> None:
    before = sorted(place.rglob("*"))
    answer = tenfold(*command.split())
    assert answer.code in (1, 2)
    assert answer.out == ""
    assert message in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert sorted(place.rglob("*")) == before


def test_run_without_its_configuration_is_named(tenfold: Tenfold, run_copy: Path) -> None:
    (run_copy / "config.json").unlink()
    answer = tenfold("doctor", run_copy)
    assert answer.code == 1
    assert f"{run_copy} contains files of a run (environment.json, records.jsonl" in answer.err
    assert "but no config.json, which describes the run: restore that file, or train" in answer.err


@pytest.mark.usefixtures("place")
def test_series_is_evaluated_as_an_ensemble_under_corruptions(tenfold: Tenfold) -> None:
    words = ("--data", "train.npz", "--images", 5, "--json")
    series = tenfold("robustness", "runs/002-mlp-seeds", *words)
    alone = tenfold("robustness", "runs/001-mlp", *words)
    assert series.code == 0
    assert series.out == alone.out  # its two models are equal to that of the run


@pytest.mark.usefixtures("place")
def test_a_series_without_its_first_run(tenfold: Tenfold) -> None:
    shutil.rmtree("runs/002-mlp-seeds/seed-0")
    answer = tenfold("evaluate", "runs/002-mlp-seeds", "--data", "train.npz")
    assert answer.code == 0, answer.err  # the others can still predict
    answer = tenfold("train", "--resume", "runs/002-mlp-seeds")
    assert answer.code == 1
    assert "is missing (runs/002-mlp-seeds/seed-0): restore it, or train a new" in answer.err


@pytest.mark.usefixtures("place")
def test_the_only_finished_run_of_a_series_is_drawn(tenfold: Tenfold) -> None:
    Path("runs/002-mlp-seeds/seed-0/metrics.json").unlink()
    assert tenfold("show", "runs/002-mlp-seeds").code == 0
    assert Path("runs/002-mlp-seeds/seed-1/pictures/weights.png").exists()
    words = ("--data", "train.npz", "--images", 5, "-o", "map.png")
    assert tenfold("map", "runs/002-mlp-seeds", *words).code == 0


@pytest.mark.parametrize("command", ["predict", "compare", "report", "show", "train", "member"])
def test_commands_in_messages_can_be_pasted(
    tenfold: Tenfold, run_copy: Path, digits_file: Path, command: str
) -> None:
    """Also for a folder whose name has a space."""
    folder = run_copy.rename(run_copy.with_name("my run"))
    (folder / "metrics.json").unlink()
    if command == "member":
        shutil.copytree(folder, folder.with_name("my series") / "seed-0")
        folder = folder.with_name("my series")
        (folder / "series.json").write_text('{"first": 0, "count": 1}')
    words: dict[str, tuple[object, ...]] = {
        "predict": ("predict", folder, "7.png"),
        "train": ("train", "mlp", "--data", digits_file, "--out", folder),
        "member": ("evaluate", folder),
    }
    answer = tenfold(*words.get(command, (command, folder)))
    assert answer.code == 1
    assert f"tenfold train --resume '{folder}'" in answer.err
