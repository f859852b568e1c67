"""Significance tests: whether a difference between networks or recipes may be due to chance.

McNemar's test compares two networks on the same images; its p is exact, apart from rounding.
Welch's test compares two recipes that were each trained with several seeds; for the precision of
its p, see ``t_distribution``. Holm's correction is for several tests at once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

import numpy as np

from tenfold.evaluation.t_distribution import t_quantile, t_two_sided
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Count

__all__ = [
    "LEVEL",
    "McNemar",
    "Spread",
    "Welch",
    "conclusion",
    "holm",
    "mcnemar",
    "spread",
    "welch",
]

LEVEL = 0.05
"""Significance level: a difference with a smaller p is called significant."""


@dataclass(frozen=True)
class McNemar:
    r"""McNemar's exact test between two networks on the same images.

    Images on which both are correct or both are wrong do not show which network is better. On each
    other image, one is correct: with probability 1/2 the first, if neither network is better.
    With b images on which only the first is correct, and c on which only the second is correct,

    .. math:: p = \min\Big(1,\ 2 \sum_{i=0}^{\min(b, c)} \binom{b + c}{i} 2^{-(b + c)}\Big)

    The result is about these two networks. To compare their recipes, train several seeds and use
    ``welch``.

    References:
        McNemar, "Note on the sampling error of the difference between correlated proportions or
        percentages" (1947); for classifiers: Dietterich, "Approximate statistical tests for
        comparing supervised classification learning algorithms" (1998).

    Args:
        n: Number of images.
        only_first: b, the number of images on which only the first is correct.
        only_second: c, the number of images on which only the second is correct.

    Raises:
        ValueError: If a count is negative, or ``only_first + only_second`` is more than ``n``.
    """

    n: Count
    only_first: Count
    only_second: Count

    def __post_init__(self) -> None:
        check_fields(self)
        b, c = self.only_first, self.only_second
        if b + c > self.n:
            raise ValueError(
                f"only_first + only_second must be at most n = {self.n}, got {b} + {c}"
            )

    @property
    def p(self) -> float:
        """Probability of a difference of at least this size if neither network is better."""
        return _coin_probability(
            min(self.only_first, self.only_second), self.only_first + self.only_second
        )

    @property
    def difference(self) -> float:
        """Difference of the accuracies, first minus second."""
        return (self.only_first - self.only_second) / self.n if self.n else 0.0

    @property
    def summary(self) -> str:
        """The numbers behind the conclusion, as text."""
        b, c = self.only_first, self.only_second
        if not b + c:
            return "they are correct on the same images"
        images = "1 image" if b + c == 1 else f"{b + c:,} images"
        return f"they disagree on {images} (the first is correct on {b:,}, the second on {c:,})"


@checked
def mcnemar(labels: Array, first: Array, second: Array) -> McNemar:
    """Return McNemar's test between the predictions of two networks.

    Args:
        labels: True classes, (N,).
        first: Classes predicted by one network, (N,).
        second: Classes predicted by the other network, (N,).

    Raises:
        ValueError: If the three arrays do not have the same shape (N,).
    """
    if not labels.shape == first.shape == second.shape == (labels.size,):
        raise ValueError(
            "labels, first and second must have the same shape (N,), got "
            f"{labels.shape}, {first.shape} and {second.shape}"
        )
    b, c = ((x == labels) & (y != labels) for x, y in ((first, second), (second, first)))
    return McNemar(len(labels), int(b.sum()), int(c.sum()))


def _coin_probability(heads: int, n: int) -> float:
    """Return the probability of at most ``heads`` heads, or at most as many tails, in n tosses.

    The binomial coefficients are computed relative to the middle one, from the middle downwards, as
    products of ratios. They are divided by their sum. So no number overflows for n in the millions.
    """
    middle = n // 2
    i = np.arange(middle, 0, -1, dtype=np.float64)
    with np.errstate(under="ignore"):  # for a large n, the smallest products become 0
        weights = np.concatenate([[1.0], np.cumprod(i / (n - i + 1))])
    total = 2 * weights.sum() - (n % 2 == 0)
    return min(1.0, float(2 * weights[middle - heads :].sum() / total))


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation of several runs of one recipe.

    Attributes:
        n: Number of runs.
        mean: Mean over the runs.
        standard_deviation: Sample standard deviation s (denominator n - 1); None if n is 1.
        interval95: Student's 95% confidence interval of the mean, mean -+ t s / sqrt(n); None
            if n is 1.
    """

    n: int
    mean: float
    standard_deviation: float | None
    interval95: tuple[float, float] | None

    def __post_init__(self) -> None:
        check_fields(self)


@checked
def spread(values: Sequence[float]) -> Spread:
    """Return mean, standard deviation and Student's 95% confidence interval of the mean.

    Args:
        values: Result of each run, such as its accuracy; at least one.

    Raises:
        ValueError: If there are no values.
    """
    n = len(values)
    if n == 0:
        raise ValueError("values must contain at least one number, got none")
    centre = mean(values)
    if n == 1:
        return Spread(1, centre, None, None)
    standard_deviation = stdev(values)
    reach = t_quantile(n - 1) * standard_deviation / math.sqrt(n)
    return Spread(n, centre, standard_deviation, (centre - reach, centre + reach))


@dataclass(frozen=True)
class Welch:
    """Result of Welch's test between two recipes, each trained with several seeds (``welch``).

    Attributes:
        first: Mean of the first sample.
        second: Mean of the second sample.
        t: Difference of the means in standard errors; infinite if neither sample varies and the
            means differ.
        df: Degrees of freedom.
        interval95: 95% confidence interval of the difference of the means.
    """

    first: float
    second: float
    t: float
    df: float
    interval95: tuple[float, float]

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def p(self) -> float:
        """Probability of a difference of at least this size if the true means are equal."""
        return t_two_sided(self.t, self.df)

    @property
    def difference(self) -> float:
        """Difference of the means, first minus second."""
        return self.first - self.second

    @property
    def summary(self) -> str:
        """The numbers behind the conclusion, as text."""
        low, high = (f"{100 * end:+.3f}" for end in self.interval95)
        return (
            f"means {self.first:.3%} and {self.second:.3%}, difference "
            f"{100 * self.difference:+.3f} points (95% interval {low} to {high})"
        )


@checked
def welch(first: Sequence[float], second: Sequence[float]) -> Welch:
    r"""Return Welch's t test between two samples whose variances may differ.

    .. math:: t = \frac{\bar x - \bar y}{\sqrt{u + v}}, \quad u = s_x^2 / n, \quad v = s_y^2 / m,
              \quad \nu = \frac{(u + v)^2}{u^2 / (n - 1) + v^2 / (m - 1)}

    If neither sample varies, t is 0 for equal means and infinite otherwise.

    Args:
        first: At least two values.
        second: At least two values.

    Raises:
        ValueError: If a sample has fewer than two values.

    References:
        Welch, "The generalization of 'Student's' problem when several different population
        variances are involved" (1947).
    """
    n, m = len(first), len(second)
    if min(n, m) < 2:
        raise ValueError(f"first and second must have at least two values each, got {n} and {m}")
    x, y = mean(first), mean(second)
    u, v = stdev(first) ** 2 / n, stdev(second) ** 2 / m
    difference, standard_error = x - y, math.sqrt(u + v)
    if standard_error == 0:
        t = math.copysign(math.inf, difference) if difference else 0.0
        return Welch(x, y, t, n + m - 2, (difference, difference))
    share = u / (u + v)
    df = 1 / (share**2 / (n - 1) + (1 - share) ** 2 / (m - 1))
    reach = t_quantile(df) * standard_error
    return Welch(x, y, difference / standard_error, df, (difference - reach, difference + reach))


@checked
def holm(p_values: Sequence[float]) -> list[float]:
    """Return p values that are corrected for several tests, in the same order.

    The smallest of k values is multiplied by k, the next by k - 1, and so on. A corrected value is
    at least as large as the previous one in this order, and at most 1. With corrected values, the
    probability of at least one false alarm among all tests is at most that of a single test.

    Args:
        p_values: p of each test.

    References:
        Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    corrected = list(p_values)
    previous = 0.0
    for done, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        previous = max(previous, min(1.0, (len(p_values) - done) * p_values[index]))
        corrected[index] = previous
    return corrected


@checked
def conclusion(
    test: McNemar | Welch, first: str, second: str, corrected: float | None = None
) -> str:
    """Return the result of a test as text.

    For example "significant, a is better: they disagree on ...", with the numbers and p.

    Args:
        test: Test of two networks or recipes.
        first: Name of the first.
        second: Name of the second.
        corrected: If this is one of several tests, its p corrected by ``holm``. Then the difference
            is significant if this corrected p is below ``LEVEL``. Default: None, for a single test.
    """
    p = test.p if corrected is None else corrected
    text = "not significant"
    if p < LEVEL:
        text = f"significant, {first if test.difference > 0 else second} is better"
    more = "" if corrected is None else f" ({_format_p(corrected)} with Holm's correction)"
    number = _format_p(test.p)
    return f"{text}: {test.summary}, p {'' if number[0] == '<' else '= '}{number}{more}"


def _format_p(p: float) -> str:
    if p < 1e-99:
        return "< 1e-99"
    return f"{p:.1e}" if p < 1e-3 else f"{p:.3g}"
