"""Mean digit: predicts the class whose mean image is nearest."""

from typing import Self

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.evaluation.baselines.base import Baseline, as_rows, training_arrays
from tenfold.nn.array import Array

__all__ = ["MeanDigit"]


class MeanDigit(Baseline):
    r"""Predicts the class whose mean image is nearest, in Euclidean distance.

    .. math:: m_c = \frac{1}{N_c} \sum_{n: t_n = c} x_n, \qquad
              y(x) = \arg\min_c \|x - m_c\|^2 = \arg\min_c \tfrac12 \|m_c\|^2 - x \cdot m_c

    Of equally near classes, it predicts the smallest digit. A class without training images is
    never predicted.

    Attributes:
        means: Mean image of each class, (classes, F) float64; zeros for a class without images.

    References:
        Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning" (2009), 18.2:
        nearest centroids.
    """

    means: Array

    def fit(self, dataset: Dataset) -> Self:
        """Compute the mean image of each class."""
        pixels, labels, counts = training_arrays(dataset)
        self.counts = counts
        self.means = np.zeros((CLASSES, pixels.shape[1]))
        for digit in np.flatnonzero(counts):
            self.means[digit] = pixels[labels == digit].mean(axis=0)
        return self

    def predict(self, images: Array) -> Array:
        """Return the class of the nearest mean image."""
        half_norms = (self.means**2).sum(axis=1) / 2
        half_norms[self.counts == 0] = np.inf
        return (half_norms - as_rows(images) @ self.means.T).argmin(axis=1)
