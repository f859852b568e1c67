"""The predictions of a run on its held-out images: ``predictions.npz``, checked."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.errors import TenfoldError, reason
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Choice
from tenfold.runs.run import Run

__all__ = ["PartPredictions", "read_predictions"]

_Part = Annotated[str, Choice("test", "validation")]
_DIGITS = tuple(map(str, range(CLASSES)))


@dataclass(frozen=True)
class PartPredictions:
    """The predictions of a run on one split of its data.

    Attributes:
        part: ``"test"`` or ``"validation"``.
        labels: True classes, (N,) int64.
        predicted: Predicted classes, (N,) int64.
        confidence: Probability of each predicted class, (N,) float.
        names: Names of the network's classes; by default the ten digits.
    """

    part: str
    labels: Array
    predicted: Array
    confidence: Array
    names: tuple[str, ...] = _DIGITS

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def classes(self) -> int:
        """Number of the network's classes."""
        return len(self.names)

    def class_name_in_text(self, index: int) -> str:
        """Return the name of a class, in quotes unless it is a digit: ``7``, ``"not a digit"``."""
        name = self.names[index]
        return name if name.isdigit() else f'"{name}"'

    name = class_name_in_text  # its name in version 0.2

    @property
    def is_correct(self) -> Array:
        """Whether each prediction is correct, (N,) bool."""
        correct: Array = self.labels == self.predicted
        return correct

    def check(self, images: Dataset, folder: Path) -> None:
        """Check that the predictions belong to these images.

        Args:
            images: The images, with or without labels.
            folder: The run folder, for the error message.

        Raises:
            TenfoldError: If their number or their labels differ.
        """
        if len(images) != len(self.labels) or (
            images.labels is not None and (images.labels != self.labels).any()
        ):
            raise TenfoldError(
                f"the predictions in {folder} are for {len(self.labels)} {self.part} images, but "
                f"the {len(images)} images in {images.name} differ in number or in labels: "
                "use the data that the run was trained on"
            )


@checked
def read_predictions(run: Run, part: _Part | None = None) -> PartPredictions | None:
    """Return a run's predictions on a split of its data; None if there is no such split.

    Args:
        run: A finished run.
        part: ``"test"`` or ``"validation"``; by default the test split, or the validation split if
            there is no test split.

    Raises:
        TenfoldError: If ``predictions.npz`` is missing or damaged.
    """
    path = run.folder / "predictions.npz"
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
            wanted = ("test", "validation") if part is None else (part,)
            parts = [name for name in wanted if f"{name}_labels" in archive]
            if not parts:
                return None
            names = (f"{parts[0]}_{field}" for field in ("labels", "predicted", "confidence"))
            labels, predicted, confidence = (archive[name] for name in names)
            return _checked(parts[0], labels, predicted, confidence, run.recipe.class_names)
    except Exception as error:  # a damaged zip file can raise almost anything
        raise TenfoldError(
            f"cannot read the predictions in {path}: {reason(error)}. Restore the file or train "
            "again."
        ) from error


def _checked(
    part: str, labels: Array, predicted: Array, confidence: Array, names: tuple[str, ...]
) -> PartPredictions:
    """Return the predictions; raise ValueError if they are not classes with probabilities."""
    for digits in (labels, predicted):
        if digits.dtype.kind not in "iu" or not np.isin(digits, range(len(names))).all():
            raise ValueError(
                f"{part} labels and predictions must be classes from 0 to {len(names) - 1}"
            )
    if not labels.shape == predicted.shape == confidence.shape == (labels.size,):
        raise ValueError(
            f"{part} labels, predictions and confidences must have the same shape, (N,)"
        )
    if confidence.dtype.kind != "f" or not ((confidence >= 0) & (confidence <= 1)).all():
        raise ValueError(f"{part} confidences must be probabilities from 0 to 1")
    classes = labels.astype(np.int64), predicted.astype(np.int64)
    return PartPredictions(part, *classes, confidence, names)
