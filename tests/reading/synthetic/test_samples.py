"""Samples of each writing style of a digit and of each kind of non-digit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.nn import stream
from tenfold.reading.synthetic import generate_non_digits, generate_writing_styles
from tenfold.reading.synthetic.non_digits import KINDS, with_ones
from tenfold.reading.synthetic.shapes.digits import DIGITS


@pytest.mark.parametrize("digit", range(10))
def test_each_way_has_images_of_its_own(digit: int) -> None:
    samples = generate_writing_styles(digit, 3)
    assert list(samples) == list(DIGITS[digit])
    images = np.concatenate(list(samples.values()))
    assert images.shape == (3 * len(samples), 28, 28, 1)
    assert len({image.tobytes() for image in images}) == len(images)
    assert images.max(axis=(1, 2, 3)).min() > 100


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_non_digit_has_ink(kind: str) -> None:
    images = generate_non_digits(kind, 24)
    assert images.shape == (24, 28, 28, 1)
    np.testing.assert_array_equal(images, generate_non_digits(kind, 24))
    assert (generate_non_digits(kind, 24, seed=1) != images).any()
    assert images.max(axis=(1, 2, 3)).min() > 100


def test_several_digits_are_wider_or_higher_than_one() -> None:
    def shape(kind: str) -> float:
        ink = generate_non_digits(kind, 60) > 60
        width, height = (np.any(ink, axis=axis).sum(axis=1)[:, 0] for axis in (1, 2))
        return float(np.median(width / height))

    assert shape("pair") > 1
    assert shape("triple") > 1.5
    assert shape("stack") < 0.7


def test_more_pairs_than_by_chance_contain_a_1() -> None:
    kinds = np.array(["pair"] * 2000 + ["triple"] * 2000)
    digits = with_ones(np.tile(np.arange(10), 400), kinds, stream(0, "test"))
    shares = (digits == 1).reshape(2, 2000).mean(axis=1)
    assert 0.24 < shares[0] < 0.32  # 0.1 by chance, and a fifth of the others
    assert shares[1] == 0.1


@given(st.one_of(st.integers(10), st.integers(max_value=-1), st.floats(), st.none()))
def test_other_digits_are_refused(digit: Any) -> None:
    with pytest.raises(ValueError, match="digit must be a whole number from 0 to 9, got"):
        generate_writing_styles(digit, 1)


@given(st.text(max_size=8).filter(lambda text: text not in KINDS))
def test_other_kinds_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="kind must be 'letter', 'sign',"):
        generate_non_digits(kind, 1)


@pytest.mark.parametrize("count", [0, -1, 1.0])
def test_counts_below_one_are_refused(count: Any) -> None:
    with pytest.raises(ValueError, match="count must be a whole number of at least 1, got"):
        generate_writing_styles(3, count)
    with pytest.raises(ValueError, match="count must be a whole number of at least 1, got"):
        generate_non_digits("pair", count)
