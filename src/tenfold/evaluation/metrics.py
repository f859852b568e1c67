"""Metrics: numbers that say how good predictions are. Arrays in, numbers out.

Where classes are equally probable, the lower one comes first, as with ``argmax``, everywhere. What
each number means, with its formula, is told in docs/evaluation.md.
"""

import numpy as np

from tenfold.nn import one_hot
from tenfold.nn.array import Array

__all__ = [
    "brier_score",
    "confusion_matrix",
    "cross_entropy",
    "most_confused",
    "most_confused_pairs",
    "probability_errors",
    "ranked",
    "top_accuracy",
]


def cross_entropy(probabilities: Array, labels: Array) -> float:
    """Return the mean of -log p(right class), natural logarithm; 0 is perfect, ln 10 a guess."""
    right = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.maximum(right, np.finfo(np.float64).tiny)).mean())


def brier_score(probabilities: Array, labels: Array) -> float:
    r"""Return the mean squared distance between probabilities (N, C) and one-hot labels.

    .. math:: \frac1N \sum_n \sum_c (p_{nc} - t_{nc})^2

    0 is perfect, 2 certain and wrong every time, 1 - 1/C a guess. It is C times the ``cost`` of
    ``probability_errors``, which is a mean over the classes too.

    Brier, "Verification of forecasts expressed in terms of probability" (1950).
    """
    exact = probabilities.astype(np.float64)
    targets = one_hot(labels, probabilities.shape[1], np.float64)
    return float(np.sum((exact - targets) ** 2) / len(labels))


def top_accuracy(probabilities: Array, labels: Array, k: int = 2) -> float:
    """Return the share of images whose right class is among the k most probable; 1 is accuracy.

    Raises:
        ValueError: if k is not a number of classes, from 1 to C.
    """
    classes = probabilities.shape[1]
    if not 1 <= k <= classes:
        raise ValueError(f"of {classes} classes the most probable are 1 to {classes}, not {k}")
    return float((ranked(probabilities, k) == labels[:, np.newaxis]).any(axis=1).mean())


def ranked(probabilities: Array, k: int) -> Array:
    """Return the k most probable classes (N, k) of each row, the most probable first."""
    return np.argsort(-probabilities, axis=1, kind="stable")[:, :k]


def probability_errors(probabilities: Array, labels: Array) -> dict[str, float]:
    """Return cost, RMSE and R2 between the probabilities (N, C) and the one-hot labels.

    cost = mean over all N * C entries of (p - t)^2; rmse = sqrt(cost); r2 = 1 - cost / variance
    of the one-hot rows, which is (1/C)(1 - 1/C), 0.09 for ten classes. So r2 says nothing that
    cost does not; the three are here because one of the classics draws them. Of one class alone,
    where nothing can be told, r2 is 1.
    """
    classes = probabilities.shape[1]
    targets = one_hot(labels, classes, probabilities.dtype)
    cost = float(np.mean((probabilities - targets) ** 2))
    variance = (1 / classes) * (1 - 1 / classes)
    return {"cost": cost, "rmse": cost**0.5, "r2": 1 - cost / (variance or 1)}


def confusion_matrix(labels: Array, predicted: Array, classes: int = 10) -> Array:
    """Return (classes, classes) counts: row = what it is, column = what it was taken for."""
    return np.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, classes)


def most_confused(matrix: Array) -> tuple[int, int, int]:
    """Return (what it is, what it was taken for, how often) of the commonest mistake."""
    pairs = most_confused_pairs(matrix, 1)
    return pairs[0] if pairs else (0, 0, 0)


def most_confused_pairs(matrix: Array, k: int = 5) -> list[tuple[int, int, int]]:
    """Return (what it is, what it was taken for, how often) of the k commonest mistakes.

    The commonest comes first; of equally common ones the lower digit, then what it was taken for.
    Mistakes that nobody made are not among them, so there may be fewer than k.
    """
    mistakes = matrix - np.diag(np.diag(matrix))
    places = np.argsort(-mistakes, axis=None, kind="stable")[:k]
    pairs = zip(*np.unravel_index(places, matrix.shape), strict=True)
    return [
        (int(true), int(taken), int(mistakes[true, taken]))
        for true, taken in pairs
        if mistakes[true, taken]
    ]
