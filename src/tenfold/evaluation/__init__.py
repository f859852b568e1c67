"""What the answers are worth: metrics, scores and their intervals."""

from tenfold.evaluation.committee import Committee
from tenfold.evaluation.contested import CONTESTED, uncontested
from tenfold.evaluation.intervals import prediction_interval, wilson_interval
from tenfold.evaluation.metrics import (
    confusion_matrix,
    cross_entropy,
    most_confused,
    probability_errors,
)
from tenfold.evaluation.predict import predict_probabilities
from tenfold.evaluation.score import Score, score
from tenfold.evaluation.significance import (
    LEVEL,
    McNemar,
    Spread,
    Welch,
    holm,
    mcnemar,
    spread,
    verdict,
    welch,
)

__all__ = [
    "CONTESTED",
    "LEVEL",
    "Committee",
    "McNemar",
    "Score",
    "Spread",
    "Welch",
    "confusion_matrix",
    "cross_entropy",
    "holm",
    "mcnemar",
    "most_confused",
    "predict_probabilities",
    "prediction_interval",
    "probability_errors",
    "score",
    "spread",
    "uncontested",
    "verdict",
    "welch",
    "wilson_interval",
]
