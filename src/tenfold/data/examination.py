"""Examination of a data set: its statistics, and warnings about probable faults."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tenfold.data.dataset import Dataset
from tenfold.data.faults.measurements import Measurements
from tenfold.data.faults.notes import other_notes
from tenfold.data.faults.search import find_faults
from tenfold.data.orientation import TRANSPOSED, looks_transposed
from tenfold.errors import TenfoldError
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array

__all__ = ["DataReport", "examine"]

_BLOCK = 4096  # images at a time, so that temporaries stay small


@dataclass(frozen=True)
class DataReport:
    """The result of ``examine``.

    Attributes:
        name: Name of the data.
        images: Number of images.
        shape: Shape of an image, (H, W, C).
        class_counts: Number of images of each digit from 0 to 9, or None if there are no labels.
        mean: Mean of all pixels, on the scale from 0 to 1. MNIST's training images: 0.1307.
        deviation: Standard deviation of all pixels, on the same scale. MNIST: 0.3081.
        lit: Share of pixels above 0. MNIST: 0.191.
        brightest: Value of the brightest pixel, 0 to 255. MNIST: 255.
        background: Median of the background levels of images that are not blank. MNIST: 0.
        duplicates: Number of images that are exact copies of an earlier one; blank images are
            not counted.
        blanks: Number of images whose pixels all have the same value.
        inverted: Number of images whose background is lighter than the ink; blank images are not
            counted.
        fingerprint: SHA-256 of shapes and contents.
        notes: What was detected or changed when the data was loaded.
        warnings: Faults, each with its evidence and a fix.
        fixes: The fixes in ``warnings`` that are lines of Python. They change ``images`` and
            ``labels``, with NumPy as ``np``.
    """

    name: str
    images: int
    shape: tuple[int, ...]
    class_counts: tuple[int, ...] | None
    mean: float
    deviation: float
    lit: float
    brightest: int
    background: int
    duplicates: int
    blanks: int
    inverted: int
    fingerprint: str
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    fixes: tuple[str, ...]

    def __post_init__(self) -> None:
        check_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data for JSON."""
        data = asdict(self)
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in data.items()
        }


@checked
def examine(dataset: Dataset, images_name: str = "images") -> DataReport:
    """Return the statistics of a data set and warnings about it.

    60,000 images take one to two seconds.

    Args:
        dataset: Images, with or without labels.
        images_name: Name of the images in the warnings, such as "training images".

    Raises:
        TenfoldError: If the data set has no images.
    """
    if not len(dataset):
        raise TenfoldError(f"{dataset.name} contains no images: there is nothing to examine.")
    whole, dataset = dataset, dataset.in_memory()
    measured = Measurements(dataset)
    counts, levels = Measurements(whole).class_counts, measured.levels
    faults = find_faults(measured, images_name)
    warnings, names = [fault.warning for fault in faults], {fault.name for fault in faults}
    if looks_transposed(dataset.images, dataset.labels):
        warnings.append(TRANSPOSED)
        names.add("transposed-images")
    return DataReport(
        name=dataset.name,
        images=len(whole),
        shape=dataset.images.shape[1:],
        class_counts=None if counts is None else tuple(counts.tolist()),
        background=int(np.median(levels.background)) if len(levels.background) else 0,
        duplicates=measured.copies.count,
        blanks=int(measured.blank.sum()),
        inverted=int(levels.is_inverted.sum()),
        fingerprint=whole.fingerprint,
        notes=other_notes(dataset, names),
        warnings=tuple(warnings),
        fixes=tuple(fault.fix for fault in faults),
        **_pixel_statistics(dataset.images),
    )


def _pixel_statistics(images: Array) -> dict[str, Any]:
    """Return the statistics of all pixels, by the names in ``DataReport``."""
    histogram = _histogram(images)
    share, level = histogram / histogram.sum(), np.arange(256) / 255
    mean = float(share @ level)
    return {
        "mean": mean,
        "deviation": float(np.sqrt(share @ (level - mean) ** 2)),
        "lit": float(1 - share[0]),
        "brightest": int(np.flatnonzero(histogram)[-1]),
    }


def _histogram(images: Array) -> Array:
    """Return the number of pixels with each value from 0 to 255: (256,) int64."""
    blocks = (images[start : start + _BLOCK] for start in range(0, len(images), _BLOCK))
    counts: Array = sum(
        (np.bincount(block.ravel(), minlength=256) for block in blocks), np.zeros(256, np.int64)
    )
    return counts
