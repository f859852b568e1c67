"""Digits in the names of folders and files, and in labels that are strings."""

import re

__all__ = ["digit_of_folder", "digit_of_word", "is_class_word", "number_of_folder", "tokens"]

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGITS = {word: digit for digit, word in enumerate(_WORDS)}
_NUMBER = re.compile(r"0*(\d)(\.0*)?")
_CLASS_WORDS = ("class", "digit", "num", "number", "label", "lbl", "cls")


def tokens(name: str) -> list[str]:
    """Return the words and the numbers in a name, in lower case."""
    return re.findall(r"[a-z]+|\d+", name.lower())


def digit_of_word(word: str) -> int | None:
    """Return the digit that a string such as "5", "5.0" or "five" names, or None."""
    text = word.strip().lower()
    match = _NUMBER.fullmatch(text) if text.isascii() else None
    return int(match[1]) if match else _DIGITS.get(text)


def digit_of_folder(name: str) -> int | None:
    """Return the digit in a folder name such as "3", "three", "digit_3" or "class3", or None."""
    parts = tokens(name)
    if not parts or not re.fullmatch(r"[A-Za-z0-9 _.()-]+", name):
        return None
    if len(parts) > 1 and parts[0] in _CLASS_WORDS:
        parts = parts[1:]
    digits = {digit_of_word(part) if len(part) < 3 or part.isalpha() else None for part in parts}
    return next(iter(digits)) if len(digits) == 1 else None


def number_of_folder(name: str) -> int | None:
    """Return the number in a folder name such as "10" or "class10", or None for other names."""
    parts = tokens(name)
    if len(parts) == 2 and parts[0] in _CLASS_WORDS:
        parts = parts[1:]
    return int(parts[0]) if len(parts) == 1 and parts[0].isdecimal() and name.isascii() else None


def is_class_word(word: str) -> bool:
    """Return whether a word announces a label, such as ``num`` in ``num7``."""
    return word in _CLASS_WORDS
