"""Risk and coverage: the error rate of a classifier that may say "unsure".

An image is accepted if the confidence of its prediction is at least a threshold; otherwise the
classifier says "unsure". Coverage is the share of images that are accepted; risk is the error rate
among them.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.evaluation.array_checks import check_confidence
from tenfold.evaluation.intervals import wilson_interval
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Number

__all__ = [
    "UNSURE_ERROR",
    "RiskCoverage",
    "images_needed",
    "risk_coverage",
    "selective_metrics",
    "unsure_threshold",
]

UNSURE_ERROR = 0.001
"""Default of the target error rate among the accepted images."""

_CONFIDENCE_LEVEL = 0.95  # default of the confidence level of a threshold


@dataclass(frozen=True)
class RiskCoverage:
    """Coverage and errors at each of M thresholds, the highest first.

    Attributes:
        threshold: Distinct values of the confidence, (M,).
        accepted: Number of images whose confidence is at least the threshold, (M,).
        wrong: Number of wrong predictions among them, (M,).
    """

    threshold: Array
    accepted: Array
    wrong: Array

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def coverage(self) -> Array:
        """Share of all images that are accepted, (M,); the last is 1."""
        return self.accepted / self.accepted[-1]

    @property
    def error(self) -> Array:
        """Error rate among the accepted images, (M,)."""
        return self.wrong / self.accepted

    @property
    def area(self) -> float:
        """Area under the curve of error against coverage.

        It is the mean, over all images, of the error rate among the images with at least the same
        confidence. 0 is perfect; if confidence and correctness are independent, the area is about
        the error rate of all images.
        """
        return float(np.average(self.error, weights=np.diff(self.accepted, prepend=0)))


@checked
def risk_coverage(confidence: Array, correct: Array) -> RiskCoverage:
    """Return the risk-coverage curve; images of equal confidence are accepted together.

    Args:
        confidence: Probability of each predicted class, (N,), 0 to 1.
        correct: Whether each prediction is correct, (N,) bool.

    Raises:
        ValueError: If there are no predictions, or a confidence is not in [0, 1].

    References:
        El-Yaniv and Wiener, "On the foundations of noise-free selective classification" (2010); the
        area is that of Geifman, Uziel and El-Yaniv, "Bias-reduced uncertainty estimation for deep
        neural classifiers" (ICLR 2019).
    """
    check_confidence(confidence, correct)
    order = np.argsort(-confidence, kind="stable")
    descending = confidence[order].astype(np.float64)
    last = np.append(np.flatnonzero(np.diff(descending)), len(descending) - 1)
    # ``last`` is the index of the last image of each group with the same confidence.
    return RiskCoverage(descending[last], last + 1, np.cumsum(~correct[order])[last])


@checked
def unsure_threshold(
    confidence: Array,
    correct: Array,
    error: float = UNSURE_ERROR,
    confidence_level: float = _CONFIDENCE_LEVEL,
) -> float | None:
    r"""Return the lowest threshold at which the error rate is small enough, with high confidence.

    Let n be the number of images that a threshold accepts, and k the number of wrong predictions
    among them. The threshold is valid if, for a true error rate of exactly ``error``, the
    probability of at most k errors is at most 1 - ``confidence_level``:

    .. math:: \sum_{j=0}^{k} \binom{n}{j} e^j (1 - e)^{n-j} \leq 1 - level

    That is, the upper end of the exact one-sided interval of the error rate is at most ``error``.
    The lowest valid threshold is returned. The lowest threshold with k / n <= ``error`` would be
    simpler, but would exceed the target error too often: at a true rate of 0.15%, every seventh set
    of 4,975 images has at most 4 errors, a rate below the target of 0.1%.

    The confidence level holds for each threshold by itself. Choosing the lowest of many thresholds
    is slightly less safe. In a simulation with a target of 1%, confidence was independent of
    correctness, and the error rate was just above the target at every threshold: 11% instead of 5%
    of the sets of 1,500 images got a threshold.

    Args:
        confidence: Probability of each predicted class on validation images, (N,), at the
            temperature that the model will have.
        correct: Whether each prediction is correct, (N,) bool.
        error: Target error rate among the accepted images, above 0 and below 1.
        confidence_level: Confidence level of the interval, above 0 and below 1.

    Returns:
        The threshold: images of this confidence or more are accepted. 0 if all may be accepted;
        None if no threshold is valid, such as for fewer than ``images_needed(error)`` images.

    Raises:
        ValueError: If ``error`` or ``confidence_level`` is out of its range, there are no
            predictions, or a confidence is not in [0, 1].

    References:
        Clopper and Pearson, "The use of confidence or fiducial limits" (1934); Geifman and
        El-Yaniv, "Selective classification for deep neural networks" (NeurIPS 2017).
    """
    _check_shares(error, confidence_level)
    curve = risk_coverage(confidence, correct)
    for index in reversed(range(len(curve.threshold))):
        n, wrong = int(curve.accepted[index]), int(curve.wrong[index])
        if wrong <= error * n and _at_most(wrong, n, error) <= 1 - confidence_level:
            return 0.0 if n == len(correct) else float(curve.threshold[index])
    return None


@checked
def images_needed(error: float = UNSURE_ERROR, confidence_level: float = _CONFIDENCE_LEVEL) -> int:
    """Return the least number of images that can show an error rate of at most ``error``.

    This number of validation images suffices if all of them are predicted correctly: the upper end
    of the one-sided interval of the error rate is then at most ``error``.

    It is the smallest n with (1 - error)^n <= 1 - confidence_level: 2,995 for 0.1%, 299 for 1%.

    Raises:
        ValueError: If an argument is not above 0 and below 1.
    """
    _check_shares(error, confidence_level)
    return math.ceil(math.log(1 - confidence_level) / math.log1p(-error))


@checked
def selective_metrics(confidence: Array, correct: Array, below: float) -> dict[str, Any]:
    """Return coverage and error at one threshold, as plain data.

    Args:
        confidence: Probability of each predicted class, (N,), 0 to 1.
        correct: Whether each prediction is correct, (N,) bool.
        below: Threshold; images with a lower confidence are not accepted.

    Returns:
        A dictionary with these keys:

        - ``threshold``: the argument ``below``
        - ``n``: number of images
        - ``answered``: number of accepted images; it has this name since version 0.1
        - ``coverage``: share of accepted images
        - ``wrong``: number of errors among the accepted images
        - ``error``: share of errors among the accepted images; 0 if nothing is accepted
        - ``interval95``: 95% interval of ``error``; None if nothing is accepted

    Raises:
        ValueError: If there are no predictions, or a confidence is not in [0, 1].
    """
    check_confidence(confidence, correct)
    accepted = confidence >= below
    n, wrong = int(accepted.sum()), int((accepted & ~correct).sum())
    return {
        "threshold": below,
        "n": len(correct),
        "answered": n,
        "coverage": n / len(correct),
        "wrong": wrong,
        "error": wrong / n if n else 0.0,
        "interval95": list(wilson_interval(wrong, n)) if n else None,
    }


def _at_most(k: int, n: int, p: float) -> float:
    """Return the probability of at most k hits in n trials of probability p, k < n."""
    log_hit, log_miss = math.log(p), math.log1p(-p)
    log_ways = (
        math.lgamma(n + 1) - math.lgamma(j + 1) - math.lgamma(n - j + 1) for j in range(k + 1)
    )
    return math.fsum(math.exp(w + j * log_hit + (n - j) * log_miss) for j, w in enumerate(log_ways))


def _check_shares(error: float, confidence_level: float) -> None:
    for name, share in (("error", error), ("confidence_level", confidence_level)):
        Number("(0, 1)").check(name, share)
