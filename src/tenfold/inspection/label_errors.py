"""Label errors: which labels are probably wrong, and which images are hardest.

The answers must come from networks that never saw the image they answer on: what a network was
trained on, it remembers, wrong labels included.

Northcutt, Jiang and Chuang, "Confident learning: estimating uncertainty in dataset labels" (JAIR
2021).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tenfold.nn.array import Array

__all__ = ["LabelErrors"]


@dataclass(frozen=True)
class LabelErrors:
    r"""What a network's answers say about the labels that the images were given.

    An image given the label i counts as confidently j if p_j reaches what the images of class j
    have on average; of several such classes the most probable, the smaller among equals:

    .. math:: t_j = \frac{1}{|X_j|} \sum_{x \in X_j} p_j(x), \qquad
              \hat{y}(x) = \arg\max_{j: p_j(x) \ge t_j} p_j(x)

    It is a likely label error if it is confidently another class than its label says.

    Args:
        labels: the given labels, (N,) integers.
        probabilities: of networks that did not see the image, (N, C).

    Raises:
        ValueError: if the two do not belong together.
    """

    labels: Array
    probabilities: Array

    def __post_init__(self) -> None:
        n, classes = len(self.labels), self.probabilities.shape[-1]
        if self.probabilities.shape != (n, classes) or self.labels.shape != (n,):
            raise ValueError(
                f"labels (N,) need probabilities (N, C), not {self.labels.shape} and "
                f"{self.probabilities.shape}"
            )
        if n and not 0 <= self.labels.min() <= self.labels.max() < classes:
            raise ValueError(f"labels of {classes} classes are from 0 to {classes - 1}")

    @cached_property
    def self_confidence(self) -> Array:
        """The probability of the given label, (N,): low is hard, or wrong."""
        return self.probabilities[np.arange(len(self.labels)), self.labels]

    @cached_property
    def thresholds(self) -> Array:
        """The mean self-confidence of each class, (C,); infinite for a class without images."""
        classes = self.probabilities.shape[1]
        counts = np.bincount(self.labels, minlength=classes)
        sums = np.bincount(self.labels, self.self_confidence.astype(np.float64), classes)
        return np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)

    @cached_property
    def confident(self) -> Array:
        """The class that each image confidently is, (N,); -1 where no class is probable enough."""
        enough = np.where(self.probabilities >= self.thresholds, self.probabilities, -1)
        return np.where(enough.max(axis=1, initial=-1) < 0, -1, enough.argmax(axis=1))

    @cached_property
    def joint(self) -> Array:
        """The confident joint (C, C): row = the given label, column = what it confidently is."""
        sure, classes = self.confident >= 0, self.probabilities.shape[1]
        pairs = self.labels[sure] * classes + self.confident[sure]
        return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)

    @cached_property
    def likely(self) -> Array:
        """Whether each label is likely an error, (N,) bool."""
        return (self.confident >= 0) & (self.confident != self.labels)

    @cached_property
    def suggested(self) -> Array:
        """The label that an image might have instead, (N,): the most probable other class."""
        others = self.probabilities.copy()
        others[np.arange(len(self.labels)), self.labels] = -1
        return np.where(self.likely, self.confident, others.argmax(axis=1))

    @cached_property
    def hardest(self) -> Array:
        """The places of all images, those with the least self-confidence first, (N,)."""
        return self.self_confidence.argsort(kind="stable")

    @cached_property
    def suspects(self) -> Array:
        """The places of the likely label errors, those with the least self-confidence first."""
        return self.hardest[self.likely[self.hardest]]

    @property
    def accuracy(self) -> float:
        """The share of images whose most probable class is their label."""
        return float(np.mean(self.probabilities.argmax(axis=1) == self.labels))

    def ranked(self, count: int, among: Array | None = None) -> Array:
        """Return the places of so many images to look at: suspects, then the hardest others.

        Args:
            count: how many; all if there are fewer.
            among: which images are asked about, (N,) bool; all by default.
        """
        order = np.concatenate([self.suspects, self.hardest[~self.likely[self.hardest]]])
        return (order if among is None else order[among[order]])[:count]

    def row(self, place: int) -> dict[str, Any]:
        """Return what is said about one image, as plain data."""
        suggested = int(self.suggested[place])
        return {
            "index": int(place),
            "given": int(self.labels[place]),
            "suggested": suggested,
            "p_given": float(self.self_confidence[place]),
            "p_suggested": float(self.probabilities[place, suggested]),
            "likely_error": bool(self.likely[place]),
        }

    def to_dict(self, count: int = 50) -> dict[str, Any]:
        """Return counts, thresholds (null without images), the joint and rows, as plain data."""
        return {
            "n": len(self.labels),
            "accuracy": self.accuracy,
            "likely_errors": len(self.suspects),
            "thresholds": [float(t) if np.isfinite(t) else None for t in self.thresholds],
            "joint": self.joint.tolist(),
            "suspects": [self.row(place) for place in self.ranked(count)],
        }
