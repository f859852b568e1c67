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
from tenfold.evaluation.calibration import (
    Reliability,
    calibration_error,
    fit_temperature,
    reliability,
)
from tenfold.evaluation.committee import Committee
from tenfold.evaluation.contested import CONTESTED, uncontested
from tenfold.evaluation.intervals import prediction_interval, wilson_interval
from tenfold.evaluation.label_errors import LabelErrors
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
    brier_score,
    confusion_matrix,
    cross_entropy,
    most_confused,
    most_confused_pairs,
    probability_errors,
    top_accuracy,
)
from tenfold.evaluation.per_digit import PerDigit, per_digit
from tenfold.evaluation.predict import predict_probabilities
from tenfold.evaluation.risk import (
    UNSURE_ERROR,
    RiskCoverage,
    answered,
    images_needed,
    risk_coverage,
    unsure_threshold,
)
from tenfold.evaluation.robustness import Curve, Robustness, Tally, robustness
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
    "BASELINES",
    "CONTESTED",
    "LEVEL",
    "UNSURE_ERROR",
    "Baseline",
    "BaselineResult",
    "Committee",
    "Curve",
    "DigitMaps",
    "LabelErrors",
    "MajorityClass",
    "McNemar",
    "MeanDigit",
    "NearestNeighbours",
    "PerDigit",
    "Reliability",
    "RiskCoverage",
    "Robustness",
    "Score",
    "SoftmaxRegression",
    "Spread",
    "StageMap",
    "Tally",
    "Welch",
    "answered",
    "brier_score",
    "calibration_error",
    "confusion_matrix",
    "cross_entropy",
    "digit_maps",
    "fit_temperature",
    "holm",
    "images_needed",
    "mcnemar",
    "measure_baseline",
    "most_confused",
    "most_confused_pairs",
    "neighbour_purity",
    "pca",
    "per_digit",
    "predict_probabilities",
    "prediction_interval",
    "probability_errors",
    "reliability",
    "risk_coverage",
    "robustness",
    "score",
    "spread",
    "stages",
    "top_accuracy",
    "tsne",
    "uncontested",
    "unsure_threshold",
    "verdict",
    "welch",
    "wilson_interval",
]
