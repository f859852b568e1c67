"""The history of a training run: its losses as a limited number of points, and its epochs."""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["History"]

_MAX_POINTS = 400  # largest number of points of the loss curve


class History:
    """The training loss of every step, as means over groups of steps, and the epoch records.

    When there are too many groups, they are merged in pairs, so that all groups but the last stay
    equally long.

    Attributes:
        epochs: The records of the epochs, as plain data.
    """

    def __init__(self) -> None:
        self.epochs: list[dict[str, float]] = []
        self._group_size = 1  # number of steps
        self._sums: list[float] = []
        self._counts: list[int] = []

    def add(self, losses: list[float]) -> None:
        """Add the losses of the next steps."""
        for loss in losses:
            if not self._counts or self._counts[-1] == self._group_size:
                if len(self._counts) == _MAX_POINTS:
                    self._merge()
                self._sums.append(0.0)
                self._counts.append(0)
            self._sums[-1] += loss
            self._counts[-1] += 1

    def truncate(self, step: int) -> None:
        """Forget the losses and epochs after a step. A run that is resumed repeats these steps."""
        while sum(self._counts) > step:
            self._counts.pop()
            self._sums.pop()
        self.epochs = [epoch for epoch in self.epochs if epoch["step"] <= step]

    def points(self) -> tuple[Array, Array]:
        """Return the last step of each group and the mean loss of the group: (P,) float32 each."""
        counts = np.array(self._counts, np.float32)
        return np.cumsum(counts, dtype=np.float32), np.array(self._sums, np.float32) / counts

    def _merge(self) -> None:
        self._group_size *= 2
        self._sums = [a + b for a, b in zip(self._sums[::2], self._sums[1::2], strict=True)]
        self._counts = [a + b for a, b in zip(self._counts[::2], self._counts[1::2], strict=True)]
