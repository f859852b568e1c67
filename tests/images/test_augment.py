"""Augmentation: the positions from which pixels take their values, and the random draws."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data import load_mnist
from tenfold.images import Augment, sample_at
from tenfold.images.augment import _basis
from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES

SIZE = 28
MIDDLE = (SIZE - 1) / 2
GENTLE = Augment(shift=2, rotation=10, scale=0.1, shear=8, elastic=0.7)


def draw(augment: Augment, images: Array, step: int = 0) -> Array:
    return augment(images, stream(0, "augment", step))


def spots(count: int, row: float, column: float) -> Array:
    """Return images of one blurred spot, whose centre of mass is easy to measure."""
    y, x = np.arange(SIZE)[:, None], np.arange(SIZE)
    spot = 250 * np.exp(-((y - row) ** 2 + (x - column) ** 2) / 8)
    return np.repeat(spot[None, :, :, None], count, axis=0).astype(np.float32)


def centres(images: Array) -> Array:
    """Return the centres of mass, measured from the centre of the image: (N, 2)."""
    weight = images[..., 0].astype(np.float64)
    total = weight.sum(axis=(1, 2))
    places = np.arange(SIZE) - MIDDLE
    rows = np.einsum("nyx,y->n", weight, places) / total
    return np.stack([rows, np.einsum("nyx,x->n", weight, places) / total], axis=1)


class Always:
    """A generator whose uniform numbers are all at one position in their range."""

    def __init__(self, place: float) -> None:
        self.place = place

    def uniform(self, low: float, high: float, size: tuple[int, ...] | int) -> Array:
        return np.full(size, low + (high - low) * self.place)


def at_upper_end(augment: Augment, images: Array) -> Array:
    """Apply a distortion with all values at the upper end of their ranges."""
    return augment(images, Always(1.0))  # type: ignore[arg-type]


def test_the_default_changes_nothing(digits: Array) -> None:
    assert np.array_equal(draw(Augment(), digits), digits.astype(np.float32))


def test_sample_equals_a_naive_loop() -> None:
    rng = np.random.default_rng(1)
    image = rng.integers(0, 256, (2, 5, 6, 1)).astype(np.uint8)
    rows, columns = rng.uniform(-5, 5, (2, 2, 4, 3)).astype(np.float32)
    naive = np.zeros((2, 4, 3, 1))
    for n, i, j in np.ndindex(2, 4, 3):
        row, column = rows[n, i, j] + 2.0, columns[n, i, j] + 2.5
        for y in range(5):
            for x in range(6):
                near = max(0, 1 - abs(row - y)) * max(0, 1 - abs(column - x))
                naive[n, i, j, 0] += near * image[n, y, x, 0]
    assert sample_at(image, rows, columns) == pytest.approx(naive, abs=1e-2)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_input_is_not_modified_and_the_shape_is_kept(digits: Array, dtype: type) -> None:
    images: Array = digits.astype(dtype)
    images.setflags(write=False)
    everything = replace(GENTLE, thickness=0.5, noise=10, cutout=5)
    other = draw(everything, images)
    assert other.shape == images.shape
    assert other.dtype == np.float32
    assert 0 <= other.min() < other.max() <= 255


def test_results_depend_only_on_the_generator(digits: Array) -> None:
    assert np.array_equal(draw(GENTLE, digits), draw(GENTLE, digits))
    assert not np.array_equal(draw(GENTLE, digits), draw(GENTLE, digits, step=1))


def test_equal_images_in_a_batch_are_distorted_differently() -> None:
    twins = draw(GENTLE, spots(2, 14, 14))
    assert not np.allclose(twins[0], twins[1], atol=5)


def test_a_positive_rotation_is_counterclockwise() -> None:
    moved = centres(at_upper_end(Augment(rotation=90), spots(1, MIDDLE, MIDDLE + 6)))
    assert moved == pytest.approx(np.array([[-6, 0]]), abs=0.05)  # from the right to the top
    moved = centres(at_upper_end(Augment(rotation=30), spots(1, MIDDLE, MIDDLE + 6)))
    assert moved == pytest.approx(6 * np.array([[-0.5, math.sqrt(0.75)]]), abs=0.05)


def test_a_positive_shift_goes_down_and_right() -> None:
    moved = centres(at_upper_end(Augment(shift=2.5), spots(1, 12, 15)))
    assert moved == pytest.approx(np.array([[12 + 2.5, 15 + 2.5]]) - MIDDLE, abs=0.02)


def test_a_positive_scale_enlarges() -> None:
    moved = centres(at_upper_end(Augment(scale=0.25), spots(1, MIDDLE - 4, MIDDLE + 4)))
    assert moved == pytest.approx(1.25 * np.array([[-4, 4]]), abs=0.05)


def test_a_positive_shear_moves_the_bottom_to_the_left() -> None:
    moved = centres(at_upper_end(Augment(shear=45), spots(1, MIDDLE + 5, MIDDLE)))
    assert moved == pytest.approx(np.array([[5, -5]]), abs=0.05)


def test_the_order_is_scale_shear_rotation_shift() -> None:
    both = at_upper_end(Augment(rotation=90, shift=3), spots(1, MIDDLE, MIDDLE + 6))
    assert centres(both) == pytest.approx(np.array([[-6 + 3, 3]]), abs=0.05)
    both = at_upper_end(Augment(scale=0.2, shear=45), spots(1, MIDDLE + 3, MIDDLE))
    assert centres(both) == pytest.approx(np.array([[3.6, -3.6]]), abs=0.05)


def test_parameters_are_independent_and_uniform() -> None:
    """A is decomposed again into its rotation, shear and scales."""
    count = 4000
    drawn = Augment(rotation=30, shear=20, scale=0.5)._inverse(count, stream(0, "a"))
    found = []
    for inverse in drawn.transpose(2, 0, 1):
        a = np.linalg.inv(inverse)  # = R H S; H does not change (0, 1), the step to the right
        angle = math.atan2(-a[0, 1], a[1, 1])
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        (down, none), (aside, across) = turn.T @ a
        assert none == pytest.approx(0, abs=1e-12)
        scales = np.log([down, across]) / math.log(1.5)
        slant = math.atan(-aside / down)
        found.append([*scales, math.degrees(angle) / 30, math.degrees(slant) / 20])
    numbers = np.array(found)
    assert np.abs(numbers).max(axis=0) == pytest.approx(1, abs=0.01)  # the whole range is used ...
    for place in (0.1, 0.25, 0.5, 0.75, 0.9):  # ... uniformly, within five standard errors of 0.016
        assert np.quantile(numbers, place, axis=0) == pytest.approx(2 * place - 1, abs=0.08)
    apart = np.corrcoef(numbers.T)  # they are independent
    assert apart == pytest.approx(np.eye(4), abs=5 / math.sqrt(count))


def displacements(augment: Augment, count: int) -> Array:
    """Return the displacements of the inner pixels of images: (2, N, 12, 12).

    In an image that increases by 9 grey levels per pixel, a value gives its original position.
    """
    ramp = 9.0 * np.broadcast_to(np.arange(SIZE)[:, None], (SIZE, SIZE))
    found = []
    for image, axis in ((ramp, 0), (ramp.T, 1)):
        images = np.repeat(image[None, :, :, None], count, axis=0).astype(np.float32)
        places = draw(augment, images)[..., 0] / 9
        found.append((places - np.indices((SIZE, SIZE))[axis])[:, 8:20, 8:20])
    return np.array(found)


@pytest.mark.parametrize(
    ("augment", "per_axis"),
    [
        (Augment(shift=2), 2 / math.sqrt(3)),  # standard deviation of a uniform number from -2 to 2
        (Augment(elastic=0.8, smoothness=6), 0.8),
        (Augment(elastic=1.2, smoothness=4), 1.2),
    ],
)
def test_displacements_have_the_requested_size(augment: Augment, per_axis: float) -> None:
    moved = displacements(augment, 2000)
    assert np.sqrt(np.mean(moved**2, axis=(1, 2, 3))) == pytest.approx(per_axis, rel=0.05)
    assert np.mean(moved, axis=(1, 2, 3)) == pytest.approx(0, abs=0.06)
    assert abs(np.mean(moved[0] * moved[1])) < 0.06  # the axes are independent


def test_an_elastic_field_is_smooth() -> None:
    moved = displacements(Augment(elastic=1, smoothness=5), 500)
    steps = np.diff(moved, axis=2)
    # With correlation exp(-d^2 / (4 sigma^2)), neighbours differ by 1 / (sqrt(2) sigma).
    assert np.sqrt(np.mean(steps**2)) == pytest.approx(1 / (math.sqrt(2) * 5), rel=0.1)


def test_a_smooth_field_has_the_correlation_of_its_gaussian() -> None:
    sigma = 4.0
    waves = _basis(SIZE, SIZE, sigma)[3:].astype(np.float64)
    covariance = (waves.T @ waves).reshape(SIZE, SIZE, SIZE, SIZE)
    assert np.diagonal(covariance.reshape(SIZE**2, -1)) == pytest.approx(1, abs=1e-5)
    for far in (1, 3, 6):  # two positions of smoothed white noise, away from the edges
        expected = math.exp(-(far**2) / (4 * sigma**2))
        assert covariance[14, 14, 14, 14 + far] == pytest.approx(expected, abs=0.02)
        assert covariance[14, 14, 14 + far, 14] == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("augment", sorted({r.augment for r in RECIPES.values()} - {None}, key=str))
def test_no_digit_leaves_the_frame(augment: Augment) -> None:
    """Padded images show the ink that would leave the frame."""
    images = load_mnist("train").images[:1000]
    padded = np.pad(images, ((0, 0), (10, 10), (10, 10), (0, 0)))
    ink = draw(augment, padded)
    inside = ink[:, 10:-10, 10:-10].sum(axis=(1, 2, 3)) / ink.sum(axis=(1, 2, 3))
    assert inside.mean() > 0.998
    assert np.quantile(inside, 0.01) > 0.95


def test_thickness_makes_strokes_thicker_and_thinner(digits: Array) -> None:
    ink = digits.astype(np.float64).sum()
    thick = at_upper_end(Augment(thickness=1.0), digits)
    thin = Augment(thickness=1.0)(digits, Always(0.0))  # type: ignore[arg-type]
    assert np.all(thick >= digits)
    assert np.all(thin <= digits)
    assert 1.3 * ink < thick.sum() < 2.5 * ink
    assert 0.1 * ink < thin.sum() < 0.7 * ink
    twins = draw(Augment(thickness=1.0), np.repeat(digits[:1], 400, axis=0))
    grown = twins.sum(axis=(1, 2, 3)) > digits[0].sum()
    assert 150 < grown.sum() < 250  # independent, half of them thicker


def test_noise_has_the_requested_standard_deviation() -> None:
    grey = np.full((50, SIZE, SIZE, 1), 128, np.uint8)
    noisy = draw(Augment(noise=20), grey)
    inner = noisy[:, 2:-2, 2:-2]
    assert inner.std() == pytest.approx(20, rel=0.02)
    assert inner.mean() == pytest.approx(128, abs=0.5)


def test_cutout_erases_a_square_of_its_size() -> None:
    white = np.full((500, SIZE, SIZE, 1), 255, np.uint8)
    erased = (draw(Augment(cutout=6), white) == 0).sum(axis=(1, 2, 3))
    assert erased.max() == 36
    assert (erased == 36).mean() > 0.5  # the others are cut by the edge
    assert erased.min() >= 9
    for axis in (2, 1):
        images, places, _ = np.nonzero((draw(Augment(cutout=6), white) == 0).any(axis=axis))
        first = places[np.unique(images, return_index=True)[1]]
        assert len(np.unique(first)) > 20  # the position differs between images


@given(st.integers(0, 70), st.integers(1, 40), st.integers(1, 40))
def test_any_number_and_size_of_images(count: int, height: int, width: int) -> None:
    images = np.full((count, height, width, 1), 200, np.uint8)
    assert draw(replace(GENTLE, thickness=0.3, cutout=3), images).shape == images.shape


@pytest.mark.parametrize(
    "wrong",
    [
        {"shift": -1},
        {"rotation": 200},
        {"scale": math.nan},
        {"smoothness": 0.5},
        {"thickness": 1.5},
        {"cutout": 2.5},
        {"noise": math.inf},
        {"shift": "1"},
        {"rotation": None},
        {"scale": True},
        {"cutout": [3]},
    ],
)
def test_numbers_out_of_range_raise(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} must be .*, got"):
        Augment(**wrong)


@pytest.fixture
def digits() -> Array:
    return load_mnist("test").images[:40]
