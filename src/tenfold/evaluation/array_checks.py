"""Checks of the arrays that metrics take: NumPy would broadcast wrong shapes without an error."""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["check_classes", "check_confidence", "check_matrix", "check_probabilities"]


def check_probabilities(probabilities: Array, labels: Array) -> None:
    """Raise ValueError unless the shapes are (N, C) and (N,), and labels are from 0 to C - 1."""
    if probabilities.ndim != 2 or probabilities.dtype.kind != "f":
        raise _wrong_array("probabilities", "floats of shape (N, C)", probabilities)
    check_classes(labels, probabilities.shape[1], len(probabilities))


def check_classes(labels: Array, classes: int, count: int, name: str = "labels") -> None:
    """Raise ValueError unless an array contains one class from 0 to ``classes`` - 1 for each image.

    Args:
        labels: The array.
        classes: Number of classes.
        count: Number of images.
        name: Name of the array in the message.
    """
    if labels.shape != (count,) or labels.dtype.kind not in "ui":
        raise _wrong_array(name, f"whole numbers of shape ({count},)", labels)
    if count and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"{name} must be from 0 to {classes - 1}, got {labels.min()} to {labels.max()}"
        )


def check_matrix(matrix: Array) -> None:
    """Raise ValueError unless a confusion matrix has the shape (C, C) and contains counts."""
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.dtype.kind not in "ui":
        raise _wrong_array("matrix", "counts of shape (C, C)", matrix)


def check_confidence(confidence: Array, correct: Array) -> None:
    """Raise ValueError unless both have the shape (N,), N > 0, and are as described below.

    Args:
        confidence: Probability of each predicted class, 0 to 1.
        correct: Whether each prediction is correct, bool. Integers are refused: the metrics compute
            the wrong predictions as ``~correct``, and ``~1`` is -2.
    """
    if confidence.shape != correct.shape or confidence.ndim != 1 or not confidence.size:
        raise ValueError(
            f"confidence and correct must have the same shape (N,) with N > 0, got "
            f"{confidence.shape} and {correct.shape}"
        )
    if correct.dtype != np.bool_:
        raise _wrong_array("correct", "bool, such as predicted == labels", correct)
    if confidence.dtype.kind != "f" or not ((confidence >= 0) & (confidence <= 1)).all():
        raise ValueError("confidence must be a probability from 0 to 1 for each image")


def _wrong_array(name: str, words: str, array: Array) -> ValueError:
    return ValueError(f"{name} must be {words}, got {array.dtype} of shape {array.shape}")
