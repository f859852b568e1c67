"""Look-alikes of sets that are related to MNIST: read, or refused with what they are."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import Dataset, load_dataset
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tests.data.damage import digits, idx_bytes

IMAGES = digits(6)
LABELS = np.array([3, 0, 9, 1, 4, 7])


def table(labels: Array | None, images: Array, header: str | None, separator: str = ",") -> str:
    flat = images.reshape(len(images), -1)
    rows = flat if labels is None else np.column_stack([labels, flat])
    lines = [separator.join(f"{value:g}" for value in row) for row in rows]
    return "\n".join([*([] if header is None else [header]), *lines]) + "\n"


def named(first: str, start: int = 0) -> str:
    return ",".join([first, *(f"pixel{i}" for i in range(start, 784 + start))])


def test_fashion_and_kannada_csv_files_are_read_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "a" / "fashion-mnist_train.csv"
    path.parent.mkdir()
    path.write_text(table(LABELS, IMAGES, named("label", 1)))
    data = load_dataset(path)
    assert np.array_equal(data.images[..., 0], IMAGES)
    assert "Fashion-MNIST, whose labels are kinds of clothes" in data.notes[-1]
    folder = tmp_path / "b" / "Kannada-MNIST"
    folder.mkdir(parents=True)
    (folder / "train.csv").write_text(table(LABELS, IMAGES, named("label")))
    (folder / "test.csv").write_text(table(np.arange(6), IMAGES, named("id")))
    (folder / "sample_submission.csv").write_text("id,label\n0,0\n")
    assert load_dataset(folder).require_labels().tolist() == LABELS.tolist()
    test = load_dataset(folder, "test")
    assert test.labels is None
    assert np.array_equal(test.images[..., 0], IMAGES)
    assert test.notes[0] == "the column 'id' was left out"
    assert "Kannada" in test.notes[1]


def test_images_that_do_not_resemble_their_labels_get_a_note(
    mnist: Dataset, tmp_path: Path
) -> None:
    part = mnist.subset(slice(100))
    np.savez(tmp_path / "a.npz", x=part.images, y=part.require_labels())
    assert load_dataset(tmp_path / "a.npz").notes == ()
    noise = np.stack([np.roll(part.images[i], 14, axis=0) for i in range(100)])
    np.savez(tmp_path / "b.npz", x=noise, y=part.require_labels())
    assert "do not resemble MNIST's digits" in load_dataset(tmp_path / "b.npz").notes[0]


def test_emnist_digits_without_header_are_set_upright(mnist: Dataset, tmp_path: Path) -> None:
    part = mnist.subset(slice(60))
    path = tmp_path / "emnist-digits-train.csv"
    path.write_text(table(part.require_labels(), part.images[..., 0].swapaxes(1, 2), None))
    assert load_dataset(path).fingerprint == part.fingerprint


def test_emnist_balanced_and_letters_are_refused(tmp_path: Path) -> None:
    labels = np.array([36, 0, 9, 1, 46, 7])
    (tmp_path / "emnist-balanced-train.csv").write_text(table(labels, IMAGES, None))
    with pytest.raises(TenfoldError, match=r"from 0 to 9, but number 1 of 6 is 36 .*letters"):
        load_dataset(tmp_path / "emnist-balanced-train.csv")
    (tmp_path / "emnist-letters-train-images-idx3-ubyte").write_bytes(idx_bytes(IMAGES))
    (tmp_path / "emnist-letters-train-labels-idx1-ubyte").write_bytes(
        idx_bytes(labels.astype(np.uint8))
    )
    with pytest.raises(TenfoldError, match=r"number 1 of 6 is 36 .*letters"):
        load_dataset(tmp_path)


def test_qmnist_label_tables_are_read(tmp_path: Path) -> None:
    rows = np.column_stack([LABELS, *[np.arange(6) + 30] * 7]).astype(np.int32)
    (tmp_path / "qmnist-train-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_bytes(IMAGES)))
    (tmp_path / "qmnist-train-labels-idx2-int.gz").write_bytes(gzip.compress(idx_bytes(rows)))
    assert load_dataset(tmp_path).require_labels().tolist() == LABELS.tolist()


@pytest.mark.parametrize(
    ("side", "scale", "message"),
    [
        (
            16,
            lambda x: x / 127.5 - 1,
            r"257 columns: images of 16 x 16 .*USPS.*normalize_like_mnist\(image\)",
        ),
        (
            8,
            lambda x: x // 16,
            r"65 columns: images of 8 x 8 .*scikit-learn.*normalize_like_mnist\(image\)",
        ),
        (32, lambda x: x, r"1025 columns: images of 32 x 32 .*normalize_like_mnist\(image\)"),
    ],
)
@pytest.mark.parametrize("separator", [" ", ",", "\t"])
def test_tables_of_other_sizes_say_what_they_are(
    side: int, scale: Callable[[Array], Array], message: str, separator: str, tmp_path: Path
) -> None:
    images = scale(np.resize(IMAGES, (6, side, side)).astype(float))
    (tmp_path / "zip.train").write_text(table(LABELS, images, None, separator))
    with pytest.raises(TenfoldError, match=message):
        load_dataset(tmp_path / "zip.train")


def test_svhn_usps_and_cifar_files_are_named(tmp_path: Path) -> None:
    files = {
        "train_32x32.mat": (b"MATLAB 5.0 MAT-file, Platform: ", "a MATLAB file.*loadmat"),
        "usps.h5": (b"\x89HDF\r\n\x1a\n" + bytes(90), "an HDF5 file.*h5py"),
        "data_batch_1": (b"\x80\x02}q\x01(U\x0bbatch_labelq\x02", "a part of CIFAR"),
    }
    for name, (content, message) in files.items():
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        (folder / name).write_bytes(content)
        with pytest.raises(TenfoldError, match=f"is {message}"):
            load_dataset(folder / name)
        with pytest.raises(TenfoldError, match=f"is {message}"):
            load_dataset(folder)


def test_folders_of_letters_are_refused(tmp_path: Path) -> None:
    for letter in "ABCDEFGHIJ":
        (tmp_path / "notMNIST_small" / letter).mkdir(parents=True)
        Image.fromarray(IMAGES[0]).save(tmp_path / "notMNIST_small" / letter / "a.png")
    for folder in (tmp_path, tmp_path / "notMNIST_small"):
        with pytest.raises(TenfoldError, match=r"subfolders named by letters .*rename their fold"):
            load_dataset(folder)


def test_deeplearning_net_pixels_of_256_levels_are_read(tmp_path: Path) -> None:
    flat = (IMAGES.reshape(6, 784) / 256).astype(np.float32)
    np.savez(tmp_path / "mnist.npz", x_train=flat, y_train=LABELS)
    assert np.array_equal(load_dataset(tmp_path / "mnist.npz").images[..., 0], IMAGES)


def test_colour_pictures_of_digits_are_read(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.fromarray(IMAGES[0]).convert("RGB").save(file, "png")
    (tmp_path / "3").mkdir()
    (tmp_path / "3" / "a.png").write_bytes(file.getvalue())
    assert np.array_equal(load_dataset(tmp_path).images[0, ..., 0], IMAGES[0])
