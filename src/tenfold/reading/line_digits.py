"""Digits of a line: what the best path through its lattice says, or a guess if it says nothing."""

from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.lattice import Arc, Step, best_path

__all__ = ["CLEAR", "LineDigits", "guess_digit", "read_line"]

CLEAR = 0.97
"""Least confidence of a digit that is certain."""

_DIGITS_SHARE = 0.5  # of the ink of a line: below this it is not a line of digits
_MOST_DIGITS = 4.5  # weight of the elements of a line that may be a single digit


@dataclass(frozen=True)
class LineDigits:
    """The digits of a line.

    Attributes:
        digits: The digits; empty if the line is mostly not digits.
        size: Size of all its ink, in heights of the line.
        read: Size of the ink of its digits.
        sure: Whether all digits are certain.
    """

    digits: list[tuple[Candidate, Arc]]
    size: float
    read: float
    sure: bool


def read_line(candidates: list[Candidate], steps: list[Step], probabilities: Array) -> LineDigits:
    """Return the digits on the best path through a line.

    Args:
        candidates: The C candidates of the line.
        steps: What is known of each of its elements.
        probabilities: (C, 11) of the ten digits and of "not a digit".
    """
    arcs, _ = best_path([(c.start, c.stop) for c in candidates], probabilities, steps)
    digits = [(candidates[arc.candidate], arc) for arc in arcs]
    sizes = [step.size for step in steps]
    read = sum(sum(sizes[c.start : c.stop]) for c, _ in digits)
    if not digits or read < _DIGITS_SHARE * sum(sizes):
        return LineDigits([], sum(sizes), 0.0, sure=False)
    sure = all(arc.confidence >= CLEAR for arc in arcs)
    return LineDigits(digits, sum(sizes), read, sure)


def guess_digit(
    candidates: list[Candidate], steps: list[Step], probabilities: Array
) -> LineDigits | None:
    """Return the most probable digit of a line that is not read as digits, None without any.

    It is meant for pictures in which nothing else is read: a digit that is written so badly that
    "not a digit" is more probable is still the best answer there, with a low confidence.

    Args:
        candidates: As in ``read_line``.
        steps: As in ``read_line``.
        probabilities: As in ``read_line``.
    """
    if not candidates or sum(step.weight for step in steps) > _MOST_DIGITS:
        return None
    sizes = [step.size for step in steps]
    share = np.array([sum(sizes[c.start : c.stop]) for c in candidates]) / sum(sizes)
    index, digit = divmod(int((probabilities[:, :10] * share[:, np.newaxis]).argmax()), 10)
    arc = Arc(index, digit, float(probabilities[index, digit]))
    return LineDigits(
        [(candidates[index], arc)], sum(sizes), float(share[index]) * sum(sizes), sure=False
    )
