"""Faults that need no model: each is found once, and its fix makes it go away."""

from collections.abc import Callable

import numpy as np
import pytest

from tenfold.data import Dataset, examine
from tenfold.data.faults.measurements import Measurements
from tenfold.data.faults.search import find_faults
from tenfold.nn.array import Array
from tests.data.faults.corrected import run_lines

Fault = Callable[[Array, Array], tuple[Array, Array]]


@pytest.fixture(scope="module")
def sound(digits: Dataset) -> Dataset:
    return digits.subset(slice(300))


def low_scale(images: Array, labels: Array) -> tuple[Array, Array]:
    return images // 16, labels


def grey(images: Array, labels: Array) -> tuple[Array, Array]:
    return np.maximum(images, 50), labels


def inverted(images: Array, labels: Array) -> tuple[Array, Array]:
    return 255 - images, labels


def blank(images: Array, labels: Array) -> tuple[Array, Array]:
    images = images.copy()
    images[[1, 5, 9]] = np.reshape([0, 9, 255], (3, 1, 1, 1))
    return images, labels


def repeated(images: Array, labels: Array) -> tuple[Array, Array]:
    return np.concatenate([images, images[:30]]), np.concatenate([labels, labels[:30]])


def without_seven(images: Array, labels: Array) -> tuple[Array, Array]:
    return images[labels != 7], labels[labels != 7]


def without_two_digits(images: Array, labels: Array) -> tuple[Array, Array]:
    kept = (labels != 0) & (labels != 5)
    return images[kept], labels[kept]


def few_ones(images: Array, labels: Array) -> tuple[Array, Array]:
    kept = (labels != 1) | (np.cumsum(labels == 1) <= 4)
    return images[kept], labels[kept]


FAULTS: dict[Fault, str] = {
    low_scale: "pixel-scale",
    grey: "grey-background",
    inverted: "inverted-images",
    blank: "blank-images",
    repeated: "repeated-images",
    without_seven: "class-missing",
    without_two_digits: "class-missing",
    few_ones: "imbalance",
}


def warned(data: Dataset) -> tuple[str, ...]:
    report = examine(data)
    assert len(report.warnings) == len(report.fixes)
    assert all(fix in warning for fix, warning in zip(report.fixes, report.warnings, strict=True))
    return report.fixes


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_fault_is_found_once_and_its_remedy_removes_it(
    fault: Fault, labelled: bool, sound: Dataset
) -> None:
    images, labels = fault(sound.images, sound.require_labels())
    data = Dataset(images, labels if labelled else None)
    names = [finding.name for finding in find_faults(Measurements(data))]
    if not labelled and FAULTS[fault] in ("class-missing", "imbalance"):
        assert names == []
        return
    assert names == [FAULTS[fault]]
    [fix] = warned(data)
    assert warned(run_lines(fix, data)) == ()


def test_sound_data_has_no_faults(sound: Dataset) -> None:
    assert find_faults(Measurements(sound)) == ()


def test_copies_with_another_label_are_counted(sound: Dataset) -> None:
    images, labels = repeated(sound.images, sound.require_labels())
    labels[-5:] = (labels[-5:] + 1) % 10
    [finding] = find_faults(Measurements(Dataset(images, labels)))
    assert finding.evidence == (
        "30 of 330 images (9.1%) have the same bytes as an earlier one; 5 have another label than "
        "the first"
    )


def test_single_label_is_found_among_at_least_20_images(sound: Dataset) -> None:
    [finding] = find_faults(Measurements(Dataset(sound.images[:20], np.full(20, 7))))
    assert (finding.name, finding.what) == ("one-label", "all labels of the images are 7")
    assert find_faults(Measurements(Dataset(sound.images[:19], np.full(19, 7)))) == ()


@pytest.mark.parametrize(
    ("images", "severity"), [(30, "warning"), (79, "warning"), (80, "serious")]
)
def test_missing_digits_are_serious_unless_chance_explains_them(
    images: int, severity: str, sound: Dataset
) -> None:
    data = Dataset(sound.images[:images], np.arange(images) % 8)
    [finding] = find_faults(Measurements(data), "training images")
    assert finding.severity == severity
    assert finding.what == (
        "the training images have no digit 8 and no 9, so a network cannot learn them"
    )
    assert f"0 of {images} labels; each of the other digits has {images // 8} to " in (
        finding.evidence
    )


@pytest.mark.parametrize(
    ("most", "least", "rare"),
    [(90, 30, True), (89, 30, False), (9, 3, False), (21, 2, False), (22, 2, True)],
)
def test_digit_is_rare_at_a_ratio_of_three_that_is_not_chance(
    most: int, least: int, rare: bool, mnist: Dataset
) -> None:
    labels = np.repeat(np.arange(10), [most, *[least] * 9])
    data = Dataset(mnist.images[: len(labels)], labels)
    names = [finding.name for finding in find_faults(Measurements(data))]
    assert names == (["imbalance"] if rare else [])


def test_low_scale_hides_blank_and_repeated_images(sound: Dataset) -> None:
    data = Dataset(sound.images // 255 * 9, sound.labels)  # rounding made some blank or equal
    assert Measurements(data).copies.count or Measurements(data).blank.any()
    assert [finding.name for finding in find_faults(Measurements(data))] == ["pixel-scale"]
