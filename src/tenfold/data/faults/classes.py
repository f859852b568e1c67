"""Class counts: a single label for all images, missing digits, and rare digits."""

import numpy as np

from tenfold.data.faults.finding import Finding
from tenfold.nn.array import Array

__all__ = ["find_class_fault"]

_MIN_IMAGES = 20  # 20 images that all show the same digit are hardly ever a coincidence
_MIN_COMPLETE = 80  # among fewer images, a digit may be missing by chance
_MAX_RATIO = 3  # a digit is rare if another one has at least this many times its images
_Z = 4.0  # standard deviations; counts of equally frequent digits hardly ever differ by as much


def find_class_fault(counts: Array, images_name: str) -> Finding | None:
    """Return a finding if all labels are the same, or a digit is missing or rare.

    Args:
        counts: Number of images of each digit, (10,). For fewer than 20 images, the result is None.
        images_name: Name of the images in the message, such as "training images".
    """
    if counts.sum() < _MIN_IMAGES:
        return None
    if np.count_nonzero(counts) == 1:
        return _single_label(counts, images_name)
    if not counts.all():
        return _missing_digits(counts, images_name)
    if _has_rare_digit(counts):
        return _rare_digits(counts, images_name)
    return None


def _single_label(counts: Array, images_name: str) -> Finding:
    return Finding(
        "one-label",
        "serious",
        f"all labels of the {images_name} are {counts.argmax()}",
        f"{counts.sum():,} of {counts.sum():,} labels",
        "the labels were read from the wrong column or file, or from a single folder",
        "from tenfold.data import load_dataset; data = load_dataset(PATH); "
        "images, labels = data.images, data.labels  # PATH: the data with its correct labels",
    )


def _missing_digits(counts: Array, images_name: str) -> Finding:
    missing = [str(digit) for digit in np.flatnonzero(counts == 0)]
    present = counts[counts > 0]
    omitted = "folders were" if len(missing) > 1 else "a folder was"
    return Finding(
        "class-missing",
        "serious" if counts.sum() >= _MIN_COMPLETE else "warning",
        f"the {images_name} have no digit {' and no '.join(missing)}, so a network cannot learn "
        f"{'them' if len(missing) > 1 else 'it'}",
        f"0 of {counts.sum():,} labels; each of the other digits has {present.min():,} to "
        f"{present.max():,} images",
        f"the file was truncated, or {omitted} left out",
        _add_bundled(missing, max(1, round(present.mean()))),
    )


def _has_rare_digit(counts: Array) -> bool:
    """Return whether a digit is at least 3 times as frequent as another, and not by chance.

    The difference of two counts a and b has a standard deviation of sqrt(a + b) by chance.
    """
    most, least = int(counts.max()), int(counts.min())
    return most >= _MAX_RATIO * least and most - least > _Z * (most + least) ** 0.5


def _rare_digits(counts: Array, images_name: str) -> Finding:
    common, rare = int(counts.argmax()), int(counts.argmin())
    return Finding(
        "imbalance",
        "warning",
        f"some digits are far rarer than others among the {images_name}",
        f"digit {common} has {counts[common]:,} images, digit {rare} only {counts[rare]:,}",
        "digits collected as they occur, such as in house numbers or dates; rare digits are "
        "recognised less well, which the overall accuracy hides",
        f"order = np.argsort(labels, kind='stable'); rank = np.empty(len(labels), int); "
        f"rank[order] = np.concatenate([np.arange(n) for n in np.bincount(labels)]); "
        f"keep = rank < {_MAX_RATIO - 1} * {counts[rare]}; "
        "images, labels = images[keep], labels[keep]",
    )


def _add_bundled(missing: list[str], count: int) -> str:
    """Return lines of Python that add ``count`` of MNIST's images of each missing digit."""
    return (
        "from tenfold.data import load_mnist; more = load_mnist(); "
        f"add = [i for d in [{', '.join(missing)}] "
        f"for i in np.flatnonzero(more.labels == d)[:{count}]]; "
        "images = np.concatenate([images, more.images[add]]); "
        "labels = np.concatenate([labels, more.labels[add]])"
    )
