"""The order of an epoch, and the images that are read ahead in this order."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data import load_mnist
from tenfold.nn import stream
from tenfold.training import order as module
from tenfold.training.order import Shuffle, epoch_order
from tenfold.training.reading_ahead import read_batches
from tests.data.mapped.folders import mapped


@given(st.integers(0, 300), st.integers(0, 5), st.sampled_from(["exact", "blocks"]))
def test_an_epoch_has_each_example_once(count: int, epoch: int, shuffle: Shuffle) -> None:
    order = epoch_order(count, 3, epoch, shuffle)
    np.testing.assert_array_equal(np.sort(order), np.arange(count))
    np.testing.assert_array_equal(order, epoch_order(count, 3, epoch, shuffle))


def test_the_exact_order_is_the_permutation_of_seed_and_epoch() -> None:
    expected = stream(7, "shuffle", 2).permutation(100)
    np.testing.assert_array_equal(epoch_order(100, 7, 2), expected)


def test_a_window_consists_of_whole_blocks_in_mixed_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BLOCK", 10)
    monkeypatch.setattr(module, "WINDOW", 40)
    order = epoch_order(995, 0, 0, "blocks")
    for start in range(0, 960, 40):  # the short block may shift the windows after it
        blocks, sizes = np.unique(order[start : start + 40] // 10, return_counts=True)
        assert len(blocks) <= 5
        assert sizes.sum() == 40
    assert (np.diff(order[:40]) != 1).sum() > 30  # mixed within the window
    first, second = (epoch_order(995, 0, epoch, "blocks") for epoch in (0, 1))
    assert set(first[:40]) != set(second[:40])


@pytest.mark.parametrize("shuffle", ["exact", "blocks"])
def test_batches_are_read_ahead_in_their_order(shuffle: Shuffle, tmp_path: Path) -> None:
    data = load_mnist("test").subset(slice(500))
    stored = mapped(data, tmp_path / "a")
    order = epoch_order(500, 1, 0, shuffle)
    batches = np.split(order, range(7, 500, 7))
    inputs = list(read_batches(stored, batches, shuffle))
    assert len(inputs) == len(batches)
    for batch, images in zip(batches, inputs, strict=True):
        np.testing.assert_array_equal(images, data.images[batch])
    assert list(read_batches(stored, [])) == []
    some = read_batches(stored, batches)
    np.testing.assert_array_equal(next(some), data.images[batches[0]])
    assert isinstance(some, Generator)
    some.close()  # as at an early end of the training
