"""Examination of a data set: its statistics, and warnings about what may be wrong with it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tenfold.data.dataset import CLASSES, Dataset
from tenfold.data.orientation import TRANSPOSED, looks_transposed
from tenfold.errors import TenfoldError
from tenfold.images import has_light_background, is_blank
from tenfold.nn.array import Array

__all__ = ["IMBALANCE", "DataReport", "examine"]

_BLOCK = 4096  # images at a time, so that temporaries stay small
IMBALANCE = 3
"""Ratio between the most and the least frequent digit from which there is a warning."""


@dataclass(frozen=True)
class DataReport:
    """The result of ``examine``.

    Attributes:
        name: Name of the data.
        images: Number of images.
        shape: Shape of an image, (H, W, C).
        class_counts: Number of images of each digit from 0 to 9, or None without labels.
        mean: Mean of all pixels, on the scale from 0 to 1. MNIST's training images: 0.1307.
        deviation: Standard deviation of all pixels, on the same scale. MNIST: 0.3081.
        lit: Share of pixels above 0. MNIST: 0.191.
        duplicates: Number of images that are exact copies of an earlier one.
        blanks: Number of images whose pixels all have the same value.
        inverted: Number of images with a light background.
        fingerprint: SHA-256 of shapes and contents.
        notes: Remarks of the reader.
        warnings: Suspicious properties, each with a remedy.
    """

    name: str
    images: int
    shape: tuple[int, ...]
    class_counts: tuple[int, ...] | None
    mean: float
    deviation: float
    lit: float
    duplicates: int
    blanks: int
    inverted: int
    fingerprint: str
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data that JSON can hold."""
        data = asdict(self)
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in data.items()
        }


def examine(dataset: Dataset) -> DataReport:
    """Return the statistics of a data set and warnings about it.

    60,000 images take about a second.

    Raises:
        TenfoldError: If the data set has no images.
    """
    n = len(dataset)
    if n == 0:
        raise TenfoldError(f"{dataset.name} contains no images: there is nothing to examine.")
    flat = dataset.images.reshape(n, -1)
    histogram = _histogram(dataset.images)
    share, level = histogram / histogram.sum(), np.arange(256) / 255
    mean = float(share @ level)
    counts = None
    if dataset.labels is not None:
        counts = tuple(np.bincount(dataset.labels, minlength=CLASSES).tolist())
    blanks = int(is_blank(dataset.images).sum())
    duplicates = n - len({image.tobytes() for image in flat})
    inverted = int(has_light_background(dataset.images).sum())
    warnings = [
        *([] if counts is None else _label_warnings(counts)),
        *_image_warnings(n, int(np.flatnonzero(histogram)[-1]), blanks, duplicates, inverted),
        *([TRANSPOSED] if looks_transposed(dataset.images, dataset.labels) else []),
    ]
    return DataReport(
        name=dataset.name,
        images=n,
        shape=dataset.images.shape[1:],
        class_counts=counts,
        mean=mean,
        deviation=float(np.sqrt(share @ (level - mean) ** 2)),
        lit=float(1 - share[0]),
        duplicates=duplicates,
        blanks=blanks,
        inverted=inverted,
        fingerprint=dataset.fingerprint,
        notes=tuple(note for note in dataset.notes if note not in warnings),
        warnings=tuple(warnings),
    )


def _histogram(images: Array) -> Array:
    """Return the number of pixels with each value from 0 to 255: (256,) int64."""
    blocks = (images[start : start + _BLOCK] for start in range(0, len(images), _BLOCK))
    counts: Array = sum(
        (np.bincount(block.ravel(), minlength=256) for block in blocks), np.zeros(256, np.int64)
    )
    return counts


def _label_warnings(counts: tuple[int, ...]) -> Iterator[str]:
    present = [digit for digit, count in enumerate(counts) if count]
    missing = [str(digit) for digit, count in enumerate(counts) if not count]
    if len(present) == 1:
        yield f"every label is {present[0]}: check that the labels come from the right place"
        return
    if missing:
        yield (
            f"no images of {', '.join(missing)}: a network cannot learn a digit without examples, "
            "so add some"
        )
    most, least = max(present, key=counts.__getitem__), min(present, key=counts.__getitem__)
    if counts[most] >= IMBALANCE * counts[least]:
        yield (
            f"digit {most} has {counts[most]} images and digit {least} only {counts[least]}: rare "
            "digits get lower accuracy, so add some, and compare the accuracy of each digit"
        )


def _image_warnings(
    n: int, brightest: int, blanks: int, duplicates: int, inverted: int
) -> Iterator[str]:
    if 0 < brightest <= 1:
        yield "no pixel is above 1, but full ink is 255: multiply the pixels by 255"
    if blanks:
        yield f"{blanks} of {n} images are blank (all pixels are equal): leave them out"
    if duplicates:
        yield (
            f"{duplicates} of {n} images are exact copies of an earlier one: leave them out, since "
            "an image in both the training and the validation data makes the result look better"
        )
    if inverted:
        yield (
            f"{inverted} of {n} images have a light background, but ink must be light on dark: "
            "invert them (255 - pixel)"
        )
