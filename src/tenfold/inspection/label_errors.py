"""Label errors: which labels are likely wrong, and which images are hardest.

The predictions for an image must come from networks that were not trained on it: a network learns
the labels of its training images, including the wrong labels.

References:
    Northcutt, Jiang and Chuang, "Confident learning: estimating uncertainty in dataset labels"
    (JAIR 2021).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array

__all__ = ["LabelErrors"]


@dataclass(frozen=True)
class LabelErrors:
    r"""Likely label errors, found by confident learning.

    An image is confidently of class j if p_j is at least t_j, the mean of p_j over the images with
    label j. If this is true for several classes, the most probable class counts; of equally
    probable classes, the smallest:

    .. math:: t_j = \frac{1}{|X_j|} \sum_{x \in X_j} p_j(x), \qquad
              \hat{y}(x) = \arg\max_{j: p_j(x) \ge t_j} p_j(x)

    A label is a likely label error if the image is confidently of another class.

    Args:
        labels: Given labels, (N,) integers from 0 to C - 1.
        probabilities: Class probabilities, (N, C), from networks that were not trained on the
            image.

    Raises:
        ValueError: If the shapes do not fit, or a label is out of its range.
    """

    labels: Array
    probabilities: Array

    def __post_init__(self) -> None:
        check_fields(self)
        shape = self.probabilities.shape
        if len(shape) != 2 or self.labels.shape != shape[:1]:
            raise ValueError(
                f"labels and probabilities must have the shapes (N,) and (N, C), got "
                f"{self.labels.shape} and {self.probabilities.shape}"
            )
        n, classes = shape
        if n and not 0 <= self.labels.min() <= self.labels.max() < classes:
            raise ValueError(
                f"labels must be from 0 to {classes - 1} for {classes} classes, got "
                f"{self.labels.min()} to {self.labels.max()}"
            )

    @cached_property
    def self_confidence(self) -> Array:
        """Probability of the given label, (N,): low for a hard image or a wrong label."""
        return self.probabilities[np.arange(len(self.labels)), self.labels]

    @cached_property
    def thresholds(self) -> Array:
        """Mean self-confidence of each class, (C,); infinite for a class without images."""
        classes = self.probabilities.shape[1]
        counts = np.bincount(self.labels, minlength=classes)
        sums = np.bincount(self.labels, self.self_confidence.astype(np.float64), classes)
        return np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)

    @cached_property
    def confident(self) -> Array:
        """Confident class of each image, (N,); -1 if no class reaches its threshold."""
        candidates = np.where(self.probabilities >= self.thresholds, self.probabilities, -1)
        return np.where(candidates.max(axis=1, initial=-1) < 0, -1, candidates.argmax(axis=1))

    @cached_property
    def joint(self) -> Array:
        """Confident joint, counts (C, C): row = given label, column = confident class."""
        is_confident, classes = self.confident >= 0, self.probabilities.shape[1]
        pairs = self.labels[is_confident] * classes + self.confident[is_confident]
        return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)

    @cached_property
    def likely(self) -> Array:
        """Whether each label is a likely label error, (N,) bool."""
        return (self.confident >= 0) & (self.confident != self.labels)

    @cached_property
    def suggested(self) -> Array:
        """Confident class of a likely label error, else the most probable other class, (N,)."""
        others = self.probabilities.copy()
        others[np.arange(len(self.labels)), self.labels] = -1
        return np.where(self.likely, self.confident, others.argmax(axis=1))

    @cached_property
    def hardest(self) -> Array:
        """Indices of all images by their self-confidence, lowest first, (N,)."""
        return self.self_confidence.argsort(kind="stable")

    @cached_property
    def suspects(self) -> Array:
        """Indices of the likely label errors by their self-confidence, lowest first."""
        return self.hardest[self.likely[self.hardest]]

    @property
    def accuracy(self) -> float:
        """Share of images whose most probable class is the given label."""
        return float(np.mean(self.probabilities.argmax(axis=1) == self.labels))

    def ranked(self, count: int, among: Array | None = None) -> Array:
        """Return the indices of images to check: likely label errors, then the hardest others.

        Args:
            count: Maximum number of images.
            among: Which images to consider, (N,) bool. Default: all.
        """
        order = np.concatenate([self.suspects, self.hardest[~self.likely[self.hardest]]])
        return (order if among is None else order[among[order]])[:count]

    def row(self, index: int) -> dict[str, Any]:
        """Return the result for the image with this index as plain data."""
        suggested = int(self.suggested[index])
        return {
            "index": int(index),
            "given": int(self.labels[index]),
            "suggested": suggested,
            "p_given": float(self.self_confidence[index]),
            "p_suggested": float(self.probabilities[index, suggested]),
            "likely_error": bool(self.likely[index]),
        }

    def to_dict(self, count: int = 50) -> dict[str, Any]:
        """Return the results as plain data.

        Args:
            count: Maximum number of rows. Default 50.

        Returns:
            ``n``, ``accuracy``, ``likely_errors`` (a count), ``thresholds`` (None for a class
            without images), ``joint``, and ``suspects``: the rows of the images that ``ranked``
            returns.
        """
        return {
            "n": len(self.labels),
            "accuracy": self.accuracy,
            "likely_errors": len(self.suspects),
            "thresholds": [float(t) if np.isfinite(t) else None for t in self.thresholds],
            "joint": self.joint.tolist(),
            "suspects": [self.row(index) for index in self.ranked(count)],
        }
