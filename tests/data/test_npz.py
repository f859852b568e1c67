import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tenfold.data import npz as npz_module
from tenfold.data import read_npz
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tests.data.damage import damaged, digits, read_or_none

TRAIN, TEST = digits(3), digits(2, seed=1)
LABELS = np.array([3, 0, 9], np.uint8)


def npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def packed(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


def npy(array: Array) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


SMALL = npz(x=TRAIN[:1], y=LABELS[:1])


@pytest.mark.parametrize("names", ["x_{} y_{}", "X_{} y_{}", "{}_images {}_labels"])
def test_both_parts_of_an_archive_are_read(names: str, tmp_path: Path) -> None:
    arrays = [TRAIN, LABELS, TEST, LABELS[:2]]
    keys = names.format("train", "train").split() + names.format("test", "test").split()
    (tmp_path / "mnist.npz").write_bytes(npz(**dict(zip(keys, arrays, strict=True))))
    train, test = read_npz(tmp_path / "mnist.npz"), read_npz(tmp_path / "mnist.npz", "test")
    assert np.array_equal(train.images[..., 0], TRAIN)
    assert train.require_labels().tolist() == [3, 0, 9]
    assert np.array_equal(test.images[..., 0], TEST)
    assert test.require_labels().tolist() == [3, 0]
    assert train.name == "mnist.npz"


@pytest.mark.parametrize("names", [("images", "labels"), ("x", "y"), ("X", "y")])
def test_archives_of_one_part_are_read_for_both(names: tuple[str, str], tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", **{names[0]: TRAIN / 255, names[1]: LABELS})  # type: ignore[arg-type]
    train, test = read_npz(tmp_path / "a.npz"), read_npz(tmp_path / "a.npz", "test")
    assert train.fingerprint == test.fingerprint
    assert np.array_equal(train.images[..., 0], TRAIN)
    assert train.require_labels().tolist() == [3, 0, 9]
    assert "were multiplied by 255" in train.notes[0]


def test_unlabelled_arrays_in_fortran_order_are_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.asfortranarray(TRAIN))
    data = read_npz(tmp_path / "a.npz")
    assert data.labels is None
    assert np.array_equal(data.images[..., 0], TRAIN)


class Trap:
    """An object whose pickle runs code when it is read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("this pickle was opened",))


WRONG_SHAPE = npy(TRAIN[:1]).replace(b"(1, 28, 28)", b"(9, 28, 28)")
HUGE_SHAPE = npy(TRAIN[:1]).replace(b"(1, 28, 28)", b"(99999999,)")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a complete NumPy archive"),
        (npy(TRAIN), "not a zip file.* Write it again with np.savez"),
        (SMALL[:-30], "not a complete NumPy archive"),
        (
            npz(x=np.array([Trap()])),
            "'x' contains Python objects, .*pickle can run code.* x\\.astype\\(int\\)",
        ),
        (packed(x=WRONG_SHAPE), r"'x' has 784 bytes, but its header states \(9, 28, 28\) uint8"),
        (packed(x=HUGE_SHAPE), r"'x' has \d+ bytes, but its header states \(99999999,\)"),
        (
            packed(x=b"\x93NUMPY\x03\x00" + npy(TRAIN)[8:]),
            "unsupported version of the .npy",
        ),
        (packed(x=b""), "not a complete NumPy archive"),
        (npz(x_test=TRAIN), "an array named 'x_train', 'images' or 'x', got 'x_test'"),
        (npz(weights=TRAIN, bias=TRAIN), "got 'weights', 'bias'. Save the images as 'x_train'"),
        (npz(x=TRAIN[:, 1:]), r"a.npz, 'x': images must have the shape .*got \(3, 27, 28\)"),
        (npz(x=TRAIN, y=np.full((3, 10), 0.1)), r"a.npz, 'y': labels must be .*argmax"),
        (npz(x=TRAIN, y=LABELS[:2]), "3 images and 2 labels"),
        (npz(x=TRAIN, y=LABELS + 1), "number 3 of 3 is 10"),
    ],
)
def test_wrong_archives_raise(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(TenfoldError, match=message) as error:
        read_npz(tmp_path / "a.npz")
    assert "a.npz" in str(error.value)


def test_an_array_that_is_too_large_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.npz").write_bytes(npz(x=TRAIN, y=LABELS))
    monkeypatch.setattr(npz_module, "MAX_BYTES", TRAIN.nbytes)  # the header makes it larger
    message = r"a\.npz: the array 'x' is larger than 2 GiB\. Convert it.* convert .*a\.npz"
    with pytest.raises(TenfoldError, match=message):
        read_npz(tmp_path / "a.npz")


def test_other_archives_and_parts_raise(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("train.csv", "label,pixel0\n")
    with pytest.raises(TenfoldError, match=r"a\.zip is a zip archive without arrays: unpack it"):
        read_npz(tmp_path / "a.zip")
    with pytest.raises(ValueError, match="part must be 'train' or 'test', got 'all'"):
        read_npz(tmp_path / "a.zip", "all")  # type: ignore[arg-type]


@settings(max_examples=200)
@given(content=damaged(SMALL) | damaged(packed(x=npy(TRAIN[:1]), y=npy(LABELS[:1]))))
def test_any_bytes_give_images_or_raise_tenfold_error(scratch: Path, content: bytes) -> None:
    data = read_or_none(read_npz, scratch / "damaged.npz", content)
    assert data is None or data.images.shape == (1, 28, 28, 1)


@settings(max_examples=150)
@given(content=damaged(npy(TRAIN[:1])[:140]))
def test_any_header_gives_images_or_raises_tenfold_error(scratch: Path, content: bytes) -> None:
    whole = packed(x=content + npy(TRAIN[:1])[140:])  # damage that the zip's checksum cannot see
    data = read_or_none(read_npz, scratch / "damaged.npz", whole)
    assert data is None or data.images.shape[1:] == (28, 28, 1)
