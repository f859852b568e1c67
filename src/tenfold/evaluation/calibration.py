"""Calibration: is a network right in 90 % of the cases in which it is 90 % sure?"""

from dataclasses import dataclass

import numpy as np

from tenfold.models.temperature import MAX_TEMPERATURE, MIN_TEMPERATURE, log_probabilities
from tenfold.nn import softmax
from tenfold.nn.array import Array

__all__ = ["BINS", "Reliability", "calibration_error", "fit_temperature", "reliability"]

BINS = 15
"""Into how many parts confidence is cut, as in the paper by Guo et al."""


@dataclass(frozen=True)
class Reliability:
    """Confidence beside accuracy, in M bins of equal width from 0 to 1.

    A confidence on the border of two bins belongs to the lower one, 0 to the first.

    Attributes:
        edges: the bins' borders, (M + 1,).
        count: the images in each, (M,).
        confidence: their mean confidence, (M,); 0 where there are none.
        accuracy: the share of them that are right, (M,); 0 where there are none.
    """

    edges: Array
    count: Array
    confidence: Array
    accuracy: Array

    @property
    def expected_error(self) -> float:
        """The expected calibration error: the mean gap, each bin counting with its images."""
        return float(np.sum(self.count * self.gap) / self.count.sum())

    @property
    def largest_error(self) -> float:
        """The maximum calibration error: the largest gap of all bins that are not empty."""
        return float(self.gap.max())

    @property
    def gap(self) -> Array:
        """How far confidence and accuracy lie apart in each bin, (M,)."""
        return np.abs(self.confidence - self.accuracy)


def reliability(confidence: Array, right: Array, bins: int = BINS) -> Reliability:
    """Sort answers into bins by their confidence, and see how many of each are right.

    Args:
        confidence: the probability given to each answer, (N,), 0 to 1.
        right: whether it is right, (N,), boolean.
        bins: how many, M.

    Raises:
        ValueError: if there are no answers, or a confidence is none, or there are no bins.

    Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning"
    (AAAI 2015).
    """
    check_confidence(confidence, right)
    if bins < 1:
        raise ValueError(f"reliability needs at least 1 bin, not {bins}")
    exact = confidence.astype(np.float64)
    edges = np.linspace(0, 1, bins + 1)
    place = np.maximum(np.searchsorted(edges, exact, side="left") - 1, 0)
    count = np.bincount(place, minlength=bins)
    images = np.maximum(count, 1)
    return Reliability(
        edges,
        count,
        np.bincount(place, weights=exact, minlength=bins) / images,
        np.bincount(place, weights=right, minlength=bins) / images,
    )


def calibration_error(confidence: Array, right: Array, bins: int = BINS) -> float:
    """Return the expected calibration error of answers (``reliability``): 0 is best, 1 worst."""
    return reliability(confidence, right, bins).expected_error


def check_confidence(confidence: Array, right: Array) -> None:
    """Raise ValueError unless there are N > 0 probabilities, and N times right or wrong."""
    if confidence.shape != right.shape or confidence.ndim != 1 or not confidence.size:
        raise ValueError(
            f"N confidences (N > 0) need N times right or wrong, not {confidence.shape} and "
            f"{right.shape}"
        )
    if not ((confidence >= 0) & (confidence <= 1)).all():
        raise ValueError("a confidence is a probability, from 0 to 1")


def fit_temperature(probabilities: Array, labels: Array) -> float:
    r"""Return the temperature T that makes probabilities most likely to have told the labels.

    With b = 1/T and l = log p, the negative log-likelihood of p^b, scaled to sum to 1, is convex in
    b. To it comes a penalty, convex too, that is 0 at b = 1 and weighs as much as one image:

    .. math:: \sum_n \Big( \log \sum_c e^{b l_{nc}} - b \, l_{n y_n} \Big) + (b - 1 - \log b)

    Thousands of images outvote it. It decides where they decide nothing: of answers that are all
    right the likelihood alone would make b infinite, and a dozen of images say little. Newton's
    method finds the one minimum, halving the interval where a step would leave it.

    Args:
        probabilities: (N, C), at T = 1: the mean over an image's views, if it has several.
        labels: (N,), of images that the network was not trained on.

    Returns:
        T, ``MIN_TEMPERATURE`` to ``MAX_TEMPERATURE`` (``models/temperature.py``), rounded to four
        decimals, which is finer than any data set can determine; 1 for no images.

    Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (ICML 2017).
    """
    logarithms = log_probabilities(probabilities).astype(np.float64)
    right = logarithms[np.arange(len(labels)), labels].sum()
    low, high, b = 1 / MAX_TEMPERATURE, 1 / MIN_TEMPERATURE, 1.0
    for _ in range(60):
        slope, curvature = _derivatives(logarithms, right, b)
        low, high = (low, b) if slope > 0 else (b, high)
        step = b - slope / curvature
        after = step if low < step < high else (low + high) / 2
        if abs(after - b) < 1e-9:
            break
        b = after
    return round(float(1 / b), 4)


def _derivatives(logarithms: Array, right: float, b: float) -> tuple[float, float]:
    """Return the first and second derivative of what ``fit_temperature`` makes small."""
    p = softmax(b * logarithms)
    mean = np.sum(p * logarithms, axis=1)
    variance = np.sum(p * logarithms**2, axis=1) - mean**2
    return float(mean.sum() - right + 1 - 1 / b), float(variance.sum() + 1 / b**2)
