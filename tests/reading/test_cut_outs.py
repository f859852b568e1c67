"""Cut-outs: the candidates of generated pictures and their labels."""

import numpy as np
import pytest

from tenfold.data import load_mnist
from tenfold.nn.array import Array
from tenfold.reading.cut_outs import (
    cut_out_candidates,
    cut_out_pages,
    is_upright_bar,
    label_of,
    upright_bars,
)
from tenfold.reading.synthetic.raster import segment_cover


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
    assert (labels < 10).sum() < (labels == 10).sum() <= 5 * 32


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


@pytest.fixture(scope="module")
def pages() -> tuple[Array, Array]:
    return cut_out_pages(4, seed=1)


def test_pages_give_digits_and_a_limited_number_of_non_digits(pages: tuple[Array, Array]) -> None:
    images, labels = pages
    assert images.shape == (len(labels), 28, 28, 1)
    assert (labels < 10).sum() > 10
    assert 10 < (labels == 10).sum() <= 4 * 16


def test_a_page_depends_only_on_the_seed_and_its_number(pages: tuple[Array, Array]) -> None:
    fewer, labels = cut_out_pages(2, seed=1)
    np.testing.assert_array_equal(fewer, pages[0][: len(fewer)])
    np.testing.assert_array_equal(labels, pages[1][: len(fewer)])


def test_no_page_gives_nothing() -> None:
    images, labels = cut_out_pages(0, seed=1)
    assert images.shape == (0, 28, 28, 1)
    assert labels.shape == (0,)


def test_no_upright_bar_is_called_no_digit(pages: tuple[Array, Array]) -> None:
    images, labels = pages
    assert not any(is_upright_bar(image) for image in images[labels == 10])


PLACES = np.array([(0, 0, 40, 24), (0, 27, 40, 31)], float)  # a 0 and a 1 beside it


@pytest.mark.parametrize(
    ("box", "label"),
    [
        ((0, 0, 40, 24), 0),
        ((0, 27, 40, 31), 1),
        ((0, 0, 40, 31), 10),  # both: hardly wider than the 0 alone
        ((0, 0, 40, 28), 0),  # the 0 with a quarter of the 1
        ((0, 0, 40, 15), None),
        ((0, 0, 20, 6), 10),
        ((50, 50, 60, 60), 10),
    ],
)
def test_a_candidate_with_two_digits_is_none(
    box: tuple[int, int, int, int], label: int | None
) -> None:
    assert label_of(np.array(box), PLACES, [0, 1]) == label


def test_without_digits_every_candidate_is_none() -> None:
    assert label_of(np.array([0, 0, 9, 9]), np.zeros((0, 4)), []) == 10


class TestUprightBar:
    @staticmethod
    def bar(angle: float, length: float = 9, radius: float = 2) -> Array:
        """Return a bar at an angle from upright, in degrees."""
        step = length * np.array([[np.sin(np.radians(angle)), np.cos(np.radians(angle))]])
        cover = segment_cover(14 - step, 14 + step, np.array([radius]), 28)
        return np.rint(255 * cover[0])[..., np.newaxis].astype(np.uint8)

    @pytest.mark.parametrize("angle", [-40, -15, 0, 10, 35])
    @pytest.mark.parametrize("radius", [0.8, 2, 3.5])
    def test_bars_are_found(self, angle: float, radius: float) -> None:
        assert is_upright_bar(self.bar(angle, radius=radius))

    @pytest.mark.parametrize("angle", [50, 80, 90, -60])
    def test_bars_that_lie_are_not_upright(self, angle: float) -> None:
        assert not is_upright_bar(self.bar(angle))

    def test_squares_and_points_are_no_bars(self) -> None:
        for image in (self.bar(0, 1, 5), self.bar(0, 0, 8), np.zeros((28, 28, 1), np.uint8)):
            assert not is_upright_bar(image)

    def test_most_ones_of_mnist_are_bars_and_hardly_any_other_digit(self) -> None:
        data = load_mnist("train").subset(np.arange(2000))
        labels = data.require_labels()
        bars = upright_bars(data.images)
        assert bars[labels == 1].mean() > 0.7
        assert bars[labels != 1].mean() < 0.01
