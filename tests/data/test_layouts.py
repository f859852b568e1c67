"""One data set, written in every supported layout, is read back to the same bytes."""

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.data import Dataset, load_dataset, load_parts, read_kaggle_csv
from tests.data import layouts
from tests.data.damage import damaged, read_or_none
from tests.data.layouts import COUNT, IMAGES, LABELS, CsvLayout, csv_layouts

DATA = Dataset(IMAGES[..., np.newaxis], LABELS)
SORTED = DATA.subset(np.argsort(LABELS, kind="stable"))
UNLABELLED = Dataset(DATA.images)


def fresh(scratch: Path) -> Path:
    folder = scratch / "layouts"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


@settings(max_examples=80)
@given(layout=csv_layouts(), container=st.sampled_from(["plain", "gzip", "zip", "folder"]))
def test_every_csv_dialect_is_read_to_the_same_bytes(
    scratch: Path, layout: CsvLayout, container: str
) -> None:
    folder = fresh(scratch)
    path = folder / "digits.csv"
    path.write_bytes(layout.write())
    if container == "gzip":
        path.write_bytes(layouts.gzipped(path.read_bytes()))
    elif container == "zip":
        archive = layouts.zipped(folder)
        path = folder / "digits.zip"
        path.write_bytes(archive)
    elif container == "folder":
        path = folder
    expected = UNLABELLED if layout.label is None else DATA
    assert load_dataset(path).fingerprint == expected.fingerprint
    assert read_kaggle_csv(path).fingerprint == expected.fingerprint


@pytest.mark.parametrize("inner", ["", "trainingSet", "digits/trainingSet/trainingSet"])
@pytest.mark.parametrize("style", list(layouts.FOLDER_NAMES))
def test_folders_of_digits_are_read(style: str, inner: str, tmp_path: Path) -> None:
    name = layouts.FOLDER_NAMES[style]
    layouts.write_pictures(tmp_path / inner, lambda i, digit: f"{name(digit)}/{i:05d}")
    assert load_dataset(tmp_path).fingerprint == SORTED.fingerprint
    (tmp_path / "a.zip").write_bytes(layouts.zipped(tmp_path))
    assert load_dataset(tmp_path / "a.zip").fingerprint == SORTED.fingerprint


@pytest.mark.parametrize("style", list(layouts.FILE_NAMES))
def test_labels_in_file_names_are_read(style: str, tmp_path: Path) -> None:
    layouts.write_pictures(tmp_path, layouts.FILE_NAMES[style])
    data = load_dataset(tmp_path)
    order = sorted(range(COUNT), key=lambda i: layouts.FILE_NAMES[style](i, int(LABELS[i])))
    assert len(data) == COUNT
    assert set(data.require_labels()[:3]) <= set(LABELS)
    pairs = {
        (image.tobytes(), int(label))
        for image, label in zip(data.images, data.require_labels(), strict=True)
    }
    assert pairs == {(IMAGES[i].tobytes(), int(LABELS[i])) for i in order}


@pytest.mark.parametrize("header", ["Filename,Label", "id,digit", "image,n", None])
@pytest.mark.parametrize("label_first", [False, True])
@pytest.mark.parametrize("cell", ["name", "stem", "id"])
@pytest.mark.parametrize(
    ("table", "inner"), [("labels.csv", ""), ("train_labels.csv", "train"), ("truth.csv", "images")]
)
def test_pictures_with_a_table_of_labels_are_read(
    table: str, inner: str, cell: str, label_first: bool, header: str | None, tmp_path: Path
) -> None:
    layouts.write_pictures(tmp_path / inner, lambda i, digit: f"{i:05d}")
    layouts.write_table(tmp_path / table, header, label_first, cell)
    assert load_dataset(tmp_path).fingerprint == DATA.fingerprint


@pytest.mark.parametrize("names", layouts.ARRAY_NAMES)
@pytest.mark.parametrize("images", list(layouts.ARRAYS))
def test_arrays_of_every_name_and_type_are_read(
    names: tuple[str, str], images: str, tmp_path: Path
) -> None:
    for number, make in enumerate(layouts.LABEL_ARRAYS.values()):
        arrays = {names[0]: layouts.ARRAYS[images](), names[1]: make()}
        np.savez(tmp_path / f"{number}.npz", **arrays)
        assert load_dataset(tmp_path / f"{number}.npz").fingerprint == DATA.fingerprint
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array)
        assert load_dataset(folder).fingerprint == DATA.fingerprint
        assert load_dataset(folder / f"{names[0]}.npy").fingerprint == DATA.fingerprint


def test_arrays_without_names_are_told_apart_by_shape(tmp_path: Path) -> None:
    test = DATA.subset(slice(0, 5))
    arrays = {"x": IMAGES, "y": LABELS, "a": IMAGES[:5], "b": np.eye(10)[LABELS[:5]]}
    for order in ("xy", "yx", "xyab", "xayb", "yxba"):
        np.savez(tmp_path / "a.npz", *(arrays[name] for name in order))
        train, other = load_parts(tmp_path / "a.npz")
        assert train.fingerprint == DATA.fingerprint
        assert (other is None) == (len(order) == 2)
        if other is not None:
            assert other.fingerprint == test.fingerprint


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("train.csv", "test.csv"),
        ("mnist_train.csv", "mnist_test.csv"),
        ("Training.tsv", "Testing.tsv"),
        ("mnist-train.csv.gz", "mnist-t10k.csv.gz"),
        ("train/a.csv", "test/a.csv"),
    ],
)
def test_both_parts_of_a_folder_are_read(train: str, test: str, tmp_path: Path) -> None:
    layout = CsvLayout(",", True, "label", False, None, str, "whole", False, False, "\n", "utf-8")
    content = layout.write()
    lines = content.splitlines(keepends=True)
    for name, text in ((train, content), (test, b"".join(lines[:4]))):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(layouts.gzipped(text) if name.endswith("gz") else text)
    for place in (tmp_path, _zip_of(tmp_path)):
        parts = load_parts(place)
        assert parts[0].fingerprint == DATA.fingerprint
        assert parts[1] is not None
        assert parts[1].fingerprint == DATA.subset(slice(0, 3)).fingerprint


def _zip_of(folder: Path) -> Path:
    path = folder.parent / f"{folder.name}.zip"
    path.write_bytes(layouts.zipped(folder))
    return path


def _npz() -> bytes:
    file = io.BytesIO()
    np.savez(file, IMAGES[:2], LABELS[:2].astype(str))
    return file.getvalue()


def _npy() -> bytes:
    file = io.BytesIO()
    np.save(file, IMAGES[:2])
    return file.getvalue()


def _csv(**changes: object) -> bytes:
    base = CsvLayout(",", True, "label", False, None, str, "whole", False, False, "\n", "utf-8")
    layout = CsvLayout(**{**base.__dict__, **changes})
    return b"".join(layout.write().splitlines(keepends=True)[:4])


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("train.csv", _csv())
        archive.writestr("0/a.png", b"\x89PNG")
    return file.getvalue()


WRITERS: tuple[Callable[[], bytes], ...] = (
    _npz,
    _npy,
    _zip,
    lambda: _csv(separator=";", cell="scaled"),
    lambda: _csv(header=False, index="id", separator="\t"),
    lambda: _csv(header=False, separator=" ", last=True),
    lambda: layouts.gzipped(_csv(quoted=True, end="\r\n", bom=True)),
    lambda: _csv(encoding="utf-16"),
)


@settings(max_examples=200)
@given(data=st.data(), writer=st.sampled_from(WRITERS))
def test_damaged_files_give_data_or_raise_tenfold_error(
    scratch: Path, data: st.DataObject, writer: Callable[[], bytes]
) -> None:
    content = data.draw(damaged(writer()))
    folder = fresh(scratch)
    found = read_or_none(load_dataset, folder / "damaged.data", content)
    assert found is None or found.images.shape[1:] == (28, 28, 1)
    found = read_or_none(read_kaggle_csv, folder / "damaged.data", content)
    assert found is None or found.images.shape[1:] == (28, 28, 1)
    load_or_none = read_or_none(
        lambda path: load_dataset(path.parent), folder / "train.csv", content
    )
    assert load_or_none is None or load_or_none.images.shape[1:] == (28, 28, 1)
