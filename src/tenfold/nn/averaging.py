"""Weight averaging: a mean of the parameters over many steps.

This mean often predicts better than the parameters after the last step.
"""

from dataclasses import dataclass
from typing import ClassVar

from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.constraints import Count, FractionBelowOne

__all__ = ["ExponentialAverage"]


@dataclass
class ExponentialAverage:
    """Exponential moving average of theta.

    ::

        a = theta                               at the first update; then, for t = 1, 2, ...:
        d = min(decay, (1 + t) / (10 + t))      t is the number of updates before this one
        a = d * a + (1 - d) * theta

    The smaller factor d at the beginning keeps the random initial weights from dominating.

    Attributes:
        decay: Share of the old average that is kept, 0 <= decay < 1. The average extends over
            about the last 1 / (1 - decay) steps.
        value: The average, shape (P,); None before the first update.
        updates: Number of updates, t.
        state_names: Attributes that a checkpoint stores.

    Raises:
        ValueError: If a number is out of its range.

    References:
        Polyak and Juditsky, "Acceleration of stochastic approximation by averaging" (1992).
    """

    state_names: ClassVar[tuple[str, ...]] = ("value", "updates")

    decay: FractionBelowOne
    value: Array | None = None
    updates: Count = 0

    def __post_init__(self) -> None:
        check_fields(self)

    def update(self, theta: Array) -> None:
        """Include the parameters ``theta``, shape (P,), of one more step. They are only read."""
        if self.value is None:
            self.value = theta.copy()
        else:
            decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
            self.value += (1 - decay) * (theta - self.value)
        self.updates += 1
