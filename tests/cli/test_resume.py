"""``tenfold train --resume``: finished runs, and images that were moved.

Runs that were interrupted are resumed in test_interrupt.py.
"""

import shutil
from pathlib import Path

import pytest

from .conftest import Tenfold


@pytest.mark.usefixtures("quick_report")
def test_resuming_a_finished_run_prints_its_result(tenfold: Tenfold, run_copy: Path) -> None:
    answer = tenfold("train", "--resume", run_copy)
    assert answer.code == 0
    assert "already finished" in answer.out
    assert "accuracy" in answer.out


def test_resume_with_seed_raises(tenfold: Tenfold, run_copy: Path) -> None:
    answer = tenfold("train", "--resume", run_copy, "--seed", 3)
    assert answer.code == 2
    assert "cannot be combined with --seed" in answer.err


def test_resume_of_a_finished_run_without_its_model_says_so(
    tenfold: Tenfold, run_copy: Path
) -> None:
    (run_copy / "model.safetensors").unlink()
    answer = tenfold("train", "--resume", run_copy)
    assert answer.code == 1
    assert "is finished, but its model file model.safetensors is missing" in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize("series", [False, True])
def test_resume_after_the_images_were_moved(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, series: bool
) -> None:
    old, new, folder = tmp_path / "old.npz", tmp_path / "new.npz", tmp_path / "run"
    shutil.copy(digits_file, old)
    seeds = ["--seeds", 2] * series
    words = ["train", "mlp", "--data", old, "--hidden", 8, "--epochs", 1, "--out", folder]
    assert tenfold(*words, *seeds, "--no-figures").code == 0
    for metrics in folder.rglob("metrics.json"):  # as if it had been stopped
        metrics.unlink()
    old.rename(new)
    answer = tenfold("train", "--resume", folder, "--no-figures")
    assert answer.code == 1
    assert f"the images of {folder} are no longer at {old}. If they were moved: " in answer.err
    assert f"tenfold train --resume {folder} --data NEW_PATH" in answer.err
    answer = tenfold("train", "--resume", folder, "--data", new, "--no-figures")
    assert answer.code == 0, answer.err
    assert "accuracy" in answer.out
    assert tenfold("train", "--resume", folder, "--no-figures").code == 0
