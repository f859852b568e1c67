"""Committee: several networks answer together, and their mistakes, where they differ, cancel."""

from collections.abc import Sequence

import numpy as np

from tenfold.nn import Network
from tenfold.nn.array import Array

__all__ = ["Committee"]


class Committee:
    """Networks whose probabilities are averaged.

    Args:
        members: at least one; all tell the same classes apart.

    Raises:
        ValueError: if there are none, or they differ in their number of classes.

    Hansen and Salamon, "Neural network ensembles" (1990).
    """

    def __init__(self, members: Sequence[Network]) -> None:
        self.members = tuple(members)
        classes = {member.shapes[-1] for member in self.members}
        if len(classes) != 1:
            raise ValueError(
                "a committee needs members that tell the same classes apart, not "
                f"{len(self.members)} with {sorted(classes)}"
            )

    @property
    def batch(self) -> int:
        """How many images to predict at a time: as many as the largest member takes."""
        return min(member.batch for member in self.members)

    def predict_probabilities(self, images: Array) -> Array:
        """Return the mean probabilities (N, classes) of the members."""
        answers = [member.predict_probabilities(images) for member in self.members]
        mean: Array = np.mean(answers, axis=0)
        return mean
