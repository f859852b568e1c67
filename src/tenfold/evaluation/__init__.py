"""What the answers are worth: metrics, scores and their intervals."""

from tenfold.evaluation.committee import Committee
from tenfold.evaluation.contested import CONTESTED, uncontested
from tenfold.evaluation.intervals import wilson_interval
from tenfold.evaluation.maps import (
    DigitMaps,
    StageMap,
    digit_maps,
    neighbour_purity,
    pca,
    stages,
    tsne,
)
from tenfold.evaluation.metrics import (
    confusion_matrix,
    cross_entropy,
    most_confused,
    probability_errors,
)
from tenfold.evaluation.predict import predict_probabilities
from tenfold.evaluation.score import Score, score

__all__ = [
    "CONTESTED",
    "Committee",
    "DigitMaps",
    "Score",
    "StageMap",
    "confusion_matrix",
    "cross_entropy",
    "digit_maps",
    "most_confused",
    "neighbour_purity",
    "pca",
    "predict_probabilities",
    "probability_errors",
    "score",
    "stages",
    "tsne",
    "uncontested",
    "wilson_interval",
]
