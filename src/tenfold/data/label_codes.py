"""Labels other than 0 to 9: how they probably encode the digits, and what to do about it."""

from collections.abc import Sequence

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["CLASSES", "check_digits", "encoding_advice", "whole_numbers"]

CLASSES = 10
"""Number of classes, one for each digit."""

_CODE_OF_0, _CODE_OF_9 = ord("0"), ord("9")
_LETTERS = 26
_EMNIST_CLASSES = 62  # classes of EMNIST's largest set: digits, capital and small letters
_MAX_DIGITS = 18  # digits of an integer in text, so that it fits into int64


def check_digits(labels: Array, name: str, classes: int = CLASSES) -> None:
    """Raise an error unless all labels are digits, or other classes below ``classes``.

    Args:
        labels: (N,) int64.
        name: Name of the data in the message.
        classes: Number of classes, more than 10 if there are others besides the digits.

    Raises:
        TenfoldError: If a label is not from 0 to ``classes`` - 1; the message gives the first one,
            and says what to do about all of them.
    """
    outside = np.flatnonzero((labels < 0) | (labels >= classes))
    if not outside.size:
        return
    first = int(outside[0])
    more = f" (and {outside.size - 1} more are out of range)" if outside.size > 1 else ""
    if classes != CLASSES:
        raise TenfoldError(
            f"{name}: labels must be from 0 to {classes - 1}, but number {first + 1} of "
            f"{len(labels)} is {labels[first]}{more}. Correct the labels, or set classes."
        )
    raise TenfoldError(
        f"{name}: labels must be digits from 0 to 9, but number {first + 1} of {len(labels)} is "
        f"{labels[first]}{more}. {encoding_advice(labels)}"
    )


def encoding_advice(labels: Array) -> str:
    """Return in one or two sentences what to do with labels that are not all from 0 to 9.

    A rule that changes labels, such as labels - 48, is advised only if the encoding is certain. A
    rule for another encoding would make the labels wrong, and no later check could notice that.

    Args:
        labels: (N,), whole numbers, at least one of them not a digit.
    """
    low, high = int(labels.min()), int(labels.max())
    if low >= _CODE_OF_0 and high <= _CODE_OF_9:
        return "They are the character codes of the digits: use labels - 48."
    if low >= 1 and high == CLASSES:
        return (
            "Either 10 means 0, or the labels count from 1. Look at an image with the label 1: if "
            "it shows a 1, use labels % 10; if it shows a 0, use labels - 1."
        )
    outside = np.count_nonzero((labels < 0) | (labels >= CLASSES))
    if low < 0 or high >= _EMNIST_CLASSES or outside == 1:
        return "Leave out the images whose label is not a digit, or correct their labels."
    if low >= 1 and high <= _LETTERS:
        return (
            "Labels from 1 to 26 are the letters A to Z in EMNIST's letters set, which contains no "
            "digits: use its digits set."
        )
    mixed = (
        "In EMNIST's other sets, 0 to 9 are digits and the rest are letters: keep the images with "
        "labels < 10."
    )
    if high < _LETTERS:
        mixed += " But if 0 to 25 are the letters A to Z, no image shows a digit."
    return mixed


def whole_numbers(words: Sequence[str]) -> Array | None:
    """Return strings such as "10" or "-1" as an array (N,) int64; None if one is not whole.

    Args:
        words: The strings.
    """
    texts = [word.strip() for word in words]
    if not all(text.isascii() and _is_whole(text.removeprefix("-")) for text in texts):
        return None
    return np.array([int(text) for text in texts], np.int64)


def _is_whole(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MAX_DIGITS
