"""Faults planted in data: each is found, reported once, and corrected by its fix."""

from collections.abc import Callable

import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tenfold.doctor import examine_data, label_agreement
from tenfold.errors import TenfoldError
from tenfold.nn import stream
from tenfold.nn.array import Array
from tests.doctor.fixes import corrected_data, names

Fault = Callable[[Array, Array], tuple[Array, Array]]


@pytest.fixture(scope="module")
def sound(digits: Dataset) -> Dataset:
    return digits.subset(slice(120))


def scaled_to_15(images: Array, labels: Array) -> tuple[Array, Array]:
    return images // 16, labels


def thresholded(images: Array, labels: Array) -> tuple[Array, Array]:
    return (images > 127).astype(np.uint8), labels


def divided_by_255(images: Array, labels: Array) -> tuple[Array, Array]:
    return images // 255, labels


def on_grey(images: Array, labels: Array) -> tuple[Array, Array]:
    return (30 + images * (185 / 255)).astype(np.uint8), labels


def on_paper_of_100(images: Array, labels: Array) -> tuple[Array, Array]:
    return (100 - images * (90 / 255)).astype(np.uint8), labels


def inverted(images: Array, labels: Array) -> tuple[Array, Array]:
    return 255 - images, labels


def partly_inverted(images: Array, labels: Array) -> tuple[Array, Array]:
    images = images.copy()
    images[::3] = 255 - images[::3]
    return images, labels


def transposed(images: Array, labels: Array) -> tuple[Array, Array]:
    return images.swapaxes(1, 2), labels


def upside_down(images: Array, labels: Array) -> tuple[Array, Array]:
    return np.rot90(images, 2, axes=(1, 2)), labels


def rotated_left(images: Array, labels: Array) -> tuple[Array, Array]:
    return np.rot90(images, 1, axes=(1, 2)), labels


def partly_blank(images: Array, labels: Array) -> tuple[Array, Array]:
    images = images.copy()
    images[[7, 50, 51, 119]] = 0
    images[100] = 255
    return images, labels


def without_seven(images: Array, labels: Array) -> tuple[Array, Array]:
    return images[labels != 7], labels[labels != 7]


def repeated(images: Array, labels: Array) -> tuple[Array, Array]:
    return np.concatenate([images, images[:40]]), np.concatenate([labels, labels[:40]])


def labels_counted_from_1(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, (labels + 1) % 10


def labels_swapped(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, np.array([0, 1, 2, 5, 4, 3, 6, 7, 8, 9])[labels]


def labels_one_late(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, np.roll(labels, 1)


def labels_two_early(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, np.roll(labels, -2)


def half_shuffled(images: Array, labels: Array) -> tuple[Array, Array]:
    labels = labels.copy()
    half = stream(0, "half").permutation(len(labels))[: len(labels) // 2]
    labels[half] = labels[stream(1, "half").permutation(half)]
    return images, labels


def shuffled(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, stream(0, "all").permutation(labels)


PLANTED: dict[Fault, tuple[str, str]] = {
    scaled_to_15: ("pixel-scale", "from 0 to 15, not from 0 to 255"),
    on_grey: ("grey-background", "an offset of the scanner"),
    on_paper_of_100: ("inverted-images", "photographs of paper"),
    thresholded: ("pixel-scale", "compared with a threshold"),
    inverted: ("inverted-images", "0 means black ink"),
    partly_inverted: ("inverted-images", "0 means black ink"),
    transposed: ("transposed-images", "EMNIST"),
    upside_down: ("turned-images", "rows from the bottom"),
    rotated_left: ("turned-images", "swaps x and y"),
    partly_blank: ("blank-images", "could not be read"),
    without_seven: ("class-missing", "a folder was left out"),
    repeated: ("repeated-images", "a file was read twice"),
    labels_counted_from_1: ("labels-shifted", "counted from 1"),
    labels_swapped: ("labels-swapped", "classes were mixed up"),
    labels_one_late: ("labels-misaligned", "lost or gained a row"),
    labels_two_early: ("labels-misaligned", "lost or gained a row"),
    half_shuffled: ("labels-shuffled", "part of the labels"),
    shuffled: ("labels-shuffled", "another order than their labels"),
}


def plant(data: Dataset, *faults: Fault) -> Dataset:
    images, labels = data.images, data.require_labels()
    for fault in faults:
        images, labels = fault(images, labels)
    return Dataset(np.ascontiguousarray(images), labels)


def test_sound_data_has_no_findings(sound: Dataset) -> None:
    examination = examine_data(sound)
    assert examination.findings == ()
    assert not examination.serious
    assert "blank images" in examination.checked


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.__name__)
def test_fault_is_found_and_its_remedy_corrects_it(fault: Fault, sound: Dataset) -> None:
    name, cause = PLANTED[fault]
    faulty = plant(sound, fault)
    [finding] = examine_data(faulty, own=False).findings
    assert finding.name == name
    assert cause in finding.cause
    assert any(character.isdigit() for character in finding.evidence)
    # The images that replace a missing digit must not be MNIST's test images.
    own = fault is without_seven
    assert examine_data(corrected_data(finding, faulty), own=own).findings == ()


def test_blank_images_are_counted(sound: Dataset) -> None:
    [finding] = examine_data(plant(sound, partly_blank)).findings
    assert finding.what == "5 of the images are blank"
    assert "5 of 120 images (4.2%)" in finding.evidence
    assert "the first has index 7" in finding.evidence


def test_share_of_wrong_labels_is_estimated(sound: Dataset) -> None:
    faulty = plant(sound, half_shuffled)
    [finding] = examine_data(faulty).findings
    wrong = float((faulty.require_labels() != sound.require_labels()).mean())
    estimate = int(finding.what.split("%")[0].split()[-1]) / 100
    assert abs(estimate - wrong) < 0.03


def test_misaligned_labels_are_aligned_by_the_remedy(sound: Dataset) -> None:
    faulty = plant(sound, labels_one_late)
    [finding] = examine_data(faulty).findings
    assert "image i has the label of image i - 1" in finding.what
    aligned = corrected_data(finding, faulty)
    assert aligned.require_labels().tolist() == sound.require_labels()[:-1].tolist()


def test_test_images_in_training_are_found_and_removed(digits: Dataset) -> None:
    test = digits.subset(slice(0, 100))
    train = digits.subset(slice(80, 200))
    [finding] = examine_data(train, test).findings
    assert finding.name == "test-images-in-training"
    assert finding.severity == "serious"
    assert "20 of 100 test images (20.0%)" in finding.evidence
    assert "copied before they were divided" in finding.cause
    better = corrected_data(finding, train, test_images=test.images)
    assert len(better) == 100
    assert examine_data(better, test).findings == ()


def test_lost_grey_levels_are_reported_once(sound: Dataset) -> None:
    # Few pixels are left, so that some images are blank or equal.
    faulty = plant(sound, divided_by_255)
    [finding] = examine_data(faulty).findings
    assert finding.name == "pixel-scale"
    assert "read the original images again" in finding.cause
    parts = faulty.subset(slice(90)), faulty.subset(slice(60, None))
    assert names(examine_data(*parts).findings) == ["pixel-scale", "test-pixel-scale"]


def test_findings_about_test_images_have_a_prefix(sound: Dataset) -> None:
    faulty = plant(sound.subset(slice(60, 120)), inverted)
    [finding] = examine_data(sound.subset(slice(60)), faulty).findings
    assert finding.name == "test-inverted-images"
    assert "test images" in finding.what


def test_mnist_test_images_are_noted(sound: Dataset) -> None:
    test = load_mnist("test")
    mixed = Dataset(
        np.concatenate([sound.images, test.images[:30]]),
        np.concatenate([sound.require_labels(), test.require_labels()[:30]]),
    )
    [finding] = examine_data(mixed).findings
    assert (finding.name, finding.severity) == ("mnist-test-images", "note")
    assert finding.evidence.startswith("30 of 10,000")
    assert examine_data(mixed, own=False).findings == ()
    assert len(corrected_data(finding, mixed)) == 120


def test_several_faults_are_all_found(sound: Dataset) -> None:
    faulty = plant(sound, inverted, transposed, labels_counted_from_1)
    assert names(examine_data(faulty).findings) == [
        "inverted-images",
        "transposed-images",
        "labels-shifted",
    ]


def test_remedies_of_two_faults_work_in_order(sound: Dataset) -> None:
    faulty = plant(sound, inverted, scaled_to_15, partly_blank)
    findings = examine_data(faulty).findings
    assert names(findings) == ["inverted-images", "blank-images"]
    for finding in findings:
        faulty = corrected_data(finding, faulty)
    assert examine_data(faulty).findings == ()


@pytest.mark.parametrize("labelled", [True, False])
def test_noise_is_reported_as_images_without_digits(labelled: bool) -> None:
    noise = stream(0, "noise").integers(0, 256, (60, 28, 28, 1)).astype(np.uint8)
    noise[:, [0, -1]] = noise[:, :, [0, -1]] = 0  # else half the borders would count as light
    [finding] = examine_data(Dataset(noise, np.arange(60) % 10 if labelled else None)).findings
    assert finding.name == "no-digits"


def test_single_label_for_all_images_is_found(sound: Dataset) -> None:
    [finding] = examine_data(Dataset(sound.images, np.full(120, 4))).findings
    assert (finding.name, finding.what) == ("one-label", "all labels of the images are 4")


def test_rare_digit_is_found_and_balanced_by_the_remedy(digits: Dataset) -> None:
    labels = digits.require_labels()[:300]
    data = digits.subset(np.flatnonzero((labels != 1) | (np.cumsum(labels == 1) <= 5)))
    [finding] = examine_data(data).findings
    assert (finding.name, finding.severity) == ("imbalance", "warning")
    assert "digit 1 only 5" in finding.evidence
    assert examine_data(corrected_data(finding, data)).findings == ()


@pytest.mark.parametrize("count", [1, 5, 29])
def test_few_images_have_no_findings(count: int, sound: Dataset) -> None:
    assert examine_data(sound.subset(slice(count))).findings == ()


def test_empty_part_raises(sound: Dataset) -> None:
    for parts in ((sound.subset([]),), (sound, sound.subset([]))):
        with pytest.raises(TenfoldError, match="contains no images"):
            examine_data(*parts)


def test_images_of_another_size_are_examined_without_the_model() -> None:
    images = stream(0, "sizes").integers(0, 200, (60, 8, 8, 1)).astype(np.uint8)
    images[:, 0] = images[:, -1] = images[:, :, 0] = images[:, :, -1] = 0
    assert examine_data(Dataset(images, np.arange(60) % 10)).findings == ()


@pytest.mark.parametrize("seed", range(12))
def test_few_shuffled_labels_are_not_reported_as_swapped(seed: int, sound: Dataset) -> None:
    chosen = stream(seed, "few").permutation(len(sound))[:100]
    labels = stream(seed, "labels").permutation(sound.require_labels()[chosen])
    data = Dataset(sound.images[chosen], labels)
    found = names(examine_data(data, own=False).findings)
    assert "labels-swapped" not in found
    assert "labels-shuffled" in found


def test_label_agreement_marks_wrong_labels(sound: Dataset) -> None:
    labels = sound.require_labels().copy()
    assert label_agreement(sound.images, labels).mean() > 0.97
    labels[3] = (labels[3] + 1) % 10
    assert not label_agreement(sound.images, labels)[3]


def test_images_of_other_classes_are_left_out(digits: Dataset) -> None:
    labels = np.where(np.arange(600) % 3, digits.require_labels(), 10)
    found = names(examine_data(Dataset(digits.images, labels, "mixed", classes=11)).findings)
    assert found == names(examine_data(digits.subset(np.arange(600) % 3 > 0)).findings)
