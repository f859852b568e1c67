"""The part of a data set, training or test, that the name of a file or folder contains."""

import re

from tenfold.data.dataset import Part

__all__ = ["part_of", "part_of_file", "split_words", "without_suffixes"]

_TRAIN = re.compile(r"(?<![a-z])(x|y)?(train|training|trn)(?![a-z])|^train(ing)?(set|data|images)")
_TEST = re.compile(r"(?<![a-z])(x|y)?(test|testing|tst|t10k)(?![a-z])|^test(ing)?(set|data|images)")
_SUFFIXES = re.compile(r"(\.(csv|tsv|txt|data|dat|zip|gz|npy|npz))+$", re.IGNORECASE)


def part_of(name: str) -> Part | None:
    """Return the part in a name such as ``mnist_train.csv``, or None if there is no part in it.

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
    """Return the part in the name of a file, also in one such as ``csvTrainImages``.

    Args:
        stem: Name of the file without its extensions.
    """
    return part_of(stem) or part_of(split_words(stem))


def without_suffixes(name: str) -> str:
    """Return a name without the extensions of data files and their compression."""
    return _SUFFIXES.sub("", name)
