"""Evaluation of predictions: metrics, intervals, calibration, significance and baselines."""

from tenfold.evaluation.baselines.base import Baseline
from tenfold.evaluation.baselines.majority import MajorityClass
from tenfold.evaluation.baselines.mean_digit import MeanDigit
from tenfold.evaluation.baselines.measure import BaselineResult, measure_baseline
from tenfold.evaluation.baselines.neighbours import NearestNeighbours
from tenfold.evaluation.baselines.registry import BASELINES
from tenfold.evaluation.baselines.softmax_regression import SoftmaxRegression
from tenfold.evaluation.calibration import (
    Reliability,
    calibration_error,
    fit_temperature,
    reliability,
)
from tenfold.evaluation.class_metrics import ClassMetrics, metrics_per_class
from tenfold.evaluation.contested import CONTESTED, uncontested
from tenfold.evaluation.intervals import prediction_interval, wilson_interval
from tenfold.evaluation.metrics import (
    brier_score,
    confusion_matrix,
    cross_entropy,
    most_confused,
    most_confused_pairs,
    probability_errors,
    top_accuracy,
)
from tenfold.evaluation.risk import (
    UNSURE_ERROR,
    RiskCoverage,
    images_needed,
    risk_coverage,
    selective_metrics,
    unsure_threshold,
)
from tenfold.evaluation.scoring import Score, score
from tenfold.evaluation.significance import (
    LEVEL,
    McNemar,
    Spread,
    Welch,
    conclusion,
    holm,
    mcnemar,
    spread,
    welch,
)

__all__ = [
    "BASELINES",
    "CONTESTED",
    "LEVEL",
    "UNSURE_ERROR",
    "Baseline",
    "BaselineResult",
    "ClassMetrics",
    "MajorityClass",
    "McNemar",
    "MeanDigit",
    "NearestNeighbours",
    "Reliability",
    "RiskCoverage",
    "Score",
    "SoftmaxRegression",
    "Spread",
    "Welch",
    "brier_score",
    "calibration_error",
    "conclusion",
    "confusion_matrix",
    "cross_entropy",
    "fit_temperature",
    "holm",
    "images_needed",
    "mcnemar",
    "measure_baseline",
    "metrics_per_class",
    "most_confused",
    "most_confused_pairs",
    "prediction_interval",
    "probability_errors",
    "reliability",
    "risk_coverage",
    "score",
    "selective_metrics",
    "spread",
    "top_accuracy",
    "uncontested",
    "unsure_threshold",
    "welch",
    "wilson_interval",
]
