"""Streams yield what ``load_dataset`` loads, from any start, in batches of any size."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset, load_dataset, load_mnist
from tenfold.data.streams import open_stream
from tests.data.streams.sources import SOURCES

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
