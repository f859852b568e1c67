"""Baseline: the interface of all baselines."""

import math
from abc import ABC, abstractmethod
from typing import Self

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["Baseline", "as_rows", "training_arrays"]


class Baseline(ABC):
    """A simple classifier that learns from labelled images."""

    @abstractmethod
    def fit(self, dataset: Dataset) -> Self:
        """Learn from labelled images and return the baseline itself.

        Args:
            dataset: Labelled training images.

        Raises:
            TenfoldError: If the dataset has too few images or no labels.
        """

    @abstractmethod
    def predict(self, images: Array) -> Array:
        """Return the predicted classes, (N,) int64.

        Args:
            images: Images (N, H, W, C) uint8 of the size of the training images.

        Raises:
            AttributeError: If ``fit`` was not called before.
            ValueError: If the images have another size.
        """


def as_rows(images: Array) -> Array:
    """Return images (N, H, W, C) as rows of pixels (N, F); N may be 0."""
    return images.reshape(len(images), math.prod(images.shape[1:]))


def training_arrays(dataset: Dataset, minimum: int = 1) -> tuple[Array, Array, Array]:
    """Return rows of pixels (N, F), labels (N,), and the number of images of each class (10,).

    Args:
        dataset: Labelled training images.
        minimum: Least number of images that is needed.

    Raises:
        TenfoldError: If the dataset has no labels, more than ten classes, or fewer than
            ``minimum`` images.
    """
    labels = dataset.require_labels()
    if dataset.classes > CLASSES:
        raise TenfoldError(
            f"{dataset.name} must have ten classes, the digits, for a baseline, got "
            f"{dataset.classes}. Use dataset.only_digits()"
        )
    if len(dataset) < minimum:
        raise TenfoldError(
            f"{dataset.name} must contain at least {minimum} training images, got {len(dataset)}"
        )
    return as_rows(dataset.images), labels, np.bincount(labels, minlength=CLASSES)
