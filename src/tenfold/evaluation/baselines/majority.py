"""Majority class: always predicts the most frequent digit."""

from typing import Self

import numpy as np

from tenfold.data import Dataset
from tenfold.evaluation.baselines.base import Baseline, training_arrays
from tenfold.nn.array import Array

__all__ = ["MajorityClass"]


class MajorityClass(Baseline):
    """Predicts the most frequent class of the training images for every image.

    Of equally frequent classes, it predicts the smallest digit. A classifier that is not more
    accurate than this baseline has learned nothing.

    Attributes:
        most_frequent: The predicted class.
    """

    most_frequent: int

    def fit(self, dataset: Dataset) -> Self:
        """Count the classes."""
        _, _, counts = training_arrays(dataset)
        self.most_frequent = int(counts.argmax())
        return self

    def predict(self, images: Array) -> Array:
        """Return the same class for every image."""
        return np.full(len(images), self.most_frequent)
