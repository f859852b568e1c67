"""Doubtful digits: marks that were read as digits, but are probably words or borders.

They are left out. The confidence (``tenfold.reading.confidence``) of a digit also depends on the
other digits of the picture, so the confidences of the remaining digits are computed again.
"""

from dataclasses import replace

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.confidence import Calibration, digit_features
from tenfold.reading.found import Result
from tenfold.reading.rings import is_ring

__all__ = ["UNREAD", "without_doubtful"]

UNREAD = 0.5
"""Size, per height of the line, of ink that may be a digit that was not read."""

_MIN_CONFIDENCE = 0.1  # a line without a digit of this confidence is not a line of digits
_ONLY_MARK = 0.02  # the same, if nothing else in the picture was read: it is the best answer
_PROBABLE = 0.5  # least confidence of the only digit among marks
_MARK = 0.35  # highest confidence of a mark
_PART = 0.25  # highest confidence of a mark that is a part of a piece that was cut
_RING = 0.5  # highest confidence of a 0 that may be a circle or another outline
_AS_LARGE = 1.1  # largest size of a mark, per size of the digit


def without_doubtful(result: Result, calibration: Calibration) -> tuple[Result, Array]:
    """Return the reading without doubtful digits, and the confidences (N,) of its digits.

    Args:
        result: The reading.
        calibration: The fitted confidence.
    """
    confidences = calibration.confidence(digit_features(result))
    lines = np.array([found.line for found in result.digits], np.int64)
    least = _ONLY_MARK if len(lines) == 1 else _MIN_CONFIDENCE
    kept = np.isin(lines, lines[confidences >= least])
    if not kept.all():
        result = _kept(result, kept)
        confidences = calibration.confidence(digit_features(result))
    only = _only_digit(result, confidences)
    if only is not None:
        result = _kept(result, only)
        result = replace(result, missing=(max(UNREAD, *result.missing),))
        confidences = calibration.confidence(digit_features(result))
    return result, np.where(_rings(result), np.minimum(confidences, _RING), confidences)


def _only_digit(result: Result, confidences: Array) -> Array | None:
    """Return which digit is the only one among marks: (N,) bool, or None if there is none."""
    probable = confidences >= _PROBABLE
    if len(confidences) < 2 or probable.sum() != 1 or (confidences[~probable] > _MARK).any():
        return None
    sizes = _sizes(result)
    large = (sizes[~probable] > _AS_LARGE * sizes[probable]).any()
    parts = np.array([found.candidate.is_part for found in result.digits])
    doubtful_cut = (parts & ~probable & (confidences > _PART)).any()
    return None if large or doubtful_cut else probable


def _rings(result: Result) -> Array:
    """Return which 0s may be circles or other outlines: (N,) bool.

    In a line with other digits than 0 and 1, a 0 that looks like a ring is a 0.
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


def _kept(result: Result, kept: Array) -> Result:
    """Return the reading with only the digits in ``kept``; the others count as ink left out."""
    chosen = [result.digits[i] for i in map(int, np.flatnonzero(kept))]
    lines = sorted({found.line for found in chosen})
    sizes = _sizes(result)
    return replace(
        result,
        digits=[replace(found, line=lines.index(found.line)) for found in chosen],
        missing=tuple(result.missing[line] for line in lines),
        left_out=1 - (1 - result.left_out) * float(sizes[kept].sum() / sizes.sum()),
        clear=False,
    )


def _sizes(result: Result) -> Array:
    """Return the size of each digit, (N,), in pixels."""
    boxes = np.array([found.candidate.box for found in result.digits]).reshape(-1, 4)
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).max(axis=1))
