"""Sources: the images of a recipe, split into training, validation and test images."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tenfold.data import (
    CLASSES,
    Dataset,
    hold_out,
    kaggle_split,
    load_mnist,
    load_parts,
    load_validation,
)
from tenfold.data.validation_part import without_note
from tenfold.errors import TenfoldError
from tenfold.nn import Describable
from tenfold.nn.arguments import PathLike, check_fields, checked
from tenfold.nn.constraints import FractionBelowOne, NonNegative, invalid

__all__ = ["Source", "Split", "load_labelled_parts"]

_DEFAULT_VALIDATION = 5000  # number of validation images


@dataclass(frozen=True)
class Split:
    """The training, validation and test images of a data set.

    Attributes:
        train: Images that the weights are fitted to.
        validation: Images for choices, such as the temperature; None if none are held out.
        test: Images for the final evaluation only; None if there are none.
    """

    train: Dataset
    validation: Dataset | None
    test: Dataset | None

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True)
class Source(Describable):
    """The images of a recipe.

    Args:
        name: ``"mnist"`` (60,000 and 10,000 images, as published) or ``"kaggle"`` (the same 70,000
            images, shuffled and split into 42,000 and 28,000, as in the Digit Recognizer
            competition).
        validation: Number of training images held out for validation, or a share of them if it is
            below 1; 0 for no validation images. Default: 5,000, or a tenth of the training images
            if there are fewer than 25,000. For the same data, the same images are always held out.
            ``"own"``: the validation split that the data itself contains (``load_validation``).
        test_share: Share of the training images that becomes the test set if the data has no test
            images, 0 to below 1; 0.1 by default.

    Raises:
        ValueError: If a value is out of its range.
    """

    name: str = "mnist"
    validation: NonNegative | Literal["own"] = _DEFAULT_VALIDATION
    test_share: FractionBelowOne = 0.1

    def __post_init__(self) -> None:
        check_fields(self)
        if self.name not in _BUNDLED:
            advice = "to use a file or folder of your own, give its path with --data"
            raise invalid("name", " or ".join(map(repr, _BUNDLED)), self.name, advice)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes: the ten digits."""
        return tuple(map(str, range(CLASSES)))

    def load_without_generated(self, path: PathLike | None = None) -> Split:
        """Return the three splits without generated images (``ReaderSource`` adds such images).

        Args:
            path: As in ``load``.

        Raises:
            TenfoldError: As in ``load``.
        """
        return Source.load(self, path)

    def load(self, path: PathLike | None = None) -> Split:
        """Return the three splits.

        Args:
            path: File or folder with other images; None for the bundled ones.

        Raises:
            TenfoldError: If the data cannot be read or is too small for the split.
        """
        train, test = _BUNDLED[self.name]() if path is None else load_labelled_parts(path)
        train.require_labels()
        own = self._own_validation(path)
        parts = ["training", *["validation"] * bool(self.validation and own is None)]
        parts += ["test"] * bool(test is None and self.test_share)
        if len(train) < len(parts):
            raise TenfoldError(
                f"{train.name} must have at least {len(parts)} images, one each for "
                f"{', '.join(parts)}, got {len(train)}"
            )
        if test is None and self.test_share:
            train, test = hold_out(train, _count(self.test_share, train), purpose="test")
        if own is not None:
            return Split(without_note(train), own, test)
        if not self.validation or self.validation == "own":
            return Split(train, None, test)
        wanted = _count(self.validation, train)
        if self.validation == _DEFAULT_VALIDATION and wanted > len(train) // 5:
            wanted = _count(0.1, train)  # small data sets keep most images for training
        rest, validation = hold_out(train, wanted)
        return Split(rest, validation, test)

    def _own_validation(self, path: PathLike | None) -> Dataset | None:
        """Return the validation split of the data if ``validation`` is ``"own"``, otherwise None.

        Raises:
            TenfoldError: If the data has no validation split, or the split has no labels.
        """
        if self.validation != "own":
            return None
        if path is None:
            raise TenfoldError(
                "the bundled MNIST has no validation split: leave out validation=own, or give data "
                "that has one with --data"
            )
        validation = load_validation(path)
        validation.require_labels()
        return validation


_BUNDLED: dict[str, Callable[[], tuple[Dataset, Dataset]]] = {
    "mnist": lambda: (load_mnist("train"), load_mnist("test")),
    "kaggle": kaggle_split,
}


@checked
def load_labelled_parts(path: PathLike) -> tuple[Dataset, Dataset | None]:
    """Return the training data at a path, and the test data; None if it is missing or unlabelled.

    Raises:
        TenfoldError: If the data cannot be read.
    """
    train, test = load_parts(path)
    return train, None if test is None or test.labels is None else test


def _count(wanted: float, data: Dataset) -> int:
    """Return a number of images; below 1, ``wanted`` is a share of the data."""
    return max(1, round(wanted * len(data))) if wanted < 1 else int(wanted)
