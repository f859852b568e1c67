"""The fallback for doubtful readings: the picture as a single digit."""

from dataclasses import replace

import numpy as np

from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.confidence import confidences
from tenfold.reading.digit_pieces import digit_sized
from tenfold.reading.doubtful import MIN_CONFIDENCE
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.picture import WorkingPicture
from tenfold.reading.reader import read_as_one
from tenfold.reading.result import Result
from tenfold.reading.steadiness import with_steadiness
from tenfold.reading.working import REDUCED_PIXELS

__all__ = ["or_one_digit"]

_MAX_PIECES = 10  # a picture with more pieces of ink is not read as a single digit
_FEW_PIECES = 4  # replaces _MAX_PIECES if no digit is probable at all: more may be a word
_PROBABLE = 0.5  # least confidence of a probable digit
_ASSUMED = 1.0  # size, in heights of the line, that is assumed for the ink beside a single digit


def or_one_digit(
    picture: WorkingPicture, result: Result | None, recognise: Recogniser
) -> tuple[WorkingPicture, Result | None]:
    """Return the given reading or, if it is doubtful, a single digit of higher confidence.

    A reading is doubtful if each of its digits is a 1 or has a confidence below 0.5. There are
    three usual causes: shadows around a digit are read as further digits, the digit is left out
    together with the shadows, or its pieces are read as several digits. So the picture is read
    again as a single digit. This digit is marked as unsure, because the two readings disagree.

    A 1 of high confidence is not doubtful if it is the only digit and explains all ink.

    Args:
        picture: The picture that was read.
        result: Its reading.
        recognise: Function that recognises images.
    """
    if result is None or (pieces := len(digit_sized(result.ink))) > _MAX_PIECES:
        return picture, result
    of_digits = confidences(result)
    alone = result.clear and len(result.digits) == 1
    counted = np.array([found.arc.digit != 1 or alone for found in result.digits], bool)
    highest = of_digits.max(initial=0.0)
    if of_digits[counted].max(initial=0.0) >= _PROBABLE or (
        highest < MIN_CONFIDENCE and pieces > _FEW_PIECES
    ):
        return picture, result
    small, hypotheses = picture, result.hypotheses
    if hypotheses is None:
        small = picture.reduced(REDUCED_PIXELS[0])
        hypotheses = Hypotheses(small.rgb, small.margin)
    one = read_as_one(hypotheses, recognise, whole=True)
    if one is None or len(digit_sized(one.ink)) > _MAX_PIECES:
        return picture, result
    one = with_steadiness(one, recognise)
    one = replace(one, missing=(_ASSUMED,), left_out=0.5, clear=False, reread=True)
    return (small, one) if confidences(one)[0] > highest else (picture, result)
