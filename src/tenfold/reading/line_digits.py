"""Digits of a line: those on the best path through its lattice, or a guess if there are none."""

from dataclasses import dataclass, replace

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.glyph import stroke_width
from tenfold.reading.lattice import Arc, Span, Step, best_path

__all__ = ["CERTAIN", "LineDigits", "guess_digit", "read_line", "without_ruled_lines"]

CERTAIN = 0.97
"""Least probability of a digit that is called certain."""

_DIGITS_SHARE = 0.5  # a line is read only if its digits have at least this share of its ink
_FEWEST_DIGITS = 2  # fewest certain digits in a line of digits
_SHARE_OF_DIGITS = 0.5  # least share of certain digits among the other elements of such a line
_LARGE = 0.6  # least size of a mark that may be a digit, in heights of the line
_ON_RULED_LINE = 0.7  # a piece of a ruled line has at least this share of its ink on the ruled line
_MIN_RULED_LENGTH = 1.4  # length of the shortest ruled line, in heights of the other digits
_MAX_RULED_WIDTH = 0.6  # width of the widest ruled line, in stroke widths of the other digits
_MAX_WEIGHT = 4.5  # a line with a larger sum of ``Step.weight`` is too long to be a single digit


@dataclass(frozen=True)
class LineDigits:
    """The digits of a line.

    Attributes:
        digits: Candidate and arc of each digit; empty if most of the ink is not read as digits.
        ink_size: Sum of the sizes of all elements of the line, in heights of the line.
        digits_size: The same sum over the elements of the digits.
        certain: Whether all digits are certain.
    """

    digits: list[tuple[Candidate, Arc]]
    ink_size: float
    digits_size: float
    certain: bool


def read_line(candidates: list[Candidate], steps: list[Step], probabilities: Array) -> LineDigits:
    """Return the digits on the best path through a line.

    Args:
        candidates: The C candidates of the line.
        steps: One ``Step`` for each element of the line.
        probabilities: (C, 11) of the ten digits and of "not a digit".
    """
    steps = _with_among_digits(candidates, steps, probabilities)
    spans = [Span(c.start, c.stop, c.width) for c in candidates]
    arcs, _ = best_path(spans, probabilities, steps)
    digits = [(candidates[arc.candidate], arc) for arc in arcs]
    sizes = [step.size for step in steps]
    read = sum(sum(sizes[c.start : c.stop]) for c, _ in digits)
    if not digits or read < _DIGITS_SHARE * sum(sizes):
        return LineDigits([], sum(sizes), 0.0, certain=False)
    certain = all(arc.probability >= CERTAIN for arc in arcs)
    return LineDigits(digits, sum(sizes), read, certain)


def _with_among_digits(
    candidates: list[Candidate], steps: list[Step], probabilities: Array
) -> list[Step]:
    """Return the elements of a line, with ``among_digits`` set where it is true.

    In a line of digits, another mark of their size is most often a digit, too. A line counts as a
    line of digits under two conditions. At least two of its uncut pieces are certain digits. Apart
    from the mark, at least half of its elements are certain digits.
    """
    highest = {
        candidate.start: float(row[:10].max())
        for candidate, row in zip(candidates, probabilities, strict=True)
        if candidate.stop == candidate.start + 1 and not candidate.is_part
    }
    certain = {element for element, probability in highest.items() if probability >= CERTAIN}
    if len(certain) < max(_FEWEST_DIGITS, _SHARE_OF_DIGITS * (len(steps) - 1)):
        return steps
    return [
        replace(step, among_digits=True)
        if element in highest and element not in certain and step.size >= _LARGE
        else step
        for element, step in enumerate(steps)
    ]


def guess_digit(
    candidates: list[Candidate], steps: list[Step], probabilities: Array
) -> LineDigits | None:
    """Return the most probable digit of a line that was not read as digits.

    Each probability is multiplied by the share of the line's ink that the candidate contains.
    Return None if the line has no candidates, or is too long for a single digit, such as a line of
    five pieces. This function is for pictures in which nothing was read. There, the most probable
    digit is the best answer even if "not a digit" is more probable; its confidence is low.

    Args:
        candidates: As in ``read_line``.
        steps: As in ``read_line``.
        probabilities: As in ``read_line``.
    """
    if not candidates or sum(step.weight for step in steps) > _MAX_WEIGHT:
        return None
    sizes = [step.size for step in steps]
    share = np.array([sum(sizes[c.start : c.stop]) for c in candidates]) / sum(sizes)
    index, digit = divmod(int((probabilities[:, :10] * share[:, np.newaxis]).argmax()), 10)
    arc = Arc(index, digit, float(probabilities[index, digit]))
    return LineDigits(
        [(candidates[index], arc)], sum(sizes), float(share[index]) * sum(sizes), certain=False
    )


def without_ruled_lines(lines: list[LineDigits], on_ruled_lines: Array) -> list[LineDigits]:
    """Return the lines without the digits that are pieces of ruled lines.

    A digit is removed only if it is longer than the other digits and thinner than their strokes.
    Otherwise it may be a real 1. If all digits may be pieces of ruled lines, none is removed.

    Args:
        lines: The digits of each line.
        on_ruled_lines: (H, W) bool: whether each pixel belongs to a ruled line.
    """
    lengths = [[_ruled_line_length(c, on_ruled_lines) for c, _ in line.digits] for line in lines]
    others = [
        candidate
        for line, each in zip(lines, lengths, strict=True)
        for (candidate, _), length in zip(line.digits, each, strict=True)
        if not length
    ]
    if not others:
        return lines
    least = _MIN_RULED_LENGTH * max(candidate.box[2] - candidate.box[0] for candidate in others)
    widest = _MAX_RULED_WIDTH * min(stroke_width(candidate.mask) for candidate in others)
    left_out = [
        [
            length >= least and stroke_width(candidate.mask) <= widest
            for (candidate, _), length in zip(line.digits, each, strict=True)
        ]
        for line, each in zip(lines, lengths, strict=True)
    ]
    return [_without(line, out) for line, out in zip(lines, left_out, strict=True)]


def _ruled_line_length(candidate: Candidate, on_ruled_lines: Array) -> int:
    """Return the length of the ruled line that contains a digit, in pixels; 0 if none does.

    The ruled line runs in the direction of the longer side of the digit. Only ruled lines above and
    below an upright digit count, since others are not in line with it.
    """
    top, left, bottom, right = candidate.box
    if on_ruled_lines[top:bottom, left:right][candidate.mask].mean() < _ON_RULED_LINE:
        return 0
    upright = bottom - top >= right - left
    along = on_ruled_lines[:, left:right].T if upright else on_ruled_lines[top:bottom]
    return int(np.ptp(np.flatnonzero(along.any(axis=0)))) + 1


def _without(line: LineDigits, left_out: list[bool]) -> LineDigits:
    """Return a line without some of its digits, and without the ink of these digits."""
    if not any(left_out):
        return line
    kept = [digit for digit, out in zip(line.digits, left_out, strict=True) if not out]
    share = 1 - len(kept) / len(line.digits)
    out_size = line.digits_size * share
    return LineDigits(kept, line.ink_size - out_size, line.digits_size - out_size, line.certain)
