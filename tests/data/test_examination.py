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


def test_mnist_has_the_known_numbers_and_no_faults(mnist: Dataset) -> None:
    report = examine(mnist)
    assert (report.name, report.images, report.shape) == ("MNIST train", 60_000, (28, 28, 1))
    assert round(report.mean, 4) == 0.1307
    assert round(report.deviation, 4) == 0.3081
    assert round(report.lit, 4) == 0.1912
    assert report.class_counts == (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949)
    assert (report.duplicates, report.blanks, report.inverted) == (0, 0, 0)
    assert report.fingerprint == mnist.fingerprint
    assert report.warnings == report.notes == ()


def test_numbers_by_hand() -> None:
    images = np.array([[[0, 0], [0, 255]], [[51, 51], [51, 51]]], np.uint8)[..., np.newaxis]
    report = examine(Dataset(images, name="two", notes=("a note",)))
    # 3 pixels of 0, 4 of 0.2 and one of 1: mean 1.8 / 8, mean square 1.16 / 8
    assert report.mean == pytest.approx(0.225)
    assert report.deviation == pytest.approx((0.145 - 0.225**2) ** 0.5)
    assert report.lit == pytest.approx(5 / 8)
    assert (report.class_counts, report.blanks, report.notes) == (None, 1, ("a note",))


def test_a_report_is_plain_data() -> None:
    data = examine(Dataset(IMAGES, LABELS, notes=("a note",))).to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["shape"] == [28, 28, 1]
    assert data["class_counts"] == [4] * 10


def test_good_data_is_not_blamed() -> None:
    assert warnings(IMAGES, LABELS) == warnings(IMAGES) == ()


def test_missing_classes() -> None:
    [warning] = warnings(IMAGES, LABELS % 8)
    assert warning.startswith("no images of 8, 9: a network cannot learn")


def test_imbalance() -> None:
    labels = np.repeat(np.arange(10), [9, *[3] * 8, 7])
    [warning] = warnings(IMAGES, labels)
    assert warning.startswith("digit 0 has 9 images and digit 1 only 3: ")
    assert warnings(IMAGES, np.repeat(np.arange(10), [8, *[3] * 8, 8])) == ()


def test_one_label_for_all() -> None:
    [warning] = warnings(IMAGES, np.full(40, 7))
    assert warning.startswith("every label is 7: look whether")


def test_blanks_and_copies() -> None:
    images = IMAGES.copy()
    images[3], images[4] = 0, 9
    images[20] = images[30] = images[10]
    report = examine(Dataset(images, LABELS))
    assert (report.blanks, report.duplicates) == (2, 2)
    blank, copies = report.warnings
    assert blank.startswith("2 of 40 images are blank, all of one shade: leave them out")
    assert copies.startswith("2 of 40 images are exact copies of an earlier one: leave them out")


def test_a_light_background() -> None:
    images = IMAGES.copy()
    images[5:8] = 255 - images[5:8]
    [warning] = warnings(images, LABELS)
    assert warning.startswith("3 of 40 images have a light background")


def test_the_wrong_scale() -> None:
    [warning] = warnings((IMAGES > 128).astype(np.uint8), LABELS)
    assert warning == "no pixel is above 1 where 255 is full ink: multiply the pixels by 255"
    assert "multiply" not in " ".join(warnings(np.zeros_like(IMAGES)))


def test_transposed_digits_are_said_once(mnist: Dataset) -> None:
    data = mnist.subset(slice(200))
    notes = ("another note", TRANSPOSED)
    report = examine(Dataset(data.images.swapaxes(1, 2), data.labels, notes=notes))
    assert report.warnings == (TRANSPOSED,)
    assert report.notes == ("another note",)


def test_nothing_cannot_be_examined() -> None:
    with pytest.raises(TenfoldError, match="mine holds no images"):
        examine(Dataset(IMAGES[:0], name="mine"))
