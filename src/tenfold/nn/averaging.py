"""Weight averaging: the mean of the last thetas is often better than the last theta."""

from dataclasses import dataclass
from typing import ClassVar

from tenfold.nn.array import Array

__all__ = ["ExponentialAverage"]


@dataclass
class ExponentialAverage:
    """An exponential moving average of theta: a <- d * a + (1 - d) * theta.

    d is the smaller of ``decay`` and (1 + t) / (10 + t) after t updates, so that the average is
    not held back by the random start.

    Attributes:
        decay: how much of the old average stays, 0 <= decay < 1; about the last 1 / (1 - decay)
            steps count.
        value: the average, shape (P,); None before the first update.
        updates: t.

    Polyak and Juditsky, "Acceleration of stochastic approximation by averaging" (1992).
    """

    state_names: ClassVar[tuple[str, ...]] = ("value", "updates")  # what a checkpoint keeps

    decay: float
    value: Array | None = None
    updates: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.decay < 1:
            raise ValueError(f"an average's decay is from 0 to below 1, not {self.decay}")

    def update(self, theta: Array) -> None:
        """Take in the theta of one more step; ``theta`` is only read."""
        if self.value is None:
            self.value = theta.copy()
        else:
            decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
            self.value += (1 - decay) * (theta - self.value)
        self.updates += 1
