"""Hopeless searches: pictures without digits, whose search should end early.

Most pictures without digits have ink that looks like a digit under some hypothesis. To try all
hypotheses at all sizes would take seconds, and no digit would be accepted. So the first hypotheses
of dark and of light ink are read, and the search ends if none of their digits is promising. A
digit is promising if its confidence (``tenfold.reading.confidence``) is at least 0.2. A digit other
than 1 is also promising if its probability, and its mean probability over the views, are at least
0.9. The confidence alone is not enough: it is low for a digit beside ink that is not read, such as
the grain of a table.

The first hypotheses may be wrong about a single digit: the window for the background may be smaller
than its strokes, its strokes may be grainy, or a shadow may join it to the border. Under another
hypothesis, the ink of such a picture has very few pieces. So of the other hypotheses, the *simple*
ones (with at most four pieces) are still read, which takes little time, but only with the more
probable kind of ink, dark or light. Such a reading is the answer only if its digits are certain and
promising, and nothing else is in their lines.
"""

from collections.abc import Sequence

from tenfold.reading.confidence import confidences
from tenfold.reading.digit_pieces import digit_sized, span_the_picture
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.result import Result
from tenfold.reading.steadiness import with_steadiness

__all__ = ["is_hopeless", "is_simple"]

_MIN_CONFIDENCE = 0.2  # least confidence of a promising digit
_PROMISING = 0.9  # a digit other than 1 is promising from this probability, also in the views
_FEW_PIECES = 4  # largest number of pieces of ink of a simple hypothesis
_MAX_DIGITS = 40  # with more digits, the search goes on: to judge them would take longer


def is_hopeless(results: Sequence[Result], recognise: Recogniser) -> bool:
    """Return whether no digit of several readings of a picture is promising.

    Args:
        results: The readings of the first hypotheses.
        recognise: Function that recognises images.
    """
    return not any(_is_promising(result, recognise) for result in results)


def is_simple(hypothesis: Hypothesis) -> bool:
    """Return whether a hypothesis has so few pieces of ink that it is read in little time."""
    return len(digit_sized(hypothesis.ink)) <= _FEW_PIECES


def _is_promising(result: Result, recognise: Recogniser) -> bool:
    """Return whether a reading has a promising digit, or may have one on a ruled line."""
    if len(result.digits) > _MAX_DIGITS or span_the_picture(result.ink).any():
        return True
    result = with_steadiness(result, recognise)
    promising = any(
        min(found.arc.probability, found.steadiness) >= _PROMISING and found.arc.digit != 1
        for found in result.digits
    )
    return promising or bool(confidences(result).max(initial=0.0) >= _MIN_CONFIDENCE)
