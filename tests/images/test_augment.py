"""Augmentation: where each pixel takes its value, and that digits stay digits."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data import load_mnist
from tenfold.images import Augment, sample
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
    """Return images of one blurred spot, whose centre of mass can be measured closely."""
    y, x = np.arange(SIZE)[:, None], np.arange(SIZE)
    spot = 250 * np.exp(-((y - row) ** 2 + (x - column) ** 2) / 8)
    return np.repeat(spot[None, :, :, None], count, axis=0).astype(np.float32)


def centres(images: Array) -> Array:
    """Return the centres of mass, counted from the middle of the image: (N, 2)."""
    weight = images[..., 0].astype(np.float64)
    total = weight.sum(axis=(1, 2))
    places = np.arange(SIZE) - MIDDLE
    rows = np.einsum("nyx,y->n", weight, places) / total
    return np.stack([rows, np.einsum("nyx,x->n", weight, places) / total], axis=1)


class Always:
    """A generator whose uniform numbers all lie at one place in their range."""

    def __init__(self, place: float) -> None:
        self.place = place

    def uniform(self, low: float, high: float, size: tuple[int, ...] | int) -> Array:
        return np.full(size, low + (high - low) * self.place)


def at_most(augment: Augment, images: Array) -> Array:
    """Apply a distortion at the upper end of its range."""
    return augment(images, Always(1.0))  # type: ignore[arg-type]


def test_nothing_changes_without_distortion(digits: Array) -> None:
    assert np.array_equal(draw(Augment(), digits), digits.astype(np.float32))


def test_a_naive_loop_samples_the_same() -> None:
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
    assert sample(image, rows, columns) == pytest.approx(naive, abs=1e-2)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_it_only_reads_and_keeps_the_shape(digits: Array, dtype: type) -> None:
    images: Array = digits.astype(dtype)
    images.setflags(write=False)
    everything = replace(GENTLE, thickness=0.5, noise=10, cutout=5)
    other = draw(everything, images)
    assert other.shape == images.shape
    assert other.dtype == np.float32
    assert 0 <= other.min() < other.max() <= 255


def test_the_same_stream_draws_the_same(digits: Array) -> None:
    assert np.array_equal(draw(GENTLE, digits), draw(GENTLE, digits))
    assert not np.array_equal(draw(GENTLE, digits), draw(GENTLE, digits, step=1))


def test_equal_images_are_distorted_differently() -> None:
    twins = draw(GENTLE, spots(2, 14, 14))
    assert not np.allclose(twins[0], twins[1], atol=5)


def test_a_positive_rotation_turns_against_the_clock() -> None:
    moved = centres(at_most(Augment(rotation=90), spots(1, MIDDLE, MIDDLE + 6)))
    assert moved == pytest.approx(np.array([[-6, 0]]), abs=0.05)  # from the right to the top
    moved = centres(at_most(Augment(rotation=30), spots(1, MIDDLE, MIDDLE + 6)))
    assert moved == pytest.approx(6 * np.array([[-0.5, math.sqrt(0.75)]]), abs=0.05)


def test_a_positive_shift_goes_down_and_right() -> None:
    moved = centres(at_most(Augment(shift=2.5), spots(1, 12, 15)))
    assert moved == pytest.approx(np.array([[12 + 2.5, 15 + 2.5]]) - MIDDLE, abs=0.02)


def test_a_positive_scale_enlarges() -> None:
    moved = centres(at_most(Augment(scale=0.25), spots(1, MIDDLE - 4, MIDDLE + 4)))
    assert moved == pytest.approx(1.25 * np.array([[-4, 4]]), abs=0.05)


def test_a_positive_shear_slants_to_the_left_at_the_bottom() -> None:
    moved = centres(at_most(Augment(shear=45), spots(1, MIDDLE + 5, MIDDLE)))
    assert moved == pytest.approx(np.array([[5, -5]]), abs=0.05)


def test_the_order_is_scale_shear_rotation_shift() -> None:
    both = at_most(Augment(rotation=90, shift=3), spots(1, MIDDLE, MIDDLE + 6))
    assert centres(both) == pytest.approx(np.array([[-6 + 3, 3]]), abs=0.05)
    both = at_most(Augment(scale=0.2, shear=45), spots(1, MIDDLE + 3, MIDDLE))
    assert centres(both) == pytest.approx(np.array([[3.6, -3.6]]), abs=0.05)


def test_each_image_is_distorted_on_its_own_and_either_way() -> None:
    """A is a product of a turn, a shear and a diagonal, each of which is found in it again."""
    count = 4000
    drawn = Augment(rotation=30, shear=20, scale=0.5)._inverse(count, stream(0, "a"))
    found = []
    for inverse in drawn.transpose(2, 0, 1):
        a = np.linalg.inv(inverse)  # = R H S; H leaves the step to the right, (0, 1), alone
        angle = math.atan2(-a[0, 1], a[1, 1])
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        (down, none), (aside, across) = turn.T @ a
        assert none == pytest.approx(0, abs=1e-12)
        scales = np.log([down, across]) / math.log(1.5)
        slant = math.atan(-aside / down)
        found.append([*scales, math.degrees(angle) / 30, math.degrees(slant) / 20])
    numbers = np.array(found)
    assert np.abs(numbers).max(axis=0) == pytest.approx(1, abs=0.01)  # each fills its range ...
    for place in (0.1, 0.25, 0.5, 0.75, 0.9):  # ... uniformly: within five deviations of 0.016
        assert np.quantile(numbers, place, axis=0) == pytest.approx(2 * place - 1, abs=0.08)
    apart = np.corrcoef(numbers.T)  # each knows nothing of the others
    assert apart == pytest.approx(np.eye(4), abs=5 / math.sqrt(count))


def displacements(augment: Augment, count: int) -> Array:
    """Return how far the inner pixels of images take their values from: (2, N, 12, 12).

    An image that grows by 9 grey levels per pixel says where each of its values was taken.
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
        (Augment(shift=2), 2 / math.sqrt(3)),  # of a uniform number within 2 either way
        (Augment(elastic=0.8, smoothness=6), 0.8),
        (Augment(elastic=1.2, smoothness=4), 1.2),
    ],
)
def test_displacements_have_the_size_that_was_asked_for(augment: Augment, per_axis: float) -> None:
    moved = displacements(augment, 2000)
    assert np.sqrt(np.mean(moved**2, axis=(1, 2, 3))) == pytest.approx(per_axis, rel=0.05)
    assert np.mean(moved, axis=(1, 2, 3)) == pytest.approx(0, abs=0.06)
    assert abs(np.mean(moved[0] * moved[1])) < 0.06  # one axis knows nothing of the other


def test_an_elastic_field_is_smooth() -> None:
    moved = displacements(Augment(elastic=1, smoothness=5), 500)
    steps = np.diff(moved, axis=2)
    # Of a field with correlation exp(-d^2 / (4 sigma^2)) neighbours differ by 1 / (sqrt(2) sigma).
    assert np.sqrt(np.mean(steps**2)) == pytest.approx(1 / (math.sqrt(2) * 5), rel=0.1)


def test_a_smooth_field_has_the_correlation_of_its_gaussian() -> None:
    sigma = 4.0
    waves = _basis(SIZE, SIZE, sigma)[3:].astype(np.float64)
    covariance = (waves.T @ waves).reshape(SIZE, SIZE, SIZE, SIZE)
    assert np.diagonal(covariance.reshape(SIZE**2, -1)) == pytest.approx(1, abs=1e-5)
    for far in (1, 3, 6):  # two places of smoothed white noise, in the inside of the image
        expected = math.exp(-(far**2) / (4 * sigma**2))
        assert covariance[14, 14, 14, 14 + far] == pytest.approx(expected, abs=0.02)
        assert covariance[14, 14, 14 + far, 14] == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("augment", sorted({r.augment for r in RECIPES.values()} - {None}, key=str))
def test_no_digit_leaves_the_frame(augment: Augment) -> None:
    """On a canvas with more room, what would have left the frame can be weighed."""
    images = load_mnist("train").images[:3000]
    roomy = np.pad(images, ((0, 0), (10, 10), (10, 10), (0, 0)))
    ink = draw(augment, roomy)
    inside = ink[:, 10:-10, 10:-10].sum(axis=(1, 2, 3)) / ink.sum(axis=(1, 2, 3))
    assert inside.mean() > 0.998
    assert np.quantile(inside, 0.01) > 0.95


def test_thickness_grows_and_thins_strokes(digits: Array) -> None:
    ink = digits.astype(np.float64).sum()
    thick = at_most(Augment(thickness=1.0), digits)
    thin = Augment(thickness=1.0)(digits, Always(0.0))  # type: ignore[arg-type]
    assert np.all(thick >= digits)
    assert np.all(thin <= digits)
    assert 1.3 * ink < thick.sum() < 2.5 * ink
    assert 0.1 * ink < thin.sum() < 0.7 * ink
    twins = draw(Augment(thickness=1.0), np.repeat(digits[:1], 400, axis=0))
    grown = twins.sum(axis=(1, 2, 3)) > digits[0].sum()
    assert 150 < grown.sum() < 250  # each on its own, as many thicker as thinner


def test_noise_has_its_deviation_where_it_is_not_cut_off() -> None:
    grey = np.full((50, SIZE, SIZE, 1), 128, np.uint8)
    noisy = draw(Augment(noise=20), grey)
    inner = noisy[:, 2:-2, 2:-2]
    assert inner.std() == pytest.approx(20, rel=0.02)
    assert inner.mean() == pytest.approx(128, abs=0.5)


def test_cutout_erases_a_square_of_its_size() -> None:
    white = np.full((500, SIZE, SIZE, 1), 255, np.uint8)
    erased = (draw(Augment(cutout=6), white) == 0).sum(axis=(1, 2, 3))
    assert erased.max() == 36
    assert (erased == 36).mean() > 0.5  # the others lie at the edge
    assert erased.min() >= 9
    for axis in (2, 1):
        images, places, _ = np.nonzero((draw(Augment(cutout=6), white) == 0).any(axis=axis))
        first = places[np.unique(images, return_index=True)[1]]
        assert len(np.unique(first)) > 20  # each image's square has a place of its own


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
    ],
)
def test_numbers_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Augment(**wrong)  # type: ignore[arg-type]


@pytest.fixture
def digits() -> Array:
    return load_mnist("test").images[:40]
