import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data.arrays import to_images, to_labels
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tests.data.damage import digits

IMAGES = digits(3)
DTYPES = ["f2", "f4", "f8", ">f4"]


@pytest.mark.parametrize("shape", [(3, 28, 28), (3, 28, 28, 1), (3, 1, 28, 28), (3, 784)])
def test_all_layouts_give_the_same_images(shape: tuple[int, ...]) -> None:
    images, notes = to_images(IMAGES.reshape(shape), "file")
    assert np.array_equal(images[..., 0], IMAGES)
    assert images.shape == (3, 28, 28, 1)
    assert notes == ()


@pytest.mark.parametrize(
    "shape", [(3, 28, 1, 28), (3, 56, 14), (28, 84), (3, 28, 28, 1, 1), (2352,)]
)
def test_other_shapes_raise(shape: tuple[int, ...]) -> None:
    with pytest.raises(TenfoldError, match=r"images must have the shape .* (Resize or|may be lab)"):
        to_images(IMAGES.reshape(shape), "file")


def test_an_empty_array_raises() -> None:
    with pytest.raises(TenfoldError, match="file contains no images"):
        to_images(IMAGES[:0], "file")


@pytest.mark.parametrize("dtype", ["u1", "i2", ">i4", "i8", "u8", *DTYPES])
def test_whole_numbers_of_any_dtype_are_kept(dtype: str) -> None:
    images, notes = to_images(IMAGES.astype(dtype), "file")
    assert np.array_equal(images[..., 0], IMAGES)
    assert images.dtype == np.uint8
    assert notes == ()


def test_only_values_of_at_most_1_are_multiplied_by_255() -> None:
    for faint in (2.0, 1.0):
        images, notes = to_images(np.minimum(IMAGES.astype(float), faint), "file")
        assert images.max() == (2 if faint == 2 else 255)
        assert ("brightest pixel is 2" if faint == 2 else "multiplied by 255") in notes[0]


@given(st.integers(0, 2**32), st.sampled_from(DTYPES))
def test_pixels_divided_by_255_are_multiplied_back(seed: int, dtype: str) -> None:
    pixels = digits(2, seed)
    images, notes = to_images(pixels.astype(dtype) / np.array(255, dtype), "file")
    assert np.array_equal(images[..., 0], pixels)
    assert notes == ("file: pixels stored as 0 to 1 were multiplied by 255",)


def test_more_images_than_one_block_are_checked_to_the_end() -> None:
    pixels = np.zeros((5000, 784), np.float32)
    pixels[:, 0] = np.arange(5000) % 256
    assert np.array_equal(to_images(pixels, "file")[0].reshape(5000, 784), pixels)
    pixels[4999, 783] = 0.5
    with pytest.raises(TenfoldError, match=r"got 0\.5\."):
        to_images(pixels, "file")


def test_booleans_are_read_as_ink() -> None:
    images, notes = to_images(IMAGES > 100, "file")
    assert np.array_equal(images[..., 0], np.where(IMAGES > 100, 255, 0))
    assert notes == ("file: True was converted to 255, full ink",)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (IMAGES / 2, r"whole numbers from 0 to 255, or these divided by 255 or 256, got \d+\.5\."),
        (IMAGES / np.float32(255) * np.float32(0.999), r"got 0\.\d+\."),
        ((IMAGES / 255 - 0.1307) / 0.3081, "must be from 0 to 255, got -0.42.* to 2.8"),
        (IMAGES.astype(int) + 1, "got 1 to 256"),
        (
            np.where(IMAGES > 250, np.nan, IMAGES),
            r"finite numbers, got nan at \[.*images\[~np.isfinite",
        ),
        (np.where(IMAGES > 250, np.inf, IMAGES), r"finite numbers, got inf at \["),
        (IMAGES.astype("c8"), "pixels must be numbers, got complex64"),
        (IMAGES.astype("S3"), r"pixels must be numbers, got \|S3"),
        (IMAGES.astype("m8[s]"), "got timedelta64"),
    ],
)
def test_values_that_are_not_pixels_raise(values: Array, message: str) -> None:
    with pytest.raises(TenfoldError, match=f"file: .*{message}"):
        to_images(values, "file")


@pytest.mark.parametrize("dtype", ["u1", "i2", ">i4", "i8", "u8", *DTYPES])
@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_labels_of_any_dtype_become_int64(dtype: str, shape: tuple[int, ...]) -> None:
    labels = to_labels(np.array([7, 0, 9], dtype).reshape(shape), "file")
    assert labels.tolist() == [7, 0, 9]
    assert labels.dtype == np.int64


@pytest.mark.parametrize(
    "values",
    [
        np.array(["7", "0", "9"]),
        np.array([b"7", b"0.0", b"09"]),
        np.array([" Seven", "zero", "NINE"]),
        np.eye(10)[[7, 0, 9]],
        np.eye(10, dtype=bool)[[7, 0, 9]],
        np.eye(10, dtype=np.uint8)[[7, 0, 9]],
    ],
)
def test_strings_and_one_hot_rows_become_labels(values: Array) -> None:
    labels = to_labels(values, "file")
    assert labels.tolist() == [7, 0, 9]
    assert labels.dtype == np.int64


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((3, 8, 8), "images of 8 x 8 .*scikit-learn.*normalize_like_mnist\\(image\\)"),
        ((3, 64), "images of 8 x 8 .*scikit-learn.*normalize_like_mnist\\(image\\)"),
        ((3, 256), "images of 16 x 16 .*USPS"),
        ((3, 32, 32, 3), "images of 32 x 32 .*SVHN"),
        ((28, 28, 3), r"np.moveaxis\(images, -1, 0\)"),
        ((784, 3), r"images\.T"),
        ((785, 3), r"images\[1:\]\.T as the images and images\[0\] as the labels"),
        ((3, 785), r"save images\[:, 1:\] and images\[:, 0\]"),
        ((3, 28, 28, 3), r"np\.rint\(images @ \[0\.299"),
        ((3, 7, 5), "Resize or reshape"),
    ],
)
def test_other_shapes_raise_with_the_step_that_helps(shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(TenfoldError, match=f"must have the shape .*{message}"):
        to_images(np.zeros(shape, np.uint8), "file")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pixels_divided_by_256_are_multiplied_back(dtype: type) -> None:
    images, notes = to_images((IMAGES / 256).astype(dtype), "file")
    assert np.array_equal(images[..., 0], IMAGES)
    assert notes == ("file: pixels stored as 0 to 1 were multiplied by 256",)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.eye(10) / 2, r"shape \(N,\), got float64 of shape \(10, 10\).*argmax"),
        (np.ones((10, 10)), r"got float64 of shape \(10, 10\).*argmax"),
        (np.array(["7", "x"]), "must be digits from 0 to 9, got 'x'. Leave out the images"),
        (np.array([None]), r"got object of shape \(1,\)\. .*labels.astype\(int\)"),
        (np.array([True]), "got bool"),
        (np.array([1.5]), "got 1.5"),
        (np.array([3, np.nan, np.nan]), r"got nan at index 1 \(and 1 more\)\. Leave out"),
        (np.array([1e30]), r"got 1e\+30 at index 0\. Leave out"),
    ],
)
def test_values_that_are_not_labels_raise(values: Array, message: str) -> None:
    with pytest.raises(TenfoldError, match=f"file: .*{message}"):
        to_labels(values, "file")
