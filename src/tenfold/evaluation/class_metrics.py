"""Per digit: which digits are read well, and which are named too often or too seldom."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.nn.array import Array

__all__ = ["ClassMetrics", "metrics_per_class"]


@dataclass(frozen=True)
class ClassMetrics:
    """Four numbers for each class, arrays of shape (C,).

    Attributes:
        precision: of the images that were taken for the digit, the share that are it.
        recall: of the images of the digit, the share that were taken for it.
        f1: the harmonic mean of both.
        support: how many images of the digit there are.
        predicted: whether any image was taken for the digit.
    """

    precision: Array
    recall: Array
    f1: Array
    support: Array
    predicted: Array

    @property
    def macro(self) -> dict[str, float]:
        """The plain means over the classes, so that a rare digit counts as much as a common one.

        As scikit-learn's: a class that no image shows and none was taken for does not count.
        """
        there = (self.support > 0) | self.predicted
        names = ("precision", "recall", "f1")
        return {n: float(getattr(self, n)[there].mean()) if there.any() else 0.0 for n in names}

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each digit, as plain data."""
        columns = (self.precision, self.recall, self.f1, self.support)
        return [
            {"digit": digit, "precision": p, "recall": r, "f1": f1, "support": n}
            for digit, (p, r, f1, n) in enumerate(
                zip(*(column.tolist() for column in columns), strict=True)
            )
        ]


def metrics_per_class(matrix: Array) -> ClassMetrics:
    r"""Return precision, recall, F1 and support of each class of a confusion matrix.

    .. math:: P_c = \frac{m_{cc}}{\sum_k m_{kc}}, \quad R_c = \frac{m_{cc}}{\sum_k m_{ck}}, \quad
              F_c = \frac{2 m_{cc}}{\sum_k m_{kc} + \sum_k m_{ck}}

    A share of nothing is 0: the precision of a digit that nothing was taken for, the recall of one
    that no image shows, and F1 where both hold (scikit-learn's ``zero_division=0``).

    Args:
        matrix: (C, C) counts, row = what it is, column = what it was taken for.
    """
    right, taken, support = np.diag(matrix), matrix.sum(axis=0), matrix.sum(axis=1)
    return ClassMetrics(
        precision=_share(right, taken),
        recall=_share(right, support),
        f1=_share(2 * right, taken + support),
        support=support,
        predicted=taken > 0,
    )


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
