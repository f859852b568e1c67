"""The baselines by name, from the simplest to the most complex."""

from collections.abc import Callable, Mapping
from functools import partial

from tenfold.evaluation.baselines.base import Baseline
from tenfold.evaluation.baselines.majority import MajorityClass
from tenfold.evaluation.baselines.mean_digit import MeanDigit
from tenfold.evaluation.baselines.neighbours import NearestNeighbours
from tenfold.evaluation.baselines.softmax_regression import SoftmaxRegression

__all__ = ["BASELINES"]

BASELINES: Mapping[str, Callable[[], Baseline]] = {
    "majority class": MajorityClass,
    "mean digit": MeanDigit,
    "softmax regression": SoftmaxRegression,
    "1 nearest neighbour": partial(NearestNeighbours, 1),
    "3 nearest neighbours": partial(NearestNeighbours, 3),
}
"""Functions that create a baseline, by the name of the baseline."""
