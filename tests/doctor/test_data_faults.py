"""Faults planted in data: each is found, alone, and the line that mends it mends it."""

from collections.abc import Callable

import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tenfold.doctor import examine_data
from tenfold.errors import TenfoldError
from tenfold.nn import stream
from tenfold.nn.array import Array
from tests.doctor.planted import mended, names

Fault = Callable[[Array, Array], tuple[Array, Array]]


@pytest.fixture(scope="module")
def sound(digits: Dataset) -> Dataset:
    return digits.subset(slice(120))


def faded(images: Array, labels: Array) -> tuple[Array, Array]:
    return images // 16, labels


def threshold(images: Array, labels: Array) -> tuple[Array, Array]:
    return (images > 127).astype(np.uint8), labels


def divided(images: Array, labels: Array) -> tuple[Array, Array]:
    return images // 255, labels


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


def turned_left(images: Array, labels: Array) -> tuple[Array, Array]:
    return np.rot90(images, 1, axes=(1, 2)), labels


def blanked(images: Array, labels: Array) -> tuple[Array, Array]:
    images = images.copy()
    images[[7, 50, 51, 119]] = 0
    images[100] = 255
    return images, labels


def one_short(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, np.where(labels == 7, 1, labels)


def without_seven(images: Array, labels: Array) -> tuple[Array, Array]:
    return images[labels != 7], labels[labels != 7]


def repeated(images: Array, labels: Array) -> tuple[Array, Array]:
    return np.concatenate([images, images[:40]]), np.concatenate([labels, labels[:40]])


def counted_from_one(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, (labels + 1) % 10


def exchanged(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, np.array([0, 1, 2, 5, 4, 3, 6, 7, 8, 9])[labels]


def slipped(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, np.roll(labels, 1)


def slipped_back(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, np.roll(labels, -2)


def half_shuffled(images: Array, labels: Array) -> tuple[Array, Array]:
    labels = labels.copy()
    half = stream(0, "half").permutation(len(labels))[: len(labels) // 2]
    labels[half] = labels[stream(1, "half").permutation(half)]
    return images, labels


def shuffled(images: Array, labels: Array) -> tuple[Array, Array]:
    return images, stream(0, "all").permutation(labels)


PLANTED: dict[Fault, tuple[str, str]] = {
    faded: ("pixel-scale", "from 0 to 15, not from 0 to 255"),
    threshold: ("pixel-scale", "divided by 255"),
    inverted: ("inverted-images", "0 as black ink"),
    partly_inverted: ("inverted-images", "0 as black ink"),
    transposed: ("transposed-images", "EMNIST"),
    upside_down: ("turned-images", "rows from the bottom"),
    turned_left: ("turned-images", "exchanges x and y"),
    blanked: ("blank-images", "could not be read"),
    without_seven: ("class-missing", "a folder was left out"),
    repeated: ("repeated-images", "a file was read twice"),
    counted_from_one: ("labels-shifted", "counted from 1"),
    exchanged: ("labels-exchanged", "classes were mixed up"),
    slipped: ("labels-out-of-step", "a row was lost or added"),
    slipped_back: ("labels-out-of-step", "a row was lost or added"),
    half_shuffled: ("labels-shuffled", "part of the labels"),
    shuffled: ("labels-shuffled", "another order than their labels"),
}


def test_sound_data_is_not_blamed(sound: Dataset) -> None:
    checkup = examine_data(sound)
    assert checkup.findings == ()
    assert not checkup.serious
    assert "blank images" in checkup.checked


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.__name__)
def test_a_fault_is_found_named_and_mended(fault: Fault, sound: Dataset) -> None:
    name, cause = PLANTED[fault]
    images, labels = fault(sound.images, sound.require_labels())
    ill = Dataset(np.ascontiguousarray(images), labels)
    [finding] = examine_data(ill).findings
    assert finding.name == name
    assert cause in finding.cause
    assert any(character.isdigit() for character in finding.evidence)
    # MNIST's own images, which mend a missing digit, are no fault.
    assert examine_data(mended(finding, ill)).findings == ()


def test_the_numbers_are_those_that_were_planted(sound: Dataset) -> None:
    images, labels = sound.images, sound.require_labels()
    [finding] = examine_data(Dataset(*blanked(images, labels))).findings
    assert finding.what == "5 of the images are blank"
    assert "5 of 120 (4.2%)" in finding.evidence
    assert "number 7, counted from 0" in finding.evidence
    [finding] = examine_data(Dataset(*half_shuffled(images, labels))).findings
    wrong = float((half_shuffled(images, labels)[1] != labels).mean())
    told = int(finding.what.split("%")[0].split()[-1]) / 100
    assert abs(told - wrong) < 0.03
    [finding] = examine_data(Dataset(*slipped(images, labels))).findings
    assert "image i bears the label of image i - 1" in finding.what
    assert mended(
        finding, Dataset(images, slipped(images, labels)[1])
    ).require_labels().tolist() == (labels[:-1].tolist())


def test_test_images_in_training(sound: Dataset) -> None:
    test = sound.subset(slice(0, 100))
    train = sound.subset(slice(80, 120))
    [finding] = examine_data(train, test).findings
    assert finding.name == "test-images-in-training"
    assert finding.severity == "serious"
    assert "20 of 100 test images (20.0%)" in finding.evidence
    assert "copied before they were divided" in finding.cause
    better = mended(finding, train, test_images=test.images)
    assert len(better) == 20
    assert examine_data(better, test).findings == ()


def test_lost_greys_are_told_once(sound: Dataset) -> None:
    """Few pixels are left, so that some images are blank or alike; that needs no finding."""
    images, labels = divided(sound.images, sound.require_labels())
    [finding] = examine_data(Dataset(images, labels)).findings
    assert finding.name == "pixel-scale"
    assert "read the originals again" in finding.cause
    parts = (Dataset(images[:90], labels[:90]), Dataset(images[60:], labels[60:]))
    assert names(examine_data(*parts).findings) == ["pixel-scale", "test-pixel-scale"]


def test_faults_of_the_test_part_bear_its_name(sound: Dataset) -> None:
    test = sound.subset(slice(60, 120))
    ill = Dataset(255 - test.images, test.labels)
    [finding] = examine_data(sound.subset(slice(60)), ill).findings
    assert finding.name == "test-inverted-images"
    assert "test images" in finding.what


def test_mnists_own_test_images_are_worth_a_note(sound: Dataset) -> None:
    test = load_mnist("test")
    mixed = Dataset(
        np.concatenate([sound.images, test.images[:30]]),
        np.concatenate([sound.require_labels(), test.require_labels()[:30]]),
    )
    [finding] = examine_data(mixed).findings
    assert (finding.name, finding.severity) == ("mnist-test-images", "note")
    assert finding.evidence.startswith("30 of 10,000")
    assert examine_data(mixed, own=False).findings == ()
    assert len(mended(finding, mixed)) == 120


def test_one_fault_does_not_hide_another(sound: Dataset) -> None:
    images, labels = transposed(*inverted(sound.images, sound.require_labels()))
    ill = Dataset(np.ascontiguousarray(images), (labels + 1) % 10)
    assert names(examine_data(ill).findings) == [
        "inverted-images",
        "transposed-images",
        "labels-shifted",
    ]


def test_what_shows_no_digit() -> None:
    noise = stream(0, "noise").integers(0, 256, (60, 28, 28, 1)).astype(np.uint8)
    noise[:, [0, -1]] = noise[:, :, [0, -1]] = 0  # else half the borders would count as light
    [finding] = examine_data(Dataset(noise, np.arange(60) % 10)).findings
    assert finding.name == "no-digits"
    [finding] = examine_data(Dataset(noise)).findings
    assert finding.name == "no-digits"


def test_every_label_the_same(sound: Dataset) -> None:
    [finding] = examine_data(Dataset(sound.images, np.full(120, 4))).findings
    assert (finding.name, finding.what) == ("one-label", "all labels of the images are 4")


def test_a_rare_digit(digits: Dataset) -> None:
    labels = digits.require_labels()[:300]
    data = digits.subset(np.flatnonzero((labels != 1) | (np.cumsum(labels == 1) <= 5)))
    [finding] = examine_data(data).findings
    assert (finding.name, finding.severity) == ("imbalance", "warning")
    assert "digit 1 only 5" in finding.evidence
    assert examine_data(mended(finding, data)).findings == ()


@pytest.mark.parametrize("count", [1, 5, 29])
def test_little_data_is_looked_at_without_claims(count: int, sound: Dataset) -> None:
    assert examine_data(sound.subset(slice(count))).findings == ()


def test_no_data_cannot_be_examined(sound: Dataset) -> None:
    for parts in ((sound.subset([]),), (sound, sound.subset([]))):
        with pytest.raises(TenfoldError, match="holds no images"):
            examine_data(*parts)


def test_images_of_another_size_are_looked_at_as_far_as_that_goes() -> None:
    images = stream(0, "sizes").integers(0, 200, (60, 8, 8, 1)).astype(np.uint8)
    images[:, 0] = images[:, -1] = images[:, :, 0] = images[:, :, -1] = 0
    assert examine_data(Dataset(images, np.arange(60) % 10)).findings == ()


@pytest.mark.parametrize("seed", range(12))
def test_a_few_shuffled_labels_are_not_taken_for_exchanged_ones(seed: int, sound: Dataset) -> None:
    chosen = stream(seed, "few").permutation(len(sound))[:100]
    labels = stream(seed, "labels").permutation(sound.require_labels()[chosen])
    names = {f.name for f in examine_data(Dataset(sound.images[chosen], labels)).findings}
    assert "labels-exchanged" not in names
    assert "labels-shuffled" in names
