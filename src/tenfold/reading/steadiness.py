"""Steadiness: whether digits stay the same in several views of their images."""

from dataclasses import replace

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.result import Result
from tenfold.reading.views import views

__all__ = ["excludes", "is_steady", "steadier", "with_steadiness"]

_MAX_DIGITS = 40  # two readings with more digits in total are not compared in other views
_BY_CHANCE = 2  # largest number of digits that may be read by chance
_PROBABLE = 0.9  # least mean probability of a steady digit in other views
_RIVAL = 0.05  # least mean probability of a rival of a digit
_STEADY = 0.5  # a reading of one or two digits must keep this share of its score in other views


def with_steadiness(result: Result, recognise: Recogniser) -> Result:
    """Return the reading, with the steadiness of each digit, and its rival."""
    if not result.digits:
        return result
    images = views(np.stack([found.candidate.glyph.image for found in result.digits]))
    digits, copies = images.shape[:2]
    probabilities = recognise(images.reshape(digits * copies, *images.shape[2:]))
    means = probabilities.reshape(digits, copies, -1).mean(axis=1)
    measured = [
        replace(found, steadiness=float(mean[found.arc.digit]), rival=_rival(mean, found.arc.digit))
        for found, mean in zip(result.digits, means, strict=True)
    ]
    return replace(result, digits=measured)


def _rival(mean: Array, digit: int) -> int | None:
    """Return the most probable class other than a digit; None if it is improbable."""
    others = mean.copy()
    others[digit] = 0
    rival = int(others.argmax())
    return rival if others[rival] >= _RIVAL else None


def excludes(best: Result, light: bool, recognise: Recogniser) -> bool:
    """Return whether a reading rules out ink of the other kind, dark or light.

    One or two digits may be shadows or the paper between strokes, which look like digits by chance.
    In other views, such digits change.

    Args:
        best: The reading.
        light: Whether the ink of the next hypothesis is lighter than the background. If the reading
            has the same kind of ink, the result is False.
        recognise: Function that recognises images.
    """
    if not best.convincing or best.hypothesis.light == light:
        return False
    if len(best.digits) > _BY_CHANCE:
        return True
    return with_steadiness(best, recognise).steady_score >= _STEADY * best.score


def is_steady(result: Result, recognise: Recogniser) -> bool:
    """Return whether all digits of a reading stay probable in other views."""
    result = with_steadiness(result, recognise)
    return all(found.steadiness >= _PROBABLE for found in result.digits)


def steadier(best: Result, tried: list[Result], recognise: Recogniser) -> Result:
    """Return the better of two readings: ``best``, or the best one with the other kind of ink.

    With the wrong assumption, shadows or the paper between strokes are read as digits. In other
    views, such digits change. So digits that change count less.
    """
    others = [each for each in tried if each.hypothesis.light != best.hypothesis.light]
    if best.convincing or not others:
        return best
    other = max(others, key=lambda each: each.score)
    if not 0 < len(best.digits) + len(other.digits) <= _MAX_DIGITS:
        return best
    steady = [with_steadiness(each, recognise) for each in (best, other)]
    return max(steady, key=lambda each: each.steady_score)
