r"""Lattice: the best path through the candidates of a line, and the probability of each digit.

A line consists of the elements 0 .. n-1, from left to right. An element is a piece of ink, or a
part of a piece that was cut. A candidate that covers the elements i .. j-1 is an arc from node i to
node j. Its score as the digit d is

    (0.3 + 0.7 w) log p(d) - q (1.5 + 1.8 c) - 2 max(0, 1 - s / 0.6) - 4 r max(0, b - 0.9),

where w is the estimated number of digits in the elements, q is 1 if there is a cut at the left of
the candidate, c is the ink that this cut crosses, s is the summed size of the elements, r is 1 if a
piece of the candidate was cut, and b is the width of the candidate, in heights of the line. Without
w, a path with fewer arcs would have a better score. The term with s is for fragments of digits:
they often look like a 1, but are smaller than most digits. The term with b is for two digits that
touch, which together may look like one: 90% of the digits of numbers have a width below 0.93.

A single element can also be left out. The score of this is log(0.3 p("not a digit")). An element of
a size s below 0.35 may be a speck: its score is log(0.5 (1 - s / 0.35)), if this is higher. For a
part of a cut piece, log(0.03) - 1.8 c is added, so it is seldom left out. For an element among
digits (``tenfold.reading.line_digits``), 0.3 is multiplied by 0.03, since most such elements are
unusual digits. This factor and the term with s in the score of a digit were chosen on 513
development pictures of the benchmark, and the terms with q and b on 440 others. The other constants
maximised the likelihood of the correct digits in 233 pictures, with an earlier network.

With alpha(j) = log sum of exp(score) over all paths from 0 to j, and beta(i) the same from i to n,
the probability of an arc is

    P(arc) = exp(alpha(i) + score + beta(j) - alpha(n)).

References:
    LeCun et al., "Gradient-based learning applied to document recognition" (1998), section VII.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tenfold.nn.array import Array

__all__ = ["Arc", "Span", "Step", "best_path", "digit_scores", "leave_out_score"]

_EPSILON = 1e-6
_SPECK = 0.35  # an element of smaller size, in heights of the line, may be a speck
_LEFT_OUT = 0.3  # factor of p("not a digit") in the score of leaving out a large element
_PART_LEFT_OUT = 0.03  # a further factor for leaving out a part of a cut piece
_AMONG_DIGITS = 0.03  # a further factor for leaving out an element among digits
_PER_ARC, _PER_DIGIT = 0.3, 0.7  # weight of log p: for each arc, and for each digit of its elements
_SMALL = 2.0  # cost of an infinitely small digit
_USUAL_SIZE = 0.6  # size of the smallest digit without the cost _SMALL, in heights of the line
_ANY_CUT = 1.5  # cost of a cut, however little ink it crosses
_CUT = 1.8  # further cost of a cut through as much ink as the line is high
_WIDE = 4.0  # cost of a digit that contains a cut and is wider than usual by the height of the line
_USUAL_WIDTH = 0.9  # width of the widest digit without the cost _WIDE, in heights of the line


@dataclass(frozen=True)
class Step:
    """What the lattice needs to know about an element.

    Attributes:
        size: Longer side of its box, in heights of the line, at most 1.
        weight: Estimated number of digits: 1 for a whole piece, less for a part of a wide piece.
        cut: Ink that the cut at its left crosses, in heights of the line; 0 for the first part of a
            piece.
        is_part: Whether it is a part of a piece that was cut.
        among_digits: Whether it is as large as a digit, and most other elements are digits.
    """

    size: float
    weight: float = 1.0
    cut: float = 0.0
    is_part: bool = False
    among_digits: bool = False


@dataclass(frozen=True)
class Arc:
    """A candidate read as a digit.

    Attributes:
        candidate: Index of the candidate.
        digit: 0 to 9.
        probability: Probability that its ink belongs to this digit: the sum of P(arc) over all arcs
            of this digit that cover the same element, for the element where this sum is largest.
            It is at most the probability that no other element belongs to a digit of its own.
    """

    candidate: int
    digit: int
    probability: float


class Span(NamedTuple):
    """The elements of a candidate.

    Attributes:
        start: Index of the first element.
        stop: Index after the last element.
        width: Width of the candidate, in heights of the line.
    """

    start: int
    stop: int
    width: float = 0.0


def best_path(
    spans: Sequence[Span], probabilities: Array, steps: list[Step]
) -> tuple[list[Arc], float]:
    """Return the digits on the best path and its mean score per element.

    Each element can be left out. An element that is no candidate on its own counts as too small for
    a digit.

    Args:
        spans: The elements of each of C candidates.
        probabilities: (C, 11) of the ten digits and of "not a digit".
        steps: One ``Step`` for each element.
    """
    count = len(steps)
    too_small = set(range(count)) - {span[0] for span in spans if span[1] - span[0] == 1}
    arcs: list[tuple[int, int, float, int, int]] = []  # start, stop, score, candidate, digit
    for index, (span, row) in enumerate(zip(spans, probabilities.tolist(), strict=True)):
        start, stop, width = span
        covered = steps[start:stop]
        for digit, score in enumerate(digit_scores(row[:10], covered, width)):
            arcs.append((start, stop, score, index, digit))
        if len(covered) == 1:
            arcs.append((start, stop, leave_out_score(row[10], covered[0]), -1, -1))
    arcs += [(each, each + 1, leave_out_score(1.0, steps[each]), -1, -1) for each in too_small]
    alpha, best, back = _forward(arcs, count)
    beta = _backward(arcs, count)
    path = []
    node = count
    while node > 0:
        arc = arcs[back[node]]
        if arc[3] >= 0:
            path.append(Arc(arc[3], arc[4], _probability(arcs, arc, alpha, beta, steps)))
        node = arc[0]
    return path[::-1], best[count] / max(count, 1)


def digit_scores(
    probabilities: Sequence[float], steps: Sequence[Step], width: float = 0.0
) -> list[float]:
    """Return the scores of reading some elements as one digit, for each of several digits.

    Args:
        probabilities: Probability of each digit.
        steps: The elements.
        width: Width of all of them together, in heights of the line.
    """
    weight = _PER_ARC + _PER_DIGIT * sum(step.weight for step in steps)
    cost = _SMALL * max(0.0, 1 - sum(step.size for step in steps) / _USUAL_SIZE)
    if steps[0].cut > 0:
        cost += _ANY_CUT + _CUT * steps[0].cut
    if any(step.is_part for step in steps):
        cost += _WIDE * max(0.0, width - _USUAL_WIDTH)
    return [weight * math.log(max(each, _EPSILON)) - cost for each in probabilities]


def leave_out_score(not_a_digit: float, step: Step) -> float:
    """Return the score of leaving an element out.

    Args:
        not_a_digit: Probability that it is not a digit.
        step: The element. Small ones may be specks.
    """
    speck = max(0.0, 1 - step.size / _SPECK)
    factor = _LEFT_OUT * (_AMONG_DIGITS if step.among_digits else 1.0)
    score = math.log(max(_EPSILON, not_a_digit * factor, speck * 0.5))
    return score + math.log(_PART_LEFT_OUT) - _CUT * step.cut if step.is_part else score


# Plain numbers: a line has thousands of arcs, and NumPy takes much longer for a single number.
def _forward(
    arcs: list[tuple[int, int, float, int, int]], count: int
) -> tuple[list[float], list[float], list[int]]:
    """Return alpha, the score of the best path to each node, and the last arc of this path."""
    alpha, best = [-math.inf] * (count + 1), [-math.inf] * (count + 1)
    alpha[0] = best[0] = 0.0
    back = [-1] * (count + 1)
    for number in sorted(range(len(arcs)), key=lambda n: arcs[n][1]):
        start, stop, score, *_ = arcs[number]
        alpha[stop] = _log_of_sum(alpha[stop], alpha[start] + score)
        if best[start] + score > best[stop]:
            best[stop], back[stop] = best[start] + score, number
    return alpha, best, back


def _backward(arcs: list[tuple[int, int, float, int, int]], count: int) -> list[float]:
    """Return beta of each node."""
    beta = [-math.inf] * (count + 1)
    beta[count] = 0.0
    for start, stop, score, *_ in sorted(arcs, key=lambda arc: -arc[0]):
        beta[start] = _log_of_sum(beta[start], score + beta[stop])
    return beta


def _log_of_sum(first: float, second: float) -> float:
    """Return log(exp(first) + exp(second)), also for numbers whose exponentials overflow."""
    high, low = (first, second) if first >= second else (second, first)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


def _may_be_digit(steps: list[Step]) -> bool:
    """Return whether elements are larger than a speck, and none is a part of a cut piece."""
    large = sum(step.size for step in steps) >= _SPECK
    return large and not any(step.is_part for step in steps)


def _probability(
    arcs: list[tuple[int, int, float, int, int]],
    chosen: tuple[int, int, float, int, int],
    alpha: list[float],
    beta: list[float],
    steps: list[Step],
) -> float:
    """Return the probability of the digit of an arc.

    Exactly one arc of each path covers an element. So the probability of a digit at an element is
    the sum over all arcs of this digit that cover the element. The highest one over the elements of
    the arc counts, since a digit with and without a loose end of its stroke is the same answer. But
    another element of the arc may belong to a digit of its own. So the probability is at most that
    of no such digit at any one element. Specks and parts of cut pieces do not count as such digits:
    many of them look like a 1.
    """
    first, last = chosen[:2]
    near = [
        (start, stop, digit, math.exp(min(0.0, alpha[start] + score + beta[stop] - alpha[-1])))
        for start, stop, score, _, digit in arcs
        if digit >= 0 and start < last and first < stop
    ]
    same, other = [0.0] * (last - first), [0.0] * (last - first)
    for start, stop, digit, probability in near:
        if digit == chosen[4]:
            for element in range(max(start, first), min(stop, last)):
                same[element - first] += probability
    most = max(same)
    main = first + same.index(most)
    for start, stop, _, probability in near:
        if not start <= main < stop and _may_be_digit(steps[start:stop]):
            for element in range(max(start, first), min(stop, last)):
                other[element - first] += probability
    return min(1.0, most, 1 - max(other))
