import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data import load_mnist, overlap, overlapping, overlaps
from tenfold.nn import stream
from tests.data.damage import digits

IMAGES = digits(40)[..., np.newaxis]


def test_copies_are_found_at_any_position() -> None:
    others = np.concatenate([IMAGES[30:], IMAGES[3:5], digits(20, seed=1)[..., np.newaxis]])
    order = stream(0, "test overlap").permutation(len(others))
    found = overlapping(IMAGES, others[order])
    assert np.flatnonzero(found).tolist() == [3, 4, *range(30, 40)]
    assert overlap(IMAGES, others[order]) == 12


def test_an_image_that_differs_in_one_pixel_is_not_a_copy() -> None:
    changed = IMAGES.copy()
    changed[7, 0, 0, 0] += 1
    assert np.flatnonzero(~overlapping(IMAGES, changed)).tolist() == [7]


def test_repeated_images_count_each_time() -> None:
    twice = np.concatenate([IMAGES[:2], IMAGES[:2]])
    assert overlap(twice, IMAGES) == 4
    assert overlap(IMAGES, twice) == 2


def test_memory_layout_does_not_matter() -> None:
    turned = np.ascontiguousarray(IMAGES.swapaxes(1, 2)).swapaxes(1, 2)
    assert overlap(turned, IMAGES) == overlap(IMAGES, turned) == 40
    assert overlap(IMAGES[::2], IMAGES[1::2]) == 0


def test_empty_sets_and_other_sizes_have_no_overlap() -> None:
    assert overlap(IMAGES, IMAGES[:0]) == overlap(IMAGES[:0], IMAGES) == 0
    wide = IMAGES.reshape(40, 14, 56, 1)  # the same bytes
    assert overlapping(IMAGES, wide).tolist() == [False] * 40
    empty = np.zeros((3, 0, 5, 1), np.uint8)
    assert overlapping(empty, empty[:1]).tolist() == [True] * 3
    assert overlapping(empty, empty[:0]).tolist() == [False] * 3


@given(st.lists(st.integers(0, 5), max_size=12), st.lists(st.integers(0, 5), max_size=12))
def test_overlapping_equals_membership(some: list[int], others: list[int]) -> None:
    images, known = (np.array(values, np.uint8).reshape(-1, 1, 1, 1) for values in (some, others))
    assert overlapping(images, known).tolist() == [value in others for value in some]


def test_mnist_training_and_test_images_do_not_overlap() -> None:
    train, test = load_mnist("train"), load_mnist("test")
    assert overlap(test.images, train.images) == 0


def test_many_images_are_compared_by_their_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlaps, "_MIN_HASHED", 0)
    test_copies_are_found_at_any_position()
    test_an_image_that_differs_in_one_pixel_is_not_a_copy()
    test_repeated_images_count_each_time()
