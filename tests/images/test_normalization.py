"""MNIST's normalisation: properties, invalid arguments, and the images of MNIST itself."""

from typing import Any

import numpy as np
import pytest
from experiments.measure_normalization import SCALES, measure
from experiments.results import read_results
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tenfold.data import Dataset, load_mnist
from tenfold.images.normalization import (
    Preprocessing,
    bounding_box,
    is_normalized,
    normalize,
    normalize_box,
    normalize_like_mnist,
)
from tenfold.models import bundled_models, load_model
from tenfold.nn.array import Array

from .extent import extent

DTYPES = ["?", "u1", "i1", "u2", ">i4", "i8", "u8", "f2", "f4", ">f8", "g"]


def centre_of_mass(image: Array) -> Array:
    """Return (row, column), measured from the corner of the image."""
    weight = image[..., 0].astype(float)
    middles = np.arange(len(weight)) + 0.5
    return np.array([weight.sum(axis=axis) @ middles for axis in (1, 0)]) / weight.sum()


@settings(max_examples=60)
@given(
    arrays.arrays(
        st.sampled_from(DTYPES).map(np.dtype),
        arrays.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=40),
        elements={"min_value": 0, "allow_nan": False, "allow_infinity": False},
    )
)
def test_any_ink_gives_an_image(ink: Array) -> None:
    before = ink.copy()
    ink.setflags(write=False)
    image = normalize(ink)
    assert image.shape == (28, 28, 1)
    assert image.dtype == np.uint8
    assert np.array_equal(ink, before)
    assert image.any() == ink.any()


@pytest.mark.parametrize(
    "ink",
    [
        np.full((3, 3), 5e-324),
        np.full((3, 3), np.finfo(np.float64).max),
        np.full((3, 3), np.finfo(np.longdouble).max),
        np.full((3, 3), np.finfo(np.float16).max, np.float16),
        np.full((3, 3), 2**64 - 1, np.uint64),
        np.array([[5e-324, 1e308]]),
        np.ones((1, 4000)),
    ],
)
def test_extreme_values_and_shapes_keep_a_peak_of_255(ink: Array) -> None:
    assert normalize(ink).max() == 255


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0), (1, 1), (90, 70)])
def test_no_ink_gives_a_blank_image(shape: tuple[int, int]) -> None:
    image = normalize(np.zeros(shape))
    assert image.shape == (28, 28, 1)
    assert not image.any()


GLYPHS = arrays.arrays(np.bool_, st.tuples(st.integers(1, 30), st.integers(1, 30)))


@given(GLYPHS)
def test_mass_is_the_share_of_the_square_that_is_ink(glyph: Array) -> None:
    ink = np.pad(glyph, 2)
    ink[0] = ink[-1] = ink[:, 0] = ink[:, -1] = True  # the bounding box is all of it
    ink[:3, :3] = True  # covers a whole cell of the box, so the peak is 1 before it is scaled
    image = normalize(ink, size=60)  # nothing is cut off
    share = ink.sum() / max(*ink.shape, 10) ** 2
    assert image.sum() / 255 / 20**2 == pytest.approx(share, abs=0.5 / 255)


@given(st.integers(10, 200), st.integers(10, 200))
def test_proportions_are_kept(height: int, width: int) -> None:
    top, bottom, left, right = extent(normalize(np.ones((height, width)), size=40))
    for length, cells in ((height, bottom - top + 1), (width, right - left + 1)):
        exact = 20 * length / max(height, width)
        assert exact - 1e-9 <= cells + 1e-9
        assert cells < exact + 2  # both ends may lie within a cell


@given(GLYPHS, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_the_position_of_the_ink_does_not_matter(
    glyph: Array, top: int, bottom: int, left: int, right: int
) -> None:
    moved = np.pad(glyph, ((top, bottom), (left, right)))
    assert np.array_equal(normalize(moved), normalize(glyph))


@given(GLYPHS, st.sampled_from([2.0**-60, 0.5, 3.0, 255.0, 2.0**900]))
def test_the_scale_of_the_values_does_not_matter(glyph: Array, factor: float) -> None:
    assert np.array_equal(normalize(glyph * factor), normalize(glyph))


@pytest.mark.parametrize("factor", [2, 3, 7])
def test_the_size_of_the_ink_does_not_matter(digits: Dataset, factor: int) -> None:
    for image in digits.images[:40, ..., 0]:
        height, width = (part.stop - part.start for part in bounding_box(image))
        if (height - width) % 2 == 0:  # otherwise only the large ink is exactly centred
            large = normalize(np.kron(image, np.ones((factor, factor))))
            assert (
                np.abs(large.astype(int) - normalize(image)).max() <= 1
            )  # a half may be rounded up or down


@given(GLYPHS)
def test_the_centre_of_mass_lies_in_the_pixel_below_and_right_of_the_middle(glyph: Array) -> None:
    if glyph.any():
        centre = centre_of_mass(normalize(glyph, size=60))
        assert ((centre > 30) & (centre <= 31)).all()


@pytest.mark.parametrize(
    ("ink", "message"),
    [
        (np.zeros(5), r"ink must have the shape \(H, W\), got \(5,\)"),
        (np.zeros((5, 5, 1)), r"ink must have the shape \(H, W\), got \(5, 5, 1\)"),
        (None, r"got \(\)"),
        (np.array([[1.0, -1e-9]]), "ink must be finite and at least 0"),
        (np.array([[1, -1]]), "ink must be finite and at least 0"),
        (np.array([[1.0, np.nan]]), "ink must be finite and at least 0"),
        (np.array([[1.0, np.inf]]), "ink must be finite and at least 0"),
        (np.array([[1j]]), "ink must be an array of real numbers, got complex128"),
        (np.array([["1"]]), "ink must be an array of real numbers, got <U1"),
        (np.array([[None]]), "ink must be an array of real numbers, got object"),
    ],
)
def test_other_ink_raises(ink: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        normalize(ink)


@pytest.mark.parametrize(
    ("size", "box", "message"),
    [
        (0, 20, "size must be a whole number from 1 to 4096, got 0"),
        (28.0, 20, r"size must be a whole number from 1 to 4096, got 28\.0"),
        (28, True, "box must be a whole number from 1 to 4096, got True"),
        (5000, 20, "size must be a whole number from 1 to 4096, got 5000"),
        (28, "20", "box must be a whole number from 1 to 4096, got '20'"),
        (19, 20, "box must be at most size, got 20 and 19"),
    ],
)
def test_sizes_out_of_range_raise(size: Any, box: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Preprocessing(size, box)
    with pytest.raises(ValueError, match=message):
        normalize(np.ones((5, 5)), size, box)


@pytest.mark.parametrize(("size", "box"), [(1, 1), (3, 3), (29, 21), (32, 32), (64, 40)])
def test_other_sizes_centre_a_full_box(size: int, box: int) -> None:
    image = Preprocessing(size, box)(np.ones((50, 50)))
    assert image.shape == Preprocessing(size, box).shape == (size, size, 1)
    first = int(size // 2 + 1 - box / 2)
    last = min(first + box, size) - 1  # an even box as large as the image loses a row and a column
    assert extent(image) == (first, last, first, last)


def test_a_preprocessing_is_described_by_plain_data() -> None:
    assert normalize_like_mnist.to_dict() == {"method": "mnist", "size": 28, "box": 20}
    other = Preprocessing(32, 24)
    assert Preprocessing.from_dict(other.to_dict()) == other
    for wrong in (
        {},
        {"method": "other"},
        {**normalize_like_mnist.to_dict(), "more": 1},
        {"method": "mnist"},
    ):
        with pytest.raises(ValueError, match="must be a description of MNIST's"):
            Preprocessing.from_dict(wrong)
    with pytest.raises(ValueError, match="box must be at most size"):
        Preprocessing.from_dict({"method": "mnist", "size": 10, "box": 20})


def test_normalising_mnist_images_again_changes_little(mnist: Dataset) -> None:
    """The gaps of the original program leave differences of up to 3 grey levels in one of ten."""
    images = mnist.images[:2000]
    again = np.stack([normalize(image[..., 0]) for image in images])
    largest = np.abs(again.astype(int) - images).max(axis=(1, 2, 3))
    assert (largest == 0).mean() > 0.89
    assert (largest <= 3).mean() > 0.999


def test_enlarged_and_moved_digits_are_predicted_as_the_originals() -> None:
    """A sample of experiments/measure_normalization.py, which measures the whole test set."""
    model = load_model(bundled_models()["standard"].path)
    results = list(measure(model, load_mnist("test").subset(slice(0, 10_000, 100))))
    assert [(r["scale"], r["interpolation"]) for r in results] == [
        (scale, name) for scale in SCALES for name in ("bilinear", "bicubic")
    ]
    assert np.mean([r["agreement"] for r in results]) >= 0.995


def test_the_recorded_measurement_reaches_the_required_agreement() -> None:
    measured = read_results("normalization")
    assert measured["images"] == 10_000
    assert {r["scale"] for r in measured["results"]} == set(SCALES)
    assert min(r["agreement"] for r in measured["results"]) >= 0.995


def test_images_of_mnist_are_normalized() -> None:
    images = load_mnist("test").images[:300].reshape(-1, 28, 28, 1)
    assert all(is_normalized(image) for image in images)


def test_other_sizes_and_places_are_not() -> None:
    image = load_mnist("test").images[0].reshape(28, 28, 1)
    assert not is_normalized(np.roll(image, 3, axis=1))
    small = np.zeros_like(image)
    small[9:19, 12:16] = 255
    assert not is_normalized(small)


def test_ink_in_its_bounding_box_needs_no_checks() -> None:
    ink = np.pad(np.random.default_rng(0).random((7, 12)).astype(np.float32) + 0.1, 3)
    np.testing.assert_array_equal(normalize_box(ink[bounding_box(ink)]), normalize(ink))
