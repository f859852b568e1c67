"""Ensemble: several models whose probabilities are averaged."""

from collections.abc import Sequence

import numpy as np

from tenfold.images import is_blank
from tenfold.models.classifier import predict_probabilities
from tenfold.models.input_warnings import warn_of_unusual_images
from tenfold.models.model import Model
from tenfold.models.predictions import Predictions
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.inputs import check_inputs

__all__ = ["Ensemble"]


class Ensemble:
    r"""Models whose probabilities are averaged: :math:`p = \frac1M \sum_m p_m`.

    Where the members make different mistakes, the average is more accurate than each of them.

    Args:
        members: One or more models with the same classes and the same input shape.

    Raises:
        ValueError: If there are no members, or their classes or input shapes differ.

    References:
        Hansen and Salamon, "Neural network ensembles" (1990).
    """

    @checked
    def __init__(self, members: Sequence[Model]) -> None:
        self.members = tuple(members)
        if not self.members:
            raise ValueError("members must contain at least one model, got none")
        shapes = {member.network.input_shape for member in self.members}
        if len(shapes) != 1:
            raise ValueError(f"members must have the same input shape, got {sorted(shapes)}")
        classes = sorted({member.classes for member in self.members})
        if len(classes) != 1:
            raise ValueError(
                "members must have the same classes, got "
                + " and ".join(f"{len(names)} ({', '.join(names)[:60]})" for names in classes)
            )

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, the same for all members."""
        return self.members[0].classes

    @property
    def batch(self) -> int:
        """Number of images to predict at once: the smallest of the members' batches."""
        return min(member.batch for member in self.members)

    def predict_batch(self, images: Array) -> Array:
        """Return the mean probabilities (N, classes) of one batch, computed on this thread."""
        mean: Array = np.mean([member.predict_batch(images) for member in self.members], axis=0)
        return mean

    def predict_probabilities(self, images: Array, threads: int | None = None) -> Array:
        """Return the mean probabilities (N, classes) of any number of images.

        Args:
            images: As in ``Model.predict_probabilities``.
            threads: As in ``Model.predict_probabilities``.
        """
        return predict_probabilities(self, images, threads)

    def predict(self, images: Array, threads: int | None = None) -> Predictions:
        """Return the predicted class of each image, with its confidence.

        An ensemble has no threshold for "unsure", since the threshold of a model was chosen for the
        probabilities of that model alone.

        Args:
            images: As in ``Model.predict_probabilities``.
            threads: As in ``Model.predict_probabilities``.
        """
        check_inputs(images, self.members[0].network.input_shape)
        probabilities = self.predict_probabilities(images, threads)
        warn_of_unusual_images(images, self.members[0].preprocessing)
        return Predictions(
            probabilities=probabilities,
            blank=is_blank(images),
            unsure_below=None,
            classes=self.classes,
        )
