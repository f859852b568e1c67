"""Schedules: the learning rate as a pure function of the step.

Each is called with (step, total): the step counts from 0, total is the number of steps of the
whole run. Nothing remembers anything, so any step's rate can be asked at any time.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from tenfold.nn.description import Describable

__all__ = [
    "Constant",
    "Cosine",
    "Exponential",
    "OneCycle",
    "Schedule",
    "StepDecay",
    "Triangular",
]


@dataclass(frozen=True)
class Schedule(Describable, ABC):
    """A learning rate for every step.

    Args:
        learning_rate: the rate that the schedule is about: its peak.
        warmup: fraction of the run, 0 to below 1, over which the rate rises linearly to the
            peak before the schedule proper begins; OneCycle and Triangular rise by themselves and
            take none.

    Raises:
        ValueError: if a number is out of its range.
    """

    learning_rate: float
    warmup: float = 0.0
    rises: ClassVar[bool] = False  # by itself, so that it takes no warm-up

    def __post_init__(self) -> None:
        if not self.learning_rate > 0 or not math.isfinite(self.learning_rate):
            raise ValueError(f"a learning rate is a number above 0, not {self.learning_rate}")
        if not 0 <= self.warmup < 1:
            raise ValueError(f"warm-up is a fraction of the run, 0 to below 1, not {self.warmup}")
        if self.warmup and self.rises:
            raise ValueError(
                f"{type(self).__name__} rises in its own way: leave warm-up at 0, not "
                f"{self.warmup}, and choose how long it rises with rise"
            )

    def __call__(self, step: int, total: int) -> float:
        """Return the learning rate of ``step``, 0 <= step < total."""
        rising = self.warmup * total
        if step < rising:
            return self.learning_rate * (step + 1) / (rising + 1)
        return self.learning_rate * self.factor((step - rising) / max(total - rising, 1))

    @abstractmethod
    def factor(self, progress: float) -> float:
        """Return rate / peak at ``progress`` of the run after warm-up, 0 <= progress < 1."""


@dataclass(frozen=True)
class Constant(Schedule):
    """The same rate throughout."""

    def factor(self, progress: float) -> float:
        """Return 1."""
        return 1.0


@dataclass(frozen=True)
class StepDecay(Schedule):
    """Multiply by ``decay`` at each of ``drops`` equally spaced points of the run."""

    decay: float = 0.1
    drops: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.decay <= 1 or not self.drops >= 0:
            raise ValueError(
                "StepDecay needs a decay above 0 up to 1 and drops of at least 0, "
                f"not {self.decay}, {self.drops}"
            )

    def factor(self, progress: float) -> float:
        """Return decay ** (number of drops so far)."""
        return self.decay ** math.floor(progress * (self.drops + 1))


@dataclass(frozen=True)
class Exponential(Schedule):
    """Fall by the same factor every step, down to ``final`` times the peak at the end."""

    final: float = 0.01

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.final < math.inf:
            raise ValueError(f"Exponential needs a final above 0, and finite, not {self.final}")

    def factor(self, progress: float) -> float:
        """Return final ** progress."""
        return self.final**progress


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a cosine from the peak down to ``final`` times the peak.

    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (ICLR 2017).
    """

    final: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.final < math.inf:
            raise ValueError(f"Cosine needs a final of at least 0, and finite, not {self.final}")

    def factor(self, progress: float) -> float:
        """Return final + (1 - final) * (1 + cos(pi * progress)) / 2."""
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * progress)) / 2


@dataclass(frozen=True)
class OneCycle(Schedule):
    """Up and down once: cosine from peak/``start`` to the peak, then down to nearly nothing.

    Args:
        rise: fraction of the run that rises, above 0 and below 1.
        start: the first rate is peak / start.
        final: the rate falls towards peak / final, where the step after the last would be.

    Smith and Topin, "Super-convergence" (2018); the cosine form and defaults are PyTorch's.
    """

    rises: ClassVar[bool] = True
    rise: float = 0.3
    start: float = 25.0
    final: float = 250_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        ends = (self.start, self.final)
        if not 0 < self.rise < 1 or not all(0 < end < math.inf for end in ends):
            raise ValueError(
                "OneCycle needs a rise between 0 and 1, and start and final above 0 and finite, "
                f"not {self.rise}, {self.start}, {self.final}"
            )

    def factor(self, progress: float) -> float:
        """Return the cosine between the two ends of the phase that ``progress`` falls in."""
        if progress < self.rise:
            first, last, phase = 1 / self.start, 1.0, progress / self.rise
        else:
            first, last = 1.0, 1 / self.final
            phase = (progress - self.rise) / (1 - self.rise)
        return last + (first - last) * (1 + math.cos(math.pi * phase)) / 2


@dataclass(frozen=True)
class Triangular(Schedule):
    """Up and down once in straight lines: from ``start`` times the peak to it, then to ``final``.

    Args:
        rise: fraction of the run that rises, above 0 and below 1.
        start: first rate / peak.
        final: rate / peak where the step after the last would be.

    Smith, "Cyclical learning rates for training neural networks" (WACV 2017), one triangle of it.
    """

    rises: ClassVar[bool] = True
    rise: float = 0.2
    start: float = 0.1
    final: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.rise < 1 or not all(0 <= end <= 1 for end in (self.start, self.final)):
            raise ValueError(
                "Triangular needs a rise between 0 and 1, and start and final from 0 to 1, "
                f"not {self.rise}, {self.start}, {self.final}"
            )

    def factor(self, progress: float) -> float:
        """Return the height of the triangle."""
        if progress < self.rise:
            return self.start + (1 - self.start) * progress / self.rise
        return 1 - (1 - self.final) * (progress - self.rise) / (1 - self.rise)
