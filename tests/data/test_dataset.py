import dataclasses
import hashlib
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

IMAGES = np.arange(24, dtype=np.uint8).reshape(3, 4, 2, 1)
LABELS = np.array([7, 0, 9])


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (IMAGES.astype(np.float32), None, r"uint8.*got float32"),
        (IMAGES[..., 0], None, r"\(N, H, W, C\), got uint8 of shape \(3, 4, 2\)"),
        (IMAGES[:, :0], None, r"\(3, 0, 2, 1\)"),
        (IMAGES, LABELS.astype(np.int32), "int64 array.*got int32"),
        (IMAGES, LABELS[:, np.newaxis], r"shape \(3, 1\)"),
        (IMAGES, LABELS[:2], "3 images and 2 labels"),
        (IMAGES, np.array([7, 10, 11]), "number 2 of 3 is 10 .and 1 more are out of range"),
        (IMAGES, np.array([7, 0, -1]), "number 3 of 3 is -1. Leave out the images"),
        (IMAGES, np.array([7, 10, 1]), "use labels % 10; if it shows a 0, use labels - 1"),
    ],
)
def test_wrong_arrays_raise(images: Array, labels: Array | None, message: str) -> None:
    with pytest.raises(TenfoldError, match=message) as error:
        Dataset(images, labels, "mine")
    assert "mine" in str(error.value)


def test_a_data_set_may_have_more_classes() -> None:
    labels = np.array([7, 10, 10])
    data = Dataset(IMAGES, labels, classes=11)
    np.testing.assert_array_equal(data.require_labels(), labels)
    assert data.subset([1]).classes == 11
    with pytest.raises(TenfoldError, match=r"labels must be from 0 to 10, .* 1 of 3 is 11 \(and 1"):
        Dataset(IMAGES, np.array([11, 3, 12]), classes=11)


def test_length_and_repr() -> None:
    assert len(Dataset(IMAGES)) == 3
    assert (
        repr(Dataset(IMAGES, LABELS, "mine")) == "<Dataset 'mine': 3 labelled images of 4 x 2 x 1>"
    )
    assert "unlabelled" in repr(Dataset(IMAGES))


def test_the_arrays_are_read_only_views() -> None:
    images, labels = IMAGES.copy(), LABELS.copy()
    data = Dataset(images, labels)
    assert np.shares_memory(data.images, images)
    for array in (data.images, data.require_labels()):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    images[0], labels[0] = 1, 1  # the caller's own arrays can still be written
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("indices", "places"),
    [
        ([2, 0], [2, 0]),
        (np.array([True, False, True]), [0, 2]),
        (slice(1, None), [1, 2]),
        ([], []),
    ],
)
def test_subset_takes_positions_masks_and_slices(
    indices: Array | list[int] | slice, places: list[int]
) -> None:
    part = Dataset(IMAGES, LABELS, "mine", ("a note",)).subset(indices)
    assert np.array_equal(part.images, IMAGES[places])
    assert np.array_equal(part.require_labels(), LABELS[places])
    assert (part.name, part.notes) == ("mine", ("a note",))
    assert Dataset(IMAGES).subset(indices).labels is None


def test_required_labels_are_returned_or_raise() -> None:
    assert np.array_equal(Dataset(IMAGES, LABELS).require_labels(), LABELS)
    with pytest.raises(TenfoldError, match="this data has no labels: mine"):
        Dataset(IMAGES, name="mine").require_labels()


def test_the_fingerprint_is_the_hash_of_shapes_and_contents() -> None:
    expected = hashlib.sha256(b"(3, 4, 2, 1)" + IMAGES.tobytes() + b"(3,)" + LABELS.tobytes())
    assert Dataset(IMAGES, LABELS).fingerprint == expected.hexdigest()


def test_the_fingerprint_depends_on_everything_but_name_and_notes() -> None:
    pixel = IMAGES.copy()
    pixel[2, 3, 1, 0] += 1
    others = [
        Dataset(IMAGES),
        Dataset(IMAGES, LABELS[::-1]),
        Dataset(pixel, LABELS),
        Dataset(IMAGES.reshape(3, 2, 4, 1), LABELS),
    ]
    data = Dataset(IMAGES, LABELS, "mine")
    assert len({d.fingerprint for d in [*others, data]}) == 5
    assert Dataset(IMAGES, LABELS, "yours", ("a note",)).fingerprint == data.fingerprint
    assert Dataset(np.asfortranarray(IMAGES), LABELS).fingerprint == data.fingerprint
    assert data.fingerprint is data.fingerprint  # computed once


def test_only_digits_leaves_out_other_classes() -> None:
    images = np.arange(3, dtype=np.uint8).reshape(3, 1, 1, 1)
    data = Dataset(images, np.array([4, 10, 9]), "mixed", ("a note",), classes=11)
    kept = data.only_digits()
    assert (kept.images.ravel().tolist(), kept.require_labels().tolist()) == ([0, 2], [4, 9])
    assert (kept.name, kept.notes, kept.classes) == ("mixed", ("a note",), 10)
    assert kept.only_digits() is kept


def test_other_arguments_than_two_arrays_are_named() -> None:
    images, labels = np.zeros((3, 28, 28, 1), np.uint8), np.arange(3)
    with pytest.raises(TenfoldError, match="images and labels are swapped: write Dataset"):
        Dataset(labels, images)
    with pytest.raises(TenfoldError, match=r"got a tuple\. Convert them with Dataset\(\*images\)"):
        Dataset((images, labels))  # type: ignore[arg-type]
    with pytest.raises(TenfoldError, match=r"got a str\. .*tenfold\.data\.load_dataset\(path\)"):
        Dataset("train.csv")  # type: ignore[arg-type]


@pytest.mark.parametrize("index", [1, -2, np.int64(1), np.uint8(1)])
def test_one_position_gives_the_image_and_its_label(index: int) -> None:
    image, label = Dataset(IMAGES, LABELS)[index]
    assert np.array_equal(image, IMAGES[1])
    assert (label, type(label)) == (int(LABELS[1]), int)
    assert Dataset(IMAGES)[index][1] is None


@pytest.mark.parametrize("index", [[2, 0], slice(1, None), np.array([True, False, True])])
def test_several_positions_give_a_subset(index: Array | list[int] | slice) -> None:
    data = Dataset(IMAGES, LABELS)
    assert data[index].fingerprint == data.subset(index).fingerprint


def test_iteration_gives_every_image_with_its_label() -> None:
    pairs = list(Dataset(IMAGES, LABELS))
    assert np.array_equal([image for image, _ in pairs], IMAGES)
    assert [label for _, label in pairs] == LABELS.tolist()


@pytest.mark.parametrize(
    ("index", "got"),
    [
        *[(3, "3"), (-4, "-4"), ("x", "a str"), (None, "None"), (1.0, "a float"), (True, "a bool")],
        *[((0, 1, 5), "0 to 5"), ([0.5], "float64 of shape (1,)")],
    ],
)
def test_other_indices_raise(index: Any, got: str) -> None:
    with pytest.raises(TenfoldError, match=r"mine: indices must be positions from 0 to 2") as error:
        Dataset(IMAGES, LABELS, "mine")[index]
    assert str(error.value).endswith(f", got {got}.")
