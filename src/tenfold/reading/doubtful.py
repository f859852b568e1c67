"""Doubtful digits: marks beside certain digits that are hardly digits, such as words and borders.

The confidence (``tenfold.reading.confidence``) of a digit also depends on the other digits of the
picture. So it is computed again after doubtful ones are left out.
"""

from dataclasses import replace

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.confidence import Calibration, digit_features
from tenfold.reading.reader import Result

__all__ = ["UNREAD", "without_doubtful"]

UNREAD = 0.5
"""Size, per height of the line, of ink that may be a digit that was not read."""

_LEAST = 0.1  # a line without a digit of this confidence is not a line of digits
_PROBABLE = 0.5  # confidence of the only digit of a picture, beside marks
_MARK = 0.35  # highest confidence of a mark
_PART = 0.25  # the same for a part of a piece that was cut
_AS_LARGE = 1.1  # largest size of a mark, per size of the digit


def without_doubtful(result: Result, calibration: Calibration) -> tuple[Result, Array]:
    """Return the reading without lines and marks that are hardly digits, and its confidences (N,).

    Args:
        result: The reading.
        calibration: The fitted confidence.
    """
    confidences = calibration.confidence(digit_features(result))
    lines = np.array([found.line for found in result.digits], np.int64)
    kept = np.isin(lines, lines[confidences >= _LEAST])
    if not kept.all():
        result = _kept(result, kept)
        confidences = calibration.confidence(digit_features(result))
    only = _only_digit(result, confidences)
    if only is not None:
        result = _kept(result, only)
        result = replace(result, missing=(max(UNREAD, *result.missing),))
        confidences = calibration.confidence(digit_features(result))
    return result, confidences


def _only_digit(result: Result, confidences: Array) -> Array | None:
    """Return which digit is the only probable one beside marks, (N,) bool; None if none is."""
    probable = confidences >= _PROBABLE
    if len(confidences) < 2 or probable.sum() != 1 or (confidences[~probable] > _MARK).any():
        return None
    sizes = _sizes(result)
    large = (sizes[~probable] > _AS_LARGE * sizes[probable]).any()
    parts = np.array([found.candidate.is_part for found in result.digits])
    doubtful_cut = (parts & ~probable & (confidences > _PART)).any()
    return None if large or doubtful_cut else probable


def _kept(result: Result, kept: Array) -> Result:
    """Return the reading with some of its digits only. The ink of the others is left out."""
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
