import json

import numpy as np
import pytest

from tenfold.data import Dataset, examine
from tenfold.data.orientation import TRANSPOSED
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tests.data.damage import digits

IMAGES = digits(40)[..., np.newaxis]
LABELS = np.arange(40) % 10


def warnings(images: Array, labels: Array | None = None) -> tuple[str, ...]:
    return examine(Dataset(images, labels)).warnings


def test_mnist_has_its_known_statistics_and_no_warnings(mnist: Dataset) -> None:
    report = examine(mnist)
    assert (report.name, report.images, report.shape) == ("MNIST train", 60_000, (28, 28, 1))
    assert round(report.mean, 4) == 0.1307
    assert round(report.deviation, 4) == 0.3081
    assert round(report.lit, 4) == 0.1912
    assert report.class_counts == (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949)
    assert (report.duplicates, report.blanks, report.inverted) == (0, 0, 0)
    assert report.fingerprint == mnist.fingerprint
    assert report.warnings == report.notes == ()


def test_statistics_by_hand() -> None:
    images = np.array([[[0, 0], [0, 255]], [[51, 51], [51, 51]]], np.uint8)[..., np.newaxis]
    report = examine(Dataset(images, name="two", notes=("a note",)))
    # 3 pixels of 0, 4 of 0.2 and one of 1: mean 1.8 / 8, mean square 1.16 / 8
    assert report.mean == pytest.approx(0.225)
    assert report.deviation == pytest.approx((0.145 - 0.225**2) ** 0.5)
    assert report.lit == pytest.approx(5 / 8)
    assert (report.class_counts, report.blanks, report.notes) == (None, 1, ("a note",))


def test_a_report_converts_to_json() -> None:
    data = examine(Dataset(IMAGES, LABELS, notes=("a note",))).to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["shape"] == [28, 28, 1]
    assert data["class_counts"] == [4] * 10


def test_good_data_has_no_warnings() -> None:
    assert warnings(IMAGES, LABELS) == warnings(IMAGES) == ()


def test_missing_digits_are_listed() -> None:
    [warning] = warnings(IMAGES, LABELS % 8)
    assert warning.startswith("no images of 8, 9: a network cannot learn")


def test_imbalance_from_a_ratio_of_three_is_a_warning() -> None:
    labels = np.repeat(np.arange(10), [9, *[3] * 8, 7])
    [warning] = warnings(IMAGES, labels)
    assert warning.startswith("digit 0 has 9 images and digit 1 only 3: ")
    assert warnings(IMAGES, np.repeat(np.arange(10), [8, *[3] * 8, 8])) == ()


def test_a_single_label_is_a_warning() -> None:
    [warning] = warnings(IMAGES, np.full(40, 7))
    assert warning.startswith("every label is 7: check that")


def test_blank_images_and_copies_are_counted() -> None:
    images = IMAGES.copy()
    images[3], images[4] = 0, 9
    images[20] = images[30] = images[10]
    report = examine(Dataset(images, LABELS))
    assert (report.blanks, report.duplicates) == (2, 2)
    blank, copies = report.warnings
    assert blank.startswith("2 of 40 images are blank (all pixels are equal): leave them out")
    assert copies.startswith("2 of 40 images are exact copies of an earlier one: leave them out")


def test_a_light_background_is_a_warning() -> None:
    images = IMAGES.copy()
    images[5:8] = 255 - images[5:8]
    [warning] = warnings(images, LABELS)
    assert warning.startswith("3 of 40 images have a light background")


def test_the_wrong_scale_is_a_warning() -> None:
    [warning] = warnings((IMAGES > 128).astype(np.uint8), LABELS)
    assert warning == "no pixel is above 1, but full ink is 255: multiply the pixels by 255"
    assert "multiply" not in " ".join(warnings(np.zeros_like(IMAGES)))


def test_a_transposition_is_reported_once(mnist: Dataset) -> None:
    data = mnist.subset(slice(200))
    notes = ("another note", TRANSPOSED)
    report = examine(Dataset(data.images.swapaxes(1, 2), data.labels, notes=notes))
    assert report.warnings == (TRANSPOSED,)
    assert report.notes == ("another note",)


def test_an_empty_data_set_raises() -> None:
    with pytest.raises(TenfoldError, match="mine contains no images"):
        examine(Dataset(IMAGES[:0], name="mine"))
