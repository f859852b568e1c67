"""A damaged item is an error of that item; what ends a source is an error after the rest."""

import contextlib
import gzip
import io
import sys
import tarfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.data import Dataset, load_dataset, load_mnist
from tenfold.data.streams import ImageBatch, ImageStream, open_stream
from tenfold.errors import TenfoldError
from tests.data.streams.sources import SOURCES, png, write_idx

COUNT = 20


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load_mnist("test").subset(slice(COUNT))


def whole(stream: ImageStream) -> ImageBatch:
    (batch,) = stream.batches()
    return batch


def check_errors(batch: ImageBatch, wrong: dict[int, str], data: Dataset) -> None:
    """Check that the wrong items have errors, and the others their images and labels."""
    assert sorted(batch.errors) == sorted(wrong)
    for place, words in wrong.items():
        assert words in batch.errors[place]
        assert not batch.images[place].any()
    right = [i for i in range(len(data)) if i not in wrong]
    np.testing.assert_array_equal(batch.images[right], data.images[right])
    assert batch.labels is not None
    np.testing.assert_array_equal(batch.labels[right], data.require_labels()[right])
    assert (batch.labels[list(wrong)] == -1).all()


def test_damaged_pictures_in_a_folder_keep_their_places(data: Dataset, tmp_path: Path) -> None:
    folder = SOURCES["labels in names"](tmp_path, data)
    files = sorted(folder.iterdir())
    files[3].write_bytes(b"")
    files[7].write_bytes(b"no picture")
    files[8].write_bytes(files[8].read_bytes()[:60])
    with open_stream(folder) as stream:
        wrong = {3: "it is empty", 7: "its format is unknown", 8: files[8].name}
        check_errors(whole(stream), wrong, data)
    with pytest.raises(TenfoldError, match="it is empty"):
        load_dataset(folder)


@pytest.mark.parametrize("cut", [0, 512, 700])
def test_a_tar_archive_that_is_cut_off_ends_with_an_error(
    cut: int, data: Dataset, tmp_path: Path
) -> None:
    path = SOURCES["tar"](tmp_path, data)
    with tarfile.open(path) as archive:
        member = archive.getmembers()[12]
    path.write_bytes(path.read_bytes()[: member.offset + cut])
    with open_stream(path) as stream:
        batches = stream.batches(5)
        assert sum(len(next(batches)) for _ in range(2)) == 10
        np.testing.assert_array_equal(next(batches).images, data.images[10:12])
        with pytest.raises(TenfoldError, match="not a complete tar archive"):
            next(batches)


def test_a_damaged_picture_in_a_tar_archive_is_one_error(data: Dataset, tmp_path: Path) -> None:
    path = SOURCES["tar"](tmp_path, data)
    with tarfile.open(path) as archive:
        member = archive.getmembers()[4]
    content = bytearray(path.read_bytes())
    content[member.offset_data : member.offset_data + 8] = bytes(8)
    path.write_bytes(content)
    with open_stream(path) as stream:
        check_errors(whole(stream), {4: "digits.tar, digits/4/0004.png"}, data)


def test_wrong_rows_of_a_csv_file_are_errors_with_their_lines(
    data: Dataset, tmp_path: Path
) -> None:
    path = SOURCES["csv"](tmp_path, data)
    lines = path.read_text().splitlines()
    lines[3] = lines[3].replace("0,0", "0,x", 1)
    lines[6] = "1,2,3"
    lines[9] = "11" + lines[9][1:]
    lines.insert(5, "")
    path.write_text("\n".join(lines))
    wrong = {2: "line 4, column", 5: "line 8: 3 columns", 8: "line 11: "}
    with open_stream(path) as stream:
        check_errors(whole(stream), wrong, data)
        (later,) = stream.batches(start=6)
        assert list(later.errors) == [2]


def test_fractional_rows_keep_the_scale_of_the_file(data: Dataset, tmp_path: Path) -> None:
    path = SOURCES["csv of fractions"](tmp_path, data)
    lines = path.read_text().splitlines()
    lines[2] += ",1"
    lines[4] = ",".join(["3", *["0", "1"] * 392])  # on the scale of the file 1 is full ink
    lines[5] = ",".join(["3", *["0", "7"] * 392])
    path.write_text("\n".join(lines))
    images, labels = data.images.copy(), data.require_labels().copy()
    images[3], labels[3] = np.tile([0, 255], 392).reshape(28, 28, 1), 3
    with open_stream(path) as stream:
        wrong = {1: "786 columns", 4: "line 6"}
        check_errors(whole(stream), wrong, Dataset(images, labels))


def test_rows_of_an_array_that_are_no_pixels_are_errors(data: Dataset, tmp_path: Path) -> None:
    path = SOURCES["npy of fractions"](tmp_path, data)
    images = np.load(path)
    images[2, 3, 4], images[5, 6, 7], images[9, 0, 0] = np.nan, 1.5, 0.3333
    np.save(path, images)
    with open_stream(path) as stream:
        wrong = {2: "finite", 5: "must be", 9: "whole numbers"}
        check_errors(whole(stream), wrong, data)


def test_damaged_rows_of_parquet_files_are_errors(data: Dataset, tmp_path: Path) -> None:
    pictures: list[dict[str, object]] = [
        {"bytes": png(image), "path": f"{i}.png"} for i, (image, _) in enumerate(data)
    ]
    labels = data.require_labels().tolist()
    pictures[2]["bytes"], pictures[4]["bytes"], labels[6], labels[7] = None, b"x", None, 12
    pq.write_table(pa.table({"image": pictures, "label": labels}), tmp_path / "a.parquet")
    wrong = {2: "row 3 has no picture", 4: "row 5 is not", 6: "row 7 has", 7: "row 8 has"}
    with open_stream(tmp_path / "a.parquet") as stream:
        batch = whole(stream)
        assert batch.names[1] == "1.png"
        check_errors(batch, wrong, data)
    pixels: Any = data.images.reshape(COUNT, -1).tolist()
    pixels[1], pixels[3] = None, [0] * 783
    table = pa.table({"pixels": pixels, "label": data.require_labels()})
    pq.write_table(table, tmp_path / "b.parquet")
    with open_stream(tmp_path / "b.parquet") as stream:
        check_errors(whole(stream), {1: "got 0", 3: "got 783"}, data)


def test_a_gzipped_file_that_is_cut_off_ends_with_an_error(data: Dataset, tmp_path: Path) -> None:
    write_idx(tmp_path / "a", data.images[..., 0])
    content = gzip.compress((tmp_path / "a").read_bytes(), 1)
    (tmp_path / "a").write_bytes(content[: len(content) // 2])
    with open_stream(tmp_path / "a") as stream:
        batches = stream.batches(2)
        np.testing.assert_array_equal(next(batches).images, data.images[:2])
        with pytest.raises(TenfoldError, match="compressed data is damaged"):
            list(batches)
    write_idx(tmp_path / "b", data.images[..., 0])
    (tmp_path / "b").write_bytes((tmp_path / "b").read_bytes()[:-5])
    with pytest.raises(TenfoldError, match="its header states"), open_stream(tmp_path / "b"):
        pass


def test_without_labels_all_pictures_of_a_folder_are_read(data: Dataset, tmp_path: Path) -> None:
    for name in ("b/1.png", "b/2.png", "a/9.png", "scan_1.png", "scan_2.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(png(data.images[int(name[-5])]))
    with open_stream(tmp_path, labels=False) as stream:
        batch = whole(stream)
    assert batch.names == ("scan_1.png", "scan_2.png", "a/9.png", "b/1.png", "b/2.png")
    np.testing.assert_array_equal(batch.images, data.images[[1, 2, 9, 1, 2]])
    assert batch.labels is None


def test_empty_and_foreign_sources_are_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("notes.txt"))
    pq.write_table(pa.table({"name": ["a"]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"a": [b""], "b": [b""]}), tmp_path / "b.parquet")
    for name, words in {
        "a.tar": "contains no image files",
        "a.parquet": "has no column of images.*name",
        "b.parquet": "several columns of images: a, b",
    }.items():
        with pytest.raises(TenfoldError, match=words), open_stream(tmp_path / name):
            pass


def test_parquet_without_its_extra_is_one_sentence(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = SOURCES["parquet of lists"](tmp_path, data)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(TenfoldError, match=r"the extra parquet.*pip install '.\[parquet\]'"):
        load_dataset(path)


def test_memory_is_bounded(tmp_path: Path) -> None:
    shape, path = (100_000, 28, 28), tmp_path / "a.npy"
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"shape": shape, "fortran_order": False, "descr": "|u1"}
        )
        file.truncate(file.tell() + 100_000 * 784)  # 78 MB of zeros, no space on the disk
    tracemalloc.start()
    with open_stream(path) as stream:
        assert sum(map(len, stream.batches())) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30e6


def test_a_file_above_2_gib_is_read_from_any_place(data: Dataset, tmp_path: Path) -> None:
    count, path = 3_000_000, tmp_path / "a-images-idx3-ubyte"
    with path.open("wb") as file:  # zeros need no space on the disk
        file.write(bytes([0, 0, 8, 3]) + np.array([count, 28, 28], ">u4").tobytes())
        file.seek((count - COUNT) * 784, 1)
        file.write(data.images.tobytes())
    with open_stream(path) as stream:
        (batch,) = stream.batches(start=count - COUNT)
    np.testing.assert_array_equal(batch.images, data.images)


def _samples() -> Iterator[bytes]:
    image = np.zeros((28, 28, 1), np.uint8)
    file = io.BytesIO()
    pq.write_table(pa.table({"image": [png(image)] * 2, "label": [1, 2]}), file)
    yield file.getvalue()
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("1/a.png")
        member.size = len(png(image))
        archive.addfile(member, io.BytesIO(png(image)))
    yield file.getvalue()[:2048]
    yield gzip.compress(b"".join([b"1" + b",0" * 784 + b"\n"] * 3))
    yield bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]) + bytes(2 * 784)


SAMPLES = list(_samples())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_damaged_bytes_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, draw: st.DataObject
) -> None:
    changed = bytearray(content[: draw.draw(st.integers(1, len(content)))])
    for _ in range(draw.draw(st.integers(0, 3))):
        changed[draw.draw(st.integers(0, len(changed) - 1))] = draw.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(changed)
    with contextlib.suppress(TenfoldError), open_stream(path) as stream:
        for batch in stream.batches(2):
            assert len(batch.images) == len(batch.names)
