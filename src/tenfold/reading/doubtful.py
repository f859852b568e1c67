"""Doubtful digits: marks that were read as digits, but are probably words or borders.

They are left out, in this order:

- text lines without a digit that is at all probable
- printed words (``marks``); digits at their height become unsure
- marks beside the only probable digit, which becomes unsure
- 1s that are much taller than the other digits of their line, such as the side of a box or a pen;
  the other digits of the line become unsure.

The confidence (``tenfold.reading.confidence``) of a digit also depends on the other digits of the
picture. So after each of these steps, the confidences of the remaining digits are computed again.
"""

from dataclasses import replace

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.bars import is_border_bar
from tenfold.reading.coils import are_loops
from tenfold.reading.confidence import Calibration, digit_features
from tenfold.reading.dots import have_dots
from tenfold.reading.hidden import beside_hidden
from tenfold.reading.marks import are_at_the_height, beside_cut_off, beside_rests, is_printed
from tenfold.reading.result import Result
from tenfold.reading.rings import is_ring
from tenfold.reading.slashes import are_slashes

__all__ = ["MIN_CONFIDENCE", "UNREAD", "look_like_others", "what_else", "without_doubtful"]

MIN_CONFIDENCE = 0.1
"""A line without a digit of at least this confidence is not a line of digits."""

UNREAD = 0.5
"""Ink of at least this size, in heights of the line, may be a digit that was not read."""

_ONLY_MARK = 0.01  # replaces MIN_CONFIDENCE if there is only one digit: it is the best answer
_PROBABLE = 0.5  # least confidence of a probable digit
_MARK = 0.35  # highest confidence of a mark
_PART = 0.25  # highest confidence of a mark that is a part of a piece that was cut
_OTHER = 0.5  # highest confidence of a digit that looks like something else
_AS_LARGE = 1.1  # largest size of a mark, in sizes of the only probable digit
_BAR = 0.2  # highest confidence of a 1 that is a bar, such as the side of a box
_TALL = 1.25  # smallest size of a bar, in typical sizes of the probable digits of its line
_FAR_TALLER = 1.6  # the same for a 1 of any confidence; the other digits are no 1s


def without_doubtful(result: Result, calibration: Calibration) -> tuple[Result, Array]:
    """Return the reading without doubtful digits, and the confidences (N,) of its digits.

    Args:
        result: The reading.
        calibration: The fitted confidence.
    """

    def without(marks: Array) -> tuple[Result, Array]:
        kept = _kept(result, ~marks) if marks.any() else result
        return kept, calibration.confidence(digit_features(kept))

    result = _with_unread(
        result, beside_rests(result) | beside_cut_off(result) | beside_hidden(result)
    )
    confidences = calibration.confidence(digit_features(result))
    result, confidences = without(_hardly_digits(result, confidences))
    words = is_printed(result, confidences)
    result = _with_unread(result, _beside(result, words))
    result, confidences = without(words)
    only = _only_digit(result, confidences)
    if only is not None:
        result = _with_unread(result, only)
        result, confidences = without(~only)
    bars = _tall_bars(result, confidences)
    if bars.any():
        result = _kept(_with_unread(result, bars), ~bars)
        confidences = calibration.confidence(digit_features(result))
    return result, np.where(look_like_others(result), np.minimum(confidences, _OTHER), confidences)


def look_like_others(result: Result) -> Array:
    """Return which digits look like something else, so that they are always unsure: (N,) bool.

    These are all digits that are found by ``what_else``.
    """
    return np.logical_or.reduce(list(what_else(result).values()))


def what_else(result: Result) -> dict[str, Array]:
    """Return which digits, (N,) bool, may be something else, for each kind of such things.

    These are 0s that may be circles, loops that may be a coil, 1s that may be slashes or bars at
    the border, and digits that may be a mark with a dot, such as `!` and `?`. The keys are remarks.
    """
    return {
        "may be a circle": _rings(result),
        "may be a loop of a coil": are_loops(result),
        "may be the slash of a date": are_slashes(result),
        "may be a line along the border": _border_bars(result),
        "may be a mark with a dot": have_dots(result),
    }


def _hardly_digits(result: Result, confidences: Array) -> Array:
    """Return which digits belong to a line in which no digit is at all probable: (N,) bool."""
    lines = np.array([found.line for found in result.digits], np.int64)
    least = _ONLY_MARK if len(lines) == 1 else MIN_CONFIDENCE
    return np.asarray(~np.isin(lines, lines[confidences >= least]))


def _only_digit(result: Result, confidences: Array) -> Array | None:
    """Return which digit is the only probable one, all others being marks: (N,) bool, or None."""
    probable = confidences >= _PROBABLE
    if len(confidences) < 2 or probable.sum() != 1 or (confidences[~probable] > _MARK).any():
        return None
    sizes = result.sizes
    large = (sizes[~probable] > _AS_LARGE * sizes[probable]).any()
    parts = np.array([found.candidate.is_part for found in result.digits])
    digit_like_part = (parts & ~probable & (confidences > _PART)).any()
    return None if large or digit_like_part else probable


def _rings(result: Result) -> Array:
    """Return which 0s may be circles or other outlines: (N,) bool.

    If the line also has digits from 2 to 9, it is a number, so its rings are 0s.
    """
    numbers = {found.line for found in result.digits if found.arc.digit > 1}
    return np.array(
        [
            found.arc.digit == 0
            and found.line not in numbers
            and is_ring(result.ink, found.candidate)
            for found in result.digits
        ],
        bool,
    )


def _border_bars(result: Result) -> Array:
    """Return which 1s may be bars at the border: (N,) bool. The border of turned ink is unknown."""
    return np.array(
        [
            found.arc.digit == 1 and not result.angle and is_border_bar(result.ink, found.candidate)
            for found in result.digits
        ],
        bool,
    )


def _tall_bars(result: Result, confidences: Array) -> Array:
    """Return which digits are 1s that are much taller than the probable digits of their line: (N,).

    An improbable 1 is the side of a box if it is taller than at least two probable digits. A 1 of
    any confidence is no digit if it is far taller: it is a thing beside the digits, such as a pen
    on the paper.
    """
    lines = np.array([found.line for found in result.digits], np.int64)
    ones = np.array([found.arc.digit == 1 for found in result.digits], bool)
    sizes, probable = result.sizes, confidences >= _PROBABLE
    bars = np.zeros(len(lines), bool)
    for line in np.unique(lines[ones]):
        here = lines == line
        usual = sizes[here & probable]
        if len(usual) >= 2:
            bars |= ones & here & (confidences < _BAR) & (sizes >= _TALL * np.median(usual))
        others = sizes[here & probable & ~ones]
        if len(others):
            bars |= ones & here & (sizes >= _FAR_TALLER * np.median(others))
    return bars


def _beside(result: Result, marks: Array) -> Array:
    """Return which digits are at the same height as one of the digits in ``marks``: (N,) bool."""
    boxes = result.boxes
    return np.asarray(are_at_the_height(boxes, boxes[marks]).any(axis=1))


def _with_unread(result: Result, marks: Array) -> Result:
    """Return a reading in which the lines of the digits in ``marks``, (N,) bool, have unread ink.

    The size of the missing ink of these lines becomes at least ``UNREAD``.
    """
    lines = {result.digits[i].line for i in map(int, np.flatnonzero(marks))}
    missing = [
        max(UNREAD, size) if line in lines else size for line, size in enumerate(result.missing)
    ]
    return replace(result, missing=tuple(missing))


def _kept(result: Result, kept: Array) -> Result:
    """Return the reading with only the digits in ``kept``; the others count as ink left out."""
    chosen = [result.digits[i] for i in map(int, np.flatnonzero(kept))]
    lines = sorted({found.line for found in chosen})
    sizes = result.sizes
    return replace(
        result,
        digits=[replace(found, line=lines.index(found.line)) for found in chosen],
        missing=tuple(result.missing[line] for line in lines),
        left_out=1 - (1 - result.left_out) * float(sizes[kept].sum() / sizes.sum()),
        clear=False,
    )
