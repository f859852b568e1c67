import gzip
from pathlib import Path

import numpy as np
import pytest

from tenfold.data.idx_files import find_idx_images, read_idx_pair
from tenfold.errors import TenfoldError
from tests.data.damage import digits, idx_bytes

IMAGES = digits(3)
LABELS = np.array([3, 0, 9], np.uint8)
QMNIST = np.array([[3, 1, 2, 40, 5, 6, 7, 8], [0] * 8, [9] * 8], np.int32)  # class, then origin

PAIRS = [
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"),
    ("emnist-digits-train-images-idx3-ubyte.gz", "emnist-digits-train-labels-idx1-ubyte.gz"),
    ("qmnist-train-images-idx3-ubyte.gz", "qmnist-train-labels-idx2-int.gz"),
]


def write(folder: Path, **files: bytes) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)


@pytest.mark.parametrize(("images", "labels"), PAIRS)
def test_published_names_are_paired(images: str, labels: str, tmp_path: Path) -> None:
    table = QMNIST if "idx2" in labels else LABELS
    write(tmp_path, **{images: idx_bytes(IMAGES), labels: idx_bytes(table)})
    write(tmp_path, **{"other-labels-idx1-ubyte": b"", "README": b""})
    assert find_idx_images(tmp_path, "train") == tmp_path / images
    assert find_idx_images(tmp_path, "test") is None
    data = read_idx_pair(tmp_path / images)
    assert np.array_equal(data.images[..., 0], IMAGES)
    assert data.require_labels().tolist() == [3, 0, 9]
    assert (data.name, data.notes) == (images, ())


@pytest.mark.parametrize("part", ["t10k", "test", "qmnist-test"])
def test_the_test_part_has_two_names(part: str, tmp_path: Path) -> None:
    write(tmp_path, **{f"{part}-images-idx3-ubyte": b"", "train-images-idx3-ubyte": b""})
    assert find_idx_images(tmp_path, "test") == tmp_path / f"{part}-images-idx3-ubyte"
    assert find_idx_images(tmp_path, "train") == tmp_path / "train-images-idx3-ubyte"


def test_copies_in_another_notation_count_once(tmp_path: Path) -> None:
    names = ("train-images-idx3-ubyte.gz", "train-images.idx3-ubyte", "train-images-idx3-ubyte")
    write(tmp_path, **dict.fromkeys(names, idx_bytes(IMAGES)))
    found = find_idx_images(tmp_path, "train")
    assert found is not None
    assert found.name == "train-images-idx3-ubyte"
    found.unlink()
    found.mkdir()  # as some archives unpack
    assert find_idx_images(tmp_path, "train") == tmp_path / "train-images-idx3-ubyte.gz"
    (tmp_path / "train-labels-idx1-ubyte").mkdir()
    write(tmp_path, **{"train-labels-idx1-ubyte.gz": idx_bytes(LABELS)})
    data = read_idx_pair(tmp_path / "train-images-idx3-ubyte.gz")
    assert data.require_labels().tolist() == [3, 0, 9]


def test_several_sets_raise(tmp_path: Path) -> None:
    sets = {f"emnist-{kind}-train-images-idx3-ubyte": b"" for kind in ("digits", "letters")}
    write(tmp_path, **sets)
    with pytest.raises(TenfoldError, match=r"several sets of train images: emnist-digits.*letters"):
        find_idx_images(tmp_path, "train")


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "pictures.idx"])
def test_images_without_a_labels_file_are_unlabelled_with_a_note(name: str, tmp_path: Path) -> None:
    write(tmp_path, **{name: idx_bytes(IMAGES)})
    data = read_idx_pair(tmp_path / name)
    assert data.labels is None
    assert "has no file of labels" in data.notes[0]


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (
            LABELS,
            IMAGES,
            r"images-idx3-ubyte must contain images, got labels \(an array of shape \(3,\)\)",
        ),
        (
            IMAGES,
            IMAGES,
            r"must contain labels, got images \(an array of shape \(3, 28, 28\)\)",
        ),
        (IMAGES, LABELS[:2], "3 images and 2 labels"),
        (IMAGES, LABELS + np.uint8(1), "number 3 of 3 is 10"),
        (IMAGES[:, 1:], LABELS, r"got \(3, 27, 28\)"),
    ],
)
def test_files_that_do_not_match_raise(
    images: np.ndarray, labels: np.ndarray, message: str, tmp_path: Path
) -> None:
    pair = {"train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels}
    write(tmp_path, **{name: idx_bytes(array) for name, array in pair.items()})
    with pytest.raises(TenfoldError, match=message):
        read_idx_pair(tmp_path / "train-images-idx3-ubyte")
