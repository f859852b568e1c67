"""Baselines: simple classifiers whose accuracy a network must exceed.

Each is a ``Baseline`` with ``fit(dataset)`` and ``predict(images)``. In reading order:
``majority``, ``mean_digit``, ``softmax_regression``, ``neighbours``; ``registry`` lists them by
name, ``measure`` evaluates them.
"""

from tenfold.evaluation.baselines.base import Baseline
from tenfold.evaluation.baselines.majority import MajorityClass
from tenfold.evaluation.baselines.mean_digit import MeanDigit
from tenfold.evaluation.baselines.measure import BaselineResult, measure_baseline
from tenfold.evaluation.baselines.neighbours import NearestNeighbours
from tenfold.evaluation.baselines.registry import BASELINES
from tenfold.evaluation.baselines.softmax_regression import SoftmaxRegression

__all__ = [
    "BASELINES",
    "Baseline",
    "BaselineResult",
    "MajorityClass",
    "MeanDigit",
    "NearestNeighbours",
    "SoftmaxRegression",
    "measure_baseline",
]
