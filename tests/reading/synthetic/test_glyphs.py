"""Generated images of digits and non-digits: reproducible, balanced, never blank."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from tenfold.images import normalize
from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.reading.synthetic import NOT_A_DIGIT, generate_digits
from tenfold.reading.synthetic.glyphs import Plan, draw_plan, plan_of, shapes_of
from tenfold.reading.synthetic.normalization import normalize_all


@pytest.fixture(scope="module")
def drawn() -> tuple[Array, Array]:
    return generate_digits(7, 1024)


def test_shapes_and_dtypes(drawn: tuple[Array, Array]) -> None:
    images, labels = drawn
    assert images.shape == (1024, 28, 28, 1)
    assert images.dtype == labels.dtype == np.uint8
    assert generate_digits(7, 0)[0].shape == (0, 28, 28, 1)


def test_the_classes_are_balanced(drawn: tuple[Array, Array]) -> None:
    counts = np.bincount(drawn[1], minlength=11)
    assert len(counts) == 11
    assert abs(counts[NOT_A_DIGIT] / 1024 - 0.35) < 0.05
    assert counts[:10].min() > 0.6 * 1024 * 0.065
    assert counts[:10].max() < 1.5 * 1024 * 0.065


@pytest.mark.parametrize("share", [0, 1])
def test_the_share_of_non_digits(share: float) -> None:
    labels = generate_digits(1, 256, non_digits=share)[1]
    assert set(labels) == ({NOT_A_DIGIT} if share else set(range(10)))


@pytest.mark.parametrize(("first", "count"), [(0, 1), (100, 60), (200, 100), (511, 2), (768, 256)])
def test_an_image_does_not_depend_on_how_the_sequence_is_divided(
    drawn: tuple[Array, Array], first: int, count: int
) -> None:
    images, labels = generate_digits(7, count, first)
    np.testing.assert_array_equal(images, drawn[0][first : first + count])
    np.testing.assert_array_equal(labels, drawn[1][first : first + count])


def test_another_seed_gives_other_images(drawn: tuple[Array, Array]) -> None:
    other = generate_digits(8, 256)[0]
    assert not (other == drawn[0][:256]).all(axis=(1, 2, 3)).any()


def test_no_digit_is_blank_or_filled(drawn: tuple[Array, Array]) -> None:
    images, labels = drawn
    ink = (images[labels != NOT_A_DIGIT] / 255).sum(axis=(1, 2, 3))
    assert ink.min() > 10
    assert ink.max() < 330  # of the 400 pixels of the box


def test_the_stroke_widths_range_from_hairlines_to_markers(drawn: tuple[Array, Array]) -> None:
    images, labels = drawn
    ink = (images[labels < NOT_A_DIGIT] / 255).sum(axis=(1, 2, 3))
    low, middle, high = np.percentile(ink, (5, 50, 95))
    assert low < 52
    assert 70 < middle < 130  # MNIST: 103
    assert high > 135


@pytest.mark.parametrize("digit", [1, 2, 3, 5, 7])
def test_hollow_digits_enclose_paper(digit: int) -> None:
    count = 60
    enclosing = []
    for hollow in (False, True):
        rng = stream(0, "test")
        plan = Plan(
            np.full(count, digit),
            np.full(count, "digit"),
            np.zeros(count, int),
            np.full(count, hollow),
        )
        images = draw_plan(plan, shapes_of(plan, rng), rng)
        holes = [ndimage.label(image[..., 0] < 60)[1] - 1 for image in images]
        enclosing.append(np.mean(np.array(holes) > 0))
    solid, outlined = enclosing
    assert outlined > 0.6
    assert outlined > solid + 0.3


def test_some_digits_letters_and_pairs_are_hollow() -> None:
    kinds = np.repeat(["digit", "letter", "pair", "fragment"], 2000)
    plan = plan_of(kinds, np.full(8000, 1), stream(0, "test"))
    shares = plan.hollow.reshape(4, 2000).mean(axis=1)
    assert 0.02 < shares[0] < shares[1] < 0.1
    assert shares[2] > 0.02
    assert shares[3] == 0
    assert not plan.outlined[:2000].any()  # the shapes of hollow 1s are outlines already


@given(st.one_of(st.integers(max_value=-1), st.floats(), st.text(), st.booleans()))
def test_counts_out_of_range_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="count must be a whole number of at least 0, got"):
        generate_digits(0, value)
    with pytest.raises(ValueError, match="first must be a whole number from 0 to"):
        generate_digits(0, 1, first=value)


@given(st.one_of(st.floats(max_value=-1e-9), st.floats(min_value=1.001), st.just(float("nan"))))
def test_shares_out_of_range_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="non_digits must be a number from 0 to 1, got"):
        generate_digits(0, 1, non_digits=value)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "1"])
def test_wrong_seeds_are_refused(seed: Any) -> None:
    with pytest.raises(ValueError, match="seed must be a whole number from 0 to"):
        generate_digits(seed, 0)


def test_the_fast_normalisation_agrees_with_the_exact_one() -> None:
    rng = stream(0, "test")
    ink = np.zeros((60, 40, 50), np.float32)
    for image in ink:
        top, left, height, width = rng.integers((0, 0, 1, 1), (30, 40, 40, 50))
        part = image[top : top + height, left : left + width]
        part[:] = rng.random(part.shape) * (rng.random(part.shape) < 0.6)
    ink[0] = 0
    ink[1, :], ink[2] = 1, np.eye(40, 50)
    fast = normalize_all(ink).astype(int)
    exact = np.array([normalize(image) for image in ink]).astype(int)
    assert abs(fast - exact).max() <= 1
