"""The base class of checks that compare labels with predictions of the reference model.

The checks run in this order: shifted labels, swapped labels, misaligned labels, shuffled labels.
Labels are called shuffled only if no earlier check explains why they differ from the predictions.
"""

from abc import abstractmethod

from tenfold.doctor.check import Check
from tenfold.doctor.data.case import DataCase
from tenfold.doctor.data.reference_model import ReferencePredictions
from tenfold.doctor.finding import Finding
from tenfold.nn.array import Array

__all__ = ["MIN_AGREEMENT", "MIN_CONFIDENT", "LabelCheck"]

MIN_CONFIDENT = 30
"""Least number of confident predictions for a statement about labels."""

MIN_AGREEMENT = 0.8
"""An explanation, such as swapped labels, must make this share of labels equal to predictions."""


class LabelCheck(Check[DataCase]):
    """A check that compares labels of legible images with predictions of the reference model."""

    explained_by = frozenset({"turned-images"})

    def run(self, case: DataCase) -> Finding | None:
        """Return the finding of ``compare``, or None if there are too few confident predictions."""
        predictions, labels = case.predictions, case.labels
        if predictions is None or labels is None:
            return None
        if predictions.confident.sum() < MIN_CONFIDENT or not predictions.legible(labels):
            return None
        return self.compare(predictions, labels, case.where)

    @abstractmethod
    def compare(
        self, predictions: ReferencePredictions, labels: Array, where: str
    ) -> Finding | None:
        """Return a finding if the labels have the fault that this check looks for.

        Args:
            predictions: Predictions for M of N images, at least 30 of them confident.
            labels: Labels of all N images, (N,).
            where: How the finding calls the images.
        """
