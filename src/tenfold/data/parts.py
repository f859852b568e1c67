"""The split that the name of a file or folder states: train, test or validation."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from tenfold.data.dataset import Part

__all__ = [
    "AnyPart",
    "any_part_of",
    "is_validation",
    "part_of",
    "part_of_file",
    "split_words",
    "without_suffixes",
    "without_validation",
]

AnyPart: TypeAlias = Literal["train", "test", "validation"]
"""The split that a name states; only ``load_validation`` loads "validation"."""

_TRAIN = re.compile(r"(?<![a-z])(x|y)?(train|training|trn)(?![a-z])|^train(ing)?(set|data|images)")
_TEST = re.compile(r"(?<![a-z])(x|y)?(test|testing|tst|t10k)(?![a-z])|^test(ing)?(set|data|images)")
_VALIDATION = re.compile(
    r"(?<![a-z])(x|y)?(val|valid|validation)(?![a-z])|^(val|valid|validation)(set|data|images)"
)
_SUFFIXES = re.compile(r"(\.(csv|tsv|txt|data|dat|zip|gz|npy|npz))+$", re.IGNORECASE)


def part_of(name: str) -> Part | None:
    """Return the split in a name such as ``mnist_train.csv``, or None if it states none.

    Args:
        name: Name of a file or folder.
    """
    text = name.lower()
    train, test = _TRAIN.search(text), _TEST.search(text)
    if bool(train) == bool(test):
        return None
    return "train" if train else "test"


def split_words(name: str) -> str:
    """Return a name in lower case, with ``_`` between its words: csv_train for csvTrain."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def part_of_file(stem: str) -> Part | None:
    """Return the split in the name of a file, also in one such as ``csvTrainImages``.

    Args:
        stem: Name of the file without its extensions.
    """
    return part_of(stem) or part_of(split_words(stem))


def without_suffixes(name: str) -> str:
    """Return a name without the extensions of data files and their compression."""
    return _SUFFIXES.sub("", name)


def is_validation(name: str) -> bool:
    """Return whether a name such as ``val`` or ``mnist_valid.csv`` states a validation split.

    Args:
        name: Name of a file or folder.
    """
    texts = (name.lower(), split_words(name))
    return any(map(_VALIDATION.search, texts)) and not any(
        pattern.search(text) for text in texts for pattern in (_TRAIN, _TEST)
    )


def any_part_of(name: str) -> AnyPart | None:
    """Return the split in the name of a file without extension, or None if it states none.

    Args:
        name: Name, such as ``csvTrainImages`` or ``val``.
    """
    return part_of_file(name) or ("validation" if is_validation(name) else None)


def without_validation(entries: Sequence[Path]) -> list[Path]:
    """Return the entries that are not of a validation split; if all entries are, return all.

    Args:
        entries: Files or folders of one folder.
    """
    return [entry for entry in entries if not is_validation(entry.name)] or list(entries)
