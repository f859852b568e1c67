"""Predictions: what is read from ``predictions.npz``, and the errors for damaged files."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES
from tenfold.runs import Run, read_predictions
from tests.data.damage import damaged, read_or_none

COUNT = 12
ARRAYS: dict[str, Array] = {
    "test_labels": (np.arange(COUNT) % 10).astype("u1"),
    "test_predicted": (np.arange(COUNT) % 7).astype("u1"),
    "test_confidence": np.linspace(0, 1, COUNT).astype("f4"),
}


def archive(arrays: dict[str, Array]) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return content.getvalue()


def run_with(folder: Path, arrays: dict[str, Array]) -> Run:
    (folder / "predictions.npz").write_bytes(archive(arrays))
    return Run(RECIPES["mlp"], 0, folder)


def test_predictions_are_read(tmp_path: Path) -> None:
    found = read_predictions(run_with(tmp_path, ARRAYS))
    assert found is not None
    assert found.part == "test"
    assert found.labels.dtype == found.predicted.dtype == np.dtype(np.int64)
    np.testing.assert_array_equal(found.labels, ARRAYS["test_labels"])
    np.testing.assert_array_equal(found.is_correct, np.arange(COUNT) < 7)
    np.testing.assert_array_equal(found.confidence, ARRAYS["test_confidence"])


def test_test_comes_before_validation(tmp_path: Path) -> None:
    validation = {name.replace("test", "validation"): array for name, array in ARRAYS.items()}
    run = run_with(tmp_path, ARRAYS | validation)
    found = [read_predictions(run, part) for part in (None, "test", "validation")]
    assert [one.part for one in found if one is not None] == ["test", "test", "validation"]
    run = run_with(tmp_path, validation)
    alone = read_predictions(run)
    assert alone is not None
    assert alone.part == "validation"
    assert read_predictions(run, "test") is None
    assert read_predictions(run_with(tmp_path, {})) is None


def test_predictions_belong_to_their_images(tmp_path: Path) -> None:
    found = read_predictions(run_with(tmp_path, ARRAYS))
    assert found is not None
    images = np.zeros((COUNT, 28, 28, 1), np.uint8)
    found.check(Dataset(images), tmp_path)
    found.check(Dataset(images, found.labels), tmp_path)
    with pytest.raises(TenfoldError, match=r"for 12 test images, but the 11 images in .* differ"):
        found.check(Dataset(images[1:]), tmp_path)
    with pytest.raises(
        TenfoldError, match=r"the 12 images in .* differ in number or in labels: use the data"
    ):
        found.check(Dataset(images, (found.labels + 1) % 10), tmp_path)


@pytest.mark.parametrize(
    ("name", "array", "problem"),
    [
        ("test_labels", np.full(COUNT, 10, np.uint8), "must be classes from 0 to 9"),
        ("test_predicted", np.zeros(COUNT), "test labels and predictions must be classes"),
        ("test_predicted", np.zeros(COUNT - 1, np.uint8), "must have the same shape"),
        ("test_labels", np.zeros((COUNT, 1), np.uint8), "must have the same shape"),
        ("test_confidence", np.full(COUNT - 1, 0.5), "must have the same shape"),
        ("test_confidence", np.full(COUNT, 1.5), "must be probabilities"),
        ("test_confidence", np.full(COUNT, np.nan), "must be probabilities"),
        ("test_confidence", np.array(["0.5"] * COUNT), "must be probabilities"),
    ],
)
def test_impossible_predictions_raise(
    name: str, array: Array, problem: str, tmp_path: Path
) -> None:
    run = run_with(tmp_path, ARRAYS | {name: array})
    with pytest.raises(TenfoldError, match=rf"predictions\.npz: .*{problem}.*Restore the file"):
        read_predictions(run)


def test_arrays_of_two_dimensions_raise(tmp_path: Path) -> None:
    run = run_with(tmp_path, {name: array[:, np.newaxis] for name, array in ARRAYS.items()})
    with pytest.raises(TenfoldError, match="must have the same shape"):
        read_predictions(run)


def test_a_missing_array_or_file_is_named(tmp_path: Path) -> None:
    run = run_with(tmp_path, {k: v for k, v in ARRAYS.items() if k != "test_confidence"})
    with pytest.raises(TenfoldError, match="test_confidence"):
        read_predictions(run)
    (tmp_path / "predictions.npz").unlink()
    with pytest.raises(TenfoldError, match=r"cannot read the predictions in .*predictions\.npz"):
        read_predictions(run)


@given(damaged(archive(ARRAYS)))
def test_damaged_files_are_read_whole_or_refused(scratch: Path, content: bytes) -> None:
    run = Run(RECIPES["mlp"], 0, scratch)
    read = read_or_none(lambda _: read_predictions(run), scratch / "predictions.npz", content)
    assert read is None or len(read.labels) == COUNT
