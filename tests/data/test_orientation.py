import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.data.orientation import TRANSPOSED, looks_transposed, set_upright
from tenfold.nn.array import Array
from tests.data.damage import digits


@pytest.fixture(scope="module")
def upright(mnist: Dataset) -> Dataset:
    """A part of MNIST that the mean digits, of all of it, are not made of alone."""
    return mnist.subset(slice(20_000, 23_000))


def transposed(data: Dataset, *notes: str) -> Dataset:
    return Dataset(data.images.swapaxes(1, 2), data.labels, data.name, notes)


def test_transposed_digits_are_recognised_with_and_without_labels(upright: Dataset) -> None:
    for data, expected in ((upright, False), (transposed(upright), True)):
        assert looks_transposed(data.images, data.labels) is expected
        assert looks_transposed(data.images) is expected


def test_each_digit_alone_is_recognised(upright: Dataset) -> None:
    labels = upright.require_labels()
    for digit in range(10):
        images = upright.images[labels == digit]
        assert not looks_transposed(images, labels[labels == digit])
        assert looks_transposed(images.swapaxes(1, 2), labels[labels == digit])


def test_data_that_comes_sorted_is_sampled_evenly(mnist: Dataset) -> None:
    order = np.argsort(mnist.require_labels(), kind="stable")
    images = mnist.images[order]
    images[6000:] = images[6000:].swapaxes(1, 2)  # all but the zeros, which come first
    assert looks_transposed(images, mnist.require_labels()[order])


@pytest.mark.parametrize(
    "turn",
    [
        lambda x: x[:, ::-1],
        lambda x: x[:, :, ::-1],
        lambda x: x[:, ::-1, ::-1],
        lambda x: np.rot90(x, 1, axes=(1, 2)),
        lambda x: np.rot90(x, 3, axes=(1, 2)),
        lambda x: x[:, ::-1, ::-1].swapaxes(1, 2),
        lambda x: 255 - x.swapaxes(1, 2),
        lambda x: np.roll(x, 1, axis=0).swapaxes(1, 2),  # with other images' labels
        lambda x: x[:49].swapaxes(1, 2),
        lambda x: np.zeros_like(x),
        lambda x: digits(len(x))[..., np.newaxis],
        lambda x: np.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0))).swapaxes(1, 2),
        lambda x: np.repeat(x, 3, axis=3).swapaxes(1, 2),
    ],
)
def test_nothing_else_is_taken_for_it(turn: "Turn", upright: Dataset) -> None:
    images = turn(upright.images)
    assert not looks_transposed(images, upright.require_labels()[: len(images)])


class Turn:
    """A type for the functions above."""

    def __call__(self, images: Array) -> Array:
        raise NotImplementedError


def test_what_is_not_certain_is_not_claimed(upright: Dataset) -> None:
    # The nought is nearly its own mirror image, and sixty of them are not enough to tell.
    labels = upright.require_labels()
    noughts = upright.images[labels == 0].swapaxes(1, 2)
    assert not looks_transposed(noughts[:60])
    assert looks_transposed(noughts)


def test_two_witnesses_set_digits_upright(upright: Dataset) -> None:
    mended = set_upright(transposed(upright, "a note"), "data/EMNIST-digits-train-images")
    assert mended.fingerprint == upright.fingerprint
    assert mended.notes[0] == "a note"
    assert "have been set upright" in mended.notes[1]
    assert mended.name == upright.name


def test_looks_alone_are_noted_and_nothing_is_changed(upright: Dataset) -> None:
    data = transposed(upright)
    result = set_upright(data, "data/train-images")
    assert result.fingerprint == data.fingerprint
    assert result.notes == (TRANSPOSED,)


def test_a_name_alone_changes_nothing(upright: Dataset) -> None:
    assert set_upright(upright, "emnist") is upright
