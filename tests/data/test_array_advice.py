"""``Dataset`` refuses arrays of other kinds with an expression that really converts them."""

import re
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.nn import stream

IMAGES = stream(0, "arrays").integers(0, 256, (5, 28, 28, 1)).astype(np.uint8)
IMAGES[0, 0, 0], IMAGES[0, 0, 1] = 0, 255
LABELS = np.array([3, 1, 4, 1, 5])


def follow(images: Any, labels: Any) -> Dataset:
    """Make a dataset, and convert as each message says until that works."""
    for _ in range(4):
        try:
            return Dataset(images, labels)
        except TenfoldError as error:
            message = str(error)
        (advice,) = re.findall(r"Convert them with (.+)\.$", message)
        converted = eval(advice, {"np": np, "images": images, "labels": labels})
        if "images must" in message:
            images = converted
        else:
            labels = converted
    raise AssertionError("the advice does not help")


@pytest.mark.parametrize(
    "images",
    [
        IMAGES.tolist(),
        IMAGES / 255,
        (IMAGES / 255).astype(np.float32)[..., 0],
        IMAGES.astype(float),
        IMAGES.astype(np.int64).reshape(5, 784),
        IMAGES.astype(np.uint16) * 257,
        IMAGES / 127.5 - 1,
        IMAGES[..., 0],
        IMAGES.reshape(5, 784),
        IMAGES[..., 0].tolist(),
    ],
)
def test_following_the_advice_gives_the_images(images: Any) -> None:
    np.testing.assert_array_equal(follow(images, LABELS).images, IMAGES)


@pytest.mark.parametrize(
    "labels",
    [
        LABELS.tolist(),
        tuple(LABELS),
        LABELS.astype(np.uint8),
        LABELS.astype(float),
        LABELS[:, np.newaxis],
        LABELS.astype(str),
        np.eye(10)[LABELS],
        np.eye(10, dtype=bool)[LABELS],
        LABELS.astype(str).tolist(),
        LABELS[np.newaxis],
        LABELS.astype(float).astype(str),
        LABELS.astype("S3"),
        LABELS.astype(object),
        np.eye(10)[LABELS].tolist(),
    ],
)
def test_following_the_advice_gives_the_labels(labels: Any) -> None:
    np.testing.assert_array_equal(follow(IMAGES, labels).labels, LABELS)


@pytest.mark.parametrize(
    ("image", "shape"),
    [
        (IMAGES[0], (1, 28, 28, 1)),
        (IMAGES[0, ..., 0], (1, 28, 28, 1)),
        (IMAGES[0].ravel(), (1, 28, 28, 1)),
        (np.zeros((28, 28, 3), np.uint8), (1, 28, 28, 3)),
    ],
)
def test_following_the_advice_for_a_single_image(image: Any, shape: tuple[int, ...]) -> None:
    assert follow(image, None).images.shape == shape


def test_black_and_white_images_of_0_and_1_become_0_and_255() -> None:
    binary = (IMAGES > 127).astype(int)
    np.testing.assert_array_equal(follow(binary, LABELS).images, (IMAGES > 127) * 255)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (None, LABELS, r"images must be .*, got None\.$"),
        ("digits", LABELS, r"got a str\. Convert them with tenfold\.data\.load_dataset\(path\)\.$"),
        (b"digits", LABELS, r"images must be .*, got a bytes\.$"),
        (IMAGES, np.array([0.5] * 5), r"labels must be .*, got float64 of shape \(5,\)\.$"),
        (IMAGES, np.array(["a"] * 5), r"got <U1 of shape \(5,\)\.$"),
        (IMAGES, np.array([True] * 5), r"got bool of shape \(5,\)\.$"),
        (IMAGES, np.zeros((5, 10)), r"got float64 of shape \(5, 10\)\.$"),
        (np.full((2, 28, 28, 1), np.nan), LABELS, r"got float64 of shape .*\.$"),
    ],
)
def test_no_advice_that_cannot_help(images: Any, labels: Any, message: str) -> None:
    with pytest.raises(TenfoldError, match=message):
        Dataset(images, labels)
