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
    assert (report.brightest, report.background) == (255, 0)


def test_a_report_converts_to_json() -> None:
    data = examine(Dataset(IMAGES, LABELS, notes=("a note",))).to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["shape"] == [28, 28, 1]
    assert data["class_counts"] == [4] * 10


def test_good_data_has_no_warnings() -> None:
    assert warnings(IMAGES, LABELS) == warnings(IMAGES) == ()


def test_warning_says_what_was_found_and_the_fix() -> None:
    [warning] = warnings(IMAGES, LABELS % 8)
    assert warning.startswith(
        "the images have no digit 8 and no 9, so a network cannot learn them: 0 of 40 labels; each "
        "of the other digits has 4 to 8 images. Fix: from tenfold.data import load_mnist; "
    )
    assert examine(Dataset(IMAGES, LABELS % 8)).fixes[0] in warning


def test_warnings_call_the_images_as_given() -> None:
    [warning] = examine(Dataset(255 - IMAGES), "training images").warnings
    assert warning.startswith("40 of the training images are inverted")


def test_blank_images_and_copies_are_counted() -> None:
    images = IMAGES.copy()
    images[3], images[4], images[5] = 0, 9, 9
    images[20] = images[30] = images[10]
    report = examine(Dataset(images, LABELS))
    assert (report.blanks, report.duplicates) == (3, 2)
    blank, copies = report.warnings
    assert blank.startswith("3 of the images are blank: 3 of 40 images (7.5%)")
    assert copies.startswith("2 of the images are exact copies of others among them: 2 of 40")


def test_background_brightest_pixel_and_light_images_are_measured() -> None:
    images = np.maximum(IMAGES // 2, 30)
    report = examine(Dataset(images, LABELS))
    assert (report.background, report.brightest, report.inverted) == (30, 127, 0)
    images[:3] = 150 - images[:3]
    images[3] = 200  # blank
    report = examine(Dataset(images, LABELS))
    assert (report.background, report.brightest, report.inverted) == (30, 200, 3)
    assert examine(Dataset(images[3:4])).background == 0


def test_low_scale_is_a_warning_but_blank_images_have_no_scale() -> None:
    [warning] = warnings(IMAGES // 16, LABELS)
    assert warning.endswith("Fix: images = np.uint8(np.rint(images * (255 / 15)))")
    assert "scale" not in " ".join(warnings(np.zeros_like(IMAGES)))


def test_a_transposition_is_reported_once(mnist: Dataset) -> None:
    data = mnist.subset(slice(200))
    notes = ("another note", TRANSPOSED)
    report = examine(Dataset(data.images.swapaxes(1, 2), data.labels, notes=notes))
    assert report.warnings == (TRANSPOSED,)
    assert report.notes == ("another note",)


def test_an_empty_data_set_raises() -> None:
    with pytest.raises(TenfoldError, match="mine contains no images"):
        examine(Dataset(IMAGES[:0], name="mine"))
