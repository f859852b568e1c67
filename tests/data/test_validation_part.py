"""A validation part beside the training data is not trained on, and a note says how to use it."""

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tenfold.data import Dataset, MissingPartError, load_dataset, load_parts, load_validation
from tenfold.data.parts import any_part_of, is_validation
from tenfold.errors import TenfoldError
from tests.data import layouts
from tests.data.damage import digits

SIZES = {"train": 9, "val": 4, "test": 5}
_START = np.cumsum([0, *SIZES.values()])
IMAGES = digits(int(_START[-1]))
LABELS = np.concatenate([np.arange(n) // 2 for n in SIZES.values()])  # sorted, as folders are
PARTS = {
    name: Dataset(IMAGES[a:b, ..., np.newaxis], LABELS[a:b])
    for name, a, b in zip(SIZES, _START, _START[1:], strict=False)
}


def _csv(path: Path, data: Dataset, extra: str | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = ["label", *(f"pixel{i}" for i in range(784)), *(["split"] if extra else [])]
    rows = [
        [label, *image.ravel(), *([extra] if extra else [])]
        for image, label in zip(data.images, data.require_labels(), strict=True)
    ]
    path.write_text("\n".join(",".join(map(str, row)) for row in [head, *rows]) + "\n")


def _pictures(folder: Path, data: Dataset, name: str) -> None:
    for i, (image, label) in enumerate(zip(data.images, data.require_labels(), strict=True)):
        path = folder / name.format(i=i, label=label)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image[..., 0]).save(path)


def _idx(folder: Path, data: Dataset, prefix: str) -> None:
    head = struct.pack(">IIII", 2051, len(data), 28, 28)
    (folder / f"{prefix}-images-idx3-ubyte").write_bytes(head + data.images.tobytes())
    content = data.require_labels().astype(np.uint8).tobytes()
    (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(
        struct.pack(">II", 2049, len(data)) + content
    )


def _arrays(folder: Path, data: Dataset, part: str, suffix: str) -> None:
    for name, array in ((f"x_{part}", data.images), (f"y_{part}", data.require_labels())):
        if suffix == "npy":
            np.save(folder / f"{name}.npy", array)
        else:
            np.savez(folder / f"{name}.npz", array)


LAYOUTS: dict[str, tuple[Callable[[Path, Dataset, str], None], str]] = {
    "folders of pictures": (lambda f, d, p: _pictures(f, d, f"{p}/{{label}}/{{i}}.png"), "val"),
    "csv": (lambda f, d, p: _csv(f / f"{p}.csv", d), "val.csv"),
    "named csv": (lambda f, d, p: _csv(f / f"mnist_{p}.csv", d), "mnist_val.csv"),
    "folders of csv": (lambda f, d, p: _csv(f / p / "a.csv", d), "val"),
    "npy": (lambda f, d, p: _arrays(f, d, p, "npy"), "x_val.npy"),
    "npz": (lambda f, d, p: _arrays(f, d, p, "npz"), "x_val.npz"),
    "idx": (lambda f, d, p: _idx(f, d, p), "val-images-idx3-ubyte"),
}


@pytest.mark.parametrize("layout", list(LAYOUTS))
@pytest.mark.parametrize("parts", [("train", "val"), ("train", "val", "test")])
def test_validation_data_is_left_out_with_a_note(
    layout: str, parts: tuple[str, ...], tmp_path: Path
) -> None:
    write, place = LAYOUTS[layout]
    folder = tmp_path / "mine"
    folder.mkdir()
    for part in parts:
        write(folder, PARTS[part], part)
    train, test = load_parts(folder)
    assert train.fingerprint == PARTS["train"].fingerprint
    assert (test is not None) == ("test" in parts)
    note = _note_of(train)
    assert f"unused validation data: {place}. " in note
    assert note.endswith(f"tenfold evaluate MODEL --data {folder / place}")
    used = load_dataset(folder / place)  # the path in the note
    assert used.fingerprint == PARTS["val"].fingerprint
    assert not any("unused" in note for note in used.notes)
    own = load_validation(folder)
    assert own.fingerprint == PARTS["val"].fingerprint
    assert not any("unused" in note for note in own.notes)


def test_an_archive_is_to_be_unpacked(tmp_path: Path) -> None:
    for part, data in PARTS.items():
        _csv(tmp_path / "data" / f"{part}.csv", data)
    (tmp_path / "mine.zip").write_bytes(layouts.zipped(tmp_path))
    note = _note_of(load_dataset(tmp_path / "mine.zip"))
    assert "unused validation data: data/val.csv. " in note
    assert note.endswith("unpack mine.zip and give the path of this file")
    assert load_validation(tmp_path / "mine.zip").fingerprint == PARTS["val"].fingerprint


@pytest.mark.parametrize("names", [("x", "y"), ("x_train", "y_train")])
def test_arrays_of_an_npz_archive_get_a_note(names: tuple[str, str], tmp_path: Path) -> None:
    arrays: dict[str, Any] = {names[0]: PARTS["train"].images, names[1]: PARTS["train"].labels}
    arrays |= {"x_valid": PARTS["val"].images, "y_valid": PARTS["val"].labels}
    np.savez(tmp_path / "a.npz", **arrays)
    train = load_dataset(tmp_path / "a.npz")
    assert train.fingerprint == PARTS["train"].fingerprint
    assert "unused validation data: 'x_valid' and 'y_valid'. " in _note_of(train)
    assert load_validation(tmp_path / "a.npz").fingerprint == PARTS["val"].fingerprint


@pytest.mark.parametrize("prefix", ["train", "img"])
def test_pictures_named_after_validation_are_left_out(prefix: str, tmp_path: Path) -> None:
    _pictures(tmp_path, PARTS["train"], f"{prefix}_{{i}}_{{label}}.png")
    _pictures(tmp_path, PARTS["val"], "val_{i}_{label}.png")
    train = load_dataset(tmp_path)
    assert train.fingerprint == PARTS["train"].fingerprint
    assert "4 image files with names such as val_0_0.png" in _note_of(train)


def test_data_without_one_validation_part_raises(tmp_path: Path) -> None:
    _csv(tmp_path / "train.csv", PARTS["train"])
    with pytest.raises(MissingPartError, match="contains no validation split: name its file or"):
        load_validation(tmp_path)
    for name in ("val", "valid"):
        _csv(tmp_path / f"{name}.csv", PARTS["val"])
    with pytest.raises(MissingPartError, match=r"several validation splits: val\.csv, valid"):
        load_validation(tmp_path)
    np.savez(tmp_path / "a.npz", x=PARTS["train"].images, y_val=PARTS["val"].require_labels())
    with pytest.raises(MissingPartError, match="contains no validation split"):
        load_validation(tmp_path / "a.npz")


def test_labels_in_a_table_outside_the_folder(tmp_path: Path) -> None:
    for part in ("train", "val"):
        _pictures(tmp_path / part, PARTS[part], "scan{i}0.png")
        rows = [f"scan{i}0.png,{label}" for i, label in enumerate(PARTS[part].require_labels())]
        (tmp_path / f"{part}_labels.csv").write_text("\n".join(["filename,label", *rows]) + "\n")
    train = load_dataset(tmp_path)
    assert train.fingerprint == PARTS["train"].fingerprint
    assert _note_of(train).endswith("their labels into a folder of their own, and give its path")


def test_a_second_table_of_labels_in_one_folder(tmp_path: Path) -> None:
    for part, name in (("train", "labels.csv"), ("val", "val_labels.csv")):
        prefix = "a" if part == "train" else "b"
        _pictures(tmp_path, PARTS[part], prefix + "{i}0.png")
        labels = PARTS[part].require_labels()
        rows = [f"{prefix}{i}0.png,{label}" for i, label in enumerate(labels)]
        (tmp_path / name).write_text("\n".join(["filename,label", *rows]) + "\n")
    assert load_dataset(tmp_path).fingerprint == PARTS["train"].fingerprint


def test_one_other_file_or_folder_is_the_data(tmp_path: Path) -> None:
    _csv(tmp_path / "a" / "digits.csv", PARTS["train"])
    _csv(tmp_path / "a" / "digits_val.csv", PARTS["val"])
    assert load_dataset(tmp_path / "a").fingerprint == PARTS["train"].fingerprint
    _pictures(tmp_path / "b", PARTS["train"], "images/{label}/{i}.png")
    _pictures(tmp_path / "b", PARTS["val"], "val/{label}/{i}.png")
    assert load_dataset(tmp_path / "b").fingerprint == PARTS["train"].fingerprint


def test_validation_data_alone_is_read_without_a_note(tmp_path: Path) -> None:
    _csv(tmp_path / "val.csv", PARTS["val"])
    data = load_dataset(tmp_path)
    assert data.fingerprint == PARTS["val"].fingerprint
    assert not any("unused" in note for note in data.notes)


def test_other_files_are_no_validation_data(tmp_path: Path) -> None:
    _csv(tmp_path / "train.csv", PARTS["train"])
    (tmp_path / "validation_notes.txt").write_text("checked by two people\n")
    (tmp_path / "val").mkdir()
    assert not any("unused" in note for note in load_dataset(tmp_path).notes)


def test_a_column_of_train_and_val_raises(tmp_path: Path) -> None:
    for part in ("train", "val"):
        _csv(tmp_path / f"{part}.csv", PARTS[part], extra=part)
    text = (tmp_path / "train.csv").read_text() + "".join(
        io.StringIO((tmp_path / "val.csv").read_text()).readlines()[1:]
    )
    (tmp_path / "all.csv").write_text(text)
    with pytest.raises(TenfoldError, match=r"assigns the rows to splits \('train', 'val'\)"):
        load_dataset(tmp_path / "all.csv")


@pytest.mark.parametrize("name", ["val", "Valid", "validation", "validationSet", "x_val.npy"])
def test_names_of_validation_parts(name: str) -> None:
    assert is_validation(name)
    assert any_part_of(name.removesuffix(".npy")) == "validation"


@pytest.mark.parametrize("name", ["train_val", "interval", "invalid", "values", "test-valid"])
def test_other_names(name: str) -> None:
    assert not is_validation(name)


def _note_of(data: Dataset) -> str:
    (note,) = [note for note in data.notes if "unused validation data" in note]
    return note
