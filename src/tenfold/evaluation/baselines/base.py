"""Baseline: what all of them have in common."""

import math
from abc import ABC, abstractmethod
from typing import Self

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["Baseline", "as_rows", "training_arrays"]


class Baseline(ABC):
    """Something that learns from labelled images and then names the class of others."""

    @abstractmethod
    def fit(self, dataset: Dataset) -> Self:
        """Learn from labelled images and return the baseline.

        Raises:
            TenfoldError: if the data holds too few images, or no labels.
        """

    @abstractmethod
    def predict(self, images: Array) -> Array:
        """Return the class (N,) int64 of images (N, H, W, C) uint8 of the size that was learned.

        Raises:
            AttributeError: if nothing was learned yet.
            ValueError: if the images are of another size.
        """


def as_rows(images: Array) -> Array:
    """Return images (N, H, W, C), of which there may be none, as rows of pixels (N, F)."""
    return images.reshape(len(images), math.prod(images.shape[1:]))


def training_arrays(dataset: Dataset, least: int = 1) -> tuple[Array, Array, Array]:
    """Return what can be learned from: images as rows of pixels (N, F), labels, images per class.

    Raises:
        TenfoldError: if the data has no labels or fewer than ``least`` images.
    """
    labels = dataset.require_labels()
    if len(dataset) < least:
        raise TenfoldError(
            f"{dataset.name} has {len(dataset)} to learn from, but at least {least} are "
            "needed: bring more"
        )
    return as_rows(dataset.images), labels, np.bincount(labels, minlength=CLASSES)
