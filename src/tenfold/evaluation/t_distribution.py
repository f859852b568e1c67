"""Student's t distribution, for intervals and tests of the mean of a few numbers.

Its tails are an incomplete beta function, which is computed here by a continued fraction: the
standard library has no such function, and importing SciPy's takes about a quarter of a second.
"""

import math

from tenfold.nn.constraints import Number

__all__ = ["t_quantile", "t_two_sided"]

_NOT_NAN, _ABOVE_0 = Number("[-inf, inf]"), Number("(0, inf)")
_SMALLEST = 1e-300  # replaces 0 in a denominator
_PRECISION = 1e-16  # relative change of the continued fraction at which it has converged
_MAX_TERMS = 100_000  # largest number of terms of the fraction; about sqrt(df) are needed


def t_two_sided(t: float, df: float) -> float:
    r"""Return P(\|T\| >= \|t\|) for Student's t with ``df`` degrees of freedom.

    .. math:: P = I_x(\nu/2, 1/2), \quad x = \frac{\nu}{\nu + t^2}

    with I the regularised incomplete beta function. The relative error is below 1e-12 up to some
    thousand degrees of freedom.

    Args:
        t: Any number, also infinity.
        df: Degrees of freedom, above 0 and finite, not necessarily a whole number.

    Raises:
        ValueError: If ``df`` is not finite and above 0, or ``t`` is NaN.

    References:
        Student, "The probable error of a mean" (1908).
    """
    _NOT_NAN.check("t", t)
    _ABOVE_0.check("df", df)
    if math.isinf(t * t):
        return 0.0
    return _beta(df / 2, 0.5, df / (df + t * t), t * t / (df + t * t))


def t_quantile(df: float, confidence: float = 0.95) -> float:
    r"""Return the t for which \|T\| <= t with probability ``confidence``.

    12.706 for one degree of freedom and 95%, 2.776 for four, 1.960 for infinitely many. Computed
    by bisection.

    Args:
        df: Degrees of freedom, above 0 and finite.
        confidence: Probability, above 0 and below 1.

    Raises:
        ValueError: If an argument is out of its range.
    """
    Number("(0, 1)").check("confidence", confidence)
    low, high = 0.0, 1.0
    while t_two_sided(high, df) > 1 - confidence:
        low, high = high, 2 * high
    while low < (middle := (low + high) / 2) < high:
        if t_two_sided(middle, df) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _beta(a: float, b: float, x: float, rest: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b).

    Args:
        a: First parameter, above 0.
        b: Second parameter, above 0.
        x: The argument, 0 to 1.
        rest: 1 - x, computed without the rounding error of this subtraction.
    """
    if x == 0 or rest == 0:
        return float(rest == 0)
    if x > (a + 1) / (a + b + 2):  # the fraction is slow here, and fast for the other tail
        return 1 - _beta(b, a, rest, x)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(scale + a * math.log(x) + b * math.log(rest)) / (a * _fraction(a, b, x))


def _fraction(a: float, b: float, x: float) -> float:
    """Return 1 + d1 / (1 + d2 / (1 + ...)) of the incomplete beta function, by Lentz's method.

    References:
        Press et al., "Numerical Recipes", section 6.4.
    """
    value = numerator = 1.0
    denominator = 0.0
    for term in range(1, _MAX_TERMS):
        m = term // 2
        if term % 2:
            factor = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            factor = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        denominator = 1 / (1 + factor * denominator or _SMALLEST)
        numerator = 1 + factor / numerator or _SMALLEST
        value *= numerator * denominator
        if abs(numerator * denominator - 1) < _PRECISION:
            break
    return value
