"""Intervals: how far a measured accuracy may be from the true one."""

import math

__all__ = ["wilson_interval"]

_Z95 = 1.959963984540054  # the 97.5 % point of the normal distribution


def wilson_interval(successes: int, n: int, z: float = _Z95) -> tuple[float, float]:
    r"""Return the Wilson score interval of a proportion, 95 % by default.

    .. math:: \frac{p + z^2/2n \pm z \sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}, \quad p = k/n

    It stays inside [0, 1] and keeps its promise near 0 and 1, where the usual p +- z * s fails.
    At 98.5 % of 10,000 images it is about +-0.24 points wide: smaller differences are noise.

    Wilson, "Probable inference, the law of succession, and statistical inference" (1927).

    Raises:
        ValueError: if n < 1 or successes are not between 0 and n.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"need 0 <= successes <= n and n >= 1, not {successes} of {n}")
    p = successes / n
    centre = p + z * z / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
