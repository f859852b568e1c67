"""Variants of given digits, and non-digits made of them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from tenfold.data import Dataset
from tenfold.nn.array import Array
from tenfold.reading.synthetic import augment_digits, existing, make_non_digits


def labels_of(digits: Dataset) -> Array:
    assert digits.labels is not None
    return digits.labels


def test_variants_resemble_their_originals(digits: Dataset) -> None:
    images = digits.images[:300]
    varied = augment_digits(images, seed=1)
    assert varied.shape == images.shape
    assert varied.dtype == np.uint8
    before, after = (a.reshape(300, -1).astype(float) for a in (images, varied))
    likeness = (before * after).sum(1) / np.sqrt((before**2).sum(1) * (after**2).sum(1))
    assert np.median(likeness) > 0.85
    assert np.quantile(likeness, 0.01) > 0.3  # rarely, a speck hides a faint digit
    assert not (varied == images).all(axis=(1, 2, 3)).any()


def test_a_variant_depends_on_its_position_only(digits: Dataset) -> None:
    all_of_them = augment_digits(digits.images[:300], seed=1, step=3)
    np.testing.assert_array_equal(
        augment_digits(digits.images[:270], seed=1, step=3), all_of_them[:270]
    )
    other = augment_digits(digits.images[:100], seed=1, step=4)
    assert (other != all_of_them[:100]).any(axis=(1, 2, 3)).mean() > 0.95


def test_strokes_become_thinner_and_thicker(digits: Dataset) -> None:
    ink = [a.sum(axis=(1, 2, 3)) / 255 for a in (digits.images, augment_digits(digits.images, 1))]
    change = ink[1] / ink[0]
    assert np.percentile(change, 5) < 0.8
    assert np.percentile(change, 95) > 1.2


def holes(images: Array) -> Array:
    """Return the number of holes in the ink of each image: (N,)."""
    return np.array([ndimage.label(image[..., 0] < 60)[1] - 1 for image in images])


def test_hollow_digits_enclose_paper_and_bars_stay_as_they_are(
    digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_digits = np.isin(labels_of(digits), (1, 2, 5, 7)) & (holes(digits.images) == 0)
    width, height = (np.any(digits.images > 60, axis=axis).sum(axis=(1, 2)) for axis in (1, 2))
    bars = width < 0.35 * height
    as_usual = holes(augment_digits(digits.images, seed=1)) > 0
    monkeypatch.setattr(existing, "_HOLLOW", 1.0)
    hollow = holes(augment_digits(digits.images, seed=1)) > 0
    assert as_usual[open_digits].mean() < 0.15
    assert hollow[open_digits & ~bars].mean() > 0.7
    assert hollow[open_digits & bars].mean() < 0.3


def test_joined_digits(digits: Dataset) -> None:
    made = make_non_digits(digits.images, labels_of(digits), 300, seed=1)
    assert made.shape == (300, 28, 28, 1)
    assert made.dtype == np.uint8
    assert (made.max(axis=(1, 2, 3)) > 0).all()
    fewer = make_non_digits(digits.images, labels_of(digits), 10, seed=1)
    np.testing.assert_array_equal(fewer, made[:10])
    other = make_non_digits(digits.images, labels_of(digits), 300, seed=2)
    assert (other != made).any(axis=(1, 2, 3)).all()


def test_most_joined_digits_have_several_pieces_side_by_side(digits: Dataset) -> None:
    made = make_non_digits(digits.images, labels_of(digits), 300, seed=1)
    width, height = (np.any(made > 60, axis=axis).sum(axis=1)[:, 0] for axis in (1, 2))
    assert (width > height).mean() > 0.4  # hardly any single digit is wider than high


def test_all_ten_digits_are_needed(digits: Dataset) -> None:
    some = labels_of(digits) < 8
    with pytest.raises(ValueError, match="labels must contain all ten digits, got none of 8, 9"):
        make_non_digits(digits.images[some], labels_of(digits)[some], 3, seed=1)


@given(
    st.sampled_from([(3, 28, 28), (3, 27, 28, 1), (3, 28, 28, 3)]), st.sampled_from(["u1", "f4"])
)
def test_images_of_other_shapes_or_types_are_refused(shape: tuple[int, ...], dtype: str) -> None:
    images = np.zeros(shape, dtype)
    with pytest.raises(ValueError, match="images must be an array"):
        augment_digits(images, seed=1)
    with pytest.raises(ValueError, match="images must be an array"):
        make_non_digits(images, np.arange(3), 3, seed=1)


def test_each_image_needs_a_label(digits: Dataset) -> None:
    with pytest.raises(ValueError, match="labels must be one for each of the 600 images, got"):
        make_non_digits(digits.images, labels_of(digits)[:-1], 3, seed=1)


@given(st.one_of(st.integers(max_value=-1), st.floats(), st.text(max_size=3), st.booleans()))
def test_seeds_steps_and_counts_out_of_range_are_refused(value: Any) -> None:
    images, labels = np.zeros((10, 28, 28, 1), np.uint8), np.arange(10)
    with pytest.raises(ValueError, match="seed must be a whole number from 0 to"):
        augment_digits(images, value)
    with pytest.raises(ValueError, match="step must be a whole number from 0 to"):
        augment_digits(images, 0, value)
    with pytest.raises(ValueError, match="seed must be a whole number from 0 to"):
        make_non_digits(images, labels, 1, value)
    with pytest.raises(ValueError, match="count must be a whole number of at least 0"):
        make_non_digits(images, labels, value, 0)


def test_blank_images_stay_blank_or_get_specks() -> None:
    varied = augment_digits(np.zeros((256, 28, 28, 1), np.uint8), seed=0)
    assert (varied.max(axis=(1, 2, 3)) == 0).mean() > 0.5
