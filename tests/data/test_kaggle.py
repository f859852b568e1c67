"""MNIST as files of the competition."""

from pathlib import Path

import numpy as np
import pytest

from tenfold.data import (
    Dataset,
    kaggle_split,
    load_mnist,
    read_kaggle_csv,
    read_submission,
    write_kaggle,
)

PIXELS = ",".join(f"pixel{i}" for i in range(784))
FIRST = [7, 2, 9, 1, 5, 1, 5, 7, 4, 5, 0, 7]  # labels of seed 0, on any machine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MNIST, written in Kaggle's format."""
    folder = tmp_path_factory.mktemp("kaggle") / "made"
    paths = write_kaggle(folder)
    assert paths == (folder / "train.csv", folder / "test.csv", folder / "test-labels.csv")
    return folder


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
