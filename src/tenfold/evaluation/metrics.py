"""Metrics of predictions: functions from arrays to numbers.

Everywhere, the lower of equally probable classes comes first, as with ``argmax``. The meaning and
the formula of each metric are in docs/evaluation.md.
"""

from typing import Any, Literal

import numpy as np

from tenfold.evaluation.array_checks import check_classes, check_matrix, check_probabilities
from tenfold.nn import one_hot
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size, Whole

__all__ = [
    "brier_score",
    "confusion_matrix",
    "cross_entropy",
    "mean_surprise",
    "most_confused",
    "most_confused_pairs",
    "probability_errors",
    "ranked",
    "top_accuracy",
]

_ROWS = 2**18  # images that are processed at a time, so that temporary arrays stay small


@checked
def cross_entropy(probabilities: Array, labels: Array) -> float:
    """Return the mean of -ln p(true class); 0 is perfect, a uniform guess gives ln C.

    Args:
        probabilities: Class probabilities, (N, C).
        labels: True classes, (N,).
    """
    check_probabilities(probabilities, labels)
    return mean_surprise(probabilities[np.arange(len(labels)), labels])


def mean_surprise(probabilities: Array) -> float:
    """Return the mean of -ln p for the probabilities (N,) of the true classes."""
    surprise = probabilities.astype(np.float64)
    np.maximum(surprise, np.finfo(np.float64).tiny, out=surprise)
    np.negative(np.log(surprise, out=surprise), out=surprise)
    return float(surprise.mean())


@checked
def brier_score(probabilities: Array, labels: Array) -> float:
    r"""Return the mean squared distance between probabilities (N, C) and one-hot labels.

    .. math:: \frac1N \sum_n \sum_c (p_{nc} - t_{nc})^2

    0 is perfect. Predictions that are always wrong with a confidence of 1 have the score 2, uniform
    ones 1 - 1/C. The ``cost`` of ``probability_errors`` is also a mean over the C classes, so this
    score is C times as large.

    References:
        Brier, "Verification of forecasts expressed in terms of probability" (1950).
    """
    check_probabilities(probabilities, labels)
    return float(_squared_errors(probabilities, labels, np.dtype(np.float64)) / len(labels))


def _squared_errors(probabilities: Array, labels: Array, dtype: np.dtype) -> np.floating[Any]:
    """Return the sum of (p - t)^2 over all N * C entries, a block of rows at a time."""
    total = dtype.type(0)
    for start in range(0, len(labels), _ROWS):
        errors = probabilities[start : start + _ROWS].astype(dtype)
        errors -= one_hot(labels[start : start + _ROWS], errors.shape[1], dtype)
        total += np.sum(errors**2)
    return total


@checked
def top_accuracy(probabilities: Array, labels: Array, k: int = 2) -> float:
    """Return the share of images whose true class is among the k most probable.

    Args:
        probabilities: Class probabilities, (N, C).
        labels: True classes, (N,).
        k: Number of classes that count, 1 to C; 1 gives the accuracy.

    Raises:
        ValueError: If ``k`` is out of its range.
    """
    check_probabilities(probabilities, labels)
    classes = probabilities.shape[1]
    Whole(1, classes).check("k", k)
    correct = 0
    for start in range(0, len(labels), _ROWS):
        best = ranked(probabilities[start : start + _ROWS], k)
        correct += int((best == labels[start : start + _ROWS, np.newaxis]).any(axis=1).sum())
    return correct / len(labels)


def ranked(probabilities: Array, k: int) -> Array:
    """Return the k most probable classes of each row, (N, k), the most probable first."""
    result = np.empty((len(probabilities), min(k, probabilities.shape[1])), np.int64)
    for start in range(0, len(result), _ROWS):
        part = -probabilities[start : start + _ROWS]
        result[start : start + _ROWS] = np.argsort(part, axis=1, kind="stable")[:, :k]
    return result


@checked
def probability_errors(
    probabilities: Array, labels: Array, precision: Literal["float32", "float64"] | None = None
) -> dict[str, float]:
    """Return MSE (key ``cost``), RMSE and R2 of the probabilities (N, C) and the one-hot labels.

    cost = mean over all N * C entries of (p - t)^2; rmse = sqrt(cost); r2 = 1 - cost / variance
    of the one-hot rows, which is (1/C)(1 - 1/C), 0.09 for ten classes. So r2 contains no more
    information than cost; all three are returned because one of the five projects in
    ``recipes.classics`` plots them. For a single class, whose variance is 0, r2 is 1.

    Args:
        probabilities: The probabilities, (N, C).
        labels: True classes, (N,).
        precision: Dtype of the sums; by default the dtype of the probabilities.
    """
    check_probabilities(probabilities, labels)
    classes = probabilities.shape[1]
    dtype = probabilities.dtype if precision is None else np.dtype(precision)
    cost = float(_squared_errors(probabilities, labels, dtype) / probabilities.size)
    variance = (1 / classes) * (1 - 1 / classes)
    return {"cost": cost, "rmse": cost**0.5, "r2": 1 - cost / (variance or 1)}


@checked
def confusion_matrix(labels: Array, predicted: Array, classes: Size = 10) -> Array:
    """Return counts (classes, classes); row = true class, column = predicted class.

    Args:
        labels: True classes, (N,).
        predicted: Predicted classes, (N,).
        classes: Number of classes.

    Raises:
        ValueError: If an array is not as described, or contains another class.
    """
    check_classes(labels, classes, len(labels) if labels.ndim else 0)
    check_classes(predicted, classes, len(labels), "predicted")
    return np.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, classes)


@checked
def most_confused(matrix: Array) -> tuple[int, int, int]:
    """Return (true class, predicted class, count) of the most frequent error; (0, 0, 0) if none."""
    pairs = most_confused_pairs(matrix, 1)
    return pairs[0] if pairs else (0, 0, 0)


@checked
def most_confused_pairs(matrix: Array, k: Size = 5) -> list[tuple[int, int, int]]:
    """Return (true class, predicted class, count) of the k most frequent errors.

    The most frequent error comes first. Equally frequent errors are sorted by the true class, then
    by the predicted class. Errors that do not occur are left out, so the list may have fewer than
    k entries.
    """
    check_matrix(matrix)
    mistakes = matrix - np.diag(np.diag(matrix))
    largest = np.argsort(-mistakes, axis=None, kind="stable")[:k]
    pairs = zip(*np.unravel_index(largest, matrix.shape), strict=True)
    return [
        (int(true), int(predicted), int(mistakes[true, predicted]))
        for true, predicted in pairs
        if mistakes[true, predicted]
    ]
