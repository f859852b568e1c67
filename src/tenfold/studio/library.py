"""What all pages share: models and training digits, loaded when they are first needed."""

import threading
from dataclasses import replace

import numpy as np

from tenfold.data import Dataset, hold_out, load_mnist
from tenfold.errors import TenfoldError
from tenfold.models import Model, bundled_models, find_model
from tenfold.reading import READER_MODEL, read
from tenfold.studio.ink.neighbours import Neighbours

__all__ = ["Library"]

_DIGITS = tuple("0123456789")
_VALIDATION = 5000  # number of validation images, as in the recipes


class Library:
    """The models that can be chosen, and the training digits.

    Args:
        model: Name or path of the model that pages begin with. A path is added to the models.
    """

    def __init__(self, model: str) -> None:
        self._sources = {
            name: str(each.path) for name, each in bundled_models().items() if name != READER_MODEL
        }
        if model not in self._sources:
            self._sources[model] = model
        self.default = model
        self._models: dict[str, Model] = {}
        self._neighbours: Neighbours | None = None
        self._data: dict[str, Dataset] = {}
        self._lock = threading.RLock()

    @property
    def names(self) -> list[str]:
        """The names of all models."""
        return list(self._sources)

    def add(self, name: str, path: str) -> None:
        """Add a model that was trained while the studio was running."""
        with self._lock:
            self._sources[name] = path
            self._models.pop(name, None)

    def path(self, name: str) -> str:
        """Return the path of a model, or the name of a bundled one.

        Raises:
            TenfoldError: If there is no model of this name.
        """
        if name not in self._sources:
            raise TenfoldError(f"model must be one of {', '.join(self.names)}, got {name}")
        return self._sources[name]

    def model(self, name: str) -> Model:
        """Return a model by its name.

        Raises:
            TenfoldError: If there is no such model, or it does not recognise the ten digits.
        """
        with self._lock:
            if name not in self._models:
                self._models[name] = _for_digits(find_model(self.path(name)), name)
            return self._models[name]

    def single_view_model(self, name: str) -> Model:
        """Return a model without test-time augmentation, so that it is five times as fast."""
        return replace(self.model(name), test_time_shift=0)

    @property
    def neighbours(self) -> Neighbours:
        """MNIST's training digits, prepared for the search for similar ones."""
        with self._lock:
            if self._neighbours is None:
                self._neighbours = Neighbours.of(load_mnist("train"))
            return self._neighbours

    def data(self, part: str) -> Dataset:
        """Return MNIST's ``"train"``, ``"validation"`` or ``"test"`` images.

        ``"train"`` and ``"validation"`` are the two parts into which the recipes divide MNIST's
        training images.
        """
        with self._lock:
            if part == "test" and part not in self._data:  # most pages need nothing else
                self._data[part] = load_mnist("test")
            if part not in self._data:
                train, validation = hold_out(load_mnist("train"), _VALIDATION)
                self._data |= {"train": train, "validation": validation}
            return self._data[part]

    def warm_up(self) -> None:
        """Load what the first drawing needs, so that it is answered as fast as the next ones."""
        self.model(self.default)
        blank = np.full((64, 64), 255, np.uint8)
        blank[16:48, 30:34] = 0
        read(blank)
        _ = self.neighbours


def _for_digits(model: Model, name: str) -> Model:
    if model.classes != _DIGITS or model.network.input_shape != (28, 28, 1):
        raise TenfoldError(
            f"the studio needs a model of the ten digits, for images of 28 x 28 pixels; {name} has "
            f"{len(model.classes)} classes and images of {model.network.input_shape}"
        )
    return model
