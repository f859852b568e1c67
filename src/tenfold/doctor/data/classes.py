"""Class counts: a single label for all images, missing digits, and rare digits."""

import numpy as np

from tenfold.data import CLASSES
from tenfold.data.examination import IMBALANCE
from tenfold.doctor.check import Check
from tenfold.doctor.data.case import DataCase
from tenfold.doctor.finding import Finding
from tenfold.evaluation import wilson_interval
from tenfold.nn.array import Array

__all__ = ["MissingDigits", "RareDigits", "SingleLabel"]

_Z = 2.81  # intervals of 99.5 %, since ten digits are compared
_SEVERAL = 20  # images; it is not plausible that so many show one digit by chance
_ENOUGH = 80  # images; among fewer, a digit may be missing by chance


class SingleLabel(Check[DataCase]):
    """Check for labels that are all the same; later checks then ignore them."""

    name = "one-label"
    looks_for = "a single label for all images"

    def run(self, case: DataCase) -> Finding | None:
        """Return a finding if at least 20 labels are all the same."""
        counts = _counts(case)
        if counts is None or np.count_nonzero(counts) != 1 or counts.sum() < _SEVERAL:
            return None
        case.labels = None
        return Finding(
            self.name,
            "serious",
            f"all labels of the {case.where} are {counts.argmax()}",
            f"{counts.sum():,} of {counts.sum():,} labels",
            "the labels were read from the wrong column or file, or from a single folder",
            "data = load_dataset(PATH); images, labels = data.images, data.labels  "
            "# PATH: the data with its correct labels",
        )


class MissingDigits(Check[DataCase]):
    """Check for digits without images."""

    name = "class-missing"
    looks_for = "missing digits"
    hidden_by = frozenset({"one-label"})

    def run(self, case: DataCase) -> Finding | None:
        """Return a finding if a digit is missing among at least 80 labels."""
        counts = _counts(case)
        if counts is None or counts.sum() < _ENOUGH or counts.all():
            return None
        missing = [str(digit) for digit in np.flatnonzero(counts == 0)]
        present = counts[counts > 0]
        omitted = "folders were" if len(missing) > 1 else "a folder was"
        return Finding(
            self.name,
            "serious",
            f"the {case.where} have no digit {' and no '.join(missing)}",
            f"0 of {counts.sum():,} labels; each of the other digits has {present.min():,} to "
            f"{present.max():,} images",
            f"the file was truncated, or {omitted} left out; a network never predicts a digit that "
            "was not in its training images",
            _add_bundled(", ".join(missing), round(present.mean()) * len(missing)),
        )


class RareDigits(Check[DataCase]):
    """Check for digits that are far rarer than others."""

    name = "imbalance"
    looks_for = "rare digits"
    hidden_by = frozenset({"one-label", "class-missing"})

    def run(self, case: DataCase) -> Finding | None:
        """Return a finding if one digit is 3 times as frequent as another, and not by chance."""
        counts = _counts(case)
        if counts is None or counts.sum() < _ENOUGH:
            return None
        most, least = int(counts.argmax()), int(counts.argmin())
        if counts[most] < IMBALANCE * counts[least] or _by_chance(counts):
            return None
        return Finding(
            self.name,
            "warning",
            f"some digits are far rarer than others among the {case.where}",
            f"digit {most} has {counts[most]:,} images, digit {least} only {counts[least]:,}",
            "digits collected as they occur, such as in house numbers or dates; rare digits are "
            "recognised less well, which the overall accuracy hides",
            f"order = np.argsort(labels, kind='stable'); rank = np.empty(len(labels), int); "
            f"rank[order] = np.concatenate([np.arange(n) for n in np.bincount(labels)]); "
            f"keep = rank < {IMBALANCE - 1} * {counts[least]}; "
            "images, labels = images[keep], labels[keep]",
        )


def _counts(case: DataCase) -> Array | None:
    """Return how many images each digit has, (10,), or None without labels."""
    labels = case.given.labels
    return None if labels is None else np.bincount(labels, minlength=CLASSES)


def _by_chance(counts: Array) -> bool:
    """Return whether the intervals of the largest and the smallest share overlap."""
    n, most, least = int(counts.sum()), int(counts.max()), int(counts.min())
    return wilson_interval(most, n, _Z)[0] <= wilson_interval(least, n, _Z)[1]


def _add_bundled(missing: str, count: int) -> str:
    """Return lines of Python that add ``count`` of MNIST's images of the missing digits."""
    return (
        "from tenfold.data import load_mnist; more = load_mnist(); "
        f"add = np.isin(more.labels, [{missing}]); add &= np.cumsum(add) <= {count}; "
        "images = np.concatenate([images, more.images[add]]); "
        "labels = np.concatenate([labels, more.labels[add]])"
    )
