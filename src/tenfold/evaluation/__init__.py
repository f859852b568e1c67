"""What the answers are worth: metrics, scores and their intervals."""

from tenfold.evaluation.committee import Committee
from tenfold.evaluation.contested import CONTESTED, uncontested
from tenfold.evaluation.intervals import wilson_interval
from tenfold.evaluation.metrics import (
    confusion_matrix,
    cross_entropy,
    most_confused,
    probability_errors,
)
from tenfold.evaluation.predict import predict_probabilities
from tenfold.evaluation.robustness import Curve, Robustness, Tally, robustness
from tenfold.evaluation.score import Score, score

__all__ = [
    "CONTESTED",
    "Committee",
    "Curve",
    "Robustness",
    "Score",
    "Tally",
    "confusion_matrix",
    "cross_entropy",
    "most_confused",
    "predict_probabilities",
    "probability_errors",
    "robustness",
    "score",
    "uncontested",
    "wilson_interval",
]
