"""Calibration: whether predictions with 90% confidence are correct in 90% of the cases."""

from dataclasses import dataclass

import numpy as np

from tenfold.evaluation.array_checks import check_confidence, check_probabilities
from tenfold.models.temperature import MAX_TEMPERATURE, MIN_TEMPERATURE, log_probabilities
from tenfold.nn import softmax
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Whole

__all__ = ["BINS", "Reliability", "calibration_error", "fit_temperature", "reliability"]

BINS = 15
"""Number of confidence bins, as in the paper by Guo et al."""


@dataclass(frozen=True)
class Reliability:
    """Confidence and accuracy in M bins of equal width from 0 to 1.

    A confidence on the border of two bins belongs to the lower one, a confidence of 0 to the first.

    Attributes:
        edges: Borders of the bins, (M + 1,).
        count: Number of images in each bin, (M,).
        confidence: Mean confidence in each bin, (M,); 0 if the bin is empty.
        accuracy: Share of correct predictions in each bin, (M,); 0 if the bin is empty.
    """

    edges: Array
    count: Array
    confidence: Array
    accuracy: Array

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def expected_error(self) -> float:
        """Expected calibration error: the mean of ``gap``, weighted by ``count``."""
        return float(np.sum(self.count * self.gap) / self.count.sum())

    @property
    def largest_error(self) -> float:
        """Maximum calibration error: the largest ``gap`` of all bins."""
        return float(self.gap.max())

    @property
    def gap(self) -> Array:
        """Absolute difference of confidence and accuracy in each bin, (M,)."""
        return np.abs(self.confidence - self.accuracy)


@checked
def reliability(confidence: Array, correct: Array, bins: int = BINS) -> Reliability:
    """Group predictions by their confidence, and measure the accuracy of each group.

    Args:
        confidence: Probability of each predicted class, (N,), 0 to 1.
        correct: Whether each prediction is correct, (N,) bool.
        bins: Number of bins M, at least 1.

    Raises:
        ValueError: If there are no predictions, a confidence is not in [0, 1], or ``bins`` is
            less than 1.

    References:
        Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
        binning" (AAAI 2015).
    """
    check_confidence(confidence, correct)
    Whole(1).check("bins", bins)
    exact = confidence.astype(np.float64)
    edges = np.linspace(0, 1, bins + 1)
    index = np.maximum(np.searchsorted(edges, exact, side="left") - 1, 0)
    count = np.bincount(index, minlength=bins)
    divisor = np.maximum(count, 1)
    return Reliability(
        edges,
        count,
        np.bincount(index, weights=exact, minlength=bins) / divisor,
        np.bincount(index, weights=correct, minlength=bins) / divisor,
    )


@checked
def calibration_error(confidence: Array, correct: Array, bins: int = BINS) -> float:
    """Return the expected calibration error of predictions, 0 (best) to 1: see ``reliability``."""
    return reliability(confidence, correct, bins).expected_error


@checked
def fit_temperature(probabilities: Array, labels: Array) -> float:
    r"""Return the temperature T under which the labels are most likely.

    Let b = 1/T and l = log p. The probabilities at temperature T are p^b, scaled to sum to 1, and
    their negative log-likelihood is convex in b. A penalty is added, which is convex, too, is 0 at
    b = 1, and has the weight of one image:

    .. math:: \sum_n \Big( \log \sum_c e^{b l_{nc}} - b \, l_{n y_n} \Big) + (b - 1 - \log b)

    For thousands of images the penalty is negligible. For few images it keeps b near 1. It is also
    needed if all predictions are correct, since the likelihood alone would then make b infinite.
    Newton's method finds the single minimum; a step that would leave the interval in which the
    minimum must lie is replaced by bisection.

    Args:
        probabilities: Class probabilities at T = 1, (N, C); with test-time augmentation, the mean
            over the views of each image.
        labels: True classes, (N,), of images that the network was not trained on.

    Returns:
        T, ``MIN_TEMPERATURE`` to ``MAX_TEMPERATURE`` (``models/temperature.py``), rounded to four
        decimals, which is finer than any data set can determine; 1 if there are no images.

    References:
        Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (ICML 2017).
    """
    check_probabilities(probabilities, labels)
    logarithms = log_probabilities(probabilities).astype(np.float64)
    log_likelihood = logarithms[np.arange(len(labels)), labels].sum()  # at b = 1
    low, high, b = 1 / MAX_TEMPERATURE, 1 / MIN_TEMPERATURE, 1.0
    for _ in range(60):
        slope, curvature = _derivatives(logarithms, log_likelihood, b)
        low, high = (low, b) if slope > 0 else (b, high)
        step = b - slope / curvature
        next_b = step if low < step < high else (low + high) / 2
        if abs(next_b - b) < 1e-9:
            break
        b = next_b
    return round(float(1 / b), 4)


def _derivatives(logarithms: Array, log_likelihood: float, b: float) -> tuple[float, float]:
    """Return the first and second derivative of the objective of ``fit_temperature``."""
    p = softmax(b * logarithms)
    mean = np.sum(p * logarithms, axis=1)
    variance = np.sum(p * logarithms**2, axis=1) - mean**2
    return float(mean.sum() - log_likelihood + 1 - 1 / b), float(variance.sum() + 1 / b**2)
