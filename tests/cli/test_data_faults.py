"""Faults of data: three commands name them alike, and the printed lines of Python correct them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.nn.array import Array
from tenfold.recipes import ENSEMBLES, EnsembleRecipe
from tests.cli.conftest import Tenfold

TRAIN = ("train", "linear", "--epochs", 1, "--no-figures", "--set", "validation=0")


def scale_of_16(images: Array, labels: Array) -> Array:
    return np.rint(images * (16 / 255))


def background_of_30(images: Array, labels: Array) -> Array:
    return np.rint(30 + images * (185 / 255))


def grey_paper(images: Array, labels: Array) -> Array:
    return np.rint(100 - images * (90 / 255))


def partly_inverted(images: Array, labels: Array) -> Array:
    images[::4] = 255 - images[::4]
    return images


def partly_blank(images: Array, labels: Array) -> Array:
    images[:60] = 0
    return images


def repeated(images: Array, labels: Array) -> Array:
    images[100:], labels[100:] = images[:100], labels[:100]
    return images


FAULTS: dict[Callable[[Array, Array], Array], str] = {
    scale_of_16: "are not on the scale from 0 to 255: the brightest ink in",
    background_of_30: "images is not black: in",
    grey_paper: "are inverted, with dark ink on a light background: in",
    partly_inverted: "are inverted, with dark ink on a light background: in",
    partly_blank: "are blank:",
    repeated: "are exact copies of others among them:",
}


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.__name__)
def faulty(request: pytest.FixtureRequest, digits: Dataset, tmp_path: Path) -> tuple[Path, str]:
    """A file of digits with a fault, and what a warning says of it."""
    labels = digits.require_labels()[:200].copy()
    images = request.param(digits.images[:200].copy(), labels).astype(np.uint8)
    np.savez(tmp_path / "faulty.npz", images=images, labels=labels)
    return tmp_path / "faulty.npz", FAULTS[request.param]


def apply_printed_lines(text: str, fix: str) -> None:
    """Run the printed lines of Python, with the fix in place of the comment."""
    start = text.index("To apply a fix")
    lines = [line.strip() for line in text[start:].strip().splitlines()[1:]]
    lines[lines.index("# the fix")] = fix
    exec("\n".join(lines), {})


def test_lines_of_data_info_correct_the_data(
    faulty: tuple[Path, str],
    tenfold: Tenfold,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, words = faulty
    text = tenfold("data", "info", path).out
    assert "Notes" not in text
    [warning] = [line for line in text.splitlines() if line.startswith("- ")]
    assert words in warning
    monkeypatch.chdir(tmp_path)
    apply_printed_lines(text, warning.partition(" Fix: ")[2])
    assert "No faults found." in tenfold("data", "info", "fixed.npz").out
    assert tenfold("doctor", "fixed.npz").code == 0


def test_training_warns_of_the_same_faults(
    faulty: tuple[Path, str], tenfold: Tenfold, tmp_path: Path
) -> None:
    path, words = faulty
    answer = tenfold(*TRAIN, "--data", path, "--out", tmp_path / "run")
    assert answer.code == 0
    warning, hint = [line for line in answer.err.splitlines() if line][:2]
    assert warning.startswith("Warning: ")
    assert words in warning
    assert hint == f"How to apply a fix: tenfold doctor {path}"


def test_ensemble_warns_before_training(
    digits_file: Path, tenfold: Tenfold, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENSEMBLES, "alone", EnsembleRecipe("alone", "one", {"linear": 1}))
    with np.load(digits_file) as digits:
        np.savez(tmp_path / "low.npz", images=digits["images"] // 16, labels=digits["labels"])
    answer = tenfold("train", "alone", "--data", tmp_path / "low.npz", "--out", tmp_path / "out")
    assert answer.code == 0
    assert answer.err.startswith("Warning: the pixels of the training images are not on the scale")


def test_lines_of_the_doctor_correct_the_data(
    faulty: tuple[Path, str],
    tenfold: Tenfold,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, words = faulty
    text = tenfold("doctor", path).out
    assert words.partition(":")[0] in text
    [fix] = [line.partition("fix")[2] for line in text.splitlines() if line.startswith("  fix ")]
    monkeypatch.chdir(tmp_path)
    apply_printed_lines(text, fix.strip())
    assert tenfold("doctor", "fixed.npz").code == 0


@pytest.mark.parametrize("command", [("data", "info"), ("doctor",)])
def test_lines_work_without_labels(
    command: tuple[str, ...],
    digits: Dataset,
    tenfold: Tenfold,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    images = partly_blank(digits.images[:200].copy(), digits.require_labels())
    np.savez(tmp_path / "faulty.npz", images=images)
    text = tenfold(*command, tmp_path / "faulty.npz").out
    fix = text[text.index("keep = ") :].splitlines()[0]
    monkeypatch.chdir(tmp_path)
    apply_printed_lines(text, fix)
    assert "No faults found." in tenfold(*command, "fixed.npz").out


def test_training_warns_of_a_digit_without_images(
    digits: Dataset, tenfold: Tenfold, tmp_path: Path
) -> None:
    kept = digits.subset(np.flatnonzero(digits.require_labels() != 7)[:200])
    np.savez(tmp_path / "digits.npz", images=kept.images, labels=kept.require_labels())
    answer = tenfold(*TRAIN, "--data", tmp_path / "digits.npz", "--out", tmp_path / "run")
    assert "the training images have no digit 7, so a network cannot learn it" in answer.err


def test_training_prints_the_notes_of_the_reader(
    digits_file: Path, tenfold: Tenfold, tmp_path: Path
) -> None:
    with np.load(digits_file) as digits:
        images, labels = digits["images"], digits["labels"]
    np.savez(tmp_path / "a.npz", x_train=images, y_train=labels, x_val=images, y_val=labels)
    answer = tenfold(*TRAIN, "--data", tmp_path / "a.npz", "--out", tmp_path / "run")
    assert answer.code == 0
    assert "Note: unused validation data: 'x_val' and 'y_val'. Validation images" in answer.err
    assert "unused validation data" in tenfold("data", "info", tmp_path / "a.npz").out


def test_an_ensemble_without_labelled_data_leaves_no_folder(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    with np.load(digits_file) as archive:
        np.savez(tmp_path / "a.npz", images=archive["images"])
    answer = tenfold("train", "ensemble", "--data", tmp_path / "a.npz", "--out", tmp_path / "out")
    assert answer.code == 1
    assert "this data has no labels" in answer.err
    assert not (tmp_path / "out").exists()
