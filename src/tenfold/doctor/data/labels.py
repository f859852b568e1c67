"""What the checks of labels have in common: labels compared with the reference model.

The checks run in this order: swapped labels, misaligned labels, shuffled labels. Labels are
called shuffled only if neither of the first two checks explains them.
"""

from abc import abstractmethod

from tenfold.doctor.check import Check
from tenfold.doctor.data.case import DataCase
from tenfold.doctor.data.reference_model import ReferencePredictions
from tenfold.doctor.finding import Finding
from tenfold.nn.array import Array

__all__ = ["MIN_AGREEMENT", "MIN_CONFIDENT", "LabelCheck"]

MIN_CONFIDENT = 30
"""Confident predictions that a statement about labels needs."""

MIN_AGREEMENT = 0.8
"""Agreement of labels and predictions that an explanation must reach."""


class LabelCheck(Check[DataCase]):
    """A check that compares the labels of legible images with the reference model."""

    explained_by = frozenset({"turned-images"})

    def run(self, case: DataCase) -> Finding | None:
        """Return ``compare``'s finding, or None if there is too little to compare."""
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
        """Return a finding if the labels contradict the predictions in this check's way.

        Args:
            predictions: Predictions for M of N images, at least 30 of them confident.
            labels: Labels of all N images, (N,).
            where: How the finding calls the images.
        """
