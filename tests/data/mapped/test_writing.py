"""Conversion to a mapped folder: complete or not at all, and exactly the images of the source."""

import contextlib
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data import Dataset, load_dataset, load_mnist, load_parts
from tenfold.data.mapped.folder import open_folder
from tenfold.data.mapped.writing import write_folder
from tenfold.data.streams import ImageBatch, ImageStream
from tenfold.errors import TenfoldError
from tests.data.mapped.folders import convert, failing_stream, mapped

DATA = load_mnist("test").subset(slice(50))


def test_the_files_contain_the_images_the_labels_and_their_hashes(tmp_path: Path) -> None:
    manifest = convert(DATA, tmp_path / "digits")
    images = np.load(tmp_path / "digits" / "images.npy", mmap_mode="r")
    labels = np.load(tmp_path / "digits" / "labels.npy")
    np.testing.assert_array_equal(images, DATA.images[..., 0])
    np.testing.assert_array_equal(labels, DATA.require_labels())
    written = json.loads((tmp_path / "digits" / "manifest.json").read_text())
    assert written["count"] == 50
    assert written["shape"] == [28, 28]
    assert written["classes"] == np.bincount(DATA.require_labels(), minlength=10).tolist()
    assert written["fingerprint"] == manifest.fingerprint == DATA.fingerprint
    assert written["blocks"] == [hashlib.sha256(DATA.images.tobytes()).hexdigest()]
    assert written["source"]["path"] == "here"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["digits"]


def test_a_folder_is_read_as_any_data(tmp_path: Path) -> None:
    convert(DATA, tmp_path / "digits" / "train")
    convert(DATA.subset(slice(20)), tmp_path / "digits" / "test")
    train, test = load_parts(tmp_path / "digits")
    assert test is not None
    assert (len(train), len(test)) == (50, 20)
    assert train.fingerprint == DATA.fingerprint
    np.testing.assert_array_equal(load_dataset(tmp_path / "digits").images, DATA.images)


def test_unlabelled_images_have_no_labels(tmp_path: Path) -> None:
    data = mapped(Dataset(DATA.images), tmp_path / "a")
    assert data.labels is None
    assert data.fingerprint == Dataset(DATA.images).fingerprint
    assert not (tmp_path / "a" / "labels.npy").exists()


def test_items_with_errors_are_left_out_and_listed(tmp_path: Path) -> None:
    names = tuple(f"{i}.png" for i in range(50))
    errors = {3: "3.png is damaged", 7: "7.png is damaged"}
    batch = ImageBatch(0, names, DATA.images, DATA.labels, errors)
    stream = ImageStream("a", "a test", True, lambda start: iter([batch]))
    manifest = write_folder(stream, tmp_path / "a", {})
    assert manifest.left_out["count"] == 2
    assert manifest.left_out["first"][1] == {
        "position": 7,
        "name": "7.png",
        "error": "7.png is damaged",
    }
    data = open_folder(tmp_path / "a")
    kept = DATA.subset(np.delete(np.arange(50), [3, 7]))
    assert data.fingerprint == kept.fingerprint
    assert "2 of 50 items could not be read" in data.notes[-1]
    broken = replace(batch, errors=dict.fromkeys(range(50), "no"))
    stream = ImageStream("a", "a test", True, lambda start: iter([broken]))
    with pytest.raises(TenfoldError, match=r"no image can be read\. The first error: no"):
        write_folder(stream, tmp_path / "b", {})


@pytest.mark.parametrize("error", [TenfoldError("cut off"), KeyboardInterrupt()])
def test_an_interrupted_conversion_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        write_folder(failing_stream(DATA, error), tmp_path / "a", {})
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_conversion_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".a.unfinished").mkdir()
    for name in ("images.npy", "labels.npy", ".images.npy.x.tmp"):
        (tmp_path / ".a.unfinished" / name).write_bytes(bytes(1000))
    convert(Dataset(DATA.images), tmp_path / "a")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    assert sorted(each.name for each in (tmp_path / "a").iterdir()) == [
        "images.npy",
        "manifest.json",
    ]


def test_a_folder_with_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mine.txt").touch()
    with pytest.raises(TenfoldError, match="Choose a new or empty folder"):
        convert(DATA, tmp_path / "a")
    assert [each.name for each in (tmp_path / "a").iterdir()] == ["mine.txt"]


def test_files_that_have_changed_are_refused(tmp_path: Path) -> None:
    convert(DATA, tmp_path / "a")
    path = tmp_path / "a" / "images.npy"
    content = path.read_bytes()
    for changed in (content[:-1], content + b"x", content[:20], b"", b"x" * len(content)):
        path.write_bytes(changed)
        with pytest.raises(TenfoldError, match="has changed since it was written"):
            load_dataset(tmp_path / "a")
    path.unlink()
    with pytest.raises(TenfoldError, match="there is no file"):
        load_dataset(tmp_path / "a")


@given(st.data())
def test_a_damaged_manifest_raises_only_tenfold_error(
    tmp_path_factory: pytest.TempPathFactory, draw: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged-manifest"
    if not folder.exists():
        convert(DATA, folder)
    path = folder / "manifest.json"
    content = bytearray(path.read_bytes())
    original = bytes(content)
    for _ in range(draw.draw(st.integers(1, 3))):
        place = draw.draw(st.integers(30, len(content) - 1))
        content[place] = draw.draw(st.sampled_from(b'0"[]{},x'))
    try:
        path.write_bytes(content)
        with contextlib.suppress(TenfoldError):
            assert len(open_folder(folder)) == 50
    finally:
        path.write_bytes(original)


def test_files_above_2_gib(tmp_path: Path) -> None:
    convert(DATA, tmp_path / "a")
    count = 3_000_000
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    manifest |= {"count": count, "labelled": False}
    (tmp_path / "a" / "manifest.json").write_text(json.dumps(manifest))
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({count}, 28, 28), }}"
    with (tmp_path / "a" / "images.npy").open("r+b") as file:  # zeros need no space on the disk
        file.seek(10)
        file.write((header.ljust(117) + "\n").encode())
        file.seek(128 + (count - 50) * 784)
        file.write(DATA.images.tobytes())
    data = open_folder(tmp_path / "a")
    assert len(data) == count
    np.testing.assert_array_equal(data.take(np.array([count - 50, 7])), DATA.images[[0, 7]])
    part = data.subset(np.arange(count - 40_000, count))
    np.testing.assert_array_equal(part.images[-50:], DATA.images)
