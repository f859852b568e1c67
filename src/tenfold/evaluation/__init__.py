"""What the answers are worth: metrics, scores and their intervals."""

from tenfold.evaluation.baselines import (
    BASELINES,
    Baseline,
    BaselineResult,
    MajorityClass,
    MeanDigit,
    NearestNeighbours,
    SoftmaxRegression,
    measure_baseline,
)
from tenfold.evaluation.committee import Committee
from tenfold.evaluation.contested import CONTESTED, uncontested
from tenfold.evaluation.intervals import wilson_interval
from tenfold.evaluation.label_errors import LabelErrors
from tenfold.evaluation.metrics import (
    confusion_matrix,
    cross_entropy,
    most_confused,
    probability_errors,
)
from tenfold.evaluation.predict import predict_probabilities
from tenfold.evaluation.score import Score, score

__all__ = [
    "BASELINES",
    "CONTESTED",
    "Baseline",
    "BaselineResult",
    "Committee",
    "LabelErrors",
    "MajorityClass",
    "MeanDigit",
    "NearestNeighbours",
    "Score",
    "SoftmaxRegression",
    "confusion_matrix",
    "cross_entropy",
    "measure_baseline",
    "most_confused",
    "predict_probabilities",
    "probability_errors",
    "score",
    "uncontested",
    "wilson_interval",
]
