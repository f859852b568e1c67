"""The images of a recipe and their three parts."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tenfold.errors import TenfoldError
from tenfold.recipes import Source


def test_parts_of_mnist_are_disjoint() -> None:
    split = Source().load()
    assert split.validation is not None
    assert split.test is not None
    assert [len(split.train), len(split.validation), len(split.test)] == [55_000, 5_000, 10_000]
    assert split.test.fingerprint == load_mnist("test").fingerprint
    rows = {image.tobytes() for image in split.validation.images}
    assert not any(image.tobytes() in rows for image in split.train.images)


def test_validation_images_are_always_the_same() -> None:
    first, second = Source().load(), Source(validation=5000).load()
    assert first.validation is not None
    assert second.validation is not None
    assert first.validation.fingerprint == second.validation.fingerprint


def test_kaggle_has_42000_and_28000_images() -> None:
    split = Source("kaggle", validation=1000).load()
    assert split.validation is not None
    assert split.test is not None
    assert [len(split.train), len(split.validation), len(split.test)] == [41_000, 1_000, 28_000]


def test_validation_of_0_holds_nothing_out() -> None:
    split = Source("kaggle", validation=0).load()
    assert split.validation is None
    assert len(split.train) == 42_000


def test_own_data_without_test_images_is_split_into_three(digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, images=digits.images, labels=digits.require_labels())
    split = Source().load(path)
    assert split.validation is not None
    assert split.test is not None
    assert [len(split.train), len(split.validation), len(split.test)] == [486, 54, 60]


def test_own_data_with_test_images_keeps_them(digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    labels = digits.require_labels()
    np.savez(
        path,
        x_train=digits.images[:500],
        y_train=labels[:500],
        x_test=digits.images[500:],
        y_test=labels[500:],
    )
    split = Source(validation=50).load(path)
    assert split.test is not None
    np.testing.assert_array_equal(split.test.images, digits.images[500:])
    assert len(split.train) == 450


def test_unknown_source_raises() -> None:
    with pytest.raises(ValueError, match="name must be 'mnist' or 'kaggle', got 'cifar'"):
        Source("cifar")


def test_invalid_share_raises() -> None:
    with pytest.raises(ValueError, match="test_share"):
        Source(test_share=1.0)


def test_damaged_test_images_raise(digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    labels = digits.require_labels()
    np.savez(
        path, x_train=digits.images, y_train=labels, x_test=np.zeros((3, 5)), y_test=labels[:3]
    )
    with pytest.raises(TenfoldError, match="x_test"):
        Source().load(path)


@pytest.mark.parametrize("count", [3, 5, 10])
def test_few_images_are_split_into_three(digits: Dataset, tmp_path: Path, count: int) -> None:
    path = tmp_path / "few.npz"
    np.savez(path, images=digits.images[:count], labels=digits.require_labels()[:count])
    split = Source().load(path)
    assert split.validation is not None
    assert split.test is not None
    assert len(split.train) + len(split.validation) + len(split.test) == count


def test_too_few_images_for_the_split_raise(digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "few.npz"
    np.savez(path, images=digits.images[:2], labels=digits.require_labels()[:2])
    with pytest.raises(
        TenfoldError, match="at least 3 images, one each for training, validation, test, got 2"
    ):
        Source().load(path)
    assert Source(test_share=0).load(path).validation is not None
    np.savez(path, images=digits.images[:1], labels=digits.require_labels()[:1])
    with pytest.raises(
        TenfoldError, match="at least 2 images, one each for training, validation, got 1"
    ):
        Source(test_share=0).load(path)
    assert len(Source(validation=0, test_share=0).load(path).train) == 1


def test_given_share_is_kept(digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, images=digits.images, labels=digits.require_labels())
    split = Source(validation=0.5, test_share=0).load(path)
    assert split.validation is not None
    assert len(split.validation) == 300
    with pytest.raises(TenfoldError, match="held out"):
        Source(validation=4999).load(path)


@pytest.mark.parametrize("test", [True, False])
def test_the_validation_part_of_the_data_can_be_used(
    digits: Dataset, tmp_path: Path, test: bool
) -> None:
    parts = {"train": digits.subset(slice(100)), "val": digits.subset(slice(100, 130))}
    parts |= {"test": digits.subset(slice(130, 150))} if test else {}
    arrays: dict[str, Any] = {f"x_{name}": part.images for name, part in parts.items()}
    arrays |= {f"y_{name}": part.require_labels() for name, part in parts.items()}
    np.savez(tmp_path / "a.npz", **arrays)
    split = Source(validation="own").load(tmp_path / "a.npz")
    assert split.validation is not None
    assert split.test is not None
    assert split.validation.fingerprint == parts["val"].fingerprint
    assert (len(split.train), len(split.test)) == ((100, 20) if test else (90, 10))
    assert not any("unused validation data" in note for note in split.train.notes)
    other = Source().load(tmp_path / "a.npz")
    assert any("unused validation data" in note for note in other.train.notes)


def test_a_validation_part_that_is_missing_or_unlabelled_raises(
    digits: Dataset, tmp_path: Path
) -> None:
    with pytest.raises(TenfoldError, match="the bundled MNIST has no validation split"):
        Source(validation="own").load()
    arrays: dict[str, Any] = {"x_train": digits.images, "y_train": digits.require_labels()}
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(TenfoldError, match=r"a\.npz contains no validation split"):
        Source(validation="own").load(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", **arrays, x_val=digits.images)
    with pytest.raises(TenfoldError, match=r"this data has no labels: b\.npz"):
        Source(validation="own").load(tmp_path / "b.npz")
