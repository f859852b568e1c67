"""Cut-outs: the candidates of generated pictures and their labels."""

import numpy as np
import pytest

from tenfold.data import load_mnist
from tenfold.nn.array import Array
from tenfold.reading.cut_outs import cut_out_candidates


@pytest.fixture(scope="module")
def cut() -> tuple[Array, Array]:
    data = load_mnist("train")
    return cut_out_candidates(data.images[:200], data.require_labels()[:200], 5, seed=3)


def test_digits_and_more_non_digits_are_cut_out(cut: tuple[Array, Array]) -> None:
    images, labels = cut
    assert images.shape[1:] == (28, 28, 1)
    assert images.dtype == np.uint8
    assert len(images) == len(labels)
    assert (labels < 10).sum() >= 5
    assert (labels == 10).sum() > (labels < 10).sum()


def test_cut_out_digits_look_like_the_given_digit(cut: tuple[Array, Array]) -> None:
    data = load_mnist("train")
    means = np.stack(
        [data.images[data.require_labels() == d].mean(axis=0).ravel() for d in range(10)]
    )
    digits = cut[1] < 10
    given = cut[0][digits].reshape(digits.sum(), -1).astype(float)
    distance = ((given[:, np.newaxis] - means) ** 2).sum(axis=2)
    assert (distance.argmin(axis=1) == cut[1][digits]).mean() > 0.6  # ten classes: 0.1 by chance


def test_a_picture_depends_only_on_the_seed_and_its_number(cut: tuple[Array, Array]) -> None:
    data = load_mnist("train")
    fewer = cut_out_candidates(data.images[:200], data.require_labels()[:200], 2, seed=3)
    np.testing.assert_array_equal(fewer[0], cut[0][: len(fewer[0])])
    other = cut_out_candidates(data.images[:200], data.require_labels()[:200], 2, seed=4)
    assert not np.array_equal(other[0][:20], fewer[0][:20])


def test_blank_digits_give_nothing() -> None:
    images, labels = cut_out_candidates(np.zeros((3, 28, 28, 1), np.uint8), np.zeros(3), 1, seed=0)
    assert len(images) == len(labels) == 0
