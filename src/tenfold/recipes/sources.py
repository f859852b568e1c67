"""Sources: where a recipe's images come from, and how they are divided into three."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tenfold.data import Dataset, hold_out, kaggle_split, load_mnist, load_parts
from tenfold.errors import TenfoldError
from tenfold.nn import Describable

__all__ = ["Source", "Split", "both_halves"]


_USUAL = 5000


@dataclass(frozen=True)
class Split:
    """Train, validation and test: three things.

    Attributes:
        train: what the weights are fitted to.
        validation: what choices are made on; None if the recipe holds nothing out.
        test: opened once, by the final evaluation; None if there is none.
    """

    train: Dataset
    validation: Dataset | None
    test: Dataset | None


@dataclass(frozen=True)
class Source(Describable):
    """Which images a recipe uses.

    Args:
        name: ``"mnist"`` (60,000 and 10,000 images, as published) or ``"kaggle"`` (the same 70,000
            shuffled into 42,000 and 28,000, as in the Digit Recognizer competition).
        validation: how many training images are held out for validation, always the same ones
            for a given ``name``; a number below 1 is a share.
        test_share: share of the training images that becomes the test set when the data has none
            of its own.
    """

    name: str = "mnist"
    validation: float = _USUAL
    test_share: float = 0.1

    def __post_init__(self) -> None:
        if self.name not in _BUNDLED:
            raise ValueError(
                f"there is no bundled data called {self.name!r}; there are: {', '.join(_BUNDLED)}. "
                "Name a file or folder of your own with --data"
            )
        if not 0 <= self.validation < math.inf or not 0 <= self.test_share < 1:
            raise ValueError(
                "validation is a number or a share of images, at least 0, and test_share a share "
                f"from 0 to below 1, not {self.validation} and {self.test_share}"
            )

    def load(self, path: str | Path | None = None) -> Split:
        """Return the three parts, from ``path`` instead of the bundled images if it is given.

        Raises:
            TenfoldError: if the data cannot be read or is too small for the split.
        """
        train, test = _BUNDLED[self.name]() if path is None else both_halves(path)
        train.require_labels()
        parts = ["to train", *["to choose"] * bool(self.validation)]
        parts += ["to test"] * bool(test is None and self.test_share)
        if len(train) < len(parts):
            raise TenfoldError(
                f"{train.name} holds {len(train)} image{'s' * (len(train) != 1)}: at least "
                f"{len(parts)} are needed, one each {', '.join(parts)}"
            )
        if test is None and self.test_share:
            train, test = hold_out(train, _count(self.test_share, train), purpose="test")
        if not self.validation:
            return Split(train, None, test)
        wanted = _count(self.validation, train)
        if self.validation == _USUAL and wanted > len(train) // 5:
            wanted = _count(0.1, train)  # a small collection keeps most of it for training
        rest, validation = hold_out(train, wanted)
        return Split(rest, validation, test)


_BUNDLED: dict[str, Callable[[], tuple[Dataset, Dataset]]] = {
    "mnist": lambda: (load_mnist("train"), load_mnist("test")),
    "kaggle": kaggle_split,
}


def both_halves(path: str | Path) -> tuple[Dataset, Dataset | None]:
    """Return the training data at ``path`` and, if there is any with labels, the test data.

    Raises:
        TenfoldError: if the data cannot be read.
    """
    train, test = load_parts(path)
    return train, None if test is None or test.labels is None else test


def _count(wanted: float, data: Dataset) -> int:
    return max(1, round(wanted * len(data))) if wanted < 1 else int(wanted)
