"""Doubts: why digits are unsure, in words. A digit is accepted if there is no doubt about it.

A doubt is about the digit itself, or about its text line. The words are remarks, such as "may also
be a 7" or "unread marks may be digits"; ``tenfold.reading.sentences`` turns them into sentences.
"""

import math

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.digit_pieces import has_too_many
from tenfold.reading.doubtful import UNREAD, what_else
from tenfold.reading.marks import beside_cut_off, beside_rests
from tenfold.reading.result import Found, Result
from tenfold.reading.things import are_things

__all__ = ["why_unsure"]

_LOW = "low confidence"  # said only if no other reason is known


def why_unsure(
    result: Result, confidences: Array, threshold: float, *, single: bool = False
) -> list[tuple[str, ...]]:
    """Return why each digit is unsure; nothing if it is accepted.

    Args:
        result: The reading.
        confidences: (N,), of its digits.
        threshold: Least confidence of an accepted digit; infinite if no digit is accepted.
        single: Whether the picture is known to show exactly one digit. Then it is not something
            else that looks like a digit.
    """
    own = _of_digits(result, confidences, threshold, single=single)
    unlikely = np.array([bool(words) for words in own], bool)
    of_lines = _of_lines(result, single=single)
    of_cuts = _of_cuts(result, unlikely)
    reasons = []
    for words, found, cut in zip(own, result.digits, of_cuts, strict=True):
        others = (*of_lines[found.line], *cut)
        reasons.append(others if others and words == [_LOW] else (*words, *others))
    return reasons


def _of_digits(
    result: Result, confidences: Array, threshold: float, *, single: bool
) -> list[list[str]]:
    """Return the doubts about each digit itself."""
    words: list[list[str]] = [[] for _ in result.digits]
    if not single:
        for other, which in what_else(result).items():
            for index in map(int, np.flatnonzero(which)):
                words[index].append(other)
    named = np.array([bool(each) for each in words], bool)
    likely = np.asarray(confidences) >= threshold
    things = are_things(result, likely & ~named & (not single))
    for index in map(int, np.flatnonzero(things)):
        words[index].append("may be an object with a shadow")
    for index in map(int, np.flatnonzero(~likely & ~named)):
        found = result.digits[index]
        unknown = math.isinf(threshold)
        words[index].append("no threshold for this error rate" if unknown else _rival(found))
    return words


def _rival(found: Found) -> str:
    """Return what a digit of low confidence may also be."""
    if found.rival is None:
        return _LOW
    if found.rival > 9:
        return "may be no digit"
    return f"may also be {'an' if found.rival == 8 else 'a'} {found.rival}"


def _of_lines(result: Result, *, single: bool) -> list[list[str]]:
    """Return the doubts about all digits of each text line.

    No digit of a line is accepted if the line contains other ink that may be a digit, or if another
    reading, almost as good, has other digits in this line. No digit of a picture is accepted if the
    picture has too many pieces of ink, since digits of each line may be missing.
    """
    common = ["too many marks in the picture"] if has_too_many(result.ink) else []
    words = [list(common) for _ in result.missing]
    for line in {found.line for found in result.digits if found.disputed}:
        words[line].append("another reading shows other digits")
    unread = [line for line, size in enumerate(result.missing) if size >= UNREAD]
    if result.reread:
        for line in unread:
            words[line].append("found only when read as a single digit")
    elif unread:
        cut_off: set[int] = set() if single else _lines_beside_cut_ink(result)
        other = "faint marks were not read" if result.pale else "unread marks may be digits"
        for line in unread:
            words[line].append("ink beside it is cut off" if line in cut_off else other)
    return words


def _lines_beside_cut_ink(result: Result) -> set[int]:
    """Return the lines with ink beside a digit that the border of the picture cuts off."""
    cut_off = beside_rests(result) | beside_cut_off(result)
    return {found.line for found, cut in zip(result.digits, cut_off, strict=True) if cut}


def _of_cuts(result: Result, unlikely: Array) -> list[list[str]]:
    """Return the doubt of each digit about touching digits of its line that were cut apart.

    If one of them is not likely, the number of digits in the touching ink is unknown, so no digit
    of the line is accepted.
    """
    lines = {
        found.line
        for found, each in zip(result.digits, unlikely, strict=True)
        if each and found.candidate.is_part
    }
    words = {True: "cut out of touching marks", False: "touching marks in its line"}
    return [
        [words[found.candidate.is_part]] if found.line in lines else [] for found in result.digits
    ]
