"""CSV files of images."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from tenfold.data import Dataset, kaggle_csv, read_kaggle_csv
from tenfold.data.kaggle_csv import write_kaggle_csv
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tests.data.damage import damaged, digits, read_or_none

PIXELS = ",".join(f"pixel{i}" for i in range(784))
IMAGES = digits(3)
LABELS = [3, 0, 9]
ROWS = [",".join(map(str, image.ravel())) for image in IMAGES]
LABELLED = [f"{label},{row}" for label, row in zip(LABELS, ROWS, strict=True)]
TRAIN = "\n".join([f"label,{PIXELS}", *LABELLED, ""]).encode()
TEST = "\n".join([PIXELS, *ROWS, ""]).encode()
SUBMISSION = b"ImageId,Label\n1,3\n"


def read(content: bytes, folder: Path) -> Dataset:
    (folder / "file.csv").write_bytes(content)
    return read_kaggle_csv(folder / "file.csv")


def test_training_and_test_files_are_read(tmp_path: Path) -> None:
    train, test = read(TRAIN, tmp_path), read(TEST, tmp_path)
    assert train.require_labels().tolist() == LABELS
    assert test.labels is None
    for data in (train, test):
        assert np.array_equal(data.images[..., 0], IMAGES)
        assert data.name == "file.csv"


@pytest.mark.parametrize(
    "content",
    [
        TRAIN[:-1],
        TRAIN + b"\n  \n\n",
        TRAIN.replace(b"\n", b"\r\n"),
        TRAIN.replace(b"\n", b"\r"),
        b"\xef\xbb\xbf" + TRAIN,
        TRAIN.replace(b",", b", "),
        TRAIN.replace(b",0,", b",0.0,"),
        b'"' + TRAIN[:-1].replace(b",", b'","').replace(b"\n", b'"\n"') + b'"\n',
        TRAIN.replace(b"label", b"Label"),
        TRAIN.replace(PIXELS.encode(), ",".join(f"pixel{i + 1}" for i in range(784)).encode()),
        TRAIN.replace(
            PIXELS.encode(),
            ",".join(f"{i}x{j}" for i in range(1, 29) for j in range(1, 29)).encode(),
        ),
    ],
)
def test_other_notations_give_the_same_data(content: bytes, tmp_path: Path) -> None:
    assert content != TRAIN
    assert read(content, tmp_path).fingerprint == read(TRAIN, tmp_path).fingerprint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty: export it again"),
        (b"\n \n", "is empty: export it again"),
        (TRAIN.replace(b"pixel7,", b"pixel,"), r"must be numbered .* but one is 'pixel'"),
        (
            TRAIN.replace(b"label", b"a,b"),
            "one of the columns 'a', 'b' beside the 784 pixels may be",
        ),
        (SUBMISSION, r"got 'ImageId,Label' \(2 columns\)"),
        (
            TRAIN.replace(b"\n9,", b"\n9,9,"),
            "line 4: 786 columns, but the first line has 785",
        ),
        (TRAIN.replace(b"\n9,", b"\n"), "line 4: 784 columns, but the first line has 785"),
        (
            TRAIN.replace(b"\n0,0,", b"\n0,zero,"),
            "line 3, column 'pixel0': .* got 'zero'",
        ),
        (
            TRAIN.replace(b"\n0,0,", b"\n0,256,"),
            "'pixel0': .* from 0 to 255, got '256'",
        ),
        (
            TRAIN.replace(b"\n9,", b"\n10,"),
            "file.csv: labels .* from 0 to 9, but number 3 of 3 is 10",
        ),
        (TRAIN.replace(b"\n9,", b"\n\xff,"), "line 4: not UTF-8"),
        (TRAIN.split(b"\n")[0], "has a header but no rows"),
        (TRAIN.split(b"\n")[0] + b"\n\n", "has a header but no rows"),
    ],
)
def test_a_wrong_file_raises_with_the_place(content: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match=message) as error:
        read(content, tmp_path)
    assert "file.csv" in str(error.value)


@settings(max_examples=100)
@given(damaged(TRAIN) | damaged(TEST))
def test_any_bytes_give_images_or_raise_tenfold_error(scratch: Path, content: bytes) -> None:
    data = read_or_none(read_kaggle_csv, scratch / "damaged.csv", content)
    assert data is None or data.images.shape[1:] == (28, 28, 1)


@pytest.mark.parametrize("content", [TRAIN, TEST])
def test_a_file_is_written_as_it_was_read(content: bytes, tmp_path: Path) -> None:
    write_kaggle_csv(tmp_path / "copy.csv", read(content, tmp_path))
    assert (tmp_path / "copy.csv").read_bytes() == content


def test_a_failure_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(table: Array) -> Iterator[bytes]:
        yield b"1,2,3\n"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kaggle_csv, "format_table", fail)
    with pytest.raises(TenfoldError, match="No space left"):
        write_kaggle_csv(tmp_path / "file.csv", Dataset(IMAGES[..., None], np.array(LABELS)))
    assert list(tmp_path.iterdir()) == []
