"""Slashes: the two slanted bars of a date, such as 12/03/2026, look like 1s."""

from itertools import combinations

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.result import Result

__all__ = ["are_slashes"]

_LEAST_LEAN, _MOST_LEAN = 8.0, 50.0  # limits of the lean of a slash, in degrees to the right
_ALIKE = 12.0  # largest difference between the leans of the two slashes, in degrees
_STRAIGHT = 1.5  # largest ratio of a bar's width to (area / length); the flag of a 1 increases it


def are_slashes(result: Result) -> Array:
    """Return which 1s may be the slashes of a date: (N,) bool.

    Such a 1 is a straight bar that leans to the right. Its line has another such 1 at a similar
    angle. The two 1s divide the line into day, month and year, and the year is the first or the
    last of the three.

    Args:
        result: The reading.
    """
    found = np.zeros(len(result.digits), bool)
    lines = np.array([digit.line for digit in result.digits], np.int64)
    for line in np.unique(lines):
        positions = np.flatnonzero(lines == line)
        leans = {
            number: lean
            for number, digit in enumerate(result.digits[i] for i in map(int, positions))
            if digit.arc.digit == 1 and (lean := _lean(digit.candidate)) is not None
        }
        for first, second in combinations(leans, 2):
            groups = (first, second - first - 1, len(positions) - second - 1)
            if _is_date(*groups) and abs(leans[first] - leans[second]) <= _ALIKE:
                found[positions[[first, second]]] = True
    return found


def _is_date(first: int, second: int, third: int) -> bool:
    """Return whether three numbers may be a date; the arguments are their numbers of digits."""
    short = {1, 2}
    ends_with_year = first in short and third in {2, 4}
    return second in short and (ends_with_year or (first == 4 and third in short))


def _lean(candidate: Candidate) -> float | None:
    """Return how far a straight bar leans to the right, in degrees; None for any other ink.

    The axes of the ink are the eigenvectors of the covariance of its pixels. A bar of length L has
    the variance L^2 / 12 along it.
    """
    rows, columns = np.nonzero(candidate.mask)
    if len(rows) < 2:
        return None
    variances, axes = np.linalg.eigh(np.cov(columns, rows))
    width, length = np.sqrt(12 * np.maximum(variances, 1e-9))
    x, y = axes[:, 1]
    lean = float(np.degrees(np.arctan2(-x * y, y * y)))
    straight = width <= _STRAIGHT * len(rows) / length
    return lean if straight and _LEAST_LEAN <= lean <= _MOST_LEAN else None
