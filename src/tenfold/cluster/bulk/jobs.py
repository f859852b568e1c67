"""Jobs of ``predict -o`` and ``read -o``: the images, the model, and the file for the answers."""

import pickle
import warnings
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from tenfold.cluster.bulk.fingerprints import classifier_fingerprint, source_fingerprint
from tenfold.cluster.bulk.formats import AnswerFormat, answer_format
from tenfold.cluster.bulk.predict_task import PredictTask
from tenfold.cluster.bulk.read_task import ReadTask
from tenfold.cluster.bulk.tables import PredictTable, ReadTable, Table
from tenfold.cluster.bulk.tasks import BulkTask, Items
from tenfold.data import Part
from tenfold.errors import InputWarning, UsageError
from tenfold.models import DEFAULT_MODEL, Ensemble, Model, find_model
from tenfold.models.input_warnings import warn_of_unusual_images
from tenfold.reading import READER_MODEL
from tenfold.runs.environment import versions

__all__ = ["BulkJob", "PredictJob", "ReadJob"]

AnyModel: TypeAlias = "Model | Ensemble"
_IMAGES_PER_PART = 4096  # approximately
_PICTURES_PER_PART = 64
_MODELS_OF_READ = (READER_MODEL, DEFAULT_MODEL)  # ``tenfold.read`` uses both


@dataclass(frozen=True, eq=False)
class BulkJob(ABC):
    """Answers for all images of a source.

    Attributes:
        source: File or folder of images.
        out: The file of answers: CSV, JSON lines or Parquet, by its extension.
        split: ``"train"`` or ``"test"``, if the source has both.
    """

    source: Path
    out: Path
    split: Part

    @cached_property
    def answer_format(self) -> AnswerFormat:
        """The format of the file.

        Raises:
            UsageError: If no format has the extension of the file.
            TenfoldError: If the format is Parquet, and pyarrow is missing.
        """
        return answer_format(self.out)

    def settings(self) -> dict[str, Any]:
        """Return everything that the answers depend on. Messages use the keys, such as "model".

        Raises:
            TenfoldError: If a file of the source cannot be examined.
        """
        return {
            "version of tenfold or NumPy": versions(),
            "set of images": source_fingerprint(self.source),
            "model": self._fingerprint(),
            "setting": {"split": self.split, **self._options()},
        }

    @property
    @abstractmethod
    def table(self) -> Table:
        """The columns of the answers."""

    @property
    @abstractmethod
    def rows_per_part(self) -> int:
        """Number of images of one part."""

    @abstractmethod
    def task(self, items: Items, token: str) -> BulkTask:
        """Return the task that answers one part."""

    @abstractmethod
    def examine(self, items: Items) -> None:
        """Give warnings about the first images."""

    @abstractmethod
    def _fingerprint(self) -> str:
        """Return the fingerprint of the model."""

    @abstractmethod
    def _options(self) -> dict[str, Any]:
        """Return further settings of the answers, as plain data."""


@dataclass(frozen=True, eq=False)
class PredictJob(BulkJob):
    """Predictions for all images of a source.

    Attributes:
        model: The model or ensemble.

    Raises:
        UsageError: If the model does not predict images of 28 x 28.
    """

    model: AnyModel

    def __post_init__(self) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", InputWarning)
                self.model.predict(np.zeros((1, 28, 28, 1), np.uint8))
        except ValueError as error:
            raise UsageError(f"the model must predict images of 28 x 28: {error}") from error

    @property
    def table(self) -> PredictTable:
        """The columns of the answers."""
        return PredictTable(self.model.classes)

    @property
    def rows_per_part(self) -> int:
        """Number of images of one part: whole batches of the network."""
        return self.model.batch * max(1, _IMAGES_PER_PART // self.model.batch)

    def task(self, items: Items, token: str) -> PredictTask:
        """Return the task that predicts one part."""
        return PredictTask(
            items, token, self.answer_format, self._pickled, tuple(self.model.classes)
        )

    def examine(self, items: Items) -> None:
        """Give the warnings of ``Model.predict`` about the first raw images."""
        if items.images is not None:
            model = self.model.members[0] if isinstance(self.model, Ensemble) else self.model
            loaded = [i for i in range(len(items)) if i not in items.errors]
            warn_of_unusual_images(items.images[loaded], model.preprocessing)

    def _fingerprint(self) -> str:
        return classifier_fingerprint(self.model)

    @cached_property
    def _pickled(self) -> bytes:
        return pickle.dumps(self.model)

    def _options(self) -> dict[str, Any]:
        return {"command": "predict", "rows": self.rows_per_part}


@dataclass(frozen=True, eq=False)
class ReadJob(BulkJob):
    """Readings of all pictures of a source.

    Attributes:
        single: As in ``tenfold.read``.
        error_rate: As in ``tenfold.read``.
    """

    single: bool
    error_rate: float
    rows_per_part = _PICTURES_PER_PART
    table = ReadTable()

    def task(self, items: Items, token: str) -> ReadTask:
        """Return the task that reads one part."""
        return ReadTask(items, token, self.answer_format, self.single, self.error_rate)

    def examine(self, items: Items) -> None:
        """Do nothing: pictures may have any colours."""

    def _fingerprint(self) -> str:
        return "".join(classifier_fingerprint(find_model(name)) for name in _MODELS_OF_READ)

    def _options(self) -> dict[str, Any]:
        options = {"single": self.single, "error_rate": self.error_rate}
        return {"command": "read", "rows": self.rows_per_part, **options}
