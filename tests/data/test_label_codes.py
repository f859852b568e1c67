"""Labels of other codes are refused by every reader, with advice that does not spoil them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import Dataset, load_dataset
from tenfold.data.label_codes import whole_numbers
from tenfold.errors import TenfoldError
from tests.data.damage import digits, idx_bytes

COUNT = 12
IMAGES = digits(COUNT)
FROM_ONE = "if it shows a 1, use labels % 10; if it shows a 0, use labels - 1"
LEAVE_OUT = "Leave out the images whose label is not a digit, or correct their labels"
CODES = {
    "1 to 10": ([1, 10, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1], FROM_ONE),
    "one 10 and no 0": ([1, 10, *[3] * 10], FROM_ONE),
    "0 to 10": ([0, 10, *[3] * 10], LEAVE_OUT),
    "characters": ([48, 57, *[50] * 10], "They are the character codes of the digits"),
    "EMNIST's letters": ([1, 26, *[14] * 10], "the letters A to Z in EMNIST's letters set"),
    "A to Z": ([0, 25, *[14] * 10], "if 0 to 25 are the letters A to Z, no image shows a digit"),
    "EMNIST balanced": ([0, 46, *[14] * 10], "keep the images with labels < 10"),
    "one wrong": ([0, 46, *[3] * 10], LEAVE_OUT),
    "far": ([0, 200, *[100] * 10], LEAVE_OUT),
}


def write_csv(folder: Path, labels: list[int], header: bool = True, point: str = "") -> Path:
    rows = [[label, *image.ravel()] for label, image in zip(labels, IMAGES, strict=True)]
    lines = [",".join(f"{value}{point}" for value in row) for row in rows]
    names = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    path = folder / "train.csv"
    path.write_text("\n".join([*[names] * header, *lines]) + "\n")
    return path


def write_npz(folder: Path, labels: list[int], dtype: type = int) -> Path:
    np.savez(folder / "a.npz", x=IMAGES, y=np.array(labels).astype(dtype))
    return folder / "a.npz"


def write_idx(folder: Path, labels: list[int]) -> Path:
    (folder / "train-images-idx3-ubyte").write_bytes(idx_bytes(IMAGES))
    (folder / "train-labels-idx1-ubyte").write_bytes(idx_bytes(np.array(labels, np.uint8)))
    return folder


def write_pictures(folder: Path, labels: list[int]) -> Path:
    for i, image in enumerate(IMAGES):
        Image.fromarray(image).save(folder / f"{i:05d}.png")
    rows = "".join(f"{i:05d}.png,{label}\n" for i, label in enumerate(labels))
    (folder / "labels.csv").write_text("file,label\n" + rows)
    return folder


WRITERS: dict[str, Callable[[Path, list[int]], Path]] = {
    "csv": write_csv,
    "csv without header": lambda folder, labels: write_csv(folder, labels, header=False),
    "csv of 12.0": lambda folder, labels: write_csv(folder, labels, point=".0"),
    "npz": write_npz,
    "npz of floats": lambda folder, labels: write_npz(folder, labels, float),
    "npz of strings": lambda folder, labels: write_npz(folder, labels, str),
    "idx": write_idx,
    "pictures with a table": write_pictures,
}


@pytest.mark.parametrize(
    ("writer", "code"),
    # without a header, such a column is not recognised as labels
    [(w, c) for w in WRITERS for c in CODES if (w, c) != ("csv without header", "far")],
)
def test_other_codes_are_refused_with_the_right_advice(
    writer: str, code: str, tmp_path: Path
) -> None:
    labels, advice = CODES[code]
    path = WRITERS[writer](tmp_path, labels)
    with pytest.raises(TenfoldError, match=r"from 0 to 9,") as caught:
        load_dataset(path)
    assert advice in str(caught.value)


def test_the_same_writers_are_read_with_digits(tmp_path: Path) -> None:
    labels = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5]
    for name, write in WRITERS.items():
        folder = tmp_path / name
        folder.mkdir()
        assert load_dataset(write(folder, labels)).require_labels().tolist() == labels, name


def test_a_label_of_10_among_0_to_9_is_never_taken_for_0() -> None:
    with pytest.raises(TenfoldError, match=r"number 3 of 12 is 10\. Leave out") as caught:
        Dataset(IMAGES[..., np.newaxis], np.array([0, 1, 10, *range(9)]))
    assert "labels % 10" not in str(caught.value)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.array([True, False] * 6), "got bool .*Save the digit of each image, as a whole number"),
        (np.full((12, 10), 0.1), "save labels.argmax"),
        (np.array([0.5] * 12), "must be whole numbers, got 0.5. If they were scaled"),
        (np.array([np.nan] * 12), "got nan at index 0 .and 11 more.. Leave out"),
        (np.array([2**63] * 12, np.uint64), "got 9.22337e.18 at index 0"),
        (np.array(["A"] * 12), "got 'A'. To use ten letters as classes, number them from 0 to 9"),
        (np.array(["A", "10"] * 6), "got 'A'. Leave out the images"),
    ],
)
def test_labels_that_are_no_numbers_are_refused(
    labels: np.ndarray, message: str, tmp_path: Path
) -> None:
    np.savez(tmp_path / "a.npz", x=IMAGES, y=labels)
    with pytest.raises(TenfoldError, match=message):
        load_dataset(tmp_path / "a.npz")


def test_labels_in_one_row_are_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=IMAGES, y=np.arange(12).reshape(1, 12) % 10)
    assert load_dataset(tmp_path / "a.npz").require_labels().tolist() == [*range(10), 0, 1]


def test_labels_last_in_a_csv_file_without_header(tmp_path: Path) -> None:
    rows = [[*image.ravel(), label] for label, image in enumerate(IMAGES[:10], 1)]
    path = tmp_path / "train.csv"
    path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    with pytest.raises(TenfoldError, match=r"number 10 of 10 is 10\. Either 10 means 0, or"):
        load_dataset(path)


@pytest.mark.parametrize(
    ("side", "message"), [(28, "784 pixels and perhaps ten columns of one-h"), (16, "Semeion")]
)
@pytest.mark.parametrize("header", [True, False])
def test_one_hot_columns_of_a_csv_file_are_named(
    header: bool, side: int, message: str, tmp_path: Path
) -> None:
    pixels = IMAGES[:, :side, :side].reshape(COUNT, -1)
    table = np.column_stack([pixels, np.eye(10, dtype=int)[np.arange(COUNT) % 10]])
    names = [*(f"pixel{i}" for i in range(side * side)), *(f"digit{i}" for i in range(10))]
    rows = [*[names] * header, *table.tolist()]
    (tmp_path / "semeion.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    with pytest.raises(TenfoldError, match=message):
        load_dataset(tmp_path / "semeion.csv")


def test_labels_divided_with_the_pixels_are_refused(tmp_path: Path) -> None:
    rows = [[label / 255, *(image.ravel() / 255)] for label, image in enumerate(IMAGES[:9])]
    path = tmp_path / "train.csv"
    names = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    path.write_text(names + "\n" + "".join(",".join(map(repr, map(float, r))) + "\n" for r in rows))
    with pytest.raises(TenfoldError, match=r"got 0\.00392.*divided like the pixels, export"):
        load_dataset(path)


def test_whole_numbers_in_strings() -> None:
    numbers = whole_numbers(["10", " -1", "007"])
    assert numbers is not None
    assert numbers.tolist() == [10, -1, 7]
    for words in (["10", "x"], ["1.5"], [""], ["--1"], ["9" * 30], ["\u0661"]):
        assert whole_numbers(words) is None
