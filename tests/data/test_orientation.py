import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tenfold.data.orientation import TRANSPOSED, agreement, looks_transposed, set_upright
from tenfold.nn.array import Array
from tests.data.damage import digits


@pytest.fixture(scope="module")
def upright(mnist: Dataset) -> Dataset:
    """Some images of MNIST, a small part of those from which the mean digits are computed."""
    return mnist.subset(slice(20_000, 23_000))


def transposed(data: Dataset, *notes: str) -> Dataset:
    return Dataset(data.images.swapaxes(1, 2), data.labels, data.name, notes)


def test_transposed_digits_are_detected_with_and_without_labels(upright: Dataset) -> None:
    for data, expected in ((upright, False), (transposed(upright), True)):
        assert looks_transposed(data.images, data.labels) is expected
        assert looks_transposed(data.images) is expected


def test_each_digit_alone_is_detected(upright: Dataset) -> None:
    labels = upright.require_labels()
    for digit in range(10):
        images = upright.images[labels == digit]
        assert not looks_transposed(images, labels[labels == digit])
        assert looks_transposed(images.swapaxes(1, 2), labels[labels == digit])


def test_sorted_data_is_sampled_evenly(mnist: Dataset) -> None:
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
def test_other_changes_are_not_taken_for_a_transposition(turn: "Turn", upright: Dataset) -> None:
    images = turn(upright.images)
    assert not looks_transposed(images, upright.require_labels()[: len(images)])


class Turn:
    """The type of the functions above."""

    def __call__(self, images: Array) -> Array:
        raise NotImplementedError


def test_an_uncertain_case_gives_false(upright: Dataset) -> None:
    # A zero is nearly its own mirror image, and sixty of them are not enough for a decision.
    labels = upright.require_labels()
    zeros = upright.images[labels == 0].swapaxes(1, 2)
    assert not looks_transposed(zeros[:60])
    assert looks_transposed(zeros)


def test_transposed_images_with_emnist_in_the_name_are_set_upright(upright: Dataset) -> None:
    upright_again = set_upright(transposed(upright, "a note"), "data/EMNIST-digits-train-images")
    assert upright_again.fingerprint == upright.fingerprint
    assert upright_again.notes[0] == "a note"
    assert "have been set upright" in upright_again.notes[1]
    assert upright_again.name == upright.name


def test_transposed_images_with_another_name_only_get_a_note(upright: Dataset) -> None:
    data = transposed(upright)
    result = set_upright(data, "data/train-images")
    assert result.fingerprint == data.fingerprint
    assert result.notes == (TRANSPOSED,)


def test_upright_images_with_emnist_in_the_name_are_unchanged(upright: Dataset) -> None:
    assert set_upright(upright, "emnist") is upright


def test_labels_of_other_classes_have_no_mean_digit() -> None:
    given = load_mnist("train").subset(slice(0, 60))
    labels = given.require_labels().copy()
    labels[::2] = 10
    found = agreement(given.images, labels)
    np.testing.assert_array_equal(found[:, ::2], agreement(given.images)[:, ::2])
    np.testing.assert_array_equal(
        found[:, 1::2], agreement(given.images, given.require_labels())[:, 1::2]
    )
