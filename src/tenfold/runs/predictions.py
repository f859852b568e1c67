"""Answers: what a run said about each of its held-out images, as its folder keeps it."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

if TYPE_CHECKING:
    from tenfold.runs.run import Run

__all__ = ["Answers", "read_answers"]


@dataclass(frozen=True)
class Answers:
    """What a run answered on one part.

    Attributes:
        part: ``"test"`` or ``"validation"``.
        labels: what the images are, (N,) int64.
        predicted: what they were taken for, (N,) int64.
        confidence: the probability given to that, (N,).
    """

    part: str
    labels: Array
    predicted: Array
    confidence: Array

    def check(self, images: Dataset, folder: Path) -> None:
        """Refuse images that the answers were not given on.

        Raises:
            TenfoldError: if their number or their labels differ.
        """
        if len(images) != len(self.labels) or (
            images.labels is not None and (images.labels != self.labels).any()
        ):
            raise TenfoldError(
                f"{folder} holds answers on {len(self.labels)} {self.part} images, and "
                f"{images.name} ({len(images)} images) is not what they were given on: name the "
                "data that the run was trained with"
            )


def read_answers(run: "Run", part: str | None = None) -> Answers | None:
    """Return a run's answers on a part, None if it has none.

    Args:
        run: a finished run.
        part: ``"test"`` or ``"validation"``; by default the test, else the validation.

    Raises:
        TenfoldError: if ``predictions.npz`` is missing or damaged.
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
            return _checked(parts[0], labels, predicted, confidence)
    except Exception as error:  # a zip can be damaged in every way there is
        raise TenfoldError(
            f"cannot read the answers in {path} ({error}): restore the file or train again"
        ) from error


def _checked(part: str, labels: Array, predicted: Array, confidence: Array) -> Answers:
    """Return the answers; raise ValueError if they are not digits, one of each for an image."""
    for digits in (labels, predicted):
        if digits.dtype.kind not in "iu" or not np.isin(digits, range(CLASSES)).all():
            raise ValueError(f"the {part} answers are not digits from 0 to {CLASSES - 1}")
    if not labels.shape == predicted.shape == confidence.shape == (labels.size,):
        raise ValueError(f"the {part} labels, answers and confidences differ in number")
    if confidence.dtype.kind != "f" or not ((confidence >= 0) & (confidence <= 1)).all():
        raise ValueError(f"the {part} confidences are not probabilities")
    return Answers(part, labels.astype(np.int64), predicted.astype(np.int64), confidence)
