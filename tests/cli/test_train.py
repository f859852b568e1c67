import json
import shutil
import sys
from pathlib import Path
from shutil import which

import numpy as np
import pytest

from tenfold.report import page
from tenfold.report.sections import SECTIONS

from .conftest import Tenfold

SMALL = ("mlp", "--set", "hidden=16", "--epochs", 2, "--no-figures")


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
    assert f"Figures     {out}/pictures\nReport      {out}/report.html" in answer.out
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
        ("matplotlib", "figures and report are left out, since matplotlib is not installed"),
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
    assert "Figures" not in answer.out
    assert answer.err.splitlines() == [
        f"Note: {left_out}: in a checkout of tenfold, run make train or pip install '.[plots]'; "
        f"then tenfold train --resume '{out}' draws them"
    ]
    resumed = tenfold("train", "--resume", out, "--json")
    assert resumed.err == answer.err
    assert json.loads(resumed.out)["epochs"] == 1
    quiet = tenfold("train", "--resume", out, "--no-figures")
    assert quiet.err == ""


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
            tenfold("train", "linear", "--data", digits_file, "--epochs", 1, "--no-figures").code
            == 0
        )
    assert sorted(p.name for p in Path("runs").iterdir()) == ["001-linear", "002-linear"]


def test_divergence_gives_one_line(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    arguments = ("--data", digits_file, "--out", tmp_path / "run", "--set", "learning_rate=1e30")
    answer = tenfold("train", *arguments)
    assert answer.code == 1
    assert answer.err.startswith("tenfold: training diverged after 1 step: the loss")
    assert len(answer.err.strip().splitlines()) == 1


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


@pytest.mark.parametrize("as_json", [False, True])
def test_training_that_ends_at_chance_says_so(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, as_json: bool
) -> None:
    folder = tmp_path / "my run"
    words = ["train", "mlp", "--data", digits_file, "--hidden", 8, "--lr", "1e9", "--epochs", 1]
    answer = tenfold(*words, "--out", folder, "--no-figures", *["--json"] * as_json)
    assert answer.code == 0
    warning = (
        "Warning: the network is no better than a guess. The likely cause: the learning rate "
        f"(1e+09) is too high. To examine it: tenfold doctor '{folder}'\n"
    )
    assert answer.err == warning
    again = tenfold("train", "--resume", folder, "--no-figures", *["--json"] * as_json)
    assert again.err == warning


def test_series_that_ends_at_chance_says_so(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    words = ["train", "mlp", "--data", digits_file, "--hidden", 8, "--lr", "1e9", "--epochs", 1]
    answer = tenfold(*words, "--seeds", 2, "--out", tmp_path / "series")
    assert "Warning: 2 of the 2 runs are no better than a guess" in answer.err
    assert f"tenfold doctor {tmp_path / 'series' / 'seed-0'}" in answer.err
