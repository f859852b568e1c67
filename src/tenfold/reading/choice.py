"""Choice: which of several convincing readings is the answer, if their digits differ.

The score of a reading (``Result.score``) grows with the size of all its digits. So if a hypothesis
breaks the strokes, and their parts look like digits, its reading may have the highest score. The
confidences of such digits are low. So readings of similar scores are compared by the expected
number of correct digits, less that of wrong ones:

    value = sum over the digits of c - (1 - c) = sum of 2 c - 1,

where c is the confidence of a digit (``tenfold.reading.confidence``). If another reading has almost
the same value, the digits of the lines in which the two differ are disputed.
"""

from dataclasses import replace

from tenfold.reading.confidence import confidences
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.result import Result
from tenfold.reading.steadiness import steadier, with_steadiness

__all__ = ["best_of_all", "value"]

_RIVAL = 0.7  # least score of a rival of the best reading, as a share of the highest score
_CLOSE = 0.2  # a value that is lower by at most so much is almost the same
# Readings with more digits are not compared: small differences of many confidences add up, so the
# sum says little about the few digits that differ.
_MOST_DIGITS = 20


def value(result: Result) -> float:
    """Return the expected number of correct digits of a reading, less that of wrong ones."""
    return float((2 * confidences(result) - 1).sum())


def best_of_all(best: Result, tried: list[Result], recognise: Recogniser) -> Result:
    """Return the answer of a search that did not end early.

    If the reading with the highest score is not convincing, it is compared with the best one of the
    other kind of ink, dark or light (``steadier``). Otherwise, it is compared with its rivals, and
    the reading with the highest value is the answer. A rival has other digits, is convincing, has
    the same kind of ink, and at least 0.7 times the score of the best reading.

    Args:
        best: The reading with the highest score.
        tried: All readings, among them the best one.
        recognise: Function that recognises images.
    """
    best = steadier(best, tried, recognise)
    if not best.convincing or len(best.digits) > _MOST_DIGITS:
        return best
    rivals = [best]
    for each in sorted(tried, key=lambda result: -result.score):
        if (
            each.convincing
            and each.hypothesis.light == best.hypothesis.light
            and each.score >= _RIVAL * best.score
            and len(each.digits) <= _MOST_DIGITS
            and _lines(each) not in map(_lines, rivals)
        ):
            rivals.append(each)
    if len(rivals) == 1:
        return best
    steady = [with_steadiness(each, recognise) for each in rivals]
    values = [value(each) for each in steady]
    highest = max(values)
    answer = steady[values.index(highest)]
    close = [each for each, its in zip(steady, values, strict=True) if its >= highest - _CLOSE]
    return _with_disputes(answer, close)


def _with_disputes(result: Result, others: list[Result]) -> Result:
    """Return a reading, with all digits disputed in whose line one of the others differs."""
    texts = [_lines(other) for other in others]
    disputed = {
        line
        for line, text in _lines(result).items()
        if any(other.get(line) != text for other in texts)
    }
    digits = [replace(found, disputed=found.line in disputed) for found in result.digits]
    return replace(result, digits=digits)


def _lines(result: Result) -> dict[int, list[int]]:
    """Return the digits of each line of a reading."""
    lines: dict[int, list[int]] = {}
    for found in result.digits:
        lines.setdefault(found.line, []).append(found.arc.digit)
    return lines
