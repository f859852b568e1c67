"""Significance: is one network better than another, or was it luck?

Two networks on the same images: McNemar's test. Two recipes, each trained with several seeds:
Welch's test. Several pairs at once: Holm's correction. All of them exact or to machine precision.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

import numpy as np

from tenfold.evaluation.t_distribution import t_quantile, t_two_sided
from tenfold.nn.array import Array

__all__ = ["LEVEL", "McNemar", "Spread", "Welch", "holm", "mcnemar", "spread", "verdict", "welch"]

LEVEL = 0.05
"""Below this p a difference is called significant: chance alone does it once in twenty times."""


@dataclass(frozen=True)
class McNemar:
    r"""McNemar's exact test between two networks on the same images.

    Images on which both are right or both are wrong say nothing of who is better. If neither is,
    each of the others falls to either side as a coin does, so with b to one and c to the other

    .. math:: p = \min\Big(1,\ 2 \sum_{i=0}^{\min(b, c)} \binom{b + c}{i} 2^{-(b + c)}\Big)

    It tells of these two networks. Whether their recipes differ, several seeds tell (``welch``).

    McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages" (1947); for classifiers: Dietterich, "Approximate statistical tests for comparing
    supervised classification learning algorithms" (1998).

    Args:
        n: how many images there are.
        only_first: b, on how many only the first is right.
        only_second: c, on how many only the second is right.

    Raises:
        ValueError: if the counts are negative or more than n.
    """

    n: int
    only_first: int
    only_second: int

    def __post_init__(self) -> None:
        b, c = self.only_first, self.only_second
        if b < 0 or c < 0 or b + c > self.n:
            raise ValueError(f"need counts of at least 0 that fit {self.n} images, not {b} and {c}")

    @property
    def p(self) -> float:
        """How often chance alone divides the images at least as unevenly."""
        return _coin(min(self.only_first, self.only_second), self.only_first + self.only_second)

    @property
    def difference(self) -> float:
        """By how much more often the first is right: a difference of accuracies."""
        return (self.only_first - self.only_second) / self.n if self.n else 0.0

    @property
    def summary(self) -> str:
        """What the verdict rests on, in words."""
        differ = self.only_first + self.only_second
        if not differ:
            return "they are right on the same images"
        images = "1 image" if differ == 1 else f"{differ:,} images"
        return f"they disagree on {images}, {self.only_first:,} to {self.only_second:,}"


def mcnemar(labels: Array, first: Array, second: Array) -> McNemar:
    """Return McNemar's test between two networks' answers.

    Args:
        labels: what the images are, (N,).
        first: what one network says, (N,).
        second: what the other says, (N,).

    Raises:
        ValueError: if the three differ in shape.
    """
    if not labels.shape == first.shape == second.shape == (labels.size,):
        raise ValueError(
            f"need one label and two answers an image, not {labels.shape}, {first.shape} and "
            f"{second.shape}"
        )
    one, other = first == labels, second == labels
    return McNemar(len(labels), int((one & ~other).sum()), int((other & ~one).sum()))


def _coin(few: int, n: int) -> float:
    """Return the probability that of n tosses at most ``few``, or at least n - few, are heads.

    Binomial coefficients from the middle down, the middle one being 1: each is a product of
    ratios, and their sum is the scale, so that no number is too large for n in the millions.
    """
    middle = n // 2
    i = np.arange(middle, 0, -1, dtype=np.float64)
    with np.errstate(under="ignore"):  # the last of thousands are 0, and count for nothing
        weights = np.concatenate([[1.0], np.cumprod(i / (n - i + 1))])
    total = 2 * weights.sum() - (n % 2 == 0)
    return min(1.0, float(2 * weights[middle - few :].sum() / total))


@dataclass(frozen=True)
class Spread:
    """What several runs of one recipe came to.

    Attributes:
        n: how many.
        mean: of them.
        standard_deviation: of the sample (divided by n - 1); None for one run alone.
        interval95: mean -+ t s / sqrt(n): where the mean of very many runs is, with 95 %
            confidence; None for one run alone.
    """

    n: int
    mean: float
    standard_deviation: float | None
    interval95: tuple[float, float] | None


def spread(values: Sequence[float]) -> Spread:
    """Return mean, sample deviation and Student's 95 % interval of the mean.

    Raises:
        ValueError: if there are no values.
    """
    n = len(values)
    if n == 0:
        raise ValueError("need at least one value")
    centre = mean(values)
    if n == 1:
        return Spread(1, centre, None, None)
    deviation = stdev(values)
    reach = t_quantile(n - 1) * deviation / math.sqrt(n)
    return Spread(n, centre, deviation, (centre - reach, centre + reach))


@dataclass(frozen=True)
class Welch:
    """Welch's test between two recipes, each trained with several seeds. Made by ``welch``.

    Attributes:
        first: mean of one side. ``second``: of the other.
        t: the difference of the means in standard errors; infinite where neither side varies.
        df: degrees of freedom.
        interval95: of the difference of the means.
    """

    first: float
    second: float
    t: float
    df: float
    interval95: tuple[float, float]

    @property
    def p(self) -> float:
        """How often chance alone moves the means at least as far apart."""
        return t_two_sided(self.t, self.df)

    @property
    def difference(self) -> float:
        """The difference of the means, first minus second."""
        return self.first - self.second

    @property
    def summary(self) -> str:
        """What the verdict rests on, in words."""
        low, high = (f"{100 * end:+.3f}" for end in self.interval95)
        return (
            f"means {self.first:.3%} and {self.second:.3%}, apart by "
            f"{100 * self.difference:+.3f} points (95 % interval {low} to {high})"
        )


def welch(first: Sequence[float], second: Sequence[float]) -> Welch:
    r"""Return Welch's t test between two samples whose variances may differ.

    .. math:: t = \frac{\bar x - \bar y}{\sqrt{u + v}}, \quad u = s_x^2 / n, \quad v = s_y^2 / m,
              \quad \nu = \frac{(u + v)^2}{u^2 / (n - 1) + v^2 / (m - 1)}

    Where neither sample varies at all, t is 0 for equal means and infinite for others.

    Welch, "The generalization of 'Student's' problem when several different population variances
    are involved" (1947).

    Raises:
        ValueError: if a side has fewer than two values.
    """
    n, m = len(first), len(second)
    if min(n, m) < 2:
        raise ValueError(f"need at least two values on each side, not {n} and {m}")
    one, other = mean(first), mean(second)
    u, v = stdev(first) ** 2 / n, stdev(second) ** 2 / m
    difference, error = one - other, math.sqrt(u + v)
    if error == 0:
        t = math.copysign(math.inf, difference) if difference else 0.0
        return Welch(one, other, t, n + m - 2, (difference, difference))
    share = u / (u + v)
    df = 1 / (share**2 / (n - 1) + (1 - share) ** 2 / (m - 1))
    reach = t_quantile(df) * error
    return Welch(one, other, difference / error, df, (difference - reach, difference + reach))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p values that hold for all of several tests together, in the same order.

    The smallest of k is multiplied by k, the next by k - 1, and so on; none is smaller than one
    before it, nor above 1. So a false alarm among all tests stays as rare as in one alone.

    Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    corrected = list(p_values)
    least = 0.0
    for done, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, (len(p_values) - done) * p_values[place]))
        corrected[place] = least
    return corrected


def verdict(test: McNemar | Welch, first: str, second: str, corrected: float | None = None) -> str:
    """Return in words what a test says.

    As in "not significant: they disagree on 31 images, 14 to 17, p = 0.72".

    Args:
        test: of two networks or recipes.
        first: name of one.
        second: name of the other.
        corrected: p by ``holm``, where this was one of several tests; it then decides.
    """
    decides = test.p if corrected is None else corrected
    said = "not significant"
    if decides < LEVEL:
        said = f"significant, {first if test.difference > 0 else second} is better"
    more = "" if corrected is None else f" ({_in_digits(corrected)} with Holm's correction)"
    number = _in_digits(test.p)
    return f"{said}: {test.summary}, p {'' if number[0] == '<' else '= '}{number}{more}"


def _in_digits(p: float) -> str:
    if p < 1e-99:
        return "< 1e-99"
    return f"{p:.1e}" if p < 1e-3 else f"{p:.3g}"
