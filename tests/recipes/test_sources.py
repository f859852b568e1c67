from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tenfold.errors import TenfoldError
from tenfold.recipes import Source


def test_mnist_is_divided_into_three_that_do_not_meet() -> None:
    split = Source().load()
    assert split.validation is not None
    assert split.test is not None
    assert [len(split.train), len(split.validation), len(split.test)] == [55_000, 5_000, 10_000]
    assert split.test.fingerprint == load_mnist("test").fingerprint
    rows = {image.tobytes() for image in split.validation.images}
    assert not any(image.tobytes() in rows for image in split.train.images)


def test_the_validation_images_are_always_the_same() -> None:
    first, second = Source().load(), Source(validation=5000).load()
    assert first.validation is not None
    assert second.validation is not None
    assert first.validation.fingerprint == second.validation.fingerprint


def test_kaggle_is_42000_and_28000() -> None:
    split = Source("kaggle", validation=1000).load()
    assert split.validation is not None
    assert split.test is not None
    assert [len(split.train), len(split.validation), len(split.test)] == [41_000, 1_000, 28_000]


def test_nothing_held_out() -> None:
    split = Source("kaggle", validation=0).load()
    assert split.validation is None
    assert len(split.train) == 42_000


def test_own_data_without_test_images_gives_some_of_its_own(
    digits: Dataset, tmp_path: Path
) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, images=digits.images, labels=digits.require_labels())
    split = Source().load(path)
    assert split.validation is not None
    assert split.test is not None
    assert [len(split.train), len(split.validation), len(split.test)] == [486, 54, 60]


def test_own_data_with_test_images_keeps_them_apart(digits: Dataset, tmp_path: Path) -> None:
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


def test_an_unknown_source_is_named() -> None:
    with pytest.raises(ValueError, match="'cifar'; there are: mnist, kaggle"):
        Source("cifar")


def test_shares_must_be_shares() -> None:
    with pytest.raises(ValueError, match="test_share"):
        Source(test_share=1.0)


def test_damaged_test_images_are_not_taken_for_none(digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    labels = digits.require_labels()
    np.savez(
        path, x_train=digits.images, y_train=labels, x_test=np.zeros((3, 5)), y_test=labels[:3]
    )
    with pytest.raises(TenfoldError, match="x_test"):
        Source().load(path)


@pytest.mark.parametrize("count", [3, 5, 10])
def test_a_handful_of_images_still_makes_three_parts(
    digits: Dataset, tmp_path: Path, count: int
) -> None:
    path = tmp_path / "few.npz"
    np.savez(path, images=digits.images[:count], labels=digits.require_labels()[:count])
    split = Source().load(path)
    assert split.validation is not None
    assert split.test is not None
    assert len(split.train) + len(split.validation) + len(split.test) == count


def test_two_images_are_too_few(digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "few.npz"
    np.savez(path, images=digits.images[:2], labels=digits.require_labels()[:2])
    with pytest.raises(TenfoldError, match="at least 3 are needed, one each to train, to choose"):
        Source().load(path)
    assert Source(test_share=0).load(path).validation is not None
    np.savez(path, images=digits.images[:1], labels=digits.require_labels()[:1])
    with pytest.raises(TenfoldError, match=r"holds 1 image: at least 2 .* to train, to choose$"):
        Source(test_share=0).load(path)
    assert len(Source(validation=0, test_share=0).load(path).train) == 1


def test_an_explicit_share_is_kept(digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, images=digits.images, labels=digits.require_labels())
    split = Source(validation=0.5, test_share=0).load(path)
    assert split.validation is not None
    assert len(split.validation) == 300
    with pytest.raises(TenfoldError, match="held out"):
        Source(validation=4999).load(path)
