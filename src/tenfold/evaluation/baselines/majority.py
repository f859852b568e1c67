"""Majority class: always the commonest digit. Whoever is not above this has learned nothing."""

from typing import Self

import numpy as np

from tenfold.data import Dataset
from tenfold.evaluation.baselines.base import Baseline, training_arrays
from tenfold.nn.array import Array

__all__ = ["MajorityClass"]


class MajorityClass(Baseline):
    """Answers with the commonest class of the training images, the smallest digit among equals."""

    answer: int

    def fit(self, dataset: Dataset) -> Self:
        """Count the classes."""
        _, _, counts = training_arrays(dataset)
        self.answer = int(counts.argmax())
        return self

    def predict(self, images: Array) -> Array:
        """Return the same answer for every image."""
        return np.full(len(images), self.answer)
