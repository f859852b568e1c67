"""Metrics: numbers that say how good predictions are. Arrays in, numbers out."""

import numpy as np

from tenfold.nn import one_hot
from tenfold.nn.array import Array

__all__ = ["confusion_matrix", "cross_entropy", "most_confused", "probability_errors"]


def cross_entropy(probabilities: Array, labels: Array) -> float:
    """Return the mean of -log p(right class), natural logarithm; 0 is perfect, ln 10 a guess."""
    right = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.maximum(right, np.finfo(np.float64).tiny)).mean())


def probability_errors(probabilities: Array, labels: Array) -> dict[str, float]:
    """Return cost, RMSE and R2 between the probabilities (N, C) and the one-hot labels.

    cost = mean over all N * C entries of (p - t)^2; rmse = sqrt(cost); r2 = 1 - cost / variance
    of the one-hot rows, which is (1/C)(1 - 1/C), 0.09 for ten classes. So r2 says nothing that
    cost does not; the three are here because one of the classics draws them.
    """
    classes = probabilities.shape[1]
    targets = one_hot(labels, classes, probabilities.dtype)
    cost = float(np.mean((probabilities - targets) ** 2))
    variance = (1 / classes) * (1 - 1 / classes)
    return {"cost": cost, "rmse": cost**0.5, "r2": 1 - cost / variance}


def confusion_matrix(labels: Array, predicted: Array, classes: int = 10) -> Array:
    """Return (classes, classes) counts: row = what it is, column = what it was taken for."""
    return np.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, classes)


def most_confused(matrix: Array) -> tuple[int, int, int]:
    """Return (what it is, what it was taken for, how often) of the commonest mistake."""
    mistakes = matrix - np.diag(np.diag(matrix))
    true, taken = np.unravel_index(int(mistakes.argmax()), mistakes.shape)
    return int(true), int(taken), int(mistakes[true, taken])
