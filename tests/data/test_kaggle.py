from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tenfold.data import (
    Dataset,
    kaggle,
    kaggle_split,
    load_mnist,
    read_kaggle_csv,
    read_submission,
    write_kaggle,
    write_submission,
)
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
FIRST = [7, 2, 9, 1, 5, 1, 5, 7, 4, 5, 0, 7]  # labels of seed 0, on any machine
SUBMISSION = b"ImageId,Label\n1,3\n2,0\n3,9\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MNIST, written in Kaggle's format."""
    folder = tmp_path_factory.mktemp("kaggle") / "made"
    paths = write_kaggle(folder)
    assert paths == (folder / "train.csv", folder / "test.csv", folder / "test-labels.csv")
    return folder


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
        (b"", r"the first line must be .* got '' \(1 columns\)"),
        (TRAIN.split(b"\n", 1)[1], r"first line must be .*\(785 columns\)"),
        (TRAIN.replace(b"pixel7,", b"pixel,"), r"first line must be 'label,pixel0,...,pixel783'"),
        (TRAIN.replace(b"label", b"index,label"), r"\(786 columns\)"),
        (SUBMISSION, r"got 'ImageId,Label' \(2 columns\)"),
        (TRAIN.replace(b"label", b"l\xe9bel"), "first line must be"),
        (
            TRAIN.replace(b"\n9,", b"\n9,9,"),
            "line 4: 786 columns, but the header has 785",
        ),
        (TRAIN.replace(b"\n9,", b"\n"), "line 4: 784 columns, but the header has 785"),
        (
            TRAIN.replace(b"\n0,0,", b"\n0,zero,"),
            "line 3, column 'pixel0': .* got 'zero'",
        ),
        (
            TRAIN.replace(b"\n0,0,", b"\n0,256,"),
            "'pixel0': .* from 0 to 255, got '256'",
        ),
        (TRAIN.replace(b"\n9,", b"\n10,"), "line 4, column 'label': .* from 0 to 9, got '10'"),
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


def test_the_split_is_a_permutation_of_mnist(mnist: Dataset) -> None:
    train, test = kaggle_split()
    assert (len(train), len(test)) == (42_000, 28_000)
    original, shuffled = (
        sorted(
            hash((label, image.tobytes()))
            for part in parts
            for image, label in zip(part.images, part.require_labels(), strict=True)
        )
        for parts in ((mnist, load_mnist("test")), (train, test))
    )
    assert original == shuffled
    assert train.require_labels()[:12].tolist() == FIRST
    assert kaggle_split(seed=1)[0].require_labels()[:12].tolist() != FIRST


def test_the_written_files_contain_the_split(folder: Path) -> None:
    train, test = kaggle_split()
    assert read_kaggle_csv(folder / "train.csv").fingerprint == train.fingerprint
    unlabelled = read_kaggle_csv(folder / "test.csv")
    assert unlabelled.labels is None
    assert np.array_equal(unlabelled.images, test.images)
    assert np.array_equal(read_submission(folder / "test-labels.csv"), test.require_labels())


def test_the_written_files_have_the_format_of_the_competition(folder: Path) -> None:
    for name, header, lines in [
        ("train.csv", f"label,{PIXELS}", 42_001),
        ("test.csv", PIXELS, 28_001),
    ]:
        content = (folder / name).read_bytes()
        assert content.startswith(header.encode() + b"\n")
        assert content.count(b"\n") == lines
        assert content.endswith(b"\n")
        assert not set(content[10_000:90_000]) - set(b"0123456789,\n")


def test_a_failure_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(table: Array) -> Iterator[bytes]:
        yield b"1,2,3\n"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kaggle, "format_table", fail)
    monkeypatch.setattr(
        kaggle, "kaggle_split", lambda seed: (Dataset(IMAGES[..., None], np.array(LABELS)),) * 2
    )
    with pytest.raises(TenfoldError, match="No space left"):
        write_kaggle(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_submission_is_written_in_the_format_of_the_competition(tmp_path: Path) -> None:
    write_submission(tmp_path / "file.csv", np.array(LABELS, np.uint8))
    assert (tmp_path / "file.csv").read_bytes() == SUBMISSION


@given(labels=arrays.arrays(np.int64, st.integers(1, 50), elements=st.integers(0, 9)))
def test_a_written_submission_is_read_back(labels: Array, scratch: Path) -> None:
    write_submission(scratch / "submission.csv", labels)
    result = read_submission(scratch / "submission.csv")
    assert np.array_equal(result, labels)
    assert result.dtype == np.int64


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros((3, 10)), r"got float64 of shape \(3, 10\).*argmax"),
        (np.zeros(3), "got float64"),
        (np.zeros(0, int), r"shape \(0,\)"),
        (np.array([1, 10]), "digits from 0 to 9, got 1 to 10"),
        (np.array([-1, 1]), "got -1 to 1"),
    ],
)
def test_wrong_labels_raise_and_write_nothing(labels: Array, message: str, tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match=message):
        write_submission(tmp_path / "file.csv", labels)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        SUBMISSION[:-1],
        SUBMISSION + b"\n",
        SUBMISSION.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + SUBMISSION,
        SUBMISSION.replace(b",", b", "),
    ],
)
def test_submissions_of_other_programs_are_read(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    assert read_submission(tmp_path / "file.csv").tolist() == LABELS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the first line of a submission must be 'ImageId,Label', got ''"),
        (b"1,3\n2,0\n", "got '1,3'"),
        (b"id,label\n1,3\n", "got 'id,label'"),
        (b"ImageId,Label\n", "has a header but no rows"),
        (b"ImageId,Label\n0,3\n", "line 2: the line must be '1,' and a digit, got '0,3'"),
        (b"ImageId,Label\n1,3\n3,0\n", "line 3: the line must be '2,' and a digit, got '3,0'"),
        (b"ImageId,Label\n1,3\n\n2,10\n", "line 4: .* got '2,10'"),
        (b"ImageId,Label\n1,3.0\n", "line 2: .* got '1,3.0'"),
        (b"ImageId,Label\n1,3,4\n", "line 2: .* got '1,3,4'"),
        (b"ImageId,Label\n1\n", "line 2: .* got '1'"),
        (b'ImageId,Label\n1,"3\n', "line 2: unexpected end"),
        (b"ImageId,Label\n1,\xff\n", "is not UTF-8 text"),
    ],
)
def test_a_wrong_submission_raises(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    with pytest.raises(TenfoldError, match=message) as error:
        read_submission(tmp_path / "file.csv")
    assert "file.csv" in str(error.value)


@settings(max_examples=100)
@given(damaged(SUBMISSION))
def test_any_bytes_give_a_submission_or_raise_tenfold_error(scratch: Path, content: bytes) -> None:
    labels = read_or_none(read_submission, scratch / "damaged.csv", content)
    assert labels is None or (labels.min() >= 0 and labels.max() <= 9)
