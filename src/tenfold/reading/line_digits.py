"""Digits of a line: what the best path through its lattice says, or a guess if it says nothing."""

from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.glyph import stroke_width
from tenfold.reading.lattice import Arc, Step, best_path

__all__ = ["CLEAR", "LineDigits", "guess_digit", "read_line", "without_rules"]

CLEAR = 0.97
"""Least confidence of a digit that is certain."""

_DIGITS_SHARE = 0.5  # of the ink of a line: below this it is not a line of digits
_ON_RULE = 0.7  # least share of the ink of a digit that is a piece of a rule
_RULE = 1.4  # shortest rule, per height of the digits beside it
_THIN = 0.6  # widest rule, per stroke width of these digits
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


def without_rules(lines: list[LineDigits], on_rules: Array) -> list[LineDigits]:
    """Return the digits without the 1s that are pieces of rules, beside digits that are not.

    A rule is longer than these digits and thinner than their strokes; else it may be a 1.

    Args:
        lines: The digits of each line.
        on_rules: (H, W) bool, which ink is of rules.
    """
    lengths = [[_rule_length(c, on_rules) for c, _ in line.digits] for line in lines]
    others = [
        candidate
        for line, each in zip(lines, lengths, strict=True)
        for (candidate, _), length in zip(line.digits, each, strict=True)
        if not length
    ]
    if not others:
        return lines
    least = _RULE * max(candidate.box[2] - candidate.box[0] for candidate in others)
    widest = _THIN * min(stroke_width(candidate.mask) for candidate in others)
    left_out = [
        [
            length >= least and stroke_width(candidate.mask) <= widest
            for (candidate, _), length in zip(line.digits, each, strict=True)
        ]
        for line, each in zip(lines, lengths, strict=True)
    ]
    return [_without(line, out) for line, out in zip(lines, left_out, strict=True)]


def _rule_length(candidate: Candidate, on_rules: Array) -> int:
    """Return the length of the rule that a digit is a piece of, in pixels; 0 if it is none."""
    top, left, bottom, right = candidate.box
    if on_rules[top:bottom, left:right][candidate.mask].mean() < _ON_RULE:
        return 0
    rows = np.flatnonzero(on_rules[:, left:right].any(axis=1))
    columns = np.flatnonzero(on_rules[top:bottom].any(axis=0))
    return int(max(np.ptp(rows), np.ptp(columns))) + 1


def _without(line: LineDigits, left_out: list[bool]) -> LineDigits:
    """Return a line without some of its digits, whose ink does not count then."""
    if not any(left_out):
        return line
    kept = [digit for digit, out in zip(line.digits, left_out, strict=True) if not out]
    share = 1 - len(kept) / len(line.digits)
    out_size = line.read * share
    return LineDigits(kept, line.size - out_size, line.read - out_size, line.sure)
