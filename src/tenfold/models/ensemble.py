"""Ensemble: several models answer together, and their mistakes, where they differ, cancel."""

from collections.abc import Sequence

import numpy as np

from tenfold.models.classifier import predict_probabilities
from tenfold.models.model import Model
from tenfold.nn.array import Array

__all__ = ["Ensemble"]


class Ensemble:
    r"""Models whose probabilities are averaged: :math:`p = \frac1M \sum_m p_m`.

    Args:
        members: at least one; all must have the same classes.

    Raises:
        ValueError: if there are none, or their classes differ.

    Hansen and Salamon, "Neural network ensembles" (1990).
    """

    def __init__(self, members: Sequence[Model]) -> None:
        self.members = tuple(members)
        classes = {member.classes for member in self.members}
        if len(classes) != 1:
            raise ValueError(
                "an ensemble needs members that all have the same classes, got "
                f"{len(self.members)} with {sorted(map(len, classes))} classes"
            )

    @property
    def batch(self) -> int:
        """How many images to predict at a time: as many as the largest member takes."""
        return min(member.batch for member in self.members)

    def predict_batch(self, images: Array) -> Array:
        """Return the mean probabilities (N, classes) of the members, on this thread."""
        mean: Array = np.mean([member.predict_batch(images) for member in self.members], axis=0)
        return mean

    def predict_probabilities(self, images: Array, threads: int | None = None) -> Array:
        """Return the mean probabilities (N, classes) of any number of images, with all cores."""
        return predict_probabilities(self, images, threads)
