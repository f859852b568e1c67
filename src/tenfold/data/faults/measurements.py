"""Measurements on a data set, for its report and for the search for faults."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tenfold.data.dataset import CLASSES, Dataset
from tenfold.data.faults.levels import Levels
from tenfold.images import is_blank
from tenfold.nn.array import Array

__all__ = ["Copies", "Measurements"]


@dataclass(frozen=True)
class Copies:
    """Exact copies of earlier images.

    Attributes:
        count: Number of copies.
        contradictions: Number of copies whose label differs from that of the earliest equal
            image.
    """

    count: int
    contradictions: int


@dataclass(frozen=True, eq=False)
class Measurements:
    """Measurements on a data set, each computed when it is first used.

    Attributes:
        data: The data set.
    """

    data: Dataset

    @cached_property
    def blank(self) -> Array:
        """Whether each image is blank, (N,) bool."""
        return is_blank(self.data.images)

    @cached_property
    def levels(self) -> Levels:
        """Grey levels of background and ink of the images that are not blank."""
        return Levels.of(self.data.images, self.blank)

    @cached_property
    def class_counts(self) -> Array | None:
        """Number of images of each digit, (10,), or None if there are no labels."""
        labels = self.data.labels
        return None if labels is None else np.bincount(labels, minlength=CLASSES)[:CLASSES]

    @cached_property
    def copies(self) -> Copies:
        """Copies among the images that are not blank."""
        images, labels = self.data.images, self.data.labels
        first_index: dict[bytes, int] = {}
        count = contradictions = 0
        for index in np.flatnonzero(~self.blank).tolist():
            original = first_index.setdefault(images[index].tobytes(), index)
            count += original != index
            contradictions += labels is not None and bool(labels[original] != labels[index])
        return Copies(count, contradictions)
