"""Confidence intervals of a measured accuracy."""

import math
from typing import Any

from tenfold.nn.arguments import checked
from tenfold.nn.constraints import Positive, Whole

__all__ = ["accuracy_with_interval", "prediction_interval", "wilson_interval"]

_Z95 = 1.959963984540054  # the 97.5% quantile of the normal distribution


@checked
def wilson_interval(successes: int, n: int, z: Positive = _Z95) -> tuple[float, float]:
    r"""Return the Wilson score interval of a proportion.

    .. math:: \frac{p + z^2/2n \pm z \sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}, \quad p = k/n

    It stays inside [0, 1]. Near p = 0 and p = 1, it still contains the true proportion as often as
    it should, unlike the usual interval p +- z sqrt(p (1 - p) / n). For an accuracy of 98.5% on
    10,000 images, it is about +-0.24 percentage points: smaller differences may be chance.

    Args:
        successes: k, 0 to n.
        n: Number of trials, at least 1.
        z: Quantile of the normal distribution; 95% confidence by default.

    Raises:
        ValueError: If ``n`` or ``successes`` is out of its range.

    References:
        Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
    """
    _check_counts(successes, n)
    p = successes / n
    centre = p + z * z / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # The interval contains p, and ends at p if p is 0 or 1. Rounding must not exclude p.
    low, high = min(p, (centre - spread) / scale), max(p, (centre + spread) / scale)
    return max(0.0, low), min(1.0, high)


def accuracy_with_interval(correct: int, n: int) -> dict[str, Any]:
    """Return ``accuracy``, ``n``, ``correct`` and ``interval95`` (Wilson), as plain data."""
    interval = list(wilson_interval(correct, n))
    return {"accuracy": correct / n, "n": n, "correct": correct, "interval95": interval}


@checked
def prediction_interval(successes: int, n: int, m: int, z: Positive = _Z95) -> tuple[float, float]:
    r"""Return the range in which the proportion among the next m trials will be.

    Wilson's interval is for the true proportion; the proportion among m further trials varies by
    chance in addition. The ends are the two solutions q of

    .. math:: (k/n - q)^2 = z^2 \hat p (1 - \hat p) (1/n + 1/m), \quad
              \hat p = \frac{k + m q}{n + m}

    Here k + m q is the number of successes in both samples together. For m to infinity, the ends
    become those of Wilson's interval.

    Args:
        successes: k, 0 to n.
        n: Number of observed trials, at least 1.
        m: Number of future trials, at least 1.
        z: Quantile of the normal distribution; 95% confidence by default.

    Raises:
        ValueError: If a count is out of its range.

    References:
        Krishnamoorthy and Peng, "Improved closed-form prediction intervals for binomial and Poisson
        distributions" (2011).
    """
    _check_counts(successes, n)
    Whole(1).check("m", m)
    p, trials = successes / n, n + m
    c = z * z / (trials * n * m)
    # quadratic * q^2 - 2 * linear * q + constant = 0
    quadratic = 1 + c * m * m
    linear = p + c * m * (trials - 2 * successes) / 2
    constant = p * p - c * successes * (trials - successes)
    root = math.sqrt(max(0.0, linear * linear - quadratic * constant))
    return max(0.0, (linear - root) / quadratic), min(1.0, (linear + root) / quadratic)


def _check_counts(successes: int, n: int) -> None:
    Whole(1).check("n", n)
    Whole(0, n).check("successes", successes)
