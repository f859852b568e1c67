"""Precision, recall, F1 and support of each class."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.evaluation.array_checks import check_matrix
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array

__all__ = ["ClassMetrics", "metrics_per_class"]


@dataclass(frozen=True)
class ClassMetrics:
    """Metrics of each class, as arrays of shape (C,).

    Attributes:
        precision: Of the images that are predicted as this class, the share that belongs to it.
        recall: Of the images of this class, the share that is predicted as this class.
        f1: Harmonic mean of precision and recall.
        support: Number of images of this class.
        predicted: Whether any image is predicted as this class.
    """

    precision: Array
    recall: Array
    f1: Array
    support: Array
    predicted: Array

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def macro(self) -> dict[str, float]:
        """Unweighted means of precision, recall and F1: rare classes count as much as others.

        As in scikit-learn, a class that has no images and is never predicted is left out.
        """
        present = (self.support > 0) | self.predicted
        names = ("precision", "recall", "f1")
        return {n: float(getattr(self, n)[present].mean()) if present.any() else 0.0 for n in names}

    def rows(self) -> list[dict[str, Any]]:
        """Return one row for each digit, as plain data."""
        columns = (self.precision, self.recall, self.f1, self.support)
        return [
            {"digit": digit, "precision": p, "recall": r, "f1": f1, "support": n}
            for digit, (p, r, f1, n) in enumerate(
                zip(*(column.tolist() for column in columns), strict=True)
            )
        ]


@checked
def metrics_per_class(matrix: Array) -> ClassMetrics:
    r"""Return precision, recall, F1 and support of each class of a confusion matrix.

    .. math:: P_c = \frac{m_{cc}}{\sum_k m_{kc}}, \quad R_c = \frac{m_{cc}}{\sum_k m_{ck}}, \quad
              F_c = \frac{2 m_{cc}}{\sum_k m_{kc} + \sum_k m_{ck}}

    A ratio with denominator 0 is defined as 0 (scikit-learn's ``zero_division=0``): the precision
    of a class that is never predicted, the recall of a class without images.

    Args:
        matrix: Counts, (C, C); row = true class, column = predicted class.
    """
    check_matrix(matrix)
    correct, predicted, support = np.diag(matrix), matrix.sum(axis=0), matrix.sum(axis=1)
    return ClassMetrics(
        precision=_ratio(correct, predicted),
        recall=_ratio(correct, support),
        f1=_ratio(2 * correct, predicted + support),
        support=support,
        predicted=predicted > 0,
    )


def _ratio(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
