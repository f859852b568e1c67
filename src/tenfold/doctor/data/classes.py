"""Classes: which digits there are, and how many of each."""

import numpy as np

from tenfold.data import CLASSES
from tenfold.data.examination import IMBALANCE
from tenfold.doctor.finding import Finding
from tenfold.evaluation import wilson_interval
from tenfold.nn.array import Array

__all__ = ["class_counts"]

_Z = 2.81  # intervals of 99.5 %: ten digits are compared
_SOME = 20  # images; that so few are of one digit by chance, one need not believe
_ENOUGH = 80  # images in all; of fewer, a digit may well be missing by chance


def class_counts(labels: Array, where: str = "images") -> Finding | None:
    """Return a finding if a digit is missing among labels (N,), or far rarer than another.

    Far rarer is three times, and more than chance explains among so few images.
    """
    counts = np.bincount(labels, minlength=CLASSES)
    present = np.flatnonzero(counts)
    if len(present) == 1 and len(labels) >= _SOME:
        return _one_label(int(present[0]), len(labels), where)
    if len(labels) < _ENOUGH:
        return None
    if len(present) < CLASSES:
        return _missing(counts, where)
    most, least = int(counts.argmax()), int(counts.argmin())
    if counts[most] < IMBALANCE * counts[least] or _by_chance(counts[most], counts[least], counts):
        return None
    return Finding(
        "imbalance",
        "warning",
        f"some digits are far rarer than others among the {where}",
        f"digit {most} has {counts[most]:,} images, digit {least} only {counts[least]:,}",
        "digits were collected as they came (house numbers, dates); rare ones are read worse, and "
        "the accuracy over all hides it",
        f"order = np.argsort(labels, kind='stable'); rank = np.empty(len(labels), int); "
        f"rank[order] = np.concatenate([np.arange(n) for n in np.bincount(labels)]); "
        f"keep = rank < {IMBALANCE - 1} * {counts[least]}; "
        "images, labels = images[keep], labels[keep]",
    )


def _by_chance(most: int, least: int, counts: Array) -> bool:
    """Return whether the intervals of two shares of all images meet."""
    n = int(counts.sum())
    return wilson_interval(int(most), n, _Z)[0] <= wilson_interval(int(least), n, _Z)[1]


def _one_label(digit: int, count: int, where: str) -> Finding:
    return Finding(
        "one-label",
        "serious",
        f"all labels of the {where} are {digit}",
        f"{count:,} of {count:,} labels",
        "the labels were read from the wrong column or file, or one folder's alone",
        "data = load_dataset(PATH); images, labels = data.images, data.labels  "
        "# PATH: what holds the labels, too",
    )


def _missing(counts: Array, where: str) -> Finding:
    missing = [str(digit) for digit in np.flatnonzero(counts == 0)]
    plural = len(missing) > 1
    return Finding(
        "class-missing",
        "serious",
        f"the {where} have no digit {' and no '.join(missing)}",
        f"0 of {counts.sum():,} labels; each of the other digits has {counts[counts > 0].min():,} "
        f"to {counts.max():,}",
        f"the file was cut off, or {'folders were' if plural else 'a folder was'} left out; a "
        "network never answers with a digit that it never saw",
        "from tenfold.data import load_mnist; more = load_mnist(); "
        f"add = np.isin(more.labels, [{', '.join(missing)}]); "
        f"add &= np.cumsum(add) <= {round(counts[counts > 0].mean()) * len(missing)}; "
        "images = np.concatenate([images, more.images[add]]); "
        "labels = np.concatenate([labels, more.labels[add]])",
    )
