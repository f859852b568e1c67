import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data import Dataset, folds, hold_out
from tenfold.errors import TenfoldError
from tenfold.nn import stream
from tenfold.nn.array import Array

FIRST = [2, 8, 11, 13, 29, 36]  # of 200 images, 20 held out, seed 0


def numbered(labels: Array) -> Dataset:
    """Return images that each encode their own position."""
    images = np.arange(len(labels), dtype=">u4").view(np.uint8).reshape(-1, 2, 2, 1)
    return Dataset(images, np.asarray(labels, np.int64), "mine", ("a note",))


def places(data: Dataset) -> list[int]:
    return np.ascontiguousarray(data.images).reshape(-1, 4).view(">u4")[:, 0].tolist()


@given(st.data())
def test_the_parts_are_disjoint_complete_and_in_order(data: st.DataObject) -> None:
    labels = data.draw(st.lists(st.integers(0, 9), min_size=2, max_size=200))
    count = data.draw(st.integers(1, len(labels) - 1))
    rest, held = hold_out(numbered(np.array(labels)), count)
    assert len(held) == count
    assert places(rest) == sorted(places(rest))
    assert places(held) == sorted(places(held))
    assert sorted(places(rest) + places(held)) == list(range(len(labels)))
    for part in (rest, held):
        assert part.require_labels().tolist() == [labels[place] for place in places(part)]
    for digit in range(10):  # the quota of each class, rounded down or up
        quota = labels.count(digit) * count / len(labels)
        assert abs(held.require_labels().tolist().count(digit) - quota) < 1


def test_the_largest_remainder_gets_the_rest() -> None:
    # 10 of 60 + 25 + 10 + 5 images are held out. The quotas are 6, 2.5, 1 and 0.5, rounded down 6,
    # 2, 1 and 0. The remaining image goes to the largest fraction, and of equal ones to the
    # smaller digit.
    labels = np.repeat([9, 1, 4, 3], [60, 25, 10, 5])
    _, held = hold_out(numbered(labels), 10)
    assert np.bincount(held.require_labels(), minlength=10).tolist() == [
        0,
        3,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        6,
    ]


def test_the_draw_depends_only_on_seed_and_purpose() -> None:
    data = numbered(np.tile(np.arange(10), 20))
    chosen = places(hold_out(data, 20)[1])
    assert chosen == places(hold_out(data, 20, seed=0, purpose="validation")[1])
    assert chosen != places(hold_out(data, 20, seed=1)[1])
    assert chosen != places(hold_out(data, 20, purpose="test")[1])
    assert chosen[:6] == FIRST  # the same on every machine


def test_a_larger_part_contains_the_smaller_one() -> None:
    data = numbered(np.tile(np.arange(10), 20))
    assert set(places(hold_out(data, 20)[1])) < set(places(hold_out(data, 50)[1]))


def test_classes_are_drawn_independently() -> None:
    data = numbered(np.tile(np.arange(10), 20))
    rounds = [place // 10 for place in places(hold_out(data, 10)[1])]
    assert len(set(rounds)) > 1


def test_mnist_is_split_by_class(mnist: Dataset) -> None:
    rest, held = hold_out(mnist, 5000)
    assert (len(rest), len(held)) == (55_000, 5000)
    assert np.bincount(held.require_labels()).tolist() == [
        494, 562, 496, 511, 487, 452, 493, 522, 487, 496,
    ]  # fmt: skip


def test_name_and_notes_are_kept() -> None:
    for part in hold_out(numbered(np.zeros(4)), 2):
        assert (part.name, part.notes) == ("mine", ("a note",))


@pytest.mark.parametrize("count", [-1, 0, 4, 5])
def test_counts_out_of_range_raise(count: int) -> None:
    with pytest.raises(TenfoldError, match=f"mine: .* must be from 1 to 3, got {count}"):
        hold_out(numbered(np.zeros(4)), count)


def test_unlabelled_data_raises() -> None:
    with pytest.raises(TenfoldError, match="has no labels"):
        hold_out(Dataset(np.zeros((4, 2, 2, 1), np.uint8)), 2)


@given(st.integers(2, 8), st.integers(0, 3))
def test_fold_sizes_differ_by_at_most_one(count: int, seed: int) -> None:
    labels = np.repeat(np.arange(7), [8, 9, 11, 8, 30, 8, 13])
    labels = stream(seed, "test folds").permutation(labels)
    data = numbered(labels)
    fold = folds(data, count, seed)
    for chosen in (fold, *(fold[labels == digit] for digit in range(7))):
        sizes = np.bincount(chosen, minlength=count)
        assert len(sizes) == count
        assert sizes.max() - sizes.min() <= 1
    assert (fold == folds(data, count, seed)).all()
    assert (fold != folds(data, count, seed + 1)).any()


@pytest.mark.parametrize(
    ("counts", "count", "message"),
    [
        (
            [9, 3],
            5,
            "got 3 of digit 1: use 3 folds, add images of it, or leave",
        ),
        ([9, 1], 5, "got 1 of digit 1: add images of it, or leave"),
        ([2, 2], 5, "must be from 2 to 4, the number of images, got 5"),
        ([9, 9], 1, "must be from 2 to 18, the number of images, got 1"),
    ],
)
def test_impossible_folds_raise(counts: list[int], count: int, message: str) -> None:
    with pytest.raises(TenfoldError, match=message):
        folds(numbered(np.repeat([0, 1], counts)), count)
