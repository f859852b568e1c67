"""Risk and coverage: how wrong a network is, if it may say "unsure" where it is not sure enough."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.evaluation.calibration import check_confidence
from tenfold.evaluation.intervals import wilson_interval
from tenfold.nn.array import Array

__all__ = [
    "UNSURE_ERROR",
    "RiskCoverage",
    "images_needed",
    "risk_coverage",
    "selective_metrics",
    "unsure_threshold",
]

UNSURE_ERROR = 0.001
"""The share of errors that is wanted among the images answered, where nobody asks for another."""

_CONFIDENCE_LEVEL = 0.95


@dataclass(frozen=True)
class RiskCoverage:
    """What happens at every threshold that tells some images from others, the highest first.

    Attributes:
        threshold: images of this confidence or more are answered, (M,).
        answered: how many that are, (M,).
        wrong: how many of them are answered wrongly, (M,).
    """

    threshold: Array
    answered: Array
    wrong: Array

    @property
    def coverage(self) -> Array:
        """The share of all images that are answered, (M,); the last is 1."""
        return self.answered / self.answered[-1]

    @property
    def error(self) -> Array:
        """The share of the answered images that are wrong, (M,)."""
        return self.wrong / self.answered

    @property
    def area(self) -> float:
        """The area under error against coverage: the mean, over all images, of the error among
        those of the same confidence or more. 0 is perfect; no order at all gives the error rate.
        """
        return float(np.average(self.error, weights=np.diff(self.answered, prepend=0)))


def risk_coverage(confidence: Array, right: Array) -> RiskCoverage:
    """Return the risk-coverage curve of answers; equal confidences are answered together.

    Args:
        confidence: the probability given to each answer, (N,).
        right: whether it is right, (N,), boolean.

    Raises:
        ValueError: if there are no answers, or a confidence is none.

    El-Yaniv and Wiener, "On the foundations of noise-free selective classification" (2010);
    the area is that of Geifman, Uziel and El-Yaniv, "Bias-reduced uncertainty estimation for deep
    neural classifiers" (ICLR 2019).
    """
    check_confidence(confidence, right)
    order = np.argsort(-confidence, kind="stable")
    falling = confidence[order].astype(np.float64)
    last = np.append(np.flatnonzero(np.diff(falling)), len(falling) - 1)  # of each equal group
    return RiskCoverage(falling[last], last + 1, np.cumsum(~right[order])[last])


def unsure_threshold(
    confidence: Array,
    right: Array,
    error: float = UNSURE_ERROR,
    confidence_level: float = _CONFIDENCE_LEVEL,
) -> float | None:
    r"""Return the lowest confidence at which few enough answers are wrong, with some certainty.

    Of the n images at or above a threshold let k be wrong. The threshold will do if, were the error
    rate above it really ``error``, no more than k mistakes would be rarer than 1 - ``certainty``:

    .. math:: \sum_{j=0}^{k} \binom{n}{j} e^j (1 - e)^{n-j} \leq 1 - certainty

    In other words: the upper end of the exact one-sided interval for the error rate is at most
    ``error``. Of all that will do the lowest is returned. To take the one where k / n is just small
    enough would be simpler, and would promise too much: at a rate of 0.15 % every seventh set of
    4,975 images has no more than 4 mistakes.

    The certainty is that of each threshold by itself. The lowest of many is taken, which is a
    little bolder: where confidence says nothing of what is right, and the error rate everywhere is
    just above the wanted one, 11 % of the sets of 1,500 images got a threshold for 1 %, not 5 %.

    Args:
        confidence: of validation answers, (N,), with the temperature the network will have.
        right: whether each is right, (N,), boolean.
        error: the largest share of wrong ones wanted among the answered, above 0 and below 1.
        certainty: the confidence level of the interval.

    Returns:
        The threshold: answers of this confidence or more are given. 0 if all may be given; None if
        no threshold will do, as when there are fewer than ``images_needed(error)`` images.

    Raises:
        ValueError: if a share is none, or there are no answers.

    Clopper and Pearson, "The use of confidence or fiducial limits" (1934); Geifman and El-Yaniv,
    "Selective classification for deep neural networks" (NeurIPS 2017).
    """
    _check_shares(error, confidence_level)
    curve = risk_coverage(confidence, right)
    for index in reversed(range(len(curve.threshold))):
        n, wrong = int(curve.answered[index]), int(curve.wrong[index])
        if wrong <= error * n and _at_most(wrong, n, error) <= 1 - confidence_level:
            return 0.0 if n == len(right) else float(curve.threshold[index])
    return None


def images_needed(error: float = UNSURE_ERROR, confidence_level: float = _CONFIDENCE_LEVEL) -> int:
    """Return how many validation images, all answered rightly, are the fewest that prove ``error``.

    (1 - error)^n <= 1 - confidence_level: 2,995 for 0.1 %, 299 for 1 %.
    """
    _check_shares(error, confidence_level)
    return math.ceil(math.log(1 - confidence_level) / math.log1p(-error))


def selective_metrics(confidence: Array, right: Array, below: float) -> dict[str, Any]:
    """Return what comes of saying "unsure" below a confidence, as plain data.

    Returns:
        ``threshold``; ``n`` images, of which ``answered`` many, ``coverage`` as a share; of those
        ``wrong`` many, ``error`` as a share, with ``interval95``. Where nothing is answered, the
        error is 0 and the interval None.
    """
    check_confidence(confidence, right)
    given = confidence >= below
    n, wrong = int(given.sum()), int((given & ~right).sum())
    return {
        "threshold": below,
        "n": len(right),
        "answered": n,
        "coverage": n / len(right),
        "wrong": wrong,
        "error": wrong / n if n else 0.0,
        "interval95": list(wilson_interval(wrong, n)) if n else None,
    }


def _at_most(k: int, n: int, p: float) -> float:
    """Return the probability of at most k hits in n trials of probability p, k < n."""
    hit, miss = math.log(p), math.log1p(-p)
    ways = (math.lgamma(n + 1) - math.lgamma(j + 1) - math.lgamma(n - j + 1) for j in range(k + 1))
    return math.fsum(math.exp(w + j * hit + (n - j) * miss) for j, w in enumerate(ways))


def _check_shares(error: float, confidence_level: float) -> None:
    for name, share in (("error", error), ("confidence_level", confidence_level)):
        if not 0 < share < 1:
            raise ValueError(f"{name} is a share above 0 and below 1, not {share}")
