"""What is in a data set, and what is wrong with it: asked before training, not after."""

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
"""From this ratio between the commonest and the rarest digit on, it is worth a word."""


@dataclass(frozen=True)
class DataReport:
    """What ``examine`` found.

    Attributes:
        name: of the data.
        images: how many.
        shape: of one image, (H, W, C).
        class_counts: images of each digit from 0 to 9, or None without labels.
        mean: of all pixels, on the scale from 0 to 1. MNIST's training images: 0.1307.
        deviation: the standard deviation of all pixels, likewise. MNIST: 0.3081.
        lit: the share of pixels above 0. MNIST: 0.191.
        duplicates: images that are exact copies of an earlier one.
        blanks: images all of one shade.
        inverted: images with a light background.
        fingerprint: SHA-256 of shapes and contents.
        notes: what the reader said.
        warnings: what is suspicious, each with what to do about it.
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
    """Count, measure and judge a data set; 60,000 images take about a second.

    Raises:
        TenfoldError: if it holds no images.
    """
    n = len(dataset)
    if n == 0:
        raise TenfoldError(f"{dataset.name} holds no images: there is nothing to examine.")
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
    """Return how many pixels there are of each of the 256 shades: it holds all their statistics."""
    blocks = (images[start : start + _BLOCK] for start in range(0, len(images), _BLOCK))
    counts: Array = sum(
        (np.bincount(block.ravel(), minlength=256) for block in blocks), np.zeros(256, np.int64)
    )
    return counts


def _label_warnings(counts: tuple[int, ...]) -> Iterator[str]:
    present = [digit for digit, count in enumerate(counts) if count]
    missing = [str(digit) for digit, count in enumerate(counts) if not count]
    if len(present) == 1:
        yield f"every label is {present[0]}: look whether the labels were read from the right place"
        return
    if missing:
        yield (
            f"no images of {', '.join(missing)}: a network cannot learn a digit that it never "
            "sees, so add some"
        )
    most, least = max(present, key=counts.__getitem__), min(present, key=counts.__getitem__)
    if counts[most] >= IMBALANCE * counts[least]:
        yield (
            f"digit {most} has {counts[most]} images and digit {least} only {counts[least]}: rare "
            "digits are read worse, so add some, and look at the accuracy of each digit"
        )


def _image_warnings(
    n: int, brightest: int, blanks: int, duplicates: int, inverted: int
) -> Iterator[str]:
    if 0 < brightest <= 1:
        yield "no pixel is above 1 where 255 is full ink: multiply the pixels by 255"
    if blanks:
        yield f"{blanks} of {n} images are blank, all of one shade: leave them out"
    if duplicates:
        yield (
            f"{duplicates} of {n} images are exact copies of an earlier one: leave them out, or a "
            "copy may stand in training and validation alike and flatter the result"
        )
    if inverted:
        yield (
            f"{inverted} of {n} images have a light background: ink is bright on dark here, so "
            "invert them (255 - pixel)"
        )
