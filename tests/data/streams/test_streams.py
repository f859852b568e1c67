"""Streams yield what ``load_dataset`` loads, from any start, in batches of any size."""

from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenfold.data import Dataset, Part, load_dataset, load_mnist
from tenfold.data.streams import open_stream
from tenfold.data.streams.pictures import has_only_pictures
from tenfold.errors import TenfoldError
from tests.data.streams.sources import SOURCES, png

COUNT = 60


@pytest.fixture(scope="module")
def data() -> Dataset:
    whole = load_mnist("test").subset(slice(COUNT))
    order = np.argsort(whole.require_labels(), kind="stable")  # the order of folders
    return whole.subset(order)


@pytest.mark.parametrize("name", list(SOURCES))
def test_a_stream_yields_the_images_of_each_format(
    name: str, data: Dataset, tmp_path: Path
) -> None:
    path = SOURCES[name](tmp_path, data)
    loaded = load_dataset(path)
    np.testing.assert_array_equal(loaded.images, data.images)
    np.testing.assert_array_equal(loaded.require_labels(), data.require_labels())
    with open_stream(path) as stream:
        assert stream.labelled
        assert stream.count in (None, COUNT)
        for size, start in ((1024, 0), (13, 0), (10, 37), (7, COUNT)):
            batches = list(stream.batches(size, start))
            assert [batch.first for batch in batches] == list(range(start, COUNT, size))
            assert not any(batch.errors for batch in batches)
            assert all(len(batch) == size for batch in batches[:-1])
            assert sum(map(len, batches)) == COUNT - start
            for batch in batches:
                rows = slice(batch.first, batch.first + len(batch))
                np.testing.assert_array_equal(batch.images, data.images[rows])
                assert batch.labels is not None
                np.testing.assert_array_equal(batch.labels, data.require_labels()[rows])
                assert len(batch.names) == len(batch)
        next(islice(stream.batches(5), 2, None))  # a reader may stop early


@pytest.mark.parametrize("name", ["folders of digits", "tar", "parquet of pictures"])
def test_encoded_pictures_are_those_of_the_source(name: str, data: Dataset, tmp_path: Path) -> None:
    with open_stream(SOURCES[name](tmp_path, data), labels=False) as stream:
        assert stream.pictures is not None
        for start in (0, 37, COUNT):
            contents = [picture.read() for picture in stream.pictures(start)]
            assert contents == [png(image) for image in data.images[start:]]


def test_rows_without_a_label_are_read_if_labels_are_not_needed(
    data: Dataset, tmp_path: Path
) -> None:
    path = tmp_path / "a.parquet"
    images = data.images.reshape(COUNT, -1).tolist()
    pq.write_table(pa.table({"image": images, "label": [None] * COUNT}), path)
    with open_stream(path) as stream:
        assert len(next(stream.batches()).errors) == COUNT
    with open_stream(path, labels=False) as stream:
        assert stream.pictures is None
        [batch] = stream.batches()
        assert not batch.errors
        np.testing.assert_array_equal(batch.images, data.images)


@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_labels_of_arrays_in_fortran_order_are_not_read_if_they_are_not_needed(
    suffix: str, data: Dataset, tmp_path: Path
) -> None:
    images, wrong = np.asfortranarray(data.images), np.full(COUNT, "no digit")
    if suffix == "npz":
        np.savez(tmp_path / "x_train.npz", x_train=images, y_train=wrong)
    else:
        np.save(tmp_path / "x_train.npy", images)
        np.save(tmp_path / "y_train.npy", wrong)
    path = tmp_path / f"x_train.{suffix}"
    with pytest.raises(TenfoldError), open_stream(path):
        pass
    with open_stream(path, labels=False) as stream:
        assert not stream.labelled
        [batch] = stream.batches()
        np.testing.assert_array_equal(batch.images, data.images)


def test_pictures_with_labels_are_read_in_order_of_names_if_labels_are_not_needed(
    data: Dataset, tmp_path: Path
) -> None:
    for name in ("labels in names", "folders of digits"):
        folder = tmp_path / name
        folder.mkdir()
        with open_stream(SOURCES[name](folder, data), labels=False) as stream:
            names = [name for batch in stream.batches() for name in batch.names]
        assert names == sorted(names)
        assert len(names) == COUNT
    assert not has_only_pictures(folder)  # it has folders
    assert has_only_pictures(tmp_path / "labels in names")


@pytest.mark.parametrize("name", ["emnist", "digits"])
def test_transposed_digits_are_set_upright_as_when_they_are_loaded(
    name: str, tmp_path: Path
) -> None:
    data = load_mnist("test").subset(slice(200))
    (tmp_path / name).mkdir()
    transposed = Dataset(np.ascontiguousarray(data.images.swapaxes(1, 2)), data.labels)
    path = SOURCES["npz"](tmp_path / name, transposed)
    loaded = load_dataset(path)
    assert np.array_equal(loaded.images, data.images) == (name == "emnist")
    with open_stream(path) as stream:
        (batch,) = stream.batches()
        assert len(stream.notes) == (name == "emnist")
    np.testing.assert_array_equal(batch.images, loaded.images)


@pytest.mark.parametrize("inside", ["", "3"])
def test_pictures_of_one_part_are_read_if_there_are_both(
    data: Dataset, tmp_path: Path, inside: str
) -> None:
    parts: tuple[tuple[Part, int], ...] = (("train", 3), ("test", 2))
    for part, count in parts:
        folder = tmp_path / part / inside
        folder.mkdir(parents=True)
        for i in range(count):
            (folder / f"{part}{i}.png").write_bytes(png(data.images[i]))
    for part, count in parts:
        with open_stream(tmp_path, part, labels=False) as stream:
            [batch] = stream.batches()
        assert [Path(name).name for name in batch.names] == [f"{part}{i}.png" for i in range(count)]
    (tmp_path / "train").rename(tmp_path / "others")
    with open_stream(tmp_path, "test", labels=False) as stream:
        assert stream.count == 5
