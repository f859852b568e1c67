"""Mapped data gives the same images as data in memory, however it is indexed."""

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data import Dataset, hold_out, load_mnist
from tenfold.data.mapped import dataset as module
from tenfold.data.mapped.dataset import MappedDataset
from tenfold.errors import TenfoldError
from tests.data.mapped.folders import mapped

COUNT = 60
DATA = load_mnist("test").subset(slice(COUNT))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return mapped(DATA, tmp_path_factory.mktemp("mapped") / "a")


@pytest.fixture
def _stays_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SMALL", 0)


def indices(count: int) -> st.SearchStrategy[Any]:
    positions = st.lists(st.integers(-count, count - 1), min_size=1, max_size=80).map(np.array)
    masks = st.lists(st.booleans(), min_size=count, max_size=count).map(np.array)
    return positions | masks.filter(np.any) | st.slices(count)


@pytest.mark.usefixtures("_stays_in_the_file")
@given(st.data())
def test_any_subset_of_a_subset_is_that_of_data_in_memory(
    stored: Dataset, draw: st.DataObject
) -> None:
    expected, found = DATA, stored
    for _ in range(2):
        if len(expected):
            chosen = draw.draw(indices(len(expected)))
            expected, found = expected.subset(chosen), found.subset(chosen)
    assert len(found) == len(expected)
    np.testing.assert_array_equal(np.asarray(found.images), expected.images)
    np.testing.assert_array_equal(found.require_labels(), expected.require_labels())
    assert found.fingerprint == expected.fingerprint
    assert found.images.shape == expected.images.shape
    if len(expected):
        taken = draw.draw(indices(len(expected)))
        np.testing.assert_array_equal(found.take(taken), expected.take(taken))
        np.testing.assert_array_equal(found.images[taken], expected.images[taken])
        image, label = found[-1]
        np.testing.assert_array_equal(image, expected.images[-1])
        assert label == expected.require_labels()[-1]


@pytest.mark.usefixtures("_stays_in_the_file")
def test_parts_stay_in_the_file_and_can_be_sent_to_another_process(stored: Dataset) -> None:
    rest, held_out = hold_out(stored, 10)
    expected, _ = hold_out(DATA, 10)
    assert isinstance(rest, MappedDataset)
    assert isinstance(held_out, MappedDataset)
    assert rest.file is held_out.file
    sent = pickle.loads(pickle.dumps(rest))
    np.testing.assert_array_equal(sent.take(slice(None)), expected.images)
    assert sent.with_notes(("a",)).notes == ("a",)


def test_small_parts_are_in_memory(stored: Dataset) -> None:
    assert type(stored.subset([3, 1])) is Dataset
    np.testing.assert_array_equal(stored.subset([3, 1]).images, DATA.images[[3, 1]])


@pytest.mark.usefixtures("_stays_in_the_file")
def test_the_fingerprint_of_a_large_part_is_that_of_the_manifest_and_its_positions(
    stored: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_HASHED", 0)
    monkeypatch.setattr(MappedDataset, "_hash", lambda self: pytest.fail("pixels were read"))
    first, second = stored.subset(slice(0, 30)), stored.subset(slice(1, 31))
    assert stored.fingerprint == DATA.fingerprint
    assert first.fingerprint == stored.subset(np.arange(30)).fingerprint
    assert len({stored.fingerprint, first.fingerprint, second.fingerprint}) == 3


def test_a_sample_is_examined_instead_of_all_images(
    stored: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stored.in_memory().fingerprint == DATA.fingerprint
    assert stored.in_memory().notes == stored.notes
    monkeypatch.setattr(module, "_SAMPLE", 4)
    sample = stored.in_memory()
    np.testing.assert_array_equal(sample.images, DATA.images[[0, 19, 39, 59]])
    assert sample.notes[-1] == "4 of the 60 images, spread evenly, were examined"
    assert DATA.in_memory() is DATA


def test_wrong_positions_are_refused_as_in_memory(stored: Dataset) -> None:
    several: list[Any] = [[COUNT], [-COUNT - 1], [0.5], np.zeros(3, bool)]
    for wrong in several:
        with pytest.raises(TenfoldError, match="indices must be positions"):
            stored.subset(wrong)
